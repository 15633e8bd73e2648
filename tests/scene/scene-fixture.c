/* SPDX-License-Identifier: Apache-2.0 */
#include "scene-fixture.h"

#include <epoxy/egl.h>
#include <math.h>

static EGLDisplay
open_display (void)
{
  if (!epoxy_has_egl_extension (EGL_NO_DISPLAY, "EGL_EXT_platform_base") ||
      !epoxy_has_egl_extension (EGL_NO_DISPLAY,
                                "EGL_MESA_platform_surfaceless"))
    return eglGetDisplay (EGL_DEFAULT_DISPLAY);
  return eglGetPlatformDisplayEXT (EGL_PLATFORM_SURFACELESS_MESA,
                                   EGL_DEFAULT_DISPLAY, NULL);
}

gboolean
scene_context_open (SceneContext *context, gboolean es, char **why)
{
  static const EGLint gl[] = { EGL_CONTEXT_MAJOR_VERSION,
                               3,
                               EGL_CONTEXT_MINOR_VERSION,
                               3,
                               EGL_CONTEXT_OPENGL_PROFILE_MASK,
                               EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                               EGL_NONE };
  static const EGLint gles[] = { EGL_CONTEXT_MAJOR_VERSION, 3,
                                 EGL_CONTEXT_MINOR_VERSION, 0, EGL_NONE };
  const EGLint        config[] = { EGL_SURFACE_TYPE, 0, EGL_RENDERABLE_TYPE,
                            es ? EGL_OPENGL_ES3_BIT : EGL_OPENGL_BIT,
                                   EGL_NONE };
  EGLConfig           chosen = NULL;
  EGLint              n = 0;

  *context = (SceneContext){ .es = es };
  context->display = open_display ();
  if (context->display == EGL_NO_DISPLAY ||
      !eglInitialize (context->display, NULL, NULL) ||
      !eglBindAPI (es ? EGL_OPENGL_ES_API : EGL_OPENGL_API) ||
      !eglChooseConfig (context->display, config, &chosen, 1, &n) || n == 0)
    {
      *why = g_strdup_printf ("no EGL without a window (0x%x)", eglGetError ());
      return FALSE;
    }
  context->context = eglCreateContext (context->display, chosen, EGL_NO_CONTEXT,
                                       es ? gles : gl);
  if (context->context == EGL_NO_CONTEXT ||
      !eglMakeCurrent (context->display, EGL_NO_SURFACE, EGL_NO_SURFACE,
                       context->context))
    {
      *why =
          g_strdup_printf ("no %s context (0x%x)",
                           es ? "OpenGL ES 3.0" : "OpenGL 3.3", eglGetError ());
      return FALSE;
    }
  return TRUE;
}

void
scene_context_close (SceneContext *context)
{
  eglMakeCurrent (context->display, EGL_NO_SURFACE, EGL_NO_SURFACE,
                  EGL_NO_CONTEXT);
  eglDestroyContext (context->display, context->context);
}

void
scene_target_open (TwinTarget *target, int width, int height)
{
  g_autoptr (GError) error = NULL;

  twin_target_init (target, width, height, GL_RGBA8, TRUE, FALSE, &error);
  g_assert_no_error (error);
  twin_target_bind (target);
}

uint8_t *
scene_read_pixels (int width, int height)
{
  gsize    line = (gsize) width * 4;
  uint8_t *pixels = g_malloc (line * height);
  uint8_t *swap = g_malloc (line);

  glReadPixels (0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
  for (int y = 0; y < height / 2; y++)
    {
      uint8_t *a = pixels + line * y, *b = pixels + line * (height - 1 - y);

      memcpy (swap, a, line);
      memcpy (a, b, line);
      memcpy (b, swap, line);
    }
  g_free (swap);
  return pixels;
}

static void
set_states (TwinSceneInstance *instances)
{
  instances[1].state = TWIN_SCENE_STATE_MEDIUM;
  instances[6].state = TWIN_SCENE_STATE_HIGH;
  instances[10].state = TWIN_SCENE_STATE_CRITICAL;
  instances[13].state = TWIN_SCENE_STATE_LOW;
  instances[19].state = TWIN_SCENE_STATE_STALE;
  instances[23].state = TWIN_SCENE_STATE_STOPPED;
  instances[26].state = TWIN_SCENE_STATE_UNKNOWN;
}

void
scene_fill_plant (TwinScene *scene, const TwinSceneText texts[4])
{
  static const unsigned sizes[4] = { 8, 8, 8, 3 };
  TwinSceneInstance     instances[SCENE_PLANT_N];
  TwinSceneRow          rows[4];
  unsigned              n = 0;

  for (unsigned row = 0; row < 4; row++)
    {
      float z = -6.8f * row;

      rows[row] = (TwinSceneRow){ .x0 = -2.0f,
                                  .z0 = z - 2.58f,
                                  .x1 = 2.9f * 7 + 2.0f,
                                  .z1 = z + 2.4f,
                                  .rack = row < 2 };
      if (texts != NULL)
        rows[row].text = texts[row];
      for (unsigned i = 0; i < sizes[row]; i++, n++)
        instances[n] = (TwinSceneInstance){
          .shape = (TwinSceneShape) row,
          .x = 2.9f * i,
          .z = z,
          .scale = 1,
          .rotor_speed = 155,
          .level = 0.1f * i,
        };
    }
  set_states (instances);
  twin_scene_set_instances (scene, instances, n);
  twin_scene_set_rows (scene, rows, 4);
}

void
scene_fill_field (TwinScene *scene, unsigned n)
{
  g_autofree TwinSceneInstance *instances = g_new0 (TwinSceneInstance, n);
  unsigned                      across = (unsigned) ceil (sqrt (n * 1.8));

  for (unsigned i = 0; i < n; i++)
    instances[i] = (TwinSceneInstance){
      .shape = (TwinSceneShape) (i % TWIN_SCENE_N_SHAPES),
      .state = i % 37 == 0 ? TWIN_SCENE_STATE_HIGH : TWIN_SCENE_STATE_NORMAL,
      .x = 3.0f * (i % across),
      .z = -5.0f * (i / across),
      .scale = 1,
      .rotor_speed = 150 + i % 7,
      .level = NAN,
    };
  twin_scene_set_instances (scene, instances, n);
  twin_scene_set_rows (scene, NULL, 0);
}
