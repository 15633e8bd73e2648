/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-thermal-cause.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-thermal-fit.h"

#define STOP_TAUS 5
#define STOPPED 0.02
#define LEAST_S 3600.0
#define NOISE_K 0.3      /* slow errors of sensors and inputs */
#define MODEL_SHARE 0.02 /* of the rise, that a good model is wrong by */
#define ODDS 20
#define USUAL_SDS 2.0  /* of what is left with no cause at all */
#define LIKELY_SDS 4.0 /* of what a cause may leave */
#define DAY_S 86400.0

/* What the fits are judged by. */
typedef struct
{
  double days, independent; /* judged; as many independent errors */
  double noise2, rise2;     /* K², mean squares */
  double usual2, likely2;   /* K² */
} Scale;

const char *
twin_thermal_cause_name (TwinThermalCause cause)
{
  static const char *const names[TWIN_THERMAL_CAUSES] = {
    "undetermined", "normal",        "sensor offset",      "degraded cooling",
    "over-cooling", "more friction", "load reading wrong",
  };

  g_return_val_if_fail (cause < TWIN_THERMAL_CAUSES, "undetermined");

  return names[cause];
}

/* --- the residual itself ----------------------------------------------------
 */

/* @error is that of the usual model. */
static void
regress (const TwinThermalSpan *span,
         const double          *error,
         TwinThermalVerdict    *out)
{
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, variance;

  for (size_t i = 0; i < span->n; i++)
    {
      const TwinThermalPoint *p = &span->points[i];
      double                  rise, residual = -error[i];

      if (isnan (error[i]))
        continue;

      rise = (double) p->measured_c + error[i] - p->ambient_c;
      n++;
      x += rise;
      y += residual;
      xx += rise * rise;
      xy += rise * residual;
    }

  variance = xx / n - x / n * x / n;
  out->slope = variance > 0 ? (xy / n - x / n * y / n) / variance : 0;
  out->offset_k = y / n - out->slope * x / n;
}

static double
standstill (const TwinThermalSpan *span, const double *error)
{
  double   sum = 0, stopped_s = 0;
  unsigned n = 0;

  for (size_t i = 1; i < span->n; i++)
    {
      const TwinThermalPoint *p = &span->points[i];
      double                  elapsed_s =
          twin_clock_seconds_from_us (p->time_us - p[-1].time_us);

      stopped_s = p->speed < STOPPED && elapsed_s <= TWIN_THERMAL_GAP_S
                      ? stopped_s + elapsed_s
                      : 0;
      if (stopped_s < STOP_TAUS * span->usual->tau_s || isnan (error[i]))
        continue;

      sum -= error[i];
      n++;
    }

  return n > 0 ? sum / n : NAN;
}

/* Judged seconds, and the mean square of the rise in them. */
static double
judged (const TwinThermalSpan *span, const double *error, double *rise2)
{
  double   seconds = 0;
  unsigned n = 0;

  *rise2 = 0;
  for (size_t i = 1; i < span->n; i++)
    {
      const TwinThermalPoint *p = &span->points[i];
      double rise = (double) p->measured_c + error[i] - p->ambient_c;

      if (isnan (error[i]))
        continue;

      seconds += fmin (twin_clock_seconds_from_us (p->time_us - p[-1].time_us),
                       TWIN_THERMAL_GAP_S);
      *rise2 += rise * rise;
      n++;
    }

  if (n > 0)
    *rise2 /= n;
  return seconds;
}

static gboolean
has_other_load (const TwinThermalSpan *span)
{
  size_t known = 0;

  for (size_t i = 0; i < span->n; i++)
    known += isfinite (span->points[i].other_load);

  return known == span->n;
}

/* --- the verdict ------------------------------------------------------------
 */

static void say (TwinThermalVerdict *out, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static void
say (TwinThermalVerdict *out, const char *format, ...)
{
  size_t  used = strlen (out->why);
  va_list arguments;

  va_start (arguments, format);
  g_vsnprintf (out->why + used, sizeof out->why - used, format, arguments);
  va_end (arguments);
}

/* What cannot be: friction that falls is no fault, ten times as much of
 * anything but an offset is none either. */
static void
exclude (TwinThermalFit *fits)
{
  for (int i = 0; i < TWIN_THERMAL_CAUSES; i++)
    {
      double value = fits[i].change.value;

      if ((i == TWIN_THERMAL_FRICTION && value < 0) ||
          (i != TWIN_THERMAL_SENSOR && fabs (value) > log (10)))
        fits[i].able = FALSE;
    }
}

/* The two of least error among the causes. */
static void
rank (const TwinThermalFit *fits, int *best, int *next)
{
  static const int causes[] = { TWIN_THERMAL_SENSOR, TWIN_THERMAL_COOLING,
                                TWIN_THERMAL_FRICTION,
                                TWIN_THERMAL_LOAD_SENSOR };

  *best = *next = -1;
  for (size_t i = 0; i < G_N_ELEMENTS (causes); i++)
    {
      int cause = causes[i];

      if (!fits[cause].able)
        continue;
      if (*best < 0 || fits[cause].error < fits[*best].error)
        {
          *next = *best;
          *best = cause;
        }
      else if (*next < 0 || fits[cause].error < fits[*next].error)
        *next = cause;
    }
}

/* A growth is told where it is clear: more than three of its deviations. */
static void
measure (const TwinThermalFit *fit, const Scale *scale, TwinThermalVerdict *out)
{
  gboolean sensor = fit->cause == TWIN_THERMAL_SENSOR;
  double   rate_sd = sqrt (12 * scale->noise2 / scale->independent) /
                   (scale->days * (sensor ? 1 : sqrt (scale->rise2)));
  double size = fit->change.value;

  if (fabs (fit->change.rate) > 3 * rate_sd)
    {
      out->per_day = fit->change.rate;
      size += fit->change.rate * scale->days / 2;
    }
  out->size = sensor ? size : exp (size);
  if (!sensor)
    out->per_day *= out->size;
}

static TwinThermalCause
shown (const TwinThermalFit *fit)
{
  return fit->cause == TWIN_THERMAL_COOLING && fit->change.value > 0
             ? TWIN_THERMAL_OVERCOOLING
             : (TwinThermalCause) fit->cause;
}

static void
describe (TwinThermalVerdict *out)
{
  switch (out->cause)
    {
    case TWIN_THERMAL_SENSOR:
      say (out, "The reading is %+.1f K off whatever the load", out->size);
      if (out->per_day != 0)
        say (out, " and drifts by %+.1f K a day", out->per_day);
      if (!isnan (out->standstill_k))
        say (out, ", at standstill too (%+.1f K)", out->standstill_k);
      break;
    case TWIN_THERMAL_COOLING:
    case TWIN_THERMAL_OVERCOOLING:
      say (out,
           "It carries off %.0f %% of the usual heat and follows the load "
           "%.2f times as slowly",
           100 * out->size, 1 / out->size);
      break;
    case TWIN_THERMAL_FRICTION:
      say (out,
           "It makes %.0f %% of the usual heat and follows the load as "
           "fast as ever",
           100 * out->size);
      break;
    case TWIN_THERMAL_LOAD_SENSOR:
      say (out,
           "Its heat fits %.0f %% of the load that is read, while the "
           "heat by speed alone is as usual",
           100 * out->size);
      break;
    default:
      break;
    }
}

/* How much likelier than the next one, as a logarithm. */
static double
over_next (const TwinThermalFit *fits, int best, int next, const Scale *scale)
{
  double error = next >= 0 ? fits[next].error - fits[best].error : INFINITY;

  return fmin (scale->independent / (2 * scale->noise2) * error, log (1e9));
}

/* Names @best, or says why it cannot. */
static void
name (const TwinThermalFit *fits,
      int                   best,
      int                   next,
      const Scale          *scale,
      TwinThermalVerdict   *out)
{
  double odds = over_next (fits, best, next, scale);

  out->odds = exp (odds);
  if (next >= 0)
    out->next = shown (&fits[next]);
  if (fits[best].error > scale->likely2)
    {
      say (out,
           "Undetermined: none of the known causes fits within %.1f K; "
           "the nearest is %s.",
           sqrt (scale->likely2),
           twin_thermal_cause_name (shown (&fits[best])));
      return;
    }
  if (odds < log (ODDS))
    {
      say (out,
           "Undetermined: %s or %s. In these %.0f h load and speed did "
           "not change enough to tell them apart.",
           twin_thermal_cause_name (shown (&fits[best])),
           twin_thermal_cause_name (out->next), out->hours);
      return;
    }

  out->cause = shown (&fits[best]);
  measure (&fits[best], scale, out);
  describe (out);
  say (out, ", over %.0f h.", out->hours);
  if (next >= 0)
    say (out, " %s times as likely as %s.",
         out->odds >= 1000 ? "Over 1,000" : "Over 20",
         twin_thermal_cause_name (out->next));
}

static void
conclude (const TwinThermalFit *fits,
          const Scale          *scale,
          TwinThermalVerdict   *out)
{
  const TwinThermalFit *none = &fits[TWIN_THERMAL_NORMAL];
  double                over_none;
  int                   best, next;

  rank (fits, &best, &next);
  if (none->error <= scale->usual2)
    {
      out->cause = TWIN_THERMAL_NORMAL;
      say (out, "As load and speed explain, within %.1f K over %.0f h.",
           sqrt (none->error), out->hours);
      return;
    }

  /* Two numbers more than none has: their price by Schwarz's criterion. */
  over_none = best < 0 ? 0
                       : scale->independent / (2 * scale->noise2) *
                                 (none->error - fits[best].error) -
                             log (scale->independent);
  if (over_none < log (ODDS))
    {
      say (out, "Undetermined: %.1f K over %.0f h that no cause explains.",
           sqrt (none->error), out->hours);
      return;
    }

  name (fits, best, next, scale, out);
}

static void
fit_all (const TwinThermalSpan *span,
         const Scale           *scale,
         TwinThermalWork       *work,
         TwinThermalFit        *fits,
         TwinThermalVerdict    *out)
{
  static const int free_ones[] = { TWIN_THERMAL_SENSOR, TWIN_THERMAL_COOLING,
                                   TWIN_THERMAL_FRICTION,
                                   TWIN_THERMAL_LOAD_SENSOR,
                                   TWIN_THERMAL_REFIT };
  TwinThermalFit   refit, other = { .cause = TWIN_THERMAL_OTHER_LOAD };

  for (size_t i = 0; i < G_N_ELEMENTS (free_ones); i++)
    {
      TwinThermalFit *to =
          free_ones[i] == TWIN_THERMAL_REFIT ? &refit : &fits[free_ones[i]];

      twin_thermal_fit (span, free_ones[i],
                        free_ones[i] == TWIN_THERMAL_REFIT ? 1 : scale->days,
                        work, to);
    }
  out->tau_ratio = exp (refit.change.value);
  out->load_ratio = exp (refit.change.rate);

  /* Another measurement of the load with which nothing is left to explain
   * decides it: no number was free to make it fit. */
  if (has_other_load (span))
    {
      size_t counted = twin_thermal_simulate (span, TWIN_THERMAL_OTHER_LOAD,
                                              &other.change, work->error);

      other.error = twin_thermal_mean_square (work->error, span->n, counted);
      if (other.error < scale->usual2 &&
          other.error < fits[TWIN_THERMAL_NORMAL].error / 2)
        for (int i = 0; i < TWIN_THERMAL_CAUSES; i++)
          fits[i].able &= i == TWIN_THERMAL_LOAD_SENSOR;
    }
}

void
twin_thermal_judge (const TwinThermalModel *usual,
                    const TwinThermalPoint *points,
                    size_t                  n,
                    TwinThermalVerdict     *out)
{
  g_autofree double *scratch = g_new (double, 3 * MAX (n, 1));
  TwinThermalWork    work = { scratch, scratch + n, scratch + 2 * n };
  TwinThermalSpan    span = { .usual = usual, .points = points, .n = n };
  TwinThermalFit     fits[TWIN_THERMAL_CAUSES] = { 0 },
                 *none = &fits[TWIN_THERMAL_NORMAL];
  Scale  scale;
  double seconds;
  size_t counted;

  *out = (TwinThermalVerdict){ .standstill_k = NAN,
                               .offset_k = NAN,
                               .slope = NAN,
                               .tau_ratio = NAN,
                               .load_ratio = NAN,
                               .size = NAN };
  if (n > 0)
    span.middle_us =
        points[0].time_us + (points[n - 1].time_us - points[0].time_us) / 2;

  none->cause = TWIN_THERMAL_NORMAL;
  counted =
      twin_thermal_simulate (&span, none->cause, &none->change, work.error);
  none->error = twin_thermal_mean_square (work.error, n, counted);
  seconds = judged (&span, work.error, &scale.rise2);
  out->hours = seconds / 3600;
  if (seconds < fmax (STOP_TAUS * usual->tau_s, LEAST_S))
    {
      say (out, "Undetermined: %.1f h can be judged, at least %.1f are needed.",
           out->hours, fmax (STOP_TAUS * usual->tau_s, LEAST_S) / 3600);
      return;
    }

  regress (&span, work.error, out);
  out->standstill_k = standstill (&span, work.error);
  scale.days = seconds / DAY_S;
  scale.independent = fmax (seconds / (2 * usual->tau_s), 1);
  scale.noise2 = NOISE_K * NOISE_K + MODEL_SHARE * MODEL_SHARE * scale.rise2;
  scale.usual2 = USUAL_SDS * USUAL_SDS * scale.noise2;
  scale.likely2 = LIKELY_SDS * LIKELY_SDS * scale.noise2;
  fit_all (&span, &scale, &work, fits, out);
  exclude (fits);
  conclude (fits, &scale, out);
}
