/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-columns.h"

struct _TwinColumns
{
  GtkColumnView *view; /* owns this */
  TwinCellText   text;
  TwinCellClass  style;
  gpointer       data;
  GPtrArray     *bound; /* GtkListItem that show an item */
};

/* What a column's factory knows. */
typedef struct
{
  TwinColumns   *columns;
  TwinColumn     column; /* title is not kept */
  TwinCellCreate create; /* NULL: text */
  TwinCellShow   show;
} Maker;

static void
columns_free (gpointer data)
{
  TwinColumns *self = data;

  g_ptr_array_unref (self->bound);
  g_free (self);
}

TwinColumns *
twin_columns_new (GtkColumnView *view,
                  TwinCellText   text,
                  TwinCellClass  style,
                  gpointer       data)
{
  TwinColumns *self = g_new0 (TwinColumns, 1);

  self->view = view;
  self->text = text;
  self->style = style;
  self->data = data;
  self->bound = g_ptr_array_new ();
  g_object_set_data_full (G_OBJECT (view), "twin-columns", self, columns_free);
  return self;
}

/* --- cells ---------------------------------------------------------------- */

static Maker *
maker_of (GtkListItem *cell)
{
  return g_object_get_data (G_OBJECT (cell), "twin-maker");
}

static void
set_style (GtkWidget *label, const char *style)
{
  const char *before = g_object_get_data (G_OBJECT (label), "twin-style");

  if (g_strcmp0 (before, style) == 0)
    return;
  if (before != NULL)
    gtk_widget_remove_css_class (label, before);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  g_object_set_data_full (G_OBJECT (label), "twin-style", g_strdup (style),
                          g_free);
}

static void
show_text (GtkListItem *cell)
{
  Maker           *maker = maker_of (cell);
  TwinColumns     *self = maker->columns;
  gpointer         item = gtk_list_item_get_item (cell);
  GtkWidget       *label = gtk_list_item_get_child (cell);
  g_autofree char *text = self->text (item, maker->column.id, self->data);

  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (label), text != NULL ? text : "–");
  if (self->style != NULL)
    set_style (label, self->style (item, maker->column.id, self->data));
}

/* What is cut off is said whole. */
static gboolean
on_tip (GtkWidget  *label,
        int         x,
        int         y,
        gboolean    keyboard,
        GtkTooltip *tip,
        gpointer    data)
{
  if (!pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))))
    return FALSE;

  gtk_tooltip_set_text (tip, gtk_label_get_text (GTK_LABEL (label)));
  return TRUE;
}

static void
show_cell (GtkListItem *cell)
{
  Maker *maker = maker_of (cell);

  if (maker->create != NULL)
    maker->show (cell, maker->columns->data);
  else
    show_text (cell);
}

static void
on_serial (GObject *item, GParamSpec *pspec, gpointer cell)
{
  show_cell (cell);
}

static void
on_setup (GtkListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  Maker     *maker = data;
  GtkWidget *label;

  g_object_set_data (G_OBJECT (cell), "twin-maker", maker);
  if (maker->create != NULL)
    {
      gtk_list_item_set_child (cell,
                               maker->create (cell, maker->columns->data));
      return;
    }

  label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), maker->column.right ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_set_has_tooltip (label, TRUE);
  g_signal_connect (label, "query-tooltip", G_CALLBACK (on_tip), NULL);
  if (maker->column.style_class != NULL)
    gtk_widget_add_css_class (label, maker->column.style_class);
  gtk_list_item_set_child (cell, label);
}

static void
on_bind (GtkListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  Maker   *maker = data;
  GObject *item = gtk_list_item_get_item (cell);

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (item), "serial"))
    g_signal_connect (item, "notify::serial", G_CALLBACK (on_serial), cell);
  g_ptr_array_add (maker->columns->bound, cell);
  show_cell (cell);
}

static void
on_unbind (GtkListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  Maker *maker = data;

  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (cell), cell);
  g_ptr_array_remove_fast (maker->columns->bound, cell);
}

/* --- columns -------------------------------------------------------------- */

static GtkColumnViewColumn *
append (TwinColumns *self, Maker *maker, const char *title)
{
  GtkListItemFactory  *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;

  g_signal_connect_data (factory, "setup", G_CALLBACK (on_setup), maker,
                         (GClosureNotify) (void (*) (void)) g_free, 0);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), maker);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), maker);
  column = gtk_column_view_column_new (title, factory);
  if (maker->column.width > 0)
    gtk_column_view_column_set_fixed_width (column, maker->column.width);
  else
    gtk_column_view_column_set_expand (column, TRUE);
  gtk_column_view_append_column (self->view, column);
  g_object_unref (column);
  return column;
}

GtkColumnViewColumn *
twin_columns_add (TwinColumns *self, const TwinColumn *column)
{
  Maker *maker = g_new0 (Maker, 1);

  maker->columns = self;
  maker->column = *column;
  maker->column.title = NULL;
  return append (self, maker, column->title);
}

GtkColumnViewColumn *
twin_columns_add_widget (TwinColumns   *self,
                         int            width,
                         TwinCellCreate create,
                         TwinCellShow   show)
{
  Maker *maker = g_new0 (Maker, 1);

  maker->columns = self;
  maker->column.width = width;
  maker->create = create;
  maker->show = show;
  return append (self, maker, NULL);
}

void
twin_columns_refresh (TwinColumns *self, guint id)
{
  for (guint i = 0; i < self->bound->len; i++)
    {
      GtkListItem *cell = self->bound->pdata[i];

      if (maker_of (cell)->create == NULL && maker_of (cell)->column.id == id)
        show_text (cell);
    }
}

void
twin_columns_refresh_widgets (TwinColumns *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    {
      GtkListItem *cell = self->bound->pdata[i];

      if (maker_of (cell)->create != NULL)
        show_cell (cell);
    }
}
