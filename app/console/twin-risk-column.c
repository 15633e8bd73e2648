/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-risk-column.h"

#include <glib/gi18n.h>
#include <math.h>

#include "twin-health-bar.h"
#include "twin-risk-card.h"
#include "twin-state-glyph.h"

enum
{
  N_RISKS = 5,
};

struct _TwinRiskColumn
{
  GtkWidget      parent_instance;
  TwinLivePlant *plant;
  GtkWidget     *scroller;
  GtkWidget     *health_note;
  GtkWidget     *bar;
  GtkWidget     *tally; /* box of glyph + number */
  GtkWidget     *risks_note;
  GtkWidget     *calm; /* said when there is no risk */
  GtkWidget     *cards[N_RISKS];
  int64_t        computed_us; /* when the risks were last live */
};

G_DEFINE_FINAL_TYPE (TwinRiskColumn, twin_risk_column, GTK_TYPE_WIDGET)

/* Worst first: by what it is (or was, when stale), then by remaining life. */
static double
rank (TwinLiveItem *item)
{
  const TwinStateItem *state = twin_live_item_get_state_item (item);
  TwinState            worst = twin_live_item_get_state (item);
  double               days;

  if (state == NULL)
    return 0;
  if (worst == TWIN_STATE_STALE)
    worst = MAX (state->was, TWIN_STATE_LOW);
  if (worst < TWIN_STATE_LOW || worst > TWIN_STATE_CRITICAL)
    return 0;

  days = isnan (state->rul_p05_s) ? 3650 : state->rul_p05_s / 86400;
  return worst * 1000 + 900 / (1 + days / 30);
}

static int
compare_ranks (gconstpointer a, gconstpointer b)
{
  const double ra = rank (*(TwinLiveItem **) a);
  const double rb = rank (*(TwinLiveItem **) b);

  return (ra < rb) - (ra > rb);
}

static void
show_risks (TwinRiskColumn *self, gboolean live)
{
  GListModel *machines = twin_live_plant_get_machines (self->plant);
  const guint n = g_list_model_get_n_items (machines);
  g_autoptr (GPtrArray) risky = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      TwinLiveItem *item = g_list_model_get_item (machines, i);

      if (rank (item) > 0)
        g_ptr_array_add (risky, item);
      else
        g_object_unref (item);
    }
  g_ptr_array_sort (risky, compare_ranks);

  for (guint i = 0; i < N_RISKS; i++)
    {
      gtk_widget_set_visible (self->cards[i], i < risky->len);
      if (i < risky->len)
        twin_risk_card_set (TWIN_RISK_CARD (self->cards[i]), risky->pdata[i],
                            live, i == 0);
    }
  gtk_widget_set_visible (self->calm, risky->len == 0);
  gtk_label_set_text (GTK_LABEL (self->calm),
                      n == 0 ? _ ("No machine yet.")
                      : live ? _ ("Nothing needs you now.")
                             : _ ("No data: nothing can be judged."));
}

static void
add_tally (TwinRiskColumn *self, TwinState state, guint count, const char *word)
{
  GtkWidget       *glyph = twin_state_glyph_new (12);
  g_autofree char *text = word != NULL ? g_strdup_printf ("%u %s", count, word)
                                       : g_strdup_printf ("%u", count);
  GtkWidget       *label = gtk_label_new (text);

  twin_state_glyph_set_state (TWIN_STATE_GLYPH (glyph), state);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "twin-small");
  gtk_widget_set_margin_end (label, 8);
  gtk_box_append (GTK_BOX (self->tally), glyph);
  gtk_box_append (GTK_BOX (self->tally), label);
}

static void
show_health (TwinRiskColumn *self, gboolean live)
{
  guint            counts[TWIN_STATE_STALE + 1];
  guint            total = 0;
  GtkWidget       *child;
  g_autofree char *note = NULL;

  twin_live_plant_count_machines (self->plant, counts);
  for (int i = 0; i <= TWIN_STATE_STALE; i++)
    total += counts[i];

  note = g_strdup_printf (_ ("%u machines"), total);
  gtk_label_set_text (GTK_LABEL (self->health_note), note);
  twin_health_bar_set (TWIN_HEALTH_BAR (self->bar), counts, live);

  while ((child = gtk_widget_get_first_child (self->tally)) != NULL)
    gtk_box_remove (GTK_BOX (self->tally), child);

  if (!live)
    {
      add_tally (self, TWIN_STATE_STALE, total,
                 _ ("stale, none can be judged"));
      return;
    }

  add_tally (self, TWIN_STATE_NORMAL, counts[TWIN_STATE_NORMAL], _ ("normal"));
  for (int state = TWIN_STATE_CRITICAL; state >= TWIN_STATE_LOW; state--)
    if (counts[state] > 0)
      add_tally (self, state, counts[state], NULL);
  if (counts[TWIN_STATE_STALE] > 0)
    add_tally (self, TWIN_STATE_STALE, counts[TWIN_STATE_STALE], _ ("stale"));
  if (counts[TWIN_STATE_STOPPED] > 0)
    add_tally (self, TWIN_STATE_STOPPED, counts[TWIN_STATE_STOPPED],
               _ ("stopped"));
  if (counts[TWIN_STATE_UNKNOWN] > 0)
    add_tally (self, TWIN_STATE_UNKNOWN, counts[TWIN_STATE_UNKNOWN],
               _ ("unknown"));
}

static void
show_age (TwinRiskColumn *self, gboolean live)
{
  const int64_t    now_us = twin_clock_utc_us ();
  g_autofree char *age = NULL;
  g_autofree char *text = NULL;

  if (live)
    self->computed_us = now_us;
  age = twin_live_dup_age (self->computed_us, now_us);
  text = live ? g_strdup (_ ("live"))
              : g_strdup_printf (_ ("computed %s ago, not updated"), age);
  if (!live && self->computed_us == 0)
    {
      g_free (text);
      text = g_strdup (_ ("never computed"));
    }
  gtk_label_set_text (GTK_LABEL (self->risks_note), text);
}

static void
refresh (TwinLivePlant *plant, gpointer data)
{
  TwinRiskColumn *self = data;
  const gboolean  live =
      twin_live_plant_is_live (self->plant, twin_clock_utc_us ());

  show_health (self, live);
  show_risks (self, live);
  show_age (self, live);
}

void
twin_risk_column_set_plant (TwinRiskColumn *self, TwinLivePlant *plant)
{
  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_set_object (&self->plant, plant);
  if (plant == NULL)
    return;

  g_signal_connect (plant, "tick", G_CALLBACK (refresh), self);
  refresh (plant, self);
}

static void
twin_risk_column_dispose (GObject *object)
{
  TwinRiskColumn *self = TWIN_RISK_COLUMN (object);

  twin_risk_column_set_plant (self, NULL);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_risk_column_parent_class)->dispose (object);
}

static void
twin_risk_column_class_init (TwinRiskColumnClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_risk_column_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
heading (const char *text, GtkWidget **note)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "heading");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  *note = gtk_label_new (NULL);
  gtk_widget_add_css_class (*note, "dim-label");
  gtk_widget_add_css_class (*note, "twin-small");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), *note);
  return box;
}

static void
twin_risk_column_init (TwinRiskColumn *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *health = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_widget_add_css_class (self->scroller, "twin-side");
  g_object_set (column, "margin-top", 12, "margin-bottom", 12, "margin-start",
                12, "margin-end", 12, NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), column);

  gtk_widget_add_css_class (health, "twin-card");
  gtk_box_append (GTK_BOX (health), heading (_ ("Health"), &self->health_note));
  self->bar = twin_health_bar_new ();
  gtk_box_append (GTK_BOX (health), self->bar);
  self->tally = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_box_append (GTK_BOX (health), self->tally);
  gtk_box_append (GTK_BOX (column), health);

  gtk_box_append (GTK_BOX (column),
                  heading (_ ("Top risks"), &self->risks_note));
  self->calm = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->calm, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (self->calm), 0);
  gtk_box_append (GTK_BOX (column), self->calm);
  for (int i = 0; i < N_RISKS; i++)
    {
      self->cards[i] = twin_risk_card_new ();
      gtk_widget_set_visible (self->cards[i], FALSE);
      gtk_box_append (GTK_BOX (column), self->cards[i]);
    }
}

GtkWidget *
twin_risk_column_new (void)
{
  return g_object_new (TWIN_TYPE_RISK_COLUMN, NULL);
}
