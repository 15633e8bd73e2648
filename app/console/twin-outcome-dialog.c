/* SPDX-License-Identifier: Apache-2.0 */
/* Closing a maintenance order, and the one question that makes later diagnoses
 * honest: was this one right? */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-json-words.h"
#include "twin-request-row.h"

typedef struct
{
  const char *word, *text;
} Choice;

typedef struct
{
  AdwWindow       *window;
  TwinLiveSession *session;
  char            *machine, *order;
  const Choice    *element; /* diagnosed; NULL: it is to be said */
  gboolean         closing;
  GtkWidget       *answer, *part, *found, *note; /* @part NULL: known */
  GtkWidget       *error, *apply, *row;
} Dialog;

/* The first is what a dialog begins with: nobody is led to an answer. */
static const Choice answers[] = {
  { NULL, N_ ("Not answered") },
  { "confirmed", N_ ("Yes, it was that") },
  { "false", N_ ("No, it was not") },
  { "unknown", N_ ("Not known") },
};

static const Choice parts[] = {
  { NULL, N_ ("None") },
  { "outer", N_ ("Outer race") },
  { "inner", N_ ("Inner race") },
  { "ball", N_ ("Rolling element") },
  { "cage", N_ ("Cage") },
  { "unbalance", N_ ("Unbalance") },
  { "misalignment", N_ ("Misalignment") },
  { "bent shaft", N_ ("Bent shaft") },
  { "looseness", N_ ("Looseness") },
  { "resonance", N_ ("Resonance") },
  { "belt", N_ ("Belt") },
  { "blade pass", N_ ("Blade pass") },
  { "gear mesh", N_ ("Gear mesh") },
  { "electrical", N_ ("Electrical") },
  { "cavitation", N_ ("Cavitation") },
};

static const Choice findings[] = {
  { NULL, N_ ("Not said") },
  { "outer race", N_ ("Outer race") },
  { "inner race", N_ ("Inner race") },
  { "rolling element", N_ ("Rolling element") },
  { "cage", N_ ("Cage") },
  { "lubrication", N_ ("Lubrication") },
  { "something else", N_ ("Something else") },
  { "nothing", N_ ("Nothing") },
};

static void
dialog_free (void *data)
{
  Dialog *self = data;

  g_object_unref (self->session);
  g_free (self->machine);
  g_free (self->order);
  g_free (self);
}

/* --- what is asked ----------------------------------------------------------
 */

static const char *
chosen (GtkWidget *widget, const Choice *choices)
{
  return choices[gtk_drop_down_get_selected (GTK_DROP_DOWN (widget))].word;
}

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL && text[0] != '\0')
    json_object_set_string_member (object, name, text);
}

static char *
dup_arguments (Dialog *self)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  const char *answer = chosen (self->answer, answers);

  json_node_take_object (root, object);
  add_text (object, "order", self->order);
  add_text (object, "verdict", answer);
  add_text (object, "note", gtk_editable_get_text (GTK_EDITABLE (self->note)));
  if (answer != NULL)
    {
      add_text (object, "found", chosen (self->found, findings));
      add_text (object, "element",
                self->part != NULL ? chosen (self->part, parts)
                                   : self->element->word);
    }

  return json_to_string (root, FALSE);
}

static void
on_finished (TwinLiveRequest *request, gpointer window)
{
  Dialog *self = g_object_get_data (window, "twin-state");

  /* What went well is asked no second time. */
  if (twin_live_request_get_stage (request) == TWIN_REQUEST_FAILED)
    gtk_widget_set_sensitive (self->apply, TRUE);
}

static void
on_apply (GtkButton *button, gpointer data)
{
  Dialog          *self = data;
  g_autofree char *arguments = dup_arguments (self);
  g_autoptr (TwinLiveRequest) request = NULL;

  if (!self->closing && chosen (self->answer, answers) == NULL)
    {
      twin_dialog_error_set (self->error,
                             _ ("Choose an answer; “Not known” is one."));
      return;
    }

  twin_dialog_error_set (self->error, NULL);
  request =
      twin_live_session_outcome (self->session, self->closing ? "close" : "add",
                                 self->machine, arguments);
  gtk_widget_set_sensitive (self->apply, FALSE);
  g_signal_connect_object (request, "finished", G_CALLBACK (on_finished),
                           self->window, 0);
  twin_request_row_set_request (TWIN_REQUEST_ROW (self->row), request);
}

/* --- building ---------------------------------------------------------------
 */

static GtkWidget *
drop_down_new (const Choice *choices, size_t n)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (size_t i = 0; i < n; i++)
    gtk_string_list_append (list, _ (choices[i].text));
  return gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&list)), NULL);
}

static void
show_answer (GtkDropDown *drop_down, GParamSpec *pspec, gpointer data)
{
  Dialog *self = data;
  /* Where nothing was diagnosed there is nothing to answer. */
  gboolean known = self->part == NULL || chosen (self->part, parts) != NULL;

  if (!known)
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->answer), 0);
  gtk_widget_set_sensitive (self->answer, known);
  gtk_widget_set_sensitive (self->found,
                            known && chosen (self->answer, answers) != NULL);
  twin_dialog_error_set (self->error, NULL);
}

static void
build_question (Dialog *self, GtkWidget *body)
{
  GtkWidget *card = twin_dialog_group (body, _ ("Was the diagnosis right?"));
  g_autofree char *who =
      g_strdup_printf (_ ("Your answer changes how reliable later diagnoses of "
                          "this kind are said to be on such machines. It is "
                          "recorded as %s and can be taken back in the log."),
                       twin_live_session_get_operator (self->session));

  self->answer = drop_down_new (answers, G_N_ELEMENTS (answers));
  self->found = drop_down_new (findings, G_N_ELEMENTS (findings));
  self->note = gtk_entry_new ();
  gtk_entry_set_max_length (GTK_ENTRY (self->note), 200);
  gtk_widget_set_size_request (self->note, 240, -1);
  if (self->element == NULL)
    {
      self->part = drop_down_new (parts, G_N_ELEMENTS (parts));
      gtk_box_append (GTK_BOX (card), twin_dialog_row (_ ("What was diagnosed"),
                                                       NULL, self->part));
      g_signal_connect (self->part, "notify::selected",
                        G_CALLBACK (show_answer), self);
    }
  gtk_box_append (GTK_BOX (card), twin_dialog_row (self->element != NULL
                                                       ? _ (self->element->text)
                                                       : _ ("Was it that?"),
                                                   NULL, self->answer));
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("What was found"), NULL, self->found));
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Note"), NULL, self->note));
  gtk_box_append (GTK_BOX (body), twin_dialog_note (who));
  self->error = twin_dialog_error_new ();
  gtk_box_append (GTK_BOX (body), self->error);
  g_signal_connect (self->answer, "notify::selected", G_CALLBACK (show_answer),
                    self);
  show_answer (NULL, NULL, self);
}

static void
present (Dialog *self, GtkWindow *parent, const TwinOrderItem *order)
{
  GtkWidget    *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget    *body = twin_dialog_body_new ();
  TwinLiveItem *item =
      twin_live_plant_find (twin_live_session_get_plant (self->session),
                            self->machine);
  g_autofree char *work = twin_json_dup_label (order->work);
  g_autofree char *subtitle =
      g_strdup_printf ("%s · %s",
                       item != NULL ? twin_live_item_get_name (item)
                                    : self->machine,
                       work);

  self->window = twin_dialog_new (parent,
                                  self->closing ? _ ("Close maintenance")
                                                : _ ("Outcome of a diagnosis"),
                                  subtitle, 560, -1, box, self, dialog_free);
  build_question (self, body);
  self->apply = gtk_button_new_with_label (self->closing ? _ ("Close the order")
                                                         : _ ("Record"));
  gtk_widget_add_css_class (self->apply, "suggested-action");
  gtk_widget_set_halign (self->apply, GTK_ALIGN_END);
  g_signal_connect (self->apply, "clicked", G_CALLBACK (on_apply), self);
  gtk_box_append (GTK_BOX (body), self->apply);
  gtk_box_append (GTK_BOX (box), body);
  self->row = twin_request_row_new ();
  gtk_widget_add_css_class (self->row, "twin-result");
  gtk_box_append (GTK_BOX (box), self->row);
  gtk_window_present (GTK_WINDOW (self->window));
}

static const TwinOrderItem *
find_order (TwinLiveSession *session, const char *machine, const char *id)
{
  const GPtrArray *orders =
      twin_live_plant_list_orders (twin_live_session_get_plant (session),
                                   machine);

  for (guint i = 0; orders != NULL && i < orders->len; i++)
    {
      const TwinOrderItem *order = g_ptr_array_index (orders, i);

      if (g_strcmp0 (order->id, id) == 0)
        return order;
    }

  return NULL;
}

static const Choice *
find_part (const char *element)
{
  for (size_t i = 1; i < G_N_ELEMENTS (parts); i++)
    {
      if (g_strcmp0 (element, parts[i].word) == 0)
        return &parts[i];
    }

  return NULL;
}

void
twin_outcome_dialog_present (GtkWindow       *parent,
                             TwinLiveSession *session,
                             const char      *machine,
                             const char      *order)
{
  const TwinOrderItem *item = find_order (session, machine, order);
  Dialog              *self;

  if (item == NULL)
    return;

  self = g_new0 (Dialog, 1);
  self->session = g_object_ref (session);
  self->machine = g_strdup (machine);
  self->order = g_strdup (order);
  self->closing = g_strcmp0 (item->state, "done") != 0;
  self->element = find_part (item->element);
  present (self, parent, item);
}
