/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-machine-log-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-order-list.h"

struct _TwinMachineLogPage
{
  GtkWidget                 parent_instance;
  const TwinMachineContext *context;
  GtkWidget                *box;
  GtkWidget                *orders;
  GtkWidget                *stack;
  GtkFilterListModel       *lines;
  GtkFilter                *filter;
};

static void tab_init (TwinMachineTabInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TwinMachineLogPage,
                               twin_machine_log_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (TWIN_TYPE_MACHINE_TAB,
                                                      tab_init))

static const char *
kind_word (const char *kind)
{
  static const struct
  {
    const char *kind, *word;
  } words[] = {
    { "alarm", N_ ("Alarm") },     { "command", N_ ("Command") },
    { "event", N_ ("Event") },     { "maintenance", N_ ("Maintenance") },
    { "link", N_ ("Connection") }, { "edit", N_ ("Edit") },
  };

  for (size_t i = 0; kind != NULL && i < G_N_ELEMENTS (words); i++)
    {
      if (strcmp (words[i].kind, kind) == 0)
        return _ (words[i].word);
    }

  return kind != NULL ? kind : "";
}

static gboolean
is_ours (gpointer line, gpointer data)
{
  TwinMachineLogPage *self = data;
  const TwinLogItem  *item = twin_live_log_line_get_item (line);

  return self->context != NULL && self->context->machine != NULL &&
         g_strcmp0 (item->machine,
                    twin_live_item_get_id (self->context->machine)) == 0;
}

static GtkLabel *
add_label (GtkWidget *box, const char *class, gboolean expand)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, expand);
  gtk_widget_add_css_class (label, "numeric");
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
set_up (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_widget_add_css_class (box, "twin-log-line");
  gtk_label_set_width_chars (add_label (box, "dim-label", FALSE), 16);
  gtk_label_set_width_chars (add_label (box, NULL, FALSE), 13);
  add_label (box, NULL, TRUE);
  add_label (box, "dim-label", FALSE);
  gtk_list_item_set_child (item, box);
}

static GtkWidget *
nth (GtkWidget *box, int n)
{
  GtkWidget *child = gtk_widget_get_first_child (box);

  while (n-- > 0)
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static void
bind (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget         *box = gtk_list_item_get_child (item);
  const TwinLogItem *line =
      twin_live_log_line_get_item (gtk_list_item_get_item (item));
  g_autoptr (GDateTime) time =
      g_date_time_new_from_unix_local (line->time_us / TWIN_US_PER_S);
  g_autofree char *clock =
      time != NULL ? g_date_time_format (time, _ ("%-d %b %H:%M:%S")) : NULL;

  gtk_label_set_text (GTK_LABEL (nth (box, 0)), clock != NULL ? clock : "–");
  gtk_label_set_text (GTK_LABEL (nth (box, 1)), kind_word (line->kind));
  gtk_label_set_text (GTK_LABEL (nth (box, 2)),
                      line->text != NULL ? line->text : "");
  gtk_widget_set_tooltip_text (nth (box, 2), line->text);
  gtk_label_set_text (GTK_LABEL (nth (box, 3)),
                      line->who != NULL ? line->who : "");
}

static void
show_emptiness (TwinMachineLogPage *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    g_list_model_get_n_items (
                                        G_LIST_MODEL (self->lines)) > 0
                                        ? "lines"
                                        : "empty");
}

static void
refresh (TwinMachineTab *tab, TwinMachineChange changes)
{
  TwinMachineLogPage *self = TWIN_MACHINE_LOG_PAGE (tab);

  if (changes & TWIN_MACHINE_CHANGE_MACHINE)
    {
      gtk_filter_list_model_set_model (self->lines,
                                       self->context->plant != NULL
                                           ? twin_live_plant_get_log (
                                                 self->context->plant)
                                           : NULL);
      gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
      twin_order_list_set (TWIN_ORDER_LIST (self->orders), self->context->plant,
                           twin_live_item_get_id (self->context->machine));
    }

  if (changes & (TWIN_MACHINE_CHANGE_MACHINE | TWIN_MACHINE_CHANGE_LOG))
    show_emptiness (self);
}

static void
set_context (TwinMachineTab *tab, const TwinMachineContext *context)
{
  TWIN_MACHINE_LOG_PAGE (tab)->context = context;
}

static void
tab_init (TwinMachineTabInterface *iface)
{
  iface->set_context = set_context;
  iface->refresh = refresh;
}

static void
dispose (GObject *object)
{
  TwinMachineLogPage *self = TWIN_MACHINE_LOG_PAGE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->lines);

  G_OBJECT_CLASS (twin_machine_log_page_parent_class)->dispose (object);
}

static void
twin_machine_log_page_class_init (TwinMachineLogPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
add_list (TwinMachineLogPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget          *scrolled = gtk_scrolled_window_new ();
  GtkWidget          *view;

  g_signal_connect (factory, "setup", G_CALLBACK (set_up), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind), NULL);
  view = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (
                                g_object_ref (G_LIST_MODEL (self->lines)))),
                            factory);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Log of this machine"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_stack_add_named (GTK_STACK (self->stack), scrolled, "lines");
}

static void
twin_machine_log_page_init (TwinMachineLogPage *self)
{
  GtkWidget *empty = gtk_label_new (
      _ ("Nothing has happened to this machine yet: no alarm, command, "
         "maintenance or edit."));

  self->filter = GTK_FILTER (gtk_custom_filter_new (is_ours, self, NULL));
  self->lines = gtk_filter_list_model_new (NULL, self->filter);
  self->stack = gtk_stack_new ();
  gtk_widget_add_css_class (self->stack, "view");
  gtk_widget_add_css_class (empty, "dim-label");
  gtk_stack_add_named (GTK_STACK (self->stack), empty, "empty");
  gtk_widget_set_vexpand (self->stack, TRUE);
  self->orders = twin_order_list_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class (self->box, "twin-page");
  gtk_box_append (GTK_BOX (self->box), self->orders);
  gtk_box_append (GTK_BOX (self->box), self->stack);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  add_list (self);
}
