/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-spectrum-chart.h"

#include "twin-line-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define HARMONICS 8
/* Slip of a bearing tone is looked for this far around where it should be. */
#define NOMINAL_REACH 0.03
/* Pixels around a peak's ring that mean it. */
#define PEAK_REACH_PX 8.0

typedef struct
{
  char    *family;
  double   hz;
  guint    n_harmonics;
  gboolean second;
  gboolean visible;
} Tone;

typedef struct
{
  double hz;
  double amplitude;
  char  *name;
} Peak;

struct _TwinSpectrumChart
{
  TwinLineChart      parent_instance;
  guint              measured; /* series numbers */
  guint              baseline;
  double            *lines;
  gsize              n;
  double             df_hz;
  GArray            *tones;
  GArray            *peaks;
  GHashTable        *hidden; /* families switched off */
  double             shaft_hz;
  gboolean           orders;
  TwinSpectrumCursor mode;
};

enum
{
  PEAK_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TwinSpectrumChart,
                     twin_spectrum_chart,
                     TWIN_TYPE_LINE_CHART)

static void
tone_clear (gpointer tone)
{
  g_free (((Tone *) tone)->family);
}

static void
peak_clear (gpointer peak)
{
  g_free (((Peak *) peak)->name);
}

/* Tones ---------------------------------------------------------------------
 */

static void
append_tones (GArray *out, const Tone *tone, double top_hz)
{
  for (guint k = 1; k <= tone->n_harmonics && k * tone->hz <= top_hz; k++)
    {
      TwinChartTone one = { k * tone->hz, tone->second, NULL };

      /* Translators: the k-th multiple of a tone, "2×". */
      if (k > 1 || (tone->second && tone->n_harmonics > 1))
        one.label = g_strdup_printf (_ ("%u×"), k);
      else
        one.label = g_strdup (tone->family);
      g_array_append_val (out, one);
    }
}

static void
update_tones (TwinSpectrumChart *self)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (TwinChartTone));
  double top_hz = self->n > 0 ? self->df_hz * (double) (self->n - 1) : 0;

  for (guint i = 0; i < self->tones->len; i++)
    {
      const Tone *tone = &g_array_index (self->tones, Tone, i);

      if (tone->hz > 0 && !g_hash_table_contains (self->hidden, tone->family))
        append_tones (all, tone, top_hz);
    }

  twin_line_chart_set_tones (TWIN_LINE_CHART (self),
                             (const TwinChartTone *) (void *) all->data,
                             all->len);
  for (guint i = 0; i < all->len; i++)
    g_free ((char *) g_array_index (all, TwinChartTone, i).label);
}

void
twin_spectrum_chart_set_tones (TwinSpectrumChart      *self,
                               const TwinSpectrumTone *tones,
                               gsize                   n)
{
  g_return_if_fail (TWIN_IS_SPECTRUM_CHART (self));

  g_array_set_size (self->tones, 0);
  for (gsize i = 0; i < n; i++)
    {
      Tone tone = { g_strdup (tones[i].family != NULL ? tones[i].family : ""),
                    tones[i].hz, tones[i].n_harmonics, tones[i].second, TRUE };

      g_array_append_val (self->tones, tone);
    }

  update_tones (self);
}

void
twin_spectrum_chart_set_family_visible (TwinSpectrumChart *self,
                                        const char        *family,
                                        gboolean           visible)
{
  g_return_if_fail (TWIN_IS_SPECTRUM_CHART (self));
  g_return_if_fail (family != NULL);

  if (visible)
    g_hash_table_remove (self->hidden, family);
  else
    g_hash_table_add (self->hidden, g_strdup (family));

  update_tones (self);
}

/* Where the tone nearest to @hz should be, NaN when none is near. */
static double
nominal_near (TwinSpectrumChart *self, double hz)
{
  double nominal = NAN;

  for (guint i = 0; i < self->tones->len; i++)
    {
      const Tone *tone = &g_array_index (self->tones, Tone, i);

      if (!(tone->hz > 0) || fabs (hz / tone->hz - 1) > NOMINAL_REACH)
        continue;

      if (isnan (nominal) || fabs (hz - tone->hz) < fabs (hz - nominal))
        nominal = tone->hz;
    }

  return nominal;
}

/* Data ----------------------------------------------------------------------
 */

static void
update_x (TwinSpectrumChart *self)
{
  TwinLineChart        *chart = TWIN_LINE_CHART (self);
  TwinLineChartPrivate *priv = twin_line_chart_private (chart);
  gboolean              orders = self->orders && self->shaft_hz > 0;

  if (self->n > 1)
    {
      twin_line_chart_set_x_range (chart, TWIN_CHART_SCALE_LINEAR, 0,
                                   self->df_hz * (double) (self->n - 1));
      priv->min_span = self->df_hz * 8;
    }

  twin_line_chart_set_x_factor (chart, orders ? 1 / self->shaft_hz : 1);
  twin_line_chart_set_titles (chart,
                              orders ? _ ("Order, × shaft speed")
                                     : _ ("Frequency, Hz"),
                              priv->y_title);
}

void
twin_spectrum_chart_set_lines (TwinSpectrumChart *self,
                               const double      *lines,
                               gsize              n,
                               double             df_hz,
                               const char        *unit)
{
  TwinLineChartPrivate *priv;

  g_return_if_fail (TWIN_IS_SPECTRUM_CHART (self));
  g_return_if_fail (n == 0 || (lines != NULL && df_hz > 0));

  priv = twin_line_chart_private (TWIN_LINE_CHART (self));
  if (g_strcmp0 (priv->unit, unit) != 0)
    {
      g_free (priv->unit);
      priv->unit = g_strdup (unit);
      priv->fitted_min = priv->fitted_max = 0;
    }

  g_free (self->lines);
  self->lines = g_memdup2 (lines, n * sizeof *lines);
  self->n = n;
  self->df_hz = n > 0 ? df_hz : 1;
  twin_line_chart_set_samples_uniform (TWIN_LINE_CHART (self), self->measured,
                                       0, self->df_hz, lines, n);
  update_x (self);
  update_tones (self);
}

void
twin_spectrum_chart_set_baseline (TwinSpectrumChart *self,
                                  const double      *lines,
                                  gsize              n,
                                  double             df_hz)
{
  g_return_if_fail (TWIN_IS_SPECTRUM_CHART (self));
  g_return_if_fail (n == 0 || (lines != NULL && df_hz > 0));

  twin_line_chart_set_samples_uniform (TWIN_LINE_CHART (self), self->baseline,
                                       0, n > 0 ? df_hz : 1, lines, n);
}

void
twin_spectrum_chart_set_peaks (TwinSpectrumChart      *self,
                               const TwinSpectrumPeak *peaks,
                               gsize                   n)
{
  g_return_if_fail (TWIN_IS_SPECTRUM_CHART (self));

  g_array_set_size (self->peaks, 0);
  for (gsize i = 0; i < n; i++)
    {
      Peak peak = { peaks[i].hz, peaks[i].amplitude, g_strdup (peaks[i].name) };

      g_array_append_val (self->peaks, peak);
    }

  twin_line_chart_invalidate (TWIN_LINE_CHART (self));
}

void
twin_spectrum_chart_set_shaft_hz (TwinSpectrumChart *self, double hz)
{
  g_return_if_fail (TWIN_IS_SPECTRUM_CHART (self));

  self->shaft_hz = hz > 0 && isfinite (hz) ? hz : 0;
  update_x (self);
}

void
twin_spectrum_chart_set_orders (TwinSpectrumChart *self, gboolean orders)
{
  g_return_if_fail (TWIN_IS_SPECTRUM_CHART (self));

  self->orders = orders;
  update_x (self);
}

gboolean
twin_spectrum_chart_get_orders (TwinSpectrumChart *self)
{
  g_return_val_if_fail (TWIN_IS_SPECTRUM_CHART (self), FALSE);

  return self->orders && self->shaft_hz > 0;
}

void
twin_spectrum_chart_set_log (TwinSpectrumChart *self, gboolean log)
{
  g_return_if_fail (TWIN_IS_SPECTRUM_CHART (self));

  twin_line_chart_set_y_range (TWIN_LINE_CHART (self),
                               log ? TWIN_CHART_SCALE_LOG
                                   : TWIN_CHART_SCALE_LINEAR,
                               0, 0);
}

void
twin_spectrum_chart_set_cursor_mode (TwinSpectrumChart *self,
                                     TwinSpectrumCursor mode)
{
  g_return_if_fail (TWIN_IS_SPECTRUM_CHART (self));

  self->mode = mode;
  twin_line_chart_invalidate_cursor (TWIN_LINE_CHART (self));
}

gboolean
twin_spectrum_chart_get_readout (TwinSpectrumChart   *self,
                                 TwinSpectrumReadout *readout)
{
  double f0;

  g_return_val_if_fail (TWIN_IS_SPECTRUM_CHART (self), FALSE);

  f0 = twin_line_chart_get_cursor (TWIN_LINE_CHART (self));
  if (isnan (f0) || self->n == 0)
    return FALSE;

  twin_spectrum_readout (self->lines, self->n, self->df_hz, f0, self->shaft_hz,
                         nominal_near (self, f0),
                         self->mode == TWIN_SPECTRUM_CURSOR_HARMONIC ? HARMONICS
                                                                     : 1,
                         readout);
  return TRUE;
}

/* Drawing -------------------------------------------------------------------
 */

static void
draw_over (TwinLineChart *chart, TwinChartPaint *paint)
{
  TwinSpectrumChart *self = TWIN_SPECTRUM_CHART (chart);
  cairo_t           *cr;

  if (self->peaks->len == 0)
    return;

  cr = twin_chart_paint_cairo (paint, 6);
  for (guint i = 0; i < self->peaks->len; i++)
    {
      const Peak *peak = &g_array_index (self->peaks, Peak, i);

      if (peak->hz >= paint->x.min && peak->hz <= paint->x.max)
        twin_chart_paint_dot (cr, &paint->palette, TRUE,
                              twin_chart_paint_x (paint, peak->hz),
                              twin_chart_paint_y (paint, peak->amplitude), 3);
    }
  cairo_destroy (cr);
}

static void
draw_harmonics (TwinSpectrumChart *self, TwinChartPaint *paint, double f0)
{
  cairo_t *cr = twin_chart_paint_cairo (paint, 6);
  double   foot = paint->plot.origin.y + paint->plot.size.height;
  guint    n = self->mode == TWIN_SPECTRUM_CURSOR_HARMONIC ? HARMONICS : 1;
  /* The tone's own lines stand close by; rings say enough then. */
  const gboolean on_tone = !isnan (nominal_near (self, f0));

  for (guint k = 1; k <= n; k++)
    {
      TwinSpectrumReadout at;
      double              x = twin_chart_paint_x (paint, k * f0);

      if (!(f0 > 0) || k * f0 < paint->x.min || k * f0 > paint->x.max)
        continue;

      twin_spectrum_readout (self->lines, self->n, self->df_hz, k * f0, NAN,
                             NAN, 1, &at);
      if (k > 1 && !on_tone)
        {
          GdkRGBA faded = twin_chart_color_fade (&paint->palette.ink, 0.45);

          twin_chart_paint_set_color (cr, &faded);
          twin_chart_paint_set_line (cr, TWIN_CHART_STYLE_OVERLAY, 0);
          cairo_move_to (cr, round (x) + 0.5, paint->plot.origin.y);
          cairo_line_to (cr, round (x) + 0.5, foot);
          cairo_stroke (cr);
        }
      twin_chart_paint_dot (cr, &paint->palette, TRUE, x,
                            twin_chart_paint_y (paint, at.sum), 3.5);
    }

  cairo_destroy (cr);
}

static void
draw_card (TwinSpectrumChart *self, TwinChartPaint *paint, double f0)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (TWIN_LINE_CHART (self));
  gboolean              harmonic = self->mode == TWIN_SPECTRUM_CURSOR_HARMONIC;
  TwinChartCardRow      rows[5];
  gsize                 n = 0;
  g_autofree char      *hz = g_strdup_printf ("%.2f", f0);
  g_autofree char      *order = NULL, *slip = NULL, *amount = NULL, *sum = NULL;
  TwinSpectrumReadout   at;

  if (!twin_spectrum_chart_get_readout (self, &at))
    return;

  /* Translators: the frequency of the cursor, f with index zero. */
  rows[n++] = (TwinChartCardRow){ harmonic ? _ ("f₀") : _ ("f"), hz, _ ("Hz") };
  if (!isnan (at.order))
    {
      order = g_strdup_printf ("%.3f", at.order);
      rows[n++] = (TwinChartCardRow){ _ ("order"), order, NULL };
    }
  if (!isnan (at.slip_percent))
    {
      slip = g_strdup_printf ("%s%.1f", at.slip_percent < -0.05 ? "−" : "",
                              fabs (at.slip_percent));
      rows[n++] = (TwinChartCardRow){ _ ("slip"), slip, "%" };
    }
  if (!harmonic)
    {
      amount = twin_chart_format (at.amplitude, 3);
      rows[n++] = (TwinChartCardRow){ _ ("line"), amount, priv->unit };
    }
  else if (at.n_harmonics > 1)
    {
      g_autofree char *name = g_strdup_printf (_ ("sum 1–%u"), at.n_harmonics);

      amount = twin_chart_format (at.sum, 2);
      sum = g_steal_pointer (&name);
      rows[n++] = (TwinChartCardRow){ sum, amount, priv->unit };
    }

  /* Low in the plot, where there are no peaks. */
  twin_chart_paint_card (paint, harmonic ? _ ("Harmonic cursor") : _ ("Cursor"),
                         rows, n, twin_chart_paint_x (paint, f0) - 4,
                         paint->plot.origin.y + paint->plot.size.height * 0.61);
}

static void
draw_cursor (TwinLineChart *chart, TwinChartPaint *paint)
{
  TwinSpectrumChart *self = TWIN_SPECTRUM_CHART (chart);
  double             f0 = twin_line_chart_get_cursor (chart);

  if (self->n == 0 || f0 < paint->x.min || f0 > paint->x.max)
    return;

  twin_line_chart_draw_cursor_line (paint, f0);
  draw_harmonics (self, paint, f0);
  draw_card (self, paint, f0);
}

static char *
describe (TwinLineChart *chart)
{
  TwinSpectrumChart    *self = TWIN_SPECTRUM_CHART (chart);
  TwinLineChartPrivate *priv = twin_line_chart_private (chart);
  GString              *text;
  TwinSpectrumReadout   at;
  g_autofree char      *amount = NULL;

  if (!twin_spectrum_chart_get_readout (self, &at))
    return TWIN_LINE_CHART_CLASS (twin_spectrum_chart_parent_class)
        ->describe (chart);

  text = g_string_new (NULL);
  amount = twin_chart_format (at.sum, 3);
  if (priv->stale)
    g_string_append_printf (text, "%s. ",
                            priv->age_text ? priv->age_text : _ ("Old data"));
  g_string_append_printf (text, _ ("Cursor %.2f Hz"), at.f0_hz);
  if (!isnan (at.order))
    g_string_append_printf (text, _ (", order %.3f"), at.order);
  if (!isnan (at.slip_percent))
    g_string_append_printf (text, _ (", slip %.1f %%"), at.slip_percent);
  g_string_append_printf (text,
                          self->mode == TWIN_SPECTRUM_CURSOR_HARMONIC
                              ? _ (", sum of harmonics %s %s")
                              : _ (", %s %s"),
                          amount, priv->unit ? priv->unit : "");
  return g_string_free (text, FALSE);
}

/* Cursor --------------------------------------------------------------------
 */

static double
cursor_step (TwinLineChart *chart)
{
  return TWIN_SPECTRUM_CHART (chart)->df_hz;
}

/* A single cursor stands on lines. f0 of harmonics lies between them: eight
 * harmonics resolve it eight times finer than one line. */
static double
snap_cursor (TwinLineChart *chart, double x)
{
  TwinSpectrumChart *self = TWIN_SPECTRUM_CHART (chart);

  return self->mode == TWIN_SPECTRUM_CURSOR_SINGLE
             ? round (x / self->df_hz) * self->df_hz
             : x;
}

static gboolean
activate (TwinLineChart *chart, double x)
{
  TwinSpectrumChart    *self = TWIN_SPECTRUM_CHART (chart);
  TwinLineChartPrivate *priv = twin_line_chart_private (chart);
  double                reach, peak;

  if (self->n == 0)
    return FALSE;

  reach = PEAK_REACH_PX * (priv->x_view.max - priv->x_view.min) /
          MAX (1.0f, priv->paint.plot.size.width);
  peak = twin_spectrum_peak_near (self->lines, self->n, self->df_hz, x,
                                  MAX (reach, 2 * self->df_hz));
  if (peak == x)
    return FALSE;

  twin_line_chart_set_cursor (chart, peak);
  g_signal_emit (self, signals[PEAK_ACTIVATED], 0, peak);
  return TRUE;
}

static void
finalize (GObject *object)
{
  TwinSpectrumChart *self = TWIN_SPECTRUM_CHART (object);

  g_free (self->lines);
  g_array_unref (self->tones);
  g_array_unref (self->peaks);
  g_hash_table_unref (self->hidden);

  G_OBJECT_CLASS (twin_spectrum_chart_parent_class)->finalize (object);
}

static void
twin_spectrum_chart_class_init (TwinSpectrumChartClass *class)
{
  TwinLineChartClass *chart_class = TWIN_LINE_CHART_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  chart_class->draw_over = draw_over;
  chart_class->draw_cursor = draw_cursor;
  chart_class->describe = describe;
  chart_class->cursor_step = cursor_step;
  chart_class->snap_cursor = snap_cursor;
  chart_class->activate = activate;

  signals[PEAK_ACTIVATED] =
      g_signal_new ("peak-activated", G_TYPE_FROM_CLASS (class),
                    G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                    G_TYPE_DOUBLE);
}

static void
twin_spectrum_chart_init (TwinSpectrumChart *self)
{
  TwinLineChart *chart = TWIN_LINE_CHART (self);

  self->tones = g_array_new (FALSE, FALSE, sizeof (Tone));
  g_array_set_clear_func (self->tones, tone_clear);
  self->peaks = g_array_new (FALSE, FALSE, sizeof (Peak));
  g_array_set_clear_func (self->peaks, peak_clear);
  self->hidden = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->df_hz = 1;
  self->mode = TWIN_SPECTRUM_CURSOR_HARMONIC;

  self->baseline = twin_line_chart_add_series (chart, _ ("Baseline"),
                                               TWIN_CHART_STYLE_BASELINE);
  self->measured = twin_line_chart_add_series (chart, _ ("Measured"),
                                               TWIN_CHART_STYLE_MEASURED);
  twin_line_chart_set_series_look (chart, self->measured, 1.15, TRUE);
  twin_line_chart_private (chart)->hatch_gaps = FALSE;
  twin_spectrum_chart_set_log (self, TRUE);
}

GtkWidget *
twin_spectrum_chart_new (void)
{
  return g_object_new (TWIN_TYPE_SPECTRUM_CHART, NULL);
}
