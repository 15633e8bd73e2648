/* SPDX-License-Identifier: Apache-2.0 */
/* recordings.h - real records beside the project, as their manifest lists them
 */
#pragma once

#include <glib.h>

typedef struct
{
  char   *file, *machine; /* of one machine: records of the same minute */
  char   *bearing, *expectation;
  double  rpm, rate_hz, rms, peak, kurtosis; /* as the manifest says */
  double *samples;                           /* g */
  size_t  n;
} Recording;

/* All channels of the CWRU manifest; NULL, and the test skipped, where there
 * are none ($TWIN_REAL_DATA, or ../shared/data). */
GPtrArray *recordings_load (void);
