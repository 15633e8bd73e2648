/* SPDX-License-Identifier: Apache-2.0
 *
 * node-calibrate.c - scale and offset of a sensor, kept in flash
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  SETTLE_S = 2, /* some values come in it */
  AVERAGE_S = 10,
  AVERAGE_MAX_S = 60,
};

static const float scale_low = 0.8f, scale_high = 1.25f;
static const float offset_part = 0.05f; /* of the signal's range */

typedef struct
{
  char             name[NODE_NAME_SIZE];
  node_calibration c;
} kept_calibration;

static const char *
channel_name (const node *n, unsigned channel)
{
  unsigned accel = channel - NODE_CHANNEL_ACCEL;

  if (channel < NODE_CHANNEL_CURRENT)
    return channel < n->config.n_rtds ? n->config.rtds[channel].name : NULL;
  if (channel == NODE_CHANNEL_CURRENT)
    return n->config.current.fitted ? n->config.current.name : NULL;
  return accel < n->config.n_accels ? n->accels[accel].sensor : NULL;
}

static int
channel_find (const node *n, const char *name)
{
  for (unsigned i = 0; i < NODE_CHANNELS; i++)
    {
      const char *own = channel_name (n, i);

      if (own != NULL && strcmp (own, name) == 0)
        return (int) i;
    }
  return -1;
}

/* Furthest offset that can be a sensor's and not a mistake. */
static float
offset_most (const node *n, unsigned channel)
{
  unsigned at = channel < NODE_CHANNEL_CURRENT ? n->rtd_signal[channel]
                                               : n->current_signal;
  const node_signal *s;

  if (channel >= NODE_CHANNEL_ACCEL || at >= n->n_signals)
    return 0;
  s = &n->signals[at];
  return offset_part * (float) (s->high - s->low);
}

static bool
sane (const node *n, unsigned channel, node_calibration c)
{
  return c.scale >= scale_low && c.scale <= scale_high &&
         fabsf (c.offset) <= offset_most (n, channel);
}

static void
use (node *n, unsigned channel, node_calibration c)
{
  float old = n->calibrate.channels[channel].scale;

  n->calibrate.channels[channel] = c;
  if (channel >= NODE_CHANNEL_ACCEL)
    n->accels[channel - NODE_CHANNEL_ACCEL].driver.g_per_lsb *= c.scale / old;
}

static bool
save (node *n)
{
  kept_calibration kept[NODE_CHANNELS];
  unsigned         count = 0;

  memset (kept, 0, sizeof kept);
  for (unsigned i = 0; i < NODE_CHANNELS; i++)
    if (channel_name (n, i) != NULL)
      {
        node_copy (kept[count].name, sizeof kept[count].name,
                   channel_name (n, i));
        kept[count++].c = n->calibrate.channels[i];
      }
  return node_keep_put (&n->keep, KEEP_CALIBRATION, kept,
                        count * sizeof kept[0]) == HAL_OK;
}

/* After the sensors: an accelerometer's scale goes into its driver. */
void
node_calibrate_init (node *n)
{
  kept_calibration kept[NODE_CHANNELS];
  int32_t size = node_keep_get (&n->keep, KEEP_CALIBRATION, kept, sizeof kept);

  for (unsigned i = 0; i < NODE_CHANNELS; i++)
    n->calibrate.channels[i].scale = 1;
  for (int32_t i = 0; i < size / (int32_t) sizeof kept[0]; i++)
    {
      int channel = channel_find (n, kept[i].name);

      if (channel >= 0 && sane (n, (unsigned) channel, kept[i].c))
        use (n, (unsigned) channel, kept[i].c);
    }
}

float
node_calibrated (node *n, unsigned channel, float measured)
{
  node_calibrate         *b = &n->calibrate;
  const node_calibration *c = &b->channels[channel];

  if (b->channel == channel)
    b->mean += (measured - b->mean) / (float) ++b->n;
  return measured * c->scale + c->offset;
}

/* The end of the command: what holds now, and what is read by it. */
static const char *
finish (node *n, node_cbor_writer *detail)
{
  node_calibrate  *b = &n->calibrate;
  node_calibration old = b->channels[b->channel];
  bool             accel = b->channel >= NODE_CHANNEL_ACCEL;

  if (!accel && b->n == 0)
    return "failed"; /* the sensor gave nothing */
  if (b->refer)
    {
      b->wanted.scale = old.scale;
      b->wanted.offset = b->reference - old.scale * b->mean;
    }
  if (!sane (n, b->channel, b->wanted))
    return "argument";

  use (n, b->channel, b->wanted);
  if (!save (n))
    {
      use (n, b->channel, old);
      return "failed";
    }

  node_cbor_put_map (detail, accel ? 2 : 3);
  node_cbor_put_text (detail, "scale");
  node_cbor_put_f64 (detail, (double) b->wanted.scale);
  if (!accel)
    {
      node_cbor_put_text (detail, "value");
      node_cbor_put_f64 (detail, (double) (b->mean * b->wanted.scale +
                                           b->wanted.offset));
    }
  node_cbor_put_text (detail, "offset");
  node_cbor_put_f64 (detail, (double) b->wanted.offset);
  n->report_due = true;
  return NULL;
}

static const char *
begin (node *n, const node_command *c, node_calibration wanted, double wait_s)
{
  char name[NODE_NAME_SIZE];
  int  channel;

  if (!node_argument_text (c, "name", name, sizeof name))
    return "argument";
  channel = channel_find (n, name);
  if (channel < 0 || !sane (n, (unsigned) channel, wanted) ||
      (n->calibrate.refer && channel >= NODE_CHANNEL_ACCEL))
    return "argument";
  if (!node_job_begin (n, c, wait_s, finish))
    return "busy";

  n->calibrate.channel = (unsigned) channel;
  n->calibrate.wanted = wanted;
  n->calibrate.mean = 0;
  n->calibrate.n = 0;
  return NULL;
}

/* { name, scale, ? offset } */
const char *
node_calibrate_act (node *n, const node_command *c)
{
  double scale, offset = 0;

  if (n->job.finish != NULL)
    return "busy";
  if (!node_argument_number (c, "scale", &scale))
    return "argument";
  node_argument_number (c, "offset", &offset);
  n->calibrate.refer = false;
  return begin (n, c, (node_calibration){ (float) scale, (float) offset },
                SETTLE_S);
}

/* { name, reference, ? seconds }: the scale stays. */
const char *
node_calibrate_to_act (node *n, const node_command *c)
{
  double reference, seconds = AVERAGE_S;

  if (n->job.finish != NULL)
    return "busy";
  if (!node_argument_number (c, "reference", &reference))
    return "argument";
  node_argument_number (c, "seconds", &seconds);
  if (!(fabs (reference) < 1e9) || !(seconds >= SETTLE_S) ||
      !(seconds <= AVERAGE_MAX_S))
    return "argument";
  n->calibrate.refer = true;
  n->calibrate.reference = (float) reference;
  return begin (n, c, (node_calibration){ 1, 0 }, seconds);
}

static bool
altered (const node *n, unsigned channel)
{
  const node_calibration *c = &n->calibrate.channels[channel];

  return channel_name (n, channel) != NULL && (c->scale != 1 || c->offset != 0);
}

bool
node_has_calibration (const node *n)
{
  for (unsigned i = 0; i < NODE_CHANNELS; i++)
    if (altered (n, i))
      return true;
  return false;
}

void
node_write_calibration (const node *n, node_cbor_writer *w)
{
  const char *last = NULL;
  unsigned    count = 0;

  for (unsigned i = 0; i < NODE_CHANNELS; i++)
    count += altered (n, i);

  node_cbor_put_map (w, count);
  for (; count > 0; count--)
    {
      unsigned next = NODE_CHANNELS;

      for (unsigned i = 0; i < NODE_CHANNELS; i++)
        if (altered (n, i) &&
            (last == NULL || node_name_before (last, channel_name (n, i))) &&
            (next == NODE_CHANNELS ||
             node_name_before (channel_name (n, i), channel_name (n, next))))
          next = i;
      last = channel_name (n, next);
      node_cbor_put_text (w, last);
      node_cbor_put_map (w, 2);
      node_cbor_put_text (w, "scale");
      node_cbor_put_f64 (w, (double) n->calibrate.channels[next].scale);
      node_cbor_put_text (w, "offset");
      node_cbor_put_f64 (w, (double) n->calibrate.channels[next].offset);
    }
}
