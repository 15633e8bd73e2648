/* SPDX-License-Identifier: Apache-2.0 */
/* twin-evidence-floor.h - from power to excess over what surrounds a line
 *
 * Between the parts of twin-evidence. Pure functions over arrays, any thread.
 */
#pragma once

#include "twin-evidence.h"

G_BEGIN_DECLS

/* Lines of the whole series, beside the averaged ones of a TwinEvidence: fewer
 * hertz apart, but none averaged. */
typedef struct
{
  double *power;
  size_t  n; /* 0: there are none */
  double  df_hz;
  double  scale;  /* times this, noise is as strong as in the averaged lines */
  size_t  series; /* values they were made of */
} TwinEvidenceFine;

/* Fills floor, excess and found of @self from its power; @ratio is room for as
 * many values. Lines at multiples of @shaft_hz and of twice the mains'
 * frequency do not count, nor do their skirts. Where @fine tells what lies
 * right beside such a line, that is taken. */
void twin_evidence_finish (TwinEvidence           *self,
                           const TwinEvidenceFine *fine,
                           double                  shaft_hz,
                           gboolean                mains,
                           double                 *ratio);

G_END_DECLS
