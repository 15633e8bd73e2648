/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-process.h"

#include <math.h>
#include <string.h>

#include "twin-distribution.h"

#define SHARE 0.9       /* of the variance, in the components of T² */
#define SMOOTH_MOST 0.2 /* weight of a row in the short-term level */
#define CLEARS 0.05     /* what so many normal rows pass ends an alarm */
#define DIVISIONS 8     /* independent spans that learning needs */
#define CAUTION 1.0 /* horizons a variable, seen as if without correlation */
#define LIKELY_LEAST 1e-9 /* of an eigenvalue: copies of a variable */

/* Short-term levels and references of p variables. */
typedef struct
{
  unsigned p, horizon, lag;
  double   level[TWIN_PROCESS_VARIABLES];
  double   reference[TWIN_PROCESS_VARIABLES];
  double  *past; /* lag × p, a ring */
  size_t   rows; /* taken */
  size_t   kept; /* into the reference */
} Tracker;

struct _TwinProcess
{
  TwinProcessModel model;
  Tracker          tracker;
  unsigned         n_components; /* in T² */
  double           values[TWIN_PROCESS_VARIABLES];
  double           freedom[TWIN_PROCESS_VARIABLES]; /* of each component */
  double          *vectors; /* p × p, scaled: component = row · change */
  double           t2_limit, q_limit;
  double           t2_clear, q_clear; /* over the limits: end an alarm */
  double           away; /* rows that the reference has been standing still */
  gboolean         alarm;
  unsigned         learnt;  /* rows since the components were worked out */
  double          *episode; /* horizon × p: changes while in alarm */
  unsigned         lasting; /* rows of it; over the horizon: too many */
};

/* --- tracking ---------------------------------------------------------------
 */

static double
smoothing (unsigned horizon)
{
  return fmin (SMOOTH_MOST, 2 / (0.5 * horizon + 1));
}

static void
tracker_init (Tracker *self, unsigned p, unsigned horizon)
{
  memset (self, 0, sizeof *self);
  self->p = p;
  self->horizon = horizon;
  self->lag = MAX (1, horizon / 2);
  self->past = g_new (double, (size_t) self->lag *p);
  for (unsigned j = 0; j < p; j++)
    self->level[j] = self->reference[j] = NAN;
}

/* An average that starts as a plain mean; a missing value leaves it. */
static void
average (double *mean, double value, double weight)
{
  if (isfinite (value))
    *mean = isfinite (*mean) ? *mean + weight * (value - *mean) : value;
}

static void
tracker_level (Tracker *self, const double *row)
{
  const double weight =
      fmax (smoothing (self->horizon), 1.0 / (double) ++self->rows);

  for (unsigned j = 0; j < self->p; j++)
    average (&self->level[j], row[j], weight);
}

/* The row becomes part of the reference when it is lag rows old. */
static void
tracker_refer (Tracker *self, const double *row)
{
  double *slot = self->past + (self->kept % self->lag) * self->p;

  if (self->kept >= self->lag)
    {
      const size_t age = self->kept - self->lag + 1;
      const double weight = fmax (1.0 / self->horizon, 1.0 / (double) age);

      for (unsigned j = 0; j < self->p; j++)
        average (&self->reference[j], slot[j], weight);
    }
  memcpy (slot, row, self->p * sizeof (double));
  self->kept++;
}

static gboolean
tracker_is_ready (const Tracker *self)
{
  return self->kept >= self->horizon;
}

/* NaN where a variable has had no value yet. */
static double
change (const Tracker *self, unsigned j)
{
  return self->level[j] - self->reference[j];
}

/* --- learning ---------------------------------------------------------------
 */

/* Variance of what comes and goes from row to row. */
static double
row_noise (const double *rows, size_t n, unsigned p, unsigned j)
{
  double sum = 0, count = 0;

  for (size_t i = 1; i < n; i++)
    {
      const double step = rows[i * p + j] - rows[(i - 1) * p + j];

      if (isfinite (step))
        {
          sum += step * step;
          count++;
        }
    }

  return count > 0 ? sum / count / 2 : 0;
}

/* Changes of all rows from the first ready one on; returns how many. */
static size_t
collect (const double *rows,
         size_t        n,
         unsigned      p,
         unsigned      horizon,
         double       *changes)
{
  Tracker tracker;
  size_t  count = 0;

  tracker_init (&tracker, p, horizon);
  for (size_t i = 0; i < n; i++)
    {
      tracker_level (&tracker, rows + i * p);
      if (tracker_is_ready (&tracker))
        {
          for (unsigned j = 0; j < p; j++)
            {
              const double d = change (&tracker, j);

              changes[count * p + j] = isfinite (d) ? d : 0;
            }
          count++;
        }
      tracker_refer (&tracker, rows + i * p);
    }

  g_free (tracker.past);
  return count;
}

/* @changes are standardised in place. FALSE: nothing moves. */
static gboolean
learn_spread (TwinProcessModel *self,
              const double     *rows,
              size_t            n,
              double           *changes,
              size_t            count)
{
  const double weight = smoothing (self->horizon);
  gboolean     moves = FALSE;

  for (unsigned j = 0; j < self->p; j++)
    {
      double sum = 0, noise;

      for (size_t i = 0; i < count; i++)
        sum += changes[i * self->p + j] * changes[i * self->p + j];
      sum /= (double) count;
      noise = row_noise (rows, n, self->p, j) * weight / (2 - weight);
      self->noise[j] = fmin (sum, noise);
      self->wander[j] = sum - self->noise[j];
      moves |= sum > 0;
      for (size_t i = 0; i < count; i++)
        changes[i * self->p + j] /= sum > 0 ? sqrt (sum) : 1;
    }

  return moves;
}

gboolean
twin_process_learn (TwinProcessModel *self,
                    const double     *rows,
                    size_t            n,
                    unsigned          p,
                    unsigned          horizon)
{
  g_autofree double *changes = NULL;
  double             zero[TWIN_PROCESS_VARIABLES] = { 0 };
  size_t             count;

  memset (self, 0, sizeof *self);
  if (n < TWIN_PROCESS_ROWS_LEAST || p == 0 || p > TWIN_PROCESS_VARIABLES)
    return FALSE;

  self->p = p;
  self->horizon =
      horizon != 0 ? horizon
                   : (unsigned) MIN (n / DIVISIONS, TWIN_PROCESS_HORIZON_MAX);
  if (self->horizon < 2 || self->horizon > n / 2 ||
      self->horizon > TWIN_PROCESS_HORIZON_MAX)
    return FALSE;

  changes = g_new (double, n *p);
  count = collect (rows, n, p, self->horizon, changes);
  if (!learn_spread (self, rows, n, changes, count))
    return FALSE;

  /* About zero: with no change the level stays. */
  twin_linear_covariance (changes, count, p, zero, self->correlation);
  for (unsigned i = 0; i < p * p; i++)
    self->correlation[i] *= (double) (count - 1) / (double) count;
  self->effective = self->together = (double) n / self->horizon;
  return TRUE;
}

void
twin_process_join_correlation (TwinProcessModel       *self,
                               const TwinProcessModel *other)
{
  const double share = other->together / (self->together + other->together);

  g_return_if_fail (self->p == other->p);

  for (unsigned j = 0; j < self->p; j++)
    for (unsigned k = 0; k < self->p; k++)
      {
        double *mine = &self->correlation[j * self->p + k];

        /* What stood still in one run has no correlation there. */
        if (self->correlation[j * self->p + j] > 0 &&
            self->correlation[k * self->p + k] > 0 &&
            other->correlation[j * self->p + j] > 0 &&
            other->correlation[k * self->p + k] > 0)
          *mine += share * (other->correlation[j * self->p + k] - *mine);
      }
  self->together += other->together;
}

void
twin_process_join (TwinProcessModel *self, const TwinProcessModel *other)
{
  const double share = other->effective / (self->effective + other->effective);

  twin_process_join_correlation (self, other);
  for (unsigned j = 0; j < self->p; j++)
    {
      self->noise[j] += share * (other->noise[j] - self->noise[j]);
      self->wander[j] += share * (other->wander[j] - self->wander[j]);
      if (self->correlation[j * self->p + j] == 0)
        for (unsigned k = 0; k < self->p; k++)
          self->correlation[j * self->p + k] =
              self->correlation[k * self->p + j] =
                  other->correlation[j * self->p + k];
    }
  self->effective += other->effective;
}

/* --- judging ----------------------------------------------------------------
 */

/* Independent values of variable @j's change that its spread rests on: of
 * white noise 3.7 in a horizon, of a random walk 0.71 (1 + 2 Σ ρ² of the two
 * averages' kernel), of a mixture by Satterthwaite's formula. */
static double
freedom (const TwinProcessModel *m, unsigned j)
{
  const double sum = m->noise[j] + m->wander[j];
  const double noise = sum > 0 ? m->noise[j] / sum : 1;
  const double walk = 1 - noise;

  return m->effective / (noise * noise / 3.7 + walk * walk / 0.71);
}

/* Of a component: by the share that each variable has in it. */
static double
component_freedom (const TwinProcess *self, unsigned k)
{
  const unsigned p = self->model.p;
  double         sum = 0;

  for (unsigned j = 0; j < p; j++)
    sum += self->vectors[k * p + j] * self->vectors[k * p + j] /
           freedom (&self->model, j);

  return fmax (1 / sum, 1);
}

/* Components until SHARE of the variance; the limit of the rest by the first
 * two moments of Σ value·z². */
static void
choose_components (TwinProcess *self)
{
  double total = 0, sum = 0, first = 0, second = 0;

  for (unsigned k = 0; k < self->model.p; k++)
    {
      self->values[k] = fmax (self->values[k], LIKELY_LEAST);
      total += self->values[k];
    }
  self->n_components = 0;
  while (self->n_components < self->model.p && sum < SHARE * total)
    sum += self->values[self->n_components++];

  for (unsigned k = self->n_components; k < self->model.p; k++)
    {
      first += self->values[k];
      second += self->values[k] * self->values[k];
    }
  self->t2_limit =
      twin_chi2_quantile (1 - TWIN_PROCESS_ALPHA, self->n_components);
  self->t2_clear =
      twin_chi2_quantile (1 - CLEARS, self->n_components) / self->t2_limit;
  self->q_limit = INFINITY;
  if (first > 0)
    {
      const double df = first * first / second;

      self->q_limit =
          second / first * twin_chi2_quantile (1 - TWIN_PROCESS_ALPHA, df);
      self->q_clear =
          second / first * twin_chi2_quantile (1 - CLEARS, df) / self->q_limit;
    }
}

/* From the correlations known by now; what stands still has none. */
static void
decompose (TwinProcess *self)
{
  const TwinProcessModel *m = &self->model;
  const unsigned          p = m->p;
  const double            trust = m->together / (m->together + CAUTION * p);
  g_autofree double      *a = g_new (double, (size_t) p *p);

  for (unsigned j = 0; j < p; j++)
    for (unsigned k = 0; k < p; k++)
      {
        const double scale =
            sqrt (m->correlation[j * p + j] * m->correlation[k * p + k]);

        a[j * p + k] = !(scale > 0) ? 0
                       : j == k     ? 1
                                    : trust * m->correlation[j * p + k] / scale;
      }

  twin_linear_eigen (a, p, self->values, self->vectors);
  choose_components (self);
  for (unsigned k = 0; k < p; k++)
    {
      self->freedom[k] = component_freedom (self, k);
      for (unsigned j = 0; j < p; j++)
        self->vectors[k * p + j] /= sqrt (self->values[k]);
    }
  self->learnt = 0;
}

TwinProcess *
twin_process_new (const TwinProcessModel *model)
{
  TwinProcess   *self = g_new0 (TwinProcess, 1);
  const unsigned p = model->p;

  self->model = *model;
  self->vectors = g_new (double, (size_t) p *p);
  self->episode = g_new (double, (size_t) model->horizon *p);
  tracker_init (&self->tracker, p, model->horizon);
  decompose (self);
  return self;
}

void
twin_process_free (TwinProcess *self)
{
  if (self == NULL)
    return;

  g_free (self->tracker.past);
  g_free (self->vectors);
  g_free (self->episode);
  g_free (self);
}

/* Student's @t of @df degrees of freedom as the normal deviate that is as
 * likely, without its sign. */
static double
as_normal (double t, double df)
{
  const double tail = twin_student_cdf (-fabs (t), df);

  return tail > 1e-300 ? -twin_normal_quantile (tail) : 37;
}

/* What a variable may move while the reference stands still grows as of a
 * random walk. */
static double
spread (const TwinProcess *self, unsigned j)
{
  const TwinProcessModel *m = &self->model;

  return sqrt (m->noise[j] + m->wander[j] * (1 + self->away / m->horizon));
}

static void
standardise (const TwinProcess *self, double *z, TwinProcessScore *out)
{
  for (unsigned j = 0; j < self->model.p; j++)
    {
      const double s = spread (self, j), d = change (&self->tracker, j);

      z[j] = s > 0 && isfinite (d) ? d / s : 0;
      if (fabs (z[j]) > fabs (out->deviation))
        {
          out->deviation = z[j];
          out->driver = j;
        }
    }
}

static void
judge (const TwinProcess *self, TwinProcessScore *out)
{
  const unsigned p = self->model.p;
  double         z[TWIN_PROCESS_VARIABLES];

  standardise (self, z, out);
  for (unsigned k = 0; k < p; k++)
    {
      double t = 0, normal;

      for (unsigned j = 0; j < p; j++)
        t += self->vectors[k * p + j] * z[j];
      normal = as_normal (t, self->freedom[k]);
      if (k < self->n_components)
        out->t2 += normal * normal / self->t2_limit;
      else
        out->q += self->values[k] * normal * normal / self->q_limit;
    }

  out->ratio = fmax (out->t2, out->q);
  out->score = 100 * (1 - exp (-out->ratio * G_LN2));
}

/* Running means over all that was normal: spread and correlation. */
static void
go_on_learning (TwinProcess *self, const double *changes)
{
  TwinProcessModel *m = &self->model;
  const double      weight = 1 / (m->effective * m->horizon + 1);
  const double      together = 1 / (m->together * m->horizon + 1);
  double            z[TWIN_PROCESS_VARIABLES];

  for (unsigned j = 0; j < m->p; j++)
    {
      const double d = changes[j], before = m->noise[j] + m->wander[j];
      const double sum = before + weight * (d * d - before);

      z[j] = NAN;
      if (!isfinite (d) || !(before > 0))
        continue;
      z[j] = d / sqrt (before);
      m->noise[j] = fmin (m->noise[j], sum);
      m->wander[j] = sum - m->noise[j];
    }
  for (unsigned j = 0; j < m->p; j++)
    for (unsigned k = 0; k < m->p; k++)
      {
        double *mean = &m->correlation[j * m->p + k];

        if (isfinite (z[j] * z[k]))
          *mean += together * (z[j] * z[k] - *mean);
      }
  m->effective += 1.0 / m->horizon;
  m->together += 1.0 / m->horizon;
  if (++self->learnt >= m->horizon)
    decompose (self);
}

static void
take_changes (const TwinProcess *self, double *changes)
{
  for (unsigned j = 0; j < self->model.p; j++)
    changes[j] = change (&self->tracker, j);
}

/* What ended by itself within a horizon was chance: without it what is usual
 * would be cut off at the limit, and shrink. */
static void
end_episode (TwinProcess *self)
{
  const unsigned p = self->model.p;

  if (self->lasting <= self->model.horizon)
    for (unsigned i = 0; i < self->lasting; i++)
      go_on_learning (self, self->episode + (size_t) i * p);
  self->lasting = 0;
}

void
twin_process_settle (TwinProcess *self, const double *row)
{
  tracker_level (&self->tracker, row);
  tracker_refer (&self->tracker, row);
}

void
twin_process_push (TwinProcess *self, const double *row, TwinProcessScore *out)
{
  double changes[TWIN_PROCESS_VARIABLES];

  memset (out, 0, sizeof *out);
  if (!tracker_is_ready (&self->tracker))
    {
      twin_process_settle (self, row);
      return;
    }

  tracker_level (&self->tracker, row);
  judge (self, out);
  self->alarm = self->alarm ? out->t2 > self->t2_clear || out->q > self->q_clear
                            : out->ratio > 1;
  out->alarm = self->alarm;
  take_changes (self, changes);
  if (self->alarm)
    {
      self->away++;
      if (self->lasting < self->model.horizon)
        memcpy (self->episode + (size_t) self->lasting * self->model.p, changes,
                self->model.p * sizeof (double));
      self->lasting = MIN (self->lasting + 1, self->model.horizon + 1);
      return;
    }

  end_episode (self);
  self->away *= 1 - 1.0 / self->model.horizon;
  go_on_learning (self, changes);
  tracker_refer (&self->tracker, row);
}

size_t
twin_process_change (const double *values, size_t n, double *likelihood)
{
  double total = 0, squares = 0, sum = 0, best = 0;
  size_t at = 0;

  for (size_t i = 0; i < n; i++)
    total += values[i];
  for (size_t i = 0; i < n; i++)
    squares += pow (values[i] - total / (double) n, 2);
  for (size_t i = 1; n >= 4 && i < n; i++)
    {
      double before, after, between;

      sum += values[i - 1];
      before = sum / (double) i;
      after = (total - sum) / (double) (n - i);
      between = (double) i * (double) (n - i) / (double) n * (after - before) *
                (after - before);
      if (between > best)
        {
          best = between;
          at = i;
        }
    }

  if (likelihood != NULL)
    *likelihood = at == 0 ? 0
                          : 0.5 * (double) n *
                                log (squares / fmax (squares - best, 1e-300));
  return at;
}
