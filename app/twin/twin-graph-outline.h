/* SPDX-License-Identifier: Apache-2.0 */
/* twin-graph-outline.h - where the elements of a JSON graph file stand
 *
 * Finds the lists of a graph file in its text and walks them, value by value,
 * without making a tree of it. Brackets, strings and the outer objects are
 * checked here; the inside of an element by who parses it. Inside app/twin.
 */
#pragma once

#include <glib.h>

#include "twin-graph-reader.h"

G_BEGIN_DECLS

typedef struct
{
  const char *text;
  gsize       length;
  gsize       at;
} TwinJsonCursor;

typedef struct
{
  gsize    lists[3];  /* by TwinGraphKind: behind the list's bracket; 0: none */
  gboolean interface; /* the root is one interface */
  gboolean bare;      /* the root is the list of models */
  gsize    key_at;    /* of the member at hand */
} TwinGraphOutline;

/* @where: of what is wrong, an offset into the text. */
gboolean twin_graph_outline_find (TwinGraphOutline *self,
                                  const char       *text,
                                  gsize             length,
                                  gsize            *where,
                                  GError          **error);

/* Over one value of whatever kind; FALSE: cursor->at is where it is wrong. */
gboolean twin_json_cursor_skip (TwinJsonCursor *cursor, GError **error);
void     twin_json_cursor_blank (TwinJsonCursor *cursor);
/* The byte at the cursor, 0 at the end. */
char twin_json_cursor_peek (const TwinJsonCursor *cursor);
/* Behind an element: over the comma, or over @close, which *@last tells. */
gboolean twin_json_cursor_comma (TwinJsonCursor *cursor,
                                 char            close,
                                 gboolean       *last,
                                 GError        **error);

G_END_DECLS
