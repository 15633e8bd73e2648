/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-scene-private.h"

#include <math.h>
#include <string.h>

TwinScene *
twin_scene_new (void)
{
  TwinScene *self = g_new0 (TwinScene, 1);

  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    twin_shape_build (&self->shapes[shape], (TwinSceneShape) shape);
  twin_camera_init (&self->camera);
  self->list.instances = g_array_new (FALSE, FALSE, sizeof (TwinGpuInstance));
  self->pixel = 1;
  self->rotor_ratio = 0.05f;
  self->selected = self->hovered = TWIN_SCENE_NONE;
  self->layout_changed = self->list_changed = self->still_changed = TRUE;
  return self;
}

static void
clear_rows (TwinScene *self)
{
  for (unsigned i = 0; i < self->n_rows; i++)
    g_free ((uint8_t *) self->rows[i].text.pixels);
  g_clear_pointer (&self->rows, g_free);
  self->n_rows = 0;
}

void
twin_scene_free (TwinScene *self)
{
  if (self == NULL)
    return;
  twin_scene_unrealize (self);
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    twin_shape_clear (&self->shapes[shape]);
  clear_rows (self);
  twin_floor_clear (&self->floor);
  twin_pick_grid_clear (&self->grid);
  g_array_unref (self->list.instances);
  g_free (self->instances);
  g_free (self->angles);
  g_free (self->places);
  g_free (self->levels);
  g_free (self);
}

gboolean
twin_scene_realize (TwinScene *self, GError **error)
{
  g_return_val_if_fail (self->renderer == NULL, FALSE);
  self->renderer = twin_renderer_new (self->shapes, error);
  self->list_changed = self->still_changed = TRUE;
  self->baked = FALSE;
  return self->renderer != NULL;
}

void
twin_scene_unrealize (TwinScene *self)
{
  g_clear_pointer (&self->renderer, twin_renderer_free);
}

void
twin_scene_set_dark (TwinScene *self, gboolean dark)
{
  if (self->dark != dark)
    self->still_changed = self->list_changed = TRUE;
  self->dark = dark;
}

void
twin_scene_set_colour (TwinScene *self, TwinSceneColour colour)
{
  if (self->colour != colour)
    self->still_changed = self->list_changed = TRUE;
  self->colour = colour;
}

void
twin_scene_set_scale (TwinScene *self, float pixels)
{
  g_return_if_fail (pixels > 0);
  self->still_changed |= self->pixel != pixels;
  self->pixel = pixels;
}

float
twin_scene_shown_speed (const TwinScene         *self,
                        const TwinSceneInstance *instance)
{
  if (instance->state == TWIN_SCENE_STATE_STALE ||
      instance->state == TWIN_SCENE_STATE_UNKNOWN ||
      instance->state == TWIN_SCENE_STATE_STOPPED ||
      !isfinite (instance->rotor_speed))
    return 0;
  return instance->rotor_speed * self->rotor_ratio;
}

void
twin_scene_set_quick (TwinScene *self, gboolean quick)
{
  self->may_be_coarse = quick;
}

void
twin_scene_move_epoch (TwinScene *self, int64_t now_us)
{
  double seconds = (now_us - self->epoch_us) * 1e-6;

  for (unsigned i = 0; i < self->n_instances; i++)
    self->angles[i] =
        (float) remainder (self->angles[i] +
                               twin_scene_shown_speed (self,
                                                       &self->instances[i]) *
                                   seconds,
                           2 * GLM_PI);
  self->epoch_us = now_us;
  self->list_changed = TRUE;
}

void
twin_scene_set_rotor_ratio (TwinScene *self, float ratio)
{
  g_return_if_fail (isfinite (ratio));
  twin_scene_move_epoch (self, self->last_us);
  self->rotor_ratio = ratio;
}

static TwinSceneInstance
checked (const TwinSceneInstance *instance)
{
  TwinSceneInstance copy = *instance;

  if (copy.shape >= TWIN_SCENE_N_SHAPES)
    copy.shape = TWIN_SCENE_SHAPE_GENERIC;
  if (copy.state >= TWIN_SCENE_N_STATES)
    copy.state = TWIN_SCENE_STATE_UNKNOWN;
  if (!isfinite (copy.scale) || copy.scale <= 0)
    copy.scale = 1;
  if (!isfinite (copy.x) || !isfinite (copy.z))
    copy.x = copy.z = 0;
  if (!isfinite (copy.yaw))
    copy.yaw = 0;
  return copy;
}

void
twin_scene_set_instances (TwinScene               *self,
                          const TwinSceneInstance *instances,
                          unsigned                 n_instances)
{
  unsigned kept = MIN (n_instances, self->n_instances);

  twin_scene_move_epoch (self, self->last_us);
  self->instances = g_renew (TwinSceneInstance, self->instances, n_instances);
  self->angles = g_renew (float, self->angles, n_instances);
  self->places = g_renew (unsigned, self->places, n_instances);
  self->levels = g_renew (uint8_t, self->levels, n_instances);
  for (unsigned i = 0; i < n_instances; i++)
    {
      self->instances[i] = checked (&instances[i]);
      self->places[i] = TWIN_SCENE_NONE;
      self->levels[i] = 0;
      /* Not in step, as no two machines are. */
      if (i >= kept)
        self->angles[i] = (float) remainder (i * 2.399963, 2 * GLM_PI);
    }
  self->n_instances = n_instances;
  if (self->selected >= n_instances)
    self->selected = TWIN_SCENE_NONE;
  if (self->hovered >= n_instances)
    self->hovered = TWIN_SCENE_NONE;
  self->layout_changed = TRUE;
}

void
twin_scene_set_rows (TwinScene *self, const TwinSceneRow *rows, unsigned n_rows)
{
  clear_rows (self);
  self->rows = g_new0 (TwinSceneRow, MAX (1, n_rows));
  self->n_rows = n_rows;
  for (unsigned i = 0; i < n_rows; i++)
    {
      TwinSceneText *text = &self->rows[i].text;

      self->rows[i] = rows[i];
      if (text->pixels != NULL)
        text->pixels =
            g_memdup2 (text->pixels, (gsize) text->stride * text->height);
    }
  self->layout_changed = TRUE;
}

static gboolean
same_number (float a, float b)
{
  return a == b || (isnan (a) && isnan (b));
}

static gboolean
same (const TwinSceneInstance *a, const TwinSceneInstance *b)
{
  return a->shape == b->shape && a->state == b->state && a->x == b->x &&
         a->z == b->z && a->yaw == b->yaw && a->scale == b->scale &&
         same_number (a->rotor_speed, b->rotor_speed) &&
         same_number (a->level, b->level);
}

gboolean
twin_scene_update_instance (TwinScene               *self,
                            unsigned                 index,
                            const TwinSceneInstance *instance,
                            int64_t                  now_us)
{
  TwinSceneInstance *old, new;
  float              seconds;

  g_return_val_if_fail (index < self->n_instances, FALSE);
  old = &self->instances[index];
  new = checked (instance);
  if (same (old, &new))
    return FALSE;
  seconds = (now_us - self->epoch_us) * 1e-6f;
  self->angles[index] += (twin_scene_shown_speed (self, old) -
                          twin_scene_shown_speed (self, &new)) *
                         seconds;
  if (old->shape != new.shape || old->x != new.x || old->z != new.z ||
      old->yaw != new.yaw || old->scale != new.scale)
    self->layout_changed = TRUE;
  if (old->state != new.state || !same_number (old->level, new.level))
    self->still_changed = TRUE;
  *old = new;
  self->list_changed = TRUE;
  return TRUE;
}

unsigned
twin_scene_get_n_instances (TwinScene *self)
{
  return self->n_instances;
}

void
twin_scene_get_instance (TwinScene         *self,
                         unsigned           index,
                         TwinSceneInstance *instance)
{
  g_return_if_fail (index < self->n_instances);
  *instance = self->instances[index];
}

void
twin_scene_set_selected (TwinScene *self, unsigned index)
{
  if (index >= self->n_instances)
    index = TWIN_SCENE_NONE;
  self->still_changed |= self->selected != index;
  self->selected = index;
}

void
twin_scene_set_hovered (TwinScene *self, unsigned index)
{
  if (index >= self->n_instances)
    index = TWIN_SCENE_NONE;
  if (self->hovered != index)
    self->still_changed = self->list_changed = TRUE;
  self->hovered = index;
}

void
twin_scene_place_point (const TwinSceneInstance *instance,
                        const float              point[3],
                        float                    out[3])
{
  float c = cosf (instance->yaw), s = sinf (instance->yaw);
  float x = point[0], z = point[2];

  out[0] = instance->x + instance->scale * (x * c + z * s);
  out[1] = instance->scale * point[1];
  out[2] = instance->z + instance->scale * (z * c - x * s);
}

void
twin_scene_get_bounds (TwinScene *self,
                       unsigned   index,
                       float      min[3],
                       float      max[3])
{
  const TwinSceneInstance *instance;
  const TwinShape         *shape;

  g_return_if_fail (index < self->n_instances);
  instance = &self->instances[index];
  shape = &self->shapes[instance->shape];
  for (int i = 0; i < 3; i++)
    {
      min[i] = INFINITY;
      max[i] = -INFINITY;
    }
  for (int corner = 0; corner < 8; corner++)
    {
      float p[3] = { corner & 1 ? shape->max[0] : shape->min[0],
                     corner & 2 ? shape->max[1] : shape->min[1],
                     corner & 4 ? shape->max[2] : shape->min[2] };

      twin_scene_place_point (instance, p, p);
      for (int i = 0; i < 3; i++)
        {
          min[i] = fminf (min[i], p[i]);
          max[i] = fmaxf (max[i], p[i]);
        }
    }
}

static float
reach (const TwinScene *self, const TwinSceneInstance *instance)
{
  const TwinShape *shape = &self->shapes[instance->shape];

  return instance->scale * hypotf (fmaxf (-shape->min[0], shape->max[0]),
                                   fmaxf (-shape->min[2], shape->max[2]));
}

void
twin_scene_update_layout (TwinScene *self)
{
  g_autofree TwinPickDisc *discs = g_new (TwinPickDisc, self->n_instances + 1);
  float area[4] = { INFINITY, INFINITY, -INFINITY, -INFINITY };
  float min[3], max[3];

  if (!self->layout_changed)
    return;
  self->tallest = 0;
  for (unsigned i = 0; i < self->n_instances; i++)
    {
      const TwinSceneInstance *at = &self->instances[i];
      float                    radius = reach (self, at);

      self->tallest = fmaxf (self->tallest, at->scale);
      discs[i] = (TwinPickDisc){ at->x, at->z, radius };
      area[0] = fminf (area[0], at->x - radius);
      area[1] = fminf (area[1], at->z - radius);
      area[2] = fmaxf (area[2], at->x + radius);
      area[3] = fmaxf (area[3], at->z + radius);
    }
  for (unsigned i = 0; i < self->n_rows; i++)
    {
      area[0] = fminf (area[0], self->rows[i].x0);
      area[1] = fminf (area[1], self->rows[i].z0);
      area[2] = fmaxf (area[2], self->rows[i].x1);
      area[3] = fmaxf (area[3], self->rows[i].z1);
    }
  if (area[0] > area[2])
    area[0] = area[1] = -8, area[2] = area[3] = 8;
  twin_pick_grid_build (&self->grid, discs, self->n_instances);
  twin_floor_build (&self->floor, area, self->rows, self->n_rows);
  min[0] = area[0] + 0.4f;
  min[1] = 0;
  min[2] = area[1] + 0.4f;
  max[0] = area[2] - 0.4f;
  max[1] = 2.4f;
  max[2] = area[3] + 1.0f;
  twin_camera_set_bounds (&self->camera, min, max);
  self->layout_changed = self->baked = FALSE;
  self->list_changed = self->still_changed = TRUE;
}

TwinCamera *
twin_scene_get_camera (TwinScene *self)
{
  twin_scene_update_layout (self);
  return &self->camera;
}
