/* SPDX-License-Identifier: Apache-2.0 */
/* twin-firmware-plan.h - a firmware campaign before it begins: package, how to
 * go about it, whom it would reach
 *
 * Main thread only. Signal "planned" (gint64 campaign): it was kept, or
 * started.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-session.h"

G_BEGIN_DECLS

#define TWIN_TYPE_FIRMWARE_PLAN (twin_firmware_plan_get_type ())
G_DECLARE_FINAL_TYPE (TwinFirmwarePlan,
                      twin_firmware_plan,
                      TWIN,
                      FIRMWARE_PLAN,
                      GtkWidget)

/* @question: whom; NULL: all machines. */
GtkWidget *twin_firmware_plan_new (TwinLiveSession *session,
                                   const char      *question);

G_END_DECLS
