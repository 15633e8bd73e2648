/* SPDX-License-Identifier: Apache-2.0 */
/* twin-cbor-json.h - `any` of the grammar as JSON and back
 *
 * null, booleans, integers (64 bit signed), floats, text, arrays and maps
 * with text keys map one to one; a byte string is {"$hex": "…"}; a JSON
 * number with a fraction or exponent becomes binary64. Pure; any thread.
 */
#pragma once

#include "twin-cbor-reader.h"
#include "twin-cbor-writer.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Reads one item; caller unrefs. CONTENT for tags, keys that are not text and
 * integers beyond 64 bit signed. */
JsonNode *twin_cbor_reader_json (TwinCborReader *self, GError **error);

/* Writes @node (NULL: null). CONTENT for NaN, infinities, text with NUL,
 * nesting so deep that no reader would take it (> @depth_left levels), and a
 * "$hex" that is none; the writer is then of no further use. */
gboolean twin_cbor_writer_json (TwinCborWriter *self,
                                JsonNode       *node,
                                int             depth_left,
                                GError        **error);

G_END_DECLS
