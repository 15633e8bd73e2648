/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-waveform-page.h"

#include <glib/gi18n.h>
#include <math.h>

#include "twin-fact-grid.h"
#include "twin-waveform-chart.h"

struct _TwinWaveformPage
{
  GtkWidget                 parent_instance;
  const TwinMachineContext *context;
  GtkWidget                *box;
  GtkDropDown              *sensor;
  GtkWidget                *short_span, *middle_span, *whole_span;
  GtkLabel                 *caption;
  GtkBox                   *slot;
  TwinLineChart            *chart;
  TwinFactGrid             *facts;
  GtkLabel                 *velocity, *zone;
};

static void tab_init (TwinMachineTabInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TwinWaveformPage,
                               twin_waveform_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (TWIN_TYPE_MACHINE_TAB,
                                                      tab_init))

static gboolean
is_on (GtkWidget *toggle)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (toggle));
}

static void
show_facts (TwinWaveformPage *self, const TwinBlockUpdate *block)
{
  g_autofree char *rms = g_strdup_printf (_ ("%.3f g"), block->rms_g);
  g_autofree char *peak = g_strdup_printf (_ ("%.3f g"), block->peak_g);
  g_autofree char *crest = g_strdup_printf ("%.2f", block->crest);
  g_autofree char *kurtosis = g_strdup_printf ("%.2f", block->kurtosis);
  g_autofree char *clipped =
      g_strdup_printf ("%" G_GUINT64_FORMAT, block->clipped_samples);
  g_autofree char *samples =
      g_strdup_printf (_ ("%zu at %.1f kHz"), block->n, block->rate_hz / 1e3);

  twin_fact_grid_set (self->facts, _ ("r.m.s."), rms);
  twin_fact_grid_set (self->facts, _ ("Peak"), peak);
  twin_fact_grid_set (self->facts, _ ("Crest factor"), crest);
  twin_fact_grid_set (self->facts, _ ("Kurtosis"), kurtosis);
  twin_fact_grid_set (self->facts, _ ("Samples"), samples);
  twin_fact_grid_set (self->facts, _ ("Clipped samples"), clipped);
}

static void
show_severity (TwinWaveformPage *self, const TwinBlockUpdate *block)
{
  g_autofree char *velocity =
      isnan (block->velocity_rms_mm_s)
          ? g_strdup (_ ("Not measured"))
          : g_strdup_printf ("%.2f<span weight=\"normal\" alpha=\"62%%\"> "
                             "mm/s r.m.s.</span>",
                             block->velocity_rms_mm_s);

  gtk_label_set_markup (self->velocity, velocity);
  gtk_label_set_text (self->zone, block->zone != NULL
                                      ? block->zone
                                      : _ ("Zone not assignable"));
}

static void
show_span (TwinWaveformPage *self, const TwinBlockUpdate *block)
{
  const double length =
      block->rate_hz > 0 ? (double) block->n / block->rate_hz : 0;
  const double span = is_on (self->short_span)    ? 0.1
                      : is_on (self->middle_span) ? 0.4
                                                  : length;

  if (span > 0 && span < length)
    twin_line_chart_set_view (self->chart, 0, span);
  else
    twin_line_chart_reset_view (self->chart);
}

static void
show_age (TwinWaveformPage *self, const TwinBlockUpdate *block)
{
  g_autofree char *old =
      twin_machine_context_dup_age (self->context, block->end_us);
  g_autoptr (GDateTime) start =
      g_date_time_new_from_unix_local (block->t0_us / TWIN_US_PER_S);
  g_autofree char *clock =
      start != NULL ? g_date_time_format (start, "%H:%M:%S") : NULL;
  g_autofree char *age =
      twin_live_dup_age (block->end_us, self->context->now_us);
  g_autofree char *caption =
      g_strdup_printf (_ ("Block %s · age %s"), clock ? clock : "–", age);

  gtk_label_set_text (self->caption, caption);
  twin_line_chart_set_stale (self->chart,
                             twin_machine_context_is_old (self->context, block),
                             old);
}

static void
show_none (TwinWaveformPage *self)
{
  twin_line_chart_set_empty_text (
      self->chart, _ ("No waveform of this sensor has arrived yet. Nodes send "
                      "eight seconds of it every twenty, and at once while "
                      "this page is open."));
  twin_line_chart_set_stale (self->chart, FALSE, NULL);
  twin_waveform_chart_set_block (TWIN_WAVEFORM_CHART (self->chart), NULL, 0, 1,
                                 "g", 0);
  twin_fact_grid_clear (self->facts);
  gtk_label_set_text (self->caption, "");
  gtk_label_set_text (self->velocity, _ ("Not measured"));
  gtk_label_set_text (self->zone, "");
}

static void
refresh (TwinMachineTab *tab, TwinMachineChange changes)
{
  TwinWaveformPage      *self = TWIN_WAVEFORM_PAGE (tab);
  const TwinBlockUpdate *block = twin_machine_context_get_block (self->context);

  if (changes & TWIN_MACHINE_CHANGE_MACHINE)
    twin_line_chart_set_cursor (self->chart, NAN);

  if (block == NULL || !(block->rate_hz > 0))
    {
      show_none (self);
      return;
    }

  if (changes & (TWIN_MACHINE_CHANGE_BLOCK | TWIN_MACHINE_CHANGE_SENSOR |
                 TWIN_MACHINE_CHANGE_MACHINE))
    {
      g_autofree char *label =
          g_strdup_printf (_ ("Waveform of %s, %s"),
                           twin_live_item_get_name (self->context->machine),
                           block->sensor);
      const gboolean first =
          twin_chart_series_get_n (
              twin_line_chart_get_series (self->chart, 0)) != block->n;

      twin_line_chart_set_label (self->chart, label);
      twin_waveform_chart_set_block (TWIN_WAVEFORM_CHART (self->chart),
                                     block->samples, block->n, block->rate_hz,
                                     "g", 0);
      if (first)
        show_span (self, block);
      show_facts (self, block);
      show_severity (self, block);
    }

  show_age (self, block);
}

static void
set_context (TwinMachineTab *tab, const TwinMachineContext *context)
{
  TwinWaveformPage *self = TWIN_WAVEFORM_PAGE (tab);

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
on_span (GtkToggleButton *button, TwinWaveformPage *self)
{
  const TwinBlockUpdate *block;

  if (!gtk_toggle_button_get_active (button) || self->context == NULL)
    return;

  block = twin_machine_context_get_block (self->context);
  if (block != NULL)
    show_span (self, block);
}

static void
dispose (GObject *object)
{
  g_clear_pointer (&TWIN_WAVEFORM_PAGE (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (twin_waveform_page_parent_class)->dispose (object);
}

static void
twin_waveform_page_class_init (TwinWaveformPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  g_type_ensure (TWIN_TYPE_FACT_GRID);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-waveform-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_span);

#define BIND(child)                                                            \
  gtk_widget_class_bind_template_child (widget_class, TwinWaveformPage, child)
  BIND (box);
  BIND (sensor);
  BIND (short_span);
  BIND (middle_span);
  BIND (whole_span);
  BIND (caption);
  BIND (slot);
  BIND (facts);
  BIND (velocity);
  BIND (zone);
#undef BIND
}

static void
twin_waveform_page_init (TwinWaveformPage *self)
{
  GtkWidget *chart;

  gtk_widget_init_template (GTK_WIDGET (self));
  chart = twin_waveform_chart_new (FALSE);
  gtk_widget_set_hexpand (chart, TRUE);
  twin_line_chart_set_titles (TWIN_LINE_CHART (chart), _ ("Time, s"),
                              _ ("Acceleration, g"));
  gtk_box_append (self->slot, chart);
  self->chart = TWIN_LINE_CHART (chart);
}
