/* SPDX-License-Identifier: Apache-2.0 */
/* The texts, read into elements and the links between them. */
#include <string.h>

#include "twin-model-builder.h"
#include "twin-quantity.h"

/* --- asking ------------------------------------------------------------------
 */

JsonNode *
twin_element_get (const TwinElement *self, const char *term)
{
  JsonNode *node = json_object_get_member (self->object, term);
  char      key[96];

  if (node != NULL || !self->dtmi_keys)
    return node;

  g_snprintf (key, sizeof key, "dtmi:dtdl:property:%s;%d", term, self->dtdl);
  return json_object_get_member (self->object, key);
}

const TwinLink *
twin_element_link (const TwinElement *self, const char *term)
{
  TWIN_LINKS (self, link)
  {
    if (strcmp (link->property->name, term) == 0)
      return link;
  }

  return NULL;
}

gboolean
twin_element_has_type (const TwinElement *self, const char *term)
{
  return g_strv_contains (self->types, term);
}

/* --- ids ---------------------------------------------------------------------
 */

/* What is the language's own, or that of an extension in force. */
static gboolean
is_reserved (TwinModelBuilder *self, const char *dtmi)
{
  if (g_str_has_prefix (dtmi, "dtmi:dtdl:") ||
      g_str_has_prefix (dtmi, "dtmi:standard:"))
    return TRUE;

  for (guint i = 0; self->place.extensions >> i != 0; i++)
    {
      const TwinExtension *extension = twin_extension_nth (i);

      if ((self->place.extensions >> i & 1) &&
          g_str_has_prefix (dtmi, extension->types))
        return TRUE;
    }

  return FALSE;
}

static gboolean
refuse_id (TwinModelBuilder *self, const char *id, const char *text, guint most)
{
  const char *mark = strchr (text, ';');

  if (strcmp (id, "invalidId") == 0 && mark == NULL && self->place.dtdl == 2)
    twin_model_builder_issue (self, id,
                              "“@id” “%.80s” lacks its version: add “;1”",
                              text);
  else if (strcmp (id, "invalidId") == 0)
    twin_model_builder_issue (self, id,
                              "“@id” “%.80s” is no DTMI of DTDL v%d; write it "
                              "like “dtmi:com:example:Pump;1”",
                              text, self->place.dtdl);
  else
    twin_model_builder_issue (self, id,
                              "“@id” “%.80s…” is longer than %u characters",
                              text, most);
  return FALSE;
}

/* The text is a DTMI that may be one's own. */
static gboolean
check_id (TwinModelBuilder *self, const char *text)
{
  guint most = self->place.limits->id;

  if (text == NULL || *text == '\0')
    {
      twin_model_builder_issue (self, "idNotString",
                                "“@id” must be one DTMI in quotes");
      return FALSE;
    }

  if (strlen (text) > most)
    return refuse_id (self, "idTooLong", text, most);
  if (!twin_dtmi_is_valid_for (text, self->place.dtdl))
    return refuse_id (self, "invalidId", text, most);

  if (is_reserved (self, text) &&
      !(self->options->tolerant && self->place.dtdl == 2))
    {
      twin_model_builder_issue (self, "reservedId",
                                "“@id” “%.80s” begins as the language's own "
                                "names do; take a prefix of yours",
                                text);
      return FALSE;
    }

  return TRUE;
}

/* Before the class is known. */
static gboolean
read_id (TwinModelBuilder *self, TwinElement *element)
{
  JsonNode   *node = json_object_get_member (element->object, "@id");
  const char *text = twin_model_string (node);
  gsize       here;
  gboolean    good;

  if (node == NULL)
    return TRUE;

  here = twin_model_builder_push (self, "@id");
  good = check_id (self, text);
  twin_model_builder_pop (self, here);
  if (good)
    {
      element->id = twin_model_builder_intern (self, text);
      element->named = TRUE;
      self->place.element = element->id;
    }
  return good;
}

/* When it is. */
static gboolean
take_id (TwinModelBuilder *self, TwinElement *element, const TwinProperty *in)
{
  gboolean    interface = element->class == TWIN_CLASS_INTERFACE;
  const char *key;

  if (!element->named)
    {
      if (in != NULL && !(in->flags & TWIN_PROPERTY_NEEDS_ID) && !interface)
        return TRUE;

      twin_model_builder_issue (
          self, in == NULL ? "missingTopLevelId" : "missingRequiredId",
          "%s needs an “@id” such as “dtmi:com:example:Pump;1”",
          interface ? "an Interface" : "what is shared");
      return FALSE;
    }

  if (interface && strlen (element->id) > element->limits->interface_id)
    return refuse_id (self, "idTooLongForType", element->id,
                      element->limits->interface_id);

  key = interface ? element->id
                  : twin_model_builder_scope (self, element->id,
                                              self->place.group);
  if (g_hash_table_contains (self->by_id, key))
    {
      twin_model_builder_issue (self, "duplicateDefinition",
                                "“%.80s” is defined twice; leave one, or give "
                                "it another version",
                                element->id);
      return FALSE;
    }

  g_hash_table_insert (self->by_id, (void *) key, element);
  return TRUE;
}

/* --- references --------------------------------------------------------------
 */

static gboolean
find_unit (TwinModelBuilder *self, const char *text, TwinUnitTerm *unit)
{
  if (strchr (text, ':') != NULL)
    return (g_str_has_prefix (text, "dtmi:dtdl:") ||
            g_str_has_prefix (text, "dtmi:standard:")) &&
           twin_unit_term_find (text, NULL, unit);

  for (guint i = 0; self->place.extensions >> i != 0; i++)
    {
      if ((self->place.extensions >> i & 1) &&
          twin_unit_term_find (text, twin_extension_nth (i), unit))
        return TRUE;
    }

  return self->place.dtdl == 2 &&
         twin_unit_term_find (text, twin_extension_built_in (), unit);
}

static gboolean
find_standard (TwinModelBuilder *self, const char *text, TwinLink *link)
{
  guint index;

  link->dtdl = self->place.dtdl;
  if (g_str_has_prefix (text, "dtmi:") &&
      !g_str_has_prefix (text, "dtmi:dtdl:") &&
      !g_str_has_prefix (text, "dtmi:standard:") &&
      !g_str_has_prefix (text, "dtmi:iotcentral:"))
    return FALSE;

  link->standard = twin_standard_find (text, &link->dtdl);
  if (link->standard != NULL && link->standard->scoped &&
      strchr (text, ':') == NULL)
    {
      twin_extension_find ("dtmi:iotcentral:context;2", &index);
      if (!(self->place.extensions >> index & 1))
        link->standard = NULL;
    }

  return link->standard != NULL;
}

/* The family of units that a semantic type wants of @link, or NULL. */
static const TwinCotype *
quantity_of (const TwinLink *link)
{
  for (guint i = 0; i < link->owner->n_cotypes; i++)
    {
      const TwinCotype *one = &link->owner->cotypes[i];

      if (one->unit_type != NULL &&
          twin_cotype_property (one, link->property->name) == link->property)
        return one;
    }

  return NULL;
}

static gboolean
check_unit (TwinModelBuilder *self, TwinLink *link)
{
  const TwinUnitTerm *unit = &link->unit;
  const TwinCotype   *quantity = quantity_of (link);
  TwinClass class = unit->extension->version == 0 ? TWIN_CLASS_UNIT
                    : unit->family                ? TWIN_CLASS_ENUM
                                                  : TWIN_CLASS_ENUM_VALUE;

  if (!(link->property->range >> class & 1))
    {
      g_autofree char *wanted =
          twin_classes_to_string (link->property->range, self->place.dtdl);

      twin_model_builder_issue (self, "badType",
                                "“%s” is a unit, but “%s” wants %s", unit->term,
                                link->property->name, wanted);
      return FALSE;
    }

  if (quantity != NULL &&
      !twin_quantity_type_has_unit (quantity->unit_type, unit->term,
                                    quantity->extension->version))
    {
      const char *units = twin_quantity_list_units (quantity->unit_type);

      twin_model_builder_issue (self, "wrongParent",
                                "“%s” is no unit of %s; take one of “%.*s”",
                                unit->term, quantity->term,
                                (int) strlen (units) - 1, units);
      return FALSE;
    }

  return TRUE;
}

static gboolean
is_only (const char *only, const char *term)
{
  g_autofree char *framed = NULL;

  if (only == NULL)
    return TRUE;

  framed = g_strdup_printf (" %s ", term);
  return strstr (only, framed) != NULL;
}

static gboolean
check_standard (TwinModelBuilder *self, const TwinLink *link)
{
  const TwinProperty *property = link->property;

  if (!(property->range >> link->standard->class & 1))
    {
      g_autofree char *wanted =
          twin_classes_to_string (property->range, self->place.dtdl);

      twin_model_builder_issue (self,
                                quantity_of (link) != NULL ? "wrongParent"
                                                           : "badType",
                                "“%s” cannot be here; “%s” wants %s",
                                link->standard->term, property->name, wanted);
      return FALSE;
    }

  if (!is_only (property->only, link->standard->term))
    {
      twin_model_builder_issue (self, "incorrectPropertyValue",
                                "“%s” cannot be %s; one of these is:%s",
                                property->name, link->standard->term,
                                property->only);
      return FALSE;
    }

  if (link->dtdl > self->place.dtdl ||
      (link->dtdl < self->place.dtdl &&
       !(property->flags & TWIN_PROPERTY_OLDER)))
    {
      twin_model_builder_issue (self, "disallowedVersionReference",
                                "“%s” is of DTDL v%d, which cannot be in a v%d "
                                "element here; write the bare term",
                                link->standard->term, link->dtdl,
                                self->place.dtdl);
      return FALSE;
    }

  return TRUE;
}

/* A string where an element is wanted. */
static gboolean
read_reference (TwinModelBuilder *self, const char *text, TwinLink *link)
{
  if (find_standard (self, text, link))
    return check_standard (self, link);
  if (find_unit (self, text, &link->unit))
    return check_unit (self, link);
  link->unit.term = NULL;

  if (twin_dtmi_is_valid_for (text, self->place.dtdl) &&
      strlen (text) <= self->place.limits->id)
    {
      link->dtmi = twin_model_builder_intern (self, text);
      return TRUE;
    }

  if (strcmp (link->property->name, "unit") == 0)
    twin_model_builder_issue (self, "badDtmiOrTerm",
                              "“%.80s” is no unit that is known here", text);
  else
    twin_model_builder_issue (self, "badDtmiOrTerm",
                              "“%.80s” is neither a word of DTDL v%d nor a "
                              "DTMI such as “dtmi:com:example:Pump;1”",
                              text, self->place.dtdl);
  return FALSE;
}

/* --- elements ----------------------------------------------------------------
 */

static gboolean
check_version (TwinModelBuilder *self, const TwinLink *link)
{
  int own = self->place.dtdl, around = link->owner->dtdl;

  if (own == around ||
      (own < around && (link->property->flags & TWIN_PROPERTY_OLDER)))
    return TRUE;

  twin_model_builder_issue (self, "disallowedVersionDefinition",
                            "what is inside “%s” of a DTDL v%d element cannot "
                            "be DTDL v%d",
                            link->property->name, around, own);
  return FALSE;
}

static gboolean
check_keyword (TwinModelBuilder *self, const char *key, gboolean top)
{
  if (strcmp (key, "@id") == 0 || strcmp (key, "@type") == 0 ||
      strcmp (key, "@context") == 0)
    return TRUE;

  if (strcmp (key, "@graph") == 0)
    {
      twin_model_builder_issue (
          self, top ? "topLevelGraphDisallowed" : "graphDisallowed",
          "“@graph” is not allowed in DTDL; put the elements themselves here");
      return FALSE;
    }

  if (self->place.dtdl == 2)
    return TRUE;

  twin_model_builder_issue (self,
                            top ? "topLevelKeywordDisallowed"
                                : "keywordDisallowed",
                            "“%.80s” is no keyword of DTDL v%d; leave it out",
                            key, self->place.dtdl);
  return FALSE;
}

/* An array of values, or one. */
static void
read_objects (TwinModelBuilder   *self,
              TwinElement        *element,
              const TwinProperty *property,
              const char         *key,
              JsonNode           *node)
{
  JsonArray *array =
      JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 1;

  if (property->max > 0 && n > property->max)
    {
      twin_model_builder_issue (self,
                                property->max == 1 ? "objectMultipleValues"
                                                   : "objectCountAboveMax",
                                "“%s” has %u values, %u is the most",
                                property->name, n, property->max);
      return;
    }

  if (n < property->min)
    twin_model_builder_issue (self, "objectCountBelowMin",
                              "“%s” is empty, it needs a value",
                              property->name);

  if (array == NULL)
    twin_model_read_value (self, element, property, key, -1, node);

  for (guint i = 0; array != NULL && i < n; i++)
    {
      gsize here = twin_model_builder_push_index (self, i);

      twin_model_read_value (self, element, property, key, (int) i,
                             json_array_get_element (array, i));
      twin_model_builder_pop (self, here);
    }
}

static const TwinProperty *
find_property (const TwinElement *element, const char *key)
{
  const TwinProperty *property =
      twin_property_find (key, element->class, element->dtdl);

  for (guint i = 0; property == NULL && i < element->n_cotypes; i++)
    property = twin_cotype_property (&element->cotypes[i], key);

  return property;
}

static void
read_member (TwinModelBuilder *self,
             TwinElement      *element,
             const char       *key,
             JsonNode         *node)
{
  const TwinProperty *property = find_property (element, key);

  if (property == NULL)
    {
      twin_model_refuse_key (self, element, key);
      return;
    }

  if (g_str_has_prefix (key, "dtmi:"))
    {
      element->dtmi_keys = TRUE;
      if (json_object_has_member (element->object, property->name))
        {
          twin_model_builder_issue (self, "duplicatePropertyName",
                                    "“%s” is given twice, as a term and as a "
                                    "DTMI; leave one of them",
                                    property->name);
          return;
        }
    }

  if (property->kind == TWIN_VALUE_OBJECT)
    read_objects (self, element, property, key, node);
  else if (twin_model_read_literal (self, element, property, node) &&
           strcmp (property->name, "name") == 0)
    element->name =
        twin_model_builder_intern (self, twin_model_string (
                                             twin_model_undress (node)));
}

static void
check_required (TwinModelBuilder *self,
                TwinElement      *element,
                const TwinLink   *via)
{
  const TwinProperty *property;
  guint               index = 0;
  const char *class = twin_class_name (element->class);

  while ((property = twin_property_nth (element->class, element->dtdl,
                                        &index)) != NULL)
    {
      if (property->min == 0 ||
          twin_element_get (element, property->name) != NULL)
        continue;

      if (!element->named && strcmp (property->name, "name") == 0 &&
          via != NULL && (via->property->flags & TWIN_PROPERTY_SEGMENT))
        twin_model_builder_issue (self, "missingDtmiSegPropertyValue",
                                  "the %s needs a “name”", class);
      else if (property->kind == TWIN_VALUE_OBJECT)
        twin_model_builder_issue (self, "missingObjectProperty",
                                  "the %s needs “%s”", class, property->name);
      else
        twin_model_builder_issue (self, "missingLiteralProperty",
                                  "the %s needs “%s”", class, property->name);
    }
}

static gboolean
open_element (TwinModelBuilder *self, TwinElement *element, const TwinLink *via)
{
  const TwinProperty *in = via != NULL ? via->property : NULL;
  JsonObjectIter      iter;
  const char         *key;
  gboolean            good = TRUE;

  if (!twin_model_read_context (self, element->object))
    return FALSE;

  element->dtdl = self->place.dtdl;
  element->limits = self->place.limits;
  element->extensions = self->place.extensions;
  if (via != NULL && !check_version (self, via))
    return FALSE;

  json_object_iter_init_ordered (&iter, element->object);
  while (json_object_iter_next_ordered (&iter, &key, NULL))
    {
      if (*key == '@')
        good &= check_keyword (self, key, via == NULL);
    }

  return good && read_id (self, element) &&
         twin_model_read_types (self, element, in) &&
         take_id (self, element, in);
}

/* Everything inside the element. */
static void
read_members (TwinModelBuilder *self, TwinElement *element, const TwinLink *via)
{
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *node;

  json_object_iter_init_ordered (&iter, element->object);
  while (json_object_iter_next_ordered (&iter, &key, &node))
    {
      gsize here;

      if (*key == '@')
        continue;

      here = twin_model_builder_push (self, key);
      read_member (self, element, key, node);
      twin_model_builder_pop (self, here);
    }

  check_required (self, element, via);
  twin_model_check_cotypes (self, element);
}

static TwinElement *
read_element (TwinModelBuilder *self, JsonNode *node, const TwinLink *via)
{
  TwinElement   *element = twin_arena_alloc (&self->arena, sizeof *element);
  TwinModelPlace old = self->place;

  element->class = TWIN_CLASS_NONE;
  element->node = node;
  element->object = json_node_get_object (node);
  element->file = self->place.file;
  element->group = self->place.group;
  element->root = self->root;
  element->via = via;
  element->parent = via != NULL ? via->owner : NULL;

  if (!open_element (self, element, via))
    element = NULL;
  else
    {
      element->partition = element->class == TWIN_CLASS_INTERFACE || via == NULL
                               ? element
                               : via->owner->partition;
      read_members (self, element, via);
      if (self->last != NULL)
        self->last->next = element;
      else
        self->elements = element;
      self->last = element;
    }

  self->place = old;
  return element;
}

static gboolean
is_bare_reference (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node) &&
         json_object_get_size (json_node_get_object (node)) == 1 &&
         json_object_has_member (json_node_get_object (node), "@id");
}

void
twin_model_read_value (TwinModelBuilder   *self,
                       TwinElement        *owner,
                       const TwinProperty *property,
                       const char         *key,
                       int                 index,
                       JsonNode           *node)
{
  TwinLink   *link = twin_arena_alloc (&self->arena, sizeof *link);
  const char *text = twin_model_string (node);
  gboolean    good;

  link->owner = owner;
  link->property = property;
  link->key = key;
  link->index = index;

  if (is_bare_reference (node))
    {
      text = twin_json_get_string (json_node_get_object (node), "@id");
      if (text == NULL || !self->options->tolerant || self->place.dtdl != 2)
        {
          twin_model_builder_issue (self, "idReference",
                                    "an object with nothing but “@id” is no "
                                    "reference in DTDL; write the DTMI itself, "
                                    "in quotes");
          return;
        }
    }

  if (text != NULL)
    good = read_reference (self, text, link);
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      link->element = read_element (self, node, link);
      good = link->element != NULL;
    }
  else
    {
      twin_model_builder_issue (self, "refNotStringOrObject",
                                "“%s” wants an element, or the DTMI or name of "
                                "one in quotes",
                                property->name);
      good = FALSE;
    }

  if (!good)
    return;

  if (owner->last != NULL)
    owner->last->next = link;
  else
    owner->links = link;
  owner->last = link;
}

void
twin_model_read_root (TwinModelBuilder *self, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    read_element (self, node, NULL);
  else
    twin_model_builder_issue (self, "notJsonObject",
                              "an Interface, or an array of them, is expected");
}
