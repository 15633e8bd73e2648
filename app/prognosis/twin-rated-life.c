/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-rated-life.h"

#include <math.h>

#define AISO_MAX 50
#define AISO_MIN 0.1
#define KAPPA_MIN 0.1
#define KAPPA_MAX 4.0
#define LARGE_PITCH_MM 100

double
twin_rated_life_exponent (TwinRolling rolling)
{
  return rolling == TWIN_ROLLING_BALL ? 3 : 10.0 / 3;
}

double
twin_rated_life_l10 (TwinRolling rolling, double c, double p)
{
  if (!(c > 0) || !(p > 0))
    return NAN;

  return pow (c / p, twin_rated_life_exponent (rolling));
}

double
twin_rated_life_hours (double million_revolutions, double rpm)
{
  return rpm > 0 ? million_revolutions * 1e6 / (60 * rpm) : NAN;
}

double
twin_rated_life_l10h (TwinRolling rolling, double c, double p, double rpm)
{
  return twin_rated_life_hours (twin_rated_life_l10 (rolling, c, p), rpm);
}

double
twin_rated_life_a1 (double reliability)
{
  static const struct
  {
    double reliability, a1;
  } table[] = { { 0.90, 1 },    { 0.95, 0.64 }, { 0.96, 0.55 },
                { 0.97, 0.47 }, { 0.98, 0.37 }, { 0.99, 0.25 } };

  if (!(reliability >= table[0].reliability &&
        reliability <= table[G_N_ELEMENTS (table) - 1].reliability))
    return NAN;

  for (size_t i = 1; i < G_N_ELEMENTS (table); i++)
    {
      double left, right, part;

      if (reliability > table[i].reliability)
        continue;

      left = log (-log (table[i - 1].reliability));
      right = log (-log (table[i].reliability));
      part = (log (-log (reliability)) - left) / (right - left);
      return table[i - 1].a1 * pow (table[i].a1 / table[i - 1].a1, part);
    }

  g_return_val_if_reached (NAN);
}

double
twin_rated_life_aiso (TwinRolling rolling,
                      double      kappa,
                      double      contamination_ratio)
{
  static const struct
  {
    double below, ball, roller, power;
  } lines[] = {
    { 0.4, 2.2649, 1.3993, 0.054381 },
    { 1.0, 1.9987, 1.2348, 0.19087 },
    { INFINITY, 1.9987, 1.2348, 0.071739 },
  };
  size_t i = 0;
  double film, bracket;

  if (!(kappa > 0) || !(contamination_ratio >= 0))
    return NAN;
  if (kappa < KAPPA_MIN)
    return AISO_MIN;

  kappa = fmin (kappa, KAPPA_MAX);
  while (kappa >= lines[i].below)
    i++;

  if (rolling == TWIN_ROLLING_BALL)
    {
      film = fmax (2.5671 - lines[i].ball / pow (kappa, lines[i].power), 0);
      bracket = 1 - pow (film, 0.83) * cbrt (contamination_ratio);
    }
  else
    {
      film = fmax (1.5859 - lines[i].roller / pow (kappa, lines[i].power), 0);
      bracket = 1 - film * pow (contamination_ratio, 0.4);
    }

  if (!(bracket > 0))
    return AISO_MAX;
  return fmin (AISO_MIN *
                   pow (bracket, rolling == TWIN_ROLLING_BALL ? -9.3 : -9.185),
               AISO_MAX);
}

double
twin_rated_life_fatigue_limit (TwinRolling rolling, double c0, double pitch_mm)
{
  gboolean ball = rolling == TWIN_ROLLING_BALL;
  double   limit = c0 / (ball ? 22 : 8.2);

  if (!(c0 > 0) || !(pitch_mm > 0))
    return NAN;
  if (pitch_mm > LARGE_PITCH_MM)
    limit *= pow (LARGE_PITCH_MM / pitch_mm, ball ? 0.5 : 0.3);
  return limit;
}

double
twin_rated_life_modified_h (const TwinRatedLife *self, double *aiso)
{
  double l10h =
      twin_rated_life_l10h (self->rolling, self->c, self->p, self->rpm);
  double limit =
      twin_rated_life_fatigue_limit (self->rolling, self->c0, self->pitch_mm);
  double factor = twin_rated_life_aiso (self->rolling, self->kappa,
                                        self->ec * limit / self->p);

  if (isnan (factor))
    factor = 1;
  if (aiso != NULL)
    *aiso = factor;

  return twin_rated_life_a1 (self->reliability > 0 ? self->reliability : 0.9) *
         factor * l10h;
}

double
twin_rated_life_spread (double survival, double slope)
{
  if (!(survival > 0 && survival < 1) || !(slope > 0))
    return NAN;

  return pow (log (survival) / log (0.9), 1 / slope);
}

void
twin_damage_add (TwinDamage *self,
                 TwinRolling rolling,
                 double      hours,
                 double      p,
                 double      rpm,
                 double      life_h)
{
  double revolutions;

  if (!(hours > 0) || rpm == 0)
    return;

  if (!(p > 0) || !(rpm > 0) || !(life_h > 0))
    {
      self->hours_not_known += hours;
      return;
    }

  revolutions = hours * 60 * rpm / 1e6;
  self->index += hours / life_h;
  self->hours += hours;
  self->revolutions += revolutions;
  self->load_p += revolutions * pow (p, twin_rated_life_exponent (rolling));
}

double
twin_damage_mean_load (const TwinDamage *self, TwinRolling rolling)
{
  if (!(self->revolutions > 0))
    return NAN;

  return pow (self->load_p / self->revolutions,
              1 / twin_rated_life_exponent (rolling));
}
