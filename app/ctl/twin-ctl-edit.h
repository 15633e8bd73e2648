/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-edit.h - what the verbs that edit the graph share */
#pragma once

#include "twin-ctl.h"
#include "twin-editor.h"

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

/* A JSON document as the only line (--json), or over several for people. */
void twin_ctl_print_document (TwinCtl *ctl, JsonNode *node);

G_END_DECLS
