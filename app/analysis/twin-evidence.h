/* SPDX-License-Identifier: Apache-2.0 */
/* twin-evidence.h - spectra in which a bearing's comb of lines stands out
 *
 * Each is a line spectrum over its own local floor: under noise the values are
 * about exponentially distributed with mean 1, whatever the machine. No I/O; a
 * TwinTransform belongs to one thread at a time.
 */
#pragma once

#include "twin-transform.h"

G_BEGIN_DECLS

/* Line k at k × df_hz. Set to zero before first use; the array is reused. */
typedef struct
{
  double *excess;  /* ln (power / floor), the largest of lines k - 1 to k + 1 */
  double *power;   /* as measured, to read levels from */
  double *floor;   /* local mean of the noise, same scale */
  size_t  n_lines; /* 0: the record cannot give this evidence */
  double  df_hz;
  double  averages; /* independent ones */
  double  found;    /* an excess over this is a line and no noise */
  /*< private >*/
  size_t allocated;
} TwinEvidence;

typedef enum
{
  TWIN_EVIDENCE_WHITENED, /* squared envelope after cepstrum pre-whitening
                             (Borghesani et al. 2013) */
  TWIN_EVIDENCE_ENHANCED, /* mean over all carrier bands of each band's
                             squared envelope spectrum (after Antoni, Xin and
                             Hamzaoui 2017) */
  TWIN_EVIDENCE_DIRECT,   /* the power spectrum itself, without tones: slow
                             carriers */
  TWIN_EVIDENCES,
} TwinEvidenceKind;

void twin_evidence_clear (TwinEvidence *self);

/**
 * twin_evidence_compute:
 * @samples: without mean; @n as trimmed
 * @max_hz: highest frequency wanted
 * @shaft_hz: lines at its multiples are held down to the floor; 0: none
 * @mains: those of twice the mains' frequency as well; not over the angle
 */
void twin_evidence_compute (TwinTransform   *transform,
                            TwinEvidenceKind kind,
                            const float     *samples,
                            size_t           n,
                            double           rate_hz,
                            double           max_hz,
                            double           shaft_hz,
                            gboolean         mains,
                            TwinEvidence    *out);

/* ln (power / floor) nearest to @hz; 0 beyond the spectrum. */
double twin_evidence_at (const TwinEvidence *self, double hz);

/* Running median of @width lines (odd, at most 301) of @power. */
void twin_evidence_running_median (const double *power,
                                   size_t        n,
                                   size_t        width,
                                   double       *median);

G_END_DECLS
