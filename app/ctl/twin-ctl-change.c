/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-change.c - change list, show, undo; twin history */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "twin-ctl-graph.h"
#include "twin-json.h"
#include "twin-store-changes.h"
#include "twin-store-twins.h"
#include "twin-json-members.h"

enum
{
  MOST_SHOWN = 100, /* things of one change, for people */
};

/* --- shared
 * ------------------------------------------------------------------------ */

static void
add_document (JsonBuilder *json, const char *name, const char *text)
{
  g_autoptr (JsonNode) node =
      text != NULL ? json_from_string (text, NULL) : NULL;

  json_builder_set_member_name (json, name);
  if (node != NULL)
    json_builder_add_value (json, g_steal_pointer (&node));
  else
    json_builder_add_null_value (json);
}

/* Members of an object that the caller has begun. */
static void
add_change (JsonBuilder *json, const TwinStoreChange *change)
{
  g_autofree char *time = twin_clock_format_utc (change->time_us);

  json_builder_set_member_name (json, "change");
  json_builder_add_int_value (json, change->id);
  twin_json_add_text (json, "time", time);
  twin_json_add_text (json, "who", change->who);
  twin_json_add_text (json, "kind", change->kind);
  twin_json_add_text (json, "text", change->text);
  json_builder_set_member_name (json, "undoes");
  if (change->undoes != 0)
    json_builder_add_int_value (json, change->undoes);
  else
    json_builder_add_null_value (json);
}

static const char *
who (const TwinStoreChange *change)
{
  return change->who != NULL ? change->who : "the engine";
}

static gboolean
read_number (const char *text, int64_t *number)
{
  gint64 value;

  if (!g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, &value, NULL))
    return FALSE;
  *number = value;
  return TRUE;
}

/* --- what differs between two documents
 * ---------------------------------------------- */

typedef void (*Differ) (const char *pointer,
                        JsonNode   *before,
                        JsonNode   *after,
                        void       *data);

/* What every edit moves, so that it says nothing. */
static gboolean
is_noise (const char *pointer)
{
  return strcmp (pointer, "/$etag") == 0 ||
         (g_str_has_prefix (pointer, "/$metadata/") &&
          pointer[strlen ("/$metadata/")] != '$');
}

static JsonNode *
member_of (JsonNode *node, const char *name)
{
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  return json_object_get_member (json_node_get_object (node), name);
}

static void
differ (const char *pointer,
        JsonNode   *before,
        JsonNode   *after,
        Differ      tell,
        void       *data)
{
  const gboolean inner = (before == NULL || JSON_NODE_HOLDS_OBJECT (before)) &&
                         (after == NULL || JSON_NODE_HOLDS_OBJECT (after)) &&
                         (before != NULL || after != NULL);
  JsonNode *const sides[] = { before, after };

  if (is_noise (pointer) ||
      (before != NULL && after != NULL && json_node_equal (before, after)))
    return;
  if (!inner || (*pointer != '\0' && (before == NULL || after == NULL)))
    {
      tell (pointer, before, after, data);
      return;
    }

  for (int i = 0; i < 2; i++)
    {
      JsonObjectIter iter;
      const char    *name;

      if (sides[i] == NULL)
        continue;
      json_object_iter_init_ordered (&iter, json_node_get_object (sides[i]));
      while (json_object_iter_next_ordered (&iter, &name, NULL))
        {
          g_autofree char *below = g_strdup_printf ("%s/%s", pointer, name);

          if (i == 0 || member_of (before, name) == NULL)
            differ (below, member_of (before, name), member_of (after, name),
                    tell, data);
        }
    }
}

static void
print_difference (const char *pointer,
                  JsonNode   *before,
                  JsonNode   *after,
                  void       *data)
{
  g_autofree char *old = before != NULL ? json_to_string (before, FALSE) : NULL;
  g_autofree char *new = after != NULL ? json_to_string (after, FALSE) : NULL;

  if (old == NULL)
    printf ("    %s  + %s\n", pointer, new);
  else if (new == NULL)
    printf ("    %s  - %s\n", pointer, old);
  else
    printf ("    %s  %s → %s\n", pointer, old, new);
}

static void
print_changed (const TwinStoreChanged *one)
{
  g_autoptr (JsonNode) before =
      one->before != NULL ? json_from_string (one->before, NULL) : NULL;
  g_autoptr (JsonNode) after =
      one->after != NULL ? json_from_string (one->after, NULL) : NULL;

  printf ("  %s %s%s%s%s\n", one->what, one->id,
          one->source != NULL ? " of " : "",
          one->source != NULL ? one->source : "",
          one->before == NULL  ? " created"
          : one->after == NULL ? " deleted"
                               : "");
  if (one->before != NULL && one->after != NULL)
    differ ("", before, after, print_difference, NULL);
}

static void
add_changed (JsonBuilder *json, const TwinStoreChanged *one)
{
  json_builder_begin_object (json);
  twin_json_add_text (json, "what", one->what);
  twin_json_add_text (json, "id", one->id);
  if (one->source != NULL)
    twin_json_add_text (json, "source", one->source);
  add_document (json, "before", one->before);
  add_document (json, "after", one->after);
  json_builder_end_object (json);
}

/* --- change list
 * ------------------------------------------------------------------------ */

static gboolean
read_time (const char *option, const char *text, int64_t *us)
{
  if (text == NULL || twin_ctl_parse_time (text, twin_clock_utc_us (), us))
    return TRUE;

  twin_ctl_usage ("“%s” is no time for %s; write 2026-05-01T10:00Z or -1h",
                  text, option);
  return FALSE;
}

static void
print_list (TwinCtl *ctl, const GPtrArray *changes)
{
  static const char *const headings[] = { ">CHANGE", "TIME", "WHO",
                                          "KIND",    "TEXT", NULL };
  TwinCtlTable *table = ctl->json ? NULL : twin_ctl_table_new (headings);
  g_autoptr (JsonBuilder) json = json_builder_new ();

  for (guint i = 0; i < changes->len; i++)
    {
      const TwinStoreChange *change = g_ptr_array_index (changes, i);
      g_autofree char       *time = twin_clock_format_utc (change->time_us);
      g_autofree char       *id = g_strdup_printf ("%" PRId64, change->id);

      if (table != NULL)
        {
          twin_ctl_table_add (table, id, time, who (change), change->kind,
                              change->text);
          continue;
        }
      json_builder_begin_object (json);
      add_change (json, change);
      json_builder_end_object (json);
      twin_ctl_print_builder (json);
    }
  if (table != NULL)
    twin_ctl_table_print (table);
}

static int
list (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *twin = NULL;
  g_autofree char   *from = NULL;
  g_autofree char   *to = NULL;
  int                limit = 100;
  const GOptionEntry entries[] = {
    { "twin", 0, 0, G_OPTION_ARG_STRING, &twin, NULL, "ID" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, NULL, "TIME" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, NULL, "TIME" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, "N" },
    { NULL },
  };
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GError) error = NULL;
  int64_t from_us = 0;
  int64_t to_us = 0;

  if (!twin_ctl_parse (&argc, &argv, entries) ||
      !read_time ("--from", from, &from_us) || !read_time ("--to", to, &to_us))
    return TWIN_CTL_USAGE;
  if (argc != 1 || limit < 1)
    return twin_ctl_usage ("change list takes --twin ID, --from, --to and "
                           "--limit N, which is at least 1");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_store (error);
  changes = twin_store_reader_list_changes (reader, twin, from_us, to_us,
                                            (size_t) limit, &error);
  if (changes == NULL)
    return twin_ctl_fail_store (error);

  print_list (ctl, changes);
  return TWIN_CTL_DONE;
}

/* --- change show
 * ------------------------------------------------------------------------ */

static void
print_one (TwinCtl               *ctl,
           const TwinStoreChange *change,
           int64_t                undo,
           const GPtrArray       *things,
           gboolean               all)
{
  g_autofree char *time = twin_clock_format_utc (change->time_us);

  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      json_builder_begin_object (json);
      add_change (json, change);
      json_builder_set_member_name (json, "undoneBy");
      if (undo > 0)
        json_builder_add_int_value (json, undo);
      else
        json_builder_add_null_value (json);
      json_builder_set_member_name (json, "things");
      json_builder_begin_array (json);
      for (guint i = 0; i < things->len; i++)
        add_changed (json, g_ptr_array_index (things, i));
      json_builder_end_array (json);
      json_builder_end_object (json);
      twin_ctl_print_builder (json);
      return;
    }

  printf ("change %" PRId64 "  %s  %s  %s\n", change->id, time, who (change),
          change->kind);
  if (change->text != NULL)
    printf ("  %s\n", change->text);
  if (undo > 0)
    printf ("  undone by change %" PRId64 "\n", undo);
  for (guint i = 0; i < things->len; i++)
    print_changed (g_ptr_array_index (things, i));
  if (!all)
    puts ("  … and more; --json shows all");
}

static int
show (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinStoreChange) change = NULL;
  g_autoptr (GPtrArray) things = NULL;
  g_autoptr (GError) error = NULL;
  int64_t number, undo;
  size_t  limit = ctl->json ? G_MAXINT32 : MOST_SHOWN;

  if (argc != 2 || !read_number (argv[1], &number))
    return twin_ctl_usage ("change show needs one change's number, as change "
                           "list gives it");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL || !twin_store_reader_begin (reader, &error))
    return twin_ctl_fail_store (error);
  change = twin_store_reader_get_change (reader, number, &error);
  if (change == NULL)
    return twin_ctl_fail_store (error);
  undo = twin_store_reader_find_undo (reader, number, &error);
  if (undo < 0)
    return twin_ctl_fail_store (error);
  things = twin_store_reader_list_changed (reader, number, NULL, limit, &error);
  if (things == NULL)
    return twin_ctl_fail_store (error);

  print_one (ctl, change, undo, things, things->len < limit);
  return TWIN_CTL_DONE;
}

/* --- change undo
 * ------------------------------------------------------------------------ */

static int
undo (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (TwinStore) store = NULL;
  g_autoptr (GError) error = NULL;
  int64_t number;

  if (argc != 2 || !read_number (argv[1], &number))
    return twin_ctl_usage ("change undo needs one change's number, as change "
                           "list gives it");

  store = twin_ctl_open_store (ctl, &error);
  if (store == NULL || !twin_store_undo (store, number, ctl->operator_name,
                                         twin_clock_utc_us (), &error))
    return twin_ctl_fail_store (error);

  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      json_builder_begin_object (json);
      json_builder_set_member_name (json, "change");
      json_builder_add_int_value (json, twin_store_get_change (store));
      json_builder_set_member_name (json, "undoes");
      json_builder_add_int_value (json, number);
      json_builder_end_object (json);
      twin_ctl_print_builder (json);
    }
  else
    g_printerr ("Change %" PRId64 " undone by change %" PRId64
                "; undo that to have it back\n",
                number, twin_store_get_change (store));
  return TWIN_CTL_DONE;
}

/* --- twin history
 * ----------------------------------------------------------------------- */

static int
print_history (TwinCtl         *ctl,
               TwinStoreReader *reader,
               const char      *id,
               const GPtrArray *changes)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < changes->len; i++)
    {
      const TwinStoreChange *change = g_ptr_array_index (changes, i);
      g_autoptr (GPtrArray) things =
          twin_store_reader_list_changed (reader, change->id, id, MOST_SHOWN,
                                          &error);

      if (things == NULL)
        return twin_ctl_fail_store (error);
      print_one (ctl, change, 0, things, things->len < MOST_SHOWN);
    }
  return TWIN_CTL_DONE;
}

/* Every change of one twin and its relationships with what it did to them,
 * newest first. */
static int
history (TwinCtl *ctl, int argc, char **argv)
{
  int                limit = 100;
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, "N" },
    { NULL },
  };
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GError) error = NULL;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2 || limit < 1)
    return twin_ctl_usage ("twin history needs one ID; --limit is at least 1");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL || !twin_store_reader_begin (reader, &error))
    return twin_ctl_fail_store (error);
  changes = twin_store_reader_list_changes (reader, argv[1], 0, 0,
                                            (size_t) limit, &error);
  if (changes == NULL)
    return twin_ctl_fail_store (error);

  /* One without a change: from before they were kept, or none at all. */
  if (changes->len == 0)
    {
      g_autoptr (TwinTwin) twin =
          twin_store_reader_load_twin (reader, argv[1], &error);

      if (twin == NULL)
        return twin_ctl_fail_store (error);
    }

  return print_history (ctl, reader, argv[1], changes);
}

const TwinCtlVerb twin_ctl_change_verbs[] = {
  { "change", "list", list, "[--twin ID] [--from T] [--to T] [--limit N]",
    "who edited what of the graph, newest first" },
  { "change", "show", show, "N", "what a change did, before and after" },
  { "change", "undo", undo, "N",
    "take a change back; undoing the undo brings it again" },
  { "twin", "history", history, "ID [--limit N]",
    "every edit of a twin and its relationships" },
  { NULL },
};
