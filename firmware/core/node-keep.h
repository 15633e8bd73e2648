/* SPDX-License-Identifier: Apache-2.0
 *
 * node-keep.h - small values that survive power loss (keys, counters, epoch)
 *
 * Two banks of flash hold an append-only log of (key, value); the newest
 * committed entry of a key counts. A full bank is rewritten into the other,
 * whose header is programmed last: a cut at any step leaves either the old or
 * the new value, never neither.
 */
#ifndef NODE_KEEP_H
#define NODE_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal.h"
#include "node-crc.h"

enum
{
  NODE_KEEP_KEYS = 48,        /* keys are 1 to this, exclusive */
  NODE_KEEP_VALUE_MAX = 6144, /* bytes of one value */
};

typedef struct
{
  hal     *board;
  uint32_t base;
  uint32_t bank_size; /* bytes, whole sectors */
  uint32_t bank;      /* the live one: 0 or 1 */
  uint32_t generation;
  uint32_t at; /* offset of the next entry in the live bank */
  uint32_t entries[NODE_KEEP_KEYS]; /* offset of each live entry; 0: none */
} node_keep;

/* Find the live bank, or format both. @base is a sector's start. */
hal_status node_keep_open (node_keep *k,
                           hal       *board,
                           uint32_t   base,
                           uint32_t   bank_size);

/* Bytes of @key's value, copied to @out if they fit; -1: never written, or
 * longer than @size. */
int32_t node_keep_get (const node_keep *k,
                       unsigned         key,
                       void            *out,
                       size_t           size);

/* HAL_OK: the value is in flash. Otherwise the previous one still counts. */
hal_status node_keep_put (node_keep  *k,
                          unsigned    key,
                          const void *data,
                          size_t      n);

/* Forget everything but @spared (0: all), safely: a cut leaves all or that. */
hal_status node_keep_wipe (node_keep *k, unsigned spared);

/* Erase the bank that is not in use, unless it is: what was replaced is then
 * nowhere any more. For secrets, at every start and after every put. */
hal_status node_keep_scrub (node_keep *k);

#endif
