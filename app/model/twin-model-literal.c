/* SPDX-License-Identifier: Apache-2.0 */
/* Names, texts, numbers and units of an element. */
#include "twin-model-builder.h"

#include <string.h>

#include "twin-quantity.h"

/* What JSON-LD may dress one literal in: an array of one, {"@value": …,
 * "@type": …}. NULL when it is none, or its clothes do not fit; *@absent when
 * it is an empty array. @types: names that "@type" may have. */
static JsonNode *
undress (JsonNode *node, const char *const *types, gboolean *absent)
{
  JsonObject    *object;
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  *absent = FALSE;
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      *absent = json_array_get_length (array) == 0;
      if (json_array_get_length (array) != 1)
        return NULL;
      node = json_array_get_element (array, 0);
    }

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return JSON_NODE_HOLDS_VALUE (node) ? node : NULL;

  object = json_node_get_object (node);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      if (strcmp (key, "@type") == 0)
        {
          value = twin_model_single (value);
          if (!JSON_NODE_HOLDS_VALUE (value) ||
              json_node_get_value_type (value) != G_TYPE_STRING ||
              !g_strv_contains (types, json_node_get_string (value)))
            return NULL;
        }
      else if (strcmp (key, "@value") != 0)
        return NULL;
    }

  node = json_object_get_member (object, "@value");
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

JsonNode *
twin_model_element_literal (JsonNode *node, gboolean *absent)
{
  static const char *const types[] = {
    "xsd:string",  "http://www.w3.org/2001/XMLSchema#string",
    "xsd:integer", "http://www.w3.org/2001/XMLSchema#integer",
    "xsd:boolean", "http://www.w3.org/2001/XMLSchema#boolean",
    NULL,
  };

  return undress (node, types, absent);
}

/* The one string that @node is; else NULL. */
static const char *
plain_string (JsonNode *node, gboolean *absent)
{
  static const char *const types[] = {
    "xsd:string", "http://www.w3.org/2001/XMLSchema#string", NULL
  };

  node = undress (node, types, absent);
  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

const char *
twin_model_element_text (TwinModelBuilder *self,
                         TwinModelElement *element,
                         const char       *term,
                         gboolean          required)
{
  JsonNode   *node = twin_model_element_get (element, term);
  gboolean    absent = node == NULL;
  const char *text = absent ? NULL : plain_string (node, &absent);

  if (absent)
    {
      if (required)
        twin_model_builder_issue (self, "missingLiteralProperty",
                                  "the %s needs “%s”", element->type, term);
      return NULL;
    }

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

/* Takes @text of @language if it is the better one; FALSE when the language
 * came before or is none. */
static gboolean
take_language (const char  *language,
               const char  *text,
               GHashTable  *seen,
               const char **best)
{
  if (text == NULL || !g_hash_table_add (seen, (void *) language))
    return FALSE;

  for (const char *p = language; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p) && *p != '-')
        return FALSE;
    }

  if (*best == NULL || g_str_has_prefix (language, "en"))
    *best = text;
  return TRUE;
}

static const char *
string_of (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* One element of an array: a string, or {"@language": …, "@value": …}. */
static gboolean
take_element (JsonNode *node, GHashTable *seen, const char **best)
{
  JsonObject *object;
  const char *language;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return take_language ("en", string_of (node), seen, best);

  object = json_node_get_object (node);
  language = twin_json_get_string (object, "@language");
  if (json_object_get_size (object) != 1 + (language != NULL))
    return FALSE;

  return take_language (language != NULL ? language : "en",
                        twin_json_get_string (object, "@value"), seen, best);
}

/* The best of a language map or array: English, else the first. */
static const char *
best_language (JsonNode *node, gboolean *wrong)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const char *best = NULL;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        *wrong |=
            !take_element (json_array_get_element (array, i), seen, &best);
    }
  else
    {
      JsonObjectIter iter;
      const char    *language;
      JsonNode      *value;

      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &language, &value))
        *wrong |= !take_language (language, string_of (value), seen, &best);
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

  text = string_of (node);
  if (text == NULL &&
      (JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node)))
    text = best_language (node, &wrong);
  else if (text == NULL)
    wrong = TRUE;

  if (wrong)
    {
      twin_model_builder_issue (self, "langStringNotLangString",
                                "“%s” must be a string, or one string a "
                                "language",
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
  static const char *const types[] = {
    "xsd:boolean", "http://www.w3.org/2001/XMLSchema#boolean", NULL
  };
  JsonNode *node = twin_model_element_get (element, term);
  gboolean  absent;

  if (node == NULL)
    return FALSE;

  node = undress (node, types, &absent);
  if (absent)
    return FALSE;

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
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
  static const char *const types[] = {
    "xsd:integer", "http://www.w3.org/2001/XMLSchema#integer", NULL
  };
  JsonNode *node = twin_model_element_get (element, term);
  gboolean  absent;

  if (node == NULL)
    return -1;

  node = undress (node, types, &absent);
  if (absent)
    return -1;

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64)
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
  gboolean    absent;

  if (node == NULL)
    return NULL;

  unit = plain_string (node, &absent);
  if (unit == NULL)
    {
      if (twin_model_element_has_quantity (element))
        twin_model_builder_issue (self, "badDtmiOrTerm",
                                  "“unit” must be the name of a unit");
      return NULL;
    }

  unit = twin_model_term (self, unit);
  for (const char *const *term = element->cotypes; *term != NULL; term++)
    {
      if (twin_quantity_is_known (*term) &&
          !twin_quantity_has_unit (*term, unit))
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
