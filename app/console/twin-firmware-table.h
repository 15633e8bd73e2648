/* SPDX-License-Identifier: Apache-2.0 */
/* twin-firmware-table.h - the nodes of a firmware campaign, and which of them
 * to show
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-firmware-row.h"

G_BEGIN_DECLS

#define TWIN_TYPE_FIRMWARE_TABLE (twin_firmware_table_get_type ())
G_DECLARE_FINAL_TYPE (TwinFirmwareTable,
                      twin_firmware_table,
                      TWIN,
                      FIRMWARE_TABLE,
                      GtkWidget)

/* @names: of the kinds to filter by, NULL-terminated, "All" comes first;
 * @kinds: as many. @progress: with turn and state instead of the verdict. */
GtkWidget *twin_firmware_table_new (const char *const      *names,
                                    const TwinFirmwareKind *kinds,
                                    gboolean                progress,
                                    const char             *empty);

/* The rows, all of them, in this order. Those that are there already, by
 * node and machine, stay. */
void twin_firmware_table_begin (TwinFirmwareTable *self);
void twin_firmware_table_add (TwinFirmwareTable       *self,
                              const TwinFirmwareFacts *facts);
void twin_firmware_table_end (TwinFirmwareTable *self);

G_END_DECLS
