/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-spans.h"

enum
{
  N = 300,
};

/* Against a plain table of what is there. */
static void
test_random_order (void)
{
  for (int round = 0; round < 50; round++)
    {
      g_autoptr (GArray) spans =
          g_array_new (FALSE, FALSE, sizeof (TwinStoreRun));
      gboolean there[N] = { FALSE };

      for (int k = 0; k < 2 * N; k++)
        {
          const int     i = g_test_rand_int_range (0, N);
          const int64_t at = g_test_rand_int_range (0, N);
          gboolean      added = twin_store_spans_add (spans, i, i * 10);

          g_assert_true (added == !there[i]);
          there[i] = TRUE;
          g_assert_true (twin_store_spans_contain (spans, at) == there[at]);
        }

      for (guint s = 0; s < spans->len; s++)
        {
          const TwinStoreRun *span = &g_array_index (spans, TwinStoreRun, s);

          for (int64_t i = span->first; i <= span->last; i++)
            {
              g_assert_true (there[i]);
              there[i] = FALSE;
            }
          g_assert_cmpint (span->first_us, ==, span->first * 10);
          g_assert_cmpint (span->last_us, ==, span->last * 10);
          if (s > 0)
            g_assert_cmpint (span[-1].last + 1, <, span->first);
        }
      for (int i = 0; i < N; i++)
        g_assert_false (there[i]);
    }
}

static void
test_missing (void)
{
  static const struct
  {
    int64_t first, last;
    int64_t holes[8];
  } cases[] = {
    { 0, 9, { 0, 1, 4, 4, 8, 9, -1 } },
    { 2, 3, { -1 } },
    { 3, 4, { 4, 4, -1 } },
    { 8, 20, { 8, 20, -1 } },
    { 5, 7, { -1 } },
    { 0, 2, { 0, 1, -1 } },
  };
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (TwinStoreRun));

  /* 2…3 and 5…7 */
  for (int i = 2; i <= 7; i++)
    if (i != 4)
      twin_store_spans_add (spans, i, 0);

  for (size_t c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr (GArray) rest =
          g_array_new (FALSE, FALSE, sizeof (TwinStoreRun));
      guint n = 0;

      twin_store_spans_missing (spans, cases[c].first, cases[c].last, rest);
      for (; cases[c].holes[2 * n] >= 0; n++)
        {
          g_assert_cmpuint (n, <, rest->len);
          g_assert_cmpint (g_array_index (rest, TwinStoreRun, n).first, ==,
                           cases[c].holes[2 * n]);
          g_assert_cmpint (g_array_index (rest, TwinStoreRun, n).last, ==,
                           cases[c].holes[2 * n + 1]);
        }
      g_assert_cmpuint (rest->len, ==, n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/spans/random-order", test_random_order);
  g_test_add_func ("/store/spans/missing", test_missing);
  return g_test_run ();
}
