/* SPDX-License-Identifier: Apache-2.0
 *
 * rng.c - random numbers of the simulation
 */
#include "rng.h"

/* Quantiles of the normal distribution: z where the upper tail is
 * 2^(-2 - e) (1 + k / 8), for e from 19 down to 0 and k from 0 to 7, and 0 at
 * the end; scaled so that straight lines between them have variance 1. */
enum
{
  OCTAVES = 20,
  SEGMENTS = 8,
};

/* clang-format off */
static const float quantile[OCTAVES * SEGMENTS + 1] = {
  4.899909f, 4.876727f, 4.855902f, 4.836992f, 4.819668f, 4.803681f, 4.788835f, 4.774975f,
  4.761976f, 4.738168f, 4.716776f, 4.697348f, 4.679546f, 4.663114f, 4.647852f, 4.633603f,
  4.620236f, 4.595750f, 4.573744f, 4.553753f, 4.535432f, 4.518517f, 4.502805f, 4.488131f,
  4.474365f, 4.449141f, 4.426466f, 4.405861f, 4.386974f, 4.369532f, 4.353327f, 4.338191f,
  4.323988f, 4.297957f, 4.274549f, 4.253273f, 4.233764f, 4.215745f, 4.199000f, 4.183355f,
  4.168672f, 4.141754f, 4.117539f, 4.095523f, 4.075329f, 4.056673f, 4.039330f, 4.023124f,
  4.007910f, 3.980010f, 3.954902f, 3.932065f, 3.911111f, 3.891746f, 3.873740f, 3.856908f,
  3.841104f, 3.812109f, 3.786004f, 3.762250f, 3.740447f, 3.720290f, 3.701540f, 3.684007f,
  3.667540f, 3.637316f, 3.610089f, 3.585303f, 3.562541f, 3.541488f, 3.521898f, 3.503572f,
  3.486354f, 3.454735f, 3.426235f, 3.400273f, 3.376419f, 3.354345f, 3.333794f, 3.314562f,
  3.296484f, 3.263266f, 3.233302f, 3.205988f, 3.180875f, 3.157622f, 3.135960f, 3.115678f,
  3.096602f, 3.061527f, 3.029858f, 3.000965f, 2.974380f, 2.949746f, 2.926781f, 2.905264f,
  2.885014f, 2.847746f, 2.814059f, 2.783293f, 2.754956f, 2.728673f, 2.704151f, 2.681154f,
  2.659495f, 2.619588f, 2.583463f, 2.550426f, 2.519960f, 2.491668f, 2.465240f, 2.440431f,
  2.417039f, 2.373876f, 2.334730f, 2.298867f, 2.265739f, 2.234926f, 2.206100f, 2.179000f,
  2.153411f, 2.106101f, 2.063084f, 2.023578f, 1.987000f, 1.952903f, 1.920937f, 1.890822f,
  1.862331f, 1.809503f, 1.761291f, 1.716859f, 1.675579f, 1.636973f, 1.600664f, 1.566351f,
  1.533790f, 1.473150f, 1.417492f, 1.365910f, 1.317727f, 1.272425f, 1.229594f, 1.188908f,
  1.150102f, 1.077284f, 1.009773f, 0.946578f, 0.886956f, 0.830332f, 0.776255f, 0.724358f,
  0.674345f, 0.579008f, 0.488671f, 0.402163f, 0.318571f, 0.237151f, 0.157277f, 0.078396f,
  0.000000f,
};
/* clang-format on */

/* xoshiro256++ by Blackman and Vigna (public domain), seeded by splitmix64. */
uint64_t
machine_rng_next (machine_rng *rng)
{
  uint64_t *s = rng->s, t = s[1] << 17, x = s[0] + s[3];
  uint64_t  result = ((x << 23) | (x >> 41)) + s[0];

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = (s[3] << 45) | (s[3] >> 19);
  return result;
}

static uint64_t
finish (uint64_t z)
{
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void
machine_rng_seed (machine_rng *rng, uint64_t seed)
{
  for (int i = 0; i < 4; i++)
    rng->s[i] = finish (seed += 0x9e3779b97f4a7c15u);
}

/* FNV-1a, its halves well mixed. */
static uint64_t
add_text (uint64_t hash, const char *text)
{
  for (; *text != '\0'; text++)
    hash = (hash ^ (uint8_t) *text) * 0x100000001b3u;
  return finish (hash + 0x9e3779b97f4a7c15u);
}

uint64_t
machine_rng_name (const char *name)
{
  return add_text (0xcbf29ce484222325u, name);
}

uint64_t
machine_rng_mix (uint64_t seed, uint64_t name, const char *purpose)
{
  return add_text (finish (finish (seed) ^ name), purpose);
}

double
machine_rng_uniform (machine_rng *rng)
{
  return (double) (machine_rng_next (rng) >> 11) * 0x1p-53;
}

/* The top bit is the sign; how many zeros follow tells the octave of the tail,
 * the next three bits the segment, the rest where in it. */
static float
normal_of (uint32_t bits)
{
  uint32_t     tail = (bits & 0x7fffffffu) | 1u;
  unsigned     lead = (unsigned) __builtin_clz (tail);
  uint32_t     rest = lead < 31 ? tail << (lead + 1) : 0;
  unsigned     octave = lead - 1;
  float        part, z;
  const float *q;

  if (octave >= OCTAVES)
    z = quantile[0];
  else
    {
      q = quantile + (OCTAVES - 1 - octave) * SEGMENTS + (rest >> 29);
      part = (float) ((rest << 3) >> 8) * 0x1p-24f;
      z = q[0] + (q[1] - q[0]) * part;
    }
  return bits >> 31 ? -z : z;
}

void
machine_rng_normals (machine_rng *rng, float out[2])
{
  uint64_t bits = machine_rng_next (rng);

  out[0] = normal_of ((uint32_t) (bits >> 32));
  out[1] = normal_of ((uint32_t) bits);
}

float
machine_rng_normal (machine_rng *rng)
{
  return normal_of ((uint32_t) (machine_rng_next (rng) >> 32));
}
