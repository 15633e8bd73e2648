/* SPDX-License-Identifier: Apache-2.0
 *
 * node-ring.h - the log of records in flash, and what it still holds
 *
 * Sectors are filled one after the other round the ring, so wear is even. A
 * sector opens with a header (serial number, ring id, first record in it); a
 * record is its head, its bytes and, programmed last, a commit word. Records
 * do not cross sectors. Power may fail at any step: a record is either whole
 * or was never there.
 */
#ifndef NODE_RING_H
#define NODE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal.h"

enum
{
  NODE_RING_ID_SIZE = 8,
  NODE_RING_RECORD_MAX = 4000, /* bytes of one record */
  NODE_RING_EXTENTS = 64, /* runs of held records remembered */
};

typedef enum
{
  NODE_RECORD_TELEMETRY = 0,
  NODE_RECORD_EVENT = 1,
} node_record_kind;

/* Records first to last of one epoch, all held. */
typedef struct
{
  uint32_t epoch;
  uint32_t first; /* a node's own numbers fit 32 bits: 136 years of seconds */
  uint32_t last;
} node_ring_extent;

/* A place to read on from. */
typedef struct
{
  uint32_t serial; /* of the sector */
  uint32_t offset; /* in it */
} node_ring_cursor;

typedef struct
{
  uint32_t         epoch;
  uint64_t         seq;
  node_record_kind kind;
  uint32_t         length;
  uint32_t         at; /* flash offset of its bytes */
} node_ring_record;

typedef struct
{
  hal             *board;
  uint32_t         base;
  uint32_t         sectors;
  uint8_t          id[NODE_RING_ID_SIZE];
  bool             empty;  /* no sector opened yet */
  uint32_t         head;   /* serial of the newest sector */
  uint32_t         tail;   /* serial of the oldest one still there */
  uint32_t         offset; /* where the next record goes in head */
  uint32_t         epoch;  /* of this boot */
  uint64_t         next_seq;
  uint32_t         corrupt; /* records found damaged */
  uint32_t         n_extents;
  node_ring_extent extents[NODE_RING_EXTENTS]; /* oldest first */
} node_ring;

/* Take the ring of @sectors sectors at @base whose id is @id into use and find
 * out what it holds. New records belong to @epoch, from seq 0. */
hal_status node_ring_open (node_ring    *ring,
                           hal          *board,
                           uint32_t      base,
                           uint32_t      sectors,
                           const uint8_t id[NODE_RING_ID_SIZE],
                           uint32_t      epoch);

/* Write the record that has ring->next_seq; HAL_OK: it is committed and
 * next_seq has moved on. Otherwise nothing was added. */
hal_status node_ring_append (node_ring       *ring,
                             node_record_kind kind,
                             const void      *data,
                             size_t           n);

/* Newest seq held of @epoch; false if none. */
bool node_ring_last (const node_ring *ring, uint32_t epoch, uint64_t *seq);

/* Stand before the first record held that is @epoch, @seq or later. */
bool node_ring_seek (const node_ring  *ring,
                     uint32_t          epoch,
                     uint64_t          seq,
                     node_ring_cursor *cursor);

/* The next whole record, damaged ones passed over; false at the end. A cursor
 * that the ring has overtaken goes on at the oldest record. */
bool node_ring_next (const node_ring  *ring,
                     node_ring_cursor *cursor,
                     node_ring_record *record);

#endif
