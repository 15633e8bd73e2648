/* SPDX-License-Identifier: Apache-2.0
 *
 * sim-math.h - functions that give the same bits on every board
 *
 * The C library's differ in the last place from one to the next. These use
 * sums, products and floor() alone, so that a seed's samples are the same
 * wherever they are made (compile with -ffp-contract=off).
 */
#ifndef SIM_MATH_H
#define SIM_MATH_H

/* Of @turns whole turns; within 1e-12. */
double sim_sin (double turns);
double sim_cos (double turns);

/* e^x for |x| up to 700, within 1e-15 relative. */
double sim_exp (double x);

#endif
