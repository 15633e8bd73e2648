/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fleet-model.c - answering with what was learnt */
#include "twin-fleet-model-private.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* A history e times as long is as far off as this share of the answers' span:
 * early in life little has been averaged. */
#define LENGTH_WEIGHT 0.15
/* Columns may lie this share of their learnt range outside it, a row this
 * many times as far from what was learnt as any learnt row. */
#define RANGE_MARGIN 0.5
#define DISTANCE_MARGIN 2.0

G_DEFINE_QUARK (twin - fleet - model - error - quark, twin_fleet_model_error)

TwinFleetModel *
twin_fleet_model_new (TwinFleetScale *scale,
                      size_t          n_landmarks,
                      size_t          n_lives,
                      size_t          n_errors)
{
  TwinFleetModel *self = g_new0 (TwinFleetModel, 1);
  size_t          d = twin_fleet_feature_count (scale);

  self->scale = scale;
  self->kernel = twin_fleet_kernel_new (n_landmarks, d);
  self->feature_mean = g_new0 (double, d);
  self->feature_weight = g_new0 (double, d);
  self->lo = g_new0 (double, scale->n_columns);
  self->hi = g_new0 (double, scale->n_columns);
  self->lives = g_new0 (double, n_lives);
  self->n_lives = n_lives;
  self->given = g_new0 (double, n_errors);
  self->length = g_new0 (double, n_errors);
  self->came = g_new0 (double, n_errors);
  self->unit = g_new0 (size_t, n_errors);
  self->n_errors = n_errors;
  return self;
}

void
twin_fleet_model_free (TwinFleetModel *self)
{
  if (self == NULL)
    return;

  twin_fleet_scale_free (self->scale);
  twin_fleet_kernel_free (self->kernel);
  g_free (self->feature_mean);
  g_free (self->feature_weight);
  g_free (self->lo);
  g_free (self->hi);
  g_free (self->lives);
  g_free (self->given);
  g_free (self->length);
  g_free (self->came);
  g_free (self->unit);
  g_free (self);
}

/* --- interval ----------------------------------------------------------------
 */

typedef struct
{
  double off, error;
} Near;

static int
by_off (const void *a, const void *b)
{
  double x = ((const Near *) a)->off, y = ((const Near *) b)->off;

  return (x > y) - (x < y);
}

static int
by_error (const void *a, const void *b)
{
  double x = ((const Near *) a)->error, y = ((const Near *) b)->error;

  return (x > y) - (x < y);
}

void
twin_fleet_model_interval (const TwinFleetModel *self,
                           double                given,
                           double                length,
                           size_t                without,
                           double               *p05,
                           double               *p95)
{
  g_autofree Near *near = g_new (Near, MAX (self->n_errors, 1));
  double           lowest = INFINITY, highest = -INFINITY, span;
  size_t           n = 0, k, lo, hi;

  for (size_t i = 0; i < self->n_errors; i++)
    {
      lowest = MIN (lowest, self->given[i]);
      highest = MAX (highest, self->given[i]);
    }
  span = highest > lowest ? highest - lowest : 1;

  for (size_t i = 0; i < self->n_errors; i++)
    if (self->unit[i] != without)
      near[n++] = (Near){ fabs (self->given[i] - given) / span +
                              LENGTH_WEIGHT * fabs (self->length[i] - length),
                          self->came[i] - self->given[i] };

  *p05 = 0;
  *p95 = INFINITY;
  if (n == 0)
    return;

  qsort (near, n, sizeof (Near), by_off);
  k = MIN (n, self->n_near);
  qsort (near, k, sizeof (Near), by_error);
  lo = (size_t) floor (0.05 * (double) (k + 1));
  hi = (size_t) ceil (0.95 * (double) (k + 1));
  *p05 = lo > 0 ? MAX (0, given + near[lo - 1].error) : 0;
  *p95 = MAX (0, given + near[MIN (hi, k) - 1].error);
}

/* --- answer ------------------------------------------------------------------
 */

/* What 95 % of the units that lived to @age lasted from there. */
static double
fleet_bound (const TwinFleetModel *self, double age)
{
  size_t first = 0, alive, place;

  while (first < self->n_lives && self->lives[first] <= age)
    first++;
  alive = self->n_lives - first;
  place = (size_t) floor (0.05 * (double) (alive + 1));
  return place > 0 ? self->lives[first + place - 1] - age : 0;
}

G_GNUC_PRINTF (3, 4)
static void
refuse (TwinFleetAnswer *answer, double bound, const char *format, ...)
{
  va_list arguments;

  answer->lower_bound = bound;
  va_start (arguments, format);
  g_vsnprintf (answer->why, sizeof answer->why, format, arguments);
  va_end (arguments);
}

/* The column that lies outside what was learnt; SIZE_MAX: none. */
static size_t
find_outside (const TwinFleetModel *self, const double *features)
{
  size_t place = 0;

  for (size_t c = 0; c < self->scale->n_columns; c++)
    {
      double margin = RANGE_MARGIN * (self->hi[c] - self->lo[c]);

      if (!twin_fleet_scale_uses (self->scale, c))
        continue;
      if (!(features[place] >= self->lo[c] - margin &&
            features[place] <= self->hi[c] + margin))
        return c;
      place += 2 * TWIN_FLEET_WINDOWS - 1;
    }

  return SIZE_MAX;
}

/* Rows with any value at all in a used column. */
static size_t
count_told (const TwinFleetScale *scale, const double *values, size_t n)
{
  size_t told = 0;

  for (size_t r = 0; r < n; r++)
    for (size_t c = 0; c < scale->n_columns; c++)
      if (twin_fleet_scale_uses (scale, c) &&
          isfinite (values[r * scale->n_columns + c]))
        {
          told++;
          break;
        }

  return told;
}

static void
answer_row (const TwinFleetModel *self,
            double               *features,
            size_t                rows,
            TwinFleetAnswer      *answer)
{
  size_t outside = find_outside (self, features);
  double value;

  if (outside != SIZE_MAX)
    {
      refuse (answer, 0,
              "Not estimable: column %zu lies outside what was learnt, so "
              "nothing learnt holds for this unit.",
              outside + 1);
      return;
    }

  for (size_t i = 0; i < self->kernel->d; i++)
    features[i] =
        (features[i] - self->feature_mean[i]) * self->feature_weight[i];
  if (twin_fleet_kernel_distance (self->kernel, features) >
      DISTANCE_MARGIN * self->distance_most)
    {
      refuse (answer, 0,
              "Not estimable: the columns go together as in no unit learnt.");
      return;
    }

  value = twin_fleet_kernel_value (self->kernel, features);
  answer->estimable = TRUE;
  answer->p50 = CLAMP (value, 0, self->cap);
  twin_fleet_model_interval (self, answer->p50, log ((double) rows), SIZE_MAX,
                             &answer->p05, &answer->p95);
  answer->p05 = MIN (answer->p05, answer->p50);
  answer->p95 = MAX (answer->p95, answer->p50);
  answer->lower_bound = answer->p05;
  g_snprintf (answer->why, sizeof answer->why,
              "As %zu lives learnt went on from histories like this one of "
              "%zu rows.",
              self->n_lives, rows);
}

void
twin_fleet_model_predict (const TwinFleetModel *self,
                          const double         *time,
                          const double         *values,
                          size_t                n,
                          TwinFleetAnswer      *answer)
{
  g_autofree double *features = g_new (double, self->kernel->d);
  size_t             told = count_told (self->scale, values, n);
  double             age = n > 0 ? time[n - 1] - time[0] : 0;

  *answer = (TwinFleetAnswer){ .p05 = NAN, .p50 = NAN, .p95 = NAN };
  if (told < self->spec.window[0])
    {
      refuse (answer, fleet_bound (self, age),
              "Not estimable yet: %zu rows tell something, %u are needed; the "
              "bound is that of the fleet's lives.",
              told, self->spec.window[0]);
      return;
    }

  if (age > self->lives[self->n_lives - 1])
    {
      refuse (answer, 0,
              "Not estimable: it has run %.6g, longer than any of the %zu "
              "lives "
              "learnt.",
              age, self->n_lives);
      return;
    }

  twin_fleet_features (self->scale, &self->spec, time, values, n, n - 1, 1,
                       features);
  answer_row (self, features, told, answer);
}
