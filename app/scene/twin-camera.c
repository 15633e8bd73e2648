/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-camera.h"

#include <math.h>
#include <string.h>

#define FIELD_OF_VIEW                                                          \
  0.45f /* vertical, rad: little convergence, as drawings                      \
         */
#define PITCH_MIN 0.10f
#define PITCH_MAX 1.50f
#define DISTANCE_MIN 3.0f
#define ZOOM_US (180 * 1000)
#define MOVE_US (350 * 1000)

static const float home_yaw = -0.56f;
static const float home_pitch = 0.68f;

typedef struct
{
  vec3 right, up, forward;
} Basis;

static Basis
pose_basis (const TwinCameraPose *pose)
{
  float sy = sinf (pose->yaw), cy = cosf (pose->yaw);
  float sp = sinf (pose->pitch), cp = cosf (pose->pitch);

  return (Basis){ .right = { cy, 0, -sy },
                  .up = { -sy * sp, cp, -cy * sp },
                  .forward = { -sy * cp, -sp, -cy * cp } };
}

static void
pose_eye (const TwinCameraPose *pose, float eye[3])
{
  Basis basis = pose_basis (pose);

  for (int i = 0; i < 3; i++)
    eye[i] = pose->target[i] - basis.forward[i] * pose->distance;
}

static float
bounds_diagonal (const TwinCamera *camera)
{
  float sum = 0;

  for (int i = 0; i < 3; i++)
    {
      float d = camera->bounds_max[i] - camera->bounds_min[i];
      sum += d * d;
    }
  return sqrtf (sum);
}

static void
limit (const TwinCamera *camera, TwinCameraPose *pose)
{
  float far_limit = fmaxf (30.0f, 4.0f * bounds_diagonal (camera));

  pose->pitch = glm_clamp (pose->pitch, PITCH_MIN, PITCH_MAX);
  pose->distance = glm_clamp (pose->distance, DISTANCE_MIN, far_limit);
  pose->yaw = remainderf (pose->yaw, 2 * GLM_PIf);
  for (int i = 0; i < 3; i++)
    pose->target[i] = glm_clamp (pose->target[i], camera->bounds_min[i],
                                 camera->bounds_max[i]);
}

void
twin_camera_init (TwinCamera *camera)
{
  memset (camera, 0, sizeof *camera);
  camera->width = camera->height = 1;
  for (int i = 0; i < 3; i++)
    {
      camera->bounds_min[i] = i == 1 ? 0 : -10;
      camera->bounds_max[i] = i == 1 ? 3 : 10;
    }
  camera->pose.yaw = home_yaw;
  camera->pose.pitch = home_pitch;
  camera->pose.distance = 40;
  camera->from = camera->to = camera->pose;
}

void
twin_camera_set_viewport (TwinCamera *camera, int width, int height)
{
  camera->width = MAX (1, width);
  camera->height = MAX (1, height);
}

void
twin_camera_set_bounds (TwinCamera *camera,
                        const float min[3],
                        const float max[3])
{
  memcpy (camera->bounds_min, min, sizeof camera->bounds_min);
  memcpy (camera->bounds_max, max, sizeof camera->bounds_max);
}

static void
jump (TwinCamera *camera)
{
  limit (camera, &camera->pose);
  camera->from = camera->to = camera->pose;
  camera->duration_us = 0;
}

void
twin_camera_orbit (TwinCamera *camera, float yaw, float pitch)
{
  camera->pose.yaw += yaw;
  camera->pose.pitch += pitch;
  jump (camera);
}

static gboolean
floor_point (const TwinCamera *camera, float x, float y, float point[3])
{
  TwinRay ray = twin_camera_ray (camera, x, y);
  float   t;

  if (ray.direction[1] > -1e-3f)
    return FALSE;
  t = -ray.origin[1] / ray.direction[1];
  if (t <= 0)
    return FALSE;
  for (int i = 0; i < 3; i++)
    point[i] = ray.origin[i] + t * ray.direction[i];
  return TRUE;
}

void
twin_camera_pan (TwinCamera *camera, float dx, float dy)
{
  float cx = camera->width / 2, cy = camera->height / 2;
  float before[3], after[3];

  if (!floor_point (camera, cx, cy, before) ||
      !floor_point (camera, cx - dx, cy - dy, after))
    return;
  camera->pose.target[0] += after[0] - before[0];
  camera->pose.target[2] += after[2] - before[2];
  jump (camera);
}

void
twin_camera_go (TwinCamera           *camera,
                const TwinCameraPose *pose,
                int64_t               now_us,
                int64_t               duration_us)
{
  TwinCameraPose to = *pose;

  limit (camera, &to);
  if (duration_us <= 0)
    {
      camera->pose = to;
      jump (camera);
      return;
    }
  twin_camera_advance (camera, now_us);
  camera->from = camera->pose;
  camera->to = to;
  camera->start_us = now_us;
  camera->duration_us = duration_us;
}

void
twin_camera_zoom (TwinCamera *camera,
                  float       factor,
                  float       x,
                  float       y,
                  int64_t     now_us)
{
  TwinCamera     end = *camera;
  TwinCameraPose pose = camera->to;
  float          point[3];
  float          ratio;

  if (!(factor > 0))
    return;
  end.pose = camera->to;
  pose.distance /= factor;
  limit (camera, &pose);
  ratio = pose.distance / camera->to.distance;
  if (floor_point (&end, x, y, point))
    for (int i = 0; i < 3; i += 2)
      pose.target[i] = point[i] + (camera->to.target[i] - point[i]) * ratio;
  twin_camera_go (camera, &pose, now_us, ZOOM_US);
}

/* The nearest eye, looking along @pose, from which the box fills the viewport
 * less its insets. In the camera's basis each side of the frustum bounds the
 * eye linearly, so the answer is exact. */
static void
fit_box (const TwinCamera *camera,
         TwinCameraPose   *pose,
         const float       min[3],
         const float       max[3])
{
  Basis basis = pose_basis (pose);
  float tan_y = tanf (FIELD_OF_VIEW / 2);
  float tan_x = tan_y * camera->width / camera->height;
  float side[2][2] = {
    { tan_x * (1 - 2 * camera->inset[0] / camera->width),
      tan_x * (1 - 2 * camera->inset[2] / camera->width) },
    { tan_y * (1 - 2 * camera->inset[3] / camera->height),
      tan_y * (1 - 2 * camera->inset[1] / camera->height) },
  };
  float low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
  float forward = INFINITY, across[2], eye[3];

  for (int axis = 0; axis < 2; axis++)
    for (int end = 0; end < 2; end++)
      side[axis][end] = fmaxf (side[axis][end], 0.2f * tan_y);

  for (int corner = 0; corner < 8; corner++)
    {
      vec3 p = { corner & 1 ? max[0] : min[0], corner & 2 ? max[1] : min[1],
                 corner & 4 ? max[2] : min[2] };
      float depth = glm_vec3_dot (p, basis.forward);
      float at[2] = { glm_vec3_dot (p, basis.right),
                      glm_vec3_dot (p, basis.up) };

      for (int axis = 0; axis < 2; axis++)
        {
          low[axis] = fminf (low[axis], at[axis] + depth * side[axis][0]);
          high[axis] = fmaxf (high[axis], at[axis] - depth * side[axis][1]);
        }
    }
  for (int axis = 0; axis < 2; axis++)
    forward = fminf (forward, (low[axis] - high[axis]) /
                                  (side[axis][0] + side[axis][1]));
  for (int axis = 0; axis < 2; axis++)
    across[axis] = 0.5f * (low[axis] - forward * side[axis][0] + high[axis] +
                           forward * side[axis][1]);
  for (int i = 0; i < 3; i++)
    eye[i] = basis.right[i] * across[0] + basis.up[i] * across[1] +
             basis.forward[i] * forward;
  pose->distance =
      fmaxf (DISTANCE_MIN, eye[1] / fmaxf (0.05f, sinf (pose->pitch)));
  for (int i = 0; i < 3; i++)
    pose->target[i] = eye[i] + basis.forward[i] * pose->distance;
}

void
twin_camera_fit (TwinCamera *camera, int64_t now_us)
{
  TwinCameraPose pose = camera->to;

  fit_box (camera, &pose, camera->bounds_min, camera->bounds_max);
  twin_camera_go (camera, &pose, now_us, MOVE_US);
}

void
twin_camera_home (TwinCamera *camera, int64_t now_us)
{
  TwinCameraPose pose = camera->to;

  pose.yaw = home_yaw;
  pose.pitch = home_pitch;
  fit_box (camera, &pose, camera->bounds_min, camera->bounds_max);
  twin_camera_go (camera, &pose, now_us, MOVE_US);
}

void
twin_camera_show (TwinCamera *camera,
                  const float min[3],
                  const float max[3],
                  int64_t     now_us)
{
  TwinCameraPose pose = camera->to;

  for (int i = 0; i < 3; i++)
    pose.target[i] = i == 1 ? 0 : 0.5f * (min[i] + max[i]);
  twin_camera_go (camera, &pose, now_us, MOVE_US);
}

static float
ease (float t)
{
  return 1 - powf (1 - t, 3);
}

gboolean
twin_camera_advance (TwinCamera *camera, int64_t now_us)
{
  TwinCameraPose *from = &camera->from, *to = &camera->to;
  float           t, along, turn;

  if (camera->duration_us == 0)
    return FALSE;
  if (now_us >= camera->start_us + camera->duration_us)
    {
      camera->pose = *to;
      jump (camera);
      return FALSE;
    }
  t = ease ((float) MAX (0, now_us - camera->start_us) / camera->duration_us);

  /* The target follows the distance, so that a zoom keeps its point fixed. */
  camera->pose.distance =
      from->distance * powf (to->distance / from->distance, t);
  along = fabsf (to->distance - from->distance) > 1e-3f * to->distance
              ? (camera->pose.distance - from->distance) /
                    (to->distance - from->distance)
              : t;
  for (int i = 0; i < 3; i++)
    camera->pose.target[i] =
        from->target[i] + along * (to->target[i] - from->target[i]);
  turn = remainderf (to->yaw - from->yaw, 2 * GLM_PIf);
  camera->pose.yaw = from->yaw + t * turn;
  camera->pose.pitch = from->pitch + t * (to->pitch - from->pitch);
  return TRUE;
}

void
twin_camera_eye (const TwinCamera *camera, float eye[3])
{
  pose_eye (&camera->pose, eye);
}

void
twin_camera_view (const TwinCamera *camera, mat4 view)
{
  Basis basis = pose_basis (&camera->pose);
  vec3  eye;

  pose_eye (&camera->pose, eye);
  glm_look (eye, basis.forward, basis.up, view);
}

void
twin_camera_projection (const TwinCamera *camera, mat4 projection)
{
  float far_plane = camera->pose.distance + 2 * bounds_diagonal (camera);

  glm_perspective (FIELD_OF_VIEW, camera->width / camera->height,
                   fmaxf (0.1f, camera->pose.distance * 0.05f), far_plane,
                   projection);
}

TwinRay
twin_camera_ray (const TwinCamera *camera, float x, float y)
{
  Basis   basis = pose_basis (&camera->pose);
  float   tan_y = tanf (FIELD_OF_VIEW / 2);
  float   tan_x = tan_y * camera->width / camera->height;
  float   right = (2 * x / camera->width - 1) * tan_x;
  float   up = (1 - 2 * y / camera->height) * tan_y;
  float   length = sqrtf (1 + right * right + up * up);
  TwinRay ray;

  pose_eye (&camera->pose, ray.origin);
  for (int i = 0; i < 3; i++)
    ray.direction[i] =
        (basis.forward[i] + basis.right[i] * right + basis.up[i] * up) / length;
  return ray;
}

void
twin_camera_view_projection (const TwinCamera *camera, mat4 matrix)
{
  mat4 view;

  twin_camera_view (camera, view);
  twin_camera_projection (camera, matrix);
  glm_mat4_mul (matrix, view, matrix);
}

gboolean
twin_camera_project (const TwinCamera *camera,
                     const float       point[3],
                     float            *x,
                     float            *y,
                     float            *depth)
{
  mat4 matrix;

  twin_camera_view_projection (camera, matrix);
  return twin_camera_project_with (camera, matrix, point, x, y, depth);
}

gboolean
twin_camera_project_with (const TwinCamera *camera,
                          mat4              matrix,
                          const float       point[3],
                          float            *x,
                          float            *y,
                          float            *depth)
{
  vec4 p = { point[0], point[1], point[2], 1 };

  glm_mat4_mulv (matrix, p, p);
  if (p[3] <= 0)
    return FALSE;
  *x = (p[0] / p[3] + 1) * 0.5f * camera->width;
  *y = (1 - p[1] / p[3]) * 0.5f * camera->height;
  if (depth != NULL)
    *depth = (p[2] / p[3] + 1) * 0.5f;
  return TRUE;
}
