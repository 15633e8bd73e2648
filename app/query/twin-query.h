/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query.h - the twin query language, run on a store
 *
 * SELECT … FROM DIGITALTWINS | RELATIONSHIPS … [JOIN … RELATED …] [MATCH …]
 * [WHERE …] as of Azure Digital Twins. A query is parsed once (pure, any
 * thread) and run on the reader of the calling thread: one compiled SELECT
 * with bound parameters.
 *
 * MATCH: a hop with [] or a name gives a row for each relationship; hops over
 * several ([*..3]) give each twin at the far end once for each at the near end,
 * however many paths lead there, so that dense graphs stay cheap. No path uses
 * a relationship twice: not within such hops, nor two hops of one relationship
 * each.
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "twin-store-reader.h"

G_BEGIN_DECLS

#define TWIN_QUERY_ERROR (twin_query_error_quark ())
GQuark twin_query_error_quark (void);

typedef enum
{
  TWIN_QUERY_ERROR_SYNTAX,
  TWIN_QUERY_ERROR_NAME,      /* an alias that nothing declares */
  TWIN_QUERY_ERROR_LIMIT,     /* longer or larger than a query may be */
  TWIN_QUERY_ERROR_TIME,      /* it took too long and was stopped */
  TWIN_QUERY_ERROR_STORE,     /* the store could not answer */
  TWIN_QUERY_ERROR_PARAMETER, /* missing, unknown, or of the wrong type */
  TWIN_QUERY_ERROR_CURSOR,    /* not of this query */
  TWIN_QUERY_ERROR_CANCELLED,
} TwinQueryError;

/* Where in the text an error is: line and column from 1, column in
 * characters; offset in bytes. */
typedef struct
{
  size_t   offset;
  unsigned line, column;
} TwinQueryPlace;

typedef struct _TwinQuery TwinQuery;

/* The message ends with the place; @place (may be NULL) has it, too. */
TwinQuery *twin_query_parse (const char     *text,
                             TwinQueryPlace *place,
                             GError        **error);

/* The same, but refuses what Azure's service does not have and what is beyond
 * its limits: a query that passes runs there, too. */
TwinQuery *twin_query_parse_strict (const char     *text,
                                    TwinQueryPlace *place,
                                    GError        **error);
void       twin_query_free (TwinQuery *self);

/* The names of its parameters, without @, each once. Caller frees. */
GStrv twin_query_list_parameters (const TwinQuery *self);

/* TRUE when every row is a whole twin (SELECT *, or one twin alias): what a
 * firmware target must be. */
gboolean twin_query_selects_twins (const TwinQuery *self);

/* @row: a JSON object. FALSE stops the run without an error. */
typedef gboolean (*TwinQueryRowFunc) (const char *row, void *data);

/* All zero is what most callers want. */
typedef struct
{
  size_t limit;      /* most rows, 0: all; with @next the size of a page */
  gint64 timeout_us; /* 0: 60 s */
  gint64 now_us;     /* 0: the clock; what AGE() and the like count from */

  /* Values of the @names, borrowed: string, number, boolean, null, or an array
   * of those for IN. One that is missing or not asked for is a PARAMETER
   * error. NULL: none. */
  JsonObject *parameters;

  /* Borrowed; cancel it from any thread. NULL: none. */
  GCancellable *cancellable;

  /* Pages. @cursor: what the page before gave, NULL: the first. @next: where
   * the cursor of the next page goes, to be freed; NULL there: this was the
   * last. Rows then come in a fixed order, and those that nobody changed in
   * the meantime come exactly once. */
  const char *cursor;
  char      **next;

  /* Where an error of run or explain is in the text; may be NULL. */
  TwinQueryPlace *place;
} TwinQueryOptions;

gboolean twin_query_run (const TwinQuery        *self,
                         TwinStoreReader        *reader,
                         const TwinQueryOptions *options,
                         TwinQueryRowFunc        func,
                         void                   *data,
                         GError                **error);

/* How many rows that is in all, without any being made; of @options limit,
 * cursor and next do not count. */
gboolean twin_query_count (const TwinQuery        *self,
                           TwinStoreReader        *reader,
                           const TwinQueryOptions *options,
                           guint64                *rows,
                           GError                **error);

/* Parses and runs; the rows as char * that the array frees. */
GPtrArray *twin_query_collect (const char      *text,
                               TwinStoreReader *reader,
                               GError         **error);

/* The ids of the twins a query selects (SELECT *, or a single alias), sorted,
 * each once; char * that the array frees. Another query is a NAME error. */
GPtrArray *twin_query_collect_ids (const char      *text,
                                   TwinStoreReader *reader,
                                   GError         **error);

/* How it is answered, as an object: "sql", the SELECT it becomes; "values",
 * what is bound to its ?1, ?2, …; "plan", SQLite's, an array of {"depth",
 * "step"}; "reads", what it goes through from end to end ("all twins T"). */
JsonNode *twin_query_explain (const TwinQuery        *self,
                              TwinStoreReader        *reader,
                              const TwinQueryOptions *options,
                              GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinQuery, twin_query_free)

G_END_DECLS
