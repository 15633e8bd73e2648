/* SPDX-License-Identifier: Apache-2.0
 *
 * node-detect.c - unusual signals: events with evidence, triggered captures
 *
 * Looked at once a second, those with a new value, while the machine runs.
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

static const float turning_rpm = 30.0f;
static const float uneven = 0.05f; /* of its speed */
/* Temperatures move with weather and load: their deviation counts as this at
 * least, in K. Other signals have node-watch.c's share of their mean. */
static const float least_kelvin = 2.0f;

_Static_assert((int) NODE_WATCHES_MAX == (int) NODE_SIGNALS_MAX, "watches");
_Static_assert(NODE_ACCELS_MAX <= 2, "captured_s");

/* As kept in flash. */
typedef struct
{
  uint32_t identity;
  float    mean, variance;
  uint32_t n;
} kept_watch;

static void
watch (node *n, unsigned signal, unsigned count)
{
  for (unsigned i = signal; i < signal + count && i < n->n_signals; i++)
    n->detect.watched |= UINT64_C (1) << i;
}

/* What tells of the machine's condition; not speed, load or weather. */
void
node_detect_init (node *n)
{
  for (unsigned i = 0; i < n->n_signals; i++)
    if (node_edge_accel_of (n, i) >= 0)
      watch (n, i, 1);
  for (unsigned i = 0; i < n->config.n_rtds; i++)
    if (n->config.rtds[i].device != HAL_SPI_RTD_2) /* ambient */
      watch (n, n->rtd_signal[i], 1);
  watch (n, n->current_signal, 1);
}

/* The same name with other bands or tones is another signal. */
static uint32_t
identity (const node *n, unsigned signal)
{
  const char *name = n->signals[signal].name;
  uint32_t    crc = node_crc32 (0, name, strlen (name));

  if (node_edge_accel_of (n, signal) >= 0)
    crc = node_crc32 (crc, &n->edge.setting, sizeof n->edge.setting);
  return crc;
}

static void
keep_baseline (node *n)
{
  kept_watch kept[NODE_WATCHES_MAX] = { 0 };

  for (unsigned i = 0; i < n->n_signals; i++)
    kept[i] =
        (kept_watch){ identity (n, i), n->detect.watches[i].mean,
                      n->detect.watches[i].variance, n->detect.watches[i].n };
  node_keep_put (&n->keep, KEEP_BASELINE, kept, n->n_signals * sizeof kept[0]);
}

void
node_detect_recall (node *n)
{
  kept_watch kept[NODE_WATCHES_MAX];
  int32_t    size = node_keep_get (&n->keep, KEEP_BASELINE, kept, sizeof kept);
  unsigned   count = size > 0 ? (unsigned) size / sizeof kept[0] : 0;

  for (unsigned i = 0; i < n->n_signals; i++)
    for (unsigned k = 0; k < count; k++)
      if (kept[k].identity == identity (n, i))
        {
          node_watch *w = &n->detect.watches[i];

          w->mean = kept[k].mean;
          w->variance = kept[k].variance;
          w->n = (uint16_t) kept[k].n;
          node_watch_pause (w);
        }
}

void
node_detect_forget (node *n, unsigned signal)
{
  node_watch_reset (&n->detect.watches[signal]);
}

void
node_detect_reset (node *n)
{
  for (unsigned i = 0; i < NODE_WATCHES_MAX; i++)
    node_detect_forget (n, i);
  keep_baseline (n);
}

/* The accelerometer that @signal comes from, or that has its prefix; -1: there
 * is none. */
static int
sensor_of (const node *n, unsigned signal)
{
  int accel = node_edge_accel_of (n, signal);

  for (unsigned i = 0; accel < 0 && i < n->config.n_accels; i++)
    {
      const char *prefix = n->accels[i].config.prefix;

      if (strncmp (n->signals[signal].name, prefix, strlen (prefix)) == 0)
        accel = (int) i;
    }
  return accel;
}

uint32_t
node_detect_trigger (node *n, unsigned signal)
{
  int       accel = sensor_of (n, signal);
  uint32_t *last;
  uint32_t  number;

  if (accel < 0 || !n->accels[accel].running)
    return 0;
  last = &n->detect.captured_s[accel];
  if (*last > 0 && n->seconds - *last < NODE_DETECT_CAPTURE_S)
    return 0;
  number = node_capture_trigger (n, (unsigned) accel);
  if (number > 0)
    *last = n->seconds > 0 ? n->seconds : 1;
  return number;
}

static void
tell (node                      *n,
      unsigned                   signal,
      node_watch_news            news,
      const node_watch_evidence *e)
{
  const char *unit = n->signals[signal].unit;
  uint32_t    capture =
      news != NODE_WATCH_Z_CLEAR ? node_detect_trigger (n, signal) : 0;
  const node_evidence facts[] = {
    { "event/value", unit, e->value },
    { "event/mean", unit, e->mean },
    { "event/std", unit, e->std },
    { "event/z", "/", e->z },
    { "event/capture", "/", (float) capture },
  };

  node_event_with (n,
                   news == NODE_WATCH_Z         ? "z-score"
                   : news == NODE_WATCH_Z_CLEAR ? "z-score-clear"
                                                : "step",
                   n->signals[signal].name, facts, capture > 0 ? 5 : 4);
}

/* Whether the machine is in the state that is watched: it runs, and has run
 * evenly for a while. */
static bool
steady (node *n)
{
  node_detect *d = &n->detect;
  float        speed = 0;

  if (n->speed_signal < n->n_signals &&
      n->signals[n->speed_signal].quality != NODE_QUALITY_BAD)
    {
      speed = n->signals[n->speed_signal].value;
      if (speed < turning_rpm || fabsf (speed - d->speed) > uneven * d->speed)
        {
          d->speed = speed;
          d->steady_s = n->seconds;
        }
      d->speed += (speed - d->speed) / NODE_DETECT_SETTLE_S;
    }
  if (n->mode != NODE_MODE_RUNNING)
    d->steady_s = n->seconds;
  return n->seconds - d->steady_s >= NODE_DETECT_SETTLE_S;
}

void
node_detect_second (node *n)
{
  node_detect *d = &n->detect;
  uint64_t     fresh = d->fresh & d->watched;
  bool         pause = !steady (n);

  d->fresh = 0;
  for (unsigned i = 0; pause && !d->paused && i < NODE_WATCHES_MAX; i++)
    node_watch_pause (&d->watches[i]);
  d->paused = pause;
  if (n->seconds % NODE_DETECT_KEEP_S == NODE_DETECT_KEEP_S / 4)
    keep_baseline (n);
  if (pause)
    return;

  for (unsigned i = 0; fresh != 0; i++, fresh >>= 1)
    {
      const node_signal  *s = &n->signals[i];
      node_watch_evidence evidence;
      node_watch_news     news;
      bool                kelvin = strcmp (s->unit, "Cel") == 0;

      if (!(fresh & 1))
        continue;
      news = node_watch_add (&d->watches[i], s->value,
                             kelvin ? least_kelvin : 0, &evidence);
      if (news != NODE_WATCH_NOTHING)
        tell (n, i, news, &evidence);
    }
}
