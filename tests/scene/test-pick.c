/* SPDX-License-Identifier: Apache-2.0 */
#include "scene-fixture.h"
#include "twin-pick.h"

#include <math.h>

typedef struct
{
  TwinPickDisc *discs;
  unsigned      n;
  unsigned      tests;
} Balls;

/* A ball on the floor in place of each machine. */
static float
hit_ball (unsigned index, const TwinRay *ray, gpointer user_data)
{
  Balls              *balls = user_data;
  const TwinPickDisc *d = &balls->discs[index];
  float o[3] = { ray->origin[0] - d->x, ray->origin[1] - d->radius,
                 ray->origin[2] - d->z };
  float b = 0, c = -d->radius * d->radius, root;

  balls->tests++;
  for (int i = 0; i < 3; i++)
    {
      b += o[i] * ray->direction[i];
      c += o[i] * o[i];
    }
  root = b * b - c;
  return root < 0 || -b - sqrtf (root) < 0 ? -1 : -b - sqrtf (root);
}

static unsigned
nearest_of_all (Balls *balls, const TwinRay *ray)
{
  unsigned found = G_MAXUINT;
  float    nearest = INFINITY;

  for (unsigned i = 0; i < balls->n; i++)
    {
      float t = hit_ball (i, ray, balls);

      if (t >= 0 && t < nearest)
        {
          nearest = t;
          found = i;
        }
    }
  return found;
}

static void
test_same_as_all (void)
{
  guint32      seed = g_test_rand_int ();
  GRand       *rand = g_rand_new_with_seed (seed);
  TwinPickGrid grid = { 0 };
  Balls        balls = { .n = 400 };
  unsigned     hits = 0;

  g_test_message ("seed %u", seed);
  balls.discs = g_new (TwinPickDisc, balls.n);
  for (unsigned i = 0; i < balls.n; i++)
    balls.discs[i] =
        (TwinPickDisc){ (float) g_rand_double_range (rand, -60, 60),
                        (float) g_rand_double_range (rand, -60, 60),
                        (float) g_rand_double_range (rand, 0.2, 2) };
  twin_pick_grid_build (&grid, balls.discs, balls.n);
  for (int i = 0; i < 2000; i++)
    {
      TwinRay  ray = { .origin = {
                           (float) g_rand_double_range (rand, -80, 80),
                           (float) g_rand_double_range (rand, 5, 60),
                           (float) g_rand_double_range (rand, -80, 80) } };
      vec3     way = { (float) g_rand_double_range (rand, -1, 1),
                       (float) g_rand_double_range (rand, -1, -0.05),
                       (float) g_rand_double_range (rand, -1, 1) };
      unsigned all;

      glm_vec3_normalize (way);
      memcpy (ray.direction, way, sizeof ray.direction);
      all = nearest_of_all (&balls, &ray);
      hits += all != G_MAXUINT;
      g_assert_cmpuint (twin_pick_grid_find (&grid, &ray, 4, hit_ball, &balls),
                        ==, all);
    }
  g_assert_cmpuint (hits, >, 50);
  twin_pick_grid_clear (&grid);
  g_free (balls.discs);
  g_rand_free (rand);
}

static void
test_empty (void)
{
  TwinPickGrid grid = { 0 };
  TwinRay      ray = { { 0, 5, 0 }, { 0, -1, 0 } };

  twin_pick_grid_build (&grid, NULL, 0);
  g_assert_cmpuint (twin_pick_grid_find (&grid, &ray, 4, hit_ball, NULL), ==,
                    G_MAXUINT);
  twin_pick_grid_clear (&grid);
}

/* One machine far out must not ask for a cell a metre of the way. */
static void
test_far_away (void)
{
  TwinPickDisc discs[2] = { { 0, 0, 1 }, { 5e6f, -5e6f, 1 } };
  Balls        balls = { discs, 2, 0 };
  TwinPickGrid grid = { 0 };
  TwinRay      ray = { { 0, 5, 0 }, { 0, -1, 0 } };

  twin_pick_grid_build (&grid, discs, 2);
  g_assert_cmpuint (grid.n_x * grid.n_z, <=, 1048576 * 2);
  g_assert_cmpuint (twin_pick_grid_find (&grid, &ray, 4, hit_ball, &balls), ==,
                    0);
  twin_pick_grid_clear (&grid);
}

/* 100,000 machines: the figure the console promises, from several sides. */
static void
test_hundred_thousand (void)
{
  TwinScene  *scene = twin_scene_new ();
  TwinCamera *camera;
  int64_t     worst = 0, sum = 0, begin = g_get_monotonic_time ();
  unsigned    n = 0, hits = 0;

  scene_fill_field (scene, 100000);
  camera = twin_scene_get_camera (scene);
  g_test_message ("layout of 100,000 machines: %.1f ms",
                  (g_get_monotonic_time () - begin) * 1e-3);
  twin_camera_set_viewport (camera, 1280, 800);
  for (int side = 0; side < 8; side++)
    {
      twin_camera_home (camera, 0);
      twin_camera_advance (camera, G_USEC_PER_SEC);
      twin_camera_orbit (camera, side * 0.8f, side & 1 ? -10.0f : 0);
      twin_camera_zoom (camera, 1.0f + 3.0f * side, 640, 500, 0);
      twin_camera_advance (camera, G_USEC_PER_SEC);
      for (int i = 0; i < 125; i++, n++)
        {
          int64_t at = g_get_monotonic_time ();

          hits +=
              twin_scene_pick (scene, (float) (n * 7919 % 1280),
                               (float) (n * 104729 % 800)) != TWIN_SCENE_NONE;
          at = g_get_monotonic_time () - at;
          worst = MAX (worst, at);
          sum += at;
        }
    }
  g_test_message ("pick among 100,000: %.3f ms mean, %.3f ms worst, %u of %u "
                  "hit a machine",
                  sum * 1e-3 / n, worst * 1e-3, hits, n);
  g_assert_cmpuint (hits, >, n / 10);
  g_assert_cmpint (sum / n, <, 5000);
  twin_scene_free (scene);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scene/pick/same-as-all", test_same_as_all);
  g_test_add_func ("/scene/pick/empty", test_empty);
  g_test_add_func ("/scene/pick/far-away", test_far_away);
  g_test_add_func ("/scene/pick/hundred-thousand", test_hundred_thousand);
  return g_test_run ();
}
