/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-model-list.h"

#include <string.h>

typedef struct
{
  const TwinModelItem *item;
  const char          *parent;   /* DTMI in the list, or NULL */
  GPtrArray           *children; /* Place, borrowed */
  gboolean             kept, listed;
} Place;

static void
place_free (gpointer data)
{
  Place *self = data;

  g_ptr_array_unref (self->children);
  g_free (self);
}

static gboolean
has (const char *text, const char *needle)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, needle) != NULL;
}

static gboolean
matches (const TwinModelItem *item, const char *needle)
{
  return needle == NULL || has (item->dtmi, needle) ||
         (item->name != NULL && has (item->name, needle));
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Place *const *x = a, *const *y = b;
  const int           names =
      g_utf8_collate ((*x)->item->name != NULL ? (*x)->item->name : "",
                      (*y)->item->name != NULL ? (*y)->item->name : "");

  return names != 0 ? names : strcmp ((*x)->item->dtmi, (*y)->item->dtmi);
}

/* A match keeps what it extends; the walk ends at a model kept already, so a
 * cycle does, too. */
static void
keep_up (GHashTable *places, Place *place)
{
  while (place != NULL && !place->kept)
    {
      place->kept = TRUE;
      place = place->parent != NULL
                  ? g_hash_table_lookup (places, place->parent)
                  : NULL;
    }
}

static void
list (GArray *out, Place *place, guint depth)
{
  const TwinModelPlace one = { place->item, depth };

  if (place->listed)
    return;
  place->listed = TRUE;
  if (place->kept)
    g_array_append_val (out, one);
  g_ptr_array_sort (place->children, compare);
  for (guint i = 0; i < place->children->len; i++)
    list (out, place->children->pdata[i], depth + 1);
}

static const char *
find_parent (GHashTable *places, TwinModelSet *models, const char *dtmi)
{
  const TwinInterface *interface =
      models != NULL ? twin_model_set_lookup (models, dtmi) : NULL;

  for (guint i = 0; interface != NULL && i < interface->extends->len; i++)
    if (strcmp (interface->extends->pdata[i], dtmi) != 0 &&
        g_hash_table_contains (places, interface->extends->pdata[i]))
      return interface->extends->pdata[i];

  return NULL;
}

GArray *
twin_model_list_order (GPtrArray    *items,
                       TwinModelSet *models,
                       const char   *needle)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (TwinModelPlace));
  g_autoptr (GHashTable) places =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, place_free);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      const TwinModelItem *item = items->pdata[i];
      Place               *place = g_new0 (Place, 1);

      place->item = item;
      place->children = g_ptr_array_new ();
      g_hash_table_insert (places, item->dtmi, place);
      g_ptr_array_add (all, place);
    }

  for (guint i = 0; i < all->len; i++)
    {
      Place *place = all->pdata[i];
      Place *above;

      place->parent = find_parent (places, models, place->item->dtmi);
      above = place->parent != NULL
                  ? g_hash_table_lookup (places, place->parent)
                  : NULL;
      if (above != NULL)
        g_ptr_array_add (above->children, place);
    }
  for (guint i = 0; i < all->len; i++)
    if (matches (((Place *) all->pdata[i])->item, needle))
      keep_up (places, all->pdata[i]);

  g_ptr_array_sort (all, compare);
  for (guint i = 0; i < all->len; i++)
    if (((Place *) all->pdata[i])->parent == NULL)
      list (out, all->pdata[i], 0);
  /* What is left stands in a cycle. */
  for (guint i = 0; i < all->len; i++)
    list (out, all->pdata[i], 0);

  return out;
}
