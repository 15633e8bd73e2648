/* SPDX-License-Identifier: Apache-2.0 */
/* twin-peak-causes.h - the causes of one peak of a block, by app/analysis
 *
 * Pure functions, any thread; under 2 ms for a block of 4096 samples.
 */
#pragma once

#include "twin-cause.h"
#include "twin-update.h"

G_BEGIN_DECLS

/* As twin_causes_find() of the block's spectrum and of what is known of its
 * machine. @causes: room for TWIN_CAUSES_MAX. @block NULL: 0. */
size_t twin_peak_causes_find (const TwinBlockUpdate *block,
                              double                 hz,
                              TwinCause             *causes,
                              TwinCauseReading      *reading);

G_END_DECLS
