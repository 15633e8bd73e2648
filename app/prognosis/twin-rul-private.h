/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rul-private.h - the parts of an estimate */
#pragma once

#include "twin-rul.h"

G_BEGIN_DECLS

/* The series without gaps, smoothed. */
typedef struct
{
  double *t; /* seconds before now, negative */
  double *y;
  size_t  n;
  double  sigma; /* of one record about its trend */
} TwinRulSeries;

typedef struct
{
  double level, level_se; /* index now */
  double rate, rate_se;   /* per second */
  double diffusion;       /* index² per second */
  double change;          /* sd of ln (rate to come / rate) */
} TwinRulTrend;

enum
{
  TWIN_RUL_NEEDED = 12,   /* records since the onset before a rate is fitted */
  TWIN_RUL_SMOOTHING = 5, /* running median, records */
};

void twin_rul_series_load (TwinRulSeries *series,
                           const int64_t *times_us,
                           const double  *index,
                           size_t         n,
                           int64_t        now_us);
void twin_rul_series_clear (TwinRulSeries *series);

/* Where the index left the usual for good; SIZE_MAX: it has not. @least: a
 * rise under it does not count (0: ln 1.5). */
size_t twin_rul_series_onset (const TwinRulSeries *series, double least);

/* FALSE: too few records since @onset. */
gboolean twin_rul_trend_fit (const TwinRulSeries *series,
                             size_t               onset,
                             TwinRulTrend        *trend);

/* Remaining life that a share @alive of those like it exceed: from lives after
 * an onset @since_s ago (NaN: none is present), or from lives, or the rating
 * life; NaN where nothing is known. */
TwinRulBasis twin_rul_prior_basis (const TwinRulPrior *prior, double since_s);
double       twin_rul_prior_remaining (const TwinRulPrior *prior,
                                       double              since_s,
                                       double              alive);

double twin_rul_median (double *values, size_t n);

G_END_DECLS
