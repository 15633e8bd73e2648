/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-table.h - row structs to SQL and back, by description (inside the
 * store)
 */
#pragma once

#include "twin-store-db.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_COLUMN_END,
  TWIN_COLUMN_ROWID, /* int64_t; 0 in a new row */
  TWIN_COLUMN_TEXT,  /* const char * */
  TWIN_COLUMN_INT,   /* int64_t */
  TWIN_COLUMN_BOOL,  /* gboolean */
  TWIN_COLUMN_TIME,  /* int64_t, TWIN_TIME_NONE is NULL */
  TWIN_COLUMN_REAL,  /* double, NaN is NULL */
  TWIN_COLUMN_BLOB,  /* GBytes * */
} TwinStoreColumnType;

typedef struct
{
  const char         *name; /* quoted where SQL needs it */
  TwinStoreColumnType type;
  size_t              offset;
  gboolean            keep;  /* an upsert leaves what is there */
  gboolean            value; /* makes another version: twin-store-version.h */
} TwinStoreColumn;

typedef struct
{
  const char            *name;
  const char            *what; /* for messages: "the alarm" */
  const char            *key;  /* columns of an upsert's conflict, or NULL */
  size_t                 size;
  const TwinStoreColumn *columns;
  GDestroyNotify         free_row;
} TwinStoreTable;

/* Inserts, or updates on a conflict of the key. @id may be NULL. */
gboolean twin_store_table_put (TwinStoreDb          *sql,
                               const TwinStoreTable *table,
                               const void           *row,
                               int64_t              *id,
                               GError              **error);

/* Binds parameter n to the n-th column of @row, whose values must stay until
 * the statement is reset. */
void twin_store_table_bind (sqlite3_stmt         *statement,
                            const TwinStoreTable *table,
                            const void           *row);

/* Rows of SELECT … @tail (after FROM); @types and values as twin_store_db_bind.
 */
GPtrArray *twin_store_table_list (TwinStoreDb          *sql,
                                  const TwinStoreTable *table,
                                  GError              **error,
                                  const char           *tail,
                                  const char           *types,
                                  ...);

/* As above with what twin_store_db_bind left bound: for statements made in
 * steps. */
sqlite3_stmt *twin_store_table_select (TwinStoreDb          *sql,
                                       const TwinStoreTable *table,
                                       const char           *tail,
                                       GError              **error);
GPtrArray    *twin_store_table_collect (TwinStoreDb          *sql,
                                        const TwinStoreTable *table,
                                        sqlite3_stmt         *select,
                                        GError              **error);

/* Takes the first row out of @rows and frees the array; NOT_FOUND, naming
 * @name, when it is empty. @rows NULL: NULL. */
void *twin_store_table_one (const TwinStoreTable *table,
                            GPtrArray            *rows,
                            const char           *name,
                            GError              **error);

void twin_store_table_free_row (const TwinStoreTable *table, void *row);

G_END_DECLS
