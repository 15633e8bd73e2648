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
    gtk_box_remove (GTK_BOX (box), child);
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
  gtk_widget_set_tooltip_text (button, spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return button;
}

/* --- properties ----------------------------------------------------------- */

static void
on_edit (GtkButton *button, gpointer data)
{
  TwinTwinView     *self = data;
  const char *const twins[] = { self->id, NULL };

  twin_property_dialog_present (window_of (self), self->session, twins,
                                g_object_get_data (G_OBJECT (button), "name"));
}

static GtkWidget *
property_row (const char *label, JsonNode *value, const char *unit)
{
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget       *name = label_new (label, "dim-label");
  g_autofree char *words = value != NULL ? twin_json_dup_words (value) : NULL;
  g_autofree char *text = words != NULL && unit != NULL
                              ? g_strdup_printf ("%s %s", words, unit)
                              : g_strdup (words);
  GtkWidget       *said = label_new (text != NULL ? text : _ ("not set"),
                               text != NULL ? NULL : "dim-label");
  g_autofree char *spoken =
      g_strdup_printf ("%s: %s", label, text != NULL ? text : _ ("not set"));

  gtk_widget_set_size_request (name, 170, -1);
  gtk_widget_set_hexpand (said, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (said),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), said);
  gtk_widget_add_css_class (row, "twin-value-row");
  return row;
}

static void
append_declared (TwinTwinView      *self,
                 const TwinContent *content,
                 JsonNode          *value)
{
  g_autofree char *unit =
      content->unit != NULL ? twin_json_dup_unit (content->unit) : NULL;
  GtkWidget *row = property_row (twin_content_get_label (content), value, unit);
  g_autofree char *spoken =
      g_strdup_printf (_ ("Edit %s"), twin_content_get_label (content));
  GtkWidget *edit = small_button ("document-edit-symbolic", spoken);

  g_object_set_data (G_OBJECT (edit), "name", (gpointer) content->name);
  g_signal_connect (edit, "clicked", G_CALLBACK (on_edit), self);
  gtk_widget_set_sensitive (edit, twin_twin_view_is_now (self));
  gtk_box_append (GTK_BOX (row), edit);
  gtk_box_append (GTK_BOX (self->properties), row);
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

  gtk_widget_set_margin_top (title, 9);
  gtk_box_append (GTK_BOX (self->properties), title);
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
        gtk_box_append (GTK_BOX (self->properties),
                        property_row (label, value, NULL));
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
      gtk_box_append (GTK_BOX (self->properties),
                      property_row (label, value, NULL));
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
}

/* --- relationships -------------------------------------------------------- */

static void
on_open (GtkButton *button, gpointer data)
{
  gtk_widget_activate_action (data, "win.show-twin", "s",
                              (const char *) g_object_get_data (G_OBJECT (
                                                                    button),
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
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *label = twin_json_dup_label (one->name);
  g_autofree char *said = g_strdup_printf (outgoing ? "%s →" : "← %s", label);
  g_autofree char *spoken = g_strdup_printf (_ ("Open %s"), name);
  GtkWidget       *what = label_new (said, "dim-label");
  GtkWidget       *whom = label_new (name, NULL);
  GtkWidget       *open = small_button ("go-next-symbolic", spoken);

  gtk_widget_set_size_request (what, 170, -1);
  gtk_widget_set_hexpand (whom, TRUE);
  if (one->json != NULL && strcmp (one->json, "{}") != 0)
    gtk_widget_set_tooltip_text (whom, one->json);
  g_object_set_data_full (G_OBJECT (open), "twin", g_strdup (other), g_free);
  g_signal_connect (open, "clicked", G_CALLBACK (on_open), self);
  gtk_box_append (GTK_BOX (row), what);
  gtk_box_append (GTK_BOX (row), whom);
  gtk_box_append (GTK_BOX (row), open);
  gtk_widget_add_css_class (row, "twin-value-row");
  gtk_box_append (GTK_BOX (self->relationships), row);
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

  clear (self->relationships);
  for (int k = 0; k < 2; k++)
    for (guint i = 0; i < lists[k]->len && shown < MAX_SHOWN; i++, shown++)
      append_relationship (self, lists[k]->pdata[i], k == 0);

  if (shown == 0)
    gtk_box_append (GTK_BOX (self->relationships),
                    label_new (_ ("It stands alone."), "dim-label"));
  if (lists[0]->len + lists[1]->len > shown)
    {
      g_autofree char *more =
          g_strdup_printf (_ ("and %u more: ask for them on the table page"),
                           lists[0]->len + lists[1]->len - shown);

      gtk_box_append (GTK_BOX (self->relationships),
                      label_new (more, "dim-label"));
    }
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
