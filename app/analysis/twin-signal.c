/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-signal.h"

#include <math.h>
#include <stdlib.h>

#define CLIPPED_SAMPLES 3
#define STUCK_S 0.05
#define BURST_FRAME_S 0.01
#define BURST_FRAMES 0.01 /* this share of the frames … */
#define BURST_ENERGY 0.5  /* … carries this share of the energy */

static const struct
{
  TwinSignalFlag flag;
  const char    *name;
} names[] = {
  { TWIN_SIGNAL_CLIPPED, "clipped" },
  { TWIN_SIGNAL_SPEED, "speed mismatch" },
  { TWIN_SIGNAL_STUCK, "stuck" },
  { TWIN_SIGNAL_SHORT, "short" },
  { TWIN_SIGNAL_BURST, "burst" },
  { TWIN_SIGNAL_NO_SPEED, "no speed" },
  { TWIN_SIGNAL_SLOW_RATE, "slow rate" },
  { TWIN_SIGNAL_NOT_FINITE, "not finite" },
};

const char *
twin_signal_flag_name (TwinSignalFlag flag)
{
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (names[i].flag == flag)
        return names[i].name;
    }

  return "unknown";
}

char *
twin_signal_flags_describe (guint flags)
{
  GString *text = g_string_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (flags & names[i].flag)
        {
          g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                                  names[i].name);
        }
    }

  return g_string_free (text, text->len == 0);
}

gboolean
twin_signal_is_finite (const double *samples, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      if (!isfinite (samples[i]) || fabs (samples[i]) > 1e12)
        return FALSE;
    }

  return TRUE;
}

static int
descending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x < y) - (x > y);
}

/* A few hundredths of the time hold most of the energy. A bearing strikes many
 * times a second and never does that. */
static gboolean
has_burst (const double *samples, size_t n, double rate_hz, double mean)
{
  size_t             frame = (size_t) MAX (8, rate_hz * BURST_FRAME_S);
  size_t             frames = n / frame;
  g_autofree double *energy = g_new0 (double, MAX (frames, 1));
  double             total = 0, top = 0;

  if (frames < 100)
    return FALSE;

  for (size_t f = 0; f < frames; f++)
    {
      for (size_t i = 0; i < frame; i++)
        {
          double x = samples[f * frame + i] - mean;

          energy[f] += x * x;
        }
      total += energy[f];
    }

  qsort (energy, frames, sizeof (double), descending);
  for (size_t f = 0; f < (size_t) ((double) frames * BURST_FRAMES); f++)
    top += energy[f];

  return total > 0 && top > BURST_ENERGY * total;
}

guint
twin_signal_flags (const double *samples,
                   size_t        n,
                   double        rate_hz,
                   double        full_scale)
{
  TwinScalars scalars;
  guint       flags = 0;

  twin_scalars_compute (samples, n, full_scale, &scalars);

  if (scalars.clipped >= CLIPPED_SAMPLES)
    flags |= TWIN_SIGNAL_CLIPPED;
  if (isnan (scalars.kurtosis) ||
      (double) scalars.longest_flat >= MAX (32, STUCK_S * rate_hz))
    flags |= TWIN_SIGNAL_STUCK;
  if (has_burst (samples, n, rate_hz, scalars.mean))
    flags |= TWIN_SIGNAL_BURST;

  return flags;
}
