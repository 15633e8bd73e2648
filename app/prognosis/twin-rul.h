/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rul.h - remaining useful life from a health index
 *
 * The index is ln (level / baseline): 0 when as usual, rising with wear. After
 * a present onset the level grows exponentially (Gebraeel et al. 2005), so the
 * index grows along a line with noise and diffusion; the rate's posterior gives
 * the first passage of a threshold that is itself uncertain. Without a present
 * trend no date is given: only a lower bound from the fleet's lives.
 *
 * An onset is looked for anew each time; nothing is latched. Pure functions,
 * any thread; the same input gives the same output (fixed seed).
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What is believed before the data speak; twin_rul_prior_default() has the
 * defaults. */
typedef struct
{
  double threshold;                /* index at which the part is used up */
  double threshold_sd;             /* and how uncertain that is, > 0 */
  double ln_rate_mean, ln_rate_sd; /* of ln (index per second) after onset */
  double ln_life_mean, ln_life_sd; /* of ln (life in seconds); sd 0: no fleet */
  int    fleet;                    /* lives behind it */
  double age_s; /* run since new or maintenance; NaN: not known */
  /* What a present onset means, from such lives: how long from onset to end, of
   * ln seconds; sd 0: not known. */
  double ln_since_mean, ln_since_sd;
  int    onsets;      /* behind it */
  double onset_least; /* a rise under it is no onset; 0: ln 1.5 */
  double life_l10_s;  /* ISO 281 rating life at this load and speed; 0: not
                         known. Bounds the life where there is no fleet */
} TwinRulPrior;

void twin_rul_prior_default (TwinRulPrior *prior);

enum
{
  TWIN_RUL_SAMPLES = 201,
};

/* What the samples of a remaining life come from. */
typedef enum
{
  TWIN_RUL_FROM_NOTHING, /* there are none: all are NaN */
  TWIN_RUL_FROM_TREND,   /* this machine's own trend; estimable */
  TWIN_RUL_FROM_FLEET,   /* lives of its kind, given survival to its age */
  TWIN_RUL_FROM_RATING,  /* the same from the ISO 281 rating life */
} TwinRulBasis;

typedef struct
{
  gboolean estimable;
  double   p05_s, p25_s, p50_s, p75_s, p95_s; /* from now; NaN: not estimable */
  double   lower_bound_s;    /* remaining life is at least this with 95 %; NaN:
                                nothing is known */
  double  index_now, sigma;  /* smoothed index, its scatter */
  double  rate_per_s;        /* median growth of the index; NaN: no trend */
  int64_t onset_us;          /* TWIN_TIME_NONE: no present onset */
  double  index_se, rate_sd; /* standard errors, for the fan */
  double  diffusion;         /* index² per second */
  char    why[192];          /* one sentence */
  /* The distribution of the remaining life: as many samples of one weight
   * each, ascending, seconds from now, finite, ≥ 0. Sample i is the quantile
   * twin_rul_sample_level (i); the middle one the median. There may be some
   * where there is no estimate: samples_from says what they are worth. */
  TwinRulBasis samples_from;
  double       samples_s[TWIN_RUL_SAMPLES];
} TwinRul;

/**
 * twin_rul_estimate:
 * @times_us: ascending
 * @index: NaN marks a gap
 * @now_us: not before the last time
 * @prior: NULL: the defaults
 */
void twin_rul_estimate (const int64_t      *times_us,
                        const double       *index,
                        size_t              n,
                        int64_t             now_us,
                        const TwinRulPrior *prior,
                        TwinRul            *out);

/* (i + ½) / TWIN_RUL_SAMPLES, @i from 0. The chance of failure before m is the
 * share of samples under m. */
double twin_rul_sample_level (int i);

/* The fan chart: quantile @q (0..1, exclusive) of the index @ahead_s (≥ 0) from
 * now; NaN without a present trend. */
double twin_rul_index_ahead (const TwinRul *rul, double ahead_s, double q);

G_END_DECLS
