/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "twin-quality.h"
#include "twin-window.h"

#define LEAST 8192
#define MOST 131072
#define SEGMENT 1024
#define COHERENT 0.8 /* of which noise at 1/4 of the power leaves this much */
#define BREADTH 0.1  /* of the band must be coherent, or a few lines decide */
#define AGREEMENT 0.95
#define FINE_STEPS 40 /* of delay within one sample to either side */

typedef struct
{
  double aa[SEGMENT / 2 + 1], bb[SEGMENT / 2 + 1];
  double re[SEGMENT / 2 + 1], im[SEGMENT / 2 + 1];
} Cross;

/* Second differences: strong low lines, which both sensors of a machine hear,
 * would leak over the whole band and pass for what the two share. The gain and
 * the delay stay. */
static float *
differences (const double *x, size_t n)
{
  float *out = g_new0 (float, n);

  for (size_t i = 1; i + 1 < n; i++)
    out[i] = (float) (x[i - 1] - 2 * x[i] + x[i + 1]);

  return out;
}

/* By how many samples @b is behind @a: where the correlation of the whitened
 * records peaks. A tone that both hear does not decide it. */
static long
find_delay (TwinTransform *transform, const float *a, const float *b, size_t n)
{
  g_autofree TwinComplex *fa = g_new (TwinComplex, n / 2 + 1);
  g_autofree TwinComplex *fb = g_new (TwinComplex, n / 2 + 1);
  g_autofree float       *correlation = g_new (float, n);
  size_t                  best = 0;

  twin_transform_forward (transform, a, n, fa);
  twin_transform_forward (transform, b, n, fb);
  for (size_t k = 0; k <= n / 2; k++)
    {
      double re = (double) fa[k].re * fb[k].re + (double) fa[k].im * fb[k].im;
      double im = (double) fa[k].re * fb[k].im - (double) fa[k].im * fb[k].re;
      double modulus = hypot (re, im);

      fa[k].re = modulus > 0 ? (float) (re / modulus) : 0;
      fa[k].im = modulus > 0 ? (float) (im / modulus) : 0;
    }
  twin_transform_inverse (transform, fa, n, correlation);

  for (size_t i = 1; i < n; i++)
    {
      if (fabsf (correlation[i]) > fabsf (correlation[best]))
        best = i;
    }

  return best <= n / 2 ? (long) best : (long) best - (long) n;
}

/* Mean cross spectrum over half overlapping segments. */
static void
add_cross (TwinTransform *transform,
           const float   *a,
           const float   *b,
           size_t         n,
           Cross         *cross)
{
  const float *weights =
      twin_transform_window (transform, TWIN_WINDOW_HANN, SEGMENT);
  TwinComplex fa[SEGMENT / 2 + 1], fb[SEGMENT / 2 + 1];
  float       work[SEGMENT];

  memset (cross, 0, sizeof *cross);
  for (size_t start = 0; start + SEGMENT <= n; start += SEGMENT / 2)
    {
      for (size_t i = 0; i < SEGMENT; i++)
        work[i] = a[start + i] * weights[i];
      twin_transform_forward (transform, work, SEGMENT, fa);
      for (size_t i = 0; i < SEGMENT; i++)
        work[i] = b[start + i] * weights[i];
      twin_transform_forward (transform, work, SEGMENT, fb);

      for (size_t k = 0; k <= SEGMENT / 2; k++)
        {
          cross->aa[k] +=
              (double) fa[k].re * fa[k].re + (double) fa[k].im * fa[k].im;
          cross->bb[k] +=
              (double) fb[k].re * fb[k].re + (double) fb[k].im * fb[k].im;
          cross->re[k] +=
              (double) fa[k].re * fb[k].re + (double) fa[k].im * fb[k].im;
          cross->im[k] +=
              (double) fa[k].re * fb[k].im - (double) fa[k].im * fb[k].re;
        }
    }
}

/* |Σ H e^(jωτ)| against √(m Σ |H|²) over the coherent lines, H the gain from a
 * to b: 1 only if H is the same everywhere but for the delay τ. */
static double
agree (const Cross    *cross,
       const gboolean *coherent,
       size_t          m,
       double          delay,
       double         *gain)
{
  double re = 0, im = 0, power = 0;

  for (size_t k = 1; k < SEGMENT / 2; k++)
    {
      double phase = 2 * G_PI * (double) k * delay / SEGMENT;
      double h_re = cross->re[k] / cross->aa[k];
      double h_im = cross->im[k] / cross->aa[k];

      if (!coherent[k])
        continue;
      re += h_re * cos (phase) - h_im * sin (phase);
      im += h_re * sin (phase) + h_im * cos (phase);
      power += h_re * h_re + h_im * h_im;
    }

  *gain = copysign (hypot (re, im) / (double) m, re);
  return power > 0 ? hypot (re, im) / sqrt ((double) m * power) : 0;
}

static void
judge (const Cross *cross, double *fine, TwinQualityCopy *out)
{
  gboolean coherent[SEGMENT / 2 + 1] = { FALSE };
  size_t   m = 0;

  for (size_t k = 1; k < SEGMENT / 2; k++)
    {
      double cross2 = cross->re[k] * cross->re[k] + cross->im[k] * cross->im[k];

      coherent[k] = cross2 > COHERENT * cross->aa[k] * cross->bb[k];
      m += coherent[k];
    }

  out->breadth = (double) m / (SEGMENT / 2 - 1);
  for (int i = -FINE_STEPS; m > 0 && i <= FINE_STEPS; i++)
    {
      double gain, delay = (double) i / FINE_STEPS;
      double agreement = agree (cross, coherent, m, delay, &gain);

      if (agreement > out->agreement)
        {
          out->agreement = agreement;
          out->gain = gain;
          *fine = delay;
        }
    }

  out->copy = out->breadth >= BREADTH && out->agreement >= AGREEMENT;
}

void
twin_quality_compare (TwinTransform   *transform,
                      const double    *a,
                      const double    *b,
                      size_t           n,
                      double           rate_hz,
                      TwinQualityCopy *out)
{
  g_autofree float *fa = NULL, *fb = NULL;
  g_autofree Cross *cross = g_new (Cross, 1);
  size_t            length = twin_transform_trim (MIN (n, MOST)), shift;
  long              delay;
  double            fine = 0;

  *out = (TwinQualityCopy){ 0 };
  if (length < LEAST)
    return;

  fa = differences (a, length);
  fb = differences (b, length);
  delay = find_delay (transform, fa, fb, length);
  shift = (size_t) labs (delay);
  if (length - shift < LEAST / 2)
    return;

  add_cross (transform, delay < 0 ? fa + shift : fa,
             delay > 0 ? fb + shift : fb, length - shift, cross);
  judge (cross, &fine, out);
  out->delay_s = ((double) delay + fine) / rate_hz;
}
