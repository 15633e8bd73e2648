/* SPDX-License-Identifier: Apache-2.0 */
/* twin-quality.h - is a record fit to be judged, and if not, what is wrong?
 *
 * Thresholds are of the signal's own statistics or of physics (gravity, the
 * mains), none of a machine; each stands with its reason in the source. No I/O;
 * a TwinTransform belongs to one thread at a time.
 */
#pragma once

#include "twin-signal.h"
#include "twin-transform.h"

G_BEGIN_DECLS

/* What is known of the record. All 0: nothing. */
typedef struct
{
  double   full_scale; /* the sensor's limit, unit of the samples */
  double   shaft_hz;   /* the speed given */
  double   mains_hz;   /* 50 or 60; 0: either */
  gboolean in_g;       /* samples are acceleration in g: bias is checked */
} TwinQualityContext;

/* What was found; figures are 0 where nothing was. */
typedef struct
{
  guint  flags;         /* TwinSignalFlag */
  double clipped_share; /* of the samples, 0 to 1 */
  double lost_share;    /* of the samples, in holes */
  size_t holes;
  double burst_share; /* of the energy, in bursts */
  size_t bursts;
  double mains_hz; /* whose lines carry mains_share of the power */
  double mains_share;
  double mean;         /* unit of the samples; NaN: not finite */
  double true_rate_hz; /* RATE: what the lines agree on */
} TwinRecordQuality;

/**
 * twin_quality_check:
 * @samples: at least 1024, or only NOT_FINITE and STUCK are looked for
 * @context: NULL: nothing is known, and the rate is not checked
 *
 * NOT_FINITE, STUCK, DROPOUT, CLIPPED, BURST, MAINS, BIAS, RATE. The speed is
 * twin_shaft_check()'s, copies are twin_quality_compare()'s.
 */
void twin_quality_check (TwinTransform            *transform,
                         const double             *samples,
                         size_t                    n,
                         double                    rate_hz,
                         const TwinQualityContext *context,
                         TwinRecordQuality        *out);

/* "1.2 % of the samples are clipped; a burst holds 40 % of the energy", without
 * a full stop; NULL when @flags (those of @quality and of others, such as
 * SPEED) hold nothing to be said. @quality may be NULL. Caller frees. */
char *twin_quality_sentence (const TwinRecordQuality *quality, guint flags);

/* --- two channels -------------------------------------------------------- */

typedef struct
{
  gboolean copy;      /* one signal in both, whatever its gain, delay, noise */
  double   breadth;   /* share of the band in which the two are coherent */
  double   agreement; /* 0 to 1: one gain and one delay explain that share */
  double   gain;      /* b over a */
  double   delay_s;   /* b behind a */
} TwinQualityCopy;

/* Two sensors of a machine hear the same lines, each through its own path: gain
 * and delay differ with frequency. A copy has one of each. @n of both, at least
 * 8192, or nothing is found. */
void twin_quality_compare (TwinTransform   *transform,
                           const double    *a,
                           const double    *b,
                           size_t           n,
                           double           rate_hz,
                           TwinQualityCopy *out);

G_END_DECLS
