/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-spans.h - which numbers of a sequence are there (inside the store)
 *
 * A sorted GArray of TwinStoreRun without overlaps; neighbours are joined. Pure
 * functions of one thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct
{
  int64_t first, last;       /* inclusive, ≥ 0 */
  int64_t first_us, last_us; /* source time of the border records */
} TwinStoreRun;

gboolean twin_store_spans_contain (const GArray *spans, int64_t number);

/* FALSE when it is there already. */
gboolean twin_store_spans_add (GArray *spans, int64_t number, int64_t time_us);

/* Appends to @rest (of TwinStoreRun, times unset) the parts of first…last that
 * are not in @spans. */
void twin_store_spans_missing (const GArray *spans,
                               int64_t       first,
                               int64_t       last,
                               GArray       *rest);

G_END_DECLS
