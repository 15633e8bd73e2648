/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-bench-live.h - telemetry, tags, groups and edits for a bench's plant
 *
 * Any thread; the store must not be open elsewhere for writing.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * twin_ctl_bench_live_write:
 * @store: an imported plant of twin-ctl-bench-plant.h
 * @now_us: when its newest sample is
 *
 * Adds "temperature" of up to 3,000 TemperatureSensors, every half minute for
 * two hours, sealed; the tag "line 7" for 2,000 machines; the groups "shift"
 * (500 machines) and "fast" (machines with speed > 3500); and at @now_us + 10 s
 * another health for 5,000 parts.
 */
gboolean twin_ctl_bench_live_write (const char *store,
                                    gint64      now_us,
                                    GError    **error);

G_END_DECLS
