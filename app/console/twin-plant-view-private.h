/* SPDX-License-Identifier: Apache-2.0 */
/* twin-plant-view-private.h - what the plant view's files share */
#pragma once

#include "twin-plant-labels.h"
#include "twin-plant-view.h"

G_BEGIN_DECLS

struct _TwinPlantView
{
  GtkWidget        parent_instance;
  GtkWidget       *content;
  GtkWidget       *area;
  TwinPlantLabels *labels;

  TwinScene  *scene;
  char      **ids; /* by instance */
  char      **names;
  GHashTable *by_id; /* id (of ids) -> GUINT_TO_POINTER (instance + 1) */
  guint       n_items;
  guint       selected; /* instance, or TWIN_SCENE_NONE */
  guint       hovered;
  char       *wanted; /* id to select once it appears */

  guint    tick;
  gint64   last_frame_us;
  gint64   frame_gap_us; /* between frames while only rotors move */
  gboolean user_moved;   /* the camera is where a person put it */
  gboolean arranged;     /* it has shown machines once */

  /* Pointer. */
  double   drag_x, drag_y; /* last offset */
  double   pointer_x, pointer_y;
  gboolean panning;
  gboolean inside; /* the pointer is over the picture */
  gboolean easing; /* at the last tick */

  TwinPlantReport report;
  gpointer        report_data;
  GDestroyNotify  report_destroy;
};

/* Asks for frames as long as something moves. */
void twin_plant_view_wake (TwinPlantView *self);

/* The person took the camera: it stays where it is from now on. */
void twin_plant_view_take_camera (TwinPlantView *self);

/* Something has changed: the next frame is due at once. */
void twin_plant_view_refresh (TwinPlantView *self);

/* The first view of a plant, unless a person has moved the camera. */
void twin_plant_view_home_at_once (TwinPlantView *self);

/* The instance of an id, or TWIN_SCENE_NONE. */
guint twin_plant_view_find (TwinPlantView *self, const char *id);

/* Selects without a signal. */
void twin_plant_view_show_selected (TwinPlantView *self, guint index);

/* As if by a person. */
void twin_plant_view_choose (TwinPlantView *self, guint index);
void twin_plant_view_hover (TwinPlantView *self, guint index);
void twin_plant_view_activate (TwinPlantView *self);

/* Ends the callback that began at @begin_us. */
void twin_plant_view_note (TwinPlantView *self,
                           const char    *what,
                           gint64         begin_us);

/* What lies under the pointer may have changed: hovers it. */
void twin_plant_view_look_again (TwinPlantView *self);

/* Adds pointer and keyboard to the widget. */
void twin_plant_view_add_input (TwinPlantView *self);
void twin_plant_view_class_add_keys (GtkWidgetClass *widget_class);

G_END_DECLS
