/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-desired.h"

#include "twin-cbor-json.h"
#include "twin-desired-private.h"

#include <string.h>

enum
{
  HISTORY_MAX = 16, /* documents kept a node, to serve as a conflict's base */
};

static const int64_t check_us = 5 * TWIN_US_PER_S;

static const char *const syncs[] = {
  [TWIN_DESIRED_NONE] = "none",
  [TWIN_DESIRED_PENDING] = "pending",
  [TWIN_DESIRED_APPLIED] = "applied",
  [TWIN_DESIRED_REFUSED] = "refused",
};

const char *
twin_desired_sync_to_string (TwinDesiredSync sync)
{
  g_return_val_if_fail (sync < G_N_ELEMENTS (syncs), NULL);
  return syncs[sync];
}

/* --- documents and entries --- */

void
twin_desired_copy_free (void *data)
{
  TwinDesiredCopy *document = data;

  if (document == NULL)
    return;

  twin_desired_document_free (document->parsed);
  g_bytes_unref (document->message);
  g_free (document);
}

/* Reads a signed message; the signature is not looked at. */
TwinDesiredCopy *
twin_desired_copy_open (GBytes     *message,
                        int64_t     changed_us,
                        TwinSigned *opened,
                        GError    **error)
{
  TwinDesiredDocument *parsed;
  TwinDesiredCopy     *document;
  size_t               size;
  const uint8_t       *data = g_bytes_get_data (message, &size);

  if (!twin_signed_open (data, size, opened, error))
    return NULL;
  parsed = twin_desired_document_parse (opened->payload, opened->payload_size,
                                        error);
  if (parsed == NULL)
    return NULL;

  document = g_new0 (TwinDesiredCopy, 1);
  document->parsed = parsed;
  document->message = g_bytes_ref (message);
  document->changed_us = changed_us;
  memcpy (document->kid, opened->kid, TWIN_KID_SIZE);
  twin_digest (opened->payload, opened->payload_size, document->digest);
  return document;
}

void
twin_desired_clear_refusals (TwinDesiredEntry *entry)
{
  for (size_t i = 0; i < entry->n_refused; i++)
    {
      g_free (entry->refused[i].path);
      g_free (entry->refused[i].reason);
    }
  g_clear_pointer (&entry->refused, g_free);
  entry->n_refused = 0;
}

static void
entry_free (void *data)
{
  TwinDesiredEntry *entry = data;

  twin_desired_clear_refusals (entry);
  g_ptr_array_unref (entry->history);
  twin_desired_copy_free (entry->rival);
  g_free (entry->node);
  g_free (entry);
}

TwinDesiredEntry *
twin_desired_get_entry (TwinDesired *self, const char *node)
{
  TwinDesiredEntry *entry = g_hash_table_lookup (self->entries, node);

  if (entry == NULL)
    {
      entry = g_new0 (TwinDesiredEntry, 1);
      entry->node = g_strdup (node);
      entry->history = g_ptr_array_new_with_free_func (twin_desired_copy_free);
      entry->check_us = INT64_MAX;
      entry->state.node = entry->node;
      g_hash_table_insert (self->entries, entry->node, entry);
    }
  return entry;
}

/* What stands, or NULL. */
TwinDesiredCopy *
twin_desired_current (const TwinDesiredEntry *entry)
{
  return entry->history->len == 0
             ? NULL
             : g_ptr_array_index (entry->history, entry->history->len - 1);
}

uint64_t
twin_desired_current_version (const TwinDesiredEntry *entry)
{
  const TwinDesiredCopy *document = twin_desired_current (entry);

  return document == NULL ? 0 : document->parsed->version;
}

/* Borrowed, NULL when no longer known. */
static JsonNode *
find_version (const TwinDesiredEntry *entry, uint64_t version)
{
  for (guint i = 0; i < entry->history->len; i++)
    {
      const TwinDesiredCopy *document = g_ptr_array_index (entry->history, i);

      if (document->parsed->version == version)
        return document->parsed->properties;
    }
  return NULL;
}

TwinDesired *
twin_desired_new (const TwinFleetIo *io, const TwinDesiredHooks *hooks)
{
  TwinDesired *self = g_new0 (TwinDesired, 1);

  self->io = *io;
  self->hooks = *hooks;
  self->entries =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  return self;
}

void
twin_desired_free (TwinDesired *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->entries);
  g_free (self);
}

/* --- state --- */

TwinDesiredSync
twin_desired_sync_of (const TwinDesiredEntry *entry)
{
  const TwinDesiredCopy *document = twin_desired_current (entry);

  if (document == NULL || entry->gone)
    return TWIN_DESIRED_NONE;
  if (!entry->reported_has_digest ||
      memcmp (entry->reported_digest, document->digest, TWIN_DIGEST_SIZE) != 0)
    return TWIN_DESIRED_PENDING;
  return entry->n_refused > 0 ? TWIN_DESIRED_REFUSED : TWIN_DESIRED_APPLIED;
}

/* Fills @state from a document that may not stand yet. */
static void
fill_state (const TwinDesiredEntry *entry,
            const TwinDesiredCopy  *document,
            TwinDesiredState       *state)
{
  *state = (TwinDesiredState){ .node = entry->node };
  if (document == NULL)
    return;

  state->version = document->parsed->version;
  state->base = document->parsed->base;
  state->properties = document->parsed->properties;
  state->message = document->message;
  state->changed_us = document->changed_us;
  memcpy (state->digest, document->digest, TWIN_DIGEST_SIZE);
  memcpy (state->kid, document->kid, TWIN_KID_SIZE);
  state->sync = TWIN_DESIRED_PENDING;
}

static const TwinDesiredState *
refresh (TwinDesiredEntry *entry)
{
  fill_state (entry, twin_desired_current (entry), &entry->state);
  if (entry->gone)
    {
      entry->state.properties = NULL;
      entry->state.message = NULL;
    }
  entry->state.sync = twin_desired_sync_of (entry);
  if (entry->state.sync == TWIN_DESIRED_REFUSED)
    {
      entry->state.n_refused = entry->n_refused;
      entry->state.refused = entry->refused;
    }
  return &entry->state;
}

void
twin_desired_tell (TwinDesired *self, TwinDesiredEntry *entry)
{
  if (self->hooks.changed != NULL)
    self->hooks.changed (refresh (entry), self->hooks.user_data);
}

void
twin_desired_tell_conflict (TwinDesired            *self,
                            const TwinDesiredEntry *entry,
                            JsonNode               *mine,
                            uint64_t                base_version)
{
  const TwinDesiredCopy    *document = twin_desired_current (entry);
  const TwinDesiredConflict conflict = {
    .node = entry->node,
    .theirs_version = twin_desired_current_version (entry),
    .base_version = base_version,
    .mine = mine,
    .theirs = document == NULL ? NULL : document->parsed->properties,
    .base = find_version (entry, base_version),
  };

  if (self->hooks.conflict != NULL)
    self->hooks.conflict (&conflict, self->hooks.user_data);
}

/* Takes @document as what stands. */
void
twin_desired_adopt (TwinDesiredEntry *entry, TwinDesiredCopy *document)
{
  entry->gone = FALSE;
  g_ptr_array_add (entry->history, document);
  if (entry->history->len > HISTORY_MAX)
    g_ptr_array_remove_index (entry->history, 0);
  g_clear_pointer (&entry->rival, twin_desired_copy_free);
}

gboolean
twin_desired_keep (TwinDesired            *self,
                   const TwinDesiredEntry *entry,
                   const TwinDesiredCopy  *document,
                   GError                **error)
{
  TwinDesiredState state;

  if (self->hooks.keep == NULL)
    return TRUE;
  fill_state (entry, document, &state);
  return self->hooks.keep (&state, self->hooks.user_data, error);
}

/* Not connected is no error: it is published at the next connect. */
void
twin_desired_publish (TwinDesired *self, TwinDesiredEntry *entry)
{
  const TwinDesiredCopy *document = twin_desired_current (entry);
  g_autofree char       *topic =
      twin_topic_format (self->io.plant, entry->node, TWIN_CHANNEL_DESIRED);

  entry->seen = FALSE;
  entry->check_us = twin_clock_now_monotonic (self->io.clock) + check_us;
  self->io.publish (topic, document->message, 1, TRUE, self->io.user_data,
                    NULL);
}

gboolean
twin_desired_load (TwinDesired *self,
                   const char  *node,
                   GBytes      *message,
                   int64_t      changed_us,
                   GError     **error)
{
  TwinDesiredEntry *entry = twin_desired_get_entry (self, node);
  TwinSigned        opened;
  TwinDesiredCopy  *document =
      twin_desired_copy_open (message, changed_us, &opened, error);

  if (document == NULL)
    return FALSE;
  if (document->parsed->version <= twin_desired_current_version (entry))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE,
                   "Version %" G_GUINT64_FORMAT " of %s’s desired properties "
                   "is not newer than the one loaded before",
                   document->parsed->version, node);
      twin_desired_copy_free (document);
      return FALSE;
    }

  twin_desired_adopt (entry, document);
  return TRUE;
}

/* --- writing --- */

/* An equal tree that shares nothing: CBOR keeps every number as it is. */
static JsonNode *
copy_deep (JsonNode *node, GError **error)
{
  g_autoptr (TwinCborWriter) writer = twin_cbor_writer_new ();
  g_autoptr (GBytes) bytes = NULL;
  TwinCborReader reader;

  if (!twin_cbor_writer_json (writer, node, TWIN_CBOR_DEPTH_MAX - 1, error))
    return NULL;
  bytes = twin_cbor_writer_finish (g_steal_pointer (&writer));
  twin_cbor_reader_init (&reader, g_bytes_get_data (bytes, NULL),
                         g_bytes_get_size (bytes));
  return twin_cbor_reader_json (&reader, error);
}

static TwinDesiredCopy *
sign (TwinDesired      *self,
      TwinDesiredEntry *entry,
      JsonNode         *properties,
      GError          **error)
{
  const uint64_t            base = twin_desired_current_version (entry);
  const TwinDesiredDocument parsed = {
    .version = MAX (base, entry->reported_version) + 1,
    .base = base,
    .properties = properties
  };
  g_autofree char *topic =
      twin_topic_format (self->io.plant, entry->node, TWIN_CHANNEL_DESIRED);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) payload = twin_desired_document_build (&parsed, &cause);
  g_autoptr (GBytes) message = NULL;
  TwinSigned opened;

  if (payload == NULL || !JSON_NODE_HOLDS_OBJECT (properties))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                   "The desired properties of %s cannot be sent: %s",
                   entry->node,
                   cause != NULL ? cause->message : "they are not an object");
      return NULL;
    }

  message =
      twin_signed_build (self->io.key, topic, g_bytes_get_data (payload, NULL),
                         g_bytes_get_size (payload));
  return twin_desired_copy_open (message, twin_clock_now_utc (self->io.clock),
                                 &opened, error);
}

gboolean
twin_desired_write (TwinDesired *self,
                    const char  *node,
                    JsonNode    *properties,
                    uint64_t     seen_version,
                    GError     **error)
{
  TwinDesiredEntry *entry = twin_desired_get_entry (self, node);
  TwinDesiredCopy  *document;

  if (seen_version != twin_desired_current_version (entry))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_CONFLICT,
                   "Somebody changed the desired properties of %s in between: "
                   "this edit is of version %" G_GUINT64_FORMAT
                   ", version %" G_GUINT64_FORMAT " stands",
                   node, seen_version, twin_desired_current_version (entry));
      twin_desired_tell_conflict (self, entry, properties, seen_version);
      return FALSE;
    }

  document = sign (self, entry, properties, error);
  if (document == NULL)
    return FALSE;
  if (!twin_desired_keep (self, entry, document, error))
    {
      g_prefix_error (error,
                      "The desired properties of %s were not sent: ", node);
      twin_desired_copy_free (document);
      return FALSE;
    }

  twin_desired_adopt (entry, document);
  twin_desired_publish (self, entry);
  twin_desired_tell (self, entry);
  return TRUE;
}

/* One step of an RFC 6901 pointer with its escapes undone; caller frees. */
static char *
unescape (const char *token)
{
  GString *text = g_string_new (token);

  g_string_replace (text, "~1", "/", 0);
  g_string_replace (text, "~0", "~", 0);
  return g_string_free (text, FALSE);
}

/* Sets or removes in @object, which is ours, what the steps lead to. */
static gboolean
set_at (JsonObject *object, char **steps, JsonNode *value)
{
  g_autofree char *name = unescape (steps[0]);
  JsonNode        *member = json_object_get_member (object, name);

  if (steps[1] == NULL)
    {
      if (value != NULL)
        json_object_set_member (object, name, json_node_copy (value));
      else if (member != NULL)
        json_object_remove_member (object, name);
      return TRUE;
    }

  if (member == NULL && value == NULL)
    return TRUE;
  if (member == NULL)
    {
      json_object_set_object_member (object, name, json_object_new ());
      member = json_object_get_member (object, name);
    }
  return JSON_NODE_HOLDS_OBJECT (member) &&
         set_at (json_node_get_object (member), steps + 1, value);
}

gboolean
twin_desired_set (TwinDesired *self,
                  const char  *node,
                  const char  *pointer,
                  JsonNode    *value,
                  uint64_t     seen_version,
                  GError     **error)
{
  const TwinDesiredEntry *entry = twin_desired_get_entry (self, node);
  const TwinDesiredCopy  *document =
      entry->gone ? NULL : twin_desired_current (entry);
  g_auto (GStrv) steps = g_strsplit (pointer, "/", -1);
  g_autoptr (JsonNode) properties =
      document == NULL ? json_node_init_object (json_node_alloc (), NULL)
                       : copy_deep (document->parsed->properties, error);

  if (properties == NULL)
    return FALSE;
  if (document == NULL)
    json_node_take_object (properties, json_object_new ());

  if (pointer[0] != '/' ||
      !set_at (json_node_get_object (properties), steps + 1, value))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                   "“%s” does not lead to a desired property of %s: write "
                   "/name or /name/member",
                   pointer, node);
      return FALSE;
    }
  return twin_desired_write (self, node, properties, seen_version, error);
}

void
twin_desired_forget (TwinDesired *self, const char *node)
{
  TwinDesiredEntry *entry = twin_desired_get_entry (self, node);

  entry->gone = TRUE;
  entry->reported_has_digest = FALSE;
  g_clear_pointer (&entry->rival, twin_desired_copy_free);
  twin_desired_clear_refusals (entry);
}

const TwinDesiredState *
twin_desired_lookup (TwinDesired *self, const char *node)
{
  return refresh (twin_desired_get_entry (self, node));
}
