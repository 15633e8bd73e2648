/* SPDX-License-Identifier: Apache-2.0 */
/* What the table page does with the twins that are selected, and with the
 * query itself. */
#include "config.h"

#include "twin-table-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-ask.h"
#include "twin-dialogs.h"
#include "twin-edits.h"
#include "twin-life-words.h"
#include "twin-query-words.h"
#include "twin-tag-pills.h"

/* What a question in a dialog is about. */
typedef struct
{
  TwinTablePage *self;
  GStrv          twins;
  char          *name; /* what it is done with, or to */
} Wish;

static Wish *
wish_new (TwinTablePage *self, const char *name)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->self = g_object_ref (self);
  wish->twins = twin_result_table_dup_selected (self->table);
  wish->name = g_strdup (name);
  return wish;
}

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->self);
  g_strfreev (wish->twins);
  g_free (wish->name);
  g_free (wish);
}

static GtkWindow *
window_of (TwinTablePage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* "Compressor 1, Pump 3 and 4 more" */
static char *
dup_names (TwinTablePage *self, const char *const *twins)
{
  const guint n = g_strv_length ((char **) twins);
  GString    *names = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, 3); i++)
    {
      TwinLiveItem *item = twin_live_plant_find (self->plant, twins[i]);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                              item != NULL ? twin_live_item_get_name (item)
                                           : twins[i]);
    }
  if (n > 3)
    g_string_append_printf (names, _ (" and %u more"), n - 3);
  return g_string_free (names, FALSE);
}

static void
on_edited (const TwinEdited *edited, gpointer data)
{
  TwinTablePage *self = data;

  if (edited == NULL)
    return;

  twin_table_page_load_lists (self);
  twin_table_page_fetch (self, self->page, TRUE);
}

static void
apply_each (Wish *wish, const TwinEdit *edit)
{
  twin_edits_apply_each (GTK_WIDGET (wish->self), wish->self->session, edit,
                         (const char *const *) wish->twins, on_edited,
                         G_OBJECT (wish->self), wish->self);
}

static void
apply (TwinTablePage *self, const TwinEdit *edit)
{
  twin_edits_apply (GTK_WIDGET (self), self->session, edit, on_edited,
                    G_OBJECT (self), self);
}

/* --- tags ----------------------------------------------------------------- */

static void
do_tag (const char *text, gpointer data)
{
  Wish *wish = data;
  g_auto (GStrv) add = NULL;
  g_auto (GStrv) remove = NULL;

  if (twin_tag_pills_parse (text, &add, &remove))
    {
      const TwinEdit edit = { .kind = TWIN_EDIT_TAG_TWIN,
                              .add = (const char *const *) add,
                              .remove = (const char *const *) remove };

      apply_each (wish, &edit);
    }
}

static void
tag_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Wish            *wish = wish_new (data, NULL);
  g_autofree char *names =
      dup_names (wish->self, (const char *const *) wish->twins);
  g_autofree char *title =
      g_strdup_printf (ngettext ("Tag %u twin", "Tag %u twins",
                                 g_strv_length (wish->twins)),
                       g_strv_length (wish->twins));
  g_autofree char *body =
      g_strdup_printf (_ ("%s. Words are added; with a minus before it a tag "
                          "is taken away: spare -old"),
                       names);
  const TwinAsk question = {
    .title = title, .body = body, .yes = _ ("Tag"), .label = _ ("Tags")
  };

  twin_ask (window_of (wish->self), &question, do_tag, wish, wish_free);
}

/* --- life cycle ----------------------------------------------------------- */

static void
do_lifecycle (const char *text, gpointer data)
{
  Wish          *wish = data;
  const TwinEdit edit = { .kind = TWIN_EDIT_SET_LIFECYCLE, .name = wish->name };

  apply_each (wish, &edit);
}

static void
lifecycle_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Wish       *wish = wish_new (data, g_variant_get_string (parameter, NULL));
  const guint n = g_strv_length (wish->twins);
  const char *consequence = twin_life_words_get_consequence (wish->name);
  g_autofree char *names =
      dup_names (wish->self, (const char *const *) wish->twins);
  g_autofree char *title =
      g_strdup_printf (ngettext ("%s: %u twin?", "%s: %u twins?", n),
                       twin_life_words_get_verb (wish->name), n);
  g_autofree char *body = g_strdup_printf ("%s. %s", names, consequence);
  const TwinAsk    question = {
       .title = title,
       .body = body,
       .yes = twin_life_words_get_verb (wish->name),
       .danger = strcmp (wish->name, "in service") != 0,
  };

  twin_ask (window_of (wish->self), &question, do_lifecycle, wish, wish_free);
}

/* --- groups --------------------------------------------------------------- */

static const TwinGroupItem *
find_group (TwinTablePage *self, const char *name)
{
  for (guint i = 0; self->groups != NULL && i < self->groups->len; i++)
    {
      const TwinGroupItem *group = self->groups->pdata[i];

      if (strcmp (group->name, name) == 0)
        return group;
    }

  return NULL;
}

/* Into one that is there, or a new one of that name. */
static void
put_in_group (Wish *wish, const char *name)
{
  TwinEdit edit = { .kind = TWIN_EDIT_PUT_GROUP, .id = name };

  if (find_group (wish->self, name) != NULL)
    {
      edit.add = (const char *const *) wish->twins;
    }
  else
    {
      edit.members = (const char *const *) wish->twins;
      edit.if_etag = "";
    }
  apply (wish->self, &edit);
}

static void
group_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Wish *wish = wish_new (data, NULL);

  put_in_group (wish, g_variant_get_string (parameter, NULL));
  wish_free (wish);
}

static void
do_new_group (const char *text, gpointer data)
{
  Wish                *wish = data;
  const TwinGroupItem *group = find_group (wish->self, text);

  if (group != NULL && group->query != NULL)
    {
      twin_ask_tell (window_of (wish->self), _ ("This name is taken"),
                     _ ("A group of this name follows a query; its members "
                        "cannot be chosen by hand. Choose another name."));
      return;
    }

  put_in_group (wish, text);
}

static void
new_group_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Wish         *wish = wish_new (data, NULL);
  const TwinAsk question = { .title = _ ("New group"),
                             .body = _ ("The selected twins become its "
                                        "members."),
                             .yes = _ ("Create"),
                             .label = _ ("Name of the group") };

  twin_ask (window_of (wish->self), &question, do_new_group, wish, wish_free);
}

void
twin_table_page_fill_groups (TwinTablePage *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) more = g_menu_new ();

  for (guint i = 0; i < self->groups->len; i++)
    {
      const TwinGroupItem *group = self->groups->pdata[i];
      g_autoptr (GMenuItem) item = g_menu_item_new (group->name, NULL);

      if (group->members == NULL)
        continue;
      g_menu_item_set_action_and_target (item, "table.group", "s", group->name);
      g_menu_append_item (menu, item);
    }
  g_menu_append (more, _ ("New group…"), "table.new-group");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->add_to_group),
                                  G_MENU_MODEL (menu));
}

/* --- properties, firmware ------------------------------------------------- */

static void
property_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinTablePage *self = data;
  g_auto (GStrv) twins = twin_result_table_dup_selected (self->table);

  twin_property_dialog_present (window_of (self), self->session,
                                (const char *const *) twins, NULL);
}

static void
firmware_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinTablePage *self = data;
  g_auto (GStrv) twins = twin_result_table_dup_selected (self->table);
  g_autofree char *question =
      twin_query_words_dup_twins_question ((const char *const *) twins);

  twin_firmware_dialog_present (window_of (self), self->session, question);
}

/* --- the query itself ----------------------------------------------------- */

static void
put_query (TwinTablePage *self, const char *name, const char *query)
{
  const TwinEdit edit = { .kind = TWIN_EDIT_PUT_QUERY,
                          .id = name,
                          .query = query };

  apply (self, &edit);
}

static const TwinSavedQueryItem *
find_saved (TwinTablePage *self, const char *name)
{
  for (guint i = 0; self->saved != NULL && i < self->saved->len; i++)
    {
      const TwinSavedQueryItem *saved = self->saved->pdata[i];

      if (strcmp (saved->name, name) == 0)
        return saved;
    }

  return NULL;
}

static void
do_replace (const char *text, gpointer data)
{
  Wish            *wish = data;
  g_autofree char *query = twin_query_entry_dup_text (wish->self->entry);

  put_query (wish->self, wish->name, query);
}

static void
do_save (const char *text, gpointer data)
{
  TwinTablePage   *self = TWIN_TABLE_PAGE (data);
  g_autofree char *query = twin_query_entry_dup_text (self->entry);
  g_autofree char *name = g_strstrip (g_strdup (text));

  if (find_saved (self, name) != NULL)
    {
      g_autofree char *title = g_strdup_printf (_ ("Replace “%s”?"), name);
      const TwinAsk    question = { .title = title,
                                    .body = find_saved (self, name)->query,
                                    .yes = _ ("Replace"),
                                    .danger = TRUE };

      twin_ask (window_of (self), &question, do_replace, wish_new (self, name),
                wish_free);
      return;
    }

  put_query (self, name, query);
}

static void
save_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinTablePage   *self = data;
  g_autofree char *query = twin_query_entry_dup_text (self->entry);
  const TwinAsk    question = { .title = _ ("Save query"),
                                .body = query,
                                .yes = _ ("Save"),
                                .label = _ ("Name of the query") };

  if (!twin_query_words_is_query (query))
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s",
                                  _ ("Only a query can be saved: it begins "
                                     "with SELECT"));
      return;
    }

  twin_ask (window_of (self), &question, do_save, g_object_ref (self),
            g_object_unref);
}

static void
on_renamed (const TwinEdited *edited, gpointer data)
{
  Wish          *wish = data;
  const TwinEdit edit = { .kind = TWIN_EDIT_DELETE_QUERY, .id = wish->name };

  if (edited != NULL)
    apply (wish->self, &edit);
  wish_free (wish);
}

static void
do_rename (const char *text, gpointer data)
{
  Wish                     *wish = data;
  const TwinSavedQueryItem *saved = find_saved (wish->self, wish->name);
  g_autofree char          *name = g_strstrip (g_strdup (text));

  if (saved == NULL || strcmp (name, wish->name) == 0)
    return;
  if (find_saved (wish->self, name) != NULL)
    {
      gtk_widget_activate_action (GTK_WIDGET (wish->self), "win.toast", "s",
                                  _ ("A query of this name exists already"));
      return;
    }

  const TwinEdit edit = { .kind = TWIN_EDIT_PUT_QUERY,
                          .id = name,
                          .query = saved->query,
                          .note = saved->note };

  twin_edits_apply (GTK_WIDGET (wish->self), wish->self->session, &edit,
                    on_renamed, NULL, wish_new (wish->self, wish->name));
}

void
twin_table_page_rename (TwinTablePage *self, const char *name)
{
  const TwinAsk question = { .title = _ ("Rename query"),
                             .body = "",
                             .yes = _ ("Rename"),
                             .label = _ ("Name of the query"),
                             .text = name };

  twin_ask (window_of (self), &question, do_rename, wish_new (self, name),
            wish_free);
}

static void
do_delete (const char *text, gpointer data)
{
  Wish          *wish = data;
  const TwinEdit edit = { .kind = TWIN_EDIT_DELETE_QUERY, .id = wish->name };

  apply (wish->self, &edit);
}

void
twin_table_page_delete (TwinTablePage *self, const char *name)
{
  const TwinSavedQueryItem *saved = find_saved (self, name);
  g_autofree char *title = g_strdup_printf (_ ("Delete “%s”?"), name);
  const TwinAsk    question = { .title = title,
                                .body = saved != NULL ? saved->query : "",
                                .yes = _ ("Delete"),
                                .danger = TRUE };

  twin_ask (window_of (self), &question, do_delete, wish_new (self, name),
            wish_free);
}

/* --- export --------------------------------------------------------------- */

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TwinTablePage) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autofree char *text = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    text = g_strdup_printf (_ ("Exported to %s"), name);
  else
    text = g_strdup_printf (_ ("Could not export: %s"), error->message);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static void
on_file (GtkNativeDialog *dialog, int response, gpointer data)
{
  TwinTablePage *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file =
          gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      char *csv = twin_result_table_dup_csv (self->table);
      g_autoptr (GBytes) bytes = g_bytes_new_take (csv, strlen (csv));

      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE,
                                           G_FILE_CREATE_NONE, NULL, on_written,
                                           g_object_ref (self));
    }
  g_object_unref (dialog);
}

static void
export_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TwinTablePage        *self = data;
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Export what is shown"), window_of (self),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"),
                                   _ ("_Cancel"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), "twins.csv");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_file), self, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- the bar -------------------------------------------------------------- */

void
twin_table_page_update_bar (TwinTablePage *self)
{
  g_auto (GStrv) twins = twin_result_table_dup_selected (self->table);
  const guint      n = g_strv_length (twins);
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u twin selected", "%u twins selected", n),
                       n);

  gtk_label_set_text (GTK_LABEL (self->chosen), text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->bar), n > 0);
}

static GtkWidget *
bar_button (const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "twin-compact");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

GtkWidget *
twin_table_page_build_bar (TwinTablePage *self)
{
  static const char *const states[] = { "in service", "retired", "archived" };
  GtkWidget               *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget               *life = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  self->chosen = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->chosen), 0);
  gtk_widget_set_hexpand (self->chosen, TRUE);
  gtk_widget_add_css_class (self->chosen, "heading");
  self->add_to_group = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->add_to_group),
                             _ ("Add to group"));
  gtk_widget_add_css_class (self->add_to_group, "twin-compact-menu");
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *label =
          g_strdup_printf ("%s…", twin_life_words_get_verb (states[i]));
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "table.lifecycle", "s",
                                         states[i]);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_label (GTK_MENU_BUTTON (life), _ ("Life cycle"));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (life), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (life, "twin-compact-menu");

  gtk_box_append (GTK_BOX (box), self->chosen);
  gtk_box_append (GTK_BOX (box), bar_button (_ ("Tag…"), "table.tag"));
  gtk_box_append (GTK_BOX (box), self->add_to_group);
  gtk_box_append (GTK_BOX (box),
                  bar_button (_ ("Set property…"), "table.property"));
  gtk_box_append (GTK_BOX (box),
                  bar_button (_ ("Firmware…"), "table.firmware"));
  gtk_box_append (GTK_BOX (box), life);
  gtk_widget_add_css_class (box, "twin-bar-of-acts");
  self->bar = gtk_revealer_new ();
  gtk_revealer_set_child (GTK_REVEALER (self->bar), box);
  return self->bar;
}

void
twin_table_page_add_actions (TwinTablePage *self)
{
  static const GActionEntry entries[] = {
    { "tag", tag_action, NULL, NULL, NULL, { 0 } },
    { "lifecycle", lifecycle_action, "s", NULL, NULL, { 0 } },
    { "group", group_action, "s", NULL, NULL, { 0 } },
    { "new-group", new_group_action, NULL, NULL, NULL, { 0 } },
    { "property", property_action, NULL, NULL, NULL, { 0 } },
    { "firmware", firmware_action, NULL, NULL, NULL, { 0 } },
    { "save", save_action, NULL, NULL, NULL, { 0 } },
    { "export", export_action, NULL, NULL, NULL, { 0 } },
  };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries,
                                   G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "table",
                                  G_ACTION_GROUP (group));
}
