/* SPDX-License-Identifier: Apache-2.0
 *
 * node-biquad.c - second-order sections in single precision
 */
#include "node-biquad.h"

#include <math.h>

#define PI_F 3.14159265f

const float node_butterworth_4[2] = { 0.541196100f, 1.30656296f };
const float node_butterworth_2 = 0.707106781f;

/* By the bilinear transform; tan (w / 2) keeps the digits that 1 - cos (w)
 * would lose. Returns what both kinds divide by. */
static float
poles (node_biquad *f, float hz, float rate_hz, float q, float *k2)
{
  float k = tanf (PI_F * hz / rate_hz), norm = 1.0f / (1.0f + k / q + k * k);

  *k2 = k * k;
  f->a1 = 2.0f * (*k2 - 1.0f) * norm;
  f->a2 = (1.0f - k / q + *k2) * norm;
  node_biquad_clear (f);
  return norm;
}

void
node_biquad_low (node_biquad *f, float hz, float rate_hz, float q)
{
  float k2, norm = poles (f, hz, rate_hz, q, &k2);

  f->gain = k2 * norm;
  f->b1 = 2.0f;
}

void
node_biquad_high (node_biquad *f, float hz, float rate_hz, float q)
{
  float k2, norm = poles (f, hz, rate_hz, q, &k2);

  f->gain = norm;
  f->b1 = -2.0f;
}

void
node_biquad_clear (node_biquad *f)
{
  f->z1 = f->z2 = 0;
}

void
node_biquad_run (node_biquad *f, float *x, uint32_t n)
{
  const float gain = f->gain, b1 = f->b1, a1 = f->a1, a2 = f->a2;
  float       z1 = f->z1, z2 = f->z2;

  for (uint32_t i = 0; i < n; i++)
    {
      float in = x[i], out = in + z1;

      z1 = b1 * in - a1 * out + z2;
      z2 = in - a2 * out;
      x[i] = gain * out;
    }
  f->z1 = z1;
  f->z2 = z2;
}

void
node_biquad_run_pair (node_biquad f[2], float *x, uint32_t n)
{
  const float gain = f[0].gain * f[1].gain;
  const float b1 = f[0].b1, a1 = f[0].a1, a2 = f[0].a2;
  const float d1 = f[1].b1, c1 = f[1].a1, c2 = f[1].a2;
  float       z1 = f[0].z1, z2 = f[0].z2, y1 = f[1].z1, y2 = f[1].z2;

  for (uint32_t i = 0; i < n; i++)
    {
      float in = gain * x[i], between = in + z1, out = between + y1;

      z1 = b1 * in - a1 * between + z2;
      z2 = in - a2 * between;
      y1 = d1 * between - c1 * out + y2;
      y2 = between - c2 * out;
      x[i] = out;
    }
  f[0].z1 = z1;
  f[0].z2 = z2;
  f[1].z1 = y1;
  f[1].z2 = y2;
}
