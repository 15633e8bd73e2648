/* SPDX-License-Identifier: Apache-2.0 */
/* twin-plant-view.h - the plant in 3D: area, labels, flags, tool bar
 *
 * A widget around a GtkGLArea that shows machines given as plain structs, so
 * it needs neither engine nor live objects. Main thread.
 *
 * Pointer: drag orbits, middle or Shift drag pans, wheel zooms, click selects,
 * double click activates. Keyboard: arrows walk to the next machine that way,
 * Shift + arrows orbit, + and - zoom, F fits all, Home goes home, Enter
 * activates, Escape selects nothing.
 *
 * Signals (ids as given in the items, "" for none):
 *   selected  (const char *id)  by the user, not by twin_plant_view_select
 *   activated (const char *id)
 *   hovered   (const char *id)  "" when the pointer leaves
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-scene.h"

G_BEGIN_DECLS

#define TWIN_TYPE_PLANT_VIEW (twin_plant_view_get_type ())
G_DECLARE_FINAL_TYPE (TwinPlantView,
                      twin_plant_view,
                      TWIN,
                      PLANT_VIEW,
                      GtkWidget)

/* One machine. Strings are copied; NULL counts as "". */
typedef struct
{
  const char *id;    /* unique */
  const char *name;  /* "Compressor 7" */
  const char *label; /* "C7"; NULL: made from the name */
  const char *line;  /* "Line 1 · Compressed air": machines of one line
                      * stand in a row, rows in order of appearance */
  TwinSceneShape shape;
  TwinSceneState state;
  double         rotor_speed; /* rad/s; NaN: not known */
  double         level;       /* 0 .. 1 for the colour modes; or NaN */
  const char    *flag;        /* what its flag says after the name, "94.2 °C",
                               * "14 min old"; "": the name alone; NULL: no
                               * flag */
  gboolean acknowledged;      /* the flag's glyph loses its ring */
  gboolean placed;            /* use x, y, yaw instead of the row */
  double   x, y;              /* m on the floor plan, y away from the viewer */
  double   yaw;               /* rad */
} TwinPlantItem;

GtkWidget *twin_plant_view_new (void);

/* Replaces all machines. Same ids in the same order, shapes and places: only
 * what changed is touched, and camera, selection and rotors go on. */
void twin_plant_view_set_items (TwinPlantView       *self,
                                const TwinPlantItem *items,
                                guint                n_items);

/* Updates one machine by its id; FALSE when there is none. */
gboolean twin_plant_view_update_item (TwinPlantView       *self,
                                      const TwinPlantItem *item);

/* NULL or "": nothing. Emits no signal; @reveal brings the machine into view
 * when it is not. */
void        twin_plant_view_select (TwinPlantView *self,
                                    const char    *id,
                                    gboolean       reveal);
const char *twin_plant_view_get_selected (TwinPlantView *self);
const char *twin_plant_view_get_hovered (TwinPlantView *self);

void twin_plant_view_set_colour (TwinPlantView *self, TwinSceneColour colour);

/* Eased. Also the actions plant.fit, plant.home, plant.zoom-in,
 * plant.zoom-out, which the tool bar's buttons use. */
void twin_plant_view_fit (TwinPlantView *self);
void twin_plant_view_home (TwinPlantView *self);
void twin_plant_view_zoom (TwinPlantView *self, double factor);

/* Saved views. */
void twin_plant_view_get_pose (TwinPlantView *self, TwinCameraPose *pose);
void twin_plant_view_set_pose (TwinPlantView *self, const TwinCameraPose *pose);

/* Where a hover card may point to, px of this widget; FALSE when the machine
 * is out of sight. */
gboolean twin_plant_view_get_anchor (TwinPlantView *self,
                                     const char    *id,
                                     double        *x,
                                     double        *y);

/* Called after each of the widget's own callbacks with its duration. GL is
 * separate: what = "plant-gl"; anything else counts for the main thread's
 * budget. */
typedef void (*TwinPlantReport) (const char *what,
                                 gint64      duration_us,
                                 gpointer    user_data);
void twin_plant_view_set_report (TwinPlantView  *self,
                                 TwinPlantReport report,
                                 gpointer        user_data,
                                 GDestroyNotify  destroy);

G_END_DECLS
