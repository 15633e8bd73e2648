/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-risk-card.h"

#include <glib/gi18n.h>

#include "twin-hatch.h"
#include "twin-state-glyph.h"

struct _TwinRiskCard
{
  GtkWidget  parent_instance;
  char      *machine;
  gboolean   stale;
  GtkWidget *box;
  GtkWidget *glyph;
  GtkWidget *name;
  GtkWidget *when;
  GtkWidget *finding;
  GtkWidget *advice;
  GtkWidget *reason;
  GtkWidget *buttons;
};

G_DEFINE_FINAL_TYPE (TwinRiskCard, twin_risk_card, GTK_TYPE_WIDGET)

static void
set_text (GtkWidget *label, const char *text)
{
  gtk_label_set_text (GTK_LABEL (label), text != NULL ? text : "");
  gtk_widget_set_visible (label, text != NULL && *text != '\0');
}

static char *
dup_when (TwinLiveItem *machine, const TwinStateItem *state, gboolean stale)
{
  char *span;

  if (stale && state != NULL && state->was >= TWIN_STATE_LOW &&
      state->was <= TWIN_STATE_CRITICAL)
    return g_strdup_printf (_ ("was %s"), twin_state_get_word (state->was));
  if (stale)
    return twin_live_dup_age (twin_live_item_get_newest_us (machine),
                              twin_clock_utc_us ());

  span = twin_live_dup_life_span (state);
  return span != NULL ? span : g_strdup (_ ("not estimable"));
}

void
twin_risk_card_set (TwinRiskCard *self,
                    TwinLiveItem *machine,
                    gboolean      live,
                    gboolean      first)
{
  const TwinStateItem *state = twin_live_item_get_state_item (machine);
  const gboolean       stale =
      !live || twin_live_item_get_state (machine) == TWIN_STATE_STALE;
  g_autofree char *when = dup_when (machine, state, stale);
  g_autofree char *spoken = NULL;

  g_free (self->machine);
  self->machine = g_strdup (twin_live_item_get_id (machine));
  self->stale = stale;

  twin_state_glyph_set_state (TWIN_STATE_GLYPH (self->glyph),
                              stale ? TWIN_STATE_STALE
                                    : twin_live_item_get_state (machine));
  set_text (self->name, twin_live_item_get_name (machine));
  set_text (self->when, when);
  set_text (self->finding, state != NULL ? state->finding : NULL);
  set_text (self->advice, state != NULL ? state->advice : NULL);
  set_text (self->reason, state != NULL ? state->reason : NULL);
  gtk_widget_set_visible (self->buttons, first && !stale);

  spoken =
      g_strdup_printf ("%s, %s. %s", twin_live_item_get_name (machine), when,
                       state != NULL && state->finding != NULL ? state->finding
                                                               : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_schedule (GtkButton *button, gpointer data)
{
  gtk_widget_activate_action (data, "win.schedule", "s",
                              TWIN_RISK_CARD (data)->machine);
}

static void
on_why (GtkButton *button, gpointer data)
{
  TwinRiskCard *self = data;

  gtk_widget_activate_action (data, "win.show-item", "s", self->machine);
  gtk_widget_activate_action (data, "win.show-tab", "s", "envelope");
}

static void
on_click (GtkGestureClick *gesture,
          int              n_press,
          double           x,
          double           y,
          gpointer         data)
{
  gtk_widget_activate_action (data, "win.show-item", "s",
                              TWIN_RISK_CARD (data)->machine);
}

static void
twin_risk_card_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TwinRiskCard  *self = TWIN_RISK_CARD (widget);
  const float    w = gtk_widget_get_width (widget);
  const float    h = gtk_widget_get_height (widget);
  GskRoundedRect clip;

  if (self->stale)
    {
      gsk_rounded_rect_init_from_rect (&clip, &GRAPHENE_RECT_INIT (0, 0, w, h),
                                       12);
      gtk_snapshot_push_rounded_clip (snapshot, &clip);
      twin_hatch_snapshot_widget (snapshot, &GRAPHENE_RECT_INIT (0, 0, w, h),
                                  widget);
      gtk_snapshot_pop (snapshot);
    }

  gtk_widget_snapshot_child (widget, self->box, snapshot);
}

static void
twin_risk_card_dispose (GObject *object)
{
  TwinRiskCard *self = TWIN_RISK_CARD (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->machine, g_free);
  G_OBJECT_CLASS (twin_risk_card_parent_class)->dispose (object);
}

static void
twin_risk_card_class_init (TwinRiskCardClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = twin_risk_card_dispose;
  widget_class->snapshot = twin_risk_card_snapshot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static GtkWidget *
add_label (TwinRiskCard *self, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (self->box), label);
  return label;
}

static void
build_buttons (TwinRiskCard *self)
{
  GtkWidget *schedule = gtk_button_new_with_label (_ ("Schedule…"));
  GtkWidget *why = gtk_button_new_with_label (_ ("Why?"));

  self->buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (schedule, "suggested-action");
  gtk_widget_add_css_class (schedule, "twin-compact");
  gtk_widget_add_css_class (why, "twin-compact");
  g_signal_connect (schedule, "clicked", G_CALLBACK (on_schedule), self);
  g_signal_connect (why, "clicked", G_CALLBACK (on_why), self);
  gtk_widget_set_margin_top (self->buttons, 6);
  gtk_box_append (GTK_BOX (self->buttons), schedule);
  gtk_box_append (GTK_BOX (self->buttons), why);
  gtk_box_append (GTK_BOX (self->box), self->buttons);
}

static void
twin_risk_card_init (TwinRiskCard *self)
{
  GtkWidget  *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_add_css_class (GTK_WIDGET (self), "twin-card");
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  self->glyph = twin_state_glyph_new (15);
  self->name = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->name, "heading");
  gtk_widget_set_hexpand (self->name, TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_END);
  self->when = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->when, "heading");
  gtk_widget_add_css_class (self->when, "numeric");
  gtk_box_append (GTK_BOX (head), self->glyph);
  gtk_box_append (GTK_BOX (head), self->name);
  gtk_box_append (GTK_BOX (head), self->when);
  gtk_box_append (GTK_BOX (self->box), head);

  self->finding = add_label (self, NULL);
  self->advice = add_label (self, "heading");
  self->reason = add_label (self, "twin-small");
  gtk_widget_add_css_class (self->reason, "dim-label");
  build_buttons (self);

  g_signal_connect (click, "released", G_CALLBACK (on_click), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

GtkWidget *
twin_risk_card_new (void)
{
  return g_object_new (TWIN_TYPE_RISK_CARD, NULL);
}
