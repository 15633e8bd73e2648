/* SPDX-License-Identifier: Apache-2.0 */
/* twin-patch.h - JSON Patch (RFC 6902) on twins and relationships
 *
 * Pure functions; a patch is immutable, any thread. All operations apply, or
 * none: the result is a new value, what went in is untouched. Every error
 * names the operation's index from 0, its op and its path: “operation 3
 * (replace /ratedSpeed): there is no “ratedSpeed””.
 *
 * add, remove, replace, move, copy and test, as the RFC has them: add to an
 * object sets the member, to an array inserts before the index, "-" appends;
 * remove and replace need the value to be there; test compares values (60 is
 * 60.0, members in any order).
 *
 * On a twin, paths are those of its document: "/ratedSpeed",
 * "/thermostat/setPoint", "/placement/x", "/labels/0", "/$metadata/$model",
 * "/$metadata/ratedSpeed/sourceTime", "/$metadata/$tags/-" (a twin without
 * tags has an empty array there). $dtId, $etag, $metadata as a whole, times of
 * update and the life cycle can be tested, not changed. On a relationship only
 * its properties can be changed.
 */
#pragma once

#include "twin-twin.h"

G_BEGIN_DECLS

#define TWIN_PATCH_ERROR (twin_patch_error_quark ())
GQuark twin_patch_error_quark (void);

typedef enum
{
  TWIN_PATCH_ERROR_SYNTAX,    /* it is no JSON Patch */
  TWIN_PATCH_ERROR_PATH,      /* a path leads nowhere */
  TWIN_PATCH_ERROR_TEST,      /* a test failed */
  TWIN_PATCH_ERROR_READ_ONLY, /* what it names cannot be changed so */
  TWIN_PATCH_ERROR_VALUE,     /* what comes out is no twin */
  TWIN_PATCH_ERROR_LIMIT,     /* too many, too long, too much work */
} TwinPatchError;

#define TWIN_PATCH_MAX_BYTES (1024 * 1024) /* of the patch as text */
#define TWIN_PATCH_MAX_OPERATIONS 10000

typedef struct _TwinPatch TwinPatch;

/* @name: what the text is, for messages. Every operation is checked here:
 * words, pointers, values that are missing. */
TwinPatch *twin_patch_parse (const char *name,
                             const char *text,
                             gssize      length,
                             GError    **error);
/* @array: kept by reference. */
TwinPatch *twin_patch_new (JsonNode *array, GError **error);
void       twin_patch_free (TwinPatch *self);
guint      twin_patch_count (const TwinPatch *self);

/* The RFC alone, on any document: a new sealed node, caller unrefs. Longer
 * than TWIN_DOCUMENT_MAX_BYTES as text it is a LIMIT error; so is a patch that
 * would touch more than 20 million members on its way. */
JsonNode *twin_patch_apply (const TwinPatch *self,
                            JsonNode        *document,
                            GError         **error);

/**
 * twin_patch_apply_twin:
 * @now_us: becomes lastUpdateTime of every property that a change names, and
 *          updated_us; a sourceTime that the patch does not set is gone
 *
 * The model is not asked: call twin_twin_check() with the result.
 */
TwinTwin *twin_patch_apply_twin (const TwinPatch *self,
                                 const TwinTwin  *twin,
                                 int64_t          now_us,
                                 GError         **error);

/* Call twin_relationship_check() with the result. */
TwinRelationship *twin_patch_apply_relationship (
    const TwinPatch        *self,
    const TwinRelationship *relationship,
    GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinPatch, twin_patch_free)

G_END_DECLS
