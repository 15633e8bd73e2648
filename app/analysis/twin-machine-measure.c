/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-measure.c - quality, speed and levels of a machine's record */
#include "twin-machine-private.h"

#include <math.h>
#include <string.h>

#include "twin-quality.h"
#include "twin-shaft.h"

#define TURNS_MIN 20.0
#define NOISE_LO_HZ 2000.0
#define SLOW_HZ 10.0 /* 600 1/min */
#define REFINE_ORDERS 10
#define PARTS 4 /* the record is cut into, to see whether 1× is steady */
#define BELT_MULTIPLES 4
#define HALVES 10
#define COPY_NOISE 0.5 /* of all lines agree in phase; chance: 0.01 */

/* --- the record --------------------------------------------------------------
 */

static const double *
channel (const TwinMachineRecord *record, int view)
{
  return view == CASE_FAR ? record->far_axial : record->axes[view];
}

static void
measure_axis (TwinMachineCase *c, int view)
{
  const double *samples = channel (c->record, view);
  TwinSpectrum  spectrum = { 0 };

  twin_spectrum_amplitude (c->transform, samples, c->n, c->record->rate_hz,
                           TWIN_WINDOW_HANN, TWIN_SCALE_RMS, &spectrum);
  twin_line_view_set (&c->views[view], &spectrum);
  if (view < TWIN_MACHINE_AXES)
    c->levels->velocity_mm_s[view] =
        twin_spectrum_velocity_rms (&spectrum,
                                    twin_severity_low_hz (c->shaft_hz), 1000);
  twin_spectrum_clear (&spectrum);
}

/* Hann's transform of @samples; caller frees. */
static TwinComplex *
transform_of (const TwinMachineCase *c, const double *samples)
{
  const float *window =
      twin_transform_window (c->transform, TWIN_WINDOW_HANN, c->n);
  g_autofree float *work = g_new (float, c->n);
  TwinComplex      *lines = g_new (TwinComplex, c->n / 2 + 1);

  for (size_t i = 0; i < c->n; i++)
    work[i] = (float) samples[i] * window[i];
  twin_transform_forward (c->transform, work, c->n, lines);
  return lines;
}

/* Whether the noise of both is the same. Every line counts alike, by its phase
 * alone: those of the shaft, which any two axes share, are few. */
static gboolean
shares_noise (const TwinMachineCase *c,
              const double          *a,
              const double          *b,
              double                 delay)
{
  g_autofree TwinComplex *x = transform_of (c, a);
  g_autofree TwinComplex *y = transform_of (c, b);
  double                  re = 0, im = 0, n = 0;

  for (size_t k = 3; k < c->n / 2; k++)
    {
      double along = (double) x[k].re * y[k].re + (double) x[k].im * y[k].im;
      double across = (double) x[k].im * y[k].re - (double) x[k].re * y[k].im;
      double size = hypot (along, across);
      double turn = 2 * G_PI * (double) k / (double) c->n * delay;

      if (!(size > 0))
        continue;
      re += (along * cos (turn) + across * sin (turn)) / size;
      im += (across * cos (turn) - along * sin (turn)) / size;
      n++;
    }

  return n > 0 && hypot (re, im) >= COPY_NOISE * n;
}

/* The same signal as in one of the axes before. */
static gboolean
is_copy (const TwinMachineCase *c, const gboolean *usable, int view)
{
  for (int before = 0; before < view; before++)
    {
      TwinQualityCopy copy;

      if (!usable[before])
        continue;
      twin_quality_compare (c->transform, channel (c->record, before),
                            channel (c->record, view), c->n, c->record->rate_hz,
                            &copy);
      if (copy.copy && shares_noise (c, channel (c->record, before),
                                     channel (c->record, view),
                                     copy.delay_s * c->record->rate_hz))
        return TRUE;
    }

  return FALSE;
}

void
twin_machine_case_open (const TwinMachineCase *c,
                        const TwinShaftSpeed  *shaft,
                        gboolean              *usable,
                        TwinMachineVerdict    *out)
{
  const TwinQualityContext context = { .full_scale = c->record->full_scale_g,
                                       .shaft_hz = shaft->hz,
                                       .mains_hz = c->facts->line_hz,
                                       .in_g = TRUE };

  for (int view = 0; view < CASE_VIEWS; view++)
    {
      const double     *samples = channel (c->record, view);
      TwinRecordQuality quality;

      usable[view] = FALSE;
      if (samples == NULL)
        continue;

      twin_quality_check (c->transform, samples, c->n, c->record->rate_hz,
                          &context, &quality);
      usable[view] =
          (quality.flags & (TWIN_SIGNAL_NOT_FINITE | TWIN_SIGNAL_STUCK)) == 0;
      if (usable[view] && is_copy (c, usable, view))
        {
          usable[view] = FALSE;
          quality.flags |= TWIN_SIGNAL_COPY;
        }
      out->quality |= quality.flags;
    }
}

/* --- its speed ---------------------------------------------------------------
 */

static void
check_axis (const TwinMachineCase *c,
            int                    axis,
            const TwinShaftSpeed  *shaft,
            TwinShaftCheck        *check)
{
  const double     *samples = c->record->axes[axis];
  g_autofree float *copy = g_new (float, c->n);
  double            mean = 0;

  for (size_t i = 0; i < c->n; i++)
    mean += samples[i];
  mean /= (double) c->n;
  for (size_t i = 0; i < c->n; i++)
    copy[i] = (float) (samples[i] - mean);
  twin_shaft_check (c->transform, copy, c->n, c->record->rate_hz, shaft->hz,
                    shaft->source == TWIN_SPEED_TACHO, check);
}

/* The orders that stand out say the speed more exactly than the first one. */
static double
refine_speed (const TwinLineView *view, double hz)
{
  double sum = 0, weights = 0;

  for (int k = 1; k <= REFINE_ORDERS; k++)
    {
      TwinLine line = twin_line_view_read (view, k * hz, 0);

      if (line.present)
        {
          sum += k * line.hz;
          weights += k * k;
        }
    }

  return weights > 0 ? sum / weights : hz;
}

static void
find_speed (TwinMachineCase      *c,
            const gboolean       *usable,
            const TwinShaftSpeed *shaft,
            TwinMachineVerdict   *out)
{
  TwinShaftCheck best = { .hz = NAN };
  int            axis = -1;

  c->shaft_hz = NAN;
  if (!(shaft->hz > 0))
    {
      c->no_shaft = "The shaft's speed is not known.";
      return;
    }
  if (shaft->hz > c->top_hz)
    {
      c->no_shaft = "The shaft turns faster than this rate can carry.";
      return;
    }
  if (shaft->hz * (double) c->n / c->record->rate_hz < TURNS_MIN)
    {
      c->no_shaft = "The record is shorter than 20 turns of the shaft.";
      return;
    }

  for (int i = 0; i < TWIN_MACHINE_AXES; i++)
    {
      TwinShaftCheck check;

      if (!usable[i])
        continue;
      check_axis (c, i, shaft, &check);
      if (axis < 0 || check.strength > best.strength)
        {
          best = check;
          axis = i;
        }
    }

  if (axis < 0)
    return;
  if (best.corrected || best.refuted)
    out->quality |= TWIN_SIGNAL_SPEED;
  if (best.refuted)
    {
      c->no_shaft = "The lines contradict the speed given so much that no "
                    "order can be trusted.";
      return;
    }

  out->speed_corrected = best.corrected;
  c->shaft_hz = best.hz;
  measure_axis (c, axis);
  c->shaft_hz = refine_speed (&c->views[axis], best.hz);
}

/* --- levels ------------------------------------------------------------------
 */

static void
measure_axis_levels (TwinMachineCase *c, int axis)
{
  TwinMachineLevels      *levels = c->levels;
  const TwinMachineFacts *facts = c->facts;
  double                  belt, sum = 0;

  levels->noise_g[axis] =
      twin_line_view_noise_rms (&c->views[axis], NOISE_LO_HZ, c->top_hz);
  if (facts->line_hz > 0)
    levels->twice_line_mm_s[axis] =
        twin_machine_case_line (c, axis, 2 * facts->line_hz, NULL, NULL)
            .velocity_mm_s;
  if (isnan (c->shaft_hz))
    return;

  for (int k = 1; k <= 3; k++)
    {
      TwinMachineLine line =
          twin_machine_case_line (c, axis, k * c->shaft_hz, NULL, NULL);

      levels->order_mm_s[axis][k - 1] = line.present ? line.velocity_mm_s : 0;
    }
  for (int k = 0; k < HALVES; k++)
    {
      TwinMachineLine line =
          twin_machine_case_line (c, axis, (k + 0.5) * c->shaft_hz, NULL, NULL);

      sum += line.present ? line.velocity_mm_s * line.velocity_mm_s : 0;
    }
  levels->halves_mm_s[axis] = sqrt (sum);

  belt = twin_machine_belt_hz (facts, c->shaft_hz);
  if (belt > 0)
    twin_machine_case_multiples (c, axis, belt, BELT_MULTIPLES,
                                 twin_machine_other_shaft (facts, c->shaft_hz),
                                 &levels->belt_mm_s[axis]);
  if (facts->blades > 0)
    levels->blade_mm_s[axis] =
        twin_machine_case_line (c, axis, facts->blades * c->shaft_hz, NULL,
                                NULL)
            .velocity_mm_s;
}

/* 1× of one part of the record. */
static void
part_order (const TwinMachineCase *c,
            int                    axis,
            int                    part,
            double                *re,
            double                *im)
{
  const double *x = c->record->axes[axis];
  double        rate = c->record->rate_hz;
  double        turns = floor ((double) c->n / PARTS / rate * c->shaft_hz);
  size_t        length = (size_t) (turns / c->shaft_hz * rate);
  size_t        from = (size_t) part * (c->n / PARTS);
  double        mean = 0;

  *re = *im = 0;
  for (size_t i = from; i < from + length; i++)
    mean += x[i];
  mean /= (double) MAX (length, 1);
  for (size_t i = from; i < from + length; i++)
    {
      double theta = 2 * G_PI * fmod (c->shaft_hz * (double) i / rate, 1);

      *re += (x[i] - mean) * cos (theta);
      *im -= (x[i] - mean) * sin (theta);
    }
}

/* How steady 1× of the stronger radial axis is, in amplitude and in phase to
 * the other one. */
static void
measure_steadiness (TwinMachineCase *c)
{
  double firsts[TWIN_MACHINE_AXES], amplitude[PARTS], mean = 0, spread = 0;
  double cross_re = 0, cross_im = 0, power[2] = { 0 };
  int    axis;

  c->unsteady = c->coherence = NAN;
  for (int i = 0; i < TWIN_MACHINE_AXES; i++)
    firsts[i] = c->levels->order_mm_s[i][0];
  axis = twin_machine_case_radial (c, firsts);
  if (axis < 0 || isnan (c->shaft_hz))
    return;

  for (int part = 0; part < PARTS; part++)
    {
      double re[2], im[2];

      part_order (c, axis, part, &re[0], &im[0]);
      amplitude[part] = hypot (re[0], im[0]);
      mean += amplitude[part] / PARTS;
      if (!twin_machine_case_has (c, 1 - axis))
        continue;
      part_order (c, 1 - axis, part, &re[1], &im[1]);
      cross_re += re[0] * re[1] + im[0] * im[1];
      cross_im += im[0] * re[1] - re[0] * im[1];
      for (int i = 0; i < 2; i++)
        power[i] += re[i] * re[i] + im[i] * im[i];
    }

  for (int part = 0; part < PARTS; part++)
    spread += (amplitude[part] - mean) * (amplitude[part] - mean) / (PARTS - 1);
  c->unsteady = mean > 0 ? sqrt (spread) / mean : NAN;
  if (power[0] > 0 && power[1] > 0)
    c->coherence = hypot (cross_re, cross_im) / sqrt (power[0] * power[1]);
}

void
twin_machine_case_measure (TwinMachineCase      *c,
                           const gboolean       *usable,
                           const TwinShaftSpeed *shaft,
                           TwinMachineVerdict   *out)
{
  find_speed (c, usable, shaft, out);
  for (int view = 0; view < CASE_VIEWS; view++)
    {
      if (usable[view])
        measure_axis (c, view);
    }
  for (int axis = 0; axis < TWIN_MACHINE_AXES; axis++)
    {
      if (usable[axis])
        measure_axis_levels (c, axis);
    }
  measure_steadiness (c);
  out->shaft_hz = out->levels.shaft_hz = c->shaft_hz;
}
