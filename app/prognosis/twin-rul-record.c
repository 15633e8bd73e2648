/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-rul-record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-rul-metrics.h"

#define IN_A_ROW 5

static const char *const verdict_names[] = {
  [TWIN_RUL_VERDICT_OPEN] = "open",   [TWIN_RUL_VERDICT_HELD] = "held",
  [TWIN_RUL_VERDICT_EARLY] = "early", [TWIN_RUL_VERDICT_LATE] = "late",
  [TWIN_RUL_VERDICT_CUT] = "cut",     [TWIN_RUL_VERDICT_NONE] = "none",
};

const char *
twin_rul_verdict_name (TwinRulVerdict verdict)
{
  return verdict_names[verdict];
}

static gboolean
has_interval (const TwinRulSaid *said)
{
  return isfinite (said->p05_s) && isfinite (said->p95_s);
}

TwinRulVerdict
twin_rul_judge (const TwinRulSaid *said, TwinRulFate fate, double lasted_s)
{
  double low = has_interval (said) ? said->p05_s : said->lower_s;

  if (!isfinite (low))
    return TWIN_RUL_VERDICT_NONE;
  if (has_interval (said) && lasted_s > said->p95_s)
    return TWIN_RUL_VERDICT_LATE;
  if (!has_interval (said) && lasted_s >= low)
    return TWIN_RUL_VERDICT_HELD;
  if (fate == TWIN_RUL_RUNNING)
    return TWIN_RUL_VERDICT_OPEN;
  if (fate == TWIN_RUL_MAINTAINED)
    return TWIN_RUL_VERDICT_CUT;

  return lasted_s >= low ? TWIN_RUL_VERDICT_HELD : TWIN_RUL_VERDICT_EARLY;
}

int64_t
twin_rul_find_end (const int64_t *times_us,
                   const double  *index,
                   size_t         n,
                   int64_t        from_us,
                   double         threshold)
{
  size_t row = 0;

  for (size_t i = 0; i < n; i++)
    {
      if (times_us[i] < from_us || isnan (index[i]))
        continue;

      row = index[i] >= threshold ? row + 1 : 0;
      if (row == IN_A_ROW)
        return times_us[i];
    }

  return TWIN_TIME_NONE;
}

TwinRulFate
twin_rul_fate (int64_t           made_us,
               const TwinRulEnd *ends,
               size_t            n_ends,
               int64_t           now_us,
               double           *lasted_s)
{
  for (size_t e = 0; e < n_ends; e++)
    {
      if (ends[e].time_us <= made_us)
        continue;

      *lasted_s = twin_clock_seconds_from_us (ends[e].time_us - made_us);
      return ends[e].fate;
    }

  *lasted_s = twin_clock_seconds_from_us (MAX (now_us - made_us, 0));
  return TWIN_RUL_RUNNING;
}

gboolean
twin_rul_is_over (int64_t made_us, const TwinRulEnd *ends, size_t n_ends)
{
  gboolean over = FALSE;

  for (size_t e = 0; e < n_ends && ends[e].time_us <= made_us; e++)
    over = ends[e].fate == TWIN_RUL_ENDED;

  return over;
}

void
twin_rul_cases (const TwinRulSaid *said,
                size_t             n,
                const TwinRulEnd  *ends,
                size_t             n_ends,
                int64_t            now_us,
                GArray            *cases)
{
  size_t   life = 0;
  gboolean taken = FALSE;

  for (size_t i = 0; i < n; i++)
    {
      TwinRulCase one = { .said = said[i] };

      for (; life < n_ends && ends[life].time_us <= said[i].made_us; life++)
        taken = FALSE;
      if (taken || !has_interval (&said[i]) ||
          twin_rul_is_over (said[i].made_us, ends, n_ends))
        continue;

      one.fate =
          twin_rul_fate (said[i].made_us, ends, n_ends, now_us, &one.lasted_s);
      g_array_append_val (cases, one);
      taken = TRUE;
    }
}

/* --- calibration -------------------------------------------------------------
 */

typedef struct
{
  double   level; /* of the stated distribution, 0..1 */
  gboolean ended;
} Place;

/* Straight between the stated quantiles; over the last: 0.975. */
static double
level_of (const TwinRulSaid *said, double lasted_s)
{
  const double times[] = { 0,           said->p05_s, said->p25_s,
                           said->p50_s, said->p75_s, said->p95_s };
  const double levels[] = { 0, 0.05, 0.25, 0.5, 0.75, 0.95 };

  for (size_t i = 1; i < G_N_ELEMENTS (times); i++)
    {
      double span = times[i] - times[i - 1];

      if (lasted_s <= times[i])
        return levels[i - 1] +
               (levels[i] - levels[i - 1]) *
                   (span > 0 ? (lasted_s - times[i - 1]) / span : 1);
    }

  return 0.975;
}

static int
by_level (const void *a, const void *b)
{
  const Place *x = a, *y = b;

  if (x->level != y->level)
    return x->level < y->level ? -1 : 1;
  return y->ended - x->ended;
}

void
twin_rul_calibrate (const TwinRulCase *cases, size_t n, TwinRulCalibration *out)
{
  g_autofree Place *places = g_new (Place, MAX (n, 1));
  double            alive = 1, inside = 0;

  memset (out, 0, sizeof *out);
  for (size_t i = 0; i < n; i++)
    {
      const TwinRulCase *one = &cases[i];
      gboolean           ended;

      if (!has_interval (&one->said))
        continue;

      ended = one->fate == TWIN_RUL_ENDED || one->lasted_s > one->said.p95_s;
      out->ended += ended ? 1 : 0;
      out->cut += !ended && one->fate == TWIN_RUL_MAINTAINED ? 1 : 0;
      out->open += !ended && one->fate == TWIN_RUL_RUNNING ? 1 : 0;
      places[out->n++] = (Place){ level_of (&one->said, one->lasted_s), ended };
    }

  qsort (places, out->n, sizeof (Place), by_level);
  for (size_t i = 0; i < out->n; i++)
    {
      double share = alive / (double) (out->n - i);

      if (!places[i].ended)
        continue;

      alive -= share;
      if (places[i].level >= 0.05 && places[i].level <= 0.95)
        inside += share;
    }

  /* What is left alive never ended within what was stated: nothing is known
   * of it, so the share is that of what is known. */
  out->inside = out->ended > 0 ? inside / (1 - alive) : NAN;
  twin_rul_share_interval (out->ended > 0 ? out->inside * (double) out->ended
                                          : 0,
                           (double) out->ended, &out->low, &out->high);
}

char *
twin_rul_calibration_text (const TwinRulCalibration *held)
{
  g_autofree char *rest =
      g_strdup_printf ("%zu cut by maintenance, %zu still open", held->cut,
                       held->open);

  if (held->n == 0)
    return g_strdup ("All machines: no interval has been stated yet.");
  if (held->ended == 0)
    return g_strdup_printf ("All machines: no interval has come to its end; "
                            "%s.",
                            rest);

  return g_strdup_printf ("All machines: %.0f %% of %zu ends inside 5–95 %% "
                          "(95 %% sure: %.0f to %.0f %%; 90 %% is promised); "
                          "%s.",
                          100 * held->inside, held->ended, 100 * held->low,
                          100 * held->high, rest);
}
