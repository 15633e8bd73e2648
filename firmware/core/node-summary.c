/* SPDX-License-Identifier: Apache-2.0
 *
 * node-summary.c - telemetry: what is told of the signals, and how often
 *
 * A record tells the mean of its period of every signal that is due. While
 * something changes the period may be shorter (the property `adaptive`).
 */
#include "node-private.h"

#include <math.h>

enum
{
  MOVED_S = 3, /* beyond its deadband for so long: it has changed */
  STANDBY_S = 60,
};

static float
summary_value (const node_signal *s)
{
  return s->n > 0 ? s->mean : s->value;
}

/* In standby the accelerometers are off and the rest goes by the minute. */
uint32_t
node_period_s (const node *n)
{
  uint32_t period = n->properties.summary_period_s;

  return n->mode == NODE_MODE_STANDBY && period < STANDBY_S ? STANDBY_S
                                                            : period;
}

uint32_t
node_silence_s (const node *n)
{
  uint32_t silence = n->properties.max_silence_s, period = node_period_s (n);

  return silence < period ? period : silence;
}

static bool
fast (const node *n)
{
  return n->seconds < n->calm_at_s;
}

/* Seconds between two records, just now. */
static uint32_t
period (const node *n)
{
  uint32_t usual = node_period_s (n), hurried = n->properties.fast_s;

  return fast (n) && hurried < usual ? hurried : usual;
}

static bool
asleep (const node *n, unsigned signal)
{
  if (n->mode != NODE_MODE_STANDBY)
    return false;
  return node_edge_accel_of (n, signal) >= 0;
}

void
node_summary_hurry (node *n)
{
  const node_properties *p = &n->properties;

  if (p->fast_s == 0)
    return;
  if (!fast (n) && n->summary_at_s > n->seconds + 1)
    n->summary_at_s = n->seconds + 1;
  n->calm_at_s = n->seconds + p->calm_s;
}

/* A signal that stays beyond its deadband has changed: from here on its mean
 * is that of the new value alone. */
static void
watch_moves (node *n)
{
  for (unsigned i = 0; i < n->n_signals; i++)
    {
      node_signal *s = &n->signals[i];
      bool         away = s->deadband > 0 && s->sent_s > 0 &&
                  s->quality != NODE_QUALITY_BAD &&
                  fabsf (s->value - s->sent) >= s->deadband;

      if (!away)
        s->moved = 0;
      else if (s->moved < MOVED_S && ++s->moved == MOVED_S)
        {
          s->mean = s->value;
          s->n = 1;
          node_summary_hurry (n);
        }
    }
}

/* A value is due when it changed by its deadband, changed its quality, or was
 * silent for so long that the next period would be too late. */
static bool
due (const node *n, const node_signal *s)
{
  if (s->hidden || asleep (n, (unsigned) (s - n->signals)))
    return false;
  if (s->sent_s == 0 || s->quality != s->sent_quality)
    return true;
  if (n->seconds - s->sent_s + period (n) > node_silence_s (n))
    return true;
  return s->moved == MOVED_S ||
         fabsf (summary_value (s) - s->sent) >= s->deadband;
}

static void
put_entry (node *n, node_cbor_writer *w, const node_signal *s, bool first)
{
  node_quality quality = (node_quality) s->quality;
  bool         good = quality != NODE_QUALITY_BAD;
  unsigned     more = first ? node_record_identity_size (n, quality)
                            : quality != NODE_QUALITY_GOOD;

  node_cbor_put_map (w, 2 + good + more);
  node_cbor_put_uint (w, 0);
  node_cbor_put_text (w, s->name);
  node_cbor_put_uint (w, 1);
  node_cbor_put_text (w, s->unit);
  if (good)
    {
      node_cbor_put_uint (w, 2);
      node_cbor_put_f32 (w, summary_value (s));
    }
  if (first)
    node_record_put_identity (n, w, quality);
  else if (more > 0)
    {
      node_cbor_put_text (w, "q");
      node_cbor_put_uint (w, quality);
    }
}

/* One record of the @count signals in @chosen. False: they do not fit. */
static bool
publish (node *n, const uint8_t *chosen, unsigned count)
{
  uint8_t          record[NODE_RECORD_SIZE];
  node_cbor_writer w;

  node_cbor_begin (&w, record, sizeof record);
  node_cbor_put_array (&w, count);
  for (unsigned i = 0; i < count; i++)
    put_entry (n, &w, &n->signals[chosen[i]], i == 0);
  if (w.overflow)
    return false;

  if (node_record_publish (n, NODE_RECORD_TELEMETRY, w.data, w.length))
    for (unsigned i = 0; i < count; i++)
      {
        node_signal *s = &n->signals[chosen[i]];

        s->sent = summary_value (s);
        s->sent_s = n->seconds;
        s->sent_quality = s->quality;
        s->moved = 0;
      }
  return true;
}

static void
summary (node *n)
{
  uint8_t  chosen[NODE_SIGNALS_MAX];
  unsigned count = 0, at = 0, part;

  for (unsigned i = 0; i < n->n_signals; i++)
    if (due (n, &n->signals[i]))
      chosen[count++] = (uint8_t) i;

  /* Usually one record; as many as it takes for many long names. */
  for (part = count; at < count && part > 0;)
    if (publish (n, chosen + at, part < count - at ? part : count - at))
      at += part;
    else
      part /= 2;

  for (unsigned i = 0; i < n->n_signals; i++)
    {
      n->signals[i].mean = 0;
      n->signals[i].n = 0;
    }
}

void
node_summary_second (node *n)
{
  n->seconds++;
  watch_moves (n);
  if (n->seconds < n->summary_at_s)
    return;
  summary (n);
  n->summary_at_s = n->seconds + period (n);
}
