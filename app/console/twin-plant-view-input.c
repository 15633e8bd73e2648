/* SPDX-License-Identifier: Apache-2.0 */
/* Pointer and keyboard of the plant view. */
#include "twin-plant-view-private.h"

#include <math.h>

#define ORBIT_RATE 0.007f /* rad a pixel */
#define ORBIT_KEY 0.10f   /* rad a key */
#define WHEEL_FACTOR 1.18
#define DRAG_SLOP 4.0 /* px before a press is a drag */

static guint
pick (TwinPlantView *self, double x, double y)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  return twin_scene_pick (self->scene, (float) (x * scale),
                          (float) (y * scale));
}

void
twin_plant_view_look_again (TwinPlantView *self)
{
  twin_plant_view_hover (self, self->inside ? pick (self, self->pointer_x,
                                                    self->pointer_y)
                                            : TWIN_SCENE_NONE);
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, TwinPlantView *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (
      GTK_EVENT_CONTROLLER (gesture));
  guint button =
      gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));

  self->drag_x = self->drag_y = 0;
  self->panning = button == GDK_BUTTON_MIDDLE || (state & GDK_SHIFT_MASK) != 0;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
on_drag_update (GtkGestureDrag *gesture,
                double          dx,
                double          dy,
                TwinPlantView  *self)
{
  gint64      begin = g_get_monotonic_time ();
  TwinCamera *camera = twin_scene_get_camera (self->scene);
  int         scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  float       by_x = (float) (dx - self->drag_x);
  float       by_y = (float) (dy - self->drag_y);

  if (self->drag_x == 0 && self->drag_y == 0 && hypot (dx, dy) < DRAG_SLOP)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  self->drag_x = dx;
  self->drag_y = dy;
  if (self->panning)
    twin_camera_pan (camera, by_x * scale, by_y * scale);
  else
    twin_camera_orbit (camera, -by_x * ORBIT_RATE, by_y * ORBIT_RATE);
  twin_plant_view_take_camera (self);
  twin_plant_view_note (self, "plant-drag", begin);
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, TwinPlantView *self)
{
  twin_plant_view_look_again (self);
}

static void
on_click (GtkGestureClick *gesture,
          int              n_press,
          double           x,
          double           y,
          TwinPlantView   *self)
{
  gint64 begin = g_get_monotonic_time ();

  twin_plant_view_choose (self, pick (self, x, y));
  if (n_press == 2)
    twin_plant_view_activate (self);
  twin_plant_view_note (self, "plant-click", begin);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           TwinPlantView            *self)
{
  gint64 begin = g_get_monotonic_time ();
  int    scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  twin_camera_zoom (twin_scene_get_camera (self->scene),
                    (float) pow (WHEEL_FACTOR, -dy),
                    (float) self->pointer_x * scale,
                    (float) self->pointer_y * scale, begin);
  twin_plant_view_take_camera (self);
  twin_plant_view_note (self, "plant-scroll", begin);
  return GDK_EVENT_STOP;
}

static void
on_motion (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           TwinPlantView            *self)
{
  gint64 begin = g_get_monotonic_time ();

  self->pointer_x = x;
  self->pointer_y = y;
  self->inside = TRUE;
  twin_plant_view_look_again (self);
  twin_plant_view_note (self, "plant-motion", begin);
}

static void
on_leave (GtkEventControllerMotion *controller, TwinPlantView *self)
{
  self->inside = FALSE;
  twin_plant_view_look_again (self);
}

void
twin_plant_view_add_input (TwinPlantView *self)
{
  GtkWidget          *area = self->area;
  GtkGesture         *drag = gtk_gesture_drag_new ();
  GtkGesture         *click = gtk_gesture_click_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *motion = gtk_event_controller_motion_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (area, GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (click, "released", G_CALLBACK (on_click), self);
  gtk_widget_add_controller (area, GTK_EVENT_CONTROLLER (click));
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (area, scroll);
  g_signal_connect (motion, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (area, motion);
}

/* The next machine from the selected one in a direction on the screen: near,
 * and rather straight than near. */
static guint
neighbour (TwinPlantView *self, float way_x, float way_y)
{
  float    x0, y0, best = INFINITY;
  guint    found = TWIN_SCENE_NONE;
  gboolean start = self->selected != TWIN_SCENE_NONE;

  if (self->n_items == 0)
    return TWIN_SCENE_NONE;
  if (!start)
    return 0;
  twin_scene_project_anchor (self->scene, self->selected,
                             TWIN_SCENE_ANCHOR_LABEL, &x0, &y0, NULL);
  for (guint i = 0; i < self->n_items; i++)
    {
      float x, y, along, aside;

      if (i == self->selected ||
          !twin_scene_project_anchor (self->scene, i, TWIN_SCENE_ANCHOR_LABEL,
                                      &x, &y, NULL))
        continue;
      along = (x - x0) * way_x + (y - y0) * way_y;
      aside = fabsf ((x - x0) * way_y - (y - y0) * way_x);
      if (along <= 1 || along + 2 * aside >= best)
        continue;
      best = along + 2 * aside;
      found = i;
    }
  return found != TWIN_SCENE_NONE ? found : self->selected;
}

static gboolean
on_walk (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  TwinPlantView *self = TWIN_PLANT_VIEW (widget);
  gint64         begin = g_get_monotonic_time ();
  int            x, y;

  g_variant_get (args, "(ii)", &x, &y);
  twin_plant_view_choose (self, neighbour (self, x, y));
  twin_plant_view_note (self, "plant-key", begin);
  return TRUE;
}

static gboolean
on_orbit (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  TwinPlantView *self = TWIN_PLANT_VIEW (widget);
  int            x, y;

  g_variant_get (args, "(ii)", &x, &y);
  twin_camera_orbit (twin_scene_get_camera (self->scene), x * ORBIT_KEY,
                     -y * ORBIT_KEY);
  twin_plant_view_take_camera (self);
  return TRUE;
}

static gboolean
on_enter (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  twin_plant_view_activate (TWIN_PLANT_VIEW (widget));
  return TRUE;
}

static gboolean
on_escape (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  TwinPlantView *self = TWIN_PLANT_VIEW (widget);

  if (self->selected == TWIN_SCENE_NONE)
    return FALSE;
  twin_plant_view_choose (self, TWIN_SCENE_NONE);
  return TRUE;
}

void
twin_plant_view_class_add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key, keypad;
    int   x, y;
  } arrows[] = { { GDK_KEY_Left, GDK_KEY_KP_Left, -1, 0 },
                 { GDK_KEY_Right, GDK_KEY_KP_Right, 1, 0 },
                 { GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1 },
                 { GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1 } };
  static const struct
  {
    guint       key;
    const char *action;
  } keys[] = { { GDK_KEY_plus, "plant.zoom-in" },
               { GDK_KEY_equal, "plant.zoom-in" },
               { GDK_KEY_KP_Add, "plant.zoom-in" },
               { GDK_KEY_minus, "plant.zoom-out" },
               { GDK_KEY_KP_Subtract, "plant.zoom-out" },
               { GDK_KEY_f, "plant.fit" },
               { GDK_KEY_Home, "plant.home" },
               { GDK_KEY_KP_Home, "plant.home" } };
  static const guint enters[] = { GDK_KEY_Return, GDK_KEY_KP_Enter,
                                  GDK_KEY_ISO_Enter };

  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    for (int pad = 0; pad < 2; pad++)
      {
        guint key = pad ? arrows[i].keypad : arrows[i].key;

        gtk_widget_class_add_binding (widget_class, key, 0, on_walk, "(ii)",
                                      arrows[i].x, arrows[i].y);
        gtk_widget_class_add_binding (widget_class, key, GDK_SHIFT_MASK,
                                      on_orbit, "(ii)", arrows[i].x,
                                      arrows[i].y);
      }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0,
                                           keys[i].action, NULL);
      gtk_widget_class_add_binding_action (widget_class, keys[i].key,
                                           GDK_SHIFT_MASK, keys[i].action,
                                           NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (enters); i++)
    gtk_widget_class_add_binding (widget_class, enters[i], 0, on_enter, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape,
                                NULL);
}
