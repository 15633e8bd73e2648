/* SPDX-License-Identifier: Apache-2.0
 *
 * node-desired.c - desired → validated → persisted → reported
 *
 * A document is whole: a property it does not name has its default. Each
 * property stands or falls alone; what falls is told with its reason.
 */
#include "node-private.h"

#include <string.h>

enum
{
  REPORT_IGNORED_US = 1000000,
};

void
node_desired_refuse (node *n, const char *path, const char *reason)
{
  if (n->n_refused == NODE_REFUSALS_MAX)
    return;
  node_copy (n->refused[n->n_refused].path,
             sizeof n->refused[n->n_refused].path, path);
  n->refused[n->n_refused++].reason = reason;
}

static void
take_property (node *n, const char *name, const node_cbor_reader *value)
{
  const node_property *p = node_property_find (name);
  const char          *reason = "unknown property";

  if (p != NULL)
    reason = p->read != NULL ? p->read (n, value) : "only by command";
  if (reason != NULL)
    node_desired_refuse (n, name, reason);
}

static bool
read_head (const uint8_t    *payload,
           size_t            length,
           uint64_t         *version,
           node_cbor_reader *properties)
{
  node_cbor_reader r, value;
  uint64_t         pairs, base;

  node_cbor_open (&r, payload, length);
  if (!node_cbor_find (&r, "version", &value) ||
      !node_cbor_get_uint (&value, version) ||
      !node_cbor_find (&r, "base", &value) ||
      !node_cbor_get_uint (&value, &base) || base >= *version ||
      !node_cbor_find (&r, "properties", properties))
    return false;
  value = *properties;
  return node_cbor_get_map (&value, &pairs);
}

static void
apply (node *n, const node_cbor_reader *properties)
{
  node_cbor_reader at = *properties;
  node_properties  old = n->properties;
  uint64_t         pairs, now = hal_time_us (n->board);

  n->n_refused = 0;
  node_properties_reset (n);
  node_cbor_get_map (&at, &pairs);
  for (; pairs > 0; pairs--)
    {
      char name[NODE_NAME_SIZE];

      if (node_cbor_copy_text (&at, name, sizeof name))
        take_property (n, name, &at);
      else
        {
          node_desired_refuse (n, "", "malformed");
          node_cbor_skip (&at);
        }
      node_cbor_skip (&at);
    }
  node_property_settle (n);
  node_edge_settle (n);

  if (n->properties.every_s > 0 && (n->properties.every_s != old.every_s ||
                                    n->properties.capture_s != old.capture_s))
    n->next_schedule_us = now + 1000000;
  n->next_duty_us = now;
  n->summary_at_s = n->calm_at_s = 0; /* at the next second */
}

void
node_desired_init (node *n)
{
  size_t   room;
  uint8_t *payload = node_scratch_memory (n, &room);
  int32_t  size =
      node_keep_get (&n->keep, KEEP_DESIRED, payload, NODE_DESIRED_MAX);
  node_cbor_reader properties;

  node_properties_reset (n);
  node_property_settle (n);
  node_edge_settle (n);
  if (size <= 0 || !node_cbor_valid (payload, (size_t) size) ||
      !read_head (payload, (size_t) size, &n->desired_version, &properties))
    return;

  hal_sha256 (payload, (size_t) size, n->desired_digest);
  n->has_desired = true;
  apply (n, &properties);
}

/* A document that is not taken changes nothing but is told. */
static void
ignore (node *n, const char *reason)
{
  uint64_t now = hal_time_us (n->board);

  n->desired_ignored = reason;
  if (n->ignored_us == 0 || now - n->ignored_us >= REPORT_IGNORED_US)
    {
      n->ignored_us = now;
      n->report_due = true;
    }
}

static const char *
check_document (node           *n,
                const uint8_t  *data,
                size_t          length,
                node_cose_view *view)
{
  char     topic[NODE_TOPIC_SIZE];
  size_t   size;
  uint8_t *memory = node_scratch_memory (n, &size);
  int      key;

  if (!node_cose_open_sign (data, length, view) ||
      view->payload_n > NODE_DESIRED_MAX)
    return "malformed";
  key = node_key_find (n, view->kid);
  if (key < 0)
    return "unknown-key";
  node_topic (n, "desired", topic);
  if (!node_cose_verify (view, topic, n->keys[key].key, memory, size))
    return "signature";
  return NULL;
}

void
node_desired_take (node *n, const uint8_t *data, size_t length)
{
  node_cose_view   view;
  node_cbor_reader properties;
  uint8_t          digest[32];
  uint64_t         version = 0;
  const char      *reason;

  if (length == 0)
    return; /* the retained one was cleared */

  reason = check_document (n, data, length, &view);
  if (reason == NULL &&
      !read_head (view.payload, view.payload_n, &version, &properties))
    reason = "malformed";
  if (reason != NULL)
    {
      ignore (n, reason);
      return;
    }

  hal_sha256 (view.payload, view.payload_n, digest);
  if (n->has_desired && version <= n->desired_version)
    {
      /* The broker gives the retained one again at every connect. */
      if (version != n->desired_version ||
          memcmp (digest, n->desired_digest, sizeof digest) != 0)
        ignore (n, "version");
      return;
    }

  if (node_keep_put (&n->keep, KEEP_DESIRED, view.payload, view.payload_n) !=
      HAL_OK)
    {
      ignore (n, "failed");
      return;
    }

  memcpy (n->desired_digest, digest, sizeof digest);
  n->desired_version = version;
  n->has_desired = true;
  n->desired_ignored = NULL;
  apply (n, &properties);
  n->report_due = true;
  n->birth_due = true; /* periods are told there too */
}

void
node_desired_put_refused (node *n, node_cbor_writer *w)
{
  node_cbor_put_array (w, n->n_refused + (n->desired_ignored != NULL));
  if (n->desired_ignored != NULL)
    {
      node_cbor_put_map (w, 2);
      node_cbor_put_text (w, "path");
      node_cbor_put_text (w, "");
      node_cbor_put_text (w, "reason");
      node_cbor_put_text (w, n->desired_ignored);
    }
  for (unsigned i = 0; i < n->n_refused; i++)
    {
      node_cbor_put_map (w, 2);
      node_cbor_put_text (w, "path");
      node_cbor_put_text (w, n->refused[i].path);
      node_cbor_put_text (w, "reason");
      node_cbor_put_text (w, n->refused[i].reason);
    }
}
