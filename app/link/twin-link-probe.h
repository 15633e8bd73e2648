/* SPDX-License-Identifier: Apache-2.0 */
/* twin-link-probe.h - is anybody listening there?
 *
 * Inside this folder only. libmosquitto either blocks for minutes on a silent
 * host or tries only the first of a name's addresses; so a line first opens a
 * plain connection itself: every address, with a deadline, interruptible.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* TRUE when @host accepts connections on @port. Else @cause (caller frees) is
 * why not: "connection refused", "the name is not known". @go_on is asked
 * every 100 ms and ends the probe by FALSE. */
gboolean twin_link_probe (const char *host,
                          uint16_t    port,
                          int64_t     timeout_us,
                          gboolean (*go_on) (void *user_data),
                          void  *user_data,
                          char **cause);

G_END_DECLS
