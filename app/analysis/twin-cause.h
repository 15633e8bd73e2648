/* SPDX-License-Identifier: Apache-2.0 */
/* twin-cause.h - "Why this peak?": what may stand behind one line, ranked
 *
 * Every cause that could put a line there is weighed against "a line that fell
 * there by chance":
 *
 *   ln weight = ln prior (simple first)
 *             + ln of the likelihood of its distance from where it should be
 *             + for each line that should come with it: ln (p / q) where it is
 *               there, ln ((1 - p) / (1 - q)) where it is missing
 *
 * p is how often the cause brings that line along, q how often chance provides
 * one (from how densely this very spectrum is filled with lines). The prior
 * falls with the order as 1 / (k (k + 1)) and by a fifth for every side band,
 * so that of two explanations the simple one wins. p and priors are
 * engineering defaults, fitted to no record. Score is the weight's share of
 * all, "not known" included: it orders, it is no probability of damage.
 *
 * Artefacts are among the causes: leakage, alias, clipping, mains pick-up and
 * a wrong speed. What the reading itself suffers from (picket fence, window)
 * is a TwinCauseReading.
 *
 * Pure functions, any thread. The same spectrum gives the same causes.
 */
#pragma once

#include "twin-machine-diagnosis.h"
#include "twin-spectrum.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_CAUSE_SHAFT, /* whole order */
  TWIN_CAUSE_SUBHARMONIC,
  TWIN_CAUSE_BEARING,
  TWIN_CAUSE_TWICE_LINE,
  TWIN_CAUSE_POLE_PASS,
  TWIN_CAUSE_BLADE_PASS,
  TWIN_CAUSE_GEAR_MESH,
  TWIN_CAUSE_BELT,
  TWIN_CAUSE_OTHER_MACHINE,
  TWIN_CAUSE_RESONANCE,
  TWIN_CAUSE_MAINS, /* artefacts from here on: picked up */
  TWIN_CAUSE_LEAKAGE,
  TWIN_CAUSE_ALIAS,
  TWIN_CAUSE_CLIPPING,
  TWIN_CAUSE_WRONG_SPEED,
  TWIN_CAUSE_UNKNOWN,
  TWIN_CAUSES,
} TwinCauseKind;

/* "shaft", "sub-harmonic", "bearing", "twice line", "pole pass", "blade pass",
 * "gear mesh", "belt", "other machine", "resonance", "mains", "leakage",
 * "alias", "clipping", "wrong speed", "unknown". */
const char *twin_cause_kind_name (TwinCauseKind kind);
gboolean    twin_cause_is_artefact (TwinCauseKind kind);

/* A line that should come with the peak. */
typedef struct
{
  char     label[16];
  double   hz;
  double   snr; /* power over the floor; 0: beyond the spectrum */
  gboolean present;
} TwinCauseLine;

#define TWIN_CAUSE_LINES_MAX 8
#define TWIN_CAUSES_MAX 12

typedef struct
{
  TwinCauseKind kind;
  char          title[80];  /* "2× outer race of 6205 + 1 side band" */
  char          family[16]; /* TwinFamily.name, "": none */
  double        expected_hz;
  double        residual_hz, residual_lines, residual_percent; /* signed */
  TwinCauseLine lines[TWIN_CAUSE_LINES_MAX]; /* none beyond the spectrum */
  size_t        n_lines, n_present;
  double        weight;    /* ln, against chance */
  double        score;     /* 0 … 1, all together 1 */
  gboolean      ruled_out; /* simple, and near, but too far off */
  char          why[256];  /* one sentence */
} TwinCause;

/* How well the line can be read at all. */
typedef struct
{
  double hz;          /* between the lines */
  double amplitude;   /* highest line, r.m.s. */
  double corrected;   /* picket fence taken out, r.m.s. */
  double loss_db;     /* what the highest line reads low, 0 to 1.42 (Hann) */
  double width_lines; /* at half power; a pure tone through Hann has 1.4 to 2 */
  double snr;
  gboolean present;    /* it stands out of the floor */
  double   nearest_hz; /* where it does not: the next within 2 % that does, or
                          NaN */
  char why[256];       /* one sentence about window and picket fence */
} TwinCauseReading;

/* What is known; 0 or NULL: not known. */
typedef struct
{
  const TwinSpectrum     *spectrum; /* amplitude, r.m.s. or peak */
  double                  rate_hz;
  TwinShaftSpeed          shaft;
  const TwinMachineFacts *facts; /* bearings, mains, teeth …, never NULL */
  const double           *neighbours_hz; /* shafts of machines near by */
  size_t                  n_neighbours;
  size_t                  clipped; /* samples at the sensor's limit */
} TwinCauseQuery;

/**
 * twin_causes_find:
 * @hz: of the peak, within 1.5 lines
 * @causes: room for TWIN_CAUSES_MAX; the likeliest first, then those ruled out
 *
 * Returns how many; 0 when the spectrum holds nothing at @hz (it has fewer
 * than 16 lines, or @hz lies outside). "unknown" is always among them.
 */
size_t twin_causes_find (const TwinCauseQuery *query,
                         double                hz,
                         TwinCause            *causes,
                         TwinCauseReading     *reading);

G_END_DECLS
