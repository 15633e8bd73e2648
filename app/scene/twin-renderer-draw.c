/* SPDX-License-Identifier: Apache-2.0 */
/* How a frame comes about: the still picture, its outline, the rotors. */
#include "twin-renderer-private.h"

#define OUTLINE_REACH 5.0f /* design px around the selected machine */

/* Where a picture that ends up in @to is drawn: coarse ones at once, smooth
 * ones with several samples a pixel first. */
static void
begin_picture (TwinPass *pass, const TwinTarget *to)
{
  glBindFramebuffer (GL_FRAMEBUFFER, pass->frame->coarse
                                         ? to->framebuffer
                                         : pass->self->smooth_framebuffer);
  glViewport (0, 0, to->width, to->height);
}

static void
end_picture (TwinPass         *pass,
             const TwinTarget *to,
             const int         box[4],
             GLbitfield        what)
{
  if (pass->frame->coarse)
    return;
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

/* One machine, body and rotor, as a plain shape. */
static void
draw_silhouette (TwinPass *pass, int shape, int level, TwinBatch one)
{
  TwinRenderer *self = pass->self;

  for (int rotor = 0; rotor < 2; rotor++)
    {
      GLuint program = self->programs[rotor ? TWIN_PROGRAM_ROTOR_CASTER
                                            : TWIN_PROGRAM_CASTER];

      glUseProgram (program);
      twin_gl_set_matrix (program, "u_view_projection", pass->view_projection);
      twin_gl_set_float (program, "u_falloff", 0);
      twin_gl_set_float (program, "u_seconds", pass->frame->seconds);
      twin_gl_set_float (program, "u_shaft", self->shapes[shape].shaft_height);
      twin_gpu_mesh_draw (rotor ? &self->rotor[shape][level]
                                : &self->body[shape][level],
                          self->instances, one, FALSE, pass->stats);
    }
}

/* The selected machine's silhouette, smooth, into the mask. */
static void
draw_mask (TwinPass *pass, const int box[4])
{
  TwinRenderer *self = pass->self;
  TwinBatch     one = { pass->frame->selected, 1 };

  begin_picture (pass, &self->mask);
  glEnable (GL_SCISSOR_TEST);
  glScissor (box[0], box[1], box[2] - box[0], box[3] - box[1]);
  glClearColor (0, 0, 0, 0);
  glClear (GL_COLOR_BUFFER_BIT);
  glDisable (GL_DEPTH_TEST);
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    for (int level = 0; level < TWIN_SHAPE_LEVELS; level++)
      {
        TwinBatch batch = pass->frame->list->batches[shape][level];

        if (one.first >= batch.first && one.first < batch.first + batch.count)
          draw_silhouette (pass, shape, level, one);
      }
  end_picture (pass, &self->mask, box, GL_COLOR_BUFFER_BIT);
}

static void
draw_outline (TwinPass *pass)
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
draw_still (TwinPass *pass)
{
  TwinRenderer *self = pass->self;
  const float  *clear = pass->theme->background;
  const int     all[4] = { 0, 0, self->still.width, self->still.height };

  begin_picture (pass, &self->still);
  glClearColor (clear[0], clear[1], clear[2], 1);
  glEnable (GL_DEPTH_TEST);
  glDepthMask (GL_TRUE);
  glClear (GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  glBlendFuncSeparate (GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE);
  glDisable (GL_CULL_FACE);
  if (self->floor != 0)
    twin_pass_draw_floor (pass);
  glEnable (GL_CULL_FACE);
  twin_pass_draw_bodies (pass);
  twin_pass_draw_edges (pass);
  end_picture (pass, &self->still, all,
               GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  draw_outline (pass);
}

/* The still picture into the target, and the rotors over it. */
static void
draw_live (TwinPass *pass, GLuint target)
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
  twin_pass_draw_rotors (pass);
}

gboolean
twin_renderer_draw (TwinRenderer    *self,
                    const TwinFrame *frame,
                    TwinSceneStats  *stats,
                    int64_t         *still_us,
                    GError         **error)
{
  TwinPass pass = { .self = self,
                    .frame = frame,
                    .theme = twin_theme_get (frame->dark),
                    .stats = stats };
  gboolean still = frame->still_changed || self->still.width != frame->width ||
                   self->still.height != frame->height;
  GLint target = 0;
  mat4  view, projection;

  glGetIntegerv (GL_DRAW_FRAMEBUFFER_BINDING, &target);
  if (!twin_renderer_ensure_still (self, frame->width, frame->height, error))
    {
      glBindFramebuffer (GL_FRAMEBUFFER, (GLuint) target);
      return FALSE;
    }
  stats->draw_calls = stats->triangles = 0;
  twin_camera_view (frame->camera, view);
  twin_camera_projection (frame->camera, projection);
  glm_mat4_mul (projection, view, pass.view_projection);
  twin_camera_eye (frame->camera, pass.eye);
  if (self->scenery_dark != frame->dark)
    twin_renderer_set_scenery (self, frame->dark);
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
      int64_t begin = g_get_monotonic_time ();

      draw_still (&pass);
      stats->full_frames++;
      if (!frame->coarse && still_us != NULL)
        {
          glFinish ();
          *still_us = g_get_monotonic_time () - begin;
        }
    }
  draw_live (&pass, (GLuint) target);
  stats->frames++;
  return TRUE;
}
