/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-events.c - what a node tells has happened
 *
 * An event is a pack: "event" is its kind, "event/name" what it is of, the
 * other "event/…" its evidence. Kinds and evidence we do not know are shown as
 * they come.
 */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

#define PREFIX "event/"

/* What a node last said of one signal of its own. */
typedef struct
{
  int64_t  time_us;
  gboolean unusual;
} Said;

static const TwinRecordEntry *
find (const TwinRecord *record, const char *name)
{
  for (size_t i = 0; i < record->n_entries; i++)
    {
      if (strcmp (record->entries[i].name, name) == 0)
        return &record->entries[i];
    }

  return NULL;
}

static const char *
find_text (const TwinRecord *record, const char *name)
{
  const TwinRecordEntry *entry = find (record, name);

  return entry != NULL && entry->kind == TWIN_VALUE_STRING ? entry->string
                                                           : NULL;
}

gboolean
twin_engine_event_owns (const char *name)
{
  return strcmp (name, "event") == 0 || g_str_has_prefix (name, PREFIX);
}

static const char *
kind_words (const char *kind)
{
  static const struct
  {
    const char *kind, *words;
  } known[] = {
    { "boot", "Started" },
    { "mode", "Mode" },
    { "limit", "Over its limit" },
    { "limit-clear", "Under its limit again" },
    { "z-score", "Unusual" },
    { "z-score-clear", "Usual again" },
    { "step", "Sudden change" },
    { "sensor-fault", "Sensor fault" },
    { "sensor-restored", "Sensor works again" },
    { "speed-source", "Shaft speed now from elsewhere" },
    { "maintenance", "Maintenance done" },
    { "trip", "Tripped, switched off" },
    { "trip-reset", "Trip reset" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (strcmp (known[i].kind, kind) == 0)
        return known[i].words;
    }

  return kind;
}

static void
append_value (GString *text, const TwinRecordEntry *entry)
{
  if (entry->kind == TWIN_VALUE_STRING)
    g_string_append (text, entry->string);
  else if (entry->kind == TWIN_VALUE_BOOL)
    g_string_append (text, entry->boolean ? "yes" : "no");
  else if (entry->kind == TWIN_VALUE_BAD)
    g_string_append (text, "no value");
  else
    g_string_append_printf (text, "%.4g", entry->number);

  if (entry->kind == TWIN_VALUE_NUMBER && entry->unit != NULL &&
      strcmp (entry->unit, "/") != 0)
    g_string_append_printf (text, " %s", entry->unit);
}

/* "Unusual: de/vibrationRMS 0.0042 m/s, mean 0.001 m/s, z 12": what it is of
 * and its value are not labelled. */
static char *
describe (const TwinRecord *record, const char *kind)
{
  GString    *text = g_string_new (kind_words (kind));
  const char *before = ": ";

  for (size_t i = 0; i < record->n_entries; i++)
    {
      const TwinRecordEntry *entry = &record->entries[i];
      const char            *word = entry->name;

      if (strcmp (word, "event") == 0)
        continue;
      if (g_str_has_prefix (word, PREFIX))
        word += strlen (PREFIX);

      g_string_append (text, before);
      if (strcmp (word, "name") != 0 && strcmp (word, "value") != 0)
        g_string_append_printf (text, "%s ", word);
      append_value (text, entry);
      before = strcmp (word, "name") == 0 ? " " : ", ";
    }

  return g_string_free (text, FALSE);
}

static TwinLogItem *
log_item (const char *machine, const char *node, const char *text, int64_t time)
{
  TwinLogItem *item = g_new0 (TwinLogItem, 1);

  item->time_us = time;
  item->kind = g_strdup ("event");
  item->machine = g_strdup (machine);
  item->who = g_strdup (node);
  item->text = g_strdup (text);
  return item;
}

TwinLogItem *
twin_engine_event_log_item (const TwinStoreEvent *row)
{
  return log_item (row->twin, row->node, row->text,
                   row->time_us != TWIN_TIME_NONE ? row->time_us
                                                  : row->arrival_us);
}

/* The newest word of each signal counts, in whatever order events arrive. */
static void
note_unusual (TwinEngineNode *node,
              const char     *name,
              gboolean        unusual,
              int64_t         time_us)
{
  Said *said;

  if (node->said == NULL)
    node->said =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  said = g_hash_table_lookup (node->said, name);
  if (said == NULL)
    {
      if (g_hash_table_size (node->said) >= TWIN_ENGINE_SAID_MAX)
        return;
      said = g_new0 (Said, 1);
      said->time_us = G_MININT64;
      g_hash_table_insert (node->said, g_strdup (name), said);
    }

  if (time_us < said->time_us)
    return;
  said->time_us = time_us;
  said->unusual = unusual;
}

static gboolean
anything_unusual (TwinEngineNode *node)
{
  GHashTableIter iter;
  const Said    *said;

  if (node->said == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, node->said);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &said))
    {
      if (said->unusual)
        return TRUE;
    }

  return FALSE;
}

/* A node's own z-score is evidence for an alarm of its machine: it stands
 * until the node says that every such signal is usual again, has started anew
 * or had its baseline reset. */
static void
judge (TwinEngine       *self,
       TwinEngineNode   *node,
       const TwinRecord *record,
       const char       *kind,
       const char       *text,
       int64_t           time_us)
{
  const char            *name = find_text (record, "event/name");
  const TwinRecordEntry *value = find (record, "event/value");
  g_autofree char       *why = NULL;

  if (node->machine == NULL)
    return;
  if (strcmp (kind, "boot") == 0 || strcmp (kind, "maintenance") == 0)
    {
      GHashTableIter iter;
      Said          *said;

      if (node->said != NULL)
        {
          g_hash_table_iter_init (&iter, node->said);
          while (g_hash_table_iter_next (&iter, NULL, (void **) &said))
            {
              if (said->time_us < time_us)
                said->unusual = FALSE;
            }
        }
    }
  else if (name != NULL && strcmp (kind, "z-score") == 0)
    note_unusual (node, name, TRUE, time_us);
  else if (name != NULL && strcmp (kind, "z-score-clear") == 0)
    note_unusual (node, name, FALSE, time_us);
  else
    return;

  why = g_strdup_printf ("%s, told by node %s.", text, node->name);
  twin_engine_alarms_finding (
      self, node->machine->id, TWIN_ENGINE_CONDITION_UNUSUAL,
      anything_unusual (node),
      value != NULL && value->kind == TWIN_VALUE_NUMBER ? value->number : NAN,
      why, "See what changed; the node keeps the raw signal of that moment.");
}

void
twin_engine_take_event (TwinEngine        *self,
                        TwinEngineNode    *node,
                        const TwinRecord  *record,
                        const TwinMessage *message,
                        int64_t            time_us)
{
  g_autoptr (GError) error = NULL;
  const char      *kind = find_text (record, "event");
  g_autofree char *text = NULL;
  TwinStoreEvent   row = {
      .node = node->name,
      .twin = node->machine != NULL ? node->machine->id : NULL,
      .kind = kind != NULL ? kind : "event",
      .time_us = time_us,
      .arrival_us = message->arrival_utc_us,
  };

  row.text = text = describe (record, row.kind);
  if (!twin_store_add_event (self->store, &row, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));

  g_ptr_array_add (self->out_log, twin_engine_event_log_item (&row));
  if (time_us == TWIN_TIME_NONE)
    time_us = message->arrival_utc_us;
  judge (self, node, record, row.kind, text, time_us);
  twin_engine_trip_event (self, node, record, row.kind,
                          find_text (record, "event/name"), time_us);
}
