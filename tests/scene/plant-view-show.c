/* SPDX-License-Identifier: Apache-2.0 */
/* plant-view-show: the plant view alone in a window, for looking at.
 *
 *   plant-view-show [light|dark] [MACHINES] [seconds]
 */
#include <adwaita.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "twin-plant-view.h"

static struct
{
  const char *theme;
  guint       n;
  guint       seconds;
  gint64      worst_us, gl_worst_us, gl_sum_us;
  guint       gl_frames;
} show;

static const char *const lines[] = { "Line 1 · Compressed air",
                                     "Line 2 · Cooling water",
                                     "Line 3 · Extraction", "Test rig" };
static const char *const names[] = { "Compressor", "Pump", "Motor", "Rig" };

static void
fill (TwinPlantView *view)
{
  TwinPlantItem *items = g_new0 (TwinPlantItem, show.n);

  for (guint i = 0; i < show.n; i++)
    {
      guint line = show.n == 27 ? i / 8 : (i / 40) % 4;

      items[i] = (TwinPlantItem){
        .id = g_strdup_printf ("machine-%u", i),
        .name = g_strdup_printf ("%s %u", names[line], i % 8 + 1),
        .line = show.n == 27 ? lines[line]
                             : g_strdup_printf ("Line %u", i / 40 + 1),
        .shape = (TwinSceneShape) line,
        .rotor_speed = 155,
        .level = NAN,
      };
    }
  if (show.n >= 27)
    {
      items[1].state = TWIN_SCENE_STATE_MEDIUM;
      items[6].state = TWIN_SCENE_STATE_HIGH;
      items[6].flag = "12–31 days";
      items[10].state = TWIN_SCENE_STATE_CRITICAL;
      items[10].flag = "94.2 °C";
      items[13].state = TWIN_SCENE_STATE_LOW;
      items[19].state = TWIN_SCENE_STATE_STALE;
      items[19].flag = "14 min old";
      items[23].state = TWIN_SCENE_STATE_STOPPED;
      items[26].state = TWIN_SCENE_STATE_UNKNOWN;
    }
  twin_plant_view_set_items (view, items, show.n);
  twin_plant_view_select (view, "machine-6", FALSE);
}

static void
on_report (const char *what, gint64 duration_us, gpointer user_data)
{
  if (strcmp (what, "plant-gl") == 0)
    {
      show.gl_frames++;
      show.gl_sum_us += duration_us;
      show.gl_worst_us = MAX (show.gl_worst_us, duration_us);
      return;
    }
  if (duration_us > show.worst_us)
    g_print ("%s %.1f ms\n", what, duration_us * 1e-3);
  show.worst_us = MAX (show.worst_us, duration_us);
}

static void
on_name (TwinPlantView *view, const char *id, const char *what)
{
  g_print ("%s: %s\n", what, id);
}

static gboolean
on_end (gpointer application)
{
  g_print ("worst own callback %.1f ms; %u GL frames, mean %.1f ms, worst %.1f "
           "ms\n",
           show.worst_us * 1e-3, show.gl_frames,
           show.gl_sum_us * 1e-3 / MAX (1, show.gl_frames),
           show.gl_worst_us * 1e-3);
  g_application_quit (application);
  return G_SOURCE_REMOVE;
}

/* What a console does once a second: everything again, little of it new. */
static gboolean
on_second (gpointer view)
{
  fill (view);
  return G_SOURCE_CONTINUE;
}

static void
on_activate (AdwApplication *application)
{
  GtkWidget *window =
      adw_application_window_new (GTK_APPLICATION (application));
  GtkWidget *view = twin_plant_view_new ();

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      strcmp (show.theme, "dark") == 0
                                          ? ADW_COLOR_SCHEME_FORCE_DARK
                                          : ADW_COLOR_SCHEME_FORCE_LIGHT);
  twin_plant_view_set_report (TWIN_PLANT_VIEW (view), on_report, NULL, NULL);
  g_signal_connect (view, "selected", G_CALLBACK (on_name), "selected");
  g_signal_connect (view, "activated", G_CALLBACK (on_name), "activated");
  g_signal_connect (view, "hovered", G_CALLBACK (on_name), "hovered");
  fill (TWIN_PLANT_VIEW (view));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), view);
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_window_present (GTK_WINDOW (window));
  g_timeout_add_seconds (1, on_second, view);
  g_timeout_add_seconds (show.seconds, on_end, application);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application =
      adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);

  show.theme = argc > 1 ? argv[1] : "light";
  show.n = argc > 2 ? (guint) atoi (argv[2]) : 27;
  show.seconds = argc > 3 ? (guint) atoi (argv[3]) : 10;
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
