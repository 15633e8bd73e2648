/* SPDX-License-Identifier: Apache-2.0 */
/* twin-answer.h - the rows of a query as a table
 *
 * twin_answer_new() is pure and runs in a worker: it reads the rows' JSON and
 * finds the columns. A row is a GObject of the main thread from then on, with
 * "serial" (uint), which rises when its values are replaced.
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  GStrv    path;    /* members from the row's object down */
  char    *name;    /* the same as text: "T.ratedSpeed" */
  char    *title;   /* for people */
  gboolean numeric; /* every value that is there is a number */
  gboolean shown;   /* at first; all others can be chosen */
  guint    filled;  /* rows that have it */
} TwinAnswerColumn;

#define TWIN_TYPE_ANSWER_ROW (twin_answer_row_get_type ())
G_DECLARE_FINAL_TYPE (TwinAnswerRow, twin_answer_row, TWIN, ANSWER_ROW, GObject)

typedef struct
{
  GPtrArray *columns; /* TwinAnswerColumn */
  GPtrArray *rows;    /* TwinAnswerRow */
} TwinAnswer;

/* @rows: JSON objects, one a text. Whole twins and relationships become a
 * column a property; a component's properties likewise. Etags and update times
 * are left out. A text that is no object is an error that names the row. */
TwinAnswer *twin_answer_new (const char *const *rows, GError **error);
void        twin_answer_free (TwinAnswer *self);

/* The twin that the row stands for: the first one in it; NULL: none. */
const char *twin_answer_row_get_twin (TwinAnswerRow *self);
/* Borrowed; NULL: the row has no such value. */
JsonNode *twin_answer_row_get (TwinAnswerRow          *self,
                               const TwinAnswerColumn *column);
/* In words; NULL: no value. Caller frees. */
char *twin_answer_row_dup_text (TwinAnswerRow          *self,
                                const TwinAnswerColumn *column);
/* Numbers by size, before texts by the words' order; no value comes last. */
int twin_answer_row_compare (TwinAnswerRow          *a,
                             TwinAnswerRow          *b,
                             const TwinAnswerColumn *column);
/* Takes the values of @newer, which stands for the same thing. */
void twin_answer_row_update (TwinAnswerRow *self, TwinAnswerRow *newer);

/* RFC 4180, UTF-8, a head line of names; @columns as shown
 * (TwinAnswerColumn), @rows TwinAnswerRow. Caller frees. */
char *twin_answer_dup_csv (GPtrArray *columns, GListModel *rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinAnswer, twin_answer_free)

G_END_DECLS
