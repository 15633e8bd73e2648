/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-machine-words.h"

#include <math.h>
#include <time.h>

#define S TWIN_US_PER_S
/* Tuesday 24 November 2026, 10:42:18 UTC. */
#define NOW (INT64_C (1795516938) * S)
#define DAY (INT64_C (86400) * S)

static void
test_date (void)
{
  static const struct
  {
    int64_t     time_us;
    const char *text;
  } cases[] = {
    { NOW + 9 * DAY, "Thu 3 Dec" },
    { NOW + 3600 * S, "Tue 24 Nov 11:42" },
    { NOW - DAY, "Mon 23 Nov 10:42" },
    { NOW + 400 * DAY, "29 Dec 2027" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = twin_words_dup_date (cases[i].time_us, NOW);

      g_assert_cmpstr (got, ==, cases[i].text);
    }

  g_assert_null (twin_words_dup_date (TWIN_TIME_NONE, NOW));
}

static void
test_span (void)
{
  static const struct
  {
    double      seconds;
    const char *text;
  } cases[] = {
    { 12 * 86400.0, "12 d" }, { 5 * 3600.0, "5 h" }, { 40 * 60.0, "40 min" },
    { 90 * 60.0, "90 min" },  { NAN, "–" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = twin_words_dup_span (cases[i].seconds);

      g_assert_cmpstr (got, ==, cases[i].text);
    }
}

static void
test_range (void)
{
  g_autofree char *days = twin_words_dup_range (13 * 86400.0, 38 * 86400.0);
  /* One unit for both ends: that of the longer one. */
  g_autofree char *mixed = twin_words_dup_range (86400.0, 38 * 86400.0);
  g_autofree char *none = twin_words_dup_range (NAN, 3);

  g_assert_cmpstr (days, ==, "13–38 d");
  g_assert_cmpstr (mixed, ==, "1–38 d");
  g_assert_cmpstr (none, ==, "–");
}

static void
test_chance (void)
{
  static const double quantiles[] = { 10, 20, 30, 40, 60 };
  static const double unknown[] = { 10, 20, NAN, 40, 60 };
  static const struct
  {
    double after, chance;
  } cases[] = {
    { -1, 0 },  { 0, 0 },    { 5, .025 }, { 10, .05 },  { 15, .15 },
    { 30, .5 }, { 50, .85 }, { 60, .95 }, { 1e9, .95 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpfloat_with_epsilon (twin_words_failure_chance (quantiles,
                                                               cases[i].after),
                                    cases[i].chance, 1e-12);

  g_assert_true (isnan (twin_words_failure_chance (unknown, 35)));
}

static void
test_family (void)
{
  g_assert_cmpstr (twin_words_family_of ("outer"), ==, "BPFO");
  g_assert_cmpstr (twin_words_family_of ("inner"), ==, "BPFI");
  g_assert_cmpstr (twin_words_family_of ("ball"), ==, "2×BSF");
  g_assert_null (twin_words_family_of ("none"));
  g_assert_null (twin_words_family_of (NULL));
  g_assert_cmpstr (twin_words_verdict (NULL), ==, "Not examined yet");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  tzset ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/machine-words/date", test_date);
  g_test_add_func ("/console/machine-words/span", test_span);
  g_test_add_func ("/console/machine-words/range", test_range);
  g_test_add_func ("/console/machine-words/chance", test_chance);
  g_test_add_func ("/console/machine-words/family", test_family);
  return g_test_run ();
}
