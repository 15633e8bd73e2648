/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-relationship.c - relationships between twins */
#include <stdio.h>
#include <string.h>

#include "twin-ctl-edit.h"
#include "twin-json.h"
#include "twin-twin.h"

static TwinRelationship *
from_row (const TwinStoreRelationship *row, GError **error)
{
  return twin_relationship_from_props (row->source, row->id, row->name,
                                       row->target, row->etag, row->props,
                                       error);
}

/* --- create
 * ------------------------------------------------------------------------ */

static int
create (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *id = NULL;
  const GOptionEntry entries[] = {
    { "id", 0, 0, G_OPTION_ARG_STRING, &id, NULL, "ID" },
    { NULL },
  };
  g_autoptr (JsonNode) properties = NULL;
  TwinEdit edit = { .kind = TWIN_EDIT_CREATE_RELATIONSHIP };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc < 4 || argc > 5)
    return twin_ctl_usage ("relationship create needs SOURCE NAME TARGET "
                           "[JSON]");

  properties = twin_ctl_object (argc == 5 ? argv[4] : NULL);
  if (properties == NULL)
    return TWIN_CTL_INPUT;
  if (id == NULL)
    id = g_strdup_printf ("%s-%s-%s", argv[1], argv[2], argv[3]);

  edit.id = argv[1];
  edit.relationship = id;
  edit.name = argv[2];
  edit.target = argv[3];
  edit.json = argc == 5 ? argv[4] : NULL;
  return twin_ctl_edit (ctl, &edit);
}

/* --- show, list
 * -------------------------------------------------------------------- */

static void
print_one (TwinCtl *ctl, const TwinRelationship *one)
{
  g_autoptr (JsonNode) document = twin_relationship_to_json (one);
  g_autofree char *properties = NULL;

  if (ctl->json)
    {
      twin_ctl_print_document (ctl, document);
      return;
    }

  properties = twin_json_print (one->properties, TRUE);
  printf ("%s —%s→ %s\n  id    %s\n  etag  %s\n%s\n", one->source, one->name,
          one->target, one->id, one->etag, properties);
}

static int
show (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  if (argc != 3)
    return twin_ctl_usage ("relationship show needs SOURCE ID");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader != NULL)
    rows = twin_store_reader_list_relationships (reader, argv[1], &error);
  if (rows == NULL)
    return twin_ctl_fail_edit (error);

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (rows, i);
      g_autoptr (TwinRelationship) one = NULL;

      if (strcmp (row->id, argv[2]) != 0)
        continue;

      one = from_row (row, &error);
      if (one == NULL)
        return twin_ctl_fail_edit (error);
      print_one (ctl, one);
      return TWIN_CTL_DONE;
    }

  return twin_ctl_fail (TWIN_CTL_INPUT, "“%s” has no relationship “%s”",
                        argv[1], argv[2]);
}

static int
print_rows (TwinCtl    *ctl,
            GPtrArray  *rows,
            const char *name,
            const char *source,
            const char *target)
{
  static const char *const headings[] = { "SOURCE", "NAME", "TARGET", "ID",
                                          NULL };
  TwinCtlTable            *table = twin_ctl_table_new (headings);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < rows->len && error == NULL; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (rows, i);
      g_autoptr (TwinRelationship) one = NULL;

      if ((name != NULL && strcmp (row->name, name) != 0) ||
          (source != NULL && strcmp (row->source, source) != 0) ||
          (target != NULL && strcmp (row->target, target) != 0))
        continue;

      if (!ctl->json)
        twin_ctl_table_add (table, row->source, row->name, row->target,
                            row->id);
      else if ((one = from_row (row, &error)) != NULL)
        print_one (ctl, one);
    }

  if (ctl->json || error != NULL)
    twin_ctl_table_free (table);
  else
    twin_ctl_table_print (table);
  return error != NULL ? twin_ctl_fail_edit (error) : TWIN_CTL_DONE;
}

static int
list (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *source = NULL, *target = NULL, *name = NULL;
  const GOptionEntry entries[] = {
    { "source", 0, 0, G_OPTION_ARG_STRING, &source, NULL, "ID" },
    { "target", 0, 0, G_OPTION_ARG_STRING, &target, NULL, "ID" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, "NAME" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 1)
    return twin_ctl_usage ("relationship list takes options only");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader != NULL)
    rows = source == NULL && target != NULL
               ? twin_store_reader_list_incoming (reader, target, &error)
               : twin_store_reader_list_relationships (reader, source, &error);
  if (rows == NULL)
    return twin_ctl_fail_edit (error);

  return print_rows (ctl, rows, name, source, target);
}

/* --- set, patch, delete
 * ------------------------------------------------------------ */

/* An edit of one that is there: SOURCE ID, @more words, --if-etag. */
static gboolean
take (int *argc, char ***argv, int more, TwinEdit *edit, char **if_etag)
{
  const GOptionEntry entries[] = {
    { "if-etag", 0, 0, G_OPTION_ARG_STRING, if_etag, NULL, "ETAG" },
    { NULL },
  };

  if (!twin_ctl_parse (argc, argv, entries))
    return FALSE;
  if (*argc != 3 + more)
    {
      twin_ctl_usage ("relationship %s needs SOURCE ID%s", (*argv)[0],
                      more == 2   ? " POINTER VALUE"
                      : more == 1 ? " JSON-PATCH"
                                  : "");
      return FALSE;
    }

  edit->id = (*argv)[1];
  edit->relationship = (*argv)[2];
  edit->if_etag = *if_etag;
  return TRUE;
}

static int
set (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char *if_etag = NULL;
  g_autoptr (GString) text = g_string_new ("[{\"op\":\"add\",\"path\":");
  g_autofree char *value = NULL;
  TwinEdit         edit = { .kind = TWIN_EDIT_PATCH_RELATIONSHIP };

  if (!take (&argc, &argv, 2, &edit, &if_etag))
    return TWIN_CTL_USAGE;

  value = twin_ctl_value (argv[4]);
  twin_json_append_string (text, argv[3]);
  g_string_append_printf (text, ",\"value\":%s}]", value);
  edit.json = text->str;
  return twin_ctl_edit (ctl, &edit);
}

static int
patch (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char *if_etag = NULL;
  TwinEdit         edit = { .kind = TWIN_EDIT_PATCH_RELATIONSHIP };

  if (!take (&argc, &argv, 1, &edit, &if_etag))
    return TWIN_CTL_USAGE;

  edit.json = argv[3];
  return twin_ctl_edit (ctl, &edit);
}

static int
delete_relationship (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char *if_etag = NULL;
  TwinEdit         edit = { .kind = TWIN_EDIT_DELETE_RELATIONSHIP };

  if (!take (&argc, &argv, 0, &edit, &if_etag))
    return TWIN_CTL_USAGE;

  return twin_ctl_edit (ctl, &edit);
}

const TwinCtlVerb twin_ctl_relationship_verbs[] = {
  { "relationship", "create", create, "SOURCE NAME TARGET [JSON] [--id ID]",
    "relate two twins; JSON: its properties" },
  { "relationship", "show", show, "SOURCE ID", "one relationship" },
  { "relationship", "list", list, "[--source ID] [--target ID] [--name NAME]",
    "the relationships" },
  { "relationship", "set", set, "SOURCE ID POINTER VALUE [--if-etag ETAG]",
    "change one of its properties" },
  { "relationship", "patch", patch, "SOURCE ID JSON-PATCH [--if-etag ETAG]",
    "change several at once (RFC 6902)" },
  { "relationship", "delete", delete_relationship, "SOURCE ID [--if-etag ETAG]",
    "remove it; the twins stay" },
  { NULL },
};
