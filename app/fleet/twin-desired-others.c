/* SPDX-License-Identifier: Apache-2.0 */
/* What other writers, the node and the broker say of desired documents. */
#include "twin-desired-private.h"

#include <string.h>

static const int64_t check_us = 5 * TWIN_US_PER_S;
static const int64_t check_again_us = 60 * TWIN_US_PER_S;

/* --- what others say --- */

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
meet_newer (TwinDesired *self, TwinDesiredEntry *entry, TwinDesiredCopy *theirs)
{
  const TwinDesiredCopy *ours = twin_desired_current (entry);
  const uint64_t         base = theirs->parsed->base;
  /* Written without having seen ours: then ours is lost by it. */
  const gboolean conflict = ours != NULL && base < ours->parsed->version;
  g_autoptr (JsonNode) mine =
      conflict ? json_node_copy (ours->parsed->properties) : NULL;

  g_autoptr (GError) error = NULL;

  if (!twin_desired_keep (self, entry, theirs, &error))
    g_warning ("%s", error->message);
  twin_desired_adopt (entry, theirs);
  entry->seen = TRUE;
  if (conflict)
    twin_desired_tell_conflict (self, entry, mine, base);
  twin_desired_tell (self, entry);
}

/* The same version by another writer. The node took the one that reached it
 * first; its report decides. Takes @theirs. */
static void
meet_rival (TwinDesired *self, TwinDesiredEntry *entry, TwinDesiredCopy *theirs)
{
  const TwinDesiredCopy *ours = twin_desired_current (entry);

  twin_desired_copy_free (entry->rival);
  entry->rival = theirs;
  if (entry->reported_has_digest &&
      memcmp (entry->reported_digest, ours->digest, TWIN_DIGEST_SIZE) == 0)
    twin_desired_publish (self,
                          entry); /* ours stands: so it has to at the broker */
}

/* The node applied the rival: it stands. */
static void
yield_to_rival (TwinDesired *self, TwinDesiredEntry *entry)
{
  TwinDesiredCopy *theirs = g_steal_pointer (&entry->rival);
  TwinDesiredCopy *ours = twin_desired_current (entry);
  g_autoptr (JsonNode) mine = json_node_copy (ours->parsed->properties);
  const uint64_t base = ours->parsed->base;
  g_autoptr (GError) error = NULL;

  if (!twin_desired_keep (self, entry, theirs, &error))
    g_warning ("%s", error->message);
  g_ptr_array_remove_index (entry->history, entry->history->len - 1);
  twin_desired_adopt (entry, theirs);
  twin_desired_tell_conflict (self, entry, mine, base);
}

gboolean
twin_desired_message (TwinDesired *self,
                      const char  *node,
                      GBytes      *message,
                      GError     **error)
{
  TwinDesiredEntry *entry = twin_desired_get_entry (self, node);
  g_autoptr (GError) cause = NULL;
  TwinSigned       opened;
  TwinDesiredCopy *document;

  /* What we cleared ourselves; of any other node it is an intruder's. */
  if (entry->gone && g_bytes_get_size (message) == 0)
    return TRUE;

  document =
      twin_desired_copy_open (message, twin_clock_now_utc (self->io.clock),
                              &opened, &cause);
  if (document == NULL || !verify (self, node, &opened, &cause))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_DENIED,
                   "A desired document for %s was ignored: %s", node,
                   cause->message);
      twin_desired_copy_free (document);
      return FALSE;
    }

  if (document->parsed->version > twin_desired_current_version (entry))
    {
      meet_newer (self, entry, document);
      return TRUE;
    }
  if (document->parsed->version == twin_desired_current_version (entry))
    {
      if (memcmp (document->digest, twin_desired_current (entry)->digest,
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
  twin_desired_copy_free (document);
  return TRUE;
}

static void
copy_refusals (TwinDesiredEntry *entry, const TwinReported *reported)
{
  twin_desired_clear_refusals (entry);
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
  TwinDesiredEntry      *entry = twin_desired_get_entry (self, node);
  const TwinDesiredSync  before = twin_desired_sync_of (entry);
  const TwinDesiredCopy *ours;

  entry->reported_version = reported->version;
  entry->reported_has_digest = reported->has_digest;
  memcpy (entry->reported_digest, reported->digest, TWIN_DIGEST_SIZE);
  copy_refusals (entry, reported);

  if (entry->rival != NULL && reported->has_digest &&
      memcmp (reported->digest, entry->rival->digest, TWIN_DIGEST_SIZE) == 0)
    {
      yield_to_rival (self, entry);
      twin_desired_tell (self, entry);
      return;
    }

  ours = twin_desired_current (entry);
  if (entry->rival != NULL && ours != NULL && reported->has_digest &&
      memcmp (reported->digest, ours->digest, TWIN_DIGEST_SIZE) == 0)
    {
      g_clear_pointer (&entry->rival, twin_desired_copy_free);
      twin_desired_publish (self, entry);
    }
  if (twin_desired_sync_of (entry) != before ||
      twin_desired_sync_of (entry) == TWIN_DESIRED_REFUSED)
    twin_desired_tell (self, entry);
}

/* --- the broker's copy --- */

void
twin_desired_connected (TwinDesired *self)
{
  const int64_t  now_us = twin_clock_now_monotonic (self->io.clock);
  GHashTableIter iter;
  void          *value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      TwinDesiredEntry *entry = value;

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
      TwinDesiredEntry *entry = value;

      if (entry->seen || entry->gone || now_us < entry->check_us ||
          twin_desired_current (entry) == NULL)
        continue;
      twin_desired_publish (self, entry);
      entry->check_us = now_us + check_again_us;
    }
}
