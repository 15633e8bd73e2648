/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ledger.h - the numbers of one stream: had, missing, lost
 *
 * Inside this folder only. Every number below `end` is in exactly one of
 * three states: missing (in a gap), lost (in a loss) or received (in
 * neither). Numbers from `end` on are not known to exist.
 */
#pragma once

#include "twin-completeness.h"

G_BEGIN_DECLS

enum
{
  TWIN_LEDGER_LOSSES_MAX = 4096,
};

typedef struct
{
  uint64_t first;
  uint64_t last;
  int64_t  ask_at_us; /* monotonic: not before */
  unsigned asked;     /* how often, since it was noticed or shrank */
  gboolean live;      /* opened by a newer record: many more make it due */
} TwinGap;

typedef struct
{
  uint64_t      first;
  uint64_t      last;
  TwinLossCause cause;
} TwinLedgerLoss;

typedef struct
{
  uint64_t end;
  GArray  *gaps; /* TwinGap, ascending, disjoint, never adjacent */
  GArray  *lost; /* TwinLedgerLoss, ascending, disjoint */
  uint64_t open; /* numbers in gaps */
  uint64_t n_lost[3];
} TwinLedger;

void twin_ledger_init (TwinLedger *self);
void twin_ledger_clear (TwinLedger *self);

uint64_t twin_ledger_get_received (const TwinLedger *self);

/* @seq was received. A gap that opens by it is due at @ask_at_us; one that
 * shrinks and had been asked for is due at @again_at_us, and *@progress
 * becomes TRUE. */
TwinSeen twin_ledger_see (TwinLedger *self,
                          uint64_t    seq,
                          int64_t     ask_at_us,
                          int64_t     again_at_us,
                          gboolean   *progress);
/* It was not, after all. */
void twin_ledger_unsee (TwinLedger *self, uint64_t seq, int64_t ask_at_us);

/* Numbers up to @last are known to exist. FALSE when there is no room for
 * another gap. */
gboolean twin_ledger_extend (TwinLedger *self,
                             uint64_t    last,
                             int64_t     ask_at_us);

/* What is missing of @span is lost (its epoch is not looked at). Returns how
 * many. */
uint64_t twin_ledger_lose (TwinLedger     *self,
                           const TwinSpan *span,
                           TwinLossCause   cause,
                           int64_t         ask_at_us);

/* Index of the first gap that ends at or after @seq. */
guint twin_ledger_find_gap (const TwinLedger *self, uint64_t seq);

/* The received ranges as spans of @epoch; caller unrefs. */
GArray *twin_ledger_list_received (const TwinLedger *self, uint32_t epoch);

G_END_DECLS
