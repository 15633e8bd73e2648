/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-migration.h"

#include <string.h>

#include "twin-json.h"
#include "twin-rules.h"
#include "twin-twin-private.h"

struct _TwinMigration
{
  TwinModelSet        *models;
  const TwinInterface *to;
  GPtrArray           *twins; /* TwinMigrationTwin, owned */
  GHashTable          *by_id; /* id → TwinMigrationTwin */
  guint                counts[3];
  char                *hash;
};

static void
item_free (void *data)
{
  TwinMigrationItem *self = data;

  g_free (self->what);
  g_free (self->text);
  g_free (self);
}

static void
migration_twin_free (void *data)
{
  TwinMigrationTwin *self = data;

  twin_twin_free (self->after);
  g_ptr_array_unref (self->items);
  g_free (self);
}

static void add_item (TwinMigration     *self,
                      TwinMigrationTwin *twin,
                      TwinMigrationKind  kind,
                      const char        *what,
                      const char        *format,
                      ...) G_GNUC_PRINTF (5, 6);

static void
add_item (TwinMigration     *self,
          TwinMigrationTwin *twin,
          TwinMigrationKind  kind,
          const char        *what,
          const char        *format,
          ...)
{
  TwinMigrationItem *item = g_new0 (TwinMigrationItem, 1);
  va_list            args;

  item->kind = kind;
  item->what = g_strdup (what);
  va_start (args, format);
  item->text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (twin->items, item);
  self->counts[kind]++;
  twin->n_gains += kind == TWIN_MIGRATION_GAIN;
  twin->n_losses += kind == TWIN_MIGRATION_LOSE;
  twin->n_violations += kind == TWIN_MIGRATION_VIOLATE;
}

/* A rule's message without the place it begins with: the item has that. */
static void
add_violation (TwinMigration     *self,
               TwinMigrationTwin *twin,
               const char        *what,
               const GError      *why)
{
  const char *text = strstr (why->message, "”: ");

  add_item (self, twin, TWIN_MIGRATION_VIOLATE, what, "%s",
            text != NULL ? text + strlen ("”: ") : why->message);
}

/* --- values
 * ----------------------------------------------------------------------------
 */

/* One object of the twin on its way: its own members, or a component's. */
typedef struct
{
  const TwinInterface *from; /* NULL: not known */
  const TwinInterface *to;   /* NULL: not known */
  const char          *pointer;
} Level;

static JsonNode *move_members (TwinMigration     *self,
                               TwinMigrationTwin *twin,
                               const Level       *level,
                               JsonNode          *object);

static const TwinInterface *
component_of (const TwinInterface *interface, const char *name)
{
  const TwinContent *content =
      interface != NULL
          ? twin_interface_find_kind (interface, TWIN_CONTENT_COMPONENT, name)
          : NULL;

  return content != NULL ? content->component : NULL;
}

/* The member as it will be; NULL: it is lost. Caller unrefs. */
static JsonNode *
move_member (TwinMigration     *self,
             TwinMigrationTwin *twin,
             const Level       *level,
             const char        *key,
             JsonNode          *value)
{
  const TwinContent *content = twin_interface_find (level->to, key);
  g_autofree char   *here = twin_json_pointer_join (level->pointer, key);
  g_autofree char   *text = NULL;
  g_autoptr (GError) why = NULL;

  if (content != NULL && content->kind == TWIN_CONTENT_PROPERTY)
    {
      if (content->schema != NULL &&
          !twin_schema_validate (content->schema, value, "it", &why))
        add_violation (self, twin, here, why);
      return json_node_ref (value);
    }

  if (content != NULL && content->kind == TWIN_CONTENT_COMPONENT)
    {
      const Level inner = { component_of (level->from, key), content->component,
                            here };

      if (JSON_NODE_HOLDS_OBJECT (value))
        return move_members (self, twin, &inner, value);
      add_item (self, twin, TWIN_MIGRATION_VIOLATE, here,
                "%s is a component there and must be an object", key);
      return json_node_ref (value);
    }

  text = twin_json_print (value, FALSE);
  if (content == NULL)
    add_item (self, twin, TWIN_MIGRATION_LOSE, here, "%.100s; %s has no “%s”",
              text, level->to->id, key);
  else
    add_item (self, twin, TWIN_MIGRATION_LOSE, here,
              "%.100s; “%s” is a %s of %s, not a property", text, key,
              twin_content_kind_to_string (content->kind), level->to->id);
  return NULL;
}

static gboolean
had (const Level *level, const TwinContent *content)
{
  return level->from != NULL &&
         twin_interface_find_kind (level->from, content->kind, content->name) !=
             NULL;
}

/* What the new model has and the old one had not. */
static void
list_gains (TwinMigration     *self,
            TwinMigrationTwin *twin,
            const Level       *level,
            JsonNode          *object)
{
  JsonObject *members = json_node_get_object (object);

  for (guint i = 0; i < level->to->effective->len; i++)
    {
      const TwinContent *content = g_ptr_array_index (level->to->effective, i);
      g_autofree char   *here = NULL;

      if (json_object_has_member (members, content->name))
        continue;

      here = twin_json_pointer_join (level->pointer, content->name);
      if (content->kind == TWIN_CONTENT_COMPONENT)
        add_item (self, twin, TWIN_MIGRATION_GAIN, here,
                  "a component, empty to begin with");
      else if (content->kind == TWIN_CONTENT_PROPERTY && !had (level, content))
        add_item (self, twin, TWIN_MIGRATION_GAIN, here,
                  "a property (%s), without a value to begin with",
                  content->schema != NULL
                      ? twin_schema_kind_to_string (content->schema->kind)
                      : "of any kind");
    }
}

static JsonNode *
move_members (TwinMigration     *self,
              TwinMigrationTwin *twin,
              const Level       *level,
              JsonNode          *object)
{
  g_autoptr (JsonObject) moved = NULL;
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  if (level->to == NULL)
    return json_node_ref (object);

  moved = json_object_new ();
  json_object_iter_init_ordered (&iter, json_node_get_object (object));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      JsonNode *stays = *key == '$'
                            ? json_node_ref (value)
                            : move_member (self, twin, level, key, value);

      if (stays != NULL)
        json_object_set_member (moved, key, stays);
    }

  list_gains (self, twin, level, object);
  return twin_json_take_object (g_steal_pointer (&moved));
}

static TwinMigrationTwin *
move_twin (TwinMigration *self, const TwinTwin *before, int64_t now_us)
{
  TwinMigrationTwin *twin = g_new0 (TwinMigrationTwin, 1);
  const Level    level = { twin_model_set_lookup (self->models, before->model),
                           self->to, "" };
  JsonObjectIter iter;
  const char    *key;

  twin->before = before;
  twin->items = g_ptr_array_new_with_free_func (item_free);
  twin->after = twin_twin_copy (before);
  g_clear_pointer (&twin->after->etag, g_free);
  g_free (twin->after->model);
  twin->after->model = g_strdup (self->to->id);
  twin->after->updated_us = now_us;

  json_node_unref (twin->after->properties);
  twin->after->properties =
      move_members (self, twin, &level, before->properties);
  twin_twin_add_components (twin->after, self->models);

  json_object_iter_init_ordered (&iter,
                                 json_node_get_object (before->properties));
  while (json_object_iter_next_ordered (&iter, &key, NULL))
    {
      if (!json_object_has_member (json_node_get_object (
                                       twin->after->properties),
                                   key))
        twin_twin_note_times (twin->after, key, TRUE, now_us, TWIN_TIME_NONE);
    }

  return twin;
}

/* --- relationships
 * ------------------------------------------------------------------- */

/* A twin as it will be. */
static const TwinTwin *
find_after (TwinMigration            *self,
            const TwinMigrationGraph *graph,
            const char               *id)
{
  const TwinMigrationTwin *twin = g_hash_table_lookup (self->by_id, id);

  return twin != NULL ? twin->after : graph->find_twin (id, graph->data);
}

static void
check_relationship (TwinMigration            *self,
                    TwinMigrationTwin        *twin,
                    const TwinMigrationGraph *graph,
                    const TwinRelationship   *one)
{
  const TwinTwin  *source = find_after (self, graph, one->source);
  const TwinTwin  *target = find_after (self, graph, one->target);
  g_autofree char *what = g_strdup_printf ("%s/%s", one->source, one->id);
  g_autoptr (GError) why = NULL;

  if (source == NULL || target == NULL)
    add_item (self, twin, TWIN_MIGRATION_VIOLATE, what,
              "“%s” has no twin at its other end", one->name);
  else if (!twin_relationship_check (one, source, target, self->models, what,
                                     &why))
    add_violation (self, twin, what, why);
}

/* How many of each name begin at the twin. */
static void
check_counts (TwinMigration *self, TwinMigrationTwin *twin, GPtrArray *outgoing)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < outgoing->len; i++)
    {
      const TwinRelationship *one = g_ptr_array_index (outgoing, i);
      gsize n = GPOINTER_TO_SIZE (g_hash_table_lookup (counts, one->name));

      g_hash_table_insert (counts, one->name, GSIZE_TO_POINTER (n + 1));
    }

  /* Once a name, at the first of them, so that the order is a fixed one. */
  for (guint i = 0; i < outgoing->len; i++)
    {
      const TwinRelationship *one = g_ptr_array_index (outgoing, i);
      void                   *n;
      g_autoptr (GError) why = NULL;

      if (g_hash_table_steal_extended (counts, one->name, NULL, &n) &&
          !twin_multiplicity_check (twin->after->id, twin->after->model,
                                    one->name, (gint64) GPOINTER_TO_SIZE (n),
                                    self->models, one->name, &why))
        add_violation (self, twin, one->name, why);
    }
}

static void
check_relationships (TwinMigration            *self,
                     TwinMigrationTwin        *twin,
                     const TwinMigrationGraph *graph)
{
  g_autoptr (GPtrArray) outgoing =
      graph->list_outgoing (twin->before->id, graph->data);
  g_autoptr (GPtrArray) incoming =
      graph->list_incoming (twin->before->id, graph->data);

  for (guint i = 0; i < outgoing->len; i++)
    check_relationship (self, twin, graph, g_ptr_array_index (outgoing, i));
  check_counts (self, twin, outgoing);

  for (guint i = 0; i < incoming->len; i++)
    {
      const TwinRelationship *one = g_ptr_array_index (incoming, i);

      /* One that comes from a twin which moves, too, is that twin's. */
      if (!g_hash_table_contains (self->by_id, one->source))
        check_relationship (self, twin, graph, one);
    }
}

/* --- the whole
 * -------------------------------------------------------------------------- */

static void
add_text (GChecksum *sum, const char *text)
{
  /* The NUL counts, so that "ab", "c" is not "a", "bc". */
  if (text == NULL)
    text = "";
  g_checksum_update (sum, (const guchar *) text, (gssize) strlen (text) + 1);
}

static void
make_hash (TwinMigration *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  add_text (sum, self->to->id);
  for (guint i = 0; i < self->twins->len; i++)
    {
      const TwinMigrationTwin *twin = g_ptr_array_index (self->twins, i);
      g_autofree char         *after = twin_twin_print_props (twin->after);

      add_text (sum, twin->before->id);
      add_text (sum, twin->before->etag);
      add_text (sum, after);
      for (guint k = 0; k < twin->items->len; k++)
        {
          const TwinMigrationItem *item = g_ptr_array_index (twin->items, k);

          add_text (sum, twin_migration_kind_to_string (item->kind));
          add_text (sum, item->what);
          add_text (sum, item->text);
        }
    }

  self->hash = g_strndup (g_checksum_get_string (sum), 16);
}

TwinMigration *
twin_migration_new (TwinModelSet             *models,
                    const char               *to,
                    GPtrArray                *twins,
                    const TwinMigrationGraph *graph,
                    int64_t                   now_us,
                    GError                  **error)
{
  g_autoptr (TwinMigration) self = g_new0 (TwinMigration, 1);

  self->models = twin_model_set_ref (models);
  self->twins = g_ptr_array_new_with_free_func (migration_twin_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->to = twin_model_set_lookup (models, to);
  if (self->to == NULL)
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_MODEL,
                   "The model %s is not known; import it first", to);
      return NULL;
    }

  for (guint i = 0; i < twins->len; i++)
    {
      const TwinTwin    *before = g_ptr_array_index (twins, i);
      TwinMigrationTwin *twin;

      if (g_hash_table_contains (self->by_id, before->id))
        {
          g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                       "The twin “%s” is named twice", before->id);
          return NULL;
        }
      if (strcmp (before->model, self->to->id) == 0)
        continue;

      twin = move_twin (self, before, now_us);
      g_ptr_array_add (self->twins, twin);
      g_hash_table_insert (self->by_id, twin->before->id, twin);
    }

  for (guint i = 0; i < self->twins->len; i++)
    check_relationships (self, g_ptr_array_index (self->twins, i), graph);
  make_hash (self);
  return g_steal_pointer (&self);
}

void
twin_migration_free (TwinMigration *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->twins);
  twin_model_set_unref (self->models);
  g_free (self->hash);
  g_free (self);
}

GPtrArray *
twin_migration_list (TwinMigration *self)
{
  return self->twins;
}

guint
twin_migration_count (TwinMigration *self, TwinMigrationKind kind)
{
  return self->counts[kind];
}

const char *
twin_migration_get_hash (TwinMigration *self)
{
  return self->hash;
}

const char *
twin_migration_kind_to_string (TwinMigrationKind kind)
{
  static const char *const words[] = { "gains", "loses", "violates" };

  return words[kind];
}

/* The first item of @kind, and whose it is. */
static const TwinMigrationItem *
find_first (TwinMigration            *self,
            TwinMigrationKind         kind,
            const TwinMigrationTwin **twin)
{
  for (guint i = 0; i < self->twins->len; i++)
    {
      *twin = g_ptr_array_index (self->twins, i);
      for (guint k = 0; k < (*twin)->items->len; k++)
        {
          const TwinMigrationItem *item = g_ptr_array_index ((*twin)->items, k);

          if (item->kind == kind)
            return item;
        }
    }

  return NULL;
}

gboolean
twin_migration_check (TwinMigration *self, gboolean drop_lost, GError **error)
{
  static const TwinMigrationKind kinds[] = { TWIN_MIGRATION_VIOLATE,
                                             TWIN_MIGRATION_LOSE };

  for (size_t i = 0; i < G_N_ELEMENTS (kinds) - (drop_lost ? 1 : 0); i++)
    {
      const TwinMigrationTwin *twin;
      const TwinMigrationItem *item = find_first (self, kinds[i], &twin);
      guint                    n = self->counts[kinds[i]];
      g_autofree char         *more = NULL;

      if (item == NULL)
        continue;

      more = n > 1 ? g_strdup_printf (" (and %u more)", n - 1) : g_strdup ("");
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_MODEL,
                   kinds[i] == TWIN_MIGRATION_VIOLATE
                       ? "%s would not fit %s at “%s”: %s%s"
                       : "%s would lose, as a %s, “%s”: %s%s",
                   twin->before->id, self->to->id, item->what, item->text,
                   more);
      return FALSE;
    }

  return TRUE;
}
