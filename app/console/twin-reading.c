/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-reading.h"

#include <adwaita.h>

static void
set_read (GtkWidget *widget, gboolean read)
{
  if (widget != NULL)
    gtk_accessible_update_state (GTK_ACCESSIBLE (widget),
                                 GTK_ACCESSIBLE_STATE_HIDDEN, !read, -1);
}

static void
on_stack (GtkStack *stack, GParamSpec *pspec, gpointer data)
{
  GtkWidget *visible = gtk_stack_get_visible_child (stack);

  for (GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (stack));
       page != NULL; page = gtk_widget_get_next_sibling (page))
    {
      set_read (page, page == visible);
      gtk_accessible_update_state (GTK_ACCESSIBLE (
                                       gtk_stack_get_page (stack, page)),
                                   GTK_ACCESSIBLE_STATE_HIDDEN, page != visible,
                                   -1);
    }
}

static void
on_revealer (GtkRevealer *revealer, GParamSpec *pspec, gpointer data)
{
  set_read (gtk_revealer_get_child (revealer),
            gtk_revealer_get_reveal_child (revealer));
}

static void
on_flap (AdwFlap *flap, GParamSpec *pspec, gpointer data)
{
  set_read (adw_flap_get_flap (flap), adw_flap_get_reveal_flap (flap));
}

void
twin_reading_follow (GtkWidget *root)
{
  if (GTK_IS_STACK (root))
    {
      g_signal_connect (root, "notify::visible-child", G_CALLBACK (on_stack),
                        NULL);
      on_stack (GTK_STACK (root), NULL, NULL);
    }
  else if (GTK_IS_REVEALER (root))
    {
      g_signal_connect (root, "notify::reveal-child", G_CALLBACK (on_revealer),
                        NULL);
      on_revealer (GTK_REVEALER (root), NULL, NULL);
    }
  else if (ADW_IS_FLAP (root))
    {
      g_signal_connect (root, "notify::reveal-flap", G_CALLBACK (on_flap),
                        NULL);
      on_flap (ADW_FLAP (root), NULL, NULL);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    twin_reading_follow (child);
}
