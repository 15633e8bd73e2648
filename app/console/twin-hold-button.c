/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-hold-button.h"

#include <glib/gi18n.h>

#include "twin-clock.h"

enum
{
  HOLD_US = 1200000,
};

struct _TwinHoldButton
{
  GtkWidget  parent_instance;
  GtkWidget *label;
  int64_t    pressed_us; /* monotonic; 0: not held */
  gboolean   by_key;
  double     progress; /* 0 to 1 */
  guint      tick;
  gboolean   spent; /* confirmed by a key that is still down: it repeats, and
                       must not confirm again */
  GtkWidget          *root;
  GtkEventController *watch; /* of the root: sees the key come up even when the
                                button is insensitive by then */
};

static guint confirmed_signal;

G_DEFINE_FINAL_TYPE (TwinHoldButton, twin_hold_button, GTK_TYPE_WIDGET)

static void
release (TwinHoldButton *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  self->pressed_us = 0;
  self->by_key = FALSE;
  self->progress = 0;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 0.0, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  TwinHoldButton *self = TWIN_HOLD_BUTTON (widget);
  const int64_t   held_us = twin_clock_monotonic_us () - self->pressed_us;

  self->progress = MIN (1, held_us / (double) HOLD_US);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                  100 * self->progress, -1);
  gtk_widget_queue_draw (widget);
  if (held_us < HOLD_US)
    return G_SOURCE_CONTINUE;

  self->tick = 0;
  self->spent = self->by_key;
  release (self);
  g_signal_emit (self, confirmed_signal, 0);
  return G_SOURCE_REMOVE;
}

static void
press (TwinHoldButton *self)
{
  if (self->pressed_us != 0)
    return; /* a held key repeats */

  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->pressed_us = twin_clock_monotonic_us ();
  self->tick =
      gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

static void
on_pressed (GtkGestureClick *gesture, int n, double x, double y, gpointer data)
{
  press (data);
}

static void
on_released (GtkGestureClick *gesture, int n, double x, double y, gpointer data)
{
  release (data);
}

static void
on_cancel (GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  release (data);
}

static gboolean
is_hold_key (guint keyval)
{
  return keyval == GDK_KEY_space || keyval == GDK_KEY_Return ||
         keyval == GDK_KEY_KP_Enter;
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               data)
{
  TwinHoldButton *self = TWIN_HOLD_BUTTON (data);

  if (!is_hold_key (keyval))
    return FALSE;

  if (!self->spent)
    {
      press (self);
      self->by_key = TRUE;
    }
  return TRUE;
}

static void
on_key_released (GtkEventControllerKey *controller,
                 guint                  keyval,
                 guint                  keycode,
                 GdkModifierType        state,
                 gpointer               data)
{
  if (is_hold_key (keyval))
    release (data);
}

static void
on_key_up (GtkEventControllerKey *controller,
           guint                  keyval,
           guint                  keycode,
           GdkModifierType        state,
           gpointer               data)
{
  if (is_hold_key (keyval))
    TWIN_HOLD_BUTTON (data)->spent = FALSE;
}

static void
on_leave (GtkEventControllerFocus *controller, gpointer data)
{
  release (data);
}

static void
twin_hold_button_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const GdkRGBA fill = { 0.102f, 0.310f, 0.580f, 1 }; /* #1a4f94 */
  TwinHoldButton      *self = TWIN_HOLD_BUTTON (widget);
  const float          w = gtk_widget_get_width (widget);
  const float          h = gtk_widget_get_height (widget);
  GskRoundedRect       clip;

  if (self->progress > 0)
    {
      gsk_rounded_rect_init_from_rect (&clip, &GRAPHENE_RECT_INIT (0, 0, w, h),
                                       9);
      gtk_snapshot_push_rounded_clip (snapshot, &clip);
      gtk_snapshot_append_color (snapshot, &fill,
                                 &GRAPHENE_RECT_INIT (0, 0,
                                                      w * (float)
                                                              self->progress,
                                                      h));
      gtk_snapshot_pop (snapshot);
    }

  gtk_widget_snapshot_child (widget, self->label, snapshot);
}

static void
twin_hold_button_root (GtkWidget *widget)
{
  TwinHoldButton *self = TWIN_HOLD_BUTTON (widget);

  GTK_WIDGET_CLASS (twin_hold_button_parent_class)->root (widget);
  self->watch = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->watch, GTK_PHASE_CAPTURE);
  g_signal_connect (self->watch, "key-released", G_CALLBACK (on_key_up), self);
  self->root = GTK_WIDGET (gtk_widget_get_root (widget));
  gtk_widget_add_controller (self->root, self->watch);
}

static void
twin_hold_button_unroot (GtkWidget *widget)
{
  TwinHoldButton *self = TWIN_HOLD_BUTTON (widget);

  gtk_widget_remove_controller (self->root, self->watch);
  self->watch = NULL;
  self->root = NULL;
  self->spent = FALSE;
  GTK_WIDGET_CLASS (twin_hold_button_parent_class)->unroot (widget);
}

static void
twin_hold_button_dispose (GObject *object)
{
  TwinHoldButton *self = TWIN_HOLD_BUTTON (object);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_hold_button_parent_class)->dispose (object);
}

static void
twin_hold_button_class_init (TwinHoldButtonClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = twin_hold_button_dispose;
  widget_class->root = twin_hold_button_root;
  widget_class->unroot = twin_hold_button_unroot;
  widget_class->snapshot = twin_hold_button_snapshot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_BUTTON);
  gtk_widget_class_set_css_name (widget_class, "holdbutton");
  confirmed_signal =
      g_signal_new ("confirmed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST,
                    0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
twin_hold_button_init (TwinHoldButton *self)
{
  GtkGesture         *click = gtk_gesture_click_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "twin-hold");
  self->label = gtk_label_new (NULL);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));

  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  g_signal_connect (click, "cancel", G_CALLBACK (on_cancel), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key_pressed), self);
  g_signal_connect (key, "key-released", G_CALLBACK (on_key_released), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

void
twin_hold_button_set_label (TwinHoldButton *self, const char *label)
{
  g_autofree char *spoken =
      g_strdup_printf (_ ("%s: hold Space for 1.2 seconds"), label);

  gtk_label_set_text (GTK_LABEL (self->label), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

GtkWidget *
twin_hold_button_new (const char *label)
{
  TwinHoldButton *self = g_object_new (TWIN_TYPE_HOLD_BUTTON, NULL);

  twin_hold_button_set_label (self, label);
  return GTK_WIDGET (self);
}
