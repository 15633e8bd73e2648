/* SPDX-License-Identifier: Apache-2.0 */
/* twin-quantity.h - DTDL's semantic types and their units; pure, any thread
 *
 * @version is that of the QuantitativeTypes extension, 1 to 3; 0 is what DTDL
 * v2 has built in.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @term itself as a constant ("Temperature") and the family of its units
 * ("TemperatureUnit"); NULL: no such semantic type. */
const char *twin_quantity_find (const char  *term,
                                int          version,
                                const char **unit_type);
/* @term as a constant when it is a unit, or (*@family) a family of units. */
const char *twin_quantity_find_unit (const char *term,
                                     int         version,
                                     gboolean   *family);
/* Whether @unit ("degreeCelsius") is one of the family's. */
gboolean twin_quantity_type_has_unit (const char *unit_type,
                                      const char *unit,
                                      int         version);
/* The oldest units of the family, each followed by a blank. */
const char *twin_quantity_list_units (const char *unit_type);
/* All units that the family has in that version; caller frees. */
char **twin_quantity_dup_units (const char *unit_type, int version);
/* A semantic type that has the unit: "Temperature"; NULL: none. */
const char *twin_quantity_of_unit (const char *unit);

G_END_DECLS
