/* SPDX-License-Identifier: Apache-2.0 */
/* twin-json-members.h - members of a JSON object that may be missing
 *
 * Written by json-glib's builder, within an object: what is not there is null,
 * so that a reader sees that it was thought of. Any thread.
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

/* NaN where @object is NULL or has no such number. */
double twin_json_member_number (JsonObject *object, const char *name);
/* Borrowed; NULL where @object is NULL or has no such object. */
JsonObject *twin_json_member_object (JsonObject *object, const char *name);

G_END_DECLS
