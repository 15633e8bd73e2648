/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-reader-changes.c - what was changed, and what each change did */
#include "twin-store-changes.h"

#include <string.h>

#include "twin-store-reader-private.h"
#include "twin-store-tables.h"
#include "twin-store-twins.h"

enum
{
  DEFAULT_LIMIT = 1000,
};

#define TWIN_COLUMNS                                                           \
  "id, model, display_name, lifecycle, props, etag, created_us, updated_us,"   \
  " change, tags"
#define RELATIONSHIP_COLUMNS                                                   \
  "source, id, name, target, props, etag, updated_us, change"
#define MODEL_COLUMNS "dtmi, json, created_us, updated_us, change"

/* What change ?1 made, now or since replaced. */
#define MADE(columns, now, past)                                               \
  "(SELECT " columns " FROM " now " WHERE change = ?1"                         \
  " UNION ALL SELECT " columns " FROM " past " WHERE change = ?1)"

/* --- changes
 * ------------------------------------------------------------------------ */

#define TOUCHED                                                                \
  "id IN (SELECT change FROM twin WHERE id = ?1"                               \
  " UNION SELECT change FROM twin_past WHERE id = ?1"                          \
  " UNION SELECT ended FROM twin_past WHERE id = ?1"                           \
  " UNION SELECT change FROM relationship WHERE source = ?1"                   \
  " UNION SELECT change FROM relationship WHERE target = ?1"                   \
  " UNION SELECT change FROM relationship_past WHERE source = ?1"              \
  " UNION SELECT ended FROM relationship_past WHERE source = ?1"               \
  " UNION SELECT change FROM relationship_past WHERE target = ?1"              \
  " UNION SELECT ended FROM relationship_past WHERE target = ?1"               \
  " UNION SELECT change FROM model WHERE dtmi = ?1"                            \
  " UNION SELECT change FROM model_past WHERE dtmi = ?1"                       \
  " UNION SELECT ended FROM model_past WHERE dtmi = ?1)"

GPtrArray *
twin_store_reader_list_changes (TwinStoreReader *self,
                                const char      *subject,
                                int64_t          from_us,
                                int64_t          to_us,
                                size_t           limit,
                                GError         **error)
{
  const char *tail = subject != NULL
                         ? "WHERE " TOUCHED " AND time_us >= ?2"
                           " AND time_us < ?3 ORDER BY time_us DESC LIMIT ?4"
                         : "WHERE ?1 IS NULL AND time_us >= ?2"
                           " AND time_us < ?3 ORDER BY time_us DESC LIMIT ?4";

  return twin_store_table_list (&self->sql, &twin_store_table_change, error,
                                tail, "siii", subject, from_us,
                                to_us != 0 ? to_us : INT64_MAX,
                                (int64_t) (limit > 0 ? limit : DEFAULT_LIMIT));
}

TwinStoreChange *
twin_store_reader_get_change (TwinStoreReader *self, int64_t id, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, id);

  return twin_store_table_one (&twin_store_table_change,
                               twin_store_table_list (&self->sql,
                                                      &twin_store_table_change,
                                                      error, "WHERE id = ?",
                                                      "i", id),
                               name, error);
}

int64_t
twin_store_reader_find_undo (TwinStoreReader *self, int64_t id, GError **error)
{
  int64_t undo = 0;

  if (!twin_store_db_get_int (&self->sql, error, &undo,
                              "SELECT max (id) FROM change WHERE undoes = ?",
                              "i", id))
    return -1;
  return undo;
}

/* --- what a change did
 * -------------------------------------------------------------- */

typedef struct
{
  const char           *what;
  const TwinStoreTable *table;
  const char           *made;  /* the versions it made */
  const char           *ended; /* those it ended */
  const char           *tail;  /* ?1 the change, ?2 the subject */
  int (*compare) (const void *a, const void *b);
  /* Takes nothing; the document of a row, or NULL with an error. */
  char *(*print) (const void *row, GError **error);
} Sort;

static char *
print_node (JsonNode *node)
{
  g_autoptr (JsonNode) owned = node;

  return json_to_string (owned, FALSE);
}

static char *
print_twin (const void *row, GError **error)
{
  g_autoptr (TwinTwin) twin = twin_store_twin_from_row (row, error);

  return twin != NULL ? print_node (twin_twin_to_json (twin)) : NULL;
}

static char *
print_relationship (const void *row, GError **error)
{
  g_autoptr (TwinRelationship) relationship =
      twin_store_relationship_from_row (row, error);

  return relationship != NULL
             ? print_node (twin_relationship_to_json (relationship))
             : NULL;
}

static char *
print_model (const void *row, GError **error)
{
  return g_strdup (((const TwinStoreModel *) row)->json);
}

static int
compare_twins (const void *a, const void *b)
{
  return strcmp (((const TwinStoreTwin *) a)->id,
                 ((const TwinStoreTwin *) b)->id);
}

static int
compare_relationships (const void *a, const void *b)
{
  const TwinStoreRelationship *x = a;
  const TwinStoreRelationship *y = b;
  const int                    order = strcmp (x->source, y->source);

  return order != 0 ? order : strcmp (x->id, y->id);
}

static int
compare_models (const void *a, const void *b)
{
  return strcmp (((const TwinStoreModel *) a)->dtmi,
                 ((const TwinStoreModel *) b)->dtmi);
}

static const Sort sorts[] = {
  { "model", &twin_store_table_model,
    MADE (MODEL_COLUMNS, "model", "model_past"),
    "(SELECT " MODEL_COLUMNS " FROM model_past WHERE ended = ?1)",
    "WHERE (?2 IS NULL OR dtmi = ?2) ORDER BY dtmi LIMIT ?3", compare_models,
    print_model },
  { "twin", &twin_store_table_twin, MADE (TWIN_COLUMNS, "twin", "twin_past"),
    "(SELECT " TWIN_COLUMNS " FROM twin_past WHERE ended = ?1)",
    "WHERE (?2 IS NULL OR id = ?2) ORDER BY id LIMIT ?3", compare_twins,
    print_twin },
  { "relationship", &twin_store_table_relationship,
    MADE (RELATIONSHIP_COLUMNS, "relationship", "relationship_past"),
    "(SELECT " RELATIONSHIP_COLUMNS " FROM relationship_past WHERE ended = ?1)",
    "WHERE (?2 IS NULL OR source = ?2 OR target = ?2)"
    " ORDER BY source, id LIMIT ?3",
    compare_relationships, print_relationship },
};

static void
changed_free (void *data)
{
  TwinStoreChanged *changed = data;

  g_free ((char *) changed->id);
  g_free ((char *) changed->source);
  g_free ((char *) changed->before);
  g_free ((char *) changed->after);
  g_free (changed);
}

/* @before, @after: the row on either side, or NULL; not both. */
static gboolean
add_changed (GPtrArray  *all,
             const Sort *sort,
             const void *before,
             const void *after,
             GError    **error)
{
  const void       *row = after != NULL ? after : before;
  TwinStoreChanged *changed = g_new0 (TwinStoreChanged, 1);

  g_ptr_array_add (all, changed);
  changed->what = sort->what;
  if (sort->table == &twin_store_table_relationship)
    {
      changed->source =
          g_strdup (((const TwinStoreRelationship *) row)->source);
      changed->id = g_strdup (((const TwinStoreRelationship *) row)->id);
    }
  else if (sort->table == &twin_store_table_twin)
    changed->id = g_strdup (((const TwinStoreTwin *) row)->id);
  else
    changed->id = g_strdup (((const TwinStoreModel *) row)->dtmi);

  if (before != NULL)
    changed->before = sort->print (before, error);
  if (before != NULL && changed->before == NULL)
    return FALSE;
  if (after != NULL)
    changed->after = sort->print (after, error);
  return after == NULL || changed->after != NULL;
}

static GPtrArray *
list_sort (TwinStoreReader *self,
           const Sort      *sort,
           const char      *from,
           int64_t          change,
           const char      *subject,
           size_t           limit,
           GError         **error)
{
  TwinStoreTable view = *sort->table;

  view.name = from;
  return twin_store_table_list (&self->sql, &view, error, sort->tail, "isi",
                                change, subject,
                                (int64_t) (limit > 0 ? limit : DEFAULT_LIMIT));
}

/* Both sides are by id: one walk along both. */
static gboolean
add_sort (TwinStoreReader *self,
          GPtrArray       *all,
          const Sort      *sort,
          int64_t          change,
          const char      *subject,
          size_t           limit,
          GError         **error)
{
  g_autoptr (GPtrArray) ended =
      list_sort (self, sort, sort->ended, change, subject, limit, error);
  g_autoptr (GPtrArray) made = NULL;
  guint i = 0;
  guint j = 0;

  if (ended == NULL)
    return FALSE;
  made = list_sort (self, sort, sort->made, change, subject, limit, error);
  if (made == NULL)
    return FALSE;

  for (size_t n = 0; (i < ended->len || j < made->len) &&
                     n < (limit > 0 ? limit : DEFAULT_LIMIT);
       n++)
    {
      const void *before = i < ended->len ? ended->pdata[i] : NULL;
      const void *after = j < made->len ? made->pdata[j] : NULL;
      int         order = before == NULL  ? 1
                          : after == NULL ? -1
                                          : sort->compare (before, after);

      if (!add_changed (all, sort, order <= 0 ? before : NULL,
                        order >= 0 ? after : NULL, error))
        return FALSE;
      i += order <= 0;
      j += order >= 0;
    }
  return TRUE;
}

GPtrArray *
twin_store_reader_list_changed (TwinStoreReader *self,
                                int64_t          change,
                                const char      *subject,
                                size_t           limit,
                                GError         **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (changed_free);
  const gboolean own = sqlite3_get_autocommit (self->sql.db) != 0;
  gboolean       ok = TRUE;

  if (own && !twin_store_reader_begin (self, error))
    return NULL;

  for (size_t i = 0; ok && i < G_N_ELEMENTS (sorts); i++)
    ok = add_sort (self, all, &sorts[i], change, subject, limit, error);
  if (own)
    twin_store_reader_end (self);
  return ok ? g_steal_pointer (&all) : NULL;
}
