/* SPDX-License-Identifier: Apache-2.0 */
/* twin-clock.h - time as the whole program counts it
 *
 * Absolute time is integer microseconds since 1970-01-01 UTC; intervals are
 * measured on the monotonic clock. Tests inject a clock of their own. Any
 * thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

#define TWIN_US_PER_S INT64_C (1000000)

/* Stands where an absolute time is not known. */
#define TWIN_TIME_NONE INT64_MIN

int64_t twin_clock_utc_us (void);
int64_t twin_clock_monotonic_us (void);

/* A source of time that a test can set; NULL members mean the real clocks. */
typedef struct
{
  int64_t (*utc_us) (void *user_data);
  int64_t (*monotonic_us) (void *user_data);
  void *user_data;
} TwinClock;

int64_t twin_clock_now_utc (const TwinClock *clock);
int64_t twin_clock_now_monotonic (const TwinClock *clock);

/* Seconds (SenML's float64) to microseconds and back; the round trip of any
 * time between 1970 and 2100 is exact to the microsecond. Returns
 * TWIN_TIME_NONE for NaN, infinities and what does not fit. */
int64_t twin_clock_us_from_seconds (double seconds);
double  twin_clock_seconds_from_us (int64_t us);

/* "2026-11-24T10:42:18.123Z"; caller frees. */
char *twin_clock_format_utc (int64_t utc_us);

/* Parses ISO 8601 with a zone ("…Z" or "+01:00"); FALSE when it is none. */
gboolean twin_clock_parse_utc (const char *text, int64_t *utc_us);

G_END_DECLS
