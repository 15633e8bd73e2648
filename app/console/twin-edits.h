/* SPDX-License-Identifier: Apache-2.0 */
/* twin-edits.h - edits of the graph from a widget: done, said, undone
 *
 * Main thread. What was done is a toast with an Undo button; what was refused
 * a dialog with the reason; a conflict shows mine, theirs and base, and asks.
 */
#pragma once

#include "twin-live-graph.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @edited: borrowed; NULL: it was not done, which is said already. */
typedef void (*TwinEditsDone) (const TwinEdited *edited, gpointer data);

/**
 * twin_edits_apply:
 * @widget: in the window that speaks
 * @edit: copied
 * @done: may be NULL
 * @owner: while it lives @done is called, with @data; may be NULL with @done
 */
void twin_edits_apply (GtkWidget       *widget,
                       TwinLiveSession *session,
                       const TwinEdit  *edit,
                       TwinEditsDone    done,
                       GObject         *owner,
                       gpointer         data);

/**
 * twin_edits_apply_each:
 * @twins: ids; @edit is made of each, one after the other
 *
 * One that is refused stops none of the others: all reasons are said in the
 * end. @done gets the last that was done.
 */
void twin_edits_apply_each (GtkWidget         *widget,
                            TwinLiveSession   *session,
                            const TwinEdit    *edit,
                            const char *const *twins,
                            TwinEditsDone      done,
                            GObject           *owner,
                            gpointer           data);

G_END_DECLS
