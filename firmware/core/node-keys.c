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

/* A name is needed seldom: it stays in flash. */
typedef struct
{
  node_key key;
  char     name[NODE_NAME_SIZE];
} kept_key;

static void
read_keys (const node *n, kept_key kept[NODE_KEYS_MAX])
{
  if (node_keep_get (&n->secrets, SECRET_KEYS, kept,
                     NODE_KEYS_MAX * sizeof *kept) !=
      (int32_t) (NODE_KEYS_MAX * sizeof *kept))
    memset (kept, 0, NODE_KEYS_MAX * sizeof *kept);
}

static void
load_keys (node *n)
{
  kept_key kept[NODE_KEYS_MAX];

  read_keys (n, kept);
  for (unsigned i = 0; i < NODE_KEYS_MAX; i++)
    n->keys[i] = kept[i].key;
}

void
node_key_name (const node *n, int key, char out[NODE_NAME_SIZE])
{
  kept_key kept[NODE_KEYS_MAX];

  read_keys (n, kept);
  kept[key].name[NODE_NAME_SIZE - 1] = '\0';
  node_copy (out, NODE_NAME_SIZE, kept[key].name);
}

void
node_keys_init (node *n)
{
  kept_enrolment kept;

  load_keys (n);
  if (node_keep_get (&n->keep, KEEP_COUNTERS, n->counters,
                     sizeof n->counters) != sizeof n->counters)
    memset (n->counters, 0, sizeof n->counters);

  if (node_keep_get (&n->secrets, SECRET_ENROLLED, &kept, sizeof kept) ==
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

bool
node_secret_put (node *n, unsigned secret, const void *data, size_t size)
{
  return node_keep_put (&n->secrets, secret, data, size) == HAL_OK &&
         node_keep_scrub (&n->secrets) == HAL_OK;
}

/* @name of key @at, or NULL: as it was. */
static bool
save_keys (node *n, int at, const char *name)
{
  kept_key kept[NODE_KEYS_MAX];

  read_keys (n, kept);
  for (unsigned i = 0; i < NODE_KEYS_MAX; i++)
    kept[i].key = n->keys[i];
  if (name != NULL)
    {
      memset (kept[at].name, 0, sizeof kept[at].name);
      node_copy (kept[at].name, sizeof kept[at].name, name);
    }
  return node_secret_put (n, SECRET_KEYS, kept, sizeof kept);
}

/* A key enrolled again keeps its counter: an old command stays old. */
bool
node_key_add (node *n, const node_key *key, const char *name)
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
  if (memcmp (old.kid, key->kid, NODE_KID_SIZE) != 0)
    n->beacons_us[at] = 0;
  if (memcmp (old.kid, key->kid, NODE_KID_SIZE) != 0 && n->counters[at] != 0)
    {
      n->counters[at] = 0;
      if (node_keep_put (&n->keep, KEEP_COUNTERS, n->counters,
                         sizeof n->counters) != HAL_OK)
        return false;
    }

  n->keys[at] = *key;
  if (save_keys (n, at, name))
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
  if (save_keys (n, at, NULL))
    return true;
  n->keys[at].role = role;
  return false;
}

/* Enrolment by the one-time token. The token is good again after a
 * decommission, but no message is good twice: the digests of those that
 * burnt it stay. */

static bool
spent (const node *n, const uint8_t digest[32])
{
  uint8_t digests[NODE_SPENT_MAX][32];
  int32_t size =
      node_keep_get (&n->secrets, SECRET_SPENT, digests, sizeof digests);

  for (int32_t i = 0; i < size / 32; i++)
    if (memcmp (digests[i], digest, 32) == 0)
      return true;
  return false;
}

/* Newest first, the oldest falls out. */
static bool
spend (node *n, const uint8_t digest[32])
{
  uint8_t digests[NODE_SPENT_MAX][32];
  int32_t size = node_keep_get (&n->secrets, SECRET_SPENT, digests + 1,
                                sizeof digests - sizeof digests[0]);

  if (size < 0)
    size = 0;
  memcpy (digests[0], digest, 32);
  return node_secret_put (n, SECRET_SPENT, digests, 32 + (size_t) size);
}

bool
node_forget (node *n)
{
  if (n->token_burnt && !spent (n, n->enrol_digest) &&
      !spend (n, n->enrol_digest))
    return false;
  if (node_keep_wipe (&n->secrets, SECRET_SPENT) != HAL_OK ||
      node_keep_wipe (&n->keep, KEEP_EPOCH) != HAL_OK)
    return false;
  memset (n->keys, 0, sizeof n->keys);
  memset (n->counters, 0, sizeof n->counters);
  memset (n->seed, 0, sizeof n->seed);
  return true;
}

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
read_key (node_cbor_reader *r,
          node_key         *key,
          char              name[NODE_NAME_SIZE],
          uint8_t           nonce[16])
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
      !node_cbor_copy_text (&value, name, NODE_NAME_SIZE))
    return false;

  if (!node_cbor_find (r, "nonce", &value) ||
      !node_cbor_get_bytes (&value, &bytes, &size) || size != 16)
    return false;
  memcpy (nonce, bytes, 16);
  return true;
}

/* Key first: a cut in between leaves the token good for the same message. */
static bool
burn_token (node                 *n,
            const node_key       *key,
            const char           *name,
            const kept_enrolment *kept)
{
  if (!node_key_add (n, key, name) ||
      !node_secret_put (n, SECRET_ENROLLED, kept, sizeof *kept))
    return false;

  n->token_burnt = true;
  memcpy (n->enrol_digest, kept->digest, sizeof kept->digest);
  memcpy (n->enrol_nonce, kept->nonce, sizeof kept->nonce);
  memcpy (n->enrol_kid, kept->kid, sizeof kept->kid);
  return true;
}

static const char *
take_enrolment (node *n, const uint8_t *data, size_t length)
{
  node_cose_view   view;
  node_cbor_reader r;
  node_key         key;
  kept_enrolment   kept;
  char             topic[NODE_TOPIC_SIZE], name[NODE_NAME_SIZE];
  size_t           size;
  uint8_t         *memory = node_scratch_memory (n, &size);

  node_topic (n, "enrol", topic);
  if (!n->config.has_token)
    return "no-token";
  if (!node_cose_open_mac (data, length, &view))
    return "malformed";
  if (!node_cose_verify_mac (&view, topic, n->config.token, NODE_TOKEN_SIZE,
                             memory, size))
    return "token";

  hal_sha256 (data, length, kept.digest);
  if (n->token_burnt)
    {
      /* The very message that burnt it is answered again: the answer may
       * have been lost. Anything else comes too late. */
      if (memcmp (kept.digest, n->enrol_digest, sizeof kept.digest) != 0)
        return "used";
      send_enrolled (n);
      return NULL;
    }
  if (spent (n, kept.digest))
    return "replayed";

  node_cbor_open (&r, view.payload, view.payload_n);
  if (!read_key (&r, &key, name, kept.nonce))
    return "malformed";
  memcpy (kept.kid, key.kid, sizeof kept.kid);
  if (!burn_token (n, &key, name, &kept))
    return "failed";

  send_enrolled (n);
  n->birth_due = true;
  node_log (n, HAL_LOG_INFO, "enrolled");
  return NULL;
}

void
node_enrol (node *n, const uint8_t *data, size_t length)
{
  const char *reason = take_enrolment (n, data, length);

  if (reason != NULL)
    node_refused (n, "enrolment", reason);
}
