/* SPDX-License-Identifier: Apache-2.0 */
/* twin-drift.h - whether a channel drifts away from what explains it
 *
 * CUSUM (Page 1954) on 10-minute means of a residual, k = 0.5, h = 12, counted
 * in deviations of the first 24 hours, the reference. Residuals wander, so the
 * deviation is that of independent means whose sums would wander as much: the
 * measured one times √((1 + ρ)/(1 - ρ)), ρ their lag-1 autocorrelation. Less
 * than ten steps of the sensor is not told. Plain data; pure functions, any
 * thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

#define TWIN_DRIFT_LEAST_K 0.3

enum
{
  TWIN_DRIFT_REFERENCE = 144, /* 10-minute means */
};

/* All zero: begins. */
typedef struct
{
  unsigned n;         /* means of the reference so far */
  double   mean, sd;  /* of the reference, when it is whole */
  double   up, down;  /* the sums; alarm at 12, held at 24 */
  double   level;     /* smoothed mean - reference, over an hour */
  int      direction; /* +1, -1: it drifts; 0: it does not */
  int64_t  since_us;  /* when the sum that tells so began to grow */
  /*< private >*/
  int64_t up_since_us, down_since_us, slot_us;
  double  slot_sum;
  int     slot_n;
  float   reference[TWIN_DRIFT_REFERENCE];
} TwinDrift;

/* @time_us: not before the last one's; @value NaN: none. A fault that is
 * there in the reference is taken as usual. */
void twin_drift_add (TwinDrift *self, int64_t time_us, double value);

gboolean twin_drift_is_ready (const TwinDrift *self);

/* From a reference that was kept; its sums begin anew. */
void twin_drift_restore (TwinDrift *self, double mean, double sd);

/* "no reference yet: 6 of 24 h", "steady", "drifts up: +1.3 K in 9 h". */
char *twin_drift_describe (const TwinDrift *self, int64_t now_us);

/* --- redundancy --------------------------------------------------------------
 */
enum
{
  TWIN_VOTE_AGREE = -1,     /* no two differ by more than is allowed */
  TWIN_VOTE_UNDECIDED = -2, /* they differ, and no single one is the odd one */
};

/* 2 of 3 and the like: the index of the one of @values (NaN: no vote) without
 * which all others agree within @tolerance while with it they do not. Two
 * alone can only agree or be undecided. */
int twin_vote (const double *values, size_t n, double tolerance);

G_END_DECLS
