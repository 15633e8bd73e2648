/* SPDX-License-Identifier: Apache-2.0 */
/* twin-scene.h - draws a floor with machines on it
 *
 * Knows no toolkit and no machine: an instance is a shape, a place, a state
 * and a rotor speed, and its number in the array is its name. Needs OpenGL
 * 3.3 core or OpenGL ES 3.0. One thread. Only the functions marked [GL] need
 * the context, which has to be the one of twin_scene_realize; the others may
 * be called at any time and take effect with the next twin_scene_render.
 *
 * World coordinates and camera: twin-camera.h. Screen: pixels of the target
 * from its top left corner. Times: microseconds of one monotonic clock.
 */
#pragma once

#include "twin-camera.h"

G_BEGIN_DECLS

typedef struct _TwinScene TwinScene;

#define TWIN_SCENE_ERROR (twin_scene_error_quark ())
GQuark twin_scene_error_quark (void);

typedef enum
{
  TWIN_SCENE_ERROR_VERSION, /* the context is older than asked for */
  TWIN_SCENE_ERROR_SHADER,  /* message carries file name and compiler's log */
  TWIN_SCENE_ERROR_TARGET,  /* no framebuffer of the size asked for */
} TwinSceneError;

/* "No instance" wherever one is named by its number. */
#define TWIN_SCENE_NONE G_MAXUINT

typedef enum
{
  TWIN_SCENE_SHAPE_COMPRESSOR,
  TWIN_SCENE_SHAPE_PUMP,
  TWIN_SCENE_SHAPE_MOTOR,
  TWIN_SCENE_SHAPE_RIG,     /* a test rig: motor, coupling, brake, cabinet */
  TWIN_SCENE_SHAPE_GENERIC, /* a rotating machine of no known kind */
  TWIN_SCENE_N_SHAPES,
} TwinSceneShape;

typedef enum
{
  TWIN_SCENE_STATE_NORMAL,
  TWIN_SCENE_STATE_LOW, /* priorities 4 .. 1 */
  TWIN_SCENE_STATE_MEDIUM,
  TWIN_SCENE_STATE_HIGH,
  TWIN_SCENE_STATE_CRITICAL,
  TWIN_SCENE_STATE_STALE,   /* hatched, the rotor stands */
  TWIN_SCENE_STATE_UNKNOWN, /* never heard of: pale, dashed, the rotor stands */
  TWIN_SCENE_STATE_STOPPED, /* the rotor stands */
  TWIN_SCENE_N_STATES,
} TwinSceneState;

typedef struct
{
  TwinSceneShape shape;
  TwinSceneState state;
  float          x, z;        /* on the floor, m */
  float          yaw;         /* about y, rad */
  float          scale;       /* 1 is the shape's own size: about 2 × 3 m */
  float          rotor_speed; /* rad/s as measured; NaN: not known, stands */
  float          level;       /* 0 .. 1 for TWIN_SCENE_COLOUR_LEVEL; or NaN */
} TwinSceneInstance;

/* What the colour of a body says. Stale and unknown bodies look the same in
 * both. */
typedef enum
{
  TWIN_SCENE_COLOUR_STATE, /* grey, or the fill of the priority */
  TWIN_SCENE_COLOUR_LEVEL, /* grey at level 0 to full accent at 1 */
} TwinSceneColour;

/* A text drawn by the caller: one byte a pixel, 255 = ink, @stride bytes a
 * line. */
typedef struct
{
  const uint8_t *pixels;
  unsigned       width;
  unsigned       height;
  unsigned       stride;
} TwinSceneText;

/* A lane of machines: a strip of the floor with its name painted along its
 * front edge, and a pipe rack behind when @rack. */
typedef struct
{
  float         x0, z0, x1, z1; /* m; x0 < x1, z0 < z1 */
  gboolean      rack;
  TwinSceneText text;
} TwinSceneRow;

typedef enum
{
  TWIN_SCENE_ANCHOR_TOP,   /* where a flag's leader ends */
  TWIN_SCENE_ANCHOR_LABEL, /* on the floor before the machine */
} TwinSceneAnchor;

typedef struct
{
  uint64_t frames;      /* drawn since twin_scene_new */
  uint64_t full_frames; /* of these, with everything drawn afresh */
  unsigned draw_calls;  /* last frame */
  unsigned triangles;   /* last frame; edges are not counted */
  unsigned visible;     /* instances in view at the last full frame */
} TwinSceneStats;

TwinScene *twin_scene_new (void);

/* [GL] when realized. NULL is allowed. */
void twin_scene_free (TwinScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinScene, twin_scene_free)

/* [GL] Compiles shaders and builds meshes. On FALSE nothing is left behind. */
gboolean twin_scene_realize (TwinScene *scene, GError **error);

/* [GL] Frees everything GL; the scene can be realized again. */
void twin_scene_unrealize (TwinScene *scene);

void twin_scene_set_dark (TwinScene *scene, gboolean dark);
void twin_scene_set_colour (TwinScene *scene, TwinSceneColour colour);

/* Line widths, hatch and outline in @pixels device pixels per design pixel;
 * 1 to begin with. */
void twin_scene_set_scale (TwinScene *scene, float pixels);

/* TRUE: a picture that takes long is drawn quickly, with rough edges, while
 * it keeps changing, and smoothly 0.14 s after. FALSE to begin with. */
void twin_scene_set_quick (TwinScene *scene, gboolean quick);

/* Shown speed / measured speed, 0.05 to begin with: at 1,480 1/min and 30
 * pictures a second a true rotor would seem to crawl backwards. */
void twin_scene_set_rotor_ratio (TwinScene *scene, float ratio);

/* Both copy. New instances keep the rotor angle of the same number. */
void twin_scene_set_instances (TwinScene               *scene,
                               const TwinSceneInstance *instances,
                               unsigned                 n_instances);
void twin_scene_set_rows (TwinScene          *scene,
                          const TwinSceneRow *rows,
                          unsigned            n_rows);

/* Cheap where place and shape stay. The rotor turns on from the angle it has
 * at @now_us. FALSE when nothing has changed. */
gboolean twin_scene_update_instance (TwinScene               *scene,
                                     unsigned                 index,
                                     const TwinSceneInstance *instance,
                                     int64_t                  now_us);
unsigned twin_scene_get_n_instances (TwinScene *scene);
void     twin_scene_get_instance (TwinScene         *scene,
                                  unsigned           index,
                                  TwinSceneInstance *instance);

/* TWIN_SCENE_NONE: none. */
void twin_scene_set_selected (TwinScene *scene, unsigned index);
void twin_scene_set_hovered (TwinScene *scene, unsigned index);

/* The scene's own; use its functions freely, the next frame follows it. */
TwinCamera *twin_scene_get_camera (TwinScene *scene);

/* A box around an instance, m. */
void twin_scene_get_bounds (TwinScene *scene,
                            unsigned   index,
                            float      min[3],
                            float      max[3]);

/* TRUE when a frame at @now_us would differ from the last one drawn: a rotor
 * turns, a motion is under way, something was set. */
gboolean twin_scene_needs_frame (TwinScene *scene, int64_t now_us);

/* [GL] Draws into the bound draw framebuffer, which needs a depth buffer, at
 * 0,0. Leaves that framebuffer bound; other GL state is undefined. */
gboolean twin_scene_render (TwinScene *scene,
                            int        width,
                            int        height,
                            int64_t    now_us,
                            GError   **error);

/* The instance drawn at a pixel, exact to its triangles, or TWIN_SCENE_NONE.
 * Needs no GL; uses the viewport of the last frame or of the camera. */
unsigned twin_scene_pick (TwinScene *scene, float x, float y);

/* Pixel of an anchor; FALSE when out of the viewport. @depth (may be NULL)
 * grows away from the eye: nearer labels win. */
gboolean twin_scene_project_anchor (TwinScene      *scene,
                                    unsigned        index,
                                    TwinSceneAnchor anchor,
                                    float          *x,
                                    float          *y,
                                    float          *depth);

void twin_scene_get_stats (TwinScene *scene, TwinSceneStats *stats);

G_END_DECLS
