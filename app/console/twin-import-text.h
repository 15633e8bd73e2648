/* SPDX-License-Identifier: Apache-2.0 */
/* twin-import-text.h - several files as one text, and places in it as places
 * in the files
 *
 * Models refer to each other across files, so that files are imported as one
 * set. Each file begins on a line of its own and keeps its columns. Pure, any
 * thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TwinImportText TwinImportText;

TwinImportText *twin_import_text_new (void);
void            twin_import_text_free (TwinImportText *self);

/* @text: a file whole. More than one: each must be DTDL, an interface or an
 * array of them. */
void twin_import_text_add (TwinImportText *self,
                           const char     *name,
                           const char     *text);

guint twin_import_text_count (TwinImportText *self);
/* What is imported; borrowed until the next add. */
const char *twin_import_text_get (TwinImportText *self);

/* "line 12, column 3" becomes "Motor.json, line 4, column 3"; a DTMI, also
 * behind something else, gets the file and line that declare it before it;
 * anything else stays. Caller frees. */
char *twin_import_text_dup_place (TwinImportText *self, const char *where);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinImportText, twin_import_text_free)

G_END_DECLS
