/* SPDX-License-Identifier: Apache-2.0 */
/* twin-report.h - what the console sees, one line a second on stdout
 *
 * For runs without a display and for measuring: rates, gaps, alarms, memory,
 * and how long our own callbacks held the main thread. Main thread only.
 */
#pragma once

#include "twin-live-plant.h"
#include "twin-meter.h"

G_BEGIN_DECLS

/* @seconds: since the start of the run. */
void twin_report_print (TwinLivePlant   *plant,
                        const TwinMeter *main_thread,
                        const TwinMeter *gl,
                        double           seconds);

/* The closing figures: main thread p50, p99, max against the bars. */
void twin_report_print_summary (const TwinMeter *main_thread,
                                const TwinMeter *gl);

/* Resident memory of this process in bytes; 0 where it cannot be read. */
uint64_t twin_report_get_resident (void);

G_END_DECLS
