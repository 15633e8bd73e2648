/* SPDX-License-Identifier: Apache-2.0 */
/* twin-editor-group.c - edits of groups of twins */
#include "twin-editor-private.h"

#include <string.h>

#include "twin-json.h"
#include "twin-query.h"
#include "twin-store-groups.h"

static int
compare (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* @ids sorted, each once, as a JSON array; caller frees. */
static char *
print_members (GPtrArray *ids)
{
  GString *out = g_string_new ("[");

  g_ptr_array_sort (ids, compare);
  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);

      if (i > 0 && strcmp (id, g_ptr_array_index (ids, i - 1)) == 0)
        continue;
      if (out->len > 1)
        g_string_append_c (out, ',');
      twin_json_append_string (out, id);
    }

  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

/* Who is put into a group must be there; who is in it may go later. */
static gboolean
add_all (TwinEditor        *self,
         GPtrArray         *ids,
         const char *const *more,
         GError           **error)
{
  for (; more != NULL && *more != NULL; more++)
    {
      g_autoptr (TwinStoreTwin) twin =
          twin_store_reader_get_twin (self->reader, *more, error);

      if (twin == NULL)
        return FALSE;
      g_ptr_array_add (ids, g_strdup (*more));
    }

  return TRUE;
}

/* The members of @group without those that @edit removes, in @ids. */
static gboolean
keep_members (const TwinStoreGroup *group,
              const TwinEdit       *edit,
              GPtrArray            *ids,
              GError              **error)
{
  g_autoptr (GPtrArray) there = NULL;

  if (group->query != NULL)
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                   "The members of group “%s” are what its query selects; "
                   "they cannot be added or removed",
                   group->name);
      return FALSE;
    }

  there = twin_store_group_list_members (group, error);
  if (there == NULL)
    return FALSE;

  for (guint i = 0; i < there->len; i++)
    {
      const char *id = g_ptr_array_index (there, i);

      if (edit->remove == NULL || !g_strv_contains (edit->remove, id))
        g_ptr_array_add (ids, g_strdup (id));
    }

  return TRUE;
}

static gboolean
check_query (const char *text, GError **error)
{
  g_autoptr (TwinQuery) query = twin_query_parse (text, NULL, error);

  if (query == NULL || twin_query_selects_twins (query))
    return query != NULL;

  g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_NAME,
               "A group's query must select whole twins, as SELECT * FROM "
               "DIGITALTWINS WHERE …");
  return FALSE;
}

/* The group as it is; NULL where there is none, with an error only when there
 * must be one. */
static TwinStoreGroup *
find_group (TwinEditor     *self,
            const TwinEdit *edit,
            gboolean        must,
            GError        **error)
{
  g_autoptr (GError) why = NULL;
  TwinStoreGroup *there =
      twin_store_reader_get_group (self->reader, edit->id, &why);

  if (there == NULL && (must || !g_error_matches (why, TWIN_STORE_ERROR,
                                                  TWIN_STORE_ERROR_NOT_FOUND)))
    g_propagate_error (error, g_steal_pointer (&why));
  return there;
}

gboolean
twin_editor_put_group (TwinEditor       *self,
                       const TwinEdit   *edit,
                       TwinEditorResult *result,
                       GError          **error)
{
  const gboolean change = edit->add != NULL || edit->remove != NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TwinStoreGroup) there = NULL;
  g_autoptr (GError) why = NULL;
  g_autofree char *members = NULL;
  TwinStoreGroup   row = { .name = edit->id != NULL ? edit->id : "",
                           .query = edit->query,
                           .tier = edit->tier,
                           .note = edit->note };

  there = find_group (self, edit, change, &why);
  if (why != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }

  if (there != NULL && g_strcmp0 (edit->if_etag, "") == 0)
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_EXISTS,
                   "There is a group “%s” already; choose another name",
                   row.name);
      return FALSE;
    }

  if (change)
    {
      row.tier = there->tier;
      row.note = there->note;
      if (!keep_members (there, edit, ids, error))
        return FALSE;
    }

  if (!add_all (self, ids, change ? edit->add : edit->members, error) ||
      (edit->query != NULL && !check_query (edit->query, error)))
    return FALSE;
  if (change || edit->members != NULL)
    row.members = members = print_members (ids);

  result->text = g_strdup_printf ("Group %s %s", row.name,
                                  there != NULL ? "changed" : "created");
  return twin_store_put_group (self->store, &row, twin_clock_utc_us (), error);
}
