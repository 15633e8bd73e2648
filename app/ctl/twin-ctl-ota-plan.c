/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-ota-plan.c - firmware campaigns: planned, started, followed */
#include "twin-ctl-session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "twin-ctl-group.h"
#include "twin-engine-outbox.h"
#include "twin-query.h"
#include "twin-shelf.h"
#include "twin-json-members.h"

/* An engine answers at once; it may be busy with a batch. */
#define WAIT_S 15

/* --- plan ------------------------------------------------------------------
 */

typedef struct
{
  char  *query, *group;
  char **twins;
  gint   canary, groups, parallel, soak, confirm; /* -1: the default */
  double go_on, stop;                             /* percent; -1 */
} PlanOptions;

static void
plan_options_clear (PlanOptions *options)
{
  g_free (options->query);
  g_free (options->group);
  g_strfreev (options->twins);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlanOptions, plan_options_clear)

/* Ids of the twins that are meant; char * that the array frees. */
static GPtrArray *
choose (const PlanOptions *options, TwinStoreReader *reader, GError **error)
{
  g_autoptr (TwinStoreGroup) group = NULL;
  GPtrArray *ids;

  if (options->query != NULL)
    return twin_query_collect_ids (options->query, reader, error);

  if (options->group != NULL)
    {
      group = twin_store_reader_get_group (reader, options->group, error);
      return group != NULL ? twin_ctl_group_members (reader, group, error)
                           : NULL;
    }

  ids = g_ptr_array_new_with_free_func (g_free);
  for (char **twin = options->twins; *twin != NULL; twin++)
    {
      g_autoptr (TwinStoreTwin) row =
          twin_store_reader_get_twin (reader, *twin, error);

      if (row == NULL)
        {
          g_ptr_array_unref (ids);
          return NULL;
        }
      g_ptr_array_add (ids, g_strdup (*twin));
    }
  return ids;
}

static void
add_limit (JsonBuilder *json, const char *name, double value, double scale)
{
  if (value < 0)
    return;
  json_builder_set_member_name (json, name);
  json_builder_add_double_value (json, value * scale);
}

static char *
plan_json (const PlanOptions *options, const char *digest, GPtrArray *ids)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *listed =
      options->twins != NULL ? g_strjoinv (", ", options->twins) : NULL;
  const char *target = options->query != NULL   ? options->query
                       : options->group != NULL ? options->group
                                                : listed;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "digest");
  json_builder_add_string_value (json, digest);
  json_builder_set_member_name (json, "target");
  json_builder_add_string_value (json, target);
  json_builder_set_member_name (json, "twins");
  json_builder_begin_array (json);
  for (guint i = 0; i < ids->len; i++)
    json_builder_add_string_value (json, g_ptr_array_index (ids, i));
  json_builder_end_array (json);
  json_builder_set_member_name (json, "limits");
  json_builder_begin_object (json);
  add_limit (json, "canaries", options->canary, 1);
  add_limit (json, "groups", options->groups, 1);
  add_limit (json, "parallel", options->parallel, 1);
  add_limit (json, "soakS", options->soak, 1);
  add_limit (json, "confirmS", options->confirm, 1);
  add_limit (json, "goOn", options->go_on, 0.01);
  add_limit (json, "stop", options->stop, 0.01);
  json_builder_end_object (json);
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "–");
}

static char *
describe_wave (int64_t wave)
{
  if (wave < 0)
    return g_strdup ("–");
  return wave == 0 ? g_strdup ("canary")
                   : g_strdup_printf ("group %" PRId64, wave);
}

static void
print_plan (JsonObject *detail)
{
  static const char *const headings[] = { "node", "machine", "has", "verdict",
                                          "turn", "why",     NULL };
  TwinCtlTable            *table = twin_ctl_table_new (headings);
  JsonArray *targets = json_object_get_array_member (detail, "targets");

  for (guint i = 0; i < json_array_get_length (targets); i++)
    {
      JsonObject      *target = json_array_get_object_element (targets, i);
      g_autofree char *wave =
          describe_wave (json_object_get_int_member (target, "wave"));

      twin_ctl_table_add (table, get_text (target, "node"),
                          get_text (target, "twin"),
                          get_text (target, "before"),
                          get_text (target, "verdict"), wave,
                          get_text (target, "why"));
    }
  twin_ctl_table_print (table);
  printf ("\n%" PRId64 " in, %" PRId64 " out, %" PRId64 " incompatible\n"
          "Campaign %" PRId64 ", plan %.12s; twinctl ota start %" PRId64
          " begins it\n",
          json_object_get_int_member (detail, "in"),
          json_object_get_int_member (detail, "out"),
          json_object_get_int_member (detail, "incompatible"),
          json_object_get_int_member (detail, "campaign"),
          get_text (detail, "hash"),
          json_object_get_int_member (detail, "campaign"));
}

/* @package: a file, which is kept first, or the digest of one that is kept.
 * Caller frees; NULL with *@status after a sentence. */
static char *
settle_package (TwinCtl *ctl, const char *package, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinPackage) read = NULL;
  uint8_t digest[TWIN_DIGEST_SIZE];

  if (twin_hex_parse (package, digest, sizeof digest))
    return twin_hex_format (digest, sizeof digest);

  read = twin_package_read (package, &error);
  if (read != NULL &&
      twin_shelf_add (ctl->store, read, ctl->operator_name, &error))
    return twin_hex_format (read->manifest.digest, TWIN_DIGEST_SIZE);

  *status = twin_ctl_fail_error (error->domain == TWIN_WIRE_ERROR
                                     ? TWIN_CTL_INPUT
                                     : TWIN_CTL_ENVIRONMENT,
                                 error);
  return NULL;
}

static int
do_plan (TwinCtl *ctl, const PlanOptions *options, const char *package)
{
  g_autoptr (GError) error = NULL;
  int              status = TWIN_CTL_DONE;
  g_autofree char *digest = settle_package (ctl, package, &status);
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) ids = NULL;
  g_autofree char *text = NULL;
  TwinCtlAsk       ask = { .kind = TWIN_OUTBOX_FIRMWARE,
                           .name = "plan",
                           .number = -1,
                           .wait_s = WAIT_S,
                           .print = print_plan };

  if (digest == NULL)
    return status;

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
  ids = choose (options, reader, &error);
  if (ids == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  ask.text = text = plan_json (options, digest, ids);
  return twin_ctl_ask (ctl, &ask);
}

static int
plan (TwinCtl *ctl, int argc, char **argv)
{
  g_auto (PlanOptions) o = { .canary = -1,
                             .groups = -1,
                             .parallel = -1,
                             .soak = -1,
                             .confirm = -1,
                             .go_on = -1,
                             .stop = -1 };
  const GOptionEntry entries[] = {
    { "query", 0, 0, G_OPTION_ARG_STRING, &o.query, NULL, "QUERY" },
    { "group", 0, 0, G_OPTION_ARG_STRING, &o.group, NULL, "NAME" },
    { "twin", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.twins, NULL, "ID" },
    { "canary", 0, 0, G_OPTION_ARG_INT, &o.canary, NULL, "N" },
    { "groups", 0, 0, G_OPTION_ARG_INT, &o.groups, NULL, "N" },
    { "parallel", 0, 0, G_OPTION_ARG_INT, &o.parallel, NULL, "N" },
    { "soak", 0, 0, G_OPTION_ARG_INT, &o.soak, NULL, "S" },
    { "confirm", 0, 0, G_OPTION_ARG_INT, &o.confirm, NULL, "S" },
    { "go-on", 0, 0, G_OPTION_ARG_DOUBLE, &o.go_on, NULL, "PERCENT" },
    { "stop", 0, 0, G_OPTION_ARG_DOUBLE, &o.stop, NULL, "PERCENT" },
    { NULL },
  };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2 ||
      (o.query != NULL) + (o.group != NULL) + (o.twins != NULL) != 1)
    return twin_ctl_usage ("ota plan needs PACKAGE, and either --query, "
                           "--group or --twin");
  return do_plan (ctl, &o, argv[1]);
}

/* --- start, pause, resume, abort, retry ------------------------------------
 */

static int
act (TwinCtl *ctl, const char *what, int argc, char **argv)
{
  g_autofree char   *hash = NULL;
  const GOptionEntry entries[] = {
    { "hash", 0, 0, G_OPTION_ARG_STRING, &hash, NULL, "HEX" },
    { NULL },
  };
  TwinCtlAsk ask = {
    .kind = TWIN_OUTBOX_FIRMWARE, .name = what, .number = -1, .wait_s = WAIT_S
  };
  g_autofree char *text = NULL;

  if (!twin_ctl_parse (&argc, &argv,
                       strcmp (what, "start") == 0 ? entries : NULL))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("ota %s needs one CAMPAIGN", what);
  if (hash != NULL && strspn (hash, "0123456789abcdef") != strlen (hash))
    return twin_ctl_usage ("--hash is the plan’s, in hexadecimal digits");

  if (hash != NULL)
    ask.text = text = g_strdup_printf ("{\"hash\":\"%s\"}", hash);
  ask.subject = argv[1];
  return twin_ctl_ask (ctl, &ask);
}

static int
start (TwinCtl *ctl, int argc, char **argv)
{
  return act (ctl, "start", argc, argv);
}

static int
pause_it (TwinCtl *ctl, int argc, char **argv)
{
  return act (ctl, "pause", argc, argv);
}

static int
resume (TwinCtl *ctl, int argc, char **argv)
{
  return act (ctl, "resume", argc, argv);
}

static int
abort_it (TwinCtl *ctl, int argc, char **argv)
{
  return act (ctl, "abort", argc, argv);
}

static int
retry (TwinCtl *ctl, int argc, char **argv)
{
  return act (ctl, "retry", argc, argv);
}

/* --- status ----------------------------------------------------------------
 */

static void
begin_campaign (JsonBuilder             *json,
                const TwinStoreCampaign *row,
                const TwinStoreFirmware *firmware)
{
  json_builder_begin_object (json);
  twin_json_add_integer (json, "campaign", row->id);
  twin_json_add_text (json, "version",
                      firmware != NULL ? firmware->version : NULL);
  twin_json_add_text (json, "digest", row->digest);
  twin_json_add_text (json, "state", row->state);
  twin_json_add_text (json, "why", row->why);
  twin_json_add_text (json, "hash", row->hash);
  twin_json_add_text (json, "who", row->who);
}

static int
list_campaigns (TwinCtl *ctl, TwinStoreReader *reader)
{
  static const char *const headings[] = { ">campaign", "firmware", "state",
                                          "why", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_campaigns (reader, &error);
  TwinCtlTable *table;

  if (rows == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  table = twin_ctl_table_new (headings);
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreCampaign *row = g_ptr_array_index (rows, i);
      g_autoptr (TwinStoreFirmware) firmware =
          twin_store_reader_get_firmware (reader, row->digest, NULL);
      g_autofree char *id = g_strdup_printf ("%" PRId64, row->id);
      g_autoptr (JsonBuilder) json = json_builder_new ();

      twin_ctl_table_add (table, id,
                          firmware != NULL ? firmware->version : NULL,
                          row->state, row->why);
      if (!ctl->json)
        continue;
      begin_campaign (json, row, firmware);
      json_builder_end_object (json);
      twin_ctl_print_builder (json);
    }

  if (ctl->json)
    twin_ctl_table_free (table);
  else
    twin_ctl_table_print (table);
  return TWIN_CTL_DONE;
}

/* "downloading 43 %" */
static char *
describe_state (const TwinStoreCampaignNode *row, int64_t size)
{
  if (row->state == NULL)
    return g_strdup (row->verdict);
  if (strcmp (row->state, "downloading") != 0 || size <= 0)
    return g_strdup (row->state);
  return g_strdup_printf ("%s %" PRId64 " %%", row->state,
                          100 * row->offset / size);
}

static void
print_campaign (const TwinStoreCampaign *row,
                const TwinStoreFirmware *firmware,
                GPtrArray               *nodes)
{
  static const char *const headings[] = { "node",  "machine", "had", "turn",
                                          "state", "why",     NULL };
  TwinCtlTable            *table = twin_ctl_table_new (headings);

  printf ("Campaign %" PRId64 ", firmware %s: %s%s%s\n\n", row->id,
          firmware != NULL ? firmware->version : row->digest, row->state,
          row->why != NULL ? "; " : "", row->why != NULL ? row->why : "");
  for (guint i = 0; i < nodes->len; i++)
    {
      const TwinStoreCampaignNode *node = g_ptr_array_index (nodes, i);
      g_autofree char             *wave = describe_wave (node->wave);
      g_autofree char             *state =
          describe_state (node, firmware != NULL ? firmware->size : 0);

      twin_ctl_table_add (table, node->node, node->twin, node->before, wave,
                          state, node->why);
    }
  twin_ctl_table_print (table);
}

static void
print_campaign_json (const TwinStoreCampaign *row,
                     const TwinStoreFirmware *firmware,
                     GPtrArray               *nodes)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  begin_campaign (json, row, firmware);
  json_builder_set_member_name (json, "nodes");
  json_builder_begin_array (json);
  for (guint i = 0; i < nodes->len; i++)
    {
      const TwinStoreCampaignNode *node = g_ptr_array_index (nodes, i);

      json_builder_begin_object (json);
      twin_json_add_text (json, "node", node->node);
      twin_json_add_text (json, "twin", node->twin);
      twin_json_add_text (json, "before", node->before);
      twin_json_add_text (json, "verdict", node->verdict);
      twin_json_add_integer (json, "wave", node->wave);
      twin_json_add_text (json, "state", node->state);
      twin_json_add_integer (json, "offset", node->offset);
      twin_json_add_integer (json, "attempts", node->attempts);
      twin_json_add_text (json, "why", node->why);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static int
status (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinStoreCampaign) row = NULL;
  g_autoptr (TwinStoreFirmware) firmware = NULL;
  g_autoptr (GPtrArray) nodes = NULL;

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc > 2)
    return twin_ctl_usage ("ota status takes one CAMPAIGN or none");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
  if (argc == 1)
    return list_campaigns (ctl, reader);

  row = twin_store_reader_get_campaign (reader,
                                        g_ascii_strtoll (argv[1], NULL, 10),
                                        &error);
  nodes = row != NULL
              ? twin_store_reader_list_campaign_nodes (reader, row->id, &error)
              : NULL;
  if (nodes == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  firmware = twin_store_reader_get_firmware (reader, row->digest, NULL);
  if (ctl->json)
    print_campaign_json (row, firmware, nodes);
  else
    print_campaign (row, firmware, nodes);
  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_ota_plan_verbs[] = {
  { "ota", "plan", plan,
    "PACKAGE --query QUERY|--group NAME|--twin ID… [--canary N] [--groups N] "
    "[--parallel N] [--soak S] [--confirm S] [--go-on %] [--stop %]",
    "Whom a firmware campaign would reach, and why; kept, not begun" },
  { "ota", "start", start, "CAMPAIGN [--hash HEX]",
    "Begins a campaign, if the plan still holds" },
  { "ota", "status", status, "[CAMPAIGN]",
    "Campaigns, or how far each node of one is" },
  { "ota", "pause", pause_it, "CAMPAIGN",
    "No further node is told, none gets more of the image" },
  { "ota", "resume", resume, "CAMPAIGN",
    "Goes on; of a stopped one in spite of its failures" },
  { "ota", "abort", abort_it, "CAMPAIGN",
    "Ends it; nodes that have the image already go their way" },
  { "ota", "retry", retry, "CAMPAIGN", "Another turn for nodes that failed" },
  { NULL },
};
