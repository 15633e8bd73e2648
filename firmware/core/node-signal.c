/* SPDX-License-Identifier: Apache-2.0
 *
 * node-signal.c - scalars: newest value, summary, silence, edge limits
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  STANDBY_S = 60,
};

unsigned
node_signal_add (node       *n,
                 const char *prefix,
                 const char *name,
                 const char *unit,
                 double      low,
                 double      high)
{
  node_signal *s;
  size_t       size = strlen (prefix) + strlen (name) + 1;
  char        *to = n->names + n->names_n;

  if (n->n_signals == NODE_SIGNALS_MAX || size > NODE_NAME_SIZE ||
      size > sizeof n->names - n->names_n)
    {
      node_log (n, HAL_LOG_ERROR,
                "a signal is left out: too many, or its "
                "name is too long");
      return NODE_SIGNALS_MAX; /* ignored by node_signal_set */
    }

  s = &n->signals[n->n_signals];
  memset (s, 0, sizeof *s);
  node_join (to, size, prefix, name);
  n->names_n += (uint32_t) size;
  s->name = to;
  s->unit = unit;
  s->low = (float) low;
  s->high = (float) high;
  s->quality = NODE_QUALITY_BAD;
  return n->n_signals++;
}

void
node_signal_set (node *n, unsigned index, float value, node_quality quality)
{
  node_signal *s;

  if (index >= n->n_signals)
    return;

  s = &n->signals[index];
  if (!isfinite (value))
    quality = NODE_QUALITY_BAD;

  if (quality != s->quality &&
      (quality == NODE_QUALITY_BAD || s->quality == NODE_QUALITY_BAD) &&
      s->sent_s > 0)
    {
      s->quality = (uint8_t) quality;
      node_event (n,
                  quality == NODE_QUALITY_BAD ? "sensor-fault"
                                              : "sensor-restored",
                  s->name, -1);
    }

  s->quality = (uint8_t) quality;
  node_trip_value (n, index, value, quality != NODE_QUALITY_BAD);
  if (quality == NODE_QUALITY_BAD)
    return;
  s->value = value;
  s->n++;
  s->mean += (value - s->mean) / (float) s->n;
}

int
node_signal_find (const node *n, const char *name, size_t length)
{
  for (unsigned i = 0; i < n->n_signals; i++)
    if (strlen (n->signals[i].name) == length &&
        memcmp (n->signals[i].name, name, length) == 0)
      return (int) i;
  return -1;
}

/* Above its limit for the delay: told once, and once when it is over. */
void
node_signal_edges (node *n)
{
  uint64_t now = hal_time_us (n->board);

  if (n->mode == NODE_MODE_SERVICE)
    return; /* people are at the machine, and know */
  for (unsigned i = 0; i < n->n_signals; i++)
    {
      node_signal *s = &n->signals[i];
      bool         over;

      if (!s->limited || s->quality == NODE_QUALITY_BAD)
        continue;

      over = s->value > s->limit;
      if (!over)
        s->over_us = 0;
      else if (s->over_us == 0)
        s->over_us = now;

      if (over && !s->tripped &&
          (double) (now - s->over_us) >= (double) s->limit_delay_s * 1e6)
        {
          s->tripped = true;
          node_event (n, "limit", s->name, (int) i);
        }
      else if (!over && s->tripped)
        {
          s->tripped = false;
          node_event (n, "limit-clear", s->name, (int) i);
        }
    }
}

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
asleep (const node *n, unsigned signal)
{
  if (n->mode != NODE_MODE_STANDBY)
    return false;
  for (unsigned i = 0; i < n->config.n_accels; i++)
    if (signal >= n->accels[i].first_signal &&
        signal < n->accels[i].first_signal + NODE_ACCEL_SIGNALS)
      return true;
  return false;
}

/* A value is due when it moved by its deadband, changed its quality, or was
 * silent for so long that the next period would be too late. */
static bool
due (const node *n, const node_signal *s)
{
  if (asleep (n, (unsigned) (s - n->signals)))
    return false;
  if (s->sent_s == 0 || s->quality != s->sent_quality)
    return true;
  if (n->seconds - s->sent_s + node_period_s (n) > node_silence_s (n))
    return true;
  return fabsf (summary_value (s) - s->sent) >= s->deadband;
}

static void
put_head (node *n, node_cbor_writer *w, const node_signal *s)
{
  bool good = s->quality != NODE_QUALITY_BAD;

  node_cbor_put_map (w,
                     2 + good +
                         node_record_identity_size (n,
                                                    (node_quality) s->quality));
  node_cbor_put_uint (w, 0);
  node_cbor_put_text (w, s->name);
  node_cbor_put_uint (w, 1);
  node_cbor_put_text (w, s->unit);
  if (good)
    {
      node_cbor_put_uint (w, 2);
      node_cbor_put_f32 (w, summary_value (s));
    }
  node_record_put_identity (n, w, (node_quality) s->quality);
}

static void
put_entry (node_cbor_writer *w, const node_signal *s)
{
  bool good = s->quality != NODE_QUALITY_BAD;

  node_cbor_put_map (w, 2 + good + (s->quality != NODE_QUALITY_GOOD));
  node_cbor_put_uint (w, 0);
  node_cbor_put_text (w, s->name);
  node_cbor_put_uint (w, 1);
  node_cbor_put_text (w, s->unit);
  if (good)
    {
      node_cbor_put_uint (w, 2);
      node_cbor_put_f32 (w, summary_value (s));
    }
  if (s->quality != NODE_QUALITY_GOOD)
    {
      node_cbor_put_text (w, "q");
      node_cbor_put_uint (w, s->quality);
    }
}

void
node_summary (node *n)
{
  bool             chosen[NODE_SIGNALS_MAX];
  unsigned         count = 0;
  node_cbor_writer w;

  for (unsigned i = 0; i < n->n_signals; i++)
    {
      chosen[i] = due (n, &n->signals[i]);
      count += chosen[i];
    }

  if (count > 0)
    {
      bool     first = true;
      size_t   size;
      uint8_t *memory = node_scratch_memory (n, &size);

      /* Room in front for the head it is published with. */
      node_cbor_begin (&w, memory + NODE_MQTT_HEAD,
                       NODE_MQTT_SPARE - NODE_MQTT_HEAD);
      node_cbor_put_array (&w, count);
      for (unsigned i = 0; i < n->n_signals; i++)
        if (chosen[i])
          {
            if (first)
              put_head (n, &w, &n->signals[i]);
            else
              put_entry (&w, &n->signals[i]);
            first = false;
          }

      if (!w.overflow &&
          node_record_publish (n, NODE_RECORD_TELEMETRY, w.data, w.length))
        for (unsigned i = 0; i < n->n_signals; i++)
          if (chosen[i])
            {
              n->signals[i].sent = summary_value (&n->signals[i]);
              n->signals[i].sent_s = n->seconds;
              n->signals[i].sent_quality = n->signals[i].quality;
            }
    }

  for (unsigned i = 0; i < n->n_signals; i++)
    {
      n->signals[i].mean = 0;
      n->signals[i].n = 0;
    }
}
