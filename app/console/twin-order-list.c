/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-order-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-json-words.h"
#include "twin-machine-words.h"

/* The newest ones; older ones are lines of the log. */
#define SHOWN 5

struct _TwinOrderList
{
  GtkWidget      parent_instance;
  GtkWidget     *box;
  GtkWidget     *rows;
  TwinLivePlant *plant;
  gulong         handler;
  char          *machine;
};

G_DEFINE_FINAL_TYPE (TwinOrderList, twin_order_list, GTK_TYPE_WIDGET)

/* --- words ------------------------------------------------------------------
 */

static gboolean
is_open (const TwinOrderItem *order)
{
  return g_strcmp0 (order->state, "planned") == 0 ||
         g_strcmp0 (order->state, "reported") == 0;
}

static const char *
outcome_word (const char *verdict)
{
  if (strcmp (verdict, "confirmed") == 0)
    return _ ("the diagnosis was right");
  if (strcmp (verdict, "false") == 0)
    return _ ("the diagnosis was wrong");
  return _ ("whether it was right is not known");
}

static void
add_part (GString *out, const char *format, const char *text)
{
  if (text == NULL || text[0] == '\0')
    return;
  if (out->len > 0)
    g_string_append (out, " · ");
  g_string_append_printf (out, format, text);
}

char *
twin_order_dup_story (const TwinOrderItem *order)
{
  GString *out = g_string_new (NULL);

  if (is_open (order))
    add_part (out, "%s", _ ("open"));
  else
    add_part (out, "%s", order->state);
  if (order->element != NULL)
    add_part (out, _ ("diagnosed: %s"), twin_words_verdict (order->element));
  else
    add_part (out, "%s", _ ("nothing was diagnosed"));
  if (order->verdict != NULL)
    add_part (out, "%s", outcome_word (order->verdict));
  add_part (out, _ ("found: %s"), order->found);
  add_part (out, "%s", order->found_note);
  add_part (out, "%s", order->message);
  return g_string_free (out, FALSE);
}

/* --- rows -------------------------------------------------------------------
 */

static GtkWidget *
add_label (GtkWidget *box, const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static void
add_button (GtkWidget           *row,
            const char          *label,
            const TwinOrderItem *order,
            const char          *work)
{
  GtkWidget       *button = gtk_button_new_with_label (label);
  g_autofree char *spoken = g_strdup_printf ("%s %s", label, work);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "twin-small-button");
  if (order->outcome != 0)
    {
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button),
                                      "win.undo-outcome");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x",
                                        order->outcome);
    }
  else
    {
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.outcome");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)",
                                        order->machine, order->id);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_box_append (GTK_BOX (row), button);
}

static void
add_order (TwinOrderList *self, const TwinOrderItem *order)
{
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget       *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *work = twin_json_dup_label (order->work);
  g_autofree char *title = g_strdup_printf ("%s · %s", work, order->date);
  g_autofree char *story = twin_order_dup_story (order);

  add_label (words, title, "heading");
  gtk_widget_add_css_class (add_label (words, story, "twin-cap"), "dim-label");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (row), words);
  if (order->outcome != 0)
    add_button (row, _ ("Take back"), order, work);
  else if (is_open (order))
    add_button (row, _ ("Close…"), order, work);
  else if (strcmp (order->state, "done") == 0)
    add_button (row, _ ("Was the diagnosis right?"), order, work);
  gtk_box_append (GTK_BOX (self->rows), row);
}

static void
rebuild (TwinOrderList *self)
{
  const GPtrArray *orders =
      self->plant != NULL && self->machine != NULL
          ? twin_live_plant_list_orders (self->plant, self->machine)
          : NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->rows)) != NULL)
    gtk_box_remove (GTK_BOX (self->rows), child);
  for (guint i = 0; orders != NULL && i < MIN (orders->len, SHOWN); i++)
    add_order (self, g_ptr_array_index (orders, i));
  gtk_widget_set_visible (GTK_WIDGET (self), orders != NULL && orders->len > 0);
}

static void
on_orders (TwinLivePlant *plant, TwinOrderList *self)
{
  rebuild (self);
}

void
twin_order_list_set (TwinOrderList *self,
                     TwinLivePlant *plant,
                     const char    *machine)
{
  g_return_if_fail (TWIN_IS_ORDER_LIST (self));

  if (self->plant != plant)
    {
      g_clear_signal_handler (&self->handler, self->plant);
      g_set_object (&self->plant, plant);
      if (plant != NULL)
        self->handler =
            g_signal_connect (plant, "orders", G_CALLBACK (on_orders), self);
    }

  g_free (self->machine);
  self->machine = g_strdup (machine);
  rebuild (self);
}

/* --- widget -----------------------------------------------------------------
 */

static void
dispose (GObject *object)
{
  TwinOrderList *self = TWIN_ORDER_LIST (object);

  g_clear_signal_handler (&self->handler, self->plant);
  g_clear_object (&self->plant);
  g_clear_pointer (&self->machine, g_free);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (twin_order_list_parent_class)->dispose (object);
}

static void
twin_order_list_class_init (TwinOrderListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_order_list_init (TwinOrderList *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (self->box, "twin-card");
  add_label (self->box, _ ("Maintenance"), "heading");
  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  gtk_box_append (GTK_BOX (self->box), self->rows);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
twin_order_list_new (void)
{
  return g_object_new (TWIN_TYPE_ORDER_LIST, NULL);
}
