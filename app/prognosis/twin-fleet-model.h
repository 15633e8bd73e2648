/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fleet-model.h - remaining life learnt from run-to-failure histories
 *
 * Histories are described by TwinFleetSpec's features, each weighted by how far
 * it goes with the remaining life; a kernel regression gives the remaining
 * life. Windows, width and penalty are chosen by cross-validation in which a
 * unit is never judged by a fit that has seen it. The interval is conformal
 * (Lei et al. 2018): the errors out of fold of the rows that were given about
 * the same answer from about as long a history; how many rows, the interval
 * score (Gneiting & Raftery 2007) out of fold decides.
 *
 * Nothing is answered for a history too short for the shortest window, older
 * than any learnt, or unlike all that were learnt. Pure functions, any thread;
 * the same input gives the same model.
 */
#pragma once

#include "twin-fleet-feature.h"
#include "twin-fleet-kernel.h"

G_BEGIN_DECLS

enum
{
  TWIN_FLEET_UNITS_LEAST = 5, /* lives that can be learnt from */
  TWIN_FLEET_LANDMARKS = 300,
  TWIN_FLEET_ERRORS = 4000, /* most errors out of fold that are kept */
};

typedef struct
{
  TwinFleetScale  *scale;
  TwinFleetSpec    spec;
  TwinFleetKernel *kernel;
  double          *feature_mean, *feature_weight; /* kernel->d each */
  double          *lo, *hi; /* scale->n_columns: range of the shortest mean */
  double           distance_most; /* from the nearest landmark */
  double           cap;           /* longest life told apart; > 0 */
  double           lambda;
  double          *lives; /* n_lives, ascending */
  size_t           n_lives;
  /* out of fold: what was answered, ln rows seen, what came, whose it was */
  double *given, *length, *came;
  size_t *unit;
  size_t  n_errors;
  size_t  n_near;   /* of them make an interval */
  double  rmse;     /* out of fold, of lives held at the cap */
  double  coverage; /* share out of fold inside 5 to 95 % */
} TwinFleetModel;

/**
 * twin_fleet_model_train:
 * @table: every unit's last row is its end of life
 * @cap: lives longer than this are not told apart; ≤ 0: no such limit
 *
 * NULL with @error (TWIN_FLEET_MODEL_ERROR) when there are too few units, or
 * nothing moves.
 */
TwinFleetModel *twin_fleet_model_train (const TwinFleetTable *table,
                                        double                cap,
                                        GError              **error);

/* Takes @scale; the arrays are there and zero, as is the kernel. */
TwinFleetModel *twin_fleet_model_new (TwinFleetScale *scale,
                                      size_t          n_landmarks,
                                      size_t          n_lives,
                                      size_t          n_errors);
void            twin_fleet_model_free (TwinFleetModel *self);

typedef struct
{
  gboolean estimable;
  double   p05, p50, p95; /* from the last row, unit of time; NaN if not */
  double   lower_bound;   /* 95 %: it lasts at least this long */
  char     why[192];
} TwinFleetAnswer;

/* Of one unit still running: @n rows × scale->n_columns; @n may be 0. */
void twin_fleet_model_predict (const TwinFleetModel *self,
                               const double         *time,
                               const double         *values,
                               size_t                n,
                               TwinFleetAnswer      *answer);

typedef enum
{
  TWIN_FLEET_MODEL_ERROR_FEW,   /* too few units */
  TWIN_FLEET_MODEL_ERROR_STILL, /* no column moves, or no time passes */
} TwinFleetModelError;

#define TWIN_FLEET_MODEL_ERROR (twin_fleet_model_error_quark ())
GQuark twin_fleet_model_error_quark (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinFleetModel, twin_fleet_model_free)

G_END_DECLS
