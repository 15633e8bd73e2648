/* SPDX-License-Identifier: Apache-2.0 */
/* The plots in a real window: what they draw, and what keys do to them. */
#include "chart-scenes.h"

#include "twin-fan-chart.h"
#include "twin-spectrum-chart.h"
#include "twin-trend-chart.h"
#include "twin-waveform-chart.h"

#include <math.h>

static gboolean
need_display (void)
{
  static gboolean tried, there;

  if (!tried)
    there = gtk_init_check ();
  tried = TRUE;

  if (!there)
    g_test_skip ("no display");
  return there;
}

/* How many pixels of @texture are within @reach of @hex. */
static guint
count_color (GdkTexture *texture, guint32 hex, int reach)
{
  int                width = gdk_texture_get_width (texture);
  int                height = gdk_texture_get_height (texture);
  gsize              stride = (gsize) width * 4;
  guint              n = 0;
  g_autofree guchar *pixels = g_malloc (stride * (gsize) height);

  gdk_texture_download (texture, pixels, stride);
  for (gsize i = 0; i < stride * (gsize) height; i += 4)
    {
      guint32 pixel = *(guint32 *) (void *) (pixels + i); /* native ARGB */

      if (abs ((int) (pixel >> 16 & 255) - (int) (hex >> 16 & 255)) <= reach &&
          abs ((int) (pixel >> 8 & 255) - (int) (hex >> 8 & 255)) <= reach &&
          abs ((int) (pixel & 255) - (int) (hex & 255)) <= reach)
        n++;
    }

  return n;
}

static const ChartScene *
find_scene (const char *name)
{
  gsize             n;
  const ChartScene *scenes = chart_scenes (&n);

  for (gsize i = 0; i < n; i++)
    {
      if (g_str_equal (scenes[i].name, name))
        return &scenes[i];
    }

  g_assert_not_reached ();
}

static void
test_draws_in_its_colours (void)
{
  static const struct
  {
    const char *scene;
    guint32     light;
    guint32     dark;
    guint       at_least;
  } cases[] = {
    { "spectrum", 0x0f6e78, 0x62c6cf, 500 },
    { "waveform", 0x0f6e78, 0x62c6cf, 500 },
    { "trend", 0x0f6e78, 0x62c6cf, 300 },
    { "trend", 0x865e3c, 0xd0a984, 200 },
    { "fan", 0x813d9c, 0xc99bf0, 60 },
    { "fan", 0xa84300, 0xffb070, 100 },
  };

  if (!need_display ())
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const ChartScene *scene = find_scene (cases[i].scene);
      g_autoptr (GdkTexture) light = chart_scene_render (scene, FALSE);
      g_autoptr (GdkTexture) dark = chart_scene_render (scene, TRUE);

      g_assert_cmpuint (count_color (light, cases[i].light, 40), >,
                        cases[i].at_least);
      g_assert_cmpuint (count_color (dark, cases[i].dark, 40), >,
                        cases[i].at_least);
    }
}

/* Old never looks live: no data colour is left anywhere. */
static void
test_stale_loses_its_colour (void)
{
  g_autoptr (GdkTexture) light = NULL;
  g_autoptr (GdkTexture) dark = NULL;

  if (!need_display ())
    return;

  light = chart_scene_render (find_scene ("spectrum-stale"), FALSE);
  dark = chart_scene_render (find_scene ("spectrum-stale"), TRUE);
  g_assert_cmpuint (count_color (light, 0x0f6e78, 30), ==, 0);
  g_assert_cmpuint (count_color (dark, 0x62c6cf, 30), ==, 0);
  g_assert_cmpuint (count_color (light, 0x813d9c, 30), ==, 0);
}

static void
note_cursor (TwinLineChart *chart, double x, double *last)
{
  *last = x;
}

static void
test_cursor_steps (void)
{
  TwinLineChart      *chart;
  TwinSpectrumReadout at;
  double              lines[401] = { 0 }, told = NAN;

  if (!need_display ())
    return;

  chart = TWIN_LINE_CHART (g_object_ref_sink (twin_spectrum_chart_new ()));
  lines[100] = 0.5;
  twin_spectrum_chart_set_lines (TWIN_SPECTRUM_CHART (chart), lines, 401, 0.5,
                                 "g");
  twin_spectrum_chart_set_shaft_hz (TWIN_SPECTRUM_CHART (chart), 25);
  g_signal_connect (chart, "cursor-moved", G_CALLBACK (note_cursor), &told);

  g_assert_false (
      twin_spectrum_chart_get_readout (TWIN_SPECTRUM_CHART (chart), &at));
  twin_line_chart_set_cursor (chart, 49.5);
  g_assert_cmpfloat (told, ==, 49.5);
  twin_line_chart_step_cursor (chart, 1);
  g_assert_cmpfloat_with_epsilon (told, 50, 1e-9);
  g_assert_true (
      twin_spectrum_chart_get_readout (TWIN_SPECTRUM_CHART (chart), &at));
  g_assert_cmpfloat_with_epsilon (at.order, 2, 1e-9);
  g_assert_cmpfloat (at.amplitude, ==, 0.5);
  /* Beyond the end it stays at the end. */
  twin_line_chart_step_cursor (chart, 10000);
  g_assert_cmpfloat_with_epsilon (told, 200, 1e-9);
  g_object_unref (chart);
}

static void
test_slip_is_against_the_tone (void)
{
  static const TwinSpectrumTone tones[] = {
    { "BPFO", 90, 4, FALSE },
    { "BPFI", 135, 4, FALSE },
  };
  TwinSpectrumChart  *chart;
  TwinSpectrumReadout at;
  double              lines[401] = { 0 };

  if (!need_display ())
    return;

  chart = TWIN_SPECTRUM_CHART (g_object_ref_sink (twin_spectrum_chart_new ()));
  twin_spectrum_chart_set_lines (chart, lines, 401, 0.5, "g");
  twin_spectrum_chart_set_tones (chart, tones, 2);
  twin_line_chart_set_cursor (TWIN_LINE_CHART (chart), 89.1);
  g_assert_true (twin_spectrum_chart_get_readout (chart, &at));
  g_assert_cmpfloat_with_epsilon (at.slip_percent, -1, 1e-9);
  /* 110 Hz is near neither. */
  twin_line_chart_set_cursor (TWIN_LINE_CHART (chart), 110);
  g_assert_true (twin_spectrum_chart_get_readout (chart, &at));
  g_assert_true (isnan (at.slip_percent));
  g_object_unref (chart);
}

/* Switching to orders once gave the y axis the name of the x axis. */
static void
test_titles_survive_orders (void)
{
  GtkWidget *chart;
  double     lines[401] = { 0 };

  if (!need_display ())
    return;

  chart = g_object_ref_sink (twin_spectrum_chart_new ());
  twin_line_chart_set_titles (TWIN_LINE_CHART (chart), NULL, "Acceleration, g");
  twin_spectrum_chart_set_lines (TWIN_SPECTRUM_CHART (chart), lines, 401, 0.5,
                                 "g");
  twin_spectrum_chart_set_shaft_hz (TWIN_SPECTRUM_CHART (chart), 25);
  for (int i = 0; i < 5; i++)
    twin_spectrum_chart_set_orders (TWIN_SPECTRUM_CHART (chart), i % 2 == 0);
  g_assert_cmpstr (twin_line_chart_get_y_title (TWIN_LINE_CHART (chart)), ==,
                   "Acceleration, g");
  g_object_unref (chart);
}

/* The rate of a live stream is never twice the same: a closer view once fell
 * back to all at every block. */
static void
test_view_survives_new_range (void)
{
  TwinLineChart *chart;
  double         min, max;

  if (!need_display ())
    return;

  chart = TWIN_LINE_CHART (g_object_ref_sink (twin_line_chart_new ()));
  twin_line_chart_set_x_range (chart, TWIN_CHART_SCALE_LINEAR, 0, 2000);
  twin_line_chart_set_view (chart, 100, 300);
  twin_line_chart_set_x_range (chart, TWIN_CHART_SCALE_LINEAR, 0, 1999.7);
  twin_line_chart_get_view (chart, &min, &max);
  g_assert_cmpfloat (min, ==, 100);
  g_assert_cmpfloat (max, ==, 300);
  /* Nothing of it is left: all. */
  twin_line_chart_set_x_range (chart, TWIN_CHART_SCALE_LINEAR, 0, 50);
  twin_line_chart_get_view (chart, &min, &max);
  g_assert_cmpfloat (max, ==, 50);
  /* A view of all follows. */
  twin_line_chart_set_x_range (chart, TWIN_CHART_SCALE_LINEAR, 0, 500);
  twin_line_chart_get_view (chart, &min, &max);
  g_assert_cmpfloat (max, ==, 500);
  g_object_unref (chart);
}

/* A record with nothing in it, or only gaps, draws words and does not fall. */
static void
test_nothing_to_draw (void)
{
  static const ChartScene empty[] = {
    { "line", 300, 200, twin_line_chart_new },
    { "trend", 300, 200, twin_trend_chart_new },
    { "fan", 300, 200, twin_fan_chart_new },
    { "spectrum", 16, 16, twin_spectrum_chart_new },
  };

  if (!need_display ())
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (empty); i++)
    {
      g_autoptr (GdkTexture) texture = chart_scene_render (&empty[i], FALSE);

      g_assert_nonnull (texture);
    }
}

/* However often it is told of something new, it draws once a frame. */
static void
test_one_draw_a_frame (void)
{
  GtkWidget         *window, *chart;
  TwinChartDrawStats before, after;
  double             lines[401] = { 0 };
  gint64             until;

  if (!need_display ())
    return;

  window = gtk_window_new ();
  chart = twin_spectrum_chart_new ();
  gtk_window_set_child (GTK_WINDOW (window), chart);
  gtk_window_present (GTK_WINDOW (window));
  until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
  do
    {
      g_main_context_iteration (NULL, TRUE);
      twin_line_chart_get_draw_stats (TWIN_LINE_CHART (chart), &before);
    }
  while (before.frames == 0 && g_get_monotonic_time () < until);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  twin_line_chart_get_draw_stats (TWIN_LINE_CHART (chart), &before);

  for (int i = 0; i < 500; i++)
    {
      lines[i % 401] = i;
      twin_spectrum_chart_set_lines (TWIN_SPECTRUM_CHART (chart), lines, 401,
                                     0.5, "g");
    }
  twin_line_chart_get_draw_stats (TWIN_LINE_CHART (chart), &after);
  g_assert_cmpuint (after.frames, ==, before.frames);

  do
    {
      g_main_context_iteration (NULL, TRUE);
      twin_line_chart_get_draw_stats (TWIN_LINE_CHART (chart), &after);
    }
  while (after.frames == before.frames && g_get_monotonic_time () < until);
  g_assert_cmpuint (after.frames, ==, before.frames + 1);
  g_assert_cmpint (after.last_us, >=, 0);
  g_test_message ("one frame: %" G_GINT64_FORMAT " us", after.last_us);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/widgets/draws-in-its-colours",
                   test_draws_in_its_colours);
  g_test_add_func ("/chart/widgets/stale-loses-its-colour",
                   test_stale_loses_its_colour);
  g_test_add_func ("/chart/widgets/cursor-steps", test_cursor_steps);
  g_test_add_func ("/chart/widgets/slip-is-against-the-tone",
                   test_slip_is_against_the_tone);
  g_test_add_func ("/chart/widgets/titles-survive-orders",
                   test_titles_survive_orders);
  g_test_add_func ("/chart/widgets/view-survives-new-range",
                   test_view_survives_new_range);
  g_test_add_func ("/chart/widgets/nothing-to-draw", test_nothing_to_draw);
  g_test_add_func ("/chart/widgets/one-draw-a-frame", test_one_draw_a_frame);
  return g_test_run ();
}
