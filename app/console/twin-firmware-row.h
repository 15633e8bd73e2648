/* SPDX-License-Identifier: Apache-2.0 */
/* twin-firmware-row.h - one node of a firmware campaign as a row of a table
 *
 * Main thread only. "serial" (uint) rises with every change.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What the table filters and colours by. */
typedef enum
{
  TWIN_FIRMWARE_IN,
  TWIN_FIRMWARE_OUT,
  TWIN_FIRMWARE_INCOMPATIBLE,
  TWIN_FIRMWARE_UNDER_WAY,
  TWIN_FIRMWARE_CONFIRMED,
  TWIN_FIRMWARE_FAILED,
} TwinFirmwareKind;

typedef struct
{
  const char      *node, *machine, *has, *state, *turn, *why; /* or NULL */
  TwinFirmwareKind kind;
  double           share; /* of the image that is there; < 0: no matter */
} TwinFirmwareFacts;

#define TWIN_TYPE_FIRMWARE_ROW (twin_firmware_row_get_type ())
G_DECLARE_FINAL_TYPE (TwinFirmwareRow,
                      twin_firmware_row,
                      TWIN,
                      FIRMWARE_ROW,
                      GObject)

/* Copies. */
TwinFirmwareRow *twin_firmware_row_new (const TwinFirmwareFacts *facts);
/* TRUE when something of it is new. */
gboolean                 twin_firmware_row_set (TwinFirmwareRow         *self,
                                                const TwinFirmwareFacts *facts);
const TwinFirmwareFacts *twin_firmware_row_get (TwinFirmwareRow *self);

G_END_DECLS
