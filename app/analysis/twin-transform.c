/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-transform.h"

#include <kiss_fft.h>
#include <kiss_fftr.h>
#include <stdlib.h>

#define SLOTS 16

G_STATIC_ASSERT (sizeof (TwinComplex) == sizeof (kiss_fft_cpx));

typedef enum
{
  PLAN_REAL,
  PLAN_REAL_INVERSE,
  PLAN_COMPLEX,
  PLAN_COMPLEX_INVERSE,
  PLANS,
} PlanKind;

typedef struct
{
  size_t n;
  void  *plans[PLANS];
} PlanSet;

typedef struct
{
  TwinWindow window;
  size_t     n;
  float     *weights;
} WindowSet;

struct _TwinTransform
{
  GArray *windows; /* WindowSet */
  GArray *sets;    /* PlanSet: a worker sees few lengths */
  void   *scratch[SLOTS];
  size_t  scratch_bytes[SLOTS];
};

TwinTransform *
twin_transform_new (void)
{
  TwinTransform *self = g_new0 (TwinTransform, 1);

  self->sets = g_array_new (FALSE, TRUE, sizeof (PlanSet));
  self->windows = g_array_new (FALSE, FALSE, sizeof (WindowSet));
  return self;
}

void
twin_transform_free (TwinTransform *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < self->sets->len; i++)
    {
      PlanSet *set = &g_array_index (self->sets, PlanSet, i);

      for (int kind = 0; kind < PLANS; kind++)
        kiss_fft_free (set->plans[kind]);
    }

  for (int slot = 0; slot < SLOTS; slot++)
    g_free (self->scratch[slot]);

  for (guint i = 0; i < self->windows->len; i++)
    g_free (g_array_index (self->windows, WindowSet, i).weights);

  g_array_unref (self->windows);
  g_array_unref (self->sets);
  g_free (self);
}

size_t
twin_transform_trim (size_t n)
{
  size_t best = 0;

  for (size_t five = 1; five <= n; five *= 5)
    {
      for (size_t three = five; three <= n; three *= 3)
        {
          size_t value = three * 2;

          if (value > n)
            break;
          while (value <= n / 2)
            value *= 2;

          best = MAX (best, value);
          if (three > n / 3)
            break;
        }

      if (five > n / 5)
        break;
    }

  return best;
}

static void *
get_plan (TwinTransform *self, size_t n, PlanKind kind)
{
  PlanSet *set = NULL;

  g_assert (n >= 2 && n % 2 == 0 && n <= G_MAXINT);

  for (guint i = 0; i < self->sets->len && set == NULL; i++)
    {
      if (g_array_index (self->sets, PlanSet, i).n == n)
        set = &g_array_index (self->sets, PlanSet, i);
    }

  if (set == NULL)
    {
      g_array_set_size (self->sets, self->sets->len + 1);
      set = &g_array_index (self->sets, PlanSet, self->sets->len - 1);
      set->n = n;
    }

  if (set->plans[kind] == NULL)
    {
      gboolean inverse =
          kind == PLAN_REAL_INVERSE || kind == PLAN_COMPLEX_INVERSE;

      if (kind == PLAN_REAL || kind == PLAN_REAL_INVERSE)
        set->plans[kind] = kiss_fftr_alloc ((int) n, inverse, NULL, NULL);
      else
        set->plans[kind] = kiss_fft_alloc ((int) n, inverse, NULL, NULL);

      if (set->plans[kind] == NULL)
        g_error ("No memory for a transform of %zu samples", n);
    }

  return set->plans[kind];
}

void
twin_transform_forward (TwinTransform *self,
                        const float   *samples,
                        size_t         n,
                        TwinComplex   *lines)
{
  kiss_fftr (get_plan (self, n, PLAN_REAL), samples, (kiss_fft_cpx *) lines);
}

void
twin_transform_inverse (TwinTransform     *self,
                        const TwinComplex *lines,
                        size_t             n,
                        float             *samples)
{
  kiss_fftri (get_plan (self, n, PLAN_REAL_INVERSE),
              (const kiss_fft_cpx *) lines, samples);
}

void
twin_transform_complex (TwinTransform     *self,
                        const TwinComplex *in,
                        size_t             n,
                        gboolean           inverse,
                        TwinComplex       *out)
{
  g_assert (in != out);
  kiss_fft (get_plan (self, n, inverse ? PLAN_COMPLEX_INVERSE : PLAN_COMPLEX),
            (const kiss_fft_cpx *) in, (kiss_fft_cpx *) out);
}

const float *
twin_transform_window (TwinTransform *self, TwinWindow window, size_t n)
{
  WindowSet made = { .window = window, .n = n };

  for (guint i = 0; i < self->windows->len; i++)
    {
      const WindowSet *set = &g_array_index (self->windows, WindowSet, i);

      if (set->n == n && set->window == window)
        return set->weights;
    }

  made.weights = g_new (float, MAX (n, 1));
  twin_window_fill (window, made.weights, n);
  g_array_append_val (self->windows, made);
  return made.weights;
}

void *
twin_transform_scratch (TwinTransform *self, int slot, size_t bytes)
{
  g_assert (slot >= 0 && slot < SLOTS);

  if (self->scratch_bytes[slot] < bytes)
    {
      g_free (self->scratch[slot]);
      self->scratch[slot] = g_malloc (bytes);
      self->scratch_bytes[slot] = bytes;
    }

  return self->scratch[slot];
}
