/* SPDX-License-Identifier: Apache-2.0 */
/* twin-reliability.h - how often such a verdict was right, and who says so
 *
 * Whoever repaired a machine says whether the diagnosis was right. From the
 * journal of these outcomes, and from nothing else, follows how reliable a
 * later verdict of the same fault on the same class of machine is: a share p
 * with a Beta prior, so that the posterior is Beta (a, b) and the stated
 * reliability its mean with the 5 and 95 % quantiles.
 *
 * The prior stands for TWIN_RELIABILITY_WEIGHT cases. Its mean is that of the
 * measured verdicts (twin_reliability_measured) and of the outcomes of the
 * same fault on all other classes, pooled; so other classes and the rigs say
 * something where this one has no cases, and never more than that weight.
 *
 * The journal is only ever added to: an outcome is taken back by an entry that
 * names it, and that entry by another one. What counts is worked out from the
 * whole journal each time, so taking back is exact.
 *
 * Pure functions, any thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Cases of experience that the prior counts as: few enough that ten outcomes
 * outweigh it, enough that one does not turn everything over. */
#define TWIN_RELIABILITY_WEIGHT 4.0

/* How far experience moves a z, at most: a quarter of the margin by which an
 * element has to be ahead to be named. */
#define TWIN_RELIABILITY_SHIFT_MAX 0.5

typedef enum
{
  TWIN_OUTCOME_CONFIRMED, /* the part named was damaged */
  TWIN_OUTCOME_FALSE,     /* it was not */
  TWIN_OUTCOME_UNKNOWN,   /* nobody looked, or it could not be told */
} TwinOutcomeVerdict;

/* "confirmed", "false", "unknown". */
const char *twin_outcome_verdict_name (TwinOutcomeVerdict verdict);
gboolean    twin_outcome_verdict_parse (const char         *name,
                                        TwinOutcomeVerdict *verdict);

/* "inner", "outer", "ball", "cage", or a machine's: "unbalance" … */
gboolean twin_outcome_fault_is_known (const char *fault);

/* An entry of the journal; strings are borrowed. */
typedef struct
{
  int64_t            id;     /* above 0, ascending */
  int64_t            undoes; /* the entry it takes back; 0: it is an outcome */
  const char        *fault;  /* as diagnosed: "outer", "unbalance" … */
  TwinOutcomeVerdict verdict;
  const char        *class_name; /* of the machine; NULL: not known */
} TwinOutcome;

/* Whether entry @i counts: nobody took it back, or that was taken back. */
gboolean twin_outcome_counts (const TwinOutcome *journal, size_t n, size_t i);

typedef struct
{
  unsigned right, wrong, unclear;      /* of this fault and class */
  unsigned others_right, others_wrong; /* of this fault, other classes */
  double   prior;                      /* its mean, 0..1 */
  double   mean, p05, p95;             /* 0..1 */
} TwinReliability;

/* Named rightly and wrongly of @fault, as measured on real records at two
 * rigs (analytics.md 3.9: outer 44 and 7, inner 20 and 5, ball 5, none of them
 * wrong; the one name given to a sound bearing beside a faulty one counts
 * against every part; of machine faults nothing was measured on real ones). */
void twin_reliability_measured (const char *fault,
                                unsigned   *right,
                                unsigned   *wrong);

/* @journal: oldest first; @weight: cases the prior stands for, above 0. */
void twin_reliability_compute (const TwinOutcome *journal,
                               size_t             n,
                               const char        *fault,
                               const char        *class_name,
                               double             weight,
                               TwinReliability   *out);

/* What outcomes add to the z of an element when elements are ranked, within
 * ± TWIN_RELIABILITY_SHIFT_MAX; 0 without outcomes. The log odds that they
 * moved, over the threshold: for evidence that is normal under the null, the
 * log likelihood ratio grows by z for each unit of z. */
double twin_reliability_shift (const TwinReliability *self, const char *fault);

/* "92 % (79–99 %)": mean and interval. Caller frees. */
char *twin_reliability_format (const TwinReliability *self);

/* "right in 9 of 10 cases here, 74–98 %"; "not checked here yet; on test rigs
 * 51 of 51 were right". Caller frees. */
char *twin_reliability_describe (const TwinReliability *self,
                                 const char            *fault);

G_END_DECLS
