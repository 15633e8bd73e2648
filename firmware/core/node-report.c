/* SPDX-License-Identifier: Apache-2.0
 *
 * node-report.c - what a node says of itself: birth, reported, ring
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  NO_SCHEDULE_S = 86400, /* blocks come only when asked for */
};

static const char *const features[] = {
  "cose",   "replay", "waveform", "capture", "desired",
  "limits", "bands",  "envelope", "detect",  "trigger"
};

static void
put_sensor (const node *n, node_cbor_writer *w, const node_signal *s)
{
  node_cbor_put_map (w, 5);
  node_cbor_put_text (w, "name");
  node_cbor_put_text (w, s->name);
  node_cbor_put_text (w, "rate");
  node_cbor_put_f64 (w, 1.0 / node_period_s (n));
  node_cbor_put_text (w, "unit");
  node_cbor_put_text (w, s->unit);
  node_cbor_put_text (w, "range");
  node_cbor_put_array (w, 2);
  node_cbor_put_f64 (w, s->low);
  node_cbor_put_f64 (w, s->high);
  node_cbor_put_text (w, "maxSilenceS");
  node_cbor_put_uint (w, node_silence_s (n));
}

static void
put_accel (const node *n, node_cbor_writer *w, const node_accel *a)
{
  static const char *const axis_names[3] = { "x", "y", "z" };
  double   full = a->driver.g_per_lsb * INT16_MAX * 9.80665;
  uint64_t silence = n->properties.every_s > 0
                         ? (uint64_t) ceil (n->properties.every_s)
                         : NO_SCHEDULE_S;

  for (unsigned axis = 0; axis < a->axes; axis++)
    {
      node_cbor_put_map (w, 6);
      node_cbor_put_text (w, "axis");
      node_cbor_put_text (w, axis_names[axis]);
      node_cbor_put_text (w, "name");
      node_cbor_put_text (w, a->sensor);
      node_cbor_put_text (w, "rate");
      node_cbor_put_f64 (w, a->config.rate_hz);
      node_cbor_put_text (w, "unit");
      node_cbor_put_text (w, "m/s2");
      node_cbor_put_text (w, "range");
      node_cbor_put_array (w, 2);
      node_cbor_put_f64 (w, -full);
      node_cbor_put_f64 (w, full);
      node_cbor_put_text (w, "maxSilenceS");
      node_cbor_put_uint (w, silence);
    }
}

static void
put_sensors (const node *n, node_cbor_writer *w)
{
  size_t count = 0;

  for (unsigned i = 0; i < n->n_signals; i++)
    count += !n->signals[i].hidden;
  for (unsigned i = 0; i < n->config.n_accels; i++)
    count += n->accels[i].axes;

  node_cbor_put_array (w, count);
  for (unsigned i = 0; i < n->n_signals; i++)
    if (!n->signals[i].hidden)
      put_sensor (n, w, &n->signals[i]);
  for (unsigned i = 0; i < n->config.n_accels; i++)
    put_accel (n, w, &n->accels[i]);
}

static void
put_serves (const node *n, node_cbor_writer *w)
{
  node_cbor_put_array (w, n->config.n_serves);
  for (size_t i = 0; i < n->config.n_serves; i++)
    {
      const node_serve *s = &n->config.serves[i];

      node_cbor_put_map (w, 3);
      node_cbor_put_text (w, "twin");
      node_cbor_put_text (w, s->twin);
      node_cbor_put_text (w, "model");
      node_cbor_put_text (w, s->model);
      node_cbor_put_text (w, "prefix");
      node_cbor_put_text (w, s->prefix);
    }
}

/* Of this boot and this build; the keys from "up" to "class". */
static void
put_start (const node *n, node_cbor_writer *w)
{
  uint8_t build[8];

  hal_build (n->board, build, sizeof build);
  node_cbor_put_text (w, "up");
  node_cbor_put_f64 (w, node_up_s (n));
  node_cbor_put_text (w, "key");
  node_cbor_put_bytes (w, n->key, sizeof n->key);
  node_cbor_put_text (w, "boot");
  node_cbor_put_text (w, hal_boot_reason (n->board));
  node_cbor_put_text (w, "ring");
  node_cbor_put_bytes (w, n->ring.id, NODE_RING_ID_SIZE);
  node_cbor_put_text (w, "build");
  node_cbor_put_bytes (w, build, sizeof build);
  node_cbor_put_text (w, "class");
  node_cbor_put_text (w, n->config.node_class);
}

static bool
send_birth (node *n)
{
  node_cbor_writer w;
  double           utc;
  bool             timed = node_utc_s (n, &utc);
  size_t           n_features = sizeof features / sizeof features[0];

  node_scratch (n, &w);
  node_cbor_put_map (&w, 14 + timed + (n->config.time_scale > 1));
  if (timed)
    {
      node_cbor_put_text (&w, "bt");
      node_cbor_put_f64 (&w, utc);
    }
  put_start (n, &w);
  node_cbor_put_text (&w, "epoch");
  node_cbor_put_uint (&w, n->epoch);
  node_cbor_put_text (&w, "limits");
  node_write_limits (n, &w);
  node_cbor_put_text (&w, "serial");
  node_cbor_put_text (&w, n->config.serial);
  node_cbor_put_text (&w, "serves");
  put_serves (n, &w);
  node_cbor_put_text (&w, "sensors");
  put_sensors (n, &w);
  if (n->config.time_scale > 1)
    {
      node_cbor_put_text (&w, "virtual");
      node_cbor_put_f64 (&w, n->config.time_scale);
    }
  node_cbor_put_text (&w, "enrolled");
  node_cbor_put_bool (&w, n->token_burnt);
  node_cbor_put_text (&w, "features");
  node_cbor_put_array (&w, n_features + n->update.usable + n->config.simulated);
  for (size_t i = 0; i < n_features; i++)
    node_cbor_put_text (&w, features[i]);
  if (n->update.usable)
    node_cbor_put_text (&w, "update");
  if (n->config.simulated)
    node_cbor_put_text (&w, "simulated");
  node_cbor_put_text (&w, "firmware");
  node_cbor_put_text (&w, node_update_version (n));

  if (w.overflow)
    return node_too_big (n, "birth does not fit: too many sensors");
  return node_send_signed (n, "birth", w.length, true);
}

static bool
send_reported (node *n)
{
  node_cbor_writer w;
  double           utc;
  bool             timed = node_utc_s (n, &utc);

  node_scratch (n, &w);
  node_cbor_put_map (&w, 6 + timed);
  if (timed)
    {
      node_cbor_put_text (&w, "bt");
      node_cbor_put_f64 (&w, utc);
    }
  node_cbor_put_text (&w, "up");
  node_cbor_put_f64 (&w, node_up_s (n));
  node_cbor_put_text (&w, "epoch");
  node_cbor_put_uint (&w, n->epoch);
  node_cbor_put_text (&w, "digest");
  if (n->has_desired)
    node_cbor_put_bytes (&w, n->desired_digest, sizeof n->desired_digest);
  else
    node_cbor_put_null (&w);
  node_cbor_put_text (&w, "refused");
  node_desired_put_refused (n, &w);
  node_cbor_put_text (&w, "version");
  node_cbor_put_uint (&w, n->desired_version);
  node_cbor_put_text (&w, "properties");
  node_properties_write (n, &w);

  if (w.overflow)
    return node_too_big (n, "reported does not fit its buffer");
  return node_send_signed (n, "reported", w.length, true);
}

/* Finished epochs, while a report is written. */
typedef struct
{
  node_epoch list[NODE_EPOCHS_MAX];
  uint32_t   count;
} finished;

/* Newest seq ever written in @epoch; false if none was. */
static bool
epoch_last (const node *n, const finished *f, uint32_t epoch, uint64_t *last)
{
  if (epoch == n->epoch)
    {
      *last = n->ring.next_seq - 1;
      return n->ring.next_seq > 0;
    }
  for (uint32_t i = 0; i < f->count; i++)
    if (f->list[i].epoch == epoch)
      {
        *last = f->list[i].last;
        return true;
      }
  return node_ring_last (&n->ring, epoch, last);
}

static void
put_lost (node_cbor_writer *w,
          uint32_t         *count,
          uint32_t          epoch,
          uint64_t          from,
          uint64_t          to,
          const char       *cause)
{
  (*count)++;
  if (w == NULL)
    return;
  node_cbor_put_array (w, 4);
  node_cbor_put_uint (w, epoch);
  node_cbor_put_uint (w, from);
  node_cbor_put_uint (w, to);
  node_cbor_put_text (w, cause);
}

/* The holes of one epoch between 0 and its last record. What lies before
 * everything held went round the ring; other holes are damage. */
static void
lost_of_epoch (const node       *n,
               const finished   *f,
               node_cbor_writer *w,
               uint32_t         *count,
               uint32_t          epoch,
               uint32_t         *extent)
{
  const node_ring *r = &n->ring;
  uint64_t         next = 0, last;
  const char      *cause = "overwritten";

  if (*extent > 0)
    cause = "corrupt"; /* something older is still held */

  for (; *extent < r->n_extents && r->extents[*extent].epoch == epoch;
       (*extent)++)
    {
      const node_ring_extent *e = &r->extents[*extent];

      if (e->first > next)
        put_lost (w, count, epoch, next, e->first - (uint64_t) 1, cause);
      next = e->last + (uint64_t) 1;
      cause = "corrupt";
    }

  if (epoch_last (n, f, epoch, &last) && last >= next)
    put_lost (w, count, epoch, next, last, cause);
}

static uint32_t
put_all_lost (const node *n, const finished *f, node_cbor_writer *w)
{
  uint32_t count = 0, extent = 0, known = 0;

  /* Finished epochs and held ones both ascend: merge them. */
  for (;;)
    {
      uint32_t a = known < f->count ? f->list[known].epoch : UINT32_MAX;
      uint32_t b = extent < n->ring.n_extents ? n->ring.extents[extent].epoch
                                              : UINT32_MAX;
      uint32_t epoch = a < b ? a : b;

      if (epoch == UINT32_MAX)
        return count;
      lost_of_epoch (n, f, w, &count, epoch, &extent);
      while (known < f->count && f->list[known].epoch <= epoch)
        known++;
    }
}

static void
put_ring (node *n, node_cbor_writer *w)
{
  finished f;

  f.count = node_epochs_get (n, f.list);
  node_cbor_put_map (w, 4);
  node_cbor_put_text (w, "id");
  if (n->ring_answers)
    node_cbor_put_bytes (w, n->ring_id, sizeof n->ring_id);
  else
    node_cbor_put_null (w);
  node_cbor_put_text (w, "held");
  node_cbor_put_array (w, n->ring.n_extents);
  for (uint32_t i = 0; i < n->ring.n_extents; i++)
    {
      const node_ring_extent *e = &n->ring.extents[i];

      node_cbor_put_array (w, 3);
      node_cbor_put_uint (w, e->epoch);
      node_cbor_put_uint (w, e->first);
      node_cbor_put_uint (w, e->last);
    }
  node_cbor_put_text (w, "lost");
  node_cbor_put_array (w, put_all_lost (n, &f, NULL));
  put_all_lost (n, &f, w);
  node_cbor_put_text (w, "ring");
  node_cbor_put_bytes (w, n->ring.id, NODE_RING_ID_SIZE);
}

static bool
send_ring (node *n)
{
  node_cbor_writer w;

  node_scratch (n, &w);
  put_ring (n, &w);
  if (w.overflow)
    return node_too_big (n, "what the ring holds does not fit its buffer");
  return node_send_signed (n, "ring", w.length, false);
}

void
node_ring_report (node *n, const uint8_t *id)
{
  n->ring_due = true;
  n->ring_answers = id != NULL;
  if (id != NULL)
    memcpy (n->ring_id, id, sizeof n->ring_id);
  node_announce (n);
}

void
node_announce (node *n)
{
  if (n->mqtt.state != NODE_MQTT_ONLINE)
    return;
  if (n->birth_due)
    n->birth_due = !send_birth (n);
  if (n->status_due && !n->birth_due)
    n->status_due = !node_send (n, "status", "online", 6, 1, true);
  if (n->report_due && !n->status_due)
    n->report_due = !send_reported (n);
  if (n->ring_due && !n->report_due)
    n->ring_due = !send_ring (n);
}
