/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-mesh.h"
#include "twin-shape.h"

#include <math.h>
#include <string.h>

static const TwinMeshVertex *
vertex (const TwinMesh *mesh, unsigned corner)
{
  return &g_array_index (mesh->vertices, TwinMeshVertex,
                         g_array_index (mesh->indices, uint32_t, corner));
}

/* Six times the volume that the triangles enclose: positive when they face
 * outwards. */
static double
volume (const TwinMesh *mesh)
{
  double sum = 0;

  for (unsigned i = 0; i < mesh->indices->len; i += 3)
    {
      const float *a = vertex (mesh, i)->position;
      const float *b = vertex (mesh, i + 1)->position;
      const float *c = vertex (mesh, i + 2)->position;

      sum += a[0] * ((double) b[1] * c[2] - (double) b[2] * c[1]) +
             a[1] * ((double) b[2] * c[0] - (double) b[0] * c[2]) +
             a[2] * ((double) b[0] * c[1] - (double) b[1] * c[0]);
    }
  return sum / 6;
}

static void
test_box (void)
{
  const float min[3] = { 1, 2, 3 }, max[3] = { 3, 5, 4 };
  TwinMesh    mesh;

  twin_mesh_init (&mesh);
  twin_mesh_box (&mesh, min, max);
  twin_mesh_finish (&mesh, 0);
  g_assert_cmpfloat_with_epsilon (volume (&mesh), 6, 1e-4);
  g_assert_cmpuint (mesh.indices->len, ==, 12 * 3);
  g_assert_cmpuint (mesh.edges->len, ==, 12 * 4);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpfloat_with_epsilon (mesh.min[i], min[i], 1e-6);
      g_assert_cmpfloat_with_epsilon (mesh.max[i], max[i], 1e-6);
    }
  twin_mesh_clear (&mesh);
}

static void
test_lathe (void)
{
  const TwinMeshProfile profile[] = { { 0, 0 }, { 0, 1 }, { 2, 1 }, { 2, 0 } };
  const float           origin[3] = { 5, 1, 0 };

  for (int axis = 0; axis < 3; axis++)
    {
      const unsigned n = 64;
      TwinMesh       mesh;

      twin_mesh_init (&mesh);
      twin_mesh_lathe (&mesh, origin, axis, profile, G_N_ELEMENTS (profile), n);
      twin_mesh_finish (&mesh, 0);
      /* A prism over a regular polygon. */
      g_assert_cmpfloat_with_epsilon (volume (&mesh),
                                      2 * 0.5 * n * sin (2 * G_PI / n), 1e-3);
      g_assert_cmpfloat_with_epsilon (mesh.max[axis] - mesh.min[axis], 2, 1e-5);
      twin_mesh_clear (&mesh);
    }
}

static void
test_pipe (void)
{
  const float from[3] = { 1, 2, 3 }, to[3] = { 4, 2, 7 };
  TwinMesh    mesh;

  twin_mesh_init (&mesh);
  twin_mesh_pipe (&mesh, from, to, 0.1f, 48);
  twin_mesh_finish (&mesh, 0);
  g_assert_cmpfloat_with_epsilon (volume (&mesh), 5 * G_PI * 0.01, 1e-3);
  twin_mesh_clear (&mesh);
}

static void
test_ray_hits (void)
{
  const float min[3] = { -1, 0.5f, -1 }, max[3] = { 1, 2, 1 };
  const float above[3] = { 0.3f, 10, 0.2f }, aside[3] = { 1.2f, 10, 0 };
  const float down[3] = { 0, -1, 0 };
  TwinMesh    mesh;

  twin_mesh_init (&mesh);
  twin_mesh_box (&mesh, min, max);
  g_assert_cmpfloat_with_epsilon (twin_mesh_hit (&mesh, above, down), 8, 1e-4);
  g_assert_cmpfloat (twin_mesh_hit (&mesh, aside, down), <, 0);
  twin_mesh_clear (&mesh);
}

/* A block on a plate darkens the plate beside it, less so farther away. */
static void
test_occlusion (void)
{
  const float plate_min[3] = { -2, 0, -2 }, plate_max[3] = { 2, 0.1f, 2 };
  const float block_min[3] = { -0.5f, 0.1f, -0.5f };
  const float block_max[3] = { 0.5f, 1.1f, 0.5f };
  TwinMesh    mesh;
  int         beside = -1, away = -1;

  twin_mesh_init (&mesh);
  mesh.cell = 0.2f;
  twin_mesh_box (&mesh, plate_min, plate_max);
  mesh.cell = 0;
  twin_mesh_box (&mesh, block_min, block_max);
  twin_mesh_finish (&mesh, 32);
  for (unsigned i = 0; i < mesh.vertices->len; i++)
    {
      TwinMeshVertex *v = &g_array_index (mesh.vertices, TwinMeshVertex, i);

      if (v->normal[1] != 127 || v->position[1] > 0.2f ||
          fabsf (v->position[2]) > 0.01f)
        continue;
      if (fabsf (v->position[0] - 0.6f) < 0.01f)
        beside = v->look[1];
      if (fabsf (v->position[0] - 1.8f) < 0.01f)
        away = v->look[1];
    }
  g_assert_cmpint (away, >, 250);
  g_assert_cmpint (beside, >, 0);
  g_assert_cmpint (beside, <, away - 25);
  twin_mesh_clear (&mesh);
}

/* Every shape: normals agree with the way its triangles face, coarser levels
 * are cheaper, and each level fills the same place. */
static void
test_shapes (gconstpointer data)
{
  TwinSceneShape kind = (TwinSceneShape) GPOINTER_TO_INT (data);
  TwinShape      shape;
  unsigned       before = G_MAXUINT;

  twin_shape_build (&shape, kind);
  for (int level = 0; level < TWIN_SHAPE_LEVELS; level++)
    {
      const TwinMesh *mesh = &shape.body[level];

      g_assert_cmpuint (mesh->indices->len, <, before);
      before = mesh->indices->len;
      g_assert_cmpfloat (volume (mesh), >, 1.0);
      for (unsigned i = 0; i < mesh->indices->len; i += 3)
        {
          vec3 a, b, c, flat;

          memcpy (a, vertex (mesh, i)->position, sizeof a);
          memcpy (b, vertex (mesh, i + 1)->position, sizeof b);
          memcpy (c, vertex (mesh, i + 2)->position, sizeof c);
          glm_vec3_sub (b, a, b);
          glm_vec3_sub (c, a, c);
          glm_vec3_cross (b, c, flat);
          if (glm_vec3_norm (flat) < 1e-6f)
            continue;
          for (int k = 0; k < 3; k++)
            {
              const int8_t *n = vertex (mesh, i + k)->normal;
              vec3          normal = { n[0], n[1], n[2] };

              g_assert_cmpfloat (glm_vec3_dot (normal, flat), >, 0);
            }
        }
      for (int i = 0; i < 3; i++)
        {
          g_assert_cmpfloat (mesh->min[i], >=, shape.min[i]);
          g_assert_cmpfloat (mesh->max[i], <=, shape.max[i]);
        }
    }
  g_assert_cmpuint (shape.body[3].indices->len / 3, <, 120);
  g_assert_cmpuint (shape.rotor[0].indices->len, >, 0);
  twin_shape_clear (&shape);
}

int
main (int argc, char **argv)
{
  static const char *const names[TWIN_SCENE_N_SHAPES] = { "compressor", "pump",
                                                          "motor", "rig",
                                                          "generic" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scene/mesh/box", test_box);
  g_test_add_func ("/scene/mesh/lathe", test_lathe);
  g_test_add_func ("/scene/mesh/pipe", test_pipe);
  g_test_add_func ("/scene/mesh/ray-hits", test_ray_hits);
  g_test_add_func ("/scene/mesh/occlusion", test_occlusion);
  for (int i = 0; i < TWIN_SCENE_N_SHAPES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/scene/shape/%s", names[i]);

      g_test_add_data_func (path, GINT_TO_POINTER (i), test_shapes);
    }
  return g_test_run ();
}
