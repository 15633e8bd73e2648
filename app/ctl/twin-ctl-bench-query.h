/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-bench-query.h - the query classes that are timed, each beside SQL
 * written by hand over the same tables
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  const char *query;
  /* The same rows: the values in the query's order. ?1 is the time that both
   * count from, ?2 that of the query's @then, before the edits. */
  const char *sql;
  gboolean    documents; /* the query's rows are whole twins: only their ids,
                          * the SQL's first column, are compared */
} TwinCtlBenchClass;

/* Over the plant of twin-ctl-bench-plant.h; a row without a name ends it. */
extern const TwinCtlBenchClass twin_ctl_bench_classes[];

G_END_DECLS
