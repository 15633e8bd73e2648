/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-baseline-states.h"

#include <math.h>
#include <string.h>

#include "twin-distribution.h"
#include "twin-linear.h"

#define SPEED_WITHIN 0.05
#define LOAD_WITHIN 0.10
#define LIMIT_PROBABILITY 0.999
#define MEAN_WEIGHT 0.2
#define ALARM_OF 6
#define ALARM_LEAST 5
#define OUTLIER 5.0 /* robust z beyond which a learnt record counts less */
#define DISTANCE_MOST 4.0 /* one wild record shall not rule the mean for long  \
                           */

G_STATIC_ASSERT (TWIN_STATES_RECORDS <= TWIN_BASELINE_MAX);
G_STATIC_ASSERT (TWIN_STATES_FEATURES <= TWIN_LINEAR_MAX);

typedef struct
{
  TwinOperatingPoint point;
  unsigned           n; /* records learnt */
  unsigned           p; /* features it has */
  unsigned           which[TWIN_STATES_FEATURES];
  TwinBaseline       usual[TWIN_STATES_FEATURES]; /* in the order of which */
  double *factor; /* p × p, of the covariance of z; NULL: not complete */
  double  limit;  /* of the squared distance */
} State;

struct _TwinStates
{
  unsigned   n_features;
  gboolean   logarithmic[TWIN_STATES_FEATURES];
  GPtrArray *states; /* State */
  double     mean;   /* running, of the distance; NaN: none yet */
  unsigned   over;   /* bits: whether the mean was over the limit */
  gboolean   alarm;
};

static void
state_free (void *data)
{
  State *state = data;

  g_free (state->factor);
  g_free (state);
}

TwinStates *
twin_states_new (unsigned n, const gboolean *logarithmic)
{
  TwinStates *self = g_new0 (TwinStates, 1);

  g_assert (n > 0 && n <= TWIN_STATES_FEATURES);

  self->n_features = n;
  memcpy (self->logarithmic, logarithmic, n * sizeof (gboolean));
  self->states = g_ptr_array_new_with_free_func (state_free);
  self->mean = NAN;
  return self;
}

void
twin_states_free (TwinStates *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->states);
  g_free (self);
}

void
twin_states_reset (TwinStates *self)
{
  g_ptr_array_set_size (self->states, 0);
  self->mean = NAN;
  self->over = 0;
  self->alarm = FALSE;
}

double
twin_states_score (double distance)
{
  return 100 * (1 - exp (-distance * distance * G_LN2));
}

/* --- states -----------------------------------------------------------------
 */

static gboolean
is_near (const TwinOperatingPoint *a, const TwinOperatingPoint *b)
{
  const gboolean speeds = isfinite (a->speed_hz) && isfinite (b->speed_hz);
  const gboolean loads = isfinite (a->load) && isfinite (b->load);

  if (isfinite (a->speed_hz) != isfinite (b->speed_hz) ||
      isfinite (a->load) != isfinite (b->load))
    return FALSE;

  return (!speeds || fabs (a->speed_hz - b->speed_hz) <=
                         SPEED_WITHIN * fabs (b->speed_hz)) &&
         (!loads || fabs (a->load - b->load) <= LOAD_WITHIN);
}

static double
how_far (const TwinOperatingPoint *a, const TwinOperatingPoint *b)
{
  const double speed = (a->speed_hz / b->speed_hz - 1) / SPEED_WITHIN;
  const double load = (a->load - b->load) / LOAD_WITHIN;

  return hypot (isfinite (speed) ? speed : 0, isfinite (load) ? load : 0);
}

/* The nearest state that @point belongs to, or -1. */
static int
find_state (const TwinStates *self, const TwinOperatingPoint *point)
{
  int    best = -1;
  double least = INFINITY;

  for (guint i = 0; i < self->states->len; i++)
    {
      const State *state = g_ptr_array_index (self->states, i);
      const double far = how_far (point, &state->point);

      if (is_near (point, &state->point) && far < least)
        {
          least = far;
          best = (int) i;
        }
    }

  return best;
}

static gboolean
is_usable (const TwinStates *self, unsigned feature, double value)
{
  return isfinite (value) && (!self->logarithmic[feature] || value > 0);
}

static int
add_state (TwinStates               *self,
           const TwinOperatingPoint *point,
           const double             *features)
{
  State *state;

  if (self->states->len >= TWIN_STATES_MAX)
    return -1;

  state = g_new0 (State, 1);
  state->point = *point;
  for (unsigned j = 0; j < self->n_features; j++)
    if (is_usable (self, j, features[j]))
      {
        twin_baseline_init (&state->usual[state->p], self->logarithmic[j]);
        state->which[state->p++] = j;
      }
  g_ptr_array_add (self->states, state);
  return (int) self->states->len - 1;
}

/* --- learning ---------------------------------------------------------------
 */

/* Robust z of the records learnt, and the covariance of those. What the
 * spread's floor adds to a feature that hardly varies belongs to its variance.
 */
static void
complete (State *state)
{
  const unsigned     p = state->p, n = state->n;
  g_autofree double *rows = g_new (double, (size_t) n *p);
  double             mean[TWIN_STATES_FEATURES];

  for (unsigned j = 0; j < p; j++)
    for (unsigned i = 0; i < n; i++)
      {
        const TwinBaseline *usual = &state->usual[j];
        const double        value =
            usual->logarithmic ? exp (usual->values[i]) : usual->values[i];

        rows[i * p + j] =
            CLAMP (twin_baseline_z (usual, value), -OUTLIER, OUTLIER);
      }

  state->factor = g_new (double, (size_t) p *p);
  twin_linear_mean (rows, n, p, mean);
  twin_linear_shrink (rows, n, p, mean, state->factor);
  for (unsigned j = 0; j < p; j++)
    {
      const double share =
          twin_baseline_floor (&state->usual[j]) /
          (state->usual[j].spread + twin_baseline_floor (&state->usual[j]));

      state->factor[j * p + j] += share * share;
    }
  state->limit = (double) p * ((double) n * n - 1) / ((double) n * (n - p)) *
                 twin_f_quantile (LIMIT_PROBABILITY, p, n - p);
  if (!twin_linear_factor (state->factor, p))
    g_clear_pointer (&state->factor, g_free);
}

/* A record with a gap is not learnt. */
static gboolean
learn (const TwinStates *self, State *state, const double *features)
{
  if (state->p == 0 || state->n >= TWIN_STATES_RECORDS)
    return FALSE;
  for (unsigned j = 0; j < state->p; j++)
    if (!is_usable (self, state->which[j], features[state->which[j]]))
      return FALSE;

  for (unsigned j = 0; j < state->p; j++)
    twin_baseline_learn (&state->usual[j], features[state->which[j]]);
  state->n++;
  if (state->n == TWIN_STATES_RECORDS)
    complete (state);
  return TRUE;
}

/* --- judging ----------------------------------------------------------------
 */

static void
measure (const State *state, const double *features, TwinStatesScore *out)
{
  double z[TWIN_STATES_FEATURES], sum = 0;

  out->driver_z = 0;
  for (unsigned j = 0; j < state->p; j++)
    {
      const unsigned feature = state->which[j];

      z[j] = twin_baseline_z (&state->usual[j], features[feature]);
      if (!isfinite (z[j]))
        z[j] = 0;
      if (fabs (z[j]) > fabs (out->driver_z))
        {
          out->driver_z = z[j];
          out->driver = feature;
        }
    }

  twin_linear_solve_half (state->factor, state->p, z);
  for (unsigned j = 0; j < state->p; j++)
    sum += z[j] * z[j];
  out->distance = sqrt (sum / state->limit);
  out->score = twin_states_score (out->distance);
}

static void
follow (TwinStates *self, double distance)
{
  const double value = fmin (distance, DISTANCE_MOST);
  unsigned     over = 0;

  self->mean = isfinite (self->mean)
                   ? self->mean + MEAN_WEIGHT * (value - self->mean)
                   : value;
  self->over = (self->over << 1 | (self->mean > 1)) & ((1u << ALARM_OF) - 1);
  for (unsigned i = 0; i < ALARM_OF; i++)
    over += self->over >> i & 1;
  self->alarm = over >= ALARM_LEAST;
}

void
twin_states_push (TwinStates               *self,
                  const TwinOperatingPoint *point,
                  const double             *features,
                  gboolean                  sound,
                  TwinStatesScore          *out)
{
  const gboolean may_learn = sound && !self->alarm;
  int            found = find_state (self, point);
  State         *state;

  *out = (TwinStatesScore){ .stage = TWIN_STATES_HELD,
                            .state = TWIN_STATES_MAX,
                            .distance = NAN,
                            .score = NAN,
                            .level = NAN,
                            .driver_z = NAN };
  if (found < 0 && may_learn)
    found = add_state (self, point, features);
  out->n_states = self->states->len;
  out->alarm = self->alarm;
  if (found < 0)
    {
      if (self->states->len >= TWIN_STATES_MAX)
        out->stage = TWIN_STATES_CROWDED;
      return;
    }

  state = g_ptr_array_index (self->states, found);
  out->state = (unsigned) found;
  if (state->factor == NULL)
    {
      if (may_learn && learn (self, state, features))
        out->stage = TWIN_STATES_LEARNING;
      out->records = state->n;
      return;
    }

  measure (state, features, out);
  follow (self, out->distance);
  out->stage = TWIN_STATES_JUDGED;
  out->records = state->n;
  out->level = twin_states_score (self->mean);
  out->alarm = self->alarm;
}

/* --- as text ----------------------------------------------------------------
 */

#define MAGIC "states 1"

static void
write_number (GString *text, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, " %s",
                          g_ascii_formatd (number, sizeof number, "%.6g",
                                           value));
}

/* A state: its point; its features' places; then a line a record, as learnt
 * (logarithms where those are learnt). */
char *
twin_states_write (const TwinStates *self)
{
  GString *text = g_string_new (MAGIC "\n");

  for (guint i = 0; i < self->states->len; i++)
    {
      const State *state = g_ptr_array_index (self->states, i);

      g_string_append (text, "state");
      write_number (text, state->point.speed_hz);
      write_number (text, state->point.load);
      for (unsigned j = 0; j < state->p; j++)
        g_string_append_printf (text, " %u", state->which[j]);
      g_string_append_c (text, '\n');
      for (unsigned r = 0; r < state->n; r++)
        {
          g_string_append_c (text, '-');
          for (unsigned j = 0; j < state->p; j++)
            write_number (text, state->usual[j].values[r]);
          g_string_append_c (text, '\n');
        }
    }

  return g_string_free (text, FALSE);
}

/* Numbers behind the first word; how many, or -1: one is none, or too many. */
static int
read_numbers (const char *line, double *values, int most)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  int n = 0;

  for (size_t i = 1; words[0] != NULL && words[i] != NULL; i++)
    {
      char *end;

      if (n >= most)
        return -1;
      values[n++] = g_ascii_strtod (words[i], &end);
      if (end == words[i] || *end != '\0')
        return -1;
    }

  return n;
}

static State *
read_state (TwinStates *self, const char *line)
{
  double values[2 + TWIN_STATES_FEATURES];
  double features[TWIN_STATES_FEATURES];
  int    n = read_numbers (line, values, 2 + TWIN_STATES_FEATURES);
  int    found;

  if (n < 2)
    return NULL;
  for (unsigned j = 0; j < self->n_features; j++)
    features[j] = NAN;
  for (int i = 2; i < n; i++)
    {
      if (!(values[i] >= 0 && values[i] < self->n_features))
        return NULL;
      features[(unsigned) values[i]] = 1;
    }

  found =
      add_state (self, &(TwinOperatingPoint){ values[0], values[1] }, features);
  return found < 0 ? NULL : g_ptr_array_index (self->states, found);
}

static gboolean
read_record (const TwinStates *self, State *state, const char *line)
{
  double values[TWIN_STATES_FEATURES], features[TWIN_STATES_FEATURES];
  int    n = read_numbers (line, values, TWIN_STATES_FEATURES);

  if (state == NULL || n != (int) state->p)
    return FALSE;
  for (unsigned j = 0; j < state->p; j++)
    features[state->which[j]] =
        state->usual[j].logarithmic ? exp (values[j]) : values[j];
  return learn (self, state, features);
}

gboolean
twin_states_read (TwinStates *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean well = lines[0] != NULL && strcmp (lines[0], MAGIC) == 0;
  State   *state = NULL;

  twin_states_reset (self);
  for (size_t i = 1; well && lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], "state "))
        well = (state = read_state (self, lines[i])) != NULL;
      else if (lines[i][0] != '\0')
        well = read_record (self, state, lines[i]);
    }

  if (!well)
    twin_states_reset (self);
  return well;
}
