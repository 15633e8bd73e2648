/* SPDX-License-Identifier: Apache-2.0 */
/* Names, texts, numbers: what JSON-LD may dress a literal in, and what the
 * property wants of the value inside. */
#include <math.h>
#include <string.h>

#include "twin-model-builder.h"

/* How messages and the ids of errors call a kind of literal. */
static const struct
{
  const char *id;   /* "string": of "stringNotString" */
  const char *type; /* the end of the id when the value is wrong */
  const char *xsd;  /* what "@type" may say, after "xsd:" */
  const char *words;
} kinds[] = {
  [TWIN_VALUE_STRING] = { "string", "String", "string", "one string" },
  [TWIN_VALUE_LANG] = { "langString", "LangString", NULL, "a string" },
  [TWIN_VALUE_BOOLEAN] = { "boolean", "Boolean", "boolean", "true or false" },
  [TWIN_VALUE_INTEGER] = { "integer", "Integer", "integer",
                           "one whole number" },
  [TWIN_VALUE_NUMERIC] = { "numeric", "Numeric", "decimal", "one number" },
  [TWIN_VALUE_DURATION] = { "duration", "String", "duration",
                            "a duration such as \"PT1H30M\"" },
  [TWIN_VALUE_LITERAL] = { "literal", "Valid", NULL,
                           "one string or whole number" },
  [TWIN_VALUE_DTMI] = { "identifier", "String", NULL, "one DTMI in quotes" },
  [TWIN_VALUE_TERM] = { "identifier", "String", NULL,
                        "the name of a property in quotes" },
};

static gboolean
refuse (TwinModelBuilder   *self,
        const TwinProperty *property,
        const char         *how,
        const char         *end)
{
  g_autofree char *id = g_strconcat (kinds[property->kind].id, how, end, NULL);

  twin_model_builder_issue (self, id, "“%s” must be %s", property->name,
                            kinds[property->kind].words);
  return FALSE;
}

/* --- clothes -----------------------------------------------------------------
 */

JsonNode *
twin_model_undress (JsonNode *node)
{
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node) &&
      json_array_get_length (json_node_get_array (node)) == 1)
    node = json_array_get_element (json_node_get_array (node), 0);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    node = json_object_get_member (json_node_get_object (node), "@value");

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

/* A key beside "@value" and "@type". */
static const char *
value_object_fault (const char *key, int dtdl)
{
  static const struct
  {
    const char *key, *id;
  } faults[] = {
    { "@context", "valueObjectContext" },
    { "@graph", "valueObjectGraph" },
    { "@id", "valueObjectId" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      if (strcmp (faults[i].key, key) == 0)
        return faults[i].id;
    }

  if (*key != '@')
    return "valueObjectInvalidProp";
  if (dtdl == 2) /* which minds no keywords */
    return NULL;

  return strcmp (key, "@language") == 0 ? "valueObjectLanguage"
                                        : "valueObjectKeyword";
}

static gboolean
check_value_object (TwinModelBuilder   *self,
                    const TwinProperty *property,
                    JsonObject         *object)
{
  JsonObjectIter iter;
  const char    *key;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, NULL))
    {
      const char *fault = value_object_fault (key, self->place.dtdl);

      if (strcmp (key, "@value") == 0 || strcmp (key, "@type") == 0 ||
          fault == NULL)
        continue;

      twin_model_builder_issue (self, fault,
                                "“%.80s” cannot be beside “@value”; write the "
                                "value of “%s” alone",
                                key, property->name);
      return FALSE;
    }

  return json_object_has_member (object, "@value") ||
         refuse (self, property, "ObjectNoValue", "");
}

static const char *
bare_xsd (const char *type)
{
  static const char *const prefixes[] = { "xsd:",
                                          "http://www.w3.org/2001/XMLSchema#" };

  for (size_t i = 0; type != NULL && i < G_N_ELEMENTS (prefixes); i++)
    {
      if (g_str_has_prefix (type, prefixes[i]))
        return type + strlen (prefixes[i]);
    }

  return "";
}

/* "@type" of a value object, and the kind that it makes of a literal. */
static gboolean
check_value_type (TwinModelBuilder   *self,
                  const TwinProperty *property,
                  JsonNode           *node,
                  TwinValueKind      *kind)
{
  const char *type;

  if (node == NULL)
    return TRUE;

  if (JSON_NODE_HOLDS_ARRAY (node) &&
      json_array_get_length (json_node_get_array (node)) != 1)
    {
      twin_model_builder_issue (self, "literalTypeNotSingular",
                                "“@type” beside “@value” must be one word");
      return FALSE;
    }

  if (JSON_NODE_HOLDS_ARRAY (node))
    node = json_array_get_element (json_node_get_array (node), 0);
  type = bare_xsd (twin_model_string (node));

  if (*kind != TWIN_VALUE_LITERAL)
    return g_strcmp0 (kinds[*kind].xsd, type) == 0 ||
           refuse (self, property, "TypeNot",
                   *kind == TWIN_VALUE_DURATION ? "Duration"
                                                : kinds[*kind].type);

  for (TwinValueKind one = TWIN_VALUE_STRING; one < TWIN_VALUE_LITERAL; one++)
    {
      if (g_strcmp0 (kinds[one].xsd, type) == 0)
        {
          *kind = one;
          return TRUE;
        }
    }

  return refuse (self, property, "NotValid", "");
}

static gboolean
fits (JsonNode *node, TwinValueKind kind)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                            : G_TYPE_INVALID;

  switch (kind)
    {
    case TWIN_VALUE_BOOLEAN:
      return type == G_TYPE_BOOLEAN;
    case TWIN_VALUE_INTEGER:
      return type == G_TYPE_INT64;
    case TWIN_VALUE_NUMERIC:
      return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
    case TWIN_VALUE_LITERAL:
      return type == G_TYPE_STRING || type == G_TYPE_INT64 ||
             type == G_TYPE_BOOLEAN;
    case TWIN_VALUE_STRING:
    case TWIN_VALUE_LANG:
    case TWIN_VALUE_DURATION:
    case TWIN_VALUE_DTMI:
    case TWIN_VALUE_TERM:
    case TWIN_VALUE_OBJECT:
    default:
      return type == G_TYPE_STRING;
    }
}

/* The value inside, or NULL when there is none or it was refused. */
static JsonNode *
undress (TwinModelBuilder *self, const TwinProperty *property, JsonNode *node)
{
  TwinValueKind kind = property->kind;
  gboolean      bare = TRUE;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      guint n = json_array_get_length (json_node_get_array (node));

      if (n == 0)
        {
          if (property->min > 0)
            refuse (self, property, "CountBelowMin", "");
          return NULL;
        }
      if (n > 1)
        {
          refuse (self, property, "MultipleValues", "");
          return NULL;
        }
      node = json_array_get_element (json_node_get_array (node), 0);
    }

  if (JSON_NODE_HOLDS_OBJECT (node) && kind != TWIN_VALUE_DTMI &&
      kind != TWIN_VALUE_TERM)
    {
      JsonObject *object = json_node_get_object (node);

      bare = FALSE;
      if (!check_value_object (self, property, object) ||
          !check_value_type (self, property,
                             json_object_get_member (object, "@type"), &kind))
        return NULL;
      node = json_object_get_member (object, "@value");
    }

  if (fits (node, kind))
    return node;

  if (bare)
    refuse (self, property, "Not", kinds[property->kind].type);
  else if (property->kind == TWIN_VALUE_LITERAL)
    refuse (self, property, "NotValid", "");
  else
    refuse (self, property, "ValueNot", kinds[property->kind].type);
  return NULL;
}

/* --- what the property wants -------------------------------------------------
 */

static gboolean
is_name (const char *text)
{
  size_t length = strlen (text);

  return g_ascii_isalpha (text[0]) && text[length - 1] != '_' &&
         strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                       "0123456789_") == length;
}

/* Printable ASCII without what MQTT gives a meaning. */
static gboolean
is_label_char (char c)
{
  return c > ' ' && c < 0x7F && strchr ("\"#+{}/", c) == NULL;
}

/* "{name}" or "{group:name}"; moves *@p past it. */
static gboolean
skip_token (const char **p)
{
  size_t n = 0, colons = 0;

  for ((*p)++; g_ascii_isalpha (**p) || **p == ':'; (*p)++)
    {
      if (**p == ':' && (n == 0 || colons++ > 0))
        return FALSE;
      n = **p == ':' ? 0 : n + 1;
    }

  return n > 0 && *(*p)++ == '}';
}

static gboolean
is_topic (const char *text)
{
  const char *p = text;

  if (*p == '$')
    return FALSE;

  for (;;)
    {
      const char *first = p;

      if (*p == '{')
        {
          if (!skip_token (&p))
            return FALSE;
        }
      else
        {
          while (is_label_char (*p))
            p++;
        }
      if (p == first || (*p != '\0' && *p != '/'))
        return FALSE;
      if (*p == '\0')
        return TRUE;
      p++;
    }
}

static gboolean
is_label (const char *text)
{
  const char *p = text;

  while (is_label_char (*p))
    p++;
  return p > text && *p == '\0';
}

static gboolean
check_pattern (TwinModelBuilder   *self,
               const TwinProperty *property,
               const char         *text)
{
  switch (property->pattern)
    {
    case TWIN_PATTERN_NAME:
      if (is_name (text))
        return TRUE;
      twin_model_builder_issue (self, "stringInvalid",
                                "the %s “%.80s” must be letters, digits and "
                                "underscores, begin with "
                                "a letter and not end in an underscore",
                                property->name, text);
      return FALSE;
    case TWIN_PATTERN_TOPIC:
      if (is_topic (text))
        return TRUE;
      twin_model_builder_issue (self, "stringInvalid",
                                "“%s” must be labels or {tokens} between "
                                "slashes: “plant/{modelId}/telemetry”",
                                property->name);
      return FALSE;
    case TWIN_PATTERN_LABEL:
      if (is_label (text))
        return TRUE;
      twin_model_builder_issue (self, "stringInvalid",
                                "“%s” must be one word without blanks, quotes, "
                                "slashes, braces, “+” and “#”",
                                property->name);
      return FALSE;
    case TWIN_PATTERN_NONE:
    default:
      return TRUE;
    }
}

static gboolean
check_string (TwinModelBuilder   *self,
              const TwinProperty *property,
              const char         *text)
{
  if (property->most > 0 && g_utf8_strlen (text, -1) > (glong) property->most)
    {
      twin_model_builder_issue (self, "stringTooLong",
                                "“%s” is longer than %u characters",
                                property->name, property->most);
      return FALSE;
    }

  return check_pattern (self, property, text);
}

static gboolean
check_integer (TwinModelBuilder   *self,
               const TwinProperty *property,
               gint64              value)
{
  if (!property->bounded || (value >= property->low && value <= property->high))
    return TRUE;

  if (property->low == property->high)
    twin_model_builder_issue (self, "valueNotExact",
                              "“%s” must be %" G_GINT64_FORMAT
                              ", or be left out",
                              property->name, property->low);
  else
    twin_model_builder_issue (self,
                              property->high == G_MAXINT64 ? "valueBelowMin"
                              : value < property->low      ? "valueBelowRange"
                                                           : "valueAboveRange",
                              property->high == G_MAXINT64
                                  ? "“%s” must be %" G_GINT64_FORMAT " or more"
                                  : "“%s” must be from %" G_GINT64_FORMAT
                                    " to %" G_GINT64_FORMAT,
                              property->name, property->low, property->high);
  return FALSE;
}

static gboolean
check_identifier (TwinModelBuilder   *self,
                  const TwinProperty *property,
                  const char         *text)
{
  if (property->kind == TWIN_VALUE_TERM)
    return *text != '\0' || refuse (self, property, "NotString", "");

  if (!twin_dtmi_is_valid_for (text, self->place.dtdl))
    {
      twin_model_builder_issue (self, "identifierNotDtmi",
                                "“%s” is “%.80s”, which is no DTMI of DTDL "
                                "v%d; write it like “dtmi:com:example:Pump;1”",
                                property->name, text, self->place.dtdl);
      return FALSE;
    }

  if (strlen (text) > self->place.limits->id)
    {
      twin_model_builder_issue (self, "identifierTooLong",
                                "“%s” is longer than %u characters",
                                property->name, self->place.limits->id);
      return FALSE;
    }

  return TRUE;
}

static gboolean
is_duration (JsonNode *node)
{
  static const TwinSchema schema = { .kind = TWIN_SCHEMA_DURATION,
                                     .name = "duration" };

  return twin_schema_validate (&schema, node, "", NULL);
}

static gboolean
check_value (TwinModelBuilder   *self,
             const TwinProperty *property,
             JsonNode           *node)
{
  switch (property->kind)
    {
    case TWIN_VALUE_STRING:
      return check_string (self, property, json_node_get_string (node));
    case TWIN_VALUE_INTEGER:
      return check_integer (self, property, json_node_get_int (node));
    case TWIN_VALUE_DTMI:
    case TWIN_VALUE_TERM:
      return check_identifier (self, property, json_node_get_string (node));
    case TWIN_VALUE_DURATION:
      return is_duration (node) || refuse (self, property, "Invalid", "");
    case TWIN_VALUE_LITERAL:
    case TWIN_VALUE_BOOLEAN:
    case TWIN_VALUE_NUMERIC:
    case TWIN_VALUE_LANG:
    case TWIN_VALUE_OBJECT:
    default:
      return TRUE;
    }
}

/* --- languages ---------------------------------------------------------------
 */

/* Two to four letters, then perhaps a script and a region, as in "sr-Latn-RS".
 */
static gboolean
is_language (const char *code)
{
  size_t n = strspn (code, "abcdefghijklmnopqrstuvwxyz");

  if (n < 2 || n > 4)
    return FALSE;
  code += n;

  if (code[0] == '-' && g_ascii_isupper (code[1]) && g_ascii_islower (code[2]))
    {
      if (!g_ascii_islower (code[3]) || !g_ascii_islower (code[4]))
        return FALSE;
      code += 5;
    }

  if (code[0] == '-' && g_ascii_isupper (code[1]) && g_ascii_isupper (code[2]))
    code += 3;
  else if (code[0] == '-' && g_ascii_isdigit (code[1]) &&
           g_ascii_isdigit (code[2]) && g_ascii_isdigit (code[3]))
    code += 4;

  return *code == '\0';
}

static guint
lang_limit (TwinModelBuilder *self, const TwinProperty *property)
{
  return strcmp (property->name, "description") == 0
             ? self->place.limits->description
             : property->most;
}

/* A text in a language, inside @id's kind of shape. */
static gboolean
check_lang_text (TwinModelBuilder   *self,
                 const TwinProperty *property,
                 const char         *text)
{
  guint most = lang_limit (self, property);

  if (g_utf8_strlen (text, -1) <= (glong) most)
    return TRUE;

  twin_model_builder_issue (self, "langStringValueTooLong",
                            "“%s” is longer than %u characters", property->name,
                            most);
  return FALSE;
}

static gboolean
refuse_lang (TwinModelBuilder   *self,
             const TwinProperty *property,
             const char         *id,
             const char         *words)
{
  twin_model_builder_issue (self, id, "“%s” %s", property->name, words);
  return FALSE;
}

/* A key of an element of the array that is neither value nor language. */
static const char *
tagged_fault (const char *key, int dtdl)
{
  static const struct
  {
    const char *key, *id;
  } faults[] = {
    { "@context", "langStringElementContext" },
    { "@graph", "langStringElementGraph" },
    { "@id", "langStringElementId" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      if (strcmp (faults[i].key, key) == 0)
        return faults[i].id;
    }

  if (*key != '@')
    return "langStringElementInvalidProp";
  if (dtdl == 2) /* which minds no keywords */
    return NULL;

  return strcmp (key, "@type") == 0 ? "langStringElementType"
                                    : "langStringElementKeyword";
}

/* {"@value": …, "@language": …} in an array. */
static gboolean
read_tagged (TwinModelBuilder   *self,
             const TwinProperty *property,
             JsonObject         *object,
             const char        **language,
             const char        **text)
{
  JsonNode      *code = json_object_get_member (object, "@language");
  JsonNode      *value = json_object_get_member (object, "@value");
  JsonObjectIter iter;
  const char    *key;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, NULL))
    {
      const char *fault = tagged_fault (key, self->place.dtdl);

      if (strcmp (key, "@value") != 0 && strcmp (key, "@language") != 0 &&
          fault != NULL)
        return refuse_lang (self, property, fault,
                            "may have “@value” and “@language” only");
    }

  if (value == NULL)
    return refuse_lang (self, property, "langStringElementNoValue",
                        "needs “@value” beside “@language”");
  *text = twin_model_string (value);
  if (*text == NULL)
    return refuse_lang (self, property, "langStringElementValueNotString",
                        "must have a string as “@value”");
  if (code != NULL)
    *language = twin_model_string (code);
  if (*language == NULL)
    return refuse_lang (self, property, "langStringElementCodeNotString",
                        "must have a string as “@language”, such as \"en\"");
  if (!is_language (*language))
    return refuse_lang (self, property, "langStringElementInvalidCode",
                        "has a language that is none; write \"en\" or "
                        "\"zh-Hant\"");
  return TRUE;
}

static gboolean
check_lang_array (TwinModelBuilder   *self,
                  const TwinProperty *property,
                  JsonArray          *array)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode   *node = json_array_get_element (array, i);
      const char *language = "en";
      const char *text = twin_model_string (node);

      if (text == NULL && !JSON_NODE_HOLDS_OBJECT (node))
        return refuse_lang (self, property,
                            "langStringElementNotStringOrObject",
                            "must hold strings, or a “@value” with its "
                            "“@language”");
      if (text == NULL &&
          !read_tagged (self, property, json_node_get_object (node), &language,
                        &text))
        return FALSE;
      if (!g_hash_table_add (seen, (void *) language))
        return refuse_lang (self, property, "langStringElementCodeNotUnique",
                            "has two texts in one language");
      if (!check_lang_text (self, property, text))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_lang_map (TwinModelBuilder   *self,
                const TwinProperty *property,
                JsonObject         *object)
{
  JsonObjectIter iter;
  const char    *language;
  JsonNode      *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &language, &value))
    {
      const char *text = twin_model_string (value);

      if (*language == '@' && json_object_has_member (object, "@value") &&
          json_object_has_member (object, "@language"))
        return refuse_lang (self, property, "langTagValueInLangMap",
                            "with “@value” must be in an array; or write "
                            "{\"en\": \"…\"}");
      if (*language == '@')
        return refuse_lang (self, property, "langMapObjKeyword",
                            "must have languages as keys, as in {\"en\": "
                            "\"…\"}");
      if (!is_language (language))
        return refuse_lang (self, property, "langStringInvalidCode",
                            "has a key that is no language; write \"en\" or "
                            "\"zh-Hant\"");
      if (text == NULL)
        return refuse_lang (self, property, "langStringValueNotString",
                            "must have one string for a language");
      if (!check_lang_text (self, property, text))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_lang (TwinModelBuilder   *self,
            const TwinProperty *property,
            JsonNode           *node)
{
  const char *text = twin_model_string (node);

  if (text != NULL)
    return check_lang_text (self, property, text);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return check_lang_array (self, property, json_node_get_array (node));
  if (JSON_NODE_HOLDS_OBJECT (node))
    return check_lang_map (self, property, json_node_get_object (node));

  return refuse_lang (self, property, "langStringNotLangString",
                      "must be a string, or one string a language");
}

gboolean
twin_model_read_literal (TwinModelBuilder   *self,
                         TwinElement        *element,
                         const TwinProperty *property,
                         JsonNode           *node)
{
  if (property->kind == TWIN_VALUE_LANG)
    return check_lang (self, property, node);

  node = undress (self, property, node);
  return node != NULL && check_value (self, property, node);
}

const char *
twin_model_best_language (JsonNode *node)
{
  const char    *best = NULL, *language;
  JsonObjectIter iter;
  JsonNode      *value;
  JsonArray     *array;

  if (node == NULL)
    return NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &language, &value))
        {
          if (best == NULL || g_str_has_prefix (language, "en"))
            best = twin_model_string (value);
        }
      return best;
    }

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return twin_model_string (node);

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode   *one = json_array_get_element (array, i);
      const char *text = twin_model_string (twin_model_undress (one));

      language =
          JSON_NODE_HOLDS_OBJECT (one)
              ? twin_json_get_string (json_node_get_object (one), "@language")
              : NULL;
      if (best == NULL || language == NULL || g_str_has_prefix (language, "en"))
        best = text;
    }

  return best;
}
