/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-plant-view-private.h"

#include <adwaita.h>
#include <epoxy/gl.h>
#include <math.h>
#include <string.h>

#include "twin-plant-view-resources.h"

#define RESOURCES "/com/example/TwinConsole/plant/"
#define KEY_FACTOR 1.35
#define GAP_HARDWARE_US (33 * 1000)
/* Software GL shares its cores with the engine. */
#define GAP_SOFTWARE_US (80 * 1000)

G_DEFINE_FINAL_TYPE (TwinPlantView, twin_plant_view, GTK_TYPE_WIDGET)

enum
{
  SELECTED,
  ACTIVATED,
  HOVERED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

void
twin_plant_view_note (TwinPlantView *self, const char *what, gint64 begin_us)
{
  if (self->report != NULL)
    self->report (what, g_get_monotonic_time () - begin_us, self->report_data);
}

static void
on_labels_drawn (gint64 duration_us, gpointer user_data)
{
  TwinPlantView *self = user_data;

  if (self->report != NULL)
    self->report ("plant-labels", duration_us, self->report_data);
}

/* Frames. */

static gboolean
camera_moves (TwinPlantView *self)
{
  return twin_scene_get_camera (self->scene)->duration_us != 0;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  TwinPlantView *self = TWIN_PLANT_VIEW (widget);
  gint64         begin = g_get_monotonic_time ();
  gint64         now = gdk_frame_clock_get_frame_time (clock);
  gboolean       eased = camera_moves (self);

  if (self->easing && !eased)
    twin_plant_view_look_again (self);
  self->easing = eased;
  if (!twin_scene_needs_frame (self->scene, now))
    {
      self->tick = 0;
      return G_SOURCE_REMOVE;
    }
  if (eased || now - self->last_frame_us >= self->frame_gap_us)
    {
      gtk_gl_area_queue_render (GTK_GL_AREA (self->area));
      if (eased)
        gtk_widget_queue_draw (GTK_WIDGET (self->labels));
    }
  twin_plant_view_note (self, "plant-tick", begin);
  return G_SOURCE_CONTINUE;
}

void
twin_plant_view_wake (TwinPlantView *self)
{
  if (self->tick == 0 && gtk_widget_get_realized (self->area))
    self->tick =
        gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

void
twin_plant_view_refresh (TwinPlantView *self)
{
  self->last_frame_us = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self->labels));
  twin_plant_view_wake (self);
}

void
twin_plant_view_take_camera (TwinPlantView *self)
{
  self->user_moved = TRUE;
  twin_plant_view_refresh (self);
}

void
twin_plant_view_home_at_once (TwinPlantView *self)
{
  TwinCamera *camera = twin_scene_get_camera (self->scene);
  float       scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  /* Room for the tool bar, and for flags above the last row. */
  camera->inset[0] = camera->inset[2] = 10 * scale;
  camera->inset[1] = 54 * scale;
  camera->inset[3] = 10 * scale;
  if (self->user_moved || self->n_items == 0 || camera->width <= 1)
    return;
  twin_camera_home (camera, 0);
  twin_camera_advance (camera, G_MAXINT64 / 2);
  self->arranged = TRUE;
  twin_plant_view_refresh (self);
}

static void
on_area_resize (GtkGLArea *area, int width, int height, TwinPlantView *self)
{
  twin_camera_set_viewport (twin_scene_get_camera (self->scene), width, height);
  twin_plant_view_home_at_once (self);
  twin_plant_view_refresh (self);
}

static void
fail (TwinPlantView *self, const GError *error)
{
  g_warning ("3D view: %s", error->message);
  gtk_gl_area_set_error (GTK_GL_AREA (self->area), error);
}

static gboolean
is_software (void)
{
  const char *name = (const char *) glGetString (GL_RENDERER);

  return name != NULL &&
         (strstr (name, "llvmpipe") != NULL || strstr (name, "softpipe") ||
          strstr (name, "SwiftShader"));
}

static void
on_area_realize (GtkWidget *area, TwinPlantView *self)
{
  g_autoptr (GError) error = NULL;

  gtk_gl_area_make_current (GTK_GL_AREA (area));
  if (gtk_gl_area_get_error (GTK_GL_AREA (area)) != NULL)
    return;
  self->frame_gap_us = is_software () ? GAP_SOFTWARE_US : GAP_HARDWARE_US;
  if (!twin_scene_realize (self->scene, &error))
    fail (self, error);
  twin_plant_view_refresh (self);
}

static void
on_area_unrealize (GtkWidget *area, TwinPlantView *self)
{
  gtk_gl_area_make_current (GTK_GL_AREA (area));
  if (gtk_gl_area_get_error (GTK_GL_AREA (area)) == NULL)
    twin_scene_unrealize (self->scene);
}

static gboolean
on_area_render (GtkGLArea *area, GdkGLContext *context, TwinPlantView *self)
{
  g_autoptr (GError) error = NULL;
  gint64         begin = g_get_monotonic_time ();
  int            scale = gtk_widget_get_scale_factor (GTK_WIDGET (area));
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (area));
  gint64         now = gdk_frame_clock_get_frame_time (clock);

  if (gtk_gl_area_get_error (area) != NULL)
    return FALSE;
  twin_scene_set_scale (self->scene, scale);
  if (!twin_scene_render (self->scene,
                          gtk_widget_get_width (GTK_WIDGET (area)) * scale,
                          gtk_widget_get_height (GTK_WIDGET (area)) * scale,
                          now, &error))
    fail (self, error);
  self->last_frame_us = now;
  twin_plant_view_wake (self);
  twin_plant_view_note (self, "plant-gl", begin);
  return TRUE;
}

static void
follow_theme (TwinPlantView *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  twin_scene_set_dark (self->scene, dark);
  twin_plant_labels_set_dark (self->labels, dark);
  twin_plant_view_refresh (self);
}

/* Selection. */

guint
twin_plant_view_find (TwinPlantView *self, const char *id)
{
  gpointer at = id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;

  return at != NULL ? GPOINTER_TO_UINT (at) - 1 : TWIN_SCENE_NONE;
}

static void
describe (TwinPlantView *self)
{
  const char *name =
      self->selected != TWIN_SCENE_NONE ? self->names[self->selected] : "";

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name,
                                  -1);
}

void
twin_plant_view_show_selected (TwinPlantView *self, guint index)
{
  self->selected = index;
  twin_scene_set_selected (self->scene, index);
  twin_plant_labels_set_selected (self->labels, index);
  describe (self);
  twin_plant_view_refresh (self);
}

void
twin_plant_view_choose (TwinPlantView *self, guint index)
{
  g_clear_pointer (&self->wanted, g_free);
  if (index == self->selected)
    return;
  twin_plant_view_show_selected (self, index);
  g_signal_emit (self, signals[SELECTED], 0,
                 twin_plant_view_get_selected (self));
}

void
twin_plant_view_hover (TwinPlantView *self, guint index)
{
  if (index == self->hovered)
    return;
  self->hovered = index;
  twin_scene_set_hovered (self->scene, index);
  twin_plant_labels_set_hovered (self->labels, index);
  gtk_widget_set_cursor_from_name (self->area,
                                   index != TWIN_SCENE_NONE ? "pointer" : NULL);
  twin_plant_view_refresh (self);
  g_signal_emit (self, signals[HOVERED], 0, twin_plant_view_get_hovered (self));
}

void
twin_plant_view_activate (TwinPlantView *self)
{
  if (self->selected != TWIN_SCENE_NONE)
    g_signal_emit (self, signals[ACTIVATED], 0, self->ids[self->selected]);
}

static gboolean
in_view (TwinPlantView *self, guint index)
{
  float x, y;

  return twin_scene_project_anchor (self->scene, index, TWIN_SCENE_ANCHOR_TOP,
                                    &x, &y, NULL) &&
         twin_scene_project_anchor (self->scene, index, TWIN_SCENE_ANCHOR_LABEL,
                                    &x, &y, NULL);
}

void
twin_plant_view_select (TwinPlantView *self, const char *id, gboolean reveal)
{
  guint index;

  g_return_if_fail (TWIN_IS_PLANT_VIEW (self));
  index = twin_plant_view_find (self, id);
  g_free (self->wanted);
  self->wanted = index == TWIN_SCENE_NONE ? g_strdup (id) : NULL;
  if (index != self->selected)
    twin_plant_view_show_selected (self, index);
  if (reveal && index != TWIN_SCENE_NONE && self->arranged &&
      !in_view (self, index))
    {
      float min[3], max[3];

      twin_scene_get_bounds (self->scene, index, min, max);
      twin_camera_show (twin_scene_get_camera (self->scene), min, max,
                        g_get_monotonic_time ());
      twin_plant_view_refresh (self);
    }
}

const char *
twin_plant_view_get_selected (TwinPlantView *self)
{
  g_return_val_if_fail (TWIN_IS_PLANT_VIEW (self), "");
  return self->selected != TWIN_SCENE_NONE ? self->ids[self->selected] : "";
}

const char *
twin_plant_view_get_hovered (TwinPlantView *self)
{
  g_return_val_if_fail (TWIN_IS_PLANT_VIEW (self), "");
  return self->hovered != TWIN_SCENE_NONE ? self->ids[self->hovered] : "";
}

void
twin_plant_view_set_colour (TwinPlantView *self, TwinSceneColour colour)
{
  g_return_if_fail (TWIN_IS_PLANT_VIEW (self));
  twin_scene_set_colour (self->scene, colour);
  twin_plant_view_refresh (self);
}

/* Camera. */

void
twin_plant_view_fit (TwinPlantView *self)
{
  g_return_if_fail (TWIN_IS_PLANT_VIEW (self));
  twin_camera_fit (twin_scene_get_camera (self->scene),
                   g_get_monotonic_time ());
  twin_plant_view_refresh (self);
}

void
twin_plant_view_home (TwinPlantView *self)
{
  g_return_if_fail (TWIN_IS_PLANT_VIEW (self));
  self->user_moved = FALSE;
  twin_camera_home (twin_scene_get_camera (self->scene),
                    g_get_monotonic_time ());
  twin_plant_view_refresh (self);
}

void
twin_plant_view_zoom (TwinPlantView *self, double factor)
{
  TwinCamera *camera;

  g_return_if_fail (TWIN_IS_PLANT_VIEW (self));
  camera = twin_scene_get_camera (self->scene);
  twin_camera_zoom (camera, (float) factor, camera->width / 2,
                    camera->height / 2, g_get_monotonic_time ());
  twin_plant_view_take_camera (self);
}

void
twin_plant_view_get_pose (TwinPlantView *self, TwinCameraPose *pose)
{
  g_return_if_fail (TWIN_IS_PLANT_VIEW (self));
  *pose = twin_scene_get_camera (self->scene)->to;
}

void
twin_plant_view_set_pose (TwinPlantView *self, const TwinCameraPose *pose)
{
  g_return_if_fail (TWIN_IS_PLANT_VIEW (self));
  twin_camera_go (twin_scene_get_camera (self->scene), pose,
                  g_get_monotonic_time (), 350 * 1000);
  twin_plant_view_take_camera (self);
}

gboolean
twin_plant_view_get_anchor (TwinPlantView *self,
                            const char    *id,
                            double        *x,
                            double        *y)
{
  int      scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  guint    index = twin_plant_view_find (self, id);
  float    at_x, at_y;
  gboolean in;

  g_return_val_if_fail (TWIN_IS_PLANT_VIEW (self), FALSE);
  if (index == TWIN_SCENE_NONE)
    return FALSE;
  in = twin_scene_project_anchor (self->scene, index, TWIN_SCENE_ANCHOR_TOP,
                                  &at_x, &at_y, NULL);
  *x = at_x / scale;
  *y = at_y / scale;
  return in;
}

static void
on_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TwinPlantView *self = TWIN_PLANT_VIEW (widget);

  if (strcmp (name, "plant.fit") == 0)
    twin_plant_view_fit (self);
  else if (strcmp (name, "plant.home") == 0)
    twin_plant_view_home (self);
  else
    twin_plant_view_zoom (self, strcmp (name, "plant.zoom-in") == 0
                                    ? KEY_FACTOR
                                    : 1 / KEY_FACTOR);
}

void
twin_plant_view_set_report (TwinPlantView  *self,
                            TwinPlantReport report,
                            gpointer        user_data,
                            GDestroyNotify  destroy)
{
  g_return_if_fail (TWIN_IS_PLANT_VIEW (self));
  if (self->report_destroy != NULL)
    self->report_destroy (self->report_data);
  self->report = report;
  self->report_data = user_data;
  self->report_destroy = destroy;
}

/* The widget. */

static void
twin_plant_view_dispose (GObject *object)
{
  TwinPlantView *self = TWIN_PLANT_VIEW (object);

  twin_plant_view_set_report (self, NULL, NULL, NULL);
  if (self->labels != NULL)
    twin_plant_labels_set_scene (self->labels, NULL);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  self->area = NULL;
  self->labels = NULL;
  G_OBJECT_CLASS (twin_plant_view_parent_class)->dispose (object);
}

static void
twin_plant_view_finalize (GObject *object)
{
  TwinPlantView *self = TWIN_PLANT_VIEW (object);

  twin_scene_free (self->scene);
  g_hash_table_unref (self->by_id);
  g_strfreev (self->ids);
  g_strfreev (self->names);
  g_free (self->wanted);
  G_OBJECT_CLASS (twin_plant_view_parent_class)->finalize (object);
}

static void
add_signal (guint at, const char *name)
{
  signals[at] = g_signal_new (name, TWIN_TYPE_PLANT_VIEW, G_SIGNAL_RUN_LAST, 0,
                              NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
twin_plant_view_class_init (TwinPlantViewClass *class)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = twin_plant_view_dispose;
  object_class->finalize = twin_plant_view_finalize;
  add_signal (SELECTED, "selected");
  add_signal (ACTIVATED, "activated");
  add_signal (HOVERED, "hovered");

  g_resources_register (twin_plant_view_get_resource ());
  g_type_ensure (TWIN_TYPE_PLANT_LABELS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               RESOURCES "twin-plant-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TwinPlantView, content);
  gtk_widget_class_bind_template_child (widget_class, TwinPlantView, area);
  gtk_widget_class_bind_template_child (widget_class, TwinPlantView, labels);
  gtk_widget_class_bind_template_callback (widget_class, on_area_realize);
  gtk_widget_class_bind_template_callback (widget_class, on_area_unrealize);
  gtk_widget_class_bind_template_callback (widget_class, on_area_render);
  gtk_widget_class_bind_template_callback (widget_class, on_area_resize);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "twinplantview");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_install_action (widget_class, "plant.fit", NULL, on_action);
  gtk_widget_class_install_action (widget_class, "plant.home", NULL, on_action);
  gtk_widget_class_install_action (widget_class, "plant.zoom-in", NULL,
                                   on_action);
  gtk_widget_class_install_action (widget_class, "plant.zoom-out", NULL,
                                   on_action);
  twin_plant_view_class_add_keys (widget_class);
}

static void
add_style (void)
{
  static gsize    done;
  GtkCssProvider *provider;

  if (!g_once_init_enter (&done))
    return;
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider,
                                       RESOURCES "twin-plant-view.css");
  gtk_style_context_add_provider_for_display (
      gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
      GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref (provider);
  g_once_init_leave (&done, 1);
}

static void
twin_plant_view_init (TwinPlantView *self)
{
  self->scene = twin_scene_new ();
  twin_scene_set_quick (self->scene, TRUE);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->selected = self->hovered = TWIN_SCENE_NONE;
  self->frame_gap_us = GAP_HARDWARE_US;
  add_style ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_gl_area_set_required_version (GTK_GL_AREA (self->area), 3, 3);
  twin_plant_labels_set_scene (self->labels, self->scene);
  twin_plant_labels_set_report (self->labels, on_labels_drawn, self);
  twin_plant_view_add_input (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (follow_theme), self, G_CONNECT_SWAPPED);
  follow_theme (self);
}

GtkWidget *
twin_plant_view_new (void)
{
  return g_object_new (TWIN_TYPE_PLANT_VIEW, NULL);
}
