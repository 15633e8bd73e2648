/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-samples.h - samples on their way into the file (inside the store)
 *
 * A commit adds one row a shard (1,024 signals) to sample_tail. Once a shard's
 * tail is long or old enough it is sealed: sorted into chunks a signal and
 * added to the roll-ups, and deleted, in one transaction. So a sample is in
 * the tail or in chunks and roll-ups, never in both: roll-ups are exact
 * whatever the order samples came in.
 *
 * Thread: that of the store.
 */
#pragma once

#include "twin-store-chunk.h"
#include "twin-store-private.h"

G_BEGIN_DECLS

enum
{
  TWIN_SAMPLES_SHARD_BITS = 10,
  TWIN_SAMPLES_SEAL_LENGTH = 65536, /* samples of a shard's tail */
};

#define TWIN_SAMPLES_SEAL_AGE_US (120 * TWIN_US_PER_S)
#define TWIN_SAMPLES_MINUTE_US (60 * TWIN_US_PER_S)
#define TWIN_SAMPLES_HOUR_US (3600 * TWIN_US_PER_S)
/* No chunk spans more: a reader knows how far back to look. */
#define TWIN_SAMPLES_CHUNK_SPAN_US (INT64_C (86400) * TWIN_US_PER_S)

typedef struct _TwinSamples TwinStoreSamples;

TwinStoreSamples *twin_store_samples_new (TwinStore *store, GError **error);
void              twin_store_samples_free (TwinStoreSamples *self);

void twin_store_samples_add (TwinStoreSamples      *self,
                             const TwinStoreSample *sample);

/* Inside a transaction: what was added since the last commit. */
gboolean twin_store_samples_write (TwinStoreSamples *self, GError **error);
/* How that transaction ended. */
void twin_store_samples_settle (TwinStoreSamples *self, gboolean committed);

/* Outside a transaction: seals at most one shard that is due, or with @all
 * every shard that has a tail. */
gboolean twin_store_samples_seal (TwinStoreSamples *self,
                                  gboolean          all,
                                  GError          **error);

int64_t twin_store_samples_floor (int64_t time_us, int64_t unit_us);

G_END_DECLS
