/* SPDX-License-Identifier: Apache-2.0
 *
 * node-update.c - the update agent: offer, authorise, tell
 */
#include <string.h>

#include "node-update-private.h"

enum
{
  REFUSALS_APART_US = 1000000, /* a flood of manifests is not answered */
  DETAIL_SIZE = 160,
};

boot_identity
node_config_identity (const node_config *c)
{
  return (boot_identity){ c->vendor, c->node_class, c->vendor_key };
}

static const char *
state_name (node_update_state state)
{
  static const char *const names[] = { "idle",      "offered",  "downloading",
                                       "verified",  "pending",  "trial",
                                       "confirmed", "reverted", "refused" };

  return names[state];
}

/* An event: "reverted 1.2.0: clock". */
static void
tell (node                *n,
      node_update_state    state,
      const boot_manifest *subject,
      boot_reason          reason)
{
  char text[DETAIL_SIZE];

  node_copy (text, sizeof text, state_name (state));
  if (subject != NULL)
    {
      node_join (text, sizeof text, text, " ");
      node_join (text, sizeof text, text, subject->version);
    }
  if (reason != BOOT_GOOD)
    {
      node_join (text, sizeof text, text, ": ");
      node_join (text, sizeof text, text, boot_reason_text (reason));
    }
  node_log (n, HAL_LOG_INFO, text);
  node_event (n, "firmware", text, -1);
}

void
node_update_enter (node *n, node_update_state state, boot_reason reason)
{
  node_update *u = &n->update;

  u->state = state;
  u->reason = reason;
  u->due_us = hal_time_us (n->board);
  u->told_us = u->due_us;
  n->report_due = true;
  tell (n, state, u->has_subject ? &u->subject : NULL, reason);
}

hal_status
node_update_mark (node *n, boot_state state, unsigned trial, boot_reason reason)
{
  boot_meta  meta = n->update.meta;
  hal_status status;

  meta.state = (uint8_t) state;
  meta.trial = (uint8_t) trial;
  meta.reason = (uint8_t) reason;
  meta.tries = 0;
  if (state == BOOT_CONFIRMED)
    {
      meta.active = (uint8_t) trial;
      if (n->update.subject.counter > meta.counter)
        meta.counter = n->update.subject.counter;
    }

  status = boot_meta_store (n->board, &meta);
  if (status == HAL_OK)
    n->update.meta = meta;
  return status;
}

bool
node_update_kept (const node *n, node_update_install *out)
{
  int32_t size = node_keep_get (&n->keep, KEEP_FIRMWARE, out, sizeof *out);

  return size == sizeof *out && out->length > 0 &&
         out->length <= sizeof out->envelope;
}

bool
node_update_keep (node *n, const node_update_install *install)
{
  return node_keep_put (&n->keep, KEEP_FIRMWARE, install, sizeof *install) ==
         HAL_OK;
}

/* The outcome is the command's result; then nothing is owed any more. */
void
node_update_conclude (node *n)
{
  const node_update  *u = &n->update;
  node_update_install install;
  uint8_t             buffer[DETAIL_SIZE];
  node_cbor_writer    w;
  bool                done = u->state == NODE_UPDATE_CONFIRMED;

  n->update.unfinished = false;
  if (!node_update_kept (n, &install))
    return;

  node_cbor_begin (&w, buffer, sizeof buffer);
  node_cbor_put_map (&w, 2 + (u->reason != BOOT_GOOD));
  node_cbor_put_text (&w, "state");
  node_cbor_put_text (&w, state_name (u->state));
  if (u->reason != BOOT_GOOD)
    {
      node_cbor_put_text (&w, "reason");
      node_cbor_put_text (&w, boot_reason_text (u->reason));
    }
  node_cbor_put_text (&w, "version");
  node_cbor_put_text (&w, u->subject.version);
  node_result (n, install.id, 8, done ? "done" : "rejected",
               done ? NULL : "failed", w.data, w.length, true);
  node_keep_put (&n->keep, KEEP_FIRMWARE, NULL, 0);
}

void
node_update_fail (node *n, boot_reason reason)
{
  node_update_mark (n, BOOT_REFUSED, n->update.slot, reason);
  node_update_enter (n, NODE_UPDATE_REFUSED, reason);
  node_update_conclude (n);
}

static bool
committed (const node_update *u)
{
  return u->state == NODE_UPDATE_VERIFIED || u->state == NODE_UPDATE_PENDING ||
         u->state == NODE_UPDATE_TRIAL;
}

static bool
same_image (const boot_manifest *a, const boot_manifest *b)
{
  return memcmp (a->digest, b->digest, sizeof a->digest) == 0;
}

static boot_reason
acceptable (const node_update *u, const boot_manifest *m)
{
  if (m->sequence <= u->running.sequence)
    return BOOT_SEQUENCE;
  return m->counter < u->meta.counter ? BOOT_COUNTER : BOOT_GOOD;
}

/* What a forged manifest says of itself is not repeated. A refusal does not
 * disturb a fetch: it is then an event only. */
static void
refuse (node *n, boot_reason reason, const boot_manifest *m)
{
  node_update *u = &n->update;
  uint64_t     now = hal_time_us (n->board);
  bool         genuine = reason > BOOT_SIGNATURE;

  if (u->refused_us != 0 && now - u->refused_us < REFUSALS_APART_US)
    return;
  u->refused_us = now;
  if (u->state == NODE_UPDATE_DOWNLOADING)
    {
      tell (n, NODE_UPDATE_REFUSED, genuine ? m : NULL, reason);
      return;
    }
  u->has_subject = genuine;
  u->subject = *m;
  u->offer_n = 0;
  node_update_enter (n, NODE_UPDATE_REFUSED, reason);
}

void
node_update_manifest (node *n, const uint8_t *data, size_t length)
{
  node_update  *u = &n->update;
  boot_identity id = node_config_identity (&n->config);
  boot_manifest m;
  boot_reason   reason;

  if (!u->usable || length == 0 || committed (u))
    return;

  reason = boot_manifest_check (data, length, &id, &m);
  if (reason == BOOT_GOOD && same_image (&m, &u->running) &&
      m.sequence == u->running.sequence)
    return;
  if (reason == BOOT_GOOD)
    reason = acceptable (u, &m);
  if (reason != BOOT_GOOD)
    {
      refuse (n, reason, &m);
      return;
    }

  if (u->state == NODE_UPDATE_DOWNLOADING && same_image (&m, &u->subject))
    return;
  memcpy (u->offer, data, length);
  u->offer_n = (uint32_t) length;
  if (u->state == NODE_UPDATE_DOWNLOADING)
    return;
  if (u->state == NODE_UPDATE_OFFERED && same_image (&m, &u->subject))
    return; /* QoS 1 gives it twice */
  u->subject = m;
  u->has_subject = true;
  node_update_enter (n, NODE_UPDATE_OFFERED, BOOT_GOOD);
}

/* Two-step: the old story is closed before the new one is kept, so that a
 * kept installation beside an idle board always means a fetch. */
static bool
authorise (node *n, const node_command *c)
{
  node_update        *u = &n->update;
  node_update_install install;

  memset (&install, 0, sizeof install);
  memcpy (install.id, c->id, sizeof install.id);
  memcpy (install.envelope, u->offer, u->offer_n);
  install.length = u->offer_n;
  return node_update_mark (n, BOOT_IDLE, BOOT_SLOT_NONE, BOOT_GOOD) == HAL_OK &&
         node_update_keep (n, &install);
}

const char *
node_update_command (node *n, const node_command *c)
{
  node_update     *u = &n->update;
  node_cbor_reader at;
  boot_manifest    m;
  const uint8_t   *digest;
  size_t           digest_n;

  if (!node_cbor_find (&c->arguments, "digest", &at) ||
      !node_cbor_get_bytes (&at, &digest, &digest_n) ||
      digest_n != sizeof m.digest)
    return "argument";
  if (committed (u))
    return "busy";
  if (u->offer_n == 0 || !boot_manifest_read (u->offer, u->offer_n, &m))
    return "state";
  if (memcmp (digest, m.digest, digest_n) != 0)
    return "argument";

  if (u->state == NODE_UPDATE_DOWNLOADING)
    node_update_conclude (n); /* another takes its place */
  if (!authorise (n, c))
    return "failed";

  u->subject = m;
  u->has_subject = true;
  u->offer_n = 0;
  node_update_fetch_begin (n, false);
  node_result (n, c->id, 8, "running", NULL, NULL, 0, true);
  node_update_enter (n, NODE_UPDATE_DOWNLOADING, BOOT_GOOD);
  return NULL;
}

/* What the bootloader and an earlier life of this node left. */
static void
resume (node *n)
{
  static const node_update_state states[BOOT_STATES] = {
    [BOOT_IDLE] = NODE_UPDATE_IDLE,
    [BOOT_PENDING] = NODE_UPDATE_PENDING,
    [BOOT_TRIAL] = NODE_UPDATE_TRIAL,
    [BOOT_CONFIRMED] = NODE_UPDATE_CONFIRMED,
    [BOOT_REVERTED] = NODE_UPDATE_REVERTED,
    [BOOT_REFUSED] = NODE_UPDATE_REFUSED,
  };
  node_update        *u = &n->update;
  node_update_install install;
  bool                kept = node_update_kept (n, &install);

  u->state = states[u->meta.state];
  u->reason = (boot_reason) u->meta.reason;
  u->has_subject = boot_slot_manifest (n->board, u->meta.trial, &u->subject);
  u->slot = u->meta.trial;
  u->sensors = kept ? install.sensors : node_update_sensors (n);
  u->untold = u->state == NODE_UPDATE_TRIAL;
  if (!kept)
    return;

  if (u->state == NODE_UPDATE_IDLE)
    {
      u->has_subject =
          boot_manifest_read (install.envelope, install.length, &u->subject);
      u->state = NODE_UPDATE_DOWNLOADING;
      node_update_fetch_begin (n, true);
    }
  u->unfinished = u->state >= NODE_UPDATE_CONFIRMED;
  u->untold |= u->unfinished;
}

void
node_update_init (node *n)
{
  node_update *u = &n->update;

  memset (u, 0, sizeof *u);
  if (hal_code_size (n->board) < CODE_SIZE)
    return;
  u->usable = n->config.vendor != NULL;
  boot_meta_load (n->board, &u->meta);
  if (!boot_slot_manifest (n->board, boot_meta_running (&u->meta), &u->running))
    memset (&u->running, 0, sizeof u->running);
  if (u->usable)
    resume (n);
}

void
node_update_step (node *n)
{
  node_update *u = &n->update;
  uint64_t     now = hal_time_us (n->board); /* not before what just came */

  if (!u->usable)
    return;
  if (u->untold)
    {
      u->untold = false;
      tell (n, u->state, u->has_subject ? &u->subject : NULL, u->reason);
    }
  if (u->unfinished && n->mqtt.state == NODE_MQTT_ONLINE)
    node_update_conclude (n);

  u->due_us = 0;
  if (u->state == NODE_UPDATE_DOWNLOADING)
    node_update_fetch (n, now);
  else if (u->state == NODE_UPDATE_VERIFIED)
    node_update_pend (n, now);
  else if (u->state == NODE_UPDATE_TRIAL)
    node_update_trial (n, now);
}

const char *
node_update_version (const node *n)
{
  return n->update.running.version[0] != '\0' ? n->update.running.version
                                              : n->config.firmware;
}

static void
put_running (const node *n, node_cbor_writer *w)
{
  const node_update *u = &n->update;

  node_cbor_put_text (w, "running");
  node_cbor_put_map (w, 4);
  node_cbor_put_text (w, "digest");
  if (u->running.size > 0)
    node_cbor_put_bytes (w, u->running.digest, sizeof u->running.digest);
  else
    node_cbor_put_null (w);
  node_cbor_put_text (w, "counter");
  node_cbor_put_uint (w, u->meta.counter);
  node_cbor_put_text (w, "version");
  node_cbor_put_text (w, node_update_version (n));
  node_cbor_put_text (w, "sequence");
  node_cbor_put_uint (w, u->running.sequence);
}

/* In bytewise order of the encoded keys. */
void
node_update_put (const node *n, node_cbor_writer *w)
{
  const node_update *u = &n->update;
  bool               about = u->has_subject && u->state != NODE_UPDATE_IDLE;
  bool               fetching = u->state == NODE_UPDATE_DOWNLOADING;

  node_cbor_put_map (w, 2 + 3 * about + fetching + (u->reason != BOOT_GOOD));
  if (about)
    {
      node_cbor_put_text (w, "size");
      node_cbor_put_uint (w, u->subject.size);
    }
  node_cbor_put_text (w, "state");
  node_cbor_put_text (w, state_name (u->state));
  if (about)
    {
      node_cbor_put_text (w, "digest");
      node_cbor_put_bytes (w, u->subject.digest, sizeof u->subject.digest);
    }
  if (fetching)
    {
      node_cbor_put_text (w, "offset");
      node_cbor_put_uint (w, u->offset);
    }
  if (u->reason != BOOT_GOOD)
    {
      node_cbor_put_text (w, "reason");
      node_cbor_put_text (w, boot_reason_text (u->reason));
    }
  put_running (n, w);
  if (about)
    {
      node_cbor_put_text (w, "version");
      node_cbor_put_text (w, u->subject.version);
    }
}
