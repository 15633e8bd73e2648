/* SPDX-License-Identifier: Apache-2.0 */
/* twin-application.h - the program: command line, plant, settings, report
 *
 * Main thread only. Besides the window this is the only place that knows
 * everybody.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TWIN_TYPE_APPLICATION (twin_application_get_type ())
G_DECLARE_FINAL_TYPE (TwinApplication,
                      twin_application,
                      TWIN,
                      APPLICATION,
                      AdwApplication)

TwinApplication *twin_application_new (void);

/* Exit status of a run: 0, or 3 when what was asked on the command line could
 * not be opened. */
int twin_application_get_exit (TwinApplication *self);

G_END_DECLS
