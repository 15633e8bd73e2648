/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-machine-page-private.h"

#include <glib/gi18n.h>

#include "twin-envelope-page.h"
#include "twin-life-page.h"
#include "twin-line-chart.h"
#include "twin-machine-head.h"
#include "twin-machine-log-page.h"
#include "twin-machine-tab.h"
#include "twin-overview-page.h"
#include "twin-spectrum-page.h"
#include "twin-trend-page.h"
#include "twin-twin-page.h"
#include "twin-waveform-page.h"
#include "twin-whatif-page.h"

typedef struct
{
  const char *name;
  const char *title;
  GType (*type) (void);
  gboolean wave; /* shows blocks: the node is asked for them */
} Tab;

static const Tab tabs[] = {
  { "overview", N_ ("Overview"), twin_overview_page_get_type, FALSE },
  { "waveform", N_ ("Waveform"), twin_waveform_page_get_type, TRUE },
  { "spectrum", N_ ("Spectrum"), twin_spectrum_page_get_type, TRUE },
  { "envelope", N_ ("Envelope"), twin_envelope_page_get_type, TRUE },
  { "trend", N_ ("Trend"), twin_trend_page_get_type, FALSE },
  { "life", N_ ("Life"), twin_life_page_get_type, FALSE },
  { "whatif", N_ ("What if"), twin_whatif_page_get_type, FALSE },
  { "twin", N_ ("Twin"), twin_twin_page_get_type, FALSE },
  { "log", N_ ("Log"), twin_machine_log_page_get_type, FALSE },
};

enum
{
  N_TABS = G_N_ELEMENTS (tabs)
};

struct _TwinMachinePage
{
  GtkWidget          parent_instance;
  TwinMachineContext context;
  GtkStack          *outer;
  TwinMachineHead   *head;
  GtkWidget         *tabs;
  GtkWidget         *tab_hint;
  GtkStack          *pages;
  GtkWidget         *buttons[N_TABS];
  GtkWidget         *shown[N_TABS];
  guint              current;
  /* What the engine was asked to send in full. */
  char             *watched_machine;
  char             *watched_sensor;
  char              watched_axis;
  gboolean          watched_live;
  TwinMachineReport report;
  gpointer          report_data;
};

G_DEFINE_FINAL_TYPE (TwinMachinePage, twin_machine_page, GTK_TYPE_WIDGET)

/* --- telling the tabs -------------------------------------------------------
 */

static void
note (TwinMachinePage *self, const char *what, int64_t start_us)
{
  if (self->report != NULL)
    self->report (what, twin_clock_monotonic_us () - start_us,
                  self->report_data);
}

static void
update_now (TwinMachinePage *self)
{
  self->context.now_us = twin_clock_utc_us ();
  self->context.live =
      self->context.plant != NULL &&
      twin_live_plant_is_live (self->context.plant, self->context.now_us);
}

static void
refresh (TwinMachinePage *self, TwinMachineChange changes, const char *what)
{
  const int64_t start_us = twin_clock_monotonic_us ();

  if (self->context.machine == NULL ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  update_now (self);
  twin_machine_head_refresh (self->head, self->context.live,
                             self->context.now_us);
  twin_machine_tab_refresh (TWIN_MACHINE_TAB (self->shown[self->current]),
                            changes);
  note (self, what, start_us);
}

/* --- watching a sensor
 * -------------------------------------------------------- */

static void
stop_watching (TwinMachinePage *self)
{
  if (self->watched_sensor != NULL && self->context.session != NULL)
    twin_live_session_watch (self->context.session, self->watched_machine,
                             self->watched_sensor, self->watched_axis, FALSE,
                             FALSE);

  g_clear_pointer (&self->watched_machine, g_free);
  g_clear_pointer (&self->watched_sensor, g_free);
}

static void
update_watch (TwinMachinePage *self)
{
  const gboolean live = tabs[self->current].wave;
  const char    *sensor = NULL;
  const char    *machine;
  char           axis = 0;

  if (self->context.machine == NULL || self->context.session == NULL ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      !twin_sensor_list_get (self->context.sensors, &sensor, &axis))
    {
      stop_watching (self);
      return;
    }

  machine = twin_live_item_get_id (self->context.machine);
  if (g_strcmp0 (machine, self->watched_machine) == 0 &&
      g_strcmp0 (sensor, self->watched_sensor) == 0 &&
      axis == self->watched_axis && live == self->watched_live)
    return;

  stop_watching (self);
  self->watched_machine = g_strdup (machine);
  self->watched_sensor = g_strdup (sensor);
  self->watched_axis = axis;
  self->watched_live = live;
  twin_live_session_watch (self->context.session, machine, sensor, axis, TRUE,
                           live);
}

/* --- what comes from the live objects
 * ------------------------------------------ */

static void
on_sensor (TwinSensorList *sensors, GParamSpec *pspec, TwinMachinePage *self)
{
  update_watch (self);
  refresh (self, TWIN_MACHINE_CHANGE_SENSOR | TWIN_MACHINE_CHANGE_BLOCK,
           "machine-sensor");
}

static void
on_block (TwinLiveItem *machine, TwinBlockUpdate *block, TwinMachinePage *self)
{
  const char *sensor;
  char        axis;

  if (twin_sensor_list_get (self->context.sensors, &sensor, &axis) &&
      axis == block->axis && g_strcmp0 (sensor, block->sensor) == 0)
    refresh (self, TWIN_MACHINE_CHANGE_BLOCK, "machine-block");
}

static void
on_faults (TwinLiveItem     *machine,
           TwinFaultsUpdate *faults,
           TwinMachinePage  *self)
{
  refresh (self, TWIN_MACHINE_CHANGE_FINDING, "machine-finding");
}

static void
on_finding (TwinLiveItem      *machine,
            TwinFindingUpdate *finding,
            TwinMachinePage   *self)
{
  refresh (self, TWIN_MACHINE_CHANGE_FINDING, "machine-finding");
}

static void
on_life (TwinLiveItem *machine, TwinLifeUpdate *life, TwinMachinePage *self)
{
  refresh (self, TWIN_MACHINE_CHANGE_LIFE, "machine-life");
}

static void
on_state (TwinLiveItem *machine, GParamSpec *pspec, TwinMachinePage *self)
{
  refresh (self, TWIN_MACHINE_CHANGE_STATE, "machine-state");
}

static void
on_alarms (TwinLivePlant *plant, TwinMachinePage *self)
{
  refresh (self, TWIN_MACHINE_CHANGE_ALARMS, "machine-alarms");
}

static void
on_nodes (TwinLivePlant *plant, TwinMachinePage *self)
{
  if (self->context.machine == NULL)
    return;

  if (twin_sensor_list_set_node (self->context.sensors, self->context.machine,
                                 twin_machine_context_get_node (
                                     &self->context)))
    update_watch (self);
  refresh (self, TWIN_MACHINE_CHANGE_NODE, "machine-node");
}

/* Values come many times a second; they are shown with the tick. */
static void
on_tick (TwinLivePlant *plant, TwinMachinePage *self)
{
  refresh (self, TWIN_MACHINE_CHANGE_TICK | TWIN_MACHINE_CHANGE_VALUES,
           "machine-tick");
}

static void
on_log (GListModel      *log,
        guint            position,
        guint            removed,
        guint            added,
        TwinMachinePage *self)
{
  refresh (self, TWIN_MACHINE_CHANGE_LOG, "machine-log");
}

/* --- public
 * --------------------------------------------------------------------- */

static void
set_machine (TwinMachinePage *self, TwinLiveItem *machine)
{
  g_autoptr (TwinModelSet) models = NULL;

  if (self->context.machine != NULL)
    g_signal_handlers_disconnect_by_data (self->context.machine, self);

  g_set_object (&self->context.machine, machine);
  if (self->context.session != NULL)
    models = twin_live_session_ref_models (self->context.session);
  twin_machine_head_set_machine (self->head, machine, models);
  twin_sensor_list_set_node (self->context.sensors, machine,
                             twin_machine_context_get_node (&self->context));
  gtk_stack_set_visible_child_name (self->outer,
                                    machine != NULL ? "machine" : "none");
  if (machine == NULL)
    return;

  g_signal_connect (machine, "block", G_CALLBACK (on_block), self);
  g_signal_connect (machine, "finding", G_CALLBACK (on_finding), self);
  g_signal_connect (machine, "faults", G_CALLBACK (on_faults), self);
  g_signal_connect (machine, "life", G_CALLBACK (on_life), self);
  g_signal_connect (machine, "notify::serial", G_CALLBACK (on_state), self);
}

void
twin_machine_page_set_item (TwinMachinePage *self, TwinLiveItem *item)
{
  TwinLiveItem *machine =
      item != NULL ? twin_live_item_get_machine (item) : NULL;

  g_return_if_fail (TWIN_IS_MACHINE_PAGE (self));

  if (machine != self->context.machine)
    set_machine (self, machine);

  if (machine == NULL)
    item = NULL;
  g_set_object (&self->context.part, item);
  for (TwinLiveItem *part = self->context.part; part != NULL && part != machine;
       part = twin_live_item_get_parent (part))
    twin_sensor_list_select_part (self->context.sensors,
                                  twin_live_item_get_id (part));

  update_watch (self);
  refresh (self, TWIN_MACHINE_CHANGE_ALL, "machine-show");
}

TwinLiveItem *
twin_machine_page_get_item (TwinMachinePage *self)
{
  g_return_val_if_fail (TWIN_IS_MACHINE_PAGE (self), NULL);

  return self->context.part;
}

void
twin_machine_page_set_plant (TwinMachinePage *self, TwinLivePlant *plant)
{
  g_return_if_fail (TWIN_IS_MACHINE_PAGE (self));

  if (self->context.plant == plant)
    return;

  twin_machine_page_set_item (self, NULL);
  if (self->context.plant != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->context.plant, self);
      g_signal_handlers_disconnect_by_data (twin_live_plant_get_log (
                                                self->context.plant),
                                            self);
    }

  g_set_object (&self->context.plant, plant);
  if (plant == NULL)
    return;

  g_signal_connect (plant, "alarms", G_CALLBACK (on_alarms), self);
  g_signal_connect (plant, "nodes", G_CALLBACK (on_nodes), self);
  g_signal_connect (plant, "tick", G_CALLBACK (on_tick), self);
  g_signal_connect (twin_live_plant_get_log (plant), "items-changed",
                    G_CALLBACK (on_log), self);
}

void
twin_machine_page_set_session (TwinMachinePage *self, TwinLiveSession *session)
{
  g_return_if_fail (TWIN_IS_MACHINE_PAGE (self));

  if (self->context.session == session)
    return;

  /* The item goes first: its sensor is watched through the old session. */
  twin_machine_page_set_plant (self, NULL);
  stop_watching (self);
  g_set_object (&self->context.session, session);
  if (session != NULL)
    twin_machine_page_set_plant (self, twin_live_session_get_plant (session));
}

static void
show_tab (TwinMachinePage *self, guint i)
{
  self->current = i;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[i]), TRUE);
  gtk_stack_set_visible_child (self->pages, self->shown[i]);
  update_watch (self);
  refresh (self, TWIN_MACHINE_CHANGE_ALL, "machine-tab");
}

void
twin_machine_page_show_tab (TwinMachinePage *self, const char *name)
{
  g_return_if_fail (TWIN_IS_MACHINE_PAGE (self));

  for (guint i = 0; i < N_TABS; i++)
    {
      if (g_strcmp0 (tabs[i].name, name) == 0)
        show_tab (self, i);
    }
}

void
twin_machine_page_set_report (TwinMachinePage  *self,
                              TwinMachineReport report,
                              gpointer          user_data)
{
  g_return_if_fail (TWIN_IS_MACHINE_PAGE (self));

  self->report = report;
  self->report_data = user_data;
}

/* --- life
 * ------------------------------------------------------------------------- */

static void
on_toggled (GtkToggleButton *button, TwinMachinePage *self)
{
  if (!gtk_toggle_button_get_active (button))
    return;

  for (guint i = 0; i < N_TABS; i++)
    {
      if (self->buttons[i] == GTK_WIDGET (button) && self->current != i)
        show_tab (self, i);
    }
}

static gboolean
on_shortcut (GtkWidget *widget, GVariant *args, gpointer data)
{
  show_tab (TWIN_MACHINE_PAGE (widget), g_variant_get_uint32 (args));
  gtk_widget_grab_focus (
      TWIN_MACHINE_PAGE (widget)->buttons[TWIN_MACHINE_PAGE (widget)->current]);
  return TRUE;
}

/* Every plot in @widget tells what it costs to draw. */
static void
on_drawn (TwinLineChart *chart, gint64 spent_us, TwinMachinePage *self)
{
  if (self->report != NULL)
    self->report ("chart-draw", spent_us, self->report_data);
}

static void
connect_charts (TwinMachinePage *self, GtkWidget *widget)
{
  if (TWIN_IS_LINE_CHART (widget))
    g_signal_connect_object (widget, "drawn", G_CALLBACK (on_drawn), self, 0);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    connect_charts (self, child);
}

static void
add_tab (TwinMachinePage *self, GtkShortcutController *shortcuts, guint i)
{
  GtkWidget *button = gtk_toggle_button_new_with_label (_ (tabs[i].title));
  GtkWidget *page = g_object_new (tabs[i].type (), NULL);
  g_autofree char *tip = g_strdup_printf (_ ("Alt+%u"), i + 1);
  GtkShortcut     *shortcut =
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_1 + i, GDK_ALT_MASK),
                        gtk_callback_action_new (on_shortcut, NULL, NULL));

  gtk_shortcut_set_arguments (shortcut, g_variant_new_uint32 (i));
  gtk_shortcut_controller_add_shortcut (shortcuts, shortcut);
  gtk_widget_set_tooltip_text (button, tip);
  if (i > 0)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                 GTK_TOGGLE_BUTTON (self->buttons[0]));
  g_signal_connect (button, "toggled", G_CALLBACK (on_toggled), self);
  gtk_box_insert_child_after (GTK_BOX (self->tabs), button,
                              i > 0 ? self->buttons[i - 1] : NULL);
  gtk_stack_add_named (self->pages, page, tabs[i].name);
  self->buttons[i] = button;
  self->shown[i] = page;
  twin_machine_tab_set_context (TWIN_MACHINE_TAB (page), &self->context);
  connect_charts (self, page);
}

static void
map (GtkWidget *widget)
{
  TwinMachinePage *self = TWIN_MACHINE_PAGE (widget);

  GTK_WIDGET_CLASS (twin_machine_page_parent_class)->map (widget);
  update_watch (self);
  refresh (self, TWIN_MACHINE_CHANGE_ALL, "machine-show");
}

static void
unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (twin_machine_page_parent_class)->unmap (widget);
  update_watch (TWIN_MACHINE_PAGE (widget));
}

static void
dispose (GObject *object)
{
  TwinMachinePage *self = TWIN_MACHINE_PAGE (object);

  if (self->outer != NULL)
    {
      twin_machine_page_set_session (self, NULL);
      twin_machine_page_set_plant (self, NULL);
      g_signal_handlers_disconnect_by_data (self->context.sensors, self);
    }
  if (self->outer != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->outer));
  self->outer = NULL;
  g_clear_object (&self->context.sensors);

  G_OBJECT_CLASS (twin_machine_page_parent_class)->dispose (object);
}

static void
twin_machine_page_class_init (TwinMachinePageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  widget_class->map = map;
  widget_class->unmap = unmap;
  g_type_ensure (TWIN_TYPE_MACHINE_HEAD);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-machine-page.ui");

#define BIND(child)                                                            \
  gtk_widget_class_bind_template_child (widget_class, TwinMachinePage, child)
  BIND (outer);
  BIND (head);
  BIND (tabs);
  BIND (tab_hint);
  BIND (pages);
#undef BIND
}

static void
twin_machine_page_init (TwinMachinePage *self)
{
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  self->context.sensors = twin_sensor_list_new ();
  g_signal_connect (self->context.sensors, "notify::selected",
                    G_CALLBACK (on_sensor), self);
  gtk_widget_init_template (GTK_WIDGET (self));

  /* Anywhere in the window while the page is shown. */
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (shortcuts),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  for (guint i = 0; i < N_TABS; i++)
    add_tab (self, GTK_SHORTCUT_CONTROLLER (shortcuts), i);
  gtk_widget_add_controller (GTK_WIDGET (self), shortcuts);
  show_tab (self, 0);
}

GtkWidget *
twin_machine_page_new (void)
{
  return g_object_new (TWIN_TYPE_MACHINE_PAGE, NULL);
}
