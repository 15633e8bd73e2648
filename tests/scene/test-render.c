/* SPDX-License-Identifier: Apache-2.0 */
/* What a picture has to show, whatever draws it: facts, not pixels by heart. */
#include "scene-fixture.h"

#include <math.h>
#include <string.h>

#define WIDTH 1280
#define HEIGHT 800

typedef struct
{
  SceneContext context;
  TwinTarget   target;
  TwinScene   *scene;
  gboolean     open;
} Fixture;

static void
set_up (Fixture *f, gconstpointer es)
{
  g_autofree char *why = NULL;
  g_autoptr (GError) error = NULL;
  TwinCamera *camera;

  f->scene = twin_scene_new ();
  f->open = scene_context_open (&f->context, GPOINTER_TO_INT (es), &why);
  if (!f->open)
    {
      g_test_skip (why);
      return;
    }
  scene_target_open (&f->target, WIDTH, HEIGHT);
  twin_scene_realize (f->scene, &error);
  g_assert_no_error (error);
  scene_fill_plant (f->scene, NULL);
  twin_scene_set_dark (f->scene, TRUE);
  camera = twin_scene_get_camera (f->scene);
  twin_camera_set_viewport (camera, WIDTH, HEIGHT);
  twin_camera_home (camera, 0);
  twin_camera_advance (camera, G_USEC_PER_SEC);
}

static void
tear_down (Fixture *f, gconstpointer es)
{
  twin_scene_free (f->scene);
  if (!f->open)
    return;
  g_assert_cmphex (glGetError (), ==, GL_NO_ERROR);
  twin_target_clear (&f->target);
  scene_context_close (&f->context);
}

static uint8_t *
draw (Fixture *f, double seconds)
{
  g_autoptr (GError) error = NULL;

  twin_scene_render (f->scene, WIDTH, HEIGHT,
                     (int64_t) (seconds * G_USEC_PER_SEC), &error);
  g_assert_no_error (error);
  g_assert_cmphex (glGetError (), ==, GL_NO_ERROR);
  return scene_read_pixels (WIDTH, HEIGHT);
}

static const uint8_t *
at (const uint8_t *pixels, int x, int y)
{
  return pixels + 4 * (y * WIDTH + x);
}

static gboolean
is_red (const uint8_t *p)
{
  return p[0] > 110 && p[1] < p[0] / 2 && p[2] < p[0] / 2;
}

static int
light_of (const uint8_t *p)
{
  return (p[0] * 3 + p[1] * 6 + p[2]) / 10;
}

/* Every machine in one state. */
static void
set_all (Fixture *f, TwinSceneState state)
{
  for (unsigned i = 0; i < SCENE_PLANT_N; i++)
    {
      TwinSceneInstance instance;

      twin_scene_get_instance (f->scene, i, &instance);
      instance.state = state;
      twin_scene_update_instance (f->scene, i, &instance, 0);
    }
}

static void
set_one (Fixture *f, unsigned index, TwinSceneState state)
{
  TwinSceneInstance instance;

  twin_scene_get_instance (f->scene, index, &instance);
  instance.state = state;
  twin_scene_update_instance (f->scene, index, &instance, 0);
}

/* The middle of a machine on the screen, and half its width. */
static void
place_of (Fixture *f, unsigned index, int box[4])
{
  float min[3], max[3];

  twin_scene_get_bounds (f->scene, index, min, max);
  box[0] = WIDTH, box[1] = HEIGHT, box[2] = box[3] = 0;
  for (int corner = 0; corner < 8; corner++)
    {
      float p[3] = { corner & 1 ? max[0] : min[0], corner & 2 ? max[1] : min[1],
                     corner & 4 ? max[2] : min[2] };
      float x, y;

      g_assert_true (twin_camera_project (twin_scene_get_camera (f->scene), p,
                                          &x, &y, NULL));
      box[0] = MIN (box[0], (int) x);
      box[1] = MIN (box[1], (int) y);
      box[2] = MAX (box[2], (int) x);
      box[3] = MAX (box[3], (int) y);
    }
  box[0] = MAX (box[0], 0);
  box[1] = MAX (box[1], 0);
  box[2] = MIN (box[2], WIDTH - 1);
  box[3] = MIN (box[3], HEIGHT - 1);
}

static void
test_not_blank (Fixture *f, gconstpointer es)
{
  g_autofree uint8_t *pixels = NULL;
  gboolean            seen[256] = { FALSE };
  unsigned            greys = 0, background = 0, transparent = 0;
  TwinSceneStats      stats;

  if (!f->open)
    return;
  pixels = draw (f, 1);
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    {
      const uint8_t *p = pixels + 4 * i;

      seen[light_of (p)] = TRUE;
      background += p[0] == 0x1e && p[1] == 0x1e && p[2] == 0x1e;
      transparent += p[3] != 255;
    }
  for (int i = 0; i < 256; i++)
    greys += seen[i];
  g_assert_cmpuint (greys, >, 60);
  g_assert_cmpuint (background, >, WIDTH * HEIGHT / 50);
  g_assert_cmpuint (background, <, WIDTH * HEIGHT * 3 / 4);
  g_assert_cmpuint (transparent, ==, 0);
  twin_scene_get_stats (f->scene, &stats);
  g_assert_cmpuint (stats.visible, ==, SCENE_PLANT_N);
}

/* Colour only where a person must act; each priority's pixels belong to the
 * machine that has it, and the pointer finds that machine there. */
static void
test_pick_finds_what_is_drawn (Fixture *f, gconstpointer es)
{
  unsigned seen = 0, wrong = 0;

  if (!f->open)
    return;
  set_all (f, TWIN_SCENE_STATE_NORMAL);
  for (unsigned i = 0; i < SCENE_PLANT_N; i += 3)
    {
      g_autofree uint8_t *pixels = NULL;
      unsigned            own = 0;

      set_one (f, i, TWIN_SCENE_STATE_CRITICAL);
      pixels = draw (f, 1);
      set_one (f, i, TWIN_SCENE_STATE_NORMAL);
      for (int y = 0; y < HEIGHT; y += 2)
        for (int x = 0; x < WIDTH; x += 2)
          if (is_red (at (pixels, x, y)))
            {
              own++;
              wrong += twin_scene_pick (f->scene, x + 0.5f, y + 0.5f) != i;
            }
      g_assert_cmpuint (own, >, 100);
      seen += own;
    }
  g_test_message ("%u of %u coloured pixels belong to another machine", wrong,
                  seen);
  /* A pixel on the rim is mixed from two. */
  g_assert_cmpuint (wrong, <, seen / 100);
}

/* The other way round: where the pointer finds a machine, changing the
 * machine changes the pixel. */
static void
test_pick_misses_what_is_not (Fixture *f, gconstpointer es)
{
  g_autofree uint8_t *grey = NULL, *red = NULL;
  unsigned            found = 0, unchanged = 0, elsewhere = 0;

  if (!f->open)
    return;
  set_all (f, TWIN_SCENE_STATE_NORMAL);
  grey = draw (f, 1);
  set_all (f, TWIN_SCENE_STATE_CRITICAL);
  red = draw (f, 1);
  for (int y = 1; y < HEIGHT; y += 3)
    for (int x = 1; x < WIDTH; x += 3)
      {
        gboolean changed = memcmp (at (grey, x, y), at (red, x, y), 3) != 0;
        gboolean hit =
            twin_scene_pick (f->scene, x + 0.5f, y + 0.5f) != TWIN_SCENE_NONE;

        found += hit;
        unchanged += hit && !changed;
        elsewhere += changed && !hit;
      }
  g_test_message ("%u points on machines, %u of them grey; %u coloured points "
                  "off any machine",
                  found, unchanged, elsewhere);
  g_assert_cmpuint (found, >, 5000);
  /* Base plates stay grey, and racks stand before some. */
  g_assert_cmpuint (unchanged, <, found * 6 / 10);
  g_assert_cmpuint (elsewhere, <, found / 50);
}

static void
test_calm (Fixture *f, gconstpointer es)
{
  g_autofree uint8_t *pixels = NULL;

  if (!f->open)
    return;
  set_all (f, TWIN_SCENE_STATE_NORMAL);
  pixels = draw (f, 1);
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    {
      const uint8_t *p = pixels + 4 * i;
      int            high = MAX (p[0], MAX (p[1], p[2]));
      int            low = MIN (p[0], MIN (p[1], p[2]));

      g_assert_cmpint (high - low, <, 14);
    }
}

/* White ink around the selected machine and around no other. */
static void
test_selection (Fixture *f, gconstpointer es)
{
  g_autofree uint8_t *before = NULL, *after = NULL;
  unsigned            ink[2] = { 0 }, changed_away = 0;
  int                 box[4];

  if (!f->open)
    return;
  set_all (f, TWIN_SCENE_STATE_STOPPED);
  before = draw (f, 1);
  twin_scene_set_selected (f->scene, 6);
  g_assert_true (twin_scene_needs_frame (f->scene, G_USEC_PER_SEC));
  after = draw (f, 1);
  place_of (f, 6, box);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        gboolean near = x >= box[0] - 6 && x <= box[2] + 6 && y >= box[1] - 6 &&
                        y <= box[3] + 6;

        ink[0] += light_of (at (before, x, y)) > 245;
        ink[1] += light_of (at (after, x, y)) > 245;
        changed_away +=
            !near && memcmp (at (before, x, y), at (after, x, y), 4) != 0;
      }
  g_assert_cmpuint (ink[0], ==, 0);
  g_assert_cmpuint (ink[1], >, 2 * (unsigned) (box[3] - box[1]));
  g_assert_cmpuint (changed_away, ==, 0);
  twin_scene_set_selected (f->scene, TWIN_SCENE_NONE);
  g_free (after);
  after = draw (f, 1);
  g_assert_cmpmem (before, WIDTH * HEIGHT * 4, after, WIDTH * HEIGHT * 4);
}

/* Turns between light and dark, along the lines through a machine, of what
 * one picture adds to another. */
static unsigned
stripes (const uint8_t *pixels, const uint8_t *from, const int box[4])
{
  unsigned turns = 0;

  for (int y = box[1]; y < box[3]; y++)
    {
      int way = 0, last = 0;

      for (int x = box[0]; x < box[2]; x++)
        {
          int now = light_of (at (pixels, x, y)) - light_of (at (from, x, y));
          int step = now > last + 20 ? 1 : now < last - 20 ? -1 : 0;

          turns += step != 0 && step != way;
          way = step != 0 ? step : way;
          last = now;
        }
    }
  return turns;
}

/* Old never looks live: hatched, in every light, at every shape. */
static void
test_stale_is_hatched (Fixture *f, gconstpointer es)
{
  static const unsigned shapes[] = { 3, 12, 20, 25 };

  if (!f->open)
    return;
  for (int dark = 0; dark < 2; dark++)
    for (unsigned i = 0; i < G_N_ELEMENTS (shapes); i++)
      {
        g_autofree uint8_t *plain = NULL, *other = NULL, *stale = NULL;
        int                 box[4];
        unsigned            hatched, grey;

        twin_scene_set_dark (f->scene, dark);
        set_one (f, shapes[i], TWIN_SCENE_STATE_STOPPED);
        plain = draw (f, 1);
        set_one (f, shapes[i], TWIN_SCENE_STATE_NORMAL);
        other = draw (f, 1);
        set_one (f, shapes[i], TWIN_SCENE_STATE_STALE);
        stale = draw (f, 1);
        place_of (f, shapes[i], box);
        hatched = stripes (stale, plain, box);
        grey = stripes (other, plain, box);
        g_test_message ("machine %u, %s: %u turns hatched, %u plain", shapes[i],
                        dark ? "dark" : "light", hatched, grey);
        /* What is left of the plain one is its fan, which turns. */
        g_assert_cmpuint (hatched, >, 150);
        g_assert_cmpuint (hatched, >, 2 * grey);
      }
}

/* Motion is speed × time; a stale, a stopped and an unknown rotor stand. */
static void
test_rotors (Fixture *f, gconstpointer es)
{
  static const TwinSceneState still[] = { TWIN_SCENE_STATE_STALE,
                                          TWIN_SCENE_STATE_UNKNOWN,
                                          TWIN_SCENE_STATE_STOPPED };
  g_autofree uint8_t         *one = NULL, *two = NULL, *again = NULL;

  if (!f->open)
    return;
  set_all (f, TWIN_SCENE_STATE_NORMAL);
  one = draw (f, 1);
  g_assert_true (twin_scene_needs_frame (f->scene, 1050000));
  two = draw (f, 1.05);
  g_assert_true (memcmp (one, two, WIDTH * HEIGHT * 4) != 0);

  /* However many frames lie between. */
  for (int i = 1; i <= 5; i++)
    g_free (draw (f, 1 + i * 0.01));
  again = draw (f, 1.05);
  g_assert_cmpmem (two, WIDTH * HEIGHT * 4, again, WIDTH * HEIGHT * 4);

  for (unsigned i = 0; i < G_N_ELEMENTS (still); i++)
    {
      g_autofree uint8_t *first = NULL, *later = NULL;

      set_all (f, still[i]);
      first = draw (f, 2);
      g_assert_false (twin_scene_needs_frame (f->scene, 3 * G_USEC_PER_SEC));
      later = draw (f, 3);
      g_assert_cmpmem (first, WIDTH * HEIGHT * 4, later, WIDTH * HEIGHT * 4);
    }
}

/* A rotor keeps its angle when its speed changes, and over a long time. */
static void
test_rotor_goes_on (Fixture *f, gconstpointer es)
{
  g_autofree uint8_t *before = NULL, *after = NULL;
  TwinSceneInstance   instance;
  unsigned            different = 0;

  if (!f->open)
    return;
  set_all (f, TWIN_SCENE_STATE_NORMAL);
  before = draw (f, 100);
  for (unsigned i = 0; i < SCENE_PLANT_N; i++)
    {
      twin_scene_get_instance (f->scene, i, &instance);
      instance.rotor_speed = 300;
      twin_scene_update_instance (f->scene, i, &instance, 100 * G_USEC_PER_SEC);
    }
  after = draw (f, 100);
  for (int i = 0; i < WIDTH * HEIGHT * 4; i++)
    different += ABS (before[i] - after[i]) > 40;
  g_assert_cmpuint (different, <, 50);
}

static void
test_realized_again (Fixture *f, gconstpointer es)
{
  g_autofree uint8_t *before = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;

  if (!f->open)
    return;
  before = draw (f, 1);
  twin_scene_unrealize (f->scene);
  twin_scene_realize (f->scene, &error);
  g_assert_no_error (error);
  twin_target_bind (&f->target);
  after = draw (f, 1);
  g_assert_cmpmem (before, WIDTH * HEIGHT * 4, after, WIDTH * HEIGHT * 4);
}

/* One draw call a mesh and level, however many machines. */
static void
test_draw_calls (Fixture *f, gconstpointer es)
{
  g_autoptr (GError) error = NULL;
  TwinSceneStats few, many;
  TwinCamera    *camera = twin_scene_get_camera (f->scene);

  if (!f->open)
    return;
  for (int round = 0; round < 2; round++)
    {
      scene_fill_field (f->scene, round ? 3000 : 300);
      twin_camera_home (camera, 0);
      camera = twin_scene_get_camera (f->scene);
      twin_camera_home (camera, 0);
      twin_camera_advance (camera, G_USEC_PER_SEC);
      twin_scene_render (f->scene, WIDTH, HEIGHT, 1, &error);
      g_assert_no_error (error);
      twin_scene_get_stats (f->scene, round ? &many : &few);
    }
  g_assert_cmpuint (few.visible, >=, 290);
  g_assert_cmpuint (many.visible, >=, 2900);
  g_assert_cmpuint (many.draw_calls, <=, 3 * TWIN_SCENE_N_SHAPES * 4 + 8);
  g_assert_cmpuint (few.draw_calls, <=, 3 * TWIN_SCENE_N_SHAPES * 4 + 8);
}

static void
test_empty_plant (Fixture *f, gconstpointer es)
{
  g_autofree uint8_t *pixels = NULL;

  if (!f->open)
    return;
  twin_scene_set_instances (f->scene, NULL, 0);
  twin_scene_set_rows (f->scene, NULL, 0);
  pixels = draw (f, 1);
  g_assert_cmpuint (twin_scene_pick (f->scene, 600, 400), ==, TWIN_SCENE_NONE);
}

static void
test_hostile_values (Fixture *f, gconstpointer es)
{
  TwinSceneInstance instances[3] = {
    { .shape = (TwinSceneShape) 99, .state = (TwinSceneState) 77, .x = NAN },
    { .scale = -1, .yaw = INFINITY, .rotor_speed = INFINITY, .level = 1e30f },
    { .scale = 1, .x = 4, .rotor_speed = NAN, .level = NAN },
  };

  if (!f->open)
    return;
  twin_scene_set_instances (f->scene, instances, 3);
  twin_scene_set_selected (f->scene, 55);
  twin_scene_set_colour (f->scene, TWIN_SCENE_COLOUR_LEVEL);
  g_free (draw (f, 1));
  g_assert_true (isfinite (twin_scene_get_camera (f->scene)->bounds_max[0]));
}

static void
test_broken_shader (Fixture *f, gconstpointer es)
{
  g_autoptr (GError) error = NULL;

  if (!f->open)
    return;
  g_assert_cmpuint (twin_gl_program_from_source (
                        "good.vert",
                        "void main () { gl_Position = vec4 (0.0); }",
                        "bad.frag", "void main () { float a = nonsense; }",
                        &error),
                    ==, 0);
  g_assert_error (error, TWIN_SCENE_ERROR, TWIN_SCENE_ERROR_SHADER);
  g_assert_nonnull (strstr (error->message, "bad.frag"));
  g_assert_nonnull (strstr (error->message, "nonsense"));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
    gboolean both; /* with OpenGL ES too */
  } tests[] = {
    { "not-blank", test_not_blank, TRUE },
    { "pick-finds-what-is-drawn", test_pick_finds_what_is_drawn, TRUE },
    { "pick-misses-what-is-not", test_pick_misses_what_is_not },
    { "calm", test_calm },
    { "selection", test_selection, TRUE },
    { "stale-is-hatched", test_stale_is_hatched },
    { "rotors", test_rotors, TRUE },
    { "rotor-goes-on", test_rotor_goes_on },
    { "realized-again", test_realized_again },
    { "draw-calls", test_draw_calls },
    { "empty-plant", test_empty_plant },
    { "hostile-values", test_hostile_values },
    { "broken-shader", test_broken_shader, TRUE },
  };

  g_test_init (&argc, &argv, NULL);
  for (int es = 0; es < 2; es++)
    for (unsigned i = 0; i < G_N_ELEMENTS (tests); i++)
      {
        g_autofree char *path = NULL;

        if (es && !tests[i].both)
          continue;
        path = g_strdup_printf ("/scene/render/%s/%s", es ? "gles" : "gl",
                                tests[i].name);

        g_test_add (path, Fixture, GINT_TO_POINTER (es), set_up, tests[i].test,
                    tear_down);
      }
  return g_test_run ();
}
