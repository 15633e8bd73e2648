/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-bench-run.h - what a whole process costs, for the benches */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double wall_s;
  double processor_s; /* user and system, all threads */
  double peak_bytes;  /* resident */
} TwinCtlBenchRun;

/* This program's own file. */
const char *twin_ctl_bench_self (void);

/* Runs @argv (NULL-terminated, argv[0] by path) to its end with its output
 * thrown away. FALSE when it cannot be run or does not end with 0; the error
 * has the first line it said on stderr. Not while other children run. */
gboolean twin_ctl_bench_spawn (const char *const *argv,
                               TwinCtlBenchRun   *run,
                               GError           **error);

G_END_DECLS
