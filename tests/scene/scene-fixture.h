/* SPDX-License-Identifier: Apache-2.0 */
/* scene-fixture.h - a GL context without a window, and plants to draw
 *
 * EGL's surfaceless platform; a test is skipped where there is none.
 */
#pragma once

#include "twin-gl.h"
#include "twin-scene.h"

typedef struct
{
  void    *display; /* EGLDisplay */
  void    *context;
  gboolean es;
} SceneContext;

/* FALSE with the reason in @why (caller frees) when there is no EGL. */
gboolean scene_context_open (SceneContext *context, gboolean es, char **why);
void     scene_context_close (SceneContext *context);

/* A picture to draw into; twin_target_clear frees it. */
void scene_target_open (TwinTarget *target, int width, int height);

/* RGBA, top line first; caller frees. */
uint8_t *scene_read_pixels (int width, int height);

/* The demo plant: 8 compressors, 8 pumps, 8 motors in three rows, 3 rigs.
 * Compressor 7 (6) high, pump 3 (10) critical, motor 4 (19) stale,
 * compressor 2 (1) medium, pump 6 (13) low, motor 8 (23) stopped, rig 3 (26)
 * unknown. */
#define SCENE_PLANT_N 27
void scene_fill_plant (TwinScene *scene, const TwinSceneText texts[4]);

/* @n machines on a grid 3 × 5 m, every shape in turn, all turning. */
void scene_fill_field (TwinScene *scene, unsigned n);
