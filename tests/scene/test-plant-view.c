/* SPDX-License-Identifier: Apache-2.0 */
/* The widget around the scene. Needs a display; skips without one. */
#include <adwaita.h>
#include <math.h>
#include <string.h>

#include "twin-plant-layout.h"
#include "twin-plant-view.h"

static void
test_short_labels (void)
{
  static const struct
  {
    const char *name;
    const char *label;
  } cases[] = {
    { "Compressor 7", "C7" },
    { "Pump 12", "P12" },
    { "motor-3", "M3" },
    { "Rig", "R" },
    { "Rig healthy", "RH" },
    { "Öler 2", "Ö2" },
    { "", "" },
    { NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *label = twin_plant_short_label (cases[i].name);

      g_assert_cmpstr (label, ==, cases[i].label);
    }
}

static TwinPlantItem *
make_items (guint n, guint a_line, char **ids)
{
  static const char *const lines[] = { "Line 1", "Line 2", "Line 3" };
  TwinPlantItem           *items = g_new0 (TwinPlantItem, n);

  for (guint i = 0; i < n; i++)
    {
      ids[i] = g_strdup_printf ("pump-%u", i + 1);
      items[i] = (TwinPlantItem){ .id = ids[i],
                                  .name = ids[i],
                                  .line = lines[i / a_line % 3],
                                  .shape = TWIN_SCENE_SHAPE_PUMP,
                                  .rotor_speed = 150,
                                  .level = NAN };
    }
  return items;
}

static void
test_layout (void)
{
  g_auto (GStrv) ids = g_new0 (char *, 25);
  g_autofree TwinPlantItem *items = make_items (24, 8, ids);
  TwinSceneInstance         at[24];
  g_autoptr (GArray) rows = NULL;

  items[23].placed = TRUE;
  items[23].x = 50;
  items[23].y = 60;
  rows = twin_plant_layout (items, 24, at);
  g_assert_cmpuint (rows->len, ==, 3);
  for (guint i = 0; i < 24; i++)
    {
      const TwinSceneRow *row = &g_array_index (rows, TwinPlantRow, i / 8).row;

      g_assert_cmpfloat (at[i].x, >, row->x0);
      g_assert_cmpfloat (at[i].x, <, row->x1);
      g_assert_cmpfloat (at[i].z, >, row->z0);
      g_assert_cmpfloat (at[i].z, <, row->z1);
      for (guint k = 0; k < i; k++)
        g_assert_true (fabsf (at[i].x - at[k].x) > 2 ||
                       fabsf (at[i].z - at[k].z) > 4);
    }
  g_assert_cmpstr (g_array_index (rows, TwinPlantRow, 1).name, ==, "Line 2");
  g_assert_cmpfloat (at[23].x, ==, 50);
  g_assert_cmpfloat (at[23].z, ==, -60);
}

/* One endless line must not become one endless row. */
static void
test_layout_of_many (void)
{
  const guint n = 2400;
  g_auto (GStrv) ids = g_new0 (char *, n + 1);
  g_autofree TwinPlantItem     *items = make_items (n, n, ids);
  g_autofree TwinSceneInstance *at = g_new (TwinSceneInstance, n);
  g_autoptr (GArray) rows = twin_plant_layout (items, n, at);
  float width = 0, depth = 0;
  guint named = 0;

  for (guint i = 0; i < n; i++)
    {
      width = fmaxf (width, at[i].x);
      depth = fmaxf (depth, -at[i].z);
    }
  for (guint i = 0; i < rows->len; i++)
    named += *g_array_index (rows, TwinPlantRow, i).name != '\0';
  g_assert_cmpuint (named, ==, 1);
  g_assert_cmpfloat (width, <, 4 * depth);
  g_assert_cmpfloat (depth, <, 4 * width);
}

typedef struct
{
  GtkWidget     *window;
  TwinPlantView *view;
  GStrv          ids;
  TwinPlantItem *items;
  guint          gl_frames;
  guint          own_callbacks;
  guint          labels;
  gint64         worst_us;
  char          *selected;
  char          *activated;
} Fixture;

static void
on_report (const char *what, gint64 duration_us, gpointer user_data)
{
  Fixture *f = user_data;

  if (strcmp (what, "plant-gl") == 0)
    {
      f->gl_frames++;
      return;
    }
  f->labels += strcmp (what, "plant-labels") == 0;
  f->own_callbacks++;
  f->worst_us = MAX (f->worst_us, duration_us);
}

static void
on_selected (TwinPlantView *view, const char *id, Fixture *f)
{
  g_free (f->selected);
  f->selected = g_strdup (id);
}

static void
on_activated (TwinPlantView *view, const char *id, Fixture *f)
{
  g_free (f->activated);
  f->activated = g_strdup (id);
}

/* Lets the window live until @n pictures more are drawn. */
static void
run_frames (Fixture *f, guint n)
{
  gint64 until = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
  guint  end = f->gl_frames + n;

  while (f->gl_frames < end && g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (f->gl_frames, >=, end);
}

static gboolean
keep_awake (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

/* Lets the window live until it has drawn nothing for a while: longer than the
 * slowest pace of frames and the wait before a quick picture is drawn again. */
static void
run_to_rest (Fixture *f)
{
  guint  source = g_timeout_add (20, keep_awake, NULL);
  guint  frames = f->gl_frames;
  gint64 since = g_get_monotonic_time (), until = since + 30 * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < MIN (until, since + G_USEC_PER_SEC * 2 / 5))
    {
      g_main_context_iteration (NULL, TRUE);
      if (f->gl_frames == frames)
        continue;
      frames = f->gl_frames;
      since = g_get_monotonic_time ();
    }
  g_source_remove (source);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  if (gdk_display_get_default () == NULL)
    {
      g_test_skip ("no display");
      return;
    }
  f->ids = g_new0 (char *, 25);
  f->items = make_items (24, 8, f->ids);
  f->window = gtk_window_new ();
  f->view = TWIN_PLANT_VIEW (twin_plant_view_new ());
  twin_plant_view_set_report (f->view, on_report, f, NULL);
  g_signal_connect (f->view, "selected", G_CALLBACK (on_selected), f);
  g_signal_connect (f->view, "activated", G_CALLBACK (on_activated), f);
  gtk_window_set_default_size (GTK_WINDOW (f->window), 800, 600);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->view));
  twin_plant_view_set_items (f->view, f->items, 24);
  gtk_window_present (GTK_WINDOW (f->window));
  run_frames (f, 2);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->window == NULL)
    return;
  gtk_window_destroy (GTK_WINDOW (f->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_strfreev (f->ids);
  g_free (f->items);
  g_free (f->selected);
  g_free (f->activated);
}

/* Presses a key as its binding would see it. */
static gboolean
press (Fixture *f, const char *trigger)
{
  g_autoptr (GtkShortcutTrigger) wanted =
      gtk_shortcut_trigger_parse_string (trigger);
  g_autoptr (GListModel) controllers =
      gtk_widget_observe_controllers (GTK_WIDGET (f->view));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      for (guint k = 0;
           k < g_list_model_get_n_items (G_LIST_MODEL (controller)); k++)
        {
          g_autoptr (GtkShortcut) shortcut =
              g_list_model_get_item (G_LIST_MODEL (controller), k);

          if (gtk_shortcut_trigger_equal (gtk_shortcut_get_trigger (shortcut),
                                          wanted))
            return gtk_shortcut_action_activate (gtk_shortcut_get_action (
                                                     shortcut),
                                                 GTK_SHORTCUT_ACTION_EXCLUSIVE,
                                                 GTK_WIDGET (f->view),
                                                 gtk_shortcut_get_arguments (
                                                     shortcut));
        }
    }
  return FALSE;
}

static void
test_selects (Fixture *f, gconstpointer data)
{
  double x, y;

  if (f->window == NULL)
    return;
  twin_plant_view_select (f->view, "pump-3", FALSE);
  g_assert_cmpstr (twin_plant_view_get_selected (f->view), ==, "pump-3");
  g_assert_null (f->selected);
  g_assert_true (twin_plant_view_get_anchor (f->view, "pump-3", &x, &y));
  g_assert_cmpfloat (x, >, 0);
  g_assert_cmpfloat (x, <, 800);
  g_assert_cmpfloat (y, >, 0);
  g_assert_cmpfloat (y, <, 600);
  g_assert_false (twin_plant_view_get_anchor (f->view, "nobody", &x, &y));

  /* Selecting what comes later is remembered. */
  twin_plant_view_select (f->view, "pump-24", FALSE);
  twin_plant_view_set_items (f->view, f->items, 20);
  g_assert_cmpstr (twin_plant_view_get_selected (f->view), ==, "");
  twin_plant_view_select (f->view, "pump-22", FALSE);
  g_assert_cmpstr (twin_plant_view_get_selected (f->view), ==, "");
  twin_plant_view_set_items (f->view, f->items, 24);
  g_assert_cmpstr (twin_plant_view_get_selected (f->view), ==, "pump-22");
}

static void
test_keyboard (Fixture *f, gconstpointer data)
{
  TwinCameraPose before, after;

  if (f->window == NULL)
    return;
  g_assert_true (press (f, "Right"));
  g_assert_cmpstr (f->selected, ==, "pump-1");
  g_assert_true (press (f, "Right"));
  g_assert_cmpstr (f->selected, ==, "pump-2");
  g_assert_true (press (f, "Left"));
  g_assert_cmpstr (f->selected, ==, "pump-1");
  g_assert_true (press (f, "Up"));
  g_assert_cmpstr (f->selected, !=, "pump-1");
  g_assert_true (press (f, "Return"));
  g_assert_cmpstr (f->activated, ==, f->selected);
  g_assert_true (press (f, "Escape"));
  g_assert_cmpstr (f->selected, ==, "");

  twin_plant_view_get_pose (f->view, &before);
  g_assert_true (press (f, "plus"));
  twin_plant_view_get_pose (f->view, &after);
  g_assert_cmpfloat (after.distance, <, before.distance);
  g_assert_true (press (f, "<Shift>Left"));
  twin_plant_view_get_pose (f->view, &after);
  g_assert_cmpfloat (after.yaw, !=, before.yaw);
  g_assert_true (press (f, "Home"));
  twin_plant_view_get_pose (f->view, &after);
  g_assert_cmpfloat_with_epsilon (after.yaw, before.yaw, 1e-4);
  g_assert_cmpfloat_with_epsilon (after.distance, before.distance, 1e-2);
}

/* Frames are drawn while rotors turn, and not one more when all stand. */
static void
test_rests (Fixture *f, gconstpointer data)
{
  guint frames;

  if (f->window == NULL)
    return;
  run_frames (f, 3);
  for (guint i = 0; i < 24; i++)
    f->items[i].state = TWIN_SCENE_STATE_STALE;
  twin_plant_view_set_items (f->view, f->items, 24);
  run_frames (f, 1);
  run_to_rest (f);
  frames = f->gl_frames;
  for (int i = 0; i < 50; i++)
    twin_plant_view_set_items (f->view, f->items, 24);
  run_to_rest (f);
  g_assert_cmpuint (f->gl_frames, ==, frames);
}

static void
test_budget (Fixture *f, gconstpointer data)
{
  if (f->window == NULL)
    return;
  for (int i = 0; i < 10; i++)
    {
      f->items[i].state = TWIN_SCENE_STATE_HIGH;
      f->items[i].flag = "12–31 days";
      twin_plant_view_set_items (f->view, f->items, 24);
      run_frames (f, 1);
    }
  g_test_message ("%u own callbacks, worst %.1f ms", f->own_callbacks,
                  f->worst_us * 1e-3);
  g_assert_cmpuint (f->own_callbacks, >, 10);
  g_assert_cmpuint (f->labels, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (gtk_init_check ())
    adw_init ();
  g_test_add_func ("/scene/plant-view/short-labels", test_short_labels);
  g_test_add_func ("/scene/plant-view/layout", test_layout);
  g_test_add_func ("/scene/plant-view/layout-of-many", test_layout_of_many);
  g_test_add ("/scene/plant-view/selects", Fixture, NULL, set_up, test_selects,
              tear_down);
  g_test_add ("/scene/plant-view/keyboard", Fixture, NULL, set_up,
              test_keyboard, tear_down);
  g_test_add ("/scene/plant-view/rests", Fixture, NULL, set_up, test_rests,
              tear_down);
  g_test_add ("/scene/plant-view/budget", Fixture, NULL, set_up, test_budget,
              tear_down);
  return g_test_run ();
}
