/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-thermal-fit.h"

#include <math.h>
#include <string.h>

#include "twin-clock.h"

#define SKIP_TAUS 3
#define ITERATIONS 12
#define DAY_S 86400.0

/* --- a twin with one thing changed ------------------------------------------
 */

/* Heat transfer, friction and load are exp (size) times the usual: never
 * negative, and as easily twice as half. TWIN_THERMAL_REFIT is no cause: time
 * constant and heating are free, by exp (value) and exp (rate). */
static double
model_step (const TwinThermalSpan   *span,
            int                      cause,
            const TwinThermalChange *change,
            double                   size,
            const TwinThermalPoint  *to,
            double                   temperature)
{
  const TwinThermalModel *m = span->usual;
  const TwinThermalPoint *from = to - 1;
  double elapsed_s = twin_clock_seconds_from_us (to->time_us - from->time_us);
  double factor = exp (size), tau = m->tau_s, heat;
  double load =
      cause == TWIN_THERMAL_OTHER_LOAD
          ? from->other_load * from->speed + to->other_load * to->speed
          : from->load * from->speed + to->load * to->speed;

  if (cause == TWIN_THERMAL_LOAD_SENSOR)
    load *= factor;
  heat = (m->k_load * load + m->k_speed * (from->speed + to->speed)) / 2;
  if (cause == TWIN_THERMAL_FRICTION)
    heat *= factor;
  if (cause == TWIN_THERMAL_COOLING)
    {
      heat /= factor;
      tau /= factor;
    }
  if (cause == TWIN_THERMAL_REFIT)
    {
      heat *= exp (change->rate);
      tau *= exp (change->value);
    }

  return temperature -
         expm1 (-elapsed_s / tau) *
             ((from->ambient_c + to->ambient_c) / 2 + heat - temperature);
}

size_t
twin_thermal_simulate (const TwinThermalSpan   *span,
                       int                      cause,
                       const TwinThermalChange *change,
                       double                  *error)
{
  double   temperature = NAN, settled_s = 0;
  size_t   counted = 0;
  gboolean sensor = cause == TWIN_THERMAL_SENSOR;

  for (size_t i = 0; i < span->n; i++)
    {
      const TwinThermalPoint *p = &span->points[i];
      double                  elapsed_s =
          i > 0 ? twin_clock_seconds_from_us (p->time_us - p[-1].time_us) : NAN;
      double size =
          change->value +
          change->rate *
              twin_clock_seconds_from_us (p->time_us - span->middle_us) / DAY_S;

      if (elapsed_s > 0 && elapsed_s <= TWIN_THERMAL_GAP_S &&
          isfinite (temperature))
        {
          temperature = model_step (span, cause, change, size, p, temperature);
          settled_s += elapsed_s;
        }
      else
        {
          temperature = (double) p->measured_c - (sensor ? size : 0);
          settled_s = 0;
        }

      error[i] = NAN;
      if (settled_s < SKIP_TAUS * span->usual->tau_s ||
          !isfinite (p->measured_c))
        continue;

      error[i] = temperature + (sensor ? size : 0) - p->measured_c;
      counted++;
    }

  return counted;
}

double
twin_thermal_mean_square (const double *error, size_t n, size_t counted)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    if (!isnan (error[i]))
      sum += error[i] * error[i];

  return counted > 0 ? sum / (double) counted : INFINITY;
}

/* --- fitting ----------------------------------------------------------------
 */

/* The Gauss-Newton step from @work. */
static TwinThermalChange
step (const TwinThermalWork *work,
      size_t                 n,
      double                 value_step,
      double                 rate_step,
      double                 damping)
{
  double vv = 0, vr = 0, rr = 0, ve = 0, re = 0, det;

  for (size_t i = 0; i < n; i++)
    {
      double v = (work->by_value[i] - work->error[i]) / value_step;
      double r = (work->by_rate[i] - work->error[i]) / rate_step;

      if (isnan (v) || isnan (r))
        continue;
      vv += v * v;
      vr += v * r;
      rr += r * r;
      ve += v * work->error[i];
      re += r * work->error[i];
    }

  vv *= 1 + damping;
  rr *= 1 + damping;
  det = vv * rr - vr * vr;
  if (!(det > 1e-12 * vv * rr))
    return (TwinThermalChange){ vv > 0 ? -ve / vv : 0, 0 };
  return (TwinThermalChange){ (vr * re - rr * ve) / det,
                              (vr * ve - vv * re) / det };
}

void
twin_thermal_fit (const TwinThermalSpan *span,
                  int                    cause,
                  double                 days,
                  TwinThermalWork       *work,
                  TwinThermalFit        *out)
{
  const double value_step = cause == TWIN_THERMAL_SENSOR ? 0.1 : 0.01;
  double       damping = 1e-3;
  size_t       counted;

  *out = (TwinThermalFit){ .cause = cause };
  counted = twin_thermal_simulate (span, cause, &out->change, work->error);
  out->error = twin_thermal_mean_square (work->error, span->n, counted);
  out->able = counted > 0;

  for (int k = 0; out->able && k < ITERATIONS && damping < 1e6; k++)
    {
      TwinThermalChange moved = out->change, by;
      double            error;

      moved.value += value_step;
      twin_thermal_simulate (span, cause, &moved, work->by_value);
      moved = out->change;
      moved.rate += value_step / days;
      twin_thermal_simulate (span, cause, &moved, work->by_rate);
      by = step (work, span->n, value_step, value_step / days, damping);

      moved.value = out->change.value + by.value;
      moved.rate = out->change.rate + by.rate;
      counted = twin_thermal_simulate (span, cause, &moved, work->by_value);
      error = twin_thermal_mean_square (work->by_value, span->n, counted);
      if (error < out->error)
        {
          gboolean done = error > out->error * (1 - 1e-6);

          out->change = moved;
          out->error = error;
          damping = fmax (damping / 10, 1e-6);
          memcpy (work->error, work->by_value, span->n * sizeof *work->error);
          if (done)
            break;
        }
      else
        damping *= 10;
    }
}
