/* SPDX-License-Identifier: Apache-2.0 */
/* twin-twin.h - a twin and a relationship as values
 *
 * Plain structs that own their members; the JSON nodes in them are immutable
 * and replaced, never changed. One thread at a time.
 *
 * As JSON a twin is what Azure Digital Twins calls its document:
 *   {"$dtId":…,"$etag":…,"$metadata":{"$model":…,"<property>":{"lastUpdateTime":…}},
 *    "<property>":…,"<component>":{…,"$metadata":{}}}
 * A life-cycle state other than "in service" is "$lifecycle" in $metadata, tags
 * are "$tags" there, an array of strings.
 */
#pragma once

#include <json-glib/json-glib.h>
#include <stdint.h>

#include "twin-clock.h"
#include "twin-lifecycle.h"

G_BEGIN_DECLS

/* A twin's document or a relationship's, as JSON text, may be this long. */
#define TWIN_DOCUMENT_MAX_BYTES (256 * 1024)
#define TWIN_MAX_TAGS 100      /* of one twin */
#define TWIN_MAX_TAG_LENGTH 64 /* characters */

#define TWIN_TWIN_ERROR (twin_twin_error_quark ())
GQuark twin_twin_error_quark (void);

typedef enum
{
  TWIN_TWIN_ERROR_INVALID, /* no twin, no relationship, no graph file */
  TWIN_TWIN_ERROR_MODEL,   /* the model is unknown, or refuses the value */
  TWIN_TWIN_ERROR_NOT_FOUND,
  TWIN_TWIN_ERROR_EXISTS,
  TWIN_TWIN_ERROR_IN_USE,  /* relationships still point at it */
  TWIN_TWIN_ERROR_CHANGED, /* the etag is another one */
  TWIN_TWIN_ERROR_STATE,   /* the life cycle does not allow it */
} TwinTwinError;

typedef struct
{
  char *
      id; /* $dtId: 1..128 of A-Z a-z 0-9 - . + % _ # * ? ! ( ) , = @ $ ' : ; */
  char         *model;        /* DTMI */
  char         *etag;         /* or NULL */
  char         *display_name; /* property displayName or name, else the id */
  TwinLifecycle lifecycle;
  JsonNode     *properties; /* object: properties and components, no $ keys */
  JsonNode     *metadata;   /* object: the rest of $metadata */
  char        **tags;       /* sorted by bytes, each once, NULL-terminated;
                             * NULL: none */
  int64_t created_us;       /* TWIN_TIME_NONE: not known */
  int64_t updated_us;
} TwinTwin;

typedef struct
{
  char     *source;     /* $dtId */
  char     *id;         /* unique within its source */
  char     *name;       /* as the model declares it */
  char     *target;     /* $dtId */
  char     *etag;       /* or NULL */
  JsonNode *properties; /* object */
} TwinRelationship;

/* @properties: NULL: none. */
TwinTwin *twin_twin_new (const char *id,
                         const char *model,
                         JsonNode   *properties);
TwinTwin *twin_twin_copy (const TwinTwin *self);
void      twin_twin_free (TwinTwin *self);

/* @pointer: where @node stands in its file, for messages; "" for itself. */
TwinTwin *twin_twin_from_json (JsonNode   *node,
                               const char *pointer,
                               GError    **error);
JsonNode *twin_twin_to_json (const TwinTwin *self);

/* For the store: the props column, everything but $dtId and $etag; and back.
 * @display_name and @etag may be NULL. */
char     *twin_twin_print_props (const TwinTwin *self);
TwinTwin *twin_twin_from_props (const char *id,
                                const char *model,
                                const char *lifecycle,
                                const char *etag,
                                const char *props,
                                GError    **error);

/* Sets (or with @value NULL removes) what the JSON pointer names
 * ("/ratedSpeed", "/thermostat/setPoint"), notes lastUpdateTime @now_us and,
 * unless TWIN_TIME_NONE, sourceTime. */
gboolean twin_twin_set (TwinTwin   *self,
                        const char *pointer,
                        JsonNode   *value,
                        int64_t     now_us,
                        int64_t     source_us,
                        GError    **error);

/* The value at @pointer, borrowed until the twin changes; NULL: none. */
JsonNode *twin_twin_get (const TwinTwin *self, const char *pointer);

gboolean twin_twin_id_is_valid (const char *id);

/* --- tags ----------------------------------------------------------------- */

/* 1 to 64 characters of UTF-8, no control character, no blank at either end. */
gboolean twin_tag_is_valid (const char *tag);

gboolean twin_twin_has_tag (const TwinTwin *self, const char *tag);

/* Adds and removes (both may be NULL); one that is there, or not there,
 * already is no error. INVALID, and unchanged, when a tag is none or there
 * would be too many. */
gboolean twin_twin_change_tags (TwinTwin          *self,
                                const char *const *add,
                                const char *const *remove,
                                GError           **error);

/* A JSON array as the store's column wants it; NULL: no tags. Caller frees. */
char *twin_twin_print_tags (const TwinTwin *self);

/* --- relationships -------------------------------------------------------- */

TwinRelationship *twin_relationship_new (const char *source,
                                         const char *id,
                                         const char *name,
                                         const char *target,
                                         JsonNode   *properties);
TwinRelationship *twin_relationship_copy (const TwinRelationship *self);
void              twin_relationship_free (TwinRelationship *self);
TwinRelationship *twin_relationship_from_json (JsonNode   *node,
                                               const char *pointer,
                                               GError    **error);
/* {"$relationshipId":…,"$sourceId":…,"$targetId":…,"$relationshipName":…,…} */
JsonNode *twin_relationship_to_json (const TwinRelationship *self);
/* The props column: the properties as JSON text. */
char             *twin_relationship_print_props (const TwinRelationship *self);
TwinRelationship *twin_relationship_from_props (const char *source,
                                                const char *id,
                                                const char *name,
                                                const char *target,
                                                const char *etag,
                                                const char *props,
                                                GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinTwin, twin_twin_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinRelationship, twin_relationship_free)

G_END_DECLS
