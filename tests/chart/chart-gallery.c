/* SPDX-License-Identifier: Apache-2.0 */
/* chart-gallery - every plot to look at
 *
 *   chart-gallery           windows, light or dark as the desktop says
 *   chart-gallery FOLDER    FOLDER/<plot>-light.png and -dark.png
 */
#include "chart-scenes.h"

#include "twin-line-chart.h"

static gboolean
save (const ChartScene *scene, gboolean dark, const char *folder)
{
  g_autoptr (GdkTexture) texture = chart_scene_render (scene, dark);
  g_autofree char *name =
      g_strdup_printf ("%s-%s.png", scene->name, dark ? "dark" : "light");
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return gdk_texture_save_to_png (texture, path);
}

static void
show (void)
{
  gsize             n;
  const ChartScene *scenes = chart_scenes (&n);
  GtkWidget        *window = gtk_window_new ();
  GtkWidget        *stack = gtk_notebook_new ();

  for (gsize i = 0; i < n; i++)
    gtk_notebook_append_page (GTK_NOTEBOOK (stack), scenes[i].make (),
                              gtk_label_new (scenes[i].name));

  gtk_window_set_default_size (GTK_WINDOW (window), 1100, 560);
  gtk_window_set_child (GTK_WINDOW (window), stack);
  gtk_window_present (GTK_WINDOW (window));

  while (g_list_model_get_n_items (gtk_window_get_toplevels ()) > 0)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  gsize             n;
  const ChartScene *scenes = chart_scenes (&n);

  /* The GL renderer keeps textures by the address of a node, which a picture
   * taken outside of a frame does not keep alive. */
  if (argc > 1)
    g_setenv ("GSK_RENDERER", "cairo", FALSE);
  gtk_init ();
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11",
                NULL);
  if (argc < 2)
    {
      show ();
      return 0;
    }

  if (g_mkdir_with_parents (argv[1], 0777) != 0)
    {
      g_printerr ("Could not make the folder %s\n", argv[1]);
      return 1;
    }

  for (gsize i = 0; i < 2 * n; i++)
    {
      if (!save (&scenes[i / 2], i % 2 == 1, argv[1]))
        {
          g_printerr ("Could not write %s/%s\n", argv[1], scenes[i / 2].name);
          return 1;
        }
    }

  return 0;
}
