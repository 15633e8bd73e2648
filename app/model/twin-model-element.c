/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-model-builder.h"

#include <string.h>

#include "twin-quantity.h"

/* The properties of each class beside the common ones, by DTDL version. */
static const struct
{
  const char *type;
  int         from, to; /* DTDL versions */
  const char *keys;     /* each between blanks */
} classes[] = {
  { "Interface", 2, 4, " contents extends schemas " },
  { "Telemetry", 2, 4, " name schema " },
  { "Property", 2, 4, " name schema writable " },
  { "Command", 2, 4, " name request response commandType " },
  { "Component", 2, 4, " name schema " },
  { "Relationship", 2, 4,
    " name target minMultiplicity maxMultiplicity properties writable " },
  { "CommandPayload", 2, 2, " name schema " },
  { "CommandRequest", 3, 4, " name schema nullable " },
  { "CommandResponse", 3, 4, " name schema nullable " },
  { "Array", 2, 4, " elementSchema " },
  { "Enum", 2, 4, " enumValues valueSchema " },
  { "EnumValue", 2, 4, " name enumValue " },
  { "Map", 2, 4, " mapKey mapValue " },
  { "MapKey", 2, 4, " name schema " },
  { "MapValue", 2, 4, " name schema " },
  { "Object", 2, 4, " fields " },
  { "Field", 2, 4, " name schema " },
};

#define COMMON_KEYS " comment description displayName languageVersion "

static const char *
class_keys (const char *type, int dtdl)
{
  for (size_t i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      if (strcmp (classes[i].type, type) == 0 && dtdl >= classes[i].from &&
          dtdl <= classes[i].to)
        return classes[i].keys;
    }

  return NULL;
}

static gboolean
in_list (const char *list, const char *word)
{
  g_autofree char *framed = g_strdup_printf (" %s ", word);

  return strstr (list, framed) != NULL;
}

/* The one string that @node is, in whatever of JSON-LD's clothes; else NULL. */
static const char *
plain_string (JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node) &&
      json_array_get_length (json_node_get_array (node)) == 1)
    node = json_array_get_element (json_node_get_array (node), 0);

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      node = json_object_get_member (json_node_get_object (node), "@value");
      if (node == NULL)
        return NULL;
    }

  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);

  return NULL;
}

JsonNode *
twin_model_element_get (TwinModelElement *element, const char *term)
{
  JsonNode *node = json_object_get_member (element->object, term);

  for (int dtdl = 2; node == NULL && dtdl <= 4; dtdl++)
    {
      char key[96];

      g_snprintf (key, sizeof key, "dtmi:dtdl:property:%s;%d", term, dtdl);
      node = json_object_get_member (element->object, key);
    }

  return node;
}

/* --- @type ------------------------------------------------------------------
 */

/* Splits @type into the class and the rest. */
static gboolean
read_types (TwinModelBuilder  *self,
            JsonNode          *node,
            const char *const *types,
            TwinModelElement  *element)
{
  g_autoptr (GPtrArray) cotypes = g_ptr_array_new ();
  g_autofree char *wanted = g_strjoinv (" or ", (char **) types);
  JsonArray       *array;
  const char     **copy;
  guint            n = 1;

  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array != NULL)
    n = json_array_get_length (array);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *item = array ? json_array_get_element (array, i) : node;
      const char *type;

      if (!JSON_NODE_HOLDS_VALUE (item) ||
          json_node_get_value_type (item) != G_TYPE_STRING)
        {
          twin_model_builder_issue (self, "typeNotDtmiNorTerm",
                                    "“@type” must hold words in quotes");
          return FALSE;
        }

      type = twin_model_term (self, json_node_get_string (item));
      if (class_keys (type, self->place.dtdl) == NULL)
        {
          g_ptr_array_add (cotypes,
                           (void *) twin_model_builder_intern (self, type));
          continue;
        }

      if (element->type != NULL && strcmp (element->type, type) != 0)
        {
          twin_model_builder_issue (self, "multipleMaterialTypes",
                                    "“@type” cannot be both %s and %s",
                                    element->type, type);
          return FALSE;
        }
      element->type = twin_model_builder_intern (self, type);
    }

  if (element->type == NULL || !g_strv_contains (types, element->type))
    {
      twin_model_builder_issue (self,
                                element->type == NULL ? "missingType"
                                                      : "badType",
                                "“@type” is %s, but %s is expected here",
                                element->type != NULL ? element->type
                                : cotypes->len > 0
                                    ? (char *) g_ptr_array_index (cotypes, 0)
                                    : "empty",
                                wanted);
      return FALSE;
    }

  copy = twin_model_builder_alloc (self, (cotypes->len + 1) * sizeof (char *));
  for (guint i = 0; i < cotypes->len; i++)
    copy[i] = g_ptr_array_index (cotypes, i);
  element->cotypes = copy;
  return TRUE;
}

/* Which classes a semantic type may stand beside. */
static gboolean
may_have_quantity (const char *type, int dtdl)
{
  if (strcmp (type, "Telemetry") == 0 || strcmp (type, "Property") == 0)
    return TRUE;

  return dtdl >= 3 &&
         in_list (" CommandRequest CommandResponse Field MapValue ", type);
}

static void
check_cotypes (TwinModelBuilder *self, TwinModelElement *element)
{
  for (const char *const *term = element->cotypes; *term != NULL; term++)
    {
      gboolean quantity = twin_quantity_is_known (*term) &&
                          (self->place.dtdl == 2 || self->place.quantities);

      if (quantity && !may_have_quantity (element->type, self->place.dtdl))
        twin_model_builder_issue (self, "invalidCotype",
                                  "the semantic type %s cannot be on a %s",
                                  *term, element->type);
      else if (!quantity && !self->place.tenable)
        twin_model_builder_issue (self, "typeUndefinedTerm",
                                  twin_quantity_is_known (*term)
                                      ? "the type %s needs the context "
                                        "“dtmi:dtdl:extension:"
                                        "quantitativeTypes;1”"
                                      : "the type %s is not known",
                                  *term);
    }
}

/* --- keys and ids
 * ------------------------------------------------------------- */

static gboolean
has_quantity (TwinModelElement *element)
{
  for (const char *const *term = element->cotypes; *term != NULL; term++)
    {
      if (twin_quantity_is_known (*term))
        return TRUE;
    }

  return FALSE;
}

static void
check_keys (TwinModelBuilder *self, TwinModelElement *element)
{
  const char    *keys = class_keys (element->type, self->place.dtdl);
  JsonObjectIter iter;
  const char    *key;

  json_object_iter_init_ordered (&iter, element->object);
  while (json_object_iter_next_ordered (&iter, &key, NULL))
    {
      const char *term = twin_model_term (self, key);

      if (*key == '@')
        {
          if (!in_list (" @id @type @context ", key))
            twin_model_builder_issue (self, "keywordDisallowed",
                                      "“%s” is not allowed in DTDL", key);
          continue;
        }

      if (in_list (keys, term) || in_list (COMMON_KEYS, term))
        continue;

      if (strcmp (term, "unit") == 0)
        {
          if (!has_quantity (element) && !self->place.tenable)
            twin_model_builder_issue (self, "propertyUndefinedTerm",
                                      "“unit” needs a semantic type in “@type” "
                                      "beside it, such as "
                                      "[\"%s\", \"Temperature\"]",
                                      element->type);
          continue;
        }

      if (!self->place.tenable)
        twin_model_builder_issue (self, "propertyUndefinedTerm",
                                  "a %s has no property “%s”", element->type,
                                  key);
    }
}

static gboolean
is_reserved (const char *dtmi)
{
  return g_str_has_prefix (dtmi, "dtmi:dtdl:") ||
         g_str_has_prefix (dtmi, "dtmi:standard:");
}

static gboolean
read_id (TwinModelBuilder *self, TwinModelElement *element)
{
  JsonNode *node = json_object_get_member (element->object, "@id");
  gboolean  interface = strcmp (element->type, "Interface") == 0;
  size_t    most = interface ? 128 : 2048;

  if (node == NULL)
    {
      if (!interface)
        return TRUE;

      twin_model_builder_issue (self, "missingRequiredId",
                                "an Interface needs an “@id”");
      return FALSE;
    }

  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING ||
      !twin_dtmi_is_valid_for (json_node_get_string (node), self->place.dtdl) ||
      strlen (json_node_get_string (node)) > most)
    {
      twin_model_builder_issue (self, "invalidId",
                                "“@id” is no DTMI of at most %zu characters, "
                                "such as "
                                "“dtmi:com:example:Pump;1”",
                                most);
      return FALSE;
    }

  element->id = twin_model_builder_intern (self, json_node_get_string (node));
  self->place.element = element->id;
  if (is_reserved (element->id))
    {
      twin_model_builder_issue (self, "reservedId",
                                "“%s” begins with a reserved prefix",
                                element->id);
      return FALSE;
    }

  if (!g_hash_table_add (self->defined, (void *) element->id))
    {
      twin_model_builder_issue (self, "duplicateDefinition",
                                "“%s” is defined twice", element->id);
      return FALSE;
    }

  return TRUE;
}

gboolean
twin_model_element_open (TwinModelBuilder  *self,
                         JsonNode          *node,
                         const char *const *types,
                         TwinModelElement  *element)
{
  static const TwinModelElement empty = { 0 };
  JsonNode                     *type;

  *element = empty;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      twin_model_builder_issue (self, "notJsonObject", "%s is expected here",
                                types[0]);
      return FALSE;
    }

  element->object = json_node_get_object (node);
  if (!twin_model_read_context (self, element->object))
    return FALSE;

  type = json_object_get_member (element->object, "@type");
  if (type == NULL)
    {
      /* Where only one class can stand it need not be said. */
      static const char *const none[] = { NULL };

      if (types[1] != NULL || strcmp (types[0], "Interface") == 0)
        {
          twin_model_builder_issue (self, "missingType", "“@type” is missing");
          return FALSE;
        }

      element->type = types[0];
      element->cotypes = none;
    }
  else if (!read_types (self, type, types, element))
    return FALSE;

  if (!read_id (self, element))
    return FALSE;

  check_cotypes (self, element);
  check_keys (self, element);
  twin_model_element_lang (self, element, "displayName");
  twin_model_element_lang (self, element, "description");
  return TRUE;
}

/* --- values
 * ------------------------------------------------------------------- */

const char *
twin_model_element_text (TwinModelBuilder *self,
                         TwinModelElement *element,
                         const char       *term,
                         gboolean          required)
{
  JsonNode   *node = twin_model_element_get (element, term);
  const char *text;

  if (node == NULL)
    {
      if (required)
        twin_model_builder_issue (self, "missingLiteralProperty",
                                  "the %s needs “%s”", element->type, term);
      return NULL;
    }

  text = plain_string (node);
  if (text == NULL)
    twin_model_builder_issue (self, "stringNotString",
                              "“%s” must be one string", term);

  return twin_model_builder_intern (self, text);
}

static gboolean
is_name (const char *text)
{
  size_t length = strlen (text);

  if (!g_ascii_isalpha (text[0]) || text[length - 1] == '_')
    return FALSE;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p) && *p != '_')
        return FALSE;
    }

  return TRUE;
}

const char *
twin_model_element_name (TwinModelBuilder *self, TwinModelElement *element)
{
  const char *name = twin_model_element_text (self, element, "name", TRUE);
  size_t      most = self->place.dtdl == 2 ? 64 : 512;

  if (name == NULL)
    return NULL;

  if (!is_name (name) || strlen (name) > most)
    {
      twin_model_builder_issue (
          self, "stringInvalid",
          "the name “%.80s” must be at most %zu letters, digits and "
          "underscores, begin with a letter and not end in an underscore",
          name, most);
      return NULL;
    }

  return name;
}

static glong
lang_limit (TwinModelBuilder *self, const char *term)
{
  return strcmp (term, "displayName") == 0 && self->place.dtdl == 2 ? 64 : 512;
}

/* The best of a language map or array: English, else the first. */
static const char *
best_language (TwinModelBuilder *self, JsonNode *node, gboolean *wrong)
{
  const char *best = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char    *language;
      JsonNode      *value;

      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &language, &value))
        {
          const char *text = plain_string (value);

          *wrong |= text == NULL;
          if (text != NULL &&
              (best == NULL || g_str_has_prefix (language, "en")))
            best = text;
        }
      return best;
    }

  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode   *item = json_array_get_element (json_node_get_array (node), i);
      const char *text = plain_string (item);
      const char *language = NULL;

      *wrong |= text == NULL;
      if (JSON_NODE_HOLDS_OBJECT (item))
        language =
            twin_json_get_string (json_node_get_object (item), "@language");
      if (text != NULL && (best == NULL || (language != NULL &&
                                            g_str_has_prefix (language, "en"))))
        best = text;
    }

  return best;
}

const char *
twin_model_element_lang (TwinModelBuilder *self,
                         TwinModelElement *element,
                         const char       *term)
{
  JsonNode   *node = twin_model_element_get (element, term);
  const char *text;
  gboolean    wrong = FALSE;

  if (node == NULL)
    return NULL;

  text = plain_string (node);
  if (text == NULL &&
      (JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node)))
    text = best_language (self, node, &wrong);
  else if (text == NULL)
    wrong = TRUE;

  if (wrong)
    {
      twin_model_builder_issue (self, "langStringNotLangString",
                                "“%s” must be a string, or strings by language",
                                term);
      return NULL;
    }

  if (text != NULL && g_utf8_strlen (text, -1) > lang_limit (self, term))
    {
      twin_model_builder_issue (self, "langStringValueTooLong",
                                "“%s” is longer than %ld characters", term,
                                lang_limit (self, term));
      return NULL;
    }

  return twin_model_builder_intern (self, text);
}

gboolean
twin_model_element_boolean (TwinModelBuilder *self,
                            TwinModelElement *element,
                            const char       *term)
{
  JsonNode *node = twin_model_element_get (element, term);

  if (node == NULL)
    return FALSE;

  if (JSON_NODE_HOLDS_OBJECT (node) &&
      json_object_has_member (json_node_get_object (node), "@value"))
    node = json_object_get_member (json_node_get_object (node), "@value");

  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    {
      twin_model_builder_issue (self, "booleanNotBoolean",
                                "“%s” must be true or false", term);
      return FALSE;
    }

  return json_node_get_boolean (node);
}

gint64
twin_model_element_integer (TwinModelBuilder *self,
                            TwinModelElement *element,
                            const char       *term)
{
  JsonNode *node = twin_model_element_get (element, term);

  if (node == NULL)
    return -1;

  if (JSON_NODE_HOLDS_OBJECT (node) &&
      json_object_has_member (json_node_get_object (node), "@value"))
    node = json_object_get_member (json_node_get_object (node), "@value");

  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_INT64)
    {
      twin_model_builder_issue (self, "integerNotInteger",
                                "“%s” must be one whole number", term);
      return -1;
    }

  return json_node_get_int (node);
}

const char *
twin_model_element_unit (TwinModelBuilder *self, TwinModelElement *element)
{
  JsonNode   *node = twin_model_element_get (element, "unit");
  const char *unit;

  if (node == NULL)
    return NULL;

  unit = plain_string (node);
  if (unit == NULL)
    {
      if (!self->place.tenable)
        twin_model_builder_issue (self, "badDtmiOrTerm",
                                  "“unit” must be the name of a unit");
      return NULL;
    }

  unit = twin_model_term (self, unit);
  for (const char *const *term = element->cotypes; *term != NULL; term++)
    {
      if (twin_quantity_is_known (*term) &&
          !twin_quantity_has_unit (*term, unit) && !self->place.tenable)
        {
          twin_model_builder_issue (self, "wrongParent",
                                    "“%s” is no unit of %s", unit, *term);
          return NULL;
        }
    }

  return twin_model_builder_intern (self, unit);
}

GPtrArray *
twin_model_element_list (TwinModelElement *element, const char *term)
{
  GPtrArray *list = g_ptr_array_new ();
  JsonNode  *node = twin_model_element_get (element, term);

  if (node == NULL)
    return list;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        g_ptr_array_add (list, json_array_get_element (array, i));
    }
  else
    g_ptr_array_add (list, node);

  return list;
}

const char *
twin_model_element_id (TwinModelBuilder *self,
                       TwinModelElement *element,
                       const char       *parent_id,
                       const char       *segment)
{
  g_autofree char *made = NULL;
  size_t           length;

  if (element->id != NULL)
    return element->id;

  length = strcspn (parent_id, ";");
  made = g_strdup_printf ("%.*s:%s%s", (int) length, parent_id, segment,
                          parent_id + length);
  return twin_model_builder_intern (self, made);
}
