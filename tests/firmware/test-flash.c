/* SPDX-License-Identifier: Apache-2.0
 *
 * What flash keeps when the power fails at every step of every operation.
 */
#include <string.h>

#include "fake-board.h"

enum
{
  BANK = 2 * HAL_FLASH_SECTOR,
  SECTORS = 4,
  RECORDS = 120,
};

static const uint8_t ring_id[8] = "ringring";

static void
test_nor_rules (void)
{
  hal    *h = fake_board_new (1);
  uint8_t word[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, back[8];

  g_assert_cmpint (hal_flash_program (h, 8, word, 8), ==, HAL_OK);
  g_assert_cmpint (hal_flash_program (h, 8, word, 8), ==, HAL_ERR_IO);
  g_assert_cmpint (hal_flash_program (h, 4, word, 8), ==, HAL_ERR_ARGUMENT);
  g_assert_cmpint (hal_flash_erase (h, 8), ==, HAL_ERR_ARGUMENT);
  g_assert_cmpint (hal_flash_read (h, 8, back, 8), ==, HAL_OK);
  g_assert_cmpmem (back, 8, word, 8);
  g_assert_cmpint (hal_flash_erase (h, 0), ==, HAL_OK);
  g_assert_cmpint (hal_flash_program (h, 8, word, 8), ==, HAL_OK);
  g_assert_cmpint (hal_flash_read (h, FAKE_FLASH_SIZE - 4, back, 8), ==,
                   HAL_ERR_ARGUMENT);
  fake_board_free (h);
}

static void
test_crc (void)
{
  g_assert_cmphex (node_crc32 (0, "123456789", 9), ==, 0xcbf43926);
  g_assert_cmphex (node_crc32 (node_crc32 (0, "1234", 4), "56789", 5), ==,
                   0xcbf43926);
}

/* Values. */
static void
test_keep_values (void)
{
  hal      *h = fake_board_new (1);
  node_keep k;
  uint8_t   out[512], value[300];

  g_assert_cmpint (node_keep_open (&k, h, 0, BANK), ==, HAL_OK);
  g_assert_cmpint (node_keep_get (&k, 3, out, sizeof out), ==, -1);
  for (unsigned round = 0; round < 200; round++)
    {
      memset (value, (int) round, sizeof value);
      g_assert_cmpint (node_keep_put (&k, 1 + round % 5, value, 100 + round),
                       ==, HAL_OK);
    }
  g_assert_cmpuint (k.generation, >, 3); /* it went round */
  g_assert_cmpint (node_keep_open (&k, h, 0, BANK), ==, HAL_OK);
  g_assert_cmpint (node_keep_get (&k, 5, out, sizeof out), ==, 299);
  g_assert_cmpint (out[298], ==, 199);
  g_assert_cmpint (node_keep_get (&k, 1, out, sizeof out), ==, 295);
  g_assert_cmpint (node_keep_get (&k, 1, out, 10), ==, -1);
  g_assert_cmpint (node_keep_put (&k, 0, value, 1), ==, HAL_ERR_ARGUMENT);
  g_assert_cmpint (node_keep_put (&k, NODE_KEEP_KEYS, value, 1), ==,
                   HAL_ERR_ARGUMENT);
  /* All but one, then that one: nothing of the rest is left in flash. */
  g_assert_cmpint (node_keep_wipe (&k, 5), ==, HAL_OK);
  g_assert_cmpint (node_keep_get (&k, 5, out, sizeof out), ==, 299);
  g_assert_cmpint (node_keep_get (&k, 1, out, sizeof out), ==, -1);
  g_assert_cmpint (node_keep_open (&k, h, 0, BANK), ==, HAL_OK);
  g_assert_cmpint (node_keep_get (&k, 5, out, sizeof out), ==, 299);
  g_assert_cmpint (node_keep_get (&k, 1, out, sizeof out), ==, -1);
  g_assert_cmpint (node_keep_wipe (&k, 0), ==, HAL_OK);
  g_assert_cmpint (node_keep_get (&k, 5, out, sizeof out), ==, -1);
  fake_board_free (h);
}

/* Write two counters in turn until the power fails; returns how far each
 * had come for certain. */
static void
count_up (hal *h, uint32_t done[2])
{
  node_keep k;
  uint32_t  value;
  uint8_t   padded[200] = { 0 };

  done[0] = done[1] = 0;
  if (node_keep_open (&k, h, 0, BANK) != HAL_OK)
    return;
  for (value = 1; value <= 60; value++)
    {
      memcpy (padded, &value, sizeof value);
      for (unsigned key = 0; key < 2; key++)
        {
          if (node_keep_put (&k, 1 + key, padded, sizeof padded) != HAL_OK)
            return;
          done[key] = value;
        }
    }
}

static void
test_keep_cuts (void)
{
  uint64_t steps = 0;

  for (uint64_t cut = 1;; cut++)
    {
      hal      *h = fake_board_new (1);
      node_keep k;
      uint32_t  done[2], found;
      uint8_t   out[200];
      bool      failed;

      h->flash.cut_at = cut;
      h->flash.tear = (uint32_t) cut;
      count_up (h, done);
      failed = h->flash.dead;
      fake_board_power_cycle (h);
      g_assert_cmpint (node_keep_open (&k, h, 0, BANK), ==, HAL_OK);

      for (unsigned key = 0; key < 2; key++)
        {
          int32_t n = node_keep_get (&k, 1 + key, out, sizeof out);

          if (done[key] == 0 && n == -1)
            continue;
          g_assert_cmpint (n, ==, sizeof out);
          memcpy (&found, out, sizeof found);
          g_assert_cmpuint (found, >=, done[key]);
          g_assert_cmpuint (found, <=, done[key] + 1);
        }

      /* And it can be written again. */
      memset (out, 0xa5, sizeof out);
      g_assert_cmpint (node_keep_put (&k, 9, out, sizeof out), ==, HAL_OK);
      g_assert_cmpint (node_keep_open (&k, h, 0, BANK), ==, HAL_OK);
      g_assert_cmpint (node_keep_get (&k, 9, out, sizeof out), ==, sizeof out);
      fake_board_free (h);
      if (!failed)
        break;
      steps = cut;
    }
  g_test_message ("%" G_GUINT64_FORMAT " cuts", steps);
  g_assert_cmpuint (steps, >, 2000);
}

/* The ring. A record's bytes follow from its number. */
static size_t
record_bytes (uint32_t epoch, uint64_t seq, uint8_t out[700])
{
  size_t n = 100 + (size_t) (seq * 37 % 500);

  for (size_t i = 0; i < n; i++)
    out[i] = (uint8_t) (seq * 13 + i + epoch * 101);
  return n;
}

static hal_status
append (node_ring *r)
{
  uint8_t data[700];
  size_t  n = record_bytes (r->epoch, r->next_seq, data);

  return node_ring_append (r,
                           r->next_seq % 10 == 3 ? NODE_RECORD_EVENT
                                                 : NODE_RECORD_TELEMETRY,
                           data, n);
}

/* Every extent can be read, whole and in order, and nothing else is there. */
static void
check_ring (hal *h, const node_ring *r)
{
  node_ring_cursor cursor = { 0, 0 };
  uint64_t         read = 0, held = 0;
  uint32_t         extent = 0;
  uint64_t         seq = 0;

  for (uint32_t i = 0; i < r->n_extents; i++)
    held += r->extents[i].last - r->extents[i].first + 1;
  if (r->n_extents == 0)
    return;

  g_assert_true (node_ring_seek (r, 0, 0, &cursor));
  seq = r->extents[0].first;
  for (node_ring_record record; node_ring_next (r, &cursor, &record); read++)
    {
      uint8_t expected[700], found[700];
      size_t  n = record_bytes (record.epoch, record.seq, expected);

      g_assert_cmpuint (record.epoch, ==, r->extents[extent].epoch);
      g_assert_cmpuint (record.seq, ==, seq);
      g_assert_cmpint (hal_flash_read (h, record.at, found, record.length), ==,
                       HAL_OK);
      g_assert_cmpmem (found, record.length, expected, n);
      if (seq++ == r->extents[extent].last && ++extent < r->n_extents)
        seq = r->extents[extent].first;
    }
  g_assert_cmpuint (read, ==, held);
}

static void
test_ring_round (void)
{
  hal             *h = fake_board_new (1);
  node_ring        r;
  node_ring_cursor cursor;
  node_ring_record record;
  uint64_t         last;

  g_assert_cmpint (node_ring_open (&r, h, 0, SECTORS, ring_id, 1), ==, HAL_OK);
  g_assert_false (node_ring_seek (&r, 1, 0, &cursor));
  for (unsigned i = 0; i < RECORDS; i++)
    {
      g_assert_cmpint (append (&r), ==, HAL_OK);
      check_ring (h, &r);
      g_assert_cmpuint (r.extents[r.n_extents - 1].last, ==, i);
    }
  g_assert_cmpuint (r.n_extents, ==, 1);
  g_assert_cmpuint (r.extents[0].first, >, 60); /* it went round */

  /* The same after a boot, under a new epoch. */
  last = r.extents[0].first;
  g_assert_cmpint (node_ring_open (&r, h, 0, SECTORS, ring_id, 2), ==, HAL_OK);
  g_assert_cmpuint (r.n_extents, ==, 1);
  g_assert_cmpuint (r.extents[0].first, ==, last);
  g_assert_cmpint (append (&r), ==, HAL_OK);
  g_assert_cmpuint (r.n_extents, ==, 2);
  check_ring (h, &r);

  for (uint64_t seq = last; seq < RECORDS; seq++)
    {
      g_assert_true (node_ring_seek (&r, 1, seq, &cursor));
      g_assert_true (node_ring_next (&r, &cursor, &record));
      g_assert_cmpuint (record.seq, ==, MAX (seq, r.extents[0].first));
    }

  /* Another ring's sectors are not ours. */
  g_assert_cmpint (node_ring_open (&r, h, 0, SECTORS,
                                   (const uint8_t *) "another!", 1),
                   ==, HAL_OK);
  g_assert_cmpuint (r.n_extents, ==, 0);
  fake_board_free (h);
}

static void
test_ring_limits (void)
{
  static uint8_t big[NODE_RING_RECORD_MAX + 1];
  hal           *h = fake_board_new (1);
  node_ring      r;

  g_assert_cmpint (node_ring_open (&r, h, 0, SECTORS, ring_id, 1), ==, HAL_OK);
  g_assert_cmpint (node_ring_append (&r, NODE_RECORD_TELEMETRY, big,
                                     NODE_RING_RECORD_MAX),
                   ==, HAL_OK);
  g_assert_cmpint (node_ring_append (&r, NODE_RECORD_TELEMETRY, big,
                                     sizeof big),
                   ==, HAL_ERR_ARGUMENT);
  g_assert_cmpuint (r.next_seq, ==, 1);
  g_assert_cmpint (node_ring_open (&r, h, 0, 1, ring_id, 1), ==,
                   HAL_ERR_ARGUMENT);
  g_assert_cmpint (node_ring_open (&r, h, 0, 1000000, ring_id, 1), ==,
                   HAL_ERR_ARGUMENT);
  fake_board_free (h);
}

static void
test_ring_cuts (void)
{
  uint64_t steps = 0;

  for (uint64_t cut = 1;; cut++)
    {
      hal      *h = fake_board_new (1);
      node_ring r;
      uint64_t  sure = 0;
      bool      failed;

      h->flash.cut_at = cut;
      h->flash.tear = (uint32_t) cut * 77;
      g_assert_cmpint (node_ring_open (&r, h, 0, SECTORS, ring_id, 1), ==,
                       HAL_OK);
      while (sure < RECORDS && append (&r) == HAL_OK)
        sure++;
      failed = h->flash.dead;
      fake_board_power_cycle (h);

      g_assert_cmpint (node_ring_open (&r, h, 0, SECTORS, ring_id, 2), ==,
                       HAL_OK);
      check_ring (h, &r);
      if (sure > 0)
        {
          uint64_t last;

          g_assert_true (node_ring_last (&r, 1, &last));
          g_assert_cmpuint (r.n_extents, ==, 1);
          /* What was committed is there; the one being written may be. */
          g_assert_cmpuint (last, >=, sure - 1);
          g_assert_cmpuint (last, <=, sure);
        }
      for (unsigned i = 0; i < 12; i++)
        g_assert_cmpint (append (&r), ==, HAL_OK);
      check_ring (h, &r);
      fake_board_free (h);
      if (!failed)
        break;
      steps = cut;
    }
  g_test_message ("%" G_GUINT64_FORMAT " cuts", steps);
  g_assert_cmpuint (steps, >, 4000);
}

/* A bit that rots costs that record and no other. */
static void
test_ring_rot (void)
{
  hal             *h = fake_board_new (1);
  node_ring        r;
  node_ring_cursor cursor;
  node_ring_record record;

  g_assert_cmpint (node_ring_open (&r, h, 0, SECTORS, ring_id, 1), ==, HAL_OK);
  for (unsigned i = 0; i < 8; i++)
    g_assert_cmpint (append (&r), ==, HAL_OK);
  g_assert_true (node_ring_seek (&r, 1, 4, &cursor));
  g_assert_true (node_ring_next (&r, &cursor, &record));
  h->cells[record.at + 5] ^= 0x10;

  g_assert_cmpint (node_ring_open (&r, h, 0, SECTORS, ring_id, 2), ==, HAL_OK);
  g_assert_cmpuint (r.n_extents, ==, 2);
  g_assert_cmpuint (r.extents[0].last, ==, 3);
  g_assert_cmpuint (r.extents[1].first, ==, 5);
  g_assert_cmpuint (r.corrupt, ==, 1);
  check_ring (h, &r);
  fake_board_free (h);
}

typedef struct
{
  hal *h;
  bool full;
} Medium;

static bool
load (void *context, uint32_t at, uint8_t *cells, size_t n)
{
  const Medium *m = context;

  memcpy (cells, m->h->cells + at, n);
  return true;
}

static bool
store (void *context, uint32_t at, const uint8_t *cells, size_t n)
{
  const Medium *m = context;

  if (m->full)
    return false;
  memcpy (m->h->cells + at, cells, n);
  return true;
}

/* A full disk under the flash file: the record is refused, not half there,
 * and numbers go on without a hole when there is room again. */
static void
test_full_medium (void)
{
  static const nor_flash_medium calls = { load, store };

  hal      *h = fake_board_new (1);
  Medium    medium = { h, false };
  node_ring r;

  h->flash.medium = &calls;
  h->flash.context = &medium;
  g_assert_cmpint (node_ring_open (&r, h, 0, SECTORS, ring_id, 1), ==, HAL_OK);
  for (unsigned i = 0; i < 20; i++)
    g_assert_cmpint (append (&r), ==, HAL_OK);
  medium.full = true;
  for (unsigned i = 0; i < 20; i++)
    g_assert_cmpint (append (&r), ==, HAL_ERR_IO);
  medium.full = false;
  for (unsigned i = 0; i < 20; i++)
    g_assert_cmpint (append (&r), ==, HAL_OK);
  g_assert_cmpuint (r.next_seq, ==, 40);
  g_assert_cmpuint (r.n_extents, ==, 1);
  check_ring (h, &r);
  g_assert_cmpint (node_ring_open (&r, h, 0, SECTORS, ring_id, 2), ==, HAL_OK);
  g_assert_cmpuint (r.extents[0].last, ==, 39);
  check_ring (h, &r);
  fake_board_free (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/flash/nor-rules", test_nor_rules);
  g_test_add_func ("/firmware/flash/crc", test_crc);
  g_test_add_func ("/firmware/keep/values", test_keep_values);
  g_test_add_func ("/firmware/keep/power-cuts", test_keep_cuts);
  g_test_add_func ("/firmware/ring/round", test_ring_round);
  g_test_add_func ("/firmware/ring/limits", test_ring_limits);
  g_test_add_func ("/firmware/ring/power-cuts", test_ring_cuts);
  g_test_add_func ("/firmware/ring/rot", test_ring_rot);
  g_test_add_func ("/firmware/ring/full-medium", test_full_medium);
  return g_test_run ();
}
