/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-window-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-ask.h"
#include "twin-dialogs.h"
#include "twin-edits.h"

/* --- acknowledging -------------------------------------------------------- */

static void
on_acknowledged (TwinLiveRequest *request, gpointer data)
{
  if (twin_live_request_get_stage (request) == TWIN_REQUEST_FAILED)
    twin_window_toast (data, twin_live_request_get_text (request));
  else
    twin_window_toast (data, _ ("Acknowledged"));
}

static void
acknowledge (TwinWindow *self, const char *id, const char *note)
{
  g_autoptr (TwinLiveRequest) request = NULL;

  if (self->session == NULL || id == NULL || *id == '\0')
    return;

  request = twin_live_session_acknowledge (self->session, id, note);
  g_signal_connect_object (request, "finished", G_CALLBACK (on_acknowledged),
                           self, 0);
}

static void
acknowledge_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;
  const char *id = g_variant_get_string (parameter, NULL);

  if (*id == '\0')
    id = twin_alarm_strip_get_alarm (self->strip);
  acknowledge (self, id, "");
}

static void
acknowledge_with_action (GSimpleAction *action,
                         GVariant      *parameter,
                         gpointer       data)
{
  const char *id, *note;

  g_variant_get (parameter, "(&s&s)", &id, &note);
  acknowledge (data, id, note);
}

static void
note_alarm_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  twin_window_show_page (self, "alarms");
  twin_alarm_page_begin_note (TWIN_ALARM_PAGE (self->alarm_page),
                              g_variant_get_string (parameter, NULL));
}

/* --- moving about ----------------------------------------------------------
 */

static void
show_item_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  twin_window_show_item (data, g_variant_get_string (parameter, NULL));
}

/* Selecting in the 3D view selects in the tree, and nothing else moves. */
static void
select_item_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;
  const char *id = g_variant_get_string (parameter, NULL);

  twin_tree_panel_select (self->tree, id);
  twin_plant_page_select (TWIN_PLANT_PAGE (self->plant_page), id);
}

static void
show_tab_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  twin_machine_page_show_tab (TWIN_MACHINE_PAGE (self->machine_page),
                              g_variant_get_string (parameter, NULL));
}

static void
show_page_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  twin_window_show_page (data, g_variant_get_string (parameter, NULL));
}

static void
back_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  twin_window_show_page (data, "plant");
}

static void
find_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  if (strcmp (gtk_stack_get_visible_child_name (self->pages), "table") == 0)
    {
      twin_table_page_focus_entry (TWIN_TABLE_PAGE (self->table_page));
      return;
    }

  twin_window_show_page (self, "plant");
  twin_tree_panel_focus_filter (self->tree);
}

static void
toggle_side_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

static void
show_twin_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  twin_window_show_twin (data, g_variant_get_string (parameter, NULL));
}

static void
ask_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  twin_window_show_page (self, "table");
  twin_table_page_ask (TWIN_TABLE_PAGE (self->table_page),
                       g_variant_get_string (parameter, NULL));
}

static void
toast_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  twin_window_toast (data, g_variant_get_string (parameter, NULL));
}

/* --- taking edits back ---------------------------------------------------- */

typedef struct
{
  TwinWindow *self;
  int64_t    *changes; /* the next to go is the last one */
  gsize       n;
} Undoing;

static void
undoing_free (Undoing *undoing)
{
  g_object_unref (undoing->self);
  g_free (undoing->changes);
  g_free (undoing);
}

static void undo_next (Undoing *undoing);

static void
on_undone (const TwinEdited *edited, gpointer data)
{
  Undoing *undoing = data;

  if (edited != NULL && undoing->n > 0)
    undo_next (undoing);
  else
    undoing_free (undoing);
}

static void
undo_next (Undoing *undoing)
{
  const TwinEdit edit = { .kind = TWIN_EDIT_UNDO,
                          .change = undoing->changes[--undoing->n] };

  if (undoing->self->session == NULL)
    undoing_free (undoing);
  else
    twin_edits_apply (GTK_WIDGET (undoing->self), undoing->self->session, &edit,
                      on_undone, NULL, undoing);
}

static void
undo_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Undoing       *undoing;
  gsize          n;
  const int64_t *changes =
      g_variant_get_fixed_array (parameter, &n, sizeof (int64_t));

  if (n == 0)
    return;

  undoing = g_new0 (Undoing, 1);
  undoing->self = g_object_ref (data);
  undoing->changes = g_memdup2 (changes, n * sizeof (int64_t));
  undoing->n = n;
  undo_next (undoing);
}

/* Long enough to read it, see what it did, and take it back. */
static void
toast_undo_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;
  const char *text;
  g_autoptr (GVariant) changes = NULL;
  g_autofree char *escaped = NULL;
  AdwToast        *toast;

  g_variant_get (parameter, "(&s@ax)", &text, &changes);
  escaped = g_markup_escape_text (text, -1);
  toast = adw_toast_new (escaped);
  adw_toast_set_timeout (toast, 8);
  if (g_variant_n_children (changes) > 0)
    {
      adw_toast_set_button_label (toast, _ ("Undo"));
      adw_toast_set_action_name (toast, "win.undo");
      adw_toast_set_action_target_value (toast, changes);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* --- dialogs -------------------------------------------------------------- */

static void
command_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;
  const char *twin, *command;

  g_variant_get (parameter, "(&s&s)", &twin, &command);
  if (self->session != NULL)
    twin_command_dialog_present (GTK_WINDOW (self), self->session, twin,
                                 command);
}

static void
schedule_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  if (self->session != NULL)
    twin_schedule_dialog_present (GTK_WINDOW (self), self->session,
                                  g_variant_get_string (parameter, NULL));
}

static void
outcome_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;
  const char *machine, *order;

  g_variant_get (parameter, "(&s&s)", &machine, &order);
  if (self->session != NULL)
    twin_outcome_dialog_present (GTK_WINDOW (self), self->session, machine,
                                 order);
}

static void
on_outcome_undone (TwinLiveRequest *request, gpointer data)
{
  twin_window_toast (data, twin_live_request_get_stage (request) ==
                                   TWIN_REQUEST_FAILED
                               ? twin_live_request_get_text (request)
                               : _ ("The outcome is taken back."));
}

static void
undo_outcome_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow      *self = data;
  g_autofree char *id =
      g_strdup_printf ("%" G_GINT64_FORMAT, g_variant_get_int64 (parameter));
  g_autoptr (TwinLiveRequest) request = NULL;

  if (self->session == NULL)
    return;

  request = twin_live_session_outcome (self->session, "undo", id, NULL);
  g_signal_connect_object (request, "finished", G_CALLBACK (on_outcome_undone),
                           self, 0);
}

static void
on_relearnt (TwinLiveRequest *request, gpointer data)
{
  twin_window_toast (data, twin_live_request_get_text (request));
}

typedef struct
{
  TwinWindow *window;
  char       *machine;
} Relearn;

static void
relearn_free (gpointer data)
{
  Relearn *self = data;

  g_object_unref (self->window);
  g_free (self->machine);
  g_free (self);
}

static void
do_relearn (const char *text, gpointer data)
{
  Relearn *self = data;
  g_autoptr (TwinLiveRequest) request = NULL;

  if (self->window->session == NULL)
    return;

  request = twin_live_session_outcome (self->window->session, "relearn",
                                       self->machine, NULL);
  g_signal_connect_object (request, "finished", G_CALLBACK (on_relearnt),
                           self->window, 0);
}

static void
relearn_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow   *window = data;
  Relearn      *self = g_new0 (Relearn, 1);
  const TwinAsk question = {
    .title = _ ("Learn What Is Usual Anew?"),
    .body = _ ("What was learnt of this machine is forgotten: its levels, its "
               "operating states and its temperatures. Until 50 records are "
               "learnt at a state nothing is compared there. Do it after work "
               "on the machine, not to silence an alarm."),
    .yes = _ ("Learn Anew"),
    .danger = TRUE,
  };

  self->window = g_object_ref (window);
  self->machine = g_variant_dup_string (parameter, NULL);
  twin_ask (GTK_WINDOW (window), &question, do_relearn, self, relearn_free);
}

static void
commission_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  if (self->session != NULL)
    twin_commission_dialog_present (GTK_WINDOW (self), self->session,
                                    g_variant_get_string (parameter, NULL));
}

static void
firmware_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  if (self->session != NULL)
    twin_firmware_dialog_present (GTK_WINDOW (self), self->session, NULL);
}

static void
firmware_of_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  if (self->session != NULL)
    twin_firmware_dialog_present (GTK_WINDOW (self), self->session,
                                  g_variant_get_string (parameter, NULL));
}

static void
connect_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  twin_connect_dialog_present (GTK_WINDOW (self), self->session);
}

static void
import_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  if (self->session != NULL)
    twin_import_present (GTK_WINDOW (self), self->session,
                         g_variant_get_boolean (parameter));
}

static void
models_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  if (self->session != NULL)
    twin_models_dialog_present (GTK_WINDOW (self), self->session,
                                g_variant_get_string (parameter, NULL));
}

static void
groups_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinWindow *self = data;

  if (self->session != NULL)
    twin_groups_dialog_present (GTK_WINDOW (self), self->session,
                                g_variant_get_string (parameter, NULL));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  twin_preferences_present (data);
}

/* A and N act on the window's worst alarm, but never while text is typed. */
static gboolean
on_key (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        gpointer               data)
{
  TwinWindow *self = data;
  GtkWidget  *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus) ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0 ||
      gdk_keyval_to_lower (keyval) != GDK_KEY_a)
    return FALSE;

  acknowledge (self, twin_alarm_strip_get_alarm (self->strip), "");
  return TRUE;
}

void
twin_window_add_actions (TwinWindow *self)
{
  static const GActionEntry entries[] = {
    { "show-item", show_item_action, "s", NULL, NULL, { 0 } },
    { "select-item", select_item_action, "s", NULL, NULL, { 0 } },
    { "show-tab", show_tab_action, "s", NULL, NULL, { 0 } },
    { "show-page", show_page_action, "s", "'plant'", NULL, { 0 } },
    { "back", back_action, NULL, NULL, NULL, { 0 } },
    { "find", find_action, NULL, NULL, NULL, { 0 } },
    { "toggle-side", toggle_side_action, NULL, NULL, NULL, { 0 } },
    { "acknowledge", acknowledge_action, "s", NULL, NULL, { 0 } },
    { "acknowledge-with", acknowledge_with_action, "(ss)", NULL, NULL, { 0 } },
    { "note-alarm", note_alarm_action, "s", NULL, NULL, { 0 } },
    { "command", command_action, "(ss)", NULL, NULL, { 0 } },
    { "schedule", schedule_action, "s", NULL, NULL, { 0 } },
    { "outcome", outcome_action, "(ss)", NULL, NULL, { 0 } },
    { "relearn", relearn_action, "s", NULL, NULL, { 0 } },
    { "undo-outcome", undo_outcome_action, "x", NULL, NULL, { 0 } },
    { "commission", commission_action, "s", NULL, NULL, { 0 } },
    { "firmware", firmware_action, NULL, NULL, NULL, { 0 } },
    { "firmware-of", firmware_of_action, "s", NULL, NULL, { 0 } },
    { "connect", connect_action, NULL, NULL, NULL, { 0 } },
    { "import", import_action, "b", NULL, NULL, { 0 } },
    { "models", models_action, "s", NULL, NULL, { 0 } },
    { "groups", groups_action, "s", NULL, NULL, { 0 } },
    { "show-twin", show_twin_action, "s", NULL, NULL, { 0 } },
    { "ask", ask_action, "s", NULL, NULL, { 0 } },
    { "undo", undo_action, "ax", NULL, NULL, { 0 } },
    { "toast-undo", toast_undo_action, "(sax)", NULL, NULL, { 0 } },
    { "preferences", preferences_action, NULL, NULL, NULL, { 0 } },
    { "toast", toast_action, "s", NULL, NULL, { 0 } },
  };
  GtkEventController *key = gtk_event_controller_key_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries,
                                   G_N_ELEMENTS (entries), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
}
