/* SPDX-License-Identifier: Apache-2.0 */
/* twin-mesh.h - triangles and edges, put together from boxes and lathe parts
 *
 * A mesh is built on the CPU, finished once (which bakes ambient occlusion)
 * and constant afterwards. Lengths in metres. One thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>
#include <cglm/cglm.h>

G_BEGIN_DECLS

/* As the shaders read it. */
typedef struct
{
  float   position[3];
  int8_t  normal[4]; /* /127; [3] unused */
  uint8_t look[4];   /* [0] a TwinMeshPart, [1] openness: 255 = not occluded,
                      * [2] brightness, [3] unused */
} TwinMeshVertex;

/* A corner of the strip that draws an edge, four an edge: on its left and
 * right at one end, then at the other. An edge is drawn where its faces meet
 * sharply, or where one looks at the eye and the other does not. */
typedef struct
{
  float  position[3];
  float  other[3];    /* the other end */
  int8_t normal_a[4]; /* /127; [3]: 127 on a crease, 0 on a smooth surface */
  int8_t normal_b[4]; /* /127; [3]: 127 when fine: fades before the others */
  int8_t side[4];     /* [0]: 127 or -127 to the left or right of the way
                       * from this end to the other; [1]: of the edge */
} TwinMeshEdge;

typedef enum
{
  TWIN_MESH_PART_BODY,  /* takes the colour of the state */
  TWIN_MESH_PART_PLATE, /* stays grey */
} TwinMeshPart;

/* A point of a profile that turns about an axis. */
typedef struct
{
  float along;
  float radius;
} TwinMeshProfile;

typedef struct
{
  GArray *vertices;  /* TwinMeshVertex */
  GArray *indices;   /* uint32_t, three a triangle, counter-clockwise */
  GArray *edges;     /* TwinMeshEdge, four an edge */
  GArray *occluders; /* boxes around the solids; empty once finished */
  float   min[3];
  float   max[3];

  /* How the next solid is made. */
  TwinMeshPart part;
  float        brightness; /* 0 .. 1 */
  float        cell;       /* box faces are cut to cells of this size; 0: not */
  gboolean     with_edges;
  gboolean     fine; /* of a texture rather than a shape */
  mat4         transform;
} TwinMesh;

void twin_mesh_init (TwinMesh *mesh);
void twin_mesh_clear (TwinMesh *mesh);

void twin_mesh_box (TwinMesh *mesh, const float min[3], const float max[3]);

/* Turns a profile about the line from @origin along @axis (0 x, 1 y, 2 z). */
void twin_mesh_lathe (TwinMesh              *mesh,
                      const float            origin[3],
                      int                    axis,
                      const TwinMeshProfile *profile,
                      unsigned               n_points,
                      unsigned               n_segments);

/* A closed cylinder between two points. */
void twin_mesh_pipe (TwinMesh   *mesh,
                     const float from[3],
                     const float to[3],
                     float       radius,
                     unsigned    n_segments);

/* Bakes how open each vertex lies, seen against the other solids and the
 * floor; @rays (0 to 32) 0 leaves all open. Deterministic. */
void twin_mesh_finish (TwinMesh *mesh, unsigned rays);

/* Distance along a ray to the nearest front or back of a triangle, or a
 * negative number. */
float twin_mesh_hit (const TwinMesh *mesh,
                     const float     origin[3],
                     const float     direction[3]);

G_END_DECLS
