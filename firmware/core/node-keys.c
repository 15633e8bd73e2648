/* SPDX-License-Identifier: Apache-2.0
 *
 * node-keys.c - whose commands count: enrolment and the keys kept
 */
#include "node-private.h"

#include <string.h>

/* That the token is burnt, and by which enrolment. */
typedef struct
{
  uint8_t digest[32]; /* of the whole message */
  uint8_t nonce[16];
  uint8_t kid[NODE_KID_SIZE];
} kept_enrolment;

void
node_keys_init (node *n)
{
  kept_enrolment kept;

  if (node_keep_get (&n->keep, KEEP_KEYS, n->keys, sizeof n->keys) !=
      sizeof n->keys)
    memset (n->keys, 0, sizeof n->keys);
  if (node_keep_get (&n->keep, KEEP_COUNTERS, n->counters,
                     sizeof n->counters) != sizeof n->counters)
    memset (n->counters, 0, sizeof n->counters);

  if (node_keep_get (&n->keep, KEEP_ENROLLED, &kept, sizeof kept) ==
      sizeof kept)
    {
      n->token_burnt = true;
      memcpy (n->enrol_digest, kept.digest, sizeof kept.digest);
      memcpy (n->enrol_nonce, kept.nonce, sizeof kept.nonce);
      memcpy (n->enrol_kid, kept.kid, sizeof kept.kid);
    }
}

int
node_key_find (const node *n, const uint8_t kid[NODE_KID_SIZE])
{
  for (int i = 0; i < NODE_KEYS_MAX; i++)
    if (n->keys[i].role != NODE_ROLE_NONE &&
        memcmp (n->keys[i].kid, kid, NODE_KID_SIZE) == 0)
      return i;
  return -1;
}

node_role
node_role_of (const char *text, size_t length)
{
  static const char *const names[] = { "operator", "maintainer", "engineer" };

  for (unsigned i = 0; i < 3; i++)
    if (strlen (names[i]) == length && memcmp (names[i], text, length) == 0)
      return (node_role) (NODE_ROLE_OPERATOR + i);
  return NODE_ROLE_NONE;
}

static bool
save_keys (node *n)
{
  return node_keep_put (&n->keep, KEEP_KEYS, n->keys, sizeof n->keys) == HAL_OK;
}

/* A key enrolled again keeps its counter: an old command stays old. */
bool
node_key_add (node *n, const node_key *key)
{
  int      at = node_key_find (n, key->kid);
  node_key old;

  for (int i = 0; i < NODE_KEYS_MAX && at < 0; i++)
    if (n->keys[i].role == NODE_ROLE_NONE &&
        (n->counters[i] == 0 ||
         memcmp (n->keys[i].kid, key->kid, NODE_KID_SIZE) == 0))
      at = i;
  for (int i = 0; i < NODE_KEYS_MAX && at < 0; i++)
    if (n->keys[i].role == NODE_ROLE_NONE)
      at = i;
  if (at < 0)
    return false;

  old = n->keys[at];
  if (memcmp (old.kid, key->kid, NODE_KID_SIZE) != 0 && n->counters[at] != 0)
    {
      n->counters[at] = 0;
      if (node_keep_put (&n->keep, KEEP_COUNTERS, n->counters,
                         sizeof n->counters) != HAL_OK)
        return false;
    }

  n->keys[at] = *key;
  if (save_keys (n))
    return true;
  n->keys[at] = old;
  return false;
}

bool
node_key_remove (node *n, const uint8_t kid[NODE_KID_SIZE])
{
  int     at = node_key_find (n, kid);
  uint8_t role;

  if (at < 0)
    return false;
  role = n->keys[at].role;
  n->keys[at].role = NODE_ROLE_NONE; /* kid and counter stay */
  if (save_keys (n))
    return true;
  n->keys[at].role = role;
  return false;
}

/* Enrolment by the one-time token. */

static void
send_enrolled (node *n)
{
  node_cbor_writer w;
  char             topic[NODE_TOPIC_SIZE];
  const uint8_t   *message;
  size_t           size;

  node_topic (n, "enrolled", topic);
  node_scratch (n, &w);
  node_cbor_put_map (&w, 3);
  node_cbor_put_text (&w, "key");
  node_cbor_put_bytes (&w, n->key, sizeof n->key);
  node_cbor_put_text (&w, "kid");
  node_cbor_put_bytes (&w, n->enrol_kid, sizeof n->enrol_kid);
  node_cbor_put_text (&w, "nonce");
  node_cbor_put_bytes (&w, n->enrol_nonce, sizeof n->enrol_nonce);

  message = node_cose_mac (node_scratch_memory (n, &size), w.length, topic,
                           n->config.token, NODE_TOKEN_SIZE, &size);
  if (message != NULL)
    node_send (n, "enrolled", message, size, 1, false);
}

static bool
read_key (node_cbor_reader *r, node_key *key, uint8_t nonce[16])
{
  node_cbor_reader value;
  const uint8_t   *bytes;
  const char      *text;
  size_t           size;

  memset (key, 0, sizeof *key);
  if (!node_cbor_find (r, "key", &value) ||
      !node_cbor_get_bytes (&value, &bytes, &size) || size != 32)
    return false;
  memcpy (key->key, bytes, 32);
  node_cose_kid (key->key, key->kid);

  if (!node_cbor_find (r, "role", &value) ||
      !node_cbor_get_text (&value, &text, &size))
    return false;
  key->role = (uint8_t) node_role_of (text, size);
  if (key->role == NODE_ROLE_NONE || !node_cbor_find (r, "name", &value) ||
      !node_cbor_copy_text (&value, key->name, sizeof key->name))
    return false;

  if (!node_cbor_find (r, "nonce", &value) ||
      !node_cbor_get_bytes (&value, &bytes, &size) || size != 16)
    return false;
  memcpy (nonce, bytes, 16);
  return true;
}

/* Key first: a cut in between leaves the token good for the same message. */
static bool
burn_token (node *n, const node_key *key, const kept_enrolment *kept)
{
  if (!node_key_add (n, key) ||
      node_keep_put (&n->keep, KEEP_ENROLLED, kept, sizeof *kept) != HAL_OK)
    return false;

  n->token_burnt = true;
  memcpy (n->enrol_digest, kept->digest, sizeof kept->digest);
  memcpy (n->enrol_nonce, kept->nonce, sizeof kept->nonce);
  memcpy (n->enrol_kid, kept->kid, sizeof kept->kid);
  return true;
}

void
node_enrol (node *n, const uint8_t *data, size_t length)
{
  node_cose_view   view;
  node_cbor_reader r;
  node_key         key;
  kept_enrolment   kept;
  char             topic[NODE_TOPIC_SIZE];
  size_t           size;
  uint8_t         *memory = node_scratch_memory (n, &size);

  node_topic (n, "enrol", topic);
  if (!n->config.has_token || !node_cose_open_mac (data, length, &view))
    {
      n->malformed++;
      return;
    }
  if (!node_cose_verify_mac (&view, topic, n->config.token, NODE_TOKEN_SIZE,
                             memory, size))
    {
      node_log (n, HAL_LOG_WARNING, "enrolment refused: wrong token");
      return;
    }

  hal_sha256 (data, length, kept.digest);
  if (n->token_burnt)
    {
      /* The very message that burnt it is answered again: the answer may
       * have been lost. Anything else comes too late. */
      if (memcmp (kept.digest, n->enrol_digest, sizeof kept.digest) == 0)
        send_enrolled (n);
      else
        node_log (n, HAL_LOG_WARNING, "enrolment refused: token already used");
      return;
    }

  node_cbor_open (&r, view.payload, view.payload_n);
  if (!read_key (&r, &key, kept.nonce))
    {
      n->malformed++;
      return;
    }

  memcpy (kept.kid, key.kid, sizeof kept.kid);
  if (!burn_token (n, &key, &kept))
    {
      node_log (n, HAL_LOG_ERROR, "enrolment failed: flash");
      return;
    }

  send_enrolled (n);
  n->birth_due = true;
  node_log (n, HAL_LOG_INFO, "enrolled");
}
