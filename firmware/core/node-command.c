/* SPDX-License-Identifier: Apache-2.0
 *
 * node-command.c - is this command genuine, meant for us, new and allowed?
 *
 * Order of checks (PROTOCOL.md): malformed, unknown-key, signature, known id,
 * expired or no-time, epoch, counter, unknown-command, role, argument, state.
 */
#include "node-private.h"

#include <string.h>

enum
{
  COMMAND_MAX = 4096,
  REFUSALS_A_SECOND = 10,
};

/* One stored result: the payload that was signed. */
typedef struct
{
  uint8_t  id[8];
  uint32_t length;
  uint8_t  payload[NODE_RESULT_SIZE];
} kept_result;

static int
result_find (const node *n, const uint8_t id[8])
{
  for (unsigned i = 0; i < NODE_RESULTS_MAX; i++)
    if (n->keep.entries[KEEP_RESULT_0 + i] != 0 &&
        memcmp (n->result_ids[i], id, 8) == 0)
      return (int) i;
  return -1;
}

void
node_results_init (node *n)
{
  kept_result kept;

  if (node_keep_get (&n->keep, KEEP_NEXT_RESULT, &n->next_result,
                     sizeof n->next_result) != sizeof n->next_result)
    n->next_result = 0;
  n->next_result %= NODE_RESULTS_MAX;

  for (unsigned i = 0; i < NODE_RESULTS_MAX; i++)
    if (node_keep_get (&n->keep, KEEP_RESULT_0 + i, &kept, sizeof kept) > 8)
      memcpy (n->result_ids[i], kept.id, 8);
}

static bool
result_keep (node *n, const uint8_t id[8], const uint8_t *data, size_t length)
{
  kept_result kept;
  int         at = result_find (n, id);
  unsigned    slot = at >= 0 ? (unsigned) at : n->next_result;

  if (length > sizeof kept.payload)
    return false;

  memset (&kept, 0, sizeof kept);
  memcpy (kept.id, id, 8);
  kept.length = (uint32_t) length;
  memcpy (kept.payload, data, length);
  if (node_keep_put (&n->keep, KEEP_RESULT_0 + slot, &kept,
                     offsetof (kept_result, payload) + length) != HAL_OK)
    return false;

  memcpy (n->result_ids[slot], id, 8);
  if (at < 0)
    {
      n->next_result = (n->next_result + 1) % NODE_RESULTS_MAX;
      node_keep_put (&n->keep, KEEP_NEXT_RESULT, &n->next_result,
                     sizeof n->next_result);
    }
  return true;
}

static void
result_again (node *n, int at)
{
  node_cbor_writer w;
  kept_result      kept;
  int32_t size = node_keep_get (&n->keep, KEEP_RESULT_0 + (unsigned) at, &kept,
                                sizeof kept);

  if (size < (int32_t) offsetof (kept_result, payload) ||
      kept.length > (uint32_t) size - offsetof (kept_result, payload))
    return;
  node_scratch (n, &w);
  node_cbor_put_raw (&w, kept.payload, kept.length);
  node_send_signed (n, "result", kept.length, false);
}

/* The payload, in scratch; 0 if it does not fit. */
static size_t
build_result (node          *n,
              const uint8_t *id,
              size_t         id_n,
              const char    *status,
              const char    *reason,
              const uint8_t *detail,
              size_t         detail_n)
{
  node_cbor_writer w;
  double           utc;
  bool             timed = node_utc_s (n, &utc);

  node_scratch (n, &w);
  node_cbor_put_map (&w, 3 + timed + (reason != NULL) + (detail != NULL));
  if (timed)
    {
      node_cbor_put_text (&w, "bt");
      node_cbor_put_f64 (&w, utc);
    }
  node_cbor_put_text (&w, "id");
  node_cbor_put_bytes (&w, id, id_n);
  node_cbor_put_text (&w, "up");
  node_cbor_put_f64 (&w, node_up_s (n));
  if (detail != NULL)
    {
      node_cbor_put_text (&w, "detail");
      node_cbor_put_raw (&w, detail, detail_n);
    }
  if (reason != NULL)
    {
      node_cbor_put_text (&w, "reason");
      node_cbor_put_text (&w, reason);
    }
  node_cbor_put_text (&w, "status");
  node_cbor_put_text (&w, status);
  return w.overflow ? 0 : w.length;
}

void
node_result (node          *n,
             const uint8_t *id,
             size_t         id_n,
             const char    *status,
             const char    *reason,
             const uint8_t *detail,
             size_t         detail_n,
             bool           keep)
{
  size_t length = build_result (n, id, id_n, status, reason, detail, detail_n);
  size_t size;

  if (length == 0)
    return;
  if (keep && id_n == 8 &&
      !result_keep (n, id, node_scratch_memory (n, &size) + NODE_COSE_ROOM,
                    length))
    node_log (n, HAL_LOG_ERROR, "a result could not be kept");
  node_send_signed (n, "result", length, false);
}

/* A flood of forgeries must not become a flood of answers. */
static void
refuse (node *n, const uint8_t *id, size_t id_n, const char *reason, bool keep)
{
  uint64_t now = hal_time_us (n->board);

  if (now - n->refusals_us >= 1000000)
    {
      n->refusals_us = now;
      n->refusals = 0;
    }
  if (n->refusals++ >= REFUSALS_A_SECOND)
    return;
  node_result (n, id, id_n,
               strcmp (reason, "expired") == 0 ? "expired" : "rejected", reason,
               NULL, 0, keep);
}

static bool
read_command (const node_cose_view *view, node_command *c)
{
  node_cbor_reader r, value;
  const uint8_t   *id;
  size_t           id_n;
  uint64_t         epoch, pairs;

  node_cbor_open (&r, view->payload, view->payload_n);
  if (!node_cbor_find (&r, "command", &value) ||
      !node_cbor_copy_text (&value, c->name, sizeof c->name) ||
      !node_cbor_find (&r, "arguments", &c->arguments) ||
      !node_cbor_find (&r, "counter", &value) ||
      !node_cbor_get_uint (&value, &c->counter) ||
      !node_cbor_find (&r, "epoch", &value) ||
      !node_cbor_get_uint (&value, &epoch) || epoch > UINT32_MAX ||
      !node_cbor_find (&r, "notAfter", &value) ||
      !node_cbor_get_f64 (&value, &c->not_after) ||
      !node_cbor_find (&r, "id", &value) ||
      !node_cbor_get_bytes (&value, &id, &id_n) || id_n != 8)
    return false;

  value = c->arguments;
  if (!node_cbor_get_map (&value, &pairs))
    return false;
  c->epoch = (uint32_t) epoch;
  memcpy (c->id, id, 8);
  return true;
}

/* The id that an answer may carry although the command is refused. */
static size_t
readable_id (const node_cose_view *view, uint8_t id[8])
{
  node_cbor_reader r, value;
  const uint8_t   *bytes;
  size_t           size;

  node_cbor_open (&r, view->payload, view->payload_n);
  if (!node_cbor_find (&r, "id", &value) ||
      !node_cbor_get_bytes (&value, &bytes, &size) || size != 8)
    return 0;
  memcpy (id, bytes, 8);
  return 8;
}

/* Key and signature of one envelope; NULL or the reason. */
static const char *
authentic (node *n, const node_cose_view *view, int *key)
{
  char     topic[NODE_TOPIC_SIZE];
  size_t   size;
  uint8_t *memory = node_scratch_memory (n, &size);

  node_topic (n, "command", topic);
  *key = node_key_find (n, view->kid);
  if (*key < 0)
    return "unknown-key";
  if (!node_cose_verify (view, topic, n->keys[*key].key, memory, size))
    return "signature";
  return NULL;
}

/* A payload with "first" is a countersigned command: both signatures, by two
 * keys, must hold. @view becomes the first one, @approver is the outer key. */
static const char *
unwrap (node *n, node_cose_view *view, int *approver)
{
  node_cbor_reader r, value;
  const uint8_t   *inner;
  const char      *reason;
  size_t           inner_n;

  *approver = -1;
  node_cbor_open (&r, view->payload, view->payload_n);
  if (!node_cbor_find (&r, "first", &value))
    return NULL;

  reason = authentic (n, view, approver);
  if (reason != NULL)
    return reason;
  if (!node_cbor_get_bytes (&value, &inner, &inner_n) ||
      !node_cose_open_sign (inner, inner_n, view))
    return "malformed";
  if (node_key_find (n, view->kid) == *approver)
    return "needs-approver"; /* two keys, not one twice */
  return NULL;
}

/* What may be wrong with a genuine command before it is even looked up. */
static const char *
fresh (node *n, const node_command *c)
{
  double utc;

  if (!node_act_timeless (c->name))
    {
      if (!node_utc_s (n, &utc))
        return "no-time";
      if (!(c->not_after > utc))
        return "expired";
    }
  if (c->epoch != n->epoch)
    return "epoch";
  if (c->counter <= n->counters[c->key])
    return "counter";
  return NULL;
}

/* The counter is in flash before the command takes effect. */
static bool
use_counter (node *n, const node_command *c)
{
  uint64_t old = n->counters[c->key];

  n->counters[c->key] = c->counter;
  if (node_keep_put (&n->keep, KEEP_COUNTERS, n->counters,
                     sizeof n->counters) == HAL_OK)
    return true;
  n->counters[c->key] = old;
  return false;
}

static const char *
allowed (node *n, const node_command *c, int approver)
{
  node_role role = node_act_role (c->name);

  if (role == NODE_ROLE_NONE)
    return "unknown-command";
  if (n->keys[c->key].role < role ||
      (approver >= 0 && n->keys[approver].role < role))
    return "role";
  return NULL;
}

static void
run (node *n, const node_command *c, int approver)
{
  const char *reason = allowed (n, c, approver);

  /* Its counter is spent: whatever happens now, it never runs again. */
  if (reason == NULL)
    reason = node_act (n, c);
  if (reason != NULL)
    refuse (n, c->id, 8, reason, true);
}

void
node_command_take (node *n, const uint8_t *data, size_t length)
{
  node_cose_view view;
  node_command   c;
  uint8_t        id[8];
  const char    *reason;
  int            approver, known;

  if (n->removed)
    return; /* nobody's any more */
  memset (&c, 0, sizeof c);
  if (length > COMMAND_MAX || !node_cose_open_sign (data, length, &view))
    {
      n->malformed++;
      refuse (n, id, 0, "malformed", false);
      return;
    }

  reason = unwrap (n, &view, &approver);
  if (reason == NULL)
    reason = authentic (n, &view, &c.key);
  if (reason == NULL && !read_command (&view, &c))
    reason = "malformed";
  if (reason != NULL)
    {
      refuse (n, id, readable_id (&view, id), reason, false);
      return;
    }

  known = result_find (n, c.id);
  if (known >= 0)
    {
      result_again (n, known);
      return;
    }

  /* Refusals below are not kept: they depend on the moment. */
  reason = fresh (n, &c);
  if (reason == NULL && !use_counter (n, &c))
    reason = "failed";
  if (reason != NULL)
    refuse (n, c.id, 8, reason, false);
  else
    run (n, &c, approver);
}
