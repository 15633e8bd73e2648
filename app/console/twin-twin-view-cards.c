/* SPDX-License-Identifier: Apache-2.0 */
/* The cards of the twin view. */
#include "config.h"

#include "twin-twin-view-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-ask.h"
#include "twin-dialogs.h"
#include "twin-edits.h"
#include "twin-json-words.h"
#include "twin-life-words.h"
#include "twin-tag-pills.h"

static void
clear (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    if (GTK_IS_LIST_BOX (box))
      gtk_list_box_remove (GTK_LIST_BOX (box), child);
    else
      gtk_box_remove (GTK_BOX (box), child);
}

/* Which row of @list the keyboard is on, -1: none. A list that is filled anew
 * keeps it there. */
static int
focused_row (GtkWidget *list)
{
  GtkRoot   *root = gtk_widget_get_root (list);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row = focus != NULL
                       ? gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_BOX_ROW)
                       : NULL;

  return row != NULL && gtk_widget_get_parent (row) == list
             ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row))
             : -1;
}

static void
focus_row (GtkWidget *list, int index)
{
  GtkListBoxRow *row =
      index >= 0 ? gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), index)
                 : NULL;

  if (row != NULL)
    gtk_root_set_focus (gtk_widget_get_root (list), GTK_WIDGET (row));
}

/* One Tab reaches the list, arrows its rows, Enter what a row does. @spoken is
 * its label. */
static GtkWidget *
append_row (GtkWidget  *list,
            GtkWidget  *child,
            const char *spoken,
            gboolean    activatable)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), child);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), activatable);
  gtk_widget_add_css_class (row, "twin-value-row");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  return row;
}

static GtkWindow *
window_of (TwinTwinView *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static GtkWidget *
label_new (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_add_css_class (label, "numeric");
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
small_button (const char *icon, const char *spoken)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "twin-row-button");
  /* For the pointer: the keyboard has the row. */
  gtk_widget_set_focusable (button, FALSE);
  gtk_widget_set_tooltip_text (button, spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return button;
}

/* --- properties ----------------------------------------------------------- */

static void
edit_property (TwinTwinView *self, const char *name)
{
  const char *const twins[] = { self->id, NULL };

  if (name != NULL && twin_twin_view_is_now (self))
    twin_property_dialog_present (window_of (self), self->session, twins, name);
}

static void
on_edit (GtkButton *button, gpointer data)
{
  edit_property (data, g_object_get_data (G_OBJECT (button), "name"));
}

void
twin_twin_view_on_property (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  edit_property (data, g_object_get_data (G_OBJECT (row), "name"));
}

/* @name: of a property that can be edited here, or NULL. */
static void
append_property (TwinTwinView *self,
                 const char   *label,
                 JsonNode     *value,
                 const char   *unit,
                 const char   *name)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget       *title = label_new (label, "dim-label");
  g_autofree char *words = value != NULL ? twin_json_dup_words (value) : NULL;
  g_autofree char *text = words != NULL && unit != NULL
                              ? g_strdup_printf ("%s %s", words, unit)
                              : g_strdup (words);
  const char      *said = text != NULL ? text : _ ("not set");
  g_autofree char *spoken = g_strdup_printf ("%s: %s", label, said);
  GtkWidget       *shown = label_new (said, text != NULL ? NULL : "dim-label");
  GtkWidget       *row;

  gtk_widget_set_size_request (title, 170, -1);
  gtk_widget_set_hexpand (shown, TRUE);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), shown);
  if (name != NULL)
    {
      g_autofree char *act = g_strdup_printf (_ ("Edit %s"), label);
      GtkWidget       *edit = small_button ("document-edit-symbolic", act);

      g_object_set_data (G_OBJECT (edit), "name", (gpointer) name);
      g_signal_connect (edit, "clicked", G_CALLBACK (on_edit), self);
      gtk_widget_set_sensitive (edit, twin_twin_view_is_now (self));
      gtk_box_append (GTK_BOX (box), edit);
    }
  row = append_row (self->properties, box, spoken, name != NULL);
  g_object_set_data (G_OBJECT (row), "name", (gpointer) name);
}

static void
append_declared (TwinTwinView      *self,
                 const TwinContent *content,
                 JsonNode          *value)
{
  g_autofree char *unit =
      content->unit != NULL ? twin_json_dup_unit (content->unit) : NULL;

  append_property (self, twin_content_get_label (content), value, unit,
                   content->name);
}

static void
append_component (TwinTwinView      *self,
                  const TwinContent *content,
                  JsonObject        *object)
{
  GtkWidget *title = label_new (twin_content_get_label (content), "heading");
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  append_row (self->properties, title, twin_content_get_label (content), FALSE);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      const TwinContent *inner =
          content->component != NULL
              ? twin_interface_find (content->component, name)
              : NULL;
      g_autofree char *label = inner != NULL
                                   ? g_strdup (twin_content_get_label (inner))
                                   : twin_json_dup_label (name);

      if (*name != '$')
        append_property (self, label, value, NULL, NULL);
    }
}

/* What the twin has beside its model, or of a model that is not there. */
static void
append_undeclared (TwinTwinView        *self,
                   const TwinInterface *interface,
                   JsonObject          *object)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *label = twin_json_dup_label (name);

      if (*name == '$' ||
          (interface != NULL && twin_interface_find (interface, name) != NULL))
        continue;
      append_property (self, label, value, NULL, NULL);
    }
}

void
twin_twin_view_show_properties (TwinTwinView *self)
{
  const TwinInterface *interface =
      self->models != NULL
          ? twin_model_set_lookup (self->models, self->item->model)
          : NULL;
  JsonObject *object =
      self->document != NULL && JSON_NODE_HOLDS_OBJECT (self->document)
          ? json_node_get_object (self->document)
          : NULL;
  const int focused = focused_row (self->properties);

  clear (self->properties);
  if (object == NULL)
    return;

  for (guint i = 0; interface != NULL && i < interface->effective->len; i++)
    {
      const TwinContent *content = interface->effective->pdata[i];
      JsonNode          *value = json_object_get_member (object, content->name);

      if (content->kind == TWIN_CONTENT_PROPERTY)
        append_declared (self, content, value);
    }
  append_undeclared (self, interface, object);
  for (guint i = 0; interface != NULL && i < interface->effective->len; i++)
    {
      const TwinContent *content = interface->effective->pdata[i];
      JsonNode          *value = json_object_get_member (object, content->name);

      if (content->kind == TWIN_CONTENT_COMPONENT && value != NULL &&
          JSON_NODE_HOLDS_OBJECT (value))
        append_component (self, content, json_node_get_object (value));
    }
  focus_row (self->properties, focused);
}

/* --- relationships -------------------------------------------------------- */

void
twin_twin_view_on_relationship (GtkListBox    *list,
                                GtkListBoxRow *row,
                                gpointer       data)
{
  gtk_widget_activate_action (data, "win.show-twin", "s",
                              (const char *) g_object_get_data (G_OBJECT (row),
                                                                "twin"));
}

static void
append_relationship (TwinTwinView               *self,
                     const TwinRelationshipItem *one,
                     gboolean                    outgoing)
{
  TwinLivePlant   *plant = twin_live_session_get_plant (self->session);
  const char      *other = outgoing ? one->target : one->source;
  TwinLiveItem    *item = twin_live_plant_find (plant, other);
  const char      *name = item != NULL ? twin_live_item_get_name (item) : other;
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *label = twin_json_dup_label (one->name);
  g_autofree char *said = g_strdup_printf (outgoing ? "%s →" : "← %s", label);
  g_autofree char *spoken = g_strdup_printf ("%s %s", said, name);
  GtkWidget       *what = label_new (said, "dim-label");
  GtkWidget       *whom = label_new (name, NULL);
  GtkWidget       *icon = gtk_image_new_from_icon_name ("go-next-symbolic");
  GtkWidget       *row;

  gtk_widget_set_size_request (what, 170, -1);
  gtk_widget_set_hexpand (whom, TRUE);
  gtk_widget_add_css_class (icon, "dim-label");
  if (one->json != NULL && strcmp (one->json, "{}") != 0)
    gtk_widget_set_tooltip_text (whom, one->json);
  gtk_box_append (GTK_BOX (box), what);
  gtk_box_append (GTK_BOX (box), whom);
  gtk_box_append (GTK_BOX (box), icon);
  row = append_row (self->relationships, box, spoken, TRUE);
  g_object_set_data_full (G_OBJECT (row), "twin", g_strdup (other), g_free);
}

void
twin_twin_view_show_relationships (TwinTwinView *self)
{
  enum
  {
    MAX_SHOWN = 100
  };
  GPtrArray *const lists[] = { self->item->outgoing, self->item->incoming };
  guint            shown = 0;
  const int        focused = focused_row (self->relationships);

  clear (self->relationships);
  for (int k = 0; k < 2; k++)
    for (guint i = 0; i < lists[k]->len && shown < MAX_SHOWN; i++, shown++)
      append_relationship (self, lists[k]->pdata[i], k == 0);

  if (shown == 0)
    append_row (self->relationships,
                label_new (_ ("It stands alone."), "dim-label"),
                _ ("It stands alone."), FALSE);
  if (lists[0]->len + lists[1]->len > shown)
    {
      g_autofree char *more =
          g_strdup_printf (_ ("and %u more: ask for them on the table page"),
                           lists[0]->len + lists[1]->len - shown);

      append_row (self->relationships, label_new (more, "dim-label"), more,
                  FALSE);
    }
  focus_row (self->relationships, focused);
}

/* --- life cycle ----------------------------------------------------------- */

typedef struct
{
  TwinTwinView *self;
  char         *state;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->self);
  g_free (wish->state);
  g_free (wish);
}

static void
do_step (const char *text, gpointer data)
{
  Wish    *wish = data;
  TwinEdit edit = { .kind = TWIN_EDIT_SET_LIFECYCLE, .name = wish->state };

  twin_twin_view_edit (wish->self, &edit);
}

static void
on_step (GtkButton *button, gpointer data)
{
  TwinTwinView    *self = data;
  const char      *state = g_object_get_data (G_OBJECT (button), "state");
  Wish            *wish = g_new0 (Wish, 1);
  g_autofree char *title =
      g_strdup_printf (_ ("%s: %s?"), twin_life_words_get_verb (state),
                       self->item->display_name != NULL
                           ? self->item->display_name
                           : self->id);
  const TwinAsk question = {
    .title = title,
    .body = twin_life_words_get_consequence (state),
    .yes = twin_life_words_get_verb (state),
    .danger = strcmp (state, "in service") != 0,
  };

  wish->self = g_object_ref (self);
  wish->state = g_strdup (state);
  twin_ask (window_of (self), &question, do_step, wish, wish_free);
}

void
twin_twin_view_show_life (TwinTwinView *self)
{
  const char *const *next = twin_life_words_list_next (self->item->lifecycle);

  gtk_label_set_text (GTK_LABEL (self->life),
                      twin_life_words_get_label (self->item->lifecycle));
  gtk_label_set_text (GTK_LABEL (self->life_note),
                      twin_life_words_get_consequence (self->item->lifecycle));
  clear (self->life_buttons);
  for (; *next != NULL; next++)
    {
      g_autofree char *label =
          g_strdup_printf ("%s…", twin_life_words_get_verb (*next));
      GtkWidget *button = gtk_button_new_with_label (label);

      gtk_widget_add_css_class (button, "twin-small-button");
      g_object_set_data (G_OBJECT (button), "state", (gpointer) *next);
      g_signal_connect (button, "clicked", G_CALLBACK (on_step), self);
      gtk_widget_set_sensitive (button, twin_twin_view_is_now (self));
      gtk_box_append (GTK_BOX (self->life_buttons), button);
    }
}

/* --- tags ----------------------------------------------------------------- */

void
twin_twin_view_show_tags (TwinTwinView *self)
{
  twin_tag_pills_fill (GTK_BOX (self->tags),
                       (const char *const *) self->item->tags);
  if (self->item->tags == NULL || self->item->tags[0] == NULL)
    gtk_box_append (GTK_BOX (self->tags), label_new (_ ("none"), "dim-label"));
  gtk_widget_set_sensitive (self->tag_entry, twin_twin_view_is_now (self));
}
