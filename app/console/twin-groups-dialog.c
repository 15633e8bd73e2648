/* SPDX-License-Identifier: Apache-2.0 */
/* Groups: fixed members or a query, and the tier their measurements are kept
 * in. */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-ask.h"
#include "twin-dialog.h"
#include "twin-edits.h"
#include "twin-live-graph.h"
#include "twin-query-entry.h"
#include "twin-query-words.h"

typedef struct
{
  AdwWindow       *window;
  TwinLiveSession *session;
  GCancellable    *cancellable;
  GPtrArray       *groups; /* TwinGroupItem, or NULL */
  char            *wanted; /* group to show once loaded, or NULL */
  char            *shown;  /* name of the group in the form; NULL: a new one */
  GtkWidget       *list;
  GtkWidget       *name;
  GtkWidget       *kind; /* drop-down: members, query */
  GtkWidget       *stack;
  GtkWidget       *members; /* text view: an id a line */
  GtkWidget       *query;
  GtkWidget       *count;
  GtkWidget       *tier;
  GtkWidget       *consequence;
  GtkWidget       *note;
  GtkWidget       *error;
  GtkWidget       *save;
  GtkWidget       *remove, *firmware;
} Dialog;

enum
{
  KIND_MEMBERS,
  KIND_QUERY,
};

enum
{
  TIER_NONE,
  TIER_FULL,
  TIER_THRESHOLDS,
};

static void load (Dialog *self);

static void
dialog_free (void *data)
{
  Dialog *self = data;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_free (self->wanted);
  g_free (self->shown);
  g_object_unref (self->session);
  g_free (self);
}

/* --- the form ------------------------------------------------------------- */

static void
show_consequence (Dialog *self)
{
  static const char *const texts[] = {
    [TIER_NONE] = N_ ("Says nothing about measurements: what other groups or "
                      "the default say holds."),
    [TIER_FULL] = N_ ("A summary every second, waveforms analysed, remaining "
                      "life estimated."),
    [TIER_THRESHOLDS] =
        N_ ("A summary every minute and limit alarms only. Waveforms are not "
            "analysed: no diagnosis, no remaining life. Takes about a sixtieth "
            "of the space."),
  };
  const guint tier = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->tier));

  gtk_label_set_text (GTK_LABEL (self->consequence),
                      tier < G_N_ELEMENTS (texts) ? _ (texts[tier]) : "");
}

static void
on_tier (GObject *object, GParamSpec *pspec, gpointer data)
{
  show_consequence (data);
}

static void
on_kind (GObject *object, GParamSpec *pspec, gpointer data)
{
  Dialog     *self = data;
  const guint kind = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->kind));

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    kind == KIND_QUERY ? "query" : "members");
  gtk_label_set_text (GTK_LABEL (self->count), "");
}

static GtkTextBuffer *
members_buffer (Dialog *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->members));
}

static void
show_group (Dialog *self, const TwinGroupItem *group)
{
  g_autofree char *members = group != NULL && group->members != NULL
                                 ? g_strjoinv ("\n", group->members)
                                 : g_strdup ("");
  const char      *tier = group != NULL ? group->tier : NULL;

  g_free (self->shown);
  self->shown = group != NULL ? g_strdup (group->name) : NULL;
  gtk_editable_set_text (GTK_EDITABLE (self->name),
                         group != NULL ? group->name : "");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->kind),
                              group != NULL && group->query != NULL
                                  ? KIND_QUERY
                                  : KIND_MEMBERS);
  gtk_text_buffer_set_text (members_buffer (self), members, -1);
  twin_query_entry_set_text (TWIN_QUERY_ENTRY (self->query),
                             group != NULL && group->query != NULL
                                 ? group->query
                                 : "");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->tier),
                              tier == NULL ? TIER_NONE
                              : strcmp (tier, "thresholds") == 0
                                  ? TIER_THRESHOLDS
                                  : TIER_FULL);
  gtk_editable_set_text (GTK_EDITABLE (self->note),
                         group != NULL && group->note != NULL ? group->note
                                                              : "");
  gtk_widget_set_sensitive (self->remove, group != NULL);
  gtk_widget_set_sensitive (self->firmware, group != NULL);
  gtk_label_set_text (GTK_LABEL (self->count), "");
  twin_dialog_error_set (self->error, NULL);
  show_consequence (self);
}

/* --- trying the query ----------------------------------------------------- */

static void
on_tried (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AdwWindow) window = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinLiveRows) rows =
      twin_live_session_query_finish (TWIN_LIVE_SESSION (source), result,
                                      &error);
  Dialog *self;
  guint   line = 0, column = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = g_object_get_data (G_OBJECT (window), "twin-state");
  if (rows == NULL)
    {
      twin_live_query_place (error, &line, &column);
      twin_query_entry_set_error (TWIN_QUERY_ENTRY (self->query),
                                  error->message, line, column);
      return;
    }

  {
    const guint      n = g_strv_length (rows->rows);
    g_autofree char *text =
        g_strdup_printf (rows->cursor != NULL
                             ? _ ("more than %u members now")
                             : ngettext ("%u member now", "%u members now", n),
                         n);

    gtk_label_set_text (GTK_LABEL (self->count), text);
  }
}

static void
on_try (TwinQueryEntry *entry, gpointer data)
{
  Dialog                *self = data;
  g_autofree char       *text = twin_query_entry_dup_text (entry);
  const TwinLiveQuestion question = { .text = text, .page = 1000 };

  if (!twin_query_words_is_query (text))
    {
      twin_query_entry_set_error (entry,
                                  _ ("A query begins with SELECT, for example "
                                     "SELECT T FROM DIGITALTWINS T WHERE "
                                     "HAS_TAG(T, 'spare')."),
                                  1, 1);
      return;
    }

  twin_live_session_query_async (self->session, &question, self->cancellable,
                                 on_tried, g_object_ref (self->window));
}

/* --- writing -------------------------------------------------------------- */

static void
on_edited (const TwinEdited *edited, gpointer data)
{
  Dialog *self = g_object_get_data (data, "twin-state");

  gtk_widget_set_sensitive (self->save, TRUE);
  if (edited != NULL)
    load (self);
}

static void
on_save (GtkButton *button, gpointer data)
{
  Dialog          *self = data;
  GtkTextIter      begin, end;
  g_autofree char *name =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));
  g_autofree char *query =
      twin_query_entry_dup_text (TWIN_QUERY_ENTRY (self->query));
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) members = g_ptr_array_new ();
  g_auto (GStrv) words = NULL;
  const gboolean by_query =
      gtk_drop_down_get_selected (GTK_DROP_DOWN (self->kind)) == KIND_QUERY;
  const guint tier = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->tier));
  TwinEdit    edit = { .kind = TWIN_EDIT_PUT_GROUP, .id = name };

  gtk_text_buffer_get_bounds (members_buffer (self), &begin, &end);
  text = gtk_text_buffer_get_text (members_buffer (self), &begin, &end, FALSE);
  words = g_strsplit_set (text, ", \t\r\n", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_ptr_array_add (members, words[i]);
  g_ptr_array_add (members, NULL);

  if (*name == '\0')
    {
      twin_dialog_error_set (self->error, _ ("Give the group a name."));
      return;
    }

  edit.query = by_query ? query : NULL;
  edit.members = by_query ? NULL : (const char *const *) members->pdata;
  edit.tier = tier == TIER_FULL         ? "full"
              : tier == TIER_THRESHOLDS ? "thresholds"
                                        : NULL;
  edit.note = gtk_editable_get_text (GTK_EDITABLE (self->note));
  twin_dialog_error_set (self->error, NULL);
  gtk_widget_set_sensitive (self->save, FALSE);
  g_free (self->wanted);
  self->wanted = g_strdup (name);
  twin_edits_apply (GTK_WIDGET (self->window), self->session, &edit, on_edited,
                    G_OBJECT (self->window), self->window);
}

static void
do_remove (const char *text, gpointer data)
{
  Dialog        *self = g_object_get_data (data, "twin-state");
  const TwinEdit edit = { .kind = TWIN_EDIT_DELETE_GROUP, .id = self->shown };

  g_clear_pointer (&self->wanted, g_free);
  if (self->shown != NULL)
    twin_edits_apply (GTK_WIDGET (self->window), self->session, &edit,
                      on_edited, G_OBJECT (self->window), self->window);
}

static void
on_remove (GtkButton *button, gpointer data)
{
  Dialog          *self = data;
  g_autofree char *title =
      g_strdup_printf (_ ("Delete the group “%s”?"), self->shown);
  const TwinAsk question = {
    .title = title,
    .body = _ ("Its twins stay. What the group said of their measurements "
               "no longer holds."),
    .yes = _ ("Delete"),
    .danger = TRUE,
  };

  twin_ask (GTK_WINDOW (self->window), &question, do_remove,
            g_object_ref (self->window), g_object_unref);
}

/* Upon this dialog: a group is what a campaign is often for. */
static void
on_firmware (GtkButton *button, gpointer data)
{
  Dialog          *self = data;
  g_autofree char *question = twin_query_words_dup_group_question (self->shown);

  twin_firmware_dialog_present (GTK_WINDOW (self->window), self->session,
                                question);
}

/* --- the list ------------------------------------------------------------- */

static char *
dup_about (const TwinGroupItem *group)
{
  const guint n = group->members != NULL ? g_strv_length (group->members) : 0;
  g_autofree char *who =
      group->query != NULL
          ? g_strdup (_ ("by query"))
          : g_strdup_printf (ngettext ("%u member", "%u members", n), n);

  if (g_strcmp0 (group->tier, "thresholds") == 0)
    return g_strdup_printf (_ ("%s · thresholds only"), who);

  return g_steal_pointer (&who);
}

static void
append_row (Dialog *self, const TwinGroupItem *group)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget       *name = gtk_label_new (group->name);
  g_autofree char *about = dup_about (group);
  GtkWidget       *note = gtk_label_new (about);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (note), 0);
  gtk_widget_add_css_class (note, "dim-label");
  gtk_widget_add_css_class (note, "twin-small");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), note);
  gtk_widget_set_margin_top (box, 5);
  gtk_widget_set_margin_bottom (box, 5);
  gtk_list_box_append (GTK_LIST_BOX (self->list), box);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AdwWindow) window = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *groups = twin_live_session_list_finish (TWIN_LIVE_SESSION (source),
                                                     result, &error);
  Dialog    *self;
  GtkListBoxRow *row;
  guint          selected = G_MAXUINT;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = g_object_get_data (G_OBJECT (window), "twin-state");
  if (groups == NULL)
    {
      twin_dialog_error_set (self->error, error->message);
      return;
    }

  g_clear_pointer (&self->groups, g_ptr_array_unref);
  self->groups = groups;
  /* By row: the placeholder is a child, too, and stays. */
  while ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0)) !=
         NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (row));
  for (guint i = 0; i < groups->len; i++)
    {
      const TwinGroupItem *group = groups->pdata[i];

      append_row (self, group);
      if (g_strcmp0 (group->name, self->wanted) == 0)
        selected = i;
    }

  if (selected == G_MAXUINT && self->wanted == NULL && groups->len > 0)
    selected = 0;
  show_group (self, selected < groups->len ? groups->pdata[selected] : NULL);
  if (selected < groups->len)
    gtk_list_box_select_row (GTK_LIST_BOX (self->list),
                             gtk_list_box_get_row_at_index (GTK_LIST_BOX (
                                                                self->list),
                                                            (int) selected));
}

static void
load (Dialog *self)
{
  twin_live_session_list_groups_async (self->session, self->cancellable,
                                       on_listed, g_object_ref (self->window));
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  Dialog   *self = data;
  const int i = gtk_list_box_row_get_index (row);

  if (self->groups != NULL && i >= 0 && (guint) i < self->groups->len)
    show_group (self, self->groups->pdata[i]);
}

static void
on_new (GtkButton *button, gpointer data)
{
  Dialog *self = data;

  gtk_list_box_unselect_all (GTK_LIST_BOX (self->list));
  show_group (self, NULL);
  gtk_widget_grab_focus (self->name);
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
drop_down (const char *const *names)
{
  GtkWidget *widget = gtk_drop_down_new_from_strings (names);

  gtk_widget_set_size_request (widget, 220, -1);
  return widget;
}

static GtkWidget *
build_members (Dialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->members = gtk_text_view_new ();
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (self->members), TRUE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->members), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->members),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Members, an id a line"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->members);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller),
                                              96);
  gtk_widget_add_css_class (scroller, "twin-query");
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box),
                  twin_dialog_note (_ ("Ids, one a line: compressor-1. Twins "
                                       "are added by the table page, too.")));
  return box;
}

static GtkWidget *
build_form (Dialog *self)
{
  const char *const kinds[] = { _ ("Chosen twins"),
                                _ ("Whatever a query finds"), NULL };
  const char *const tiers[] = { _ ("As other groups say"), _ ("Full"),
                                _ ("Thresholds only"), NULL };
  GtkWidget        *body = twin_dialog_body_new ();
  GtkWidget        *card = twin_dialog_group (body, NULL);
  GtkWidget        *scroller = gtk_scrolled_window_new ();
  GtkWidget        *acts = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->name = gtk_entry_new ();
  self->note = gtk_entry_new ();
  gtk_widget_set_size_request (self->name, 220, -1);
  gtk_widget_set_size_request (self->note, 220, -1);
  self->kind = drop_down (kinds);
  self->tier = drop_down (tiers);
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Name"), NULL, self->name));
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Note"), NULL, self->note));
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Members"), NULL, self->kind));

  self->query = twin_query_entry_new (_ ("Query of the group"),
                                      _ ("SELECT T FROM DIGITALTWINS T WHERE …"
                                         " · Enter counts"));
  self->stack = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_add_named (GTK_STACK (self->stack), build_members (self),
                       "members");
  gtk_stack_add_named (GTK_STACK (self->stack), self->query, "query");
  gtk_box_append (GTK_BOX (body), self->stack);
  self->count = twin_dialog_note ("");
  gtk_box_append (GTK_BOX (body), self->count);

  card = twin_dialog_group (body, NULL);
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Measurements"), NULL, self->tier));
  self->consequence = twin_dialog_note ("");
  gtk_box_append (GTK_BOX (card), self->consequence);
  self->error = twin_dialog_error_new ();
  gtk_box_append (GTK_BOX (body), self->error);
  self->remove = gtk_button_new_with_label (_ ("Delete this group…"));
  gtk_widget_add_css_class (self->remove, "twin-compact");
  self->firmware = gtk_button_new_with_label (_ ("Firmware…"));
  gtk_widget_add_css_class (self->firmware, "twin-compact");
  gtk_box_append (GTK_BOX (acts), self->remove);
  gtk_box_append (GTK_BOX (acts), self->firmware);
  gtk_box_append (GTK_BOX (body), acts);

  g_signal_connect (self->kind, "notify::selected", G_CALLBACK (on_kind), self);
  g_signal_connect (self->tier, "notify::selected", G_CALLBACK (on_tier), self);
  g_signal_connect (self->query, "run", G_CALLBACK (on_try), self);
  g_signal_connect (self->remove, "clicked", G_CALLBACK (on_remove), self);
  g_signal_connect (self->firmware, "clicked", G_CALLBACK (on_firmware), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), body);
  gtk_widget_set_hexpand (scroller, TRUE);
  return scroller;
}

static GtkWidget *
build_list (Dialog *self)
{
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *add = gtk_button_new_with_label (_ ("New group"));

  self->list = gtk_list_box_new ();
  gtk_widget_add_css_class (self->list, "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Groups"),
                                  -1);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list),
                                twin_dialog_note (_ ("No group yet.")));
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);
  g_signal_connect (add, "clicked", G_CALLBACK (on_new), self);
  gtk_widget_add_css_class (add, "twin-compact");
  g_object_set (add, "margin-start", 12, "margin-end", 12, "margin-bottom", 12,
                NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (side), scroller);
  gtk_box_append (GTK_BOX (side), add);
  gtk_widget_add_css_class (side, "twin-side");
  gtk_widget_add_css_class (side, "left");
  gtk_widget_set_size_request (side, 220, -1);
  return side;
}

void
twin_groups_dialog_present (GtkWindow       *parent,
                            TwinLiveSession *session,
                            const char      *group)
{
  Dialog    *self = g_new0 (Dialog, 1);
  GtkWidget *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->session = g_object_ref (session);
  self->cancellable = g_cancellable_new ();
  self->wanted = group != NULL && *group != '\0' ? g_strdup (group) : NULL;
  gtk_box_append (GTK_BOX (columns), build_list (self));
  gtk_box_append (GTK_BOX (columns), build_form (self));
  self->window =
      twin_dialog_new (parent, _ ("Groups"),
                       _ ("of twins, for queries, campaigns and tiers"), 820,
                       560, columns, self, dialog_free);
  self->save = gtk_button_new_with_label (_ ("Save"));
  gtk_widget_add_css_class (self->save, "suggested-action");
  g_signal_connect (self->save, "clicked", G_CALLBACK (on_save), self);
  twin_dialog_pack_end (self->window, self->save);
  show_group (self, NULL);
  gtk_window_present (GTK_WINDOW (self->window));
  load (self);
}
