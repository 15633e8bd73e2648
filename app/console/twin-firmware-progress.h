/* SPDX-License-Identifier: Apache-2.0 */
/* twin-firmware-progress.h - a firmware campaign: how far every node is, and
 * what can be done about it
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-session.h"

G_BEGIN_DECLS

#define TWIN_TYPE_FIRMWARE_PROGRESS (twin_firmware_progress_get_type ())
G_DECLARE_FINAL_TYPE (TwinFirmwareProgress,
                      twin_firmware_progress,
                      TWIN,
                      FIRMWARE_PROGRESS,
                      GtkWidget)

GtkWidget *twin_firmware_progress_new (TwinLiveSession *session);

/* Shows that one from now on. */
void twin_firmware_progress_set_campaign (TwinFirmwareProgress *self,
                                          gint64                campaign);

G_END_DECLS
