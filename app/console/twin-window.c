/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-window-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-dialogs.h"
#include "twin-reading.h"
#include "twin-state-glyph.h"

G_DEFINE_FINAL_TYPE (TwinWindow, twin_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- header --------------------------------------------------------------- */

static void
show_tally (TwinWindow *self, TwinLivePlant *plant, gboolean live)
{
  guint      counts[5];
  GtkWidget *child;
  GString   *spoken = g_string_new (_ ("Active alarms:"));

  twin_live_plant_count_alarms (plant, counts);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tally))) !=
         NULL)
    gtk_box_remove (self->tally, child);

  for (int priority = 1; priority <= 4; priority++)
    {
      GtkWidget       *glyph = twin_state_glyph_new (14);
      g_autofree char *number = g_strdup_printf ("%u", counts[priority]);
      GtkWidget       *label = gtk_label_new (number);

      twin_state_glyph_set_state (TWIN_STATE_GLYPH (glyph),
                                  live ? twin_state_from_priority (priority)
                                       : TWIN_STATE_STALE);
      gtk_widget_add_css_class (label, "numeric");
      if (priority < 4)
        gtk_widget_set_margin_end (label, 6);
      gtk_box_append (self->tally, glyph);
      gtk_box_append (self->tally, label);
      g_string_append_printf (spoken, " %u %s", counts[priority],
                              twin_state_get_word (
                                  twin_state_from_priority (priority)));
    }

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tally_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken->str,
                                  -1);
  g_string_free (spoken, TRUE);
}

/* "broker-1:1883": how a person speaks of mqtt://user@broker-1:1883. */
static const char *
host_of (const char *url)
{
  const char *host = url != NULL ? strstr (url, "://") : NULL;
  const char *at;

  if (host == NULL)
    return url != NULL ? url : "";

  host += 3;
  at = strrchr (host, '@');
  return at != NULL ? at + 1 : host;
}

static void
show_link (TwinWindow *self, const TwinStatusUpdate *status, gboolean live)
{
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;

  if (status == NULL || status->link == TWIN_LINK_NONE)
    text = g_strdup (_ ("No broker"));
  else if (status->link == TWIN_LINK_UP && !isnan (status->broker_ms))
    text = g_strdup_printf ("%s  %.0f ms", host_of (status->broker),
                            status->broker_ms);
  else
    text = g_strdup (host_of (status->broker));

  spoken = g_strdup_printf (_ ("Connection: %s"), text);
  gtk_label_set_text (self->broker_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->broker_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_image_set_from_icon_name (self->broker_icon,
                                live ? "network-wired-symbolic"
                                     : "network-wired-disconnected-symbolic");
  gtk_label_set_text (self->live_label, live ? _ ("● Live") : _ ("○ Not live"));
  if (live)
    gtk_widget_remove_css_class (GTK_WIDGET (self->live_label), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->live_label), "dim-label");
}

static void
show_banner (TwinWindow *self, const TwinStatusUpdate *status, gboolean live)
{
  const int64_t    now_us = twin_clock_utc_us ();
  g_autofree char *text = NULL;

  if (!live && status != NULL &&
      (status->link == TWIN_LINK_LOST ||
       (status->link == TWIN_LINK_CONNECTING && status->link_text != NULL)))
    {
      g_autoptr (GDateTime) since = g_date_time_new_from_unix_local (
          status->link_since_us / TWIN_US_PER_S);
      g_autofree char *clock = g_date_time_format (since, "%H:%M:%S");
      g_autofree char *age = twin_live_dup_age (status->link_since_us, now_us);

      text = g_markup_printf_escaped (
          _ ("<b>No connection to %s since %s (%s).</b> %s. Nodes keep their "
             "records; nothing is lost yet."),
          host_of (status->broker), clock, age,
          status->link_text != NULL ? status->link_text : "");
    }
  else if (!live && status != NULL && status->link == TWIN_LINK_NONE)
    {
      text = g_strdup (_ ("<b>Not connected to a broker.</b> History, charts "
                          "and search work; nothing new arrives."));
    }
  else if (!live && status != NULL && status->link == TWIN_LINK_UP)
    {
      text = g_strdup (_ ("<b>The engine does not answer.</b> What you see is "
                          "old."));
    }

  if (text != NULL)
    gtk_label_set_markup (self->banner_text, text);
  gtk_revealer_set_reveal_child (self->banner, text != NULL);
}

static void
refresh (TwinLivePlant *plant, gpointer data)
{
  TwinWindow             *self = data;
  const TwinStatusUpdate *status = twin_live_plant_get_status (plant);
  const gboolean   live = twin_live_plant_is_live (plant, twin_clock_utc_us ());
  g_autofree char *name = NULL;

  g_object_get (plant, "name", &name, NULL);
  gtk_label_set_text (self->plant_name,
                      name != NULL ? name : _ ("Twin Console"));
  show_tally (self, plant, live);
  show_link (self, status, live);
  show_banner (self, status, live);
}

/* --- pages ---------------------------------------------------------------- */

void
twin_window_show_page (TwinWindow *self, const char *name)
{
  const gboolean machine = g_str_equal (name, "machine");

  gtk_stack_set_visible_child_name (self->pages, name);
  gtk_widget_set_visible (self->back_button, machine);
  gtk_widget_set_visible (self->side_button, !machine);
  adw_flap_set_reveal_flap (self->flap, g_str_equal (name, "plant"));
  gtk_widget_set_visible (GTK_WIDGET (self->strip), TRUE);
  g_simple_action_set_state (G_SIMPLE_ACTION (
                                 g_action_map_lookup_action (G_ACTION_MAP (
                                                                 self),
                                                             "show-page")),
                             g_variant_new_string (machine ? "plant" : name));
}

void
twin_window_show_item (TwinWindow *self, const char *id)
{
  TwinLivePlant *plant;
  TwinLiveItem  *item;
  TwinLiveItem  *machine;

  if (self->session == NULL)
    return;

  plant = twin_live_session_get_plant (self->session);
  item = twin_live_plant_find (plant, id);
  if (item == NULL)
    return;

  machine = twin_live_item_get_machine (item);
  twin_tree_panel_select (self->tree, id);
  if (machine == NULL)
    {
      twin_window_show_page (self, "plant");
      return;
    }

  twin_plant_page_select (TWIN_PLANT_PAGE (self->plant_page), id);
  twin_machine_page_set_item (TWIN_MACHINE_PAGE (self->machine_page), item);
  twin_window_show_page (self, "machine");
}

void
twin_window_show_twin (TwinWindow *self, const char *id)
{
  TwinLiveItem *item =
      self->session != NULL
          ? twin_live_plant_find (twin_live_session_get_plant (self->session),
                                  id)
          : NULL;

  if (item != NULL && twin_live_item_get_machine (item) != NULL)
    twin_window_show_item (self, id);
  else if (self->session != NULL)
    twin_twin_dialog_present (GTK_WINDOW (self), self->session, id);
}

void
twin_window_toast (TwinWindow *self, const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_timeout (toast, 4);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
twin_window_set_session (TwinWindow *self, TwinLiveSession *session)
{
  TwinLivePlant *plant = NULL;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (twin_live_session_get_plant (
                                              self->session),
                                          self);
  g_set_object (&self->session, session);
  if (session != NULL)
    plant = twin_live_session_get_plant (session);

  twin_tree_panel_set_session (self->tree, session);
  twin_plant_page_set_plant (TWIN_PLANT_PAGE (self->plant_page), plant);
  twin_table_page_set_session (TWIN_TABLE_PAGE (self->table_page), session);
  twin_alarm_page_set_plant (TWIN_ALARM_PAGE (self->alarm_page), plant);
  twin_fleet_page_set_plant (TWIN_FLEET_PAGE (self->fleet_page), plant);
  twin_alarm_strip_set_plant (self->strip, plant);
  twin_status_strip_set_plant (self->status, plant,
                               session != NULL
                                   ? twin_live_session_get_operator (session)
                                   : NULL);
  twin_machine_page_set_item (TWIN_MACHINE_PAGE (self->machine_page), NULL);
  twin_machine_page_set_session (TWIN_MACHINE_PAGE (self->machine_page),
                                 session);

  gtk_stack_set_visible_child_name (self->outer,
                                    session != NULL ? "console" : "first");
  gtk_widget_set_visible (GTK_WIDGET (self->switcher), session != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->side_button), session != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->tally_button), session != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->live_label), session != NULL);
  gtk_label_set_text (self->broker_label, _ ("No broker"));
  gtk_label_set_text (self->plant_name,
                      session != NULL ? "" : _ ("Twin Console"));
  gtk_revealer_set_reveal_child (self->banner, FALSE);
  if (session == NULL)
    return;

  g_signal_connect_object (plant, "tick", G_CALLBACK (refresh), self, 0);
  g_signal_connect_object (plant, "status", G_CALLBACK (refresh), self, 0);
  g_signal_connect_object (plant, "alarms", G_CALLBACK (refresh), self, 0);
  twin_window_show_page (self, "plant");
  refresh (plant, self);
}

void
twin_window_set_opening (TwinWindow *self, gboolean opening)
{
  gtk_stack_set_visible_child_name (self->outer, opening ? "opening"
                                                 : self->session != NULL
                                                     ? "console"
                                                     : "first");
}

void
twin_window_set_failure (TwinWindow *self, const char *message)
{
  twin_window_set_session (self, NULL);
  twin_first_page_set_message (self->first, message);
}

void
twin_window_set_meters (TwinWindow *self, TwinMeter *main_thread, TwinMeter *gl)
{
  self->main_thread = main_thread;
  twin_plant_page_set_meters (TWIN_PLANT_PAGE (self->plant_page), main_thread,
                              gl);
  twin_table_page_set_meter (TWIN_TABLE_PAGE (self->table_page), main_thread);
  twin_machine_page_set_report (TWIN_MACHINE_PAGE (self->machine_page),
                                (TwinMachineReport) twin_window_note_callback,
                                self);
}

void
twin_window_note_callback (const char *what, int64_t duration_us, gpointer data)
{
  TwinWindow *self = data;

  if (self->main_thread != NULL)
    twin_meter_note (self->main_thread, what, duration_us);
}

/* --- life ----------------------------------------------------------------- */

static void
on_dark (AdwStyleManager *manager, GParamSpec *pspec, gpointer data)
{
  GtkWidget *self = data;

  if (adw_style_manager_get_dark (manager))
    gtk_widget_add_css_class (self, "dark");
  else
    gtk_widget_remove_css_class (self, "dark");
}

static void
twin_window_dispose (GObject *object)
{
  TwinWindow *self = TWIN_WINDOW (object);

  if (self->session != NULL)
    twin_window_set_session (self, NULL);
  G_OBJECT_CLASS (twin_window_parent_class)->dispose (object);
}

static void
twin_window_class_init (TwinWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = twin_window_dispose;
  g_type_ensure (TWIN_TYPE_TREE_PANEL);
  g_type_ensure (TWIN_TYPE_ALARM_STRIP);
  g_type_ensure (TWIN_TYPE_STATUS_STRIP);
  g_type_ensure (TWIN_TYPE_FIRST_PAGE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-window.ui");

#define BIND(child)                                                            \
  gtk_widget_class_bind_template_child (widget_class, TwinWindow, child)
  BIND (toasts);
  BIND (back_button);
  BIND (side_button);
  BIND (plant_name);
  BIND (switcher);
  BIND (live_label);
  BIND (broker_button);
  BIND (broker_icon);
  BIND (broker_label);
  BIND (tally);
  BIND (tally_button);
  BIND (banner);
  BIND (banner_text);
  BIND (outer);
  BIND (flap);
  BIND (tree);
  BIND (pages);
  BIND (strip);
  BIND (status);
  BIND (first);
#undef BIND
}

static void
twin_window_init (TwinWindow *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "twin");
  gtk_widget_add_css_class (GTK_WIDGET (self->tree), "left");
  twin_window_add_actions (self);

  self->plant_page = twin_plant_page_new ();
  self->table_page = twin_table_page_new ();
  self->alarm_page = twin_alarm_page_new ();
  self->fleet_page = twin_fleet_page_new ();
  self->machine_page = twin_machine_page_new ();
  gtk_stack_add_named (self->pages, self->plant_page, "plant");
  gtk_stack_add_named (self->pages, self->table_page, "table");
  gtk_stack_add_named (self->pages, self->alarm_page, "alarms");
  gtk_stack_add_named (self->pages, self->fleet_page, "fleet");
  gtk_stack_add_named (self->pages, self->machine_page, "machine");

  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (on_dark), self,
                           0);
  on_dark (manager, NULL, self);
  twin_window_set_session (self, NULL);
  twin_reading_follow (GTK_WIDGET (self));
}

GtkWidget *
twin_window_new (AdwApplication *application)
{
  return g_object_new (TWIN_TYPE_WINDOW, "application", application, NULL);
}
