/* SPDX-License-Identifier: Apache-2.0 */
/* machine-gallery - the pages of a machine to look at
 *
 *   machine-gallery FOLDER [WIDTH HEIGHT]
 *
 * writes FOLDER/<tab>-light.png, -dark.png, -old.png and -empty.png.
 */
#include "machine-scene.h"

#include <adwaita.h>
#include <stdlib.h>

#include "twin-clock.h"
#include "twin-machine-page-private.h"

static const char *const tabs[] = {
  "overview", "waveform", "spectrum", "envelope",
  "trend",    "life",     "whatif",   "log",
};

GResource *twin_console_get_resource (void);

static void
after_paint (GdkFrameClock *clock, int *frames)
{
  ++*frames;
}

/* Keeps the nodes of every picture: the GL renderer knows textures by their
 * address. */
static gboolean
save (GtkWidget  *window,
      const char *path,
      int         width,
      int         height,
      GPtrArray  *kept)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  GtkSnapshot   *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  int            frames = 0;
  gulong         handler = g_signal_connect (clock, "after-paint",
                                             G_CALLBACK (after_paint), &frames);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GdkTexture) texture = NULL;

  while (frames < 3)
    {
      gtk_widget_queue_draw (window);
      g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (clock, handler);

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_ptr_array_add (kept, node);
  texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (
                                       GTK_NATIVE (window)),
                                   node,
                                   &GRAPHENE_RECT_INIT (0, 0, (float) width,
                                                        (float) height));
  return gdk_texture_save_to_png (texture, path);
}

static gboolean
save_all (const char    *folder,
          const char    *kind,
          TwinLivePlant *plant,
          gboolean       dark,
          int            width,
          int            height)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *page = twin_machine_page_new ();
  gboolean   done = TRUE;
  g_autoptr (GPtrArray) kept =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gsk_render_node_unref);

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                           : ADW_COLOR_SCHEME_FORCE_LIGHT);
  if (dark)
    gtk_widget_add_css_class (window, "dark");
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  twin_machine_page_set_plant (TWIN_MACHINE_PAGE (page), plant);
  twin_machine_page_set_item (TWIN_MACHINE_PAGE (page),
                              twin_live_plant_find (plant, SCENE_MACHINE));

  for (gsize i = 0; i < G_N_ELEMENTS (tabs); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%s.png", tabs[i], kind);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      twin_machine_page_show_tab (TWIN_MACHINE_PAGE (page), tabs[i]);
      done = save (window, path, width, height, kept) && done;
    }

  gtk_window_destroy (GTK_WINDOW (window));
  return done;
}

int
main (int argc, char **argv)
{
  const int64_t   now_us = twin_clock_utc_us ();
  const int       width = argc > 3 ? atoi (argv[2]) : 1280;
  const int       height = argc > 3 ? atoi (argv[3]) : 680;
  GtkCssProvider *css;
  g_autoptr (TwinLivePlant) fresh = NULL;
  g_autoptr (TwinLivePlant) old = NULL;
  g_autoptr (TwinLivePlant) empty = NULL;

  if (argc < 2 || g_mkdir_with_parents (argv[1], 0777) != 0)
    {
      g_printerr ("usage: machine-gallery FOLDER [WIDTH HEIGHT]\n");
      return 2;
    }

  adw_init ();
  /* Without a desktop GTK falls back to any sans-serif. */
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11",
                NULL);
  g_resources_register (twin_console_get_resource ());
  css = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (css,
                                       "/com/example/TwinConsole/style.css");
  gtk_style_context_add_provider_for_display (
      gdk_display_get_default (), GTK_STYLE_PROVIDER (css),
      GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);

  fresh = machine_scene_new (now_us);
  old = machine_scene_new_old (now_us, 14 * 60);
  empty = machine_scene_new_empty (now_us);
  return save_all (argv[1], "light", fresh, FALSE, width, height) &&
                 save_all (argv[1], "dark", fresh, TRUE, width, height) &&
                 save_all (argv[1], "old", old, FALSE, width, height) &&
                 save_all (argv[1], "empty", empty, TRUE, width, height)
             ? 0
             : 1;
}
