/* SPDX-License-Identifier: Apache-2.0 */
/* twin-linear.h - small dense symmetric linear algebra
 *
 * Pure functions over arrays of double, any thread, no globals. Matrices are
 * row by row (a[i·n + j]) and belong to the caller; n may be 1 to
 * TWIN_LINEAR_MAX. Data are rows: @rows[i·p + j] is variable j of record i, all
 * finite. Factor and solutions take any n. Golub & Van Loan, Matrix
 * Computations, 4th edition: 4.2 (Cholesky), 8.5 (Jacobi).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TWIN_LINEAR_MAX 64

/* Turns the symmetric @a (its lower triangle is read) into its factor L,
 * a = L·Lᵀ, the upper triangle set to 0. FALSE: not positive definite to
 * rounding, or not finite; @a is then undefined. */
gboolean twin_linear_factor (double *a, unsigned n);

/* With the factor: @b becomes the solution of a·x = b. */
void twin_linear_solve (const double *factor, unsigned n, double *b);

/* With the factor: @b becomes that of L·x = b; so Σx² is bᵀ·a⁻¹·b. */
void twin_linear_solve_half (const double *factor, unsigned n, double *b);

/* With the factor: the inverse of a into @inverse. */
void twin_linear_invert (const double *factor, unsigned n, double *inverse);

/* ln det a, with the factor. */
double twin_linear_log_determinant (const double *factor, unsigned n);

/* Eigenvalues of the symmetric @a, which is used up, in falling order into
 * @values; row k of @vectors is the unit vector of value k, its largest entry
 * positive. */
void twin_linear_eigen (double *a, unsigned n, double *values, double *vectors);

/* Means of the @p variables; NaN for @n = 0. */
void twin_linear_mean (const double *rows, size_t n, unsigned p, double *mean);

/* Covariance about @mean, divided by n - 1 (n at least 2). */
void twin_linear_covariance (const double *rows,
                             size_t        n,
                             unsigned      p,
                             const double *mean,
                             double       *covariance);

/* Covariance (divided by n) pulled towards its own mean variance times the
 * unit matrix by the weight that is best for so many records: Ledoit & Wolf,
 * J. Multivariate Analysis 88 (2004) 365, lemma 3.2 and 3.3. Positive definite
 * unless all variables stand still. Returns that weight, 0 to 1. */
double twin_linear_shrink (const double *rows,
                           size_t        n,
                           unsigned      p,
                           const double *mean,
                           double       *covariance);

/* Least squares with a penalty: the @coefficients (p) that minimise
 * Σ w(y - xᵀc)² + Σ penalty·c².
 * @weights: one a row, at least 0; NULL: all 1
 * @penalty: one a coefficient, at least 0 (0 for an intercept, which is a
 *   column of ones that the caller adds); NULL: plain least squares
 * @inverse: (p × p) of the normal matrix, times the residual variance the
 *   covariance of the coefficients; or NULL
 * FALSE: the columns are not independent and nothing is penalised. */
gboolean twin_linear_ridge (const double *rows,
                            const double *targets,
                            const double *weights,
                            size_t        n,
                            unsigned      p,
                            const double *penalty,
                            double       *coefficients,
                            double       *inverse);

G_END_DECLS
