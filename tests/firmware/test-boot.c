/* SPDX-License-Identifier: Apache-2.0
 *
 * Which program starts: damaged metadata, damaged slots, and what they cost.
 */
#include <string.h>

#include "update-bench.h"

static void
test_sha256 (void)
{
  uint8_t     data[300], mine[32], other[32];
  boot_sha256 s;

  for (unsigned i = 0; i < sizeof data; i++)
    data[i] = (uint8_t) (i * 31);
  for (size_t n = 0; n <= sizeof data; n++)
    {
      boot_sha256_begin (&s);
      for (size_t at = 0; at < n;)
        {
          size_t take = MIN (n - at, 1 + at % 67);

          boot_sha256_add (&s, data + at, take);
          at += take;
        }
      boot_sha256_end (&s, mine);
      hal_sha256 (data, n, other);
      g_assert_cmpmem (mine, 32, other, 32);
    }
}

static boot_choice
decide (Bench *b)
{
  boot_identity id = node_config_identity (&b->config);

  return boot_decide (b->h, &id);
}

static void
erase_page (Bench *b, unsigned page)
{
  g_assert_cmpint (hal_code_erase (b->h, CODE_META + page * HAL_FLASH_SECTOR),
                   ==, HAL_OK);
}

/* Each page in turn is the newer one; the other is erased, torn, stale. */
static void
test_pages (void)
{
  Bench     b;
  boot_meta m, back;

  bench_init (&b, 1, false);
  g_assert_true (boot_meta_load (b.h, &m));
  for (unsigned i = 0; i < 6; i++)
    {
      m.counter = 100 + i;
      g_assert_cmpint (boot_meta_store (b.h, &m), ==, HAL_OK);
      g_assert_true (boot_meta_load (b.h, &back));
      g_assert_cmpuint (back.counter, ==, 100 + i);
    }

  /* Seven were stored: the newer is page 0; a bit of it goes bad. */
  b.h->code_cells[CODE_META + 16] ^= 1;
  g_assert_true (boot_meta_load (b.h, &back));
  g_assert_cmpuint (back.counter, ==, 104);
  m.counter = 200;
  g_assert_cmpint (boot_meta_store (b.h, &m), ==, HAL_OK);
  erase_page (&b, 1);
  g_assert_true (boot_meta_load (b.h, &back));
  g_assert_cmpuint (back.counter, ==, 200);
  bench_clear (&b);
}

/* Without metadata the oldest good image starts: it has run before. */
static void
test_no_pages (void)
{
  Bench       b;
  boot_choice c;
  boot_meta   m;

  bench_init (&b, 1, false);
  bench_fill (&b, 1); /* a newer one that never ran */
  erase_page (&b, 0);
  erase_page (&b, 1);
  c = decide (&b);
  g_assert_cmpuint (c.slot, ==, 0);
  g_assert_true (boot_meta_load (b.h, &m));
  g_assert_cmpuint (m.active, ==, 0);
  g_assert_cmpuint (m.counter, ==, 5);

  /* Its slot damaged, too: then the other, rather than none. */
  erase_page (&b, 0);
  erase_page (&b, 1);
  b.h->code_cells[boot_image_at (0) + 77] ^= 1;
  c = decide (&b);
  g_assert_cmpuint (c.slot, ==, 1);
  bench_clear (&b);
}

/* The good slot rots. */
static void
test_rot (void)
{
  Bench       b;
  boot_choice c;
  boot_meta   m;

  bench_init (&b, 1, false);
  g_assert_true (bench_run (&b, bench_settled, 120));
  b.h->code_cells[boot_image_at (1) + 5000] ^= 1;

  /* The previous image is below the security counter now. */
  c = decide (&b);
  g_assert_cmpuint (c.slot, ==, BOOT_SLOT_NONE);

  /* One that is not would start, and say why. */
  bench_image (&b, "", 3000);
  b.image.manifest.sequence = 10;
  bench_sign (&b);
  bench_fill (&b, 0);
  c = decide (&b);
  g_assert_cmpuint (c.slot, ==, 0);
  g_assert_true (boot_meta_load (b.h, &m));
  g_assert_cmpuint (m.active, ==, 0);
  g_assert_cmpuint (m.state, ==, BOOT_REVERTED);
  g_assert_cmpuint (m.reason, ==, BOOT_DIGEST);

  /* But never the one that failed its trial. */
  b.h->code_cells[boot_image_at (0) + 10] ^= 1;
  bench_fill (&b, 1);
  c = decide (&b);
  g_assert_cmpuint (c.slot, ==, BOOT_SLOT_NONE);
  bench_clear (&b);
}

/* A board without a vendor, or with an empty flash, runs what it was made
 * with, and nothing is written. */
static void
test_as_made (void)
{
  Bench       b;
  boot_choice c;
  uint64_t    steps;

  bench_init (&b, 1, false);
  for (unsigned page = 0; page < CODE_META_PAGES; page++)
    erase_page (&b, page);
  b.config.vendor = NULL;
  steps = b.h->code.steps;
  c = decide (&b);
  g_assert_cmpuint (c.slot, ==, BOOT_SLOT_NONE);
  memset (b.h->code_cells, 0, CODE_SIZE);
  b.config.vendor = "Example Vendor";
  c = decide (&b);
  g_assert_cmpuint (c.slot, ==, BOOT_SLOT_NONE);
  g_assert_cmpuint (b.h->code.steps, ==, steps);
  bench_clear (&b);
}

/* The first update of such a board; and a failed one leaves it as it was. */
static void
test_first (void)
{
  for (unsigned bad = 0; bad < 2; bad++)
    {
      Bench     b;
      boot_meta m;

      bench_init (&b, 1, false);
      memset (b.h->code_cells, 0, CODE_SIZE);
      bench_image (&b, bad ? "hang\n" : "", 4000);
      bench_restart (&b);
      g_assert_true (bench_run (&b, bench_settled, 200));
      g_assert_true (boot_meta_load (b.h, &m));
      g_assert_cmpint (m.state, ==, bad ? BOOT_REVERTED : BOOT_CONFIRMED);
      g_assert_cmpuint (m.active, ==, bad ? BOOT_SLOT_NONE : 0);
      g_assert_cmpint (b.h->image.from_slot, ==, !bad);
      bench_clear (&b);
    }
}

/* Everything a header can claim about its own length. */
static void
test_header (void)
{
  static const uint32_t lengths[] = { 0, 513, 0x7fffffff, 0xffffffff };
  Bench                 b;

  bench_init (&b, 1, false);
  for (unsigned i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      uint32_t      word = ~lengths[i];
      boot_manifest m;

      memcpy (b.h->code_cells + boot_slot_at (0) + 4, &word, sizeof word);
      g_assert_false (boot_slot_manifest (b.h, 0, &m));
      g_assert_cmpuint (decide (&b).slot, ==, BOOT_SLOT_NONE);
    }
  bench_clear (&b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/boot/sha256", test_sha256);
  g_test_add_func ("/firmware/boot/pages", test_pages);
  g_test_add_func ("/firmware/boot/no-pages", test_no_pages);
  g_test_add_func ("/firmware/boot/rot", test_rot);
  g_test_add_func ("/firmware/boot/as-made", test_as_made);
  g_test_add_func ("/firmware/boot/first", test_first);
  g_test_add_func ("/firmware/boot/header", test_header);
  return g_test_run ();
}
