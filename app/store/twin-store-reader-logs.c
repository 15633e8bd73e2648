/* SPDX-License-Identifier: Apache-2.0 */
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
