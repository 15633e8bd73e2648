/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-motor.c - electrical faults and cavitation */
#include "twin-machine-private.h"

#include <math.h>
#include <string.h>

#include "twin-envelope.h"

#define SLIP_MAX 0.06
#define SIDE_OF_CARRIER 0.1
#define SYMMETRIC 3.0
#define POLE_PASS_LINES 4
#define CHANCE 0.05
#define NOISE_LO_HZ 2000.0
#define NOISE_LEAST_HZ 5000.0
#define RISE 2.5 /* 8 dB */
#define NOISE_SHARE 0.7
#define STRIKES 1.0 /* kurtosis of a carrier's envelope, noise having 0 */
#define NPSH_SAFE 1.3

static void
cannot (TwinMachineFinding *finding, const char *why, const char *needs)
{
  finding->answer = TWIN_ANSWER_NOT_ASSIGNABLE;
  twin_machine_why (finding, "%s", why);
  twin_machine_needs (finding, "%s", needs);
}

/* --- electrical --------------------------------------------------------------
 */

/* Twice the mains' line: which axis, how strong, and whether it is its own. */
static TwinAnswer
judge_twice_line (const TwinMachineCase *c, TwinMachineFinding *finding)
{
  double          hz = 2 * c->facts->line_hz, usual = NAN;
  int             axis = -1;
  TwinMachineLine line = { 0 };
  TwinAnswer      gate;

  for (int i = 0; i < TWIN_MACHINE_AXES; i++)
    {
      TwinMachineLine here;

      if (!twin_machine_case_has (c, i))
        continue;
      here = twin_machine_case_line (c, i, hz, finding, "2× line");
      if (axis < 0 || here.velocity_mm_s > line.velocity_mm_s)
        {
          axis = i;
          line = here;
        }
    }

  if (c->facts->usual != NULL)
    usual = c->facts->usual->twice_line_mm_s[axis];
  gate = twin_machine_case_gate (c, line.velocity_mm_s, usual, finding);
  twin_machine_why (finding,
                    "Twice the line frequency at %.2f Hz is %.2f mm/s in %c; "
                    "the limit is %.1f mm/s.",
                    line.hz, line.velocity_mm_s, 'x' + axis,
                    finding->limit_mm_s);
  if (gate == TWIN_ANSWER_NONE || !line.present)
    return TWIN_ANSWER_NONE;

  if (isnan (c->shaft_hz))
    {
      twin_machine_check (finding, TWIN_CHECK_NOT_DONE,
                          "Not an order of the shaft? Its speed is not known");
      twin_machine_needs (finding, "the shaft's speed");
    }
  else
    {
      double   order = MAX (1, round (hz / c->shaft_hz));
      double   off = fabs (hz - order * c->shaft_hz);
      gboolean apart = twin_machine_case_resolves (c, hz, order * c->shaft_hz);

      twin_machine_check (finding,
                          apart ? TWIN_CHECK_PASSED : TWIN_CHECK_NOT_DONE,
                          apart ? "Not %.0f× of the shaft? They are %.2f Hz "
                                  "apart, seen as two from %.2f Hz on"
                                : "Not %.0f× of the shaft? They are %.2f Hz "
                                  "apart and cannot be told apart under %.2f "
                                  "Hz",
                          order, off, 3 * c->df_hz);
      if (!apart)
        twin_machine_needs (finding,
                            "a record of %.0f s, or switching the motor off: "
                            "an electrical line is gone at once",
                            4 / MAX (off, 1e-3));
    }

  twin_machine_check_mode (c, axis, hz, finding);
  twin_machine_settle (finding, gate);
  return finding->answer;
}

/* Side bands of a carrier at ± the pole-pass frequency, both there, alike and
 * a tenth of it. */
static gboolean
has_pole_pass (const TwinMachineCase *c, int axis, double carrier, double pass)
{
  TwinMachineLine middle =
      twin_machine_case_line (c, axis, carrier, NULL, NULL);
  TwinMachineLine lower =
      twin_machine_case_line (c, axis, carrier - pass, NULL, NULL);
  TwinMachineLine upper =
      twin_machine_case_line (c, axis, carrier + pass, NULL, NULL);
  double mean = (lower.rms_g + upper.rms_g) / 2;

  return middle.present && lower.present && upper.present &&
         mean >= SIDE_OF_CARRIER * middle.rms_g &&
         MAX (lower.rms_g, upper.rms_g) <
             SYMMETRIC * MIN (lower.rms_g, upper.rms_g);
}

static double
pole_pass (const TwinMachineCase *c)
{
  double synchronous = c->facts->line_hz / c->facts->pole_pairs;
  double slip = synchronous - c->shaft_hz;

  return slip > 0 && slip <= SLIP_MAX * synchronous
             ? 2 * c->facts->pole_pairs * slip
             : 0;
}

static void
judge_rotor (const TwinMachineCase *c, double pass, TwinMachineFinding *finding)
{
  const double carriers[] = { c->shaft_hz, 2 * c->shaft_hz,
                              2 * c->facts->line_hz };
  int          best = -1, found = 0;
  double       chance;

  for (int axis = 0; axis < TWIN_MACHINE_AXES; axis++)
    {
      int here = 0;

      if (!twin_machine_case_has (c, axis))
        continue;
      for (size_t i = 0; i < G_N_ELEMENTS (carriers); i++)
        here += has_pole_pass (c, axis, carriers[i], pass);
      if (here > found)
        {
          found = here;
          best = axis;
        }
    }

  if (found == 0 || !has_pole_pass (c, best, c->shaft_hz, pass))
    return;

  finding->n_checks = 0;
  finding->needs[0] = '\0';
  finding->level_mm_s = c->levels->order_mm_s[best][0];
  finding->limit_mm_s = NAN;
  twin_machine_case_line (c, best, c->shaft_hz, finding, "1×");
  twin_machine_case_line (c, best, c->shaft_hz - pass, finding,
                          "1× - pole pass");
  twin_machine_case_line (c, best, c->shaft_hz + pass, finding,
                          "1× + pole pass");
  twin_machine_why (finding,
                    "Side bands at the pole-pass frequency of %.2f Hz stand "
                    "around %d of 3 carriers (1×, 2×, twice the line) in %c: "
                    "the rotor's bars or an uneven air gap.",
                    pass, found, 'x' + best);
  chance = twin_machine_case_chance (c, best, c->shaft_hz, pass, 1, 2);
  twin_machine_check (finding,
                      chance <= CHANCE ? TWIN_CHECK_PASSED : TWIN_CHECK_FAILED,
                      "By chance? %.0f %% of wrong spacings find both lines",
                      100 * chance);
  twin_machine_check (finding,
                      found >= 2 ? TWIN_CHECK_PASSED : TWIN_CHECK_FAILED,
                      "Not a swinging load? %d of 3 carriers have them, 2 are "
                      "needed",
                      found);
  twin_machine_needs (finding, "the spectrum of the motor's current at load");
  twin_machine_settle (finding, TWIN_ANSWER_NAMED);
}

void
twin_machine_rule_electrical (const TwinMachineCase *c,
                              TwinMachineFinding    *finding)
{
  double     pass = 0;
  TwinAnswer twice;

  if (!(c->facts->line_hz > 0))
    {
      cannot (finding, "The frequency that a motor is fed with is not known.",
              "50 or 60 Hz, or the inverter's output");
      return;
    }
  if (2 * c->facts->line_hz > c->top_hz)
    {
      cannot (finding, "Twice the line lies above what this rate can carry.",
              "a faster sensor");
      return;
    }

  twice = judge_twice_line (c, finding);
  if (c->facts->pole_pairs > 0 && c->shaft_hz > 0)
    pass = pole_pass (c);
  if (twice == TWIN_ANSWER_NAMED)
    return;

  if (pass >= POLE_PASS_LINES * c->df_hz)
    judge_rotor (c, pass, finding);
  else if (c->facts->pole_pairs > 0 && c->shaft_hz > 0 &&
           finding->needs[0] == '\0')
    twin_machine_needs (finding,
                        pass > 0
                            ? "a record of %.0f s at load to see pole-pass "
                              "side bands"
                            : "pole pairs or line frequency that fit "
                              "the speed (slip %.1f %%)",
                        pass > 0
                            ? 6 / pass
                            : 100 * (1 - c->shaft_hz * c->facts->pole_pairs /
                                             c->facts->line_hz));
}

/* --- cavitation --------------------------------------------------------------
 */

/* Power of the lines above the noise, as a share of all, over 2 kHz. */
static double
noise_share (const TwinMachineCase *c, int axis)
{
  const TwinLineView *view = &c->views[axis];
  double              all = 0, noise = 0;

  for (size_t k = (size_t) (NOISE_LO_HZ / view->df_hz); k < view->n; k++)
    {
      all += view->power[k];
      noise += view->floor[k];
    }

  return all > 0 ? noise / all : 0;
}

static void
check_noise (const TwinMachineCase *c, int axis, TwinMachineFinding *finding)
{
  double         share = noise_share (c, axis), strikes = 0;
  TwinKurtogram *kurtogram = g_new (TwinKurtogram, 1);

  twin_machine_check (finding,
                      share >= NOISE_SHARE ? TWIN_CHECK_PASSED
                                           : TWIN_CHECK_FAILED,
                      "Noise and not tones? %.0f %% of the power over 2 kHz is "
                      "noise",
                      100 * MIN (share, 1));
  twin_kurtogram_compute (c->transform, c->record->axes[axis], c->n,
                          c->record->rate_hz, NOISE_LO_HZ / 2, kurtogram);
  for (size_t i = 0; i < kurtogram->n_cells; i++)
    {
      const TwinKurtogramCell *cell = &kurtogram->cells[i];

      if (cell->band.lo_hz >= NOISE_LO_HZ && cell->kurtosis > strikes)
        strikes = cell->kurtosis;
    }
  g_free (kurtogram);
  twin_machine_check (finding,
                      strikes < STRIKES ? TWIN_CHECK_PASSED : TWIN_CHECK_FAILED,
                      "Not single blows of a bearing or gear? Kurtosis of the "
                      "envelope over 2 kHz is %.1f, noise has 0",
                      strikes);
}

void
twin_machine_rule_cavitation (const TwinMachineCase *c,
                              TwinMachineFinding    *finding)
{
  const TwinMachineFacts *facts = c->facts;
  double                  rise = 0;
  int                     axis = -1;

  if (facts->kind != TWIN_MACHINE_KIND_PUMP)
    {
      cannot (finding,
              facts->kind == TWIN_MACHINE_KIND_UNKNOWN
                  ? "The kind of machine is not declared."
                  : "Not a pump.",
              facts->kind == TWIN_MACHINE_KIND_UNKNOWN ? "the kind of machine"
                                                       : "");
      return;
    }
  if (c->top_hz < NOISE_LEAST_HZ)
    {
      cannot (finding,
              "Cavitation roars above some kHz, where this sensor is deaf.",
              "a sensor of 12 kHz or more");
      return;
    }

  for (int i = 0; i < TWIN_MACHINE_AXES && facts->usual != NULL; i++)
    {
      double ratio = c->levels->noise_g[i] / facts->usual->noise_g[i];

      if (twin_machine_case_has (c, i) && isfinite (ratio) && ratio > rise)
        {
          rise = ratio;
          axis = i;
        }
    }
  if (axis < 0)
    {
      cannot (finding,
              "The noise over 2 kHz is not known for when the pump was sound.",
              "the usual level of this pump");
      return;
    }

  twin_machine_why (finding,
                    "The noise over 2 kHz is %.3g g in %c, %.1f times the "
                    "usual one; 2.5 (8 dB) are the limit.",
                    c->levels->noise_g[axis], 'x' + axis, rise);
  if (rise < RISE)
    return;

  check_noise (c, axis, finding);
  if (facts->npsh_margin > 0)
    twin_machine_check (finding,
                        facts->npsh_margin < NPSH_SAFE ? TWIN_CHECK_PASSED
                                                       : TWIN_CHECK_FAILED,
                        "Is suction low? Head available is %.2f of that "
                        "required, under 1.3 is low",
                        facts->npsh_margin);
  else
    {
      twin_machine_check (finding, TWIN_CHECK_NOT_DONE,
                          "Is suction low? Its pressure is not known");
      twin_machine_needs (finding, "suction pressure or NPSH");
    }
  twin_machine_settle (finding, TWIN_ANSWER_NAMED);
  for (int i = 0; i < 2; i++)
    {
      if (finding->checks[i].outcome == TWIN_CHECK_FAILED)
        finding->answer = TWIN_ANSWER_NONE;
    }
}
