/* SPDX-License-Identifier: Apache-2.0 */
/* twin-completeness-private.h - nodes and streams of TwinCompleteness
 *
 * Inside this folder only: shared by the bookkeeping and the asking.
 */
#pragma once

#include "twin-ledger.h"

G_BEGIN_DECLS

typedef struct _TwinPeer TwinPeer;

typedef struct
{
  uint8_t    ring[TWIN_RING_SIZE];
  uint32_t   epoch;
  TwinPeer  *peer;
  TwinLedger ledger;
  uint64_t   crowd_at; /* an `end` past this makes a gap due at once */
  gboolean   changed;
} TwinPeerStream;

struct _TwinPeer
{
  char           *name;
  GHashTable     *streams; /* set of TwinPeerStream, by ring and epoch */
  TwinPeerStream *current; /* of the last record */
  gboolean        removed;
  int64_t         heard_us;    /* monotonic, as all here */
  int64_t         hello_us;    /* "what do you hold?" is due; INT64_MAX */
  int64_t         asked_us;    /* the last time it was asked for gaps */
  int64_t         progress_us; /* the last time something asked for arrived */
  gboolean        has_ring;    /* a report said which ring it has now */
  uint8_t         ring[TWIN_RING_SIZE];
  TwinCompletenessStats stats; /* of its streams together */
};

struct _TwinCompleteness
{
  const TwinClock      *clock;
  GHashTable           *peers;     /* name → TwinPeer */
  guint                 n_streams; /* of all peers */
  GPtrArray            *changed;   /* TwinPeerStream, borrowed */
  gboolean              connected;
  int64_t               next_due_us;
  TwinCompletenessStats stats; /* of all peers together */
};

/* Makes take_asks() look again no later than @us. */
void twin_completeness_wake (TwinCompleteness *self, int64_t us);

/* NULL when there are too many of them. */
TwinPeer *twin_completeness_get_peer (TwinCompleteness *self, const char *name);
TwinPeerStream *twin_completeness_get_stream (
    TwinCompleteness *self,
    TwinPeer         *peer,
    const uint8_t     ring[TWIN_RING_SIZE],
    uint32_t          epoch);

/* Around every change of a stream: takes its figures out of the sums, puts
 * them back. */
void twin_completeness_begin_change (TwinCompleteness *self,
                                     TwinPeerStream   *stream);
void twin_completeness_end_change (TwinCompleteness *self,
                                   TwinPeerStream   *stream);

G_END_DECLS
