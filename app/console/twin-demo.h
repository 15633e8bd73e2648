/* SPDX-License-Identifier: Apache-2.0 */
/* twin-demo.h - a plant of its own: broker, simulated nodes, store in one
 * folder
 *
 * Main thread only. Store and flash files lie together in one folder and go
 * together; the broker listens on a free loopback port.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _TwinDemo TwinDemo;

typedef struct
{
  const char *folder;   /* NULL: a fresh temporary one, removed at the end */
  const char *data_dir; /* holds demo/plant.json */
  const char *node_program; /* path of twin-node */
  const char *recordings;   /* folder with cwru/, or NULL: no test rig */
  guint       seed;         /* 0: chosen */
  double      age_scale;
} TwinDemoOptions;

/* Starts the broker, waits until it listens, then starts the nodes. An error
 * names the program that is missing or failed, and why. */
TwinDemo *twin_demo_start (const TwinDemoOptions *options, GError **error);

const char *twin_demo_get_broker (TwinDemo *self);
const char *twin_demo_get_store (TwinDemo *self);
const char *twin_demo_get_folder (TwinDemo *self);

/* Imports are the caller's: models and graph as the session wants them. */

/* Ends what was started, by its process id, and waits for it. */
void twin_demo_stop (TwinDemo *self);

G_END_DECLS
