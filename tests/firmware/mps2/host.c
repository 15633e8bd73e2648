/* SPDX-License-Identifier: Apache-2.0
 *
 * host.c - what the board's tests need of the host
 *
 *   run PAGE FLASH SECONDS   the node of a factory page on the host port, its
 *                            clock moved from deadline to deadline, no network
 *   sign                     what check.c's sign-many prints
 *   records FLASH OFFSET     "epoch seq kind bytes" of each record in a ring
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "factory.h"
#include "flash-map.h"
#include "node.h"
#include "sensors.h"

enum
{
  RING_ID_AT = 8, /* in the head of a ring's sector */
};

static int
run (const char *page, const char *flash, uint64_t until_us)
{
  g_autofree char        *bytes = NULL;
  g_autofree node        *n = g_new0 (node, 1);
  g_autofree sim_iis3dwb *wide = g_new0 (sim_iis3dwb, 1);
  g_autofree sim         *s = g_new0 (sim, 1);
  board_broker            nowhere = { .n_addresses = 1 };
  hal            h = { .name = "host", .boot_reason = "power", .fd = -1 };
  char           text[FACTORY_TEXT_SIZE];
  uint8_t        build[32] = { 0 }, whole[FACTORY_PAGE_SIZE] = { 0 };
  machine_params params;
  factory        f;
  size_t         size;
  const char    *why;

  if (!g_file_get_contents (page, &bytes, &size, NULL) || size > sizeof whole)
    return 1;
  memcpy (whole, bytes, size);
  why = factory_read (&f, whole, text);
  if (why != NULL || f.machine_n != sizeof params)
    {
      g_printerr ("%s: %s\n", page, why != NULL ? why : "another machine");
      return 1;
    }
  memcpy (&params, f.machine, sizeof params);
  sim_init (s, &params);
  sensors_fit (s, wide, &f.node);

  h.sim = s;
  h.image.clock = 1;
  h.build = build;
  h.broker = &nowhere;
  h.cut = true;
  if (board_open_flash (&h, flash, f.flash_size) != 0)
    return 1;

  f.node.firmware = NODE_FIRMWARE_VERSION;
  if (node_init (n, &h, &f.node) != HAL_OK)
    return 1;
  for (;;)
    {
      uint64_t due = node_step (n);

      if (h.time_us >= until_us)
        break;
      h.time_us = MAX (h.time_us, due);
    }
  board_close (&h);
  return 0;
}

static int
sign (void)
{
  uint8_t seed[32] = { 1 }, message[160] = { 0 }, signature[64];
  uint8_t digest[32] = { 0 };

  for (unsigned n = 0; n < sizeof message; n++)
    {
      message[n] = (uint8_t) (7 * n);
      hal_ed25519_sign (seed, message, n, signature);
      hal_hmac_sha256 (digest, sizeof digest, signature, sizeof signature,
                       digest);
      seed[n % 32] ^= digest[0];
    }
  for (unsigned i = 0; i < sizeof digest; i++)
    printf ("%02x", digest[i]);
  printf ("\n");
  return 0;
}

static int
records (const char *flash, size_t offset)
{
  g_autofree char      *bytes = NULL;
  g_autofree node_ring *ring = g_new0 (node_ring, 1);
  hal                   h = { .fd = -1 };
  node_ring_cursor      cursor;
  node_ring_record      record;
  uint8_t               id[NODE_RING_ID_SIZE], data[NODE_RING_RECORD_MAX];
  size_t                size;

  if (!g_file_get_contents (flash, &bytes, &size, NULL) ||
      size < offset + FLASH_RING + HAL_FLASH_SECTOR)
    return 1;
  h.flash = (nor_flash){ .cells = (uint8_t *) bytes + offset,
                         .size = (uint32_t) (size - offset) };
  hal_flash_read (&h, FLASH_RING + RING_ID_AT, id, sizeof id);
  if (node_ring_open (ring, &h, FLASH_RING,
                      (h.flash.size - FLASH_RING) / HAL_FLASH_SECTOR, id,
                      UINT32_MAX) != HAL_OK ||
      !node_ring_seek (ring, 0, 0, &cursor))
    return 1;

  while (node_ring_next (ring, &cursor, &record))
    {
      hal_flash_read (&h, record.at, data, record.length);
      printf ("%u %" G_GUINT64_FORMAT " %d ", record.epoch, record.seq,
              record.kind);
      for (uint32_t i = 0; i < record.length; i++)
        printf ("%02x", data[i]);
      printf ("\n");
    }
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "run") == 0)
    return run (argv[2], argv[3],
                g_ascii_strtoull (argv[4], NULL, 10) * G_USEC_PER_SEC);
  if (argc == 2 && strcmp (argv[1], "sign") == 0)
    return sign ();
  if (argc == 4 && strcmp (argv[1], "records") == 0)
    return records (argv[2], g_ascii_strtoull (argv[3], NULL, 10));
  g_printerr (
      "host run PAGE FLASH SECONDS | host sign | host records FLASH OFFSET\n");
  return 2;
}
