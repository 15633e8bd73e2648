/* SPDX-License-Identifier: Apache-2.0 */
/* What cotypes want of their element, its parent and its siblings. */
#include <string.h>

#include "twin-model-builder.h"
#include "twin-model-content.h"
#include "twin-quantity.h"

static gboolean
in_list (const char *list, const char *word)
{
  g_autofree char *framed = g_strdup_printf (" %s ", word);

  return strstr (list, framed) != NULL;
}

static gboolean
has_one_of (const TwinElement *element, const char *list)
{
  for (const char *const *type = element->types; *type != NULL; type++)
    {
      if (in_list (list, *type))
        return TRUE;
    }

  return FALSE;
}

/* "NormalResult ErrorResult" for people. */
static char *
words_of (const TwinSupplementRule *rule, int dtdl)
{
  g_auto (GStrv) words = NULL;
  g_autofree char *list = NULL;

  if (rule->classes == TWIN_CLASSES_NUMERIC)
    return g_strdup ("a number, such as “double” or “integer”");
  if (rule->classes != 0)
    return twin_classes_to_string (rule->classes, dtdl);

  list = g_strdup (rule->cotypes != NULL ? rule->cotypes : rule->only);
  words = g_strsplit (g_strstrip (list), " ", -1);
  return g_strjoinv (" or ", words);
}

/* --- what a property leads to ------------------------------------------------
 */

static gboolean
satisfies (const TwinSupplementRule *rule, const TwinLink *link)
{
  const TwinElement *element = link->element;

  if (element != NULL)
    return (rule->classes >> element->class & 1) ||
           (rule->cotypes != NULL && has_one_of (element, rule->cotypes));

  if (link->standard != NULL)
    return (rule->classes >> link->standard->class & 1) ||
           (rule->only != NULL && in_list (rule->only, link->standard->term));

  if (link->unit.term != NULL)
    return rule->classes >> TWIN_CLASS_ENUM & 1;

  return TRUE; /* an open reference */
}

static void
check_leads_to (TwinModelBuilder         *self,
                const TwinElement        *element,
                const TwinCotype         *one,
                const TwinSupplementRule *rule)
{
  TWIN_LINKS (element, link)
  {
    g_autofree char *words = NULL;

    if (strcmp (link->property->name, rule->property) != 0 ||
        satisfies (rule, link))
      continue;

    words = words_of (rule, element->dtdl);
    twin_model_element_issue (self, element, link->key, link->index,
                              rule->only != NULL ? "notRequiredValue"
                                                 : "notRequiredType",
                              "the type %s wants “%s” to be %s", one->term,
                              rule->property, words);
  }
}

/* --- where the element is ----------------------------------------------------
 */

static void
check_place (TwinModelBuilder         *self,
             const TwinElement        *element,
             const TwinCotype         *one,
             const TwinSupplementRule *rule)
{
  const TwinElement *parent = element->parent;
  gboolean           before = TRUE, twice = FALSE, beside = FALSE;

  if (parent == NULL ||
      strcmp (element->via->property->name, rule->property) != 0 ||
      !has_one_of (parent, rule->cotypes))
    {
      g_autofree char *words = words_of (rule, element->dtdl);

      twin_model_element_issue (self, element, "@type", -1,
                                "parentMissingCotype",
                                "the type %s is only for “%s” of what has the "
                                "type %s",
                                one->term, rule->property, words);
      return;
    }

  TWIN_LINKS (parent, link)
  {
    before &= link->element != element;
    if (link->element == NULL || link->element == element ||
        link->property != element->via->property)
      continue;
    twice |= before && twin_element_has_type (link->element, one->term);
    beside |= rule->beside != NULL &&
              twin_element_has_type (link->element, rule->beside);
  }

  if (rule->single && twice)
    twin_model_element_issue (self, element, "@type", -1,
                              "siblingDuplicatesCotype",
                              "only one of “%s” may have the type %s",
                              rule->property, one->term);
  if (rule->beside != NULL && !beside)
    twin_model_element_issue (self, element, "@type", -1,
                              "siblingMissingCotype",
                              "the type %s needs another of “%s” with the type "
                              "%s",
                              one->term, rule->property, rule->beside);
}

/* --- values ------------------------------------------------------------------
 */

/* A property whose value must be one of the element's schema. */
static void
check_instances (TwinModelBuilder  *self,
                 const TwinElement *element,
                 const TwinCotype  *one)
{
  const TwinLink *schema = twin_element_link (element, "schema");

  if (schema == NULL || schema->standard == NULL)
    return;

  for (size_t i = 0; i < G_N_ELEMENTS (one->supplement->properties); i++)
    {
      const TwinProperty *property = &one->supplement->properties[i];
      JsonNode           *value;
      g_autoptr (GError) error = NULL;

      if (property->name == NULL || !(property->flags & TWIN_PROPERTY_INSTANCE))
        continue;
      value = twin_model_undress (
          json_object_get_member (element->object, property->name));
      if (value != NULL &&
          !twin_schema_validate (&schema->standard->schema, value,
                                 property->name, &error))
        twin_model_element_issue (self, element, property->name, -1,
                                  "nonConformantPropertyValue",
                                  "%s, as “schema” says", error->message);
    }
}

void
twin_model_check_constraints (TwinModelBuilder *self, TwinElement *element)
{
  for (guint i = 0; i < element->n_cotypes; i++)
    {
      const TwinCotype *one = &element->cotypes[i];

      self->annotations |= one->supplement->annotates != NULL;
      for (size_t k = 0; k < G_N_ELEMENTS (one->supplement->rules); k++)
        {
          const TwinSupplementRule *rule = &one->supplement->rules[k];

          if (rule->property == NULL)
            continue;
          if (rule->inverse)
            check_place (self, element, one, rule);
          else
            check_leads_to (self, element, one, rule);
        }
      check_instances (self, element, one);
    }
}

/* --- annotations -------------------------------------------------------------
 */

static const char *
text_of (const TwinElement *element, const TwinCotype *one, const char *term)
{
  JsonObjectIter      iter;
  const char         *key;
  JsonNode           *node;
  const TwinProperty *property = twin_cotype_property (one, term);

  json_object_iter_init (&iter, element->object);
  while (json_object_iter_next (&iter, &key, &node))
    {
      if (twin_cotype_property (one, key) == property)
        return twin_model_string (twin_model_undress (node));
    }

  return NULL;
}

/* The cotype of @element that brings the property @term, or NULL. */
static const TwinCotype *
cotype_with (const TwinElement *element, const char *term)
{
  for (guint i = 0; i < element->n_cotypes; i++)
    {
      if (twin_cotype_property (&element->cotypes[i], term) != NULL)
        return &element->cotypes[i];
    }

  return NULL;
}

#define REFUSE(key, id, ...)                                                   \
  twin_model_element_issue (self, element, key, -1, id, __VA_ARGS__)

static void
check_annotated (TwinModelBuilder  *self,
                 const TwinElement *element,
                 const TwinCotype  *one,
                 const TwinElement *sibling)
{
  const char *key = one->supplement->annotates;

  if (!(one->supplement->classes >> sibling->class & 1))
    REFUSE (key, "notSiblingRequiredType",
            "“%s” is a %s; only a Property or Telemetry can be annotated",
            sibling->name, twin_class_name (sibling->class));
  else if (twin_element_has_type (sibling, one->term))
    REFUSE (key, "disallowedType",
            "“%s” is an annotation itself, which cannot be annotated",
            sibling->name);
}

/* @element overrides the property @term of @sibling. */
static void
check_overridden (TwinModelBuilder  *self,
                  const TwinElement *element,
                  const char        *term,
                  const TwinElement *sibling)
{
  const TwinCotype *brings = cotype_with (sibling, term);
  const TwinLink   *schema = twin_element_link (element, "schema");

  if (twin_property_find (term, sibling->class, sibling->dtdl) != NULL)
    {
      REFUSE ("overrides", "matchingPropertyNotSupplemental",
              "“%s” of “%s” is its own; only what another type brings, such as "
              "“unit”, can be overridden",
              term, sibling->name);
      return;
    }

  if (brings == NULL)
    {
      REFUSE ("overrides", "noMatchingSupplementalProperty",
              "“%s” has no type that brings “%s”", sibling->name, term);
      return;
    }

  if (brings->unit_type != NULL && schema != NULL &&
      g_strcmp0 (schema->unit.term, brings->unit_type) != 0)
    REFUSE ("schema", "siblingPropertyMismatch",
            "the schema must be %s, as “%s” of “%s” is of these",
            brings->unit_type, term, sibling->name);
}

void
twin_model_check_annotations (TwinModelBuilder *self, TwinElement *interface)
{
  const TwinInterface *built = interface->built;
  g_autoptr (GHashTable) overridden =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < built->effective->len; i++)
    {
      const TwinElement *element =
          twin_content_element (g_ptr_array_index (built->effective, i));
      const TwinElement *sibling = NULL;

      for (guint k = 0; k < element->n_cotypes; k++)
        {
          const TwinCotype  *one = &element->cotypes[k];
          const char        *name;
          const TwinContent *content;

          if (one->supplement->annotates == NULL)
            continue;
          name = text_of (element, one, one->supplement->annotates);
          content =
              name != NULL ? g_hash_table_lookup (built->by_name, name) : NULL;
          sibling = content != NULL ? twin_content_element (content) : NULL;
          if (sibling != NULL)
            check_annotated (self, element, one, sibling);
        }

      for (guint k = 0; k < element->n_cotypes && sibling != NULL; k++)
        {
          const TwinCotype *one = &element->cotypes[k];
          const char       *term;

          if (one->supplement->overrides == NULL)
            continue;
          term = text_of (element, one, one->supplement->overrides);
          if (term == NULL)
            continue;
          if (!g_hash_table_add (overridden,
                                 g_strdup_printf ("%s %s", sibling->name,
                                                  term)))
            REFUSE ("overrides", "multipleReference",
                    "“%s” of “%s” is overridden twice", term, sibling->name);
          check_overridden (self, element, term, sibling);
        }
    }
}
