/* SPDX-License-Identifier: Apache-2.0
 *
 * node-fft.c - power spectrum of 1024 samples, Hann window
 */
#include "node-fft.h"

#include <kiss_fft.h>
#include <math.h>

enum
{
  HALF = NODE_FFT_SIZE / 4, /* points of a transform */
};

_Static_assert(sizeof (kiss_fft_cpx) == 2 * sizeof (float), "float KissFFT");

static const float two_pi = 6.28318531f;

bool
node_fft_init (node_fft *f)
{
  size_t size = sizeof f->state;

  f->transform = kiss_fft_alloc (HALF, 0, f->state, &size);
  return f->transform != NULL;
}

static void
turn (float *c, float *s, float by_c, float by_s)
{
  float t = *c * by_c - *s * by_s;

  *s = *s * by_c + *c * by_s;
  *c = t;
}

/* Periodic Hann, symmetric about sample 512; the cosine by rotation. */
static void
window (float *x)
{
  const float by_c = cosf (two_pi / NODE_FFT_SIZE);
  const float by_s = sinf (two_pi / NODE_FFT_SIZE);
  float       c = 1, s = 0, mean = 0;

  for (unsigned i = 0; i < NODE_FFT_SIZE; i++)
    mean += x[i];
  mean /= NODE_FFT_SIZE;

  x[0] = 0;
  for (unsigned i = 1; i < NODE_FFT_SIZE / 2; i++)
    {
      float w;

      turn (&c, &s, by_c, by_s);
      w = 0.5f - 0.5f * c;
      x[i] = (x[i] - mean) * w;
      x[NODE_FFT_SIZE - i] = (x[NODE_FFT_SIZE - i] - mean) * w;
    }
  x[NODE_FFT_SIZE / 2] -= mean;
}

/* With E and O the transforms of the even and odd samples, X[k] = E + w O and
 * X[512 - k] = conj (E - w O); @z and @mirror are bins k and 512 - k of the
 * transform of the pairs, @w is W^k of 1024. */
static void
split (kiss_fft_cpx z, kiss_fft_cpx mirror, kiss_fft_cpx w, float *p, float *q)
{
  /* 2 / (N sum of w²), the latter 3/8 N; the halves of E and O with it. */
  const float scale = 2.0f / (0.375f * NODE_FFT_SIZE * NODE_FFT_SIZE) / 4.0f;
  float       er = z.r + mirror.r, ei = z.i - mirror.i;
  float       odd_r = z.i + mirror.i, odd_i = mirror.r - z.r;
  float       r = w.r * odd_r - w.i * odd_i, i = w.r * odd_i + w.i * odd_r;

  *p = ((er + r) * (er + r) + (ei + i) * (ei + i)) * scale;
  *q = ((er - r) * (er - r) + (ei - i) * (ei - i)) * scale;
}

/* @a + @w @b and @a - @w @b */
static void
butterfly (kiss_fft_cpx  a,
           kiss_fft_cpx  b,
           kiss_fft_cpx  w,
           kiss_fft_cpx *sum,
           kiss_fft_cpx *difference)
{
  float r = w.r * b.r - w.i * b.i, i = w.r * b.i + w.i * b.r;

  *sum = (kiss_fft_cpx){ a.r + r, a.i + i };
  *difference = (kiss_fft_cpx){ a.r - r, a.i - i };
}

/* Join the transforms of even and odd pairs and split them, four bins at a
 * time: k and 256 - k, and their mirrors about 256. */
static void
join (const kiss_fft_cpx *even, const kiss_fft_cpx *odd, float *power)
{
  const float  by_c = cosf (two_pi / NODE_FFT_SIZE);
  const float  by_s = sinf (two_pi / NODE_FFT_SIZE);
  float        c = 1, s = 0;
  kiss_fft_cpx dc, middle, z[4];

  butterfly (even[0], odd[0], (kiss_fft_cpx){ 1, 0 }, &dc, &middle);
  split (dc, dc, (kiss_fft_cpx){ 1, 0 }, &power[0], &z[0].r);
  power[0] *= 0.5f; /* it has no mirror */
  split (middle, middle, (kiss_fft_cpx){ 0, -1 }, &power[HALF], &z[0].r);

  for (unsigned k = 1; k <= HALF / 2; k++)
    {
      unsigned     m = HALF - k;
      kiss_fft_cpx w2;

      turn (&c, &s, by_c, by_s);
      w2 = (kiss_fft_cpx){ c * c - s * s, -2.0f * c * s };
      butterfly (even[k], odd[k], w2, &z[0], &z[1]); /* k, 256 + k */
      w2.r = -w2.r;
      butterfly (even[m], odd[m], w2, &z[2], &z[3]); /* m, 512 - k */
      split (z[0], z[3], (kiss_fft_cpx){ c, -s }, &power[k],
             &power[2 * HALF - k]);
      split (z[2], z[1], (kiss_fft_cpx){ s, -c }, &power[m], &power[HALF + k]);
    }
}

void
node_fft_power (const node_fft *f, float work[NODE_FFT_WORK])
{
  kiss_fft_cpx *pairs = (kiss_fft_cpx *) work;
  kiss_fft_cpx *even = pairs + 2 * HALF, *odd = pairs + HALF;

  window (work);
  kiss_fft_stride (f->transform, pairs, even, 2);
  for (unsigned i = 0; i < HALF; i++)
    pairs[i] = pairs[2 * i + 1];
  kiss_fft (f->transform, pairs, odd);
  join (even, odd, work);
}
