/* SPDX-License-Identifier: Apache-2.0 */
/* twin-pick.h - a grid over the floor that finds what a ray meets
 *
 * Built in linear time from places, walked cell by cell from the eye. One
 * thread.
 */
#pragma once

#include "twin-camera.h"

G_BEGIN_DECLS

typedef struct
{
  float     x0, z0; /* m, corner of cell 0,0 */
  float     cell;   /* m */
  unsigned  n_x, n_z;
  uint32_t *starts;  /* n_x * n_z + 1 */
  uint32_t *members; /* instance numbers, by cell */
} TwinPickGrid;

/* A disc on the floor that holds an instance. */
typedef struct
{
  float x, z;
  float radius;
} TwinPickDisc;

void twin_pick_grid_build (TwinPickGrid       *grid,
                           const TwinPickDisc *discs,
                           unsigned            n_discs);
void twin_pick_grid_clear (TwinPickGrid *grid);

/* Distance along the ray to instance @index, or a negative number. */
typedef float (*TwinPickTest) (unsigned       index,
                               const TwinRay *ray,
                               gpointer       user_data);

/* The nearest instance the test finds among those whose disc lies under the
 * part of the ray below @height metres; G_MAXUINT when there is none. */
unsigned twin_pick_grid_find (const TwinPickGrid *grid,
                              const TwinRay      *ray,
                              float               height,
                              TwinPickTest        test,
                              gpointer            user_data);

/* Where a ray enters a box; negative when it misses. */
float twin_pick_box (const TwinRay *ray,
                     const float    min[3],
                     const float    max[3]);

G_END_DECLS
