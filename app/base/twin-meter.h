/* SPDX-License-Identifier: Apache-2.0 */
/* twin-meter.h - how long our own callbacks hold the main thread
 *
 * Main thread only. Times are kept in a histogram of fixed size: any number of
 * callbacks costs the same memory. Quantiles are read within 5 %.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct _TwinMeter TwinMeter;

typedef struct
{
  uint64_t    count;
  int64_t     p50_us, p99_us, max_us;
  const char *slowest; /* the callback that took max_us; "" before any */
} TwinMeterFigures;

TwinMeter *twin_meter_new (void);
void       twin_meter_free (TwinMeter *self);

/* @what: static text, the callback's name. */
void twin_meter_note (TwinMeter *self, const char *what, int64_t duration_us);

/* Since the start or the last reset. */
void twin_meter_read (const TwinMeter *self, TwinMeterFigures *figures);
void twin_meter_reset (TwinMeter *self);

G_END_DECLS
