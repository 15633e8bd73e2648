/* SPDX-License-Identifier: Apache-2.0 */
/* What can be said only of elements together: names, depth, recursion,
 * inheritance. Nothing here recurses deeper than a text can be nested, however
 * the references go. */
#include <string.h>

#include "twin-model-builder.h"
#include "twin-model-content.h"

#define MOST_LEVELS 64
/* Entries in the interfaces' lists of what they inherit, of the whole set. */
#define MOST_INHERITED (16u << 20)

/* --- names -------------------------------------------------------------------
 */

/* What a sibling's literal is as text that can be compared. */
static char *
literal_key (const TwinElement *element, const char *term)
{
  JsonNode *node = twin_model_undress (twin_element_get (element, term));

  if (node == NULL)
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strconcat ("\"", json_node_get_string (node), NULL);
  return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
}

/* The values of @term differ among what @links of one property lead to. */
static void
check_differ (TwinModelBuilder   *self,
              TwinElement        *owner,
              const TwinProperty *property,
              const char         *term)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  TWIN_LINKS (owner, link)
  {
    char *key;

    if (link->property != property || link->element == NULL)
      continue;

    key = literal_key (link->element, term);
    if (key != NULL && !g_hash_table_add (seen, key))
      twin_model_element_issue (self, owner, link->key, link->index,
                                "nonUniquePropertyValue",
                                "two of “%s” have the same %s; change one",
                                property->name, term);
  }
}

static void
check_names (TwinModelBuilder   *self,
             TwinElement        *owner,
             const TwinProperty *property)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  TWIN_LINKS (owner, link)
  {
    const char *name = link->element != NULL ? link->element->name : NULL;

    /* Names are interned: one text is one address. */
    if (link->property == property && name != NULL &&
        !g_hash_table_add (seen, (void *) name))
      twin_model_element_issue (self, owner, link->key, link->index,
                                "nonUniquePropertyValue",
                                "two of “%s” are called “%s”; rename one",
                                property->name, name);
  }
}

/* A cotype's property that must differ among siblings, or NULL. */
static const char *
unique_term (const TwinElement *element)
{
  for (guint i = 0; i < element->n_cotypes; i++)
    {
      const TwinProperty *property =
          &element->cotypes[i].supplement->properties[0];

      if (property->name != NULL && (property->flags & TWIN_PROPERTY_UNIQUE))
        return property->name;
    }

  return NULL;
}

static void
check_siblings_differ (TwinModelBuilder *self, TwinElement *owner)
{
  const TwinProperty *property = NULL;
  const char         *term = NULL;
  guint               n = 0;

  TWIN_LINKS (owner, link)
  {
    if (!(link->property->flags & TWIN_PROPERTY_UNIQUE))
      continue;
    property = link->property;
    n++;
    if (term == NULL && link->element != NULL)
      term = unique_term (link->element);
  }

  if (n < 2)
    return;

  if (!self->options->tolerant || owner->dtdl > 2)
    check_names (self, owner, property);
  if (term != NULL)
    check_differ (self, owner, property, term);
  if (owner->class == TWIN_CLASS_ENUM)
    check_differ (self, owner, property, "enumValue");
}

static void
check_enum (TwinModelBuilder *self, TwinElement *element)
{
  const TwinLink *schema = twin_element_link (element, "valueSchema");
  gboolean        text;

  if (schema == NULL || schema->standard == NULL)
    return;

  text = schema->standard->class == TWIN_CLASS_STRING;
  TWIN_LINKS (element, link)
  {
    JsonNode *node;

    if (link->property->range != TWIN_CLASS (ENUM_VALUE) ||
        link->element == NULL)
      continue;
    node = twin_model_undress (twin_element_get (link->element, "enumValue"));
    if (node != NULL && json_node_get_value_type (node) !=
                            (text ? G_TYPE_STRING : G_TYPE_INT64))
      twin_model_element_issue (self, link->element, "enumValue", -1,
                                "nonConformantDatatype",
                                "“enumValue” must be %s, as “valueSchema” says",
                                text ? "a string" : "a whole number");
    else if (node != NULL && !text &&
             (json_node_get_int (node) < G_MININT32 ||
              json_node_get_int (node) > G_MAXINT32))
      twin_model_element_issue (self, link->element, "enumValue", -1,
                                "nonConformantDatatype",
                                "“enumValue” must fit 32 bits");
  }
}

/* --- schemas -----------------------------------------------------------------
 */

static int schema_depth (TwinModelBuilder *self, TwinElement *e, int level);

/* The depth of what a "schema" or "elementSchema" leads to. */
static int
link_depth (TwinModelBuilder *self,
            TwinElement      *around,
            const TwinLink   *link,
            int               level)
{
  int depth;

  if (link == NULL)
    return 0;
  if (link->standard != NULL && link->standard->schema.kind == TWIN_SCHEMA_GEO)
    around->holds_array = TRUE;
  if (link->element == NULL ||
      !(TWIN_CLASSES_COMPLEX >> link->element->class & 1))
    return 0;

  depth = schema_depth (self, link->element, level + 1);
  around->holds_array |= link->element->holds_array;
  around->inside += link->element->inside;
  return depth;
}

/* Steps from a schema to the deepest one inside: of an Array of double 1, of
 * an Enum, which holds no schema, 0. */
static int
schema_depth (TwinModelBuilder *self, TwinElement *e, int level)
{
  int deepest = 0;

  if (e->depth > 0)
    return e->depth;
  if (level > MOST_LEVELS)
    return MOST_LEVELS;
  if (e->depth < 0)
    {
      if (e->dtdl < 4)
        twin_model_element_issue (self, e, NULL, -1, "recursiveStructureWide",
                                  "the %s contains itself",
                                  twin_class_name (e->class));
      return 0;
    }

  e->depth = -1;
  e->inside = 0;
  e->holds_array = e->class == TWIN_CLASS_ARRAY;
  TWIN_LINKS (e, link)
  {
    const TwinLink *inner = link;

    e->inside += link->property->range != TWIN_CLASS (ENUM_VALUE) ? 2 : 1;
    if (link->property->range != TWIN_CLASSES_SCHEMA)
      inner = link->element != NULL
                  ? twin_element_link (link->element, "schema")
                  : NULL;
    deepest = MAX (deepest, link_depth (self, e, inner, level));
    e->inside = MIN (e->inside, 1u << 20);
  }

  e->depth = e->class == TWIN_CLASS_ENUM ? 0 : MIN (deepest + 1, MOST_LEVELS);
  return e->depth;
}

static void
check_schema (TwinModelBuilder *self, TwinElement *e)
{
  int most = e->limits->schema_depth;
  int depth = schema_depth (self, e, 0);

  /* What holds it is deeper still; one message is enough. */
  if (depth == most + 1 || depth == MOST_LEVELS)
    twin_model_element_issue (self, e, NULL, -1, "excessiveDepthWide",
                              "the schema is nested %d deep, %d is the most",
                              depth, most);
}

/* --- inheritance -------------------------------------------------------------
 */

static gboolean
holds (GPtrArray *list, GHashTable *set, const void *item)
{
  return set != NULL ? g_hash_table_contains (set, item)
                     : g_ptr_array_find (list, item, NULL);
}

/* Ids are interned: one DTMI is one address. */
static void
add_ancestors (TwinInterface *to, const TwinInterface *from, GHashTable *set)
{
  for (guint i = 0; i < from->ancestors->len; i++)
    {
      void *id = g_ptr_array_index (from->ancestors, i);

      if (holds (to->ancestors, set, id))
        continue;
      g_ptr_array_add (to->ancestors, id);
      if (set != NULL)
        g_hash_table_add (set, id);
    }
}

static void
refuse_twice (TwinModelBuilder  *self,
              TwinElement       *element,
              const TwinContent *a,
              const TwinContent *b)
{
  if (b->defined_in->id == element->id)
    twin_model_element_issue (self, twin_content_element (b), NULL, -1,
                              "nonUniqueImportedPropertyValue",
                              "“%s” is already inherited from %s; rename it",
                              b->name, a->defined_in->id);
  else
    twin_model_element_issue (self, element, "extends", -1,
                              "nonUniqueImportedPropertyValue",
                              "“%s” is inherited both from %s and from %s",
                              a->name, a->defined_in->id, b->defined_in->id);
}

static void
add_contents (TwinModelBuilder *self, TwinElement *element, GPtrArray *contents)
{
  TwinInterface *to = element->built;

  for (guint i = 0; i < contents->len; i++)
    {
      TwinContent *content = g_ptr_array_index (contents, i);
      TwinContent *other;

      if (content->name == NULL)
        continue;

      other = g_hash_table_lookup (to->by_name, content->name);
      if (other == content)
        continue;
      if (other != NULL && other->defined_in == content->defined_in)
        continue; /* twice in one Interface; reported there */
      if (other != NULL)
        {
          refuse_twice (self, element, other, content);
          continue;
        }

      g_hash_table_insert (to->by_name, (void *) content->name, content);
      g_ptr_array_add (to->effective, content);
    }
}

/* All its parents are done. */
static void
inherit (TwinModelBuilder *self, TwinElement *element)
{
  TwinInterface *interface = element->built;
  g_autoptr (GHashTable) set = NULL;
  guint    n = 0;
  gboolean bad = element->spoilt;

  element->depth = 1;
  TWIN_LINKS (element, link)
  {
    if (link->property->range != TWIN_CLASS (INTERFACE) ||
        link->element == NULL || link->element->built == NULL)
      continue;
    element->depth = MAX (element->depth, link->element->depth + 1);
    bad |= link->element->spoilt;
    n += ((TwinInterface *) link->element->built)->ancestors->len;
  }

  g_ptr_array_add (interface->ancestors, (void *) interface->id);
  if (!bad && element->depth - 1 > element->limits->extends_depth)
    {
      twin_model_element_issue (self, element, "extends", -1,
                                "excessiveDepthNarrow",
                                "the chain of “extends” is %d long, %d is the "
                                "most",
                                element->depth - 1,
                                element->limits->extends_depth);
      bad = TRUE;
    }
  element->spoilt = bad;

  if (n > 64)
    set = g_hash_table_new (NULL, NULL);
  TWIN_LINKS (element, link)
  {
    const TwinInterface *parent =
        link->element != NULL ? link->element->built : NULL;

    if (link->property->range != TWIN_CLASS (INTERFACE) || parent == NULL ||
        bad || self->inherited > MOST_INHERITED)
      continue;
    add_ancestors (interface, parent, set);
    add_contents (self, element, parent->effective);
  }

  add_contents (self, element, interface->contents);
  self->inherited += interface->effective->len + interface->ancestors->len;
  if (self->inherited > MOST_INHERITED && !self->overfull)
    {
      self->overfull = TRUE;
      twin_model_element_issue (self, element, "extends", -1, "excessiveCount",
                                "the Interfaces of the set inherit more than "
                                "16 million contents together; import them in "
                                "parts");
    }
  if (interface->ancestors->len - 1 > element->limits->extends_total)
    twin_model_element_issue (self, element, "extends", -1, "excessiveCount",
                              "the Interface extends %u others, %u is the most",
                              interface->ancestors->len - 1,
                              element->limits->extends_total);
}

/* Parents first, without recursion: a chain may be as long as the set. */
static void
inherit_from_parents (TwinModelBuilder *self, TwinElement *first)
{
  g_autoptr (GPtrArray) stack = g_ptr_array_new ();

  if (first->walked)
    return;

  first->cursor = first->links;
  first->depth = -1;
  g_ptr_array_add (stack, first);
  while (stack->len > 0)
    {
      TwinElement *top = g_ptr_array_index (stack, stack->len - 1);
      TwinElement *parent;

      if (top->cursor == NULL)
        {
          top->walked = TRUE;
          inherit (self, top);
          g_ptr_array_set_size (stack, (int) stack->len - 1);
          continue;
        }

      parent = top->cursor->property->range == TWIN_CLASS (INTERFACE)
                   ? top->cursor->element
                   : NULL;
      if (parent != NULL && !parent->walked && parent->depth < 0)
        {
          twin_model_element_issue (self, top, top->cursor->key,
                                    top->cursor->index,
                                    "recursiveStructureNarrow",
                                    "the Interface extends itself by way of "
                                    "%s; take that out",
                                    parent->id);
          top->spoilt = TRUE;
        }
      top->cursor = top->cursor->next;
      if (parent != NULL && !parent->walked && parent->depth == 0)
        {
          parent->cursor = parent->links;
          parent->depth = -1;
          g_ptr_array_add (stack, parent);
        }
    }
}

/* --- contents ----------------------------------------------------------------
 */

static gboolean
has_component (const TwinInterface *interface)
{
  for (guint i = 0; i < interface->effective->len; i++)
    {
      const TwinContent *content = g_ptr_array_index (interface->effective, i);

      if (content->kind == TWIN_CONTENT_COMPONENT)
        return TRUE;
    }

  return FALSE;
}

static void
check_content (TwinModelBuilder *self, TwinElement *e)
{
  const TwinLink *schema = twin_element_link (e, "schema");

  if (schema == NULL)
    return;

  if (e->class == TWIN_CLASS_COMPONENT && schema->element != NULL &&
      has_component (schema->element->built))
    twin_model_element_issue (self, e, schema->key, -1, "excludedType",
                              "the Component “%s” has Components itself: one "
                              "level is allowed; make it a Relationship",
                              e->name);

  if (e->class == TWIN_CLASS_PROPERTY && e->dtdl == 2 &&
      ((schema->element != NULL && schema->element->holds_array) ||
       (schema->standard != NULL &&
        schema->standard->schema.kind == TWIN_SCHEMA_GEO)))
    twin_model_element_issue (self, e, schema->key, -1, "excludedType",
                              "a Property of DTDL v2 cannot hold an Array or a "
                              "shape; make “%s” Telemetry, or take DTDL v3",
                              e->name);
}

/* Elements under all contents, those inherited included. */
static void
check_total (TwinModelBuilder *self, TwinElement *e)
{
  const TwinInterface *interface = e->built;
  guint                total = 0;

  if (e->limits->contents_total == G_MAXUINT)
    return;

  for (guint i = 0; i < interface->effective->len; i++)
    {
      TwinElement *content =
          twin_content_element (g_ptr_array_index (interface->effective, i));

      total++;
      TWIN_LINKS (content, link)
      {
        total += 1 + (link->element != NULL ? link->element->inside : 0);
      }
      if (total > e->limits->contents_total)
        {
          twin_model_element_issue (self, e, NULL, -1, "excessiveCount",
                                    "the Interface has more than %u elements",
                                    e->limits->contents_total);
          return;
        }
    }
}

void
twin_model_check (TwinModelBuilder *self)
{
  for (TwinElement *e = self->elements; e != NULL; e = e->next)
    {
      if (e->class == TWIN_CLASS_INTERFACE)
        twin_model_shell (self, e);
    }

  for (TwinElement *e = self->elements; e != NULL; e = e->next)
    {
      check_siblings_differ (self, e);
      if (e->class == TWIN_CLASS_ENUM)
        check_enum (self, e);
      if (TWIN_CLASSES_COMPLEX >> e->class & 1)
        check_schema (self, e);
      if (e->class == TWIN_CLASS_INTERFACE)
        inherit_from_parents (self, e);
    }

  for (TwinElement *e = self->elements; e != NULL; e = e->next)
    {
      check_content (self, e);
      if (e->class == TWIN_CLASS_INTERFACE)
        check_total (self, e);
      if (e->n_cotypes > 0)
        twin_model_check_constraints (self, e);
    }

  for (TwinElement *e = self->elements; e != NULL && self->annotations;
       e = e->next)
    {
      if (e->class == TWIN_CLASS_INTERFACE)
        twin_model_check_annotations (self, e);
    }
}
