/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-outcome.c - outcome list, add, undo: were diagnoses right? */
#include "twin-ctl-session.h"

#include <string.h>

#include "twin-engine-outbox.h"
#include "twin-diagnosis.h"
#include "twin-reliability.h"
#include "twin-store-reader.h"
#include "twin-json-members.h"

/* How long an answer may take, at most. */
#define WAIT_S 20

/* --- list -------------------------------------------------------------------
 */

/* The journal as app/analysis counts it. */
static GArray *
make_journal (const GPtrArray *rows)
{
  GArray *journal = g_array_new (FALSE, TRUE, sizeof (TwinOutcome));

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreOutcome *row = g_ptr_array_index (rows, i);
      TwinOutcome             outcome = { .id = row->id,
                                          .undoes = row->undoes,
                                          .fault = row->element,
                                          .class_name = row->class_name };

      twin_outcome_verdict_parse (row->verdict, &outcome.verdict);
      g_array_append_val (journal, outcome);
    }

  return journal;
}

static void
print_outcome (const TwinStoreOutcome *row, gboolean counts)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autofree char *time = twin_clock_format_utc (row->time_us);

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "outcome");
  json_builder_add_int_value (json, row->id);
  twin_json_add_text (json, "time", time);
  twin_json_add_text (json, "who", row->who);
  json_builder_set_member_name (json, "counts");
  json_builder_add_boolean_value (json, counts);
  if (row->undoes != 0)
    {
      json_builder_set_member_name (json, "undoes");
      json_builder_add_int_value (json, row->undoes);
    }
  else
    {
      twin_json_add_text (json, "machine", row->machine);
      twin_json_add_text (json, "class", row->class_name);
      twin_json_add_text (json, "element", row->element);
      twin_json_add_text (json, "verdict", row->verdict);
      twin_json_add_text (json, "found", row->found);
      twin_json_add_text (json, "note", row->note);
      twin_json_add_text (json, "order", row->order);
    }
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static void
add_outcome (TwinCtlTable *table, const TwinStoreOutcome *row, gboolean counts)
{
  g_autofree char *time = twin_clock_format_utc (row->time_us);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);
  g_autofree char *undo =
      g_strdup_printf ("takes %" G_GINT64_FORMAT " back", row->undoes);

  twin_ctl_table_add (table, id, time, row->machine, row->element,
                      row->undoes != 0 ? undo : row->verdict, row->found,
                      row->who, counts ? NULL : "taken back");
}

static int
list (TwinCtl *ctl, int argc, char **argv)
{
  const char *const headings[] = { ">no.",      "time",  "machine",
                                   "diagnosis", "right", "found",
                                   "who",       "",      NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GArray) journal = NULL;
  TwinCtlTable *table;

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc > 1)
    return twin_ctl_usage ("outcome list takes no arguments, not “%s”",
                           argv[1]);

  reader = twin_store_reader_open (ctl->store, &error);
  rows =
      reader != NULL ? twin_store_reader_list_outcomes (reader, &error) : NULL;
  if (rows == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  journal = make_journal (rows);
  table = twin_ctl_table_new (headings);
  for (guint i = 0; i < rows->len; i++)
    {
      gboolean counts =
          twin_outcome_counts ((TwinOutcome *) (void *) journal->data,
                               journal->len, i);

      if (ctl->json)
        print_outcome (g_ptr_array_index (rows, i), counts);
      else
        add_outcome (table, g_ptr_array_index (rows, i), counts);
    }

  if (ctl->json)
    twin_ctl_table_free (table);
  else
    twin_ctl_table_print (table);
  return TWIN_CTL_DONE;
}

/* --- reliability ------------------------------------------------------------
 */

static void
print_reliability (TwinCtl      *ctl,
                   TwinCtlTable *table,
                   const GArray *journal,
                   const char   *fault,
                   const char   *class_name,
                   double        weight)
{
  TwinReliability  reliability;
  g_autofree char *text = NULL;

  twin_reliability_compute ((TwinOutcome *) (void *) journal->data,
                            journal->len, fault, class_name, weight,
                            &reliability);
  text = twin_reliability_describe (&reliability, fault);
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      json_builder_begin_object (json);
      twin_json_add_text (json, "element", fault);
      twin_json_add_text (json, "class", class_name);
      json_builder_set_member_name (json, "right");
      json_builder_add_int_value (json, reliability.right);
      json_builder_set_member_name (json, "wrong");
      json_builder_add_int_value (json, reliability.wrong);
      json_builder_set_member_name (json, "unclear");
      json_builder_add_int_value (json, reliability.unclear);
      twin_json_add_number (json, "mean", reliability.mean);
      twin_json_add_number (json, "p05", reliability.p05);
      twin_json_add_number (json, "p95", reliability.p95);
      twin_json_add_text (json, "text", text);
      json_builder_end_object (json);
      twin_ctl_print_builder (json);
    }
  else
    twin_ctl_table_add (table, fault, class_name != NULL ? class_name : "any",
                        text);
}

/* The parts of a bearing, and what else had outcomes on that class. */
static GPtrArray *
list_faults (const GPtrArray *rows, const char *class_name)
{
  GPtrArray *faults = g_ptr_array_new ();

  for (int e = TWIN_ELEMENT_INNER; e <= TWIN_ELEMENT_CAGE; e++)
    g_ptr_array_add (faults, (char *) twin_element_name ((TwinElement) e));
  for (guint i = 0; class_name != NULL && i < rows->len; i++)
    {
      const TwinStoreOutcome *row = g_ptr_array_index (rows, i);

      if (row->element != NULL &&
          g_strcmp0 (row->class_name, class_name) == 0 &&
          !g_ptr_array_find_with_equal_func (faults, row->element, g_str_equal,
                                             NULL))
        g_ptr_array_add (faults, (char *) row->element);
    }

  return faults;
}

/* Each part, for every class that has outcomes and for one that has none. */
static int
reliability (TwinCtl *ctl, int argc, char **argv)
{
  const char *const headings[] = { "diagnosis", "machines", "reliability",
                                   NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GArray) journal = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  double             weight = TWIN_RELIABILITY_WEIGHT;
  const GOptionEntry entries[] = {
    { "prior-weight", 0, 0, G_OPTION_ARG_DOUBLE, &weight, NULL, NULL }, { NULL }
  };
  TwinCtlTable *table;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (!(weight > 0 && weight <= 1e6))
    return twin_ctl_usage ("--prior-weight is above 0: cases that what was "
                           "measured before counts as");
  if (argc > 1)
    return twin_ctl_usage ("outcome reliability takes no arguments, not “%s”",
                           argv[1]);

  reader = twin_store_reader_open (ctl->store, &error);
  rows =
      reader != NULL ? twin_store_reader_list_outcomes (reader, &error) : NULL;
  if (rows == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  journal = make_journal (rows);
  table = twin_ctl_table_new (headings);
  for (guint i = 0; i <= rows->len; i++)
    {
      g_autoptr (GPtrArray) faults = NULL;
      const char *class_name =
          i < rows->len ? ((TwinStoreOutcome *) rows->pdata[i])->class_name
                        : NULL;

      if (i < rows->len &&
          (class_name == NULL || !g_hash_table_add (seen, (char *) class_name)))
        continue;
      faults = list_faults (rows, class_name);
      for (guint k = 0; k < faults->len; k++)
        print_reliability (ctl, table, journal, g_ptr_array_index (faults, k),
                           class_name, weight);
    }

  if (ctl->json)
    twin_ctl_table_free (table);
  else
    twin_ctl_table_print (table);
  return TWIN_CTL_DONE;
}

/* --- add, undo --------------------------------------------------------------
 */

static char *
dup_reliability (JsonObject *detail, const char *name)
{
  JsonObject     *object = json_object_get_object_member (detail, name);
  TwinReliability reliability = { 0 };

  if (object == NULL)
    return NULL;

  reliability.mean = json_object_get_double_member (object, "mean");
  reliability.p05 = json_object_get_double_member (object, "p05");
  reliability.p95 = json_object_get_double_member (object, "p95");
  return twin_reliability_format (&reliability);
}

/* What the answer's detail says, for people. */
static void
print_change (JsonObject *detail)
{
  g_autofree char *before = dup_reliability (detail, "before");
  g_autofree char *after = dup_reliability (detail, "after");

  g_print ("Outcome %" G_GINT64_FORMAT
           ": reliability of “%s” on such machines %s → %s\n",
           json_object_get_int_member (detail, "outcome"),
           json_object_get_string_member (detail, "element"), before, after);
}

static char *
make_arguments (char      **argv,
                int         argc,
                const char *names[],
                const char *values[],
                size_t      n)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (root, object);
  if (argc > 2)
    json_object_set_string_member (object, "verdict", argv[2]);
  for (size_t i = 0; i < n; i++)
    {
      if (values[i] != NULL)
        json_object_set_string_member (object, names[i], values[i]);
    }

  return json_to_string (root, FALSE);
}

static int
add (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *element = NULL, *found = NULL, *note = NULL, *order = NULL;
  gboolean           closing = FALSE;
  double             wait = WAIT_S;
  const GOptionEntry entries[] = {
    { "element", 0, 0, G_OPTION_ARG_STRING, &element, NULL, NULL },
    { "found", 0, 0, G_OPTION_ARG_STRING, &found, NULL, NULL },
    { "note", 0, 0, G_OPTION_ARG_STRING, &note, NULL, NULL },
    { "order", 0, 0, G_OPTION_ARG_STRING, &order, NULL, NULL },
    { "close", 0, 0, G_OPTION_ARG_NONE, &closing, NULL, NULL },
    { "wait", 0, 0, G_OPTION_ARG_DOUBLE, &wait, NULL, NULL },
    { NULL }
  };
  const char      *names[] = { "element", "found", "note", "order" };
  TwinCtlAsk       ask = { .kind = TWIN_OUTBOX_OUTCOME, .number = -1 };
  g_autofree char *text = NULL;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc > 3 || argc < (closing ? 2 : 3))
    return twin_ctl_usage ("outcome add needs MACHINE and confirmed, false or "
                           "unknown");
  if (argc == 3 &&
      !twin_outcome_verdict_parse (argv[2], &(TwinOutcomeVerdict){ 0 }))
    return twin_ctl_usage ("an outcome is confirmed, false or unknown, not "
                           "“%s”",
                           argv[2]);

  {
    const char *values[] = { element, found, note, order };

    text = make_arguments (argv, argc, names, values, G_N_ELEMENTS (names));
  }
  ask.subject = argv[1];
  ask.name = closing ? "close" : "add";
  ask.text = text;
  ask.wait_s = wait;
  ask.print = print_change;
  return twin_ctl_ask (ctl, &ask);
}

static int
undo (TwinCtl *ctl, int argc, char **argv)
{
  TwinCtlAsk ask = { .kind = TWIN_OUTBOX_OUTCOME,
                     .name = "undo",
                     .number = -1,
                     .wait_s = WAIT_S,
                     .print = print_change };

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("outcome undo needs the outcome's number (outcome "
                           "list)");

  ask.subject = argv[1];
  return twin_ctl_ask (ctl, &ask);
}

static int
relearn (TwinCtl *ctl, int argc, char **argv)
{
  TwinCtlAsk ask = {
    .kind = TWIN_OUTBOX_OUTCOME, .name = "relearn", .number = -1, .wait_s = 5
  };

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("baseline relearn needs a MACHINE");

  ask.subject = argv[1];
  return twin_ctl_ask (ctl, &ask);
}

const TwinCtlVerb twin_ctl_outcome_verbs[] = {
  { "outcome", "list", list, "", "Whether diagnoses were right, as told" },
  { "outcome", "reliability", reliability, "[--prior-weight CASES]",
    "How often each diagnosis was right" },
  { "outcome", "add", add,
    "MACHINE confirmed|false|unknown [--element FAULT] [--found TEXT] "
    "[--note TEXT] [--order ID] [--close] [--wait S]",
    "Says whether the last diagnosis was right; --close closes the order" },
  { "outcome", "undo", undo, "NUMBER", "Takes an outcome back" },
  { "baseline", "relearn", relearn, "MACHINE",
    "Forgets what is usual for a machine, so that it is learnt anew" },
  { NULL },
};
