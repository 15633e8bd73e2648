/* SPDX-License-Identifier: Apache-2.0
 *
 * node-record.c - records: into the ring first, then out, once
 */
#include "node-private.h"

#include <string.h>

enum
{
  NODE_EVENT_MAX = 512,
};

/* True when the record is in the ring. Whether it also got out is no matter:
 * what was not received will be asked for. */
bool
node_record_publish (node            *n,
                     node_record_kind kind,
                     const uint8_t   *data,
                     size_t           length)
{
  bool ok = node_ring_append (&n->ring, kind, data, length) == HAL_OK;

  if (ok == n->ring_refuses)
    node_log (n, ok ? HAL_LOG_WARNING : HAL_LOG_ERROR,
              ok ? "the flash ring takes records again"
                 : "the flash ring takes no records: they are lost");
  n->ring_refuses = !ok;
  if (!ok)
    return false;

  if (n->mqtt.state == NODE_MQTT_ONLINE)
    node_send (n, kind == NODE_RECORD_EVENT ? "event" : "telemetry", data,
               length, 1, false);
  return true;
}

unsigned
node_record_identity_size (const node *n, node_quality quality)
{
  return 4 + n->time.known + (quality != NODE_QUALITY_GOOD);
}

void
node_record_put_identity (node *n, node_cbor_writer *w, node_quality quality)
{
  double utc;

  if (node_utc_s (n, &utc))
    {
      node_cbor_put_int (w, -3);
      node_cbor_put_f64 (w, utc);
    }
  if (quality != NODE_QUALITY_GOOD)
    {
      node_cbor_put_text (w, "q");
      node_cbor_put_uint (w, quality);
    }
  node_cbor_put_text (w, "up");
  node_cbor_put_f64 (w, node_up_s (n));
  node_cbor_put_text (w, "seq");
  node_cbor_put_uint (w, n->ring.next_seq);
  node_cbor_put_text (w, "ring");
  node_cbor_put_bytes (w, n->ring.id, NODE_RING_ID_SIZE);
  node_cbor_put_text (w, "epoch");
  node_cbor_put_uint (w, n->epoch);
}

/* The pack: "event" = what happened, "event/name" = to what, then evidence. */
bool
node_event_with (node                *n,
                 const char          *kind,
                 const char          *detail,
                 const node_evidence *evidence,
                 unsigned             count)
{
  node_cbor_writer w;
  uint8_t          buffer[NODE_EVENT_MAX];

  node_cbor_begin (&w, buffer, sizeof buffer);
  node_cbor_put_array (&w, 2 + count);

  node_cbor_put_map (&w, 2 + node_record_identity_size (n, NODE_QUALITY_GOOD));
  node_cbor_put_uint (&w, 0);
  node_cbor_put_text (&w, "event");
  node_cbor_put_uint (&w, 3);
  node_cbor_put_text (&w, kind);
  node_record_put_identity (n, &w, NODE_QUALITY_GOOD);

  node_cbor_put_map (&w, 2);
  node_cbor_put_uint (&w, 0);
  node_cbor_put_text (&w, "event/name");
  node_cbor_put_uint (&w, 3);
  node_cbor_put_text (&w, detail);

  for (unsigned i = 0; i < count; i++)
    {
      node_cbor_put_map (&w, evidence[i].text != NULL ? 2 : 3);
      node_cbor_put_uint (&w, 0);
      node_cbor_put_text (&w, evidence[i].name);
      if (evidence[i].text != NULL)
        {
          node_cbor_put_uint (&w, 3);
          node_cbor_put_text (&w, evidence[i].text);
          continue;
        }
      node_cbor_put_uint (&w, 1);
      node_cbor_put_text (&w, evidence[i].unit);
      node_cbor_put_uint (&w, 2);
      node_cbor_put_f32 (&w, evidence[i].value);
    }

  node_summary_hurry (n);
  return !w.overflow &&
         node_record_publish (n, NODE_RECORD_EVENT, w.data, w.length);
}

void
node_event (node *n, const char *kind, const char *detail, int signal)
{
  const node_signal *s = signal >= 0 ? &n->signals[signal] : NULL;
  node_evidence      evidence[2] = { { 0 } };

  if (s != NULL)
    {
      evidence[0] = (node_evidence){ "event/value", s->unit, s->value, NULL };
      evidence[1] = (node_evidence){ "event/limit", s->unit, (float) s->limit, NULL };
    }
  node_event_with (n, kind, detail, evidence, s != NULL ? 2 : 0);
}
