/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rul-record.h - what became of past predictions
 *
 * A life ends when the index passes the threshold that was predicted, or, cut
 * short, when maintenance is done before: then it is only known that it lasted
 * at least that long. Pure functions, any thread.
 */
#pragma once

#include "twin-rul.h"

G_BEGIN_DECLS

/* A prediction as it was made; NaN: not stated. */
typedef struct
{
  int64_t made_us;
  double  p05_s, p25_s, p50_s, p75_s, p95_s, lower_s; /* from then */
} TwinRulSaid;

typedef enum
{
  TWIN_RUL_RUNNING,    /* until now */
  TWIN_RUL_ENDED,      /* the threshold was passed */
  TWIN_RUL_MAINTAINED, /* something was done before that */
} TwinRulFate;

typedef enum
{
  TWIN_RUL_VERDICT_OPEN,  /* not contradicted so far */
  TWIN_RUL_VERDICT_HELD,  /* the end came inside 5..95 %, or after the bound */
  TWIN_RUL_VERDICT_EARLY, /* the end came before it */
  TWIN_RUL_VERDICT_LATE,  /* it lasts, or lasted, longer than 95 % */
  TWIN_RUL_VERDICT_CUT,   /* maintenance came first: nobody will know */
  TWIN_RUL_VERDICT_NONE,  /* neither interval nor bound was stated */
} TwinRulVerdict;

/* "open", "held", "early", "late", "cut", "none". */
const char *twin_rul_verdict_name (TwinRulVerdict verdict);

/* @lasted_s: from the prediction to the end, the maintenance, or now. */
TwinRulVerdict twin_rul_judge (const TwinRulSaid *said,
                               TwinRulFate        fate,
                               double             lasted_s);

/* When the smoothed index first passed @threshold after @from_us for five
 * records in a row; TWIN_TIME_NONE: it did not. */
int64_t twin_rul_find_end (const int64_t *times_us,
                           const double  *index,
                           size_t         n,
                           int64_t        from_us,
                           double         threshold);

/* What ended a life: the threshold was passed, or maintenance was done. */
typedef struct
{
  int64_t     time_us;
  TwinRulFate fate; /* not RUNNING */
} TwinRulEnd;

/* The fate of what was said at @made_us, by the first of @ends (ascending)
 * after it; @lasted_s: from then to that end, or to @now_us. */
TwinRulFate twin_rul_fate (int64_t           made_us,
                           const TwinRulEnd *ends,
                           size_t            n_ends,
                           int64_t           now_us,
                           double           *lasted_s);

/* Whether a life had ended and nothing was done yet: what is said then is no
 * prediction any more. */
gboolean twin_rul_is_over (int64_t           made_us,
                           const TwinRulEnd *ends,
                           size_t            n_ends);

/* One that counts for the calibration. */
typedef struct
{
  TwinRulSaid said;
  TwinRulFate fate;
  double      lasted_s;
} TwinRulCase;

/* The first interval stated in each life; @said ascending. Appends to @cases
 * (TwinRulCase). */
void twin_rul_cases (const TwinRulSaid *said,
                     size_t             n,
                     const TwinRulEnd  *ends,
                     size_t             n_ends,
                     int64_t            now_us,
                     GArray            *cases);

typedef struct
{
  size_t n;         /* cases with an interval */
  size_t ended;     /* of them came to their end, or outlasted the interval */
  size_t cut;       /* by maintenance */
  size_t open;      /* still running inside it */
  double inside;    /* share of ends inside 5..95 %; NaN: none ended */
  double low, high; /* 95 % interval of that share, by the ended ones */
} TwinRulCalibration;

/**
 * twin_rul_calibrate:
 * @cases: independent ones: one a machine and life, the first interval stated
 *
 * Those cut short and those still running count for as long as they are known
 * to have lasted (Kaplan & Meier 1958, over the level of the stated
 * distribution at which each ended), so neither is taken for a success or for
 * a failure.
 */
void twin_rul_calibrate (const TwinRulCase  *cases,
                         size_t              n,
                         TwinRulCalibration *out);

/* "All machines: 8 of 9 ends inside 5–95 % (89 %, 57 to 98 %; 90 % promised);
 * 3 cut by maintenance, 2 still open." Caller frees. */
char *twin_rul_calibration_text (const TwinRulCalibration *held);

G_END_DECLS
