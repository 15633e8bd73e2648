/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-why-popover.h"

#include <glib/gi18n.h>
#include <math.h>

#include "twin-chart-axis.h"
#include "twin-machine-words.h"
#include "twin-peak-causes.h"

#define MAINS_HZ 50.0
#define MAX_CAUSES 4

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
add_cause (GtkWidget *box, guint rank, const TwinPeakCause *cause)
{
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget       *text = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget       *bar = gtk_level_bar_new ();
  g_autofree char *number = g_strdup_printf ("%u", rank);
  GtkWidget       *badge = gtk_label_new (number);

  gtk_widget_add_css_class (row, "twin-cause");
  gtk_widget_add_css_class (badge, "twin-rank");
  gtk_widget_set_valign (badge, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), badge);
  add_label (text, cause->title, "heading");
  gtk_widget_add_css_class (add_label (text, cause->evidence, "twin-cap"),
                            "dim-label");
  if (cause->ruled_out)
    add_label (text, _ ("ruled out"), "twin-cap");
  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), CLAMP (cause->score, 0, 1));
  gtk_widget_add_css_class (bar, rank == 1 && !cause->ruled_out
                                     ? "twin-bar-first"
                                     : "twin-bar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("How well it fits"), -1);
  gtk_box_append (GTK_BOX (text), bar);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (row), text);
  gtk_box_append (GTK_BOX (box), row);
}

static void
on_envelope (GtkButton *button, GtkWidget *popover)
{
  gtk_widget_activate_action (popover, "win.show-tab", "s", "envelope");
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
on_closed (GtkPopover *popover, gpointer data)
{
  gtk_widget_unparent (GTK_WIDGET (popover));
}

static void
fill (GtkWidget               *box,
      const TwinBlockUpdate   *block,
      const TwinFindingUpdate *finding,
      double                   hz)
{
  g_autoptr (GArray) causes = twin_peak_causes_find (block, hz, MAINS_HZ);
  const char *family =
      finding != NULL ? twin_words_family_of (finding->verdict) : NULL;

  for (guint i = 0; i < MIN (causes->len, MAX_CAUSES); i++)
    add_cause (box, i + 1, &g_array_index (causes, TwinPeakCause, i));

  if (causes->len == 0)
    add_label (box,
               _ ("It lies on no multiple of the shaft, of a bearing tone or "
                  "of the mains. A resonance or another machine is possible."),
               NULL);

  if (family != NULL)
    {
      g_autofree char *text =
          g_strdup_printf (_ ("The diagnosis of %.0f s says: %s, z %.1f."),
                           finding->seconds,
                           twin_words_verdict (finding->verdict), finding->z);

      gtk_widget_add_css_class (add_label (box, text, "twin-cap"), "dim-label");
    }
}

void
twin_why_popover_present (GtkWidget               *parent,
                          const TwinBlockUpdate   *block,
                          const TwinFindingUpdate *finding,
                          double                   hz)
{
  GtkWidget       *popover = gtk_popover_new ();
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget       *envelope = gtk_button_new_with_label (_ ("Open envelope"));
  const size_t     line = (size_t) round (hz / block->df_hz);
  g_autofree char *amount =
      twin_chart_format (line < block->n_lines ? block->spectrum[line] : NAN,
                         3);
  g_autofree char *where = g_strdup_printf (_ ("%.1f Hz · %s g"), hz, amount);

  add_label (box, _ ("Why this peak?"), "title-4");
  gtk_widget_add_css_class (add_label (box, where, "twin-cap"), "dim-label");
  fill (box, block, finding, hz);
  gtk_widget_set_halign (envelope, GTK_ALIGN_START);
  g_signal_connect (envelope, "clicked", G_CALLBACK (on_envelope), popover);
  gtk_box_append (GTK_BOX (box), envelope);
  gtk_widget_set_size_request (box, 330, -1);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_widget_add_css_class (popover, "twin-machine");
  gtk_widget_set_parent (popover, parent);
  g_signal_connect (popover, "closed", G_CALLBACK (on_closed), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}
