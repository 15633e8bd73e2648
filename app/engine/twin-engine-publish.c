/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-publish.c - what a committed batch tells whoever watches */
#include "twin-engine-private.h"

#include <math.h>

#include "twin-store-changes.h"

void
twin_engine_post (TwinEngine *self, TwinUpdateKind kind, void *payload)
{
  TwinUpdate *update = twin_update_new (kind, payload);

  if (self->sink != NULL)
    self->sink (update, self->sink_data);
  else
    twin_update_unref (update);
}

static TwinValueItem *
value_item (const TwinEngineSignal *signal)
{
  TwinValueItem  *item = g_new0 (TwinValueItem, 1);
  TwinUncertainty sure;

  item->twin = g_strdup (signal->place->id);
  item->path = g_strdup (signal->v.path);
  item->label = g_strdup (signal->label);
  item->unit = g_strdup (signal->v.unit);
  item->value = signal->v.value;
  item->text = g_strdup (signal->v.text);
  item->quality = signal->v.quality;
  item->stale = signal->stale;
  item->undeclared = signal->v.undeclared;
  item->source_us = signal->v.source_us;
  item->arrival_us = signal->v.arrival_us;
  item->stale_at_us = twin_engine_signal_stale_at (signal);
  item->limit_high = signal->limit_high;
  item->limit_low = signal->limit_low;
  twin_wander_get (&signal->wander, NAN, &sure);
  item->p0 = sure.p0;
  item->a = sure.a;
  item->q = sure.q;
  item->mean =
      signal->wander.mean + (signal->explained ? signal->predicted : 0);
  return item;
}

static void
post_items (TwinEngine *self, TwinUpdateKind kind, GPtrArray **items)
{
  if ((*items)->len == 0)
    return;

  twin_engine_post (self, kind, *items);
  *items = twin_update_items_new (kind);
}

static void
publish_values (TwinEngine *self)
{
  GPtrArray *items;

  if (self->out_values->len == 0)
    return;

  items = twin_update_items_new (TWIN_UPDATE_VALUES);
  for (guint i = 0; i < self->out_values->len; i++)
    {
      TwinEngineSignal *signal = g_ptr_array_index (self->out_values, i);

      signal->changed = FALSE;
      g_ptr_array_add (items, value_item (signal));
    }

  g_ptr_array_set_size (self->out_values, 0);
  twin_engine_post (self, TWIN_UPDATE_VALUES, items);
}

static void
publish_structure (TwinEngine *self)
{
  if (self->out_plant)
    twin_engine_post (self, TWIN_UPDATE_PLANT, twin_engine_graph_items (self));
  else if (g_hash_table_size (self->out_twins) > 0)
    twin_engine_post (self, TWIN_UPDATE_TWINS,
                      twin_engine_graph_changed_items (self));

  self->out_plant = FALSE;
  g_hash_table_remove_all (self->out_twins);
}

static void
publish_nodes (TwinEngine *self)
{
  GHashTableIter  iter;
  TwinEngineNode *node;
  GPtrArray      *items;

  if (!self->out_nodes)
    return;

  self->out_nodes = FALSE;
  items = twin_update_items_new (TWIN_UPDATE_NODES);
  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    {
      if (!node->changed)
        continue;

      node->changed = FALSE;
      g_ptr_array_add (items, twin_engine_node_item (self, node));
    }

  post_items (self, TWIN_UPDATE_NODES, &items);
  g_ptr_array_unref (items);
}

gboolean
twin_engine_publish_pending (TwinEngine *self)
{
  return self->out_plant || g_hash_table_size (self->out_twins) > 0 ||
         self->out_nodes || self->out_values->len > 0 ||
         self->out_alarms->len > 0 || self->out_log->len > 0 ||
         self->out_updates->len > 0 || self->transitions->len > 0;
}

void
twin_engine_publish (TwinEngine *self)
{
  TwinUpdate *states;

  publish_structure (self);
  publish_nodes (self);
  publish_values (self);

  states = twin_engine_states_update (self);
  if (states != NULL && self->sink != NULL)
    self->sink (states, self->sink_data);
  else
    g_clear_pointer (&states, twin_update_unref);

  post_items (self, TWIN_UPDATE_ALARMS, &self->out_alarms);
  post_items (self, TWIN_UPDATE_LOG, &self->out_log);

  for (guint i = 0; i < self->out_updates->len; i++)
    {
      TwinUpdate *update = g_ptr_array_index (self->out_updates, i);

      if (self->sink != NULL)
        self->sink (twin_update_ref (update), self->sink_data);
    }
  g_ptr_array_set_size (self->out_updates, 0);
}

/* The batch was undone: what it would have said is not so. Answers to requests
 * and alarms stay until they are stored. */
void
twin_engine_publish_drop (TwinEngine *self)
{
  for (guint i = 0; i < self->out_values->len; i++)
    {
      TwinEngineSignal *signal = g_ptr_array_index (self->out_values, i);

      signal->changed = FALSE;
    }

  g_ptr_array_set_size (self->out_values, 0);
  twin_engine_states_unsure (self);
}

void
twin_engine_signal_changed (TwinEngine *self, TwinEngineSignal *signal)
{
  if (signal->changed)
    return;

  signal->changed = TRUE;
  g_ptr_array_add (self->out_values, signal);
}

void
twin_engine_twin_changed (TwinEngine *self, const char *id)
{
  if (!g_hash_table_contains (self->out_twins, id))
    g_hash_table_add (self->out_twins, g_strdup (id));
}

void
twin_engine_place_changed (TwinEngine *self, const TwinEnginePlace *place)
{
  twin_engine_twin_changed (self, place->id);
}

void
twin_engine_log (TwinEngine *self,
                 const char *kind,
                 const char *machine,
                 const char *who,
                 const char *format,
                 ...)
{
  g_autoptr (GError) error = NULL;
  va_list      args;
  TwinLogItem *item = g_new0 (TwinLogItem, 1);

  va_start (args, format);
  item->text = g_strdup_vprintf (format, args);
  va_end (args);
  item->time_us = twin_clock_utc_us ();
  item->kind = g_strdup (kind);
  item->machine = g_strdup (machine);
  item->who = g_strdup (who);

  if (twin_engine_batch_open (self))
    {
      const TwinStoreJournal row = {
        .time_us = item->time_us,
        .who = who,
        .kind = kind,
        .subject = machine,
        .machine = machine,
        .text = item->text,
      };

      if (!twin_store_add_journal (self->store, &row, &error))
        twin_engine_store_failed (self, g_steal_pointer (&error));
    }

  g_ptr_array_add (self->out_log, item);
}

static int
compare_log (const void *a, const void *b)
{
  const TwinLogItem *x = *(TwinLogItem *const *) a;
  const TwinLogItem *y = *(TwinLogItem *const *) b;

  return (x->time_us > y->time_us) - (x->time_us < y->time_us);
}

static TwinLogItem *
log_item (const TwinStoreJournal *row)
{
  TwinLogItem *item = g_new0 (TwinLogItem, 1);

  item->time_us = row->time_us;
  item->machine = g_strdup (row->machine);
  item->kind = g_strdup (row->kind);
  item->who = g_strdup (row->who);
  item->text = g_strdup (row->text);
  return item;
}

/* Edits of the graph that are newer than the change @since; at the machine of
 * the one twin that was edited. What the engine did itself for a node is in
 * the journal with more words. */
static void
add_changes (TwinEngine *self, int64_t since, size_t limit)
{
  static const char *const own[] = { "commission", "decommission", NULL };
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_log_since (self->reader, since, limit, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreJournal *row = g_ptr_array_index (rows, rows->len - 1 - i);
      const TwinEnginePlace  *place =
          row->subject != NULL ? twin_engine_place_find (self, row->subject)
                                : NULL;
      TwinLogItem *item;

      if (row->text == NULL || g_strv_contains (own, row->kind))
        continue;

      item = log_item (row);
      g_free (item->kind);
      item->kind = g_strdup ("edit");
      if (place != NULL && place->machine != NULL)
        item->machine = g_strdup (place->machine->place->id);
      g_ptr_array_add (self->out_log, item);
    }
}

void
twin_engine_log_changes (TwinEngine *self, int64_t since)
{
  add_changes (self, since, 100);
}

/* The newest lines of before: the journal, what nodes told, what became of
 * alarms, and who edited the graph. */
static void
start_log (TwinEngine *self)
{
  const TwinStoreSpan span = { .limit = 300 };
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_journal (self->reader, &span, NULL);
  g_autoptr (GPtrArray) events =
      twin_store_reader_list_events (self->reader, &span, NULL);
  g_autoptr (GPtrArray) changes =
      twin_store_reader_list_transitions (self->reader, &span, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    g_ptr_array_add (self->out_log, log_item (g_ptr_array_index (rows, i)));

  for (guint i = 0; events != NULL && i < events->len; i++)
    g_ptr_array_add (self->out_log, twin_engine_event_log_item (
                                        g_ptr_array_index (events, i)));

  for (guint i = 0; changes != NULL && i < changes->len; i++)
    g_ptr_array_add (self->out_log,
                     twin_engine_alarms_log_item (self,
                                                  g_ptr_array_index (changes,
                                                                     i)));

  add_changes (self, 0, span.limit);
  g_ptr_array_sort (self->out_log, compare_log);
}

/* The whole present state, as kept by the store. */
void
twin_engine_publish_start (TwinEngine *self)
{
  GHashTableIter    iter, inner;
  TwinEnginePlace  *place;
  TwinEngineSignal *signal;
  TwinEngineNode   *node;

  self->out_plant = TRUE;
  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &place))
    {
      place->dirty = TRUE;
      g_hash_table_iter_init (&inner, place->signals);
      while (g_hash_table_iter_next (&inner, NULL, (void **) &signal))
        twin_engine_signal_changed (self, signal);
    }

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    node->changed = TRUE;
  self->out_nodes = TRUE;

  twin_engine_alarms_publish_all (self);
  twin_engine_life_publish_all (self);
  twin_engine_firmware_publish_all (self);
  twin_engine_outcomes_publish_all (self);
  start_log (self);
  twin_engine_publish (self);
  twin_engine_status_post (self);
}
