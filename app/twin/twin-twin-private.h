/* SPDX-License-Identifier: Apache-2.0 */
/* twin-twin-private.h - shared inside app/twin */
#pragma once

#include "twin-twin.h"

G_BEGIN_DECLS

/* Sealed. */
JsonNode *twin_json_empty_object (void);
/* Sealed; takes @object. */
JsonNode *twin_json_take_object (JsonObject *object);
void      twin_json_add_members (JsonObject *to, JsonNode *from);

/* INVALID, the sentence behind the pointer. FALSE always. */
gboolean twin_twin_fail (GError    **error,
                         const char *pointer,
                         const char *format,
                         ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
