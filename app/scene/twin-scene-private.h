/* SPDX-License-Identifier: Apache-2.0 */
/* twin-scene-private.h - what the scene's files share */
#pragma once

#include "twin-pick.h"
#include "twin-renderer.h"
#include "twin-scene.h"

G_BEGIN_DECLS

struct _TwinScene
{
  TwinShape     shapes[TWIN_SCENE_N_SHAPES];
  TwinRenderer *renderer; /* NULL while not realized */
  TwinCamera    camera;
  TwinCamera    projected; /* the camera that projection belongs to */
  mat4          projection;

  TwinSceneInstance *instances;
  float             *angles; /* of the rotors at the epoch, rad */
  unsigned          *places; /* in the draw list, or TWIN_SCENE_NONE */
  uint8_t           *levels; /* of detail at the last full frame */
  unsigned           n_instances;
  TwinSceneRow      *rows;
  unsigned           n_rows;
  TwinFloor          floor;
  TwinPickGrid       grid;
  float              tallest; /* largest scale */
  TwinDrawList       list;

  gboolean        dark;
  TwinSceneColour colour;
  float           pixel;
  float           rotor_ratio;
  unsigned        selected;
  unsigned        hovered;
  int64_t         epoch_us;
  int64_t         last_us; /* of the last frame */
  TwinCameraPose  last_pose;
  int             last_width;
  int             last_height;
  TwinSceneStats  stats;
  unsigned        turning;    /* rotors in view that turn */
  int64_t         changed_us; /* when the still picture last changed */
  int64_t         still_us;   /* what a smooth still picture takes */
  gboolean        may_be_coarse;
  gboolean        coarse; /* the picture shown is a quick one */

  gboolean layout_changed; /* places, shapes or rows */
  gboolean baked;          /* the renderer has the layout */
  gboolean list_changed;   /* what an instance is */
  gboolean still_changed;  /* how the still picture looks */
};

/* Everything that follows from where machines and rows are: grid, floor,
 * bounds. */
void twin_scene_update_layout (TwinScene *self);

/* What is shown, not what is measured: a rotor of which nothing fresh is
 * known stands. rad/s. */
float twin_scene_shown_speed (const TwinScene         *self,
                              const TwinSceneInstance *instance);

/* Starts a new epoch at @now_us without moving a rotor. */
void twin_scene_move_epoch (TwinScene *self, int64_t now_us);

/* A point of a shape to the world; @point may be @out. */
void twin_scene_place_point (const TwinSceneInstance *instance,
                             const float              point[3],
                             float                    out[3]);

G_END_DECLS
