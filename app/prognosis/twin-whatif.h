/* SPDX-License-Identifier: Apache-2.0 */
/* twin-whatif.h - how a machine would fare otherwise, beside how it fares now
 *
 * Baseline and scenario are computed with the same particles, so that what is
 * the same on both sides differs by exactly nothing. Three levels:
 *
 *   closed  steady state by formulas, 256 particles          under 1 ms
 *   ODE     temperature, grease, damage and index over the
 *           horizon, 2000 particles, exact exponential steps  some 20 ms
 *   signal  the ODE, and four seconds of a simulated damaged
 *           bearing put to the diagnosis                      seconds
 *
 * Heat: T∞ = Ta + (K_load l s + K_speed s) f, where f stands for the grease;
 * film: κ = ν(T)/ν1(n) → aISO → L (ISO 281); wear: the remaining life shrinks
 * by the ratio of damage rates, (P'/P)^p (n'/n) (aISO/aISO'), p ~ N (3, 0.3).
 * Turning faster also builds film, and aISO may then grow more than the turns
 * cost: such a gain is not credited to the remaining life, nor is slowing down
 * where the thinner film eats it (running minimum over speed). The rated life
 * is ISO 281's own and is.
 *
 * Pure functions, any thread; the same question gives the same answer. A
 * quantity that is not known is NaN and stays so in what depends on it.
 */
#pragma once

#include <glib.h>

#include "twin-bearing.h"
#include "twin-lubrication.h"
#include "twin-rated-life.h"
#include "twin-rul.h"
#include "twin-thermal.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_WHATIF_CLOSED,
  TWIN_WHATIF_ODE,
  TWIN_WHATIF_SIGNAL,
  TWIN_WHATIF_LEVELS,
} TwinWhatifLevel;

/* "closed form", "ODE", "signal". */
const char *twin_whatif_level_name (TwinWhatifLevel level);

/* How the grease is; the rise of temperature follows: × 1, 1.3, 1.2. Starved
 * grease also builds a third of the film. */
typedef enum
{
  TWIN_GREASE_NORMAL,
  TWIN_GREASE_STARVED,
  TWIN_GREASE_TOO_MUCH,
} TwinGrease;

/* "normal", "starved", "too much"; -1: another word. */
const char *twin_grease_name (TwinGrease grease);
int         twin_grease_from_name (const char *name);

typedef enum
{
  TWIN_WORK_NONE,
  TWIN_WORK_REPLACE,  /* a new bearing: life and damage begin anew */
  TWIN_WORK_REGREASE, /* fresh grease, the right amount; damage is kept */
} TwinWork;

/* The twin as it is now; twin_whatif_state_init() makes all of it unknown but
 * for the customary values it names. */
typedef struct
{
  double load, speed; /* of rated, > 0 */
  double ambient_c;
  double rated_rpm, limit_rpm; /* NaN limit: 1.2 × rated */

  gboolean         has_thermal;
  TwinThermalModel thermal;
  double           thermal_share; /* its parameters are known to; 0.05 */
  double           residual_sd_k; /* 0.5: what it misses at best */
  double           rise_factor;   /* present rise over the model's; 1 */
  double           temperature_c; /* now; NaN: as in the steady state */

  TwinRolling rolling;
  TwinBearing bearing; /* ratings, geometry; 0: not known */
  double      load_kn; /* equivalent bearing load at rated load */
  TwinOil     oil;     /* ISO VG 100 */
  double      ec;      /* contamination factor, 0.55: sealed */
  double      damage;  /* Miner's sum so far; NaN */

  TwinGrease grease;
  double     grease_age_h;  /* NaN: not known, then it does not age */
  double     grease_life_h; /* at 70 °C; 20,000 */

  TwinRulBasis basis;
  double       rul_s[TWIN_RUL_SAMPLES]; /* ascending; of basis NOTHING unused */
  double       lower_s;                 /* NaN: none */
  double       index, threshold;        /* health index; NaN: no trend */
  double ln_life_mean, ln_life_sd; /* of a new part's ln (life in s); sd 0: the
                                      rated life, else not known */
  double rated_kw;
} TwinWhatifState;

void twin_whatif_state_init (TwinWhatifState *state);
/* Takes over samples, basis, lower bound and index. */
void twin_whatif_state_set_rul (TwinWhatifState    *state,
                                const TwinRul      *rul,
                                const TwinRulPrior *prior);

typedef struct
{
  double planned;   /* of a planned stop, part and work included */
  double unplanned; /* of a failure, damage and lost production included */
  double kwh;       /* of a kilowatt hour */
} TwinPrices;

/* What is changed. twin_whatif_scenario_init(): nothing. */
typedef struct
{
  double     load, speed; /* × the present: 0.5..1.5, 0.5..1.2 */
  double     ambient_c;   /* -20..50; NaN: as now */
  double     kappa;  /* > 0: the viscosity ratio itself; NaN: by temperature */
  double     ec;     /* 0..1; NaN: as now */
  int        grease; /* TwinGrease; -1: as now */
  double     grease_age_h; /* ≥ 0; NaN: as now */
  TwinWork   work;
  double     work_s;    /* from now, ≥ 0; of WORK_NONE unused */
  double     horizon_s; /* 1 h..10 a */
  TwinPrices prices;    /* any currency, ≥ 0; NaN: not known */
  int fault; /* TwinElement that the signal level damages: inner, outer, none */
} TwinWhatifScenario;

void twin_whatif_scenario_init (TwinWhatifScenario *scenario);

typedef enum
{
  TWIN_WHATIF_ERROR_RANGE,   /* an input beyond what may be asked */
  TWIN_WHATIF_ERROR_LIMIT,   /* the bearing's load or the speed limit */
  TWIN_WHATIF_ERROR_UNKNOWN, /* what the question needs is not known */
} TwinWhatifError;

#define TWIN_WHATIF_ERROR (twin_whatif_error_quark ())
GQuark twin_whatif_error_quark (void);

/* 5, 50, 95 %; NaN: not known. */
typedef struct
{
  double p05, p50, p95;
} TwinRange;

#define TWIN_WHATIF_POINTS 33

typedef struct
{
  double    load, speed, rpm, ambient_c; /* as computed with */
  TwinRange temperature_c; /* steady state; ODE: at the end of the horizon, or
                              at the work if that comes first */
  double    kappa, aiso;
  double    rated_h;     /* Lnm at this load, speed and film, hours */
  TwinRange fatigue_h;   /* (1 - D) Lnm */
  double    life_factor; /* remaining life over the baseline's, median */
  TwinRange rul_s;       /* to the next failure; NaN: not estimable */
  double    lower_s;     /* at least this with 95 % */
  double    grease_h;    /* until the grease is used up; NaN */
  double    chance;      /* of a failure before the work, or the horizon */
  TwinRange cost;        /* over the horizon */
  double    cost_mean;
  /* The course, from now to the horizon. */
  double    at_s[TWIN_WHATIF_POINTS];
  TwinRange t_c[TWIN_WHATIF_POINTS];
  TwinRange d[TWIN_WHATIF_POINTS];      /* Miner's sum */
  double    failed[TWIN_WHATIF_POINTS]; /* chance of a failure by then */
} TwinWhatifSide;

/* Scenario less baseline, particle by particle. */
typedef struct
{
  TwinRange temperature_k, fatigue_h, rul_s, cost;
  double    cost_mean, chance;
} TwinWhatifDifference;

/* What the signal level heard. */
typedef struct
{
  int    verdict, suspected; /* TwinElement */
  double z, margin, kurtosis, rms_g;
  char   why[256];
} TwinWhatifSignal;

typedef struct
{
  TwinWhatifLevel      level;
  TwinWhatifSide       baseline, scenario;
  TwinWhatifDifference difference;
  gboolean             has_signal;
  TwinWhatifSignal     signal;
  char notes[512]; /* what was assumed or is missing; sentences */
} TwinWhatifAnswer;

/**
 * twin_whatif_check:
 *
 * FALSE with a sentence: an input out of its range, C0/P under 1, or the speed
 * over its limit.
 */
gboolean twin_whatif_check (const TwinWhatifState    *state,
                            const TwinWhatifScenario *scenario,
                            GError                  **error);

/* Checks, then computes at @level. */
gboolean twin_whatif_answer (const TwinWhatifState    *state,
                             const TwinWhatifScenario *scenario,
                             TwinWhatifLevel           level,
                             TwinWhatifAnswer         *out,
                             GError                  **error);

/* --- which level ------------------------------------------------------------
 */

/* What the levels have cost so far; belongs to one thread. */
typedef struct
{
  double ms[TWIN_WHATIF_LEVELS]; /* EWMA (0.2) of what was measured */
} TwinWhatifTimes;

void twin_whatif_times_init (TwinWhatifTimes *self);
void twin_whatif_times_add (TwinWhatifTimes *self,
                            TwinWhatifLevel  level,
                            double           ms);
/* 1.5 × that. */
double twin_whatif_times_estimate (const TwinWhatifTimes *self,
                                   TwinWhatifLevel        level);
/* Relative error of the remaining life that a level is good for: 0.30 closed,
 * 0.10 the others. */
double twin_whatif_level_error (TwinWhatifLevel level);

typedef struct
{
  double   accuracy;  /* relative error wanted, > 0; NaN: any */
  double   budget_ms; /* NaN: any */
  gboolean signal;    /* how it would sound is asked too */
} TwinWhatifWish;

typedef struct
{
  TwinWhatifLevel level;
  gboolean        accuracy_met;
  double          estimate_ms;
  char            reason[192]; /* a sentence */
} TwinWhatifChoice;

/* The cheapest level that is accurate and fast enough; where none is, the
 * fastest, and accuracy_met is FALSE. */
void twin_whatif_choose (const TwinWhatifTimes *times,
                         const TwinWhatifWish  *wish,
                         TwinWhatifChoice      *out);

G_END_DECLS
