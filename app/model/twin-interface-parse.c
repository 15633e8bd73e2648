/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-model-builder.h"

#include <string.h>

#include "twin-quantity.h"

static const char *const no_types[] = { NULL };

/* --- contents
 * ------------------------------------------------------------------ */

/* @term: the semantic type that wants a number; NULL: depth only. */
static void
want_check (TwinModelBuilder        *self,
            const char              *term,
            const TwinSchema *const *slot)
{
  TwinModelNumeric *check = g_new0 (TwinModelNumeric, 1);

  check->place = self->place;
  check->pointer = g_strdup (self->pointer->str);
  check->term = term;
  check->schema = slot;
  g_ptr_array_add (self->numeric, check);
}

static void
want_numeric (TwinModelBuilder        *self,
              TwinModelElement        *element,
              const TwinSchema *const *slot)
{
  for (const char *const *term = element->cotypes; *term != NULL; term++)
    {
      if (twin_quantity_is_known (*term))
        want_check (self, *term, slot);
    }
}

static void
read_schema (TwinModelBuilder *self,
             TwinModelElement *element,
             TwinContent      *content)
{
  JsonNode *node = twin_model_element_get (element, "schema");
  gsize     here;

  content->unit = twin_model_element_unit (self, element);
  if (node == NULL)
    {
      twin_model_builder_issue (self, "missingObjectProperty",
                                "the %s needs “schema”", element->type);
      return;
    }

  here = twin_model_builder_push (self, "schema");
  twin_schema_parse (self, node, content->id, "_schema", &content->schema);
  twin_model_builder_pop (self, here);
  want_numeric (self, element, &content->schema);
}

static const TwinField *
read_payload (TwinModelBuilder *self,
              TwinModelElement *element,
              TwinContent      *content,
              const char       *key,
              const char       *type)
{
  const char *types[] = { self->place.dtdl == 2 ? "CommandPayload" : type,
                          NULL };
  JsonNode        *node = twin_model_element_get (element, key);
  g_autofree char *segment = g_strdup_printf ("_%s", key);
  TwinField       *field;
  gsize            here;

  if (node == NULL)
    return NULL;

  field = twin_model_builder_alloc (self, sizeof *field);
  field->semantic_types = no_types;
  here = twin_model_builder_push (self, key);
  twin_schema_parse_field (self, node, types, content->id, segment, field);
  twin_model_builder_pop (self, here);
  return field;
}

static void
read_component (TwinModelBuilder *self,
                TwinModelElement *element,
                TwinContent      *content)
{
  JsonNode           *node = twin_model_element_get (element, "schema");
  TwinModelReference *reference;
  const char         *dtmi = NULL;
  gsize               here;

  if (node == NULL)
    {
      twin_model_builder_issue (self, "missingObjectProperty",
                                "the Component needs “schema”");
      return;
    }

  node = twin_model_single (node);
  here = twin_model_builder_push (self, "schema");
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      dtmi = twin_json_get_string (json_node_get_object (node), "@id");
      twin_interface_parse (self, node);
    }
  else if (JSON_NODE_HOLDS_VALUE (node) &&
           json_node_get_value_type (node) == G_TYPE_STRING)
    dtmi = json_node_get_string (node);

  if (dtmi == NULL || !twin_dtmi_is_valid_for (dtmi, self->place.dtdl))
    twin_model_builder_issue (self, "badDtmiOrTerm",
                              "the schema of a Component must be the DTMI of "
                              "an Interface");
  else
    {
      content->component_id = twin_model_builder_intern (self, dtmi);
      reference = g_new0 (TwinModelReference, 1);
      reference->place = self->place;
      reference->pointer = g_strdup (self->pointer->str);
      reference->dtmi = content->component_id;
      reference->interface = &content->component;
      g_ptr_array_add (self->pending, reference);
    }
  twin_model_builder_pop (self, here);
}

static TwinContent *read_content (TwinModelBuilder    *self,
                                  JsonNode            *node,
                                  const char *const   *types,
                                  const TwinInterface *in,
                                  const char          *parent_id,
                                  const char          *property);

static void
read_relationship (TwinModelBuilder    *self,
                   TwinModelElement    *element,
                   TwinContent         *content,
                   const TwinInterface *in)
{
  static const char *const types[] = { "Property", NULL };
  g_autoptr (GPtrArray) list = twin_model_element_list (element, "properties");
  gsize here;

  content->target = twin_model_element_text (self, element, "target", FALSE);
  if (content->target != NULL &&
      !twin_dtmi_is_valid_for (content->target, self->place.dtdl))
    twin_model_builder_issue (self, "identifierNotDtmi",
                              "the target “%s” is no DTMI", content->target);

  content->max_multiplicity =
      twin_model_element_integer (self, element, "maxMultiplicity");
  if (content->max_multiplicity == 0 ||
      (self->place.dtdl == 2 && content->max_multiplicity > 500))
    twin_model_builder_issue (self, "valueAboveRange",
                              "“maxMultiplicity” must be 1 to 500");

  if (twin_model_element_integer (self, element, "minMultiplicity") > 0)
    twin_model_builder_issue (self, "valueNotExact",
                              "“minMultiplicity” must be 0");

  here = twin_model_builder_push (self, "properties");
  for (guint i = 0; i < list->len; i++)
    {
      gsize        there = twin_model_builder_push_index (self, i);
      TwinContent *property =
          read_content (self, g_ptr_array_index (list, i), types, in,
                        content->id, "_properties");

      if (property != NULL)
        g_ptr_array_add (content->properties, property);
      twin_model_builder_pop (self, there);
    }
  twin_model_builder_pop (self, here);
}

static TwinContentKind
kind_of (const char *type)
{
  static const char *const names[] = { "Telemetry", "Property", "Command",
                                       "Component", "Relationship" };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (strcmp (names[i], type) == 0)
        return (TwinContentKind) i;
    }

  g_assert_not_reached ();
}

static TwinContent *
read_content (TwinModelBuilder    *self,
              JsonNode            *node,
              const char *const   *types,
              const TwinInterface *in,
              const char          *parent_id,
              const char          *property)
{
  TwinModelPlace   old = self->place;
  TwinModelElement element;
  TwinContent     *content;
  g_autofree char *segment = NULL;

  if (!twin_model_element_open (self, node, types, &element))
    {
      self->place = old;
      return NULL;
    }

  content = twin_model_builder_alloc (self, sizeof *content);
  content->kind = kind_of (element.type);
  content->defined_in = in;
  content->name = twin_model_element_name (self, &element);
  segment = g_strdup_printf ("%s:__%s", property,
                             content->name != NULL ? content->name : "");
  content->id = twin_model_element_id (self, &element, parent_id, segment);
  content->display_name =
      twin_model_element_lang (self, &element, "displayName");
  content->description =
      twin_model_element_lang (self, &element, "description");
  content->comment = twin_model_element_text (self, &element, "comment", FALSE);
  content->semantic_types = element.cotypes;
  content->max_multiplicity = -1;
  content->properties = twin_model_builder_array (self);

  switch (content->kind)
    {
    case TWIN_CONTENT_PROPERTY:
    case TWIN_CONTENT_TELEMETRY:
      content->writable =
          twin_model_element_boolean (self, &element, "writable");
      read_schema (self, &element, content);
      break;
    case TWIN_CONTENT_COMMAND:
      content->request =
          read_payload (self, &element, content, "request", "CommandRequest");
      content->response =
          read_payload (self, &element, content, "response", "CommandResponse");
      break;
    case TWIN_CONTENT_COMPONENT:
      read_component (self, &element, content);
      break;
    case TWIN_CONTENT_RELATIONSHIP:
    default:
      content->writable =
          twin_model_element_boolean (self, &element, "writable");
      read_relationship (self, &element, content, in);
      break;
    }

  self->place = old;
  return content->name != NULL ? content : NULL;
}

/* --- an interface
 * ---------------------------------------------------------------- */

static void
read_contents (TwinModelBuilder *self,
               TwinModelElement *element,
               TwinInterface    *interface)
{
  static const char *const types[] = { "Telemetry", "Property",     "Command",
                                       "Component", "Relationship", NULL };
  g_autoptr (GPtrArray) list = twin_model_element_list (element, "contents");
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  gsize here = twin_model_builder_push (self, "contents");

  if (self->place.dtdl == 2 && list->len > 300)
    twin_model_builder_issue (self, "objectCountAboveMax",
                              "the Interface has more than 300 contents");

  for (guint i = 0; i < list->len; i++)
    {
      gsize        there = twin_model_builder_push_index (self, i);
      TwinContent *content =
          read_content (self, g_ptr_array_index (list, i), types, interface,
                        interface->id, "_contents");

      if (content != NULL && !g_hash_table_add (names, (void *) content->name))
        twin_model_builder_issue (self, "nonUniquePropertyValue",
                                  "two contents are called “%s”",
                                  content->name);
      if (content != NULL)
        g_ptr_array_add (interface->contents, content);
      twin_model_builder_pop (self, there);
    }
  twin_model_builder_pop (self, here);
}

static void
read_extends (TwinModelBuilder *self,
              TwinModelElement *element,
              TwinInterface    *interface)
{
  g_autoptr (GPtrArray) list = twin_model_element_list (element, "extends");
  gsize here = twin_model_builder_push (self, "extends");

  if (self->place.dtdl == 2 && list->len > 2)
    twin_model_builder_issue (self, "objectCountAboveMax",
                              "an Interface extends at most two others");

  for (guint i = 0; i < list->len; i++)
    {
      JsonNode   *node = g_ptr_array_index (list, i);
      const char *dtmi = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        {
          JsonObject *object = json_node_get_object (node);

          dtmi = twin_json_get_string (object, "@id");
          if (json_object_get_size (object) > 1)
            twin_interface_parse (self, node);
        }
      else if (JSON_NODE_HOLDS_VALUE (node) &&
               json_node_get_value_type (node) == G_TYPE_STRING)
        dtmi = json_node_get_string (node);

      if (dtmi == NULL || !twin_dtmi_is_valid_for (dtmi, self->place.dtdl))
        twin_model_builder_issue (self, "badDtmiOrTerm",
                                  "“extends” must hold DTMIs");
      else
        g_ptr_array_add (interface->extends,
                         (void *) twin_model_builder_intern (self, dtmi));
    }
  twin_model_builder_pop (self, here);
}

static void
read_schemas (TwinModelBuilder *self,
              TwinModelElement *element,
              TwinInterface    *interface)
{
  g_autoptr (GPtrArray) list = twin_model_element_list (element, "schemas");
  gsize here = twin_model_builder_push (self, "schemas");

  for (guint i = 0; i < list->len; i++)
    {
      JsonNode          *node = g_ptr_array_index (list, i);
      const TwinSchema **slot =
          twin_model_builder_alloc (self, sizeof (TwinSchema *));
      gsize            there = twin_model_builder_push_index (self, i);
      g_autofree char *segment = g_strdup_printf ("_schemas:_%u", i);

      if (JSON_NODE_HOLDS_OBJECT (node) &&
          !json_object_has_member (json_node_get_object (node), "@id"))
        twin_model_builder_issue (self, "missingRequiredId",
                                  "a shared schema needs an “@id”");
      twin_schema_parse (self, node, interface->id, segment, slot);
      want_check (self, NULL, slot);
      twin_model_builder_pop (self, there);
    }
  twin_model_builder_pop (self, here);
}

/* The text of the interface alone, with a context where it stood inside
 * another. */
static const char *
print_alone (TwinModelBuilder *self, JsonNode *node)
{
  JsonObject *object = json_node_get_object (node);
  g_autoptr (JsonNode) with = NULL;
  g_autofree char *text = NULL;

  if (!json_object_has_member (object, "@context"))
    {
      char context[] = "dtmi:dtdl:context;0";
      g_autoptr (JsonNode) value = NULL;

      context[sizeof context - 2] = (char) ('0' + self->place.dtdl);
      value = json_node_init_string (json_node_alloc (), context);
      with = twin_json_pointer_set (node, "/@context", value, NULL);
    }

  text = twin_json_print (with != NULL ? with : node, FALSE);
  return g_string_chunk_insert (self->set->strings, text);
}

void
twin_interface_parse (TwinModelBuilder *self, JsonNode *node)
{
  static const char *const types[] = { "Interface", NULL };
  TwinModelPlace           old = self->place;
  TwinModelElement         element;
  TwinInterface           *interface;

  if (self->depth++ > 16 ||
      !twin_model_element_open (self, node, types, &element))
    {
      self->depth--;
      self->place = old;
      return;
    }

  interface = twin_model_builder_alloc (self, sizeof *interface);
  interface->id = element.id;
  interface->dtdl = self->place.dtdl;
  interface->source = self->place.file;
  interface->json = print_alone (self, node);
  interface->nested = self->depth > 1;
  interface->display_name =
      twin_model_element_lang (self, &element, "displayName");
  interface->description =
      twin_model_element_lang (self, &element, "description");
  interface->comment =
      twin_model_element_text (self, &element, "comment", FALSE);
  interface->contents = twin_model_builder_array (self);
  interface->extends = twin_model_builder_array (self);
  interface->effective = twin_model_builder_array (self);
  interface->ancestors = twin_model_builder_array (self);
  interface->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_ptr_array_add (self->set->tables, interface->by_name);

  read_schemas (self, &element, interface);
  read_contents (self, &element, interface);
  read_extends (self, &element, interface);

  g_ptr_array_add (self->set->interfaces, interface);
  g_hash_table_insert (self->set->by_id, (void *) interface->id, interface);
  self->depth--;
  self->place = old;
}
