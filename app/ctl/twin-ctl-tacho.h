/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-tacho.h - tacho pulses from a file */
#pragma once

#include "twin-ctl.h"
#include "twin-order.h"

G_BEGIN_DECLS

/* One pulse a line: its time in seconds from the recording's first sample, the
 * first number of the line; a first line without one is a heading. @start_s is
 * taken off (where the recording is read from there). */
gboolean twin_ctl_tacho_read (const char *path,
                              double      pulses_per_turn,
                              double      start_s,
                              TwinTrack  *track,
                              GError    **error);

G_END_DECLS
