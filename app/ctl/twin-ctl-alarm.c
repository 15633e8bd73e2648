/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-alarm.c - alarm list, ack, shelve */
#include "twin-ctl-session.h"

#include <math.h>
#include <string.h>

#include "twin-engine-outbox.h"
#include "twin-store-reader.h"
#include "twin-json-members.h"

static char *
member_of (const TwinStoreAlarm *row, const char *name)
{
  g_autoptr (JsonNode) root =
      row->detail != NULL ? json_from_string (row->detail, NULL) : NULL;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;

  return g_strdup (
      json_object_get_string_member_with_default (json_node_get_object (root),
                                                  name, NULL));
}

static void
add_time (JsonBuilder *json, const char *name, int64_t time_us)
{
  g_autofree char *text =
      time_us != TWIN_TIME_NONE ? twin_clock_format_utc (time_us) : NULL;

  twin_json_add_text (json, name, text);
}

static void
print_json (const TwinStoreAlarm *row)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autofree char *id = g_strconcat (row->source, "/", row->condition, NULL);
  g_autofree char *name = member_of (row, "name");
  g_autofree char *machine = member_of (row, "machine");
  g_autofree char *why = member_of (row, "why");

  json_builder_begin_object (json);
  twin_json_add_text (json, "id", id);
  twin_json_add_text (json, "twin", row->source);
  twin_json_add_text (json, "machine", machine);
  twin_json_add_text (json, "name", name);
  twin_json_add_text (json, "state", row->state);
  json_builder_set_member_name (json, "active");
  json_builder_add_boolean_value (json, row->active);
  json_builder_set_member_name (json, "priority");
  json_builder_add_int_value (json, row->priority);
  twin_json_add_number (json, "value", row->value);
  twin_json_add_number (json, "limit", row->limit);
  twin_json_add_text (json, "unit", row->unit);
  add_time (json, "since", row->since_us);
  twin_json_add_text (json, "why", why);
  twin_json_add_text (json, "note", row->note);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static void
add_row (TwinCtlTable *table, const TwinStoreAlarm *row)
{
  static const char *const marks[] = { "", "critical", "high", "medium",
                                       "low" };
  g_autofree char *id = g_strconcat (row->source, "/", row->condition, NULL);
  g_autofree char *name = member_of (row, "name");
  g_autofree char *since = row->since_us != TWIN_TIME_NONE
                               ? twin_clock_format_utc (row->since_us)
                               : NULL;
  const char      *mark =
      row->priority >= 1 && row->priority <= 4 ? marks[row->priority] : "";

  twin_ctl_table_add (table, mark, row->state, since, name, id);
}

static int
list (TwinCtl *ctl, int argc, char **argv)
{
  const char *const headings[] = { "priority", "state", "since",
                                   "alarm",    "id",    NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  TwinCtlTable *table;

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc > 1)
    return twin_ctl_usage ("alarm list takes no arguments, not “%s”", argv[1]);

  reader = twin_store_reader_open (ctl->store, &error);
  rows = reader != NULL ? twin_store_reader_list_alarms (reader, &error) : NULL;
  if (rows == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  table = twin_ctl_table_new (headings);
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreAlarm *row = g_ptr_array_index (rows, i);

      if (ctl->json)
        print_json (row);
      else
        add_row (table, row);
    }

  if (ctl->json)
    twin_ctl_table_free (table);
  else
    twin_ctl_table_print (table);
  return TWIN_CTL_DONE;
}

static int
ack (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *note = NULL;
  const GOptionEntry entries[] = {
    { "note", 0, 0, G_OPTION_ARG_STRING, &note, NULL, NULL }, { NULL }
  };
  TwinCtlAsk ask = { .kind = TWIN_OUTBOX_ACKNOWLEDGE,
                     .number = -1,
                     .wait_s = 5 };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("alarm ack needs the alarm's ID (alarm list)");

  ask.subject = argv[1];
  ask.text = note;
  return twin_ctl_ask (ctl, &ask);
}

/* "90s", "30m", "8h", "2d"; FALSE when it is none. */
static gboolean
parse_span (const char *text, int64_t *us)
{
  static const struct
  {
    char    letter;
    int64_t seconds;
  } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
  char  *end;
  double number = g_ascii_strtod (text, &end);

  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (end != text && end[0] == units[i].letter && end[1] == '\0' &&
          number > 0 && number < 1e6)
        {
          *us = (int64_t) (number * (double) units[i].seconds * 1e6);
          return TRUE;
        }
    }

  return FALSE;
}

static int
shelve (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *note = NULL;
  g_autofree char   *span = NULL;
  const GOptionEntry entries[] = {
    { "note", 0, 0, G_OPTION_ARG_STRING, &note, NULL, NULL },
    { "for", 0, 0, G_OPTION_ARG_STRING, &span, NULL, NULL },
    { NULL }
  };
  TwinCtlAsk ask = { .kind = TWIN_OUTBOX_SHELVE, .wait_s = 5 };
  int64_t    us = 3600 * TWIN_US_PER_S;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("alarm shelve needs the alarm's ID (alarm list)");
  if (span != NULL && !parse_span (span, &us))
    return twin_ctl_usage ("“%s” is no time; write 30m, 8h or 2d", span);

  ask.subject = argv[1];
  ask.text = note;
  ask.number = twin_clock_utc_us () + us;
  return twin_ctl_ask (ctl, &ask);
}

const TwinCtlVerb twin_ctl_alarm_verbs[] = {
  { "alarm", "list", list, "", "Every alarm that is not normal" },
  { "alarm", "ack", ack, "ID [--note TEXT]", "Acknowledges an alarm" },
  { "alarm", "shelve", shelve, "ID [--for 1h] [--note TEXT]",
    "Puts an alarm aside for a time" },
  { NULL },
};
