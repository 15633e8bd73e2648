/* SPDX-License-Identifier: Apache-2.0
 *
 * flash.c - hal.h's two flashes over the NOR rules, the same on both boards
 */
#include "board.h"

uint32_t
hal_flash_size (hal *h)
{
  return h->flash.size;
}

hal_status
hal_flash_read (hal *h, uint32_t at, void *out, size_t n)
{
  return nor_flash_read (&h->flash, at, out, n);
}

hal_status
hal_flash_program (hal *h, uint32_t at, const void *data, size_t n)
{
  return nor_flash_program (&h->flash, at, data, n);
}

hal_status
hal_flash_erase (hal *h, uint32_t at)
{
  return nor_flash_erase (&h->flash, at);
}

uint32_t
hal_code_size (hal *h)
{
  return h->code.size;
}

hal_status
hal_code_read (hal *h, uint32_t at, void *out, size_t n)
{
  return nor_flash_read (&h->code, at, out, n);
}

hal_status
hal_code_program (hal *h, uint32_t at, const void *data, size_t n)
{
  return nor_flash_program (&h->code, at, data, n);
}

hal_status
hal_code_erase (hal *h, uint32_t at)
{
  return nor_flash_erase (&h->code, at);
}
