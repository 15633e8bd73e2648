/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-peak-causes.h"

#include <math.h>
#include <string.h>

enum
{
  BEARINGS_MAX = 8,
};

/* By its orders; as many rolling elements as both races make together. */
static TwinBearing
bearing_of (const TwinBearingItem *item)
{
  TwinBearing bearing = { .elements = (int) round (item->bpfo + item->bpfi),
                          .given_ftf = item->ftf,
                          .given_bpfo = item->bpfo,
                          .given_bpfi = item->bpfi,
                          .given_bsf = item->bsf };

  if (item->designation != NULL)
    g_strlcpy (bearing.designation, item->designation,
               sizeof bearing.designation);
  return bearing;
}

static TwinSpeedSource
source_of (const char *word)
{
  if (g_strcmp0 (word, "tacho") == 0)
    return TWIN_SPEED_TACHO;

  return g_strcmp0 (word, "estimated") == 0 ? TWIN_SPEED_ESTIMATED
                                            : TWIN_SPEED_NAMEPLATE;
}

size_t
twin_peak_causes_find (const TwinBlockUpdate *block,
                       double                 hz,
                       TwinCause             *causes,
                       TwinCauseReading      *reading)
{
  TwinBearing      bearings[BEARINGS_MAX];
  TwinMachineFacts facts = { .bearings = bearings };
  TwinSpectrum     spectrum = { 0 };
  TwinCauseQuery   query = { .spectrum = &spectrum, .facts = &facts };

  memset (reading, 0, sizeof *reading);
  if (block == NULL)
    return 0;

  spectrum.lines = block->spectrum;
  spectrum.n_lines = block->n_lines;
  spectrum.df_hz = block->df_hz;
  spectrum.window = TWIN_WINDOW_HANN;
  spectrum.scale = TWIN_SCALE_RMS;
  facts.line_hz = block->facts.line_hz;
  facts.pole_pairs = block->facts.pole_pairs;
  facts.blades = block->facts.blades;
  facts.teeth = block->facts.teeth;
  facts.other_teeth = block->facts.other_teeth;
  facts.pulley_mm = block->facts.pulley_mm;
  facts.belt_mm = block->facts.belt_mm;
  for (guint i = 0;
       i < block->facts.bearings->len && facts.n_bearings < BEARINGS_MAX; i++)
    bearings[facts.n_bearings++] =
        bearing_of (&g_array_index (block->facts.bearings, TwinBearingItem, i));

  query.rate_hz = block->rate_hz;
  query.shaft.hz = block->shaft_hz > 0 ? block->shaft_hz : 0;
  query.shaft.source = source_of (block->speed_source);
  query.neighbours_hz = (const double *) block->facts.neighbours_hz->data;
  query.n_neighbours = block->facts.neighbours_hz->len;
  query.clipped = (size_t) block->clipped_samples;
  return twin_causes_find (&query, hz, causes, reading);
}
