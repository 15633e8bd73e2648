/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ring.h - what a node's ring holds, and asking it to send again
 *
 * Pure; any thread; a parsed report is never changed again.
 */
#pragma once

#include "twin-wire.h"

G_BEGIN_DECLS

typedef struct
{
  TwinSpan      span;
  TwinLossCause cause;
} TwinLoss;

typedef struct
{
  uint8_t   ring[TWIN_RING_SIZE];
  gboolean  has_id;           /* FALSE: sent at connect, not an answer */
  uint8_t   id[TWIN_ID_SIZE]; /* of the replay it answers */
  size_t    n_held;
  TwinSpan *held;
  size_t    n_lost;
  TwinLoss *lost;
} TwinRingReport;

/* @data: the payload of a TwinSigned. A span with first > last, or beyond
 * TWIN_SEQ_MAX, is a CONTENT error. */
TwinRingReport *twin_ring_report_parse (const uint8_t *data,
                                        size_t         size,
                                        GError       **error);
void            twin_ring_report_free (TwinRingReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinRingReport, twin_ring_report_free)

/* Ask for @n spans (0: "what do you hold?"); a span's last may be
 * TWIN_SEQ_NEWEST. @rate: records a second, 0 for the node's own. */
GBytes *twin_replay_build (const uint8_t   id[TWIN_ID_SIZE],
                           const TwinSpan *spans,
                           size_t          n,
                           uint32_t        rate);

/* Ask for blocks of a capture again. */
GBytes *twin_replay_build_blocks (const uint8_t   id[TWIN_ID_SIZE],
                                  uint64_t        capture,
                                  const uint64_t *blocks,
                                  size_t          n);

G_END_DECLS
