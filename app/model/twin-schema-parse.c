/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-model-builder.h"

#include <string.h>

#include "twin-quantity.h"

#define ID(name) "dtmi:dtdl:instance:Schema:" name ";2"

static const struct
{
  TwinSchema schema;
  int        from; /* DTDL version */
} primitives[] = {
  { { TWIN_SCHEMA_BOOLEAN, ID ("boolean"), "boolean" }, 2 },
  { { TWIN_SCHEMA_INTEGER, ID ("integer"), "integer" }, 2 },
  { { TWIN_SCHEMA_LONG, ID ("long"), "long" }, 2 },
  { { TWIN_SCHEMA_FLOAT, ID ("float"), "float" }, 2 },
  { { TWIN_SCHEMA_DOUBLE, ID ("double"), "double" }, 2 },
  { { TWIN_SCHEMA_STRING, ID ("string"), "string" }, 2 },
  { { TWIN_SCHEMA_DATE, ID ("date"), "date" }, 2 },
  { { TWIN_SCHEMA_DATE_TIME, ID ("dateTime"), "dateTime" }, 2 },
  { { TWIN_SCHEMA_TIME, ID ("time"), "time" }, 2 },
  { { TWIN_SCHEMA_DURATION, ID ("duration"), "duration" }, 2 },
  { { TWIN_SCHEMA_GEO, "dtmi:standard:schema:geospatial:point;2", "point" },
    2 },
  { { TWIN_SCHEMA_GEO, "dtmi:standard:schema:geospatial:lineString;2",
      "lineString" },
    2 },
  { { TWIN_SCHEMA_GEO, "dtmi:standard:schema:geospatial:polygon;2", "polygon" },
    2 },
  { { TWIN_SCHEMA_GEO, "dtmi:standard:schema:geospatial:multiPoint;2",
      "multiPoint" },
    2 },
  { { TWIN_SCHEMA_GEO, "dtmi:standard:schema:geospatial:multiLineString;2",
      "multiLineString" },
    2 },
  { { TWIN_SCHEMA_GEO, "dtmi:standard:schema:geospatial:multiPolygon;2",
      "multiPolygon" },
    2 },
  { { TWIN_SCHEMA_BYTE, ID ("byte"), "byte" }, 4 },
  { { TWIN_SCHEMA_BYTES, ID ("bytes"), "bytes" }, 4 },
  { { TWIN_SCHEMA_DECIMAL, ID ("decimal"), "decimal" }, 4 },
  { { TWIN_SCHEMA_SCALED_DECIMAL, ID ("scaledDecimal"), "scaledDecimal" }, 4 },
  { { TWIN_SCHEMA_SHORT, ID ("short"), "short" }, 4 },
  { { TWIN_SCHEMA_UNSIGNED_BYTE, ID ("unsignedByte"), "unsignedByte" }, 4 },
  { { TWIN_SCHEMA_UNSIGNED_SHORT, ID ("unsignedShort"), "unsignedShort" }, 4 },
  { { TWIN_SCHEMA_UNSIGNED_INTEGER, ID ("unsignedInteger"), "unsignedInteger" },
    4 },
  { { TWIN_SCHEMA_UNSIGNED_LONG, ID ("unsignedLong"), "unsignedLong" }, 4 },
  { { TWIN_SCHEMA_UUID, ID ("uuid"), "uuid" }, 4 },
};

static const TwinSchema *
find_primitive (const char *term, int dtdl)
{
  for (size_t i = 0; i < G_N_ELEMENTS (primitives); i++)
    {
      if (primitives[i].from <= dtdl &&
          strcmp (primitives[i].schema.name, term) == 0)
        return &primitives[i].schema;
    }

  return NULL;
}

static void
refer (TwinModelBuilder *self, const char *dtmi, const TwinSchema **slot)
{
  TwinModelReference *reference = g_new0 (TwinModelReference, 1);

  reference->place = self->place;
  reference->pointer = g_strdup (self->pointer->str);
  reference->dtmi = twin_model_builder_intern (self, dtmi);
  reference->schema = slot;
  g_ptr_array_add (self->pending, reference);
}

static void
read_reference (TwinModelBuilder  *self,
                const char        *text,
                const TwinSchema **slot)
{
  const char *term = twin_model_term (self, text);

  *slot = find_primitive (term, self->place.dtdl);
  if (*slot != NULL)
    return;

  if (g_str_has_prefix (text, "dtmi:standard:schema:geospatial:"))
    {
      g_autofree char *shape =
          g_strndup (text + strlen ("dtmi:standard:schema:geospatial:"),
                     strcspn (text + strlen ("dtmi:standard:schema:"
                                             "geospatial:"),
                              ";"));

      *slot = find_primitive (shape, self->place.dtdl);
      if (*slot != NULL)
        return;
    }

  if (!twin_dtmi_is_valid_for (text, self->place.dtdl))
    {
      twin_model_builder_issue (self, "badDtmiOrTerm",
                                "“%s” is neither a schema of DTDL v%d nor a "
                                "DTMI",
                                text, self->place.dtdl);
      return;
    }

  refer (self, text, slot);
}

/* --- Enum -------------------------------------------------------------------
 */

static void
read_enum_value (TwinModelBuilder *self,
                 JsonNode         *node,
                 TwinSchema       *schema,
                 TwinEnumValue    *value)
{
  static const char *const types[] = { "EnumValue", NULL };
  TwinModelPlace           old = self->place;
  TwinModelElement         element;
  JsonNode                *given;
  gboolean                 text = schema->value_kind == TWIN_SCHEMA_STRING;
  gboolean                 absent = TRUE;

  if (!twin_model_element_open (self, node, types, &element))
    {
      self->place = old;
      return;
    }

  value->name = twin_model_element_name (self, &element);
  value->display_name = twin_model_element_lang (self, &element, "displayName");
  value->description = twin_model_element_lang (self, &element, "description");

  given = twin_model_element_get (&element, "enumValue");
  if (given != NULL)
    given = twin_model_element_literal (given, &absent);

  if (absent)
    twin_model_builder_issue (self, "missingLiteralProperty",
                              "the EnumValue needs “enumValue”");
  else if (given != NULL && text &&
           json_node_get_value_type (given) == G_TYPE_STRING)
    value->text =
        twin_model_builder_intern (self, json_node_get_string (given));
  else if (given != NULL && !text &&
           json_node_get_value_type (given) == G_TYPE_INT64)
    value->number = json_node_get_int (given);
  else
    twin_model_builder_issue (self, "nonConformantDatatype",
                              "“enumValue” must be %s",
                              text ? "a string, as “valueSchema” says"
                                   : "a whole number, as “valueSchema” says");

  self->place = old;
}

static void
check_enum_unique (TwinModelBuilder *self, const TwinSchema *schema)
{
  for (size_t i = 0; i < schema->n_values; i++)
    {
      const TwinEnumValue *a = &schema->values[i];

      for (size_t j = 0; j < i; j++)
        {
          const TwinEnumValue *b = &schema->values[j];
          gboolean             same = a->text != NULL
                                          ? g_strcmp0 (a->text, b->text) == 0
                                          : b->text == NULL && a->number == b->number;

          if (g_strcmp0 (a->name, b->name) != 0 && !same)
            continue;

          twin_model_builder_issue (self, "nonUniquePropertyValue",
                                    "two values of the Enum have the same %s "
                                    "“%s”",
                                    same ? "enumValue beside" : "name",
                                    a->name ? a->name : "");
          return;
        }
    }
}

static void
read_enum (TwinModelBuilder *self,
           TwinModelElement *element,
           TwinSchema       *schema)
{
  g_autoptr (GPtrArray) list = twin_model_element_list (element, "enumValues");
  const char *kind =
      twin_model_element_text (self, element, "valueSchema", TRUE);
  const TwinSchema *primitive;
  gsize             here;

  primitive = kind != NULL ? find_primitive (twin_model_term (self, kind),
                                             self->place.dtdl)
                           : NULL;
  if (kind != NULL &&
      (primitive == NULL || (primitive->kind != TWIN_SCHEMA_STRING &&
                             primitive->kind != TWIN_SCHEMA_INTEGER)))
    twin_model_builder_issue (self, "incorrectPropertyValue",
                              "“valueSchema” must be integer or string");

  schema->value_kind = primitive != NULL ? primitive->kind : TWIN_SCHEMA_STRING;

  if (twin_model_element_get (element, "enumValues") == NULL &&
      self->place.dtdl == 2)
    twin_model_builder_issue (self, "missingObjectProperty",
                              "the Enum needs “enumValues”");
  else if (self->place.dtdl == 2 && list->len == 0)
    twin_model_builder_issue (self, "objectCountBelowMin",
                              "the Enum needs at least one value");
  else if (self->place.dtdl == 2 && list->len > 100)
    twin_model_builder_issue (self, "objectCountAboveMax",
                              "the Enum has more than 100 values");

  schema->n_values = list->len;
  schema->values =
      twin_model_builder_alloc (self, list->len * sizeof (TwinEnumValue));
  here = twin_model_builder_push (self, "enumValues");
  for (guint i = 0; i < list->len; i++)
    {
      gsize there = twin_model_builder_push_index (self, i);

      read_enum_value (self, g_ptr_array_index (list, i), schema,
                       &schema->values[i]);
      twin_model_builder_pop (self, there);
    }
  twin_model_builder_pop (self, here);
  check_enum_unique (self, schema);
}

/* --- fields
 * ------------------------------------------------------------------- */

gboolean
twin_schema_parse_field (TwinModelBuilder  *self,
                         JsonNode          *node,
                         const char *const *types,
                         const char        *parent_id,
                         const char        *segment,
                         TwinField         *field)
{
  TwinModelPlace   old = self->place;
  TwinModelElement element;
  JsonNode        *schema;

  node = twin_model_single (node);
  if (!twin_model_element_open (self, node, types, &element))
    {
      self->place = old;
      return FALSE;
    }

  field->name = twin_model_element_name (self, &element);
  field->id = twin_model_element_id (self, &element, parent_id, segment);
  field->display_name = twin_model_element_lang (self, &element, "displayName");
  field->description = twin_model_element_lang (self, &element, "description");
  field->comment = twin_model_element_text (self, &element, "comment", FALSE);
  field->semantic_types = element.cotypes;
  field->unit = twin_model_element_unit (self, &element);
  field->nullable = twin_model_element_boolean (self, &element, "nullable");

  schema = twin_model_element_get (&element, "schema");
  if (schema == NULL)
    twin_model_builder_issue (self, "missingObjectProperty",
                              "the %s needs “schema”", element.type);
  else
    {
      gsize here = twin_model_builder_push (self, "schema");

      twin_schema_parse (self, schema, field->id, "_schema", &field->schema);
      twin_model_builder_pop (self, here);
    }

  self->place = old;
  return field->name != NULL;
}

static void
read_object (TwinModelBuilder *self,
             TwinModelElement *element,
             TwinSchema       *schema)
{
  static const char *const types[] = { "Field", NULL };
  g_autoptr (GPtrArray) list = twin_model_element_list (element, "fields");
  gsize here;

  if (twin_model_element_get (element, "fields") == NULL &&
      self->place.dtdl == 2)
    twin_model_builder_issue (self, "missingObjectProperty",
                              "the Object needs “fields”");
  else if (self->place.dtdl == 2 && list->len == 0)
    twin_model_builder_issue (self, "objectCountBelowMin",
                              "the Object needs at least one field");
  else if (self->place.dtdl == 2 && list->len > 30)
    twin_model_builder_issue (self, "objectCountAboveMax",
                              "the Object has more than 30 fields");

  schema->n_fields = list->len;
  schema->fields =
      twin_model_builder_alloc (self, list->len * sizeof (TwinField));

  here = twin_model_builder_push (self, "fields");
  for (guint i = 0; i < list->len; i++)
    {
      static const char *const none[] = { NULL };
      gsize                    there = twin_model_builder_push_index (self, i);
      g_autofree char         *segment = g_strdup_printf ("_fields:_%u", i);

      schema->fields[i].semantic_types = none;
      twin_schema_parse_field (self, g_ptr_array_index (list, i), types,
                               schema->id, segment, &schema->fields[i]);
      for (guint j = 0; j < i; j++)
        {
          if (schema->fields[i].name != NULL &&
              g_strcmp0 (schema->fields[i].name, schema->fields[j].name) == 0)
            twin_model_builder_issue (self, "nonUniquePropertyValue",
                                      "two fields are called “%s”",
                                      schema->fields[i].name);
        }
      twin_model_builder_pop (self, there);
    }
  twin_model_builder_pop (self, here);
}

static const TwinField *
read_map_side (TwinModelBuilder *self,
               TwinModelElement *element,
               const char       *key,
               const char       *type,
               const char       *parent_id)
{
  const char *types[] = { type, NULL };
  TwinField  *field = twin_model_builder_alloc (self, sizeof (TwinField));
  JsonNode   *node = twin_model_element_get (element, key);
  static const char *const none[] = { NULL };
  gsize                    here;
  g_autofree char         *segment = g_strdup_printf ("_%s", key);

  field->semantic_types = none;
  if (node == NULL)
    {
      twin_model_builder_issue (self, "missingObjectProperty",
                                "the Map needs “%s”", key);
      return field;
    }

  here = twin_model_builder_push (self, key);
  twin_schema_parse_field (self, node, types, parent_id, segment, field);
  if (strcmp (key, "mapKey") == 0 && field->schema != NULL &&
      field->schema->kind != TWIN_SCHEMA_STRING)
    twin_model_builder_issue (self, "incorrectPropertyValue",
                              "the key of a Map must be a string");
  twin_model_builder_pop (self, here);
  return field;
}

static void
read_array (TwinModelBuilder *self,
            TwinModelElement *element,
            TwinSchema       *schema)
{
  JsonNode *node = twin_model_element_get (element, "elementSchema");
  gsize     here;

  if (node == NULL)
    {
      twin_model_builder_issue (self, "missingObjectProperty",
                                "the Array needs “elementSchema”");
      return;
    }

  here = twin_model_builder_push (self, "elementSchema");
  twin_schema_parse (self, node, schema->id, "_elementSchema",
                     &schema->element);
  twin_model_builder_pop (self, here);
}

static void
read_complex (TwinModelBuilder  *self,
              JsonNode          *node,
              const char        *parent_id,
              const char        *segment,
              const TwinSchema **slot)
{
  static const char *const types[] = { "Array", "Enum", "Map", "Object", NULL };
  static const TwinSchemaKind kinds[] = { TWIN_SCHEMA_ARRAY, TWIN_SCHEMA_ENUM,
                                          TWIN_SCHEMA_MAP, TWIN_SCHEMA_OBJECT };
  TwinModelElement            element;
  TwinSchema                 *schema;
  const char                 *scoped;

  if (!twin_model_element_open (self, node, types, &element))
    return;

  schema = twin_model_builder_alloc (self, sizeof *schema);
  schema->name = element.type;
  schema->id = twin_model_element_id (self, &element, parent_id, segment);
  schema->display_name =
      twin_model_element_lang (self, &element, "displayName");
  schema->description = twin_model_element_lang (self, &element, "description");
  schema->comment = twin_model_element_text (self, &element, "comment", FALSE);
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (types[i], element.type) == 0)
        schema->kind = kinds[i];
    }

  scoped = twin_model_builder_scope (self, schema->id);
  g_hash_table_insert (self->schemas, (void *) scoped, schema);
  if (!g_hash_table_contains (self->schemas, schema->id))
    g_hash_table_insert (self->schemas, (void *) schema->id, schema);
  *slot = schema;

  switch (schema->kind)
    {
    case TWIN_SCHEMA_ENUM:
      read_enum (self, &element, schema);
      break;
    case TWIN_SCHEMA_OBJECT:
      read_object (self, &element, schema);
      break;
    case TWIN_SCHEMA_MAP:
      schema->key =
          read_map_side (self, &element, "mapKey", "MapKey", schema->id);
      schema->value =
          read_map_side (self, &element, "mapValue", "MapValue", schema->id);
      break;
    case TWIN_SCHEMA_ARRAY:
    default:
      read_array (self, &element, schema);
      break;
    }
}

void
twin_schema_parse (TwinModelBuilder  *self,
                   JsonNode          *node,
                   const char        *parent_id,
                   const char        *segment,
                   const TwinSchema **slot)
{
  TwinModelPlace old = self->place;

  node = twin_model_single (node);

  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING)
    read_reference (self, json_node_get_string (node), slot);
  else if (JSON_NODE_HOLDS_OBJECT (node))
    read_complex (self, node, parent_id, segment, slot);
  else
    twin_model_builder_issue (self, "badDtmiOrTerm",
                              "one schema is expected here");

  self->place = old;
}

/* --- depth
 * ---------------------------------------------------------------------- */

static int
depth_of (const TwinSchema *schema, GPtrArray *path, gboolean *loop)
{
  int deepest = 0;

  if (schema == NULL || schema->kind < TWIN_SCHEMA_ENUM)
    return 0;

  if (g_ptr_array_find (path, schema, NULL))
    {
      *loop = TRUE;
      return 0;
    }

  if (path->len > 64)
    return 1;

  g_ptr_array_add (path, (void *) schema);
  deepest = depth_of (schema->element, path, loop);
  for (size_t i = 0; i < schema->n_fields; i++)
    deepest = MAX (deepest, depth_of (schema->fields[i].schema, path, loop));
  if (schema->value != NULL)
    deepest = MAX (deepest, depth_of (schema->value->schema, path, loop));
  g_ptr_array_remove_index (path, path->len - 1);
  return deepest + 1;
}

void
twin_schema_check_depth (TwinModelBuilder *self, const TwinSchema *schema)
{
  g_autoptr (GPtrArray) path = g_ptr_array_new ();
  gboolean loop = FALSE;
  int      most = self->place.dtdl == 4 ? 8 : 5;
  int      depth = depth_of (schema, path, &loop);

  if (loop && self->place.dtdl < 4)
    twin_model_builder_issue (self, "recursiveStructureWide",
                              "the schema contains itself");
  else if (depth > most &&
           !(self->place.dtdl == 4 && self->options->accept_limits != NULL))
    twin_model_builder_issue (self, "excessiveDepthWide",
                              "the schema is nested %d deep, %d is the most",
                              depth, most);
}
