/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query-entry.h - where a query is typed: coloured, wrong places marked
 *
 * Enter asks, Shift+Enter breaks the line. Main thread.
 *
 * Signals: "run" (), "cancel" () while it is busy.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_QUERY_ENTRY (twin_query_entry_get_type ())
G_DECLARE_FINAL_TYPE (TwinQueryEntry,
                      twin_query_entry,
                      TWIN,
                      QUERY_ENTRY,
                      GtkWidget)

/* @label: its accessible name; @hint: shown while it is empty. */
GtkWidget *twin_query_entry_new (const char *label, const char *hint);

char *twin_query_entry_dup_text (TwinQueryEntry *self);
void  twin_query_entry_set_text (TwinQueryEntry *self, const char *text);

/* The sentence below; @line and @column from 1 mark a character, 0 none. NULL
 * takes sentence and mark away, as does typing. */
void twin_query_entry_set_error (TwinQueryEntry *self,
                                 const char     *message,
                                 guint           line,
                                 guint           column);

/* While busy the button cancels. */
void twin_query_entry_set_busy (TwinQueryEntry *self, gboolean busy);

G_END_DECLS
