/* SPDX-License-Identifier: Apache-2.0 */
/* twin-whatif-private.h - what the levels share: a case, its film, particles
 *
 * A case is one side of the comparison: loads, surroundings and grease. What
 * differs between two cases is only in the case; the particles are the same.
 */
#pragma once

#include "twin-whatif.h"

G_BEGIN_DECLS

enum
{
  TWIN_WHATIF_MOST = 2000, /* particles */
  TWIN_WHATIF_FEW = 256,
  TWIN_WHATIF_SPEEDS = 71,   /* 0.50, 0.51 … 1.20 × the present speed */
  TWIN_WHATIF_CELSIUS = 361, /* -60 … 300 °C */
  TWIN_WHATIF_KAPPAS = 257,
};

/* One possible truth. The life is NaN where no basis gives one. */
typedef struct
{
  double life_s;   /* remaining, as things are */
  double exponent; /* of load: N (3, 0.3) */
  double gain;     /* of the rise */
  double offset_k; /* what the thermal model misses */
  double level;    /* 0..1: which of the new bearings it would get */
} TwinWhatifParticle;

/* Tables that all cases of a state share. */
typedef struct
{
  gboolean known; /* bearing and oil are */
  double   ln_viscosity[TWIN_WHATIF_CELSIUS];
  double   ln_reference[TWIN_WHATIF_SPEEDS]; /* ν1 */
  double   ln_multiple[TWIN_WHATIF_SPEEDS];
} TwinWhatifFilm;

typedef struct
{
  const TwinWhatifState *state;
  const TwinWhatifFilm  *film;
  double                 load, speed, ambient_c; /* speed: over rated */
  double                 ln_load, ln_multiple;   /* over the present */
  double                 ln_reference;           /* ν1 at this speed */
  double                 multiple;               /* of the present speed */
  double                 kappa; /* given; NaN: by temperature */
  double                 ec;
  int                    grease;      /* TwinGrease */
  double                 grease_used; /* of its life, at the beginning; NaN */
  double                 rise_k; /* nominal, at normal grease and this speed */
  gboolean               has_film;    /* aISO can be told */
  double ln_aiso[TWIN_WHATIF_KAPPAS]; /* over ln κ, 0.1 … 4 */
} TwinWhatifCase;

void twin_whatif_film_init (TwinWhatifFilm *film, const TwinWhatifState *state);

/* @scenario NULL: the baseline. */
void twin_whatif_case_init (TwinWhatifCase           *self,
                            const TwinWhatifState    *state,
                            const TwinWhatifFilm     *film,
                            const TwinWhatifScenario *scenario);
/* As it is after regreasing. */
void twin_whatif_case_regrease (TwinWhatifCase *self);

void twin_whatif_particles_init (TwinWhatifParticle    *particles,
                                 int                    n,
                                 const TwinWhatifState *state);

/* How starved it is, 0..1, with @used of its life gone. */
double twin_whatif_case_hunger (const TwinWhatifCase *self, double used);
/* Steady temperature, °C; NaN without a thermal model and a measurement. */
double twin_whatif_case_steady (const TwinWhatifCase     *self,
                                const TwinWhatifParticle *particle,
                                double                    hunger);
double twin_whatif_case_kappa (const TwinWhatifCase *self,
                               double                celsius,
                               double                hunger);
/* 0 where it cannot be told. */
double twin_whatif_case_ln_aiso (const TwinWhatifCase *self,
                                 double                celsius,
                                 double                hunger);
/* ln of the life at that temperature, less a constant of the machine: load,
 * turns and film as ISO 281 has them. */
double twin_whatif_case_ln_life (const TwinWhatifCase     *self,
                                 const TwinWhatifParticle *particle,
                                 double                    celsius,
                                 double                    hunger);
/* The same in the steady state, and never more at a higher speed: ≤ that. */
double twin_whatif_case_ln_fair (const TwinWhatifCase     *self,
                                 const TwinWhatifParticle *particle,
                                 double                    hunger);
/* ln of the rated life in hours that ln_life 0 stands for; NaN. */
double twin_whatif_ln_rated_h (const TwinWhatifState *state);

/* Remaining life of a new bearing in a case, seconds; infinite where nothing
 * tells. */
double twin_whatif_new_life (const TwinWhatifCase     *self,
                             const TwinWhatifParticle *particle,
                             double                    ln_baseline);

/* 5, 50, 95 % of @values, which are reordered; NaN when one is, or where it is
 * infinite. */
TwinRange twin_whatif_range (double *values, int n);

/* What one side comes to, particle by particle; arrays of n. */
typedef struct
{
  int     n;
  double *temperature_c, *fatigue_h, *rul_s, *cost, *factor;
} TwinWhatifOutcome;

/* Costs and chances from the lives in @outcome->rul_s. */
void twin_whatif_count (const TwinWhatifCase     *self,
                        const TwinWhatifScenario *scenario,
                        TwinWhatifOutcome        *outcome,
                        TwinWhatifSide           *side);

void twin_whatif_closed (const TwinWhatifCase     *self,
                         const TwinWhatifCase     *baseline,
                         const TwinWhatifScenario *scenario,
                         const TwinWhatifParticle *particles,
                         TwinWhatifOutcome        *outcome,
                         TwinWhatifSide           *side);
void twin_whatif_ode (const TwinWhatifCase     *self,
                      const TwinWhatifCase     *baseline,
                      const TwinWhatifScenario *scenario,
                      const TwinWhatifParticle *particles,
                      TwinWhatifOutcome        *outcome,
                      TwinWhatifSide           *side);
void twin_whatif_signal (const TwinWhatifCase     *self,
                         const TwinWhatifScenario *scenario,
                         TwinWhatifSignal         *out);

G_END_DECLS
