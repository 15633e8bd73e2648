/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-firmware-table.h"

#include <glib/gi18n.h>

#include "twin-columns.h"

typedef enum
{
  COLUMN_NODE,
  COLUMN_MACHINE,
  COLUMN_HAS,
  COLUMN_TURN,
  COLUMN_STATE,
  COLUMN_WHY,
} Column;

enum
{
  MAX_FILTERS = 4,
};

struct _TwinFirmwareTable
{
  GtkWidget        parent_instance;
  GtkWidget       *box;
  GtkWidget       *head; /* figures and filters */
  GtkWidget       *figures;
  GtkWidget       *filters[MAX_FILTERS + 1]; /* "All" first */
  TwinFirmwareKind kinds[MAX_FILTERS];
  char            *names[MAX_FILTERS];
  guint            n_kinds;
  GtkWidget       *stack, *view, *empty;
  GListStore      *rows;
  GtkFilter       *filter; /* owned by its model */
  guint            shown;  /* 0: all, else kinds[shown - 1] */
  guint            at;     /* while rows are given */
};

G_DEFINE_FINAL_TYPE (TwinFirmwareTable, twin_firmware_table, GTK_TYPE_WIDGET)

/* --- cells ---------------------------------------------------------------- */

static char *
dup_text (gpointer item, guint column, gpointer data)
{
  const TwinFirmwareFacts *facts = twin_firmware_row_get (item);

  switch ((Column) column)
    {
    case COLUMN_NODE:
      return g_strdup (facts->node);
    case COLUMN_MACHINE:
      return g_strdup (facts->machine);
    case COLUMN_HAS:
      return g_strdup (facts->has);
    case COLUMN_TURN:
      return g_strdup (facts->turn);
    case COLUMN_STATE:
      return g_strdup (facts->state);
    case COLUMN_WHY:
      return g_strdup (facts->why != NULL ? facts->why : "");
    }

  g_return_val_if_reached (NULL);
}

static const char *
get_style (gpointer item, guint column, gpointer data)
{
  const TwinFirmwareKind kind = twin_firmware_row_get (item)->kind;

  if (column == COLUMN_STATE)
    switch (kind)
      {
      case TWIN_FIRMWARE_IN:
      case TWIN_FIRMWARE_CONFIRMED:
        return "twin-done";
      case TWIN_FIRMWARE_FAILED:
        return "twin-failed";
      case TWIN_FIRMWARE_UNDER_WAY:
        return "heading";
      case TWIN_FIRMWARE_INCOMPATIBLE:
        return NULL;
      case TWIN_FIRMWARE_OUT:
        return "dim-label";
      }
  return kind == TWIN_FIRMWARE_OUT || kind == TWIN_FIRMWARE_INCOMPATIBLE ||
                 column == COLUMN_WHY
             ? "dim-label"
             : NULL;
}

/* --- filters -------------------------------------------------------------- */

static gboolean
is_shown (gpointer item, gpointer data)
{
  TwinFirmwareTable *self = data;

  return self->shown == 0 ||
         twin_firmware_row_get (item)->kind == self->kinds[self->shown - 1];
}

static void
on_filter (GtkToggleButton *button, gpointer data)
{
  TwinFirmwareTable *self = data;

  if (!gtk_toggle_button_get_active (button))
    return;
  for (guint i = 0; i <= self->n_kinds; i++)
    if (self->filters[i] == GTK_WIDGET (button))
      self->shown = i;
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static GtkWidget *
build_filters (TwinFirmwareTable *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  for (guint i = 0; i <= self->n_kinds; i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (
          i == 0 ? _ ("All") : _ (self->names[i - 1]));

      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                     GTK_TOGGLE_BUTTON (self->filters[0]));
      else
        gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
      g_signal_connect (button, "toggled", G_CALLBACK (on_filter), self);
      self->filters[i] = button;
      gtk_box_append (GTK_BOX (box), button);
    }
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_add_css_class (box, "twin-switch");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

static void
show_figures (TwinFirmwareTable *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  guint       counts[MAX_FILTERS] = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *all = g_strdup_printf (_ ("All %u"), n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinFirmwareRow) row =
          g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      for (guint k = 0; k < self->n_kinds; k++)
        counts[k] += twin_firmware_row_get (row)->kind == self->kinds[k];
    }

  for (guint k = 0; k < self->n_kinds; k++)
    {
      g_autofree char *name = g_utf8_strdown (_ (self->names[k]), -1);

      g_string_append_printf (text,
                              "%s<span size='x-large' weight='heavy'>%u</span>"
                              "  <span alpha='62%%'>%s</span>",
                              k > 0 ? "    " : "", counts[k], name);
    }
  gtk_label_set_markup (GTK_LABEL (self->figures), text->str);
  gtk_button_set_label (GTK_BUTTON (self->filters[0]), all);
  gtk_stack_set_visible_child (GTK_STACK (self->stack),
                               n > 0 ? gtk_widget_get_parent (self->view)
                                     : self->empty);
}

/* --- rows ----------------------------------------------------------------- */

void
twin_firmware_table_begin (TwinFirmwareTable *self)
{
  self->at = 0;
}

void
twin_firmware_table_add (TwinFirmwareTable       *self,
                         const TwinFirmwareFacts *facts)
{
  g_autoptr (TwinFirmwareRow) row =
      g_list_model_get_item (G_LIST_MODEL (self->rows), self->at);
  const TwinFirmwareFacts *known =
      row != NULL ? twin_firmware_row_get (row) : NULL;

  if (known != NULL && g_strcmp0 (known->node, facts->node) == 0 &&
      g_strcmp0 (known->machine, facts->machine) == 0)
    {
      const TwinFirmwareKind before = known->kind;

      /* A filter looks again only when it is told to. */
      if (twin_firmware_row_set (row, facts) && before != facts->kind &&
          self->shown != 0)
        gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
    }
  else
    {
      g_autoptr (TwinFirmwareRow) fresh = twin_firmware_row_new (facts);
      gpointer additions[] = { fresh };

      g_list_store_splice (self->rows, self->at, row != NULL, additions, 1);
    }
  self->at++;
}

void
twin_firmware_table_end (TwinFirmwareTable *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  if (n > self->at)
    g_list_store_splice (self->rows, self->at, n - self->at, NULL, 0);
  show_figures (self);
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
build_view (TwinFirmwareTable *self, gboolean progress)
{
  const TwinColumn columns[] = {
    { _ ("Node"), COLUMN_NODE, 78, FALSE, NULL },
    { _ ("Machine"), COLUMN_MACHINE, 116, FALSE, NULL },
    { progress ? _ ("Had") : _ ("Has"), COLUMN_HAS, 60, FALSE, NULL },
    { _ ("Turn"), COLUMN_TURN, 72, FALSE, NULL },
    { progress ? _ ("State") : _ ("Verdict"), COLUMN_STATE,
      progress ? 138 : 100, FALSE, NULL },
    { _ ("Why"), COLUMN_WHY, 0, FALSE, NULL },
  };
  GtkWidget   *scroller = gtk_scrolled_window_new ();
  TwinColumns *made;
  GListModel  *shown;

  self->filter = GTK_FILTER (gtk_custom_filter_new (is_shown, self, NULL));
  shown = G_LIST_MODEL (
      gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->rows)),
                                 self->filter));
  self->view =
      gtk_column_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (shown)));
  gtk_widget_add_css_class (self->view, "twin-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  progress ? _ ("Nodes of the campaign")
                                           : _ ("Nodes in, out and "
                                                "incompatible"),
                                  -1);
  made = twin_columns_new (GTK_COLUMN_VIEW (self->view), dup_text, get_style,
                           self);
  for (size_t i = 0; i < G_N_ELEMENTS (columns); i++)
    twin_columns_add (made, &columns[i]);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->view);
  return scroller;
}

static void
build (TwinFirmwareTable *self, gboolean progress, const char *empty)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  self->head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->figures = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->figures), 0);
  gtk_widget_add_css_class (self->figures, "numeric");
  gtk_widget_set_hexpand (self->figures, TRUE);
  gtk_box_append (GTK_BOX (self->head), self->figures);
  gtk_box_append (GTK_BOX (self->head), build_filters (self));
  gtk_box_append (GTK_BOX (self->box), self->head);

  self->stack = gtk_stack_new ();
  self->empty = gtk_label_new (empty);
  gtk_label_set_wrap (GTK_LABEL (self->empty), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->empty), 48);
  gtk_label_set_justify (GTK_LABEL (self->empty), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->empty, "dim-label");
  gtk_stack_add_child (GTK_STACK (self->stack), build_view (self, progress));
  gtk_stack_add_child (GTK_STACK (self->stack), self->empty);
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_widget_add_css_class (self->stack, "twin-card-list");
  gtk_box_append (GTK_BOX (self->box), self->stack);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  show_figures (self);
}

static void
twin_firmware_table_dispose (GObject *object)
{
  TwinFirmwareTable *self = TWIN_FIRMWARE_TABLE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->rows);
  for (guint i = 0; i < self->n_kinds; i++)
    g_clear_pointer (&self->names[i], g_free);
  G_OBJECT_CLASS (twin_firmware_table_parent_class)->dispose (object);
}

static void
twin_firmware_table_class_init (TwinFirmwareTableClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_firmware_table_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_firmware_table_init (TwinFirmwareTable *self)
{
  self->rows = g_list_store_new (TWIN_TYPE_FIRMWARE_ROW);
}

GtkWidget *
twin_firmware_table_new (const char *const      *names,
                         const TwinFirmwareKind *kinds,
                         gboolean                progress,
                         const char             *empty)
{
  TwinFirmwareTable *self = g_object_new (TWIN_TYPE_FIRMWARE_TABLE, NULL);

  for (guint i = 0; names[i] != NULL && i < MAX_FILTERS; i++)
    {
      self->names[i] = g_strdup (names[i]);
      self->kinds[i] = kinds[i];
      self->n_kinds++;
    }
  build (self, progress, empty);
  return GTK_WIDGET (self);
}
