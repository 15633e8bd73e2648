/* SPDX-License-Identifier: Apache-2.0 */
/* chart-scenes.h - the plots filled with synthetic data, for looking at them
 *
 * Shared by the gallery and by the drawing test. Each scene is made from a
 * fixed seed. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

typedef struct
{
  const char *name; /* file name without the ending */
  int         width;
  int         height;
  GtkWidget *(*make) (void);
} ChartScene;

/* @n: (out): how many there are. Owned by the program. */
const ChartScene *chart_scenes (gsize *n);

/* Shows @scene in a window of its own, draws it, and returns what was drawn
 * (owned by the caller). The window is destroyed. */
GdkTexture *chart_scene_render (const ChartScene *scene, gboolean dark);
