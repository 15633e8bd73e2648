/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-changes.h"
#include "twin-store-history.h"
#include "twin-store-reader-private.h"
#include "twin-store-tables.h"

enum
{
  DEFAULT_LIMIT = 1000,
};

typedef struct
{
  const TwinStoreTable *table;
  const char           *time;     /* column that orders it */
  const char           *subjects; /* condition on ?1 */
  const char           *extra;    /* further conditions, or NULL */
  const char           *tie;      /* order within one instant */
} TwinLog;

/* ?1 subject, ?2 from, ?3 to, ?4 kind, ?5 limit, ?6 and ?7 free */
static sqlite3_stmt *
select_span (TwinStoreReader     *self,
             const TwinLog       *log,
             const TwinStoreSpan *span,
             GError             **error)
{
  static const TwinStoreSpan everything = { 0 };
  g_autoptr (GString) tail = g_string_new ("WHERE 1");
  sqlite3_stmt *select;

  if (span == NULL)
    span = &everything;
  if (span->subject != NULL)
    g_string_append_printf (tail, " AND (%s)", log->subjects);
  if (span->from_us != 0 || span->to_us != 0)
    g_string_append_printf (tail, " AND %s >= ?2 AND %s < ?3", log->time,
                            log->time);
  if (span->kind != NULL)
    g_string_append (tail, " AND kind = ?4");
  if (log->extra != NULL)
    g_string_append_printf (tail, " AND %s", log->extra);
  g_string_append_printf (tail, " ORDER BY %s DESC%s LIMIT ?5", log->time,
                          log->tie);

  select = twin_store_table_select (&self->sql, log->table, tail->str, error);
  if (select != NULL)
    twin_store_db_bind (select, "siisi", span->subject, span->from_us,
                        span->to_us, span->kind,
                        (int64_t) (span->limit > 0 ? span->limit
                                                   : DEFAULT_LIMIT));
  return select;
}

static GPtrArray *
list_span (TwinStoreReader     *self,
           const TwinLog       *log,
           const TwinStoreSpan *span,
           GError             **error)
{
  sqlite3_stmt *select = select_span (self, log, span, error);

  if (select == NULL)
    return NULL;
  return twin_store_table_collect (&self->sql, log->table, select, error);
}

static GPtrArray *
oldest_first (GPtrArray *rows)
{
  for (guint i = 0; rows != NULL && i < rows->len / 2; i++)
    {
      void **a = &g_ptr_array_index (rows, i);
      void **b = &g_ptr_array_index (rows, rows->len - 1 - i);
      void  *kept = *a;

      *a = *b;
      *b = kept;
    }
  return rows;
}

GPtrArray *
twin_store_reader_list_journal (TwinStoreReader     *self,
                                const TwinStoreSpan *span,
                                GError             **error)
{
  static const TwinLog log = { &twin_store_table_journal, "time_us",
                               "subject = ?1 OR machine = ?1", NULL,
                               ", id DESC" };

  return list_span (self, &log, span, error);
}

GPtrArray *
twin_store_reader_list_events (TwinStoreReader     *self,
                               const TwinStoreSpan *span,
                               GError             **error)
{
  static const TwinLog log = { &twin_store_table_event, "time_us",
                               "twin = ?1 OR node = ?1", NULL, ", id DESC" };

  return list_span (self, &log, span, error);
}

GPtrArray *
twin_store_reader_list_transitions (TwinStoreReader     *self,
                                    const TwinStoreSpan *span,
                                    GError             **error)
{
  static const TwinLog log = { &twin_store_table_transition, "time_us",
                               "source = ?1", NULL, ", id DESC" };

  return list_span (self, &log, span, error);
}

GPtrArray *
twin_store_reader_list_diagnoses (TwinStoreReader     *self,
                                  const TwinStoreSpan *span,
                                  GError             **error)
{
  static const TwinLog log = { &twin_store_table_diagnosis, "time_us",
                               "machine = ?1 OR twin = ?1", NULL, ", id DESC" };

  return list_span (self, &log, span, error);
}

GPtrArray *
twin_store_reader_find_confirmed (TwinStoreReader *self,
                                  const char      *machine,
                                  int64_t          from_us,
                                  int64_t          to_us,
                                  GError         **error)
{
  return twin_store_table_list (&self->sql, &twin_store_table_diagnosis, error,
                                "WHERE machine = ? AND time_us BETWEEN ? AND ? "
                                "AND confirmed AND verdict IN ('inner', "
                                "'outer', 'ball', 'cage') ORDER BY time_us "
                                "DESC, id DESC LIMIT 1",
                                "sii", machine, from_us, to_us);
}

GPtrArray *
twin_store_reader_list_health (TwinStoreReader     *self,
                               const TwinStoreSpan *span,
                               GError             **error)
{
  static const TwinLog log = { &twin_store_table_health, "time_us",
                               "machine = ?1", NULL, "" };

  return oldest_first (list_span (self, &log, span, error));
}

GPtrArray *
twin_store_reader_list_predictions (TwinStoreReader     *self,
                                    const TwinStoreSpan *span,
                                    GError             **error)
{
  static const TwinLog log = { &twin_store_table_prediction, "time_us",
                               "machine = ?1", NULL, "" };

  return oldest_first (list_span (self, &log, span, error));
}

GPtrArray *
twin_store_reader_list_commands (TwinStoreReader     *self,
                                 const TwinStoreSpan *span,
                                 GError             **error)
{
  static const TwinLog log = { &twin_store_table_command, "issued_us",
                               "node = ?1 OR twin = ?1", NULL, "" };

  return list_span (self, &log, span, error);
}

GPtrArray *
twin_store_reader_list_waveforms (TwinStoreReader     *self,
                                  const TwinStoreSpan *span,
                                  const char          *sensor,
                                  const char          *axis,
                                  GError             **error)
{
  static const TwinLog log = {
    &twin_store_table_waveform_list, "t0_us",
    "twin = ?1 OR machine = ?1 OR node = ?1",
    "(?6 IS NULL OR sensor = ?6) AND (?7 IS NULL OR axis = ?7)", ", id DESC"
  };
  sqlite3_stmt *select = select_span (self, &log, span, error);

  if (select == NULL)
    return NULL;

  sqlite3_bind_text (select, 6, sensor, -1, SQLITE_STATIC);
  sqlite3_bind_text (select, 7, axis, -1, SQLITE_STATIC);
  return twin_store_table_collect (&self->sql, log.table, select, error);
}

TwinStoreWaveform *
twin_store_reader_get_waveform (TwinStoreReader *self,
                                int64_t          id,
                                GError         **error)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, id);

  return twin_store_table_one (
      &twin_store_table_waveform,
      twin_store_table_list (&self->sql, &twin_store_table_waveform, error,
                             "WHERE id = ?", "i", id),
      name, error);
}

/* --- journal and changes as one
 * ---------------------------------------------------- */

/* The one twin that change ?1 is about, or whose relationships; NULL when there
 * are several. The inner LIMIT ends the search of a large import early. */
#define ONE_OF(column, now, past)                                              \
  "SELECT CASE WHEN min (x) = max (x) THEN min (x) END, count (x) FROM"        \
  " (SELECT DISTINCT x FROM (SELECT " column " AS x FROM " now                 \
  " WHERE change = ?1 UNION ALL SELECT " column " FROM " past                  \
  " WHERE change = ?1 UNION ALL SELECT " column " FROM " past                  \
  " WHERE ended = ?1) LIMIT 2)"

static gboolean
find_subject (TwinStoreReader *self,
              int64_t          change,
              char           **subject,
              GError         **error)
{
  static const char *const sql[] = {
    ONE_OF ("id", "twin", "twin_past"),
    ONE_OF ("source", "relationship", "relationship_past"),
  };

  for (size_t i = 0; i < G_N_ELEMENTS (sql); i++)
    {
      sqlite3_stmt *select = twin_store_db_prepare (&self->sql, sql[i], error);
      GError       *failure = NULL;
      gboolean      found;

      if (select == NULL)
        return FALSE;

      twin_store_db_bind (select, "i", change);
      if (!twin_store_db_step (&self->sql, select, &failure))
        {
          g_propagate_error (error, failure);
          return FALSE;
        }

      *subject = g_strdup ((const char *) sqlite3_column_text (select, 0));
      found = sqlite3_column_int64 (select, 1) > 0;
      sqlite3_reset (select);
      if (found)
        return TRUE;
    }
  return TRUE;
}

/* Takes the strings of @change. */
static gboolean
add_change (TwinStoreReader *self,
            GPtrArray       *rows,
            TwinStoreChange *change,
            GError         **error)
{
  TwinStoreJournal *row = g_new0 (TwinStoreJournal, 1);

  g_ptr_array_add (rows, row);
  row->id = change->id;
  row->time_us = change->time_us;
  row->who = g_steal_pointer (&change->who);
  row->kind = g_steal_pointer (&change->kind);
  row->text = g_steal_pointer (&change->text);
  return find_subject (self, change->id, (char **) &row->subject, error);
}

GPtrArray *
twin_store_reader_list_log_since (TwinStoreReader *self,
                                  int64_t          since,
                                  size_t           limit,
                                  GError         **error)
{
  g_autoptr (GPtrArray) changes =
      twin_store_table_list (&self->sql, &twin_store_table_change, error,
                             "WHERE id > ? ORDER BY id DESC LIMIT ?", "ii",
                             since,
                             (int64_t) (limit > 0 ? limit : DEFAULT_LIMIT));
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func (twin_store_table_journal.free_row);

  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      if (!add_change (self, rows, g_ptr_array_index (changes, i), error))
        return NULL;
    }
  return changes != NULL ? g_steal_pointer (&rows) : NULL;
}
