/* SPDX-License-Identifier: Apache-2.0 */
/* What references refer to, and whether it may be there. */
#include <string.h>

#include "twin-model-builder.h"

static gboolean
is_reserved (const char *dtmi)
{
  return g_str_has_prefix (dtmi, "dtmi:dtdl:") ||
         g_str_has_prefix (dtmi, "dtmi:standard:") ||
         g_str_has_prefix (dtmi, "dtmi:iotcentral:") ||
         g_str_has_prefix (dtmi, "dtmi:iotoperations:");
}

#define REFUSE(link, id, ...)                                                  \
  twin_model_element_issue (self, (link)->owner, (link)->key, (link)->index,   \
                            id, __VA_ARGS__)

/* Whether @found may be the value of the link's property. */
static gboolean
check_found (TwinModelBuilder  *self,
             const TwinLink    *link,
             const TwinElement *found)
{
  const TwinProperty *property = link->property;
  const TwinElement  *owner = link->owner;

  if (!(property->range >> found->class & 1))
    {
      g_autofree char *wanted =
          twin_classes_to_string (property->range, owner->dtdl);

      REFUSE (link, "badType", "“%.80s” is a %s, but “%s” wants %s", link->dtmi,
              twin_class_name (found->class), property->name, wanted);
      return FALSE;
    }

  if (found->dtdl > owner->dtdl ||
      (found->dtdl < owner->dtdl && !(property->flags & TWIN_PROPERTY_OLDER)))
    {
      REFUSE (link, "disallowedVersionReference",
              "“%.80s” is DTDL v%d, which “%s” of a v%d element cannot refer "
              "to",
              link->dtmi, found->dtdl, property->name, owner->dtdl);
      return FALSE;
    }

  if (found->class != TWIN_CLASS_INTERFACE &&
      found->partition != owner->partition)
    {
      REFUSE (link, "crossPartitionReference",
              "“%.80s” is defined inside the Interface %s; only that may refer "
              "to it: define a copy of it here",
              link->dtmi, found->partition->id);
      return FALSE;
    }

  if (property->only != NULL || strcmp (property->name, "unit") == 0)
    {
      REFUSE (link, property->only ? "incorrectPropertyValue" : "wrongParent",
              "“%s” wants a word of the language, not “%.80s”", property->name,
              link->dtmi);
      return FALSE;
    }

  return TRUE;
}

static void
resolve (TwinModelBuilder *self, TwinLink *link, GHashTable *open)
{
  const char *scoped =
      twin_model_builder_scope (self, link->dtmi, link->owner->group);
  TwinElement *found = g_hash_table_lookup (self->by_id, scoped);

  if (found == NULL && scoped != link->dtmi)
    found = g_hash_table_lookup (self->by_id, link->dtmi);
  if (found != NULL)
    {
      if (check_found (self, link, found))
        link->element = found;
      return;
    }

  if (is_reserved (link->dtmi))
    REFUSE (link, "undefinedReservedId",
            "“%.80s” begins as the language's own names do, but there is none "
            "of that name",
            link->dtmi);
  else if (g_hash_table_add (open, (void *) link->dtmi))
    g_ptr_array_add (self->report->unresolved, g_strdup (link->dtmi));
}

void
twin_model_resolve (TwinModelBuilder *self)
{
  g_autoptr (GHashTable) open = g_hash_table_new (NULL, NULL);

  for (TwinElement *e = self->elements; e != NULL; e = e->next)
    {
      TWIN_LINKS (e, link)
      {
        if (link->dtmi != NULL)
          resolve (self, link, open);
      }
    }
}
