/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-fact-grid.h"

struct _TwinFactGrid
{
  GtkWidget  parent_instance;
  GtkWidget *grid;
  GPtrArray *names;
};

G_DEFINE_FINAL_TYPE (TwinFactGrid, twin_fact_grid, GTK_TYPE_WIDGET)

static guint
find_row (TwinFactGrid *self, const char *name)
{
  for (guint i = 0; i < self->names->len; i++)
    {
      if (g_str_equal (g_ptr_array_index (self->names, i), name))
        return i;
    }

  return self->names->len;
}

static void
add_row (TwinFactGrid *self, const char *name)
{
  const int  row = (int) self->names->len;
  GtkWidget *left = gtk_label_new (name);
  GtkWidget *right = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (left), 0);
  gtk_label_set_yalign (GTK_LABEL (left), 0);
  gtk_widget_add_css_class (left, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (right), 1);
  gtk_label_set_wrap (GTK_LABEL (right), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (right), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (right), 24);
  gtk_label_set_justify (GTK_LABEL (right), GTK_JUSTIFY_RIGHT);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_widget_set_halign (right, GTK_ALIGN_END);
  gtk_widget_add_css_class (right, "numeric");
  gtk_grid_attach (GTK_GRID (self->grid), left, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), right, 1, row, 1, 1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (right),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, left,
                                  NULL, -1);
  g_ptr_array_add (self->names, g_strdup (name));
}

void
twin_fact_grid_set (TwinFactGrid *self, const char *name, const char *value)
{
  guint      row;
  GtkWidget *left, *right;

  g_return_if_fail (TWIN_IS_FACT_GRID (self));
  g_return_if_fail (name != NULL);

  row = find_row (self, name);
  if (row == self->names->len)
    add_row (self, name);

  left = gtk_grid_get_child_at (GTK_GRID (self->grid), 0, (int) row);
  right = gtk_grid_get_child_at (GTK_GRID (self->grid), 1, (int) row);
  gtk_widget_set_visible (left, value != NULL);
  gtk_widget_set_visible (right, value != NULL);
  if (value != NULL)
    gtk_label_set_text (GTK_LABEL (right), value);
}

void
twin_fact_grid_clear (TwinFactGrid *self)
{
  GtkWidget *child;

  g_return_if_fail (TWIN_IS_FACT_GRID (self));

  while ((child = gtk_widget_get_first_child (self->grid)) != NULL)
    gtk_grid_remove (GTK_GRID (self->grid), child);
  g_ptr_array_set_size (self->names, 0);
}

static void
dispose (GObject *object)
{
  g_clear_pointer (&TWIN_FACT_GRID (object)->grid, gtk_widget_unparent);

  G_OBJECT_CLASS (twin_fact_grid_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  g_ptr_array_unref (TWIN_FACT_GRID (object)->names);

  G_OBJECT_CLASS (twin_fact_grid_parent_class)->finalize (object);
}

static void
twin_fact_grid_class_init (TwinFactGridClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
  G_OBJECT_CLASS (class)->finalize = finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_fact_grid_init (TwinFactGrid *self)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->grid = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 3);
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 12);
  gtk_widget_add_css_class (self->grid, "twin-cap");
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
}

GtkWidget *
twin_fact_grid_new (void)
{
  return g_object_new (TWIN_TYPE_FACT_GRID, NULL);
}
