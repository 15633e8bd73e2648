/* SPDX-License-Identifier: Apache-2.0 */
/* From a pixel to a machine and back. */
#include "twin-scene-private.h"

#include <math.h>
#include <string.h>

/* The ray as an instance sees it; lengths along it keep their measure. */
static TwinRay
local_ray (const TwinSceneInstance *instance, const TwinRay *ray)
{
  float   c = cosf (instance->yaw), s = sinf (instance->yaw);
  float   x = ray->origin[0] - instance->x, z = ray->origin[2] - instance->z;
  float   dx = ray->direction[0], dz = ray->direction[2];
  float   by = 1 / instance->scale;
  TwinRay local = {
    .origin = { (x * c - z * s) * by, ray->origin[1] * by,
                (x * s + z * c) * by },
    .direction = { (dx * c - dz * s) * by, ray->direction[1] * by,
                   (dx * s + dz * c) * by },
  };

  return local;
}

static float
hit_rotor (TwinScene *self, unsigned index, unsigned level, const TwinRay *ray)
{
  const TwinSceneInstance *instance = &self->instances[index];
  const TwinShape         *shape = &self->shapes[instance->shape];
  float                    seconds = (self->last_us - self->epoch_us) * 1e-6f;
  float                    angle =
      self->angles[index] + seconds * twin_scene_shown_speed (self, instance);
  float   c = cosf (angle), s = sinf (angle);
  float   y = ray->origin[1] - shape->shaft_height;
  TwinRay turned = *ray;

  turned.origin[0] = ray->origin[0] * c + y * s;
  turned.origin[1] = y * c - ray->origin[0] * s;
  turned.direction[0] = ray->direction[0] * c + ray->direction[1] * s;
  turned.direction[1] = ray->direction[1] * c - ray->direction[0] * s;
  return twin_mesh_hit (&shape->rotor[level], turned.origin, turned.direction);
}

static float
hit_instance (unsigned index, const TwinRay *ray, gpointer user_data)
{
  TwinScene               *self = user_data;
  const TwinSceneInstance *instance = &self->instances[index];
  const TwinShape         *shape = &self->shapes[instance->shape];
  unsigned                 level = self->levels[index];
  TwinRay                  local = local_ray (instance, ray);
  float                    body, rotor;

  if (level >= TWIN_SHAPE_LEVELS ||
      twin_pick_box (&local, shape->min, shape->max) < 0)
    return -1;
  body = twin_mesh_hit (&shape->body[level], local.origin, local.direction);
  rotor = hit_rotor (self, index, level, &local);
  if (body < 0 || (rotor >= 0 && rotor < body))
    return rotor;
  return body;
}

unsigned
twin_scene_pick (TwinScene *self, float x, float y)
{
  float   height = 0;
  TwinRay ray;

  twin_scene_update_layout (self);
  ray = twin_camera_ray (&self->camera, x, y);
  for (int shape = 0; shape < TWIN_SCENE_N_SHAPES; shape++)
    height = fmaxf (height, self->shapes[shape].max[1]);
  return twin_pick_grid_find (&self->grid, &ray, height * self->tallest,
                              hit_instance, self);
}

/* Brings the cached matrix up to the camera: anchors come by the thousand. */
static void
update_projection (TwinScene *self)
{
  if (memcmp (&self->projected, &self->camera, sizeof self->camera) == 0)
    return;
  self->projected = self->camera;
  twin_camera_view_projection (&self->camera, self->projection);
}

gboolean
twin_scene_project_anchor (TwinScene      *self,
                           unsigned        index,
                           TwinSceneAnchor anchor,
                           float          *x,
                           float          *y,
                           float          *depth)
{
  const TwinSceneInstance *instance;
  const TwinShape         *shape;
  float                    point[3];

  g_return_val_if_fail (index < self->n_instances, FALSE);
  instance = &self->instances[index];
  shape = &self->shapes[instance->shape];
  twin_scene_place_point (instance,
                          anchor == TWIN_SCENE_ANCHOR_TOP ? shape->top
                                                          : shape->label,
                          point);
  update_projection (self);
  return twin_camera_project_with (&self->camera, self->projection, point, x, y,
                                   depth) &&
         *x >= 0 && *y >= 0 && *x < self->camera.width &&
         *y < self->camera.height;
}
