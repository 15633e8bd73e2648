/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-graph.c - the plant's twins as the pipeline needs them */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

static void
signal_free (void *data)
{
  TwinEngineSignal *signal = data;

  g_free (signal->v.path);
  g_free (signal->v.unit);
  g_free (signal->v.text);
  g_free (signal->label);
  g_clear_pointer (&signal->alarms, g_ptr_array_unref);
  g_free (signal);
}

TwinEnginePlace *
twin_engine_place_new (const char *id)
{
  TwinEnginePlace *place = g_new0 (TwinEnginePlace, 1);

  place->id = g_strdup (id);
  place->name = g_strdup (id);
  place->children = g_ptr_array_new ();
  place->signals =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, signal_free);
  place->dirty = TRUE;
  return place;
}

void
twin_engine_place_free (void *data)
{
  TwinEnginePlace *place = data;

  twin_engine_place_free_shown (place);
  g_ptr_array_unref (place->children);
  g_hash_table_unref (place->signals);
  g_free (place->id);
  g_free (place->name);
  g_free (place->model);
  g_free (place->ghost);
  g_free (place->node);
  g_free (place);
}

TwinEnginePlace *
twin_engine_place_find (TwinEngine *self, const char *id)
{
  return g_hash_table_lookup (self->places, id);
}

/* The state that counts for @place: a part is not in service in a machine that
 * is not. */
TwinLifecycle
twin_engine_place_lifecycle (const TwinEnginePlace *place)
{
  const TwinEngineMachine *machine = place->machine;
  TwinLifecycle            own = place->lifecycle;

  if (machine == NULL || machine->place == place ||
      own == TWIN_LIFECYCLE_RETIRED || own == TWIN_LIFECYCLE_ARCHIVED)
    return own;

  return machine->place->lifecycle == TWIN_LIFECYCLE_RETIRED ||
                 own != TWIN_LIFECYCLE_PLANNED
             ? machine->place->lifecycle
             : own;
}

gboolean
twin_engine_place_counts (const TwinEnginePlace *place)
{
  TwinLifecycle state = twin_engine_place_lifecycle (place);

  return state == TWIN_LIFECYCLE_COMMISSIONED ||
         state == TWIN_LIFECYCLE_IN_SERVICE;
}

/* --- signals
 * -------------------------------------------------------------------- */

static gboolean
is_statistic (const char *path)
{
  static const char *const suffixes[] = { ".min", ".max", ".std", ".n" };

  for (size_t i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      if (g_str_has_suffix (path, suffixes[i]))
        return TRUE;
    }

  return FALSE;
}

/* What the model says of the path: label, or that it does not know it. */
void
twin_engine_signal_declare (TwinEngine *self, TwinEngineSignal *signal)
{
  const TwinInterface *interface = NULL;

  if (signal->place->model != NULL)
    interface = twin_model_set_lookup (self->models, signal->place->model);

  signal->v.content = interface != NULL
                          ? twin_interface_find_path (interface, signal->v.path)
                          : NULL;
  signal->v.undeclared = signal->v.content == NULL && !signal->derived;
  g_free (signal->label);
  signal->label = g_strdup (signal->v.content != NULL
                                ? twin_content_get_label (signal->v.content)
                                : signal->v.path);
  signal->hidden = signal->place->hidden || is_statistic (signal->v.path);
}

TwinEngineSignal *
twin_engine_place_signal (TwinEngine      *self,
                          TwinEnginePlace *place,
                          const char      *path,
                          const char      *unit)
{
  TwinEngineSignal *signal = g_hash_table_lookup (place->signals, path);

  if (signal != NULL)
    return signal;

  signal = g_new0 (TwinEngineSignal, 1);
  signal->v.path = g_strdup (path);
  signal->v.unit = g_strdup (unit != NULL ? unit : "");
  signal->v.value = NAN;
  signal->v.source_us = signal->v.arrival_us = TWIN_TIME_NONE;
  signal->v.max_silence_s = TWIN_MAX_SILENCE_S;
  signal->limit_high = signal->limit_low = NAN;
  signal->role = -1;
  signal->stale = TRUE;
  signal->place = place;
  twin_engine_signal_declare (self, signal);
  g_hash_table_insert (place->signals, signal->v.path, signal);
  return signal;
}

/* --- as the graph has it
 * ------------------------------------------------------------ */

static TwinKind
kind_of (TwinSort sort)
{
  switch (sort)
    {
    case TWIN_SORT_PLANT:
      return TWIN_KIND_PLANT;
    case TWIN_SORT_AREA:
    case TWIN_SORT_OTHER:
      return TWIN_KIND_AREA;
    case TWIN_SORT_MACHINE:
      return TWIN_KIND_MACHINE;
    case TWIN_SORT_PART:
      return TWIN_KIND_PART;
    case TWIN_SORT_SENSOR:
      return TWIN_KIND_SENSOR;
    }

  g_return_val_if_reached (TWIN_KIND_AREA);
}

static TwinShape
shape_of (const char *word)
{
  static const char *const words[] = { [TWIN_SHAPE_COMPRESSOR] = "compressor",
                                       [TWIN_SHAPE_PUMP] = "pump",
                                       [TWIN_SHAPE_MOTOR] = "motor" };

  for (size_t i = TWIN_SHAPE_COMPRESSOR; i < G_N_ELEMENTS (words); i++)
    {
      if (g_strcmp0 (word, words[i]) == 0)
        return (TwinShape) i;
    }

  return TWIN_SHAPE_NONE;
}

void
twin_engine_place_declare (TwinEngine *self, TwinEnginePlace *place)
{
  GHashTableIter iter;
  void          *signal;

  g_hash_table_iter_init (&iter, place->signals);
  while (g_hash_table_iter_next (&iter, NULL, &signal))
    twin_engine_signal_declare (self, signal);
}

void
twin_engine_place_take (TwinEngine      *self,
                        TwinEnginePlace *place,
                        const TwinTwin  *twin)
{
  g_free (place->name);
  g_free (place->model);
  place->name =
      g_strdup (twin->display_name != NULL ? twin->display_name : twin->id);
  place->model = g_strdup (twin->model);
  place->lifecycle = twin->lifecycle;
  place->kind =
      kind_of (twin_roles_sort (self->roles, self->models, twin->model));
  place->shape =
      shape_of (twin_roles_shape (self->roles, self->models, twin->model));
  twin_engine_place_declare (self, place);
  twin_engine_place_touch (place);
}

/* --- values as they were before a restart
 * ------------------------------------------ */

static void
take_latest (const TwinStoreLatest *latest, void *data)
{
  TwinEngine       *self = data;
  TwinEnginePlace  *place = twin_engine_place_find (self, latest->signal.twin);
  TwinEngineSignal *signal;
  int               quality = TWIN_QUALITY_GOOD;

  if (place == NULL || latest->time_us == TWIN_TIME_NONE)
    return;

  if (latest->flags & TWIN_STORE_SAMPLE_BAD)
    quality = TWIN_QUALITY_BAD;
  else if (latest->flags & TWIN_STORE_SAMPLE_UNCERTAIN)
    quality = TWIN_QUALITY_UNCERTAIN;

  signal = twin_engine_place_signal (self, place, latest->signal.path,
                                     latest->signal.unit);
  signal->row = latest->signal.id;
  signal->derived = (latest->signal.flags & TWIN_STORE_SIGNAL_DERIVED) != 0;
  twin_signal_update (&signal->v, latest->value, latest->text, quality,
                      latest->time_us, latest->time_us,
                      (latest->flags & TWIN_STORE_SAMPLE_ANCHORED) != 0);
}

gboolean
twin_engine_graph_load_values (TwinEngine *self, GError **error)
{
  return twin_store_reader_foreach_latest (self->reader, take_latest, self,
                                           error);
}

void
twin_engine_graph_clear (TwinEngine *self)
{
  for (guint i = 0; i < self->machines->len; i++)
    twin_engine_machine_free (g_ptr_array_index (self->machines, i));

  g_ptr_array_set_size (self->machines, 0);
  g_clear_pointer (&self->graph, twin_graph_free);
}

/* --- as published
 * ------------------------------------------------------------------ */

TwinStructureItem *
twin_engine_place_item (TwinEngine *self, const TwinEnginePlace *place)
{
  TwinStructureItem *item = g_new0 (TwinStructureItem, 1);
  const TwinTwin    *twin = twin_graph_lookup (self->graph, place->id);

  item->id = g_strdup (place->id);
  item->name = g_strdup (place->name);
  item->parent = place->parent != NULL ? g_strdup (place->parent->id) : NULL;
  item->model = g_strdup (place->model);
  item->kind = place->kind;
  item->shape = place->shape;
  item->x = place->x;
  item->y = place->y;
  item->rotation = place->rotation;
  item->placed = place->placed;
  item->node = g_strdup (place->node);
  item->lifecycle = g_strdup (twin_lifecycle_to_string (place->lifecycle));
  item->etag = twin != NULL ? g_strdup (twin->etag) : NULL;
  item->tags = twin != NULL ? g_strdupv (twin->tags) : NULL;
  item->ghost = g_strdup (place->ghost);
  if (place->machine != NULL && place->machine->place == place)
    item->tier = g_strdup (twin_engine_tier_word (place->machine->tier));
  return item;
}

static void
add_items (TwinEngine *self, const TwinEnginePlace *place, GPtrArray *items)
{
  g_ptr_array_add (items, twin_engine_place_item (self, place));
  for (guint i = 0; i < place->children->len; i++)
    add_items (self, g_ptr_array_index (place->children, i), items);
}

GPtrArray *
twin_engine_graph_items (TwinEngine *self)
{
  GPtrArray *items = twin_update_items_new (TWIN_UPDATE_PLANT);

  for (guint i = 0; i < self->roots->len; i++)
    add_items (self, g_ptr_array_index (self->roots, i), items);

  return items;
}

/* What edits and bindings changed; what is no longer there, or hidden, is
 * gone. */
GPtrArray *
twin_engine_graph_changed_items (TwinEngine *self)
{
  GPtrArray     *items = twin_update_items_new (TWIN_UPDATE_TWINS);
  GHashTableIter iter;
  void          *id;

  g_hash_table_iter_init (&iter, self->out_twins);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      TwinEnginePlace   *place = twin_engine_place_find (self, id);
      TwinStructureItem *item;

      if (place != NULL)
        item = twin_engine_place_item (self, place);
      else
        {
          item = g_new0 (TwinStructureItem, 1);
          item->id = g_strdup (id);
          item->gone = TRUE;
        }
      g_ptr_array_add (items, item);
    }

  return items;
}
