/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-models.h - the store's models as a set, and how they get there
 *
 * What a store holds was checked when it came in, so it is read as it is: ids
 * inside an interface count for that interface only, since public models of
 * different makers and versions reuse them. Thread: that of the handle or
 * reader.
 */
#pragma once

#include "twin-model-set.h"
#include "twin-store-import.h"
#include "twin-store-reader.h"

G_BEGIN_DECLS

/* All of them; a reference that nothing resolves stays open. Caller unrefs. */
TwinModelSet *twin_store_reader_load_models (TwinStoreReader *self,
                                             GError         **error);

typedef struct
{
  const TwinModelSource *sources; /* named; their groups do not matter */
  size_t                 n_sources;
  /* FALSE: the texts are one set, all of it or nothing goes in.
   * TRUE: each is checked with what it refers to, among the texts and in the
   *       store; what is valid goes in. */
  gboolean    each;
  const char *name; /* for the change's text */
  const char *who;  /* NULL: the engine */
  int64_t     now_us;

  /* Each fault: of an issue "unresolved", which is not in the parser's list,
   * the element is the interface that refers to what nothing defines. */
  void (*refused) (const TwinModelIssue *issue, void *data);
  void *data;
} TwinStoreModelImport;

/**
 * twin_store_import_models:
 * @counts: models that went in, and faults
 *
 * As one change. What is there of the same DTMI is replaced. Returns FALSE
 * with TWIN_MODEL_ERROR_INVALID when anything was refused (with each: though
 * the others went in); TWIN_STORE_ERROR when the store cannot take it.
 */
gboolean twin_store_import_models (TwinStore                  *self,
                                   const TwinStoreModelImport *import,
                                   TwinStoreImportCounts      *counts,
                                   GError                    **error);

/* NOT_FOUND; EXISTS, naming them, while interfaces extend it or have it as a
 * component, or twins are of it. */
gboolean twin_store_remove_model (TwinStore  *self,
                                  const char *dtmi,
                                  const char *who,
                                  int64_t     now_us,
                                  GError    **error);

/* --- inside the store ----------------------------------------------------- */

/* @own (TwinModelSource; their groups as they are) with those of @rows
 * (TwinStoreModel) that are not in @replaced (a set of DTMIs). */
TwinModelSet *twin_store_models_build (GArray           *own,
                                       GPtrArray        *rows,
                                       GHashTable       *replaced,
                                       TwinModelReport **report);

/* An issue "unresolved" for each reference of @set that is open, which
 * @report lists, to @refused. */
void twin_store_models_tell_open (TwinModelSet          *set,
                                  const TwinModelReport *report,
                                  void (*refused) (const TwinModelIssue *issue,
                                                   void                 *data),
                                  void *data);

G_END_DECLS
