/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-words.h - what is known of a machine, in words
 *
 * Pure but for the translation and the local time zone. Main thread.
 */
#pragma once

#include "twin-update.h"

G_BEGIN_DECLS

/* "Thu 3 Dec"; with the time of day when it is less than two days from
 * @now_us. NULL for TWIN_TIME_NONE. Caller frees. */
char *twin_words_dup_date (int64_t time_us, int64_t now_us);

/* "12 d", "5 h", "40 min": a span of seconds in one unit. Caller frees. */
char *twin_words_dup_span (double seconds);

/* "13–38 d" from two spans, in the unit of the longer one. Caller frees. */
char *twin_words_dup_range (double from_s, double to_s);

/**
 * twin_words_failure_chance:
 * @quantiles_s: remaining life at 5, 25, 50, 75, 95 %, ascending
 * @after_s: from now
 *
 * Chance of failure before then, by straight lines between the quantiles and
 * from 0 at now; 0.95 and more is said as 0.95. NaN when a quantile is.
 */
double twin_words_failure_chance (const double quantiles_s[5], double after_s);

/* Tone family that a verdict of the diagnosis speaks of, "outer" → "BPFO";
 * NULL when it names none. */
const char *twin_words_family_of (const char *verdict);

/* "Outer race", "no bearing fault found", … Translated, static. */
const char *twin_words_verdict (const char *verdict);

G_END_DECLS
