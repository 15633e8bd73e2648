/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-pick.h"

#include <math.h>
#include <string.h>

#define MAX_CELLS 1048576u

static void
cell_range (const TwinPickGrid *grid, const TwinPickDisc *disc, int range[4])
{
  float r = disc->radius;

  range[0] = (int) ((disc->x - r - grid->x0) / grid->cell);
  range[1] = (int) ((disc->z - r - grid->z0) / grid->cell);
  range[2] = (int) ((disc->x + r - grid->x0) / grid->cell);
  range[3] = (int) ((disc->z + r - grid->z0) / grid->cell);
  for (int i = 0; i < 4; i++)
    range[i] = CLAMP (range[i], 0, (int) (i & 1 ? grid->n_z : grid->n_x) - 1);
}

static void
measure (TwinPickGrid *grid, const TwinPickDisc *discs, unsigned n)
{
  float x1 = -INFINITY, z1 = -INFINITY, largest = 0.5f;

  grid->x0 = grid->z0 = INFINITY;
  for (unsigned i = 0; i < n; i++)
    {
      float r = discs[i].radius;

      grid->x0 = fminf (grid->x0, discs[i].x - r);
      grid->z0 = fminf (grid->z0, discs[i].z - r);
      x1 = fmaxf (x1, discs[i].x + r);
      z1 = fmaxf (z1, discs[i].z + r);
      largest = fmaxf (largest, r);
    }
  grid->cell = 2 * largest;
  while (((x1 - grid->x0) / grid->cell + 1) *
             ((z1 - grid->z0) / grid->cell + 1) >
         MAX_CELLS)
    grid->cell *= 2;
  grid->n_x = (unsigned) ((x1 - grid->x0) / grid->cell) + 1;
  grid->n_z = (unsigned) ((z1 - grid->z0) / grid->cell) + 1;
}

void
twin_pick_grid_build (TwinPickGrid       *grid,
                      const TwinPickDisc *discs,
                      unsigned            n_discs)
{
  unsigned n_cells;

  twin_pick_grid_clear (grid);
  if (n_discs == 0)
    return;
  measure (grid, discs, n_discs);
  n_cells = grid->n_x * grid->n_z;
  grid->starts = g_new0 (uint32_t, n_cells + 1);

  /* Count, sum up, fill from the back: each start ends where it belongs. */
  for (int fill = 0; fill < 2; fill++)
    {
      for (unsigned i = 0; i < n_discs; i++)
        {
          int r[4];

          cell_range (grid, &discs[i], r);
          for (int z = r[1]; z <= r[3]; z++)
            for (int x = r[0]; x <= r[2]; x++)
              {
                uint32_t *start = &grid->starts[z * (int) grid->n_x + x];

                if (fill)
                  grid->members[--*start] = i;
                else
                  ++*start;
              }
        }
      if (fill)
        continue;
      for (unsigned c = 1; c <= n_cells; c++)
        grid->starts[c] += grid->starts[c - 1];
      grid->members = g_new (uint32_t, grid->starts[n_cells]);
    }
}

void
twin_pick_grid_clear (TwinPickGrid *grid)
{
  g_free (grid->starts);
  g_free (grid->members);
  memset (grid, 0, sizeof *grid);
}

float
twin_pick_box (const TwinRay *ray, const float min[3], const float max[3])
{
  float near = 0, far = INFINITY;

  for (int i = 0; i < 3; i++)
    {
      float way = ray->direction[i];
      float inverse = 1 / (fabsf (way) > 1e-9f ? way : 1e-9f);
      float a = (min[i] - ray->origin[i]) * inverse;
      float b = (max[i] - ray->origin[i]) * inverse;

      near = fmaxf (near, fminf (a, b));
      far = fminf (far, fmaxf (a, b));
    }
  return near <= far ? near : -1;
}

typedef struct
{
  int   at[2];     /* cell */
  int   step[2];   /* -1 or 1 */
  float next[2];   /* distance along the ray to the next border */
  float across[2]; /* distance along the ray through one cell */
} Walk;

static void
walk_start (const TwinPickGrid *grid, const TwinRay *ray, float t, Walk *walk)
{
  const float corner[2] = { grid->x0, grid->z0 };
  const int   n[2] = { (int) grid->n_x, (int) grid->n_z };

  for (int i = 0; i < 2; i++)
    {
      float way = ray->direction[2 * i], origin = ray->origin[2 * i];
      float place = (origin + t * way - corner[i]) / grid->cell;

      walk->at[i] = CLAMP ((int) floorf (place), 0, n[i] - 1);
      walk->step[i] = way < 0 ? -1 : 1;
      if (fabsf (way) < 1e-9f)
        {
          walk->next[i] = walk->across[i] = INFINITY;
          continue;
        }
      walk->across[i] = grid->cell / fabsf (way);
      walk->next[i] =
          (corner[i] + (walk->at[i] + (way > 0)) * grid->cell - origin) / way;
    }
}

unsigned
twin_pick_grid_find (const TwinPickGrid *grid,
                     const TwinRay      *ray,
                     float               height,
                     TwinPickTest        test,
                     gpointer            user_data)
{
  const float min[3] = { grid->x0, 0, grid->z0 };
  const float max[3] = { grid->x0 + grid->n_x * grid->cell, height,
                         grid->z0 + grid->n_z * grid->cell };
  unsigned    found = G_MAXUINT;
  float       nearest = INFINITY, t;
  Walk        walk;

  if (grid->starts == NULL || (t = twin_pick_box (ray, min, max)) < 0)
    return found;
  walk_start (grid, ray, t, &walk);
  while (t <= nearest && walk.at[0] >= 0 && walk.at[0] < (int) grid->n_x &&
         walk.at[1] >= 0 && walk.at[1] < (int) grid->n_z &&
         ray->origin[1] + t * ray->direction[1] >= -1e-3f)
    {
      unsigned cell = walk.at[1] * grid->n_x + walk.at[0];
      int      axis = walk.next[0] < walk.next[1] ? 0 : 1;

      for (uint32_t m = grid->starts[cell]; m < grid->starts[cell + 1]; m++)
        {
          float hit = test (grid->members[m], ray, user_data);

          if (hit >= 0 && hit < nearest)
            {
              nearest = hit;
              found = grid->members[m];
            }
        }
      t = walk.next[axis];
      walk.next[axis] += walk.across[axis];
      walk.at[axis] += walk.step[axis];
    }
  return found;
}
