/* SPDX-License-Identifier: Apache-2.0 */
/* twin-baseline-states.h - what is usual at each operating state
 *
 * A machine's features depend on speed and load, so each state (speed within
 * 5 %, load within 10 points of the state's first record) has a baseline of its
 * own: the first 50 records while nothing is wrong. Each feature is one
 * TwinBaseline: robust z, which names what drives the score. Together: the
 * Mahalanobis distance with Ledoit-Wolf's covariance, held against Hotelling's
 * prediction limit for so few records, p(n²-1)/(n(n-p))·F.999(p, n-p) (Tracy,
 * Young & Mason, J. Quality Technology 24 (1992) 88), not against χ².
 *
 * Once learnt a state stays as it is until it is reset after maintenance: a
 * slow fault is not learnt away. No I/O, no globals; a TwinStates belongs to
 * one thread at a time.
 */
#pragma once

#include <glib.h>

#include "twin-baseline.h"

G_BEGIN_DECLS

#define TWIN_STATES_FEATURES 16
#define TWIN_STATES_MAX 12
#define TWIN_STATES_RECORDS 50

typedef struct _TwinStates TwinStates;

typedef struct
{
  double speed_hz; /* of the shaft; NaN: not known, all speeds are one */
  double load;     /* 1: rated; NaN: not known, all loads are one */
} TwinOperatingPoint;

typedef enum
{
  TWIN_STATES_LEARNING, /* fewer than 50 records at this state */
  TWIN_STATES_HELD,     /* the same, and this one was not learnt: something is
                           wrong with the machine, or the record has a gap */
  TWIN_STATES_CROWDED,  /* a state beyond the first twelve */
  TWIN_STATES_JUDGED,
} TwinStatesStage;

typedef struct
{
  TwinStatesStage stage;
  unsigned        state;    /* from 0; of CROWDED: TWIN_STATES_MAX */
  unsigned        records;  /* learnt at this state, of 50 */
  unsigned        n_states; /* seen */
  double          distance; /* over its limit; NaN unless JUDGED */
  double          score;    /* 0 to 100, 50 at the limit; of this record; NaN */
  double          level;    /* the same of the running mean (weight 0.2) */
  unsigned        driver;   /* feature that is furthest off */
  double          driver_z; /* robust z, signed; NaN unless JUDGED */
  gboolean        alarm;    /* mean over the limit in 5 of the last 6 */
} TwinStatesScore;

/* @logarithmic: of each of @n features, whether it is learnt in logarithms. */
TwinStates *twin_states_new (unsigned n, const gboolean *logarithmic);
void        twin_states_free (TwinStates *self);

/* Forgets everything: after maintenance. */
void twin_states_reset (TwinStates *self);

/* Judges a record, or learns it.
 * @features: NaN: this record has none; what a state's first record has not
 *   is not judged there
 * @sound: whether nothing else is known to be wrong; FALSE: not learnt
 */
void twin_states_push (TwinStates               *self,
                       const TwinOperatingPoint *point,
                       const double             *features,
                       gboolean                  sound,
                       TwinStatesScore          *out);

/* What was learnt, as lines of text; never NULL. */
char *twin_states_write (const TwinStates *self);

/* The same back, into a fresh @self; FALSE: not such text, @self is empty. */
gboolean twin_states_read (TwinStates *self, const char *text);

/* 100·(1 - exp (-distance²·ln 2)): 50 at the limit. */
double twin_states_score (double distance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStates, twin_states_free)

G_END_DECLS
