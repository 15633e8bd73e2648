/* SPDX-License-Identifier: Apache-2.0
 *
 * flash-map.h - what lies where in a node's code flash and data flash
 *
 * Offsets in bytes, each the start of a sector (HAL_FLASH_SECTOR). The same on
 * every board: a port says where its flash begins, not how it is divided.
 */
#ifndef FLASH_MAP_H
#define FLASH_MAP_H

#include "hal.h"

/* Code flash, hal_code_*: bootloader, its two pages of metadata, two slots,
 * what the board was told when it was made (port/factory.h). A slot is one
 * sector with the manifest the vendor signed, then the image. */
enum
{
  CODE_BOOT = 0,
  CODE_BOOT_SIZE = 32 * 1024,
  CODE_META = CODE_BOOT + CODE_BOOT_SIZE,
  CODE_META_PAGES = 2, /* of one sector */
  CODE_SLOT_0 = CODE_META + CODE_META_PAGES * HAL_FLASH_SECTOR,
  CODE_SLOT_SIZE = 192 * 1024,
  CODE_SLOTS = 2,
  CODE_SLOT_HEADER = HAL_FLASH_SECTOR,
  CODE_IMAGE_MAX = CODE_SLOT_SIZE - CODE_SLOT_HEADER,
  CODE_FACTORY = CODE_SLOT_0 + CODE_SLOTS * CODE_SLOT_SIZE, /* one sector */
  CODE_SIZE = CODE_FACTORY + HAL_FLASH_SECTOR,
};

/* Data flash, hal_flash_*: two banks of kept values, the page of secrets and
 * its twin, two areas for captures, the ring of records to the end. */
enum
{
  FLASH_KEEP = 0,
  FLASH_KEEP_BANK = 64 * 1024,
  FLASH_SECRETS = FLASH_KEEP + 2 * FLASH_KEEP_BANK,
  FLASH_SECRETS_SIZE = 2 * HAL_FLASH_SECTOR,
  FLASH_CAPTURE = FLASH_SECRETS + FLASH_SECRETS_SIZE,
  CAPTURE_SLOT = 8 * 1024,
  CAPTURE_SLOTS = 16, /* of an area */
  CAPTURE_AREA = CAPTURE_SLOTS * CAPTURE_SLOT,
  FLASH_RING = FLASH_CAPTURE + 2 * CAPTURE_AREA,
};

#endif
