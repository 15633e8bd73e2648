/* SPDX-License-Identifier: Apache-2.0 */
/* Shadows and occlusion, baked once a layout. */
#include "twin-renderer-private.h"

#include <math.h>
#include <string.h>

/* Texels a metre, as far as the largest picture goes. */
#define SHADOW_TEXELS 26.0f
#define SHADE_TEXELS 28.0f
#define TEXELS_MIN 256.0f
#define TEXELS_MAX 1536.0f
#define AROUND 0.6f           /* m of wall and kerb about the floor */
#define OCCLUSION_SHRINK 4    /* its picture is that much coarser */
#define SHADOW_SOFTNESS 0.10f /* standard deviation, m */
#define OCCLUSION_REACH 0.42f
#define OCCLUSION_FALLOFF 0.9f /* 1/m of height */

const float twin_renderer_light[3] = { -0.4082f, 0.8165f, 0.4082f };

/* A texel this much smaller than a machine is worth its finer mesh. */
static unsigned
caster_level (const TwinShape *shape, float texels_per_m)
{
  float size = 2 * shape->radius * texels_per_m;

  return size > 60 ? 1 : size > 16 ? 2 : 3;
}

static void
draw_casters (TwinRenderer       *self,
              mat4                matrix,
              float               falloff,
              float               texels_per_m,
              GLuint              instances,
              const TwinDrawList *casters)
{
  GLuint program = self->programs[TWIN_PROGRAM_CASTER];

  glUseProgram (program);
  twin_gl_set_matrix (program, "u_view_projection", matrix);
  twin_gl_set_float (program, "u_falloff", falloff);
  twin_gpu_mesh_draw (&self->scenery, self->scenery_instance,
                      (TwinBatch){ 0, 1 }, FALSE, NULL);
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    {
      unsigned level = caster_level (&self->shapes[shape], texels_per_m);

      twin_gpu_mesh_draw (&self->body[shape][level], instances,
                          casters->batches[shape][0], FALSE, NULL);
    }
}

/* World to the clip space of the light: a box around floor and machines. */
static void
light_matrix (const TwinFloor *floor, float height, mat4 matrix)
{
  vec3 light, eye, min = { INFINITY, INFINITY, INFINITY },
                   max = { -INFINITY, -INFINITY, -INFINITY };
  vec3 origin = { 0, 0, 0 }, up = { 0, 0, -1 };
  mat4 view, projection;

  memcpy (light, twin_renderer_light, sizeof light);
  glm_vec3_scale (light, 1, eye);
  glm_lookat (eye, origin, up, view);
  for (int corner = 0; corner < 8; corner++)
    {
      vec4 p = { corner & 1 ? floor->x1 + AROUND : floor->x0 - AROUND,
                 corner & 2 ? height : -AROUND,
                 corner & 4 ? floor->z1 + AROUND : floor->z0 - AROUND, 1 };

      glm_mat4_mulv (view, p, p);
      for (int i = 0; i < 3; i++)
        {
          min[i] = fminf (min[i], p[i]);
          max[i] = fmaxf (max[i], p[i]);
        }
    }
  glm_ortho (min[0], max[0], min[1], max[1], -max[2] - 0.5f, -min[2] + 0.5f,
             projection);
  glm_mat4_mul (projection, view, matrix);
}

/* World to the floor's picture, along @way, which is (0, 1, 0) or the light. */
static void
floor_matrix (const TwinFloor *floor, const float way[3], mat4 matrix)
{
  float sx = 2 / (floor->x1 - floor->x0), sz = 2 / (floor->z1 - floor->z0);

  glm_mat4_zero (matrix);
  matrix[0][0] = sx;
  matrix[1][0] = -way[0] / way[1] * sx;
  matrix[3][0] = -floor->x0 * sx - 1;
  matrix[2][1] = sz;
  matrix[1][1] = -way[2] / way[1] * sz;
  matrix[3][1] = -floor->z0 * sz - 1;
  matrix[3][3] = 1;
}

/* Blurs @from over @between into the channels of @to that are unmasked. */
static void
blur (TwinRenderer     *self,
      const TwinTarget *from,
      const TwinTarget *between,
      const TwinTarget *to,
      const float       sigma[2])
{
  GLuint program = self->programs[TWIN_PROGRAM_BLUR];
  float  along[2] = { sigma[0] / 2, 0 }, down[2] = { 0, sigma[1] / 2 };

  glUseProgram (program);
  glUniform1i (twin_gl_uniform (program, "u_source"), 0);
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, from->colour);
  twin_gl_set_vec (program, "u_step", along, 2);
  twin_target_bind (between);
  twin_renderer_fill (self);
  glBindTexture (GL_TEXTURE_2D, between->colour);
  twin_gl_set_vec (program, "u_step", down, 2);
  twin_target_bind (to);
}

static gboolean
bake_shadow_map (TwinRenderer       *self,
                 const TwinFloor    *floor,
                 GLuint              instances,
                 const TwinDrawList *casters,
                 GError            **error)
{
  mat4  half = { { 0.5f, 0, 0, 0 },
                 { 0, 0.5f, 0, 0 },
                 { 0, 0, 0.5f, 0 },
                 { 0.5f, 0.5f, 0.5f, 1 } };
  mat4  matrix;
  float width = hypotf (floor->x1 - floor->x0, floor->z1 - floor->z0);

  float size = glm_clamp (width * SHADOW_TEXELS, TEXELS_MIN, TEXELS_MAX);

  twin_target_clear (&self->shadow);
  if (!twin_target_init (&self->shadow, (int) size, (int) size, 0, TRUE, TRUE,
                         error))
    return FALSE;
  light_matrix (floor, TWIN_FLOOR_HEIGHT, matrix);
  glm_mat4_mul (half, matrix, self->shadow_matrix);
  twin_target_bind (&self->shadow);
  glEnable (GL_DEPTH_TEST);
  glDepthMask (GL_TRUE);
  glClear (GL_DEPTH_BUFFER_BIT);
  glEnable (GL_POLYGON_OFFSET_FILL);
  glPolygonOffset (1.5f, 3.0f);
  draw_casters (self, matrix, 0, size / width, instances, casters);
  glDisable (GL_POLYGON_OFFSET_FILL);
  return TRUE;
}

/* One channel of the floor's picture: casters along @way, blurred. */
static gboolean
bake_channel (TwinRenderer       *self,
              const TwinFloor    *floor,
              int                 channel,
              const float         size[2],
              GLuint              instances,
              const TwinDrawList *casters,
              GError            **error)
{
  static const float up[3] = { 0, 1, 0 };
  gboolean           shadow = channel == 0;
  int                shrink = shadow ? 1 : OCCLUSION_SHRINK;
  float              softness = shadow ? SHADOW_SOFTNESS : OCCLUSION_REACH;
  float              sigma[2] = { softness / (floor->x1 - floor->x0),
                                  softness / (floor->z1 - floor->z0) };
  TwinTarget         hard = { 0 }, between = { 0 };
  mat4               matrix;
  gboolean           ok;

  ok = twin_target_init (&hard, (int) size[0] / shrink, (int) size[1] / shrink,
                         GL_R8, FALSE, FALSE, error) &&
       twin_target_init (&between, hard.width, hard.height, GL_R8, FALSE, FALSE,
                         error);
  if (ok)
    {
      floor_matrix (floor, shadow ? twin_renderer_light : up, matrix);
      twin_target_bind (&hard);
      glClearColor (0, 0, 0, 0);
      glClear (GL_COLOR_BUFFER_BIT);
      glDisable (GL_CULL_FACE);
      glEnable (GL_BLEND);
      glBlendEquation (GL_MAX);
      draw_casters (self, matrix, shadow ? 0 : OCCLUSION_FALLOFF,
                    (float) hard.width / (floor->x1 - floor->x0), instances,
                    casters);
      glBlendEquation (GL_FUNC_ADD);
      glDisable (GL_BLEND);
      blur (self, &hard, &between, &self->shade, sigma);
      glColorMask (shadow, !shadow, FALSE, FALSE);
      twin_renderer_fill (self);
      glColorMask (TRUE, TRUE, TRUE, TRUE);
    }
  twin_target_clear (&hard);
  twin_target_clear (&between);
  return ok;
}

gboolean
twin_renderer_bake (TwinRenderer       *self,
                    const TwinFloor    *floor,
                    const TwinDrawList *casters,
                    GError            **error)
{
  float    width = floor->x1 - floor->x0, depth = floor->z1 - floor->z0;
  float    longer = fmaxf (width, depth);
  float    scale = fminf (SHADE_TEXELS, TEXELS_MAX / longer);
  float    size[2] = { fmaxf (64, scale * width), fmaxf (64, scale * depth) };
  GLuint   instances;
  GLint    target = 0;
  gboolean ok;

  glGetIntegerv (GL_DRAW_FRAMEBUFFER_BINDING, &target);
  twin_target_clear (&self->shade);
  ok = twin_target_init (&self->shade, (int) size[0], (int) size[1], GL_RG8,
                         FALSE, FALSE, error);
  glGenBuffers (1, &instances);
  glBindBuffer (GL_ARRAY_BUFFER, instances);
  glBufferData (GL_ARRAY_BUFFER,
                (GLsizeiptr) (casters->instances->len *
                              sizeof (TwinGpuInstance)),
                casters->instances->data, GL_STATIC_DRAW);
  glDisable (GL_CULL_FACE);
  ok = ok && bake_shadow_map (self, floor, instances, casters, error);
  glDisable (GL_DEPTH_TEST);
  for (int channel = 0; ok && channel < 2; channel++)
    ok = bake_channel (self, floor, channel, size, instances, casters, error);
  glDeleteBuffers (1, &instances);
  glBindFramebuffer (GL_FRAMEBUFFER, (GLuint) target);
  return ok;
}
