/* SPDX-License-Identifier: Apache-2.0
 *
 * options.h - what the command line of twin-node asks for
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <glib.h>

typedef struct
{
  char    *fleet, *node, *broker, *state, *replay, *replay_data, *factory;
  char    *ca, *cert, *key;
  double   rate, rpm, scale, age_scale, time_scale;
  char   **faults; /* "[NODE/]NAME[:SEVERITY]@SECONDS", or NULL */
  gint64   seed, cut_power_after;
  gboolean console, list_faults, no_rtc, verbose, version;
} options;

/* False and an error for whoever typed it; what was set stays the caller's to
 * clear. */
gboolean options_parse (int *argc, char ***argv, options *o, GError **error);

void options_clear (options *o);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (options, options_clear)

#endif
