/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-twin.c - twins: made, shown, changed, taken out of service */
#include <stdio.h>
#include <string.h>

#include "twin-ctl-edit.h"
#include "twin-json.h"
#include "twin-store-changes.h"
#include "twin-store-history.h"
#include "twin-store-twins.h"

/* --- create
 * ---------------------------------------------------------------------------
 */

static int
create (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char *model = NULL, *state = NULL;
  g_auto (GStrv) tags = NULL;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, NULL, "DTMI" },
    { "tag", 0, 0, G_OPTION_ARG_STRING_ARRAY, &tags, NULL, "TAG" },
    { "state", 0, 0, G_OPTION_ARG_STRING, &state, NULL, "STATE" },
    { NULL },
  };
  g_autoptr (JsonNode) properties = NULL;
  TwinEdit edit = { .kind = TWIN_EDIT_CREATE_TWIN };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc < 2 || argc > 3 || model == NULL)
    return twin_ctl_usage ("twin create needs ID --model DTMI [JSON]");

  properties = twin_ctl_object (argc == 3 ? argv[2] : NULL);
  if (properties == NULL)
    return TWIN_CTL_INPUT;

  edit.id = argv[1];
  edit.model = model;
  edit.json = argc == 3 ? argv[2] : NULL;
  edit.add = (const char *const *) tags;
  edit.lifecycle = state;
  return twin_ctl_edit (ctl, &edit);
}

/* --- show
 * -------------------------------------------------------------------------------
 */

static void
print_ends (TwinStoreReader *reader,
            const char      *id,
            int64_t          at_us,
            gboolean         incoming)
{
  g_autoptr (GPtrArray) rows = NULL;

  if (at_us != TWIN_TIME_NONE)
    rows = twin_store_reader_list_relationships_at (reader, id, incoming, at_us,
                                                    NULL);
  else if (incoming)
    rows = twin_store_reader_list_incoming (reader, id, NULL);
  else
    rows = twin_store_reader_list_relationships (reader, id, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreRelationship *one = g_ptr_array_index (rows, i);

      printf (incoming ? "  ←%s— %s\n" : "  —%s→ %s\n", one->name,
              incoming ? one->source : one->target);
    }
}

typedef struct
{
  const char   *twin;
  TwinCtlTable *table;
} Latest;

static void
add_latest (const TwinStoreLatest *latest, void *data)
{
  static const char *const headings[] = { "SIGNAL", ">VALUE", "UNIT", "TIME",
                                          NULL };
  Latest                  *self = data;
  char                     number[32];
  g_autofree char         *time = NULL;

  if (strcmp (latest->signal.twin, self->twin) != 0 ||
      latest->time_us == TWIN_TIME_NONE)
    return;

  if (self->table == NULL)
    self->table = twin_ctl_table_new (headings);

  time = twin_clock_format_utc (latest->time_us);
  g_snprintf (number, sizeof number, "%.6g", latest->value);
  twin_ctl_table_add (self->table, latest->signal.path,
                      latest->text != NULL ? latest->text : number,
                      latest->signal.unit, time);
}

static void
print_head (const TwinTwin *twin)
{
  g_autofree char *properties = twin_json_print (twin->properties, TRUE);
  g_autofree char *tags =
      twin->tags != NULL ? g_strjoinv (", ", twin->tags) : NULL;
  g_autofree char *time = twin->updated_us != TWIN_TIME_NONE
                              ? twin_clock_format_utc (twin->updated_us)
                              : NULL;

  printf ("%s\n  id     %s\n  model  %s\n  state  %s\n", twin->display_name,
          twin->id, twin->model, twin_lifecycle_to_string (twin->lifecycle));
  if (tags != NULL)
    printf ("  tags   %s\n", tags);
  printf ("  etag   %s\n", twin->etag);
  if (time != NULL)
    printf ("  since  %s\n", time);
  puts (properties);
}

static int
print_twin (TwinStoreReader *reader, const TwinTwin *twin, int64_t at_us)
{
  g_autoptr (GError) error = NULL;
  Latest latest = { twin->id, NULL };

  print_head (twin);
  print_ends (reader, twin->id, at_us, FALSE);
  print_ends (reader, twin->id, at_us, TRUE);
  if (at_us != TWIN_TIME_NONE)
    return TWIN_CTL_DONE;
  if (!twin_ctl_print_properties (reader, twin, &error) ||
      !twin_store_reader_foreach_latest (reader, add_latest, &latest, &error))
    return twin_ctl_fail_edit (error);
  if (latest.table != NULL)
    twin_ctl_table_print (latest.table);
  return TWIN_CTL_DONE;
}

static int
show (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *at = NULL;
  const GOptionEntry entries[] = {
    { "at", 0, 0, G_OPTION_ARG_STRING, &at, NULL, "TIME" },
    { NULL },
  };
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinTwin) twin = NULL;
  g_autoptr (JsonNode) document = NULL;
  g_autoptr (GError) error = NULL;
  int64_t at_us = TWIN_TIME_NONE;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("twin show needs one ID");
  if (at != NULL && !twin_ctl_parse_time (at, twin_clock_utc_us (), &at_us))
    return twin_ctl_usage ("“%s” is no time; write 2026-05-01T10:00Z or -1h",
                           at);

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader != NULL)
    twin = at == NULL ? twin_store_reader_load_twin (reader, argv[1], &error)
                      : twin_store_reader_load_twin_at (reader, argv[1], at_us,
                                                        &error);
  if (twin == NULL)
    return twin_ctl_fail_edit (error);
  if (!ctl->json)
    return print_twin (reader, twin, at_us);

  document = twin_twin_to_json (twin);
  twin_ctl_print_document (ctl, document);
  return TWIN_CTL_DONE;
}

/* --- list
 * -------------------------------------------------------------------------------
 */

typedef struct
{
  char         *model, *tag, *state;
  TwinModelSet *models;
  TwinLifecycle lifecycle;
} Filter;

static gboolean
is_wanted (const Filter *filter, const TwinTwin *twin)
{
  return (filter->model == NULL ||
          twin_model_set_is_of_model (filter->models, twin->model,
                                      filter->model, FALSE)) &&
         (filter->tag == NULL || twin_twin_has_tag (twin, filter->tag)) &&
         (filter->state == NULL || twin->lifecycle == filter->lifecycle);
}

static int
print_twins (TwinCtl *ctl, TwinEditor *editor, const Filter *filter)
{
  static const char *const headings[] = { "ID",    "NAME", "MODEL",
                                          "STATE", "TAGS", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_twins (twin_editor_get_reader (editor), &error);
  TwinCtlTable *table;

  if (rows == NULL)
    return twin_ctl_fail_edit (error);

  table = twin_ctl_table_new (headings);
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreTwin *row = g_ptr_array_index (rows, i);
      g_autoptr (TwinTwin) twin =
          twin_twin_from_props (row->id, row->model, row->lifecycle, row->etag,
                                row->props, &error);
      g_autoptr (JsonNode) document = NULL;
      g_autofree char *tags = NULL;

      if (twin == NULL)
        {
          twin_ctl_table_free (table);
          return twin_ctl_fail_edit (error);
        }
      if (!is_wanted (filter, twin))
        continue;
      if (ctl->json)
        {
          document = twin_twin_to_json (twin);
          twin_ctl_print_document (ctl, document);
          continue;
        }

      tags = twin->tags != NULL ? g_strjoinv (", ", twin->tags) : NULL;
      twin_ctl_table_add (table, twin->id, twin->display_name, twin->model,
                          twin_lifecycle_to_string (twin->lifecycle),
                          tags != NULL ? tags : "");
    }

  if (ctl->json)
    twin_ctl_table_free (table);
  else
    twin_ctl_table_print (table);
  return TWIN_CTL_DONE;
}

static int
list (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *model = NULL, *tag = NULL, *state = NULL;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, NULL, "DTMI" },
    { "tag", 0, 0, G_OPTION_ARG_STRING, &tag, NULL, "TAG" },
    { "state", 0, 0, G_OPTION_ARG_STRING, &state, NULL, "STATE" },
    { NULL },
  };
  g_autoptr (TwinEditor) editor = NULL;
  g_autoptr (GError) error = NULL;
  Filter filter = { NULL };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 1)
    return twin_ctl_usage ("twin list takes options only");

  filter = (Filter){ .model = model, .tag = tag, .state = state };
  if (state != NULL && !twin_lifecycle_from_string (state, &filter.lifecycle))
    return twin_ctl_fail (TWIN_CTL_INPUT,
                          "“%s” is no state; it is planned, commissioned, in "
                          "service, retired or archived",
                          state);

  editor = twin_ctl_open_editor (ctl, &error);
  if (editor != NULL)
    filter.models = twin_editor_get_models (editor, &error);
  if (filter.models == NULL)
    return twin_ctl_fail_edit (error);

  return print_twins (ctl, editor, &filter);
}

/* --- set, patch
 * ---------------------------------------------------------------------------
 */

static int
set (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *if_etag = NULL;
  const GOptionEntry entries[] = {
    { "if-etag", 0, 0, G_OPTION_ARG_STRING, &if_etag, NULL, "ETAG" },
    { NULL },
  };
  g_autofree char *value = NULL;
  TwinEdit         edit = { .kind = TWIN_EDIT_SET_PROPERTY };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 4)
    return twin_ctl_usage ("twin set needs ID POINTER VALUE");

  value = twin_ctl_value (argv[3]);
  edit.id = argv[1];
  edit.name = argv[2];
  edit.json = value;
  edit.if_etag = if_etag;
  return twin_ctl_edit (ctl, &edit);
}

static int
patch (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *if_etag = NULL, *file = NULL;
  const GOptionEntry entries[] = {
    { "if-etag", 0, 0, G_OPTION_ARG_STRING, &if_etag, NULL, "ETAG" },
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, NULL, "FILE" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize            length;
  TwinEdit         edit = { .kind = TWIN_EDIT_PATCH_TWIN };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != (file != NULL ? 2 : 3))
    return twin_ctl_usage ("twin patch needs ID and a JSON Patch, or --file");

  if (file != NULL)
    {
      text = twin_ctl_read (file, &length, &error);
      if (text == NULL)
        return twin_ctl_fail_error (TWIN_CTL_INPUT, error);
    }

  edit.id = argv[1];
  edit.json = text != NULL ? text : argv[2];
  edit.if_etag = if_etag;
  return twin_ctl_edit (ctl, &edit);
}

/* --- tags
 * ------------------------------------------------------------------------- */

/* "+a" adds, "-b" removes: so the words are not options, and read by hand. */
static int
tag (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (GPtrArray) add = g_ptr_array_new ();
  g_autoptr (GPtrArray) remove = g_ptr_array_new ();
  TwinEdit edit = { .kind = TWIN_EDIT_TAG_TWIN };

  for (int i = 1; i < argc; i++)
    {
      if (strcmp (argv[i], "--if-etag") == 0 && i + 1 < argc)
        edit.if_etag = argv[++i];
      else if (g_str_has_prefix (argv[i], "--if-etag="))
        edit.if_etag = argv[i] + strlen ("--if-etag=");
      else if (edit.id == NULL && *argv[i] != '+' && *argv[i] != '-')
        edit.id = argv[i];
      else if (*argv[i] == '+')
        g_ptr_array_add (add, argv[i] + 1);
      else if (*argv[i] == '-' && argv[i][1] != '-')
        g_ptr_array_add (remove, argv[i] + 1);
      else
        return twin_ctl_usage ("“%s” is no tag: +TAG adds one, -TAG removes "
                               "one",
                               argv[i]);
    }

  if (edit.id == NULL || add->len + remove->len == 0)
    return twin_ctl_usage ("twin tag needs ID and +TAG or -TAG");

  g_ptr_array_add (add, NULL);
  g_ptr_array_add (remove, NULL);
  edit.add = (const char *const *) add->pdata;
  edit.remove = (const char *const *) remove->pdata;
  return twin_ctl_edit (ctl, &edit);
}

/* --- life cycle
 * ---------------------------------------------------------------------------
 */

/* @to: or as --to says, where @other. */
static int
change_lifecycle (TwinCtl      *ctl,
                  int           argc,
                  char        **argv,
                  TwinLifecycle to,
                  gboolean      other)
{
  g_autofree char   *if_etag = NULL, *state = NULL;
  const GOptionEntry entries[] = {
    { "if-etag", 0, 0, G_OPTION_ARG_STRING, &if_etag, NULL, "ETAG" },
    { other ? "to" : NULL, 0, 0, G_OPTION_ARG_STRING, &state, NULL, "STATE" },
    { NULL },
  };
  TwinEdit edit = { .kind = TWIN_EDIT_SET_LIFECYCLE };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("twin %s needs one ID", argv[0]);

  edit.id = argv[1];
  edit.name = state != NULL ? state : twin_lifecycle_to_string (to);
  edit.if_etag = if_etag;
  return twin_ctl_edit (ctl, &edit);
}

static int
retire (TwinCtl *ctl, int argc, char **argv)
{
  return change_lifecycle (ctl, argc, argv, TWIN_LIFECYCLE_RETIRED, FALSE);
}

static int
archive (TwinCtl *ctl, int argc, char **argv)
{
  return change_lifecycle (ctl, argc, argv, TWIN_LIFECYCLE_ARCHIVED, FALSE);
}

static int
restore (TwinCtl *ctl, int argc, char **argv)
{
  return change_lifecycle (ctl, argc, argv, TWIN_LIFECYCLE_IN_SERVICE, TRUE);
}

static int
delete_twin (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *if_etag = NULL;
  gboolean           cascade = FALSE;
  const GOptionEntry entries[] = {
    { "if-etag", 0, 0, G_OPTION_ARG_STRING, &if_etag, NULL, "ETAG" },
    { "with-relationships", 0, 0, G_OPTION_ARG_NONE, &cascade, NULL, NULL },
    { NULL },
  };
  TwinEdit edit = { .kind = TWIN_EDIT_DELETE_TWIN };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("twin delete needs one ID");

  edit.id = argv[1];
  edit.if_etag = if_etag;
  edit.cascade = cascade;
  return twin_ctl_edit (ctl, &edit);
}

const TwinCtlVerb twin_ctl_twin_verbs[] = {
  { "twin", "create", create,
    "ID --model DTMI [--tag TAG]… [--state STATE] [JSON]",
    "a new twin; components that JSON leaves out are empty" },
  { "twin", "show", show, "ID [--at TIME]",
    "one twin, its neighbours and its values; or as it was" },
  { "twin", "list", list, "[--model DTMI] [--tag TAG] [--state STATE]",
    "the twins; --model takes those derived from it, too" },
  { "twin", "set", set, "ID POINTER VALUE [--if-etag ETAG]",
    "change one property; VALUE is JSON, or a word" },
  { "twin", "patch", patch, "ID JSON-PATCH | --file FILE [--if-etag ETAG]",
    "change several things at once (RFC 6902), all or nothing" },
  { "twin", "tag", tag, "ID +TAG… -TAG… [--if-etag ETAG]",
    "put tags on it and take tags off" },
  { "twin", "retire", retire, "ID [--if-etag ETAG]",
    "take it out of service; nothing of it is lost" },
  { "twin", "restore", restore, "ID [--to STATE] [--if-etag ETAG]",
    "put it (back) into service, or into another STATE" },
  { "twin", "archive", archive, "ID [--if-etag ETAG]",
    "hide a retired twin everywhere but in history" },
  { "twin", "delete", delete_twin, "ID [--with-relationships] [--if-etag ETAG]",
    "remove a twin; one that a node serves must be retired first" },
  { NULL },
};
