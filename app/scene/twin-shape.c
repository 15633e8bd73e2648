/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-shape.h"

#include <math.h>
#include <string.h>

/* Segments of a turned part by level. */
static const unsigned segments_of[TWIN_SHAPE_LEVELS] = { 24, 16, 6, 5 };

/* What one level of one shape is made with. */
typedef struct
{
  TwinMesh  *body;
  TwinMesh  *rotor;
  unsigned   level;
  unsigned   segments;
  TwinShape *shape;
} Maker;

#define PLATE_TOP 0.16f

static void
box (TwinMesh *mesh, float x0, float y0, float z0, float x1, float y1, float z1)
{
  float min[3] = { x0, y0, z0 }, max[3] = { x1, y1, z1 };

  twin_mesh_box (mesh, min, max);
}

static void
plate (Maker *maker, float half_width, float back, float front)
{
  TwinMesh *mesh = maker->body;

  mesh->part = TWIN_MESH_PART_PLATE;
  mesh->cell = maker->level == 0 ? 0.18f : maker->level == 1 ? 0.45f : 0;
  box (mesh, -half_width, 0, back, half_width, PLATE_TOP, front);
  mesh->part = TWIN_MESH_PART_BODY;
  mesh->cell = maker->level == 0 ? 0.4f : 0;
}

/* A cylinder along an axis, its ends chamfered on the finest level. */
static void
drum (TwinMesh    *mesh,
      const Maker *maker,
      int          axis,
      const float  at[3],
      float        length,
      float        radius)
{
  float           c = fminf (0.05f, 0.15f * radius);
  TwinMeshProfile fine[] = { { 0, 0 },
                             { 0, radius - c },
                             { c, radius },
                             { length - c, radius },
                             { length, radius - c },
                             { length, 0 } };
  TwinMeshProfile plain[] = {
    { 0, 0 }, { 0, radius }, { length, radius }, { length, 0 }
  };

  if (maker->level == 0)
    twin_mesh_lathe (mesh, at, axis, fine, G_N_ELEMENTS (fine),
                     maker->segments);
  else
    twin_mesh_lathe (mesh, at, axis, plain, G_N_ELEMENTS (plain),
                     maker->segments);
}

/* The ribbed stator housing of a motor. */
static void
ribs (const Maker *maker, const float at[3], float length, float radius)
{
  enum
  {
    N_RIBS = 6
  };
  TwinMeshProfile profile[4 * N_RIBS + 4];
  unsigned        n = 0;
  float           pitch = length / N_RIBS;

  if (maker->level > 1)
    {
      drum (maker->body, maker, 2, at, length, radius);
      return;
    }
  profile[n++] = (TwinMeshProfile){ 0, 0 };
  for (unsigned i = 0; i < N_RIBS; i++)
    {
      float z = i * pitch;

      profile[n++] = (TwinMeshProfile){ z, radius * 0.93f };
      if (maker->level > 0)
        {
          profile[n++] = (TwinMeshProfile){ z + 0.5f * pitch, radius };
          continue;
        }
      profile[n++] = (TwinMeshProfile){ z + 0.30f * pitch, radius * 0.93f };
      profile[n++] = (TwinMeshProfile){ z + 0.42f * pitch, radius };
      profile[n++] = (TwinMeshProfile){ z + 0.88f * pitch, radius };
    }
  profile[n++] = (TwinMeshProfile){ length, radius * 0.93f };
  profile[n++] = (TwinMeshProfile){ length, 0 };
  maker->body->fine = TRUE;
  twin_mesh_lathe (maker->body, at, 2, profile, n, maker->segments);
  maker->body->fine = FALSE;
}

/* The cowl at the free end of a motor: a ring around a dark recess in which
 * the fan turns. */
static void
cowl (const Maker *maker, float y, float z, float radius)
{
  float           at[3] = { 0, y, z };
  float           rim = radius * 0.80f;
  TwinMesh       *mesh = maker->body;
  TwinMeshProfile ring[] = { { 0, radius * 0.97f },
                             { 0.16f, radius },
                             { 0.30f, radius * 0.92f },
                             { 0.31f, rim },
                             { 0.14f, rim * 0.97f } };
  TwinMeshProfile recess[] = { { 0.14f, rim * 0.97f }, { 0.14f, 0 } };

  if (maker->level > 1)
    return;
  twin_mesh_lathe (mesh, at, 2, ring, G_N_ELEMENTS (ring), maker->segments);
  mesh->brightness = 0.52f;
  twin_mesh_lathe (mesh, at, 2, recess, G_N_ELEMENTS (recess), maker->segments);
  mesh->brightness = 1;
}

/* Blades about the shaft; the rotor's mesh has the shaft at y = 0. */
static void
fan (const Maker *maker, float z, float radius)
{
  TwinMesh *mesh = maker->rotor;
  float     at[3] = { 0, 0, z };
  unsigned  n_blades = maker->level == 0 ? 7 : maker->level == 1 ? 5 : 3;

  if (maker->level > 2)
    return;
  if (maker->level < 2)
    drum (mesh, maker, 2, at, 0.10f, radius * 0.26f);
  mesh->brightness = 0.92f;
  for (unsigned i = 0; i < n_blades; i++)
    {
      vec3 z_axis = { 0, 0, 1 }, x_axis = { 1, 0, 0 };
      vec3 place = { 0, 0, z + 0.05f };

      glm_mat4_identity (mesh->transform);
      glm_translate (mesh->transform, place);
      glm_rotate (mesh->transform, 2 * GLM_PIf * i / n_blades, z_axis);
      glm_rotate (mesh->transform, 0.5f, x_axis);
      box (mesh, radius * 0.2f, -radius * 0.15f, -0.012f, radius * 0.94f,
           radius * 0.15f, 0.012f);
    }
  glm_mat4_identity (mesh->transform);
  mesh->brightness = 1;
}

/* A flanged coupling with bolts, so that its turning is seen. */
static void
coupling (const Maker *maker, float z, float length, float radius)
{
  TwinMesh       *mesh = maker->rotor;
  float           at[3] = { 0, 0, z };
  float           shaft = radius * 0.45f, flange = length * 0.3f;
  TwinMeshProfile profile[] = { { 0, shaft },
                                { length * 0.5f - flange, shaft },
                                { length * 0.5f - flange, radius },
                                { length * 0.5f + flange, radius },
                                { length * 0.5f + flange, shaft },
                                { length, shaft } };

  if (maker->level > 1)
    return;
  twin_mesh_lathe (mesh, at, 2, profile, G_N_ELEMENTS (profile),
                   maker->segments);
  if (maker->level > 0)
    return;
  mesh->brightness = 0.6f;
  for (unsigned i = 0; i < 4; i++)
    {
      vec3 z_axis = { 0, 0, 1 };

      glm_mat4_identity (mesh->transform);
      glm_rotate (mesh->transform, GLM_PIf / 2 * i, z_axis);
      box (mesh, radius * 0.72f, -0.05f, z + length * 0.5f - flange - 0.03f,
           radius * 1.06f, 0.05f, z + length * 0.5f + flange + 0.03f);
    }
  glm_mat4_identity (mesh->transform);
  mesh->brightness = 1;
}

/* A spoked flywheel. */
static void
flywheel (const Maker *maker, float z, float width, float radius)
{
  TwinMesh       *mesh = maker->rotor;
  float           at[3] = { 0, 0, z };
  TwinMeshProfile rim[] = { { 0, radius * 0.82f },
                            { 0, radius },
                            { width, radius },
                            { width, radius * 0.82f },
                            { 0, radius * 0.82f } };

  if (maker->level > 1)
    return;
  mesh->brightness = 0.84f;
  twin_mesh_lathe (mesh, at, 2, rim, G_N_ELEMENTS (rim),
                   MAX (maker->segments, 8));
  drum (mesh, maker, 2, at, width * 1.1f, radius * 0.25f);
  for (unsigned i = 0; i < 5; i++)
    {
      vec3 z_axis = { 0, 0, 1 };

      glm_mat4_identity (mesh->transform);
      glm_rotate (mesh->transform, 2 * GLM_PIf / 5 * i, z_axis);
      box (mesh, radius * 0.2f, -0.045f, z + width * 0.25f, radius * 0.85f,
           0.045f, z + width * 0.75f);
    }
  glm_mat4_identity (mesh->transform);
  mesh->brightness = 1;
}

/* A motor from @z towards the viewer. */
static void
motor (const Maker *maker, float z, float length, float radius)
{
  TwinMesh *mesh = maker->body;
  float     y = maker->shape->shaft_height;
  float     bell[3] = { 0, y, z }, housing[3] = { 0, y, z + 0.14f };
  float     end = z + 0.14f + length;

  if (maker->level == 0)
    drum (mesh, maker, 2, bell, 0.14f, radius * 0.86f);
  ribs (maker, housing, maker->level > 1 ? length + 0.16f : length, radius);
  cowl (maker, y, end, radius);
  fan (maker, end + 0.17f, radius * 0.74f);
  if (maker->level > 1)
    return;
  box (mesh, -radius * 0.75f, PLATE_TOP, housing[2] + 0.1f * length,
       radius * 0.75f, y - radius * 0.6f, housing[2] + 0.3f * length);
  box (mesh, -radius * 0.75f, PLATE_TOP, housing[2] + 0.7f * length,
       radius * 0.75f, y - radius * 0.6f, housing[2] + 0.9f * length);
  /* The terminal box, up on the right shoulder. */
  box (mesh, radius * 0.45f, y + radius * 0.45f, housing[2] + 0.28f * length,
       radius * 1.05f, y + radius * 1.08f, housing[2] + 0.72f * length);
}

static void
pipe_up (const Maker *maker,
         float        x,
         float        z,
         float        from,
         float        to,
         float        radius)
{
  float           at[3] = { x, from, z };
  float           height = to - from;
  TwinMeshProfile profile[] = { { 0, 0 },
                                { 0, radius },
                                { height - 0.16f, radius },
                                { height - 0.16f, radius * 1.7f },
                                { height, radius * 1.7f },
                                { height, 0 } };

  if (maker->level > 1)
    drum (maker->body, maker, 1, at, height, radius);
  else
    twin_mesh_lathe (maker->body, at, 1, profile, G_N_ELEMENTS (profile),
                     maker->segments);
}

static void
make_compressor (Maker *maker)
{
  TwinMesh *mesh = maker->body;
  float     tank[3] = { -0.45f, PLATE_TOP + 0.10f, -1.25f };
  float     head[3] = { 0.02f, 1.42f, -0.42f };
  float from[3] = { 0.02f, 2.12f, -0.42f }, to[3] = { 0.02f, 2.42f, -1.98f };
  float riser[3] = { 0.02f, 1.9f, -0.42f };
  TwinMeshProfile dome[] = { { 0, 0 },         { 0, 0.34f },
                             { 0.08f, 0.42f }, { 1.30f, 0.42f },
                             { 1.44f, 0.38f }, { 1.54f, 0.26f },
                             { 1.58f, 0.10f }, { 1.585f, 0 } };
  TwinMeshProfile rings[] = { { 0, 0.30f },     { 0.10f, 0.30f },
                              { 0.10f, 0.40f }, { 0.18f, 0.40f },
                              { 0.18f, 0.34f }, { 0.34f, 0.34f },
                              { 0.34f, 0.42f }, { 0.50f, 0.42f },
                              { 0.50f, 0 } };

  maker->shape->shaft_height = 0.82f;
  plate (maker, 0.95f, -1.75f, 1.85f);
  if (maker->level > 1)
    drum (mesh, maker, 1, tank, 1.5f, 0.40f);
  else
    {
      twin_mesh_lathe (mesh, tank, 1, dome, G_N_ELEMENTS (dome),
                       maker->segments);
      box (mesh, -0.78f, PLATE_TOP, -1.5f, -0.12f, PLATE_TOP + 0.12f, -1.0f);
    }
  box (mesh, -0.52f, PLATE_TOP, -0.92f, 0.56f, 1.42f, 0.10f);
  if (maker->level < 2)
    {
      twin_mesh_lathe (mesh, head, 1, rings, G_N_ELEMENTS (rings),
                       maker->segments);
      twin_mesh_pipe (mesh, riser, from, 0.10f, maker->segments / 2);
      twin_mesh_pipe (mesh, from, to, 0.085f, maker->segments / 2);
      box (mesh, -0.88f, PLATE_TOP, 0.62f, -0.58f, 0.98f, 1.12f);
    }
  else
    drum (mesh, maker, 1, head, 0.5f, 0.40f);
  flywheel (maker, 0.16f, 0.13f, 0.52f);
  coupling (maker, 0.10f, 0.34f, 0.2f);
  motor (maker, 0.42f, 0.86f, 0.44f);
}

static void
make_pump (Maker *maker)
{
  TwinMesh *mesh = maker->body;
  float     volute[3] = { 0, 0.74f, -0.95f }, suction[3] = { 0, 0.74f, -1.38f };
  TwinMeshProfile casing[] = { { 0, 0 },         { 0, 0.44f },
                               { 0.07f, 0.54f }, { 0.16f, 0.57f },
                               { 0.26f, 0.54f }, { 0.34f, 0.42f },
                               { 0.40f, 0.26f }, { 0.66f, 0.22f },
                               { 0.66f, 0 } };
  TwinMeshProfile inlet[] = {
    { 0, 0 }, { 0, 0.36f }, { 0.10f, 0.36f }, { 0.10f, 0.22f }, { 0.45f, 0.22f }
  };

  maker->shape->shaft_height = 0.74f;
  plate (maker, 0.72f, -1.45f, 1.55f);
  if (maker->level > 1)
    drum (mesh, maker, 2, volute, 0.5f, 0.55f);
  else
    twin_mesh_lathe (mesh, volute, 2, casing, G_N_ELEMENTS (casing),
                     maker->segments);
  pipe_up (maker, 0.12f, -0.78f, 0.9f, 1.86f, 0.17f);
  if (maker->level < 2)
    {
      twin_mesh_lathe (mesh, suction, 2, inlet, G_N_ELEMENTS (inlet),
                       maker->segments);
      box (mesh, -0.4f, PLATE_TOP, -0.9f, 0.4f, 0.34f, -0.62f);
      box (mesh, -0.2f, PLATE_TOP, -0.5f, 0.2f, 0.56f, -0.36f);
    }
  coupling (maker, -0.29f, 0.44f, 0.21f);
  motor (maker, 0.12f, 0.74f, 0.37f);
}

static void
make_motor (Maker *maker)
{
  TwinMesh       *mesh = maker->body;
  float           y = 0.86f;
  TwinMeshProfile collar[] = { { 0, 0.30f },     { 0, 0.52f },
                               { 0.10f, 0.52f }, { 0.10f, 0.44f },
                               { 0.16f, 0.44f }, { 0.16f, 0.30f } };
  float           inlet[3] = { 0.66f, 1.0f, -0.84f };

  maker->shape->shaft_height = y;
  plate (maker, 0.98f, -1.5f, 1.7f);
  /* The extraction fan's housing with a flanged outlet on top. */
  box (mesh, -0.68f, PLATE_TOP, -1.34f, 0.68f, 1.56f, -0.34f);
  if (maker->level < 2)
    {
      box (mesh, -0.76f, 1.56f, -1.42f, 0.76f, 1.66f, -0.26f);
      mesh->brightness = 0.55f;
      box (mesh, -0.52f, 1.66f, -1.20f, 0.52f, 1.67f, -0.48f);
      mesh->brightness = 1;
      twin_mesh_lathe (mesh, inlet, 0, collar, G_N_ELEMENTS (collar),
                       maker->segments);
    }
  coupling (maker, -0.34f, 0.46f, 0.24f);
  motor (maker, 0.08f, 0.92f, 0.52f);
}

static void
make_rig (Maker *maker)
{
  TwinMesh *mesh = maker->body;
  float     y = 0.74f;
  float     brake[3] = { 0, y, -1.3f }, housing[3] = { 0, y, -0.36f };

  maker->shape->shaft_height = y;
  plate (maker, 0.8f, -1.5f, 1.6f);
  drum (mesh, maker, 2, brake, 0.62f, 0.46f);
  if (maker->level < 2)
    {
      box (mesh, -0.34f, PLATE_TOP, -1.2f, 0.34f, 0.42f, -0.8f);
      drum (mesh, maker, 2, housing, 0.24f, 0.24f);
      box (mesh, -0.22f, PLATE_TOP, -0.34f, 0.22f, 0.62f, -0.14f);
      box (mesh, 0.42f, PLATE_TOP, -0.55f, 0.72f, 1.25f, 0.05f);
    }
  flywheel (maker, -0.60f, 0.10f, 0.36f);
  coupling (maker, -0.70f, 0.36f, 0.16f);
  coupling (maker, -0.12f, 0.30f, 0.18f);
  motor (maker, 0.16f, 0.76f, 0.38f);
}

static void
make_generic (Maker *maker)
{
  TwinMesh *mesh = maker->body;

  maker->shape->shaft_height = 0.78f;
  plate (maker, 0.8f, -1.4f, 1.6f);
  box (mesh, -0.56f, PLATE_TOP, -1.2f, 0.56f, 1.28f, -0.3f);
  if (maker->level < 2)
    box (mesh, -0.44f, 1.28f, -1.08f, 0.44f, 1.40f, -0.42f);
  coupling (maker, -0.3f, 0.44f, 0.22f);
  motor (maker, 0.1f, 0.8f, 0.42f);
}

/* A machine of a few pixels: what the next finer level fills, in blocks. */
static void
make_speck (Maker *maker)
{
  const TwinMesh *finer = maker->body - 1;
  float           front = finer->max[2] - 0.15f;

  plate (maker, finer->max[0], finer->min[2], finer->max[2]);
  box (maker->body, -0.5f, PLATE_TOP, finer->min[2] + 0.35f, 0.5f,
       finer->max[1] * 0.8f, -0.2f);
  box (maker->body, -0.38f, PLATE_TOP + 0.2f, 0.15f, 0.38f,
       maker->shape->shaft_height + 0.38f, front);
}

static void
include (TwinShape *shape, const TwinMesh *mesh, float lift)
{
  if (mesh->vertices->len == 0)
    return;
  /* A rotor turns about its shaft: its box is round. */
  for (int i = 0; i < 3; i++)
    {
      float by = i == 1 ? lift : 0;

      shape->min[i] = fminf (shape->min[i], mesh->min[i] + by);
      shape->max[i] = fmaxf (shape->max[i], mesh->max[i] + by);
    }
}

void
twin_shape_build (TwinShape *shape, TwinSceneShape kind)
{
  static void (*const make[TWIN_SCENE_N_SHAPES]) (Maker *) = {
    [TWIN_SCENE_SHAPE_COMPRESSOR] = make_compressor,
    [TWIN_SCENE_SHAPE_PUMP] = make_pump,
    [TWIN_SCENE_SHAPE_MOTOR] = make_motor,
    [TWIN_SCENE_SHAPE_RIG] = make_rig,
    [TWIN_SCENE_SHAPE_GENERIC] = make_generic,
  };
  float diagonal = 0;

  memset (shape, 0, sizeof *shape);
  for (int i = 0; i < 3; i++)
    {
      shape->min[i] = INFINITY;
      shape->max[i] = -INFINITY;
    }
  for (unsigned level = 0; level < TWIN_SHAPE_LEVELS; level++)
    {
      Maker maker = { &shape->body[level], &shape->rotor[level], level,
                      segments_of[level], shape };

      twin_mesh_init (maker.body);
      twin_mesh_init (maker.rotor);
      maker.body->with_edges = maker.rotor->with_edges = level < 2;
      if (level == TWIN_SHAPE_LEVELS - 1)
        make_speck (&maker);
      else
        make[kind](&maker);
      twin_mesh_finish (maker.body, level == 0 ? 20 : level == 1 ? 10 : 6);
      twin_mesh_finish (maker.rotor, 0);
      include (shape, maker.body, 0);
      include (shape, maker.rotor, shape->shaft_height);
    }
  for (int i = 0; i < 3; i++)
    {
      float side =
          i == 1 ? shape->max[1] / 2 : fmaxf (-shape->min[i], shape->max[i]);

      diagonal += side * side;
      shape->top[i] = i == 1 ? shape->body[0].max[1] * 0.8f : 0;
      shape->label[i] = i == 2 ? shape->max[2] + 0.35f : 0;
    }
  shape->radius = sqrtf (diagonal);
}

void
twin_shape_clear (TwinShape *shape)
{
  for (unsigned level = 0; level < TWIN_SHAPE_LEVELS; level++)
    {
      twin_mesh_clear (&shape->body[level]);
      twin_mesh_clear (&shape->rotor[level]);
    }
}
