/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-undo.c - taking a change of the graph back
 *
 * Whole tables at a time: undoing an import of a hundred thousand twins is a
 * dozen statements.
 */
#include "twin-store-changes.h"
#include "twin-store-private.h"

/* ?1: the change. What it made is over already, or something newer than it is,
 * or was, where it ended something: the thing and the change that did it. */
static const char newer_sql[] =
    "SELECT 'Twin “' || id || '”', ended FROM twin_past WHERE change = ?1"
    " UNION ALL SELECT 'Twin “' || id || '”', now.change FROM twin_past AS past"
    " JOIN twin AS now USING (id) WHERE past.ended = ?1 AND now.change > ?1"
    " UNION ALL SELECT 'Twin “' || id || '”', later.ended"
    " FROM twin_past AS past JOIN twin_past AS later USING (id)"
    " WHERE past.ended = ?1 AND later.ended > ?1"

    " UNION ALL SELECT 'Relationship “' || id || '” of “' || source || '”',"
    " ended FROM relationship_past WHERE change = ?1"
    " UNION ALL SELECT 'Relationship “' || id || '” of “' || source || '”',"
    " now.change FROM relationship_past AS past"
    " JOIN relationship AS now USING (source, id)"
    " WHERE past.ended = ?1 AND now.change > ?1"
    " UNION ALL SELECT 'Relationship “' || id || '” of “' || source || '”',"
    " later.ended FROM relationship_past AS past"
    " JOIN relationship_past AS later USING (source, id)"
    " WHERE past.ended = ?1 AND later.ended > ?1"

    " UNION ALL SELECT 'Model “' || dtmi || '”', ended FROM model_past"
    " WHERE change = ?1"
    " UNION ALL SELECT 'Model “' || dtmi || '”', now.change"
    " FROM model_past AS past JOIN model AS now USING (dtmi)"
    " WHERE past.ended = ?1 AND now.change > ?1"
    " UNION ALL SELECT 'Model “' || dtmi || '”', later.ended"
    " FROM model_past AS past JOIN model_past AS later USING (dtmi)"
    " WHERE past.ended = ?1 AND later.ended > ?1 LIMIT 1";

/* ?1: the change, ?2: this one, ?3: its time. First what it made goes to the
 * past, then what it ended comes back as a version of this change. */
static const char *const steps[] = {
  "INSERT INTO relationship_past (source, id, name, target, props, etag,"
  " updated_us, change, ended, ended_us) SELECT source, id, name, target,"
  " props, etag, updated_us, change, ?2, ?3 FROM relationship"
  " WHERE change = ?1",
  "DELETE FROM relationship WHERE change = ?1",
  "INSERT INTO twin_past (id, model, display_name, lifecycle, props, etag,"
  " created_us, updated_us, change, tags, ended, ended_us) SELECT id, model,"
  " display_name, lifecycle, props, etag, created_us, updated_us, change, tags,"
  " ?2, ?3 FROM twin WHERE change = ?1",
  "DELETE FROM twin WHERE change = ?1",
  "INSERT INTO model_past (dtmi, json, created_us, updated_us, change, ended,"
  " ended_us) SELECT dtmi, json, created_us, updated_us, change, ?2, ?3"
  " FROM model WHERE change = ?1",
  "DELETE FROM model WHERE change = ?1",
  "INSERT INTO model (dtmi, json, created_us, updated_us, change)"
  " SELECT dtmi, json, created_us, ?3, ?2 FROM model_past WHERE ended = ?1",
  "INSERT INTO twin (id, model, display_name, lifecycle, props, etag,"
  " created_us, updated_us, change, tags) SELECT id, model, display_name,"
  " lifecycle, props, etag, created_us, ?3, ?2, tags FROM twin_past"
  " WHERE ended = ?1",
  "INSERT INTO relationship (source, id, name, target, props, etag,"
  " updated_us, change) SELECT source, id, name, target, props, etag, ?3, ?2"
  " FROM relationship_past WHERE ended = ?1",
};

/* ?1: this change. What it leaves must hang together: the thing that does not,
 * and the change that made it. */
static const char loose_sql[] =
    "SELECT 'Relationship “' || r.id || '” of “' || r.source || '”', r.change"
    " FROM twin_past AS gone JOIN relationship AS r ON r.source = gone.id"
    " WHERE gone.ended = ?1"
    " AND NOT EXISTS (SELECT 1 FROM twin WHERE twin.id = gone.id)"
    " UNION ALL"
    " SELECT 'Relationship “' || r.id || '” of “' || r.source || '”', r.change"
    " FROM twin_past AS gone JOIN relationship AS r ON r.target = gone.id"
    " WHERE gone.ended = ?1"
    " AND NOT EXISTS (SELECT 1 FROM twin WHERE twin.id = gone.id)"
    " UNION ALL SELECT 'Twin “' || t.id || '”', t.change"
    " FROM model_past AS gone JOIN twin AS t ON t.model = gone.dtmi"
    " WHERE gone.ended = ?1"
    " AND NOT EXISTS (SELECT 1 FROM model WHERE model.dtmi = gone.dtmi)"
    " LIMIT 1";

/* ?1: this change. What it brought back needs what went since. */
static const char lost_sql[] =
    "SELECT 'Twin “' || target || '”', (SELECT max (ended) FROM twin_past"
    " WHERE twin_past.id = target) FROM relationship WHERE change = ?1"
    " AND NOT EXISTS (SELECT 1 FROM twin WHERE twin.id = target)"
    " UNION ALL"
    " SELECT 'Twin “' || source || '”', (SELECT max (ended) FROM twin_past"
    " WHERE twin_past.id = source) FROM relationship WHERE change = ?1"
    " AND NOT EXISTS (SELECT 1 FROM twin WHERE twin.id = source)"
    " UNION ALL"
    " SELECT 'Model “' || model || '”', (SELECT max (ended) FROM model_past"
    " WHERE dtmi = model) FROM twin WHERE change = ?1 AND EXISTS"
    " (SELECT 1 FROM model_past WHERE dtmi = model)"
    " AND NOT EXISTS (SELECT 1 FROM model WHERE dtmi = model) LIMIT 1";

/* CHANGED with the first row of @sql, if it has one. @format: undone change,
 * the thing, the other change. */
static gboolean
check_none (TwinStore  *self,
            const char *sql,
            int64_t     bound,
            int64_t     undone,
            const char *what,
            GError    **error)
{
  sqlite3_stmt *select = twin_store_db_prepare (&self->sql, sql, error);
  GError       *failure = NULL;

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "i", bound);
  if (twin_store_db_step (&self->sql, select, &failure))
    {
      const int64_t    other = sqlite3_column_int64 (select, 1);
      g_autofree char *by =
          other > 0 ? g_strdup_printf (" by change %" G_GINT64_FORMAT
                                       "; undo that first",
                                       other)
                    : g_strdup ("; it cannot be undone any more");

      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED,
                   "Change %" G_GINT64_FORMAT " cannot be undone: %s %s%s",
                   undone, (const char *) sqlite3_column_text (select, 0), what,
                   by);
      sqlite3_reset (select);
      return FALSE;
    }

  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}

/* --- which change that is, in the end
 * -------------------------------------------------- */

static gboolean
find_undo (TwinStore *self, int64_t change, int64_t *undo, GError **error)
{
  *undo = 0;
  return twin_store_db_get_int (&self->sql, error, undo,
                                "SELECT max (id) FROM change WHERE undoes = ?",
                                "i", change);
}

/* One that was undone and done again is undone where it was done again. */
static gboolean
find_present (TwinStore *self, int64_t *change, GError **error)
{
  const int64_t asked = *change;
  int64_t       undo, redo;

  for (;;)
    {
      if (!find_undo (self, *change, &undo, error))
        return FALSE;
      if (undo == 0)
        return TRUE;
      if (!find_undo (self, undo, &redo, error))
        return FALSE;
      if (redo == 0)
        break;
      *change = redo;
    }

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED,
               "Change %" G_GINT64_FORMAT " is undone already, by change "
               "%" G_GINT64_FORMAT "; undo that to have it back",
               asked, undo);
  return FALSE;
}

/* The sentence of undoing @change; NULL with an error when there is none. It
 * is about the edit at the bottom of all undos: undone, or done again. */
static char *
describe (TwinStore *self, int64_t change, GError **error)
{
  sqlite3_stmt *select = twin_store_db_prepare (
      &self->sql,
      "WITH RECURSIVE down (id, depth) AS (SELECT ?1, 0 UNION ALL"
      " SELECT undoes, depth + 1 FROM down JOIN change USING (id)"
      " WHERE undoes IS NOT NULL)"
      " SELECT id, depth, text FROM down JOIN change USING (id)"
      " ORDER BY depth DESC LIMIT 1",
      error);
  GError *failure = NULL;
  char   *text = NULL;

  if (select == NULL)
    return NULL;

  twin_store_db_bind (select, "i", change);
  if (twin_store_db_step (&self->sql, select, &failure))
    {
      const char *old = (const char *) sqlite3_column_text (select, 2);

      text = g_strdup_printf ("Change %" G_GINT64_FORMAT " %s%s%s",
                              (gint64) sqlite3_column_int64 (select, 0),
                              sqlite3_column_int64 (select, 1) % 2 == 0
                                  ? "undone"
                                  : "done again",
                              old != NULL ? ": " : "", old != NULL ? old : "");
      sqlite3_reset (select);
    }
  else if (failure != NULL)
    g_propagate_error (error, failure);
  else
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND,
                 "There is no change %" G_GINT64_FORMAT " in the store",
                 change);
  return text;
}

static gboolean
run_steps (TwinStore *self, int64_t change, GError **error)
{
  const TwinStoreOpenChange *mine = &self->change;

  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      sqlite3_stmt *step = twin_store_db_prepare (&self->sql, steps[i], error);

      if (step == NULL)
        return FALSE;

      sqlite3_bind_int64 (step, 1, change);
      if (sqlite3_bind_parameter_count (step) > 1)
        {
          sqlite3_bind_int64 (step, 2, mine->id);
          sqlite3_bind_int64 (step, 3, mine->time_us);
        }
      if (sqlite3_step (step) != SQLITE_DONE)
        {
          twin_store_db_fail (&self->sql, error, TWIN_STORE_ERROR_WRITE,
                              "Could not undo change %" G_GINT64_FORMAT,
                              change);
          sqlite3_reset (step);
          return FALSE;
        }
      sqlite3_reset (step);
    }
  return TRUE;
}

static gboolean
undo (TwinStore  *self,
      int64_t     change,
      const char *who,
      int64_t     now_us,
      GError    **error)
{
  g_autofree char *text = NULL;

  if (!find_present (self, &change, error))
    return FALSE;

  text = describe (self, change, error);
  if (text == NULL ||
      !check_none (self, newer_sql, change, change, "was changed since",
                   error) ||
      !twin_store_begin_change (self, who, "undo", text, now_us, error))
    return FALSE;

  self->change.undoes = change;
  if (!run_steps (self, change, error) ||
      !check_none (self, loose_sql, self->change.id, change,
                   "needs what would go; it was added", error) ||
      !check_none (self, lost_sql, self->change.id, change,
                   "would be needed; it was deleted", error))
    return FALSE;

  twin_store_note_changed (self);
  return TRUE;
}

gboolean
twin_store_undo (TwinStore  *self,
                 int64_t     change,
                 const char *who,
                 int64_t     now_us,
                 GError    **error)
{
  gboolean own;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  return twin_store_leave (self, own, undo (self, change, who, now_us, error),
                           error);
}
