/* SPDX-License-Identifier: Apache-2.0 */
/* twin-signal.h - is the record fit to be judged?
 *
 * Pure functions, any thread.
 */
#pragma once

#include "twin-diagnosis.h"

G_BEGIN_DECLS

gboolean twin_signal_is_finite (const double *samples, size_t n);

/* CLIPPED, STUCK and BURST of TwinSignalFlag. */
guint twin_signal_flags (const double *samples,
                         size_t        n,
                         double        rate_hz,
                         double        full_scale);

G_END_DECLS
