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

#define MOST_COMMENT 512
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
  const char *first = NULL;
  int         quantities = 0;

  for (const char *const *term = element->cotypes; *term != NULL; term++)
    {
      gboolean quantity = twin_quantity_is_known (*term) &&
                          (self->place.dtdl == 2 || self->place.quantities);

      if (quantity && (first == NULL || strcmp (first, *term) != 0))
        {
          first = *term;
          quantities++;
        }
      if (quantity && !may_have_quantity (element->type, self->place.dtdl))
        twin_model_builder_issue (self, "invalidCotype",
                                  "the semantic type %s cannot be on a %s",
                                  *term, element->type);
      else if (!quantity && !self->place.tenable &&
               (self->place.dtdl > 2 || strncmp (*term, "dtmi:", 5) == 0))
        twin_model_builder_issue (self, "typeUndefinedTerm",
                                  twin_quantity_is_known (*term)
                                      ? "the type %s needs the context "
                                        "“dtmi:dtdl:extension:"
                                        "quantitativeTypes;1”"
                                      : "the type %s is not known",
                                  *term);
      else if (!quantity)
        element->undefined = TRUE;
    }

  if (quantities > 1)
    twin_model_builder_issue (self, "conflictingSupplementalTypes",
                              "one semantic type can be in “@type”, not %d",
                              quantities);

  if (quantities > 0 && !twin_model_element_get (element, "unit"))
    twin_model_builder_issue (self, "missingSupplementalObjectProperty",
                              "the semantic type needs a “unit” beside it");
}

/* --- keys and ids
 * ------------------------------------------------------------- */

gboolean
twin_model_element_has_quantity (const TwinModelElement *element)
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
  const char *keys = class_keys (element->type, self->place.dtdl);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObjectIter iter;
  const char    *key;

  json_object_iter_init_ordered (&iter, element->object);
  while (json_object_iter_next_ordered (&iter, &key, NULL))
    {
      const char *term = twin_model_term (self, key);

      if (*key == '@')
        {
          if ((self->place.dtdl > 2 || strcmp (key, "@graph") == 0) &&
              !in_list (" @id @type @context ", key))
            twin_model_builder_issue (self, "keywordDisallowed",
                                      "“%s” is not allowed in DTDL", key);
          continue;
        }

      if (!g_hash_table_add (seen, (void *) term))
        twin_model_builder_issue (self, "duplicatePropertyName",
                                  "“%s” is given twice, as a term and as a "
                                  "DTMI",
                                  term);

      if (in_list (keys, term) || in_list (COMMON_KEYS, term))
        continue;

      if (strcmp (term, "unit") == 0)
        {
          if (!twin_model_element_has_quantity (element) && !element->undefined)
            twin_model_builder_issue (self, "propertyUndefinedTerm",
                                      "“unit” needs a semantic type in “@type” "
                                      "beside it, such as "
                                      "[\"%s\", \"Temperature\"]",
                                      element->type);
          continue;
        }

      if (!element->undefined)
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

  if (!g_hash_table_add (
          self->defined,
          (void *) (interface ? element->id
                              : twin_model_builder_scope (self, element->id))))
    {
      twin_model_builder_issue (self, "duplicateDefinition",
                                "“%s” is defined twice", element->id);
      return FALSE;
    }

  return TRUE;
}

static void
check_comment (TwinModelBuilder *self, TwinModelElement *element)
{
  const char *text = twin_model_element_text (self, element, "comment", FALSE);

  if (text != NULL && g_utf8_strlen (text, -1) > MOST_COMMENT)
    twin_model_builder_issue (self, "stringTooLong",
                              "“comment” is longer than %d characters",
                              MOST_COMMENT);
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
  check_comment (self, element);
  return TRUE;
}
