/* SPDX-License-Identifier: Apache-2.0
 *
 * rng.h - random numbers of the simulation: one stream a purpose
 */
#ifndef RNG_H
#define RNG_H

#include <stdint.h>

typedef struct
{
  uint64_t s[4];
} machine_rng;

void machine_rng_seed (machine_rng *rng, uint64_t seed);

/* A number for the @name of a node. */
uint64_t machine_rng_name (const char *name);

/* A seed of its own for each @purpose, @name and @seed: neighbours whose seeds
 * are equal or differ by one share nothing. */
uint64_t machine_rng_mix (uint64_t seed, uint64_t name, const char *purpose);

uint64_t machine_rng_next (machine_rng *rng);
double   machine_rng_uniform (machine_rng *rng); /* 0 to 1 */

/* Gaussian, mean 0, variance 1, kurtosis 3, up to 5: two from one draw. */
void  machine_rng_normals (machine_rng *rng, float out[2]);
float machine_rng_normal (machine_rng *rng);

#endif
