/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-thermal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-clock.h"

#define STEP_S 60.0 /* of the identification */
#define FORGETTING 0.9998
#define FIRST_P 1e3
#define INHIBIT_TAUS 5
#define NEEDED_STEPS 60
#define NEEDED_SPREAD_K 2.0 /* of the predicted rise: load has to change */
#define OFFSET_K 3.0
#define SLOPE_NONE 0.1
#define SLOPE_CLEAR 0.15
#define SLOWER 1.25

void
twin_thermal_model_default (TwinThermalModel *model)
{
  *model = (TwinThermalModel){ .tau_s = 600, .k_load = 40, .k_speed = 6.7 };
}

const char *
twin_thermal_cause_name (TwinThermalCause cause)
{
  switch (cause)
    {
    case TWIN_THERMAL_UNKNOWN:
      return "unknown";
    case TWIN_THERMAL_NORMAL:
      return "normal";
    case TWIN_THERMAL_SENSOR:
      return "sensor offset";
    case TWIN_THERMAL_COOLING:
      return "degraded cooling";
    case TWIN_THERMAL_FRICTION:
      return "more friction";
    }

  g_return_val_if_reached ("unknown");
}

void
twin_thermal_init (TwinThermal *self, const TwinThermalModel *model)
{
  memset (self, 0, sizeof *self);
  self->alert_k = 5;
  self->clear_k = 4;
  self->hold_us = 600 * TWIN_US_PER_S;
  self->model = *model;
  self->predicted = self->residual = NAN;
  self->ambient = self->load = self->speed = NAN;
  self->over_since_us = self->under_since_us = TWIN_TIME_NONE;
  self->step_measured = NAN;

  for (int i = 0; i < 3; i++)
    self->p[4 * i] = FIRST_P;
  self->theta[0] = STEP_S / model->tau_s;
  self->theta[1] = model->k_load * self->theta[0];
  self->theta[2] = model->k_speed * self->theta[0];
}

static double
steady_rise (const TwinThermal *self)
{
  return self->model.k_load * self->load * self->speed +
         self->model.k_speed * self->speed;
}

/* --- what the measured course says of itself -------------------------------
 */

/* Recursive least squares of T⁺ - T = a (Ta - T) + b l s + c s. */
static void
identify (TwinThermal *self, double change)
{
  const double x[3] = { self->ambient - self->step_measured,
                        self->load * self->speed, self->speed };
  double       px[3], denominator = FORGETTING, error = change;

  for (int i = 0; i < 3; i++)
    {
      px[i] = self->p[3 * i] * x[0] + self->p[3 * i + 1] * x[1] +
              self->p[3 * i + 2] * x[2];
      error -= self->theta[i] * x[i];
    }
  for (int i = 0; i < 3; i++)
    denominator += x[i] * px[i];

  for (int i = 0; i < 3; i++)
    {
      self->theta[i] += px[i] / denominator * error;
      for (int j = 0; j < 3; j++)
        {
          self->p[3 * i + j] =
              (self->p[3 * i + j] - px[i] * px[j] / denominator) / FORGETTING;
        }
    }

  /* Bounds of what a bearing can be: 2 minutes to 2 hours. */
  self->theta[0] = CLAMP (self->theta[0], STEP_S / 7200, STEP_S / 120);
}

static void
regress (TwinThermal *self)
{
  double x = self->predicted - self->ambient;
  double y = self->residual;

  self->weight = self->weight * FORGETTING + 1;
  self->sum_x = self->sum_x * FORGETTING + x;
  self->sum_y = self->sum_y * FORGETTING + y;
  self->sum_xx = self->sum_xx * FORGETTING + x * x;
  self->sum_xy = self->sum_xy * FORGETTING + x * y;
}

static void
take_step (TwinThermal *self, int64_t time_us, double measured)
{
  double elapsed_s;

  if (isnan (measured))
    {
      self->step_measured = NAN;
      return;
    }

  if (isnan (self->step_measured))
    {
      self->step_measured = measured;
      self->step_us = time_us;
      return;
    }

  elapsed_s = twin_clock_seconds_from_us (time_us - self->step_us);
  if (elapsed_s < STEP_S)
    return;

  if (elapsed_s <= 3 * STEP_S)
    identify (self, (measured - self->step_measured) * STEP_S / elapsed_s);
  if (twin_thermal_is_settled (self))
    {
      regress (self);
      self->steps++;
    }

  self->step_measured = measured;
  self->step_us = time_us;
}

/* --- alert -------------------------------------------------------------------
 */

static void
update_alert (TwinThermal *self, int64_t time_us)
{
  double size = fabs (self->residual);

  if (!twin_thermal_is_settled (self))
    {
      self->over_since_us = self->under_since_us = TWIN_TIME_NONE;
      return;
    }

  if (!(size > self->alert_k))
    self->over_since_us = TWIN_TIME_NONE;
  else if (self->over_since_us == TWIN_TIME_NONE)
    self->over_since_us = time_us;

  if (!(size < self->clear_k))
    self->under_since_us = TWIN_TIME_NONE;
  else if (self->under_since_us == TWIN_TIME_NONE)
    self->under_since_us = time_us;

  if (self->over_since_us != TWIN_TIME_NONE &&
      time_us - self->over_since_us >= self->hold_us)
    self->alert = TRUE;
  else if (self->under_since_us != TWIN_TIME_NONE &&
           time_us - self->under_since_us >= self->hold_us)
    self->alert = FALSE;
}

gboolean
twin_thermal_is_settled (const TwinThermal *self)
{
  return self->started && isfinite (self->residual) &&
         (double) (self->last_us - self->start_us) >=
             INHIBIT_TAUS * self->model.tau_s * (double) TWIN_US_PER_S;
}

void
twin_thermal_step (TwinThermal *self,
                   int64_t      time_us,
                   double       ambient_c,
                   double       load,
                   double       speed,
                   double       measured_c)
{
  /* The rise over the interval follows from the inputs before it. */
  if (self->started && time_us > self->last_us)
    {
      double elapsed_s = twin_clock_seconds_from_us (time_us - self->last_us);
      double part = -expm1 (-elapsed_s / self->model.tau_s);

      self->predicted +=
          part * (self->ambient + steady_rise (self) - self->predicted);
    }

  self->ambient = isfinite (ambient_c) ? ambient_c : self->ambient;
  self->load = isfinite (load) ? load : self->load;
  self->speed = isfinite (speed) ? speed : self->speed;
  if (isnan (self->ambient) || isnan (self->load) || isnan (self->speed))
    return;

  if (!self->started)
    {
      self->started = TRUE;
      self->start_us = time_us;
      self->predicted = isfinite (measured_c) ? measured_c : self->ambient;
    }

  self->last_us = time_us;
  self->residual = isfinite (measured_c) ? measured_c - self->predicted : NAN;
  take_step (self, time_us, measured_c);
  update_alert (self, time_us);
}

/* --- cause
 * --------------------------------------------------------------------- */

static TwinThermalCause
judge (double offset, double slope, double slower)
{
  if (fabs (offset) > OFFSET_K && fabs (slope) < SLOPE_NONE)
    return TWIN_THERMAL_SENSOR;
  if (slope > SLOPE_CLEAR)
    return slower > SLOWER ? TWIN_THERMAL_COOLING : TWIN_THERMAL_FRICTION;
  if (fabs (offset) <= OFFSET_K && fabs (slope) < SLOPE_NONE)
    return TWIN_THERMAL_NORMAL;

  return TWIN_THERMAL_UNKNOWN;
}

TwinThermalCause
twin_thermal_cause (const TwinThermal *self, char *why, size_t why_size)
{
  TwinThermalCause cause;
  double           mean_x, mean_y, variance, slope, offset, slower;

  if (self->steps < NEEDED_STEPS)
    {
      if (why != NULL)
        {
          g_snprintf (why, why_size,
                      "Not told yet: %u of %d settled minutes seen.",
                      self->steps, NEEDED_STEPS);
        }
      return TWIN_THERMAL_UNKNOWN;
    }

  mean_x = self->sum_x / self->weight;
  mean_y = self->sum_y / self->weight;
  variance = self->sum_xx / self->weight - mean_x * mean_x;

  if (!(variance > NEEDED_SPREAD_K * NEEDED_SPREAD_K))
    {
      cause = fabs (mean_y) <= OFFSET_K ? TWIN_THERMAL_NORMAL
                                        : TWIN_THERMAL_UNKNOWN;
      if (why != NULL)
        {
          g_snprintf (why, why_size,
                      "%.1f K from the prediction; the load changed too little "
                      "to tell cooling, friction and sensor apart.",
                      mean_y);
        }
      return cause;
    }

  slope = (self->sum_xy / self->weight - mean_x * mean_y) / variance;
  offset = mean_y - slope * mean_x;
  slower = STEP_S / self->theta[0] / self->model.tau_s;
  cause = judge (offset, slope, slower);
  if (why != NULL)
    {
      g_snprintf (why, why_size,
                  "Offset %.1f K, %.0f %% of the predicted rise, time constant "
                  "%.2f times the usual: %s.",
                  offset, 100 * slope, slower, twin_thermal_cause_name (cause));
    }

  return cause;
}
