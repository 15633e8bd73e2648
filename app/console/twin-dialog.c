/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-dialog.h"

#include <glib/gi18n.h>

static void
on_close (GtkButton *button, gpointer data)
{
  gtk_window_close (data);
}

AdwWindow *
twin_dialog_new (GtkWindow     *parent,
                 const char    *title,
                 const char    *subtitle,
                 int            width,
                 int            height,
                 GtkWidget     *content,
                 void          *state,
                 GDestroyNotify free_state)
{
  AdwWindow          *window = ADW_WINDOW (adw_window_new ());
  GtkWidget          *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget          *header = adw_header_bar_new ();
  GtkWidget          *close = gtk_button_new_with_label (_ ("Close"));
  GtkEventController *keys = gtk_shortcut_controller_new ();

  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header),
                                   adw_window_title_new (title, subtitle));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), close);
  g_signal_connect (close, "clicked", G_CALLBACK (on_close), window);

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                        gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (GTK_WIDGET (window), keys);

  gtk_widget_set_vexpand (content, TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), content);
  adw_window_set_content (window, box);
  g_object_set_data (G_OBJECT (window), "twin-header", header);
  if (state != NULL)
    g_object_set_data_full (G_OBJECT (window), "twin-state", state, free_state);

  /* What the console's window can do, its dialogs can, too; a dialog upon a
   * dialog finds it through the one below. */
  if (G_IS_ACTION_GROUP (parent))
    g_object_set_data (G_OBJECT (window), "twin-actions-of", parent);
  else
    g_object_set_data (G_OBJECT (window), "twin-actions-of",
                       g_object_get_data (G_OBJECT (parent),
                                          "twin-actions-of"));
  gtk_widget_insert_action_group (GTK_WIDGET (window), "win",
                                  g_object_get_data (G_OBJECT (window),
                                                     "twin-actions-of"));
  gtk_widget_add_css_class (GTK_WIDGET (window), "twin");
  if (gtk_widget_has_css_class (GTK_WIDGET (parent), "dark"))
    gtk_widget_add_css_class (GTK_WIDGET (window), "dark");
  gtk_window_set_title (GTK_WINDOW (window), title);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  return window;
}

void
twin_dialog_set_subtitle (AdwWindow *dialog, const char *subtitle)
{
  AdwHeaderBar *header = g_object_get_data (G_OBJECT (dialog), "twin-header");

  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (
                                     adw_header_bar_get_title_widget (header)),
                                 subtitle);
}

void
twin_dialog_pack_end (AdwWindow *dialog, GtkWidget *button)
{
  adw_header_bar_pack_end (g_object_get_data (G_OBJECT (dialog), "twin-header"),
                           button);
}

GtkWidget *
twin_dialog_note (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "twin-small");
  return label;
}

GtkWidget *
twin_dialog_row (const char *title, const char *note, GtkWidget *widget)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (texts), label);
  if (note != NULL)
    gtk_box_append (GTK_BOX (texts), twin_dialog_note (note));
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (row), texts);
  gtk_box_append (GTK_BOX (row), widget);
  gtk_widget_add_css_class (row, "twin-form-row");
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return row;
}

GtkWidget *
twin_dialog_body_new (void)
{
  GtkWidget *body = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  g_object_set (body, "margin-top", 18, "margin-bottom", 18, "margin-start", 18,
                "margin-end", 18, NULL);
  return body;
}

GtkWidget *
twin_dialog_group (GtkWidget *body, const char *title)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  if (title != NULL)
    {
      GtkWidget *label = gtk_label_new (title);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (label, "heading");
      gtk_widget_set_margin_top (label, 6);
      gtk_box_append (GTK_BOX (body), label);
    }
  gtk_widget_add_css_class (card, "twin-card");
  gtk_box_append (GTK_BOX (body), card);
  return card;
}

GtkWidget *
twin_dialog_error_new (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "error");
  gtk_widget_set_visible (label, FALSE);
  return label;
}

void
twin_dialog_error_set (GtkWidget *error, const char *message)
{
  gtk_label_set_text (GTK_LABEL (error), message != NULL ? message : "");
  gtk_widget_set_visible (error, message != NULL);
}
