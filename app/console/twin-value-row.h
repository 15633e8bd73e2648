/* SPDX-License-Identifier: Apache-2.0 */
/* twin-value-row.h - one signal: name, sparkline, value with unit, limit, age
 *
 * Old values are hatched, grey and dated. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-value.h"

G_BEGIN_DECLS

#define TWIN_TYPE_VALUE_ROW (twin_value_row_get_type ())
G_DECLARE_FINAL_TYPE (TwinValueRow, twin_value_row, TWIN, VALUE_ROW, GtkWidget)

GtkWidget *twin_value_row_new (TwinLiveValue *value);

/* @live FALSE: nothing may look live. */
void twin_value_row_refresh (TwinValueRow *self, gboolean live, int64_t now_us);

G_END_DECLS
