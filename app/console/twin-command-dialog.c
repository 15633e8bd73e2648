/* SPDX-License-Identifier: Apache-2.0 */
/* The command dialog, and maintenance as its one special case: there a
 * calendar shows the risk of every date, and a work order is kept. */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-hold-button.h"
#include "twin-machine-words.h"
#include "twin-request-row.h"
#include "twin-risk-calendar.h"
#include "twin-schema-form.h"

#define MAINTENANCE "scheduleMaintenance"

typedef struct
{
  AdwWindow         *window;
  TwinLiveSession   *session;
  TwinModelSet      *models; /* keeps @content and the form's schema */
  const TwinContent *content;
  TwinLiveItem      *item;
  GtkWidget         *form; /* NULL: the command takes no argument */
  GtkWidget         *consequence;
  GtkWidget         *error;
  GtkWidget         *hold;
  GtkWidget         *row;
  gboolean           maintenance;
} Dialog;

static void
dialog_free (void *data)
{
  Dialog *self = data;

  g_clear_pointer (&self->models, twin_model_set_unref);
  g_clear_object (&self->item);
  g_clear_object (&self->session);
  g_free (self);
}

static char *
dup_arguments (Dialog *self, GError **error)
{
  g_autoptr (JsonNode) value = NULL;

  if (self->form == NULL)
    return g_strdup ("{}");

  value = twin_schema_form_get_value (TWIN_SCHEMA_FORM (self->form), error);
  return value != NULL ? json_to_string (value, FALSE) : NULL;
}

static void
on_finished (TwinLiveRequest *request, gpointer data)
{
  Dialog *self = g_object_get_data (data, "twin-state");

  gtk_widget_set_sensitive (self->hold, TRUE);
  /* It lost the keyboard when it was confirmed; unless that has gone on, it
   * comes back. */
  if (gtk_window_get_focus (GTK_WINDOW (self->window)) == NULL)
    gtk_widget_grab_focus (self->hold);
}

static void
on_confirmed (GtkWidget *hold, gpointer data)
{
  Dialog     *self = data;
  const char *id = twin_live_item_get_id (self->item);
  g_autoptr (GError) error = NULL;
  g_autofree char *arguments = dup_arguments (self, &error);
  g_autoptr (TwinLiveRequest) request = NULL;

  twin_dialog_error_set (self->error, error != NULL ? error->message : NULL);
  if (arguments == NULL)
    return;

  request = self->maintenance
                ? twin_live_session_schedule_maintenance (self->session, id,
                                                          arguments)
                : twin_live_session_command (self->session, id,
                                             self->content->name, arguments);
  gtk_widget_set_sensitive (self->hold, FALSE);
  g_signal_connect_object (request, "finished", G_CALLBACK (on_finished),
                           self->window, 0);
  twin_request_row_set_request (TWIN_REQUEST_ROW (self->row), request);
}

/* The chance that it fails before @date, as on the Life page; NaN without an
 * estimate. */
static double
chance_before (const TwinLifeUpdate *life, int64_t date_us)
{
  if (life == NULL)
    return NAN;

  return twin_words_failure_chance ((double[]){ life->p05_s, life->p25_s,
                                                life->p50_s, life->p75_s,
                                                life->p95_s },
                                    (double) (date_us - life->now_us) /
                                        TWIN_US_PER_S);
}

static void
show_consequence (Dialog *self, const char *date)
{
  const char      *name = twin_live_item_get_name (self->item);
  g_autofree char *text = NULL;

  if (self->maintenance)
    {
      g_autofree char *iso = g_strdup_printf ("%sT00:00:00Z", date);
      int64_t          date_us;
      double           chance = NAN;

      if (date != NULL && twin_clock_parse_utc (iso, &date_us))
        chance = chance_before (twin_live_item_get_life (self->item), date_us);
      text = isnan (chance)
                 ? g_strdup_printf (_ ("%s is planned to stop on %s. How long "
                                       "it lasts until "
                                       "then cannot be estimated yet."),
                                    name, date)
                 : g_strdup_printf (_ ("%s is planned to stop on %s. Chance of "
                                       "failure before "
                                       "then: %.0f %%."),
                                    name, date, 100 * chance);
    }
  else
    {
      text = g_strdup_printf (
          "%s%s%s",
          self->content->description != NULL ? self->content->description : "",
          self->content->description != NULL ? " " : "",
          _ ("It is signed with your key; the node checks your role and "
             "answers with a signed result."));
    }

  gtk_label_set_text (GTK_LABEL (self->consequence), text);
}

static void
on_date (TwinRiskCalendar *calendar, gpointer data)
{
  Dialog          *self = data;
  g_autofree char *date = twin_risk_calendar_dup_date (calendar);

  twin_schema_form_set_field (TWIN_SCHEMA_FORM (self->form), "date", date);
}

static void
on_form_changed (TwinSchemaForm *form, gpointer data)
{
  Dialog *self = data;
  g_autoptr (JsonNode) value = twin_schema_form_get_value (form, NULL);
  JsonObject *object;

  twin_dialog_error_set (self->error, NULL);
  if (!self->maintenance || value == NULL || !JSON_NODE_HOLDS_OBJECT (value))
    return;

  object = json_node_get_object (value);
  if (json_object_has_member (object, "date"))
    show_consequence (self, json_object_get_string_member (object, "date"));
}

/* The best date of the twin, tomorrow at the earliest; a week from now where
 * there is none. */
static char *
dup_suggested_date (TwinLiveItem *item)
{
  const TwinStateItem *state = twin_live_item_get_state_item (item);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);
  g_autoptr (GDateTime) then = NULL;

  if (state != NULL && state->suggested_us != TWIN_TIME_NONE)
    then =
        g_date_time_new_from_unix_local (state->suggested_us / TWIN_US_PER_S);
  else
    then = g_date_time_add_days (now, 7);

  return g_date_time_format (then != NULL &&
                                     g_date_time_compare (then, tomorrow) > 0
                                 ? then
                                 : tomorrow,
                             "%Y-%m-%d");
}

/* Why that date stands there. */
static char *
dup_suggestion (TwinLiveItem *item)
{
  const TwinStateItem *state = twin_live_item_get_state_item (item);
  const char          *why = state != NULL ? state->suggested_why : NULL;
  g_autofree char     *date = NULL;

  if (state != NULL)
    date = twin_words_dup_date (state->suggested_us, twin_clock_utc_us ());
  if (date != NULL)
    return g_strdup_printf (_ ("Suggested: %s. %s"), date,
                            why != NULL ? why : "");

  return g_strdup_printf (_ ("%s A week from now stands here until you "
                             "choose."),
                          why != NULL ? why : _ ("No date is suggested yet."));
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
build_side (Dialog *self, const char *date)
{
  GtkWidget           *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  const TwinStateItem *state = twin_live_item_get_state_item (self->item);
  GtkWidget           *calendar =
      twin_risk_calendar_new (state != NULL ? state->rul_p05_s : NAN,
                              state != NULL ? state->rul_p50_s : NAN,
                              state != NULL ? state->rul_p95_s : NAN);

  twin_risk_calendar_set_date (TWIN_RISK_CALENDAR (calendar), date);
  g_signal_connect (calendar, "changed", G_CALLBACK (on_date), self);
  gtk_box_append (GTK_BOX (side), calendar);
  gtk_widget_add_css_class (side, "twin-dialog-side");
  gtk_widget_set_size_request (side, 300, -1);
  return side;
}

static GtkWidget *
build_suggestion (Dialog *self)
{
  g_autofree char *text = dup_suggestion (self->item);
  GtkWidget       *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "twin-small");
  gtk_widget_set_visible (label, self->maintenance);
  return label;
}

static void
build_form (Dialog *self, GtkWidget *box, const char *date)
{
  const TwinField *request = self->content->request;
  GtkWidget       *card;

  if (request == NULL || request->schema == NULL)
    {
      GtkWidget *none = gtk_label_new (_ ("This command takes no argument."));

      gtk_widget_add_css_class (none, "dim-label");
      gtk_label_set_xalign (GTK_LABEL (none), 0);
      gtk_box_append (GTK_BOX (box), none);
      return;
    }

  card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (card, "twin-card");
  self->form = twin_schema_form_new (request->schema, NULL);
  if (self->maintenance)
    twin_schema_form_set_field (TWIN_SCHEMA_FORM (self->form), "date", date);
  g_signal_connect (self->form, "changed", G_CALLBACK (on_form_changed), self);
  gtk_box_append (GTK_BOX (card), self->form);
  gtk_box_append (GTK_BOX (box), card);
}

static GtkWidget *
build_confirm (Dialog *self)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget       *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget       *title = gtk_label_new (_ ("Hold to confirm"));
  g_autofree char *who =
      g_strdup_printf (_ ("Space or pointer, 1.2 s · recorded as %s"),
                       twin_live_session_get_operator (self->session));
  GtkWidget *note = gtk_label_new (who);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_xalign (GTK_LABEL (note), 0);
  gtk_widget_add_css_class (note, "dim-label");
  gtk_widget_add_css_class (note, "twin-small");
  gtk_box_append (GTK_BOX (texts), title);
  gtk_box_append (GTK_BOX (texts), note);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), texts);

  self->hold = twin_hold_button_new (self->maintenance ? _ ("Hold to schedule")
                                                       : _ ("Hold to send"));
  gtk_widget_set_size_request (self->hold, 216, 42);
  g_signal_connect (self->hold, "confirmed", G_CALLBACK (on_confirmed), self);
  gtk_box_append (GTK_BOX (box), self->hold);
  return box;
}

static GtkWidget *
build_main (Dialog *self, const char *date)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  build_form (self, inner, date);
  gtk_box_append (GTK_BOX (inner), build_suggestion (self));
  self->consequence = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->consequence), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->consequence), 0);
  gtk_widget_add_css_class (self->consequence, "twin-consequence");
  gtk_box_append (GTK_BOX (inner), self->consequence);
  self->error = twin_dialog_error_new ();
  gtk_box_append (GTK_BOX (inner), self->error);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), inner);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (
                                                        scroller),
                                                    TRUE);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), build_confirm (self));
  g_object_set (box, "margin-top", 18, "margin-bottom", 18, "margin-start", 18,
                "margin-end", 18, "hexpand", TRUE, NULL);
  return box;
}

static void
present (Dialog *self, GtkWindow *parent)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget       *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char *date = dup_suggested_date (self->item);
  g_autofree char *subtitle =
      g_strdup_printf (_ ("%s · command %s"),
                       twin_live_item_get_name (self->item),
                       self->content->name);

  self->window =
      twin_dialog_new (parent, twin_content_get_label (self->content), subtitle,
                       self->maintenance ? 888 : 600, 556, box, self,
                       dialog_free);

  gtk_box_append (GTK_BOX (columns), build_main (self, date));
  if (self->maintenance)
    gtk_box_append (GTK_BOX (columns), build_side (self, date));
  gtk_widget_set_vexpand (columns, TRUE);
  gtk_box_append (GTK_BOX (box), columns);

  self->row = twin_request_row_new ();
  gtk_widget_add_css_class (self->row, "twin-result");
  gtk_box_append (GTK_BOX (box), self->row);
  show_consequence (self, date);
  gtk_window_present (GTK_WINDOW (self->window));
}

/* The command is the twin's own, or that of the machine it belongs to. */
static const TwinContent *
find_command (TwinModelSet *models, TwinLiveItem **item, const char *command)
{
  for (TwinLiveItem *at = *item; at != NULL;
       at = twin_live_item_get_parent (at))
    {
      const TwinInterface *interface =
          twin_model_set_lookup (models,
                                 twin_live_item_get_plant_item (at)->model);
      const TwinContent *content =
          interface != NULL
              ? twin_interface_find_kind (interface, TWIN_CONTENT_COMMAND,
                                          command)
              : NULL;

      if (content != NULL)
        {
          *item = at;
          return content;
        }
    }

  return NULL;
}

void
twin_command_dialog_present (GtkWindow       *parent,
                             TwinLiveSession *session,
                             const char      *twin,
                             const char      *command)
{
  TwinLiveItem *item =
      twin_live_plant_find (twin_live_session_get_plant (session), twin);
  g_autoptr (TwinModelSet) models = twin_live_session_ref_models (session);
  const TwinContent *content =
      item != NULL ? find_command (models, &item, command) : NULL;
  Dialog *self;

  if (content == NULL)
    {
      g_autofree char *text =
          g_strdup_printf (_ ("The model of %s has no command “%s”."),
                           item != NULL ? twin_live_item_get_name (item) : twin,
                           command);

      gtk_widget_activate_action (GTK_WIDGET (parent), "win.toast", "s", text);
      return;
    }

  self = g_new0 (Dialog, 1);
  self->session = g_object_ref (session);
  self->models = g_steal_pointer (&models);
  self->content = content;
  self->item = g_object_ref (item);
  self->maintenance = strcmp (command, MAINTENANCE) == 0;
  present (self, parent);
}

void
twin_schedule_dialog_present (GtkWindow       *parent,
                              TwinLiveSession *session,
                              const char      *machine)
{
  twin_command_dialog_present (parent, session, machine, MAINTENANCE);
}
