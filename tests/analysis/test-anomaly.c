/* SPDX-License-Identifier: Apache-2.0 */
/* Process anomaly on simulated signals, and on real records where they are:
 * those are skipped without them. */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "twin-process.h"
#include "twin-random.h"

enum
{
  P = 5,
  N = 1200,
  LEARNT = 400,
  STEP = 700,
  BACK = 900,
};

/* White noise, a pair that moves together, a random walk. */
static void
make_run (TwinRandom *random, double *rows, size_t n)
{
  double walk = 20;

  for (size_t i = 0; i < n; i++)
    {
      double *row = rows + i * P;
      double  common = twin_random_normal (random);

      walk += 0.05 * twin_random_normal (random);
      row[0] = 32 + 0.4 * twin_random_normal (random);
      row[1] = 5 + common + 0.1 * twin_random_normal (random);
      row[2] = -common + 0.1 * twin_random_normal (random);
      row[3] = walk + 0.02 * twin_random_normal (random);
      row[4] = 230 + 10 * twin_random_normal (random);
    }
}

/* Scores of @n rows; the first LEARNT are learnt from. */
static TwinProcessScore *
score_run (const double           *rows,
           size_t                  n,
           unsigned                p,
           const TwinProcessModel *too)
{
  TwinProcessScore *scores = g_new0 (TwinProcessScore, n);
  g_autoptr (TwinProcess) process = NULL;
  TwinProcessModel model;

  g_assert_true (twin_process_learn (&model, rows, LEARNT, p, 0));
  if (too != NULL)
    twin_process_join_correlation (&model, too);
  process = twin_process_new (&model);
  for (size_t i = 0; i < n; i++)
    {
      if (i < LEARNT)
        twin_process_settle (process, rows + i * p);
      else
        twin_process_push (process, rows + i * p, &scores[i]);
    }

  return scores;
}

static unsigned
count_alarms (const TwinProcessScore *scores, size_t begin, size_t end)
{
  unsigned n = 0;

  for (size_t i = begin; i < end; i++)
    n += scores[i].alarm;
  return n;
}

/* Three standard deviations of one variable of five: found, named, over. */
static void
test_step (void)
{
  g_autofree double           *rows = g_new (double, N *P);
  g_autofree TwinProcessScore *scores = NULL;
  TwinRandom                   random;

  twin_random_init (&random, 1);
  make_run (&random, rows, N);
  for (int i = STEP; i < BACK; i++)
    rows[i * P] -= 1.2;
  scores = score_run (rows, N, P, NULL);

  g_assert_cmpuint (count_alarms (scores, LEARNT, STEP), ==, 0);
  g_assert_cmpuint (count_alarms (scores, STEP + 40, BACK), >=, 155);
  g_assert_cmpuint (scores[STEP + 60].driver, ==, 0);
  g_assert_cmpfloat (scores[STEP + 60].deviation, <, -2);
  g_assert_cmpfloat (scores[STEP + 60].score, >, 50);
  g_assert_cmpuint (count_alarms (scores, BACK + 50, N), ==, 0);
}

/* Each of two stays within its own limits, but no longer with the other. */
static void
test_togetherness (void)
{
  g_autofree double           *rows = g_new (double, N *P);
  g_autofree TwinProcessScore *scores = NULL;
  TwinProcessModel             more;
  TwinRandom                   random;

  twin_random_init (&random, 2);
  make_run (&random, rows, N);
  g_assert_true (twin_process_learn (&more, rows, N, P, 0));
  make_run (&random, rows, N);
  for (int i = STEP; i < N; i++)
    {
      rows[i * P + 1] += 0.9;
      rows[i * P + 2] += 0.9;
    }
  scores = score_run (rows, N, P, &more);
  g_assert_cmpuint (count_alarms (scores, LEARNT, STEP), <, 20);
  g_assert_cmpuint (count_alarms (scores, STEP + 40, N), >, 300);
  for (int i = STEP + 40; i < N; i++)
    g_assert_cmpfloat (fabs (scores[i].deviation), <, 8);
}

/* A random walk goes far in 1000 rows, which is not abnormal: of 640 horizons
 * with two statistics a handful may be beyond the limit, each for a while. */
static void
test_wandering_is_normal (void)
{
  enum
  {
    RUNS = 40,
  };
  g_autofree double *rows = g_new (double, N *P);
  unsigned           alarms = 0;

  for (int run = 0; run < RUNS; run++)
    {
      g_autofree TwinProcessScore *scores = NULL;
      TwinRandom                   random;

      twin_random_init (&random, 100 + run);
      make_run (&random, rows, N);
      scores = score_run (rows, N, P, NULL);
      alarms += count_alarms (scores, LEARNT, N);
    }

  g_test_message ("%u of %d rows", alarms, RUNS * (N - LEARNT));
  g_assert_cmpuint (alarms, <, RUNS * (N - LEARNT) / 25);
}

/* Learning goes on over what was normal: neither cut off at the limit, so that
 * the usual shrinks, nor by the correlation of the opening for ever. */
static void
test_stays_calibrated (void)
{
  enum
  {
    VARIABLES = 8,
    LONG = 40000,
  };
  g_autofree double *rows = g_new (double, LONG *VARIABLES);

  for (int walk = 0; walk < 2; walk++)
    {
      g_autofree TwinProcessScore *scores = NULL;
      TwinRandom                   random;
      unsigned                     alarms;

      twin_random_init (&random, 11);
      for (int i = 0; i < LONG * VARIABLES; i++)
        rows[i] = twin_random_normal (&random) +
                  (walk && i >= VARIABLES ? rows[i - VARIABLES] : 0);
      scores = score_run (rows, LONG, VARIABLES, NULL);
      alarms = count_alarms (scores, LEARNT, LONG);
      g_test_message ("%s: %.2f %% of rows", walk ? "random walks" : "noise",
                      100.0 * alarms / (LONG - LEARNT));
      g_assert_cmpuint (alarms, <, (walk ? 0.12 : 0.02) * LONG);
    }
}

/* Same code, one variable; the level stays away, and the alarm with it. */
static void
test_one_variable (void)
{
  double                       rows[N];
  g_autofree TwinProcessScore *scores = NULL;
  TwinRandom                   random;

  twin_random_init (&random, 7);
  for (int i = 0; i < N; i++)
    rows[i] = 80 + twin_random_normal (&random) - (i >= STEP ? 4 : 0);
  scores = score_run (rows, N, 1, NULL);
  g_assert_cmpuint (count_alarms (scores, LEARNT, STEP), ==, 0);
  g_assert_cmpuint (count_alarms (scores, STEP + 15, N), ==, N - STEP - 15);
}

static void
test_gaps (void)
{
  g_autofree double           *rows = g_new (double, N *P);
  g_autofree TwinProcessScore *scores = NULL;
  TwinRandom                   random;

  twin_random_init (&random, 3);
  make_run (&random, rows, N);
  for (int i = 0; i < N; i++)
    {
      rows[i * P + 4] = 7; /* stands still */
      if (i % 3 == 0)
        rows[i * P + 1] = NAN;
      if (i < 500)
        rows[i * P + 3] = NAN;
      else if (i % 7 == 0)
        rows[i * P] = INFINITY;
    }
  scores = score_run (rows, N, P, NULL);
  for (int i = 0; i < N; i++)
    {
      g_assert_true (isfinite (scores[i].score));
      g_assert_cmpuint (scores[i].driver, <, 3);
    }
  g_assert_cmpuint (count_alarms (scores, LEARNT, N), <, 20);
}

static void
test_refuses (void)
{
  double           flat[200], moving[200];
  TwinProcessModel model;

  for (int i = 0; i < 200; i++)
    {
      flat[i] = 3;
      moving[i] = sin (i);
    }
  g_assert_false (twin_process_learn (&model, flat, 200, 1, 0));
  g_assert_false (twin_process_learn (&model, moving, 39, 1, 0));
  g_assert_false (twin_process_learn (&model, moving, 200, 0, 0));
  g_assert_false (
      twin_process_learn (&model, moving, 200, TWIN_PROCESS_VARIABLES + 1, 0));
  g_assert_false (twin_process_learn (&model, moving, 200, 1, 101));
  g_assert_true (twin_process_learn (&model, moving, 200, 1, 100));
}

static void
test_change_point (void)
{
  double     values[100], likelihood, none;
  TwinRandom random;

  twin_random_init (&random, 5);
  for (int i = 0; i < 100; i++)
    values[i] = twin_random_normal (&random);
  twin_process_change (values, 100, &none);
  for (int i = 63; i < 100; i++)
    values[i] += 8;
  g_assert_cmpuint (twin_process_change (values, 100, &likelihood), ==, 63);
  g_assert_cmpfloat (likelihood, >, 10 * none);

  for (int i = 0; i < 100; i++)
    values[i] = 1;
  g_assert_cmpuint (twin_process_change (values, 100, &likelihood), ==, 0);
  g_assert_cmpuint (twin_process_change (values, 3, NULL), ==, 0);
}

/* --- real records -----------------------------------------------------------
 */

static char *
find_file (const char *name)
{
  const char      *told = g_getenv ("TWIN_REAL_DATA");
  g_autofree char *beside = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                              "..", "shared", "data", NULL);

  return g_build_filename (told != NULL ? told : beside, name, NULL);
}

/* Columns 1 to @p of the file, and the one behind them into @truth; NULL: the
 * file is not there. */
static double *
read_file (const char *name,
           char        delimiter,
           unsigned    p,
           size_t     *n,
           GArray     *truth,
           GPtrArray  *times)
{
  g_autofree char *path = find_file (name);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  const char mark[2] = { delimiter, '\0' };
  GArray    *values = g_array_new (FALSE, FALSE, sizeof (double));

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_array_unref (values);
      return NULL;
    }

  lines = g_strsplit (g_strstrip (text), "\n", -1);
  for (size_t i = 1; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], mark, -1);

      g_assert_cmpuint (g_strv_length (cells), >, p);
      if (times != NULL)
        g_ptr_array_add (times, g_strdup (cells[0]));
      for (unsigned j = 0; j <= p; j++)
        {
          const char *cell = cells[j + 1];
          double      value = cell != NULL ? g_ascii_strtod (cell, NULL) : 0;

          if (j < p)
            g_array_append_val (values, value);
          else if (truth != NULL)
            g_array_append_val (truth, value);
        }
    }

  *n = values->len / p;
  return (double *) (void *) g_array_free (values, FALSE);
}

/* SKAB, as its authors judge: hits and errors of all files together. */
static void
test_skab (void)
{
  double             hit = 0, missed = 0, wrong = 0, quiet = 0, f1, far;
  size_t             n;
  g_autofree double *normal =
      read_file ("skab/anomaly-free/anomaly-free.csv", ';', 8, &n, NULL, NULL);
  TwinProcessModel model;

  if (normal == NULL)
    {
      g_test_skip ("no SKAB records in ../shared/data or TWIN_REAL_DATA");
      return;
    }

  g_assert_true (twin_process_learn (&model, normal, n, 8, 0));
  for (int file = 0; file < 16; file++)
    {
      g_autofree char *name = g_strdup_printf ("skab/valve1/%d.csv", file);
      g_autoptr (GArray) truth = g_array_new (FALSE, FALSE, sizeof (double));
      g_autofree double *rows = read_file (name, ';', 8, &n, truth, NULL);
      g_autofree TwinProcessScore *scores = NULL;

      g_assert_nonnull (rows);
      scores = score_run (rows, n, 8, &model);
      for (size_t i = LEARNT; i < n; i++)
        {
          const gboolean anomaly = g_array_index (truth, double, i) > 0;

          hit += anomaly && scores[i].alarm;
          missed += anomaly && !scores[i].alarm;
          wrong += !anomaly && scores[i].alarm;
          quiet += !anomaly && !scores[i].alarm;
        }
    }

  f1 = hit / (hit + (missed + wrong) / 2);
  far = wrong / (wrong + quiet);
  g_test_message ("F1 %.3f, false alarms %.1f %% behind row %d", f1, 100 * far,
                  LEARNT);
  g_assert_cmpfloat (f1, >=, 0.76);
  g_assert_cmpfloat (far, <=, 0.26);
}

/* NAB: both windows, at most two alarms a month besides. */
static void
test_nab (void)
{
  static const char *const windows[][2] = {
    { "2013-12-10 06:25:00", "2013-12-12 05:35:00" },
    { "2013-12-15 17:50:00", "2013-12-17 17:00:00" },
  };
  g_autoptr (GPtrArray) times = g_ptr_array_new_with_free_func (g_free);
  size_t             n;
  g_autofree double *rows =
      read_file ("nab/machine_temperature_system_failure.csv", ',', 1, &n, NULL,
                 times);
  g_autoptr (TwinProcess) process = NULL;
  TwinProcessModel model;
  gboolean         found[2] = { FALSE, FALSE }, before = FALSE;
  unsigned         others = 0;

  if (rows == NULL)
    {
      g_test_skip ("no NAB record in ../shared/data or TWIN_REAL_DATA");
      return;
    }

  g_assert_true (twin_process_learn (&model, rows, 1000, 1, 0));
  process = twin_process_new (&model);
  for (size_t i = 0; i < n; i++)
    {
      const char      *time = g_ptr_array_index (times, i);
      TwinProcessScore score = { 0 };
      gboolean         inside = FALSE;

      if (i < 1000)
        twin_process_settle (process, rows + i);
      else
        twin_process_push (process, rows + i, &score);
      for (int w = 0; w < 2; w++)
        if (strcmp (time, windows[w][0]) >= 0 &&
            strcmp (time, windows[w][1]) <= 0)
          {
            inside = TRUE;
            found[w] |= score.alarm;
          }
      others += score.alarm && !before && !inside;
      before = score.alarm;
    }

  g_test_message ("%u other alarms in 76 days", others);
  g_assert_true (found[0]);
  g_assert_true (found[1]);
  g_assert_cmpuint (others, <=, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/anomaly/step", test_step);
  g_test_add_func ("/anomaly/togetherness", test_togetherness);
  g_test_add_func ("/anomaly/wandering-is-normal", test_wandering_is_normal);
  g_test_add_func ("/anomaly/stays-calibrated", test_stays_calibrated);
  g_test_add_func ("/anomaly/one-variable", test_one_variable);
  g_test_add_func ("/anomaly/gaps", test_gaps);
  g_test_add_func ("/anomaly/refuses", test_refuses);
  g_test_add_func ("/anomaly/change-point", test_change_point);
  g_test_add_func ("/anomaly/skab", test_skab);
  g_test_add_func ("/anomaly/nab", test_nab);
  return g_test_run ();
}
