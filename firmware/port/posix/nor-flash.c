/* SPDX-License-Identifier: Apache-2.0
 *
 * nor-flash.c - NOR flash over plain memory, with power that can fail
 */
#include "nor-flash.h"

#include <string.h>

static bool
inside (const nor_flash *f, uint32_t at, size_t n)
{
  return at <= f->size && n <= f->size - at;
}

hal_status
nor_flash_read (const nor_flash *f, uint32_t at, void *out, size_t n)
{
  uint8_t *to = out;

  if (f->dead)
    return HAL_ERR_IO;
  if (!inside (f, at, n))
    return HAL_ERR_ARGUMENT;
  for (size_t i = 0; i < n; i++)
    to[i] = (uint8_t) ~f->cells[at + i];
  return HAL_OK;
}

/* Count a step; true when the power fails in it. */
static bool
fails_now (nor_flash *f)
{
  f->steps++;
  if (f->cut_at == 0 || f->steps < f->cut_at)
    return false;
  f->dead = true;
  return true;
}

/* Some of the bits made it. */
static uint8_t
torn (nor_flash *f)
{
  f->tear = f->tear * 1664525u + 1013904223u;
  return (uint8_t) (f->tear >> 24);
}

hal_status
nor_flash_program (nor_flash *f, uint32_t at, const void *data, size_t n)
{
  const uint8_t *from = data;

  if (f->dead)
    return HAL_ERR_IO;
  if (!inside (f, at, n) || at % HAL_FLASH_WORD != 0 || n % HAL_FLASH_WORD != 0)
    return HAL_ERR_ARGUMENT;

  for (size_t word = 0; word < n; word += HAL_FLASH_WORD)
    {
      bool cut;

      for (unsigned i = 0; i < HAL_FLASH_WORD; i++)
        if (f->cells[at + word + i] != 0)
          return HAL_ERR_IO;

      cut = fails_now (f);
      for (unsigned i = 0; i < HAL_FLASH_WORD; i++)
        f->cells[at + word + i] =
            (uint8_t) (~from[word + i] & (cut ? torn (f) : 0xff));
      if (cut)
        return HAL_ERR_IO;
    }
  return HAL_OK;
}

hal_status
nor_flash_erase (nor_flash *f, uint32_t at)
{
  if (f->dead)
    return HAL_ERR_IO;
  if (!inside (f, at, HAL_FLASH_SECTOR) || at % HAL_FLASH_SECTOR != 0)
    return HAL_ERR_ARGUMENT;

  if (fails_now (f))
    {
      for (unsigned i = 0; i < HAL_FLASH_SECTOR; i++)
        f->cells[at + i] &= torn (f);
      return HAL_ERR_IO;
    }
  memset (f->cells + at, 0, HAL_FLASH_SECTOR);
  return HAL_OK;
}
