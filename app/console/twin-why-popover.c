/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-why-popover.h"

#include <glib/gi18n.h>
#include <math.h>

#include "twin-chart-axis.h"
#include "twin-machine-words.h"
#include "twin-peak-causes.h"

#define MAX_CAUSES 6
#define WIDTH_CHARS 52
#define MAX_HEIGHT 380

static GtkWidget *
add_label (GtkWidget *box, const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), WIDTH_CHARS);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

/* How far off, and which companions are there or missing. */
static char *
dup_lines (const TwinCause *cause)
{
  GString *text = g_string_new (NULL);

  for (size_t i = 0; i < cause->n_lines; i++)
    {
      const TwinCauseLine *line = &cause->lines[i];

      if (line->present)
        g_string_append_printf (text, _ ("%s%s ✓ %.0f dB"),
                                text->len > 0 ? "  ·  " : "", line->label,
                                10 * log10 (line->snr));
      else
        g_string_append_printf (text, _ ("%s%s missing"),
                                text->len > 0 ? "  ·  " : "", line->label);
    }

  return g_string_free (text, FALSE);
}

static char *
dup_residual (const TwinCause *cause)
{
  if (cause->n_lines == 0)
    return g_strdup (cause->why);

  return g_strdup_printf (_ ("Should lie at %.2f Hz: %+.2f Hz off, %.1f "
                             "lines, %.2f %%"),
                          cause->expected_hz, cause->residual_hz,
                          fabs (cause->residual_lines),
                          fabs (cause->residual_percent));
}

static void
add_cause (GtkWidget *list, guint rank, const TwinCause *cause)
{
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget       *text = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget       *bar = gtk_level_bar_new ();
  g_autofree char *number = g_strdup_printf ("%u", rank);
  g_autofree char *residual = dup_residual (cause);
  g_autofree char *lines = dup_lines (cause);
  g_autofree char *title =
      twin_cause_is_artefact (cause->kind)
          ? g_strdup_printf (_ ("Artefact: %s"), cause->title)
          : g_strdup (cause->title);
  GtkWidget *badge = gtk_label_new (number);

  gtk_widget_add_css_class (row, "twin-cause");
  gtk_widget_add_css_class (badge, "twin-rank");
  gtk_widget_set_valign (badge, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), badge);
  add_label (text, title, "heading");
  gtk_widget_add_css_class (add_label (text, residual, "twin-cap"),
                            "dim-label");
  if (*lines != '\0')
    gtk_widget_add_css_class (add_label (text, lines, "twin-cap"), "dim-label");
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
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
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

/* Rows that the arrow keys reach; it scrolls where they are too many. */
static void
add_causes (GtkWidget *box, const TwinCause *causes, size_t n)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *scroll = gtk_scrolled_window_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Possible causes, likeliest first"), -1);
  gtk_widget_add_css_class (list, "twin-causes");
  for (size_t i = 0; i < MIN (n, MAX_CAUSES); i++)
    add_cause (list, (guint) i + 1, &causes[i]);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (
                                                        scroll),
                                                    TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroll),
                                              MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), list);
  gtk_box_append (GTK_BOX (box), scroll);
}

static void
fill (GtkWidget               *box,
      const TwinBlockUpdate   *block,
      const TwinFindingUpdate *finding,
      double                   hz)
{
  TwinCause        causes[TWIN_CAUSES_MAX];
  TwinCauseReading reading;
  size_t           n = twin_peak_causes_find (block, hz, causes, &reading);
  const char      *family =
      finding != NULL ? twin_words_family_of (finding->verdict) : NULL;

  if (n == 0)
    add_label (box, _ ("There is no line here."), NULL);
  else
    {
      g_autofree char *read =
          g_strdup_printf (_ ("%.2f Hz · %.0f dB over the floor. %s"),
                           reading.hz, 10 * log10 (MAX (reading.snr, 1e-3)),
                           reading.why);

      add_causes (box, causes, n);
      gtk_widget_add_css_class (add_label (box, read, "twin-cap"), "dim-label");
    }

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
  gtk_widget_set_size_request (box, 390, -1);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_widget_add_css_class (popover, "twin-machine");
  gtk_widget_set_parent (popover, parent);
  g_signal_connect (popover, "closed", G_CALLBACK (on_closed), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}
