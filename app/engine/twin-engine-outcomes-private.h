/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-outcomes-private.h - between the files of the outcomes
 *
 * All of it belongs to the pipeline thread.
 */
#pragma once

#include "twin-engine-private.h"
#include "twin-reliability.h"

G_BEGIN_DECLS

/* TwinEngine's outcomes. */
typedef struct
{
  GPtrArray *rows;    /* TwinStoreOutcome, oldest first */
  GArray    *journal; /* TwinOutcome of the same; strings of the rows */
} TwinEngineOutcomes;

/* As the store has it now. FALSE: it stays as it was. */
gboolean twin_engine_outcomes_reload (TwinEngine *self, GError **error);
/* Whether entry @i was not taken back. */
gboolean twin_engine_outcomes_counts (const TwinEngineOutcomes *self, guint i);
/* The outcome of @order that counts, or NULL. */
const TwinStoreOutcome *twin_engine_outcomes_find (
    const TwinEngineOutcomes *self,
    const char               *order);
/* The model of @machine without its version; caller frees. */
char *twin_engine_outcomes_class (const TwinEngineMachine *machine);
void  twin_engine_outcomes_compute (TwinEngine      *self,
                                    const char      *fault,
                                    const char      *class_name,
                                    TwinReliability *out);

/* When the last order from place @at on was done; 0: none was. */
int64_t twin_engine_outcomes_done_us (const GPtrArray *orders, guint at);
/* What the live rules confirmed last in between; static, or NULL: nothing. */
const char *twin_engine_outcomes_confirmed (TwinEngine *self,
                                            const char *machine,
                                            int64_t     from_us,
                                            int64_t     to_us);
/* What was diagnosed before the order at place @at was closed, and after the
 * one done before it. */
const char *twin_engine_outcomes_diagnosed (TwinEngine      *self,
                                            const GPtrArray *orders,
                                            guint            at);

G_END_DECLS
