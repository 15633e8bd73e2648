/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-renderer-private.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define SAMPLES 4
#define GRID_STEP 2.0f     /* m */
#define OUTLINE_REACH 5.0f /* design px around the selected machine */

/* Pixels a metre at which edges have their full strength. */
#define EDGE_FULL 15.0f

static gboolean
build_programs (TwinRenderer *self, GError **error)
{
  static const struct
  {
    const char *vertex;
    const char *fragment;
    gboolean    instanced;
  } files[TWIN_N_PROGRAMS] = {
    [TWIN_PROGRAM_MACHINE] = { "machine.vert", "machine.frag", TRUE },
    [TWIN_PROGRAM_EDGE] = { "edge.vert", "edge.frag", TRUE },
    [TWIN_PROGRAM_FLOOR] = { "floor.vert", "floor.frag", FALSE },
    [TWIN_PROGRAM_TEXT] = { "floor.vert", "text.frag", FALSE },
    [TWIN_PROGRAM_CASTER] = { "caster.vert", "caster.frag", TRUE },
    [TWIN_PROGRAM_BLUR] = { "screen.vert", "blur.frag", FALSE },
    [TWIN_PROGRAM_OUTLINE] = { "screen.vert", "outline.frag", FALSE },
  };

  for (int i = 0; i < TWIN_N_PROGRAMS; i++)
    {
      self->programs[i] = twin_gl_program (files[i].vertex, files[i].fragment,
                                           files[i].instanced, error);
      if (self->programs[i] == 0)
        return FALSE;
    }
  return TRUE;
}

TwinRenderer *
twin_renderer_new (const TwinShape *shapes, GError **error)
{
  TwinRenderer   *self;
  TwinGpuInstance origin = { .place = { 0, 0, 0, 1 },
                             .look = { TWIN_THEME_SCENERY, 0, 255, 0 } };

  if (!twin_gl_check (error))
    return NULL;
  self = g_new0 (TwinRenderer, 1);
  self->shapes = shapes;
  if (!build_programs (self, error))
    {
      twin_renderer_free (self);
      return NULL;
    }
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    for (int level = 0; level < TWIN_SHAPE_LEVELS; level++)
      {
        twin_gpu_mesh_init (&self->body[shape][level],
                            &shapes[shape].body[level]);
        twin_gpu_mesh_init (&self->rotor[shape][level],
                            &shapes[shape].rotor[level]);
      }
  glGenVertexArrays (1, &self->nothing);
  glGenBuffers (1, &self->instances);
  glGenBuffers (1, &self->scenery_instance);
  glBindBuffer (GL_ARRAY_BUFFER, self->scenery_instance);
  glBufferData (GL_ARRAY_BUFFER, sizeof origin, &origin, GL_STATIC_DRAW);
  return self;
}

static void
clear_layout (TwinRenderer *self)
{
  twin_gpu_mesh_clear (&self->scenery);
  glDeleteVertexArrays (1, &self->floor);
  glDeleteBuffers (1, &self->floor_vertices);
  if (self->n_texts > 0)
    glDeleteTextures ((GLsizei) self->n_texts, self->texts);
  g_clear_pointer (&self->texts, g_free);
  self->n_texts = 0;
  self->floor = self->floor_vertices = 0;
}

static void
clear_still (TwinRenderer *self)
{
  glDeleteFramebuffers (1, &self->smooth_framebuffer);
  glDeleteRenderbuffers (1, &self->smooth_colour);
  glDeleteRenderbuffers (1, &self->smooth_depth);
  self->smooth_framebuffer = self->smooth_colour = self->smooth_depth = 0;
  twin_target_clear (&self->still);
  twin_target_clear (&self->mask);
}

void
twin_renderer_free (TwinRenderer *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < TWIN_N_PROGRAMS; i++)
    glDeleteProgram (self->programs[i]);
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    for (int level = 0; level < TWIN_SHAPE_LEVELS; level++)
      {
        twin_gpu_mesh_clear (&self->body[shape][level]);
        twin_gpu_mesh_clear (&self->rotor[shape][level]);
      }
  clear_layout (self);
  clear_still (self);
  twin_target_clear (&self->shadow);
  twin_target_clear (&self->shade);
  glDeleteBuffers (1, &self->instances);
  glDeleteBuffers (1, &self->scenery_instance);
  glDeleteVertexArrays (1, &self->nothing);
  g_free (self);
}

static GLuint
text_texture (const TwinSceneText *text)
{
  GLuint name;

  if (text->pixels == NULL || text->width == 0 || text->height == 0)
    return 0;
  glGenTextures (1, &name);
  glBindTexture (GL_TEXTURE_2D, name);
  glPixelStorei (GL_UNPACK_ALIGNMENT, 1);
  glPixelStorei (GL_UNPACK_ROW_LENGTH, (GLint) text->stride);
  glTexImage2D (GL_TEXTURE_2D, 0, GL_R8, (GLsizei) text->width,
                (GLsizei) text->height, 0, GL_RED, GL_UNSIGNED_BYTE,
                text->pixels);
  glPixelStorei (GL_UNPACK_ROW_LENGTH, 0);
  glPixelStorei (GL_UNPACK_ALIGNMENT, 4);
  glGenerateMipmap (GL_TEXTURE_2D);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER,
                   GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  return name;
}

gboolean
twin_renderer_set_layout (TwinRenderer       *self,
                          const TwinFloor    *floor,
                          const TwinSceneRow *rows,
                          unsigned            n_rows,
                          const TwinDrawList *casters,
                          GError            **error)
{
  const GLsizei stride = sizeof (TwinFloorVertex);

  clear_layout (self);
  twin_gpu_mesh_init (&self->scenery, &floor->scenery);
  glGenVertexArrays (1, &self->floor);
  glGenBuffers (1, &self->floor_vertices);
  glBindVertexArray (self->floor);
  glBindBuffer (GL_ARRAY_BUFFER, self->floor_vertices);
  glBufferData (GL_ARRAY_BUFFER,
                (GLsizeiptr) (floor->vertices->len * sizeof (TwinFloorVertex)),
                floor->vertices->data, GL_STATIC_DRAW);
  glEnableVertexAttribArray (0);
  glVertexAttribPointer (0, 2, GL_FLOAT, GL_FALSE, stride, NULL);
  glEnableVertexAttribArray (1);
  glVertexAttribPointer (1, 3, GL_FLOAT, GL_FALSE, stride,
                         (const void *) offsetof (TwinFloorVertex, data));
  self->n_floor_plain = (GLsizei) floor->n_plain;
  self->floor_area[0] = floor->x0;
  self->floor_area[1] = floor->z0;
  self->floor_area[2] = 1 / (floor->x1 - floor->x0);
  self->floor_area[3] = 1 / (floor->z1 - floor->z0);
  self->texts = g_new0 (GLuint, MAX (1, n_rows));
  self->n_texts = n_rows;
  for (unsigned i = 0; i < n_rows; i++)
    self->texts[i] = text_texture (&rows[i].text);
  return twin_renderer_bake (self, floor, casters, error);
}

void
twin_renderer_fill (TwinRenderer *self)
{
  glBindVertexArray (self->nothing);
  glDrawArrays (GL_TRIANGLES, 0, 3);
}

/* Sets up the framebuffer with several samples a pixel; where the driver has
 * none, one sample. */
static gboolean
ensure_still (TwinRenderer *self, int width, int height, GError **error)
{
  GLint samples = 0;

  if (self->still.width == width && self->still.height == height)
    return TRUE;
  clear_still (self);
  if (!twin_target_init (&self->still, width, height, GL_RGBA8, TRUE, FALSE,
                         error) ||
      !twin_target_init (&self->mask, width, height, GL_RGBA8, FALSE, FALSE,
                         error))
    return FALSE;
  glGetIntegerv (GL_MAX_SAMPLES, &samples);
  samples = MIN (samples, SAMPLES);
  glGenFramebuffers (1, &self->smooth_framebuffer);
  glGenRenderbuffers (1, &self->smooth_colour);
  glGenRenderbuffers (1, &self->smooth_depth);
  glBindFramebuffer (GL_FRAMEBUFFER, self->smooth_framebuffer);
  glBindRenderbuffer (GL_RENDERBUFFER, self->smooth_colour);
  glRenderbufferStorageMultisample (GL_RENDERBUFFER, samples, GL_RGBA8, width,
                                    height);
  glFramebufferRenderbuffer (GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0,
                             GL_RENDERBUFFER, self->smooth_colour);
  glBindRenderbuffer (GL_RENDERBUFFER, self->smooth_depth);
  glRenderbufferStorageMultisample (GL_RENDERBUFFER, samples,
                                    GL_DEPTH_COMPONENT24, width, height);
  glFramebufferRenderbuffer (GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT,
                             GL_RENDERBUFFER, self->smooth_depth);
  if (glCheckFramebufferStatus (GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE)
    return TRUE;
  clear_still (self);
  g_set_error (error, TWIN_SCENE_ERROR, TWIN_SCENE_ERROR_TARGET,
               "The graphics driver offers no smooth picture of %d × %d "
               "pixels for the 3D view; make the window smaller.",
               width, height);
  return FALSE;
}

/* What all passes of one frame use. */
typedef struct
{
  TwinRenderer    *self;
  const TwinFrame *frame;
  const TwinTheme *theme;
  TwinSceneStats  *stats;
  mat4             view_projection;
  float            eye[3];
} Pass;

static void
draw_floor (Pass *pass)
{
  TwinRenderer    *self = pass->self;
  const TwinTheme *theme = pass->theme;
  GLuint           program = self->programs[TWIN_PROGRAM_FLOOR];
  float            depths[3] = { theme->floor_depths[0], theme->floor_depths[1],
                                 GRID_STEP };

  glBindVertexArray (self->floor);
  glUseProgram (program);
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, self->shade.colour);
  glUniform1i (twin_gl_uniform (program, "u_shade_map"), 0);
  twin_gl_set_matrix (program, "u_view_projection", pass->view_projection);
  twin_gl_set_vec (program, "u_area", self->floor_area, 4);
  twin_gl_set_vec (program, "u_floor", theme->floor, 3);
  twin_gl_set_vec (program, "u_lane", theme->lane, 3);
  twin_gl_set_vec (program, "u_grid", theme->grid, 4);
  twin_gl_set_vec (program, "u_depths", depths, 3);

  glDrawArrays (GL_TRIANGLES, 0, 6);

  /* Lanes and texts lie in the floor, and nothing stands on it yet. */
  glDisable (GL_DEPTH_TEST);
  glDrawArrays (GL_TRIANGLES, 6, self->n_floor_plain - 6);
  pass->stats->draw_calls += 2;

  program = self->programs[TWIN_PROGRAM_TEXT];
  glUseProgram (program);
  glUniform1i (twin_gl_uniform (program, "u_text"), 0);
  twin_gl_set_matrix (program, "u_view_projection", pass->view_projection);
  twin_gl_set_vec (program, "u_ink", theme->text, 4);
  glEnable (GL_BLEND);
  for (unsigned i = 0; i < self->n_texts; i++)
    {
      if (self->texts[i] == 0)
        continue;
      glBindTexture (GL_TEXTURE_2D, self->texts[i]);
      glDrawArrays (GL_TRIANGLES, self->n_floor_plain + (GLint) (6 * i), 6);
      pass->stats->draw_calls++;
    }
  glDisable (GL_BLEND);
  glEnable (GL_DEPTH_TEST);
}

static void
use_machine_program (Pass *pass, gboolean rotors)
{
  TwinRenderer    *self = pass->self;
  const TwinTheme *theme = pass->theme;
  const TwinFrame *frame = pass->frame;
  GLuint           program = self->programs[TWIN_PROGRAM_MACHINE];

  glUseProgram (program);
  glActiveTexture (GL_TEXTURE1);
  glBindTexture (GL_TEXTURE_2D, self->still.depth);
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, self->shadow.depth);
  glUniform1i (twin_gl_uniform (program, "u_shadow"), 0);
  glUniform1i (twin_gl_uniform (program, "u_depth"), 1);
  twin_gl_set_matrix (program, "u_view_projection", pass->view_projection);
  twin_gl_set_matrix (program, "u_shadow_matrix", self->shadow_matrix);
  glUniform3fv (twin_gl_uniform (program, "u_body"), G_N_ELEMENTS (theme->body),
                theme->body[0]);
  twin_gl_set_vec (program, "u_plate", theme->plate, 3);
  twin_gl_set_vec (program, "u_level_ink", theme->level_ink, 3);
  twin_gl_set_float (program, "u_by_level",
                     frame->colour == TWIN_SCENE_COLOUR_LEVEL);
  twin_gl_set_vec (program, "u_light", twin_renderer_light, 3);
  twin_gl_set_vec (program, "u_shade", theme->shade, 4);
  twin_gl_set_vec (program, "u_hatch", theme->hatch, 4);
  twin_gl_set_float (program, "u_pixel", frame->pixel);
  twin_gl_set_float (program, "u_shadow_step", 1.5f / self->shadow.width);
  twin_gl_set_float (program, "u_turning", rotors);
  twin_gl_set_float (program, "u_seconds", frame->seconds);
}

static void
draw_machines (Pass *pass, gboolean rotors)
{
  TwinRenderer *self = pass->self;
  GLint         shaft;

  use_machine_program (pass, rotors);
  shaft = twin_gl_uniform (self->programs[TWIN_PROGRAM_MACHINE], "u_shaft");
  if (!rotors)
    twin_gpu_mesh_draw (&self->scenery, self->scenery_instance,
                        (TwinBatch){ 0, 1 }, FALSE, pass->stats);
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    {
      glUniform1f (shaft, self->shapes[shape].shaft_height);
      for (int level = 0; level < TWIN_SHAPE_LEVELS; level++)
        twin_gpu_mesh_draw (rotors ? &self->rotor[shape][level]
                                   : &self->body[shape][level],
                            self->instances,
                            pass->frame->list->batches[shape][level], FALSE,
                            pass->stats);
    }
}

static void
draw_edges (Pass *pass)
{
  TwinRenderer     *self = pass->self;
  const TwinCamera *camera = pass->frame->camera;
  GLuint            program = self->programs[TWIN_PROGRAM_EDGE];
  mat4              projection;
  float             fade[2];

  twin_camera_projection (camera, projection);
  fade[0] = projection[1][1] * camera->height / 2;
  fade[1] = EDGE_FULL * pass->frame->pixel;
  glUseProgram (program);
  twin_gl_set_matrix (program, "u_view_projection", pass->view_projection);
  twin_gl_set_vec (program, "u_eye", pass->eye, 3);
  twin_gl_set_vec (program, "u_fade", fade, 2);
  twin_gl_set_vec (program, "u_ink", pass->theme->edge, 4);
  twin_gl_set_float (program, "u_pixel", pass->frame->pixel);
  twin_gl_set_float (program, "u_turning", 0);
  glEnable (GL_BLEND);
  glDepthMask (GL_FALSE);
  twin_gpu_mesh_draw (&self->scenery, self->scenery_instance,
                      (TwinBatch){ 0, 1 }, TRUE, pass->stats);
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    for (int level = 0; level < TWIN_SHAPE_LEVELS; level++)
      twin_gpu_mesh_draw (&self->body[shape][level], self->instances,
                          pass->frame->list->batches[shape][level], TRUE,
                          pass->stats);
  glDepthMask (GL_TRUE);
  glDisable (GL_BLEND);
}

/* One piece of the smooth picture into a plain one. */
static void
resolve (Pass *pass, const TwinTarget *to, const int box[4], GLbitfield what)
{
  glBindFramebuffer (GL_READ_FRAMEBUFFER, pass->self->smooth_framebuffer);
  glBindFramebuffer (GL_DRAW_FRAMEBUFFER, to->framebuffer);
  glBlitFramebuffer (box[0], box[1], box[2], box[3], box[0], box[1], box[2],
                     box[3], what, GL_NEAREST);
}

static gboolean
outline_box (const TwinFrame *frame, int box[4])
{
  float reach = OUTLINE_REACH * frame->pixel;

  box[0] = MAX (0, (int) (frame->selected_box[0] - reach));
  box[1] = MAX (0, frame->height - (int) (frame->selected_box[3] + reach));
  box[2] = MIN (frame->width, (int) (frame->selected_box[2] + reach));
  box[3] = MIN (frame->height,
                frame->height - (int) (frame->selected_box[1] - reach));
  return box[0] < box[2] && box[1] < box[3];
}

/* The selected machine's silhouette, smooth, into the mask. */
static void
draw_mask (Pass *pass, const int box[4])
{
  TwinRenderer *self = pass->self;
  GLuint        program = self->programs[TWIN_PROGRAM_CASTER];

  glBindFramebuffer (GL_FRAMEBUFFER, self->smooth_framebuffer);
  glViewport (0, 0, self->still.width, self->still.height);
  glEnable (GL_SCISSOR_TEST);
  glScissor (box[0], box[1], box[2] - box[0], box[3] - box[1]);
  glClearColor (0, 0, 0, 0);
  glClear (GL_COLOR_BUFFER_BIT);
  glDisable (GL_DEPTH_TEST);
  glUseProgram (program);
  twin_gl_set_matrix (program, "u_view_projection", pass->view_projection);
  twin_gl_set_float (program, "u_falloff", 0);
  twin_gl_set_float (program, "u_seconds", pass->frame->seconds);
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    for (int level = 0; level < TWIN_SHAPE_LEVELS; level++)
      {
        TwinBatch batch = pass->frame->list->batches[shape][level];
        TwinBatch one = { pass->frame->selected, 1 };

        if (one.first < batch.first || one.first >= batch.first + batch.count)
          continue;
        twin_gl_set_float (program, "u_turning", 0);
        twin_gpu_mesh_draw (&self->body[shape][level], self->instances, one,
                            FALSE, pass->stats);
        twin_gl_set_float (program, "u_turning", 1);
        twin_gl_set_float (program, "u_shaft",
                           self->shapes[shape].shaft_height);
        twin_gpu_mesh_draw (&self->rotor[shape][level], self->instances, one,
                            FALSE, pass->stats);
      }
  resolve (pass, &self->mask, box, GL_COLOR_BUFFER_BIT);
}

static void
draw_outline (Pass *pass)
{
  TwinRenderer *self = pass->self;
  GLuint        program = self->programs[TWIN_PROGRAM_OUTLINE];
  float         size[2] = { self->still.width, self->still.height };
  int           box[4];

  if (pass->frame->selected == TWIN_SCENE_NONE ||
      !outline_box (pass->frame, box))
    return;
  draw_mask (pass, box);
  twin_target_bind (&self->still);
  glUseProgram (program);
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, self->mask.colour);
  glUniform1i (twin_gl_uniform (program, "u_mask"), 0);
  twin_gl_set_vec (program, "u_ink", pass->theme->outline_ink, 4);
  twin_gl_set_vec (program, "u_paper", pass->theme->outline_paper, 4);
  twin_gl_set_float (program, "u_pixel", pass->frame->pixel);
  twin_gl_set_vec (program, "u_size", size, 2);
  glEnable (GL_BLEND);
  twin_renderer_fill (self);
  pass->stats->draw_calls++;
  glDisable (GL_BLEND);
  glDisable (GL_SCISSOR_TEST);
}

static void
draw_still (Pass *pass)
{
  TwinRenderer *self = pass->self;
  const float  *clear = pass->theme->background;
  const int     all[4] = { 0, 0, self->still.width, self->still.height };

  glBindFramebuffer (GL_FRAMEBUFFER, self->smooth_framebuffer);
  glViewport (0, 0, self->still.width, self->still.height);
  glClearColor (clear[0], clear[1], clear[2], 1);
  glEnable (GL_DEPTH_TEST);
  glDepthMask (GL_TRUE);
  glClear (GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  glBlendFuncSeparate (GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE);
  glDisable (GL_CULL_FACE);
  if (self->floor != 0)
    draw_floor (pass);
  glEnable (GL_CULL_FACE);
  draw_machines (pass, FALSE);
  draw_edges (pass);
  resolve (pass, &self->still, all, GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  draw_outline (pass);
}

/* The still picture into the target, and the rotors over it. */
static void
draw_live (Pass *pass, GLuint target)
{
  TwinRenderer *self = pass->self;
  int           width = self->still.width, height = self->still.height;

  glBindFramebuffer (GL_READ_FRAMEBUFFER, self->still.framebuffer);
  glBindFramebuffer (GL_DRAW_FRAMEBUFFER, target);
  glDisable (GL_SCISSOR_TEST);
  glBlitFramebuffer (0, 0, width, height, 0, 0, width, height,
                     GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer (GL_FRAMEBUFFER, target);
  glViewport (0, 0, width, height);
  glEnable (GL_DEPTH_TEST);
  glEnable (GL_CULL_FACE);
  glDepthMask (GL_TRUE);
  glClear (GL_DEPTH_BUFFER_BIT);
  draw_machines (pass, TRUE);
}

gboolean
twin_renderer_draw (TwinRenderer    *self,
                    const TwinFrame *frame,
                    TwinSceneStats  *stats,
                    GError         **error)
{
  Pass     pass = { .self = self,
                    .frame = frame,
                    .theme = twin_theme_get (frame->dark),
                    .stats = stats };
  gboolean still = frame->still_changed || self->still.width != frame->width ||
                   self->still.height != frame->height;
  GLint target = 0;
  mat4  view, projection;

  glGetIntegerv (GL_DRAW_FRAMEBUFFER_BINDING, &target);
  if (!ensure_still (self, frame->width, frame->height, error))
    {
      glBindFramebuffer (GL_FRAMEBUFFER, (GLuint) target);
      return FALSE;
    }
  stats->draw_calls = stats->triangles = 0;
  twin_camera_view (frame->camera, view);
  twin_camera_projection (frame->camera, projection);
  glm_mat4_mul (projection, view, pass.view_projection);
  twin_camera_eye (frame->camera, pass.eye);
  if (frame->list_changed)
    {
      glBindBuffer (GL_ARRAY_BUFFER, self->instances);
      glBufferData (GL_ARRAY_BUFFER,
                    (GLsizeiptr) (frame->list->instances->len *
                                  sizeof (TwinGpuInstance)),
                    frame->list->instances->data, GL_STREAM_DRAW);
    }
  if (still)
    {
      draw_still (&pass);
      stats->full_frames++;
    }
  draw_live (&pass, (GLuint) target);
  stats->frames++;
  return TRUE;
}
