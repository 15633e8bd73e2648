/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-functions-private.h - shared by what implements the functions */
#pragma once

#include "twin-store-chunk.h"
#include "twin-store-db.h"
#include "twin-store-functions.h"

G_BEGIN_DECLS

typedef struct
{
  TwinStoreDb    *sql;
  TwinStoreMoment moment;
  GHashTable     *graphs; /* what walks read: spec -> their graph */
  GHashTable     *tails;  /* shard -> its samples that are not sealed */
  GHashTable     *serves; /* machine -> GPtrArray of its node's names for its
                           * parts; NULL: not read yet */
  GHashTable *silent;     /* set of nodes that are offline; NULL: … */
  int64_t     samples_since_us, minutes_since_us; /* retention */
  int         texts; /* whether any is kept; -1: not looked yet */
} TwinStoreFunctions;

/* Lets SQLite's progress handler and interrupts have their say in long work
 * outside of statements; FALSE: stop with SQLITE_INTERRUPT. */
gboolean twin_store_functions_breathe (TwinStoreFunctions *self);

gboolean twin_store_functions_as_of (const TwinStoreFunctions *self);

/* Registration: FALSE with SQLite's error on the connection. */
gboolean twin_store_walk_add (TwinStoreFunctions *self);
gboolean twin_store_signal_functions_add (TwinStoreFunctions *self);
gboolean twin_store_history_functions_add (TwinStoreFunctions *self);

void twin_store_walk_graph_free (void *graph);
void twin_store_tail_free (void *tail);

/* --- signals ------------------------------------------------------------- */

typedef struct
{
  int64_t     id; /* 0: the twin has no such signal */
  double      max_silence_s;
  const char *node; /* until twin_store_functions_leave_signal() */
} TwinStoreFoundSignal;

/* The signal that the first two of @values, twin and path, name. FALSE: an
 * error is the result of @context, or NULL is. */
gboolean twin_store_functions_find_signal (sqlite3_context      *context,
                                           sqlite3_value       **values,
                                           TwinStoreFoundSignal *signal);
void     twin_store_functions_leave_signal (TwinStoreFunctions *self);

/* The connection's error, or that samples are damaged, as the result. */
void twin_store_functions_fail (sqlite3_context    *context,
                                TwinStoreFunctions *self);

/* The unsealed samples of @signal, in the order they came; FALSE on errors. */
gboolean twin_store_functions_find_tail (TwinStoreFunctions     *self,
                                         int64_t                 signal,
                                         const TwinStoreSample **samples,
                                         guint                  *n);

G_END_DECLS
