/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fleet-kernel.h - regression on landmarks, cross-validated by groups
 *
 *   f(x) = offset + Σ_l weight_l · exp (-γ |x - landmark_l|² / d)
 *
 * kernel ridge regression in the span of a few landmarks (Nyström's
 * approximation: Williams & Seeger 2001; Rasmussen & Williams, Gaussian
 * Processes for Machine Learning, 8.3). Sums are kept by fold, so leaving one
 * out costs a solution, not another pass over the rows.
 *
 * Pure functions, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum
{
  TWIN_FLEET_FOLDS = 10,
};

typedef struct
{
  size_t  n_landmarks, d;
  double  gamma;     /* > 0 */
  double *landmarks; /* n_landmarks × d */
  double *weights;   /* n_landmarks */
  double  offset;
} TwinFleetKernel;

TwinFleetKernel *twin_fleet_kernel_new (size_t n_landmarks, size_t d);
void             twin_fleet_kernel_free (TwinFleetKernel *self);

double twin_fleet_kernel_value (const TwinFleetKernel *self, const double *x);

/* Squared distance of @x from the nearest landmark, over d. */
double twin_fleet_kernel_distance (const TwinFleetKernel *self,
                                   const double          *x);

/**
 * twin_fleet_kernel_fit:
 * @self: landmarks and gamma set; gets the weights that suit all rows
 * @x: @n × d
 * @y: what is learnt
 * @fold: of each row, 0 to TWIN_FLEET_FOLDS - 1
 * @lambdas: @n_lambdas penalties to try
 * @lowest, @highest: values are held between them
 * @lambda: gets the one with the least error out of fold
 * @out: (n) what each row is given by the fit without its fold
 *
 * Returns the root mean square error out of fold.
 */
double twin_fleet_kernel_fit (TwinFleetKernel *self,
                              const double    *x,
                              const double    *y,
                              const unsigned  *fold,
                              size_t           n,
                              const double    *lambdas,
                              size_t           n_lambdas,
                              double           lowest,
                              double           highest,
                              double          *lambda,
                              double          *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinFleetKernel, twin_fleet_kernel_free)

G_END_DECLS
