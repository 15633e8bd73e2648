/* SPDX-License-Identifier: Apache-2.0 */
/* twin-model-set.h - DTDL interfaces that belong together
 *
 * Built once from texts, then immutable: any thread may read it while it
 * holds a reference. What it returns is borrowed and lives as long as the set.
 */
#pragma once

#include "twin-interface.h"
#include "twin-model-report.h"

G_BEGIN_DECLS

typedef struct _TwinModelSet TwinModelSet;

/* One text: an interface, or an array of them. */
typedef struct
{
  const char *name;   /* file, for messages */
  const char *text;   /* UTF-8 JSON */
  gssize      length; /* bytes, -1: up to the NUL */
  unsigned    group;  /* usually 0. An id inside an interface is unique within
                       * its group; in another one it may mean something else,
                       * as where versions of an interface reuse them */
} TwinModelSource;

typedef enum
{
  TWIN_EXTENSIONS_BY_VERSION, /* v2 keeps them, v3 and v4 refuse them */
  TWIN_EXTENSIONS_ALLOW,
  TWIN_EXTENSIONS_DENY,
} TwinUndefinedExtensions;

typedef struct
{
  TwinUndefinedExtensions undefined_extensions;
  int                     max_dtdl;      /* 2, 3, 4; 0: 4 */
  const char *const      *accept_limits; /* contexts of wider limits, or NULL */
  gboolean tolerant; /* v2: bare {"@id": …}, reserved ids, names twice */
  gboolean adt;      /* also what Azure Digital Twins wants */
  gboolean no_text;  /* interfaces keep no JSON: their json is NULL */
} TwinModelOptions;

/**
 * twin_model_set_new:
 * @options: NULL: the defaults
 * @report: where everything that is wrong is put; caller frees
 *
 * Parses, resolves and checks the texts as one set. Returns NULL when a text
 * is no JSON or the models are invalid; with open references only, the set is
 * returned and @report lists them. Never aborts, whatever the bytes.
 */
TwinModelSet *twin_model_set_new (const TwinModelSource  *sources,
                                  size_t                  n_sources,
                                  const TwinModelOptions *options,
                                  TwinModelReport       **report);

/* The same where the first fault suffices and open references are one. */
TwinModelSet *twin_model_set_new_checked (const TwinModelSource *sources,
                                          size_t                 n_sources,
                                          GError               **error);

TwinModelSet *twin_model_set_new_empty (void);
TwinModelSet *twin_model_set_ref (TwinModelSet *self);
void          twin_model_set_unref (TwinModelSet *self);

const TwinInterface *twin_model_set_lookup (TwinModelSet *self,
                                            const char   *dtmi);

/* TwinInterface by id, borrowed. */
GPtrArray *twin_model_set_list (TwinModelSet *self);

/**
 * twin_model_set_is_of_model:
 * @model: what the twin is
 * @wanted: what is asked for
 * @exact: only the same id
 *
 * IS_OF_MODEL: @model or any ancestor has @wanted's id without version, and a
 * version not below it. An unknown @model is of itself only.
 */
gboolean twin_model_set_is_of_model (TwinModelSet *self,
                                     const char   *model,
                                     const char   *wanted,
                                     gboolean      exact);

/* Every DTMI of the set that is of @wanted. Caller unrefs; borrowed strings. */
GPtrArray *twin_model_set_list_of_model (TwinModelSet *self,
                                         const char   *wanted,
                                         gboolean      exact);

/* --- DTMIs ---------------------------------------------------------------- */

gboolean twin_dtmi_is_valid (const char *dtmi);

/* The same with or without a fragment, "#part", which no model has. */
gboolean twin_dtmi_is_valid_reference (const char *dtmi);

/* Length of @dtmi without ";version"; *@major and *@minor are -1 when not
 * given. */
size_t twin_dtmi_split (const char *dtmi, int *major, int *minor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinModelSet, twin_model_set_unref)

G_END_DECLS
