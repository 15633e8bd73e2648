/* SPDX-License-Identifier: Apache-2.0 */
/* twin-distribution.h - probabilities and quantiles of the usual statistics
 *
 * Pure functions, any thread. Probabilities are 0 to 1; a quantile of 0 or 1
 * is the end of the range (infinite where it has none), and NaN goes in, NaN
 * comes out, as for degrees of freedom that are not positive. Abramowitz &
 * Stegun, chapters 6.5 and 26; relative error under 1e-9 for probabilities
 * from 1e-12 to 1 - 1e-12.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Regularised incomplete gamma function P(a, x). */
double twin_gamma_p (double a, double x);

/* Regularised incomplete beta function I_x(a, b). */
double twin_beta_i (double a, double b, double x);

double twin_normal_cdf (double x);
double twin_normal_quantile (double p);

double twin_chi2_cdf (double x, double df);
double twin_chi2_quantile (double p, double df);

double twin_student_cdf (double t, double df);
double twin_student_quantile (double p, double df);

double twin_f_cdf (double x, double df1, double df2);
double twin_f_quantile (double p, double df1, double df2);

G_END_DECLS
