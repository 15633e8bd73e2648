/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-finding-card.h"

#include <glib/gi18n.h>

#include "twin-fact-grid.h"
#include "twin-finding-words.h"

struct _TwinFindingCard
{
  GtkWidget     parent_instance;
  GtkWidget    *box;
  GtkLabel     *age, *headline, *why;
  TwinFactGrid *facts;
};

G_DEFINE_FINAL_TYPE (TwinFindingCard, twin_finding_card, GTK_TYPE_WIDGET)

static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
set_fact (TwinFindingCard *self, const char *name, char *value)
{
  g_autofree char *owned = value;

  twin_fact_grid_set (self->facts, name, owned);
}

void
twin_finding_card_set (TwinFindingCard         *self,
                       const TwinFindingUpdate *finding,
                       const char              *age)
{
  g_autofree char *headline = NULL;

  g_return_if_fail (TWIN_IS_FINDING_CARD (self));

  set_text (self->age, finding != NULL ? age : NULL);
  if (finding == NULL)
    {
      set_text (self->headline, _ ("Not examined yet"));
      set_text (self->why, _ ("The diagnosis needs eight seconds of "
                              "acceleration that join, and the shaft speed."));
      twin_fact_grid_clear (self->facts);
      return;
    }

  headline = twin_finding_dup_headline (finding);
  set_text (self->headline, headline);
  set_text (self->why, finding->why);
  set_fact (self, _ ("Strength"), twin_finding_dup_strength (finding));
  set_fact (self, _ ("Lead"), twin_finding_dup_lead (finding));
  set_fact (self, _ ("Agreement"), twin_finding_dup_agreement (finding));
  set_fact (self, _ ("Such verdicts"), g_strdup (finding->reliability));
  set_fact (self, _ ("Neighbours"), g_strdup (finding->neighbours));
  set_fact (self, _ ("Data"),
            g_strdup (finding->quality != NULL ? finding->quality
                                               : _ ("nothing wrong")));
  set_fact (self, _ ("Record"), twin_finding_dup_record (finding));
}

static GtkLabel *
add_label (GtkWidget *box, const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 34);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
dispose (GObject *object)
{
  g_clear_pointer (&TWIN_FINDING_CARD (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (twin_finding_card_parent_class)->dispose (object);
}

static void
twin_finding_card_class_init (TwinFindingCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_finding_card_init (TwinFindingCard *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (self->box, "twin-card");
  gtk_widget_set_hexpand (GTK_WIDGET (
                              add_label (head, _ ("Diagnosis"), "heading")),
                          TRUE);
  self->age = add_label (head, NULL, "twin-cap");
  gtk_widget_add_css_class (GTK_WIDGET (self->age), "dim-label");
  gtk_box_append (GTK_BOX (self->box), head);
  self->headline = add_label (self->box, NULL, "twin-name");
  self->why = add_label (self->box, NULL, NULL);
  self->facts = TWIN_FACT_GRID (twin_fact_grid_new ());
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->facts));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  twin_finding_card_set (self, NULL, NULL);
}
