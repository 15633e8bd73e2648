/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-commission.c - new twins: imported, or given to a ghost */
#include "twin-engine-private.h"

#include <string.h>

#include "twin-memory-text.h"
#include "twin-rules.h"
#include "twin-store-changes.h"
#include "twin-store-import.h"
#include "twin-store-twins.h"

static void
answer (TwinEngine      *self,
        TwinEngineAsk   *ask,
        TwinRequestStage stage,
        const char      *text)
{
  twin_engine_ask_progress (self, ask, stage, text, NULL);
  twin_engine_ask_free (ask);
}

/* --- import
 * ---------------------------------------------------------------------------
 */

static void
keep_first (const TwinStoreRefusal *refusal, void *data)
{
  char **first = data;

  if (*first == NULL)
    *first = g_strdup_printf ("%s%s%s: %s", refusal->place,
                              refusal->id != NULL ? ", " : "",
                              refusal->id != NULL ? refusal->id : "",
                              refusal->reason);
}

static gboolean
import (TwinEngine *self, const TwinEngineAsk *ask, char **text, GError **error)
{
  const char           *name = ask->subject != NULL ? ask->subject : "import";
  g_autofree char      *first = NULL;
  TwinMemoryText        memory = { ask->text, strlen (ask->text) };
  TwinStoreImportCounts counts;
  const TwinStoreImport import = { .name = name,
                                   .read = twin_memory_text_read,
                                   .read_data = &memory,
                                   .who = ask->who,
                                   .now_us = twin_clock_utc_us (),
                                   .refused = keep_first,
                                   .data = &first };

  /* One transaction of its own: all or nothing. */
  twin_engine_batch_commit (self);
  if (!twin_store_import (self->store, &import, &counts, error))
    {
      if (first != NULL && error != NULL)
        {
          g_clear_error (error);
          g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                       "%s: %s", name, first);
        }
      return FALSE;
    }

  *text =
      g_strdup_printf ("%" G_GUINT64_FORMAT " models, %" G_GUINT64_FORMAT
                       " twins, %" G_GUINT64_FORMAT
                       " relationships imported from %s.",
                       counts.models, counts.twins, counts.relationships, name);
  return TRUE;
}

void
twin_engine_import_do (TwinEngine *self, TwinEngineAsk *ask)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (ask->text == NULL || !import (self, ask, &text, &error))
    {
      answer (self, ask, TWIN_REQUEST_FAILED,
              error != NULL ? error->message : "There is nothing to import.");
      return;
    }

  twin_engine_graph_refresh (self);
  answer (self, ask, TWIN_REQUEST_DONE, text);
}

/* --- commissioning
 * ---------------------------------------------------------------------- */

static JsonNode *
properties_named (const char *name, const char *bearing)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  if (name != NULL)
    {
      json_builder_set_member_name (json, "displayName");
      json_builder_add_string_value (json, name);
    }
  if (bearing != NULL)
    {
      json_builder_set_member_name (json, "designation");
      json_builder_add_string_value (json, bearing);
    }
  json_builder_end_object (json);
  return json_builder_get_root (json);
}

/* Only what the model declares is kept. */
static void
keep_declared (TwinEngine *self, const char *model, JsonNode *properties)
{
  const TwinInterface *interface = twin_model_set_lookup (self->models, model);
  JsonObject          *object = json_node_get_object (properties);
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *l = names; l != NULL; l = l->next)
    {
      if (interface == NULL ||
          twin_interface_find_kind (interface, TWIN_CONTENT_PROPERTY,
                                    l->data) == NULL)
        json_object_remove_member (object, l->data);
    }
}

static gboolean
add_twin (TwinEngine *self,
          const char *id,
          const char *model,
          const char *name,
          const char *bearing,
          GError    **error)
{
  g_autoptr (JsonNode) properties = properties_named (name, bearing);
  g_autoptr (TwinTwin) twin = NULL;

  keep_declared (self, model, properties);
  twin = twin_twin_new (id, model, properties);
  twin_twin_add_components (twin, self->models);
  if (name != NULL)
    {
      g_free (twin->display_name);
      twin->display_name = g_strdup (name);
    }
  return twin_twin_check (twin, self->models, "", error) &&
         twin_store_save_twin (self->store, twin, "", error);
}

/* Relates whole and part by the first part relationship the model of the whole
 * declares. */
static gboolean
relate (TwinEngine *self,
        const char *whole,
        const char *whole_model,
        const char *part,
        GError    **error)
{
  const TwinInterface *interface =
      twin_model_set_lookup (self->models, whole_model);
  const char *const *names = twin_roles_get_part_relationships (self->roles);

  for (; *names != NULL; names++)
    {
      g_autofree char *id = g_strdup_printf ("%s-%s-%s", whole, *names, part);
      g_autoptr (TwinRelationship) relationship = NULL;

      if (interface == NULL ||
          twin_interface_find_kind (interface, TWIN_CONTENT_RELATIONSHIP,
                                    *names) == NULL)
        continue;

      relationship = twin_relationship_new (whole, id, *names, part, NULL);
      return twin_store_save_relationship (self->store, relationship, NULL,
                                           error);
    }

  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_MODEL,
               "The model of “%s” cannot contain “%s”", whole, part);
  return FALSE;
}

/* The twin of a part: what the birth names, moved under the machine chosen. */
static char *
part_id (const TwinBirth *birth, const char *machine, size_t i)
{
  const TwinBirthServes *serve = &birth->serves[i];
  g_autofree char       *word = g_strdup (serve->prefix);

  for (size_t k = 0; k < birth->n_serves; k++)
    {
      const TwinBirthServes *whole = &birth->serves[k];

      if (whole->prefix[0] == '\0' && whole->twin[0] != '\0' &&
          g_str_has_prefix (serve->twin, whole->twin))
        return g_strconcat (machine, serve->twin + strlen (whole->twin), NULL);
    }

  if (g_str_has_suffix (word, "/"))
    word[strlen (word) - 1] = '\0';
  return g_strdup_printf ("%s-%s", machine, word);
}

static gboolean
add_parts (TwinEngine          *self,
           const TwinEngineAsk *ask,
           const TwinBirth     *birth,
           const char          *machine_model,
           JsonObject          *serves,
           GError             **error)
{
  for (size_t i = 0; i < birth->n_serves; i++)
    {
      const TwinBirthServes *serve = &birth->serves[i];
      g_autofree char       *id = NULL;

      if (serve->prefix[0] == '\0')
        continue;

      id = part_id (birth, ask->name, i);
      json_object_set_string_member (serves, serve->prefix, id);
      if (twin_engine_place_find (self, id) != NULL)
        continue;

      if (!add_twin (self, id, serve->model, NULL,
                     strcmp (serve->prefix, "de/") == 0 ? ask->bearing : NULL,
                     error) ||
          !relate (self, ask->name, machine_model, id, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
set_setting (TwinEngine *self,
             const char *prefix,
             const char *name,
             const char *value,
             GError    **error)
{
  g_autofree char *key = g_strconcat (prefix, name, NULL);

  return twin_store_set_setting (self->store, key, value, error);
}

static gboolean
write_commission (TwinEngine          *self,
                  const TwinEngineAsk *ask,
                  const TwinBirth     *birth,
                  GError             **error)
{
  g_autoptr (JsonNode) serves = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  TwinEnginePlace *place = twin_engine_place_find (self, ask->name);
  TwinEnginePlace *parent =
      ask->parent != NULL ? twin_engine_place_find (self, ask->parent) : NULL;
  const char *model = place != NULL ? place->model : ask->model;

  json_node_take_object (serves, json_object_new ());
  json_object_set_string_member (json_node_get_object (serves), "", ask->name);

  if (place == NULL &&
      (!add_twin (self, ask->name, model, ask->display_name, NULL, error) ||
       (parent != NULL &&
        !relate (self, parent->id, parent->model, ask->name, error))))
    return FALSE;

  if (birth != NULL && !add_parts (self, ask, birth, model,
                                   json_node_get_object (serves), error))
    return FALSE;

  text = json_to_string (serves, FALSE);
  return set_setting (self, "serves/", ask->subject, text, error) &&
         (ask->binding == NULL ||
          set_setting (self, "binding/", ask->name, ask->binding, error));
}

static gboolean
check_commission (TwinEngine *self, const TwinEngineAsk *ask, GError **error)
{
  TwinEnginePlace *place;
  g_autoptr (JsonNode) binding = NULL;
  g_autoptr (TwinBinding) parsed = NULL;

  if (ask->subject == NULL || ask->name == NULL ||
      !twin_twin_id_is_valid (ask->name))
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                   "“%s” cannot be a twin's id",
                   ask->name != NULL ? ask->name : "");
      return FALSE;
    }

  place = twin_engine_place_find (self, ask->name);
  if (place != NULL && place->node != NULL &&
      strcmp (place->node, ask->subject) != 0)
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_IN_USE,
                   "%s is served by node %s already; decommission that first",
                   place->name, place->node);
      return FALSE;
    }

  if (place == NULL &&
      (ask->model == NULL ||
       twin_model_set_lookup (self->models, ask->model) == NULL))
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_MODEL,
                   "A new twin needs a model that was imported");
      return FALSE;
    }

  if (ask->binding == NULL)
    return TRUE;

  binding = twin_json_parse ("binding", ask->binding, -1, error);
  if (binding == NULL)
    return FALSE;
  parsed = twin_binding_from_json (binding, error);
  return parsed != NULL;
}

static gboolean
begin_commission (TwinEngine *self, const TwinEngineAsk *ask, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("Node %s bound to %s", ask->subject, ask->name);

  return twin_store_begin_change (self->store, ask->who, "commission", text,
                                  twin_clock_utc_us (), error);
}

static gboolean
commission (TwinEngine *self, const TwinEngineAsk *ask, GError **error)
{
  TwinEngineNode *node = twin_engine_node_get (self, ask->subject);

  if (!check_commission (self, ask, error))
    return FALSE;

  twin_engine_batch_commit (self);
  if (!twin_store_begin (self->store, error))
    return FALSE;

  if (!begin_commission (self, ask, error) ||
      !write_commission (self, ask, node->birth, error) ||
      !twin_store_commit (self->store, error))
    {
      twin_store_rollback (self->store);
      return FALSE;
    }

  twin_engine_graph_refresh (self);
  twin_engine_node_changed (self, node);
  node->dirty_row = TRUE;
  twin_engine_log (self, "edit", ask->name, ask->who,
                   "Node %s was bound to %s.", ask->subject, ask->name);
  return TRUE;
}

void
twin_engine_commission_do (TwinEngine *self, TwinEngineAsk *ask)
{
  g_autoptr (GError) error = NULL;
  TwinEngineNode *node;

  if (!commission (self, ask, &error))
    {
      answer (self, ask, TWIN_REQUEST_FAILED, error->message);
      return;
    }

  node = twin_engine_node_get (self, ask->subject);
  if (ask->token == NULL || ask->token[0] == '\0')
    {
      answer (self, ask, TWIN_REQUEST_DONE,
              "The node is bound; without its token this console cannot act "
              "on it.");
      return;
    }

  if (!twin_enrolment_begin (self->enrolment, node->name, ask->token,
                             TWIN_KEY_ROLE_ENGINEER, ask->who, &error))
    {
      answer (self, ask, TWIN_REQUEST_FAILED, error->message);
      return;
    }

  node->enrolling = TRUE;
  twin_engine_ask_progress (self, ask, TWIN_REQUEST_SENT,
                            "The node is bound; waiting for it to prove that "
                            "it knows the token.",
                            NULL);
  g_ptr_array_add (self->waiting, ask);
}

/* --- what the dialog shows beforehand
 * ------------------------------------------------------ */

static JsonArray *
serves_of (TwinStoreReader *reader, const char *node, JsonNode **root)
{
  g_autoptr (TwinStoreNode) row =
      twin_store_reader_get_node (reader, node, NULL);
  JsonObject *object;

  *root = row != NULL && row->birth != NULL
              ? json_from_string (row->birth, NULL)
              : NULL;
  if (*root == NULL || !JSON_NODE_HOLDS_OBJECT (*root))
    return NULL;

  object = json_node_get_object (*root);
  return json_object_has_member (object, "serves")
             ? json_object_get_array_member (object, "serves")
             : NULL;
}

char *
twin_engine_describe_binding (TwinEngine *self,
                              const char *node,
                              const char *model,
                              GError    **error)
{
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (self->store_path, error);
  g_autoptr (TwinModelSet) models = twin_engine_ref_models (self);
  g_autoptr (TwinBinding) binding = NULL;
  g_autoptr (JsonNode) birth = NULL;
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (GArray) parts =
      g_array_new (FALSE, TRUE, sizeof (TwinBindingPart));
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  TwinBindingPart machine = { .id = "machine", .model = model, .position = "" };
  JsonArray      *serves;

  if (reader == NULL)
    return NULL;

  serves = serves_of (reader, node, &birth);
  g_array_append_val (parts, machine);
  for (guint i = 0; serves != NULL && i < json_array_get_length (serves); i++)
    {
      JsonObject     *serve = json_array_get_object_element (serves, i);
      const char     *prefix = twin_json_get_string (serve, "prefix");
      TwinBindingPart part = { .id = twin_json_get_string (serve, "twin"),
                               .model = twin_json_get_string (serve, "model") };
      char           *position;

      if (prefix == NULL || part.id == NULL)
        continue;

      if (prefix[0] == '\0')
        {
          g_array_index (parts, TwinBindingPart, 0).id = part.id;
          continue;
        }

      position = g_strdup (prefix);
      if (g_str_has_suffix (position, "/"))
        position[strlen (position) - 1] = '\0';
      g_ptr_array_add (words, position);
      part.position = position;
      g_array_append_val (parts, part);
    }

  binding = twin_binding_find (self->roles, models,
                               (const TwinBindingPart *) (void *) parts->data,
                               parts->len);
  json = twin_binding_to_json (binding);
  return twin_json_print (json, FALSE);
}
