/* SPDX-License-Identifier: Apache-2.0 */
/* twin-theme.h - the colours of the scene, light and dark
 *
 * Constant. sRGB, 0 .. 1; shading works on these values as they are.
 */
#pragma once

#include "twin-scene.h"

G_BEGIN_DECLS

/* Where the scenery's colour stands in the table of bodies. */
#define TWIN_THEME_SCENERY TWIN_SCENE_N_STATES

typedef struct
{
  float background[3];
  float floor[3];
  float lane[3];
  float grid[4];
  float plate[3];
  float body[TWIN_SCENE_N_STATES + 1][3];
  float level_ink[3];
  float edge[4];
  float text[4];
  float hatch[4];
  float outline_ink[4];
  float outline_paper[4];
  float shade[4];        /* ambient, sky, key, occlusion of bodies */
  float floor_depths[2]; /* shadow, occlusion on the floor */
} TwinTheme;

const TwinTheme *twin_theme_get (gboolean dark);

G_END_DECLS
