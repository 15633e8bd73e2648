/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-mesh.h"

#include <math.h>
#include <string.h>

#define CREASE_COS 0.80f       /* faces that meet at more than 37° */
#define OCCLUSION_REACH 0.9f   /* m */
#define OCCLUSION_START 0.012f /* m off the surface */

typedef struct
{
  float    min[3];
  float    max[3];
  uint32_t first_vertex; /* of the solid it stands for */
  uint32_t end_vertex;
} Occluder;

void
twin_mesh_init (TwinMesh *mesh)
{
  memset (mesh, 0, sizeof *mesh);
  mesh->vertices = g_array_new (FALSE, FALSE, sizeof (TwinMeshVertex));
  mesh->indices = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  mesh->edges = g_array_new (FALSE, FALSE, sizeof (TwinMeshEdge));
  mesh->occluders = g_array_new (FALSE, FALSE, sizeof (Occluder));
  mesh->brightness = 1;
  mesh->with_edges = TRUE;
  glm_mat4_identity (mesh->transform);
  for (int i = 0; i < 3; i++)
    {
      mesh->min[i] = INFINITY;
      mesh->max[i] = -INFINITY;
    }
}

void
twin_mesh_clear (TwinMesh *mesh)
{
  g_clear_pointer (&mesh->vertices, g_array_unref);
  g_clear_pointer (&mesh->indices, g_array_unref);
  g_clear_pointer (&mesh->edges, g_array_unref);
  g_clear_pointer (&mesh->occluders, g_array_unref);
}

static void
pack_normal (const float normal[3], int8_t packed[4])
{
  for (int i = 0; i < 3; i++)
    packed[i] = (int8_t) lrintf (glm_clamp (normal[i], -1, 1) * 127);
  packed[3] = 0;
}

static void
to_mesh (TwinMesh *mesh, const float point[3], float w, float out[3])
{
  vec4 p = { point[0], point[1], point[2], w };

  glm_mat4_mulv (mesh->transform, p, p);
  memcpy (out, p, 3 * sizeof *out);
}

static uint32_t
add_vertex (TwinMesh *mesh, const float position[3], const float normal[3])
{
  TwinMeshVertex vertex = { .look = { mesh->part, 255,
                                      (uint8_t) (mesh->brightness * 255), 0 } };
  vec3           turned;

  to_mesh (mesh, position, 1, vertex.position);
  to_mesh (mesh, normal, 0, turned);
  pack_normal (turned, vertex.normal);
  for (int i = 0; i < 3; i++)
    {
      mesh->min[i] = fminf (mesh->min[i], vertex.position[i]);
      mesh->max[i] = fmaxf (mesh->max[i], vertex.position[i]);
    }
  g_array_append_val (mesh->vertices, vertex);
  return mesh->vertices->len - 1;
}

static void
add_triangle (TwinMesh *mesh, uint32_t a, uint32_t b, uint32_t c)
{
  uint32_t triangle[3] = { a, b, c };

  g_array_append_vals (mesh->indices, triangle, 3);
}

static void
add_edge (TwinMesh   *mesh,
          const float from[3],
          const float to[3],
          const float normal_a[3],
          const float normal_b[3])
{
  TwinMeshEdge corner = { 0 };
  vec3         a, b, ends[2];
  float        cosine;

  if (!mesh->with_edges)
    return;
  to_mesh (mesh, normal_a, 0, a);
  to_mesh (mesh, normal_b, 0, b);
  cosine = glm_vec3_dot (a, b);
  if (cosine > 0.999f)
    return;
  pack_normal (a, corner.normal_a);
  pack_normal (b, corner.normal_b);
  corner.normal_a[3] = cosine < CREASE_COS ? 127 : 0;
  corner.normal_b[3] = mesh->fine ? 127 : 0;
  to_mesh (mesh, from, 1, ends[0]);
  to_mesh (mesh, to, 1, ends[1]);
  for (int i = 0; i < 4; i++)
    {
      /* Left of the way there is right of the way back. */
      memcpy (corner.position, ends[i / 2], sizeof corner.position);
      memcpy (corner.other, ends[1 - i / 2], sizeof corner.other);
      corner.side[1] = i % 2 == 0 ? 127 : -127;
      corner.side[0] = i / 2 == 0 ? corner.side[1] : -corner.side[1];
      g_array_append_val (mesh->edges, corner);
    }
}

static void
end_solid (TwinMesh *mesh, uint32_t first_vertex)
{
  Occluder box = { .first_vertex = first_vertex,
                   .end_vertex = mesh->vertices->len };

  for (int i = 0; i < 3; i++)
    {
      box.min[i] = INFINITY;
      box.max[i] = -INFINITY;
    }
  for (uint32_t v = first_vertex; v < mesh->vertices->len; v++)
    {
      TwinMeshVertex *vertex =
          &g_array_index (mesh->vertices, TwinMeshVertex, v);

      for (int i = 0; i < 3; i++)
        {
          box.min[i] = fminf (box.min[i], vertex->position[i]);
          box.max[i] = fmaxf (box.max[i], vertex->position[i]);
        }
    }
  g_array_append_val (mesh->occluders, box);
}

static void
box_face (TwinMesh   *mesh,
          const float min[3],
          const float max[3],
          int         axis,
          gboolean    upper)
{
  int      u = (axis + 1) % 3, v = (axis + 2) % 3;
  vec3     normal = { 0 };
  unsigned n[2] = { 1, 1 };
  uint32_t first = mesh->vertices->len;

  normal[axis] = upper ? 1 : -1;
  if (mesh->cell > 0)
    {
      n[0] = MAX (1, (unsigned) ceilf ((max[u] - min[u]) / mesh->cell));
      n[1] = MAX (1, (unsigned) ceilf ((max[v] - min[v]) / mesh->cell));
    }
  for (unsigned j = 0; j <= n[1]; j++)
    for (unsigned i = 0; i <= n[0]; i++)
      {
        vec3 p;

        p[axis] = upper ? max[axis] : min[axis];
        p[u] = min[u] + (max[u] - min[u]) * i / n[0];
        p[v] = min[v] + (max[v] - min[v]) * j / n[1];
        add_vertex (mesh, p, normal);
      }
  for (unsigned j = 0; j < n[1]; j++)
    for (unsigned i = 0; i < n[0]; i++)
      {
        uint32_t a = first + j * (n[0] + 1) + i, b = a + 1;
        uint32_t c = a + n[0] + 1, d = c + 1;

        add_triangle (mesh, a, upper ? b : d, upper ? d : b);
        add_triangle (mesh, a, upper ? d : c, upper ? c : d);
      }
}

void
twin_mesh_box (TwinMesh *mesh, const float min[3], const float max[3])
{
  uint32_t first_vertex = mesh->vertices->len;

  for (int axis = 0; axis < 3; axis++)
    {
      /* Nobody sees the underside of what stands on the floor. */
      if (axis != 1 || min[1] > 0.01f)
        box_face (mesh, min, max, axis, FALSE);
      box_face (mesh, min, max, axis, TRUE);
    }
  for (int axis = 0; axis < 3; axis++)
    for (int side = 0; side < 4; side++)
      {
        int  u = (axis + 1) % 3, v = (axis + 2) % 3;
        vec3 from, to, normal_u = { 0 }, normal_v = { 0 };

        from[axis] = min[axis];
        to[axis] = max[axis];
        from[u] = to[u] = side & 1 ? max[u] : min[u];
        from[v] = to[v] = side & 2 ? max[v] : min[v];
        normal_u[u] = side & 1 ? 1 : -1;
        normal_v[v] = side & 2 ? 1 : -1;
        add_edge (mesh, from, to, normal_u, normal_v);
      }
  end_solid (mesh, first_vertex);
}

/* The point of a profile at an angle, in the axes of its lathe. */
static void
lathe_point (const float            origin[3],
             int                    axis,
             const TwinMeshProfile *at,
             float                  angle,
             float                  point[3])
{
  int u = (axis + 1) % 3, v = (axis + 2) % 3;

  point[axis] = origin[axis] + at->along;
  point[u] = origin[u] + at->radius * cosf (angle);
  point[v] = origin[v] + at->radius * sinf (angle);
}

static void
lathe_normal (int axis, const float flat[2], float angle, float normal[3])
{
  int u = (axis + 1) % 3, v = (axis + 2) % 3;

  normal[axis] = flat[0];
  normal[u] = flat[1] * cosf (angle);
  normal[v] = flat[1] * sinf (angle);
}

/* Normal of one stretch of a profile: { along, outwards }. */
static void
profile_normal (const TwinMeshProfile *a, const TwinMeshProfile *b, float n[2])
{
  float along = b->along - a->along, out = b->radius - a->radius;
  float length = sqrtf (along * along + out * out);

  n[0] = length > 0 ? -out / length : 0;
  n[1] = length > 0 ? along / length : 1;
}

/* The normal at one end of stretch @i, shared with its neighbour where the
 * surface goes on smoothly. */
static void
profile_end_normal (const TwinMeshProfile *profile,
                    unsigned               n_points,
                    unsigned               i,
                    gboolean               upper,
                    float                  n[2])
{
  float    other[2], length;
  unsigned neighbour = upper ? i + 1 : i - 1;

  profile_normal (&profile[i], &profile[i + 1], n);
  if ((!upper && i == 0) || (upper && i + 2 >= n_points))
    return;
  profile_normal (&profile[neighbour], &profile[neighbour + 1], other);
  if (n[0] * other[0] + n[1] * other[1] < CREASE_COS)
    return;
  n[0] += other[0];
  n[1] += other[1];
  length = sqrtf (n[0] * n[0] + n[1] * n[1]);
  n[0] /= length;
  n[1] /= length;
}

typedef struct
{
  const float           *origin;
  int                    axis;
  const TwinMeshProfile *profile;
  unsigned               n_points;
  unsigned               n_segments;
} Lathe;

static void
lathe_surface (TwinMesh *mesh, const Lathe *lathe, unsigned i)
{
  const TwinMeshProfile *p = lathe->profile;
  float                  low[2], high[2];
  uint32_t               first = mesh->vertices->len;

  profile_end_normal (p, lathe->n_points, i, FALSE, low);
  profile_end_normal (p, lathe->n_points, i, TRUE, high);
  for (unsigned s = 0; s <= lathe->n_segments; s++)
    {
      float angle = 2 * GLM_PIf * s / lathe->n_segments;
      vec3  point, normal;

      lathe_point (lathe->origin, lathe->axis, &p[i], angle, point);
      lathe_normal (lathe->axis, low, angle, normal);
      add_vertex (mesh, point, normal);
      lathe_point (lathe->origin, lathe->axis, &p[i + 1], angle, point);
      lathe_normal (lathe->axis, high, angle, normal);
      add_vertex (mesh, point, normal);
    }
  for (unsigned s = 0; s < lathe->n_segments; s++)
    {
      uint32_t a = first + 2 * s;

      if (p[i].radius > 0)
        add_triangle (mesh, a, a + 2, a + 1);
      if (p[i + 1].radius > 0)
        add_triangle (mesh, a + 1, a + 2, a + 3);
    }
}

static void
lathe_edges (TwinMesh *mesh, const Lathe *lathe, unsigned i)
{
  const TwinMeshProfile *p = lathe->profile;
  float                  step = 2 * GLM_PIf / lathe->n_segments;
  float                  flat[2], next[2];
  gboolean               ring = i + 2 < lathe->n_points;

  profile_normal (&p[i], &p[i + 1], flat);
  if (ring)
    profile_normal (&p[i + 1], &p[i + 2], next);
  for (unsigned s = 0; s < lathe->n_segments; s++)
    {
      vec3 from, to, a, b;

      lathe_point (lathe->origin, lathe->axis, &p[i], s * step, from);
      lathe_point (lathe->origin, lathe->axis, &p[i + 1], s * step, to);
      lathe_normal (lathe->axis, flat, (s - 0.5f) * step, a);
      lathe_normal (lathe->axis, flat, (s + 0.5f) * step, b);
      add_edge (mesh, from, to, a, b);
      if (!ring || p[i + 1].radius <= 0)
        continue;
      lathe_point (lathe->origin, lathe->axis, &p[i + 1], (s + 1) * step, from);
      lathe_normal (lathe->axis, next, (s + 0.5f) * step, a);
      add_edge (mesh, from, to, a, b);
    }
}

void
twin_mesh_lathe (TwinMesh              *mesh,
                 const float            origin[3],
                 int                    axis,
                 const TwinMeshProfile *profile,
                 unsigned               n_points,
                 unsigned               n_segments)
{
  Lathe    lathe = { origin, axis, profile, n_points, n_segments };
  uint32_t first_vertex = mesh->vertices->len;

  for (unsigned i = 0; i + 1 < n_points; i++)
    {
      lathe_surface (mesh, &lathe, i);
      lathe_edges (mesh, &lathe, i);
    }
  end_solid (mesh, first_vertex);
}

void
twin_mesh_pipe (TwinMesh   *mesh,
                const float from[3],
                const float to[3],
                float       radius,
                unsigned    n_segments)
{
  vec3            start = { from[0], from[1], from[2] };
  vec3            way = { to[0] - from[0], to[1] - from[1], to[2] - from[2] };
  float           length = glm_vec3_norm (way);
  TwinMeshProfile profile[4] = {
    { 0, 0 }, { 0, radius }, { length, radius }, { length, 0 }
  };
  vec3   z = { 0, 0, 1 }, zero = { 0, 0, 0 };
  mat4   saved, turn;
  versor rotation;

  g_return_if_fail (length > 0);
  glm_mat4_copy (mesh->transform, saved);
  glm_vec3_scale (way, 1 / length, way);
  glm_quat_from_vecs (z, way, rotation);
  glm_quat_mat4 (rotation, turn);
  glm_translate (mesh->transform, start);
  glm_mat4_mul (mesh->transform, turn, mesh->transform);
  twin_mesh_lathe (mesh, zero, 2, profile, 4, n_segments);
  glm_mat4_copy (saved, mesh->transform);
}

/* Where a ray enters a box, up to the reach; beyond that, the reach. */
static float
enter_box (const Occluder *box, const float origin[3], const float way[3])
{
  float near = 0, far = OCCLUSION_REACH;

  for (int i = 0; i < 3; i++)
    {
      float inverse = 1 / (fabsf (way[i]) > 1e-6f ? way[i] : 1e-6f);
      float a = (box->min[i] - origin[i]) * inverse;
      float b = (box->max[i] - origin[i]) * inverse;

      near = fmaxf (near, fminf (a, b));
      far = fminf (far, fmaxf (a, b));
    }
  return near < far ? near : OCCLUSION_REACH;
}

#define RAYS_MAX 32

/* Evenly spread directions about +y, weighted by the cosine. */
static void
hemisphere (unsigned n, float ways[][3])
{
  for (unsigned i = 0; i < n; i++)
    {
      float height = sqrtf ((i + 0.5f) / n);
      float around = i * 2.399963f;
      float flat = sqrtf (1 - height * height);

      ways[i][0] = flat * cosf (around);
      ways[i][1] = height;
      ways[i][2] = flat * sinf (around);
    }
}

static float
openness (const TwinMesh *mesh,
          uint32_t        v,
          const float     ways[][3],
          unsigned        rays)
{
  const TwinMeshVertex *vertex =
      &g_array_index (mesh->vertices, TwinMeshVertex, v);
  vec3  up = { 0, 1, 0 }, across = { 1, 0, 0 }, normal, origin, u, v3;
  float open = 0;

  for (int i = 0; i < 3; i++)
    {
      normal[i] = vertex->normal[i] / 127.0f;
      origin[i] = vertex->position[i] + normal[i] * OCCLUSION_START;
    }
  glm_vec3_cross (fabsf (normal[1]) < 0.9f ? up : across, normal, u);
  glm_vec3_normalize (u);
  glm_vec3_cross (normal, u, v3);
  for (unsigned r = 0; r < rays; r++)
    {
      float way[3], nearest = OCCLUSION_REACH;

      for (int i = 0; i < 3; i++)
        way[i] =
            u[i] * ways[r][0] + normal[i] * ways[r][1] + v3[i] * ways[r][2];
      if (way[1] < -1e-3f)
        nearest = fminf (nearest, fmaxf (0, -origin[1] / way[1]));
      for (unsigned o = 0; o < mesh->occluders->len; o++)
        {
          Occluder *box = &g_array_index (mesh->occluders, Occluder, o);

          if (v < box->first_vertex || v >= box->end_vertex)
            nearest = fminf (nearest, enter_box (box, origin, way));
        }
      open += nearest / OCCLUSION_REACH;
    }
  return open / rays;
}

void
twin_mesh_finish (TwinMesh *mesh, unsigned rays)
{
  float ways[RAYS_MAX][3];

  g_return_if_fail (rays <= RAYS_MAX);
  hemisphere (rays, ways);
  for (uint32_t v = 0; rays > 0 && v < mesh->vertices->len; v++)
    {
      float open = openness (mesh, v, ways, rays);

      g_array_index (mesh->vertices, TwinMeshVertex, v).look[1] =
          (uint8_t) lrintf (open * 255);
    }
  g_array_set_size (mesh->occluders, 0);
}

float
twin_mesh_hit (const TwinMesh *mesh,
               const float     origin[3],
               const float     direction[3])
{
  const TwinMeshVertex *vertices =
      (const TwinMeshVertex *) mesh->vertices->data;
  const uint32_t *indices = (const uint32_t *) mesh->indices->data;
  float           nearest = -1;
  vec3            o = { origin[0], origin[1], origin[2] };
  vec3            d = { direction[0], direction[1], direction[2] };

  for (unsigned i = 0; i + 2 < mesh->indices->len; i += 3)
    {
      vec3  a, b, c;
      float t;

      memcpy (a, vertices[indices[i]].position, sizeof a);
      memcpy (b, vertices[indices[i + 1]].position, sizeof b);
      memcpy (c, vertices[indices[i + 2]].position, sizeof c);
      if (glm_ray_triangle (o, d, a, b, c, &t) && (nearest < 0 || t < nearest))
        nearest = t;
    }
  return nearest;
}
