/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-faults-card.h"

#include <glib/gi18n.h>
#include <math.h>

struct _TwinFaultsCard
{
  GtkBox      parent_instance;
  GtkWidget  *source, *body;
  GHashTable *open; /* names of what is expanded */
};

G_DEFINE_FINAL_TYPE (TwinFaultsCard, twin_faults_card, GTK_TYPE_BOX)

static GtkWidget *
add_label (GtkWidget *box, const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static gboolean
is_found (const TwinFaultItem *item)
{
  return g_strcmp0 (item->answer, "named") == 0 ||
         g_strcmp0 (item->answer, "suspected") == 0;
}

static void
on_expanded (GtkExpander *expander, GParamSpec *pspec, TwinFaultsCard *self)
{
  const char *name = gtk_widget_get_name (GTK_WIDGET (expander));

  if (gtk_expander_get_expanded (expander))
    g_hash_table_add (self->open, g_strdup (name));
  else
    g_hash_table_remove (self->open, name);
}

/* A box inside an expander called @name. */
static GtkWidget *
add_expander (TwinFaultsCard *self, const char *name, const char *title)
{
  GtkWidget *expander = gtk_expander_new (title);
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_widget_set_name (expander, name);
  gtk_widget_add_css_class (expander, "twin-cap");
  gtk_expander_set_expanded (GTK_EXPANDER (expander),
                             g_hash_table_contains (self->open, name));
  gtk_expander_set_child (GTK_EXPANDER (expander), inner);
  g_signal_connect (expander, "notify::expanded", G_CALLBACK (on_expanded),
                    self);
  gtk_box_append (GTK_BOX (self->body), expander);
  return inner;
}

static char *
dup_answer (const TwinFaultItem *item)
{
  if (g_strcmp0 (item->answer, "suspected") == 0)
    return g_strdup (_ ("suspected, not sure"));

  return g_strdup_printf (item->confirmed
                              ? _ ("sure: %d of the last 5 records name it")
                              : _ ("%d of the last 5 records name it, 3 are "
                                   "needed"),
                          item->agree);
}

static void
add_found (TwinFaultsCard *self, const TwinFaultItem *item)
{
  g_autofree char *answer = dup_answer (item);
  GtkWidget       *inner;

  add_label (self->body, item->fault, "heading");
  add_label (self->body, answer, "twin-cap");
  gtk_widget_add_css_class (add_label (self->body, item->why, "twin-cap"),
                            "dim-label");
  inner = add_expander (self, item->fault, _ ("What was checked"));
  for (guint i = 0; item->checks != NULL && item->checks[i] != NULL; i++)
    add_label (inner, item->checks[i], "twin-cap");
  if (item->needs != NULL)
    {
      g_autofree char *needs =
          g_strdup_printf (_ ("To be sure: %s"), item->needs);

      add_label (inner, needs, "twin-cap");
    }
}

static void
add_rest (TwinFaultsCard *self, const TwinFaultsUpdate *faults)
{
  GtkWidget *inner =
      add_expander (self, "rest", _ ("What else was looked for"));

  for (guint i = 0; i < faults->items->len; i++)
    {
      const TwinFaultItem *item =
          &g_array_index (faults->items, TwinFaultItem, i);
      g_autofree char *text = NULL;

      if (is_found (item))
        continue;

      text = item->needs != NULL
                 ? g_strdup_printf (_ ("%s: %s. %s Needed: %s."), item->fault,
                                    item->answer, item->why, item->needs)
                 : g_strdup_printf ("%s: %s. %s", item->fault, item->answer,
                                    item->why);
      gtk_widget_add_css_class (add_label (inner, text, "twin-cap"),
                                "dim-label");
    }
  if (faults->limit != NULL)
    add_label (inner, faults->limit, "twin-cap");
  if (faults->quality != NULL)
    {
      g_autofree char *text =
          g_strdup_printf (_ ("Signal: %s"), faults->quality);

      add_label (inner, text, "twin-cap");
    }
}

void
twin_faults_card_set (TwinFaultsCard *self, const TwinFaultsUpdate *faults)
{
  g_autofree char *source = NULL;
  GtkWidget       *child;
  guint            found = 0;

  while ((child = gtk_widget_get_first_child (self->body)) != NULL)
    gtk_box_remove (GTK_BOX (self->body), child);

  if (faults == NULL)
    {
      gtk_label_set_text (GTK_LABEL (self->source), "");
      gtk_widget_add_css_class (add_label (self->body,
                                           _ ("Not judged yet. It needs eight "
                                              "seconds of all axes of "
                                              "an accelerometer."),
                                           "twin-cap"),
                                "dim-label");
      return;
    }

  source = g_strdup_printf (_ ("%s %s · %.1f s"), faults->sensor, faults->axes,
                            faults->seconds);
  gtk_label_set_text (GTK_LABEL (self->source), source);
  for (guint i = 0; i < faults->items->len; i++)
    {
      const TwinFaultItem *item =
          &g_array_index (faults->items, TwinFaultItem, i);

      if (is_found (item))
        {
          add_found (self, item);
          found++;
        }
    }

  if (found == 0)
    add_label (self->body,
               _ ("No fault of shaft, belt, gear or motor shows. That is not "
                  "the same as healthy."),
               "twin-cap");
  add_rest (self, faults);
}

static void
finalize (GObject *object)
{
  g_hash_table_unref (TWIN_FAULTS_CARD (object)->open);

  G_OBJECT_CLASS (twin_faults_card_parent_class)->finalize (object);
}

static void
twin_faults_card_class_init (TwinFaultsCardClass *class)
{
  G_OBJECT_CLASS (class)->finalize = finalize;
}

static void
twin_faults_card_init (TwinFaultsCard *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = add_label (head, _ ("Machine"), "heading");

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_add_css_class (GTK_WIDGET (self), "twin-card");
  gtk_widget_set_hexpand (title, TRUE);
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->source = add_label (head, "", "twin-cap");
  gtk_label_set_wrap (GTK_LABEL (self->source), FALSE);
  gtk_label_set_ellipsize (GTK_LABEL (self->source), PANGO_ELLIPSIZE_START);
  gtk_widget_add_css_class (self->source, "dim-label");
  gtk_box_append (GTK_BOX (self), head);
  self->body = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  gtk_box_append (GTK_BOX (self), self->body);
}
