/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-enrolment.h"

#include <openssl/crypto.h>
#include <string.h>

static const int64_t again_us = 5 * TWIN_US_PER_S;
static const int64_t patience_us = 15 * TWIN_US_PER_S;

/* One under way. */
typedef struct
{
  uint8_t token[TWIN_TOKEN_SIZE];
  uint8_t nonce[TWIN_NONCE_SIZE];
  GBytes *message;
  int64_t again_us; /* monotonic */
  int64_t end_us;
} Attempt;

struct _TwinEnrolment
{
  TwinFleetIo        io;
  TwinEnrolmentHooks hooks;
  GHashTable        *attempts; /* node → Attempt */
};

static void
attempt_free (void *data)
{
  Attempt *attempt = data;

  OPENSSL_cleanse (attempt->token, sizeof attempt->token);
  g_bytes_unref (attempt->message);
  g_free (attempt);
}

TwinEnrolment *
twin_enrolment_new (const TwinFleetIo *io, const TwinEnrolmentHooks *hooks)
{
  TwinEnrolment *self = g_new0 (TwinEnrolment, 1);

  self->io = *io;
  self->hooks = *hooks;
  self->attempts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, attempt_free);
  return self;
}

void
twin_enrolment_free (TwinEnrolment *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->attempts);
  g_free (self);
}

static gboolean
publish (TwinEnrolment *self,
         const char    *node,
         Attempt       *attempt,
         GError       **error)
{
  g_autofree char *topic =
      twin_topic_format (self->io.plant, node, TWIN_CHANNEL_ENROL);

  return self->io.publish (topic, attempt->message, 1, FALSE,
                           self->io.user_data, error);
}

static gboolean
check (const char *node,
       const char *token,
       const char *name,
       uint8_t     bytes[TWIN_TOKEN_SIZE],
       GError    **error)
{
  if (!twin_hex_parse (token, bytes, TWIN_TOKEN_SIZE))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                   "This is not the token of %s: it has 32 digits 0 to 9 and "
                   "a to f, as on the node’s label",
                   node);
      return FALSE;
    }
  if (name[0] == '\0' || strlen (name) > TWIN_TEXT_MAX ||
      !g_utf8_validate (name, -1, NULL))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                   "Cannot introduce this console to %s: its name has to have "
                   "1 to 64 bytes",
                   node);
      return FALSE;
    }
  return TRUE;
}

gboolean
twin_enrolment_begin (TwinEnrolment *self,
                      const char    *node,
                      const char    *token,
                      TwinKeyRole    role,
                      const char    *name,
                      GError       **error)
{
  const int64_t    now_us = twin_clock_now_monotonic (self->io.clock);
  g_autofree char *topic =
      twin_topic_format (self->io.plant, node, TWIN_CHANNEL_ENROL);
  TwinEnrol enrol = { .role = role, .name = name };
  uint8_t   bytes[TWIN_TOKEN_SIZE];
  Attempt  *attempt;

  if (!check (node, token, name, bytes, error))
    return FALSE;

  attempt = g_new0 (Attempt, 1);
  memcpy (attempt->token, bytes, sizeof bytes);
  twin_random_bytes (attempt->nonce, sizeof attempt->nonce);
  memcpy (enrol.nonce, attempt->nonce, sizeof enrol.nonce);
  memcpy (enrol.key, twin_key_get_public (self->io.key), sizeof enrol.key);
  attempt->message = twin_enrol_build (&enrol, attempt->token, topic);
  attempt->again_us = now_us + again_us;
  attempt->end_us = now_us + patience_us;
  OPENSSL_cleanse (bytes, sizeof bytes);

  if (!publish (self, node, attempt, error))
    {
      attempt_free (attempt);
      return FALSE;
    }
  g_hash_table_insert (self->attempts, g_strdup (node), attempt);
  if (self->hooks.changed != NULL)
    self->hooks.changed (node, TWIN_ENROLMENT_WAITING, NULL, NULL,
                         self->hooks.user_data);
  return TRUE;
}

static gboolean
is_answer (TwinEnrolment      *self,
           const Attempt      *attempt,
           const TwinEnrolled *enrolled)
{
  return memcmp (enrolled->nonce, attempt->nonce, TWIN_NONCE_SIZE) == 0 &&
         memcmp (enrolled->kid, twin_key_get_kid (self->io.key),
                 TWIN_KID_SIZE) == 0;
}

gboolean
twin_enrolment_message (TwinEnrolment *self,
                        const char    *node,
                        const uint8_t *data,
                        size_t         size,
                        GError       **error)
{
  Attempt         *attempt = g_hash_table_lookup (self->attempts, node);
  g_autofree char *topic = NULL;
  g_autoptr (GError) cause = NULL;
  TwinEnrolled enrolled;

  if (attempt == NULL)
    return TRUE;

  topic = twin_topic_format (self->io.plant, node, TWIN_CHANNEL_ENROLLED);
  if (!twin_enrolled_open (data, size, topic, attempt->token, &enrolled,
                           &cause) ||
      !is_answer (self, attempt, &enrolled))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_DENIED,
                   "An answer in the name of %s was ignored: %s", node,
                   cause != NULL ? cause->message
                                 : "it belongs to another enrolment");
      return FALSE;
    }

  g_hash_table_remove (self->attempts, node);
  if (self->hooks.changed != NULL)
    self->hooks.changed (node, TWIN_ENROLMENT_DONE, enrolled.key, NULL,
                         self->hooks.user_data);
  return TRUE;
}

void
twin_enrolment_tick (TwinEnrolment *self)
{
  const int64_t now_us = twin_clock_now_monotonic (self->io.clock);
  g_autoptr (GPtrArray) ended = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  void          *node, *value;

  g_hash_table_iter_init (&iter, self->attempts);
  while (g_hash_table_iter_next (&iter, &node, &value))
    {
      Attempt *attempt = value;

      if (now_us >= attempt->end_us)
        {
          g_ptr_array_add (ended, g_strdup (node));
          g_hash_table_iter_remove (&iter);
        }
      else if (now_us >= attempt->again_us)
        {
          /* Offline for a moment is the same as a lost message. */
          publish (self, node, attempt, NULL);
          attempt->again_us = now_us + again_us;
        }
    }

  for (guint i = 0; i < ended->len && self->hooks.changed != NULL; i++)
    {
      const char      *name = g_ptr_array_index (ended, i);
      g_autofree char *message =
          g_strdup_printf ("%s did not answer within 15 s: the token may be "
                           "wrong or used "
                           "already, or the node offline",
                           name);

      self->hooks.changed (name, TWIN_ENROLMENT_FAILED, NULL, message,
                           self->hooks.user_data);
    }
}
