/* SPDX-License-Identifier: Apache-2.0 */
/* Pointer and keys. */
#include "twin-line-chart-private.h"

#include <math.h>

#define GRAB_PX 7.0
#define CLICK_PX 4.0
#define ZOOM_STEP 0.8

static double
x_at (TwinLineChartPrivate *priv, double px)
{
  double fraction = (px - priv->paint.plot.origin.x) /
                    MAX (1.0f, priv->paint.plot.size.width);

  return twin_chart_axis_value (&priv->x_view, fraction);
}

static gboolean
near_cursor (TwinLineChartPrivate *priv, double px)
{
  return !isnan (priv->cursor) &&
         fabs (twin_chart_paint_x (&priv->paint, priv->cursor) - px) <= GRAB_PX;
}

static double
closest_span (TwinLineChartPrivate *priv)
{
  return priv->min_span > 0 ? priv->min_span
                            : (priv->x_full.max - priv->x_full.min) * 1e-6;
}

static void
zoom (TwinLineChart *self, double fraction, double factor)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  twin_chart_axis_zoom (&priv->x_view, &priv->x_full, fraction, factor,
                        closest_span (priv));
  twin_line_chart_invalidate (self);
}

static void
pan (TwinLineChart *self, double by)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  twin_chart_axis_pan (&priv->x_view, &priv->x_full, by);
  twin_line_chart_invalidate (self);
}

static gboolean
scrolled (GtkEventControllerScroll *controller,
          double                    dx,
          double                    dy,
          TwinLineChart            *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  GtkEventController   *base = GTK_EVENT_CONTROLLER (controller);
  GdkModifierType state = gtk_event_controller_get_current_event_state (base);

  if (!priv->interactive)
    return FALSE;

  if ((state & GDK_SHIFT_MASK) || dx != 0)
    pan (self, 0.1 * (dx != 0 ? dx : dy));
  else
    zoom (self, CLAMP (priv->pointer_fraction, 0, 1), pow (ZOOM_STEP, -dy));

  return TRUE;
}

static void
moved (GtkEventControllerMotion *controller,
       double                    x,
       double                    y,
       TwinLineChart            *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  if (!priv->interactive)
    return;

  priv->pointer_fraction =
      (x - priv->paint.plot.origin.x) / MAX (1.0f, priv->paint.plot.size.width);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self),
                                   near_cursor (priv, x) ? "ew-resize" : NULL);
}

static void
drag_began (GtkGestureDrag *gesture, double x, double y, TwinLineChart *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  if (!priv->interactive)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }

  gtk_widget_grab_focus (GTK_WIDGET (self));
  priv->dragging_cursor = near_cursor (priv, x);
  priv->drag_view_min = priv->x_view.min;
}

static void
drag_updated (GtkGestureDrag *gesture,
              double          dx,
              double          dy,
              TwinLineChart  *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  double                start_x, start_y;

  gtk_gesture_drag_get_start_point (gesture, &start_x, &start_y);

  if (priv->dragging_cursor)
    {
      TwinLineChartClass *class = TWIN_LINE_CHART_GET_CLASS (self);
      double x = x_at (priv, start_x + dx);

      x = CLAMP (x, priv->x_view.min, priv->x_view.max);
      twin_line_chart_set_cursor (self, class->snap_cursor (self, x));
    }
  else if (fabs (dx) > CLICK_PX)
    {
      double span = priv->x_view.max - priv->x_view.min;
      double shift = -dx / MAX (1.0f, priv->paint.plot.size.width) * span;

      pan (self, (priv->drag_view_min + shift - priv->x_view.min) / span);
    }
}

static void
drag_ended (GtkGestureDrag *gesture, double dx, double dy, TwinLineChart *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  TwinLineChartClass *class = TWIN_LINE_CHART_GET_CLASS (self);
  double start_x, start_y, x;

  if (priv->dragging_cursor || fabs (dx) > CLICK_PX || fabs (dy) > CLICK_PX)
    return;

  gtk_gesture_drag_get_start_point (gesture, &start_x, &start_y);
  x = x_at (priv, start_x);
  if (x >= priv->x_view.min && x <= priv->x_view.max)
    twin_line_chart_set_cursor (self, class->snap_cursor (self, x));
}

static void
activate (TwinLineChart *self, double x)
{
  TwinLineChartClass *class = TWIN_LINE_CHART_GET_CLASS (self);

  if (class->activate == NULL || !class->activate (self, x))
    twin_line_chart_reset_view (self);
}

static void
pressed (GtkGestureClick *gesture,
         int              n,
         double           x,
         double           y,
         TwinLineChart   *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  if (priv->interactive && n == 2)
    activate (self, x_at (priv, x));
}

/* What only changes the view. */
static gboolean
view_key (TwinLineChart *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
    case GDK_KEY_equal:
      zoom (self, 0.5, ZOOM_STEP * ZOOM_STEP);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom (self, 0.5, 1 / (ZOOM_STEP * ZOOM_STEP));
      return TRUE;
    case GDK_KEY_Page_Up:
      pan (self, -0.25);
      return TRUE;
    case GDK_KEY_Page_Down:
      pan (self, 0.25);
      return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      twin_line_chart_reset_view (self);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
cursor_key (TwinLineChart *self, guint key, GdkModifierType state)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);
  double                steps = 1;

  if (state & GDK_SHIFT_MASK)
    steps = 10;
  else if (state & GDK_CONTROL_MASK)
    steps = 0.1;

  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      twin_line_chart_step_cursor (self, -steps);
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      twin_line_chart_step_cursor (self, steps);
      return TRUE;
    case GDK_KEY_Home:
      twin_line_chart_set_cursor (self, priv->x_view.min);
      return TRUE;
    case GDK_KEY_End:
      twin_line_chart_set_cursor (self, priv->x_view.max);
      return TRUE;
    case GDK_KEY_Escape:
      /* Not taken when there is nothing to put away. */
      if (isnan (priv->cursor))
        return FALSE;
      twin_line_chart_set_cursor (self, NAN);
      return TRUE;
    case GDK_KEY_space:
      if (!isnan (priv->cursor))
        activate (self, priv->cursor);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
key_pressed (GtkEventControllerKey *controller,
             guint                  key,
             guint                  code,
             GdkModifierType        state,
             TwinLineChart         *self)
{
  TwinLineChartPrivate *priv = twin_line_chart_private (self);

  if (!priv->interactive || (state & GDK_ALT_MASK))
    return FALSE;

  if (cursor_key (self, key, state))
    return TRUE;

  return !(state & GDK_CONTROL_MASK) && view_key (self, key);
}

void
twin_line_chart_add_controllers (TwinLineChart *self)
{
  GtkWidget          *widget = GTK_WIDGET (self);
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture         *drag = gtk_gesture_drag_new ();
  GtkGesture         *click = gtk_gesture_click_new ();

  g_signal_connect (scroll, "scroll", G_CALLBACK (scrolled), self);
  g_signal_connect (motion, "motion", G_CALLBACK (moved), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_pressed), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_began), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_updated), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_ended), self);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed), self);
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, key);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
}
