/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-shaft.h"

#include <math.h>

#include "twin-lines.h"

#define HARMONICS 5
#define NARROW 0.004
#define WIDE 0.03
#define PRESENT 3.0        /* power over floor: a line is there */
#define FAINT 0.03         /* of the other line: noise or leakage */
#define CLEAR 30.0         /* a line that contradicts must be this clear */
#define WIDE_ADVANTAGE 6.0 /* ln: what the wide comb must have more */
#define FAR 0.12
#define FARTHEST 0.3
#define MAINS_WANDER 0.002
#define FAR_ADVANTAGE 10.0

/* The mains' own comb is no shaft's, however strong. */
static gboolean
is_mains (const TwinLines *lines, double hz)
{
  static const double mains[] = { 50, 60, 100, 120 };

  for (size_t i = 0; i < G_N_ELEMENTS (mains); i++)
    {
      if (fabs (hz - mains[i]) < 2 * lines->df_hz + MAINS_WANDER * mains[i])
        return TRUE;
    }

  return FALSE;
}

/* Whether a comb within ±@reach of the speed given stands out so much that it,
 * and not the speed given, is the shaft's. Another comb may be stronger by
 * chance: it counts only where the speed given has no line of its own. */
static gboolean
find_other (const TwinLines *lines,
            double           shaft_hz,
            double           reach,
            double           advantage,
            TwinShaftCheck  *found)
{
  double strength,
      hz = twin_lines_search (lines, shaft_hz, reach, HARMONICS, &strength);
  double line = twin_lines_peak (lines, hz);
  double own_line = twin_lines_peak (lines, found->hz);

  if (fabs (hz - shaft_hz) <= NARROW * shaft_hz || line < CLEAR ||
      (own_line >= PRESENT && own_line >= line * FAINT) ||
      strength < found->strength + advantage)
    return FALSE;

  found->hz = hz;
  found->strength = strength;
  return TRUE;
}

/* The same so far off that the speed given cannot be put right. */
static gboolean
find_far (const TwinLines *lines,
          double           shaft_hz,
          double           reach,
          TwinShaftCheck  *found)
{
  TwinShaftCheck other = *found;

  if (!find_other (lines, shaft_hz, reach, FAR_ADVANTAGE, &other) ||
      is_mains (lines, other.hz))
    return FALSE;

  *found = other;
  return TRUE;
}

void
twin_shaft_check (TwinTransform  *transform,
                  const float    *samples,
                  size_t          n,
                  double          rate_hz,
                  double          shaft_hz,
                  gboolean        trusted,
                  TwinShaftCheck *out)
{
  TwinLines      lines;
  TwinShaftCheck other;

  *out = (TwinShaftCheck){ .hz = shaft_hz };

  /* Under ten turns the lines tell nothing. */
  if (shaft_hz * (double) n / rate_hz < 10 ||
      HARMONICS * shaft_hz > rate_hz / 2)
    return;

  /* Only as many lines as five harmonics of the fastest candidate need. */
  twin_lines_compute (transform, samples, n, rate_hz,
                      HARMONICS * shaft_hz * (1 + FARTHEST) + 4, &lines);

  out->hz =
      twin_lines_search (&lines, shaft_hz, NARROW, HARMONICS, &out->strength);
  for (int h = 1; h <= HARMONICS; h++)
    out->steady |= twin_lines_peak (&lines, h * out->hz) >= CLEAR;

  other = *out;
  if (find_other (&lines, shaft_hz, WIDE, WIDE_ADVANTAGE, &other))
    {
      out->corrected = TRUE;
      if (!trusted)
        {
          out->hz = other.hz;
          out->strength = other.strength;
        }
    }
  else if (!trusted && (find_far (&lines, shaft_hz, FAR, &other) ||
                        find_far (&lines, shaft_hz, FARTHEST, &other)))
    {
      out->refuted = TRUE;
      out->other_hz = other.hz;
    }
}
