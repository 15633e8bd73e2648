/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-twin-view-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-edits.h"
#include "twin-tag-pills.h"

G_DEFINE_FINAL_TYPE (TwinTwinView, twin_twin_view, GTK_TYPE_WIDGET)

gboolean
twin_twin_view_is_now (TwinTwinView *self)
{
  return self->at_us == TWIN_TIME_NONE;
}

/* --- saying what it is ---------------------------------------------------- */

static char *
dup_time (int64_t time_us)
{
  g_autoptr (GDateTime) time =
      g_date_time_new_from_unix_local (time_us / TWIN_US_PER_S);

  return time != NULL ? g_date_time_format (time, _ ("%-d %b %Y %H:%M:%S"))
                      : g_strdup ("–");
}

static void
show_head (TwinTwinView *self)
{
  const TwinInterface *interface =
      self->models != NULL
          ? twin_model_set_lookup (self->models, self->item->model)
          : NULL;
  g_autofree char *updated = dup_time (self->item->updated_us);
  g_autofree char *about =
      g_strdup_printf (_ ("%s · changed %s"), self->id, updated);
  g_autofree char *model =
      g_strdup_printf (_ ("Model %s"),
                       interface != NULL ? twin_interface_get_label (interface)
                                         : self->item->model);

  gtk_label_set_text (GTK_LABEL (self->name), self->item->display_name != NULL
                                                  ? self->item->display_name
                                                  : self->id);
  gtk_label_set_text (GTK_LABEL (self->about), about);
  gtk_widget_set_tooltip_text (self->about, about);
  gtk_button_set_label (GTK_BUTTON (self->model), model);
  gtk_widget_set_tooltip_text (self->model, self->item->model);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->model), "s",
                                    self->item->model);
}

static void
show_then (TwinTwinView *self)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->then),
                                 !twin_twin_view_is_now (self));
  if (!twin_twin_view_is_now (self))
    {
      g_autofree char *time = dup_time (self->at_us);
      g_autofree char *text =
          g_strdup_printf (_ ("HISTORY · as it was at %s"), time);

      gtk_label_set_text (GTK_LABEL (self->then_text), text);
    }
}

static void
show_all (TwinTwinView *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "twin");
  show_head (self);
  show_then (self);
  twin_twin_view_show_properties (self);
  twin_twin_view_show_relationships (self);
  twin_twin_view_show_life (self);
  twin_twin_view_show_tags (self);
}

static void
show_missing (TwinTwinView *self, const char *message)
{
  gtk_label_set_text (GTK_LABEL (self->missing), message);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "missing");
  show_then (self);
}

/* --- reading -------------------------------------------------------------- */

static gboolean
is_shown_already (TwinTwinView *self, const TwinTwinItem *item)
{
  return self->item != NULL && strcmp (self->item->id, item->id) == 0 &&
         g_strcmp0 (self->item->etag, item->etag) == 0 &&
         self->item->updated_us == item->updated_us &&
         g_strcmp0 (self->item->lifecycle, item->lifecycle) == 0 &&
         self->item->outgoing->len == item->outgoing->len &&
         self->item->incoming->len == item->incoming->len;
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TwinTwinView) self = data;
  g_autoptr (GError) error = NULL;
  TwinTwinItem *item =
      twin_live_session_load_twin_at_finish (TWIN_LIVE_SESSION (source), result,
                                             &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (item == NULL)
    {
      g_clear_pointer (&self->item, twin_twin_item_free);
      show_missing (self, error->message);
      return;
    }
  if (is_shown_already (self, item))
    {
      twin_twin_item_free (item);
      return;
    }

  g_clear_pointer (&self->item, twin_twin_item_free);
  g_clear_pointer (&self->document, json_node_unref);
  g_clear_pointer (&self->models, twin_model_set_unref);
  self->item = item;
  self->document = json_from_string (item->json, NULL);
  self->models = twin_live_session_ref_models (self->session);
  show_all (self);
  twin_history_list_set_twin (self->history, self->session, self->id);
}

void
twin_twin_view_refresh (TwinTwinView *self)
{
  if (self->session == NULL || self->id == NULL || self->cancellable != NULL)
    return;
  /* What was does not change. */
  if (!twin_twin_view_is_now (self) && self->item != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  twin_live_session_load_twin_at_async (self->session, self->id, self->at_us,
                                        self->cancellable, on_loaded,
                                        g_object_ref (self));
}

static void
forget (TwinTwinView *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->item, twin_twin_item_free);
  g_clear_pointer (&self->document, json_node_unref);
}

void
twin_twin_view_show_at (TwinTwinView *self, int64_t at_us)
{
  forget (self);
  self->at_us = at_us;
  twin_twin_view_refresh (self);
}

void
twin_twin_view_set_twin (TwinTwinView    *self,
                         TwinLiveSession *session,
                         const char      *id)
{
  if (self->session != session || g_strcmp0 (self->id, id) != 0)
    {
      char *copy = g_strdup (id);

      forget (self);
      self->at_us = TWIN_TIME_NONE;
      g_set_object (&self->session, session);
      g_free (self->id);
      self->id = copy;
      show_missing (self, id != NULL ? _ ("Reading the twin…")
                                     : _ ("No twin is chosen."));
      twin_history_list_set_twin (self->history, NULL, NULL);
    }
  twin_twin_view_refresh (self);
}

/* --- editing -------------------------------------------------------------- */

static void
on_edited (const TwinEdited *edited, gpointer data)
{
  if (edited != NULL)
    twin_twin_view_refresh (data);
}

void
twin_twin_view_edit (TwinTwinView *self, TwinEdit *edit)
{
  if (self->item == NULL || self->session == NULL)
    return;

  edit->id = self->id;
  edit->if_etag = self->item->etag;
  twin_edits_apply (GTK_WIDGET (self), self->session, edit, on_edited,
                    G_OBJECT (self), self);
}

static void
on_tag (GtkEntry *entry, gpointer data)
{
  TwinTwinView *self = data;
  g_auto (GStrv) add = NULL;
  g_auto (GStrv) remove = NULL;
  TwinEdit edit = { .kind = TWIN_EDIT_TAG_TWIN };

  if (!twin_tag_pills_parse (gtk_editable_get_text (GTK_EDITABLE (entry)), &add,
                             &remove))
    return;

  edit.add = (const char *const *) add;
  edit.remove = (const char *const *) remove;
  twin_twin_view_edit (self, &edit);
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

static void
on_history_edited (TwinHistoryList *list, gpointer data)
{
  twin_twin_view_refresh (data);
}

static void
on_show_at (TwinHistoryList *list, gint64 time_us, gpointer data)
{
  twin_twin_view_show_at (data, time_us);
}

static void
on_now (GtkButton *button, gpointer data)
{
  twin_twin_view_show_at (data, TWIN_TIME_NONE);
}

/* "2026-11-21 14:05" by the clock on the wall, or with Z by UTC. */
static void
on_when (GtkEntry *entry, gpointer data)
{
  g_autofree char *text =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *iso = NULL;

  if (strlen (text) == strlen ("2026-11-21"))
    iso = g_strconcat (text, "T00:00:00", NULL);
  else if (strlen (text) == strlen ("2026-11-21 14:05"))
    iso = g_strconcat (text, ":00", NULL);
  else
    iso = g_strdup (text);
  g_strdelimit (iso, " ", 'T');
  time = g_date_time_new_from_iso8601 (iso, local);
  if (time == NULL)
    {
      gtk_widget_activate_action (data, "win.toast", "s",
                                  _ ("A time is written 2026-11-21 14:05"));
      return;
    }

  twin_twin_view_show_at (data, g_date_time_to_unix (time) * TWIN_US_PER_S);
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
heading (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  return label;
}

static GtkWidget *
card_new (GtkWidget *column, const char *title)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_add_css_class (card, "twin-card");
  gtk_box_append (GTK_BOX (card), heading (title));
  gtk_box_append (GTK_BOX (column), card);
  return card;
}

static GtkWidget *
build_head (TwinTwinView *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->name = heading ("");
  self->about = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->about), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->about), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->about, TRUE);
  gtk_widget_add_css_class (self->about, "dim-label");
  gtk_widget_add_css_class (self->about, "numeric");
  self->model = gtk_button_new ();
  gtk_widget_add_css_class (self->model, "twin-small-button");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->model), "win.models");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->model), "s", "");
  self->when = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->when),
                                  _ ("As it was at 2026-11-21 14:05"));
  gtk_editable_set_width_chars (GTK_EDITABLE (self->when), 26);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->when),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("As it was at"), -1);
  g_signal_connect (self->when, "activate", G_CALLBACK (on_when), self);

  gtk_box_append (GTK_BOX (head), self->name);
  gtk_box_append (GTK_BOX (head), self->about);
  gtk_box_append (GTK_BOX (head), self->model);
  gtk_box_append (GTK_BOX (head), self->when);
  gtk_widget_add_css_class (head, "twin-tool");
  return head;
}

static GtkWidget *
build_then (TwinTwinView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *now = gtk_button_new_with_label (_ ("Back to now"));

  self->then_text = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->then_text), 0);
  gtk_widget_set_hexpand (self->then_text, TRUE);
  gtk_widget_add_css_class (self->then_text, "heading");
  gtk_widget_add_css_class (now, "twin-small-button");
  g_signal_connect (now, "clicked", G_CALLBACK (on_now), self);
  gtk_box_append (GTK_BOX (box), self->then_text);
  gtk_box_append (GTK_BOX (box), now);
  gtk_widget_add_css_class (box, "twin-consequence");
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  self->then = gtk_revealer_new ();
  gtk_revealer_set_child (GTK_REVEALER (self->then), box);
  return self->then;
}

static GtkWidget *
scrolled (GtkWidget *column)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_widget_add_css_class (column, "twin-page");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), column);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static GtkWidget *
list_new (const char *label, GCallback activated, gpointer data)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "twin-history");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (list, "row-activated", activated, data);
  return list;
}

static GtkWidget *
build_left (TwinTwinView *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scroller = scrolled (column);
  GtkWidget *card = card_new (column, _ ("Properties"));

  self->properties = list_new (_ ("Properties"),
                               G_CALLBACK (twin_twin_view_on_property), self);
  gtk_box_append (GTK_BOX (card), self->properties);
  card = card_new (column, _ ("Relationships"));
  self->relationships =
      list_new (_ ("Relationships"),
                G_CALLBACK (twin_twin_view_on_relationship), self);
  gtk_box_append (GTK_BOX (card), self->relationships);
  gtk_widget_set_hexpand (scroller, TRUE);
  return scroller;
}

static void
build_life (TwinTwinView *self, GtkWidget *column)
{
  GtkWidget *card = card_new (column, _ ("Life cycle"));

  self->life = heading ("");
  self->life_note = twin_dialog_note ("");
  self->life_buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (card), self->life);
  gtk_box_append (GTK_BOX (card), self->life_note);
  gtk_box_append (GTK_BOX (card), self->life_buttons);
}

static void
build_tags (TwinTwinView *self, GtkWidget *column)
{
  GtkWidget *card = card_new (column, _ ("Tags"));

  self->tags = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->tag_entry = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->tag_entry),
                                  _ ("spare -old: adds and takes away"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tag_entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Change tags"), -1);
  g_signal_connect (self->tag_entry, "activate", G_CALLBACK (on_tag), self);
  gtk_box_append (GTK_BOX (card), self->tags);
  gtk_box_append (GTK_BOX (card), self->tag_entry);
}

static GtkWidget *
build_right (TwinTwinView *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scroller = scrolled (column);
  GtkWidget *card;

  build_life (self, column);
  build_tags (self, column);
  card = card_new (column, _ ("History"));
  self->history = TWIN_HISTORY_LIST (twin_history_list_new ());
  g_signal_connect (self->history, "edited", G_CALLBACK (on_history_edited),
                    self);
  g_signal_connect (self->history, "show-at", G_CALLBACK (on_show_at), self);
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->history));
  gtk_widget_set_size_request (scroller, 360, -1);
  gtk_widget_set_hexpand (scroller, FALSE);
  return scroller;
}

static void
twin_twin_view_dispose (GObject *object)
{
  TwinTwinView *self = TWIN_TWIN_VIEW (object);

  forget (self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->models, twin_model_set_unref);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  G_OBJECT_CLASS (twin_twin_view_parent_class)->dispose (object);
}

static void
twin_twin_view_class_init (TwinTwinViewClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_twin_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_twin_view_init (TwinTwinView *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *twin = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->at_us = TWIN_TIME_NONE;
  gtk_widget_add_css_class (GTK_WIDGET (self), "twin-machine");
  gtk_widget_set_parent (page, GTK_WIDGET (self));
  gtk_box_append (GTK_BOX (twin), build_head (self));
  gtk_box_append (GTK_BOX (columns), build_left (self));
  gtk_box_append (GTK_BOX (columns), build_right (self));
  gtk_box_append (GTK_BOX (twin), columns);

  self->missing = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->missing), TRUE);
  gtk_widget_add_css_class (self->missing, "dim-label");
  gtk_widget_set_vexpand (self->missing, TRUE);
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), self->missing, "missing");
  gtk_stack_add_named (GTK_STACK (self->stack), twin, "twin");
  gtk_box_append (GTK_BOX (page), build_then (self));
  gtk_box_append (GTK_BOX (page), self->stack);
}

GtkWidget *
twin_twin_view_new (void)
{
  return g_object_new (TWIN_TYPE_TWIN_VIEW, NULL);
}
