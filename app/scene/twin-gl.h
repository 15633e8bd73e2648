/* SPDX-License-Identifier: Apache-2.0 */
/* twin-gl.h - programs, buffers and targets of OpenGL 3.3 or OpenGL ES 3.0
 *
 * Every function needs a current context. Names of 0 are "none".
 */
#pragma once

#include <epoxy/gl.h>

#include "twin-scene.h"

G_BEGIN_DECLS

/* FALSE and TWIN_SCENE_ERROR_VERSION when the context is too old. */
gboolean twin_gl_check (GError **error);

/* What a program draws, as flags. Vertex shaders of instances get
 * instance.glsl in front; of rotors and of coarse instances, shaders are
 * compiled with ROTOR and COARSE defined. */
typedef enum
{
  TWIN_GL_PLAIN = 0,
  TWIN_GL_INSTANCES = 1,
  TWIN_GL_ROTORS = 1 | 2,
  TWIN_GL_COARSE = 1 | 4,
} TwinGlUse;

/* Compiles and links two files of the bundled shaders folder. 0 with the
 * compiler's log in @error. */
GLuint twin_gl_program (const char *vertex_name,
                        const char *fragment_name,
                        TwinGlUse   use,
                        GError    **error);

/* The same from source, for tests. */
GLuint twin_gl_program_from_source (const char *vertex_name,
                                    const char *vertex_source,
                                    const char *fragment_name,
                                    const char *fragment_source,
                                    GError    **error);

GLint twin_gl_uniform (GLuint program, const char *name);
void  twin_gl_set_float (GLuint program, const char *name, float value);
void  twin_gl_set_vec (GLuint       program,
                       const char  *name,
                       const float *value,
                       int          components);
void  twin_gl_set_matrix (GLuint program, const char *name, mat4 matrix);

/* A texture to draw into and to read from. */
typedef struct
{
  GLuint framebuffer;
  GLuint colour; /* texture; 0: depth only */
  GLuint depth;  /* texture; 0: none */
  int    width;
  int    height;
} TwinTarget;

/* @colour_format GL_RGBA8, GL_R8, GL_RG8 or 0; @with_depth adds 24 bits
 * of depth, @compare makes that a shadow sampler of 16. */
gboolean twin_target_init (TwinTarget *target,
                           int         width,
                           int         height,
                           GLenum      colour_format,
                           gboolean    with_depth,
                           gboolean    compare,
                           GError    **error);
void     twin_target_clear (TwinTarget *target);
void     twin_target_bind (const TwinTarget *target);

G_END_DECLS
