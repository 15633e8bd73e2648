/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of a machine in a real window, fed with updates. */
#include "machine-scene.h"

#include <adwaita.h>
#include <math.h>

#include "twin-clock.h"
#include "twin-line-chart.h"
#include "twin-machine-page-private.h"

static const char *const tabs[] = {
  "overview", "waveform", "spectrum", "envelope",
  "trend",    "life",     "whatif",   "log",
};

GResource *twin_console_get_resource (void);

static gboolean
need_display (void)
{
  static gboolean tried, there;

  if (!tried)
    {
      there = gtk_init_check ();
      if (there)
        {
          GtkCssProvider *css = gtk_css_provider_new ();

          adw_init ();
          g_resources_register (twin_console_get_resource ());
          gtk_css_provider_load_from_resource (css, "/com/example/TwinConsole/"
                                                    "style.css");
          gtk_style_context_add_provider_for_display (
              gdk_display_get_default (), GTK_STYLE_PROVIDER (css),
              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
          g_object_unref (css);
        }
    }
  tried = TRUE;

  if (!there)
    g_test_skip ("no display");
  return there;
}

typedef struct
{
  TwinLivePlant   *plant;
  GtkWidget       *window;
  TwinMachinePage *page;
} Fixture;

static void
iterate (void)
{
  for (int i = 0; i < 200 && g_main_context_iteration (NULL, FALSE); i++)
    continue;
}

/* Until the page has been laid out once. */
static void
show (Fixture *f, TwinLivePlant *plant)
{
  const int64_t until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  f->plant = plant;
  f->window = gtk_window_new ();
  f->page = TWIN_MACHINE_PAGE (twin_machine_page_new ());
  gtk_window_set_default_size (GTK_WINDOW (f->window), 1280, 680);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->page));
  gtk_window_present (GTK_WINDOW (f->window));
  twin_machine_page_set_plant (f->page, plant);
  twin_machine_page_set_item (f->page,
                              twin_live_plant_find (plant, SCENE_MACHINE));
  while (!gtk_widget_get_mapped (GTK_WIDGET (f->page)) &&
         g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
  iterate ();
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (f->page)));
}

static void
tear_down (Fixture *f)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  g_object_unref (f->plant);
  iterate ();
}

/* First mapped widget of @type below @widget. */
static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type) &&
      gtk_widget_get_mapped (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* A mapped label that says @text. */
static gboolean
says (GtkWidget *widget, const char *text)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) &&
      g_strstr_len (gtk_label_get_text (GTK_LABEL (widget)), -1, text) != NULL)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (says (child, text))
        return TRUE;
    }

  return FALSE;
}

static void
show_tab (Fixture *f, const char *name)
{
  twin_machine_page_show_tab (f->page, name);
  iterate ();
}

static void
test_head (void)
{
  Fixture f;

  if (!need_display ())
    return;

  show (&f, machine_scene_new (twin_clock_utc_us ()));
  g_assert_true (says (GTK_WIDGET (f.page), "Compressor 7"));
  g_assert_true (says (GTK_WIDGET (f.page), "12–31 days"));
  g_assert_true (says (GTK_WIDGET (f.page), "Outer race, drive end"));
  g_assert_true (says (GTK_WIDGET (f.page), "node n-0107"));
  g_assert_true (says (GTK_WIDGET (f.page), "Northfield Works"));
  tear_down (&f);
}

static void
test_every_tab (void)
{
  Fixture f;

  if (!need_display ())
    return;

  show (&f, machine_scene_new (twin_clock_utc_us ()));
  for (gsize i = 0; i < G_N_ELEMENTS (tabs); i++)
    show_tab (&f, tabs[i]);

  show_tab (&f, "overview");
  g_assert_true (says (GTK_WIDGET (f.page), "Vibration velocity high"));
  g_assert_true (says (GTK_WIDGET (f.page), "30, desired 60"));
  show_tab (&f, "spectrum");
  g_assert_true (says (GTK_WIDGET (f.page), "2× BPFO"));
  g_assert_true (says (GTK_WIDGET (f.page), "Zone C"));
  show_tab (&f, "envelope");
  g_assert_true (says (GTK_WIDGET (f.page), "Band 600–1000 Hz"));
  g_assert_true (says (GTK_WIDGET (f.page), "No record has been looked at"));
  show_tab (&f, "life");
  g_assert_true (says (GTK_WIDGET (f.page), "✓ so far"));
  g_assert_true (says (GTK_WIDGET (f.page), "89 % of 9 ends inside"));
  g_assert_true (says (GTK_WIDGET (f.page), "Nothing is counted yet"));
  show_tab (&f, "log");
  g_assert_true (says (GTK_WIDGET (f.page), "maxSilenceS set to 60"));
  tear_down (&f);
}

/* Nothing arrives for fourteen minutes: every plot says so, and nothing is
 * left that looks live. */
static void
test_stale_everywhere (void)
{
  static const char *const plots[] = { "waveform", "spectrum", "envelope",
                                       "life" };
  Fixture                  f;

  if (!need_display ())
    return;

  show (&f, machine_scene_new_old (twin_clock_utc_us (), 14 * 60));
  for (gsize i = 0; i < G_N_ELEMENTS (plots); i++)
    {
      GtkWidget *chart;

      show_tab (&f, plots[i]);
      chart = find (GTK_WIDGET (f.page), TWIN_TYPE_LINE_CHART);
      g_assert_nonnull (chart);
      g_assert_true (twin_line_chart_get_stale (TWIN_LINE_CHART (chart)));
    }

  g_assert_true (says (GTK_WIDGET (f.page), "was high"));
  g_assert_true (says (GTK_WIDGET (f.page), "14 min"));
  tear_down (&f);
}

/* No node, no value: words, no zeros. */
static void
test_empty (void)
{
  Fixture f;

  if (!need_display ())
    return;

  show (&f, machine_scene_new_empty (twin_clock_utc_us ()));
  for (gsize i = 0; i < G_N_ELEMENTS (tabs); i++)
    show_tab (&f, tabs[i]);
  show_tab (&f, "overview");
  g_assert_true (says (GTK_WIDGET (f.page), "No node serves this machine"));
  g_assert_true (says (GTK_WIDGET (f.page), "Not known"));
  show_tab (&f, "life");
  g_assert_true (says (GTK_WIDGET (f.page), "Nothing is known"));
  show_tab (&f, "log");
  g_assert_true (says (GTK_WIDGET (f.page), "Nothing has happened"));
  tear_down (&f);
}

/* The diagnosis says outer race: the cursor stands on its tone. */
static void
test_cursor_on_the_finding (void)
{
  Fixture    f;
  GtkWidget *chart;

  if (!need_display ())
    return;

  show (&f, machine_scene_new (twin_clock_utc_us ()));
  show_tab (&f, "spectrum");
  chart = find (GTK_WIDGET (f.page), TWIN_TYPE_LINE_CHART);
  g_assert_cmpfloat_with_epsilon (twin_line_chart_get_cursor (
                                      TWIN_LINE_CHART (chart)),
                                  88.02, 0.25);
  tear_down (&f);
}

/* What is known of a diagnosis, and what people said of it. */
static void
test_diagnosis_and_outcomes (void)
{
  Fixture f;

  if (!need_display ())
    return;

  show (&f, machine_scene_new (twin_clock_utc_us ()));
  for (int i = 0; i < 2; i++)
    {
      show_tab (&f, i == 0 ? "overview" : "envelope");
      g_assert_true (says (GTK_WIDGET (f.page), "Outer race"));
      g_assert_true (says (GTK_WIDGET (f.page), "above the 4.0 that are"));
      g_assert_true (says (GTK_WIDGET (f.page), "5.2 ahead of the next"));
      g_assert_true (says (GTK_WIDGET (f.page), "right in 9 of 10 cases"));
      g_assert_true (says (GTK_WIDGET (f.page), "Inner race of 6203"));
      g_assert_true (says (GTK_WIDGET (f.page), "nothing wrong"));
    }

  show_tab (&f, "log");
  g_assert_true (says (GTK_WIDGET (f.page), "Replace bearing · 2026-12-03"));
  g_assert_true (says (GTK_WIDGET (f.page), "Close…"));
  g_assert_true (says (GTK_WIDGET (f.page), "Was the diagnosis right?"));
  g_assert_true (says (GTK_WIDGET (f.page), "the diagnosis was right"));
  g_assert_true (says (GTK_WIDGET (f.page), "spalled over 4 mm"));
  g_assert_true (says (GTK_WIDGET (f.page), "Take back"));
  tear_down (&f);
}

typedef struct
{
  gint64 longest_us;
  gint64 total_us;
  guint  n;
} Cost;

static void
note (const char *what, int64_t spent_us, gpointer data)
{
  Cost *cost = data;

  cost->longest_us = MAX (cost->longest_us, spent_us);
  cost->total_us += spent_us;
  cost->n++;
}

/* Blocks of a live stream, each with all that it changes. */
static void
test_cost_of_a_block (void)
{
  Fixture f;
  Cost    cost = { 0 };

  if (!need_display ())
    return;

  show (&f, machine_scene_new (twin_clock_utc_us ()));
  show_tab (&f, "spectrum");
  twin_machine_page_set_report (f.page, note, &cost);
  for (int i = 0; i < 20; i++)
    {
      machine_scene_add_block (f.plant, twin_clock_utc_us ());
      iterate ();
    }

  g_test_message ("20 blocks of 8,000 samples: %u callbacks, mean "
                  "%" G_GINT64_FORMAT " us, longest %" G_GINT64_FORMAT " us",
                  cost.n, cost.total_us / MAX (1, cost.n), cost.longest_us);
  g_assert_cmpuint (cost.n, >=, 20);
  twin_machine_page_set_report (f.page, NULL, NULL);
  tear_down (&f);
}

/* A second passes, all values are new: what a tick costs the main thread. */
static void
test_cost_of_a_tick (void)
{
  Fixture f;

  if (!need_display ())
    return;

  show (&f, machine_scene_new (twin_clock_utc_us ()));
  for (gsize i = 0; i < G_N_ELEMENTS (tabs); i++)
    {
      Cost cost = { 0 };

      show_tab (&f, tabs[i]);
      twin_machine_page_set_report (f.page, note, &cost);
      for (int k = 0; k < 20; k++)
        {
          machine_scene_add_values (f.plant, twin_clock_utc_us ());
          g_signal_emit_by_name (f.plant, "tick");
          iterate ();
        }
      g_test_message ("%s: longest of %u callbacks %" G_GINT64_FORMAT " us",
                      tabs[i], cost.n, cost.longest_us);
      g_assert_cmpuint (cost.n, >=, 20);
      twin_machine_page_set_report (f.page, NULL, NULL);
    }

  tear_down (&f);
}

/* The window goes down to 1024 × 640, of which header and strips take 132. */
static void
test_fits_a_small_window (void)
{
  Fixture f;
  int     width, height;

  if (!need_display ())
    return;

  show (&f, machine_scene_new (twin_clock_utc_us ()));
  for (gsize i = 0; i < G_N_ELEMENTS (tabs); i++)
    {
      show_tab (&f, tabs[i]);
      gtk_widget_measure (GTK_WIDGET (f.page), GTK_ORIENTATION_HORIZONTAL, -1,
                          &width, NULL, NULL, NULL);
      gtk_widget_measure (GTK_WIDGET (f.page), GTK_ORIENTATION_VERTICAL, width,
                          &height, NULL, NULL, NULL);
      g_test_message ("%s: at least %d x %d", tabs[i], width, height);
      g_assert_cmpint (width, <=, 1024);
      g_assert_cmpint (height, <=, 640 - 132);
    }

  tear_down (&f);
}

/* The plant goes while the page is shown, as on disconnecting. */
static void
test_plant_goes (void)
{
  Fixture f;

  if (!need_display ())
    return;

  show (&f, machine_scene_new (twin_clock_utc_us ()));
  show_tab (&f, "life");
  twin_machine_page_set_plant (f.page, NULL);
  iterate ();
  g_assert_null (twin_machine_page_get_item (f.page));
  g_assert_true (says (GTK_WIDGET (f.page), "No machine is chosen"));
  machine_scene_add_block (f.plant, twin_clock_utc_us ());
  iterate ();
  tear_down (&f);
}

int
main (int argc, char **argv)
{

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/machine-page/head", test_head);
  g_test_add_func ("/console/machine-page/every-tab", test_every_tab);
  g_test_add_func ("/console/machine-page/stale-everywhere",
                   test_stale_everywhere);
  g_test_add_func ("/console/machine-page/empty", test_empty);
  g_test_add_func ("/console/machine-page/cursor-on-the-finding",
                   test_cursor_on_the_finding);
  g_test_add_func ("/console/machine-page/diagnosis-and-outcomes",
                   test_diagnosis_and_outcomes);
  g_test_add_func ("/console/machine-page/cost-of-a-block",
                   test_cost_of_a_block);
  g_test_add_func ("/console/machine-page/cost-of-a-tick", test_cost_of_a_tick);
  g_test_add_func ("/console/machine-page/fits-a-small-window",
                   test_fits_a_small_window);
  g_test_add_func ("/console/machine-page/plant-goes", test_plant_goes);
  return g_test_run ();
}
