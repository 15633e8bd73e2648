/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-manifest.h - many recordings, judged row by row */
#pragma once

#include "twin-bearing.h"
#include "twin-ctl.h"

G_BEGIN_DECLS

/* Judges every row of @path; one JSON line each, or a table. A row that cannot
 * be judged is named on stderr and makes the exit status 1. */
int twin_ctl_manifest_run (const char                 *path,
                           const TwinBearingCatalogue *catalogue,
                           gboolean                    json);

G_END_DECLS
