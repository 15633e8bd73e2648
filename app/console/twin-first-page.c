/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-first-page.h"

struct _TwinFirstPage
{
  GtkWidget  parent_instance;
  GtkWidget *box;
  GtkLabel  *message;
  char      *greeting;
};

G_DEFINE_FINAL_TYPE (TwinFirstPage, twin_first_page, GTK_TYPE_WIDGET)

void
twin_first_page_set_message (TwinFirstPage *self, const char *message)
{
  gtk_label_set_text (self->message,
                      message != NULL ? message : self->greeting);
  if (message != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->message), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->message), "error");
}

static void
twin_first_page_dispose (GObject *object)
{
  TwinFirstPage *self = TWIN_FIRST_PAGE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->greeting, g_free);
  G_OBJECT_CLASS (twin_first_page_parent_class)->dispose (object);
}

static void
twin_first_page_class_init (TwinFirstPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = twin_first_page_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-first-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TwinFirstPage, box);
  gtk_widget_class_bind_template_child (widget_class, TwinFirstPage, message);
}

static void
twin_first_page_init (TwinFirstPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->greeting = g_strdup (gtk_label_get_text (self->message));
}
