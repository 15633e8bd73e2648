/* SPDX-License-Identifier: Apache-2.0 */
/* Interfaces and schemas out of elements that were found valid. */
#include <string.h>

#include "twin-model-builder.h"
#include "twin-model-content.h"
#include "twin-quantity.h"

static const char *const no_types[] = { NULL };

/* --- literals ----------------------------------------------------------------
 */

static const char *
text_of (TwinModelBuilder *self, const TwinElement *e, const char *term)
{
  JsonNode *node = twin_element_get (e, term);

  return node != NULL
             ? twin_model_builder_intern (self, twin_model_string (
                                                    twin_model_undress (node)))
             : NULL;
}

static const char *
language_of (TwinModelBuilder *self, const TwinElement *e, const char *term)
{
  return twin_model_builder_intern (self, twin_model_best_language (
                                              twin_element_get (e, term)));
}

static gboolean
boolean_of (const TwinElement *e, const char *term)
{
  JsonNode *node = twin_model_undress (twin_element_get (e, term));

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

/* The id given, or one of the parent's with ":_property:__name" before its
 * version, as the public parser makes them. */
static const char *
id_of (TwinModelBuilder *self, TwinElement *e)
{
  g_autofree char *made = NULL;
  const char      *parent;
  size_t           length;
  gboolean         segment;

  if (e->id != NULL || e->parent == NULL)
    return e->id;

  parent = id_of (self, e->parent);
  length = strcspn (parent, ";");
  segment =
      (e->via->property->flags & TWIN_PROPERTY_SEGMENT) && e->name != NULL;
  made = g_strdup_printf ("%.*s:_%s%s%s%s", (int) length, parent,
                          e->via->property->name, segment ? ":__" : "",
                          segment ? e->name : "", parent + length);
  e->id = twin_model_builder_intern (self, made);
  return e->id;
}

/* A property that a cotype brings, by whichever of its names it is given. */
static const TwinLink *
unit_of (const TwinElement *e)
{
  return e->n_cotypes > 0 ? twin_element_link (e, "unit") : NULL;
}

static const char *
unit_term (TwinModelBuilder *self, const TwinElement *e)
{
  const TwinLink *link = unit_of (e);
  JsonNode       *node;

  if (link != NULL)
    return link->unit.term;

  /* Kept beside a type that nobody knows: what is written counts. */
  node = e->undefined ? json_object_get_member (e->object, "unit") : NULL;
  return twin_model_builder_intern (self, twin_model_string (node));
}

/* --- schemas -----------------------------------------------------------------
 */

static void
build_field (TwinModelBuilder *self, TwinElement *e, TwinField *field)
{
  field->semantic_types = no_types;
  if (e == NULL)
    return;

  field->name = e->name;
  field->id = id_of (self, e);
  field->display_name = language_of (self, e, "displayName");
  field->description = language_of (self, e, "description");
  field->comment = text_of (self, e, "comment");
  field->semantic_types = e->types;
  field->unit = unit_term (self, e);
  field->nullable = boolean_of (e, "nullable");
  field->schema =
      twin_model_build_schema (self, twin_element_link (e, "schema"));
}

static const TwinField *
build_payload (TwinModelBuilder *self, const TwinLink *link)
{
  TwinField *field;

  if (link == NULL)
    return NULL;
  if (link->element != NULL && link->element->built != NULL)
    return link->element->built;

  field = twin_model_builder_alloc (self, sizeof *field);
  build_field (self, link->element, field);
  if (link->element != NULL)
    link->element->built = field;
  return field;
}

static size_t
count_links (const TwinElement *e, TwinClass range)
{
  size_t n = 0;

  TWIN_LINKS (e, link)
  {
    n += link->property->range == (TwinClasses) 1 << range &&
         link->element != NULL;
  }

  return n;
}

static void
build_enum (TwinModelBuilder *self, TwinElement *e, TwinSchema *schema)
{
  const TwinLink *kind = twin_element_link (e, "valueSchema");
  size_t          n = count_links (e, TWIN_CLASS_ENUM_VALUE);

  schema->value_kind = kind != NULL && kind->standard != NULL
                           ? kind->standard->schema.kind
                           : TWIN_SCHEMA_STRING;
  schema->values = twin_model_builder_alloc (self, n * sizeof (TwinEnumValue));
  TWIN_LINKS (e, link)
  {
    TwinEnumValue *value = &schema->values[schema->n_values];
    TwinElement   *one = link->element;
    JsonNode      *node;

    if (link->property->range != TWIN_CLASS (ENUM_VALUE) || one == NULL)
      continue;

    schema->n_values++;
    value->name = one->name;
    value->display_name = language_of (self, one, "displayName");
    value->description = language_of (self, one, "description");
    node = twin_model_undress (twin_element_get (one, "enumValue"));
    if (node == NULL)
      continue;
    if (json_node_get_value_type (node) == G_TYPE_STRING)
      value->text =
          twin_model_builder_intern (self, json_node_get_string (node));
    else
      value->number = json_node_get_int (node);
  }
}

static void
build_object (TwinModelBuilder *self, TwinElement *e, TwinSchema *schema)
{
  size_t n = count_links (e, TWIN_CLASS_FIELD);

  schema->fields = twin_model_builder_alloc (self, n * sizeof (TwinField));
  TWIN_LINKS (e, link)
  {
    if (link->property->range == TWIN_CLASS (FIELD) && link->element != NULL)
      build_field (self, link->element, &schema->fields[schema->n_fields++]);
  }
}

static const TwinField *
build_side (TwinModelBuilder *self, TwinElement *e, const char *term)
{
  const TwinLink *link = twin_element_link (e, term);
  TwinField      *field = twin_model_builder_alloc (self, sizeof (TwinField));

  build_field (self, link != NULL ? link->element : NULL, field);
  return field;
}

static const TwinSchema *
build_complex (TwinModelBuilder *self, TwinElement *e)
{
  TwinSchema *schema;

  if (e->built != NULL)
    return e->built;

  /* There before it is filled: a v4 schema may contain itself. */
  e->built = schema = twin_model_builder_alloc (self, sizeof *schema);
  schema->name = twin_class_name (e->class);
  schema->id = id_of (self, e);
  schema->display_name = language_of (self, e, "displayName");
  schema->description = language_of (self, e, "description");
  schema->comment = text_of (self, e, "comment");

  if (e->class == TWIN_CLASS_ENUM)
    {
      schema->kind = TWIN_SCHEMA_ENUM;
      build_enum (self, e, schema);
    }
  else if (e->class == TWIN_CLASS_OBJECT)
    {
      schema->kind = TWIN_SCHEMA_OBJECT;
      build_object (self, e, schema);
    }
  else if (e->class == TWIN_CLASS_MAP)
    {
      schema->kind = TWIN_SCHEMA_MAP;
      schema->key = build_side (self, e, "mapKey");
      schema->value = build_side (self, e, "mapValue");
    }
  else
    {
      schema->kind = TWIN_SCHEMA_ARRAY;
      schema->element =
          twin_model_build_schema (self,
                                   twin_element_link (e, "elementSchema"));
    }

  return schema;
}

/* A family of units is an Enum of their names. */
static const TwinSchema *
build_units (TwinModelBuilder *self, const TwinUnitTerm *unit)
{
  g_auto (GStrv) names =
      twin_quantity_dup_units (unit->term, unit->extension->version);
  TwinSchema *schema = twin_model_builder_alloc (self, sizeof *schema);
  guint       n = g_strv_length (names);

  schema->kind = TWIN_SCHEMA_ENUM;
  schema->value_kind = TWIN_SCHEMA_STRING;
  schema->name = unit->term;
  schema->id = unit->term;
  schema->n_values = n;
  schema->values = twin_model_builder_alloc (self, n * sizeof (TwinEnumValue));
  for (guint i = 0; i < n; i++)
    schema->values[i].name = schema->values[i].text =
        twin_model_builder_intern (self, names[i]);
  return schema;
}

const TwinSchema *
twin_model_build_schema (TwinModelBuilder *self, const TwinLink *link)
{
  if (link == NULL)
    return NULL;
  if (link->standard != NULL)
    return &link->standard->schema;
  if (link->unit.term != NULL)
    return build_units (self, &link->unit);

  return link->element != NULL ? build_complex (self, link->element) : NULL;
}

/* --- contents ----------------------------------------------------------------
 */

static TwinContentKind
kind_of (TwinClass class)
{
  switch ((int) class)
    {
    case TWIN_CLASS_TELEMETRY:
      return TWIN_CONTENT_TELEMETRY;
    case TWIN_CLASS_PROPERTY:
      return TWIN_CONTENT_PROPERTY;
    case TWIN_CLASS_COMMAND:
      return TWIN_CONTENT_COMMAND;
    case TWIN_CLASS_COMPONENT:
      return TWIN_CONTENT_COMPONENT;
    case TWIN_CLASS_RELATIONSHIP:
    default:
      return TWIN_CONTENT_RELATIONSHIP;
    }
}

static TwinContent *
content_shell (TwinModelBuilder    *self,
               TwinElement         *e,
               const TwinInterface *interface)
{
  TwinModelContent *made = twin_model_builder_alloc (self, sizeof *made);

  made->element = e;
  made->content.kind = kind_of (e->class);
  made->content.name = e->name;
  made->content.defined_in = interface;
  made->content.semantic_types = no_types;
  made->content.max_multiplicity = -1;
  e->built = &made->content;
  return &made->content;
}

void
twin_model_shell (TwinModelBuilder *self, TwinElement *element)
{
  TwinInterface *interface = twin_model_builder_alloc (self, sizeof *interface);

  element->built = interface;
  interface->id = element->id;
  interface->dtdl = element->dtdl;
  interface->source = element->file;
  interface->nested = element->parent != NULL;
  interface->contents = twin_model_builder_array (self);
  interface->extends = twin_model_builder_array (self);
  interface->effective = twin_model_builder_array (self);
  interface->ancestors = twin_model_builder_array (self);
  interface->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_ptr_array_add (self->set->tables, interface->by_name);
  g_ptr_array_add (self->set->interfaces, interface);
  g_hash_table_insert (self->set->by_id, (void *) interface->id, interface);

  TWIN_LINKS (element, link)
  {
    if (link->property->range == TWIN_CLASS (INTERFACE))
      g_ptr_array_add (interface->extends,
                       (void *) (link->element != NULL ? link->element->id
                                                       : link->dtmi));
    else if (link->property->range == TWIN_CLASSES_CONTENT &&
             link->element != NULL)
      g_ptr_array_add (interface->contents,
                       link->element->built != NULL
                           ? link->element->built
                           : content_shell (self, link->element, interface));
  }
}

static void build_content (TwinModelBuilder *self, TwinContent *content);

static void
build_relationship (TwinModelBuilder *self,
                    TwinContent      *content,
                    TwinElement      *e)
{
  JsonNode *most = twin_model_undress (twin_element_get (e, "maxMultiplicity"));

  content->target = text_of (self, e, "target");
  content->writable = boolean_of (e, "writable");
  if (most != NULL)
    content->max_multiplicity = json_node_get_int (most);

  TWIN_LINKS (e, link)
  {
    TwinContent *property;

    if (link->element == NULL || link->property->range != TWIN_CLASS (PROPERTY))
      continue;
    property = link->element->built != NULL
                   ? link->element->built
                   : content_shell (self, link->element, content->defined_in);
    build_content (self, property);
    g_ptr_array_add (content->properties, property);
  }
}

static void
build_content (TwinModelBuilder *self, TwinContent *content)
{
  TwinElement    *e = twin_content_element (content);
  const TwinLink *schema = twin_element_link (e, "schema");

  if (content->properties != NULL)
    return;

  content->properties = self->none;
  content->id = id_of (self, e);
  content->display_name = language_of (self, e, "displayName");
  content->description = language_of (self, e, "description");
  content->comment = text_of (self, e, "comment");
  content->semantic_types = e->types;

  switch (content->kind)
    {
    case TWIN_CONTENT_PROPERTY:
    case TWIN_CONTENT_TELEMETRY:
      content->writable = boolean_of (e, "writable");
      content->unit = unit_term (self, e);
      content->schema = twin_model_build_schema (self, schema);
      break;
    case TWIN_CONTENT_COMMAND:
      content->request = build_payload (self, twin_element_link (e, "request"));
      content->response =
          build_payload (self, twin_element_link (e, "response"));
      break;
    case TWIN_CONTENT_COMPONENT:
      if (schema != NULL && schema->element != NULL)
        content->component = schema->element->built;
      if (schema != NULL)
        content->component_id =
            schema->element != NULL ? schema->element->id : schema->dtmi;
      break;
    case TWIN_CONTENT_RELATIONSHIP:
    default:
      content->properties = twin_model_builder_array (self);
      build_relationship (self, content, e);
      break;
    }
}

/* --- the interface's own text ------------------------------------------------
 */

/* The contexts in force where it stood. */
static void
add_context (TwinElement *e)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autofree char *own =
      g_strdup_printf ("dtmi:dtdl:context;%d%s", e->dtdl,
                       e->limits->context != NULL ? "#limitless" : "");

  json_array_add_string_element (array, own);
  if (e->limits->context != NULL)
    json_array_add_string_element (array, e->limits->context);
  for (guint i = 0; e->extensions >> i != 0; i++)
    {
      if (e->extensions >> i & 1)
        json_array_add_string_element (array, twin_extension_nth (i)->context);
    }

  json_node_init_array (node, array);
  e->alone = twin_json_pointer_set (e->node, "/@context", node, NULL);
}

static void
print_alone (TwinModelBuilder *self, TwinElement *e)
{
  TwinInterface   *interface = e->built;
  g_autofree char *text =
      twin_json_print (e->alone != NULL ? e->alone : e->node, FALSE);

  interface->json = g_string_chunk_insert (self->set->strings, text);
  g_clear_pointer (&e->alone, json_node_unref);
}

/* -----------------------------------------------------------------------------
 */

static void
build_interface (TwinModelBuilder *self, TwinElement *e)
{
  TwinInterface *interface = e->built;

  interface->display_name = language_of (self, e, "displayName");
  interface->description = language_of (self, e, "description");
  interface->comment = text_of (self, e, "comment");
  for (guint i = 0; i < interface->contents->len; i++)
    build_content (self, g_ptr_array_index (interface->contents, i));
}

void
twin_model_build (TwinModelBuilder *self)
{
  gboolean text = !self->options->no_text;

  self->none = twin_model_builder_array (self);
  for (TwinElement *e = self->elements; e != NULL; e = e->next)
    {
      if (e->class != TWIN_CLASS_INTERFACE)
        continue;
      build_interface (self, e);
      if (text && e->parent != NULL)
        add_context (e);
      if (text)
        print_alone (self, e);
    }
}
