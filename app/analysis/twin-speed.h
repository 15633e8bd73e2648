/* SPDX-License-Identifier: Apache-2.0 */
/* twin-speed.h - at what speed, or over what angle, a record is judged
 *
 * No I/O; a TwinTransform belongs to one thread at a time.
 */
#pragma once

#include "twin-diagnosis.h"

G_BEGIN_DECLS

/* A record at even steps: of time, or, where the speed changed, of the shaft's
 * angle; "Hz" then means orders times the mean speed. */
typedef struct
{
  float   *samples; /* without mean, trimmed; free it */
  size_t   n;
  double   rate_hz; /* set to the record's rate before */
  gboolean over_angle;
} TwinEvenRecord;

/* Fills @record, and of @out the speed, its source, its change and what is
 * wrong with it. FALSE when the shaft's own lines refute the speed given, or
 * the track given does not fit: why of @out then says so. */
gboolean twin_speed_settle (TwinTransform              *transform,
                            const double               *samples,
                            size_t                      n,
                            const TwinShaftSpeed       *shaft,
                            const TwinDiagnosisOptions *options,
                            TwinEvenRecord             *record,
                            TwinBearingVerdict         *out);

G_END_DECLS
