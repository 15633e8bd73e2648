/* SPDX-License-Identifier: Apache-2.0
 *
 * node-desired.c - desired → validated → persisted → reported
 *
 * A document is whole: a property it does not name has its default. Each
 * property stands or falls alone; what falls is told with its reason.
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  REPORT_IGNORED_US = 1000000,
};

static void
refuse (node *n, const char *path, const char *reason)
{
  if (n->n_refused == NODE_REFUSALS_MAX)
    return;
  node_copy (n->refused[n->n_refused].path,
             sizeof n->refused[n->n_refused].path, path);
  n->refused[n->n_refused++].reason = reason;
}

static bool
real (const node_cbor_reader *map, const char *name, double *value)
{
  node_cbor_reader at;

  return node_cbor_find (map, name, &at) && node_cbor_get_f64 (&at, value);
}

/* One property each; NULL or the reason. */

static const char *
take_acquisition (node_properties *p, const node_cbor_reader *map)
{
  node_cbor_reader at;
  double           block = p->duty_block_s, every = p->duty_every_s;

  if (!node_cbor_find (map, "mode", &at))
    return "malformed";
  if (node_cbor_is_text (&at, "continuous"))
    {
      p->duty = false;
      return NULL;
    }
  if (!node_cbor_is_text (&at, "duty"))
    return "unknown mode";

  real (map, "blockS", &block);
  real (map, "everyS", &every);
  if (!(block >= 1) || !(every >= block) || !(every <= 3600))
    return "out of range";
  p->duty = true;
  p->duty_block_s = block;
  p->duty_every_s = every;
  return NULL;
}

static const char *
take_schedule (node_properties *p, const node_cbor_reader *map)
{
  double capture, every;

  if (!real (map, "captureS", &capture) || !real (map, "everyS", &every))
    return "malformed";
  if (every == 0 || capture == 0)
    {
      p->capture_s = p->every_s = 0;
      return NULL;
    }
  if (!(capture > 0) || !(capture <= 60) || !(every >= capture) ||
      !(every <= 86400))
    return "out of range";
  p->capture_s = capture;
  p->every_s = every;
  return NULL;
}

static const char *
take_whole (uint32_t *out, const node_cbor_reader *at, double most)
{
  node_cbor_reader r = *at;
  double           value;

  if (!node_cbor_get_f64 (&r, &value) || value != floor (value))
    return "malformed";
  if (!(value >= 1) || !(value <= most))
    return "out of range";
  *out = (uint32_t) value;
  return NULL;
}

static const char *
take_live (node *n, node_properties *p, const node_cbor_reader *map)
{
  node_cbor_reader at;
  char             sensor[NODE_NAME_SIZE], axis[4];
  double           until;
  int              accel;

  if (!node_cbor_find (map, "sensor", &at) ||
      !node_cbor_copy_text (&at, sensor, sizeof sensor) ||
      !node_cbor_find (map, "axis", &at) ||
      !node_cbor_copy_text (&at, axis, sizeof axis) ||
      !real (map, "untilS", &until))
    return "malformed";

  accel = node_wave_sensor (n, sensor, strlen (sensor));
  if (accel < 0)
    return "unknown sensor";
  if (axis[0] < 'x' || axis[1] != '\0' ||
      (unsigned) (axis[0] - 'x') >= n->accels[accel].axes)
    return "unknown axis";

  p->live = true;
  node_copy (p->live_sensor, sizeof p->live_sensor, sensor);
  p->live_axis = (unsigned) (axis[0] - 'x');
  p->live_until_s = until;
  return NULL;
}

static void
take_deadbands (node *n, const node_cbor_reader *map)
{
  node_cbor_reader at = *map;
  uint64_t         pairs;

  if (!node_cbor_get_map (&at, &pairs))
    {
      refuse (n, "deadbands", "malformed");
      return;
    }

  for (; pairs > 0; pairs--)
    {
      char   name[NODE_NAME_SIZE];
      double value;
      int    signal;

      if (!node_cbor_copy_text (&at, name, sizeof name))
        {
          refuse (n, "deadbands", "malformed");
          return;
        }
      signal = node_signal_find (n, name, strlen (name));
      if (!node_cbor_get_f64 (&at, &value))
        {
          refuse (n, name, "malformed");
          node_cbor_skip (&at);
        }
      else if (signal < 0)
        refuse (n, name, "unknown signal");
      else if (!(value >= 0) || !(value < 1e9))
        refuse (n, name, "out of range");
      else
        n->signals[signal].deadband = (float) value;
    }
}

static void
take_property (node                   *n,
               node_properties        *p,
               const char             *name,
               const node_cbor_reader *value)
{
  const char *reason = "unknown property";

  if (strcmp (name, "acquisition") == 0)
    reason = take_acquisition (p, value);
  else if (strcmp (name, "schedule") == 0)
    reason = take_schedule (p, value);
  else if (strcmp (name, "summaryPeriodS") == 0)
    reason = take_whole (&p->summary_period_s, value, 3600);
  else if (strcmp (name, "maxSilenceS") == 0)
    reason = take_whole (&p->max_silence_s, value, 7200);
  else if (strcmp (name, "liveStream") == 0)
    reason = take_live (n, p, value);
  else if (strcmp (name, "deadbands") == 0)
    {
      take_deadbands (n, value);
      reason = NULL;
    }

  if (reason != NULL)
    refuse (n, name, reason);
}

static node_properties
defaults (const node *n)
{
  return (node_properties){
    .duty_block_s = 1,
    .duty_every_s = 10,
    .capture_s = n->config.capture_s,
    .every_s = n->config.every_s,
    .summary_period_s = 1,
    .max_silence_s = 60,
  };
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
  node_properties  p = defaults (n);
  uint64_t         pairs, now = hal_time_us (n->board);
  bool             rescheduled;

  n->n_refused = 0;
  for (unsigned i = 0; i < n->n_signals; i++)
    n->signals[i].deadband = 0;

  node_cbor_get_map (&at, &pairs);
  for (; pairs > 0; pairs--)
    {
      char name[NODE_NAME_SIZE];

      if (node_cbor_copy_text (&at, name, sizeof name))
        take_property (n, &p, name, &at);
      else
        {
          refuse (n, "", "malformed");
          node_cbor_skip (&at);
        }
      node_cbor_skip (&at);
    }

  rescheduled = p.every_s != n->properties.every_s ||
                p.capture_s != n->properties.capture_s;
  n->properties = p;
  if (rescheduled && p.every_s > 0)
    n->next_schedule_us = now + 1000000;
  n->next_duty_us = now;
  n->next_summary_us = n->next_second_us;
}

void
node_desired_init (node *n)
{
  uint8_t *payload = n->check;
  int32_t  size =
      node_keep_get (&n->keep, KEEP_DESIRED, payload, NODE_DESIRED_MAX);
  node_cbor_reader properties;

  n->properties = defaults (n);
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
  char topic[NODE_TOPIC_SIZE];
  int  key;

  if (!node_cose_open_sign (data, length, view) ||
      view->payload_n > NODE_DESIRED_MAX)
    return "malformed";
  key = node_key_find (n, view->kid);
  if (key < 0)
    return "unknown-key";
  node_topic (n, "desired", topic);
  if (!node_cose_verify (view, topic, n->keys[key].key, n->check,
                         sizeof n->check))
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
