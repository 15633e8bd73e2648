/* SPDX-License-Identifier: Apache-2.0 */
/* "@type": the class of an element, and what stands beside it. */
#include <string.h>

#include "twin-model-builder.h"
#include "twin-quantity.h"

#define MOST_TYPES 64

typedef struct
{
  const char *types[MOST_TYPES + 1];
  guint       n_types;
  TwinCotype  cotypes[MOST_TYPES];
  guint       n_cotypes;
} TypeList;

static const TwinExtension *
nth_extension (TwinModelBuilder *self, guint index)
{
  return self->place.extensions >> index & 1 ? twin_extension_nth (index)
                                             : NULL;
}

/* Which extension in force @found of; the built-in one only in v2. */
static gboolean
find_cotype (TwinModelBuilder *self, const char *text, TwinCotype *cotype)
{
  if (strchr (text, ':') != NULL)
    return twin_cotype_find (text, NULL, cotype);

  for (guint i = 0; self->place.extensions >> i != 0; i++)
    {
      const TwinExtension *extension = nth_extension (self, i);

      if (extension != NULL && twin_cotype_find (text, extension, cotype))
        return TRUE;
    }

  return self->place.dtdl == 2 &&
         twin_cotype_find (text, twin_extension_built_in (), cotype);
}

static gboolean
is_known_term (TwinModelBuilder *self, const char *text)
{
  if (twin_metamodel_has_term (text, self->place.dtdl))
    return TRUE;

  for (guint i = 0; self->place.extensions >> i != 0; i++)
    {
      const TwinExtension *extension = nth_extension (self, i);

      if (extension != NULL && twin_extension_has_term (extension, text))
        return TRUE;
    }

  return self->place.dtdl == 2 &&
         twin_extension_has_term (twin_extension_built_in (), text);
}

/* How a word that no table has is to be taken: NULL: kept, else the end of the
 * error's id. */
static const char *
judge_word (TwinModelBuilder *self, const char *text, gboolean key)
{
  int      dtdl = self->place.dtdl;
  gboolean tenable = self->place.tenable;

  if (g_str_has_prefix (text, "dtmi:"))
    {
      if (!twin_dtmi_is_valid_for (text, dtdl))
        return key && dtdl == 2 ? NULL : "InvalidDtmi";
      return tenable || (key && dtdl == 2) ? NULL : "IrrelevantDtmiOrTerm";
    }

  if (strchr (text, ':') != NULL)
    return dtdl == 2 ? NULL : "NotDtmiNorTerm";

  if (is_known_term (self, text))
    return tenable || (key && dtdl == 2) ? NULL : "IrrelevantDtmiOrTerm";

  return tenable || dtdl == 2 ? NULL : "UndefinedTerm";
}

/* What to do about an unknown word: the context that would define it. */
static const char *
context_for (const char *text, int dtdl)
{
  TwinCotype cotype;
  guint      best = G_MAXUINT;

  for (guint i = 0; twin_extension_nth (i) != NULL; i++)
    {
      const TwinExtension *extension = twin_extension_nth (i);

      if (dtdl >= extension->from && dtdl <= extension->to &&
          twin_cotype_find (text, extension, &cotype))
        best = i;
    }

  return best != G_MAXUINT ? twin_extension_nth (best)->context : NULL;
}

static gboolean
refuse_type (TwinModelBuilder *self, const char *text, const char *why)
{
  g_autofree char *id = g_strconcat ("type", why, NULL);
  const char      *context = context_for (text, self->place.dtdl);

  if (context != NULL)
    twin_model_builder_issue (self, id,
                              "the type “%.80s” is not known here: add the "
                              "context “%s”",
                              text, context);
  else
    twin_model_builder_issue (self, id,
                              strcmp (why, "InvalidDtmi") == 0
                                  ? "the type “%.80s” is no valid DTMI"
                                  : "the type “%.80s” is none of DTDL's nor of "
                                    "an extension in “@context”; leave it out, "
                                    "or name its context",
                              text);
  return FALSE;
}

/* One word of "@type". */
static gboolean
take_type (TwinModelBuilder *self,
           TwinElement      *element,
           const char       *text,
           TypeList         *list)
{
  TwinClass class = twin_class_find (text, self->place.dtdl);
  TwinCotype  *cotype = &list->cotypes[list->n_cotypes];
  TwinUnitTerm unit;
  const char  *why;

  if (class == TWIN_CLASS_NONE && self->place.dtdl == 2 &&
      twin_unit_term_find (text, twin_extension_built_in (), &unit) &&
      unit.family)
    class = TWIN_CLASS_UNIT;

  if (class != TWIN_CLASS_NONE)
    {
      if (element->class != TWIN_CLASS_NONE && element->class != class)
        {
          twin_model_builder_issue (self, "multipleMaterialTypes",
                                    "“@type” cannot be both %s and %s",
                                    twin_class_name (element->class),
                                    twin_class_name (class));
          return FALSE;
        }
      element->class = class;
      return TRUE;
    }

  if (list->n_types >= MOST_TYPES)
    {
      twin_model_builder_issue (self, "typeUndefinedTerm",
                                "“@type” has more than %d words", MOST_TYPES);
      return FALSE;
    }

  if (find_cotype (self, text, cotype))
    {
      for (guint i = 0; i < list->n_cotypes; i++)
        {
          if (list->cotypes[i].supplement == cotype->supplement &&
              list->cotypes[i].term == cotype->term)
            return TRUE;
        }
      list->types[list->n_types++] = cotype->term;
      list->n_cotypes++;
      return TRUE;
    }

  why = judge_word (self, text, FALSE);
  if (why != NULL)
    return refuse_type (self, text, why);

  list->types[list->n_types++] = twin_model_builder_intern (self, text);
  element->undefined = TRUE;
  return TRUE;
}

/* The class where "@type" may be left out, else an issue. */
static gboolean
check_class (TwinModelBuilder   *self,
             TwinElement        *element,
             const TwinProperty *in,
             gboolean            given)
{
  TwinClasses      range = in != NULL ? in->range : TWIN_CLASS (INTERFACE);
  g_autofree char *wanted = NULL;
  const char      *is;

  for (guint i = 0; !given && i < TWIN_CLASS_NONE; i++)
    {
      if ((range >> i & 1) &&
          twin_class_is_implied ((TwinClass) i, self->place.dtdl))
        element->class = (TwinClass) i;
    }

  /* What only the language itself has cannot be defined. */
  if (element->class <= TWIN_CLASS_TELEMETRY && (range >> element->class & 1))
    return TRUE;

  wanted = twin_classes_to_string (range & ((TWIN_CLASS (TELEMETRY) << 1) - 1),
                                   self->place.dtdl);
  if (*wanted == '\0')
    {
      twin_model_builder_issue (self, "badType",
                                "a name in quotes is expected here, not an "
                                "element");
      return FALSE;
    }

  is = element->class != TWIN_CLASS_NONE ? twin_class_name (element->class)
       : !given                          ? "missing"
                                         : "none of DTDL's classes";
  twin_model_builder_issue (self, in == NULL ? "typeNotRootable" : "badType",
                            "“@type” is %s, but %s is expected here", is,
                            wanted);
  return FALSE;
}

static void
check_places (TwinModelBuilder *self, TwinElement *element)
{
  for (guint i = 0; i < element->n_cotypes; i++)
    {
      const TwinCotype    *one = &element->cotypes[i];
      const TwinExtension *extension = one->extension;
      g_autofree char     *classes = NULL;

      if (element->dtdl < extension->from || element->dtdl > extension->to)
        {
          twin_model_builder_issue (
              self, "invalidCotypeVersion",
              "the type %s of “%s” is for DTDL v%d%s, this is v%d", one->term,
              extension->context, extension->from,
              extension->to > extension->from ? " and later" : "",
              element->dtdl);
          continue;
        }
      if ((one->supplement->classes >> element->class & 1) ||
          (one->supplement->either != NULL &&
           twin_element_has_type (element, one->supplement->either)))
        continue;

      classes =
          twin_classes_to_string (one->supplement->classes, element->dtdl);
      twin_model_builder_issue (self, "invalidCotype",
                                "the type %s cannot be on a %s, only on %s",
                                one->term, twin_class_name (element->class),
                                classes);
    }
}

static void
keep (TwinModelBuilder *self, TwinElement *element, const TypeList *list)
{
  static const char *const none[] = { NULL };
  const char             **types;
  TwinCotype              *cotypes;

  element->types = none;
  if (list->n_types == 0)
    return;

  types =
      twin_model_builder_alloc (self, (list->n_types + 1) * sizeof (char *));
  memcpy (types, list->types, list->n_types * sizeof (char *));
  element->types = types;

  cotypes =
      twin_arena_alloc (&self->arena, list->n_cotypes * sizeof (TwinCotype));
  memcpy (cotypes, list->cotypes, list->n_cotypes * sizeof (TwinCotype));
  element->cotypes = cotypes;
  element->n_cotypes = list->n_cotypes;
}

gboolean
twin_model_read_types (TwinModelBuilder   *self,
                       TwinElement        *element,
                       const TwinProperty *in)
{
  JsonNode  *node = json_object_get_member (element->object, "@type");
  JsonArray *array;
  TypeList   list;
  guint      n;

  list.n_types = list.n_cotypes = 0;
  if (node == NULL)
    {
      keep (self, element, &list);
      return check_class (self, element, in, FALSE);
    }

  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  n = array != NULL ? json_array_get_length (array) : 1;
  for (guint i = 0; i < n; i++)
    {
      const char *text = twin_model_string (
          array != NULL ? json_array_get_element (array, i) : node);

      if (text == NULL || *text == '\0')
        {
          twin_model_builder_issue (self, "typeNotDtmiNorTerm",
                                    "“@type” must be a word in quotes, or an "
                                    "array of them");
          return FALSE;
        }
      if (!take_type (self, element, text, &list))
        return FALSE;
    }

  keep (self, element, &list);
  if (!check_class (self, element, in, TRUE))
    return FALSE;

  check_places (self, element);
  return TRUE;
}

/* --- keys --------------------------------------------------------------------
 */

/* Why @key is refused, in words that help: a property of a type that is not
 * there is the usual reason. */
static char *
explain_key (const TwinElement *element, const char *key)
{
  const char *class = twin_class_name (element->class);
  JsonNode   *node = json_object_get_member (element->object, key);
  const char *unit = twin_model_string (node);
  const char *quantity =
      strcmp (key, "unit") == 0
          ? unit != NULL ? twin_quantity_of_unit (unit) : NULL
          : NULL;
  TwinClasses has = 0;

  if (strcmp (key, "unit") == 0)
    return g_strdup_printf (
        "“unit” needs a semantic type beside %s in “@type”: write "
        "[\"%s\", \"%s\"]%s",
        class, class, quantity != NULL ? quantity : "Temperature",
        element->dtdl > 2 && !(element->n_cotypes > 0)
            ? ", and the context of the quantitativeTypes extension"
            : "");

  for (guint i = 0; i < TWIN_CLASS_NONE; i++)
    {
      if (twin_property_of (key, (TwinClass) i, element->dtdl) != NULL)
        has |= (TwinClasses) 1 << i;
    }
  if (has != 0)
    {
      g_autofree char *others = twin_classes_to_string (has, element->dtdl);

      return g_strdup_printf ("a %s has no “%.80s”; that is for %s", class, key,
                              others);
    }

  return g_strdup_printf ("a %s has no property “%.80s”; look for a slip of "
                          "the "
                          "pen, or name the type that brings it in “@type”",
                          class, key);
}

void
twin_model_refuse_key (TwinModelBuilder  *self,
                       const TwinElement *element,
                       const char        *key)
{
  const char      *why = "";
  g_autofree char *words = NULL, *id = NULL;

  if (element->undefined)
    {
      why = judge_word (self, key, TRUE);
      if (why == NULL)
        return;
    }

  words = explain_key (element, key);
  id = element->undefined ? g_strconcat ("property", why, NULL)
                          : g_strdup ("noTypeThatAllows");
  twin_model_builder_issue (self, id, "%s", words);
}

/* --- cotypes -----------------------------------------------------------------
 */

static gboolean
is_given (const TwinElement *element, const TwinCotype *one, const char *name)
{
  JsonObjectIter      iter;
  const char         *key;
  const TwinProperty *property = twin_cotype_property (one, name);

  if (json_object_has_member (element->object, name))
    return TRUE;

  json_object_iter_init (&iter, element->object);
  while (json_object_iter_next (&iter, &key, NULL))
    {
      if (twin_cotype_property (one, key) == property)
        return TRUE;
    }

  return FALSE;
}

static void
check_given (TwinModelBuilder  *self,
             const TwinElement *element,
             const TwinCotype  *one)
{
  const TwinSupplement *supplement = one->supplement;

  for (size_t i = 0; i < G_N_ELEMENTS (supplement->properties) &&
                     supplement->properties[i].name != NULL;
       i++)
    {
      const TwinProperty *property = &supplement->properties[i];
      const char         *units = one->unit_type != NULL
                                      ? twin_quantity_list_units (one->unit_type)
                                      : "";
      const char         *kind = property->kind == TWIN_VALUE_OBJECT ? "Object"
                                 : property->kind == TWIN_VALUE_TERM ? "Identifier"
                                                                     : "Literal";
      g_autofree char    *id =
          g_strdup_printf ("missingSupplemental%sProperty", kind);

      if (property->min == 0 || is_given (element, one, property->name))
        continue;

      if (one->unit_type != NULL)
        twin_model_builder_issue (self, id,
                                  "the type %s needs a “unit” beside it, such "
                                  "as “%.*s”",
                                  one->term, (int) strcspn (units, " "), units);
      else
        twin_model_builder_issue (self, id, "the type %s needs “%s” beside it",
                                  one->term, property->name);
    }
}

static void
check_pair (TwinModelBuilder *self, const TwinCotype *a, const TwinCotype *b)
{
  for (size_t i = 0; i < G_N_ELEMENTS (a->supplement->properties) &&
                     a->supplement->properties[i].name != NULL;
       i++)
    {
      const char *name = a->supplement->properties[i].name;

      if (twin_cotype_property (b, name) != NULL)
        {
          twin_model_builder_issue (self, "conflictingSupplementalTypes",
                                    "%s and %s both bring “%s”; leave one of "
                                    "them",
                                    a->term, b->term, name);
          return;
        }
    }
}

void
twin_model_check_cotypes (TwinModelBuilder *self, TwinElement *element)
{
  for (guint i = 0; i < element->n_cotypes; i++)
    {
      const TwinCotype     *one = &element->cotypes[i];
      const TwinSupplement *supplement = one->supplement;

      for (guint k = 0; k < i; k++)
        check_pair (self, &element->cotypes[k], one);

      check_given (self, element, one);
      if (supplement->needs != NULL &&
          !g_strv_contains (element->types, supplement->needs))
        twin_model_builder_issue (self, "missingCocotype",
                                  "the type %s needs %s beside it in “@type”",
                                  one->term, supplement->needs);
      if (supplement->bars != NULL &&
          g_strv_contains (element->types, supplement->bars))
        twin_model_builder_issue (self, "disallowedCocotype",
                                  "the type %s cannot be beside %s in “@type”",
                                  one->term, supplement->bars);
    }
}
