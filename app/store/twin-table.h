/* SPDX-License-Identifier: Apache-2.0 */
/* twin-table.h - row structs to SQL and back, by description (inside the
 * store)
 */
#pragma once

#include "twin-sql.h"

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
} TwinColumnType;

typedef struct
{
  const char    *name; /* quoted where SQL needs it */
  TwinColumnType type;
  size_t         offset;
  gboolean       keep; /* an upsert leaves what is there */
} TwinColumn;

typedef struct
{
  const char       *name;
  const char       *what; /* for messages: "the alarm" */
  const char       *key;  /* columns of an upsert's conflict, or NULL */
  size_t            size;
  const TwinColumn *columns;
  GDestroyNotify    free_row;
} TwinTable;

/* Inserts, or updates on a conflict of the key. @id may be NULL. */
gboolean twin_table_put (TwinSql         *sql,
                         const TwinTable *table,
                         const void      *row,
                         int64_t         *id,
                         GError         **error);

/* Rows of SELECT … @tail (after FROM); @types and values as twin_sql_bind. */
GPtrArray *twin_table_list (TwinSql         *sql,
                            const TwinTable *table,
                            GError         **error,
                            const char      *tail,
                            const char      *types,
                            ...);

/* As above with what twin_sql_bind left bound: for statements made in steps. */
sqlite3_stmt *twin_table_select (TwinSql         *sql,
                                 const TwinTable *table,
                                 const char      *tail,
                                 GError         **error);
GPtrArray    *twin_table_collect (TwinSql         *sql,
                                  const TwinTable *table,
                                  sqlite3_stmt    *select,
                                  GError         **error);

/* Takes the first row out of @rows and frees the array; NOT_FOUND, naming
 * @name, when it is empty. @rows NULL: NULL. */
void *twin_table_one (const TwinTable *table,
                      GPtrArray       *rows,
                      const char      *name,
                      GError         **error);

void twin_table_free_row (const TwinTable *table, void *row);

G_END_DECLS
