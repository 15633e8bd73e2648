/* SPDX-License-Identifier: Apache-2.0 */
/* twin-stream.h - what of one (node, ring, epoch) is here (inside the store)
 *
 * Kept in memory, written with the batch that changes it.
 */
#pragma once

#include "twin-spans.h"
#include "twin-sql.h"

G_BEGIN_DECLS

typedef struct
{
  char    *node;
  uint8_t  ring[8];
  int64_t  epoch;
  int64_t  id;
  GArray  *spans;  /* TwinSpan: received */
  GArray  *losses; /* TwinSpan: gone for ever */
  gboolean saved;  /* has its row */
  /* Of the batch under way; NULL when it has not touched this stream. */
  GArray  *spans_before, *losses_before;
  gboolean saved_before;
} TwinStream;

typedef struct
{
  GHashTable *streams; /* set of TwinStream */
  GPtrArray  *touched; /* borrowed, of the batch under way */
  int64_t     next_id;
} TwinStreams;

gboolean twin_streams_init (TwinStreams *self, TwinSql *sql, GError **error);
void     twin_streams_clear (TwinStreams *self);

/* Finds or makes, ready to be changed in this batch. */
TwinStream *twin_streams_touch (TwinStreams   *self,
                                const char    *node,
                                const uint8_t *ring,
                                int64_t        epoch);

/* Makes sure its row is there. */
gboolean twin_stream_save (TwinStream *stream, TwinSql *sql, GError **error);

/* Writes what became of the spans in this batch. */
gboolean twin_streams_write (TwinStreams *self, TwinSql *sql, GError **error);

/* How the batch ended. */
void twin_streams_settle (TwinStreams *self, gboolean committed);

G_END_DECLS
