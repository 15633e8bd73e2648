/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-chunk.h"

#include <math.h>
#include <string.h>

#include "twin-clock.h"

enum
{
  N = 1000,
};

static void
check_round_trip (const TwinStoreSample *samples, size_t n)
{
  g_autoptr (GByteArray) bytes = twin_store_chunk_encode (samples, n);
  g_autoptr (GArray) back =
      g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));

  g_assert_true (twin_store_chunk_decode (bytes->data, bytes->len, 7, back));
  g_assert_cmpuint (back->len, ==, n);
  for (size_t i = 0; i < n; i++)
    {
      const TwinStoreSample *a = &samples[i];
      const TwinStoreSample *b = &g_array_index (back, TwinStoreSample, i);

      g_assert_cmpint (a->time_us, ==, b->time_us);
      g_assert_cmpuint (a->flags, ==, b->flags);
      g_assert_cmpuint (b->signal, ==, 7);
      if (isnan (a->value))
        g_assert_true (isnan (b->value));
      else
        g_assert_cmpint (memcmp (&a->value, &b->value, sizeof a->value), ==, 0);
    }
}

static void
test_round_trip (void)
{
  g_autofree TwinStoreSample *s = g_new0 (TwinStoreSample, N);
  int64_t                     time = -5;

  for (size_t i = 0; i < N; i++)
    {
      time += g_test_rand_int_range (0, 3) == 0
                  ? 0
                  : g_test_rand_int_range (0, 2000000);
      s[i].time_us = time;
      s[i].value = g_test_rand_double_range (-1e6, 1e6);
      s[i].flags = g_test_rand_int_range (0, 20) == 0 ? 5 : 0;
    }
  check_round_trip (s, N);
  check_round_trip (s, 1);
  check_round_trip (s, 2);

  for (size_t i = 0; i < N; i++)
    s[i].value = (float) s[i].value;
  check_round_trip (s, N);
}

static void
test_extremes (void)
{
  const TwinStoreSample s[] = {
    { INT64_MIN + 1, NAN, 0, 2 },
    { -1, INFINITY, 0, 0 },
    { 0, -0.0, 0, 255 },
    { 1, 5e-324, 0, 255 },
    { 1, 1.7976931348623157e308, 0, 0 },
    { INT64_MAX, -INFINITY, 0, 1 },
  };
  const TwinStoreSample narrow[] = {
    { 0, NAN, 0, 2 },
    { 1, (float) 3e38, 0, 0 },
    { 2, (float) -1e-45, 0, 0 },
    { 3, 0.0, 0, 0 },
  };

  check_round_trip (s, G_N_ELEMENTS (s));
  check_round_trip (narrow, G_N_ELEMENTS (narrow));
}

/* A steady signal, sampled regularly, costs next to nothing; one with the
 * noise of a 16-bit sensor stays within three bytes. */
static void
test_size (void)
{
  g_autofree TwinStoreSample *s = g_new0 (TwinStoreSample, N);
  g_autoptr (GByteArray) steady = NULL;
  g_autoptr (GByteArray) noisy = NULL;

  for (size_t i = 0; i < N; i++)
    {
      s[i].time_us = (int64_t) i * TWIN_US_PER_S;
      s[i].value = 1480;
    }
  steady = twin_store_chunk_encode (s, N);
  g_assert_cmpuint (steady->len, <=, N / 8 + 32);

  for (size_t i = 0; i < N; i++)
    s[i].value = 60 + g_test_rand_int_range (-128, 128) / 256.0;
  noisy = twin_store_chunk_encode (s, N);
  g_test_message ("noisy: %.2f bytes a sample", (double) noisy->len / N);
  g_assert_cmpuint (noisy->len, <=, 3 * N);
}

/* Whatever the bytes: refused or decoded, never more than was promised. */
static void
test_damaged (void)
{
  g_autofree TwinStoreSample *s = g_new0 (TwinStoreSample, N);
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GArray) back =
      g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));

  for (size_t i = 0; i < N; i++)
    {
      s[i].time_us = g_test_rand_int_range (0, 1000);
      s[i].value = g_test_rand_int_range (0, 1000);
    }
  bytes = twin_store_chunk_encode (s, N);

  for (size_t i = 0; i < bytes->len - 1; i++)
    {
      g_autofree uint8_t *cut = g_memdup2 (bytes->data, i);

      g_array_set_size (back, 0);
      g_assert_false (twin_store_chunk_decode (cut, i, 1, back));
      g_assert_cmpuint (back->len, ==, 0);
    }

  for (size_t i = 0; i < 20000; i++)
    {
      g_autofree uint8_t *other = g_memdup2 (bytes->data, bytes->len);

      for (int k = g_test_rand_int_range (1, 6); k > 0; k--)
        other[g_test_rand_int_range (0, bytes->len)] = g_test_rand_int ();
      g_array_set_size (back, 0);
      twin_store_chunk_decode (other, bytes->len, 1, back);
      g_assert_cmpuint (back->len, <=, TWIN_CHUNK_MAX_SAMPLES);
    }
}

static void
test_raw (void)
{
  const TwinStoreSample a = { INT64_MAX, 1.5, 3, 4 };
  const TwinStoreSample b = { -7, NAN, 4, 2 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GArray) back =
      g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));

  twin_store_chunk_append_raw (bytes, &a);
  twin_store_chunk_append_raw (bytes, &b);
  g_assert_true (twin_store_chunk_parse_raw (bytes->data, bytes->len, 0, back));
  g_assert_cmpuint (back->len, ==, 2);
  g_assert_cmpint (g_array_index (back, TwinStoreSample, 0).time_us, ==,
                   a.time_us);
  g_assert_cmpfloat (g_array_index (back, TwinStoreSample, 0).value, ==, 1.5);
  g_assert_true (isnan (g_array_index (back, TwinStoreSample, 1).value));

  g_array_set_size (back, 0);
  g_assert_true (twin_store_chunk_parse_raw (bytes->data, bytes->len, 4, back));
  g_assert_cmpuint (back->len, ==, 1);
  g_assert_false (twin_store_chunk_parse_raw (bytes->data, 20, 0, back));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/chunk/round-trip", test_round_trip);
  g_test_add_func ("/store/chunk/extremes", test_extremes);
  g_test_add_func ("/store/chunk/size", test_size);
  g_test_add_func ("/store/chunk/damaged", test_damaged);
  g_test_add_func ("/store/chunk/raw", test_raw);
  return g_test_run ();
}
