/* SPDX-License-Identifier: Apache-2.0 */
/* twin-random.h - random draws that are the same every time
 *
 * For simulation, never for secrets: the same seed gives the same draws on
 * every machine. xorshift64* (Vigna 2016). A generator belongs to one thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct
{
  uint64_t state;
} TwinRandom;

/* Any @seed, 0 too; neighbouring seeds give unlike draws. */
void twin_random_init (TwinRandom *self, uint64_t seed);

/* Uniform in (0, 1), either end exclusive. */
double twin_random_uniform (TwinRandom *self);

/* Normal with mean 0 and standard deviation 1 (Box and Muller 1958). */
double twin_random_normal (TwinRandom *self);

G_END_DECLS
