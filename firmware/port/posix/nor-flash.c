/* SPDX-License-Identifier: Apache-2.0
 *
 * nor-flash.c - NOR flash over plain memory, with power that can fail
 */
#include "nor-flash.h"

#include <string.h>

enum
{
  CHUNK = 512, /* cells put at a time */
};

static bool
inside (const nor_flash *f, uint32_t at, size_t n)
{
  return at <= f->size && n <= f->size - at;
}

static bool
get (const nor_flash *f, uint32_t at, uint8_t *cells, size_t n)
{
  if (f->medium != NULL)
    return f->medium->load (f->context, at, cells, n);
  memcpy (cells, f->cells + at, n);
  return true;
}

static bool
put (nor_flash *f, uint32_t at, const uint8_t *cells, size_t n)
{
  if (f->medium != NULL)
    return f->medium->store (f->context, at, cells, n);
  memcpy (f->cells + at, cells, n);
  return true;
}

hal_status
nor_flash_read (const nor_flash *f, uint32_t at, void *out, size_t n)
{
  uint8_t *to = out;

  if (f->dead)
    return HAL_ERR_IO;
  if (!inside (f, at, n))
    return HAL_ERR_ARGUMENT;
  if (!get (f, at, to, n))
    return HAL_ERR_IO;
  for (size_t i = 0; i < n; i++)
    to[i] = (uint8_t) ~to[i];
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

/* How many of the first bytes of @cells, whole words, are erased. */
static size_t
erased (const uint8_t *cells, size_t n)
{
  size_t i = 0;

  while (i < n && cells[i] == 0)
    i++;
  return i - i % HAL_FLASH_WORD;
}

hal_status
nor_flash_program (nor_flash *f, uint32_t at, const void *data, size_t n)
{
  const uint8_t *from = data;
  uint8_t        chunk[CHUNK];

  if (f->dead)
    return HAL_ERR_IO;
  if (!inside (f, at, n) || at % HAL_FLASH_WORD != 0 || n % HAL_FLASH_WORD != 0)
    return HAL_ERR_ARGUMENT;

  for (size_t done = 0; done < n;)
    {
      size_t size = n - done < CHUNK ? n - done : CHUNK, fill = 0;

      if (!get (f, at + (uint32_t) done, chunk, size))
        return HAL_ERR_IO;
      size = erased (chunk, size);
      while (fill < size && !f->dead)
        {
          bool cut = fails_now (f);

          for (unsigned i = 0; i < HAL_FLASH_WORD; i++, fill++)
            chunk[fill] =
                (uint8_t) (~from[done + fill] & (cut ? torn (f) : 0xff));
        }

      if (fill == 0 || !put (f, at + (uint32_t) done, chunk, fill) || f->dead)
        return HAL_ERR_IO;
      done += fill;
    }
  return HAL_OK;
}

hal_status
nor_flash_erase (nor_flash *f, uint32_t at)
{
  uint8_t cells[CHUNK] = { 0 };
  bool    cut;

  if (f->dead)
    return HAL_ERR_IO;
  if (!inside (f, at, HAL_FLASH_SECTOR) || at % HAL_FLASH_SECTOR != 0)
    return HAL_ERR_ARGUMENT;

  cut = fails_now (f);
  for (uint32_t end = at + HAL_FLASH_SECTOR; at < end; at += CHUNK)
    {
      if (cut && !get (f, at, cells, sizeof cells))
        return HAL_ERR_IO;
      for (unsigned i = 0; cut && i < CHUNK; i++)
        cells[i] &= torn (f);
      if (!put (f, at, cells, sizeof cells))
        return HAL_ERR_IO;
    }
  return cut ? HAL_ERR_IO : HAL_OK;
}
