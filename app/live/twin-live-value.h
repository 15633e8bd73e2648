/* SPDX-License-Identifier: Apache-2.0 */
/* twin-live-value.h - the latest value of one signal, with a short memory
 *
 * Main thread only. Property "serial" (uint) rises with every new value and
 * when it goes stale.
 */
#pragma once

#include <gio/gio.h>

#include "twin-update.h"

G_BEGIN_DECLS

enum
{
  TWIN_LIVE_VALUE_MEMORY = 240, /* points kept for a sparkline */
};

#define TWIN_TYPE_LIVE_VALUE (twin_live_value_get_type ())
G_DECLARE_FINAL_TYPE (TwinLiveValue, twin_live_value, TWIN, LIVE_VALUE, GObject)

TwinLiveValue *twin_live_value_new (TwinUpdate          *update,
                                    const TwinValueItem *item);

/* Never NULL; borrowed until the next turn of the main loop. */
const TwinValueItem *twin_live_value_get_item (TwinLiveValue *self);

void twin_live_value_take (TwinLiveValue       *self,
                           TwinUpdate          *update,
                           const TwinValueItem *item);

/* TRUE when the engine said so or its time passed since: a hung engine never
 * makes an old value look live. */
gboolean twin_live_value_is_stale (TwinLiveValue *self, int64_t now_us);

/* What it is expected to be at @now_us, in the wire's unit, with its standard
 * deviation: both move from the value measured last to what is usual while it
 * grows old. FALSE: not known yet. */
gboolean twin_live_value_expect (TwinLiveValue *self,
                                 int64_t        now_us,
                                 double        *expected,
                                 double        *sd);

/* "±0.4", 5 to 95 %, as shown to people; "" when it is not known. Caller
 * frees. */
char *twin_live_value_dup_spread (TwinLiveValue *self, int64_t now_us);

/* The last values in order of arrival, in the wire's unit: @times_us and
 * @values are borrowed; returns how many. NaN marks a missing value. */
size_t twin_live_value_get_memory (TwinLiveValue  *self,
                                   const int64_t **times_us,
                                   const double  **values);

/* Value and unit as shown to people: m/s becomes mm/s, Cel °C, 1/min rpm.
 * @digits chosen by magnitude. Caller frees. "–" when there is none. */
char       *twin_live_value_dup_number (TwinLiveValue *self);
const char *twin_live_display_unit (const char *senml_unit);
double      twin_live_display_value (const char *senml_unit, double value);

/* "0.4 s", "14 min", "3 h 12 min", "6 d"; "never" for TWIN_TIME_NONE. Caller
 * frees. */
char *twin_live_dup_age (int64_t time_us, int64_t now_us);

/* "12–31 days", "≥ 60 days", "38 min": a span of remaining life from 5 to 95
 * %, or the lower bound, or NULL when nothing is known. Caller frees. */
char *twin_live_dup_life_span (const TwinStateItem *state);

G_END_DECLS
