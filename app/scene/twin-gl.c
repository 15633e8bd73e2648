/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-gl.h"

#include <gio/gio.h>

#include "twin-scene-resources.h"

#define SHADERS "/com/example/TwinConsole/shaders/"

G_DEFINE_QUARK (twin - scene - error - quark, twin_scene_error)

static const char *
version_lines (void)
{
  if (epoxy_is_desktop_gl ())
    return "#version 330 core\n";
  return "#version 300 es\n"
         "precision highp float;\n"
         "precision highp int;\n"
         "precision highp sampler2D;\n"
         "precision highp sampler2DShadow;\n";
}

gboolean
twin_gl_check (GError **error)
{
  gboolean desktop = epoxy_is_desktop_gl ();
  int      version = epoxy_gl_version ();

  if (version >= (desktop ? 33 : 30))
    return TRUE;
  g_set_error (error, TWIN_SCENE_ERROR, TWIN_SCENE_ERROR_VERSION,
               "The graphics driver offers %s %d.%d; the 3D view needs OpenGL "
               "3.3 or OpenGL ES 3.0. The other pages work without it.",
               desktop ? "OpenGL" : "OpenGL ES", version / 10, version % 10);
  return FALSE;
}

static GLuint
compile (GLenum       stage,
         const char  *name,
         const char **parts,
         unsigned     n_parts,
         GError     **error)
{
  GLuint shader = glCreateShader (stage);
  GLint  ok = GL_FALSE;
  char   log[2048] = "";

  glShaderSource (shader, (GLsizei) n_parts, parts, NULL);
  glCompileShader (shader);
  glGetShaderiv (shader, GL_COMPILE_STATUS, &ok);
  if (ok)
    return shader;
  glGetShaderInfoLog (shader, sizeof log, NULL, log);
  glDeleteShader (shader);
  g_set_error (error, TWIN_SCENE_ERROR, TWIN_SCENE_ERROR_SHADER,
               "The graphics driver does not accept the shader %s: %s", name,
               log);
  return 0;
}

static GLuint
link_program (const char *name, GLuint vertex, GLuint fragment, GError **error)
{
  GLuint program = glCreateProgram ();
  GLint  ok = GL_FALSE;
  char   log[2048] = "";

  glAttachShader (program, vertex);
  glAttachShader (program, fragment);
  glLinkProgram (program);
  glGetProgramiv (program, GL_LINK_STATUS, &ok);
  if (ok)
    return program;
  glGetProgramInfoLog (program, sizeof log, NULL, log);
  glDeleteProgram (program);
  g_set_error (error, TWIN_SCENE_ERROR, TWIN_SCENE_ERROR_SHADER,
               "The graphics driver cannot link the shader %s: %s", name, log);
  return 0;
}

/* One shader's name and the parts of its source. */
typedef struct
{
  const char *name;
  const char *parts[5];
  unsigned    n_parts;
} Source;

static GLuint
build (Source *vertex_source, Source *fragment_source, GError **error)
{
  GLuint vertex, fragment, program = 0;

  vertex = compile (GL_VERTEX_SHADER, vertex_source->name, vertex_source->parts,
                    vertex_source->n_parts, error);
  if (vertex == 0)
    return 0;
  fragment = compile (GL_FRAGMENT_SHADER, fragment_source->name,
                      fragment_source->parts, fragment_source->n_parts, error);
  if (fragment != 0)
    {
      program = link_program (fragment_source->name, vertex, fragment, error);
      glDeleteShader (fragment);
    }
  glDeleteShader (vertex);
  return program;
}

GLuint
twin_gl_program_from_source (const char *vertex_name,
                             const char *vertex_source,
                             const char *fragment_name,
                             const char *fragment_source,
                             GError    **error)
{
  Source vertex = { vertex_name, { version_lines (), vertex_source }, 2 };
  Source fragment = { fragment_name, { version_lines (), fragment_source }, 2 };

  return build (&vertex, &fragment, error);
}

static GBytes *
load (const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (SHADERS, name, NULL);

  return g_resource_lookup_data (twin_scene_get_resource (), path,
                                 G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}

GLuint
twin_gl_program (const char *vertex_name,
                 const char *fragment_name,
                 TwinGlUse   use,
                 GError    **error)
{
  g_autoptr (GBytes) head = load ("instance.glsl", error);
  g_autoptr (GBytes) vertex_file =
      head != NULL ? load (vertex_name, error) : NULL;
  g_autoptr (GBytes) fragment_file =
      vertex_file != NULL ? load (fragment_name, error) : NULL;
  const char *rotor = use & 2 ? "#define ROTOR\n" : "";
  const char *coarse = use & 4 ? "#define COARSE\n" : "";
  Source      vertex = { vertex_name, { version_lines (), rotor, coarse }, 3 };
  Source fragment = { fragment_name, { version_lines (), rotor, coarse }, 3 };

  if (fragment_file == NULL)
    return 0;
  if (use != TWIN_GL_PLAIN)
    vertex.parts[vertex.n_parts++] = g_bytes_get_data (head, NULL);
  vertex.parts[vertex.n_parts++] = g_bytes_get_data (vertex_file, NULL);
  fragment.parts[fragment.n_parts++] = g_bytes_get_data (fragment_file, NULL);
  return build (&vertex, &fragment, error);
}

GLint
twin_gl_uniform (GLuint program, const char *name)
{
  return glGetUniformLocation (program, name);
}

void
twin_gl_set_float (GLuint program, const char *name, float value)
{
  glUniform1f (twin_gl_uniform (program, name), value);
}

void
twin_gl_set_vec (GLuint       program,
                 const char  *name,
                 const float *value,
                 int          components)
{
  GLint at = twin_gl_uniform (program, name);

  if (components == 2)
    glUniform2fv (at, 1, value);
  else if (components == 3)
    glUniform3fv (at, 1, value);
  else
    glUniform4fv (at, 1, value);
}

void
twin_gl_set_matrix (GLuint program, const char *name, mat4 matrix)
{
  glUniformMatrix4fv (twin_gl_uniform (program, name), 1, GL_FALSE, matrix[0]);
}

static GLuint
texture (int width, int height, GLenum internal)
{
  GLenum format = internal == GL_R8    ? GL_RED
                  : internal == GL_RG8 ? GL_RG
                                       : GL_RGBA;
  GLenum type = GL_UNSIGNED_BYTE;
  GLuint name;

  if (internal == GL_DEPTH_COMPONENT24 || internal == GL_DEPTH_COMPONENT16)
    {
      format = GL_DEPTH_COMPONENT;
      type = GL_UNSIGNED_INT;
    }
  glGenTextures (1, &name);
  glBindTexture (GL_TEXTURE_2D, name);
  glTexImage2D (GL_TEXTURE_2D, 0, (GLint) internal, width, height, 0, format,
                type, NULL);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  return name;
}

static void
filter (GLenum how)
{
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, (GLint) how);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, (GLint) how);
}

gboolean
twin_target_init (TwinTarget *target,
                  int         width,
                  int         height,
                  GLenum      colour_format,
                  gboolean    with_depth,
                  gboolean    compare,
                  GError    **error)
{
  GLenum none = GL_NONE;

  *target = (TwinTarget){ .width = width, .height = height };
  glGenFramebuffers (1, &target->framebuffer);
  glBindFramebuffer (GL_FRAMEBUFFER, target->framebuffer);
  if (colour_format != 0)
    {
      target->colour = texture (width, height, colour_format);
      filter (GL_LINEAR);
      glFramebufferTexture2D (GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0,
                              GL_TEXTURE_2D, target->colour, 0);
    }
  else
    {
      glDrawBuffers (1, &none);
      glReadBuffer (GL_NONE);
    }
  if (with_depth)
    {
      target->depth =
          texture (width, height,
                   compare ? GL_DEPTH_COMPONENT16 : GL_DEPTH_COMPONENT24);
      filter (compare ? GL_LINEAR : GL_NEAREST);
      if (compare)
        {
          glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_COMPARE_MODE,
                           GL_COMPARE_REF_TO_TEXTURE);
          glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_COMPARE_FUNC, GL_LEQUAL);
        }
      glFramebufferTexture2D (GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT,
                              GL_TEXTURE_2D, target->depth, 0);
    }
  if (glCheckFramebufferStatus (GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE)
    return TRUE;
  twin_target_clear (target);
  g_set_error (error, TWIN_SCENE_ERROR, TWIN_SCENE_ERROR_TARGET,
               "The graphics driver offers no picture of %d × %d pixels for "
               "the 3D view; make the window smaller.",
               width, height);
  return FALSE;
}

void
twin_target_clear (TwinTarget *target)
{
  glDeleteFramebuffers (1, &target->framebuffer);
  glDeleteTextures (1, &target->colour);
  glDeleteTextures (1, &target->depth);
  *target = (TwinTarget){ 0 };
}

void
twin_target_bind (const TwinTarget *target)
{
  glBindFramebuffer (GL_FRAMEBUFFER, target->framebuffer);
  glViewport (0, 0, target->width, target->height);
}
