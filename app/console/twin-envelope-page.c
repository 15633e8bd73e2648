/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-envelope-page.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#include "twin-chart-key.h"
#include "twin-fact-grid.h"
#include "twin-finding-card.h"
#include "twin-kurtogram-view.h"
#include "twin-machine-words.h"
#include "twin-spectrum-chart.h"
#include "twin-tone-pills.h"

/* Slip that a tone is looked for within. */
#define SLIP 0.02
/* Lines to each side that a tone is compared with. */
#define NEIGHBOURS 40

struct _TwinEnvelopePage
{
  GtkWidget                 parent_instance;
  const TwinMachineContext *context;
  GtkWidget                *box;
  GtkDropDown              *sensor;
  GtkWidget                *log, *lin, *hz, *orders, *harmonic, *single;
  TwinSpectrumChart        *chart;
  GtkLabel                 *band, *resolution, *age;
  TwinChartKey             *tone_key;
  TwinTonePills            *pills;
  TwinFindingCard          *finding;
  TwinFactGrid             *tones;
  TwinKurtogramView        *kurtogram;
  GtkWidget                *kurtogram_scale;
  GtkLabel                 *kurtogram_top, *kurtogram_text;
  gboolean                  placed;
};

static void tab_init (TwinMachineTabInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TwinEnvelopePage,
                               twin_envelope_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (TWIN_TYPE_MACHINE_TAB,
                                                      tab_init))

static gboolean
is_on (GtkWidget *toggle)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (toggle));
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* --- tones
 * --------------------------------------------------------------------- */

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* Highest line within ±2 % of @hz over the median around it; NaN outside. */
static double
stand_out (const TwinBlockUpdate *block, double hz)
{
  const double df = block->envelope_df_hz;
  const double reach = MAX (1.0, SLIP * hz / df);
  const double at = hz / df;
  double       around[2 * NEIGHBOURS + 1], highest = 0;
  size_t       n = 0;

  if (!(hz > 0) || at + NEIGHBOURS >= (double) block->n_envelope)
    return NAN;

  for (double p = MAX (1.0, round (at) - NEIGHBOURS);
       p <= round (at) + NEIGHBOURS; p += 1)
    {
      const double value = block->envelope[(size_t) p];

      around[n++] = value;
      if (fabs (p - at) <= reach)
        highest = MAX (highest, value);
    }

  qsort (around, n, sizeof around[0], compare_doubles);
  return around[n / 2] > 0 ? highest / around[n / 2] : NAN;
}

static void
show_tones (TwinEnvelopePage *self, const TwinBlockUpdate *block)
{
  for (guint i = 0; block->tones != NULL && i < block->tones->len; i++)
    {
      const TwinTone  *tone = &g_array_index (block->tones, TwinTone, i);
      const double     level = stand_out (block, tone->hz);
      g_autofree char *text =
          isnan (level)
              ? g_strdup_printf (_ ("%.1f Hz · outside"), tone->hz)
              : g_strdup_printf (_ ("%.1f Hz · %.1f× around"), tone->hz, level);

      if (tone->name != NULL)
        twin_fact_grid_set (self->tones, tone->name, text);
    }
}

/* --- finding
 * ---------------------------------------------------------------------- */

static void
show_kurtogram (TwinEnvelopePage *self, const TwinFindingUpdate *finding)
{
  GArray          *bands = finding != NULL ? finding->bands : NULL;
  const int        best = finding != NULL ? finding->best_band : -1;
  g_autofree char *text = twin_kurtogram_dup_text (bands, best);
  g_autofree char *top = NULL;

  twin_kurtogram_view_set (self->kurtogram, bands, best);
  gtk_label_set_text (self->kurtogram_text, text);
  gtk_widget_set_visible (self->kurtogram_scale, bands != NULL);
  if (bands == NULL)
    return;

  /* The first level is one band, up to what the rate can carry. */
  top = g_strdup_printf (_ ("%.0f Hz"),
                         g_array_index (bands, TwinBandItem, 0).hi_hz);
  gtk_label_set_text (self->kurtogram_top, top);
}

static void
show_finding (TwinEnvelopePage *self)
{
  const TwinFindingUpdate *finding =
      twin_live_item_get_finding (self->context->machine);
  g_autofree char *age =
      finding != NULL
          ? twin_machine_context_dup_age (self->context, finding->time_us)
          : NULL;

  twin_finding_card_set (self->finding, finding, age);
  show_kurtogram (self, finding);
}

static const char *
found_family (TwinEnvelopePage *self)
{
  const TwinFindingUpdate *finding =
      twin_live_item_get_finding (self->context->machine);

  return finding != NULL ? twin_words_family_of (finding->verdict) : NULL;
}

/* --- plot
 * ------------------------------------------------------------------------- */

static void
place_cursor (TwinEnvelopePage *self, const TwinBlockUpdate *block)
{
  const char *family = found_family (self);

  if (self->placed || family == NULL || block->tones == NULL)
    return;

  for (guint i = 0; i < block->tones->len; i++)
    {
      const TwinTone *tone = &g_array_index (block->tones, TwinTone, i);

      if (g_strcmp0 (tone->name, family) != 0)
        continue;

      twin_line_chart_set_cursor (TWIN_LINE_CHART (self->chart),
                                  twin_spectrum_comb_near (block->envelope,
                                                           block->n_envelope,
                                                           block
                                                               ->envelope_df_hz,
                                                           tone->hz,
                                                           SLIP * tone->hz, 8));
      self->placed = TRUE;
    }
}

static void
show_lines (TwinEnvelopePage *self, const TwinBlockUpdate *block)
{
  twin_spectrum_chart_set_log (self->chart, is_on (self->log));
  twin_spectrum_chart_set_shaft_hz (self->chart, block->shaft_hz);
  twin_line_chart_set_titles (TWIN_LINE_CHART (self->chart),
                              _ ("Frequency, Hz"), _ ("Envelope, g"));
  twin_spectrum_chart_set_orders (self->chart, is_on (self->orders));
  twin_spectrum_chart_set_lines (self->chart, block->envelope,
                                 block->n_envelope, block->envelope_df_hz, "g");
  gtk_widget_set_sensitive (self->orders, block->shaft_hz > 0);
  place_cursor (self, block);
}

static void
show_none (TwinEnvelopePage *self)
{
  twin_line_chart_set_empty_text (TWIN_LINE_CHART (self->chart),
                                  _ ("No waveform of this sensor has arrived "
                                     "yet, so there is no envelope "
                                     "of it."));
  twin_line_chart_set_stale (TWIN_LINE_CHART (self->chart), FALSE, NULL);
  twin_spectrum_chart_set_lines (self->chart, NULL, 0, 1, "g");
  twin_tone_pills_set_tones (self->pills, NULL, NULL);
  twin_fact_grid_clear (self->tones);
  set_text (self->band, NULL);
  set_text (self->resolution, NULL);
  set_text (self->age, NULL);
}

/* Without a band that strikes, the envelope is of where carriers usually are.
 */
static char *
dup_band (TwinEnvelopePage *self, const TwinBlockUpdate *block)
{
  const TwinFindingUpdate *finding =
      twin_live_item_get_finding (self->context->machine);

  return g_strdup_printf (finding != NULL && finding->bands != NULL &&
                                  finding->best_band >= 0
                              ? _ ("Band %.0f–%.0f Hz, by kurtogram")
                              : _ ("Band %.0f–%.0f Hz, none strikes"),
                          block->band_lo_hz, block->band_hi_hz);
}

static void
show_age (TwinEnvelopePage *self, const TwinBlockUpdate *block)
{
  const gboolean   old = twin_machine_context_is_old (self->context, block);
  g_autofree char *text =
      twin_machine_context_dup_age (self->context, block->end_us);
  g_autofree char *age =
      twin_live_dup_age (block->end_us, self->context->now_us);
  g_autofree char *age_text = g_strdup_printf (_ ("age %s"), age);
  g_autofree char *band = dup_band (self, block);
  g_autofree char *resolution =
      g_strdup_printf (_ ("Δf %.3g Hz"), block->envelope_df_hz);

  twin_line_chart_set_stale (TWIN_LINE_CHART (self->chart), old, text);
  set_text (self->age, old ? NULL : age_text);
  set_text (self->band, !old && block->band_hi_hz > 0 ? band : NULL);
  set_text (self->resolution, old ? NULL : resolution);
}

/* --- tab
 * ----------------------------------------------------------------------------
 */

static void
refresh (TwinMachineTab *tab, TwinMachineChange changes)
{
  TwinEnvelopePage      *self = TWIN_ENVELOPE_PAGE (tab);
  const TwinBlockUpdate *block = twin_machine_context_get_block (self->context);
  g_autofree char       *label = NULL;

  if (changes & TWIN_MACHINE_CHANGE_MACHINE)
    {
      self->placed = FALSE;
      twin_line_chart_set_cursor (TWIN_LINE_CHART (self->chart), NAN);
      twin_line_chart_reset_view (TWIN_LINE_CHART (self->chart));
      twin_tone_pills_reset (self->pills);
      twin_fact_grid_clear (self->tones);
    }

  show_finding (self);
  if (block == NULL || block->n_envelope == 0)
    {
      show_none (self);
      return;
    }

  if (changes & (TWIN_MACHINE_CHANGE_BLOCK | TWIN_MACHINE_CHANGE_SENSOR |
                 TWIN_MACHINE_CHANGE_MACHINE))
    {
      label = g_strdup_printf (_ ("Envelope spectrum of %s, %s"),
                               twin_live_item_get_name (self->context->machine),
                               block->sensor);
      twin_line_chart_set_label (TWIN_LINE_CHART (self->chart), label);
      show_lines (self, block);
      show_tones (self, block);
    }

  twin_tone_pills_set_tones (self->pills, block->tones, found_family (self));
  show_age (self, block);
}

static void
set_context (TwinMachineTab *tab, const TwinMachineContext *context)
{
  TwinEnvelopePage *self = TWIN_ENVELOPE_PAGE (tab);

  self->context = context;
  twin_sensor_list_bind (context->sensors, self->sensor);
}

static void
tab_init (TwinMachineTabInterface *iface)
{
  iface->set_context = set_context;
  iface->refresh = refresh;
}

static void
on_look (GtkToggleButton *button, TwinEnvelopePage *self)
{
  const TwinBlockUpdate *block;

  if (!gtk_toggle_button_get_active (button) || self->context == NULL)
    return;

  twin_spectrum_chart_set_cursor_mode (self->chart,
                                       is_on (self->single)
                                           ? TWIN_SPECTRUM_CURSOR_SINGLE
                                           : TWIN_SPECTRUM_CURSOR_HARMONIC);
  block = twin_machine_context_get_block (self->context);
  if (block != NULL && block->n_envelope > 0)
    show_lines (self, block);
}

static void
dispose (GObject *object)
{
  g_clear_pointer (&TWIN_ENVELOPE_PAGE (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (twin_envelope_page_parent_class)->dispose (object);
}

static void
twin_envelope_page_class_init (TwinEnvelopePageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  g_type_ensure (TWIN_TYPE_SPECTRUM_CHART);
  g_type_ensure (TWIN_TYPE_CHART_KEY);
  g_type_ensure (TWIN_TYPE_TONE_PILLS);
  g_type_ensure (TWIN_TYPE_FACT_GRID);
  g_type_ensure (TWIN_TYPE_FINDING_CARD);
  g_type_ensure (TWIN_TYPE_KURTOGRAM_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-envelope-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_look);

#define BIND(child)                                                            \
  gtk_widget_class_bind_template_child (widget_class, TwinEnvelopePage, child)
  BIND (box);
  BIND (sensor);
  BIND (log);
  BIND (lin);
  BIND (hz);
  BIND (orders);
  BIND (harmonic);
  BIND (single);
  BIND (chart);
  BIND (band);
  BIND (resolution);
  BIND (age);
  BIND (tone_key);
  BIND (pills);
  BIND (finding);
  BIND (tones);
  BIND (kurtogram);
  BIND (kurtogram_scale);
  BIND (kurtogram_top);
  BIND (kurtogram_text);
#undef BIND
}

static void
twin_envelope_page_init (TwinEnvelopePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  twin_chart_key_set_style (self->tone_key, TWIN_CHART_STYLE_OVERLAY);
  twin_tone_pills_set_chart (self->pills, self->chart);
  twin_spectrum_chart_set_log (self->chart, FALSE);
}
