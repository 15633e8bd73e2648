/* SPDX-License-Identifier: Apache-2.0 */
/* thermal-plant.h - a bearing's temperature as physics would have it, for tests
 *
 * Made in steps of 2 s and read every 10 s, as the engine does, through a
 * sensor that lags, is noisy and has steps of 0.03125 K.
 */
#pragma once

#include <math.h>

#include "twin-clock.h"
#include "twin-random.h"
#include "twin-thermal.h"

#define PLANT_STEP_S 10
#define PLANT_DAY (86400 / PLANT_STEP_S) /* steps */

typedef struct
{
  TwinRandom       random;
  TwinThermalModel truth;
  double           noise_k, swing_k; /* of the sensor; of ambient in a day */
  gboolean         stops;            /* it is stopped now and then */
  /* What is wrong with it. */
  double cooling;    /* heat transfer over the usual */
  double friction;   /* heat over the usual */
  double offset_k;   /* of the sensor */
  double drift_k;    /* of the sensor, a day */
  double load_error; /* true load over the one that is read */
  double run_in_k;   /* further heat when new, fades in 20 h */
  /* Where it is. */
  int    seconds;
  double temperature, seen, load, wanted, phase;
  int    change_in, stopped_for;
} Plant;

static inline void
plant_init (Plant *self, uint64_t seed)
{
  *self = (Plant){ .truth = { .tau_s = 600, .k_load = 40, .k_speed = 6.7 },
                   .noise_k = 0.05,
                   .swing_k = 5,
                   .stops = TRUE,
                   .cooling = 1,
                   .friction = 1,
                   .load_error = 1,
                   .load = 0.5 };
  twin_random_init (&self->random, seed);
  self->phase = 2 * G_PI * twin_random_uniform (&self->random);
}

/* Another machine: τ 5 to 40 minutes, 15 to 75 K, 3 to 15 K. */
static inline void
plant_draw (Plant *self)
{
  self->truth.tau_s = 300 * pow (8, twin_random_uniform (&self->random));
  self->truth.k_load = 15 + 60 * twin_random_uniform (&self->random);
  self->truth.k_speed = 3 + 12 * twin_random_uniform (&self->random);
}

static inline double
plant_read (Plant *self, double truth)
{
  double value = truth + self->noise_k * twin_random_normal (&self->random);

  return rint (value / 0.03125) * 0.03125;
}

/* Production: the load is set anew every half hour to four hours and wavers
 * about that; now and then the machine stops for one to three hours. */
static inline void
plant_produce (Plant *self)
{
  if (--self->change_in <= 0)
    {
      self->change_in =
          900 + (int) (6300 * twin_random_uniform (&self->random));
      self->wanted = 0.25 + 0.7 * twin_random_uniform (&self->random);
      if (self->stops && twin_random_uniform (&self->random) < 0.2)
        self->stopped_for =
            1800 + (int) (3600 * twin_random_uniform (&self->random));
    }
  if (self->stopped_for > 0)
    self->stopped_for--;
  self->load += (self->wanted - self->load) / 30 +
                0.005 * twin_random_normal (&self->random);
  self->load = CLAMP (self->load, 0.05, 1.3);
}

/* The next 10 s. */
static inline void
plant_step (Plant *self, TwinThermalInput *input)
{
  double day = self->seconds / 86400.0;
  double ambient = 22 + self->swing_k * sin (2 * G_PI * day + self->phase);
  double speed = 0, rise, tau = self->truth.tau_s / self->cooling;
  double run_in = self->run_in_k * exp (-day * 24 / 20);

  for (int i = 0; i < PLANT_STEP_S / 2; i++)
    {
      plant_produce (self);
      speed = self->stopped_for > 0 ? 0 : 0.97 + 0.02 * (1 - self->load);
      rise = (self->truth.k_load * self->load * self->load_error +
              self->truth.k_speed + run_in) *
             speed * self->friction / self->cooling;
      if (self->seconds == 0 && i == 0)
        self->temperature = self->seen = ambient + rise;
      self->temperature +=
          (ambient + rise - self->temperature) * -expm1 (-2 / tau);
      self->seen += (self->temperature - self->seen) * -expm1 (-2 / 15.0);
    }

  *input = (TwinThermalInput){
    .ambient_c = plant_read (self, ambient),
    .load = speed > 0 ? self->load : 0,
    .speed = speed,
    .run_in_h = NAN,
    .measured_c =
        plant_read (self, self->seen + self->offset_k + self->drift_k * day),
  };
  self->seconds += PLANT_STEP_S;
}
