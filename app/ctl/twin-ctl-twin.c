/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "twin-ctl-graph.h"
#include "twin-json.h"
#include "twin-rules.h"
#include "twin-store-history.h"
#include "twin-store-log.h"

/* Everything an edit of one twin needs. */
typedef struct
{
  TwinStore       *store;
  TwinStoreReader *reader;
  TwinModelSet    *models;
} Edit;

static void
edit_clear (Edit *self)
{
  g_clear_pointer (&self->reader, twin_store_reader_close);
  g_clear_pointer (&self->store, twin_store_close);
  g_clear_pointer (&self->models, twin_model_set_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Edit, edit_clear)

static gboolean
edit_open (Edit *self, TwinCtl *ctl, GError **error)
{
  self->store = twin_ctl_open_store (ctl, error);
  if (self->store == NULL)
    return FALSE;

  self->reader = twin_store_reader_open (ctl->store, error);
  if (self->reader == NULL)
    return FALSE;

  self->models = twin_ctl_models_load (self->reader, error);
  return self->models != NULL;
}

/* Checks the twin, writes it and the audit entry as one. */
static gboolean
edit_put (Edit           *self,
          TwinCtl        *ctl,
          const TwinTwin *twin,
          const char     *if_etag,
          const char     *text,
          const char     *before,
          const char     *after,
          GError        **error)
{
  if (!twin_twin_check (twin, self->models, "", error) ||
      !twin_store_begin (self->store, error))
    return FALSE;

  if (twin_ctl_put_twin (self->store, twin, if_etag, error) &&
      twin_ctl_note_edit (ctl, self->store, twin->id, text, before, after,
                          error) &&
      twin_store_commit (self->store, error))
    return TRUE;

  twin_store_rollback (self->store);
  return FALSE;
}

/* --- create
 * ---------------------------------------------------------------------------
 */

static int
create (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *model = NULL;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, NULL, "DTMI" },
    { NULL },
  };
  g_auto (Edit) edit = { 0 };
  g_autoptr (TwinTwin) twin = NULL;
  g_autoptr (JsonNode) properties = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *after = NULL;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc < 2 || argc > 3 || model == NULL)
    return twin_ctl_usage ("twin create needs ID --model DTMI [JSON]");
  if (!twin_twin_id_is_valid (argv[1]))
    return twin_ctl_fail (TWIN_CTL_INPUT, "“%s” cannot be a twin's id",
                          argv[1]);

  properties = twin_json_parse ("JSON", argc == 3 ? argv[2] : "{}", -1, &error);
  if (properties == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);
  if (!JSON_NODE_HOLDS_OBJECT (properties))
    return twin_ctl_fail (TWIN_CTL_INPUT, "JSON must be an object");

  if (!edit_open (&edit, ctl, &error))
    return twin_ctl_fail_store (error);

  twin = twin_twin_new (argv[1], model, properties);
  after = twin_json_print (properties, FALSE);
  if (!edit_put (&edit, ctl, twin, "", "Twin created", NULL, after, &error))
    return twin_ctl_fail_store (error);

  return TWIN_CTL_DONE;
}

/* --- show
 * -------------------------------------------------------------------------------
 */

static void
print_related (TwinStoreReader *reader, const char *id)
{
  g_autoptr (GPtrArray) out =
      twin_store_reader_list_relationships (reader, id, NULL);
  g_autoptr (GPtrArray) in = twin_store_reader_list_incoming (reader, id, NULL);

  for (guint i = 0; out != NULL && i < out->len; i++)
    {
      const TwinStoreRelationship *one = g_ptr_array_index (out, i);

      printf ("  —%s→ %s\n", one->name, one->target);
    }

  for (guint i = 0; in != NULL && i < in->len; i++)
    {
      const TwinStoreRelationship *one = g_ptr_array_index (in, i);

      printf ("  ←%s— %s\n", one->name, one->source);
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

static int
show (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinTwin) twin = NULL;
  g_autoptr (JsonNode) document = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  Latest           latest = { NULL, NULL };

  if (argc != 2)
    return twin_ctl_usage ("twin show needs one ID");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_store (error);

  twin = twin_ctl_load_twin (reader, argv[1], &error);
  if (twin == NULL)
    return twin_ctl_fail_store (error);

  if (ctl->json)
    {
      document = twin_twin_to_json (twin);
      text = twin_json_print (document, FALSE);
      puts (text);
      return TWIN_CTL_DONE;
    }

  text = twin_json_print (twin->properties, TRUE);
  printf ("%s\n  id     %s\n  model  %s\n  state  %s\n  etag   %s\n",
          twin->display_name, twin->id, twin->model,
          twin_lifecycle_to_string (twin->lifecycle), twin->etag);
  print_related (reader, twin->id);
  puts (text);

  latest.twin = twin->id;
  if (!twin_store_reader_foreach_latest (reader, add_latest, &latest, &error))
    return twin_ctl_fail_store (error);
  if (latest.table != NULL)
    twin_ctl_table_print (latest.table);
  return TWIN_CTL_DONE;
}

/* --- set
 * ---------------------------------------------------------------------------------
 */

/* JSON, or else a plain word as a string. */
static JsonNode *
read_value (const char *text)
{
  JsonNode *node = twin_json_parse ("VALUE", text, -1, NULL);

  return node != NULL ? node : json_node_init_string (json_node_alloc (), text);
}

static int
set (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *if_etag = NULL;
  const GOptionEntry entries[] = {
    { "if-etag", 0, 0, G_OPTION_ARG_STRING, &if_etag, NULL, "ETAG" },
    { NULL },
  };
  g_auto (Edit) edit = { 0 };
  g_autoptr (TwinTwin) twin = NULL;
  g_autoptr (JsonNode) value = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *text = NULL;
  JsonNode        *old;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 4)
    return twin_ctl_usage ("twin set needs ID POINTER VALUE");

  if (!edit_open (&edit, ctl, &error))
    return twin_ctl_fail_store (error);

  twin = twin_ctl_load_twin (edit.reader, argv[1], &error);
  if (twin == NULL)
    return twin_ctl_fail_store (error);

  value = read_value (argv[3]);
  after = twin_json_print (value, FALSE);
  old = twin_twin_get (twin, argv[2]);
  before = old != NULL ? twin_json_print (old, FALSE) : NULL;
  text = g_strdup_printf ("%s set", argv[2]);
  if (!twin_twin_set (twin, argv[2], value, twin_clock_utc_us (),
                      TWIN_TIME_NONE, &error) ||
      !edit_put (&edit, ctl, twin, if_etag != NULL ? if_etag : twin->etag, text,
                 before, after, &error))
    return twin_ctl_fail_store (error);

  return TWIN_CTL_DONE;
}

/* --- life cycle
 * ---------------------------------------------------------------------------
 */

static int
change_lifecycle (TwinCtl      *ctl,
                  int           argc,
                  char        **argv,
                  TwinLifecycle to,
                  const char   *text)
{
  g_auto (Edit) edit = { 0 };
  g_autoptr (TwinTwin) twin = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 2)
    return twin_ctl_usage ("twin %s needs one ID", argv[0]);
  if (!edit_open (&edit, ctl, &error))
    return twin_ctl_fail_store (error);

  twin = twin_ctl_load_twin (edit.reader, argv[1], &error);
  if (twin == NULL)
    return twin_ctl_fail_store (error);
  if (!twin_lifecycle_check_change (twin->lifecycle, to, &error))
    return twin_ctl_fail (TWIN_CTL_INPUT, "%s: %s", argv[1], error->message);

  twin->lifecycle = to;
  if (!edit_put (&edit, ctl, twin, twin->etag, text, NULL, NULL, &error))
    return twin_ctl_fail_store (error);

  return TWIN_CTL_DONE;
}

static int
retire (TwinCtl *ctl, int argc, char **argv)
{
  return change_lifecycle (ctl, argc, argv, TWIN_LIFECYCLE_RETIRED,
                           "Twin retired");
}

static int
restore (TwinCtl *ctl, int argc, char **argv)
{
  return change_lifecycle (ctl, argc, argv, TWIN_LIFECYCLE_IN_SERVICE,
                           "Twin restored");
}

static int
delete_twin (TwinCtl *ctl, int argc, char **argv)
{
  g_auto (Edit) edit = { 0 };
  g_autoptr (TwinTwin) twin = NULL;
  g_autoptr (JsonNode) document = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;

  if (argc != 2)
    return twin_ctl_usage ("twin delete needs one ID");
  if (!edit_open (&edit, ctl, &error))
    return twin_ctl_fail_store (error);

  twin = twin_ctl_load_twin (edit.reader, argv[1], &error);
  if (twin == NULL)
    return twin_ctl_fail_store (error);

  document = twin_twin_to_json (twin);
  before = twin_json_print (document, FALSE);
  if (!twin_store_begin (edit.store, &error))
    return twin_ctl_fail_store (error);
  if (!twin_store_delete_twin (edit.store, argv[1], NULL, &error) ||
      !twin_ctl_note_edit (ctl, edit.store, argv[1], "Twin deleted", before,
                           NULL, &error) ||
      !twin_store_commit (edit.store, &error))
    {
      twin_store_rollback (edit.store);
      return twin_ctl_fail_store (error);
    }

  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_twin_verbs[] = {
  { "twin", "create", create, "ID --model DTMI [JSON]", "a new twin" },
  { "twin", "show", show, "ID", "one twin, its neighbours and its values" },
  { "twin", "set", set, "ID POINTER VALUE [--if-etag ETAG]",
    "change one property; VALUE is JSON, or a word" },
  { "twin", "retire", retire, "ID", "take it out of service" },
  { "twin", "restore", restore, "ID", "put it back into service" },
  { "twin", "delete", delete_twin, "ID",
    "remove a twin without relationships" },
  { NULL },
};
