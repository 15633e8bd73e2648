/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-schema-form.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* One widget and the schema it edits. Composite kinds hold more of them. */
typedef struct _Editor Editor;

struct _Editor
{
  TwinSchemaForm   *form;
  const TwinSchema *schema;
  const char       *name; /* of the field; borrowed from the schema */
  GtkWidget        *widget;
  GtkWidget        *rows;     /* ARRAY, MAP: where its rows go */
  GPtrArray        *children; /* Editor: OBJECT fields, ARRAY elements, MAP
                                 values */
  GPtrArray *keys;            /* MAP: GtkEntry beside each value */
};

struct _TwinSchemaForm
{
  GtkWidget  parent_instance;
  Editor    *root;
  GtkWidget *child;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (TwinSchemaForm, twin_schema_form, GTK_TYPE_WIDGET)

static Editor   *editor_new (TwinSchemaForm   *form,
                             const TwinSchema *schema,
                             const char       *name,
                             JsonNode         *value);
static JsonNode *editor_get (Editor *self, GError **error);

static void
editor_free (void *data)
{
  Editor *self = data;

  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_free (self);
}

static void
emit_changed (TwinSchemaForm *form)
{
  g_signal_emit (form, changed_signal, 0);
}

static void
on_edited (GObject *object, GParamSpec *pspec, gpointer data)
{
  emit_changed (data);
}

static void
set_accessible_label (GtkWidget *widget, const char *label)
{
  if (label != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* --- texts and numbers ------------------------------------------------------
 */

static const char *
hint_of (TwinSchemaKind kind)
{
  switch (kind)
    {
    case TWIN_SCHEMA_DATE:
      return "2026-12-03";
    case TWIN_SCHEMA_DATE_TIME:
      return "2026-12-03T06:00:00Z";
    case TWIN_SCHEMA_TIME:
      return "06:00:00Z";
    case TWIN_SCHEMA_DURATION:
      return "PT4H";
    case TWIN_SCHEMA_GEO:
      return "{\"type\": \"Point\", \"coordinates\": [0, 0]}";
    default:
      return NULL;
    }
}

static gboolean
is_whole (TwinSchemaKind kind)
{
  return kind == TWIN_SCHEMA_INTEGER || kind == TWIN_SCHEMA_LONG ||
         kind == TWIN_SCHEMA_BYTE || kind == TWIN_SCHEMA_SHORT ||
         (kind >= TWIN_SCHEMA_UNSIGNED_BYTE &&
          kind <= TWIN_SCHEMA_UNSIGNED_LONG);
}

static void
build_entry (Editor *self, JsonNode *value)
{
  self->widget = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->widget),
                                  hint_of (self->schema->kind));
  gtk_editable_set_width_chars (GTK_EDITABLE (self->widget), 18);
  if (twin_schema_is_numeric (self->schema))
    {
      gtk_entry_set_input_purpose (GTK_ENTRY (self->widget),
                                   GTK_INPUT_PURPOSE_NUMBER);
      gtk_editable_set_alignment (GTK_EDITABLE (self->widget), 1);
    }

  if (value != NULL && JSON_NODE_HOLDS_VALUE (value))
    {
      g_autofree char *text = NULL;

      if (json_node_get_value_type (value) == G_TYPE_STRING)
        text = g_strdup (json_node_get_string (value));
      else if (twin_schema_is_numeric (self->schema))
        text = g_strdup_printf ("%.15g", json_node_get_double (value));
      gtk_editable_set_text (GTK_EDITABLE (self->widget),
                             text != NULL ? text : "");
    }

  g_signal_connect (self->widget, "notify::text", G_CALLBACK (on_edited),
                    self->form);
}

static JsonNode *
get_number (Editor *self, const char *text, GError **error)
{
  char  *end = NULL;
  double value = g_strtod (text, &end);

  if (end == text || *g_strchug (end) != '\0' || !isfinite (value))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("“%s” is no number for %s."), text, self->name);
      return NULL;
    }
  if (is_whole (self->schema->kind))
    {
      if (value != floor (value))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("%s must be a whole number, not %s."), self->name,
                       text);
          return NULL;
        }
      return json_node_init_int (json_node_alloc (), (gint64) value);
    }

  return json_node_init_double (json_node_alloc (), value);
}

static JsonNode *
get_entry (Editor *self, GError **error)
{
  g_autofree char *text = g_strstrip (
      g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->widget))));

  if (twin_schema_is_numeric (self->schema))
    return get_number (self, text, error);
  if (self->schema->kind == TWIN_SCHEMA_GEO)
    return json_from_string (text, error);

  return json_node_init_string (json_node_alloc (), text);
}

/* --- choices ----------------------------------------------------------------
 */

static void
build_enum (Editor *self, JsonNode *value)
{
  const TwinSchema *schema = self->schema;
  GtkStringList    *names = gtk_string_list_new (NULL);
  guint             selected = 0;

  for (size_t i = 0; i < schema->n_values; i++)
    {
      const TwinEnumValue *choice = &schema->values[i];

      gtk_string_list_append (names, choice->display_name != NULL
                                         ? choice->display_name
                                         : choice->name);
      if (value != NULL && choice->text != NULL &&
          json_node_get_value_type (value) == G_TYPE_STRING &&
          strcmp (json_node_get_string (value), choice->text) == 0)
        selected = i;
    }

  self->widget = gtk_drop_down_new (G_LIST_MODEL (names), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->widget), selected);
  g_signal_connect (self->widget, "notify::selected", G_CALLBACK (on_edited),
                    self->form);
}

static JsonNode *
get_enum (Editor *self)
{
  const guint selected =
      gtk_drop_down_get_selected (GTK_DROP_DOWN (self->widget));
  const TwinEnumValue *choice;

  if (selected >= self->schema->n_values)
    return json_node_init_null (json_node_alloc ());

  choice = &self->schema->values[selected];
  return choice->text != NULL
             ? json_node_init_string (json_node_alloc (), choice->text)
             : json_node_init_int (json_node_alloc (), choice->number);
}

static void
build_switch (Editor *self, JsonNode *value)
{
  self->widget = gtk_switch_new ();
  gtk_widget_set_valign (self->widget, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (self->widget, GTK_ALIGN_END);
  gtk_switch_set_active (GTK_SWITCH (self->widget),
                         value != NULL && json_node_get_boolean (value));
  g_signal_connect (self->widget, "notify::active", G_CALLBACK (on_edited),
                    self->form);
}

/* --- objects ----------------------------------------------------------------
 */

static const char *
field_label (const TwinField *field)
{
  return field->display_name != NULL ? field->display_name : field->name;
}

static gboolean
is_wide (const TwinSchema *schema)
{
  return schema->kind == TWIN_SCHEMA_OBJECT ||
         schema->kind == TWIN_SCHEMA_ARRAY || schema->kind == TWIN_SCHEMA_MAP;
}

static void
append_field (Editor          *self,
              GtkWidget       *list,
              const TwinField *field,
              Editor          *child)
{
  GtkWidget *row =
      gtk_box_new (is_wide (field->schema) ? GTK_ORIENTATION_VERTICAL
                                           : GTK_ORIENTATION_HORIZONTAL,
                   6);
  GtkWidget       *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *title =
      field->unit != NULL
          ? g_strdup_printf ("%s, %s", field_label (field), field->unit)
          : g_strdup (field_label (field));
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (texts), label);
  if (field->description != NULL)
    {
      GtkWidget *note = gtk_label_new (field->description);

      gtk_label_set_xalign (GTK_LABEL (note), 0);
      gtk_label_set_wrap (GTK_LABEL (note), TRUE);
      gtk_label_set_max_width_chars (GTK_LABEL (note), 36);
      gtk_widget_add_css_class (note, "dim-label");
      gtk_widget_add_css_class (note, "twin-small");
      gtk_box_append (GTK_BOX (texts), note);
    }

  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (child->widget, GTK_ALIGN_CENTER);
  set_accessible_label (child->widget, title);
  gtk_box_append (GTK_BOX (row), texts);
  gtk_box_append (GTK_BOX (row), child->widget);
  gtk_widget_add_css_class (row, "twin-form-row");
  gtk_box_append (GTK_BOX (list), row);
}

static void
build_object (Editor *self, JsonNode *value)
{
  JsonObject *object = value != NULL && JSON_NODE_HOLDS_OBJECT (value)
                           ? json_node_get_object (value)
                           : NULL;

  self->widget = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  for (size_t i = 0; i < self->schema->n_fields; i++)
    {
      const TwinField *field = &self->schema->fields[i];
      JsonNode        *member =
          object != NULL ? json_object_get_member (object, field->name) : NULL;
      Editor *child =
          editor_new (self->form, field->schema, field->name, member);

      g_ptr_array_add (self->children, child);
      append_field (self, self->widget, field, child);
    }
}

/* What nobody filled in is not said. */
static gboolean
is_left_out (const Editor *child, JsonNode *value)
{
  if (child->schema->kind == TWIN_SCHEMA_ARRAY)
    return json_array_get_length (json_node_get_array (value)) == 0;
  if (child->schema->kind == TWIN_SCHEMA_MAP)
    return json_object_get_size (json_node_get_object (value)) == 0;

  return JSON_NODE_HOLDS_VALUE (value) &&
         json_node_get_value_type (value) == G_TYPE_STRING &&
         *json_node_get_string (value) == '\0';
}

static JsonNode *
get_object (Editor *self, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  for (guint i = 0; i < self->children->len; i++)
    {
      Editor   *child = self->children->pdata[i];
      JsonNode *value = editor_get (child, error);

      if (value == NULL)
        return NULL;
      if (is_left_out (child, value))
        json_node_unref (value);
      else
        json_object_set_member (object, child->name, value);
    }

  return json_node_init_object (json_node_alloc (), object);
}

/* --- arrays and maps --------------------------------------------------------
 */

static void
on_remove_row (GtkButton *button, gpointer data)
{
  Editor    *self = data;
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (button));
  guint      index = 0;

  for (GtkWidget *other = gtk_widget_get_first_child (self->rows);
       other != NULL && other != row;
       other = gtk_widget_get_next_sibling (other))
    index++;

  g_ptr_array_remove_index (self->children, index);
  if (self->keys != NULL)
    g_ptr_array_remove_index (self->keys, index);
  gtk_box_remove (GTK_BOX (self->rows), row);
  emit_changed (self->form);
}

static void
append_row (Editor *self, const char *key, JsonNode *value)
{
  const TwinSchema *schema = self->schema->kind == TWIN_SCHEMA_MAP
                                 ? self->schema->value->schema
                                 : self->schema->element;
  GtkWidget        *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *remove = gtk_button_new_from_icon_name ("list-remove-symbolic");
  Editor    *child = editor_new (self->form, schema, self->name, value);

  if (self->keys != NULL)
    {
      GtkWidget *entry = gtk_entry_new ();

      gtk_editable_set_text (GTK_EDITABLE (entry), key);
      set_accessible_label (entry, _ ("Key"));
      g_signal_connect (entry, "notify::text", G_CALLBACK (on_edited),
                        self->form);
      gtk_box_append (GTK_BOX (row), entry);
      g_ptr_array_add (self->keys, entry);
    }

  set_accessible_label (child->widget, self->name);
  gtk_widget_set_hexpand (child->widget, TRUE);
  set_accessible_label (remove, _ ("Remove this row"));
  gtk_widget_add_css_class (remove, "flat");
  g_signal_connect (remove, "clicked", G_CALLBACK (on_remove_row), self);
  g_ptr_array_add (self->children, child);
  gtk_box_append (GTK_BOX (row), child->widget);
  gtk_box_append (GTK_BOX (row), remove);
  gtk_box_append (GTK_BOX (self->rows), row);
}

static void
on_add_row (GtkButton *button, gpointer data)
{
  Editor *self = data;

  append_row (self, "", NULL);
  emit_changed (self->form);
}

static void
append_given_rows (Editor *self, JsonNode *value)
{
  if (value == NULL)
    return;

  if (self->schema->kind == TWIN_SCHEMA_ARRAY && JSON_NODE_HOLDS_ARRAY (value))
    {
      JsonArray *array = json_node_get_array (value);

      for (guint i = 0; i < json_array_get_length (array); i++)
        append_row (self, NULL, json_array_get_element (array, i));
    }
  else if (self->schema->kind == TWIN_SCHEMA_MAP &&
           JSON_NODE_HOLDS_OBJECT (value))
    {
      JsonObjectIter iter;
      const char    *key;
      JsonNode      *member;

      json_object_iter_init_ordered (&iter, json_node_get_object (value));
      while (json_object_iter_next_ordered (&iter, &key, &member))
        append_row (self, key, member);
    }
}

static void
build_rows (Editor *self, JsonNode *value)
{
  GtkWidget *add = gtk_button_new_from_icon_name ("list-add-symbolic");

  if (self->schema->kind == TWIN_SCHEMA_MAP)
    self->keys = g_ptr_array_new ();
  self->widget = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  set_accessible_label (add, _ ("Add a row"));
  gtk_widget_set_halign (add, GTK_ALIGN_START);
  g_signal_connect (add, "clicked", G_CALLBACK (on_add_row), self);
  gtk_box_append (GTK_BOX (self->widget), self->rows);
  gtk_box_append (GTK_BOX (self->widget), add);
  append_given_rows (self, value);
}

static JsonNode *
get_array (Editor *self, GError **error)
{
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; i < self->children->len; i++)
    {
      JsonNode *value = editor_get (self->children->pdata[i], error);

      if (value == NULL)
        return NULL;
      json_array_add_element (array, value);
    }

  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
get_map (Editor *self, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  for (guint i = 0; i < self->children->len; i++)
    {
      const char *key = gtk_editable_get_text (self->keys->pdata[i]);
      JsonNode   *value;

      if (*key == '\0' || json_object_has_member (object, key))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       *key == '\0' ? _ ("A key of %s is empty.")
                                    : _ ("%s has the same key twice."),
                       self->name);
          return NULL;
        }
      value = editor_get (self->children->pdata[i], error);
      if (value == NULL)
        return NULL;
      json_object_set_member (object, key, value);
    }

  return json_node_init_object (json_node_alloc (), object);
}

/* --- any --------------------------------------------------------------------
 */

static Editor *
editor_new (TwinSchemaForm   *form,
            const TwinSchema *schema,
            const char       *name,
            JsonNode         *value)
{
  Editor *self = g_new0 (Editor, 1);

  self->form = form;
  self->schema = schema;
  self->name = name;
  self->children = g_ptr_array_new_with_free_func (editor_free);

  switch (schema->kind)
    {
    case TWIN_SCHEMA_BOOLEAN:
      build_switch (self, value);
      break;
    case TWIN_SCHEMA_ENUM:
      build_enum (self, value);
      break;
    case TWIN_SCHEMA_OBJECT:
      build_object (self, value);
      break;
    case TWIN_SCHEMA_ARRAY:
    case TWIN_SCHEMA_MAP:
      build_rows (self, value);
      break;
    default:
      build_entry (self, value);
    }

  return self;
}

static JsonNode *
editor_get (Editor *self, GError **error)
{
  switch (self->schema->kind)
    {
    case TWIN_SCHEMA_BOOLEAN:
      return json_node_init_boolean (json_node_alloc (),
                                     gtk_switch_get_active (
                                         GTK_SWITCH (self->widget)));
    case TWIN_SCHEMA_ENUM:
      return get_enum (self);
    case TWIN_SCHEMA_OBJECT:
      return get_object (self, error);
    case TWIN_SCHEMA_ARRAY:
      return get_array (self, error);
    case TWIN_SCHEMA_MAP:
      return get_map (self, error);
    default:
      return get_entry (self, error);
    }
}

JsonNode *
twin_schema_form_get_value (TwinSchemaForm *self, GError **error)
{
  g_autoptr (JsonNode) value = editor_get (self->root, error);

  if (value == NULL || !twin_schema_validate (self->root->schema, value,
                                              self->root->name, error))
    return NULL;

  return g_steal_pointer (&value);
}

gboolean
twin_schema_form_set_field (TwinSchemaForm *self,
                            const char     *name,
                            const char     *text)
{
  for (guint i = 0; i < self->root->children->len; i++)
    {
      Editor *child = self->root->children->pdata[i];

      if (strcmp (child->name, name) != 0)
        continue;
      if (!GTK_IS_ENTRY (child->widget))
        return FALSE;
      gtk_editable_set_text (GTK_EDITABLE (child->widget), text);
      return TRUE;
    }

  return FALSE;
}

static void
twin_schema_form_dispose (GObject *object)
{
  TwinSchemaForm *self = TWIN_SCHEMA_FORM (object);

  g_clear_pointer (&self->child, gtk_widget_unparent);
  g_clear_pointer (&self->root, editor_free);
  G_OBJECT_CLASS (twin_schema_form_parent_class)->dispose (object);
}

static void
twin_schema_form_class_init (TwinSchemaFormClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_schema_form_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  changed_signal =
      g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
twin_schema_form_init (TwinSchemaForm *self)
{
}

GtkWidget *
twin_schema_form_new (const TwinSchema *schema, JsonNode *value)
{
  TwinSchemaForm *self = g_object_new (TWIN_TYPE_SCHEMA_FORM, NULL);
  g_autoptr (JsonNode) given =
      value != NULL ? json_node_ref (value) : twin_schema_default (schema);

  self->root = editor_new (self, schema, _ ("the argument"), given);
  self->child = self->root->widget;
  set_accessible_label (self->child, _ ("Argument"));
  gtk_widget_set_parent (self->child, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
