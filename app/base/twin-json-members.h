/* SPDX-License-Identifier: Apache-2.0 */
/* twin-json-members.h - members of a JSON object that may have no value
 *
 * For json-glib's builder, within an object. What is not there is null, so
 * that a reader sees that it was thought of. Any thread.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* @text: NULL is null. */
void twin_json_add_text (JsonBuilder *json, const char *name, const char *text);
/* @number: NaN and the infinities, which JSON does not know, are null. */
void twin_json_add_number (JsonBuilder *json, const char *name, double number);
void twin_json_add_integer (JsonBuilder *json,
                            const char  *name,
                            int64_t      number);

G_END_DECLS
