/* SPDX-License-Identifier: Apache-2.0 */
/* twin-camera.h - an orbiting perspective camera with eased motion
 *
 * World: metres, x to the right along a row, y up, z towards the viewer; the
 * floor is y = 0. Screen: pixels from the top left corner of the viewport.
 * Angles in radians. Pure mathematics: no GL, no allocation but the struct
 * itself; owned by one thread. Motion depends on the times given and never on
 * how often a frame is drawn.
 */
#pragma once

#include <glib.h>
#include <stdint.h>
#include <cglm/cglm.h>

G_BEGIN_DECLS

/* Where a camera stands; what a saved view keeps. */
typedef struct
{
  float target[3]; /* the point looked at, m */
  float yaw;       /* 0 looks along -z; positive turns the eye to the right */
  float pitch;     /* above the floor, 0.10 .. 1.50 */
  float distance;  /* from eye to target, m */
} TwinCameraPose;

typedef struct
{
  TwinCameraPose pose; /* now */
  TwinCameraPose from; /* where the present motion began */
  TwinCameraPose to;   /* where it ends; equal to pose at rest */
  int64_t        start_us;
  int64_t        duration_us; /* 0 at rest */
  float          bounds_min[3];
  float          bounds_max[3]; /* what fit and home show, and pan stays in */
  float          width;
  float          height;   /* viewport, px; never below 1 */
  float          inset[4]; /* px kept free by fit: left, top, right, bottom */
} TwinCamera;

/* A half line in world space; @direction has length 1. */
typedef struct
{
  float origin[3];
  float direction[3];
} TwinRay;

void twin_camera_init (TwinCamera *camera);
void twin_camera_set_viewport (TwinCamera *camera, int width, int height);

/* What is shown: an axis-aligned box. Changes no pose. */
void twin_camera_set_bounds (TwinCamera *camera,
                             const float min[3],
                             const float max[3]);

/* Direct manipulation: takes effect at once and ends an eased motion. */
void twin_camera_orbit (TwinCamera *camera, float yaw, float pitch);

/* Moves the floor under the pointer by @dx, @dy pixels. */
void twin_camera_pan (TwinCamera *camera, float dx, float dy);

/* Eased (180 ms). @factor > 1 goes closer; the floor point under pixel @x, @y
 * stays there. Steps add up while a motion is under way. */
void twin_camera_zoom (TwinCamera *camera,
                       float       factor,
                       float       x,
                       float       y,
                       int64_t     now_us);

/* Eased (350 ms): everything in view from the present direction; everything
 * in view from the first direction; one box in the middle of the view. */
void twin_camera_fit (TwinCamera *camera, int64_t now_us);
void twin_camera_home (TwinCamera *camera, int64_t now_us);
void twin_camera_show (TwinCamera *camera,
                       const float min[3],
                       const float max[3],
                       int64_t     now_us);

/* @duration_us 0 jumps. Limits are applied to @pose. */
void twin_camera_go (TwinCamera           *camera,
                     const TwinCameraPose *pose,
                     int64_t               now_us,
                     int64_t               duration_us);

/* Brings the pose to @now_us; TRUE while a motion is under way. */
gboolean twin_camera_advance (TwinCamera *camera, int64_t now_us);

void twin_camera_view (const TwinCamera *camera, mat4 view);
void twin_camera_projection (const TwinCamera *camera, mat4 projection);
void twin_camera_eye (const TwinCamera *camera, float eye[3]);

TwinRay twin_camera_ray (const TwinCamera *camera, float x, float y);

/* projection × view: for many points at once. */
void twin_camera_view_projection (const TwinCamera *camera, mat4 matrix);

/* World point to pixels. FALSE behind the camera; @depth (0 near .. 1 far)
 * may be NULL. */
gboolean twin_camera_project (const TwinCamera *camera,
                              const float       point[3],
                              float            *x,
                              float            *y,
                              float            *depth);

/* The same with a matrix of twin_camera_view_projection. */
gboolean twin_camera_project_with (const TwinCamera *camera,
                                   mat4              matrix,
                                   const float       point[3],
                                   float            *x,
                                   float            *y,
                                   float            *depth);

G_END_DECLS
