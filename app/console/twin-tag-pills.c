/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-tag-pills.h"

#include <string.h>

static void
add_once (GPtrArray *tags, const char *tag)
{
  for (guint i = 0; i < tags->len; i++)
    if (strcmp (tags->pdata[i], tag) == 0)
      return;

  g_ptr_array_add (tags, g_strdup (tag));
}

gboolean
twin_tag_pills_parse (const char *text, GStrv *add, GStrv *remove)
{
  g_auto (GStrv) words = g_strsplit_set (text, ", \t\r\n", -1);
  GPtrArray *plus = g_ptr_array_new ();
  GPtrArray *minus = g_ptr_array_new ();
  gboolean   any;

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = words[i];

      if (*word == '-')
        {
          if (word[1] != '\0')
            add_once (minus, word + 1);
        }
      else if (*(word += *word == '+') != '\0')
        {
          add_once (plus, word);
        }
    }

  any = plus->len + minus->len > 0;
  g_ptr_array_add (plus, NULL);
  g_ptr_array_add (minus, NULL);
  *add = (GStrv) g_ptr_array_free (plus, FALSE);
  *remove = (GStrv) g_ptr_array_free (minus, FALSE);
  return any;
}

void
twin_tag_pills_fill (GtkBox *box, const char *const *tags)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    {
      GtkWidget *pill = gtk_label_new (tags[i]);

      gtk_label_set_ellipsize (GTK_LABEL (pill), PANGO_ELLIPSIZE_END);
      gtk_label_set_max_width_chars (GTK_LABEL (pill), 20);
      gtk_widget_set_tooltip_text (pill, tags[i]);
      gtk_widget_add_css_class (pill, "twin-tag");
      gtk_box_append (box, pill);
    }
}
