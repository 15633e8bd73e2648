/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-case.c - what the rules of a machine's diagnosis share */
#include "twin-machine-private.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* ISO 20816-3: the lowest and the highest boundary B/C of all its classes. */
#define LOWEST_B_C 2.8
#define HIGHEST_B_C 7.1
#define CHANGE 0.25     /* of B/C: ISO 20816-1, criterion II */
#define APART_LINES 3.0 /* two lines of Hann that are seen as two */
#define WRONG 40
#define WRONG_LO 0.7
#define WRONG_HI 1.4
#define WRONG_NEAR 0.06
#define WHOLE_ORDER 0.06

double
twin_machine_velocity (double rms_g, double hz)
{
  return hz > 0 ? rms_g * TWIN_STANDARD_GRAVITY * 1000 / (2 * G_PI * hz) : 0;
}

TwinMachineLine
twin_machine_case_line (const TwinMachineCase *c,
                        int                    axis,
                        double                 hz,
                        TwinMachineFinding    *finding,
                        const char            *label)
{
  TwinLine        found = twin_line_view_read (&c->views[axis], hz, 0);
  TwinMachineLine line = {
    .axis = (char) ('x' + MIN (axis, TWIN_MACHINE_AXIAL)),
    .hz = found.present ? found.hz : hz,
    .order = hz / c->shaft_hz,
    .rms_g = found.rms,
    .velocity_mm_s = twin_machine_velocity (found.rms, hz),
    .snr = found.snr,
    .present = found.present,
  };

  if (label != NULL && finding->n_lines < TWIN_MACHINE_LINES_MAX)
    {
      g_strlcpy (line.label, label, sizeof line.label);
      finding->lines[finding->n_lines++] = line;
    }

  return line;
}

void
twin_machine_check (TwinMachineFinding *finding,
                    TwinCheckOutcome    outcome,
                    const char         *format,
                    ...)
{
  TwinMachineCheck *check;
  va_list           args;

  if (finding->n_checks == TWIN_MACHINE_CHECKS_MAX)
    return;

  check = &finding->checks[finding->n_checks++];
  check->outcome = outcome;
  va_start (args, format);
  g_vsnprintf (check->text, sizeof check->text, format, args);
  va_end (args);
}

void
twin_machine_why (TwinMachineFinding *finding, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_vsnprintf (finding->why, sizeof finding->why, format, args);
  va_end (args);
}

/* Adds to what is needed already. */
void
twin_machine_needs (TwinMachineFinding *finding, const char *format, ...)
{
  size_t  length = strlen (finding->needs);
  va_list args;

  if (length > 0)
    {
      g_strlcat (finding->needs, "; ", sizeof finding->needs);
      length = strlen (finding->needs);
    }

  va_start (args, format);
  g_vsnprintf (finding->needs + length, sizeof finding->needs - length, format,
               args);
  va_end (args);
}

TwinAnswer
twin_machine_case_gate (const TwinMachineCase *c,
                        double                 level,
                        double                 usual,
                        TwinMachineFinding    *finding)
{
  double named = c->named_mm_s, suspected = c->suspected_mm_s;

  if (isfinite (usual))
    {
      named = MIN (named, usual + CHANGE * c->named_mm_s);
      suspected = MIN (suspected, usual + CHANGE * c->suspected_mm_s);
    }

  finding->level_mm_s = level;
  finding->limit_mm_s = level >= named ? named : suspected;
  return level >= named       ? TWIN_ANSWER_NAMED
         : level >= suspected ? TWIN_ANSWER_SUSPECTED
                              : TWIN_ANSWER_NONE;
}

void
twin_machine_settle (TwinMachineFinding *finding, TwinAnswer gate)
{
  finding->answer = gate;
  for (size_t i = 0; i < finding->n_checks; i++)
    {
      if (finding->checks[i].outcome != TWIN_CHECK_PASSED)
        finding->answer = MIN (finding->answer, TWIN_ANSWER_SUSPECTED);
    }
}

void
twin_machine_check_mode (const TwinMachineCase *c,
                         int                    axis,
                         double                 hz,
                         TwinMachineFinding    *finding)
{
  TwinMode mode;

  if (twin_line_view_mode (&c->views[axis], hz, &mode))
    {
      twin_machine_check (finding, TWIN_CHECK_FAILED,
                          "Not amplified by a resonance? The floor has a mode "
                          "at %.1f Hz, %.1f times as high as beside it",
                          mode.hz, mode.amplification);
      twin_machine_needs (finding, "a run at another speed, or a bump test");
    }
  else
    twin_machine_check (finding, TWIN_CHECK_PASSED,
                        "Not amplified by a resonance? The floor within 15 %% "
                        "of %.1f Hz has no mode",
                        hz);
}

gboolean
twin_machine_case_resolves (const TwinMachineCase *c, double a, double b)
{
  return fabs (a - b) >= APART_LINES * c->df_hz;
}

int
twin_machine_case_sides (const TwinMachineCase *c,
                         int                    axis,
                         double                 carrier_hz,
                         double                 spacing_hz,
                         int                    pairs,
                         double                *sum)
{
  int    found = 0;
  double total = 0;

  for (int k = 1; k <= pairs; k++)
    {
      for (int sign = -1; sign <= 1; sign += 2)
        {
          TwinLine line =
              twin_line_view_read (&c->views[axis],
                                   carrier_hz + sign * k * spacing_hz, 0);

          found += line.present;
          total += line.present ? line.rms : 0;
        }
    }

  if (sum != NULL)
    *sum = total;
  return found;
}

static gboolean
is_whole (double order, double step)
{
  double of = order / step;

  return of > 0.5 && fabs (of - round (of)) * step < WHOLE_ORDER;
}

static int
count_lines (const TwinMachineCase *c,
             int                    axis,
             double                 carrier_hz,
             double                 spacing_hz,
             int                    pairs)
{
  int found = 0;

  if (carrier_hz > 0)
    return twin_machine_case_sides (c, axis, carrier_hz, spacing_hz, pairs,
                                    NULL);

  for (int k = 1; k <= pairs; k++)
    found += twin_line_view_read (&c->views[axis], k * spacing_hz, 0).present;
  return found;
}

double
twin_machine_case_chance (const TwinMachineCase *c,
                          int                    axis,
                          double                 carrier_hz,
                          double                 spacing_hz,
                          int                    pairs,
                          int                    found)
{
  double place = 0.5;
  int    tried = 0, as_many = 0;

  for (int i = 0; i < 5 * WRONG && tried < WRONG; i++)
    {
      double wrong;

      /* Multiples of the golden ratio fill the interval evenly. */
      place += 0.6180339887498949;
      place -= floor (place);
      wrong = WRONG_LO + (WRONG_HI - WRONG_LO) * place;
      if (fabs (wrong - 1) < WRONG_NEAR ||
          !twin_machine_case_resolves (c, wrong * spacing_hz, spacing_hz) ||
          is_whole (wrong * spacing_hz / c->shaft_hz, 0.5))
        continue;

      tried++;
      as_many +=
          count_lines (c, axis, carrier_hz, wrong * spacing_hz, pairs) >= found;
    }

  return tried > 0 ? (double) as_many / tried : 1;
}

int
twin_machine_case_multiples (const TwinMachineCase *c,
                             int                    axis,
                             double                 hz,
                             int                    n,
                             double                 other_hz,
                             double                *level_mm_s)
{
  double sum = 0;
  int    found = 0;

  for (int k = 1; k <= n; k++)
    {
      TwinMachineLine line =
          twin_machine_case_line (c, axis, k * hz, NULL, NULL);
      double of_shaft = round (2 * k * hz / c->shaft_hz) / 2;
      double of_other = other_hz > 0 ? round (k * hz / other_hz) : 0;

      if (!line.present ||
          !twin_machine_case_resolves (c, k * hz, of_shaft * c->shaft_hz) ||
          (of_other > 0 &&
           !twin_machine_case_resolves (c, k * hz, of_other * other_hz)))
        continue;

      found++;
      sum += line.velocity_mm_s * line.velocity_mm_s;
    }

  *level_mm_s = sqrt (sum);
  return found;
}

int
twin_machine_case_radial (const TwinMachineCase *c,
                          const double           values[TWIN_MACHINE_AXES])
{
  int best = -1;

  for (int axis = 0; axis < TWIN_MACHINE_AXIAL; axis++)
    {
      if (twin_machine_case_has (c, axis) &&
          (best < 0 || values[axis] > values[best]))
        best = axis;
    }

  return best;
}

double
twin_machine_case_usual (const TwinMachineCase *c, const double *of_usual)
{
  return c->facts->usual != NULL ? *of_usual : NAN;
}

double
twin_machine_other_shaft (const TwinMachineFacts *facts, double shaft_hz)
{
  if (facts->teeth > 0 && facts->other_teeth > 0)
    return shaft_hz * facts->teeth / facts->other_teeth;

  return facts->belt_ratio > 0 ? shaft_hz * facts->belt_ratio : 0;
}

double
twin_machine_belt_hz (const TwinMachineFacts *facts, double shaft_hz)
{
  return facts->pulley_mm > 0 && facts->belt_mm > 0
             ? G_PI * facts->pulley_mm * shaft_hz / facts->belt_mm
             : 0;
}

void
twin_machine_case_limits (TwinMachineCase *c, char *text, size_t size)
{
  TwinSeverityLimits limits;

  c->declared =
      twin_severity_limits (c->facts->group, c->facts->support, &limits);
  c->named_mm_s = c->declared ? limits.b_c : HIGHEST_B_C;
  c->suspected_mm_s = c->declared ? limits.b_c : LOWEST_B_C;
  if (c->declared)
    g_snprintf (text, size, "ISO 20816-3 group %d, %s: zone C from %.1f mm/s",
                c->facts->group == TWIN_SEVERITY_GROUP_1 ? 1 : 2,
                c->facts->support == TWIN_SEVERITY_SUPPORT_RIGID ? "rigid"
                                                                 : "flexible",
                limits.b_c);
  else
    g_snprintf (text, size,
                "group or support not declared: suspected from %.1f, named "
                "from %.1f mm/s",
                LOWEST_B_C, HIGHEST_B_C);
}
