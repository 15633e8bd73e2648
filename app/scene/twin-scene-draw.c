/* SPDX-License-Identifier: Apache-2.0 */
/* From the scene to a frame: what is in view, and how fine. */
#include "twin-scene-private.h"
#include "twin-theme.h"

#include <math.h>
#include <string.h>

/* A still picture that takes longer may be drawn quickly as long as it keeps
 * changing, and is drawn smoothly once it has rested. */
#define SMOOTH_US (28 * 1000)
#define REST_US (140 * 1000)

#define EPOCH_US (64 * G_USEC_PER_SEC) /* angles stay exact in float */

/* Least diameter on the screen, px, for each level of detail. */
static const float level_pixels[TWIN_SHAPE_LEVELS] = { 160, 34, 10, 0 };

/* What decides whether and how finely an instance is drawn. */
typedef struct
{
  vec4  planes[6];
  vec3  eye;
  float focal; /* px at distance 1 */
} View;

static View
view_of (const TwinCamera *camera)
{
  View view;
  mat4 look, projection;

  twin_camera_view (camera, look);
  twin_camera_projection (camera, projection);
  view.focal = projection[1][1] * camera->height / 2;
  glm_mat4_mul (projection, look, projection);
  glm_frustum_planes (projection, view.planes);
  twin_camera_eye (camera, view.eye);
  return view;
}

/* Level of detail of an instance; TWIN_SHAPE_LEVELS when out of view. */
static unsigned
level_of (TwinScene *self, const TwinSceneInstance *instance, View *view)
{
  const TwinShape *shape = &self->shapes[instance->shape];
  float            radius = shape->radius * instance->scale;
  float            pixels;
  vec3             middle;

  /* A sphere about the place, whatever the yaw. */
  middle[0] = instance->x;
  middle[1] = instance->scale * shape->max[1] / 2;
  middle[2] = instance->z;
  for (int i = 0; i < 6; i++)
    if (glm_vec3_dot (view->planes[i], middle) + view->planes[i][3] < -radius)
      return TWIN_SHAPE_LEVELS;
  pixels = 2 * radius * view->focal /
           fmaxf (glm_vec3_distance (middle, view->eye), 0.1f);
  for (unsigned level = 0; level < TWIN_SHAPE_LEVELS; level++)
    if (pixels >= level_pixels[level])
      return level;
  return TWIN_SHAPE_LEVELS - 1;
}

static void
colour_of (const TwinScene *self, unsigned index, uint8_t colour[4])
{
  const TwinSceneInstance *in = &self->instances[index];
  const TwinTheme         *theme = twin_theme_get (self->dark);
  gboolean                 silent = in->state == TWIN_SCENE_STATE_STALE ||
                    in->state == TWIN_SCENE_STATE_UNKNOWN;
  gboolean by_level = self->colour == TWIN_SCENE_COLOUR_LEVEL && !silent;
  float    level = isfinite (in->level) ? glm_clamp (in->level, 0, 1) : 0;

  for (int i = 0; i < 3; i++)
    {
      float value =
          by_level ? glm_lerp (theme->body[0][i], theme->level_ink[i], level)
                   : theme->body[in->state][i];

      if (index == self->hovered)
        value = glm_lerp (value, 1, 0.16f);
      colour[i] = (uint8_t) lrintf (value * 255);
    }
  colour[3] = in->state == TWIN_SCENE_STATE_STALE     ? 255
              : in->state == TWIN_SCENE_STATE_UNKNOWN ? 128
                                                      : 0;
}

static TwinGpuInstance
gpu_instance (const TwinScene *self, unsigned index)
{
  const TwinSceneInstance *in = &self->instances[index];
  TwinGpuInstance out = { .place = { in->x, in->z, in->scale * cosf (in->yaw),
                                     in->scale * sinf (in->yaw) },
                          .rotor = { self->angles[index],
                                     twin_scene_shown_speed (self, in),
                                     in->scale } };

  colour_of (self, index, out.colour);
  return out;
}

/* Sorts what is in view into batches: counts, then places. */
static void
fill_list (TwinScene *self)
{
  View     view = view_of (&self->camera);
  unsigned next = 0;

  memset (self->list.batches, 0, sizeof self->list.batches);
  self->turning = 0;
  for (unsigned i = 0; i < self->n_instances; i++)
    {
      const TwinSceneInstance *instance = &self->instances[i];
      unsigned                 level = level_of (self, instance, &view);

      self->levels[i] = (uint8_t) level;
      self->places[i] = TWIN_SCENE_NONE;
      if (level == TWIN_SHAPE_LEVELS)
        continue;
      self->list.batches[instance->shape][level].count++;
      if (self->shapes[instance->shape].rotor[level].vertices->len > 0)
        self->turning += twin_scene_shown_speed (self, instance) != 0;
    }
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    for (int level = 0; level < TWIN_SHAPE_LEVELS; level++)
      {
        TwinBatch *batch = &self->list.batches[shape][level];

        batch->first = next;
        next += batch->count;
        batch->count = 0;
      }
  g_array_set_size (self->list.instances, next);
  self->stats.visible = next;
  for (unsigned i = 0; i < self->n_instances; i++)
    if (self->levels[i] < TWIN_SHAPE_LEVELS)
      {
        TwinBatch *batch =
            &self->list.batches[self->instances[i].shape][self->levels[i]];

        self->places[i] = batch->first + batch->count++;
        g_array_index (self->list.instances, TwinGpuInstance, self->places[i]) =
            gpu_instance (self, i);
      }
}

/* All machines by shape, for shadows. */
static gboolean
bake (TwinScene *self, GError **error)
{
  TwinDrawList casters = { 0 };
  unsigned     next = 0;
  gboolean     ok;

  casters.instances = g_array_sized_new (FALSE, FALSE, sizeof (TwinGpuInstance),
                                         self->n_instances);
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    {
      for (unsigned i = 0; i < self->n_instances; i++)
        if ((int) self->instances[i].shape == shape)
          {
            TwinGpuInstance instance = gpu_instance (self, i);

            g_array_append_val (casters.instances, instance);
          }
      casters.batches[shape][0] =
          (TwinBatch){ next, casters.instances->len - next };
      next = casters.instances->len;
    }
  ok = twin_renderer_set_layout (self->renderer, &self->floor, self->rows,
                                 self->n_rows, &casters, error);
  g_array_unref (casters.instances);
  return ok;
}

static gboolean
camera_moved (const TwinScene *self)
{
  return memcmp (&self->camera.pose, &self->last_pose,
                 sizeof self->last_pose) != 0;
}

gboolean
twin_scene_needs_frame (TwinScene *self, int64_t now_us)
{
  return self->layout_changed || !self->baked || self->list_changed ||
         self->still_changed || camera_moved (self) ||
         self->camera.duration_us != 0 || self->coarse ||
         (self->turning > 0 && now_us != self->last_us);
}

/* The selected machine on the screen; the whole screen when it reaches behind
 * the eye. */
static void
selected_box (TwinScene *self, TwinFrame *frame)
{
  float min[3], max[3];
  float whole[4] = { 0, 0, frame->width, frame->height };
  float box[4] = { INFINITY, INFINITY, -INFINITY, -INFINITY };

  twin_scene_get_bounds (self, self->selected, min, max);
  memcpy (frame->selected_box, whole, sizeof whole);
  for (int corner = 0; corner < 8; corner++)
    {
      float p[3] = { corner & 1 ? max[0] : min[0], corner & 2 ? max[1] : min[1],
                     corner & 4 ? max[2] : min[2] };
      float x, y;

      if (!twin_camera_project (&self->camera, p, &x, &y, NULL))
        return;
      box[0] = fminf (box[0], x);
      box[1] = fminf (box[1], y);
      box[2] = fmaxf (box[2], x);
      box[3] = fmaxf (box[3], y);
    }
  memcpy (frame->selected_box, box, sizeof box);
}

/* Whether the next still picture is to be a quick one. */
static gboolean
choose_coarse (TwinScene *self, int64_t now_us)
{
  if (self->still_changed)
    {
      self->changed_us = now_us;
      return self->may_be_coarse && self->still_us > SMOOTH_US;
    }
  self->still_changed = self->coarse && now_us - self->changed_us > REST_US;
  return FALSE;
}

gboolean
twin_scene_render (TwinScene *self,
                   int        width,
                   int        height,
                   int64_t    now_us,
                   GError   **error)
{
  TwinFrame frame = { .camera = &self->camera,
                      .width = MAX (1, width),
                      .height = MAX (1, height),
                      .pixel = self->pixel,
                      .dark = self->dark,
                      .list = &self->list,
                      .selected = TWIN_SCENE_NONE };

  g_return_val_if_fail (self->renderer != NULL, FALSE);
  twin_scene_update_layout (self);
  if (!self->baked && !bake (self, error))
    return FALSE;
  self->baked = TRUE;
  if (now_us - self->epoch_us > EPOCH_US || now_us < self->epoch_us)
    twin_scene_move_epoch (self, now_us);
  twin_camera_set_viewport (&self->camera, width, height);
  twin_camera_advance (&self->camera, now_us);
  if (camera_moved (self) || frame.width != self->last_width ||
      frame.height != self->last_height)
    self->list_changed = self->still_changed = TRUE;
  frame.coarse = choose_coarse (self, now_us);
  if (self->list_changed)
    fill_list (self);
  if (self->selected != TWIN_SCENE_NONE)
    {
      frame.selected = self->places[self->selected];
      selected_box (self, &frame);
    }
  frame.list_changed = self->list_changed;
  frame.still_changed = self->still_changed;
  frame.seconds = (now_us - self->epoch_us) * 1e-6f;
  if (!twin_renderer_draw (self->renderer, &frame, &self->stats,
                           &self->still_us, error))
    return FALSE;
  if (frame.still_changed)
    self->coarse = frame.coarse;
  self->list_changed = self->still_changed = FALSE;
  self->last_pose = self->camera.pose;
  self->last_width = frame.width;
  self->last_height = frame.height;
  self->last_us = now_us;
  return TRUE;
}

void
twin_scene_get_stats (TwinScene *self, TwinSceneStats *stats)
{
  *stats = self->stats;
}
