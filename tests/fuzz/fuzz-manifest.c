/* SPDX-License-Identifier: Apache-2.0 */
/* A firmware manifest, as it arrives and as it lies in a slot: no bytes the
 * vendor did not sign are taken, and what lies in code flash, metadata
 * included, never crashes the decision or makes it start them. */
#include "fuzz.h"

#include <string.h>

#include "boot.h"

struct hal
{
  const uint8_t *data;
  size_t         size;
};

uint32_t
hal_code_size (hal *h)
{
  return CODE_SIZE;
}

/* The input stands at the metadata, at both slots' headers and images. */
hal_status
hal_code_read (hal *h, uint32_t at, void *out, size_t n)
{
  uint32_t base = at >= CODE_SLOT_0 ? (at - CODE_SLOT_0) % CODE_SLOT_SIZE
                                    : (at - CODE_META) % HAL_FLASH_SECTOR;
  uint32_t from = base % CODE_SLOT_HEADER;

  memset (out, 0xff, n);
  if (from < h->size)
    memcpy (out, h->data + from, n < h->size - from ? n : h->size - from);
  return HAL_OK;
}

hal_status
hal_code_program (hal *h, uint32_t at, const void *data, size_t n)
{
  return HAL_OK;
}

hal_status
hal_code_erase (hal *h, uint32_t at)
{
  return HAL_OK;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const uint8_t key[32] = { 1 };
  hal                  board = { data, size };
  boot_identity        id = { "Example Vendor", "test-node", key };
  boot_manifest        m;

  if (boot_manifest_read (data, size, &m) &&
      (m.sequence == 0 || m.size == 0 || m.version[0] == '\0'))
    __builtin_trap ();
  if (boot_manifest_check (data, size, &id, &m) == BOOT_GOOD)
    __builtin_trap ();
  if (boot_decide (&board, &id).slot != BOOT_SLOT_NONE)
    __builtin_trap ();
  return 0;
}
