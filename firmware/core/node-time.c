/* SPDX-License-Identifier: Apache-2.0
 *
 * node-time.c - absolute time: from the board's clock, kept by @time beacons
 *
 * The node's clock never goes back: where a beacon says that it runs ahead,
 * it runs a little slower until that is made good. A step forward over ten
 * minutes needs two beacons that agree.
 */
#include "node-private.h"

#include <string.h>

enum
{
  KEEP_BEACONS_US = 3600 * 1000000u,
};

static const int64_t tolerated_us = 50000; /* the beacon's travel */
static const int64_t doubtful_us = 600 * 1000000LL;
static const int64_t agree_us = 2000000;
static const int64_t slew_part = 200; /* 5 ms a second */

void
node_time_init (node *n)
{
  int64_t utc;

  if (node_keep_get (&n->keep, KEEP_TIME, n->beacons_us,
                     sizeof n->beacons_us) != (int32_t) sizeof n->beacons_us)
    memset (n->beacons_us, 0, sizeof n->beacons_us);
  n->time.slewed_us = hal_time_us (n->board);
  if (hal_rtc_read (n->board, &utc))
    {
      n->time.known = true;
      n->time.offset_us = utc - (int64_t) n->time.slewed_us;
    }
}

static void
slew (node *n, uint64_t now)
{
  node_time *t = &n->time;
  int64_t    most = (int64_t) (now - t->slewed_us) / slew_part;
  int64_t    take = t->owed_us < most ? t->owed_us : most;

  if (take > 0)
    {
      t->offset_us -= take;
      t->owed_us -= take;
    }
  if (take > 0 || t->owed_us == 0)
    t->slewed_us = now;
}

bool
node_utc_us (node *n, int64_t *utc_us)
{
  uint64_t now = hal_time_us (n->board);

  if (!n->time.known)
    return false;
  slew (n, now);
  *utc_us = (int64_t) now + n->time.offset_us;
  return true;
}

bool
node_utc_s (node *n, double *utc_s)
{
  int64_t us;

  if (!node_utc_us (n, &us))
    return false;
  *utc_s = (double) us / 1e6;
  return true;
}

double
node_up_s (const node *n)
{
  return (double) hal_time_us (n->board) / 1e6;
}

static void
step_to (node *n, int64_t utc_us)
{
  n->time.known = true;
  n->time.owed_us = 0;
  n->time.step_us = 0;
  n->time.offset_us = utc_us - (int64_t) hal_time_us (n->board);
  hal_rtc_write (n->board, utc_us);
}

/* True for the second of two beacons that ask for the same large step. */
static bool
agreed (node *n, int64_t ahead_us, uint64_t now)
{
  node_time *t = &n->time;
  int64_t    apart = ahead_us - t->step_us;

  if (t->step_us != 0 && apart > -agree_us && apart < agree_us &&
      now > t->step_at_us)
    return true;
  t->step_us = ahead_us;
  t->step_at_us = now;
  return false;
}

/* False: a large step that waits for another beacon. */
static bool
discipline (node *n, int64_t utc_us)
{
  uint64_t now = hal_time_us (n->board);
  int64_t  mine, ahead;

  if (!node_utc_us (n, &mine))
    {
      step_to (n, utc_us);
      n->birth_due = true; /* it tells the time now */
      return true;
    }

  ahead = utc_us - mine;
  if (ahead > doubtful_us)
    {
      if (!agreed (n, ahead, now))
        return false;
      step_to (n, utc_us);
      return true;
    }

  n->time.step_us = 0;
  if (ahead > tolerated_us)
    step_to (n, utc_us);
  else if (ahead < -tolerated_us)
    {
      n->time.owed_us = -ahead;
      n->time.slewed_us = now;
    }
  else
    n->time.owed_us = 0;
  return true;
}

/* A recorded beacon would hold the clock back: each key's must ascend. */
static bool
newer (node *n, int key, int64_t utc_us)
{
  uint64_t now = hal_time_us (n->board);

  if (utc_us <= n->beacons_us[key])
    return false;
  n->beacons_us[key] = utc_us;
  if (n->beacons_kept_us == 0 || now - n->beacons_kept_us >= KEEP_BEACONS_US)
    {
      node_keep_put (&n->keep, KEEP_TIME, n->beacons_us, sizeof n->beacons_us);
      n->beacons_kept_us = now;
    }
  return true;
}

static const char *
take_beacon (node *n, const uint8_t *data, size_t length)
{
  node_cose_view   view;
  node_cbor_reader r, value;
  char             topic[NODE_TOPIC_SIZE];
  size_t           size;
  uint8_t         *memory = node_scratch_memory (n, &size);
  double           utc;
  int              key;

  if (!node_cose_open_sign (data, length, &view))
    return "malformed";
  key = node_key_find (n, view.kid);
  if (key < 0)
    return "unknown-key"; /* a plant may have keys we do not know */
  node_time_topic (n, topic);
  if (!node_cose_verify (&view, topic, n->keys[key].key, memory, size))
    return "signature";

  node_cbor_open (&r, view.payload, view.payload_n);
  if (!node_cbor_find (&r, "utc", &value) ||
      !node_cbor_get_f64 (&value, &utc) || !(utc > 0) || !(utc < 1e11))
    return "malformed";
  if (!newer (n, key, (int64_t) (utc * 1e6)))
    return "old";
  if (!discipline (n, (int64_t) (utc * 1e6)))
    return "step";
  node_sensors_beacon (n, (int64_t) (utc * 1e6));
  return NULL;
}

void
node_time_beacon (node *n, const uint8_t *data, size_t length)
{
  const char *reason = take_beacon (n, data, length);

  if (reason != NULL)
    node_refused (n, "beacon", reason);
}
