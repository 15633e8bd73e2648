/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-life-page.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-chart-key.h"
#include "twin-fan-chart.h"
#include "twin-life-plot.h"
#include "twin-machine-words.h"
#include "twin-state-glyph.h"
#include "twin-trend-chart.h"

typedef struct
{
  const char *label;
  const char *spoken;
  double      seconds; /* 0: all there is */
} Span;

static const Span spans[] = {
  { N_ ("All"), N_ ("All that was measured"), 0 },
  { N_ ("1 h"), N_ ("Last hour"), 3600 },
  { N_ ("7 d"), N_ ("Last week"), 7 * 86400.0 },
  { N_ ("150 d"), N_ ("Last 150 days"), 150 * 86400.0 },
};

struct _TwinLifePage
{
  GtkWidget                 parent_instance;
  const TwinMachineContext *context;
  GtkWidget                *box;
  TwinChartKey             *predicted_key, *past_key;
  GtkBox                   *spans;
  TwinFanChart             *fan;
  TwinTrendChart           *chance;
  GtkBox                   *decision_head;
  GtkWidget                *glyph;
  GtkLabel                 *decision_age, *figure, *sentence, *risk;
  GtkWidget                *schedule;
  GtkGrid                  *past;
  GtkWidget                *no_past;
  GtkLabel                 *held, *coverage, *model, *damage;
  double                    span_s;
};

static void tab_init (TwinMachineTabInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TwinLifePage,
                               twin_life_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (TWIN_TYPE_MACHINE_TAB,
                                                      tab_init))

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* --- decision
 * ------------------------------------------------------------------- */

static char *
dup_sentence (const TwinStateItem *state)
{
  g_autofree char *finding = NULL, *advice = NULL;

  if (state == NULL || state->state == TWIN_STATE_UNKNOWN)
    return g_strdup (_ ("Nothing is known of this machine yet."));

  if (state->finding == NULL)
    return g_strdup (_ ("Nothing was found that would need a decision."));

  finding = g_markup_escape_text (state->finding, -1);
  if (state->advice == NULL)
    return g_strdup_printf ("%s.", finding);

  advice = g_markup_escape_text (state->advice, -1);
  return g_strdup_printf ("%s. <b>%s</b>", finding, advice);
}

static char *
dup_risk (const TwinLifePage *self, const TwinLifeUpdate *life, int64_t act_us)
{
  const double  quantiles[] = { life->p05_s, life->p25_s, life->p50_s,
                                life->p75_s, life->p95_s };
  const double  to_act_s = (double) (act_us - life->now_us) / TWIN_US_PER_S;
  const int64_t middle_us =
      isnan (life->p50_s)
          ? TWIN_TIME_NONE
          : life->now_us + (int64_t) (life->p50_s * TWIN_US_PER_S);
  g_autofree char *act = twin_words_dup_date (act_us, self->context->now_us);
  g_autofree char *middle =
      twin_words_dup_date (middle_us, self->context->now_us);
  double chance;

  if (act == NULL || middle == NULL)
    return NULL;

  chance = twin_words_failure_chance (quantiles, to_act_s);
  return g_strdup_printf (_ ("Failure before %s: %.0f %%. Before %s: 50 %%."),
                          act, 100 * chance, middle);
}

static void
show_decision (TwinLifePage *self, const TwinLifeUpdate *life)
{
  const TwinStateItem *state =
      twin_live_item_get_state_item (self->context->machine);
  const TwinState shown =
      self->context->live ? twin_live_item_get_state (self->context->machine)
                          : TWIN_STATE_STALE;
  const int64_t    act_us = life != NULL ? life->suggested_us : TWIN_TIME_NONE;
  g_autofree char *span = twin_live_dup_life_span (state);
  g_autofree char *figure = span != NULL ? g_strdup_printf (_ ("%s left"), span)
                                         : g_strdup (_ ("Not estimable"));
  g_autofree char *sentence = dup_sentence (state);
  g_autofree char *risk = life != NULL ? dup_risk (self, life, act_us) : NULL;
  g_autofree char *date = twin_words_dup_date (act_us, self->context->now_us);
  g_autofree char *age =
      life != NULL ? twin_live_dup_age (life->now_us, self->context->now_us)
                   : NULL;
  g_autofree char *age_text =
      age != NULL ? g_strdup_printf (_ ("%s ago"), age) : NULL;
  g_autofree char *button = date != NULL
                                ? g_strdup_printf (_ ("Schedule %s…"), date)
                                : g_strdup (_ ("Schedule…"));

  twin_state_glyph_set_state (TWIN_STATE_GLYPH (self->glyph), shown);
  set_text (self->decision_age, age_text);
  set_text (self->figure, figure);
  set_text (self->sentence, sentence);
  set_text (self->risk, risk != NULL    ? risk
                        : life != NULL  ? life->why
                        : state != NULL ? state->rul_why
                                        : NULL);
  gtk_button_set_label (GTK_BUTTON (self->schedule), button);
  gtk_widget_set_tooltip_text (self->schedule,
                               state != NULL ? state->suggested_why : NULL);
}

/* --- were we right
 * ---------------------------------------------------------------- */

static void
attach (TwinLifePage *self,
        const char   *text,
        int           column,
        int           row,
        const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_widget_set_hexpand (label, column == 0);
  gtk_widget_add_css_class (label, "numeric");
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_grid_attach (self->past, label, column, row, 1, 1);
}

static char *
dup_said (const TwinPastPrediction *past)
{
  g_autofree char *lower = NULL;

  if (!isnan (past->p05_s) && !isnan (past->p95_s))
    return twin_words_dup_range (past->p05_s, past->p95_s);

  lower = twin_words_dup_span (past->lower_s);
  return isnan (past->lower_s) ? g_strdup (_ ("no trend"))
                               : g_strdup_printf ("≥ %s", lower);
}

static gboolean
is_interval (const TwinPastPrediction *past)
{
  return !isnan (past->p05_s) && !isnan (past->p95_s);
}

static const char *
verdict_words (const char *verdict)
{
  static const struct
  {
    const char *verdict, *words;
  } known[] = {
    { "open", N_ ("✓ so far") },         { "held", N_ ("✓ held") },
    { "early", N_ ("✗ ended sooner") },  { "late", N_ ("✗ lasts longer") },
    { "cut", N_ ("maintained before") }, { "none", N_ ("–") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_strcmp0 (verdict, known[i].verdict) == 0)
      return _ (known[i].words);

  return "–";
}

static gboolean
is_missed (const TwinPastPrediction *past)
{
  return g_strcmp0 (past->verdict, "early") == 0 ||
         g_strcmp0 (past->verdict, "late") == 0;
}

static void
add_past (TwinLifePage *self, const TwinPastPrediction *past, int row)
{
  g_autofree char *age =
      twin_live_dup_age (past->made_us, self->context->now_us);
  g_autofree char *when = g_strdup_printf (_ ("%s ago"), age);
  g_autofree char *said = dup_said (past);

  attach (self, when, 0, row, NULL);
  attach (self, said, 1, row, NULL);
  attach (self, verdict_words (past->verdict), 2, row,
          is_missed (past) ? "heading" : NULL);
}

static void
show_past (TwinLifePage *self, const GArray *past)
{
  const guint n = past != NULL ? past->len : 0;
  GtkWidget  *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->past))) != NULL)
    gtk_grid_remove (self->past, child);

  gtk_widget_set_visible (self->no_past, n == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->past), n > 0);
  if (n == 0)
    return;

  attach (self, _ ("Said"), 0, 0, "twin-past-head");
  attach (self, _ ("5–95 %"), 1, 0, "twin-past-head");
  attach (self, _ ("So far"), 2, 0, "twin-past-head");
  for (guint i = 0; i < n; i++)
    add_past (self, &g_array_index (past, TwinPastPrediction, i), (int) i + 1);
}

/* Of this machine's shown ones how many hold; of the whole fleet's ends how
 * many lay inside. */
static void
show_coverage (TwinLifePage *self, const TwinLifeUpdate *life)
{
  guint            right = 0, decided = 0;
  g_autofree char *held = NULL;

  for (guint i = 0; life != NULL && i < life->past->len; i++)
    {
      const TwinPastPrediction *one =
          &g_array_index (life->past, TwinPastPrediction, i);
      const gboolean good = g_strcmp0 (one->verdict, "open") == 0 ||
                            g_strcmp0 (one->verdict, "held") == 0;

      /* Who said nothing was neither right nor wrong. */
      if (!is_interval (one) || (!good && !is_missed (one)))
        continue;

      right += good ? 1 : 0;
      decided++;
    }

  held = decided > 0 ? g_strdup_printf (_ ("%u of %u"), right, decided) : NULL;
  set_text (self->held, held);
  set_text (self->coverage,
            life != NULL && life->calibration != NULL
                ? life->calibration
                : _ ("No interval was stated of any machine yet. 5–95 % "
                     "promises that nine of ten hold."));
}

/* --- tab
 * ---------------------------------------------------------------------------
 */

static void
show_age (TwinLifePage *self)
{
  const int64_t newest_us =
      twin_live_item_get_newest_us (self->context->machine);
  const gboolean stale =
      !self->context->live ||
      twin_live_item_get_state (self->context->machine) == TWIN_STATE_STALE;
  g_autofree char *age =
      twin_machine_context_dup_age (self->context, newest_us);

  twin_line_chart_set_stale (TWIN_LINE_CHART (self->fan), stale, age);
  twin_line_chart_set_stale (TWIN_LINE_CHART (self->chance), stale, age);
}

static void
show_life (TwinLifePage *self)
{
  const TwinLifeUpdate *life = twin_live_item_get_life (self->context->machine);
  const int64_t    act_us = life != NULL ? life->suggested_us : TWIN_TIME_NONE;
  g_autofree char *label =
      g_strdup_printf (_ ("Health index of %s"),
                       twin_live_item_get_name (self->context->machine));

  twin_line_chart_set_label (TWIN_LINE_CHART (self->fan), label);
  twin_life_plot_fan (self->fan, life, act_us, self->span_s,
                      self->context->now_us);
  twin_life_plot_chance (self->chance, life, act_us, self->context->now_us);
  show_past (self, life != NULL ? life->past : NULL);
  show_coverage (self, life);
  set_text (self->damage,
            life == NULL || life->damage == NULL
                ? _ ("Nothing is counted yet: it is summed once a minute.")
            : *life->damage != '\0'
                ? life->damage
                : _ ("Not estimable: no bearing of this machine is declared."));
  set_text (self->model,
            life != NULL && !isnan (life->p50_s)
                ? _ ("The index grows in a straight line when the level grows "
                     "exponentially; the fan is the spread of its slope and of "
                     "the threshold. It widens while data is old.")
                : NULL);
}

static void
refresh (TwinMachineTab *tab, TwinMachineChange changes)
{
  TwinLifePage *self = TWIN_LIFE_PAGE (tab);

  if (changes & (TWIN_MACHINE_CHANGE_LIFE | TWIN_MACHINE_CHANGE_MACHINE))
    show_life (self);
  show_decision (self, twin_live_item_get_life (self->context->machine));
  show_age (self);
}

static void
set_context (TwinMachineTab *tab, const TwinMachineContext *context)
{
  TWIN_LIFE_PAGE (tab)->context = context;
}

static void
tab_init (TwinMachineTabInterface *iface)
{
  iface->set_context = set_context;
  iface->refresh = refresh;
}

static void
on_schedule (GtkButton *button, TwinLifePage *self)
{
  if (self->context->machine != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.schedule", "s",
                                twin_live_item_get_id (self->context->machine));
}

static void
on_span (GtkToggleButton *button, TwinLifePage *self)
{
  const guint i =
      GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "span"));

  if (!gtk_toggle_button_get_active (button) || self->context == NULL)
    return;

  self->span_s = spans[i].seconds;
  if (self->context->machine != NULL)
    show_life (self);
}

static void
add_spans (TwinLifePage *self)
{
  GtkWidget *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_ (spans[i].label));

      g_object_set_data (G_OBJECT (button), "span", GUINT_TO_POINTER (i));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ (spans[i].spoken), -1);
      if (first != NULL)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                     GTK_TOGGLE_BUTTON (first));
      else
        first = button;
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), i == 0);
      g_signal_connect (button, "toggled", G_CALLBACK (on_span), self);
      gtk_box_append (self->spans, button);
    }
}

static void
dispose (GObject *object)
{
  g_clear_pointer (&TWIN_LIFE_PAGE (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (twin_life_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define BIND(child)                                                            \
  gtk_widget_class_bind_template_child (widget_class, TwinLifePage, child)
  BIND (box);
  BIND (predicted_key);
  BIND (past_key);
  BIND (spans);
  BIND (fan);
  BIND (chance);
  BIND (decision_head);
  BIND (decision_age);
  BIND (figure);
  BIND (sentence);
  BIND (risk);
  BIND (schedule);
  BIND (past);
  BIND (no_past);
  BIND (held);
  BIND (coverage);
  BIND (model);
  BIND (damage);
#undef BIND
}

static void
twin_life_page_class_init (TwinLifePageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  g_type_ensure (TWIN_TYPE_FAN_CHART);
  g_type_ensure (TWIN_TYPE_TREND_CHART);
  g_type_ensure (TWIN_TYPE_CHART_KEY);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-life-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_schedule);
  bind_children (widget_class);
}

static void
twin_life_page_init (TwinLifePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->glyph = twin_state_glyph_new (18);
  gtk_box_prepend (self->decision_head, self->glyph);
  twin_chart_key_set_style (self->predicted_key, TWIN_CHART_STYLE_PREDICTED);
  twin_chart_key_set_style (self->past_key, TWIN_CHART_STYLE_PAST);
  twin_line_chart_add_series (TWIN_LINE_CHART (self->chance), _ ("Chance"),
                              TWIN_CHART_STYLE_PREDICTED);
  twin_trend_chart_set_unit (self->chance, "%");
  twin_line_chart_set_label (TWIN_LINE_CHART (self->chance),
                             _ ("Chance of failure by date"));
  add_spans (self);
}
