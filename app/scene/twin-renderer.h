/* SPDX-License-Identifier: Apache-2.0 */
/* twin-renderer.h - the passes that make a picture
 *
 * A still picture of everything but the rotors is kept and drawn afresh only
 * when something in it changes; rotors are drawn over a copy of it, hidden by
 * its depth. So a calm plant costs a copy a frame. Shadows and occlusion on
 * the floor are baked when machines move, not when the eye does.
 *
 * Every function needs the one GL context.
 */
#pragma once

#include "twin-floor.h"
#include "twin-scene.h"
#include "twin-shape.h"

G_BEGIN_DECLS

/* As instance.glsl reads it. */
typedef struct
{
  float   place[4];  /* x, z, scale · cos and sin of the yaw */
  float   rotor[3];  /* angle at the epoch, rad/s as shown, scale */
  uint8_t colour[4]; /* [3]: 0 plain, 128 dashed, 255 hatched */
} TwinGpuInstance;

/* A run of instances of one mesh. */
typedef struct
{
  unsigned first;
  unsigned count;
} TwinBatch;

typedef struct
{
  GArray   *instances; /* TwinGpuInstance, sorted by batch */
  TwinBatch batches[TWIN_SCENE_N_SHAPES][TWIN_SHAPE_LEVELS];
} TwinDrawList;

typedef struct
{
  const TwinCamera   *camera;
  int                 width;
  int                 height;
  float               pixel; /* device pixels a design pixel */
  gboolean            dark;
  float               seconds; /* since the epoch of the rotor angles */
  const TwinDrawList *list;    /* in view */
  gboolean            list_changed;
  gboolean            still_changed;
  gboolean            coarse;   /* quickly, without smooth edges */
  unsigned            selected; /* place in the list, or TWIN_SCENE_NONE */
  float               selected_box[4]; /* px: left, top, right, bottom */
} TwinFrame;

typedef struct _TwinRenderer TwinRenderer;

TwinRenderer *twin_renderer_new (const TwinShape *shapes, GError **error);
void          twin_renderer_free (TwinRenderer *self);

/* Takes floor, lanes, texts and scenery, and bakes their shadows together
 * with those of all machines in @casters. */
gboolean twin_renderer_set_layout (TwinRenderer       *self,
                                   const TwinFloor    *floor,
                                   const TwinSceneRow *rows,
                                   unsigned            n_rows,
                                   const TwinDrawList *casters,
                                   GError            **error);

/* Waits for the end of a still picture that is not coarse, and says in
 * @still_us (may be NULL) what it took; untouched otherwise. */
gboolean twin_renderer_draw (TwinRenderer    *self,
                             const TwinFrame *frame,
                             TwinSceneStats  *stats,
                             int64_t         *still_us,
                             GError         **error);

G_END_DECLS
