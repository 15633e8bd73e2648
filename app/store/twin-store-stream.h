/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-stream.h - what of one (node, ring, epoch) is here (inside the
 * store)
 *
 * Kept in memory, written with the batch that changes it.
 */
#pragma once

#include "twin-store-spans.h"
#include "twin-store-db.h"

G_BEGIN_DECLS

typedef struct
{
  char    *node;
  uint8_t  ring[8];
  int64_t  epoch;
  int64_t  id;
  GArray  *spans;  /* TwinStoreRun: received */
  GArray  *losses; /* TwinStoreRun: gone for ever */
  gboolean saved;  /* has its row */
  /* Of the batch under way; NULL when it has not touched this stream. */
  GArray  *spans_before, *losses_before;
  gboolean saved_before;
} TwinStoreStream;

typedef struct
{
  GHashTable *streams; /* set of TwinStoreStream */
  GPtrArray  *touched; /* borrowed, of the batch under way */
  int64_t     next_id;
} TwinStoreStreams;

gboolean twin_store_streams_init (TwinStoreStreams *self,
                                  TwinStoreDb      *sql,
                                  GError          **error);
void     twin_store_streams_clear (TwinStoreStreams *self);

/* Finds or makes, ready to be changed in this batch. */
TwinStoreStream *twin_store_streams_touch (TwinStoreStreams *self,
                                           const char       *node,
                                           const uint8_t    *ring,
                                           int64_t           epoch);

/* Makes sure its row is there. */
gboolean twin_store_stream_save (TwinStoreStream *stream,
                                 TwinStoreDb     *sql,
                                 GError         **error);

/* Writes what became of the spans in this batch. */
gboolean twin_store_streams_write (TwinStoreStreams *self,
                                   TwinStoreDb      *sql,
                                   GError          **error);

/* How the batch ended. */
void twin_store_streams_settle (TwinStoreStreams *self, gboolean committed);

G_END_DECLS
