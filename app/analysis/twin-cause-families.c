/* SPDX-License-Identifier: Apache-2.0 */
/* twin-cause-families.c - lines that a machine, or its neighbour, makes */
#include "twin-cause-private.h"

#include <math.h>

#define ORDERS 20
#define SUB_ORDERS 10
#define TONES 8
#define SIDES 2
#define SHAFT_SPREAD 0.001 /* a speed is never quite still */
#define SLIP 0.01          /* of a rolling bearing, about its half way */
#define SLIP_SPREAD 0.007
#define MAINS_SPREAD 0.001

#define PRIOR_SHAFT 1.0
#define PRIOR_SUBHARMONIC 0.1
#define PRIOR_BEARING 0.3
#define PRIOR_TWICE_LINE 0.5
#define PRIOR_POLE_PASS 0.1
#define PRIOR_BLADE 0.5
#define PRIOR_GEAR 0.5
#define PRIOR_BELT 0.3
#define PRIOR_OTHER 0.1
#define PRIOR_RESONANCE 0.1
#define MODE_KNOWN 3.0 /* ln: a hump of the floor is under the peak */
#define BROAD_LINES 4  /* at half power: no tone */

static TwinCauseCandidate
candidate_new (TwinCauseKind kind, const char *family, double expected_hz)
{
  TwinCauseCandidate candidate = { 0 };

  candidate.cause.kind = kind;
  candidate.cause.expected_hz = expected_hz;
  g_strlcpy (candidate.cause.family, family, sizeof candidate.cause.family);
  return candidate;
}

static void set_title (TwinCauseCandidate *candidate, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static void
set_title (TwinCauseCandidate *candidate, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_vsnprintf (candidate->cause.title, sizeof candidate->cause.title, format,
               args);
  va_end (args);
}

/* " - 2 side bands", "" for 0. */
static const char *
side_text (int side, char *text, size_t size)
{
  text[0] = '\0';
  if (side != 0)
    g_snprintf (text, size, " %c %d side band%s", side > 0 ? '+' : '-',
                abs (side), abs (side) > 1 ? "s" : "");
  return text;
}

/* --- shaft -------------------------------------------------------------------
 */

static void
try_orders (TwinCauseSearch *search,
            TwinCauseKind    kind,
            const char      *family,
            const char      *of,
            double           shaft,
            int              orders,
            double           prior)
{
  int nearest = (int) MAX (1, round (search->hz / shaft));

  for (int k = MAX (1, nearest - 1); k <= MIN (nearest + 1, orders); k++)
    {
      TwinCauseCandidate c = candidate_new (kind, family, k * shaft);

      set_title (&c, "%d× %s", k, of);
      c.prior = prior * twin_cause_order_prior (k, 0);
      c.sigma_hz = SHAFT_SPREAD * k * shaft;
      c.reach_hz = SHAFT_SPREAD * k * shaft;
      c.simple = k <= 3;
      /* That the shaft turns says nothing of a high order; its neighbours
       * do. */
      twin_cause_expect (search, &c, shaft, k <= 3 ? 0.9 : TWIN_CAUSE_NEEDED,
                         "1×");
      if (k <= 3)
        {
          twin_cause_expect (search, &c, 2 * shaft, 0.6, "2×");
          twin_cause_expect (search, &c, 3 * shaft, 0.5, "3×");
        }
      for (int i = 1; k > 3 && i <= 2; i++)
        {
          twin_cause_expect (search, &c, (k - i) * shaft, 0.8, "%d×", k - i);
          twin_cause_expect (search, &c, (k + i) * shaft, 0.8, "%d×", k + i);
        }
      twin_cause_consider (search, &c);
    }
}

void
twin_cause_try_shaft (TwinCauseSearch *search)
{
  double shaft = search->shaft_hz;
  int    half;

  if (isnan (shaft))
    return;

  try_orders (search, TWIN_CAUSE_SHAFT, "Shaft", "shaft", shaft, ORDERS,
              PRIOR_SHAFT);

  half = 2 * (int) floor (search->hz / shaft) + 1;
  if (half < 2 * SUB_ORDERS)
    {
      TwinCauseCandidate c =
          candidate_new (TWIN_CAUSE_SUBHARMONIC, "Shaft", half * shaft / 2);

      set_title (&c, "%.0d½× shaft: looseness or rub", half / 2);
      c.prior = PRIOR_SUBHARMONIC * twin_cause_order_prior ((half + 1) / 2, 0);
      c.sigma_hz = c.reach_hz = SHAFT_SPREAD * half * shaft / 2;
      c.simple = half <= 3;
      twin_cause_expect (search, &c, shaft, TWIN_CAUSE_NEEDED, "1×");
      twin_cause_expect (search, &c, shaft / 2, 0.7, "½×");
      twin_cause_expect (search, &c, 1.5 * shaft, 0.7, "1½×");
      twin_cause_expect (search, &c, 2.5 * shaft, 0.6, "2½×");
      twin_cause_expect (search, &c, 3.5 * shaft, 0.5, "3½×");
      twin_cause_consider (search, &c);
    }
}

/* --- bearings ----------------------------------------------------------------
 */

typedef struct
{
  const char *family, *what;
  double      order, side; /* of the shaft */
} Tone;

static void
try_tone (TwinCauseSearch   *search,
          const TwinBearing *bearing,
          const Tone        *tone,
          int                k,
          int                side)
{
  double             f0 = tone->order * search->shaft_hz * (1 - SLIP);
  double             spacing = tone->side * search->shaft_hz;
  double             expected = k * f0 + side * spacing, base;
  char               text[24];
  TwinCauseCandidate c;

  if (fabs (search->hz - expected) >
      MAX (4 * SLIP_SPREAD * k * f0, 3 * search->df_hz))
    return;

  c = candidate_new (TWIN_CAUSE_BEARING, tone->family, expected);
  set_title (&c, "%d× %s%s%s%s", k, tone->what,
             bearing->designation[0] != '\0' ? " of " : "",
             bearing->designation, side_text (side, text, sizeof text));
  c.prior = PRIOR_BEARING * twin_cause_order_prior (k, abs (side));
  c.sigma_hz = SLIP_SPREAD * k * f0;
  c.simple = k == 1 && side == 0;
  /* The peak says how much it slips; the others slip as much. */
  base = (search->hz - side * spacing) / k;
  for (int i = 1; i <= 4; i++)
    twin_cause_expect (search, &c, i * base, 0.65, "%d× %s", i, tone->family);
  if (tone->side > 0)
    {
      twin_cause_expect (search, &c, k * base - spacing, 0.6, "- side");
      twin_cause_expect (search, &c, k * base + spacing, 0.6, "+ side");
    }
  twin_cause_consider (search, &c);
}

void
twin_cause_try_bearings (TwinCauseSearch *search)
{
  const TwinMachineFacts *facts = search->query->facts;

  if (isnan (search->shaft_hz))
    return;

  for (size_t b = 0; b < facts->n_bearings; b++)
    {
      TwinBearingOrders orders;
      Tone              tones[4];

      if (!twin_bearing_orders (&facts->bearings[b], &orders, NULL))
        continue;

      tones[0] = (Tone){ "BPFO", "outer race", orders.bpfo, 0 };
      tones[1] = (Tone){ "BPFI", "inner race", orders.bpfi, 1 };
      tones[2] =
          (Tone){ "2×BSF", "rolling element", 2 * orders.bsf, orders.ftf };
      tones[3] = (Tone){ "FTF", "cage", orders.ftf, 0 };
      for (size_t i = 0; i < G_N_ELEMENTS (tones); i++)
        {
          int sides = tones[i].side > 0 ? SIDES : 0;

          for (int k = 1; k <= TONES; k++)
            {
              for (int side = -sides; side <= sides; side++)
                try_tone (search, &facts->bearings[b], &tones[i], k, side);
            }
        }
    }
}

/* --- electric ----------------------------------------------------------------
 */

static void
try_pole_pass (TwinCauseSearch *search, double line, int pairs)
{
  double slip = line / pairs - search->shaft_hz;
  double pass = 2 * pairs * slip;
  const struct
  {
    const char *name;
    double      hz;
  } carriers[] = { { "1×", search->shaft_hz }, { "2 × line", 2 * line } };

  if (!(slip > 0) || slip > 0.06 * line / pairs || pass < 3 * search->df_hz)
    return;

  for (size_t i = 0; i < G_N_ELEMENTS (carriers); i++)
    {
      for (int side = -SIDES; side <= SIDES; side++)
        {
          double             hz = carriers[i].hz + side * pass;
          TwinCauseCandidate c;

          if (side == 0)
            continue;
          c = candidate_new (TWIN_CAUSE_POLE_PASS, "", hz);
          set_title (&c, "%s %c %d× pole pass (%.2f Hz): rotor bars or air gap",
                     carriers[i].name, side > 0 ? '+' : '-', abs (side), pass);
          c.prior =
              PRIOR_POLE_PASS * twin_cause_order_prior (1, abs (side) - 1);
          twin_cause_expect (search, &c, carriers[i].hz, TWIN_CAUSE_NEEDED,
                             "%s", carriers[i].name);
          twin_cause_expect (search, &c, carriers[i].hz - side * pass, 0.8,
                             "mirror");
          if (abs (side) > 1)
            twin_cause_expect (search, &c, carriers[i].hz + side / 2 * pass,
                               0.9, "first");
          twin_cause_consider (search, &c);
        }
    }
}

void
twin_cause_try_electric (TwinCauseSearch *search)
{
  double line = search->query->facts->line_hz;

  if (!(line > 0))
    return;

  for (int k = 1; k <= 4; k++)
    {
      TwinCauseCandidate c =
          candidate_new (TWIN_CAUSE_TWICE_LINE, "Mains", 2 * k * line);

      set_title (&c, "%d × twice the line: magnetic force", k);
      c.prior = PRIOR_TWICE_LINE * twin_cause_order_prior (k, 0);
      c.sigma_hz = c.reach_hz = MAINS_SPREAD * 2 * k * line;
      c.simple = k == 1;
      twin_cause_expect (search, &c, 2 * line, 0.9, "2 × line");
      twin_cause_expect (search, &c, 4 * line, 0.4, "4 × line");
      twin_cause_consider (search, &c);
    }

  if (search->query->facts->pole_pairs > 0 && search->shaft_hz > 0)
    try_pole_pass (search, line, search->query->facts->pole_pairs);
}

/* --- blades, gears, belts ----------------------------------------------------
 */

static void
try_carrier (TwinCauseSearch *search,
             TwinCauseKind    kind,
             const char      *of,
             double           f0,
             double           spacing,
             double           prior)
{
  for (int k = 1; k <= 4; k++)
    {
      for (int side = -3; side <= 3; side++)
        {
          double             expected = k * f0 + side * spacing;
          char               text[24];
          TwinCauseCandidate c;

          if (fabs (search->hz - expected) >
              MAX (4 * SHAFT_SPREAD * expected, 3 * search->df_hz))
            continue;

          c = candidate_new (kind, "", expected);
          set_title (&c, "%d× %s%s", k, of,
                     side_text (side, text, sizeof text));
          c.prior = prior * twin_cause_order_prior (k, abs (side));
          c.sigma_hz = c.reach_hz = SHAFT_SPREAD * expected;
          c.simple = k == 1 && side == 0;
          twin_cause_expect (search, &c, f0, 0.9, "1× %s", of);
          twin_cause_expect (search, &c, k * f0, 0.9, "%d× %s", k, of);
          twin_cause_expect (search, &c, 2 * f0, 0.5, "2× %s", of);
          twin_cause_expect (search, &c, k * f0 - spacing, 0.4, "- side");
          twin_cause_expect (search, &c, k * f0 + spacing, 0.4, "+ side");
          if (side != 0)
            twin_cause_expect (search, &c, k * f0 - side * spacing, 0.7,
                               "mirror");
          twin_cause_consider (search, &c);
        }
    }
}

static void
try_belt (TwinCauseSearch *search, double f0)
{
  for (int k = 1; k <= 6; k++)
    {
      TwinCauseCandidate c = candidate_new (TWIN_CAUSE_BELT, "", k * f0);

      set_title (&c, "%d× belt", k);
      c.prior = PRIOR_BELT * twin_cause_order_prior (k, 0);
      /* It creeps by up to 1 %. */
      c.sigma_hz = c.reach_hz = 0.005 * k * f0;
      c.simple = k <= 2;
      for (int i = 1; i <= 4; i++)
        twin_cause_expect (search, &c, search->hz * i / k, 0.65, "%d× belt", i);
      twin_cause_consider (search, &c);
    }
}

void
twin_cause_try_drives (TwinCauseSearch *search)
{
  const TwinMachineFacts *facts = search->query->facts;
  double                  shaft = search->shaft_hz;

  if (isnan (shaft))
    return;

  if (facts->blades > 1)
    try_carrier (search, TWIN_CAUSE_BLADE_PASS, "blade", facts->blades * shaft,
                 shaft, PRIOR_BLADE);
  if (facts->teeth > 4)
    {
      double mesh = facts->teeth * shaft;

      try_carrier (search, TWIN_CAUSE_GEAR_MESH, "mesh", mesh, shaft,
                   PRIOR_GEAR);
      if (facts->other_teeth > 0)
        try_carrier (search, TWIN_CAUSE_GEAR_MESH, "mesh", mesh,
                     mesh / facts->other_teeth, PRIOR_GEAR);
    }
  if (facts->pulley_mm > 0 && facts->belt_mm > 0)
    try_belt (search, G_PI * facts->pulley_mm * shaft / facts->belt_mm);
}

/* --- others ------------------------------------------------------------------
 */

/* Lines at half the power of the peak; 0: it has no top of its own. */
static size_t
width_of (const TwinCauseSearch *search)
{
  const double *power = search->view.power;
  size_t k = (size_t) lround (search->hz / search->df_hz), lo = k, hi = k;

  if (power[k] < power[k - 1] || power[k] < power[k + 1])
    return 0;
  while (lo > 2 && power[lo - 1] > power[k] / 2)
    lo--;
  while (hi + 2 < search->view.n && power[hi + 1] > power[k] / 2)
    hi++;
  return hi - lo + 1;
}

static void
try_resonance (TwinCauseSearch *search)
{
  TwinCauseCandidate c = candidate_new (TWIN_CAUSE_RESONANCE, "", search->hz);
  size_t             width = width_of (search);
  double             peak = search->amplitude * search->amplitude;
  TwinMode           mode;

  g_strlcpy (c.cause.title, "Noise through a resonance", sizeof c.cause.title);
  c.prior = PRIOR_RESONANCE;
  if (twin_line_view_mode (&search->view, search->hz, &mode))
    {
      size_t k = (size_t) lround (search->hz / search->df_hz);
      double over = peak / MAX (mode.level, search->view.floor[k]);

      /* A tone on a mode stands out of its noise, and has a cause of its own.
       */
      c.extra = over < TWIN_LINE_PRESENT ? MODE_KNOWN : -MODE_KNOWN;
      c.sigma_hz = mode.width_hz;
      g_snprintf (c.cause.why, sizeof c.cause.why,
                  "The floor has a mode at %.1f Hz, %.1f Hz wide, %.1f times "
                  "as high as beside it; the peak stands %.0f dB over that "
                  "noise (a tone: 12 dB and more).",
                  mode.hz, mode.width_hz, mode.amplification,
                  10 * log10 (MAX (over, 1e-3)));
    }
  else if (search->present && width >= BROAD_LINES)
    {
      c.sigma_hz = (double) width * search->df_hz;
      g_snprintf (c.cause.why, sizeof c.cause.why,
                  "The peak is %zu lines wide at half its power, which no "
                  "tone is.",
                  width);
    }
  else
    return;

  twin_cause_consider (search, &c);
}

void
twin_cause_try_others (TwinCauseSearch *search)
{
  for (size_t i = 0; i < search->query->n_neighbours; i++)
    {
      double hz = search->query->neighbours_hz[i];
      char   of[48];

      if (!(hz > 3 * search->df_hz) || hz > search->top_hz)
        continue;
      g_snprintf (of, sizeof of, "of a machine near by (%.2f Hz)", hz);
      try_orders (search, TWIN_CAUSE_OTHER_MACHINE, "", of, hz, 6, PRIOR_OTHER);
    }

  try_resonance (search);
}
