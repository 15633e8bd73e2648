/* SPDX-License-Identifier: Apache-2.0 */
/* engine-bench.h - an engine on a store of its own, fed without a network
 *
 * Messages go into the engine's queue as the network thread would put them;
 * updates are kept for looking at. Main thread, but for the sink.
 */
#pragma once

#include "twin-engine-private.h"

G_BEGIN_DECLS

typedef struct
{
  char       *folder, *store;
  TwinEngine *engine;
  TwinLock    lock;
  TwinCond    came;
  GPtrArray  *updates; /* guarded by lock */
  uint8_t     ring[TWIN_RING_SIZE];
} EngineBench;

EngineBench *engine_bench_new (void);
void         engine_bench_free (EngineBench *self);

/* Imports a plant of one machine, "fan", with a bearing at its drive end. */
void engine_bench_import (EngineBench *self);

/* Without its threads: the caller is the pipeline. */
void engine_bench_open (EngineBench *self);
void engine_bench_start (EngineBench *self);
/* Drains and commits. */
void engine_bench_stop (EngineBench *self);

void engine_bench_feed (EngineBench *self, const char *topic, GBytes *payload);

/* A record of node @node with one number. */
void engine_bench_record (EngineBench *self,
                          const char  *node,
                          uint64_t     seq,
                          const char  *name,
                          double       value,
                          int64_t      time_us);
/* Birth of a node that serves @twin. */
void engine_bench_birth (EngineBench *self, const char *node, const char *twin);

/* Waits, at most 10 s, until @wanted says that an update is the one. Returns a
 * reference or NULL. */
TwinUpdate *engine_bench_wait (EngineBench *self,
                               gboolean (*wanted) (const TwinUpdate *update,
                                                   const void       *data),
                               const void *data);

G_END_DECLS
