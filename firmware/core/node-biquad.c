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

  f->b0 = f->b2 = k2 * norm;
  f->b1 = 2.0f * k2 * norm;
}

void
node_biquad_high (node_biquad *f, float hz, float rate_hz, float q)
{
  float k2, norm = poles (f, hz, rate_hz, q, &k2);

  f->b0 = f->b2 = norm;
  f->b1 = -2.0f * norm;
}

void
node_biquad_clear (node_biquad *f)
{
  f->z1 = f->z2 = 0;
}

void
node_biquad_run (node_biquad *f, float *x, uint32_t n)
{
  const float b0 = f->b0, b1 = f->b1, b2 = f->b2, a1 = f->a1, a2 = f->a2;
  float       z1 = f->z1, z2 = f->z2;

  for (uint32_t i = 0; i < n; i++)
    {
      float in = x[i], out = b0 * in + z1;

      z1 = b1 * in - a1 * out + z2;
      z2 = b2 * in - a2 * out;
      x[i] = out;
    }
  f->z1 = z1;
  f->z2 = z2;
}
