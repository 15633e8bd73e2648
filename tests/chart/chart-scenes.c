/* SPDX-License-Identifier: Apache-2.0 */
#include "chart-scenes.h"

#include "twin-fan-chart.h"
#include "twin-sparkline.h"
#include "twin-spectrum-chart.h"
#include "twin-trend-chart.h"
#include "twin-waveform-chart.h"

#include <math.h>

#define DAY 86400.0
#define NOW 1795513338.0 /* 24 November 2026, 10:42:18 UTC */
#define BPFO 88.55
#define SHAFT 24.7

static double
gauss (GRand *rand)
{
  double u = g_rand_double_range (rand, 1e-12, 1);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * g_rand_double (rand));
}

/* Adds a Hann-shaped line. */
static void
add_peak (double *lines, gsize n, double df, double hz, double amplitude)
{
  for (gsize i = 0; i < n; i++)
    {
      double off = fabs ((double) i - hz / df);

      if (off < 2)
        lines[i] =
            hypot (lines[i], amplitude * (0.5 + 0.5 * cos (G_PI * off / 2)));
    }
}

static void
fill_spectrum (double *lines, double *baseline, gsize n, double df)
{
  static const double outer[] = { .034,  .0521, .0412, .0239,
                                  .0181, .0112, .0071, .0055 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (gsize i = 0; i < n; i++)
    {
      double hz = (double) i * df;
      double hump = 1 + 1.6 * exp (-pow ((hz - 380) / 160, 2));

      baseline[i] = 0.0009 * hump;
      lines[i] = 0.0006 * hump * hypot (gauss (rand), gauss (rand)) / 1.4;
    }

  for (gsize k = 1; k <= G_N_ELEMENTS (outer); k++)
    add_peak (lines, n, df, (double) k * BPFO * 0.994, outer[k - 1]);
  add_peak (lines, n, df, SHAFT, 0.046);
  add_peak (lines, n, df, 2 * SHAFT, 0.019);
  add_peak (lines, n, df, 100, 0.0115);
  add_peak (baseline, n, df, SHAFT, 0.04);
  add_peak (baseline, n, df, 2 * SHAFT, 0.02);
}

static GtkWidget *
make_spectrum (void)
{
  enum
  {
    N = 1601
  };
  static const TwinSpectrumTone tones[] = {
    { "BPFO", BPFO * 0.994, 8, FALSE },
    { "shaft", SHAFT, 2, TRUE },
    { "mains", 100, 1, TRUE },
  };
  static const TwinSpectrumPeak peaks[] = {
    { 176.0, 0.0521, "2× BPFO" },
    { 264.1, 0.0412, "3× BPFO" },
    { 352.1, 0.0239, "4× BPFO" },
  };
  GtkWidget         *widget = twin_spectrum_chart_new ();
  TwinSpectrumChart *chart = TWIN_SPECTRUM_CHART (widget);
  double             lines[N], baseline[N];

  fill_spectrum (lines, baseline, N, 0.5);
  twin_spectrum_chart_set_lines (chart, lines, N, 0.5, "g");
  twin_spectrum_chart_set_baseline (chart, baseline, N, 0.5);
  twin_spectrum_chart_set_tones (chart, tones, G_N_ELEMENTS (tones));
  twin_spectrum_chart_set_peaks (chart, peaks, G_N_ELEMENTS (peaks));
  twin_spectrum_chart_set_shaft_hz (chart, SHAFT);
  twin_line_chart_set_titles (TWIN_LINE_CHART (chart), "Frequency, Hz",
                              "Acceleration, g r.m.s.");
  twin_line_chart_set_label (TWIN_LINE_CHART (chart), "Spectrum");
  twin_line_chart_set_cursor (TWIN_LINE_CHART (chart), 88.02);
  return widget;
}

static GtkWidget *
make_orders (void)
{
  GtkWidget *widget = make_spectrum ();

  twin_spectrum_chart_set_orders (TWIN_SPECTRUM_CHART (widget), TRUE);
  twin_spectrum_chart_set_log (TWIN_SPECTRUM_CHART (widget), FALSE);
  twin_spectrum_chart_set_cursor_mode (TWIN_SPECTRUM_CHART (widget),
                                       TWIN_SPECTRUM_CURSOR_SINGLE);
  twin_line_chart_set_view (TWIN_LINE_CHART (widget), 60, 400);
  return widget;
}

static GtkWidget *
make_stale_spectrum (void)
{
  GtkWidget *widget = make_spectrum ();

  twin_line_chart_set_stale (TWIN_LINE_CHART (widget), TRUE, "14 min old");
  return widget;
}

static GtkWidget *
make_empty (void)
{
  GtkWidget *widget = twin_spectrum_chart_new ();

  twin_line_chart_set_empty_text (TWIN_LINE_CHART (widget),
                                  "No waveform has arrived from this sensor "
                                  "yet. Nodes capture eight "
                                  "seconds every twenty.");
  return widget;
}

static void
fill_waveform (double *samples, gsize n, double rate)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (gsize i = 0; i < n; i++)
    {
      double t = (double) i / rate;
      double since = fmod (t, 1 / 88.02);

      samples[i] = 0.06 * sin (2 * G_PI * SHAFT * t) + 0.035 * gauss (rand) +
                   0.45 * exp (-since * 900) * sin (2 * G_PI * 800 * since);
    }
}

static GtkWidget *
make_waveform (gboolean strip)
{
  enum
  {
    N = 8000
  };
  GtkWidget *widget = twin_waveform_chart_new (strip);
  double     samples[N];

  fill_waveform (samples, N, 4000);
  for (gsize i = 900; i < 1010; i++)
    samples[i] = NAN;
  twin_waveform_chart_set_block (TWIN_WAVEFORM_CHART (widget), samples, N, 4000,
                                 "g", strip ? 0 : 0.4);
  if (!strip)
    twin_line_chart_set_titles (TWIN_LINE_CHART (widget), "Time, s",
                                "Acceleration, g");
  return widget;
}

static GtkWidget *
make_long_waveform (void)
{
  return make_waveform (FALSE);
}

static GtkWidget *
make_strip (void)
{
  return make_waveform (TRUE);
}

static GtkWidget *
make_trend (void)
{
  enum
  {
    N = 4000
  };
  static const TwinChartLimit limits[] = {
    { 2.8, 0, TWIN_CHART_PRIORITY_MEDIUM, "Zone C from 2.8 mm/s" },
    { 4.5, 0, TWIN_CHART_PRIORITY_CRITICAL, "Zone D from 4.5 mm/s" },
  };
  static const TwinChartMarker markers[] = {
    { NOW - 0.9 * DAY, 2.82, TWIN_CHART_MARKER_ALARM,
      TWIN_CHART_PRIORITY_MEDIUM, NULL },
    { NOW - 0.12 * DAY, NAN, TWIN_CHART_MARKER_ALARM, TWIN_CHART_PRIORITY_LOW,
      NULL },
    { NOW - 2.4 * DAY, 1.5, TWIN_CHART_MARKER_DOT, 0, "Regreased" },
  };
  GtkWidget      *widget = twin_trend_chart_new ();
  TwinTrendChart *chart = TWIN_TREND_CHART (widget);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  double time[N], value[N], other[N];
  guint  first, second;

  for (gsize i = 0; i < N; i++)
    {
      time[i] = NOW - 3 * DAY + (double) i * 64.8;
      if (i >= 1500)
        time[i] += 0.25 * DAY;
      value[i] = 1.4 + 0.0005 * (double) i + 0.08 * gauss (rand) +
                 0.2 * sin (time[i] * 2 * G_PI / DAY);
      other[i] = 1.1 + 0.05 * gauss (rand);
      if (i > 2600 && i < 2700)
        value[i] = other[i] = NAN;
    }

  first = twin_line_chart_add_series (TWIN_LINE_CHART (chart), "Drive end",
                                      TWIN_CHART_STYLE_MEASURED);
  second = twin_line_chart_add_series (TWIN_LINE_CHART (chart), "Non-drive end",
                                       TWIN_CHART_STYLE_SECOND);
  twin_trend_chart_set_unit (chart, "mm/s");
  twin_trend_chart_set_span (chart, NOW - 3 * DAY, NOW + 0.25 * DAY);
  twin_trend_chart_set_record (chart, first, time, value, N, 600);
  twin_trend_chart_set_record (chart, second, time, other, N, 600);
  twin_line_chart_set_titles (TWIN_LINE_CHART (chart), NULL,
                              "Velocity, mm/s r.m.s.");
  twin_line_chart_set_limits (TWIN_LINE_CHART (chart), limits, 2);
  twin_line_chart_set_markers (TWIN_LINE_CHART (chart), markers, 3);
  twin_line_chart_set_cursor (TWIN_LINE_CHART (chart), NOW - 0.5 * DAY);
  return widget;
}

/* Index t days from onset, growth b a day. */
static double
growth (double days, double b)
{
  return 0.35 + 0.28 * (exp (b * days) - 1);
}

static void
fill_fan (TwinFanChart *chart, double onset)
{
  static const double from_z[] = { -1.65, -0.67, 0, 0.67, 1.65 };
  TwinFanPoint        fan[60];

  for (gsize i = 0; i < G_N_ELEMENTS (fan); i++)
    {
      double days = (double) i * 0.65;
      double q[5];

      for (gsize k = 0; k < 5; k++)
        q[k] = 1.97 + growth (days, 0.048 + 0.013 * from_z[k]) * 1.1 -
               0.35 * 1.1 + 0.02 * days;
      fan[i] = (TwinFanPoint){ NOW + days * DAY, q[0], q[1], q[2], q[3], q[4] };
    }

  twin_fan_chart_set_fan (chart, fan, G_N_ELEMENTS (fan));
}

static void
fill_past (TwinFanChart *chart, double made_days, double b)
{
  double time[40], index[40];

  for (gsize i = 0; i < G_N_ELEMENTS (time); i++)
    {
      double days = 38 - made_days + (double) i * 1.2;

      time[i] = NOW - 38 * DAY + days * DAY;
      index[i] = growth (days, b);
    }

  twin_fan_chart_add_past (chart, time[0], time, index, G_N_ELEMENTS (time));
}

static GtkWidget *
make_fan (void)
{
  enum
  {
    N = 420
  };
  static const TwinChartBand bands[] = {
    { NOW - 62 * DAY, NOW - 56 * DAY, TWIN_CHART_BAND_GAP,
      "No data 22–28 Sep" },
    { NOW - 20 * DAY, NOW - 18 * DAY, TWIN_CHART_BAND_STALE, "Sensor stale" },
    { NOW + 8 * DAY, NOW + 10 * DAY, TWIN_CHART_BAND_WINDOW,
      "Do it by Thu 3 Dec" },
  };
  static const TwinChartMarker markers[] = {
    { NOW - 37 * DAY, 0.33, TWIN_CHART_MARKER_DOT, 0, "Onset 17 Oct" },
    { NOW - 9 * DAY, 1.3, TWIN_CHART_MARKER_ALARM, TWIN_CHART_PRIORITY_HIGH,
      NULL },
  };
  GtkWidget    *widget = twin_fan_chart_new ();
  TwinFanChart *chart = TWIN_FAN_CHART (widget);
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  double time[N], index[N], slow = 0;

  for (gsize i = 0; i < N; i++)
    {
      double days = -105 + (double) i * 0.25;

      slow = 0.8 * slow + 0.06 * gauss (rand);
      time[i] = NOW + days * DAY;
      index[i] = growth (MAX (0, days + 38), 0.0505) - 0.05 + slow;
      if ((days > -62 && days < -56) || (days > -20 && days < -18))
        index[i] = NAN;
    }

  twin_fan_chart_set_span (chart, NOW - 105 * DAY, NOW + 45 * DAY);
  twin_fan_chart_set_measured (chart, time, index, N, 0);
  twin_fan_chart_set_threshold (chart, 3.5, 0.2, "Failure threshold 3.5 ± 0.2");
  fill_fan (chart, NOW - 38 * DAY);
  fill_past (chart, 30, 0.043);
  fill_past (chart, 7, 0.052);
  twin_fan_chart_set_bracket (chart, NOW + 12 * DAY, NOW + 19 * DAY,
                              NOW + 31 * DAY);
  twin_fan_chart_set_now (chart, NOW);
  twin_line_chart_set_bands (TWIN_LINE_CHART (chart), bands, 3);
  twin_line_chart_set_markers (TWIN_LINE_CHART (chart), markers, 2);
  return widget;
}

static GtkWidget *
make_sparklines (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);

  for (int i = 0; i < 3; i++)
    {
      GtkWidget *line = twin_sparkline_new ();
      double     values[90];

      for (gsize k = 0; k < 90; k++)
        values[k] = 70 + 0.2 * (double) k + gauss (rand) * 2;
      if (i == 1)
        values[40] = values[41] = values[42] = NAN;
      twin_sparkline_set_samples (TWIN_SPARKLINE (line), NULL, values, 90);
      twin_sparkline_set_limit (TWIN_SPARKLINE (line), 90,
                                TWIN_CHART_PRIORITY_HIGH);
      twin_sparkline_set_stale (TWIN_SPARKLINE (line), i == 2);
      gtk_box_append (GTK_BOX (box), line);
    }

  return box;
}

static const ChartScene scenes[] = {
  { "spectrum", 952, 418, make_spectrum },
  { "spectrum-orders", 952, 418, make_orders },
  { "spectrum-stale", 952, 300, make_stale_spectrum },
  { "spectrum-empty", 952, 260, make_empty },
  { "waveform", 952, 300, make_long_waveform },
  { "waveform-strip", 952, 58, make_strip },
  { "trend", 952, 320, make_trend },
  { "fan", 898, 310, make_fan },
  { "sparklines", 140, 110, make_sparklines },
};

const ChartScene *
chart_scenes (gsize *n)
{
  *n = G_N_ELEMENTS (scenes);
  return scenes;
}

static void
first_frame (GdkFrameClock *clock, gboolean *done)
{
  *done = TRUE;
}

GdkTexture *
chart_scene_render (const ChartScene *scene, gboolean dark)
{
  GtkWidget    *window = gtk_window_new ();
  GtkWidget    *content = scene->make ();
  GtkSnapshot  *snapshot = gtk_snapshot_new ();
  GdkPaintable *paintable;
  GdkTexture   *texture;
  gboolean      done = FALSE;
  gulong        handler;
  g_autoptr (GskRenderNode) node = NULL;

  g_object_set (gtk_settings_get_default (),
                "gtk-application-prefer-dark-theme", dark, NULL);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_widget_set_size_request (content, scene->width, scene->height);
  gtk_window_set_child (GTK_WINDOW (window), content);
  gtk_window_present (GTK_WINDOW (window));

  handler = g_signal_connect (gtk_widget_get_frame_clock (window),
                              "after-paint", G_CALLBACK (first_frame), &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (gtk_widget_get_frame_clock (window), handler);

  paintable = gtk_widget_paintable_new (window);
  gdk_paintable_snapshot (paintable, snapshot, scene->width, scene->height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (
                                       GTK_NATIVE (window)),
                                   node,
                                   &GRAPHENE_RECT_INIT (0, 0,
                                                        (float) scene->width,
                                                        (float) scene->height));
  g_object_unref (paintable);
  gtk_window_destroy (GTK_WINDOW (window));
  return texture;
}
