/* SPDX-License-Identifier: Apache-2.0
 *
 * injection.h - faults that begin at a given time: --fault
 */
#ifndef INJECTION_H
#define INJECTION_H

#include <glib.h>

#include "faults.h"

typedef struct
{
  char     *node; /* NULL: all of them */
  sim_fault fault;
  double    severity;
  double    at_s; /* after the start of the program */
} injection;

/* Parse "[NODE/]NAME[:SEVERITY]@SECONDS" each; an array of injection in the
 * order of their times. @specs may be NULL. NULL and @error: one cannot be
 * read. */
GPtrArray *injections_parse (char *const *specs, GError **error);

/* A line a fault: name, default severity, effect. */
void injections_list (void);

#endif
