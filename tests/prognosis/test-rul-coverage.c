/* SPDX-License-Identifier: Apache-2.0 */
/* Does the stated interval hold the truth as often as it says? Simulated lives
 * of four kinds of wear, each to its own end, judged at times drawn by chance
 * between the start of the wear and the end. */
#include <glib.h>
#include <math.h>

#include "twin-clock.h"
#include "twin-random.h"
#include "twin-rul.h"

#define RECORDS 2000
#define USUAL 60 /* records before the wear begins */
#define PERIOD_S 600.0
#define LIVES 600

typedef enum
{
  EXPONENTIAL, /* the level grows at one rate */
  POWER,       /* the level grows by a power of time, 1 to 3 */
  WALK,        /* exponential, and the wear itself a random walk */
  PAUSES,      /* exponential, standing still a third of the time */
} Kind;

static const char *const names[] = { "exponential", "power law", "random walk",
                                     "pauses" };

typedef struct
{
  int64_t times[RECORDS];
  double  index[RECORDS];
  size_t  end; /* record at which its own threshold is passed */
} Life;

static double
grow (Kind        kind,
      TwinRandom *random,
      double      wear,
      double      rate,
      double      power,
      size_t      step,
      gboolean   *paused)
{
  switch (kind)
    {
    case POWER:
      /* level 1 + (t/τ)^p, τ such that it is 8 after 2.08 / rate. */
      return log1p (7 * pow ((double) step * rate / 2.08, power));
    case WALK:
      return wear + rate + sqrt (0.04 * rate) * twin_random_normal (random);
    case PAUSES:
      if (twin_random_uniform (random) < (*paused ? 1.0 / 20 : 1.0 / 40))
        *paused = !*paused;
      return *paused ? wear : wear + rate;
    default:
      return wear + rate;
    }
}

static void
live (Life *life, Kind kind, const TwinRulPrior *prior, TwinRandom *random)
{
  double fails =
      prior->threshold + prior->threshold_sd * twin_random_normal (random);
  double   rate = 2.08 / 300 * exp (0.4 * twin_random_normal (random));
  double   sigma = 0.02 + 0.06 * twin_random_uniform (random);
  double   power = 1 + 2 * twin_random_uniform (random);
  double   wear = 0;
  gboolean paused = FALSE;

  life->end = 0;
  for (size_t i = 0; i < RECORDS; i++)
    {
      if (i > USUAL)
        wear = grow (kind, random, wear, rate, power, i - USUAL, &paused);
      if (wear >= fails && life->end == 0)
        life->end = i;
      life->times[i] = (int64_t) (i * PERIOD_S) * TWIN_US_PER_S;
      life->index[i] = wear + sigma * twin_random_normal (random);
    }
}

typedef struct
{
  int judged, inside, under, over, bound;
} Count;

static void
judge (Kind kind, Count *count)
{
  TwinRandom   random;
  TwinRulPrior prior;

  twin_rul_prior_default (&prior);
  for (int number = 0; number < LIVES; number++)
    {
      Life    life;
      TwinRul rul;
      size_t  n;
      double  truth;

      twin_random_init (&random, (uint64_t) number + 10000 * kind);
      live (&life, kind, &prior, &random);
      if (life.end < USUAL + 20)
        continue;

      n = USUAL + 15 +
          (size_t) (twin_random_uniform (&random) *
                    (double) (life.end - USUAL - 15));
      truth = (double) (life.end - (n - 1)) * PERIOD_S;
      twin_rul_estimate (life.times, life.index, n, life.times[n - 1], &prior,
                         &rul);
      if (!rul.estimable)
        continue;

      count->judged++;
      count->inside += truth >= rul.p05_s && truth <= rul.p95_s;
      count->under += truth < rul.p05_s;
      count->over += truth > rul.p95_s;
      count->bound += truth >= rul.lower_bound_s;
    }
}

static void
test_kind (gconstpointer data)
{
  Kind  kind = GPOINTER_TO_UINT (data);
  Count count = { 0 };

  judge (kind, &count);
  g_test_message ("%s: %d of %d judged, %.1f %% inside 5..95, %.1f %% before, "
                  "%.1f %% after it",
                  names[kind], count.judged, LIVES,
                  100.0 * count.inside / count.judged,
                  100.0 * count.under / count.judged,
                  100.0 * count.over / count.judged);
  g_assert_cmpint (count.judged, >, LIVES / 4);
  g_assert_cmpfloat (count.inside, >=, 0.85 * count.judged);
  g_assert_cmpfloat (count.inside, <=, 0.95 * count.judged);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (unsigned kind = EXPONENTIAL; kind <= PAUSES; kind++)
    {
      g_autofree char *path =
          g_strdup_printf ("/prognosis/rul/coverage/%s", names[kind]);

      g_test_add_data_func (path, GUINT_TO_POINTER (kind), test_kind);
    }
  return g_test_run ();
}
