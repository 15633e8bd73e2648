/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-models.h"

#include <string.h>

#include "twin-store-changes.h"
#include "twin-store-graph.h"
#include "twin-store-private.h"

enum
{
  /* Groups of the store's interfaces begin here; those of texts lie below. */
  FIRST_STORED_GROUP = 1u << 24,
  MOST_NAMED = 4,
};

/* --- sets
 * ------------------------------------------------------------------------ */

TwinModelSet *
twin_store_models_build (GArray           *own,
                         GPtrArray        *rows,
                         GHashTable       *replaced,
                         TwinModelReport **report)
{
  g_autoptr (GArray) sources = g_array_copy (own);

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (rows, i);
      TwinModelSource       source = { row->dtmi, row->json, -1,
                                       FIRST_STORED_GROUP + i };

      if (replaced == NULL || !g_hash_table_contains (replaced, row->dtmi))
        g_array_append_val (sources, source);
    }

  {
    TwinModelOptions options = { 0 };

    /* With nothing new, what was once allowed stays allowed. */
    if (own->len == 0)
      options.undefined_extensions = TWIN_EXTENSIONS_ALLOW;
    return twin_model_set_new ((TwinModelSource *) (void *) sources->data,
                               sources->len, &options, report);
  }
}

TwinModelSet *
twin_store_reader_load_models (TwinStoreReader *self, GError **error)
{
  g_autoptr (GPtrArray) rows = twin_store_reader_list_models (self, error);
  g_autoptr (GArray) none =
      g_array_new (FALSE, FALSE, sizeof (TwinModelSource));
  g_autoptr (TwinModelReport) report = NULL;
  TwinModelSet *set;

  if (rows == NULL)
    return NULL;

  set = twin_store_models_build (none, rows, NULL, &report);
  if (set == NULL)
    twin_model_report_check (report, error);
  return set;
}

/* --- open references
 * ------------------------------------------------------------------ */

typedef void (*RefusedFunc) (const TwinModelIssue *issue, void *data);

static void
tell_open (const TwinInterface *interface,
           const char          *dtmi,
           const char          *how,
           RefusedFunc          refused,
           void                *data)
{
  g_autofree char *message =
      g_strdup_printf ("%s “%s”, which nothing defines; import it with the "
                       "others",
                       how, dtmi);
  const TwinModelIssue issue = {
    .id = (char *) "unresolved",
    .element = (char *) interface->id,
    .file = (char *) interface->source,
    .message = message,
  };

  refused (&issue, data);
}

static gboolean
tell_open_of (const TwinInterface *interface,
              GHashTable          *open,
              RefusedFunc          refused,
              void                *data)
{
  gboolean any = FALSE;

  for (guint i = 0; i < interface->extends->len; i++)
    {
      const char *dtmi = g_ptr_array_index (interface->extends, i);

      if (g_hash_table_contains (open, dtmi))
        {
          tell_open (interface, dtmi, "it extends", refused, data);
          any = TRUE;
        }
    }

  for (guint i = 0; i < interface->contents->len; i++)
    {
      const TwinContent *content = g_ptr_array_index (interface->contents, i);

      if (content->kind == TWIN_CONTENT_COMPONENT &&
          content->component_id != NULL &&
          g_hash_table_contains (open, content->component_id))
        {
          tell_open (interface, content->component_id, "it has a component",
                     refused, data);
          any = TRUE;
        }
    }

  return any;
}

void
twin_store_models_tell_open (TwinModelSet          *set,
                             const TwinModelReport *report,
                             RefusedFunc            refused,
                             void                  *data)
{
  g_autoptr (GHashTable) open = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean any = FALSE;

  for (guint i = 0; i < report->unresolved->len; i++)
    g_hash_table_add (open, g_ptr_array_index (report->unresolved, i));

  for (guint i = 0; set != NULL && i < twin_model_set_list (set)->len; i++)
    any |= tell_open_of (g_ptr_array_index (twin_model_set_list (set), i), open,
                         refused, data);
  if (any)
    return;

  /* Something deeper, a schema, refers to it. */
  for (guint i = 0; i < report->unresolved->len; i++)
    {
      const TwinModelIssue issue = {
        .id = (char *) "unresolved",
        .element = g_ptr_array_index (report->unresolved, i),
        .message = (char *) "nothing defines it; import it with the others",
      };

      refused (&issue, data);
    }
}

/* --- importing
 * ------------------------------------------------------------------------ */

typedef struct
{
  const TwinStoreModelImport *import;
  TwinStoreImportCounts      *counts;
  GPtrArray                  *rows; /* the store's before */
  GHashTable                 *dead; /* names of texts that were refused */
  gboolean                    progress;
} Import;

static void
refuse (const TwinModelIssue *issue, void *data)
{
  Import *self = data;

  self->counts->refused++;
  if (issue->file != NULL &&
      g_hash_table_add (self->dead, g_strdup (issue->file)))
    self->progress = TRUE;
  if (self->import->refused != NULL &&
      self->counts->refused <= TWIN_STORE_IMPORT_MOST_REFUSED)
    self->import->refused (issue, self->import->data);
}

static GArray *
list_sources (const Import *self)
{
  GArray *own = g_array_new (FALSE, FALSE, sizeof (TwinModelSource));

  for (size_t i = 0; i < self->import->n_sources; i++)
    {
      TwinModelSource source = self->import->sources[i];

      source.group = self->import->each ? (unsigned) i + 1 : 0;
      if (!g_hash_table_contains (self->dead, source.name))
        g_array_append_val (own, source);
    }

  return own;
}

/* The texts that are left, alone where the store is empty, else with what it
 * has. NULL: the faults were told. */
static TwinModelSet *
build (Import *self)
{
  g_autoptr (GArray) own = list_sources (self);
  g_autoptr (GHashTable) mine = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) set =
      twin_store_models_build (own, none, NULL, &report);
  g_autoptr (TwinModelSet) alone = NULL;

  if (set != NULL && self->rows->len > 0)
    {
      g_clear_pointer (&report, twin_model_report_free);
      alone = g_steal_pointer (&set);
      for (guint i = 0; i < twin_model_set_list (alone)->len; i++)
        {
          const TwinInterface *interface =
              g_ptr_array_index (twin_model_set_list (alone), i);

          g_hash_table_add (mine, (void *) interface->id);
        }
      set = twin_store_models_build (own, self->rows, mine, &report);
    }

  for (guint i = 0; i < report->issues->len; i++)
    refuse (g_ptr_array_index (report->issues, i), self);
  if (report->issues->len == 0 && report->unresolved->len > 0)
    twin_store_models_tell_open (set, report, refuse, self);

  return report->issues->len == 0 && report->unresolved->len == 0
             ? g_steal_pointer (&set)
             : NULL;
}

/* Texts are left out until those that remain hold together. */
static TwinModelSet *
build_each (Import *self)
{
  TwinModelSet *set;

  do
    {
      self->progress = FALSE;
      set = build (self);
    }
  while (set == NULL && self->progress);

  return set;
}

static gboolean
put_all (Import *self, TwinStore *store, TwinModelSet *set, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (size_t i = 0; i < self->import->n_sources; i++)
    g_hash_table_add (names, (void *) self->import->sources[i].name);

  for (guint i = 0; i < twin_model_set_list (set)->len; i++)
    {
      const TwinInterface *interface =
          g_ptr_array_index (twin_model_set_list (set), i);
      const TwinStoreModel row = {
        .dtmi = interface->id,
        .json = interface->json,
        .created_us = self->import->now_us,
      };

      if (interface->nested ||
          !g_hash_table_contains (names, interface->source))
        continue;
      if (!twin_store_put_model (store, &row, error))
        return FALSE;
      self->counts->models++;
    }

  return TRUE;
}

static gboolean
import_in_transaction (Import *self, TwinStore *store, GError **error)
{
  g_autofree char *text = g_strdup_printf ("Imported %s", self->import->name);
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (twin_store_get_path (store), error);
  g_autoptr (TwinModelSet) set = NULL;

  if (reader == NULL)
    return FALSE;
  self->rows = twin_store_reader_list_models (reader, error);
  if (self->rows == NULL)
    return FALSE;

  set = self->import->each ? build_each (self) : build (self);
  if (set != NULL)
    return twin_store_begin_change (store, self->import->who, "import", text,
                                    self->import->now_us, error) &&
           put_all (self, store, set, error);

  g_set_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_INVALID,
               "%s: the models have %" G_GUINT64_FORMAT
               " faults, so none of them was imported",
               self->import->name, self->counts->refused);
  return FALSE;
}

gboolean
twin_store_import_models (TwinStore                  *self,
                          const TwinStoreModelImport *import,
                          TwinStoreImportCounts      *counts,
                          GError                    **error)
{
  g_autoptr (GHashTable) dead =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Import   one = { import, counts, NULL, dead, FALSE };
  gboolean good;

  *counts = (TwinStoreImportCounts){ 0 };
  if (!twin_store_begin (self, error))
    return FALSE;

  good = import_in_transaction (&one, self, error) &&
         twin_store_commit (self, error);
  g_clear_pointer (&one.rows, g_ptr_array_unref);
  if (!good)
    {
      twin_store_rollback (self);
      return FALSE;
    }

  if (counts->refused == 0)
    return TRUE;
  g_set_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_INVALID,
               "%s: %u of %" G_GSIZE_FORMAT
               " texts were refused; the others were imported",
               import->name, g_hash_table_size (dead), import->n_sources);
  return FALSE;
}

/* --- removing
 * ------------------------------------------------------------------------- */

typedef struct
{
  GString *names;
  guint    n;
} Users;

static void
add_user (Users *users, const char *name, const char *how)
{
  if (users->n++ < MOST_NAMED)
    g_string_append_printf (users->names, "%s%s%s", users->n > 1 ? ", " : "",
                            name, how);
}

static void
add_interfaces (Users *users, TwinModelSet *set, const char *dtmi)
{
  for (guint i = 0; i < twin_model_set_list (set)->len; i++)
    {
      const TwinInterface *other =
          g_ptr_array_index (twin_model_set_list (set), i);

      if (strcmp (other->id, dtmi) == 0)
        continue;
      if (g_ptr_array_find_with_equal_func (other->extends, dtmi, g_str_equal,
                                            NULL))
        add_user (users, other->id, " (extends it)");

      for (guint k = 0; k < other->contents->len; k++)
        {
          const TwinContent *content = g_ptr_array_index (other->contents, k);
          g_autofree char   *how = NULL;

          if (g_strcmp0 (content->component_id, dtmi) != 0)
            continue;
          how = g_strdup_printf (" (has it as component “%s”)", content->name);
          add_user (users, other->id, how);
        }
    }
}

static gboolean
add_twins (Users *users, TwinStore *store, const char *dtmi, GError **error)
{
  sqlite3_stmt *select =
      twin_store_db_prepare (&store->sql,
                             "SELECT id FROM twin WHERE model = ? ORDER BY id",
                             error);
  GError *failure = NULL;

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "s", dtmi);
  while (twin_store_db_step (&store->sql, select, &failure))
    add_user (users, (const char *) sqlite3_column_text (select, 0),
              " (is of it)");
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
check_unused (TwinStore *store, const char *dtmi, GError **error)
{
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (twin_store_get_path (store), error);
  g_autoptr (TwinModelSet) set =
      reader != NULL ? twin_store_reader_load_models (reader, error) : NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  Users users = { names, 0 };

  if (set == NULL)
    return FALSE;
  add_interfaces (&users, set, dtmi);
  if (!add_twins (&users, store, dtmi, error))
    return FALSE;
  if (users.n == 0)
    return TRUE;

  if (users.n > MOST_NAMED)
    g_string_append_printf (names, " and %u more", users.n - MOST_NAMED);
  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_EXISTS,
               "%s is still needed by %s; delete those first", dtmi,
               names->str);
  return FALSE;
}

gboolean
twin_store_remove_model (TwinStore  *self,
                         const char *dtmi,
                         const char *who,
                         int64_t     now_us,
                         GError    **error)
{
  g_autofree char *text = g_strdup_printf ("Deleted the model %s", dtmi);

  if (!twin_store_begin (self, error))
    return FALSE;
  if (check_unused (self, dtmi, error) &&
      twin_store_begin_change (self, who, "delete", text, now_us, error) &&
      twin_store_delete_model (self, dtmi, error) &&
      twin_store_commit (self, error))
    return TRUE;

  twin_store_rollback (self);
  return FALSE;
}
