/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-desired.h"

#include "twin-cbor-json.h"
#include "twin-cose.h"

#include <string.h>

enum
{
  HISTORY_MAX = 16, /* documents kept a node, to serve as a conflict's base */
};

static const int64_t check_us = 5 * TWIN_US_PER_S;
static const int64_t check_again_us = 60 * TWIN_US_PER_S;

/* One document as it was signed. */
typedef struct
{
  TwinDesiredDocument *parsed;
  GBytes              *message;
  uint8_t              kid[TWIN_KID_SIZE];
  uint8_t              digest[TWIN_DIGEST_SIZE];
  int64_t              changed_us;
} Document;

typedef struct
{
  char            *node;
  GPtrArray       *history; /* Document, oldest first; the last one stands */
  Document        *rival;   /* same version by another writer, undecided */
  uint64_t         reported_version;
  gboolean         reported_has_digest;
  uint8_t          reported_digest[TWIN_DIGEST_SIZE];
  size_t           n_refused;
  TwinRefusal     *refused;
  gboolean         seen;     /* the broker has it, as of this connect */
  int64_t          check_us; /* monotonic: publish again unless seen by then */
  TwinDesiredState state;
} Entry;

struct _TwinDesired
{
  TwinFleetIo      io;
  TwinDesiredHooks hooks;
  GHashTable      *entries; /* node → Entry */
};

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

/* --- documents and entries
 * ---------------------------------------------------- */

static void
document_free (void *data)
{
  Document *document = data;

  if (document == NULL)
    return;

  twin_desired_document_free (document->parsed);
  g_bytes_unref (document->message);
  g_free (document);
}

/* Reads a signed message; the signature is not looked at. */
static Document *
document_open (GBytes     *message,
               int64_t     changed_us,
               TwinSigned *opened,
               GError    **error)
{
  TwinDesiredDocument *parsed;
  Document            *document;
  size_t               size;
  const uint8_t       *data = g_bytes_get_data (message, &size);

  if (!twin_signed_open (data, size, opened, error))
    return NULL;
  parsed = twin_desired_document_parse (opened->payload, opened->payload_size,
                                        error);
  if (parsed == NULL)
    return NULL;

  document = g_new0 (Document, 1);
  document->parsed = parsed;
  document->message = g_bytes_ref (message);
  document->changed_us = changed_us;
  memcpy (document->kid, opened->kid, TWIN_KID_SIZE);
  twin_digest (opened->payload, opened->payload_size, document->digest);
  return document;
}

static void
clear_refusals (Entry *entry)
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
  Entry *entry = data;

  clear_refusals (entry);
  g_ptr_array_unref (entry->history);
  document_free (entry->rival);
  g_free (entry->node);
  g_free (entry);
}

static Entry *
get_entry (TwinDesired *self, const char *node)
{
  Entry *entry = g_hash_table_lookup (self->entries, node);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->node = g_strdup (node);
      entry->history = g_ptr_array_new_with_free_func (document_free);
      entry->check_us = INT64_MAX;
      entry->state.node = entry->node;
      g_hash_table_insert (self->entries, entry->node, entry);
    }
  return entry;
}

/* What stands, or NULL. */
static Document *
current (const Entry *entry)
{
  return entry->history->len == 0
             ? NULL
             : g_ptr_array_index (entry->history, entry->history->len - 1);
}

static uint64_t
current_version (const Entry *entry)
{
  const Document *document = current (entry);

  return document == NULL ? 0 : document->parsed->version;
}

/* Borrowed, NULL when no longer known. */
static JsonNode *
find_version (const Entry *entry, uint64_t version)
{
  for (guint i = 0; i < entry->history->len; i++)
    {
      const Document *document = g_ptr_array_index (entry->history, i);

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

/* --- state
 * ------------------------------------------------------------------------ */

static TwinDesiredSync
sync_of (const Entry *entry)
{
  const Document *document = current (entry);

  if (document == NULL)
    return TWIN_DESIRED_NONE;
  if (!entry->reported_has_digest ||
      memcmp (entry->reported_digest, document->digest, TWIN_DIGEST_SIZE) != 0)
    return TWIN_DESIRED_PENDING;
  return entry->n_refused > 0 ? TWIN_DESIRED_REFUSED : TWIN_DESIRED_APPLIED;
}

/* Fills @state from a document that may not stand yet. */
static void
fill_state (const Entry      *entry,
            const Document   *document,
            TwinDesiredState *state)
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
refresh (Entry *entry)
{
  fill_state (entry, current (entry), &entry->state);
  entry->state.sync = sync_of (entry);
  if (entry->state.sync == TWIN_DESIRED_REFUSED)
    {
      entry->state.n_refused = entry->n_refused;
      entry->state.refused = entry->refused;
    }
  return &entry->state;
}

static void
tell (TwinDesired *self, Entry *entry)
{
  if (self->hooks.changed != NULL)
    self->hooks.changed (refresh (entry), self->hooks.user_data);
}

static void
tell_conflict (TwinDesired *self,
               const Entry *entry,
               JsonNode    *mine,
               uint64_t     base_version)
{
  const Document           *document = current (entry);
  const TwinDesiredConflict conflict = {
    .node = entry->node,
    .theirs_version = current_version (entry),
    .base_version = base_version,
    .mine = mine,
    .theirs = document == NULL ? NULL : document->parsed->properties,
    .base = find_version (entry, base_version),
  };

  if (self->hooks.conflict != NULL)
    self->hooks.conflict (&conflict, self->hooks.user_data);
}

/* Takes @document as what stands. */
static void
adopt (Entry *entry, Document *document)
{
  g_ptr_array_add (entry->history, document);
  if (entry->history->len > HISTORY_MAX)
    g_ptr_array_remove_index (entry->history, 0);
  g_clear_pointer (&entry->rival, document_free);
}

static gboolean
keep (TwinDesired    *self,
      const Entry    *entry,
      const Document *document,
      GError        **error)
{
  TwinDesiredState state;

  if (self->hooks.keep == NULL)
    return TRUE;
  fill_state (entry, document, &state);
  return self->hooks.keep (&state, self->hooks.user_data, error);
}

/* Not connected is no error: it is published at the next connect. */
static void
publish (TwinDesired *self, Entry *entry)
{
  const Document  *document = current (entry);
  g_autofree char *topic =
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
  Entry     *entry = get_entry (self, node);
  TwinSigned opened;
  Document  *document = document_open (message, changed_us, &opened, error);

  if (document == NULL)
    return FALSE;
  if (document->parsed->version <= current_version (entry))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE,
                   "Version %" G_GUINT64_FORMAT " of %s’s desired properties "
                   "is not newer than the one loaded before",
                   document->parsed->version, node);
      document_free (document);
      return FALSE;
    }

  adopt (entry, document);
  return TRUE;
}

/* --- writing
 * -------------------------------------------------------------------- */

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

static Document *
sign (TwinDesired *self, Entry *entry, JsonNode *properties, GError **error)
{
  const uint64_t            base = current_version (entry);
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
  return document_open (message, twin_clock_now_utc (self->io.clock), &opened,
                        error);
}

gboolean
twin_desired_write (TwinDesired *self,
                    const char  *node,
                    JsonNode    *properties,
                    uint64_t     seen_version,
                    GError     **error)
{
  Entry    *entry = get_entry (self, node);
  Document *document;

  if (seen_version != current_version (entry))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_CONFLICT,
                   "Somebody changed the desired properties of %s in between: "
                   "this edit is of version %" G_GUINT64_FORMAT
                   ", version %" G_GUINT64_FORMAT " stands",
                   node, seen_version, current_version (entry));
      tell_conflict (self, entry, properties, seen_version);
      return FALSE;
    }

  document = sign (self, entry, properties, error);
  if (document == NULL)
    return FALSE;
  if (!keep (self, entry, document, error))
    {
      g_prefix_error (error,
                      "The desired properties of %s were not sent: ", node);
      document_free (document);
      return FALSE;
    }

  adopt (entry, document);
  publish (self, entry);
  tell (self, entry);
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
  const Document *document = current (get_entry (self, node));
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

/* --- what others say
 * ---------------------------------------------------------------- */

static gboolean
verify (TwinDesired      *self,
        const char       *node,
        const TwinSigned *opened,
        GError          **error)
{
  g_autofree char *topic =
      twin_topic_format (self->io.plant, node, TWIN_CHANNEL_DESIRED);
  uint8_t key[TWIN_PUBLIC_KEY_SIZE];

  if (memcmp (opened->kid, twin_key_get_kid (self->io.key), TWIN_KID_SIZE) == 0)
    memcpy (key, twin_key_get_public (self->io.key), sizeof key);
  else if (self->hooks.find_key == NULL ||
           !self->hooks.find_key (node, opened->kid, key,
                                  self->hooks.user_data))
    {
      g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY,
                   "its key is not known here");
      return FALSE;
    }
  return twin_signed_verify (opened, topic, key, error);
}

/* A document newer than ours. Takes it. */
static void
meet_newer (TwinDesired *self, Entry *entry, Document *theirs)
{
  const Document *ours = current (entry);
  const uint64_t  base = theirs->parsed->base;
  /* Written without having seen ours: then ours is lost by it. */
  const gboolean conflict = ours != NULL && base < ours->parsed->version;
  g_autoptr (JsonNode) mine =
      conflict ? json_node_copy (ours->parsed->properties) : NULL;

  g_autoptr (GError) error = NULL;

  if (!keep (self, entry, theirs, &error))
    g_warning ("%s", error->message);
  adopt (entry, theirs);
  entry->seen = TRUE;
  if (conflict)
    tell_conflict (self, entry, mine, base);
  tell (self, entry);
}

/* The same version by another writer. The node took the one that reached it
 * first; its report decides. Takes @theirs. */
static void
meet_rival (TwinDesired *self, Entry *entry, Document *theirs)
{
  const Document *ours = current (entry);

  document_free (entry->rival);
  entry->rival = theirs;
  if (entry->reported_has_digest &&
      memcmp (entry->reported_digest, ours->digest, TWIN_DIGEST_SIZE) == 0)
    publish (self, entry); /* ours stands: so it has to at the broker */
}

/* The node applied the rival: it stands. */
static void
yield_to_rival (TwinDesired *self, Entry *entry)
{
  Document *theirs = g_steal_pointer (&entry->rival);
  Document *ours = current (entry);
  g_autoptr (JsonNode) mine = json_node_copy (ours->parsed->properties);
  const uint64_t base = ours->parsed->base;
  g_autoptr (GError) error = NULL;

  if (!keep (self, entry, theirs, &error))
    g_warning ("%s", error->message);
  g_ptr_array_remove_index (entry->history, entry->history->len - 1);
  adopt (entry, theirs);
  tell_conflict (self, entry, mine, base);
}

gboolean
twin_desired_message (TwinDesired *self,
                      const char  *node,
                      GBytes      *message,
                      GError     **error)
{
  Entry *entry = get_entry (self, node);
  g_autoptr (GError) cause = NULL;
  TwinSigned opened;
  Document  *document =
      document_open (message, twin_clock_now_utc (self->io.clock), &opened,
                     &cause);

  if (document == NULL || !verify (self, node, &opened, &cause))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_DENIED,
                   "A desired document for %s was ignored: %s", node,
                   cause->message);
      document_free (document);
      return FALSE;
    }

  if (document->parsed->version > current_version (entry))
    {
      meet_newer (self, entry, document);
      return TRUE;
    }
  if (document->parsed->version == current_version (entry))
    {
      if (memcmp (document->digest, current (entry)->digest,
                  TWIN_DIGEST_SIZE) != 0)
        {
          meet_rival (self, entry, document);
          return TRUE;
        }
      entry->seen = TRUE;
    }
  else
    {
      /* Older than ours at the broker: the next check puts ours there. */
      entry->seen = FALSE;
      entry->check_us =
          MIN (entry->check_us,
               twin_clock_now_monotonic (self->io.clock) + check_us);
    }
  document_free (document);
  return TRUE;
}

static void
copy_refusals (Entry *entry, const TwinReported *reported)
{
  clear_refusals (entry);
  entry->refused = g_new0 (TwinRefusal, reported->n_refused);
  entry->n_refused = reported->n_refused;
  for (size_t i = 0; i < reported->n_refused; i++)
    {
      entry->refused[i].path = g_strdup (reported->refused[i].path);
      entry->refused[i].reason = g_strdup (reported->refused[i].reason);
    }
}

void
twin_desired_reported (TwinDesired        *self,
                       const char         *node,
                       const TwinReported *reported)
{
  Entry                *entry = get_entry (self, node);
  const TwinDesiredSync before = sync_of (entry);
  const Document       *ours;

  entry->reported_version = reported->version;
  entry->reported_has_digest = reported->has_digest;
  memcpy (entry->reported_digest, reported->digest, TWIN_DIGEST_SIZE);
  copy_refusals (entry, reported);

  if (entry->rival != NULL && reported->has_digest &&
      memcmp (reported->digest, entry->rival->digest, TWIN_DIGEST_SIZE) == 0)
    {
      yield_to_rival (self, entry);
      tell (self, entry);
      return;
    }

  ours = current (entry);
  if (entry->rival != NULL && ours != NULL && reported->has_digest &&
      memcmp (reported->digest, ours->digest, TWIN_DIGEST_SIZE) == 0)
    {
      g_clear_pointer (&entry->rival, document_free);
      publish (self, entry);
    }
  if (sync_of (entry) != before || sync_of (entry) == TWIN_DESIRED_REFUSED)
    tell (self, entry);
}

/* --- the broker's copy
 * ------------------------------------------------------------------ */

void
twin_desired_connected (TwinDesired *self)
{
  const int64_t  now_us = twin_clock_now_monotonic (self->io.clock);
  GHashTableIter iter;
  void          *value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      entry->seen = FALSE;
      entry->check_us = now_us + check_us;
    }
}

void
twin_desired_tick (TwinDesired *self)
{
  const int64_t  now_us = twin_clock_now_monotonic (self->io.clock);
  GHashTableIter iter;
  void          *value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (entry->seen || now_us < entry->check_us || current (entry) == NULL)
        continue;
      publish (self, entry);
      entry->check_us = now_us + check_again_us;
    }
}

const TwinDesiredState *
twin_desired_lookup (TwinDesired *self, const char *node)
{
  return refresh (get_entry (self, node));
}
