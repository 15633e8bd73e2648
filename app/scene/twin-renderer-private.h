/* SPDX-License-Identifier: Apache-2.0 */
/* twin-renderer-private.h - what the renderer's files share */
#pragma once

#include "twin-gl.h"
#include "twin-renderer.h"
#include "twin-theme.h"

G_BEGIN_DECLS

typedef struct
{
  GLuint  surface; /* vertex array objects; 0: empty mesh */
  GLuint  lines;
  GLuint  buffers[4]; /* vertices, indices, edges, their indices */
  GLsizei n_indices;
  GLsizei n_edge_indices;
} TwinGpuMesh;

typedef enum
{
  TWIN_PROGRAM_MACHINE,
  TWIN_PROGRAM_MACHINE_COARSE,
  TWIN_PROGRAM_ROTOR,
  TWIN_PROGRAM_ROTOR_COARSE,
  TWIN_PROGRAM_EDGE,
  TWIN_PROGRAM_FLOOR,
  TWIN_PROGRAM_TEXT,
  TWIN_PROGRAM_CASTER,
  TWIN_PROGRAM_ROTOR_CASTER,
  TWIN_PROGRAM_BLUR,
  TWIN_PROGRAM_OUTLINE,
  TWIN_N_PROGRAMS,
} TwinProgram;

struct _TwinRenderer
{
  const TwinShape *shapes; /* the scene's; outlive the renderer */
  GLuint           programs[TWIN_N_PROGRAMS];
  TwinGpuMesh      body[TWIN_SCENE_N_SHAPES][TWIN_SHAPE_LEVELS];
  TwinGpuMesh      rotor[TWIN_SCENE_N_SHAPES][TWIN_SHAPE_LEVELS];
  GLuint           instances; /* of the frame's draw list */
  GLuint           nothing;   /* vertex array object of a full-screen pass */

  /* The layout. */
  TwinGpuMesh scenery;
  GLuint      scenery_instance; /* a buffer with the one at the origin */
  gboolean    scenery_dark;     /* its colour */
  GLuint      floor;            /* vertex array object */
  GLuint      floor_vertices;
  GLsizei     n_floor_plain;
  GLuint     *texts; /* textures, one a row; 0: no text */
  unsigned    n_texts;
  float       floor_area[4]; /* x0, z0, 1 / width, 1 / depth */
  TwinTarget  shadow;        /* depth, seen from the light */
  TwinTarget  shade;         /* over the floor: shadow, occlusion */
  mat4        shadow_matrix; /* world to texture */

  /* The still picture. */
  GLuint     smooth_framebuffer; /* several samples a pixel */
  GLuint     smooth_colour;
  GLuint     smooth_depth;
  TwinTarget still;
  TwinTarget mask; /* of the selected machine */
};

/* Towards the light, length 1. */
extern const float twin_renderer_light[3];

void twin_gpu_mesh_init (TwinGpuMesh *gpu, const TwinMesh *mesh);
void twin_gpu_mesh_clear (TwinGpuMesh *gpu);

/* Draws @batch of the instances in @buffer; the program is in use. */
void twin_gpu_mesh_draw (const TwinGpuMesh *gpu,
                         GLuint             buffer,
                         TwinBatch          batch,
                         gboolean           lines,
                         TwinSceneStats    *stats);

/* Leaves the bound framebuffer bound. */
gboolean twin_renderer_bake (TwinRenderer       *self,
                             const TwinFloor    *floor,
                             const TwinDrawList *casters,
                             GError            **error);

/* The one instance of walls and racks, in the colour of the theme. */
void twin_renderer_set_scenery (TwinRenderer *self, gboolean dark);

/* Sets up the pictures of a size. The smooth one has several samples a pixel,
 * or one where the driver has no more. */
gboolean twin_renderer_ensure_still (TwinRenderer *self,
                                     int           width,
                                     int           height,
                                     GError      **error);

/* What all passes of one frame use. */
typedef struct
{
  TwinRenderer    *self;
  const TwinFrame *frame;
  const TwinTheme *theme;
  TwinSceneStats  *stats;
  mat4             view_projection;
  float            eye[3];
} TwinPass;

/* Draw into the bound framebuffer. Bodies before edges and rotors; rotors are
 * hidden by the depth of the still picture. */
void twin_pass_draw_floor (TwinPass *pass);
void twin_pass_draw_bodies (TwinPass *pass);
void twin_pass_draw_edges (TwinPass *pass);
void twin_pass_draw_rotors (TwinPass *pass);

/* Three vertices that cover the target; the program is in use. */
void twin_renderer_fill (TwinRenderer *self);

G_END_DECLS
