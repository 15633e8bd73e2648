/* SPDX-License-Identifier: Apache-2.0
 *
 * node-edge.c - samples to scalars, bands and envelope levels, as signals
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  CHUNK = 64,
};

static const float       gravity = 9.80665f;
static const float       most_off = 0.1f; /* of the speed, to be believed */
static const char *const tone_names[NODE_TONES] = {
  "envelopeBpfo", "envelopeBpfi", "envelopeBsf", "envelopeFtf"
};
static const char *const band_names[NODE_BANDS_MAX] = { "bandRMS1", "bandRMS2",
                                                        "bandRMS3",
                                                        "bandRMS4" };

/* m/s2 of a sample's step. */
static float
scale (const node_accel *a)
{
  return (float) a->driver.g_per_lsb * gravity;
}

float
node_edge_top_hz (const node_accel *a)
{
  float rate = (float) a->config.rate_hz;

  switch (a->config.kind)
    {
    case NODE_ACCEL_ADXL355: /* its filter's -3 dB */
      return rate / 4.0f;
    case NODE_ACCEL_IIS3DWB:
      return 6300.0f;
    case NODE_ACCEL_DAQ16:
      break;
    }
  return rate * 0.4f;
}

/* The first accelerometer of the same prefix: the signals are its own. */
static unsigned
head_of (const node *n, unsigned index)
{
  unsigned i = 0;

  while (strcmp (n->accels[i].config.prefix, n->accels[index].config.prefix) !=
         0)
    i++;
  return i;
}

void
node_edge_init (node *n, unsigned index)
{
  node_accel *a = &n->accels[index];
  const char *prefix = a->config.prefix;

  node_vibration_init (&a->edge.vibration, (float) a->config.rate_hz);
  if (index == 0)
    node_fft_init (&n->edge.fft);
  a->edge.first_signal = NODE_SIGNALS_MAX;
  if (head_of (n, index) != index)
    return;

  a->edge.first_signal =
      (uint8_t) node_signal_add (n, prefix, "vibrationRMS", "m/s", 0, 0.1);
  node_signal_add (n, prefix, "accelerationRMS", "m/s2", 0, 80);
  node_signal_add (n, prefix, "accelerationPeak", "m/s2", 0, 80);
  node_signal_add (n, prefix, "crestFactor", "/", 1, 100);
  node_signal_add (n, prefix, "kurtosis", "/", 1, 1000);
  for (unsigned i = 0; i < NODE_BANDS_MAX; i++)
    node_signal_add (n, prefix, band_names[i], "m/s2", 0, 80);
}

/* The fastest reaches the carriers of early faults. */
static unsigned
fastest (const node *n)
{
  unsigned best = 0;

  for (unsigned i = 1; i < n->config.n_accels; i++)
    if (n->accels[i].config.rate_hz > n->accels[best].config.rate_hz)
      best = i;
  return best;
}

void
node_edge_ready (node *n)
{
  n->edge.accel = (uint8_t) fastest (n);
  if (n->config.n_accels == 0)
    return;
  for (unsigned t = 0; t < NODE_TONES; t++)
    {
      unsigned at = node_signal_add (n, n->accels[n->edge.accel].config.prefix,
                                     tone_names[t], "m/s2", 0, 80);

      if (t == 0)
        n->edge.first_tone = (uint8_t) at;
    }
}

int
node_edge_accel_of (const node *n, unsigned signal)
{
  unsigned tone = n->edge.first_tone;

  if (n->config.n_accels > 0 && signal >= tone && signal < tone + NODE_TONES)
    return n->edge.accel;
  for (unsigned head = 0; head < n->config.n_accels; head++)
    {
      unsigned first = n->accels[head].edge.first_signal;
      unsigned band = first + NODE_EDGE_SCALARS;

      if (signal < first || signal >= band + NODE_BANDS_MAX)
        continue;
      for (unsigned i = head; i < n->config.n_accels && signal >= band; i++)
        for (unsigned k = 0; k < n->accels[i].edge.band.n; k++)
          if (head_of (n, i) == head &&
              n->accels[i].edge.band_of[k] == signal - band)
            return (int) i;
      return (int) head;
    }
  return -1;
}

static bool
band_fits (const node_accel *a, const node_band_edges *edges)
{
  return edges->high_hz <= node_edge_top_hz (a) &&
         node_band_fits (edges, (float) a->config.rate_hz);
}

bool
node_edge_band_fits (const node *n, const node_band_edges *edges)
{
  for (unsigned i = 0; i < n->config.n_accels; i++)
    if (band_fits (&n->accels[i], edges))
      return true;
  return false;
}

/* Bands of all that share @head's signals; each is measured once. */
static void
set_bands (node *n, unsigned head)
{
  bool taken[NODE_BANDS_MAX] = { false };

  for (unsigned i = head; i < n->config.n_accels; i++)
    {
      node_accel     *a = &n->accels[i];
      node_band_edges own[NODE_BANDS_MAX];
      unsigned        count = 0;

      if (head_of (n, i) != head)
        continue;
      for (unsigned b = 0; b < n->edge.n_bands; b++)
        if (!taken[b] && band_fits (a, &n->edge.bands[b]))
          {
            taken[b] = true;
            a->edge.band_of[count] = (uint8_t) b;
            own[count++] = n->edge.bands[b];
          }
      node_band_init (&a->edge.band, (float) a->config.rate_hz, own, count);
      a->edge.band_n0 = a->samples.count;
    }

  for (unsigned b = 0; b < NODE_BANDS_MAX; b++)
    node_signal_show (n,
                      n->accels[head].edge.first_signal + NODE_EDGE_SCALARS + b,
                      taken[b]);
}

/* Other bands and tones than before: their signals mean something else. */
static void
forget (node *n)
{
  for (unsigned i = 0; i < n->n_signals; i++)
    {
      int accel = node_edge_accel_of (n, i);

      if (accel >= 0 &&
          i - n->accels[head_of (n, (unsigned) accel)].edge.first_signal >=
              NODE_EDGE_SCALARS)
        node_detect_forget (n, i);
    }
}

void
node_edge_settle (node *n)
{
  node_edge        *e = &n->edge;
  const node_accel *a = &n->accels[e->accel];
  uint32_t setting = node_crc32 (0, e->bands, e->n_bands * sizeof e->bands[0]);

  if (e->has_tones)
    setting = node_crc32 (setting, &e->tones, sizeof e->tones);
  setting |= 1; /* never 0, which is before the first */
  if (setting == e->setting || n->config.n_accels == 0)
    return;
  if (e->setting != 0)
    forget (n);
  e->setting = setting;

  for (unsigned i = 0; i < n->config.n_accels; i++)
    if (head_of (n, i) == i)
      set_bands (n, i);

  if (e->has_tones)
    node_envelope_init (&e->envelope, &e->tones, (float) a->config.rate_hz,
                        scale (a) * 32768.0f);
  for (unsigned t = 0; t < NODE_TONES; t++)
    node_signal_show (n, e->first_tone + t,
                      e->has_tones && e->tones.order[t] > 0);
}

void
node_edge_gap (node *n, node_accel *a)
{
  node_vibration_gap (&a->edge.vibration);
  if (n->edge.has_tones && a == &n->accels[n->edge.accel])
    node_envelope_gap (&n->edge.envelope);
}

/* Half-overlapping segments out of the history. */
static void
add_bands (node *n, node_accel *a)
{
  node_edge_accel *e = &a->edge;
  uint64_t         oldest = node_samples_oldest (&a->samples);
  float            lsb = scale (a);

  if (e->band_n0 < oldest)
    e->band_n0 = oldest;
  while (e->band.n > 0 &&
         node_samples_held (&a->samples, e->band_n0, NODE_FFT_SIZE))
    {
      float work[NODE_FFT_WORK];

      for (unsigned at = 0; at < NODE_FFT_SIZE; at += CHUNK)
        {
          int16_t x[CHUNK];

          node_samples_read (&a->samples, 0, e->band_n0 + at, CHUNK, x);
          for (unsigned i = 0; i < CHUNK; i++)
            work[at + i] = (float) x[i] * lsb;
        }
      node_fft_power (&n->edge.fft, work);
      node_band_add (&e->band, work);
      e->band_n0 += NODE_FFT_HOP;
    }
}

/* A trip judges velocity sooner than a second is over. */
static void
add_velocity (node *n, node_accel *a, const float *x, uint32_t count)
{
  node_vibration *v = &a->edge.vibration;
  float           v2 = v->v2;
  uint32_t        n_v = v->n_v;

  node_vibration_add (v, x, count);
  node_trip_velocity (n, (unsigned) (a - n->accels), v->v2 - v2, v->n_v - n_v);
}

void
node_edge_samples (node          *n,
                   node_accel    *a,
                   const int16_t *frames,
                   uint32_t       count)
{
  bool  envelope = n->edge.has_tones && a == &n->accels[n->edge.accel];
  float unit = scale (a);

  a->edge.heard |= count > 0;
  while (count > 0)
    {
      float    x[CHUNK];
      uint32_t part = count < CHUNK ? count : CHUNK;

      for (uint32_t i = 0; i < part; i++)
        x[i] = (float) frames[(size_t) i * a->axes] * unit;
      if (a->edge.first_signal != NODE_SIGNALS_MAX)
        add_velocity (n, a, x, part);
      if (envelope)
        node_envelope_add (&n->edge.envelope, &n->edge.fft, x, part);
      frames += (size_t) part * a->axes;
      count -= part;
    }
  add_bands (n, a);
}

static void
set_scalars (node                         *n,
             unsigned                      at,
             const node_vibration_scalars *s,
             node_quality                  q)
{
  if (s->has_velocity)
    node_signal_set (n, at, s->velocity_rms, q);
  node_signal_set (n, at + 1, s->rms, q);
  node_signal_set (n, at + 2, s->peak, q);
  if (s->crest > 0)
    {
      node_signal_set (n, at + 3, s->crest, q);
      node_signal_set (n, at + 4, s->kurtosis, q);
    }
}

static void
set_bad (node *n, unsigned at, unsigned count)
{
  for (unsigned i = 0; i < count; i++)
    node_signal_set (n, at + i, 0, NODE_QUALITY_BAD);
}

static void
read_bands (node *n, node_accel *a, unsigned at, node_quality q)
{
  float level[NODE_BANDS_MAX];

  if (node_band_take (&a->edge.band, level))
    for (unsigned b = 0; b < a->edge.band.n; b++)
      node_signal_set (n, at + a->edge.band_of[b], level[b], q);
}

/* Speed, and how far of it, it may be off: two deviations. False: it is not
 * known. */
static bool
shaft (const node *n, float *hz, float *off)
{
  if (n->speed_signal >= n->n_signals ||
      n->signals[n->speed_signal].quality == NODE_QUALITY_BAD)
    return false;
  *hz = n->last_speed / 60.0f;
  *off = n->last_speed > 0 ? 2.0f * n->sensors.uncertainty / n->last_speed : 0;
  if (*off > most_off)
    *off = most_off;
  return true;
}

static void
read_tones (node *n, node_quality q)
{
  node_edge *e = &n->edge;
  float      level[NODE_TONES], hz, off;

  if (!shaft (n, &hz, &off))
    {
      node_envelope_shaft (&e->envelope, 0, 0);
      set_bad (n, e->first_tone, NODE_TONES);
      return;
    }

  node_envelope_shaft (&e->envelope, hz, off);
  if (node_envelope_take (&e->envelope, level))
    for (unsigned t = 0; t < NODE_TONES; t++)
      node_signal_set (n, e->first_tone + t, level[t], q);
}

bool
node_edge_second (node *n, node_accel *a)
{
  unsigned               index = (unsigned) (a - n->accels);
  unsigned               head = head_of (n, index);
  unsigned               at = n->accels[head].edge.first_signal;
  bool                   tones = n->edge.has_tones && index == n->edge.accel;
  bool                   heard = a->edge.heard;
  node_vibration_scalars s;
  node_quality           q = node_sensors_quality (n, a);

  a->edge.heard = false;
  if (heard)
    {
      if (index == head && node_vibration_take (&a->edge.vibration, &s))
        set_scalars (n, at, &s, q);
      read_bands (n, a, at + NODE_EDGE_SCALARS, q);
      if (tones)
        read_tones (n, q);
    }
  else if (a->running) /* not asleep by its duty: then the last values stand */
    {
      if (index == head)
        set_bad (n, at, NODE_EDGE_SCALARS);
      for (unsigned b = 0; b < a->edge.band.n; b++)
        set_bad (n, at + NODE_EDGE_SCALARS + a->edge.band_of[b], 1);
      if (tones)
        set_bad (n, n->edge.first_tone, NODE_TONES);
    }
  return heard;
}
