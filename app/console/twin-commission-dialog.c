/* SPDX-License-Identifier: Apache-2.0 */
/* Commissioning: a node that talks without a twin gets one, step by step on
 * one page, down to its first live spectrum. */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-sensor-list.h"
#include "twin-spectrum-chart.h"

typedef struct
{
  AdwWindow       *window;
  TwinLiveSession *session;
  TwinModelSet    *models;
  GCancellable    *cancellable; /* of the binding under way */
  GPtrArray       *nodes;       /* names (owned), as in the drop-down */
  GPtrArray       *twins;       /* ids; index 0: a new one */
  GPtrArray       *dtmis;       /* models offered for a new twin */
  GPtrArray       *parents;     /* ids of areas */
  GStrv            bearings;
  char            *created; /* id of the twin that was commissioned */
  gulong           on_block;
  GtkWidget       *node;
  GtkWidget       *node_note;
  GtkWidget       *twin;
  GtkWidget       *new_rows;
  GtkWidget       *name;
  GtkWidget       *model;
  GtkWidget       *parent;
  GtkWidget       *binding;
  GtkWidget       *bearing;
  GtkWidget       *token;
  GtkWidget       *error;
  GtkWidget       *progress;
  GtkWidget       *commission;
  GtkWidget       *chart;
  TwinLiveItem    *watched;
  TwinSensorList  *sensors; /* what the watched machine's node can give */
} Dialog;

/* The first waveform that the node's birth promises. */
static void
watch (Dialog *self, gboolean on)
{
  const char *sensor;
  char        axis;

  if (twin_sensor_list_get (self->sensors, &sensor, &axis))
    twin_live_session_watch (self->session,
                             twin_live_item_get_id (self->watched), sensor,
                             axis, on, on);
}

static void
stop_watching (Dialog *self)
{
  if (self->watched == NULL)
    return;

  g_clear_signal_handler (&self->on_block, self->watched);
  watch (self, FALSE);
  g_clear_object (&self->watched);
}

static void
dialog_free (void *data)
{
  Dialog *self = data;

  stop_watching (self);
  g_clear_object (&self->sensors);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->models, twin_model_set_unref);
  g_ptr_array_unref (self->nodes);
  g_ptr_array_unref (self->twins);
  g_ptr_array_unref (self->dtmis);
  g_ptr_array_unref (self->parents);
  g_strfreev (self->bearings);
  g_free (self->created);
  g_object_unref (self->session);
  g_free (self);
}

static const char *
chosen (GtkWidget *drop_down, GPtrArray *values)
{
  const guint i = gtk_drop_down_get_selected (GTK_DROP_DOWN (drop_down));

  return i < values->len ? values->pdata[i] : NULL;
}

static const char *
text_of (GtkWidget *entry)
{
  return gtk_editable_get_text (GTK_EDITABLE (entry));
}

/* --- the binding --------------------------------------------------------- */

static void
clear_box (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
}

static const char *
member_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static void
show_role (Dialog *self, JsonObject *role)
{
  g_autofree char *title =
      g_strdup_printf ("%s %s%s%s", member_text (role, "role"),
                       member_text (role, "position"),
                       *member_text (role, "axis") != '\0' ? " " : "",
                       member_text (role, "axis"));
  g_autofree char *path =
      g_strdup_printf ("%s%s%s", member_text (role, "twin"),
                       *member_text (role, "twin") != '\0' ? " · " : "",
                       member_text (role, "path"));
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *where = gtk_label_new (path);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_size_request (name, 150, -1);
  gtk_label_set_xalign (GTK_LABEL (where), 0);
  gtk_label_set_ellipsize (GTK_LABEL (where), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (where, "dim-label");
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), where);
  gtk_box_append (GTK_BOX (self->binding), row);
}

static void
show_binding (Dialog *self, const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  JsonObject *object;
  JsonArray  *roles;

  clear_box (self->binding);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;

  object = json_node_get_object (node);
  roles = json_object_has_member (object, "roles")
              ? json_object_get_array_member (object, "roles")
              : NULL;
  for (guint i = 0; roles != NULL && i < json_array_get_length (roles); i++)
    show_role (self, json_array_get_object_element (roles, i));

  if (json_object_has_member (object, "missing"))
    {
      JsonArray *missing = json_object_get_array_member (object, "missing");
      GString   *text = g_string_new (NULL);

      for (guint i = 0; i < json_array_get_length (missing); i++)
        g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                                json_array_get_string_element (missing, i));
      if (text->len > 0)
        {
          g_string_prepend (text, _ ("Not found, analysis goes on without: "));
          gtk_box_append (GTK_BOX (self->binding),
                          twin_dialog_note (text->str));
        }
      g_string_free (text, TRUE);
    }
}

static void
on_binding (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AdwWindow) window = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *json =
      twin_live_session_describe_binding_finish (TWIN_LIVE_SESSION (source),
                                                 result, &error);
  Dialog *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = g_object_get_data (G_OBJECT (window), "twin-state");
  if (json != NULL)
    {
      show_binding (self, json);
      return;
    }

  clear_box (self->binding);
  gtk_box_append (GTK_BOX (self->binding), twin_dialog_note (error->message));
}

static const char *
chosen_model (Dialog *self)
{
  const char   *id = chosen (self->twin, self->twins);
  TwinLiveItem *item;

  if (id == NULL || *id == '\0')
    return chosen (self->model, self->dtmis);

  item = twin_live_plant_find (twin_live_session_get_plant (self->session), id);
  return item != NULL ? twin_live_item_get_plant_item (item)->model : NULL;
}

static void
ask_binding (Dialog *self)
{
  const char *node = chosen (self->node, self->nodes);
  const char *model = chosen_model (self);

  if (node == NULL || model == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  twin_live_session_describe_binding_async (self->session, node, model,
                                            self->cancellable, on_binding,
                                            g_object_ref (self->window));
}

static void
on_choice (GObject *object, GParamSpec *pspec, gpointer data)
{
  Dialog     *self = data;
  const char *twin = chosen (self->twin, self->twins);

  gtk_widget_set_visible (self->new_rows, twin != NULL && *twin == '\0');
  ask_binding (self);
}

static void
select_in (GtkWidget *drop_down, GPtrArray *values, const char *wanted)
{
  for (guint i = 0; wanted != NULL && i < values->len; i++)
    if (strcmp (values->pdata[i], wanted) == 0)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), i);
}

/* Where machines of @model stand: most likely the new one does, too. */
static const char *
find_parent (TwinLivePlant *plant, const char *model)
{
  GListModel *machines = twin_live_plant_get_machines (plant);

  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr (TwinLiveItem) item = g_list_model_get_item (machines, i);
      const TwinStructureItem *place = twin_live_item_get_plant_item (item);

      if (g_strcmp0 (place->model, model) == 0)
        return place->parent;
    }

  return NULL;
}

/* "motor-9" becomes "Motor 9". */
static char *
dup_name_from_id (const char *id)
{
  char *name = g_strdelimit (g_strdup (id), "-_", ' ');

  name[0] = g_ascii_toupper (name[0]);
  return name;
}

/* What the node says of itself in its birth is a proposal, no more. */
static void
propose (Dialog *self, const TwinNodeItem *node)
{
  g_autoptr (JsonNode) birth =
      node->birth != NULL ? json_from_string (node->birth, NULL) : NULL;
  JsonObject *object = birth != NULL && JSON_NODE_HOLDS_OBJECT (birth)
                           ? json_node_get_object (birth)
                           : NULL;
  JsonArray  *serves =
      object != NULL && json_object_has_member (object, "serves")
           ? json_object_get_array_member (object, "serves")
           : NULL;

  for (guint i = 0; serves != NULL && i < json_array_get_length (serves); i++)
    {
      JsonObject      *one = json_array_get_object_element (serves, i);
      const char      *model = member_text (one, "model");
      g_autofree char *name = dup_name_from_id (member_text (one, "twin"));

      if (*member_text (one, "prefix") != '\0')
        continue;
      select_in (self->model, self->dtmis, model);
      select_in (self->parent, self->parents,
                 find_parent (twin_live_session_get_plant (self->session),
                              model));
      gtk_editable_set_text (GTK_EDITABLE (self->name), name);
    }
}

static void
on_node (GObject *object, GParamSpec *pspec, gpointer data)
{
  Dialog       *self = data;
  const char   *name = chosen (self->node, self->nodes);
  TwinLiveNode *node =
      twin_live_plant_find_node (twin_live_session_get_plant (self->session),
                                 name);
  g_autofree char *text = NULL;

  if (node != NULL)
    {
      const TwinNodeItem *item = twin_live_node_get_item (node);
      g_autofree char    *signals = item->signals != NULL
                                        ? g_strjoinv (", ", item->signals)
                                        : g_strdup (_ ("nothing yet"));

      text = g_strdup_printf (_ ("Serial %s · firmware %s · sends %s"),
                              item->serial, item->firmware, signals);
      propose (self, item);
      select_in (self->twin, self->twins, item->twin);
    }
  gtk_label_set_text (GTK_LABEL (self->node_note), text != NULL ? text : "");
  ask_binding (self);
}

/* --- doing it ----------------------------------------------------------------
 */

static char *
dup_id_from_name (const char *name)
{
  GString *id = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (id, g_ascii_tolower (*p));
    else if (id->len > 0 && id->str[id->len - 1] != '-')
      g_string_append_c (id, '-');
  while (id->len > 0 && id->str[id->len - 1] == '-')
    g_string_truncate (id, id->len - 1);

  return g_string_free (id, FALSE);
}

static void
on_block (TwinLiveItem *item, TwinBlockUpdate *block, gpointer data)
{
  Dialog *self = data;

  gtk_widget_set_visible (self->chart, TRUE);
  twin_spectrum_chart_set_lines (TWIN_SPECTRUM_CHART (self->chart),
                                 block->spectrum, block->n_lines, block->df_hz,
                                 "g");
  gtk_label_set_text (GTK_LABEL (self->progress),
                      _ ("First live spectrum received. The node is in "
                         "service."));
}

static void
watch_created (Dialog *self)
{
  TwinLiveNode *node;
  TwinLiveItem *item =
      twin_live_plant_find (twin_live_session_get_plant (self->session),
                            self->created);

  if (item == NULL || self->watched != NULL)
    return;

  self->watched = g_object_ref (item);
  self->on_block =
      g_signal_connect (item, "block", G_CALLBACK (on_block), self);
  node = twin_live_plant_find_node (twin_live_session_get_plant (self->session),
                                    chosen (self->node, self->nodes));
  if (node != NULL)
    twin_sensor_list_set_node (self->sensors, item,
                               twin_live_node_get_item (node));
  watch (self, TRUE);
}

static void
on_structure (TwinLivePlant *plant, gpointer window)
{
  Dialog *self = g_object_get_data (window, "twin-state");

  if (self->created != NULL)
    watch_created (self);
}

static void
on_finished (TwinLiveRequest *request, gpointer data)
{
  Dialog     *self = g_object_get_data (data, "twin-state");
  const char *text = twin_live_request_get_text (request);

  gtk_widget_set_sensitive (self->commission, TRUE);
  if (twin_live_request_get_stage (request) == TWIN_REQUEST_FAILED)
    {
      twin_dialog_error_set (self->error, text);
      gtk_label_set_text (GTK_LABEL (self->progress), "");
      g_clear_pointer (&self->created, g_free);
      return;
    }

  gtk_label_set_text (GTK_LABEL (self->progress),
                      _ ("Commissioned. Waiting for the first live "
                         "spectrum…"));
  watch_created (self);
}

static void
on_commission (GtkButton *button, gpointer data)
{
  Dialog          *self = data;
  const char      *twin = chosen (self->twin, self->twins);
  const gboolean   new_twin = twin != NULL && *twin == '\0';
  g_autofree char *id =
      new_twin ? dup_id_from_name (text_of (self->name)) : g_strdup (twin);
  const guint bearing =
      gtk_drop_down_get_selected (GTK_DROP_DOWN (self->bearing));
  const TwinLiveCommission what = {
    .node = chosen (self->node, self->nodes),
    .twin = id,
    .display_name = new_twin ? text_of (self->name) : NULL,
    .model = new_twin ? chosen (self->model, self->dtmis) : NULL,
    .parent = new_twin ? chosen (self->parent, self->parents) : NULL,
    .bearing = bearing > 0 ? self->bearings[bearing - 1] : NULL,
    .token = *text_of (self->token) != '\0' ? text_of (self->token) : NULL,
  };
  g_autoptr (TwinLiveRequest) request = NULL;

  twin_dialog_error_set (self->error, NULL);
  if (what.node == NULL)
    twin_dialog_error_set (self->error, _ ("No node waits for a twin."));
  else if (id == NULL || *id == '\0')
    twin_dialog_error_set (self->error, _ ("Give the new machine a name."));
  else if (what.token == NULL)
    twin_dialog_error_set (self->error,
                           _ ("Type the one-time token from the node's "
                              "label: 32 hexadecimal digits."));
  else
    {
      g_free (self->created);
      self->created = g_strdup (id);
      gtk_widget_set_sensitive (self->commission, FALSE);
      gtk_label_set_text (GTK_LABEL (self->progress),
                          _ ("Asking the node to prove that it knows the "
                             "token…"));
      request = twin_live_session_commission (self->session, &what);
      g_signal_connect_object (request, "finished", G_CALLBACK (on_finished),
                               self->window, 0);
    }
}

/* --- building ----------------------------------------------------------------
 */

static GtkWidget *
drop_down (GtkStringList *names)
{
  GtkWidget *widget = gtk_drop_down_new (G_LIST_MODEL (names), NULL);

  gtk_widget_set_size_request (widget, 240, -1);
  return widget;
}

static void
build_node (Dialog *self, GtkWidget *body, const char *wanted)
{
  TwinLivePlant *plant = twin_live_session_get_plant (self->session);
  GListModel    *nodes = twin_live_plant_get_nodes (plant);
  GtkStringList *names = gtk_string_list_new (NULL);
  GtkWidget     *card = twin_dialog_group (body, _ ("1  Node"));
  guint          selected = 0;

  for (guint i = 0; i < g_list_model_get_n_items (nodes); i++)
    {
      g_autoptr (TwinLiveNode) node = g_list_model_get_item (nodes, i);
      const TwinNodeItem *item = twin_live_node_get_item (node);

      if (item->twin != NULL && item->enrolled)
        continue;
      if (g_strcmp0 (item->name, wanted) == 0)
        selected = self->nodes->len;
      g_ptr_array_add (self->nodes, g_strdup (item->name));
      gtk_string_list_append (names, item->name);
    }

  self->node = drop_down (names);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->node), selected);
  self->node_note = twin_dialog_note (
      self->nodes->len > 0 ? "" : _ ("Every node has its twin."));
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Node"), NULL, self->node));
  gtk_box_append (GTK_BOX (card), self->node_note);
  g_signal_connect (self->node, "notify::selected", G_CALLBACK (on_node), self);
}

static void
add_areas (Dialog *self, TwinLiveItem *item, GtkStringList *names)
{
  GListModel *children = twin_live_item_get_children (item);

  if (twin_live_item_get_kind (item) == TWIN_KIND_AREA)
    {
      g_ptr_array_add (self->parents, g_strdup (twin_live_item_get_id (item)));
      gtk_string_list_append (names, twin_live_item_get_name (item));
    }
  for (guint i = 0; i < g_list_model_get_n_items (children); i++)
    {
      g_autoptr (TwinLiveItem) child = g_list_model_get_item (children, i);

      add_areas (self, child, names);
    }
}

/* Models that machines of this plant have: what a new one most likely is. */
static void
add_models (Dialog *self, GtkStringList *names)
{
  GListModel *machines = twin_live_plant_get_machines (
      twin_live_session_get_plant (self->session));

  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr (TwinLiveItem) item = g_list_model_get_item (machines, i);
      const char          *dtmi = twin_live_item_get_plant_item (item)->model;
      const TwinInterface *interface =
          twin_model_set_lookup (self->models, dtmi);
      gboolean known = interface == NULL;

      for (guint k = 0; k < self->dtmis->len; k++)
        known = known || strcmp (self->dtmis->pdata[k], dtmi) == 0;
      if (known)
        continue;
      g_ptr_array_add (self->dtmis, g_strdup (dtmi));
      gtk_string_list_append (names, twin_interface_get_label (interface));
    }
}

static void
build_twin (Dialog *self, GtkWidget *body)
{
  TwinLivePlant *plant = twin_live_session_get_plant (self->session);
  GListModel    *machines = twin_live_plant_get_machines (plant);
  GListModel    *roots = twin_live_plant_get_roots (plant);
  GtkStringList *twins = gtk_string_list_new (NULL);
  GtkStringList *models = gtk_string_list_new (NULL);
  GtkStringList *parents = gtk_string_list_new (NULL);
  GtkWidget     *card = twin_dialog_group (body, _ ("2  Twin"));

  gtk_string_list_append (twins, _ ("A new machine"));
  g_ptr_array_add (self->twins, g_strdup (""));
  for (guint i = 0; i < g_list_model_get_n_items (machines); i++)
    {
      g_autoptr (TwinLiveItem) item = g_list_model_get_item (machines, i);

      g_ptr_array_add (self->twins, g_strdup (twin_live_item_get_id (item)));
      gtk_string_list_append (twins, twin_live_item_get_name (item));
    }
  for (guint i = 0; i < g_list_model_get_n_items (roots); i++)
    {
      g_autoptr (TwinLiveItem) item = g_list_model_get_item (roots, i);

      add_areas (self, item, parents);
    }
  add_models (self, models);

  self->twin = drop_down (twins);
  self->new_rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->name = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->name), _ ("Motor 9"));
  gtk_widget_set_size_request (self->name, 240, -1);
  self->model = drop_down (models);
  self->parent = drop_down (parents);
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Machine"), NULL, self->twin));
  gtk_box_append (GTK_BOX (self->new_rows),
                  twin_dialog_row (_ ("Name"), NULL, self->name));
  gtk_box_append (GTK_BOX (self->new_rows),
                  twin_dialog_row (_ ("Model"), NULL, self->model));
  gtk_box_append (GTK_BOX (self->new_rows),
                  twin_dialog_row (_ ("Stands in"), NULL, self->parent));
  gtk_box_append (GTK_BOX (card), self->new_rows);
  g_signal_connect (self->twin, "notify::selected", G_CALLBACK (on_choice),
                    self);
  g_signal_connect (self->model, "notify::selected", G_CALLBACK (on_choice),
                    self);
}

static void
build_rest (Dialog *self, GtkWidget *body)
{
  GtkWidget     *card = twin_dialog_group (body, _ ("3  Roles found"));
  GtkStringList *bearings = gtk_string_list_new (NULL);
  g_autoptr (GError) error = NULL;

  self->binding = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append (GTK_BOX (card), self->binding);

  card = twin_dialog_group (body, _ ("4  Bearing and token"));
  self->bearings = twin_live_session_list_bearings (self->session, &error);
  gtk_string_list_append (bearings, _ ("As the model says"));
  for (guint i = 0; self->bearings != NULL && self->bearings[i] != NULL; i++)
    gtk_string_list_append (bearings, self->bearings[i]);
  self->bearing = drop_down (bearings);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (self->bearing), TRUE);
  self->token = gtk_entry_new ();
  gtk_widget_set_size_request (self->token, 300, -1);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->token),
                                  _ ("32 hexadecimal digits"));
  gtk_entry_set_max_length (GTK_ENTRY (self->token), 40);
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Drive-end bearing"),
                                   error != NULL ? error->message : NULL,
                                   self->bearing));
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("One-time token"),
                                   _ ("From the node's label; worth nothing "
                                      "after use."),
                                   self->token));

  self->error = twin_dialog_error_new ();
  gtk_box_append (GTK_BOX (body), self->error);
  self->progress = twin_dialog_note ("");
  gtk_box_append (GTK_BOX (body), self->progress);
  self->chart = twin_spectrum_chart_new ();
  gtk_widget_set_size_request (self->chart, -1, 220);
  gtk_widget_set_visible (self->chart, FALSE);
  gtk_box_append (GTK_BOX (body), self->chart);
}

void
twin_commission_dialog_present (GtkWindow       *parent,
                                TwinLiveSession *session,
                                const char      *node)
{
  Dialog    *self = g_new0 (Dialog, 1);
  GtkWidget *body = twin_dialog_body_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->session = g_object_ref (session);
  self->models = twin_live_session_ref_models (session);
  self->sensors = twin_sensor_list_new ();
  self->nodes = g_ptr_array_new_with_free_func (g_free);
  self->twins = g_ptr_array_new_with_free_func (g_free);
  self->dtmis = g_ptr_array_new_with_free_func (g_free);
  self->parents = g_ptr_array_new_with_free_func (g_free);

  build_node (self, body, node);
  build_twin (self, body);
  build_rest (self, body);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), body);
  self->window = twin_dialog_new (parent, _ ("Commission a node"), NULL, 640,
                                  720, scroller, self, dialog_free);
  self->commission = gtk_button_new_with_label (_ ("Commission"));
  gtk_widget_add_css_class (self->commission, "suggested-action");
  gtk_widget_set_sensitive (self->commission, self->nodes->len > 0);
  g_signal_connect (self->commission, "clicked", G_CALLBACK (on_commission),
                    self);
  twin_dialog_pack_end (self->window, self->commission);
  g_signal_connect_object (twin_live_session_get_plant (session), "structure",
                           G_CALLBACK (on_structure), self->window, 0);
  gtk_window_present (GTK_WINDOW (self->window));
  on_node (NULL, NULL, self);
}
