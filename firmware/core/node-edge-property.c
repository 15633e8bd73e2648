/* SPDX-License-Identifier: Apache-2.0
 *
 * node-edge-property.c - bands and tones: desired and reported
 */
#include "node-private.h"

#include <string.h>

static const char *const order_names[NODE_TONES] = { "bpfo", "bpfi", "bsf",
                                                     "ftf" };

/* [low, high] in Hz */
static bool
read_edges (node_cbor_reader *at, node_band_edges *out)
{
  uint64_t count;
  double   low, high;

  if (!node_cbor_get_array (at, &count) || count != 2 ||
      !node_cbor_get_f64 (at, &low) || !node_cbor_get_f64 (at, &high))
    return false;
  out->low_hz = (float) low;
  out->high_hz = (float) high;
  return true;
}

static void
write_edges (node_cbor_writer *w, const node_band_edges *edges)
{
  node_cbor_put_array (w, 2);
  node_cbor_put_f64 (w, (double) edges->low_hz);
  node_cbor_put_f64 (w, (double) edges->high_hz);
}

/* Of the accelerometers, each its own. */
static void
default_bands (node *n)
{
  node_edge *e = &n->edge;

  e->n_bands = 0;
  for (unsigned i = 0; i < n->config.n_accels; i++)
    {
      const node_accel *a = &n->accels[i];
      node_band_edges   own[NODE_BANDS_MAX];
      unsigned          count = node_band_defaults ((float) a->config.rate_hz,
                                                    node_edge_top_hz (a), own);

      for (unsigned k = 0; k < count && e->n_bands < NODE_BANDS_MAX; k++)
        {
          bool known = false;

          for (unsigned b = 0; b < e->n_bands; b++)
            known |= e->bands[b].low_hz == own[k].low_hz;
          if (!known)
            e->bands[e->n_bands++] = own[k];
        }
    }
}

void
node_bands_reset (node *n)
{
  default_bands (n);
}

const char *
node_bands_read (node *n, const node_cbor_reader *value)
{
  node_cbor_reader at = *value;
  node_band_edges  bands[NODE_BANDS_MAX];
  uint64_t         count;

  if (!node_cbor_get_array (&at, &count))
    return "malformed";
  if (count > NODE_BANDS_MAX)
    return "too many";
  for (unsigned i = 0; i < count; i++)
    {
      if (!read_edges (&at, &bands[i]))
        return "malformed";
      if (!node_edge_band_fits (n, &bands[i]))
        return "out of range";
    }

  n->edge.n_bands = (unsigned) count;
  memcpy (n->edge.bands, bands, sizeof bands);
  return NULL;
}

void
node_bands_write (const node *n, node_cbor_writer *w)
{
  node_cbor_put_array (w, n->edge.n_bands);
  for (unsigned i = 0; i < n->edge.n_bands; i++)
    write_edges (w, &n->edge.bands[i]);
}

void
node_tones_reset (node *n)
{
  n->edge.has_tones = false;
}

const char *
node_tones_read (node *n, const node_cbor_reader *value)
{
  const node_accel *a = &n->accels[n->edge.accel];
  node_tones        tones = { { 0 }, 0, 0 };
  node_cbor_reader  at;
  bool              any = false;

  if (n->config.n_accels == 0)
    return "no accelerometer";
  for (unsigned t = 0; t < NODE_TONES; t++)
    {
      double order = 0;

      if (node_cbor_find (value, order_names[t], &at) &&
          !node_cbor_get_f64 (&at, &order))
        return "malformed";
      tones.order[t] = (float) order;
      any |= order > 0;
    }
  if (!any)
    return "malformed";

  node_envelope_default_band (&tones, node_edge_top_hz (a));
  if (node_cbor_find (value, "band", &at))
    {
      node_band_edges edges;

      if (!read_edges (&at, &edges))
        return "malformed";
      tones.low_hz = edges.low_hz;
      tones.high_hz = edges.high_hz;
    }
  if (!node_envelope_fits (&tones, (float) a->config.rate_hz))
    return "out of range";

  n->edge.tones = tones;
  n->edge.has_tones = true;
  return NULL;
}

bool
node_tones_has (const node *n)
{
  return n->edge.has_tones;
}

void
node_tones_write (const node *n, node_cbor_writer *w)
{
  /* In order of their encoding. */
  static const node_tone first[] = { NODE_TONE_BSF, NODE_TONE_FTF };
  static const node_tone second[] = { NODE_TONE_BPFI, NODE_TONE_BPFO };
  const node_tones      *t = &n->edge.tones;
  node_band_edges        edges = { t->low_hz, t->high_hz };

  node_cbor_put_map (w, NODE_TONES + 1);
  for (unsigned i = 0; i < 2; i++)
    {
      node_cbor_put_text (w, order_names[first[i]]);
      node_cbor_put_f64 (w, (double) t->order[first[i]]);
    }
  node_cbor_put_text (w, "band");
  write_edges (w, &edges);
  for (unsigned i = 0; i < 2; i++)
    {
      node_cbor_put_text (w, order_names[second[i]]);
      node_cbor_put_f64 (w, (double) t->order[second[i]]);
    }
}
