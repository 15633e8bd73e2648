/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-alarms-kept.c - alarms and their transitions in the store */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

static char *
row_detail (const TwinAlarmRow *row)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  const struct
  {
    const char *name, *value;
  } texts[] = { { "name", row->name },
                { "machine", row->machine },
                { "why", row->why },
                { "advice", row->advice } };

  json_builder_begin_object (json);
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      if (texts[i].value == NULL)
        continue;
      json_builder_set_member_name (json, texts[i].name);
      json_builder_add_string_value (json, texts[i].value);
    }
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

/* The alarm as it stands; one that is normal again is no row. */
static gboolean
store_alarm (TwinEngine         *self,
             const TwinAlarmRow *row,
             const char         *detail,
             GError            **error)
{
  g_autoptr (GError) absent = NULL;
  const TwinStoreAlarm alarm = {
    .source = row->source,
    .condition = row->condition,
    .state = twin_alarm_state_name (row->state),
    .active = row->active,
    .acknowledged = row->acknowledged,
    .priority = row->priority,
    .value = row->value,
    .limit = row->limit,
    .unit = row->unit,
    .since_us = row->since_us,
    .changed_us = row->changed_us,
    .shelved_until_us = row->shelved_until_us,
    .note = row->note,
    .note_by = row->note_by,
    .detail = detail,
  };

  if (row->state != TWIN_ALARM_NORMAL)
    return twin_store_put_alarm (self->store, &alarm, error);

  if (twin_store_delete_alarm (self->store, row->source, row->condition,
                               &absent) ||
      g_error_matches (absent, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&absent));
  return FALSE;
}

static void
store_transition (TwinEngine *self, const TwinAlarmTransition *change)
{
  const TwinAlarmRow *row = &change->after;
  g_autoptr (GError) error = NULL;
  g_autofree char               *detail = row_detail (row);
  const TwinStoreAlarmTransition transition = {
    .time_us = change->time_us,
    .source = row->source,
    .condition = row->condition,
    .from_state = twin_alarm_state_name (change->from),
    .to_state = twin_alarm_state_name (change->to),
    .event = twin_alarm_event_name (change->event),
    .priority = row->priority,
    .value = row->value,
    .limit = row->limit,
    .unit = row->unit,
    .who = change->who,
    .note = change->note,
    .detail = detail,
  };

  if (!twin_store_add_transition (self->store, &transition, &error) ||
      !store_alarm (self, row, detail, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
}

void
twin_engine_alarms_store (TwinEngine *self)
{
  for (guint i = 0; i < self->transitions->len; i++)
    store_transition (self, g_ptr_array_index (self->transitions, i));
}

static const char *
text_member (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

/* A change of before as a line of the log. */
TwinLogItem *
twin_engine_alarms_log_item (TwinEngine                     *self,
                             const TwinStoreAlarmTransition *row)
{
  g_autoptr (JsonNode) root =
      json_from_string (row->detail != NULL ? row->detail : "{}", NULL);
  TwinEnginePlace *place = twin_engine_place_find (self, row->source);
  TwinLogItem     *item = g_new0 (TwinLogItem, 1);
  const char      *name = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    name = text_member (json_node_get_object (root), "name");

  item->time_us = row->time_us;
  item->kind = g_strdup ("alarm");
  item->who = g_strdup (row->who);
  if (place != NULL && place->machine != NULL)
    item->machine = g_strdup (place->machine->place->id);
  item->text =
      g_strdup_printf ("%s: %s%s%s", name != NULL ? name : row->condition,
                       row->event, row->note != NULL ? ", " : "",
                       row->note != NULL ? row->note : "");
  return item;
}

/* Alarms of twins that were edited while no engine ran. */
static void
close_absent (TwinEngine *self, const GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreAlarm *kept = g_ptr_array_index (rows, i);
      TwinEnginePlace      *place = twin_engine_place_find (self, kept->source);

      if (place == NULL)
        twin_engine_alarms_forget (self, kept->source,
                                   "The twin is no longer there.");
      else if (!twin_engine_place_counts (place))
        twin_engine_alarms_forget (self, kept->source,
                                   twin_engine_alarms_why_closed (place));
    }
}

void
twin_engine_alarms_load (TwinEngine *self)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_alarms (self->reader, NULL);

  twin_engine_alarms_define (self);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreAlarm *kept = g_ptr_array_index (rows, i);
      g_autoptr (JsonNode) root =
          json_from_string (kept->detail != NULL ? kept->detail : "{}", NULL);
      TwinAlarmRow row = {
        .source = kept->source,
        .condition = kept->condition,
        .name = kept->condition,
        .unit = kept->unit,
        .kind = TWIN_ALARM_BOOLEAN,
        .priority = (int) kept->priority,
        .active = kept->active,
        .acknowledged = kept->acknowledged,
        .value = kept->value,
        .peak = kept->value,
        .limit = kept->limit,
        .since_us = kept->since_us,
        .changed_us = kept->changed_us,
        .shelved_until_us = kept->shelved_until_us,
        .note = kept->note,
        .note_by = kept->note_by,
      };

      if (!twin_alarm_state_from_name (kept->state, &row.state))
        continue;

      if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
        {
          JsonObject *object = json_node_get_object (root);

          row.name = text_member (object, "name");
          row.machine = text_member (object, "machine");
          row.why = text_member (object, "why");
          row.advice = text_member (object, "advice");
          if (row.name == NULL)
            row.name = kept->condition;
        }

      twin_alarm_table_restore (self->alarms, &row);
    }

  if (rows != NULL)
    close_absent (self, rows);
}
