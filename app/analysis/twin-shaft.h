/* SPDX-License-Identifier: Apache-2.0 */
/* twin-shaft.h - does the record turn as fast as it is said to?
 *
 * No I/O; a TwinTransform belongs to one thread at a time.
 */
#pragma once

#include "twin-transform.h"

G_BEGIN_DECLS

typedef struct
{
  double   hz;        /* best value: as given, or as the lines say */
  double   strength;  /* summed ln of line over floor, five harmonics */
  gboolean steady;    /* a line at hz is clear and sharp: the speed does not
                         change within the record */
  gboolean corrected; /* the lines contradict the speed given */
  gboolean refuted;   /* so much that no speed can be trusted */
  double   other_hz;  /* refuted: where the lines lie instead */
} TwinShaftCheck;

/* @samples: without mean, @n as trimmed; @trusted: measured, then only ±0.4 %
 * are taken over, though a contradiction is still reported. */
void twin_shaft_check (TwinTransform  *transform,
                       const float    *samples,
                       size_t          n,
                       double          rate_hz,
                       double          shaft_hz,
                       gboolean        trusted,
                       TwinShaftCheck *out);

G_END_DECLS
