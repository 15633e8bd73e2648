/* SPDX-License-Identifier: Apache-2.0 */
/* twin-quality-lines.h - the part of the quality check that looks at lines */
#pragma once

#include "twin-quality.h"

G_BEGIN_DECLS

/* Sets MAINS and RATE of @out, whose mean is known. @samples: finite. */
void twin_quality_check_lines (TwinTransform            *transform,
                               const double             *samples,
                               size_t                    n,
                               double                    rate_hz,
                               const TwinQualityContext *context,
                               TwinRecordQuality        *out);

G_END_DECLS
