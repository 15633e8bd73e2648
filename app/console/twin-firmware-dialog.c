/* SPDX-License-Identifier: Apache-2.0 */
/* The firmware dialog: a campaign is planned on one page and followed on the
 * other. */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-firmware-plan.h"
#include "twin-firmware-progress.h"

typedef struct
{
  AdwWindow       *window;
  TwinLiveSession *session;
  GtkWidget       *stack, *plan, *progress;
  GtkWidget       *menu; /* campaigns */
  GtkWidget       *list; /* of its popover */
  GArray          *ids;  /* gint64: of the rows of @list, 0: a new one */
} Dialog;

static void
dialog_free (void *data)
{
  Dialog *self = data;

  g_clear_object (&self->session);
  g_array_unref (self->ids);
  g_free (self);
}

static void
show_campaign (Dialog *self, gint64 campaign)
{
  g_autofree char *subtitle =
      campaign != 0 ? g_strdup_printf (_ ("Campaign %d"), (int) campaign)
                    : g_strdup (_ ("Preview"));

  twin_dialog_set_subtitle (self->window, subtitle);
  if (campaign != 0)
    twin_firmware_progress_set_campaign (TWIN_FIRMWARE_PROGRESS (
                                             self->progress),
                                         campaign);
  gtk_stack_set_visible_child (GTK_STACK (self->stack),
                               campaign != 0 ? self->progress : self->plan);
}

static void
on_planned (TwinFirmwarePlan *plan, gint64 campaign, gpointer data)
{
  show_campaign (data, campaign);
}

/* --- the campaigns there are ---------------------------------------------- */

static void
add_row (Dialog *self, gint64 id, const char *title, const char *note)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), label);
  if (note != NULL)
    gtk_box_append (GTK_BOX (box), twin_dialog_note (note));
  gtk_list_box_append (GTK_LIST_BOX (self->list), box);
  g_array_append_val (self->ids, id);
}

static void
on_menu (GtkWidget *popover, gpointer data)
{
  Dialog *self = data;
  g_autoptr (GPtrArray) campaigns = twin_live_plant_list_campaigns (
      twin_live_session_get_plant (self->session));
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  g_array_set_size (self->ids, 0);
  add_row (self, 0, _ ("New campaign"), NULL);
  for (guint i = 0; i < campaigns->len; i++)
    {
      const TwinCampaignUpdate *campaign = campaigns->pdata[i];
      g_autofree char          *title =
          g_strdup_printf (_ ("%d · %s %s"), (int) campaign->id,
                           campaign->vendor, campaign->version);

      add_row (self, campaign->id, title,
               campaign->why != NULL ? campaign->why : _ ("Kept, not begun"));
    }
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  Dialog *self = data;

  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->menu));
  show_campaign (self, g_array_index (self->ids, gint64,
                                      gtk_list_box_row_get_index (row)));
}

static void
build_menu (Dialog *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list),
                                   GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Firmware campaigns"), -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (
                                                        scroller),
                                                    TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller),
                                              360);
  gtk_widget_set_size_request (scroller, 280, -1);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  g_signal_connect (popover, "map", G_CALLBACK (on_menu), self);
  self->menu = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->menu), _ ("Campaigns"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->menu), popover);
  twin_dialog_pack_end (self->window, self->menu);
}

/* --- presenting ----------------------------------------------------------- */

/* The newest campaign that is not over; 0: none. */
static gint64
find_open (TwinLivePlant *plant)
{
  static const char *const open[] = { "running", "paused", "stopped", NULL };
  g_autoptr (GPtrArray) campaigns = twin_live_plant_list_campaigns (plant);

  for (guint i = 0; i < campaigns->len; i++)
    {
      const TwinCampaignUpdate *campaign = campaigns->pdata[i];

      if (g_strv_contains (open, campaign->state))
        return campaign->id;
    }
  return 0;
}

/* As large as the picture, but never larger than the window below. */
static int
fit (int wanted, int have)
{
  return have > 0 ? MIN (wanted, have - 24) : wanted;
}

void
twin_firmware_dialog_present (GtkWindow       *parent,
                              TwinLiveSession *session,
                              const char      *query)
{
  Dialog *self = g_new0 (Dialog, 1);

  self->session = g_object_ref (session);
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->stack = gtk_stack_new ();
  self->plan = twin_firmware_plan_new (session, query);
  self->progress = twin_firmware_progress_new (session);
  gtk_stack_add_child (GTK_STACK (self->stack), self->plan);
  gtk_stack_add_child (GTK_STACK (self->stack), self->progress);
  self->window =
      twin_dialog_new (parent, _ ("Firmware campaign"), _ ("Preview"),
                       fit (1040, gtk_widget_get_width (GTK_WIDGET (parent))),
                       fit (704, gtk_widget_get_height (GTK_WIDGET (parent))),
                       self->stack, self, dialog_free);
  g_signal_connect (self->plan, "planned", G_CALLBACK (on_planned), self);
  build_menu (self);
  /* Asked for certain nodes it begins with them; else with what is going on. */
  show_campaign (self, query == NULL
                           ? find_open (twin_live_session_get_plant (session))
                           : 0);
  gtk_window_present (GTK_WINDOW (self->window));
}
