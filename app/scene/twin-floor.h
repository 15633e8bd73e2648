/* SPDX-License-Identifier: Apache-2.0 */
/* twin-floor.h - the floor, its lanes and what stands around the machines
 *
 * Pure geometry in metres, built from rows and machines. One thread.
 */
#pragma once

#include "twin-mesh.h"
#include "twin-scene.h"

G_BEGIN_DECLS

/* As floor.vert reads it. */
typedef struct
{
  float x, z;
  float data[3]; /* [0] 1 on a lane; or u, v of a text */
} TwinFloorVertex;

typedef struct
{
  float    x0, z0, x1, z1; /* of the floor */
  GArray  *vertices;       /* TwinFloorVertex: floor, lanes, then the texts */
  unsigned n_plain;        /* vertices before the texts; six a text */
  TwinMesh scenery;        /* walls, columns, pipe racks */
} TwinFloor;

/* Height of the tallest thing that is not a machine. */
#define TWIN_FLOOR_HEIGHT 3.2f

/* @area: what the floor has to hold, x0, z0, x1, z1. */
void twin_floor_build (TwinFloor          *floor,
                       const float         area[4],
                       const TwinSceneRow *rows,
                       unsigned            n_rows);
void twin_floor_clear (TwinFloor *floor);

G_END_DECLS
