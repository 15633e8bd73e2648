/* SPDX-License-Identifier: Apache-2.0 */
/* AVG, MIN, MAX, SUM and COUNT of a signal over a time that is over. */
#include "live-store.h"

#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

/* A sample every ten seconds from T0 on: 0, 1, 2, … */
static void
fill (Fixture *f, int n, int sealed)
{
  put_model (f);
  put_twin (f, "m1", "{}");
  put_twin (f, "m2", "{}");
  for (int i = 0; i < n; i++)
    {
      if (i % 1000 == 0)
        must_begin (f);
      put_sample (f, "m1", "temperature", T0 + i * 10 * SECOND, i);
      if (i % 1000 == 999 || i == n - 1 || i == sealed - 1)
        {
          must_commit (f);
          if (i == sealed - 1)
            must_seal (f);
          if (i == sealed - 1 && i % 1000 != 999 && i != n - 1)
            must_begin (f);
        }
    }
}

static void
assert_history (Fixture *f, int64_t now_us, const char *what, double want)
{
  g_autofree char *query =
      g_strdup_printf ("SELECT %s AS x FROM DIGITALTWINS T WHERE T.$dtId = "
                       "'m1'",
                       what);
  g_autofree char *have = ask_at (f, now_us, query);
  const char      *number = strchr (have, ':');

  g_test_message ("%s: %s", what, have);
  g_assert_nonnull (number);
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (number + 1, NULL), want,
                                  1e-9);
}

static void
check_all (Fixture *f)
{
  /* Sample 360 is that of T0 + 1 h. */
  const int64_t now = T0 + HOUR;

  assert_history (f, now, "COUNT(T.temperature, '90s')", 10);
  assert_history (f, now, "AVG(T.temperature, '90s')", 355.5);
  assert_history (f, now, "MIN(T.temperature, '10m')", 300);
  assert_history (f, now, "MAX(T.temperature, '10m')", 360);
  assert_history (f, now, "COUNT(T.temperature, '1h')", 361);
  assert_history (f, now, "SUM(T.temperature, '1h')", 360 * 361 / 2.0);
  assert_history (f, now, "AVG(T.temperature, '1h')", 180);
  assert_history (f, now, "MAX(T.temperature, '7d')", 360);
  /* 15 minutes and half a one: from the whole minute on in which it begins */
  assert_history (f, now + 30 * SECOND, "MIN(T.temperature, '15m')", 270);
  assert_history (f, now + 2 * HOUR, "COUNT(T.temperature, '1h')", 0);
}

static void
test_tiers (Fixture *f, const void *data)
{
  fill (f, 361, 200);
  check_all (f);
  must_seal (f);
  check_all (f);
  assert_rows (f, T0 + 3 * HOUR,
               "SELECT AVG(T.temperature, '1h') AS a, COUNT(T.temperature, "
               "'1h') AS n FROM DIGITALTWINS T",
               "{\"n\":0} {}");
  assert_twins (f, T0 + HOUR, "AVG(T.temperature, '1h') > 179", "m1");
  assert_twins (f, T0 + HOUR, "AVG(T.temperature, '1h') > 181", "");
  assert_twins (f, T0 + HOUR, "NOT AVG(T.temperature, '1h') > 181", "m1");
}

/* Days: hours in the middle, minutes before, what is left by sample. */
static void
test_long (Fixture *f, const void *data)
{
  const int64_t end = T0 + 3 * 24 * HOUR;
  const int     n = 3 * 24 * 360;

  fill (f, n, n);
  assert_history (f, end, "COUNT(T.temperature, '2d')", 2 * 24 * 360);
  assert_history (f, end, "MIN(T.temperature, '2d')", 24 * 360);
  assert_history (f, end, "COUNT(T.temperature, '4w')", n);
  assert_history (f, end + 30 * MINUTE, "COUNT(T.temperature, '90m')", 360);
  assert_history (f, end + 30 * MINUTE, "MIN(T.temperature, '150m')",
                  n - 2 * 360);
  /* What is newer than the time asked of is not there. */
  assert_rows (f, end,
               "SELECT COUNT(T.temperature, '90m') AS n, MAX(T.temperature, "
               "'90m') AS m, T.temperature FROM DIGITALTWINS T WHERE T.$dtId "
               "= 'm1' AS OF '2026-11-26T12:34:56Z'",
               "{\"n\":546,\"m\":9569.0,\"temperature\":9569.0}");
}

static void
test_refusals (Fixture *f, const void *data)
{
  static const char *const bad[] = {
    "AVG(T.temperature, '')",
    "AVG(T.temperature, '1')",
    "AVG(T.temperature, 'h')",
    "AVG(T.temperature, '1.5h')",
    "AVG(T.temperature, '-1h')",
    "AVG(T.temperature, '99999999999999999999d')",
    "AVG(T.temperature, '11y')",
    "AVG(T, '1h')",
    "AVG('1h')",
    "AVG(T.temperature, 3)",
  };

  fill (f, 10, 0);
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *query =
          g_strdup_printf ("SELECT * FROM DIGITALTWINS T WHERE %s > 1", bad[i]);
      g_autofree char *says = ask_at (f, T0, query);

      g_test_message ("%s: %s", bad[i], says);
      g_assert_nonnull (strstr (says, "(line 1, column "));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/query/history/tiers", test_tiers);
  ADD ("/query/history/long", test_long);
  ADD ("/query/history/refusals", test_refusals);
  return g_test_run ();
}
