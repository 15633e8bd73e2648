/* SPDX-License-Identifier: Apache-2.0 */
/* Twins to another version of their model: what each would gain, lose or
 * violate, before anything is done. */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-edits.h"
#include "twin-live-graph.h"

typedef struct
{
  AdwWindow       *window;
  TwinLiveSession *session;
  TwinModelSet    *models;
  GCancellable    *cancellable; /* of the preview under way */
  char            *query;       /* who, unless @twins */
  GStrv            twins;       /* or NULL */
  GPtrArray       *targets;     /* const char *: DTMIs, as in the drop-down */
  GPtrArray       *plan;        /* TwinMigrationPreview, or NULL */
  GtkWidget       *target;
  GtkWidget       *figures;
  GtkWidget       *list;
  GtkWidget       *error;
  GtkWidget       *drop; /* check: values without a place may go */
  GtkWidget       *apply;
} Dialog;

enum
{
  MAX_ROWS = 500,
};

static void
dialog_free (void *data)
{
  Dialog *self = data;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->models, twin_model_set_unref);
  g_clear_pointer (&self->plan, g_ptr_array_unref);
  g_ptr_array_unref (self->targets);
  g_strfreev (self->twins);
  g_free (self->query);
  g_object_unref (self->session);
  g_free (self);
}

static const char *
chosen (Dialog *self)
{
  const guint i = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->target));

  return i < self->targets->len ? self->targets->pdata[i] : NULL;
}

static gboolean
is_possible (const TwinMigrationPreview *item)
{
  return item->violates == NULL || item->violates[0] == NULL;
}

/* --- the preview ---------------------------------------------------------- */

static GtkWidget *
cell (const char *text, int width, const char *style)
{
  GtkWidget *label = gtk_label_new (text != NULL && *text != '\0' ? text : "–");

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (width > 0)
    gtk_widget_set_size_request (label, width, -1);
  else
    gtk_widget_set_hexpand (label, TRUE);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static char *
dup_joined (GStrv words, const char *between)
{
  return words != NULL ? g_strjoinv (between, words) : NULL;
}

static void
append_row (Dialog *self, const TwinMigrationPreview *item)
{
  TwinLivePlant   *plant = twin_live_session_get_plant (self->session);
  TwinLiveItem    *live = twin_live_plant_find (plant, item->twin);
  const gboolean   possible = is_possible (item);
  GtkWidget       *row = gtk_list_box_row_new ();
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *gains = dup_joined (item->gains, ", ");
  g_autofree char *loses = dup_joined (item->loses, ", ");
  g_autofree char *violates = dup_joined (item->violates, "\n");
  const char *name = live != NULL ? twin_live_item_get_name (live) : item->twin;
  g_autofree char *spoken =
      g_strdup_printf ("%s: %s", name,
                       possible ? _ ("can be migrated") : violates);

  gtk_box_append (GTK_BOX (box), cell (name, 150, NULL));
  gtk_box_append (GTK_BOX (box), cell (gains, 150, "dim-label"));
  gtk_box_append (GTK_BOX (box), cell (loses, 170, NULL));
  gtk_box_append (GTK_BOX (box), cell (possible ? _ ("fits") : violates, 0,
                                       possible ? "twin-done" : "error"));
  gtk_widget_add_css_class (box, "twin-report-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}

static gboolean
loses_any (Dialog *self)
{
  for (guint i = 0; self->plan != NULL && i < self->plan->len; i++)
    {
      const TwinMigrationPreview *item = self->plan->pdata[i];

      if (is_possible (item) && item->loses != NULL && item->loses[0] != NULL)
        return TRUE;
    }

  return FALSE;
}

static guint
count_possible (Dialog *self)
{
  guint n = 0;

  for (guint i = 0; self->plan != NULL && i < self->plan->len; i++)
    n += is_possible (self->plan->pdata[i]);
  return n;
}

/* Nothing goes that nobody has said may go. */
static void
update_apply (Dialog *self)
{
  const gboolean loses = loses_any (self);

  gtk_widget_set_visible (self->drop, loses);
  gtk_widget_set_sensitive (self->apply,
                            count_possible (self) > 0 &&
                                (!loses || gtk_check_button_get_active (
                                               GTK_CHECK_BUTTON (self->drop))));
}

static void
on_drop (GtkCheckButton *button, gpointer data)
{
  update_apply (data);
}

static void
show_plan (Dialog *self)
{
  const guint      n = self->plan != NULL ? self->plan->len : 0;
  const guint      possible = count_possible (self);
  g_autofree char *text = NULL;
  g_autofree char *label = NULL;
  GtkWidget       *row;

  while ((row = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  /* What cannot be wants a decision: first. */
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0, shown = 0; i < n && shown < MAX_ROWS; i++)
      if (is_possible (self->plan->pdata[i]) == (pass == 1))
        {
          append_row (self, self->plan->pdata[i]);
          shown++;
        }

  text =
      g_markup_printf_escaped (_ ("<b>%u</b> fit   <b>%u</b> cannot   of %u"),
                               possible, n - possible, n);
  gtk_label_set_markup (GTK_LABEL (self->figures), text);
  label = g_strdup_printf (ngettext ("Migrate %u twin", "Migrate %u twins",
                                     possible),
                           possible);
  gtk_button_set_label (GTK_BUTTON (self->apply), label);
  update_apply (self);
}

static void
on_preview (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AdwWindow) window = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *plan = twin_live_session_list_finish (TWIN_LIVE_SESSION (source),
                                                   result, &error);
  Dialog    *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = g_object_get_data (G_OBJECT (window), "twin-state");
  twin_dialog_error_set (self->error, error != NULL ? error->message : NULL);
  g_clear_pointer (&self->plan, g_ptr_array_unref);
  self->plan = plan;
  show_plan (self);
}

static void
preview (Dialog *self)
{
  const TwinEdit edit = { .kind = TWIN_EDIT_MIGRATE,
                          .model = chosen (self),
                          .query = self->twins == NULL ? self->query : NULL,
                          .members = (const char *const *) self->twins };

  if (edit.model == NULL)
    return;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  gtk_label_set_text (GTK_LABEL (self->figures), _ ("Trying…"));
  gtk_widget_set_sensitive (self->apply, FALSE);
  twin_live_session_preview_migration_async (self->session, &edit,
                                             self->cancellable, on_preview,
                                             g_object_ref (self->window));
}

static void
on_target (GObject *object, GParamSpec *pspec, gpointer data)
{
  preview (data);
}

/* --- doing it ------------------------------------------------------------- */

static void
on_migrated (const TwinEdited *edited, gpointer data)
{
  Dialog *self = g_object_get_data (data, "twin-state");

  if (edited != NULL)
    gtk_window_close (GTK_WINDOW (self->window));
  else
    preview (self);
}

static void
on_apply (GtkButton *button, gpointer data)
{
  Dialog *self = data;
  g_autoptr (GPtrArray) twins = g_ptr_array_new ();
  TwinEdit edit = { .kind = TWIN_EDIT_MIGRATE, .model = chosen (self) };

  for (guint i = 0; self->plan != NULL && i < self->plan->len; i++)
    {
      const TwinMigrationPreview *item = self->plan->pdata[i];

      if (is_possible (item))
        g_ptr_array_add (twins, item->twin);
    }
  g_ptr_array_add (twins, NULL);
  edit.members = (const char *const *) twins->pdata;
  edit.drop_lost = loses_any (self);
  gtk_widget_set_sensitive (self->apply, FALSE);
  twin_edits_apply (GTK_WIDGET (self->window), self->session, &edit,
                    on_migrated, G_OBJECT (self->window), self->window);
}

/* --- building ------------------------------------------------------------- */

static gboolean
is_other_version (const char *a, const char *b)
{
  int          major, minor;
  const size_t x = twin_dtmi_split (a, &major, &minor);
  const size_t y = twin_dtmi_split (b, &major, &minor);

  return x == y && strncmp (a, b, x) == 0 && strcmp (a, b) != 0;
}

/* Other versions of the same model first: that is what a migration mostly
 * is. */
static void
fill_targets (Dialog *self, const char *from)
{
  GPtrArray *all = twin_model_set_list (self->models);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; i < all->len; i++)
      {
        const TwinInterface *interface = all->pdata[i];

        if (strcmp (interface->id, from) == 0 ||
            is_other_version (interface->id, from) != (pass == 0))
          continue;
        g_ptr_array_add (self->targets, (gpointer) interface->id);
        gtk_string_list_append (names, interface->id);
      }

  self->target =
      gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&names)),
                         gtk_property_expression_new (GTK_TYPE_STRING_OBJECT,
                                                      NULL, "string"));
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (self->target), TRUE);
  gtk_widget_set_hexpand (self->target, TRUE);
}

static GtkWidget *
build_body (Dialog *self, const char *from)
{
  GtkWidget *body = twin_dialog_body_new ();
  GtkWidget *card = twin_dialog_group (body, NULL);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  fill_targets (self, from);
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("New model"), from, self->target));
  self->figures = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->figures), 0);
  gtk_widget_add_css_class (self->figures, "numeric");
  gtk_box_append (GTK_BOX (body), self->figures);
  self->drop = gtk_check_button_new_with_label (
      _ ("The values under “Loses” may go; Undo brings them back"));
  g_signal_connect (self->drop, "toggled", G_CALLBACK (on_drop), self);
  gtk_widget_set_visible (self->drop, FALSE);
  gtk_box_append (GTK_BOX (body), self->drop);
  self->error = twin_dialog_error_new ();
  gtk_box_append (GTK_BOX (body), self->error);

  gtk_box_append (GTK_BOX (head), cell (_ ("Twin"), 150, "dim-label"));
  gtk_box_append (GTK_BOX (head), cell (_ ("Gains"), 150, "dim-label"));
  gtk_box_append (GTK_BOX (head), cell (_ ("Loses"), 170, "dim-label"));
  gtk_box_append (GTK_BOX (head), cell (_ ("Verdict"), 0, "dim-label"));
  gtk_widget_add_css_class (head, "twin-report-row");
  gtk_widget_add_css_class (head, "twin-small");
  gtk_box_append (GTK_BOX (body), head);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list),
                                   GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What each twin gains and loses"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_widget_add_css_class (scroller, "twin-card-list");
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (body), scroller);
  return body;
}

void
twin_migrate_dialog_present (GtkWindow         *parent,
                             TwinLiveSession   *session,
                             const char        *from,
                             const char *const *twins)
{
  Dialog    *self = g_new0 (Dialog, 1);
  GtkWidget *body;

  self->session = g_object_ref (session);
  self->models = twin_live_session_ref_models (session);
  self->targets = g_ptr_array_new ();
  self->twins = g_strdupv ((char **) twins);
  self->query = g_strdup_printf ("SELECT T FROM DIGITALTWINS T "
                                 "WHERE T.$metadata.$model = '%s'",
                                 from);
  body = build_body (self, from);
  self->window = twin_dialog_new (parent, _ ("Migrate twins"),
                                  _ ("to another model, all in one change"),
                                  860, 560, body, self, dialog_free);
  self->apply = gtk_button_new_with_label (_ ("Migrate"));
  gtk_widget_add_css_class (self->apply, "suggested-action");
  gtk_widget_set_sensitive (self->apply, FALSE);
  g_signal_connect (self->apply, "clicked", G_CALLBACK (on_apply), self);
  twin_dialog_pack_end (self->window, self->apply);
  g_signal_connect (self->target, "notify::selected", G_CALLBACK (on_target),
                    self);
  gtk_window_present (GTK_WINDOW (self->window));
  if (self->targets->len == 0)
    twin_dialog_error_set (self->error,
                           _ ("There is no other model. Import the new "
                              "version first."));
  else
    preview (self);
}
