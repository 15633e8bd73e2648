/* SPDX-License-Identifier: Apache-2.0 */
/* twin-shape.h - the machine shapes, each at several levels of detail
 *
 * A shape stands on the floor at 0,0 with its shaft along z and its motor
 * towards +z. Metres. Built once, constant afterwards. One thread.
 */
#pragma once

#include "twin-mesh.h"
#include "twin-scene.h"

G_BEGIN_DECLS

/* 0 for a machine that fills a view … 3 for a speck. */
#define TWIN_SHAPE_LEVELS 4

typedef struct
{
  TwinMesh body[TWIN_SHAPE_LEVELS];
  TwinMesh rotor[TWIN_SHAPE_LEVELS]; /* turns about z; may be empty */
  float    shaft_height;
  float    min[3]; /* around body and rotor of every level */
  float    max[3];
  float    radius; /* of a sphere about half its height over its place */
  float    top[3]; /* where a flag's leader ends */
  float    label[3];
} TwinShape;

void twin_shape_build (TwinShape *shape, TwinSceneShape kind);
void twin_shape_clear (TwinShape *shape);

G_END_DECLS
