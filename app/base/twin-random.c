/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-random.h"

#include <math.h>

void
twin_random_init (TwinRandom *self, uint64_t seed)
{
  /* splitmix64's finaliser (Steele et al. 2014): spreads near seeds. */
  seed += UINT64_C (0x9e3779b97f4a7c15);
  seed = (seed ^ (seed >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  seed = (seed ^ (seed >> 27)) * UINT64_C (0x94d049bb133111eb);
  seed ^= seed >> 31;
  self->state = seed != 0 ? seed : 1;
}

double
twin_random_uniform (TwinRandom *self)
{
  self->state ^= self->state >> 12;
  self->state ^= self->state << 25;
  self->state ^= self->state >> 27;
  return ((double) ((self->state * UINT64_C (2685821657736338717)) >> 11) +
          0.5) /
         9007199254740992.0;
}

double
twin_random_normal (TwinRandom *self)
{
  double radius = sqrt (-2 * log (twin_random_uniform (self)));

  return radius * cos (2 * G_PI * twin_random_uniform (self));
}
