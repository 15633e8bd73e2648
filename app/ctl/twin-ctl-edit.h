/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-edit.h - what the verbs that edit the graph share */
#pragma once

#include "twin-ctl.h"
#include "twin-editor.h"
#include "twin-twin.h"

G_BEGIN_DECLS

/* The editor of the store, as --operator; creates the store's folder when the
 * default store is meant. */
TwinEditor *twin_ctl_open_editor (TwinCtl *ctl, GError **error);

/* Prints the error; INPUT when the question was at fault, else ENVIRONMENT. */
int twin_ctl_fail_edit (const GError *error);

/* One edit, from opening to what is printed: with --json {"change":…,"etag":…,
 * "text":…}, else the sentence, to stderr. A conflict says who was first. */
int twin_ctl_edit (TwinCtl *ctl, const TwinEdit *edit);

/* VALUE of a command line as JSON text: JSON as it is, else a word as a
 * string. Caller frees. */
char *twin_ctl_value (const char *text);

/* A JSON object of @text ("{}" when NULL); NULL: a sentence was printed. */
JsonNode *twin_ctl_object (const char *text);

/* What is desired of the twin's node and what it reports, as a table; nothing
 * where no node serves the twin. For people. */
gboolean twin_ctl_print_properties (TwinStoreReader *reader,
                                    const TwinTwin  *twin,
                                    GError         **error);

/* A JSON document as the only line (--json), or over several for people. */
void twin_ctl_print_document (TwinCtl *ctl, JsonNode *node);

G_END_DECLS
