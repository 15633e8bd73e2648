/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rated-life.h - rated life and load history of a rolling bearing
 *
 * ISO 281:2007: basic and modified rating life, Palmgren-Miner damage. All of
 * it follows from loads, not from the bearing's state: it stands beside what
 * vibration says of the remaining life, never instead of it. Constants as
 * widely quoted; check them against the standard before a claim of conformity.
 *
 * Pure functions, any thread. A quantity that is not known is NaN and makes
 * the result NaN; no errors, no allocation.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TWIN_ROLLING_BALL,   /* radial ball: p = 3 */
  TWIN_ROLLING_ROLLER, /* radial roller: p = 10/3 */
} TwinRolling;

/* p of (C/P)^p. */
double twin_rated_life_exponent (TwinRolling rolling);

/* L10 in million revolutions; @c dynamic load rating and @p equivalent load in
 * the same unit, > 0. */
double twin_rated_life_l10 (TwinRolling rolling, double c, double p);

/* Hours that @million_revolutions last at @rpm > 0. */
double twin_rated_life_hours (double million_revolutions, double rpm);

/* L10h, both of the above. */
double twin_rated_life_l10h (TwinRolling rolling,
                             double      c,
                             double      p,
                             double      rpm);

/* a1 for @reliability 0.90..0.99: 1, .64, .55, .47, .37, .25 at 90, 95, 96,
 * 97, 98, 99 % (ISO 281:2007; catalogues before it say .62, .53, .44, .33,
 * .21), between them straight in ln a1 over ln ln (1/R). NaN outside. */
double twin_rated_life_a1 (double reliability);

/* aISO, 0.1..50. @kappa viscosity ratio > 0, over 4 counted as 4; below 0.1,
 * where the standard ends, 0.1, which then is an upper bound.
 * @contamination_ratio eC·Cu/P ≥ 0. */
double twin_rated_life_aiso (TwinRolling rolling,
                             double      kappa,
                             double      contamination_ratio);

/* Fatigue load limit Cu from the static rating C0, same unit: C0/22 (ball) or
 * C0/8.2 (roller), less over 100 mm pitch (ISO 281:2007 annex B, simplified).
 */
double twin_rated_life_fatigue_limit (TwinRolling rolling,
                                      double      c0,
                                      double      pitch_mm);

/* Everything that a modified rating life takes. */
typedef struct
{
  TwinRolling rolling;
  double      c, c0, p;    /* kN: ratings, equivalent load */
  double      pitch_mm;    /* Dpw */
  double      rpm;         /* > 0 */
  double      kappa;       /* NaN: not known, then aISO counts as 1 */
  double      ec;          /* contamination factor, 0..1; NaN likewise */
  double      reliability; /* 0.90..0.99; 0: 0.90 */
} TwinRatedLife;

/* Lnm = a1·aISO·L10 in hours. @aiso (may be NULL) gets the factor used; 1
 * where κ, eC or C0 is not known. NaN: C, P or speed is not known. */
double twin_rated_life_modified_h (const TwinRatedLife *self, double *aiso);

/* Life that a share @survival (0..1, exclusive) of bearings reaches, over L10:
 * (ln survival / ln 0.9)^(1/@slope). Weibull @slope: 1.5; 10/9 is the classic
 * one of ball bearings. */
double twin_rated_life_spread (double survival, double slope);

/* --- load history ----------------------------------------------------------
 */

/* All zero is a new bearing. Additive: two histories may be summed. */
typedef struct
{
  double index;           /* Σ Δt/L: 1 when the rated life is used up */
  double hours;           /* counted: load and speed were known */
  double revolutions;     /* millions of them */
  double load_p;          /* Σ revolutions·P^p, (kN)^p millions */
  double hours_not_known; /* ran, but load or speed was not known */
} TwinDamage;

/* @hours ≥ 0 at load @p (kN, > 0), @rpm > 0 and the life @life_h (hours, > 0)
 * that these give. With any of them NaN the hours are counted as not known;
 * at standstill (@rpm 0) nothing is. */
void twin_damage_add (TwinDamage *self,
                      TwinRolling rolling,
                      double      hours,
                      double      p,
                      double      rpm,
                      double      life_h);

/* P_m = (Σ n Δt P^p / Σ n Δt)^(1/p) in kN; NaN when nothing was counted. */
double twin_damage_mean_load (const TwinDamage *self, TwinRolling rolling);

G_END_DECLS
