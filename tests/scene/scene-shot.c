/* SPDX-License-Identifier: Apache-2.0 */
/* scene-shot: draws a plant without a window, for looking at and for timing.
 *
 *   scene-shot OUT.png [light|dark] [WIDTH HEIGHT] [MACHINES] [yaw pitch dist x
 * z] scene-shot time MACHINES [WIDTH HEIGHT]
 */
#include "scene-fixture.h"

#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static TwinSceneText
text_of (const char *string)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_A8, 640, 64);
  cairo_t              *cr = cairo_create (surface);
  PangoLayout          *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font =
      pango_font_description_from_string ("Cantarell Bold 32");
  TwinSceneText text = { .width = 640, .height = 64 };

  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, string, -1);
  cairo_set_source_rgba (cr, 1, 1, 1, 1);
  pango_cairo_show_layout (cr, layout);
  cairo_surface_flush (surface);
  text.stride = (unsigned) cairo_image_surface_get_stride (surface);
  text.pixels = g_memdup2 (cairo_image_surface_get_data (surface),
                           (gsize) text.stride * 64);
  pango_font_description_free (font);
  g_object_unref (layout);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return text;
}

static void
write_png (const char *path, int width, int height)
{
  g_autofree uint8_t *pixels = scene_read_pixels (width, height);
  cairo_surface_t    *surface;

  for (int i = 0; i < width * height; i++)
    {
      uint8_t *p = pixels + 4 * i, red = p[0];

      p[0] = p[2];
      p[2] = red;
    }
  surface = cairo_image_surface_create_for_data (pixels, CAIRO_FORMAT_RGB24,
                                                 width, height, width * 4);
  if (cairo_surface_write_to_png (surface, path) != CAIRO_STATUS_SUCCESS)
    g_printerr ("Could not write %s\n", path);
  cairo_surface_destroy (surface);
}

static void
fill (TwinScene *scene, unsigned n)
{
  TwinSceneText texts[4];

  if (n != SCENE_PLANT_N)
    {
      scene_fill_field (scene, n);
      return;
    }
  texts[0] = text_of ("Line 1 · Compressed air");
  texts[1] = text_of ("Line 2 · Cooling water");
  texts[2] = text_of ("Line 3 · Extraction");
  texts[3] = text_of ("Test rig");
  scene_fill_plant (scene, texts);
  twin_scene_set_selected (scene, 6);
  for (unsigned i = 0; g_getenv ("STALE") != NULL && i < n; i++)
    {
      TwinSceneInstance instance;

      twin_scene_get_instance (scene, i, &instance);
      instance.state = TWIN_SCENE_STATE_STALE;
      twin_scene_update_instance (scene, i, &instance, 0);
    }
  for (int i = 0; i < 4; i++)
    g_free ((uint8_t *) texts[i].pixels);
}

static void
frames (TwinScene  *scene,
        const char *what,
        int         width,
        int         height,
        gboolean    move)
{
  g_autoptr (GError) error = NULL;
  int64_t        begin, now = 1000000;
  clock_t        busy = clock ();
  int            n = 0;
  TwinSceneStats stats;

  begin = g_get_monotonic_time ();
  while (g_get_monotonic_time () - begin < 3 * G_USEC_PER_SEC && n < 600)
    {
      now += 16667;
      if (move)
        twin_camera_orbit (twin_scene_get_camera (scene), 0.004f, 0);
      if (!twin_scene_render (scene, width, height, now, &error))
        g_error ("%s", error->message);
      glFinish ();
      n++;
    }
  twin_scene_get_stats (scene, &stats);
  g_print ("%s: %.1f ms a frame (%.1f ms of processor), %.1f frames/s; %u "
           "visible, %u draw calls, %u triangles\n",
           what, (g_get_monotonic_time () - begin) * 1e-3 / n,
           (clock () - busy) * 1e3 / CLOCKS_PER_SEC / n,
           n * 1e6 / (g_get_monotonic_time () - begin), stats.visible,
           stats.draw_calls, stats.triangles);
}

static void
time_picks (TwinScene *scene, int width, int height)
{
  int64_t  worst = 0, begin = g_get_monotonic_time ();
  unsigned found = 0, n = 1000;

  for (unsigned i = 0; i < n; i++)
    {
      int64_t at = g_get_monotonic_time ();

      found +=
          twin_scene_pick (scene, (float) (i * 7919 % width),
                           (float) (i * 104729 % height)) != TWIN_SCENE_NONE;
      worst = MAX (worst, g_get_monotonic_time () - at);
    }
  g_print ("pick: %.3f ms mean, %.3f ms worst, %u of %u hit\n",
           (g_get_monotonic_time () - begin) * 1e-3 / n, worst * 1e-3, found,
           n);
}

static void
aim (TwinScene *scene, int argc, char **argv)
{
  TwinCamera *camera = twin_scene_get_camera (scene);

  twin_camera_home (camera, 0);
  twin_camera_advance (camera, G_USEC_PER_SEC);
  if (argc > 10)
    {
      TwinCameraPose pose = { { (float) atof (argv[9]), 0,
                                (float) atof (argv[10]) },
                              (float) atof (argv[6]),
                              (float) atof (argv[7]),
                              (float) atof (argv[8]) };

      twin_camera_go (camera, &pose, 0, 0);
    }
}

int
main (int argc, char **argv)
{
  gboolean         timing = argc > 1 && strcmp (argv[1], "time") == 0;
  unsigned         n = SCENE_PLANT_N;
  int              width = 1280, height = 800;
  SceneContext     context;
  TwinTarget       target;
  TwinScene       *scene = twin_scene_new ();
  g_autofree char *why = NULL;
  g_autoptr (GError) error = NULL;
  int64_t begin;

  if (timing)
    n = argc > 2 ? (unsigned) atoi (argv[2]) : 2400;
  else if (argc > 5)
    n = (unsigned) atoi (argv[5]);
  if (argc > 4)
    {
      width = atoi (argv[3]);
      height = atoi (argv[4]);
    }
  if (argc < 2 || !scene_context_open (&context, g_getenv ("ES") != NULL, &why))
    {
      g_printerr ("scene-shot: %s\n", why != NULL ? why : "no arguments");
      return 1;
    }
  g_print ("%s\n", (const char *) glGetString (GL_RENDERER));
  scene_target_open (&target, width, height);
  begin = g_get_monotonic_time ();
  if (!twin_scene_realize (scene, &error))
    g_error ("%s", error->message);
  g_print ("realize: %.1f ms\n", (g_get_monotonic_time () - begin) * 1e-3);
  fill (scene, n);
  twin_scene_set_dark (scene, argc > 2 && strcmp (argv[2], "dark") == 0);
  twin_camera_set_viewport (twin_scene_get_camera (scene), width, height);
  aim (scene, timing ? 0 : argc, argv);
  begin = g_get_monotonic_time ();
  if (!twin_scene_render (scene, width, height, 1000000, &error))
    g_error ("%s", error->message);
  glFinish ();
  g_print ("first frame: %.1f ms\n", (g_get_monotonic_time () - begin) * 1e-3);
  if (timing)
    {
      frames (scene, "rotors turn", width, height, FALSE);
      frames (scene, "camera moves", width, height, TRUE);
      twin_scene_set_quick (scene, TRUE);
      frames (scene, "camera moves, quick", width, height, TRUE);
      time_picks (scene, width, height);
    }
  else
    write_png (argv[1], width, height);
  g_print ("GL error: %u\n", glGetError ());
  twin_scene_free (scene);
  twin_target_clear (&target);
  scene_context_close (&context);
  return 0;
}
