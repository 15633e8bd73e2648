/* SPDX-License-Identifier: Apache-2.0 */
/* twin-plant-labels.h - names and flags over the plant's picture
 *
 * Draws short names on the floor and a flag on a leader for every machine that
 * wants attention, so that none covers another: the worse, the selected and
 * the nearer win. Takes no input. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-scene.h"

G_BEGIN_DECLS

#define TWIN_TYPE_PLANT_LABELS (twin_plant_labels_get_type ())
G_DECLARE_FINAL_TYPE (TwinPlantLabels,
                      twin_plant_labels,
                      TWIN,
                      PLANT_LABELS,
                      GtkWidget)

/* What is written at one machine; strings are copied. */
typedef struct
{
  const char    *label; /* "C7" */
  const char    *name;  /* "Compressor 7" */
  const char    *flag;  /* NULL: none unless hovered or selected */
  TwinSceneState state;
  gboolean       acknowledged;
} TwinPlantText;

/* Borrowed; NULL: draws nothing. */
void twin_plant_labels_set_scene (TwinPlantLabels *self, TwinScene *scene);

/* Text number i belongs to instance i of the scene. */
void twin_plant_labels_resize (TwinPlantLabels *self, guint n_texts);
void twin_plant_labels_set (TwinPlantLabels     *self,
                            guint                index,
                            const TwinPlantText *text);

/* TWIN_SCENE_NONE: none. */
void twin_plant_labels_set_selected (TwinPlantLabels *self, guint index);
void twin_plant_labels_set_hovered (TwinPlantLabels *self, guint index);
void twin_plant_labels_set_dark (TwinPlantLabels *self, gboolean dark);

/* Called with the duration of each drawing, µs. */
void twin_plant_labels_set_report (TwinPlantLabels *self,
                                   void (*report) (gint64   duration_us,
                                                   gpointer user_data),
                                   gpointer user_data);

G_END_DECLS
