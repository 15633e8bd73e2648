/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-rotor.c - unbalance, misalignment, bent shaft, looseness */
#include "twin-machine-private.h"

#include <math.h>

#define DOMINANT 0.8    /* 1× of all the velocity */
#define HALF 0.5        /* 2× of 1×, axial of radial */
#define DIRECTIONAL 6.0 /* one radial direction over the other */
#define HALVES 10       /* ½× to 9½× */
#define HALVES_NEEDED 3
#define WHOLE_NEEDED 5
#define MANY_WHOLE 7
#define OPPOSITE_DEG 60.0

static double
root_sum (double a, double b, double c)
{
  return sqrt (a * a + b * b + c * c);
}

static double
first_three (const TwinMachineCase *c, int axis)
{
  const double *order = c->levels->order_mm_s[axis];

  return root_sum (order[0], order[1], order[2]);
}

/* Whether 1× (or 2×) could be the mains' own. */
static void
check_mains (const TwinMachineCase *c, int order, TwinMachineFinding *finding)
{
  static const double mains[] = { 50, 60 };
  double              given = c->facts->line_hz;

  for (size_t i = 0; i < (given > 0 ? 1 : G_N_ELEMENTS (mains)); i++)
    {
      double line = order * (given > 0 ? given : mains[i]);
      double hz = order * c->shaft_hz;

      if (twin_machine_case_resolves (c, hz, line))
        continue;

      twin_machine_check (finding, TWIN_CHECK_NOT_DONE,
                          "Not the mains? %d× at %.2f Hz cannot be told from "
                          "%.0f Hz at a resolution of %.3f Hz",
                          order, hz, line, c->df_hz);
      twin_machine_needs (finding, "a record of %.0f s or another speed",
                          4 / MAX (fabs (hz - line), 1e-3));
      return;
    }

  twin_machine_check (finding, TWIN_CHECK_PASSED,
                      "Not the mains? %d× at %.2f Hz stands apart from the "
                      "mains' lines",
                      order, order * c->shaft_hz);
}

static void
check_steady (const TwinMachineCase *c, TwinMachineFinding *finding)
{
  gboolean steady =
      c->unsteady <= CASE_AMPLITUDE_STEADY && !(c->coherence < CASE_COHERENT);

  if (isnan (c->unsteady))
    twin_machine_check (finding, TWIN_CHECK_NOT_DONE,
                        "Steady? The record is too short to tell");
  else if (isnan (c->coherence))
    twin_machine_check (finding, steady ? TWIN_CHECK_PASSED : TWIN_CHECK_FAILED,
                        "Steady? 1× varies by %.0f %% over the record",
                        100 * c->unsteady);
  else
    twin_machine_check (finding, steady ? TWIN_CHECK_PASSED : TWIN_CHECK_FAILED,
                        "Steady? 1× varies by %.0f %%, its phase between the "
                        "radial axes is coherent to %.2f",
                        100 * c->unsteady, c->coherence);
}

static void
check_not_axial (const TwinMachineCase *c,
                 double                 radial,
                 TwinMachineFinding    *finding)
{
  double axial = c->levels->order_mm_s[TWIN_MACHINE_AXIAL][0];

  if (!twin_machine_case_has (c, TWIN_MACHINE_AXIAL))
    {
      twin_machine_check (finding, TWIN_CHECK_NOT_DONE,
                          "Not a bent shaft? The axial direction is not "
                          "measured");
      twin_machine_needs (finding, "the axial direction");
      return;
    }

  twin_machine_check (finding,
                      axial < HALF * radial ? TWIN_CHECK_PASSED
                                            : TWIN_CHECK_FAILED,
                      "Not a bent shaft? Axial 1× is %.0f %% of radial",
                      100 * axial / radial);
}

void
twin_machine_rule_unbalance (const TwinMachineCase *c,
                             TwinMachineFinding    *finding)
{
  const TwinMachineLevels *levels = c->levels;
  double                   firsts[TWIN_MACHINE_AXES] = { 0 };
  double                   level, share, usual;
  int                      axis;
  TwinMachineLine          line;
  TwinAnswer               gate;

  for (int i = 0; i < TWIN_MACHINE_AXES; i++)
    {
      firsts[i] = levels->order_mm_s[i][0];
      if (twin_machine_case_has (c, i))
        twin_machine_case_line (c, i, c->shaft_hz, finding, "1×");
    }

  axis = twin_machine_case_radial (c, firsts);
  if (axis < 0)
    {
      finding->answer = TWIN_ANSWER_NOT_ASSIGNABLE;
      twin_machine_why (finding, "No radial direction is measured.");
      twin_machine_needs (finding, "a radial direction");
      return;
    }

  line = twin_machine_case_line (c, axis, c->shaft_hz, NULL, NULL);
  level = firsts[axis];
  share = level / MAX (levels->velocity_mm_s[axis], 1e-12);
  usual = c->facts->usual != NULL ? c->facts->usual->order_mm_s[axis][0] : NAN;
  gate = twin_machine_case_gate (c, level, usual, finding);
  twin_machine_why (finding,
                    "1× at %.2f Hz is %.2f mm/s, %.0f %% of the velocity in "
                    "%c; the limit is %.1f mm/s.",
                    c->shaft_hz, level, 100 * MIN (share, 1), 'x' + axis,
                    finding->limit_mm_s);
  if (gate == TWIN_ANSWER_NONE || !line.present || share < DOMINANT)
    return;

  check_mains (c, 1, finding);
  check_not_axial (c, level, finding);
  twin_machine_check_mode (c, axis, c->shaft_hz, finding);
  check_steady (c, finding);
  if (twin_machine_case_has (c, 1 - axis))
    {
      double ratio = level / MAX (firsts[1 - axis], 1e-12);

      twin_machine_check (finding,
                          ratio <= DIRECTIONAL ? TWIN_CHECK_PASSED
                                               : TWIN_CHECK_FAILED,
                          "Not a weak support? %c is %.1f times %c", 'x' + axis,
                          MIN (ratio, 999), 'y' - axis);
    }
  twin_machine_settle (finding, gate);

  /* An axial 1× as large is the bent shaft's, and named there. */
  if (levels->order_mm_s[TWIN_MACHINE_AXIAL][0] >= HALF * level)
    finding->answer = TWIN_ANSWER_NONE;
}

/* Angle of 1× between the axial directions of both ends, degrees, 0 to 180. */
static double
phase_between_ends (const TwinMachineCase *c)
{
  double        re[2] = { 0 }, im[2] = { 0 };
  const double *x[2] = { c->record->axes[TWIN_MACHINE_AXIAL],
                         c->record->far_axial };
  /* Whole turns: what is constant falls out. */
  double turns = floor ((double) c->n / c->record->rate_hz * c->shaft_hz);
  size_t n = (size_t) (turns / c->shaft_hz * c->record->rate_hz);
  double angle;

  for (size_t i = 0; i < n; i++)
    {
      double theta =
          2 * G_PI * fmod (c->shaft_hz * (double) i / c->record->rate_hz, 1);

      for (int end = 0; end < 2; end++)
        {
          re[end] += x[end][i] * cos (theta);
          im[end] -= x[end][i] * sin (theta);
        }
    }

  angle = atan2 (im[0], re[0]) - atan2 (im[1], re[1]);
  return fabs (remainder (angle, 2 * G_PI)) * 180 / G_PI;
}

void
twin_machine_rule_bent_shaft (const TwinMachineCase *c,
                              TwinMachineFinding    *finding)
{
  const int       axial = TWIN_MACHINE_AXIAL;
  double          radial = 0, first, second, usual;
  TwinMachineLine line;
  TwinAnswer      gate;

  if (!twin_machine_case_has (c, axial))
    {
      finding->answer = TWIN_ANSWER_NOT_ASSIGNABLE;
      twin_machine_why (finding, "The axial direction is not measured.");
      twin_machine_needs (finding, "the axial direction");
      return;
    }

  for (int i = 0; i < axial; i++)
    {
      if (twin_machine_case_has (c, i))
        radial = MAX (radial, c->levels->order_mm_s[i][0]);
    }

  first = c->levels->order_mm_s[axial][0];
  second = c->levels->order_mm_s[axial][1];
  line = twin_machine_case_line (c, axial, c->shaft_hz, finding, "1× axial");
  twin_machine_case_line (c, axial, 2 * c->shaft_hz, finding, "2× axial");
  usual = c->facts->usual != NULL ? c->facts->usual->order_mm_s[axial][0] : NAN;
  gate =
      twin_machine_case_gate (c, root_sum (first, second, 0), usual, finding);
  twin_machine_why (finding,
                    "Axial 1× is %.2f mm/s (radial %.2f), axial 2× %.2f; the "
                    "limit is %.1f mm/s.",
                    first, radial, second, finding->limit_mm_s);
  if (gate == TWIN_ANSWER_NONE || !line.present || first < HALF * radial ||
      first < second)
    return;

  if (c->views[CASE_FAR].n > 0)
    {
      double angle = phase_between_ends (c);

      twin_machine_check (finding,
                          angle >= 180 - OPPOSITE_DEG ? TWIN_CHECK_PASSED
                                                      : TWIN_CHECK_FAILED,
                          "Do both ends swing against each other? Axial 1× "
                          "differs by %.0f° between the ends",
                          angle);
      if (angle < OPPOSITE_DEG)
        gate = TWIN_ANSWER_NONE;
    }
  else
    {
      twin_machine_check (finding, TWIN_CHECK_NOT_DONE,
                          "Not misalignment? Axial phase at the other end is "
                          "not measured");
      twin_machine_needs (finding, "axial phase at both ends of the shaft");
    }

  check_mains (c, 1, finding);
  twin_machine_check_mode (c, axial, c->shaft_hz, finding);
  twin_machine_settle (finding, gate);
}

/* --- looseness ---------------------------------------------------------------
 */

typedef struct
{
  int    axis, halves, whole, explained;
  double level, high; /* of halves; of 3× to 10× */
} Series;

/* A tone of the machine's other shaft or of a bearing within a line of @hz. */
static gboolean
is_explained (const TwinMachineCase *c, double hz)
{
  double other = twin_machine_other_shaft (c->facts, c->shaft_hz);

  if (other > 0 && fabs (hz - round (hz / other) * other) < 1.5 * c->df_hz)
    return TRUE;

  for (size_t i = 0; i < c->facts->n_bearings; i++)
    {
      TwinBearingOrders orders;
      double            tones[4];

      if (!twin_bearing_orders (&c->facts->bearings[i], &orders, NULL))
        continue;

      tones[0] = orders.bpfo;
      tones[1] = orders.bpfi;
      tones[2] = 2 * orders.bsf;
      tones[3] = orders.ftf;
      for (size_t k = 0; k < G_N_ELEMENTS (tones); k++)
        {
          double tone = tones[k] * c->shaft_hz;
          double of = MAX (1, round (hz / tone));

          /* Rolling elements slip by 2 % at most. */
          if (of <= 3 && hz <= of * tone * 1.002 && hz >= of * tone * 0.98)
            return TRUE;
        }
    }

  return FALSE;
}

static Series
find_series (const TwinMachineCase *c, int axis)
{
  Series series = { .axis = axis };
  double sum = 0, high = 0;

  for (int i = 1; i <= 2 * HALVES; i++)
    {
      double          hz = c->shaft_hz * i / 2;
      TwinMachineLine line = twin_machine_case_line (c, axis, hz, NULL, NULL);
      double          power = line.velocity_mm_s * line.velocity_mm_s;

      if (!line.present)
        continue;

      if (i % 2 == 0)
        {
          series.whole++;
          high += i >= 6 ? power : 0;
        }
      else if (is_explained (c, line.hz))
        series.explained++;
      else
        {
          series.halves++;
          sum += power;
        }
    }

  series.level = sqrt (sum);
  series.high = sqrt (high);
  return series;
}

static void
list_series (const TwinMachineCase *c, int axis, TwinMachineFinding *finding)
{
  for (int i = 1; i <= 2 * HALVES; i++)
    {
      double          hz = c->shaft_hz * i / 2;
      TwinMachineLine line = twin_machine_case_line (c, axis, hz, NULL, NULL);
      char            label[16];

      if (i % 2 == 0)
        g_snprintf (label, sizeof label, "%d×", i / 2);
      else
        g_snprintf (label, sizeof label, "%.0d½×", i / 2);
      if (line.present || i <= 8)
        twin_machine_case_line (c, axis, hz, finding, label);
    }
}

/* Without half orders: many strong multiples, which is not enough to name. */
static void
judge_multiples (const TwinMachineCase *c,
                 const Series          *series,
                 TwinMachineFinding    *finding)
{
  double     low = root_sum (c->levels->order_mm_s[series->axis][0],
                             c->levels->order_mm_s[series->axis][1], 0);
  TwinAnswer gate = twin_machine_case_gate (c, series->high, NAN, finding);

  twin_machine_why (finding,
                    "%d of %d half orders and %d of 10 multiples of the shaft "
                    "stand out in %c; 3× to 10× are %.2f mm/s.",
                    series->halves, HALVES, series->whole, 'x' + series->axis,
                    series->high);
  if (gate == TWIN_ANSWER_NONE || series->whole < MANY_WHOLE ||
      series->high < low)
    return;

  twin_machine_check (finding, TWIN_CHECK_FAILED,
                      "Half orders, as looseness in a bearing's seat or rubs "
                      "make them? %d of %d",
                      series->halves, HALVES);
  twin_machine_needs (finding, "a look at feet, bolts and bearing seats");
  twin_machine_settle (finding, gate);
}

void
twin_machine_rule_looseness (const TwinMachineCase *c,
                             TwinMachineFinding    *finding)
{
  Series     best = { .axis = -1 };
  TwinAnswer gate;
  double     usual = 0;

  for (int axis = 0; axis < TWIN_MACHINE_AXES; axis++)
    {
      Series series;

      if (!twin_machine_case_has (c, axis))
        continue;
      series = find_series (c, axis);
      if (best.axis < 0 || series.level > best.level)
        best = series;
    }

  list_series (c, best.axis, finding);
  if (best.halves < HALVES_NEEDED || best.whole < WHOLE_NEEDED)
    {
      judge_multiples (c, &best, finding);
      return;
    }

  if (c->facts->usual != NULL && c->facts->usual->halves_mm_s[best.axis] > 0)
    usual = c->facts->usual->halves_mm_s[best.axis];
  gate = twin_machine_case_gate (c, best.level, usual, finding);
  twin_machine_why (finding,
                    "%d of %d half orders (%.2f mm/s together, a sound "
                    "machine has none) and %d of 10 multiples stand out in "
                    "%c; the limit is %.2f mm/s.",
                    best.halves, HALVES, best.level, best.whole,
                    'x' + best.axis, finding->limit_mm_s);
  if (gate == TWIN_ANSWER_NONE)
    return;

  if (c->facts->n_bearings == 0)
    twin_machine_check (finding, TWIN_CHECK_PASSED,
                        "Not a bearing or another shaft? %d lines keep to "
                        "half orders within %.2f Hz; no bearing is known",
                        best.halves, 1.5 * c->df_hz);
  else
    twin_machine_check (finding, TWIN_CHECK_PASSED,
                        "Not a bearing or another shaft? %d half orders lie "
                        "at none of their tones, %d at one",
                        best.halves, best.explained);
  twin_machine_settle (finding, gate);
}

/* --- misalignment ------------------------------------------------------------
 */

void
twin_machine_rule_misalignment (const TwinMachineCase *c,
                                TwinMachineFinding    *finding)
{
  const TwinMachineLevels *levels = c->levels;
  const int                z = TWIN_MACHINE_AXIAL;
  double     radial = 0, family = 0, ratio = 0, axial = 0, usual = NAN;
  gboolean   has_axial = twin_machine_case_has (c, z), twice = FALSE;
  gboolean   is_axial = FALSE, is_radial;
  int        axis = -1;
  Series     series;
  TwinAnswer gate;

  for (int i = 0; i < TWIN_MACHINE_AXES; i++)
    {
      TwinMachineLine second;
      double          level = first_three (c, i);

      if (!twin_machine_case_has (c, i))
        continue;

      twin_machine_case_line (c, i, c->shaft_hz, finding, "1×");
      second = twin_machine_case_line (c, i, 2 * c->shaft_hz, finding, "2×");
      twin_machine_case_line (c, i, 3 * c->shaft_hz, finding, "3×");
      if (axis < 0 || level > family)
        {
          axis = i;
          family = level;
        }
      if (i == z)
        {
          axial = level;
          is_axial = second.present && levels->order_mm_s[z][1] >=
                                           HALF * levels->order_mm_s[z][0];
          continue;
        }

      radial = MAX (radial, level);
      if (second.present && levels->order_mm_s[i][0] > 0)
        {
          ratio =
              MAX (ratio, levels->order_mm_s[i][1] / levels->order_mm_s[i][0]);
          twice = TRUE;
        }
    }

  is_radial = twice && ratio >= HALF;
  is_axial = is_axial && radial > 0 && axial >= HALF * radial;
  if (c->facts->usual != NULL)
    {
      const double *order = c->facts->usual->order_mm_s[axis];

      usual = root_sum (order[0], order[1], order[2]);
    }
  gate = twin_machine_case_gate (c, family, usual, finding);
  twin_machine_why (finding,
                    "1× to 3× are %.2f mm/s in %c; radial 2× is %.0f %% of "
                    "1×, axial is %.0f %% of radial; the limit is %.1f mm/s.",
                    family, 'x' + axis, 100 * ratio,
                    radial > 0 ? 100 * axial / radial : 0.0,
                    finding->limit_mm_s);
  if (gate == TWIN_ANSWER_NONE || !(is_radial || is_axial))
    return;

  if (has_axial)
    twin_machine_check (finding,
                        is_radial && is_axial ? TWIN_CHECK_PASSED
                                              : TWIN_CHECK_FAILED,
                        "Both signs? Radial 2× at half of 1×: %s; axial with "
                        "its 2× at half of radial: %s",
                        is_radial ? "yes" : "no", is_axial ? "yes" : "no");
  else
    {
      twin_machine_check (finding, TWIN_CHECK_NOT_DONE,
                          "Axial as well? It is not measured");
      twin_machine_needs (finding, "the axial direction");
    }

  series = find_series (c, axis);
  twin_machine_check (finding,
                      series.halves < HALVES_NEEDED ? TWIN_CHECK_PASSED
                                                    : TWIN_CHECK_FAILED,
                      "Not looseness? %d of %d half orders stand out",
                      series.halves, HALVES);
  check_mains (c, 2, finding);
  twin_machine_check_mode (c, axis, 2 * c->shaft_hz, finding);
  twin_machine_settle (finding, gate);
  if (series.halves >= HALVES_NEEDED)
    finding->answer = TWIN_ANSWER_NONE;
}
