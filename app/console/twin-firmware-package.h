/* SPDX-License-Identifier: Apache-2.0 */
/* twin-firmware-package.h - which firmware: chosen, added from a file, and
 * whether somebody trusted signed it
 *
 * Main thread only. Signal "changed": another package is chosen.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-firmware.h"

G_BEGIN_DECLS

#define TWIN_TYPE_FIRMWARE_PACKAGE (twin_firmware_package_get_type ())
G_DECLARE_FINAL_TYPE (TwinFirmwarePackage,
                      twin_firmware_package,
                      TWIN,
                      FIRMWARE_PACKAGE,
                      GtkWidget)

GtkWidget *twin_firmware_package_new (TwinLiveSession *session);

/* NULL: there is none, or nobody trusted signed it. Borrowed, until
 * "changed". */
const TwinLivePackage *twin_firmware_package_get (TwinFirmwarePackage *self);

G_END_DECLS
