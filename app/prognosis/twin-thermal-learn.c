/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-thermal-learn.h"

#include <math.h>
#include <string.h>

#include "twin-clock.h"

#define ROW TWIN_THERMAL_ROW
#define TAU_LEAST 120.0
#define TAU_MOST 7200.0
#define GAP_S 1800.0 /* after it the temperature begins anew */
#define MEMORY_S 3e5 /* 0.9998 a minute */
#define WORN_IN_H 60 /* e^-3 of the run-in heat is left */
#define EXCITED_S (6 * 3600.0)
#define EXCITED 0.01
#define LEAST_S (24 * 3600.0)
#define KNOWN 0.03
#define FLOOR_K                                                                \
  0.3 /* slow errors of sensors and inputs, never averaged out                 \
       */

static double
tau_of (double place)
{
  return TAU_LEAST * pow (TAU_MOST / TAU_LEAST, place / (ROW - 1));
}

void
twin_thermal_learner_init (TwinThermalLearner     *self,
                           const TwinThermalModel *prior)
{
  memset (self, 0, sizeof *self);
  self->model = *prior;
}

gboolean
twin_thermal_learner_is_excited (const TwinThermalLearner *self)
{
  return self->variance > EXCITED;
}

/* --- what the sums say ------------------------------------------------------
 */

/* K_load and K_speed that fit best; returns the mean square that is left. */
static double
solve (const TwinThermalRow *r, double weight, double *k_load, double *k_speed)
{
  double det = r->ll * r->ss - r->ls * r->ls;

  if (!(det > 1e-9 * r->ll * r->ss))
    return NAN;

  *k_load = (r->ss * r->ly - r->ls * r->sy) / det;
  *k_speed = (r->ll * r->sy - r->ls * r->ly) / det;
  return (r->yy - *k_load * r->ly - *k_speed * r->sy) / weight;
}

static double
between (double left, double here, double right, double shift)
{
  return here + shift * (right - left) / 2 +
         shift * shift * (right - 2 * here + left) / 2;
}

typedef struct
{
  TwinThermalModel model;
  double           left; /* mean square, and no less than FLOOR_K allows */
} Estimate;

/* The minimum lies within the row, or there is none. */
static gboolean
estimate (const TwinThermalLearner *self, Estimate *out)
{
  double left[ROW], load[ROW], speed[ROW], bend, shift, independent, det;
  double step = log (TAU_MOST / TAU_LEAST) / (ROW - 1);
  int    best = 1;
  const TwinThermalRow *r;

  for (int i = 0; i < ROW; i++)
    {
      left[i] = solve (&self->row[i], self->weight, &load[i], &speed[i]);
      if (isnan (left[i]))
        return FALSE;
    }
  for (int i = 1; i < ROW - 1; i++)
    if (left[i] < left[best])
      best = i;

  bend = left[best - 1] - 2 * left[best] + left[best + 1];
  if (!(bend > 0))
    return FALSE;
  shift = (left[best - 1] - left[best + 1]) / (2 * bend);
  if (fabs (shift) > 1)
    return FALSE;

  r = &self->row[best];
  det = r->ll * r->ss - r->ls * r->ls;
  *out = (Estimate){ .left = fmax (left[best] - bend * shift * shift / 2,
                                   FLOOR_K * FLOOR_K) };
  out->model.tau_s = tau_of (best + shift);
  out->model.k_load =
      between (load[best - 1], load[best], load[best + 1], shift);
  out->model.k_speed =
      between (speed[best - 1], speed[best], speed[best + 1], shift);

  /* What is left over is correlated over the time constant. */
  independent = fmax (self->learnt_s / (2 * out->model.tau_s), 1);
  out->model.sd[TWIN_THERMAL_TAU] =
      out->model.tau_s * step * sqrt (2 * out->left / (bend * independent));
  out->model.sd[TWIN_THERMAL_LOAD] =
      sqrt (out->left * self->weight / independent * r->ss / det);
  out->model.sd[TWIN_THERMAL_SPEED] =
      sqrt (out->left * self->weight / independent * r->ll / det);
  return TRUE;
}

static gboolean
is_surer (const TwinThermalModel *model, const TwinThermalModel *prior)
{
  for (int i = 0; i < TWIN_THERMAL_RUN_IN; i++)
    if (!(model->sd[i] < prior->sd[i]))
      return FALSE;

  return model->k_load >= 0 && model->k_speed >= 0;
}

/* Early sums can be as sure as wrong: a day has to be in them. */
static gboolean
is_known (const TwinThermalLearner *self, Estimate *found)
{
  const TwinThermalModel *m = &found->model;

  return self->learnt_s >= LEAST_S && estimate (self, found) &&
         is_surer (m, &self->model) &&
         m->sd[TWIN_THERMAL_TAU] < KNOWN * m->tau_s &&
         m->sd[TWIN_THERMAL_LOAD] < KNOWN * m->k_load &&
         m->sd[TWIN_THERMAL_SPEED] < KNOWN * m->k_load;
}

static void
learn (TwinThermalLearner *self)
{
  Estimate found;

  if (!is_known (self, &found))
    return;

  self->learnt = TRUE;
  found.model.k_run_in = self->model.k_run_in;
  found.model.sd[TWIN_THERMAL_RUN_IN] = self->model.sd[TWIN_THERMAL_RUN_IN];
  self->model = found.model;
}

/* --- one step ---------------------------------------------------------------
 */

/* Inputs between two readings lie between both. */
static void
advance (TwinThermalLearner     *self,
         const TwinThermalInput *next,
         double                  elapsed_s)
{
  const TwinThermalInput *before = &self->input;
  double                  ambient = (before->ambient_c + next->ambient_c) / 2;
  double                  speed = (before->speed + next->speed) / 2;
  double load = (before->load * before->speed + next->load * next->speed) / 2;

  for (int i = 0; i < ROW; i++)
    {
      TwinThermalRow *r = &self->row[i];
      double          part = -expm1 (-elapsed_s / tau_of (i));

      r->ambient += part * (ambient - r->ambient);
      r->load += part * (load - r->load);
      r->speed += part * (speed - r->speed);
    }
}

static void
count (TwinThermalLearner *self, double measured, double elapsed_s)
{
  double keep = exp (-elapsed_s / MEMORY_S);

  self->weight = keep * self->weight + elapsed_s;
  self->learnt_s += elapsed_s;
  for (int i = 0; i < ROW; i++)
    {
      TwinThermalRow *r = &self->row[i];
      double          y = measured - r->ambient;

      r->ll = keep * r->ll + elapsed_s * r->load * r->load;
      r->ls = keep * r->ls + elapsed_s * r->load * r->speed;
      r->ss = keep * r->ss + elapsed_s * r->speed * r->speed;
      r->ly = keep * r->ly + elapsed_s * r->load * y;
      r->sy = keep * r->sy + elapsed_s * r->speed * y;
      r->yy = keep * r->yy + elapsed_s * y * y;
    }
}

static void
look_at_load (TwinThermalLearner *self, double elapsed_s)
{
  double load = self->input.load * self->input.speed;
  double part = -expm1 (-elapsed_s / EXCITED_S), off = load - self->mean;

  self->mean += part * off;
  self->variance = (1 - part) * (self->variance + part * off * off);
}

/* What it is warm by then fades with the time constant, as ambient does. */
static void
begin (TwinThermalLearner *self, int64_t time_us, const TwinThermalInput *input)
{
  if (!self->started)
    self->mean = input->load * input->speed;
  self->started = TRUE;
  self->last_us = time_us;
  self->input = *input;
  for (int i = 0; i < ROW; i++)
    {
      self->row[i].ambient = input->measured_c;
      self->row[i].load = self->row[i].speed = 0;
    }
}

void
twin_thermal_learner_step (TwinThermalLearner     *self,
                           int64_t                 time_us,
                           const TwinThermalInput *input,
                           gboolean                healthy)
{
  double elapsed_s = twin_clock_seconds_from_us (time_us - self->last_us);

  if (self->learnt || !isfinite (input->ambient_c) || !isfinite (input->load) ||
      !isfinite (input->speed) || !isfinite (input->measured_c))
    return;

  if (!self->started || elapsed_s > GAP_S)
    {
      begin (self, time_us, input);
      return;
    }
  if (!(elapsed_s > 0))
    return;

  look_at_load (self, elapsed_s);
  advance (self, input, elapsed_s);
  self->input = *input;
  self->last_us = time_us;
  if (!healthy || !twin_thermal_learner_is_excited (self) ||
      input->run_in_h < WORN_IN_H)
    return;

  count (self, input->measured_c, elapsed_s);
  learn (self);
}
