/* SPDX-License-Identifier: Apache-2.0 */
/* twin-twin-view-private.h - what the files of the twin view share */
#pragma once

#include "twin-twin-view.h"

#include "twin-history-list.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

struct _TwinTwinView
{
  GtkWidget        parent_instance;
  TwinLiveSession *session;
  char            *id;
  int64_t          at_us; /* TWIN_TIME_NONE: now */
  GCancellable    *cancellable;
  TwinTwinItem    *item; /* as shown; NULL: not read yet, or not there */
  JsonNode        *document;
  TwinModelSet    *models;
  GtkWidget       *stack;
  GtkWidget       *missing; /* label */
  GtkWidget       *name, *about, *model;
  GtkWidget       *then; /* revealer: as it was at … */
  GtkWidget       *then_text;
  GtkWidget       *when; /* entry */
  GtkWidget       *properties, *relationships;
  GtkWidget       *life, *life_note, *life_buttons;
  GtkWidget       *tags, *tag_entry;
  TwinHistoryList *history;
};

/* Now, and so open to edits. */
gboolean twin_twin_view_is_now (TwinTwinView *self);
void     twin_twin_view_show_at (TwinTwinView *self, int64_t at_us);

/* An edit of the twin that is shown, on the etag that is shown. */
void twin_twin_view_edit (TwinTwinView *self, TwinEdit *edit);

/* --- twin-twin-view-cards.c: say what @item and @document are --------------
 */
void twin_twin_view_show_properties (TwinTwinView *self);
void twin_twin_view_show_relationships (TwinTwinView *self);
void twin_twin_view_show_life (TwinTwinView *self);
void twin_twin_view_show_tags (TwinTwinView *self);
void twin_twin_view_on_property (GtkListBox    *list,
                                 GtkListBoxRow *row,
                                 gpointer       data);
void twin_twin_view_on_relationship (GtkListBox    *list,
                                     GtkListBoxRow *row,
                                     gpointer       data);

G_END_DECLS
