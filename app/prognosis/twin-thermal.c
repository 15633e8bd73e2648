/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-thermal.h"

#include <math.h>
#include <string.h>

#include "twin-clock.h"

#define INHIBIT_TAUS 5
#define KNOWN 0.3
#define RUN_IN_H 20
#define UNSURE_SDS 3

void
twin_thermal_model_default (TwinThermalModel *model)
{
  *model = (TwinThermalModel){
    .tau_s = 600, .k_load = 40, .k_speed = 6.7, .sd = { 600, 20, 10, 5 }
  };
}

gboolean
twin_thermal_model_declared (TwinThermalModel *model,
                             double            tau_s,
                             double            k_load,
                             double            k_speed)
{
  if (!(tau_s >= 120 && tau_s <= 7200) || !(k_load >= 0 && k_load <= 300) ||
      !(k_speed >= 0 && k_speed <= 300))
    return FALSE;

  *model = (TwinThermalModel){
    .tau_s = tau_s,
    .k_load = k_load,
    .k_speed = k_speed,
    .sd = { 0.1 * tau_s, 0.1 * k_load, 0.1 * k_speed },
  };
  return TRUE;
}

gboolean
twin_thermal_model_is_known (const TwinThermalModel *model)
{
  return model->sd[TWIN_THERMAL_TAU] <= KNOWN * model->tau_s &&
         model->sd[TWIN_THERMAL_LOAD] <= KNOWN * model->k_load;
}

void
twin_thermal_model_loosen (TwinThermalModel *model)
{
  const double values[] = { model->tau_s, model->k_load, model->k_speed };

  for (int i = 0; i < TWIN_THERMAL_RUN_IN; i++)
    model->sd[i] = fmax (model->sd[i], 0.25 * values[i]);
}

static double
run_in (const TwinThermalInput *input)
{
  return isfinite (input->run_in_h)
             ? exp (-fmax (input->run_in_h, 0) / RUN_IN_H)
             : 0;
}

double
twin_thermal_steady (const TwinThermalModel *model,
                     const TwinThermalInput *input)
{
  return input->ambient_c + (model->k_load * input->load + model->k_speed +
                             model->k_run_in * run_in (input)) *
                                input->speed;
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
  self->input = (TwinThermalInput){ NAN, NAN, NAN, NAN, NAN };
  self->over_since_us = self->under_since_us = TWIN_TIME_NONE;
}

/* 5 of what the time constant may be. */
static double
warm_up_s (const TwinThermal *self)
{
  return INHIBIT_TAUS *
         (self->model.tau_s + 2 * self->model.sd[TWIN_THERMAL_TAU]);
}

/* How unsure the prediction is because its parameters are. */
static void
spread (TwinThermal *self)
{
  double sum = 0;

  for (int i = 0; i < TWIN_THERMAL_PARAMETERS; i++)
    sum +=
        self->part[i] * self->part[i] * self->model.sd[i] * self->model.sd[i];
  self->predicted_sd = sqrt (sum);
}

void
twin_thermal_set_model (TwinThermal *self, const TwinThermalModel *model)
{
  self->model = *model;
  self->started = self->alert = FALSE;
  memset (self->part, 0, sizeof self->part);
}

/* The inputs over the interval lie between those before and after it. */
static TwinThermalInput
middle (const TwinThermalInput *a, const TwinThermalInput *b)
{
  double speed = (a->speed + b->speed) / 2;

  return (TwinThermalInput){
    .ambient_c = (a->ambient_c + b->ambient_c) / 2,
    .load =
        speed > 0 ? (a->load * a->speed + b->load * b->speed) / (2 * speed) : 0,
    .speed = speed,
    .run_in_h = b->run_in_h,
  };
}

static void
advance (TwinThermal *self, const TwinThermalInput *before, double elapsed_s)
{
  const TwinThermalInput  between = middle (before, &self->input);
  const TwinThermalInput *input = &between;
  double                  tau = self->model.tau_s;
  double                  keep = exp (-elapsed_s / tau);
  double gap = twin_thermal_steady (&self->model, input) - self->predicted;
  const double towards[] = {
    [TWIN_THERMAL_LOAD] = input->load * input->speed,
    [TWIN_THERMAL_SPEED] = input->speed,
    [TWIN_THERMAL_RUN_IN] = input->speed * run_in (input),
  };

  self->part[TWIN_THERMAL_TAU] =
      keep * (self->part[TWIN_THERMAL_TAU] - gap * elapsed_s / (tau * tau));
  for (int i = TWIN_THERMAL_LOAD; i < TWIN_THERMAL_PARAMETERS; i++)
    self->part[i] = towards[i] + (self->part[i] - towards[i]) * keep;
  self->predicted += (1 - keep) * gap;
}

void
twin_thermal_settle (TwinThermal *self)
{
  self->part[TWIN_THERMAL_TAU] = 0;
  self->part[TWIN_THERMAL_LOAD] = self->input.load * self->input.speed;
  self->part[TWIN_THERMAL_SPEED] = self->input.speed;
  self->part[TWIN_THERMAL_RUN_IN] = self->input.speed * run_in (&self->input);
  self->predicted = twin_thermal_steady (&self->model, &self->input);
  self->residual = self->input.measured_c - self->predicted;
  self->start_us = self->last_us - (int64_t) (1e6 * warm_up_s (self)) - 1;
  spread (self);
}

/* --- alert -------------------------------------------------------------------
 */

double
twin_thermal_limit (const TwinThermal *self)
{
  return fmax (self->alert_k, UNSURE_SDS * self->predicted_sd);
}

static void
update_alert (TwinThermal *self, int64_t time_us)
{
  double size = fabs (self->residual), limit = twin_thermal_limit (self);

  if (!twin_thermal_is_settled (self) ||
      !twin_thermal_model_is_known (&self->model))
    {
      self->over_since_us = self->under_since_us = TWIN_TIME_NONE;
      return;
    }

  if (!(size > limit))
    self->over_since_us = TWIN_TIME_NONE;
  else if (self->over_since_us == TWIN_TIME_NONE)
    self->over_since_us = time_us;

  if (!(size < limit * self->clear_k / self->alert_k))
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
         twin_clock_seconds_from_us (self->last_us - self->start_us) >=
             warm_up_s (self);
}

static double
known (double now, double before)
{
  return isfinite (now) ? now : before;
}

void
twin_thermal_step (TwinThermal            *self,
                   int64_t                 time_us,
                   const TwinThermalInput *input)
{
  const TwinThermalInput before = self->input;

  self->input.ambient_c = known (input->ambient_c, self->input.ambient_c);
  self->input.load = known (input->load, self->input.load);
  self->input.speed = known (input->speed, self->input.speed);
  self->input.run_in_h = known (input->run_in_h, self->input.run_in_h);
  self->input.measured_c = input->measured_c;
  if (isnan (self->input.ambient_c) || isnan (self->input.load) ||
      isnan (self->input.speed))
    return;

  if (self->started && time_us > self->last_us)
    advance (self, &before,
             twin_clock_seconds_from_us (time_us - self->last_us));

  if (!self->started)
    {
      self->started = TRUE;
      self->start_us = time_us;
      self->predicted = known (input->measured_c, self->input.ambient_c);
    }

  self->last_us = time_us;
  self->residual =
      isfinite (input->measured_c) ? input->measured_c - self->predicted : NAN;
  spread (self);
  update_alert (self, time_us);
}
