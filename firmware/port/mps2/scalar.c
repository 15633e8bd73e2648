/* SPDX-License-Identifier: Apache-2.0
 *
 * scalar.c - whole numbers modulo the order of Ed25519's group
 *
 * Bit by bit, like division on paper: slow beside libsodium's unrolled code
 * (40 thousand instructions where a signature takes millions), and 14 KB
 * smaller.
 */
#include "scalar.h"

#include "utils.h"

enum
{
  LIMBS = 8, /* of 32 bits */
};

/* 2^252 + 27742317777372353535851937790883648493 */
static const uint32_t order[LIMBS] = {
  0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de,
  0x00000000, 0x00000000, 0x00000000, 0x10000000,
};

static void
load (const uint8_t *from, unsigned limbs, uint32_t *out)
{
  for (unsigned i = 0; i < limbs; i++, from += 4)
    out[i] = from[0] | (uint32_t) from[1] << 8 | (uint32_t) from[2] << 16 |
             (uint32_t) from[3] << 24;
}

/* Twice @r plus @bit, less the order if that is not too much. */
static void
shift_in (uint32_t r[LIMBS], uint32_t bit)
{
  uint32_t less[LIMBS], keep;
  uint64_t borrow = 0;

  for (unsigned i = 0; i < LIMBS; i++)
    {
      uint32_t top = r[i] >> 31;

      r[i] = r[i] << 1 | bit;
      bit = top;
      borrow = (uint64_t) r[i] - order[i] - borrow;
      less[i] = (uint32_t) borrow;
      borrow = borrow >> 63;
    }
  keep = (uint32_t) - (int32_t) borrow;
  for (unsigned i = 0; i < LIMBS; i++)
    r[i] = (r[i] & keep) | (less[i] & ~keep);
}

static void
reduce (const uint32_t wide[2 * LIMBS], uint8_t out[32])
{
  uint32_t r[LIMBS] = { 0 };

  for (int bit = 2 * LIMBS * 32 - 1; bit >= 0; bit--)
    shift_in (r, wide[bit / 32] >> (bit % 32) & 1);
  for (unsigned i = 0; i < 32; i++)
    out[i] = (uint8_t) (r[i / 4] >> (8 * (i % 4)));
  sodium_memzero (r, sizeof r);
}

void
scalar_reduce (const uint8_t wide[64], uint8_t out[32])
{
  uint32_t limbs[2 * LIMBS];

  load (wide, 2 * LIMBS, limbs);
  reduce (limbs, out);
}

void
scalar_multiply_add (const uint8_t a[32],
                     const uint8_t b[32],
                     const uint8_t c[32],
                     uint8_t       out[32])
{
  uint32_t x[LIMBS], y[LIMBS], sum[2 * LIMBS] = { 0 };

  load (a, LIMBS, x);
  load (b, LIMBS, y);
  load (c, LIMBS, sum);
  for (unsigned i = 0; i < LIMBS; i++)
    {
      uint64_t carry = 0;

      for (unsigned j = 0; j < LIMBS; j++)
        {
          carry += (uint64_t) x[i] * y[j] + sum[i + j];
          sum[i + j] = (uint32_t) carry;
          carry >>= 32;
        }
      for (unsigned j = i + LIMBS; j < 2 * LIMBS; j++)
        {
          carry += sum[j];
          sum[j] = (uint32_t) carry;
          carry >>= 32;
        }
    }
  reduce (sum, out);
  sodium_memzero (x, sizeof x);
  sodium_memzero (y, sizeof y);
  sodium_memzero (sum, sizeof sum);
}
