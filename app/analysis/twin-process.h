/* SPDX-License-Identifier: Apache-2.0 */
/* twin-process.h - anomaly of slow signals, one or many: T² and Q of change
 *
 * Slow signals wander: a level learnt last week says little about today's. So
 * what is judged is how far each variable's short-term level has moved from
 * its own recent past (a reference that lags and stands still while abnormal),
 * measured by how far it moved over the same span while all was well. The
 * standardised changes are judged together on principal components: Hotelling's
 * T² of those that carry 90 % of the variance, Q (squared prediction error) of
 * the rest, with a limit by Box (Ann. Math. Stat. 25 (1954) 290). Jackson,
 * A User's Guide to Principal Components (1991), chapters 1 and 2. The changes
 * are autocorrelated, so the limits count independent spans, not rows: each
 * component goes through Student's distribution of that many degrees of freedom
 * before it is squared. For the same reason correlations are taken with a grain
 * of salt: as if p horizons without any had been seen as well.
 *
 * Any unit, any rate; a row without a value has NaN there. No I/O, no globals:
 * each thread has its own objects.
 */
#pragma once

#include <glib.h>

#include "twin-linear.h"

G_BEGIN_DECLS

#define TWIN_PROCESS_VARIABLES TWIN_LINEAR_MAX

/* Rows over which a change is measured: an eighth of what is learnt from, so
 * that eight of them are known, and no more than this. Slower
 * wandering is followed. */
#define TWIN_PROCESS_HORIZON_MAX 100
#define TWIN_PROCESS_ROWS_LEAST 40

/* False alarms: 0.27 % of independent horizons, the three standard deviations
 * of Shewhart's charts. */
#define TWIN_PROCESS_ALPHA 0.0027

/* What is usual; variances in the square of each variable's unit. Copied by
 * assignment. */
typedef struct
{
  unsigned p;                             /* variables */
  unsigned horizon;                       /* rows */
  double   effective;                     /* horizons learnt from */
  double   together;                      /* the same, behind the correlation */
  double   noise[TWIN_PROCESS_VARIABLES]; /* of the change: comes at once */
  double   wander[TWIN_PROCESS_VARIABLES]; /* grows with the span */
  /* p × p, of the standardised changes. A variable that stood still has 0 on
   * its diagonal, and is not judged. */
  double correlation[TWIN_PROCESS_VARIABLES * TWIN_PROCESS_VARIABLES];
} TwinProcessModel;

typedef struct
{
  double   score;     /* 0 to 100, 50 at the limit; 0 while learning */
  double   ratio;     /* the worse of T² and Q over its limit */
  double   t2, q;     /* each over its limit */
  gboolean alarm;     /* from the limit on, until not unusual (5 %) */
  unsigned driver;    /* the variable that is furthest off */
  double   deviation; /* of the driver, in its standard deviations; signed */
} TwinProcessScore;

/* Learns from @n rows (row by row, @p values each) in order.
 * @horizon: rows, or 0: by the rule above; 2 to
 *   TWIN_PROCESS_HORIZON_MAX and half of @n
 * FALSE: fewer than TWIN_PROCESS_ROWS_LEAST rows, no or too many variables, or
 * none that moves. */
gboolean twin_process_learn (TwinProcessModel *self,
                             const double     *rows,
                             size_t            n,
                             unsigned          p,
                             unsigned          horizon);

/* Learns more from a further run of the same variables: both count by their
 * independent changes. */
void twin_process_join (TwinProcessModel *self, const TwinProcessModel *other);

/* Takes how the variables move together from @other as well, but not how far:
 * that is of the operating point. */
void twin_process_join_correlation (TwinProcessModel       *self,
                                    const TwinProcessModel *other);

typedef struct _TwinProcess TwinProcess;

/* @model is copied. */
TwinProcess *twin_process_new (const TwinProcessModel *model);
void         twin_process_free (TwinProcess *self);

/* The next row (p values). The first horizon ones, or those that
 * twin_process_settle is given before, set the reference and are not judged.
 * Spread and correlation go on being learnt from what is normal, and from
 * excursions that end by themselves within a horizon. */
void twin_process_push (TwinProcess      *self,
                        const double     *row,
                        TwinProcessScore *out);

/* The next row, known to be normal: sets the reference and is not judged. */
void twin_process_settle (TwinProcess *self, const double *row);

/* When the level of @values changed: the split that is most likely for normal
 * noise, as the first index after it (1 to n - 1); @likelihood: of a change
 * against none, in log units, or NULL. 0: fewer than 4 values, or all equal.
 * Basseville & Nikiforov, Detection of Abrupt Changes (1993), 2.4. */
size_t twin_process_change (const double *values, size_t n, double *likelihood);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinProcess, twin_process_free)

G_END_DECLS
