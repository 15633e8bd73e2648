/* SPDX-License-Identifier: Apache-2.0 */
/* twin-patch-private.h - what a patch is made of (inside app/twin) */
#pragma once

#include "twin-patch.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_PATCH_ADD,
  TWIN_PATCH_REMOVE,
  TWIN_PATCH_REPLACE,
  TWIN_PATCH_MOVE,
  TWIN_PATCH_COPY,
  TWIN_PATCH_TEST,
} TwinPatchOp;

typedef struct
{
  TwinPatchOp op;
  char       *path;
  char      **tokens; /* of @path */
  char       *from;   /* MOVE, COPY */
  char      **from_tokens;
  JsonNode   *value; /* ADD, REPLACE, TEST: of the patch, never changed */
} TwinPatchOperation;

struct _TwinPatch
{
  JsonNode *array;
  GArray   *operations; /* TwinPatchOperation */
};

/* A document while it is patched: a copy that nobody else sees. */
typedef struct
{
  JsonNode                 *root;
  size_t                    size;  /* about its bytes as text */
  size_t                    most;  /* of those */
  guint64                   work;  /* members touched so far */
  guint                     index; /* of the operation under way */
  const TwinPatchOperation *operation;
} TwinPatchWork;

gboolean twin_patch_work_init (TwinPatchWork *self,
                               JsonNode      *document,
                               GError       **error);
void     twin_patch_work_clear (TwinPatchWork *self);
/* All-or-nothing is the caller's: after a failure the work is to be cleared.
 */
gboolean twin_patch_work_run (TwinPatchWork            *self,
                              guint                     index,
                              const TwinPatchOperation *operation,
                              GError                  **error);
/* What came out, sealed; the work has it no more. */
JsonNode *twin_patch_work_finish (TwinPatchWork *self, GError **error);

/* Sets the error of the operation under way; FALSE always. */
gboolean twin_patch_fail (const TwinPatchWork *self,
                          GError             **error,
                          TwinPatchError       code,
                          const char          *format,
                          ...) G_GNUC_PRINTF (4, 5);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwinPatchWork, twin_patch_work_clear)

G_END_DECLS
