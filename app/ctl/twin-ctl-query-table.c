/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-query.h"

#include <stdio.h>
#include <string.h>

#include "twin-json.h"
#include "twin-model-set.h"
#include "twin-store-models.h"

#define MOST_LETTERS 60 /* of a cell */

/* --- headings ------------------------------------------------------------ */

/* Keys of the rows in the order they were first seen; the etag and times say
 * nothing to people. */
static GPtrArray *
collect_keys (GPtrArray *rows)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < rows->len; i++)
    {
      JsonObjectIter iter;
      const char    *key;

      json_object_iter_init_ordered (&iter, json_node_get_object (
                                                g_ptr_array_index (rows, i)));
      while (json_object_iter_next_ordered (&iter, &key, NULL))
        {
          char *kept;

          if (strcmp (key, "$etag") == 0 || strcmp (key, "$metadata") == 0 ||
              g_hash_table_contains (seen, key))
            continue;
          kept = g_strdup (key);
          g_hash_table_add (seen, kept);
          g_ptr_array_add (keys, kept);
        }
    }

  return keys;
}

/* The unit that all models give what is called @name, or NULL. */
static const char *
find_unit (TwinModelSet *models, const char *name)
{
  GPtrArray  *list = twin_model_set_list (models);
  const char *unit = NULL;

  for (guint i = 0; i < list->len; i++)
    {
      const TwinContent *content =
          twin_interface_find (g_ptr_array_index (list, i), name);

      if (content == NULL || content->schema == NULL)
        continue;
      if (content->unit == NULL ||
          (unit != NULL && strcmp (unit, content->unit) != 0))
        return NULL;
      unit = content->unit;
    }

  return unit;
}

/* --- cells --------------------------------------------------------------- */

static gboolean
is_number (JsonNode *node)
{
  GType type =
      JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : 0;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
}

static char *print_cell (JsonNode *node);

/* "x 8, y 2.5"; a twin is its id, a relationship source → target. */
static char *
print_object (JsonObject *object)
{
  const char    *id = twin_json_get_string (object, "$dtId");
  GString       *out;
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  if (id != NULL)
    return g_strdup (id);
  if (twin_json_get_string (object, "$relationshipId") != NULL)
    return g_strdup_printf ("%s → %s",
                            twin_json_get_string (object, "$sourceId"),
                            twin_json_get_string (object, "$targetId"));

  out = g_string_new (NULL);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      g_autofree char *cell = NULL;

      if (*key == '$')
        continue;
      cell = print_cell (value);
      g_string_append_printf (out, "%s%s %s", out->len > 0 ? ", " : "", key,
                              cell);
    }

  return g_string_free (out, FALSE);
}

static char *
print_array (JsonArray *array)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *cell = print_cell (json_array_get_element (array, i));

      g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", cell);
    }

  return g_string_free (out, FALSE);
}

static char *
print_cell (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return print_object (json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    return print_array (json_node_get_array (node));
  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));

  return twin_json_print (node, FALSE);
}

/* One line, not too long, nothing that moves the terminal's cursor. */
static char *
print_short (JsonNode *node)
{
  g_autofree char *cell = print_cell (node);
  GString         *out = g_string_new (NULL);
  glong            n = 0;

  for (const char *p = cell; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (++n > MOST_LETTERS)
        {
          g_string_append (out, "…");
          break;
        }
      if (g_unichar_iscntrl (g_utf8_get_char (p)))
        g_string_append_c (out, ' ');
      else
        g_string_append_len (out, p, g_utf8_next_char (p) - p);
    }

  return g_string_free (out, FALSE);
}

/* --- the whole ----------------------------------------------------------- */

static JsonNode *
cell_of (GPtrArray *rows, guint row, const char *key)
{
  return json_object_get_member (json_node_get_object (
                                     g_ptr_array_index (rows, row)),
                                 key);
}

/* ">name (unit)" where the column is of numbers. */
static char *
print_heading (GPtrArray *rows, const char *key, TwinModelSet *models)
{
  const char *unit = models != NULL ? find_unit (models, key) : NULL;
  gboolean    numbers = FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      JsonNode *cell = cell_of (rows, i, key);

      numbers = cell == NULL ? numbers : is_number (cell);
      if (cell != NULL && !numbers)
        break;
    }

  return g_strdup_printf ("%s%s%s%s%s", numbers ? ">" : "", key,
                          unit != NULL ? " (" : "", unit != NULL ? unit : "",
                          unit != NULL ? ")" : "");
}

void
twin_ctl_print_rows (GPtrArray *rows, TwinStoreReader *reader)
{
  g_autoptr (GPtrArray) keys = collect_keys (rows);
  g_autoptr (GPtrArray) headings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TwinModelSet) models =
      twin_store_reader_load_models (reader, NULL);
  TwinCtlTable *table;

  for (guint k = 0; k < keys->len; k++)
    g_ptr_array_add (headings,
                     print_heading (rows, g_ptr_array_index (keys, k), models));
  g_ptr_array_add (headings, NULL);

  if (keys->len > 0)
    {
      table = twin_ctl_table_new ((const char *const *) headings->pdata);
      for (guint i = 0; i < rows->len; i++)
        {
          g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

          for (guint k = 0; k < keys->len; k++)
            {
              JsonNode *cell = cell_of (rows, i, g_ptr_array_index (keys, k));

              g_ptr_array_add (cells, cell != NULL ? print_short (cell) : NULL);
            }
          twin_ctl_table_add_cells (table, (const char *const *) cells->pdata);
        }
      twin_ctl_table_print (table);
    }

  printf ("%u %s\n", rows->len, rows->len == 1 ? "row" : "rows");
}
