/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-camera.h"

#include <math.h>

static const float box_min[3] = { -12, 0, -30 };
static const float box_max[3] = { 14, 3, 5 };

static TwinCamera
camera_at_home (void)
{
  TwinCamera camera;

  twin_camera_init (&camera);
  twin_camera_set_viewport (&camera, 1280, 800);
  twin_camera_set_bounds (&camera, box_min, box_max);
  twin_camera_home (&camera, 0);
  twin_camera_advance (&camera, G_USEC_PER_SEC);
  return camera;
}

/* Looking level along -z from (0, 0, 10) the numbers can be had by hand. */
static void
test_matrices (void)
{
  TwinCamera camera;
  mat4       view;
  vec4       point = { 1, 2, 3, 1 };
  float      eye[3], x, y;
  float      middle[3] = { 0, 0, 0 };

  twin_camera_init (&camera);
  twin_camera_set_viewport (&camera, 800, 400);
  camera.pose = (TwinCameraPose){ { 0, 0, 0 }, 0, 0, 10 };
  twin_camera_eye (&camera, eye);
  g_assert_cmpfloat_with_epsilon (eye[0], 0, 1e-5);
  g_assert_cmpfloat_with_epsilon (eye[1], 0, 1e-5);
  g_assert_cmpfloat_with_epsilon (eye[2], 10, 1e-5);
  twin_camera_view (&camera, view);
  glm_mat4_mulv (view, point, point);
  g_assert_cmpfloat_with_epsilon (point[0], 1, 1e-5);
  g_assert_cmpfloat_with_epsilon (point[1], 2, 1e-5);
  g_assert_cmpfloat_with_epsilon (point[2], -7, 1e-5);
  g_assert_true (twin_camera_project (&camera, middle, &x, &y, NULL));
  g_assert_cmpfloat_with_epsilon (x, 400, 1e-2);
  g_assert_cmpfloat_with_epsilon (y, 200, 1e-2);

  /* A quarter turn to the right puts the eye on +x. */
  camera.pose.yaw = GLM_PI_2f;
  twin_camera_eye (&camera, eye);
  g_assert_cmpfloat_with_epsilon (eye[0], 10, 1e-4);
  g_assert_cmpfloat_with_epsilon (eye[2], 0, 1e-4);
}

static void
test_ray_meets_projection (void)
{
  TwinCamera   camera = camera_at_home ();
  GRand       *rand = g_rand_new_with_seed (7);
  const double tolerance = 0.02; /* px */

  for (int i = 0; i < 200; i++)
    {
      float   point[3], x, y, back_x, back_y;
      TwinRay ray;

      for (int k = 0; k < 3; k++)
        point[k] = (float) g_rand_double_range (rand, box_min[k], box_max[k]);
      g_assert_true (twin_camera_project (&camera, point, &x, &y, NULL));
      ray = twin_camera_ray (&camera, x, y);
      for (int k = 0; k < 3; k++)
        point[k] = ray.origin[k] + 25 * ray.direction[k];
      g_assert_true (
          twin_camera_project (&camera, point, &back_x, &back_y, NULL));
      g_assert_cmpfloat_with_epsilon (back_x, x, tolerance);
      g_assert_cmpfloat_with_epsilon (back_y, y, tolerance);
    }
  g_rand_free (rand);
}

/* Fit is exact: every corner inside, and two opposite sides touched. */
static void
test_fit_fills_the_view (void)
{
  TwinCamera camera = camera_at_home ();
  float      inset[4] = { 10, 60, 20, 30 };
  float      left = INFINITY, top = INFINITY, right = 0, bottom = 0;

  for (int i = 0; i < 4; i++)
    camera.inset[i] = inset[i];
  twin_camera_fit (&camera, 0);
  twin_camera_advance (&camera, G_USEC_PER_SEC);
  for (int corner = 0; corner < 8; corner++)
    {
      float p[3] = { corner & 1 ? box_max[0] : box_min[0],
                     corner & 2 ? box_max[1] : box_min[1],
                     corner & 4 ? box_max[2] : box_min[2] };
      float x, y;

      g_assert_true (twin_camera_project (&camera, p, &x, &y, NULL));
      left = fminf (left, x);
      right = fmaxf (right, x);
      top = fminf (top, y);
      bottom = fmaxf (bottom, y);
    }
  g_assert_cmpfloat (left, >=, inset[0] - 0.1f);
  g_assert_cmpfloat (top, >=, inset[1] - 0.1f);
  g_assert_cmpfloat (right, <=, 1280 - inset[2] + 0.1f);
  g_assert_cmpfloat (bottom, <=, 800 - inset[3] + 0.1f);
  g_assert_true ((left < inset[0] + 1 && right > 1280 - inset[2] - 1) ||
                 (top < inset[1] + 1 && bottom > 800 - inset[3] - 1));
}

/* Where a ray meets the floor. */
static void
floor_at (const TwinCamera *camera, float x, float y, float out[2])
{
  TwinRay ray = twin_camera_ray (camera, x, y);
  float   t = -ray.origin[1] / ray.direction[1];

  out[0] = ray.origin[0] + t * ray.direction[0];
  out[1] = ray.origin[2] + t * ray.direction[2];
}

static void
test_zoom_keeps_the_point (void)
{
  TwinCamera camera = camera_at_home ();
  float      before[2], after[2], distance = camera.pose.distance;

  floor_at (&camera, 500, 450, before);
  twin_camera_zoom (&camera, 2, 500, 450, 0);
  for (int64_t t = 0; t <= 200; t += 40)
    {
      twin_camera_advance (&camera, t * 1000);
      floor_at (&camera, 500, 450, after);
      g_assert_cmpfloat_with_epsilon (after[0], before[0], 0.02);
      g_assert_cmpfloat_with_epsilon (after[1], before[1], 0.02);
    }
  g_assert_cmpfloat_with_epsilon (camera.pose.distance, distance / 2, 1e-3);
}

static void
test_pan_moves_the_floor (void)
{
  TwinCamera camera = camera_at_home ();
  float      before[2], after[2];

  floor_at (&camera, 640, 400, before);
  twin_camera_pan (&camera, 30, -20);
  floor_at (&camera, 670, 380, after);
  g_assert_cmpfloat_with_epsilon (after[0], before[0], 0.05);
  g_assert_cmpfloat_with_epsilon (after[1], before[1], 0.05);
}

static void
test_limits (void)
{
  TwinCamera camera = camera_at_home ();

  twin_camera_orbit (&camera, 0, 10);
  g_assert_cmpfloat (camera.pose.pitch, <=, 1.50f);
  twin_camera_orbit (&camera, 0, -10);
  g_assert_cmpfloat (camera.pose.pitch, >=, 0.10f);
  twin_camera_zoom (&camera, 1e9f, 640, 400, 0);
  twin_camera_advance (&camera, G_USEC_PER_SEC);
  g_assert_cmpfloat (camera.pose.distance, >=, 3);
  for (int i = 0; i < 200; i++)
    twin_camera_pan (&camera, 500, 500);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpfloat (camera.pose.target[i], >=, box_min[i]);
      g_assert_cmpfloat (camera.pose.target[i], <=, box_max[i]);
    }
  twin_camera_zoom (&camera, 1e-9f, 640, 400, 0);
  twin_camera_advance (&camera, G_USEC_PER_SEC);
  g_assert_true (isfinite (camera.pose.distance));
  twin_camera_zoom (&camera, NAN, 640, 400, 0);
  g_assert_true (isfinite (camera.pose.distance));
}

static void
test_motion_follows_time (void)
{
  TwinCamera many = camera_at_home (), once = many;

  twin_camera_zoom (&many, 1.7f, 300, 300, 0);
  twin_camera_zoom (&once, 1.7f, 300, 300, 0);
  for (int64_t t = 0; t <= 90000; t += 1000)
    twin_camera_advance (&many, t);
  g_assert_true (twin_camera_advance (&once, 90000));
  g_assert_cmpmem (&many.pose, sizeof many.pose, &once.pose, sizeof once.pose);
  g_assert_false (twin_camera_advance (&once, G_USEC_PER_SEC));
  g_assert_cmpint (once.duration_us, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scene/camera/matrices", test_matrices);
  g_test_add_func ("/scene/camera/ray-meets-projection",
                   test_ray_meets_projection);
  g_test_add_func ("/scene/camera/fit-fills-the-view", test_fit_fills_the_view);
  g_test_add_func ("/scene/camera/zoom-keeps-the-point",
                   test_zoom_keeps_the_point);
  g_test_add_func ("/scene/camera/pan-moves-the-floor",
                   test_pan_moves_the_floor);
  g_test_add_func ("/scene/camera/limits", test_limits);
  g_test_add_func ("/scene/camera/motion-follows-time",
                   test_motion_follows_time);
  return g_test_run ();
}
