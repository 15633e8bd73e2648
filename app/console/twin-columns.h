/* SPDX-License-Identifier: Apache-2.0 */
/* twin-columns.h - the columns of a table, made one way
 *
 * Text cells say what a function makes of the row's object; they follow its
 * "serial" property where it has one, and are said anew by
 * twin_columns_refresh(), for what moves with time. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _TwinColumns TwinColumns;

/* What stands in column @id of @item's row; caller frees, NULL is shown as
 * "–". */
typedef char *(*TwinCellText) (gpointer item, guint id, gpointer data);

/* A style class the cell has for now ("heading", "dim-label"), or NULL. */
typedef const char *(*TwinCellClass) (gpointer item, guint id, gpointer data);

/* @cell's child was made by the column's create; its item is what it shows. */
typedef GtkWidget *(*TwinCellCreate) (GtkListItem *cell, gpointer data);
typedef void (*TwinCellShow) (GtkListItem *cell, gpointer data);

typedef struct
{
  const char *title;
  guint       id;
  int         width;       /* px; 0: what the others leave */
  gboolean    right;       /* figures stand right */
  const char *style_class; /* of every cell, or NULL */
} TwinColumn;

/* Belongs to @view and goes with it; @style may be NULL. */
TwinColumns *twin_columns_new (GtkColumnView *view,
                               TwinCellText   text,
                               TwinCellClass  style,
                               gpointer       data);

/* Appends a column of text; borrowed from the view. */
GtkColumnViewColumn *twin_columns_add (TwinColumns      *self,
                                       const TwinColumn *column);

/* Appends a column of widgets, without a title. */
GtkColumnViewColumn *twin_columns_add_widget (TwinColumns   *self,
                                              int            width,
                                              TwinCellCreate create,
                                              TwinCellShow   show);

/* Says the cells of text column @id anew. */
void twin_columns_refresh (TwinColumns *self, guint id);

/* Shows the cells of the widget columns anew. */
void twin_columns_refresh_widgets (TwinColumns *self);

G_END_DECLS
