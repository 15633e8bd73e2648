/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-renderer-private.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define SAMPLES 4

static gboolean
build_programs (TwinRenderer *self, GError **error)
{
  static const struct
  {
    const char *vertex;
    const char *fragment;
    TwinGlUse   use;
  } files[TWIN_N_PROGRAMS] = {
    [TWIN_PROGRAM_MACHINE] = { "machine.vert", "machine.frag",
                               TWIN_GL_INSTANCES },
    [TWIN_PROGRAM_ROTOR] = { "machine.vert", "machine.frag", TWIN_GL_ROTORS },
    [TWIN_PROGRAM_MACHINE_COARSE] = { "machine.vert", "machine.frag",
                                      TWIN_GL_COARSE },
    [TWIN_PROGRAM_ROTOR_COARSE] = { "machine.vert", "machine.frag",
                                    TWIN_GL_ROTORS | TWIN_GL_COARSE },
    [TWIN_PROGRAM_EDGE] = { "edge.vert", "edge.frag", TWIN_GL_INSTANCES },
    [TWIN_PROGRAM_FLOOR] = { "floor.vert", "floor.frag", TWIN_GL_PLAIN },
    [TWIN_PROGRAM_TEXT] = { "floor.vert", "text.frag", TWIN_GL_PLAIN },
    [TWIN_PROGRAM_CASTER] = { "caster.vert", "caster.frag", TWIN_GL_INSTANCES },
    [TWIN_PROGRAM_ROTOR_CASTER] = { "caster.vert", "caster.frag",
                                    TWIN_GL_ROTORS },
    [TWIN_PROGRAM_BLUR] = { "screen.vert", "blur.frag", TWIN_GL_PLAIN },
    [TWIN_PROGRAM_OUTLINE] = { "screen.vert", "outline.frag", TWIN_GL_PLAIN },
  };

  for (int i = 0; i < TWIN_N_PROGRAMS; i++)
    {
      self->programs[i] = twin_gl_program (files[i].vertex, files[i].fragment,
                                           files[i].use, error);
      if (self->programs[i] == 0)
        return FALSE;
    }
  return TRUE;
}

void
twin_renderer_set_scenery (TwinRenderer *self, gboolean dark)
{
  const TwinTheme *theme = twin_theme_get (dark);
  TwinGpuInstance  origin = { .place = { 0, 0, 1, 0 }, .rotor = { 0, 0, 1 } };

  for (int i = 0; i < 3; i++)
    origin.colour[i] =
        (uint8_t) lrintf (theme->body[TWIN_THEME_SCENERY][i] * 255);
  self->scenery_dark = dark;
  glBindBuffer (GL_ARRAY_BUFFER, self->scenery_instance);
  glBufferData (GL_ARRAY_BUFFER, sizeof origin, &origin, GL_STATIC_DRAW);
}

TwinRenderer *
twin_renderer_new (const TwinShape *shapes, GError **error)
{
  TwinRenderer *self;

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
  twin_renderer_set_scenery (self, FALSE);
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

gboolean
twin_renderer_ensure_still (TwinRenderer *self,
                            int           width,
                            int           height,
                            GError      **error)
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
