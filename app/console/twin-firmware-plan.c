/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-firmware-plan.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-firmware-package.h"
#include "twin-firmware-table.h"
#include "twin-hold-button.h"
#include "twin-live-firmware.h"
#include "twin-live-graph.h"
#include "twin-query-entry.h"

enum
{
  SETTLE_MS = 250, /* after the last change of a limit */
};

/* The limits, by their names in the plan. */
typedef enum
{
  LIMIT_CANARIES,
  LIMIT_SOAK,
  LIMIT_GROUPS,
  LIMIT_PARALLEL,
  LIMIT_GO_ON,
  LIMIT_STOP,
  LIMIT_CONFIRM,
  N_LIMITS,
} Limit;

static const struct
{
  const char *name, *title, *note;
  double      min, max, usual;
  double      scale; /* of the plan's number to what is shown */
} limits[N_LIMITS] = {
  [LIMIT_CANARIES] = { "canaries", N_ ("Canaries"), N_ ("nodes tried first"), 0,
                       1000, 1, 1 },
  [LIMIT_SOAK] = { "soakS", N_ ("Canaries run"),
                   N_ ("minutes before group 1 begins"), 0, 43200, 0, 60 },
  [LIMIT_GROUPS] = { "groups", N_ ("Groups"), N_ ("after the canaries"), 1, 100,
                     1, 1 },
  [LIMIT_PARALLEL] = { "parallel", N_ ("At once"), N_ ("nodes at most"), 1,
                       1000, 8, 1 },
  [LIMIT_GO_ON] = { "goOn", N_ ("Go on when at least"),
                    N_ ("% of a group succeeded"), 0, 100, 95, 0.01 },
  [LIMIT_STOP] = { "stop", N_ ("Stop when more than"),
                   N_ ("% of a group failed"), 0, 100, 5, 0.01 },
  [LIMIT_CONFIRM] = { "confirmS", N_ ("Confirms within"),
                      N_ ("minutes, or the node counts as failed"), 1, 1440, 10,
                      60 },
};

struct _TwinFirmwarePlan
{
  GtkWidget        parent_instance;
  TwinLiveSession *session;
  GCancellable    *cancellable; /* of the question under way */
  GtkWidget       *box;
  GtkWidget       *package;
  GtkWidget       *spins[N_LIMITS];
  GtkWidget       *query, *answer; /* what the question found */
  GtkWidget       *table;
  GtkWidget       *lock, *hash_label, *hint, *error;
  GtkWidget       *save, *hold;
  GStrv            ids;  /* chosen twins, NULL: not known */
  char            *hash; /* of what is shown; NULL: nothing to start */
  gint64           canaries, n_in;
  TwinLiveRequest *request; /* the newest preview */
  guint            settle;
  gboolean         starting; /* the plan under way is to be started */
  gboolean         live;     /* the broker is there */
};

G_DEFINE_FINAL_TYPE (TwinFirmwarePlan, twin_firmware_plan, GTK_TYPE_WIDGET)

static guint planned_signal;

/* --- what is asked -------------------------------------------------------- */

static char *
dup_arguments (TwinFirmwarePlan *self)
{
  const TwinLivePackage *package =
      twin_firmware_package_get (TWIN_FIRMWARE_PACKAGE (self->package));
  g_autofree char *target =
      twin_query_entry_dup_text (TWIN_QUERY_ENTRY (self->query));
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "digest");
  json_builder_add_string_value (json, package->digest);
  json_builder_set_member_name (json, "target");
  json_builder_add_string_value (json, target);
  json_builder_set_member_name (json, "twins");
  json_builder_begin_array (json);
  for (char **id = self->ids; *id != NULL; id++)
    json_builder_add_string_value (json, *id);
  json_builder_end_array (json);
  json_builder_set_member_name (json, "limits");
  json_builder_begin_object (json);
  for (int i = 0; i < N_LIMITS; i++)
    {
      json_builder_set_member_name (json, limits[i].name);
      json_builder_add_double_value (json,
                                     limits[i].scale *
                                         gtk_spin_button_get_value (
                                             GTK_SPIN_BUTTON (self->spins[i])));
    }
  json_builder_end_object (json);
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

/* --- what is shown -------------------------------------------------------- */

static void
show_foot (TwinFirmwarePlan *self)
{
  const gboolean   ready = self->hash != NULL && self->n_in > 0;
  g_autofree char *frozen =
      self->hash != NULL
          ? g_strdup_printf (_ ("<b>Plan frozen</b> · <tt>%.4s %.4s %.4s</tt>"),
                             self->hash, self->hash + 4, self->hash + 8)
          : g_strdup (_ ("<b>No plan yet</b>"));
  g_autofree char *label =
      self->canaries > 0
          ? g_strdup_printf (ngettext ("Hold to start on %d canary",
                                       "Hold to start on %d canaries",
                                       (gulong) self->canaries),
                             (int) self->canaries)
          : g_strdup_printf (ngettext ("Hold to start on %d node",
                                       "Hold to start on %d nodes",
                                       (gulong) self->n_in),
                             (int) self->n_in);

  gtk_label_set_markup (GTK_LABEL (self->hash_label), frozen);
  gtk_label_set_text (
      GTK_LABEL (self->hint),
      !self->live ? _ ("The broker cannot be reached: a campaign would begin "
                       "when it is back.")
      : self->hash == NULL
          ? _ ("It needs a package that somebody trusted signed, and nodes.")
      : self->n_in == 0
          ? _ ("Nobody is in: there is nothing to start.")
          : _ ("Start sends exactly this list. A change of list, package or "
               "limits needs a new preview."));
  twin_hold_button_set_label (TWIN_HOLD_BUTTON (self->hold), label);
  gtk_widget_set_sensitive (self->hold, ready && !self->starting);
  gtk_widget_set_sensitive (self->save, ready && !self->starting);
}

static void
on_tick (TwinLivePlant *plant, gpointer data)
{
  TwinFirmwarePlan *self = data;
  const gboolean live = twin_live_plant_is_live (plant, twin_clock_utc_us ());

  if (live == self->live)
    return;
  self->live = live;
  show_foot (self);
}

static void
forget (TwinFirmwarePlan *self)
{
  g_clear_pointer (&self->hash, g_free);
  self->canaries = self->n_in = 0;
  show_foot (self);
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static char *
dup_turn (gint64 wave)
{
  if (wave < 0)
    return NULL;
  return wave == 0 ? g_strdup (_ ("canary"))
                   : g_strdup_printf (_ ("group %d"), (int) wave);
}

static void
add_target (TwinFirmwarePlan *self, JsonObject *target)
{
  const char       *verdict = get_text (target, "verdict");
  const gint64      wave = json_object_get_int_member (target, "wave");
  g_autofree char  *turn = dup_turn (wave);
  TwinFirmwareFacts facts = { .node = get_text (target, "node"),
                              .machine = get_text (target, "name"),
                              .has = get_text (target, "before"),
                              .turn = turn,
                              .why = get_text (target, "why"),
                              .share = -1 };

  if (g_strcmp0 (verdict, "in") == 0)
    {
      facts.kind = TWIN_FIRMWARE_IN;
      facts.state = _ ("✓ in");
      self->canaries += wave == 0;
    }
  else if (g_strcmp0 (verdict, "out") == 0)
    {
      facts.kind = TWIN_FIRMWARE_OUT;
      facts.state = _ ("out");
    }
  else
    {
      facts.kind = TWIN_FIRMWARE_INCOMPATIBLE;
      facts.state = _ ("incompatible");
    }
  twin_firmware_table_add (TWIN_FIRMWARE_TABLE (self->table), &facts);
}

static void
take_preview (TwinFirmwarePlan *self, JsonObject *detail)
{
  TwinFirmwareTable *table = TWIN_FIRMWARE_TABLE (self->table);
  JsonArray         *targets = json_object_get_array_member (detail, "targets");

  g_free (self->hash);
  self->hash = g_strdup (get_text (detail, "hash"));
  self->n_in = json_object_get_int_member (detail, "in");
  self->canaries = 0;
  twin_firmware_table_begin (table);
  for (guint i = 0; i < json_array_get_length (targets); i++)
    add_target (self, json_array_get_object_element (targets, i));
  twin_firmware_table_end (table);
  show_foot (self);
}

/* The object of an answer that went well; NULL after the error was shown. */
static JsonNode *
take_answer (TwinFirmwarePlan *self, TwinLiveRequest *request)
{
  const char *detail = twin_live_request_get_detail (request);
  g_autoptr (JsonNode) root = NULL;

  if (twin_live_request_get_stage (request) == TWIN_REQUEST_FAILED)
    {
      twin_dialog_error_set (self->error, twin_live_request_get_text (request));
      return NULL;
    }

  twin_dialog_error_set (self->error, NULL);
  root = detail != NULL ? json_from_string (detail, NULL) : NULL;
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? g_steal_pointer (&root)
                                                       : NULL;
}

/* --- previewing ----------------------------------------------------------- */

static void
on_preview (TwinLiveRequest *request, gpointer data)
{
  TwinFirmwarePlan *self = data;
  g_autoptr (JsonNode) root = NULL;

  if (request != self->request)
    return; /* a newer one is under way */

  root = take_answer (self, request);
  if (root != NULL)
    take_preview (self, json_node_get_object (root));
}

static void
preview (TwinFirmwarePlan *self)
{
  g_autofree char *arguments = NULL;

  forget (self);
  g_clear_object (&self->request);
  if (self->ids == NULL ||
      twin_firmware_package_get (TWIN_FIRMWARE_PACKAGE (self->package)) == NULL)
    return;

  arguments = dup_arguments (self);
  self->request =
      twin_live_session_firmware (self->session, "preview", 0, arguments);
  g_signal_connect_object (self->request, "finished", G_CALLBACK (on_preview),
                           self, 0);
}

static gboolean
on_settled (gpointer data)
{
  TwinFirmwarePlan *self = data;

  self->settle = 0;
  preview (self);
  return G_SOURCE_REMOVE;
}

static void
on_limit (GtkSpinButton *spin, gpointer data)
{
  TwinFirmwarePlan *self = data;

  forget (self);
  g_clear_handle_id (&self->settle, g_source_remove);
  self->settle = g_timeout_add (SETTLE_MS, on_settled, self);
}

static void
on_package (TwinFirmwarePackage *package, gpointer data)
{
  preview (data);
}

static void
on_chosen (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TwinFirmwarePlan) self = data;
  g_autoptr (GError) error = NULL;
  GStrv ids = twin_live_session_choose_finish (TWIN_LIVE_SESSION (source),
                                               result, &error);
  guint line = 0, column = 0;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  twin_query_entry_set_busy (TWIN_QUERY_ENTRY (self->query), FALSE);
  g_strfreev (self->ids);
  self->ids = ids;
  if (ids == NULL)
    {
      twin_live_query_place (error, &line, &column);
      twin_query_entry_set_error (TWIN_QUERY_ENTRY (self->query),
                                  error->message, line, column);
    }
  else
    text =
        g_strdup_printf (ngettext ("no errors · %d twin",
                                   "no errors · %d twins", g_strv_length (ids)),
                         (int) g_strv_length (ids));
  gtk_label_set_text (GTK_LABEL (self->answer), text != NULL ? text : "");
  preview (self);
}

static void
evaluate (TwinFirmwarePlan *self)
{
  g_autofree char *question =
      twin_query_entry_dup_text (TWIN_QUERY_ENTRY (self->query));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  twin_query_entry_set_busy (TWIN_QUERY_ENTRY (self->query), TRUE);
  twin_live_session_choose_async (self->session, question, self->cancellable,
                                  on_chosen, g_object_ref (self));
}

static void
on_run (TwinQueryEntry *entry, gpointer data)
{
  evaluate (data);
}

static void
on_cancel (TwinQueryEntry *entry, gpointer data)
{
  TwinFirmwarePlan *self = data;

  g_cancellable_cancel (self->cancellable);
  twin_query_entry_set_busy (entry, FALSE);
}

/* --- keeping and starting ------------------------------------------------- */

static void
on_started (TwinLiveRequest *request, gpointer data)
{
  TwinFirmwarePlan *self = data;
  const gint64      campaign =
      *(gint64 *) g_object_get_data (G_OBJECT (request), "twin-campaign");

  self->starting = FALSE;
  show_foot (self);
  if (twin_live_request_get_stage (request) == TWIN_REQUEST_FAILED)
    twin_dialog_error_set (self->error, twin_live_request_get_text (request));
  /* It is kept, started or not. */
  g_signal_emit (self, planned_signal, 0, campaign);
}

static void
start (TwinFirmwarePlan *self, gint64 campaign)
{
  g_autofree char *arguments =
      g_strdup_printf ("{\"hash\":\"%s\"}", self->hash);
  TwinLiveRequest *request =
      twin_live_session_firmware (self->session, "start", campaign, arguments);

  g_object_set_data_full (G_OBJECT (request), "twin-campaign",
                          g_memdup2 (&campaign, sizeof campaign), g_free);
  g_signal_connect_object (request, "finished", G_CALLBACK (on_started), self,
                           0);
  g_object_unref (request);
}

static void
on_planned (TwinLiveRequest *request, gpointer data)
{
  TwinFirmwarePlan *self = data;
  const gboolean    starting = self->starting;
  g_autoptr (JsonNode) root = take_answer (self, request);
  JsonObject *detail = root != NULL ? json_node_get_object (root) : NULL;
  gint64      campaign;

  self->starting = FALSE;
  if (detail == NULL)
    {
      show_foot (self);
      return;
    }

  campaign = json_object_get_int_member (detail, "campaign");
  if (g_strcmp0 (get_text (detail, "hash"), self->hash) != 0)
    {
      /* Something changed between looking and holding: look again. */
      take_preview (self, detail);
      twin_dialog_error_set (self->error,
                             _ ("Who is in changed meanwhile; look again "
                                "before you start."));
    }
  else if (starting)
    {
      self->starting = TRUE;
      start (self, campaign);
    }
  else
    g_signal_emit (self, planned_signal, 0, campaign);
  show_foot (self);
}

static void
plan (TwinFirmwarePlan *self, gboolean starting)
{
  g_autofree char *arguments = dup_arguments (self);
  g_autoptr (TwinLiveRequest) request =
      twin_live_session_firmware (self->session, "plan", 0, arguments);

  self->starting = starting;
  g_signal_connect_object (request, "finished", G_CALLBACK (on_planned), self,
                           0);
  show_foot (self);
}

static void
on_hold (TwinHoldButton *hold, gpointer data)
{
  plan (data, TRUE);
}

static void
on_save (GtkButton *button, gpointer data)
{
  plan (data, FALSE);
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
build_limits (TwinFirmwarePlan *self, GtkWidget *side)
{
  GtkWidget *card = twin_dialog_group (side, _ ("Roll-out"));

  for (int i = 0; i < N_LIMITS; i++)
    {
      GtkWidget *row;

      if (i == LIMIT_CONFIRM)
        card = twin_dialog_group (side, _ ("Health gate"));
      self->spins[i] =
          gtk_spin_button_new_with_range (limits[i].min, limits[i].max, 1);
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->spins[i]),
                                 limits[i].usual);
      gtk_editable_set_width_chars (GTK_EDITABLE (self->spins[i]), 4);
      g_signal_connect (self->spins[i], "value-changed", G_CALLBACK (on_limit),
                        self);
      row = twin_dialog_row (_ (limits[i].title), _ (limits[i].note),
                             self->spins[i]);
      gtk_widget_add_css_class (row, "twin-tight");
      gtk_box_append (GTK_BOX (card), row);
    }
  return card;
}

static GtkWidget *
build_side (TwinFirmwarePlan *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *side = twin_dialog_body_new ();
  GtkWidget *card;

  g_object_set (side, "margin-top", 15, "margin-start", 15, "margin-end", 15,
                NULL);
  gtk_box_append (GTK_BOX (side), self->package);
  card = build_limits (self, side);
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_note (_ (
                      "Before it confirms, a node checks for itself that it "
                      "reaches the broker, that its sensors are alive and "
                      "that they sample at their rate; else it goes back.")));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), side);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scroller, 354, -1);
  gtk_widget_set_hexpand (scroller, FALSE);
  gtk_widget_add_css_class (scroller, "twin-side");
  return scroller;
}

static GtkWidget *
build_target (TwinFirmwarePlan *self)
{
  static const char *const      names[] = { N_ ("In"), N_ ("Out"),
                                            N_ ("Incompatible"), NULL };
  static const TwinFirmwareKind kinds[] = { TWIN_FIRMWARE_IN, TWIN_FIRMWARE_OUT,
                                            TWIN_FIRMWARE_INCOMPATIBLE };
  GtkWidget                    *main = twin_dialog_body_new ();
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (_ ("Target"));

  g_object_set (main, "margin-top", 15, "margin-start", 15, "margin-end", 15,
                "margin-bottom", 12, NULL);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_set_hexpand (title, TRUE);
  self->answer = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->answer, "dim-label");
  gtk_widget_add_css_class (self->answer, "twin-small");
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), self->answer);
  gtk_box_append (GTK_BOX (main), head);
  gtk_box_append (GTK_BOX (main), self->query);
  self->error = twin_dialog_error_new ();
  gtk_box_append (GTK_BOX (main), self->error);
  self->table =
      twin_firmware_table_new (names, kinds, FALSE,
                               _ ("Choose a package and a target: here is who "
                                  "would get it, and why the "
                                  "others would not."));
  gtk_widget_set_vexpand (self->table, TRUE);
  gtk_box_append (GTK_BOX (main), self->table);
  gtk_widget_set_hexpand (main, TRUE);
  return main;
}

static GtkWidget *
build_foot (TwinFirmwarePlan *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->lock = gtk_image_new_from_icon_name ("channel-secure-symbolic");
  self->hash_label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->hash_label), 0);
  self->hint = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->hint), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->hint), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->hint, "dim-label");
  gtk_widget_add_css_class (self->hint, "twin-small");
  gtk_box_append (GTK_BOX (texts), self->hash_label);
  gtk_box_append (GTK_BOX (texts), self->hint);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  self->save = gtk_button_new_with_label (_ ("Save for later"));
  gtk_widget_set_valign (self->save, GTK_ALIGN_CENTER);
  g_signal_connect (self->save, "clicked", G_CALLBACK (on_save), self);
  self->hold = twin_hold_button_new ("");
  gtk_widget_set_size_request (self->hold, 210, 36);
  gtk_widget_set_valign (self->hold, GTK_ALIGN_CENTER);
  g_signal_connect (self->hold, "confirmed", G_CALLBACK (on_hold), self);
  gtk_box_append (GTK_BOX (box), self->lock);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), self->save);
  gtk_box_append (GTK_BOX (box), self->hold);
  gtk_widget_add_css_class (box, "twin-result");
  return box;
}

static void
twin_firmware_plan_dispose (GObject *object)
{
  TwinFirmwarePlan *self = TWIN_FIRMWARE_PLAN (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->settle, g_source_remove);
  g_clear_object (&self->request);
  g_clear_object (&self->session);
  g_clear_pointer (&self->ids, g_strfreev);
  g_clear_pointer (&self->hash, g_free);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_firmware_plan_parent_class)->dispose (object);
}

static void
twin_firmware_plan_class_init (TwinFirmwarePlanClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_firmware_plan_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  planned_signal =
      g_signal_new ("planned", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
twin_firmware_plan_init (TwinFirmwarePlan *self)
{
}

GtkWidget *
twin_firmware_plan_new (TwinLiveSession *session, const char *question)
{
  TwinFirmwarePlan *self = g_object_new (TWIN_TYPE_FIRMWARE_PLAN, NULL);
  GtkWidget        *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  TwinLivePlant    *plant = twin_live_session_get_plant (session);

  self->session = g_object_ref (session);
  self->package = twin_firmware_package_new (session);
  g_signal_connect (self->package, "changed", G_CALLBACK (on_package), self);
  self->query =
      twin_query_entry_new (_ ("Target query"),
                            _ ("SELECT T FROM DIGITALTWINS T WHERE …"));
  twin_query_entry_set_text (TWIN_QUERY_ENTRY (self->query),
                             question != NULL ? question
                                              : "SELECT T FROM DIGITALTWINS T\n"
                                                "WHERE IS_OF_MODEL(T, "
                                                "'dtmi:com:example:twin:"
                                                "Machine;1')");
  g_signal_connect (self->query, "run", G_CALLBACK (on_run), self);
  g_signal_connect (self->query, "cancel", G_CALLBACK (on_cancel), self);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (columns), build_side (self));
  gtk_box_append (GTK_BOX (columns),
                  gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_box_append (GTK_BOX (columns), build_target (self));
  gtk_widget_set_vexpand (columns, TRUE);
  gtk_box_append (GTK_BOX (self->box), columns);
  gtk_box_append (GTK_BOX (self->box), build_foot (self));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  show_foot (self);
  on_tick (plant, self);
  g_signal_connect_object (plant, "tick", G_CALLBACK (on_tick), self, 0);
  evaluate (self);
  return GTK_WIDGET (self);
}
