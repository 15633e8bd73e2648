/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-functions-private.h - shared by what implements the functions */
#pragma once

#include "twin-store-db.h"
#include "twin-store-functions.h"

G_BEGIN_DECLS

typedef struct
{
  TwinStoreDb    *sql;
  TwinStoreMoment moment;
  GHashTable     *graphs;  /* what a walk found: spec -> TwinWalkGraph */
  GHashTable     *tails;   /* shard -> newest of each signal */
  GHashTable     *serves;  /* machine -> GArray of prefix and part, or NULL */
  int             offline; /* no engine writes: -1 not looked yet */
} TwinStoreFunctions;

/* Lets SQLite's progress handler and interrupts have their say in long work
 * outside of statements; FALSE: stop with SQLITE_INTERRUPT. */
gboolean twin_store_functions_breathe (TwinStoreFunctions *self);

gboolean twin_store_functions_as_of (const TwinStoreFunctions *self);

/* Registration: FALSE with SQLite's error on the connection. */
gboolean twin_store_walk_add (TwinStoreFunctions *self);
gboolean twin_store_signal_functions_add (TwinStoreFunctions *self);
gboolean twin_store_twin_functions_add (TwinStoreFunctions *self);

void twin_store_walk_graph_free (void *graph);

G_END_DECLS
