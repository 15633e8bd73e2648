/* SPDX-License-Identifier: Apache-2.0 */
/* twin-quantity.h - DTDL's semantic types and their units; pure, any thread */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "Temperature", "AngularVelocity", … */
gboolean twin_quantity_is_known (const char *term);
/* "TemperatureUnit"; NULL: no such semantic type. */
const char *twin_quantity_unit_type (const char *term);
/* Whether @unit ("degreeCelsius") is one of @term's. */
gboolean twin_quantity_has_unit (const char *term, const char *unit);

G_END_DECLS
