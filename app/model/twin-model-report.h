/* SPDX-License-Identifier: Apache-2.0 */
/* twin-model-report.h - what is wrong with a set of models
 *
 * Owned by who made it; not changed after the set was built.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TWIN_MODEL_ERROR (twin_model_error_quark ())
GQuark twin_model_error_quark (void);

typedef enum
{
  TWIN_MODEL_ERROR_SYNTAX,     /* no JSON */
  TWIN_MODEL_ERROR_INVALID,    /* JSON, but no valid model */
  TWIN_MODEL_ERROR_UNRESOLVED, /* valid so far, a reference is open */
  TWIN_MODEL_ERROR_VALUE,      /* a value that its schema refuses */
  TWIN_MODEL_ERROR_ROLES,      /* roles or a binding cannot be read */
} TwinModelError;

/* One fault. Strings that do not apply are NULL. */
typedef struct
{
  char *id;      /* stable word, as the public DTDL parser's: "badType" */
  char *element; /* DTMI of the element, or of the nearest one around it */
  char *file;    /* name of the text */
  char *pointer; /* RFC 6901, inside that text */
  guint line;    /* from 1; 0: there is no text to count in */
  guint column;  /* in characters, from 1 */
  char *message; /* one sentence for people */
} TwinModelIssue;

typedef struct
{
  GPtrArray *issues;     /* TwinModelIssue, at most 1000 */
  guint      omitted;    /* issues beyond those */
  GPtrArray *unresolved; /* char *: DTMIs that no text of the set defines */
} TwinModelReport;

TwinModelReport *twin_model_report_new (void);
void             twin_model_report_free (TwinModelReport *self);

/* TRUE when there are no issues; unresolved references do not count. */
gboolean twin_model_report_is_valid (const TwinModelReport *self);

/* Sets the first issue, or the unresolved references, as an error that names
 * file and place, and how many more there are. FALSE when there was one. */
gboolean twin_model_report_check (const TwinModelReport *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinModelReport, twin_model_report_free)

G_END_DECLS
