/* SPDX-License-Identifier: Apache-2.0 */
/* twin-table-page-private.h - what the files of the table page share */
#pragma once

#include "twin-table-page.h"

#include "twin-query-entry.h"
#include "twin-query-list.h"
#include "twin-result-table.h"

G_BEGIN_DECLS

struct _TwinTablePage
{
  GtkWidget        parent_instance;
  TwinLiveSession *session;
  TwinLivePlant   *plant;
  TwinMeter       *meter;
  GCancellable    *cancellable; /* of the question under way, or NULL */
  char            *asked;       /* as typed; NULL: nothing yet */
  gboolean         again;       /* the one under way repeats the last */
  gboolean         failed;      /* the last was: it is not repeated */
  GPtrArray       *cursors;     /* of the pages up to this one; 0 is NULL */
  char            *next;        /* cursor of the next page; NULL: none */
  guint            page;        /* from 0 */
  guint            n_rows;      /* of this page */
  guint            total;       /* of all pages; 0: not known */
  double           seconds;     /* the last answer took */
  int64_t          asked_us;    /* monotonic: when it was asked */
  int64_t          answered_us; /* UTC */
  gboolean         retired;     /* words find retired twins, too */
  GPtrArray       *saved;       /* TwinSavedQueryItem */
  GPtrArray       *groups;      /* TwinGroupItem */
  GCancellable    *listing;
  GtkWidget       *box;
  TwinQueryList   *list;
  TwinQueryEntry  *entry;
  TwinResultTable *table;
  GtkWidget       *stack;
  GtkWidget       *empty;
  GtkWidget       *figures;
  GtkWidget       *previous;
  GtkWidget       *following;
  GtkWidget       *columns; /* menu button */
  GtkWidget       *show_retired;
  GtkWidget       *bar; /* revealer: what can be done with the selected */
  GtkWidget       *chosen;
  GtkWidget       *add_to_group; /* menu button */
};

/* --- twin-table-ask.c ------------------------------------------------------
 */
/* Asks for page @page; @again: what was asked, to see what changed. */
void twin_table_page_fetch (TwinTablePage *self, guint page, gboolean again);
/* Asks what stands in the entry, from its first page. */
void twin_table_page_run (TwinTablePage *self);
void twin_table_page_cancel (TwinTablePage *self);
void twin_table_page_show_figures (TwinTablePage *self);

/* --- twin-table-page.c ---------------------------------------------------- */
void twin_table_page_load_lists (TwinTablePage *self);

/* --- twin-table-acts.c ---------------------------------------------------- */
GtkWidget *twin_table_page_build_bar (TwinTablePage *self);
void       twin_table_page_add_actions (TwinTablePage *self);
void       twin_table_page_update_bar (TwinTablePage *self);
void       twin_table_page_fill_groups (TwinTablePage *self);
void       twin_table_page_rename (TwinTablePage *self, const char *name);
void       twin_table_page_delete (TwinTablePage *self, const char *name);

G_END_DECLS
