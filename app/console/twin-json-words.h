/* SPDX-License-Identifier: Apache-2.0 */
/* twin-json-words.h - JSON as a person reads it
 *
 * Pure but for the translation, any thread. Nesting is as deep as json-glib
 * reads it.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* No quotes, no brackets, no ".0": {"everyS":20.0} is "everyS 20", true is
 * "yes", null is "–", an empty text, object or array "none". Caller frees. */
char *twin_json_dup_words (JsonNode *node);

/* A key as a label: "summaryPeriodS" is "Summary period, s", "ratedSpeed" is
 * "Rated speed", "$dtId" is "Id". Caller frees. */
char *twin_json_dup_label (const char *key);

/* A DTDL unit as it is written: "degreeCelsius" is "°C", one without a sign of
 * its own is spelt out, "cubic metre per hour". Caller frees. */
char *twin_json_dup_unit (const char *unit);

/* What differs between two objects, NULL counting as empty. */
typedef struct
{
  char *path;   /* "placement.x", "$model", "$tags" */
  char *before; /* in words; NULL: it was not there */
  char *after;  /* NULL: it is gone */
} TwinJsonDifference;

/* TwinJsonDifference in the order of paths, never NULL; caller unrefs.
 * Objects are compared member by member, down to four levels, arrays and
 * values whole. Of "$metadata" only what a person may have changed counts:
 * model, life cycle, tags; of the rest etags and times are left out. */
GPtrArray *twin_json_list_differences (JsonNode *before, JsonNode *after);

G_END_DECLS
