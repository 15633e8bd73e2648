/* SPDX-License-Identifier: Apache-2.0
 *
 * nor-flash.h - NOR flash over plain memory, with power that can fail
 *
 * Enforces the rules of hal.h and can be told to lose power at the n-th step
 * (a word programmed, a sector erased), leaving that step half done. Memory
 * holds the complement of the flash's bytes: a fresh, zeroed, sparse file is
 * erased flash.
 */
#ifndef NOR_FLASH_H
#define NOR_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#include "hal.h"

/* Where the cells are, if not in plain memory. Each moves @n cells at @at and
 * is false when the medium failed. */
typedef struct
{
  bool (*load) (void *medium, uint32_t at, uint8_t *cells, size_t n);
  bool (*store) (void *medium, uint32_t at, const uint8_t *cells, size_t n);
} nor_flash_medium;

typedef struct
{
  uint8_t                *cells;   /* complemented; of the caller */
  const nor_flash_medium *medium;  /* instead of cells, or NULL */
  void                   *context; /* of the medium */
  uint32_t                size;
  uint64_t                steps;  /* done so far */
  uint64_t                cut_at; /* the power fails at this step; 0: never */
  uint32_t                tear;   /* seed of how that step is torn */
  bool dead; /* it failed: nothing works until it is cleared */
} nor_flash;

hal_status nor_flash_read (const nor_flash *f,
                           uint32_t         at,
                           void            *out,
                           size_t           n);
hal_status nor_flash_program (nor_flash  *f,
                              uint32_t    at,
                              const void *data,
                              size_t      n);
hal_status nor_flash_erase (nor_flash *f, uint32_t at);

#endif
