/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-overview-page.h"

#include <glib/gi18n.h>
#include <math.h>

#include "twin-fact-grid.h"
#include "twin-finding-card.h"
#include "twin-json-words.h"
#include "twin-node-properties.h"
#include "twin-state-glyph.h"
#include "twin-value-row.h"

/* Longer values are cut in their fact; the tooltip has them whole. */
#define VALUE_CHARS 60
/* What a card costs beside its rows, counted in rows. */
#define CARD_ROWS 2

struct _TwinOverviewPage
{
  GtkWidget                 parent_instance;
  const TwinMachineContext *context;
  GtkWidget                *box;
  GtkStack                 *stack;
  GtkLabel                 *empty;
  GtkBox                   *left, *right;
  TwinFindingCard          *finding;
  GtkBox                   *alarms;
  GtkWidget                *usual; /* its card */
  GtkLabel                 *usual_score, *usual_why;
  GtkLevelBar              *usual_bar;
  GtkWidget                *usual_anew;
  gboolean                  alarms_live; /* as shown: nothing of it is held */
  GtkLabel                 *sync;
  TwinFactGrid             *properties;
  GtkWidget                *no_properties;
  GtkLabel                 *node_name;
  TwinFactGrid             *node;
  GPtrArray                *rows; /* TwinValueRow, owned by their cards */
  guint                     n_left, n_right;
};

static void tab_init (TwinMachineTabInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TwinOverviewPage,
                               twin_overview_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (TWIN_TYPE_MACHINE_TAB,
                                                      tab_init))

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static GtkWidget *
add_text (GtkWidget *box, const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 26);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

/* --- values
 * ------------------------------------------------------------------- */

/* Words that no model declares are events: the log has them. */
static gboolean
is_shown (TwinLiveValue *value)
{
  const TwinValueItem *item = twin_live_value_get_item (value);

  return !(item->undeclared && item->text != NULL);
}

static guint
count_own_values (TwinLiveItem *item)
{
  GListModel *values = twin_live_item_get_values (item);
  guint       n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (values); i++)
    {
      g_autoptr (TwinLiveValue) value = g_list_model_get_item (values, i);

      n += is_shown (value) ? 1 : 0;
    }

  return n;
}

static guint
count_values (TwinLiveItem *item)
{
  GListModel *children = twin_live_item_get_children (item);
  guint       n = count_own_values (item);

  for (guint i = 0; i < g_list_model_get_n_items (children); i++)
    {
      g_autoptr (TwinLiveItem) child = g_list_model_get_item (children, i);

      n += count_values (child);
    }

  return n;
}

static void
add_card (TwinOverviewPage *self, TwinLiveItem *item)
{
  GListModel *values = twin_live_item_get_values (item);
  const guint n = count_own_values (item);
  GtkWidget  *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class (card, "twin-card");
  add_text (card, twin_live_item_get_name (item), "heading");
  for (guint i = 0; i < g_list_model_get_n_items (values); i++)
    {
      g_autoptr (TwinLiveValue) value = g_list_model_get_item (values, i);
      GtkWidget *row;

      if (!is_shown (value))
        continue;

      row = twin_value_row_new (value);
      gtk_box_append (GTK_BOX (card), row);
      g_ptr_array_add (self->rows, row);
    }

  /* The shorter column takes it. */
  gtk_box_append (self->n_left <= self->n_right ? self->left : self->right,
                  card);
  if (self->n_left <= self->n_right)
    self->n_left += n + CARD_ROWS;
  else
    self->n_right += n + CARD_ROWS;
}

static void
add_cards (TwinOverviewPage *self, TwinLiveItem *item)
{
  GListModel *children = twin_live_item_get_children (item);

  if (count_own_values (item) > 0)
    add_card (self, item);

  for (guint i = 0; i < g_list_model_get_n_items (children); i++)
    {
      g_autoptr (TwinLiveItem) child = g_list_model_get_item (children, i);

      add_cards (self, child);
    }
}

static void
rebuild (TwinOverviewPage *self)
{
  const TwinStructureItem *item =
      twin_live_item_get_plant_item (self->context->machine);

  g_ptr_array_set_size (self->rows, 0);
  clear_box (self->left);
  clear_box (self->right);
  self->n_left = self->n_right = 0;
  add_cards (self, self->context->machine);

  gtk_label_set_text (
      self->empty,
      item->node != NULL
          ? _ ("This machine has sent no values yet. Its node may be off, or "
               "not yet connected to the broker.")
          : _ ("No node serves this machine. Commission one to see its "
               "values."));
  gtk_stack_set_visible_child_name (self->stack,
                                    self->rows->len > 0 ? "values" : "empty");
}

static void
refresh_rows (TwinOverviewPage *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    twin_value_row_refresh (g_ptr_array_index (self->rows, i),
                            self->context->live, self->context->now_us);
}

/* --- alarms
 * --------------------------------------------------------------------- */

static void
on_acknowledge (GtkButton *button, TwinOverviewPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.acknowledge", "s",
                              (const char *) g_object_get_data (G_OBJECT (
                                                                    button),
                                                                "alarm"));
}

static void
add_alarm (TwinOverviewPage *self, TwinLiveAlarm *alarm)
{
  const TwinAlarmItem *item = twin_live_alarm_get_item (alarm);
  GtkWidget           *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget           *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget           *glyph = twin_state_glyph_new (18);
  g_autofree char     *age =
      twin_live_dup_age (item->since_us, self->context->now_us);
  g_autofree char *detail =
      g_strdup_printf (_ ("%s%s%s · since %s"),
                       item->value_text != NULL ? item->value_text : "",
                       item->limit_text != NULL ? " " : "",
                       item->limit_text != NULL ? item->limit_text : "", age);

  if (self->context->live)
    twin_state_glyph_set_alarm (TWIN_STATE_GLYPH (glyph), item);
  else
    twin_state_glyph_set_state (TWIN_STATE_GLYPH (glyph), TWIN_STATE_STALE);
  gtk_widget_set_valign (glyph, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), glyph);
  add_text (words, item->name, "heading");
  gtk_widget_add_css_class (add_text (words, detail, "twin-cap"), "dim-label");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (row), words);

  if (twin_live_alarm_needs_ack (alarm))
    {
      GtkWidget       *button = gtk_button_new_with_label (_ ("Ack"));
      g_autofree char *spoken =
          g_strdup_printf (_ ("Acknowledge %s"), item->name);

      gtk_widget_add_css_class (button, "twin-small-button");
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                      -1);
      g_object_set_data_full (G_OBJECT (button), "alarm", g_strdup (item->id),
                              g_free);
      g_signal_connect (button, "clicked", G_CALLBACK (on_acknowledge), self);
      gtk_box_append (GTK_BOX (row), button);
    }

  gtk_box_append (self->alarms, row);
}

static void
show_finding (TwinOverviewPage *self)
{
  const TwinFindingUpdate *finding =
      twin_live_item_get_finding (self->context->machine);
  g_autofree char *age =
      finding != NULL
          ? twin_machine_context_dup_age (self->context, finding->time_us)
          : NULL;

  twin_finding_card_set (self->finding, finding, age);
}

static void
show_alarms (TwinOverviewPage *self)
{
  const char *machine = twin_live_item_get_id (self->context->machine);
  GListModel *alarms = self->context->plant != NULL
                           ? twin_live_plant_get_alarms (self->context->plant)
                           : NULL;

  self->alarms_live = self->context->live;
  clear_box (self->alarms);
  for (guint i = 0; alarms != NULL && i < g_list_model_get_n_items (alarms);
       i++)
    {
      g_autoptr (TwinLiveAlarm) alarm = g_list_model_get_item (alarms, i);

      if (g_strcmp0 (twin_live_alarm_get_item (alarm)->machine, machine) == 0)
        add_alarm (self, alarm);
    }

  /* Held, not live: new alarms cannot be seen. */
  if (self->context->live)
    gtk_widget_remove_css_class (gtk_widget_get_parent (
                                     GTK_WIDGET (self->alarms)),
                                 "twin-old");
  else
    gtk_widget_add_css_class (gtk_widget_get_parent (GTK_WIDGET (self->alarms)),
                              "twin-old");
  if (gtk_widget_get_first_child (GTK_WIDGET (self->alarms)) == NULL)
    add_text (GTK_WIDGET (self->alarms), _ ("None."), "dim-label");
}

/* --- usual
 * ---------------------------------------------------------------------------
 */

static void
show_usual (TwinOverviewPage *self)
{
  const TwinStateItem *state =
      twin_live_item_get_state_item (self->context->machine);
  const gboolean   known = state != NULL && state->usual_why != NULL;
  const gboolean   judged = known && isfinite (state->usual_score);
  g_autofree char *score = NULL, *spoken = NULL;

  gtk_widget_set_visible (self->usual, known);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->usual_anew), "s",
                                    twin_live_item_get_id (
                                        self->context->machine));
  gtk_widget_set_visible (GTK_WIDGET (self->usual_bar), judged);
  gtk_label_set_text (self->usual_why, known ? state->usual_why : "");
  if (!judged)
    {
      gtk_label_set_text (self->usual_score, known ? _ ("no score yet") : "");
      return;
    }

  score = g_strdup_printf (_ ("%.0f of 100 · limit 50"), state->usual_score);
  spoken = g_strdup_printf (_ ("Unlike usual: %s"), score);
  gtk_label_set_text (self->usual_score, score);
  gtk_level_bar_set_value (self->usual_bar, state->usual_score);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->usual_bar),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* --- node
 * ------------------------------------------------------------------------ */

static char *
dup_short (const char *text)
{
  if (text == NULL)
    return NULL;

  if (g_utf8_strlen (text, -1) <= VALUE_CHARS)
    return g_strdup (text);

  return g_strdup_printf ("%.*s…",
                          (int) (g_utf8_offset_to_pointer (text, VALUE_CHARS) -
                                 text),
                          text);
}

static void
show_properties (TwinOverviewPage *self, const TwinNodeItem *node)
{
  g_autoptr (GArray) list =
      twin_node_properties_list (node != NULL ? node->desired : NULL,
                                 node != NULL ? node->reported : NULL);
  guint            differ = 0;
  g_autofree char *sync = NULL;

  twin_fact_grid_clear (self->properties);
  for (guint i = 0; i < list->len; i++)
    {
      const TwinNodeProperty *property =
          &g_array_index (list, TwinNodeProperty, i);
      g_autofree char *desired = dup_short (property->desired);
      g_autofree char *reported = dup_short (property->reported);
      g_autofree char *label = NULL;
      g_autofree char *text = NULL;

      differ += property->differs ? 1 : 0;
      if (property->differs)
        text = g_strdup_printf (_ ("%s, desired %s"),
                                reported != NULL ? reported : _ ("nothing"),
                                desired);
      else
        text = g_strdup (reported);
      label = twin_json_dup_label (property->name);
      twin_fact_grid_set (self->properties, label, text);
    }

  sync = list->len == 0 ? g_strdup ("")
         : differ == 0  ? g_strdup (_ ("as desired"))
                        : g_strdup_printf (_ ("%u differ"), differ);
  gtk_label_set_text (self->sync, sync);
  gtk_widget_set_visible (self->no_properties, list->len == 0);
}

/* A node that only sends records is heard with every one of them. */
static void
show_last_heard (TwinOverviewPage *self, const TwinNodeItem *node)
{
  const int64_t newest_us =
      twin_live_item_get_newest_us (self->context->machine);
  g_autofree char *age =
      twin_live_dup_age (MAX (node->last_us, newest_us), self->context->now_us);

  twin_fact_grid_set (self->node, _ ("Last heard"), age);
}

/* The last stage of the latency, which the engine cannot know. */
static void
show_delay (TwinOverviewPage *self)
{
  double           p50, p99;
  g_autofree char *text = NULL;

  if (self->context->plant == NULL)
    return;

  twin_live_plant_get_delay (self->context->plant, &p50, &p99);
  text = g_strdup_printf (_ ("%.0f / %.0f ms at 50 / 99 %%, and a frame"),
                          p50 * 1e3, p99 * 1e3);
  twin_fact_grid_set (self->node, _ ("Engine to screen"), text);
}

static void
show_node (TwinOverviewPage *self)
{
  const TwinNodeItem *node = twin_machine_context_get_node (self->context);
  g_autofree char    *held = NULL, *gaps = NULL, *losses = NULL;

  show_properties (self, node);
  twin_fact_grid_clear (self->node);
  gtk_label_set_text (self->node_name,
                      node != NULL ? node->name : _ ("No node"));
  if (node == NULL)
    return;

  held = g_strdup_printf ("%" G_GUINT64_FORMAT, node->held_records);
  gaps = g_strdup_printf ("%" G_GUINT64_FORMAT, node->open_gaps);
  losses = g_strdup_printf ("%" G_GUINT64_FORMAT, node->known_losses);
  twin_fact_grid_set (self->node, _ ("Link"),
                      node->online ? _ ("online") : _ ("offline"));
  show_last_heard (self, node);
  twin_fact_grid_set (self->node, _ ("Firmware"), node->firmware);
  twin_fact_grid_set (self->node, _ ("Class"), node->class_name);
  twin_fact_grid_set (self->node, _ ("Key"),
                      node->trusted ? _ ("known") : _ ("unverified"));
  twin_fact_grid_set (self->node, _ ("Commands"),
                      node->enrolled ? _ ("accepted") : _ ("not enrolled"));
  twin_fact_grid_set (self->node, _ ("Records in its ring"), held);
  twin_fact_grid_set (self->node, _ ("Open gaps"), gaps);
  twin_fact_grid_set (self->node, _ ("Known losses"), losses);
  for (char **fact = node->facts; fact != NULL && fact[0] != NULL; fact += 2)
    twin_fact_grid_set (self->node, fact[0], fact[1]);
  show_delay (self);
}

/* --- tab
 * ---------------------------------------------------------------------------
 */

static void
refresh (TwinMachineTab *tab, TwinMachineChange changes)
{
  TwinOverviewPage *self = TWIN_OVERVIEW_PAGE (tab);

  if ((changes & TWIN_MACHINE_CHANGE_MACHINE) ||
      count_values (self->context->machine) != self->rows->len)
    rebuild (self);
  if (changes & (TWIN_MACHINE_CHANGE_VALUES | TWIN_MACHINE_CHANGE_MACHINE))
    refresh_rows (self);
  if (changes & (TWIN_MACHINE_CHANGE_FINDING | TWIN_MACHINE_CHANGE_MACHINE |
                 TWIN_MACHINE_CHANGE_TICK))
    show_finding (self);
  if ((changes & (TWIN_MACHINE_CHANGE_ALARMS | TWIN_MACHINE_CHANGE_MACHINE)) ||
      self->alarms_live != self->context->live)
    show_alarms (self);
  if (changes & (TWIN_MACHINE_CHANGE_STATE | TWIN_MACHINE_CHANGE_MACHINE))
    show_usual (self);
  if (changes & (TWIN_MACHINE_CHANGE_NODE | TWIN_MACHINE_CHANGE_MACHINE))
    show_node (self);
  else if (twin_machine_context_get_node (self->context) != NULL)
    show_last_heard (self, twin_machine_context_get_node (self->context));
}

static void
set_context (TwinMachineTab *tab, const TwinMachineContext *context)
{
  TWIN_OVERVIEW_PAGE (tab)->context = context;
}

static void
tab_init (TwinMachineTabInterface *iface)
{
  iface->set_context = set_context;
  iface->refresh = refresh;
}

static void
dispose (GObject *object)
{
  g_clear_pointer (&TWIN_OVERVIEW_PAGE (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (twin_overview_page_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  g_ptr_array_unref (TWIN_OVERVIEW_PAGE (object)->rows);

  G_OBJECT_CLASS (twin_overview_page_parent_class)->finalize (object);
}

static void
twin_overview_page_class_init (TwinOverviewPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  G_OBJECT_CLASS (class)->finalize = finalize;
  g_type_ensure (TWIN_TYPE_FACT_GRID);
  g_type_ensure (TWIN_TYPE_FINDING_CARD);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-overview-page.ui");

#define BIND(child)                                                            \
  gtk_widget_class_bind_template_child (widget_class, TwinOverviewPage, child)
  BIND (box);
  BIND (stack);
  BIND (empty);
  BIND (left);
  BIND (right);
  BIND (finding);
  BIND (alarms);
  BIND (usual);
  BIND (usual_score);
  BIND (usual_bar);
  BIND (usual_anew);
  BIND (usual_why);
  BIND (sync);
  BIND (properties);
  BIND (no_properties);
  BIND (node_name);
  BIND (node);
#undef BIND
}

static void
twin_overview_page_init (TwinOverviewPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Its colours say that full is good. */
  gtk_level_bar_remove_offset_value (self->usual_bar, NULL);
}
