/* SPDX-License-Identifier: Apache-2.0 */
/* Which models are of a model: the same or a later version, or extending one.
 */
#include <sqlite3.h>
#include <string.h>

#include "twin-json.h"
#include "twin-model-set.h"
#include "twin-clock.h"
#include "twin-query-ast.h"
#include "twin-store-functions.h"

#define EXTENDS                                                                \
  "SELECT dtmi, json -> '$.extends', json ->"                                  \
  " '$.\"dtmi:dtdl:property:extends;2\"' FROM "

/* Every model of the store with the DTMIs it extends (GPtrArray). */
static GHashTable *
load_extends (sqlite3 *db, gint64 as_of_us, GError **error)
{
  g_autoptr (GHashTable) models =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                             (GDestroyNotify) g_ptr_array_unref);
  sqlite3_stmt *statement;
  int           rc;

  if (sqlite3_prepare_v2 (db,
                          as_of_us == TWIN_TIME_NONE ? EXTENDS "model"
                                                     : EXTENDS
                              "(SELECT dtmi, json FROM model WHERE updated_us"
                              " <= ?1 UNION ALL SELECT dtmi, json FROM"
                              " model_past WHERE updated_us <= ?1 AND"
                              " ended_us > ?1)",
                          -1, &statement, NULL) != SQLITE_OK)
    {
      twin_query_fail_store (error, db);
      return NULL;
    }
  if (as_of_us != TWIN_TIME_NONE)
    sqlite3_bind_int64 (statement, 1, as_of_us);

  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    {
      GPtrArray *parents = g_ptr_array_new_with_free_func (g_free);

      for (int column = 1; column <= 2; column++)
        {
          const char *text =
              (const char *) sqlite3_column_text (statement, column);
          g_autoptr (JsonNode) node =
              text != NULL ? twin_json_parse ("extends", text, -1, NULL) : NULL;
          guint n = node == NULL ? 0
                    : JSON_NODE_HOLDS_ARRAY (node)
                        ? json_array_get_length (json_node_get_array (node))
                        : 1;

          for (guint i = 0; i < n; i++)
            {
              JsonNode *item =
                  JSON_NODE_HOLDS_ARRAY (node)
                      ? json_array_get_element (json_node_get_array (node), i)
                      : node;

              if (JSON_NODE_HOLDS_OBJECT (item))
                item =
                    json_object_get_member (json_node_get_object (item), "@id");
              if (item != NULL && JSON_NODE_HOLDS_VALUE (item) &&
                  json_node_get_value_type (item) == G_TYPE_STRING)
                g_ptr_array_add (parents,
                                 g_strdup (json_node_get_string (item)));
            }
        }

      g_hash_table_insert (models,
                           g_strdup ((const char *)
                                         sqlite3_column_text (statement, 0)),
                           parents);
    }

  sqlite3_finalize (statement);
  if (rc != SQLITE_DONE)
    {
      twin_query_fail_store (error, db);
      return NULL;
    }

  return g_steal_pointer (&models);
}

static gboolean
is_version_of (const char *have, const char *wanted)
{
  int    a, b, c, d;
  size_t length = twin_dtmi_split (have, &a, &b);

  if (twin_dtmi_split (wanted, &c, &d) != length ||
      strncmp (have, wanted, length) != 0)
    return FALSE;

  return a != c ? a > c : b >= d;
}

static gboolean
is_of (GHashTable *models, const char *dtmi, const char *wanted, int depth)
{
  GPtrArray *parents = g_hash_table_lookup (models, dtmi);

  if (is_version_of (dtmi, wanted))
    return TRUE;

  for (guint i = 0; parents != NULL && depth < 16 && i < parents->len; i++)
    {
      if (is_of (models, g_ptr_array_index (parents, i), wanted, depth + 1))
        return TRUE;
    }

  return FALSE;
}

typedef struct
{
  GHashTable *extends;
  GHashTable *lists; /* DTMI asked for -> the JSON array */
} Models;

static void
models_free (void *data)
{
  Models *self = data;

  g_hash_table_unref (self->extends);
  g_hash_table_unref (self->lists);
  g_free (self);
}

/* Those of @plan's time; *@own: the caller frees them. */
static Models *
find_models (const TwinPlan *plan, gboolean *own, GError **error)
{
  const int64_t version =
      twin_store_reader_topic_version (plan->reader, TWIN_STORE_TOPIC_GRAPH);
  Models     *self;
  GHashTable *extends;

  *own = plan->as_of_us != TWIN_TIME_NONE;
  self = *own ? NULL : twin_store_reader_get_models_cache (plan->reader);
  if (self != NULL)
    return self;

  extends = load_extends (twin_store_reader_get_db (plan->reader),
                          plan->as_of_us, error);
  if (extends == NULL)
    return NULL;

  self = g_new0 (Models, 1);
  self->extends = extends;
  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!*own)
    twin_store_reader_set_models_cache (plan->reader, version, self,
                                        models_free);
  return self;
}

static char *
print_models (GHashTable *extends, const char *wanted)
{
  GString       *out = g_string_new ("[");
  GHashTableIter iter;
  void          *dtmi;

  g_hash_table_iter_init (&iter, extends);
  while (g_hash_table_iter_next (&iter, &dtmi, NULL))
    {
      if (!is_of (extends, dtmi, wanted, 0))
        continue;
      if (out->len > 1)
        g_string_append_c (out, ',');
      twin_json_append_string (out, dtmi);
    }

  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

char *
twin_query_print_models (const TwinPlan *plan,
                         const char     *wanted,
                         GError        **error)
{
  gboolean    own;
  Models     *models = find_models (plan, &own, error);
  const char *known;
  char       *list;

  if (models == NULL)
    return NULL;

  known = g_hash_table_lookup (models->lists, wanted);
  list =
      known != NULL ? g_strdup (known) : print_models (models->extends, wanted);
  if (own)
    models_free (models);
  else if (known == NULL && g_hash_table_size (models->lists) < 1000)
    g_hash_table_insert (models->lists, g_strdup (wanted), g_strdup (list));
  return list;
}
