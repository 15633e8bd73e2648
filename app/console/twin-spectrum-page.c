/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-spectrum-page.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-chart-key.h"
#include "twin-fact-grid.h"
#include "twin-faults-card.h"
#include "twin-machine-words.h"
#include "twin-peak-table.h"
#include "twin-spectrum-chart.h"
#include "twin-tone-pills.h"
#include "twin-vibration-unit.h"
#include "twin-waveform-chart.h"
#include "twin-why-popover.h"

/* Peaks with a ring in the plot; more would hide it. */
#define RINGS 5

struct _TwinSpectrumPage
{
  GtkWidget                 parent_instance;
  const TwinMachineContext *context;
  GtkWidget                *box;
  GtkDropDown              *sensor;
  GtkWidget                *unit_g, *unit_m_s2, *unit_mm_s, *unit_um;
  GtkWidget                *rms, *peak, *peak_to_peak;
  GtkWidget                *log, *lin, *hz, *orders, *harmonic, *single;
  TwinSpectrumChart        *chart;
  GtkLabel                 *zone, *resolution, *age, *speed;
  TwinChartKey             *tone_key;
  GtkLabel                 *tone_name;
  TwinTonePills            *pills;
  GtkLabel                 *block, *scalars;
  GtkBox                   *strip_slot;
  TwinWaveformChart        *strip;
  TwinPeakTable            *peaks;
  GtkWidget                *why;
  GtkLabel                 *source;
  TwinFactGrid             *quality;
  TwinFaultsCard           *faults;
  gboolean                  placed; /* the cursor was set for this machine */
};

static void tab_init (TwinMachineTabInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TwinSpectrumPage,
                               twin_spectrum_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (TWIN_TYPE_MACHINE_TAB,
                                                      tab_init))

static gboolean
is_on (GtkWidget *toggle)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (toggle));
}

static TwinVibrationUnit
chosen_unit (TwinSpectrumPage *self)
{
  if (is_on (self->unit_m_s2))
    return TWIN_VIBRATION_M_S2;
  if (is_on (self->unit_mm_s))
    return TWIN_VIBRATION_MM_S;

  return is_on (self->unit_um) ? TWIN_VIBRATION_UM : TWIN_VIBRATION_G;
}

static TwinVibrationMeasure
chosen_measure (TwinSpectrumPage *self)
{
  if (is_on (self->peak))
    return TWIN_VIBRATION_PEAK;

  return is_on (self->peak_to_peak) ? TWIN_VIBRATION_PEAK_TO_PEAK
                                    : TWIN_VIBRATION_RMS;
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* --- plot
 * --------------------------------------------------------------------- */

static void
show_rings (TwinSpectrumPage *self, const TwinBlockUpdate *block)
{
  TwinSpectrumPeak rings[RINGS];
  gsize            n = 0;

  for (guint i = 0; block->peaks != NULL && i < block->peaks->len && n < RINGS;
       i++)
    {
      const TwinPeakItem *peak = &g_array_index (block->peaks, TwinPeakItem, i);

      rings[n++] = (TwinSpectrumPeak){
        peak->hz,
        twin_vibration_convert (peak->amplitude, peak->hz, chosen_unit (self),
                                chosen_measure (self)),
        peak->name,
      };
    }

  twin_spectrum_chart_set_peaks (self->chart, rings, n);
}

/* The first time a machine is seen, the cursor goes where the diagnosis
 * points. */
static void
place_cursor (TwinSpectrumPage *self, const TwinBlockUpdate *block)
{
  const TwinFindingUpdate *finding =
      twin_live_item_get_finding (self->context->machine);
  const char *family =
      finding != NULL ? twin_words_family_of (finding->verdict) : NULL;

  if (self->placed || family == NULL || block->tones == NULL)
    return;

  for (guint i = 0; i < block->tones->len; i++)
    {
      const TwinTone *tone = &g_array_index (block->tones, TwinTone, i);

      if (g_strcmp0 (tone->name, family) != 0)
        continue;

      twin_line_chart_set_cursor (TWIN_LINE_CHART (self->chart),
                                  twin_spectrum_comb_near (block->spectrum,
                                                           block->n_lines,
                                                           block->df_hz,
                                                           tone->hz,
                                                           0.02 * tone->hz, 8));
      self->placed = TRUE;
    }
}

static void
show_lines (TwinSpectrumPage *self, const TwinBlockUpdate *block)
{
  const TwinVibrationUnit    unit = chosen_unit (self);
  const TwinVibrationMeasure measure = chosen_measure (self);
  g_autofree double         *lines =
      twin_vibration_convert_lines (block->spectrum, block->n_lines,
                                    block->df_hz, unit, measure);
  g_autofree char *title = twin_vibration_title (unit, measure);
  const gboolean   orders = is_on (self->orders);

  twin_spectrum_chart_set_log (self->chart, is_on (self->log));
  twin_spectrum_chart_set_shaft_hz (self->chart, block->shaft_hz);
  twin_line_chart_set_titles (TWIN_LINE_CHART (self->chart),
                              _ ("Frequency, Hz"), title);
  twin_spectrum_chart_set_orders (self->chart, orders);
  twin_spectrum_chart_set_lines (self->chart, lines, block->n_lines,
                                 block->df_hz,
                                 twin_vibration_unit_symbol (unit));
  gtk_widget_set_sensitive (self->orders, block->shaft_hz > 0);
  show_rings (self, block);
  twin_peak_table_set (self->peaks, block->peaks, unit, measure);
  place_cursor (self, block);
}

static void
show_tones (TwinSpectrumPage *self, const TwinBlockUpdate *block)
{
  const TwinFindingUpdate *finding =
      twin_live_item_get_finding (self->context->machine);

  twin_tone_pills_set_tones (self->pills, block->tones,
                             finding != NULL
                                 ? twin_words_family_of (finding->verdict)
                                 : NULL);
}

static void
show_strip (TwinSpectrumPage *self, const TwinBlockUpdate *block)
{
  g_autoptr (GDateTime) start =
      g_date_time_new_from_unix_local (block->t0_us / TWIN_US_PER_S);
  g_autofree char *clock =
      start != NULL ? g_date_time_format (start, "%H:%M:%S") : NULL;
  g_autofree char *left =
      g_strdup_printf (_ ("Block %s.%d · %.1f s"), clock != NULL ? clock : "–",
                       (int) (block->t0_us % TWIN_US_PER_S / 100000),
                       block->rate_hz > 0 ? (double) block->n / block->rate_hz
                                          : 0);
  g_autofree char *right =
      g_strdup_printf (_ ("peak %.2f g · crest %.1f · kurtosis %.1f"),
                       block->peak_g, block->crest, block->kurtosis);

  set_text (self->block, left);
  set_text (self->scalars, right);
  if (block->rate_hz > 0)
    twin_waveform_chart_set_block (self->strip, block->samples, block->n,
                                   block->rate_hz, "g", 0);
}

/* --- words
 * ---------------------------------------------------------------------- */

static void
show_chips (TwinSpectrumPage *self, const TwinBlockUpdate *block)
{
  g_autofree char *resolution =
      g_strdup_printf (_ ("Δf %.3g Hz"), block->df_hz);
  g_autofree char *age =
      twin_live_dup_age (block->end_us, self->context->now_us);
  g_autofree char *age_text = g_strdup_printf (_ ("age %s"), age);
  g_autofree char *zone =
      !isnan (block->velocity_rms_mm_s)
          ? g_strdup_printf ("%s · %.2f mm/s",
                             block->zone != NULL ? block->zone
                                                 : _ ("Zone not assignable"),
                             block->velocity_rms_mm_s)
          : g_strdup (block->zone);
  g_autofree char *speed =
      block->shaft_hz > 0
          ? g_strdup_printf (_ ("%.0f rpm · %s"), block->shaft_hz * 60,
                             block->speed_source != NULL ? block->speed_source
                                                         : _ ("unknown source"))
          : g_strdup (_ ("speed not known"));

  set_text (self->zone, zone);
  set_text (self->resolution, resolution);
  set_text (self->age, age_text);
  set_text (self->speed, speed);
}

/* The middle of all lines as a density: half of the lines are only noise. */
static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static char *
dup_noise_floor (const TwinBlockUpdate *block)
{
  g_autofree double *lines = NULL;

  if (block->n_lines < 16)
    return NULL;

  lines = g_memdup2 (block->spectrum, block->n_lines * sizeof (double));
  qsort (lines, block->n_lines, sizeof (double), compare_doubles);
  /* Hann's noise bandwidth is one and a half lines. */
  return g_strdup_printf (_ ("%.0f µg/√Hz"), 1e6 * lines[block->n_lines / 2] /
                                                 sqrt (1.5 * block->df_hz));
}

static void
show_quality (TwinSpectrumPage *self, const TwinBlockUpdate *block)
{
  const TwinStructureItem *item =
      twin_live_item_get_plant_item (self->context->machine);
  g_autofree char *source =
      g_strdup_printf (_ ("%s · %.1f kHz"),
                       item->node != NULL ? item->node : _ ("no node"),
                       block->rate_hz / 1e3);
  g_autofree char *clipped =
      g_strdup_printf ("%" G_GUINT64_FORMAT, block->clipped_samples);
  g_autofree char *dropped =
      g_strdup_printf (_ ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT),
                       block->dropped_blocks, block->blocks);
  g_autofree char *band = g_strdup_printf (_ ("0–%.0f Hz"), block->rate_hz / 2);
  g_autofree char *noise = dup_noise_floor (block);

  set_text (self->source, source);
  twin_fact_grid_set (self->quality, _ ("Clipped samples"), clipped);
  twin_fact_grid_set (self->quality, _ ("Dropped blocks"), dropped);
  twin_fact_grid_set (self->quality, _ ("Noise floor"), noise);
  twin_fact_grid_set (self->quality, _ ("Band"), band);
  twin_fact_grid_set (self->quality, _ ("Signal"),
                      (block->quality & 8) != 0 ? _ ("replayed recording")
                                                : NULL);
  twin_fact_grid_set (self->quality, _ ("Self-test"),
                      (block->quality & 4) != 0 ? _ ("failed") : NULL);
  twin_fact_grid_set (self->quality, _ ("Gap before"),
                      (block->quality & 2) != 0 ? _ ("overrun") : NULL);
}

static void
show_none (TwinSpectrumPage *self)
{
  const gboolean some = g_list_model_get_n_items (twin_sensor_list_get_names (
                            self->context->sensors)) > 0;

  twin_line_chart_set_empty_text (
      TWIN_LINE_CHART (self->chart),
      some ? _ ("No waveform of this sensor has arrived yet. Nodes send eight "
                "seconds of it every twenty, and at once while this page is "
                "open.")
           : _ ("No node with an accelerometer serves this machine. "
                "Commission one to see its spectrum."));
  twin_spectrum_chart_set_lines (self->chart, NULL, 0, 1, "g");
  twin_spectrum_chart_set_peaks (self->chart, NULL, 0);
  twin_tone_pills_set_tones (self->pills, NULL, NULL);
  twin_peak_table_set (self->peaks, NULL, chosen_unit (self),
                       chosen_measure (self));
  twin_waveform_chart_set_block (self->strip, NULL, 0, 1, "g", 0);
  twin_line_chart_set_stale (TWIN_LINE_CHART (self->chart), FALSE, NULL);
  twin_fact_grid_clear (self->quality);
  set_text (self->zone, NULL);
  set_text (self->resolution, NULL);
  set_text (self->age, NULL);
  set_text (self->speed, NULL);
  set_text (self->block, NULL);
  set_text (self->scalars, NULL);
  set_text (self->source, NULL);
}

/* --- tab
 * -------------------------------------------------------------------------- */

static void
show_age (TwinSpectrumPage *self, const TwinBlockUpdate *block)
{
  const gboolean   old = twin_machine_context_is_old (self->context, block);
  g_autofree char *text =
      twin_machine_context_dup_age (self->context, block->end_us);

  show_chips (self, block);
  twin_line_chart_set_stale (TWIN_LINE_CHART (self->chart), old, text);
  twin_line_chart_set_stale (TWIN_LINE_CHART (self->strip), old, text);
  twin_peak_table_set_old (self->peaks, old);
  if (old)
    {
      set_text (self->age, NULL);
      set_text (self->resolution, NULL);
      set_text (self->zone, NULL);
      set_text (self->speed, NULL);
    }
}

static void
refresh (TwinMachineTab *tab, TwinMachineChange changes)
{
  TwinSpectrumPage      *self = TWIN_SPECTRUM_PAGE (tab);
  const TwinBlockUpdate *block = twin_machine_context_get_block (self->context);
  g_autofree char       *label = NULL;

  if (changes & TWIN_MACHINE_CHANGE_MACHINE)
    {
      self->placed = FALSE;
      twin_line_chart_set_cursor (TWIN_LINE_CHART (self->chart), NAN);
      twin_line_chart_reset_view (TWIN_LINE_CHART (self->chart));
      twin_tone_pills_reset (self->pills);
    }

  if (changes & (TWIN_MACHINE_CHANGE_FINDING | TWIN_MACHINE_CHANGE_MACHINE))
    twin_faults_card_set (self->faults, twin_live_item_get_faults (
                                            self->context->machine));
  gtk_widget_set_sensitive (self->why, block != NULL);
  if (block == NULL)
    {
      show_none (self);
      return;
    }

  if (changes & (TWIN_MACHINE_CHANGE_BLOCK | TWIN_MACHINE_CHANGE_SENSOR |
                 TWIN_MACHINE_CHANGE_MACHINE))
    {
      label = g_strdup_printf (_ ("Spectrum of %s, %s"),
                               twin_live_item_get_name (self->context->machine),
                               block->sensor);
      twin_line_chart_set_label (TWIN_LINE_CHART (self->chart), label);
      show_lines (self, block);
      show_tones (self, block);
      show_strip (self, block);
      show_quality (self, block);
    }
  else if (changes & TWIN_MACHINE_CHANGE_FINDING)
    show_tones (self, block);

  show_age (self, block);
}

static void
set_context (TwinMachineTab *tab, const TwinMachineContext *context)
{
  TwinSpectrumPage *self = TWIN_SPECTRUM_PAGE (tab);

  self->context = context;
  twin_sensor_list_bind (context->sensors, self->sensor);
}

static void
tab_init (TwinMachineTabInterface *iface)
{
  iface->set_context = set_context;
  iface->refresh = refresh;
}

/* --- what the user does
 * --------------------------------------------------------------- */

static void
on_look (GtkToggleButton *button, TwinSpectrumPage *self)
{
  const TwinBlockUpdate *block;

  /* One of a group goes out as another comes in: once is enough. */
  if (!gtk_toggle_button_get_active (button) || self->context == NULL)
    return;

  twin_spectrum_chart_set_cursor_mode (self->chart,
                                       is_on (self->single)
                                           ? TWIN_SPECTRUM_CURSOR_SINGLE
                                           : TWIN_SPECTRUM_CURSOR_HARMONIC);
  block = twin_machine_context_get_block (self->context);
  if (block != NULL)
    show_lines (self, block);
}

static void
explain (TwinSpectrumPage *self, GtkWidget *at, double hz)
{
  const TwinBlockUpdate *block = twin_machine_context_get_block (self->context);

  if (block != NULL)
    twin_why_popover_present (at, block,
                              twin_live_item_get_finding (
                                  self->context->machine),
                              hz);
}

/* The peak at the cursor, else the largest one. */
static void
on_why (GtkButton *button, TwinSpectrumPage *self)
{
  const TwinBlockUpdate *block = twin_machine_context_get_block (self->context);
  double hz = twin_line_chart_get_cursor (TWIN_LINE_CHART (self->chart));

  if (block == NULL)
    return;

  if (isnan (hz) && block->peaks != NULL && block->peaks->len > 0)
    hz = g_array_index (block->peaks, TwinPeakItem, 0).hz;
  if (!isnan (hz))
    explain (self, GTK_WIDGET (button),
             twin_spectrum_peak_near (block->spectrum, block->n_lines,
                                      block->df_hz, hz, 3 * block->df_hz));
}

static void
on_peak_activated (TwinSpectrumChart *chart, double hz, TwinSpectrumPage *self)
{
  explain (self, self->why, hz);
}

static void
on_peak_chosen (TwinPeakTable *table, double hz, TwinSpectrumPage *self)
{
  twin_line_chart_set_cursor (TWIN_LINE_CHART (self->chart), hz);
}

static void
dispose (GObject *object)
{
  g_clear_pointer (&TWIN_SPECTRUM_PAGE (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (twin_spectrum_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define BIND(child)                                                            \
  gtk_widget_class_bind_template_child (widget_class, TwinSpectrumPage, child)
  BIND (box);
  BIND (sensor);
  BIND (unit_g);
  BIND (unit_m_s2);
  BIND (unit_mm_s);
  BIND (unit_um);
  BIND (rms);
  BIND (peak);
  BIND (peak_to_peak);
  BIND (log);
  BIND (lin);
  BIND (hz);
  BIND (orders);
  BIND (harmonic);
  BIND (single);
  BIND (chart);
  BIND (zone);
  BIND (resolution);
  BIND (age);
  BIND (speed);
  BIND (tone_key);
  BIND (tone_name);
  BIND (pills);
  BIND (block);
  BIND (scalars);
  BIND (strip_slot);
  BIND (peaks);
  BIND (why);
  BIND (source);
  BIND (quality);
  BIND (faults);
#undef BIND
}

static void
twin_spectrum_page_class_init (TwinSpectrumPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  g_type_ensure (TWIN_TYPE_SPECTRUM_CHART);
  g_type_ensure (TWIN_TYPE_CHART_KEY);
  g_type_ensure (TWIN_TYPE_TONE_PILLS);
  g_type_ensure (TWIN_TYPE_PEAK_TABLE);
  g_type_ensure (TWIN_TYPE_FACT_GRID);
  g_type_ensure (TWIN_TYPE_FAULTS_CARD);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-spectrum-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_look);
  gtk_widget_class_bind_template_callback (widget_class, on_why);
  bind_children (widget_class);
}

static void
twin_spectrum_page_init (TwinSpectrumPage *self)
{
  GtkWidget *strip;

  gtk_widget_init_template (GTK_WIDGET (self));
  strip = twin_waveform_chart_new (TRUE);
  gtk_widget_set_hexpand (strip, TRUE);
  twin_line_chart_set_label (TWIN_LINE_CHART (strip), _ ("Waveform"));
  gtk_box_append (self->strip_slot, strip);
  self->strip = TWIN_WAVEFORM_CHART (strip);
  twin_chart_key_set_style (self->tone_key, TWIN_CHART_STYLE_OVERLAY);
  twin_tone_pills_set_chart (self->pills, self->chart);
  g_signal_connect_object (self->chart, "peak-activated",
                           G_CALLBACK (on_peak_activated), self, 0);
  g_signal_connect_object (self->peaks, "peak-chosen",
                           G_CALLBACK (on_peak_chosen), self, 0);
}
