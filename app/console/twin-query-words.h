/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query-words.h - what a person types, as a question of the query language
 *
 * Pure but for the translation, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TRUE when @text is a query and no words to look for. */
gboolean twin_query_words_is_query (const char *text);

/* The question that looks for every word of @text in name, id and, unless
 * it is a number, model;
 * without a word, every twin. @parameters gets its JSON, NULL: it has none.
 * Twins that are no longer in service are left out unless @retired. At most
 * five words count. Caller frees both. */
char *twin_query_words_dup_question (const char *text,
                                     gboolean    retired,
                                     char      **parameters);

/* Appends @text as the language writes it, quotes and all. */
void twin_query_words_append_text (GString *question, const char *text);

/* Those twins, by their ids. Caller frees. */
char *twin_query_words_dup_twins_question (const char *const *ids);

/* Who is in the group @name. Caller frees. */
char *twin_query_words_dup_group_question (const char *name);

/* A question to begin with. */
typedef struct
{
  const char *name; /* translated when shown */
  const char *query;
} TwinQueryExample;

/* The array ends with a NULL name. */
const TwinQueryExample *twin_query_words_get_examples (void);

typedef enum
{
  TWIN_QUERY_WORD_KEYWORD,  /* SELECT, WHERE, … */
  TWIN_QUERY_WORD_FUNCTION, /* a name before a parenthesis */
  TWIN_QUERY_WORD_TEXT,     /* 'Line 1' */
  TWIN_QUERY_WORD_NUMBER,
} TwinQueryWordKind;

/* Offsets in bytes, end exclusive. */
typedef void (*TwinQueryWordFunc) (TwinQueryWordKind kind,
                                   gsize             begin,
                                   gsize             end,
                                   gpointer          data);

/* For colours: words as they come, whatever the text; never fails. */
void twin_query_words_scan (const char       *text,
                            TwinQueryWordFunc func,
                            gpointer          data);

G_END_DECLS
