/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-baseline.h"

#include <math.h>
#include <string.h>

#include "twin-scalars.h"

#define READY 8
#define SPREAD_FLOOR 0.02 /* of the centre; as is in logarithms */

void
twin_baseline_init (TwinBaseline *self, gboolean logarithmic)
{
  memset (self, 0, sizeof *self);
  self->logarithmic = logarithmic;
}

gboolean
twin_baseline_learn (TwinBaseline *self, double value)
{
  double sorted[TWIN_BASELINE_MAX];

  if (self->n >= TWIN_BASELINE_MAX || !isfinite (value) ||
      (self->logarithmic && value <= 0))
    return FALSE;

  self->values[self->n++] = self->logarithmic ? log (value) : value;

  memcpy (sorted, self->values, self->n * sizeof (double));
  self->centre = twin_scalars_median (sorted, self->n);
  self->spread = twin_scalars_mad_sigma (sorted, self->n, self->centre);
  return TRUE;
}

gboolean
twin_baseline_is_ready (const TwinBaseline *self)
{
  return self->n >= READY;
}

double
twin_baseline_excess (const TwinBaseline *self, double value)
{
  if (!twin_baseline_is_ready (self) || !isfinite (value) ||
      (self->logarithmic && value <= 0))
    return NAN;

  return (self->logarithmic ? log (value) : value) - self->centre;
}

double
twin_baseline_floor (const TwinBaseline *self)
{
  return self->logarithmic ? SPREAD_FLOOR
                           : SPREAD_FLOOR * fabs (self->centre) + 1e-12;
}

double
twin_baseline_z (const TwinBaseline *self, double value)
{
  return twin_baseline_excess (self, value) /
         (self->spread + twin_baseline_floor (self));
}

double
twin_baseline_usual (const TwinBaseline *self)
{
  if (!twin_baseline_is_ready (self))
    return NAN;

  return self->logarithmic ? exp (self->centre) : self->centre;
}
