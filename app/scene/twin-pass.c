/* SPDX-License-Identifier: Apache-2.0 */
/* What is drawn, kind by kind. */
#include "twin-renderer-private.h"

#define GRID_STEP 2.0f   /* m */
#define EDGE_WIDTH 1.15f /* design px */
#define EDGE_FULL 15.0f  /* px a metre: edges have their full strength */

void
twin_pass_draw_floor (TwinPass *pass)
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

static GLuint
use_machine_program (TwinPass *pass, TwinProgram which)
{
  TwinRenderer    *self = pass->self;
  const TwinTheme *theme = pass->theme;
  const TwinFrame *frame = pass->frame;
  GLuint           program = self->programs[which];

  glUseProgram (program);
  glActiveTexture (GL_TEXTURE1);
  glBindTexture (GL_TEXTURE_2D, self->still.depth);
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, self->shadow.depth);
  glUniform1i (twin_gl_uniform (program, "u_shadow"), 0);
  glUniform1i (twin_gl_uniform (program, "u_depth"), 1);
  twin_gl_set_matrix (program, "u_view_projection", pass->view_projection);
  twin_gl_set_matrix (program, "u_shadow_matrix", self->shadow_matrix);
  twin_gl_set_vec (program, "u_plate", theme->plate, 3);
  twin_gl_set_vec (program, "u_light", twin_renderer_light, 3);
  twin_gl_set_vec (program, "u_shade", theme->shade, 4);
  twin_gl_set_vec (program, "u_hatch", theme->hatch, 4);
  twin_gl_set_float (program, "u_pixel", frame->pixel);
  twin_gl_set_float (program, "u_shadow_step", 1.5f / self->shadow.width);
  twin_gl_set_float (program, "u_seconds", frame->seconds);
  return program;
}

/* Levels from here on are a few pixels wide: lit at their corners, as all are
 * in a quick picture. */
#define FIRST_COARSE_LEVEL 2

static void
draw_body_levels (TwinPass *pass, int first_level, int end_level)
{
  TwinRenderer *self = pass->self;

  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    for (int level = first_level; level < end_level; level++)
      twin_gpu_mesh_draw (&self->body[shape][level], self->instances,
                          pass->frame->list->batches[shape][level], FALSE,
                          pass->stats);
}

void
twin_pass_draw_bodies (TwinPass *pass)
{
  TwinRenderer *self = pass->self;
  int           first_coarse = pass->frame->coarse ? 0 : FIRST_COARSE_LEVEL;

  use_machine_program (pass, TWIN_PROGRAM_MACHINE);
  twin_gpu_mesh_draw (&self->scenery, self->scenery_instance,
                      (TwinBatch){ 0, 1 }, FALSE, pass->stats);
  draw_body_levels (pass, 0, first_coarse);
  use_machine_program (pass, TWIN_PROGRAM_MACHINE_COARSE);
  draw_body_levels (pass, first_coarse, TWIN_SHAPE_LEVELS);
}

static void
draw_rotors_of (TwinPass *pass, TwinProgram which, int first, int end)
{
  TwinRenderer *self = pass->self;
  GLuint        program = use_machine_program (pass, which);

  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    {
      twin_gl_set_float (program, "u_shaft", self->shapes[shape].shaft_height);
      for (int level = first; level < end; level++)
        twin_gpu_mesh_draw (&self->rotor[shape][level], self->instances,
                            pass->frame->list->batches[shape][level], FALSE,
                            pass->stats);
    }
}

void
twin_pass_draw_rotors (TwinPass *pass)
{
  draw_rotors_of (pass, TWIN_PROGRAM_ROTOR, 0, FIRST_COARSE_LEVEL);
  draw_rotors_of (pass, TWIN_PROGRAM_ROTOR_COARSE, FIRST_COARSE_LEVEL,
                  TWIN_SHAPE_LEVELS);
}

void
twin_pass_draw_edges (TwinPass *pass)
{
  TwinRenderer     *self = pass->self;
  const TwinCamera *camera = pass->frame->camera;
  GLuint            program = self->programs[TWIN_PROGRAM_EDGE];
  mat4              projection;
  float             fade[2];
  float             viewport[3] = { camera->width / 2, camera->height / 2,
                                    EDGE_WIDTH / 2 * pass->frame->pixel };

  twin_camera_projection (camera, projection);
  fade[0] = projection[1][1] * camera->height / 2;
  fade[1] = EDGE_FULL * pass->frame->pixel;
  glUseProgram (program);
  twin_gl_set_matrix (program, "u_view_projection", pass->view_projection);
  twin_gl_set_vec (program, "u_eye", pass->eye, 3);
  twin_gl_set_vec (program, "u_fade", fade, 2);
  twin_gl_set_vec (program, "u_viewport", viewport, 3);
  twin_gl_set_vec (program, "u_ink", pass->theme->edge, 4);
  twin_gl_set_float (program, "u_pixel", pass->frame->pixel);
  glEnable (GL_BLEND);
  glDisable (GL_CULL_FACE);
  glDepthMask (GL_FALSE);
  twin_gpu_mesh_draw (&self->scenery, self->scenery_instance,
                      (TwinBatch){ 0, 1 }, TRUE, pass->stats);
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    for (int level = 0; level < TWIN_SHAPE_LEVELS; level++)
      twin_gpu_mesh_draw (&self->body[shape][level], self->instances,
                          pass->frame->list->batches[shape][level], TRUE,
                          pass->stats);
  glDepthMask (GL_TRUE);
  glEnable (GL_CULL_FACE);
  glDisable (GL_BLEND);
}
