/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-db.h - a connection with its prepared statements (inside the
 * store)
 *
 * Thread: that of the handle that embeds it.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>
#include <stdarg.h>

#include "twin-store.h"

G_BEGIN_DECLS

enum
{
  TWIN_STORE_DB_BUSY_MS = 5000,
};

typedef struct _TwinStoreVersions TwinStoreVersions;

typedef struct
{
  sqlite3    *db;
  char       *path;
  GHashTable *statements; /* SQL text -> sqlite3_stmt */
  GHashTable *puts;       /* TwinStoreTable -> its statement above, borrowed */
  GHashTable *versions;   /* TwinStoreTable -> TwinStoreVersions */
} TwinStoreDb;

/* @flags: SQLITE_OPEN_…; refuses what cannot be a store with a sentence. */
gboolean twin_store_db_open (TwinStoreDb *self,
                             const char  *path,
                             int          flags,
                             GError     **error);
void     twin_store_db_close (TwinStoreDb *self);

/* Sets @error from what SQLite said last, prefixed by the formatted text
 * ("Could not save twin “x”"). Always FALSE. */
gboolean twin_store_db_fail (TwinStoreDb   *self,
                             GError       **error,
                             TwinStoreError fallback,
                             const char    *format,
                             ...) G_GNUC_PRINTF (4, 5);

gboolean twin_store_db_exec (TwinStoreDb *self,
                             const char  *sql,
                             GError     **error);

/* A prepared statement, reset and unbound; kept for the next time. */
sqlite3_stmt *twin_store_db_prepare (TwinStoreDb *self,
                                     const char  *sql,
                                     GError     **error);

/* @types, one letter a value: s text, i int64_t, t time, d double, b GBytes,
 * B int (boolean). NULL, NaN and TWIN_TIME_NONE become SQL NULL. Strings are
 * borrowed until the statement is reset. */
void twin_store_db_bind (sqlite3_stmt *statement, const char *types, ...);
void twin_store_db_bind_double (sqlite3_stmt *statement, int i, double value);
void twin_store_db_bind_time (sqlite3_stmt *statement, int i, int64_t value);

/* Prepares, binds and runs a statement that returns no rows. */
gboolean twin_store_db_run (TwinStoreDb *self,
                            GError     **error,
                            const char  *sql,
                            const char  *types,
                            ...);

/* First column of the first row; @fallback when there is no row or NULL. */
gboolean twin_store_db_get_int (TwinStoreDb *self,
                                GError     **error,
                                int64_t     *value,
                                const char  *sql,
                                const char  *types,
                                ...);

/* Steps; TRUE on a row. On the end and on errors resets, and only on errors
 * sets @error. */
gboolean twin_store_db_step (TwinStoreDb  *self,
                             sqlite3_stmt *statement,
                             GError      **error);

double  twin_store_db_column_double (sqlite3_stmt *statement, int i);
int64_t twin_store_db_column_time (sqlite3_stmt *statement, int i);

G_END_DECLS
