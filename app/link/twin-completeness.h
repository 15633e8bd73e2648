/* SPDX-License-Identifier: Apache-2.0 */
/* twin-completeness.h - which records of which node we have, lack, have lost
 *
 * Pure bookkeeping: no store, no network, an injected clock. One thread (the
 * pipeline's). A *stream* is (node, ring, epoch); of each it keeps the open
 * gaps and the known losses below `end`; everything else below `end` was
 * received. A record next in line costs a hash look-up and an addition.
 *
 *   every record     twin_completeness_record()
 *   every ring       twin_completeness_report() (only one whose signature
 *                    was verified)
 *   every reconnect  twin_completeness_connected()
 *   several times a second  twin_completeness_take_asks(), publish each
 *   every batch      twin_completeness_take_changed(), store each
 */
#pragma once

#include "twin-clock.h"
#include "twin-ring.h"

G_BEGIN_DECLS

typedef struct _TwinCompleteness TwinCompleteness;

/* @clock may be NULL: the real one; borrowed. */
TwinCompleteness *twin_completeness_new (const TwinClock *clock);
void              twin_completeness_free (TwinCompleteness *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinCompleteness, twin_completeness_free)

typedef enum
{
  TWIN_SEEN_NEW,       /* store it */
  TWIN_SEEN_DUPLICATE, /* had it: compare the bytes, a difference is an
                        * identity conflict */
  TWIN_SEEN_RECOVERED, /* new, and had been given up as lost: store it */
  TWIN_SEEN_REFUSED,   /* would pass a bound below: do not store; counted */
} TwinSeen;

/* What hostile records can make us keep. */
enum
{
  TWIN_COMPLETENESS_NODES_MAX = 20000,
  TWIN_COMPLETENESS_STREAMS_MAX = 16384,  /* a node */
  TWIN_COMPLETENESS_STREAMS_ALL = 262144, /* all nodes together */
  TWIN_COMPLETENESS_GAPS_MAX = 4096,      /* a stream */
};

/* No node writes so many records in an epoch (a thousand a second for thirty
 * years), and sums of them stay numbers. */
#define TWIN_COMPLETENESS_SEQ_MAX ((UINT64_C (1) << 40) - 1)

TwinSeen twin_completeness_record (TwinCompleteness   *self,
                                   const char         *node,
                                   const TwinIdentity *identity);

/* Takes back a record that could not be stored: it is missing again. */
void twin_completeness_unsee (TwinCompleteness   *self,
                              const char         *node,
                              const TwinIdentity *identity);

/* Anything else arrived from @node (birth, status, waveform): it is not
 * silent. A node not heard of before becomes known and is asked what it
 * holds. */
void twin_completeness_heard (TwinCompleteness *self, const char *node);

/* Opens gaps for what the ring holds and we lack, closes as known losses what
 * it lost, what it no longer holds and does not name (overwritten, or corrupt
 * within the held range), and every gap of another ring of that node
 * (erased). Returns how many records became known losses by it. */
uint64_t twin_completeness_report (TwinCompleteness     *self,
                                   const char           *node,
                                   const TwinRingReport *report);

/* The records line is up again: every known node is to be asked. */
void twin_completeness_connected (TwinCompleteness *self);
/* It is down: nothing is due until connected. */
void twin_completeness_disconnected (TwinCompleteness *self);

/* The node is gone for good (empty birth): its gaps are no longer asked for,
 * nor is it. Heard of again, it is known again. */
void twin_completeness_removed (TwinCompleteness *self, const char *node);

/* One replay to publish. */
typedef struct
{
  char     *node;
  uint8_t   id[TWIN_ID_SIZE];
  size_t    n_spans; /* 0: "what do you hold?" */
  uint32_t  rate;    /* records a second to ask for; 0: the node's own */
  TwinSpan *spans;
} TwinAsk;

void twin_ask_free (TwinAsk *ask);

/* What is to be asked now, NULL when nothing is; elements are TwinAsk, owned
 * by the array. A gap is due when 2 s old or 64 records behind; asked again
 * when 5 s, 10 s … 60 s went by without any of it arriving. A node is asked
 * what it holds after every connect, when a new epoch came without a report,
 * and after every 60 s of silence. */
GPtrArray *twin_completeness_take_asks (TwinCompleteness *self);

/* Monotonic time of the next possible ask, INT64_MAX when none. */
int64_t twin_completeness_get_next_due (TwinCompleteness *self);

/* --- keeping it over a restart --- */

/* One stream whole; spans' epochs repeat the stream's. */
typedef struct
{
  const char     *node;
  uint8_t         ring[TWIN_RING_SIZE];
  uint32_t        epoch;
  size_t          n_received;
  const TwinSpan *received; /* ascending, disjoint, not adjacent */
  size_t          n_lost;
  const TwinLoss *lost; /* ascending, disjoint */
} TwinStream;

/* Sets a stream as it was kept; gaps are what lies between. Before any
 * record of it; FALSE when the ranges are not as above. */
gboolean twin_completeness_load (TwinCompleteness *self,
                                 const TwinStream *stream);

typedef void (*TwinStreamFunc) (const TwinStream *stream, void *user_data);

/* Calls @func for every stream that changed since the last call. */
void twin_completeness_take_changed (TwinCompleteness *self,
                                     TwinStreamFunc    func,
                                     void             *user_data);
/* For every stream. */
void twin_completeness_foreach (TwinCompleteness *self,
                                TwinStreamFunc    func,
                                void             *user_data);

/* --- figures --- */

typedef struct
{
  uint64_t received;   /* distinct records we have */
  uint64_t duplicates; /* since start */
  uint64_t refused;    /* since start */
  uint64_t open_gaps;  /* spans */
  uint64_t open;       /* records in them */
  uint64_t lost[3];    /* records, by TwinLossCause */
  uint64_t asked;      /* replays, since start */
} TwinCompletenessStats;

/* @node NULL: all nodes together. FALSE when the node is not known. */
gboolean twin_completeness_get_stats (TwinCompleteness      *self,
                                      const char            *node,
                                      TwinCompletenessStats *out);

G_END_DECLS
