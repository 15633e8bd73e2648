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

/* Takes the tags of "$tags"; FALSE with a sentence behind @pointer. */
gboolean twin_twin_read_tags (TwinTwin   *self,
                              JsonNode   *tags,
                              const char *pointer,
                              GError    **error);
/* NULL: no tags. */
JsonNode *twin_twin_tags_to_json (const TwinTwin *self);

/* The property or component @name was set (removed) @now_us. */
void twin_twin_note_times (TwinTwin   *self,
                           const char *name,
                           gboolean    removed,
                           int64_t     now_us,
                           int64_t     source_us);

/* INVALID, the sentence behind the pointer. FALSE always. */
gboolean twin_twin_fail (GError    **error,
                         const char *pointer,
                         const char *format,
                         ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
