/* SPDX-License-Identifier: Apache-2.0 */
/* twin-json.h - JSON text in and out, strictly RFC 8259
 *
 * json-glib's own reader accepts more than JSON, recurses without a bound and
 * writes 0.1 as 0.10000000000000001. These do not. Pure functions, any thread.
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define TWIN_JSON_ERROR (twin_json_error_quark ())
GQuark twin_json_error_quark (void);

typedef enum
{
  TWIN_JSON_ERROR_SYNTAX,
  TWIN_JSON_ERROR_LIMIT,   /* deeper than 64, longer than 256 MiB */
  TWIN_JSON_ERROR_POINTER, /* not RFC 6901, or it leads nowhere */
} TwinJsonError;

/**
 * twin_json_parse:
 * @name: file or thing the text is of, for messages; "stdin"
 * @text: UTF-8, a byte order mark is skipped; need not end with NUL
 * @length: in bytes, -1: up to the NUL
 *
 * Integers that fit are int64, all other numbers double; a number that
 * overflows a double, a key that comes twice, and anything after the value
 * are errors. Returns a sealed (immutable) node or NULL; the message begins
 * "name:line:column: ".
 */
JsonNode *twin_json_parse (const char *name,
                           const char *text,
                           gssize      length,
                           GError    **error);

/* One value out of a larger text, which its caller knows the place of: without
 * a byte order mark; the message has no place, *@where (may be NULL) is the
 * offset of what is wrong. */
JsonNode *twin_json_parse_part (const char *text,
                                gsize       length,
                                gsize      *where,
                                GError    **error);

/* Shortest text that reads back the same; @pretty: two spaces a level. Keys
 * in their order. NaN and infinities become null. Caller frees. */
char *twin_json_print (JsonNode *node, gboolean pretty);
void  twin_json_append (GString *out, JsonNode *node);
void  twin_json_append_string (GString *out, const char *text);

/* The same value: 60 equals 60.0, members in any order. */
gboolean twin_json_equal (JsonNode *a, JsonNode *b);

/* The node at @pointer ("" is @root itself), borrowed; NULL with an error
 * that names the token that leads nowhere. */
JsonNode *twin_json_pointer_get (JsonNode   *root,
                                 const char *pointer,
                                 GError    **error);

/* A changed copy of @root: sets, or with @value NULL removes, what @pointer
 * names. Parents must exist; "-" appends to an array. Caller unrefs. */
JsonNode *twin_json_pointer_set (JsonNode   *root,
                                 const char *pointer,
                                 JsonNode   *value,
                                 GError    **error);

/* The tokens of @pointer with ~0 and ~1 undone, NULL-terminated ("" has none);
 * NULL when it is no RFC 6901 pointer or has more than 64. Caller frees. */
char **twin_json_pointer_split (const char *pointer, GError **error);

/* The index below @length that @token is as RFC 6901 writes one, or -1. */
gint64 twin_json_pointer_index (const char *token, guint length);

/* @pointer + "/" + @token with ~ and / escaped. Caller frees. */
char *twin_json_pointer_join (const char *pointer, const char *token);

/* The string member @key, or NULL when it is absent or no string. */
const char *twin_json_get_string (JsonObject *object, const char *key);

G_END_DECLS
