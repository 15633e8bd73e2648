/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-group.c - groups of twins: listed, or as a query says */
#include <stdio.h>
#include <string.h>

#include "twin-ctl-edit.h"
#include "twin-ctl-group.h"
#include "twin-json.h"
#include "twin-query.h"
#include "twin-store-groups.h"

GPtrArray *
twin_ctl_group_members (TwinStoreReader      *reader,
                        const TwinStoreGroup *group,
                        GError              **error)
{
  GPtrArray *members;

  if (group->query != NULL)
    {
      members = twin_query_collect_ids (group->query, reader, error);
      if (members == NULL)
        g_prefix_error (error, "The query of group “%s”: ", group->name);
      return members;
    }

  return twin_store_group_list_members (group, error);
}

/* --- create
 * ----------------------------------------------------------------------- */

static int
create (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *query = NULL, *members = NULL, *tier = NULL, *note = NULL;
  const GOptionEntry entries[] = {
    { "query", 0, 0, G_OPTION_ARG_STRING, &query, NULL, "QUERY" },
    { "members", 0, 0, G_OPTION_ARG_STRING, &members, NULL, "ID,…" },
    { "tier", 0, 0, G_OPTION_ARG_STRING, &tier, NULL, "full|thresholds" },
    { "note", 0, 0, G_OPTION_ARG_STRING, &note, NULL, "TEXT" },
    { NULL },
  };
  g_auto (GStrv) ids = NULL;
  TwinEdit edit = { .kind = TWIN_EDIT_PUT_GROUP };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2 || (query != NULL) == (members != NULL))
    return twin_ctl_usage ("group create needs NAME, and either --query or "
                           "--members");
  if (tier != NULL && strcmp (tier, "full") != 0 &&
      strcmp (tier, "thresholds") != 0)
    return twin_ctl_usage ("--tier is full or thresholds");

  if (members != NULL)
    ids = g_strsplit (members, ",", -1);
  edit.id = argv[1];
  edit.query = query;
  edit.members = (const char *const *) ids;
  edit.tier = tier;
  edit.note = note;
  edit.if_etag = ""; /* one that is there is not replaced */
  return twin_ctl_edit (ctl, &edit);
}

/* --- list, show
 * --------------------------------------------------------------------- */

static void
add_member (JsonBuilder *json, const char *name, const char *value)
{
  if (value == NULL)
    return;

  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

static void
print_json (const TwinStoreGroup *group, GPtrArray *members)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  add_member (json, "name", group->name);
  add_member (json, "query", group->query);
  add_member (json, "tier", group->tier);
  add_member (json, "note", group->note);
  json_builder_set_member_name (json, "members");
  json_builder_begin_array (json);
  for (guint i = 0; i < members->len; i++)
    json_builder_add_string_value (json, g_ptr_array_index (members, i));
  json_builder_end_array (json);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static int
list (TwinCtl *ctl, int argc, char **argv)
{
  static const char *const headings[] = { "NAME", ">MEMBERS", "TIER",
                                          "NOTE", "QUERY",    NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  TwinCtlTable *table;

  if (argc != 1)
    return twin_ctl_usage ("group list takes no more words");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader != NULL)
    rows = twin_store_reader_list_groups (reader, &error);
  if (rows == NULL)
    return twin_ctl_fail_edit (error);

  table = twin_ctl_table_new (headings);
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreGroup *group = g_ptr_array_index (rows, i);
      g_autoptr (GError) why = NULL;
      g_autoptr (GPtrArray) members =
          twin_ctl_group_members (reader, group, &why);
      g_autofree char *count = NULL;

      /* One bad query must not hide the other groups. */
      if (members == NULL)
        twin_ctl_fail_error (TWIN_CTL_INPUT, why);
      else if (ctl->json)
        print_json (group, members);
      else
        count = g_strdup_printf ("%u", members->len);
      if (!ctl->json)
        twin_ctl_table_add (table, group->name, count, group->tier, group->note,
                            group->query);
    }

  if (ctl->json)
    twin_ctl_table_free (table);
  else
    twin_ctl_table_print (table);
  return TWIN_CTL_DONE;
}

static int
show (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinStoreGroup) group = NULL;
  g_autoptr (GPtrArray) members = NULL;

  if (argc != 2)
    return twin_ctl_usage ("group show needs one NAME");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader != NULL)
    group = twin_store_reader_get_group (reader, argv[1], &error);
  if (group != NULL)
    members = twin_ctl_group_members (reader, group, &error);
  if (members == NULL)
    return twin_ctl_fail_edit (error);

  if (ctl->json)
    {
      print_json (group, members);
      return TWIN_CTL_DONE;
    }

  printf ("%s\n", group->name);
  if (group->note != NULL)
    printf ("  note   %s\n", group->note);
  if (group->query != NULL)
    printf ("  query  %s\n", group->query);
  printf ("  tier   %s\n  %u members\n",
          group->tier != NULL ? group->tier : "none given (full)",
          members->len);
  for (guint i = 0; i < members->len; i++)
    printf ("%s\n", (const char *) g_ptr_array_index (members, i));
  return TWIN_CTL_DONE;
}

/* --- add, remove, delete
 * ----------------------------------------------------------- */

static int
add (TwinCtl *ctl, int argc, char **argv)
{
  TwinEdit edit = { .kind = TWIN_EDIT_PUT_GROUP };

  if (argc < 3)
    return twin_ctl_usage ("group add needs NAME and IDs");

  edit.id = argv[1];
  argv[argc] = NULL;
  edit.add = (const char *const *) argv + 2;
  return twin_ctl_edit (ctl, &edit);
}

static int
remove_members (TwinCtl *ctl, int argc, char **argv)
{
  TwinEdit edit = { .kind = TWIN_EDIT_PUT_GROUP };

  if (argc < 3)
    return twin_ctl_usage ("group remove needs NAME and IDs");

  edit.id = argv[1];
  argv[argc] = NULL;
  edit.remove = (const char *const *) argv + 2;
  return twin_ctl_edit (ctl, &edit);
}

static int
delete_group (TwinCtl *ctl, int argc, char **argv)
{
  TwinEdit edit = { .kind = TWIN_EDIT_DELETE_GROUP };

  if (argc != 2)
    return twin_ctl_usage ("group delete needs one NAME");

  edit.id = argv[1];
  return twin_ctl_edit (ctl, &edit);
}

const TwinCtlVerb twin_ctl_group_verbs[] = {
  { "group", "create", create,
    "NAME --query QUERY | --members ID,… [--tier full|thresholds]\n"
    "               [--note TEXT]",
    "twins by name: listed, or whatever the query selects when asked" },
  { "group", "list", list, "", "the groups and how many are in each" },
  { "group", "show", show, "NAME", "one group and who is in it now" },
  { "group", "add", add, "NAME ID…", "add twins to a listed group" },
  { "group", "remove", remove_members, "NAME ID…",
    "take twins out of a listed group" },
  { "group", "delete", delete_group, "NAME", "remove the group, no twin" },
  { NULL },
};
