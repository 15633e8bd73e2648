/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-drive.c - resonance, belt, blade pass, gear mesh */
#include "twin-machine-private.h"

#include <math.h>
#include <string.h>

#define EXPONENT_LO 0.0 /* of acceleration by speed, for a stiff rotor … */
#define EXPONENT_HI 4.0 /* … under its first critical speed */
#define EXPONENT_SPREAD 0.5
#define SPEED_APART 0.05
#define BELT_MULTIPLES 4
#define BELT_NEEDED 3
#define CHANCE 0.05
#define RISE 2.5 /* 8 dB: ISO 2372 calls that a significant change */
#define SIDE_PAIRS 3
#define SIDES_NEEDED 4
#define MESH_CLEAR 100.0 /* power over the floor, 20 dB */
#define NEIGHBOUR 0.5

static void
cannot (TwinMachineFinding *finding, const char *why, const char *needs)
{
  finding->answer = TWIN_ANSWER_NOT_ASSIGNABLE;
  twin_machine_why (finding, "%s", why);
  twin_machine_needs (finding, "%s", needs);
}

/* --- resonance ---------------------------------------------------------------
 */

/* How acceleration at @order grew with speed: its exponent; NaN: not known. */
static double
growth (const TwinMachineCase *c, int axis, int order)
{
  const TwinMachineLevels *other = c->facts->other_speed;
  double                   speeds, now, then;

  if (other == NULL || !(other->shaft_hz > 0))
    return NAN;

  speeds = log (c->shaft_hz / other->shaft_hz);
  /* Acceleration is velocity times frequency. */
  now = c->levels->order_mm_s[axis][order - 1] * c->shaft_hz;
  then = other->order_mm_s[axis][order - 1] * other->shaft_hz;
  if (fabs (speeds) < SPEED_APART || !(now > 0) || !(then > 0))
    return NAN;

  return log (now / then) / speeds;
}

static gboolean
is_resonant (double exponent)
{
  return exponent > EXPONENT_HI + EXPONENT_SPREAD ||
         exponent < EXPONENT_LO - EXPONENT_SPREAD;
}

/* TRUE: the line of @order is at a resonance, as far as can be told. */
static gboolean
judge_order (const TwinMachineCase *c,
             int                    axis,
             int                    order,
             TwinMachineFinding    *finding)
{
  double     level = c->levels->order_mm_s[axis][order - 1];
  double     hz = order * c->shaft_hz, exponent = growth (c, axis, order);
  TwinAnswer gate = twin_machine_case_gate (c, level, NAN, finding);
  TwinMode   mode;
  gboolean   has_mode = twin_line_view_mode (&c->views[axis], hz, &mode);
  gboolean   grows = is_resonant (exponent);
  char       label[16];

  if (gate == TWIN_ANSWER_NONE || !(has_mode || grows))
    return FALSE;

  g_snprintf (label, sizeof label, "%d×", order);
  twin_machine_case_line (c, axis, hz, finding, label);
  if (has_mode)
    {
      twin_machine_why (finding,
                        "%d× at %.2f Hz (%.2f mm/s in %c) lies on a mode of "
                        "the floor at %.1f Hz, %.1f Hz wide, %.1f times as "
                        "high as beside it.",
                        order, hz, level, 'x' + axis, mode.hz, mode.width_hz,
                        mode.amplification);
      twin_machine_check (finding, TWIN_CHECK_PASSED,
                          "A mode in the floor? %.1f times the floor beside "
                          "it, 2.5 are needed",
                          mode.amplification);
    }
  else
    {
      twin_machine_why (finding,
                        "%d× (%.2f mm/s in %c) changes with the %.1f-th power "
                        "of speed; an unbalance does with 0 to 4.",
                        order, level, 'x' + axis, exponent);
      twin_machine_check (finding, TWIN_CHECK_FAILED,
                          "A mode in the floor? None within 15 %% of %.1f Hz",
                          hz);
    }

  if (isnan (exponent))
    {
      twin_machine_check (finding, TWIN_CHECK_NOT_DONE,
                          "Does it change much more than with speed²? No run "
                          "at another speed is known");
      twin_machine_needs (finding,
                          "a run at another speed (5 %% or more), or a bump "
                          "test");
    }
  else
    twin_machine_check (finding, grows ? TWIN_CHECK_PASSED : TWIN_CHECK_FAILED,
                        "Does it change much more than with speed²? "
                        "Acceleration with the %.1f-th power",
                        exponent);

  twin_machine_settle (finding, gate);
  return TRUE;
}

void
twin_machine_rule_resonance (const TwinMachineCase *c,
                             TwinMachineFinding    *finding)
{
  double largest = 0;

  for (int axis = 0; axis < TWIN_MACHINE_AXES; axis++)
    {
      if (!twin_machine_case_has (c, axis))
        continue;
      for (int order = 1; order <= 2; order++)
        {
          largest = MAX (largest, c->levels->order_mm_s[axis][order - 1]);
          if (judge_order (c, axis, order, finding))
            return;
        }
    }

  finding->level_mm_s = largest;
  twin_machine_why (finding,
                    "No line of the shaft above %.1f mm/s lies on a mode of "
                    "the floor (largest %.2f mm/s).",
                    finding->limit_mm_s, largest);
}

/* --- belt --------------------------------------------------------------------
 */

void
twin_machine_rule_belt (const TwinMachineCase *c, TwinMachineFinding *finding)
{
  double     belt = twin_machine_belt_hz (c->facts, c->shaft_hz);
  double     other = twin_machine_other_shaft (c->facts, c->shaft_hz);
  double     best = 0, usual = 0, chance;
  int        found = 0, axis = -1;
  TwinAnswer gate;

  if (!(belt > 0))
    {
      cannot (finding, "No belt is declared.",
              "the pulley's pitch diameter and the belt's length");
      return;
    }
  if (belt < 8 * c->df_hz)
    {
      cannot (finding, "The belt turns too slowly for this record.",
              "a record of eight turns of the belt");
      return;
    }

  for (int i = 0; i < TWIN_MACHINE_AXES; i++)
    {
      double level;
      int    n;

      if (!twin_machine_case_has (c, i))
        continue;
      n = twin_machine_case_multiples (c, i, belt, BELT_MULTIPLES, other,
                                       &level);
      if (axis < 0 || level > best)
        {
          axis = i;
          best = level;
          found = n;
        }
    }

  for (int k = 1; k <= BELT_MULTIPLES; k++)
    {
      char label[16];

      g_snprintf (label, sizeof label, "%d× belt", k);
      twin_machine_case_line (c, axis, k * belt, finding, label);
    }

  if (c->facts->usual != NULL && c->facts->usual->belt_mm_s[axis] > 0)
    usual = c->facts->usual->belt_mm_s[axis];
  gate = twin_machine_case_gate (c, best, usual, finding);
  twin_machine_why (finding,
                    "%d of %d multiples of the belt's %.2f Hz stand out "
                    "(%.2f mm/s together in %c); the limit is %.2f mm/s.",
                    found, BELT_MULTIPLES, belt, best, 'x' + axis,
                    finding->limit_mm_s);
  if (gate == TWIN_ANSWER_NONE || found < BELT_NEEDED)
    return;

  twin_machine_check (finding, TWIN_CHECK_PASSED,
                      "Not orders of a shaft? Lines at whole or half orders "
                      "were not counted");
  chance = twin_machine_case_chance (c, axis, 0, belt, BELT_MULTIPLES, found);
  twin_machine_check (finding,
                      chance <= CHANCE ? TWIN_CHECK_PASSED : TWIN_CHECK_FAILED,
                      "By chance? %.0f %% of wrong belt speeds find as many "
                      "lines",
                      100 * chance);
  twin_machine_settle (finding, gate);
}

/* --- blade pass --------------------------------------------------------------
 */

void
twin_machine_rule_blade_pass (const TwinMachineCase *c,
                              TwinMachineFinding    *finding)
{
  double          hz = c->facts->blades * c->shaft_hz, usual = NAN, beside;
  int             axis = -1, sides;
  TwinMachineLine line = { 0 };
  TwinAnswer      gate;

  if (c->facts->blades < 2)
    {
      cannot (finding, "The number of blades or vanes is not declared.",
              "the number of blades or vanes");
      return;
    }
  if (hz + 2 * c->shaft_hz > c->top_hz)
    {
      cannot (finding, "Blade pass lies above what this rate can carry.",
              "a faster sensor");
      return;
    }

  for (int i = 0; i < TWIN_MACHINE_AXES; i++)
    {
      TwinMachineLine here;

      if (!twin_machine_case_has (c, i))
        continue;
      here = twin_machine_case_line (c, i, hz, NULL, NULL);
      if (axis < 0 || here.velocity_mm_s > line.velocity_mm_s)
        {
          axis = i;
          line = here;
        }
    }

  twin_machine_case_line (c, axis, hz, finding, "blade pass");
  twin_machine_case_line (c, axis, hz - c->shaft_hz, finding, "blade - 1×");
  twin_machine_case_line (c, axis, hz + c->shaft_hz, finding, "blade + 1×");
  twin_machine_case_line (c, axis, 2 * hz, finding, "2× blade");
  beside =
      MAX (finding->lines[1].velocity_mm_s, finding->lines[2].velocity_mm_s);
  if (c->facts->usual != NULL)
    usual =
        MAX (c->facts->usual->blade_mm_s[axis] * RISE - 0.25 * c->named_mm_s,
             c->facts->usual->blade_mm_s[axis]);
  gate = twin_machine_case_gate (c, line.velocity_mm_s, usual, finding);
  sides = twin_machine_case_sides (c, axis, hz, c->shaft_hz, 2, NULL);
  twin_machine_why (finding,
                    "Blade pass at %.1f Hz is %.2f mm/s in %c with %d of 4 "
                    "side bands; the limit is %.2f mm/s.",
                    hz, line.velocity_mm_s, 'x' + axis, sides,
                    finding->limit_mm_s);
  if (gate == TWIN_ANSWER_NONE || !line.present)
    return;

  twin_machine_check (finding,
                      beside < NEIGHBOUR * line.velocity_mm_s
                          ? TWIN_CHECK_PASSED
                          : TWIN_CHECK_FAILED,
                      "Not one of many multiples of the shaft? The orders "
                      "beside it are %.0f %% of it",
                      100 * beside / line.velocity_mm_s);
  twin_machine_check_mode (c, axis, hz, finding);
  if (c->facts->line_hz > 0)
    {
      double mains =
          round (hz / (2 * c->facts->line_hz)) * 2 * c->facts->line_hz;
      gboolean apart = twin_machine_case_resolves (c, hz, mains);

      twin_machine_check (finding,
                          apart ? TWIN_CHECK_PASSED : TWIN_CHECK_NOT_DONE,
                          "Not a multiple of the mains? %.2f Hz is %.2f Hz "
                          "away",
                          mains, fabs (hz - mains));
    }
  twin_machine_settle (finding, gate);
}

/* --- gear mesh ---------------------------------------------------------------
 */

typedef struct
{
  int    axis, found;
  double spacing, ratio, mesh_g, snr;
} Mesh;

/* The axis that hears the mesh best, and the shaft whose side bands say most.
 */
static Mesh
find_mesh (const TwinMachineCase *c, double hz)
{
  double other = twin_machine_other_shaft (c->facts, c->shaft_hz);
  double spacings[2] = { c->shaft_hz, other };
  Mesh   best = { .axis = -1 };

  for (int axis = 0; axis < TWIN_MACHINE_AXES; axis++)
    {
      TwinMachineLine line;

      if (!twin_machine_case_has (c, axis))
        continue;
      line = twin_machine_case_line (c, axis, hz, NULL, NULL);
      if (best.axis >= 0 && line.rms_g <= best.mesh_g)
        continue;
      best.axis = -1;
      for (int i = 0; i < (other > 0 ? 2 : 1); i++)
        {
          Mesh   mesh = { .axis = axis,
                          .spacing = spacings[i],
                          .mesh_g = line.rms_g,
                          .snr = line.present ? line.snr : 0 };
          double sum;

          mesh.found = twin_machine_case_sides (c, axis, hz, spacings[i],
                                                SIDE_PAIRS, &sum);
          mesh.ratio = line.present ? sum / line.rms_g : 0;
          if (best.axis < 0 || mesh.ratio > best.ratio)
            best = mesh;
        }
    }

  return best;
}

static void
list_mesh (const TwinMachineCase *c,
           const Mesh            *mesh,
           double                 hz,
           TwinMachineFinding    *finding)
{
  twin_machine_case_line (c, mesh->axis, hz, finding, "mesh");
  for (int k = 1; k <= SIDE_PAIRS; k++)
    {
      char label[24];

      g_snprintf (label, sizeof label, "mesh - %d × %.1f Hz", k, mesh->spacing);
      twin_machine_case_line (c, mesh->axis, hz - k * mesh->spacing, finding,
                              label);
      g_snprintf (label, sizeof label, "mesh + %d × %.1f Hz", k, mesh->spacing);
      twin_machine_case_line (c, mesh->axis, hz + k * mesh->spacing, finding,
                              label);
    }
}

/* Orders further off are as strong: then they are no side bands of the mesh. */
static void
check_local (const TwinMachineCase *c,
             const Mesh            *mesh,
             double                 hz,
             TwinMachineFinding    *finding)
{
  double near = 0, far = 0;

  for (int k = 1; k <= SIDE_PAIRS; k++)
    {
      for (int sign = -1; sign <= 1; sign += 2)
        {
          near +=
              twin_machine_case_line (c, mesh->axis,
                                      hz + sign * k * mesh->spacing, NULL, NULL)
                  .rms_g;
          far += twin_machine_case_line (c, mesh->axis,
                                         hz + sign * (k + 2 * SIDE_PAIRS) *
                                                  mesh->spacing,
                                         NULL, NULL)
                     .rms_g;
        }
    }

  twin_machine_check (finding,
                      far < NEIGHBOUR * near ? TWIN_CHECK_PASSED
                                             : TWIN_CHECK_FAILED,
                      "Side bands of the mesh and not of a long row of orders? "
                      "Orders further off have %.0f %% of their strength",
                      100 * far / MAX (near, 1e-12));
}

void
twin_machine_rule_gear_mesh (const TwinMachineCase *c,
                             TwinMachineFinding    *finding)
{
  double hz = c->facts->teeth * c->shaft_hz, chance;
  Mesh   mesh;

  if (c->facts->teeth < 5)
    {
      cannot (finding, "The number of teeth is not declared.",
              "the number of teeth");
      return;
    }
  if (hz + 9 * c->shaft_hz > c->top_hz)
    {
      cannot (finding, "Gear mesh lies above what this rate can carry.",
              "a faster sensor");
      return;
    }

  mesh = find_mesh (c, hz);
  list_mesh (c, &mesh, hz, finding);
  finding->level_mm_s = twin_machine_velocity (mesh.mesh_g, hz);
  twin_machine_why (finding,
                    "Mesh at %.1f Hz, %.3g g in %c: %d of 6 side bands at "
                    "%.2f Hz stand out, together %.2f of the mesh (1 is the "
                    "limit).",
                    hz, mesh.mesh_g, 'x' + mesh.axis, mesh.found, mesh.spacing,
                    mesh.ratio);
  if (mesh.ratio < 1 || mesh.found < SIDES_NEEDED)
    return;

  chance = twin_machine_case_chance (c, mesh.axis, hz, mesh.spacing, SIDE_PAIRS,
                                     mesh.found);
  twin_machine_check (finding,
                      chance <= CHANCE ? TWIN_CHECK_PASSED : TWIN_CHECK_FAILED,
                      "By chance? %.0f %% of wrong spacings find as many lines",
                      100 * chance);
  check_local (c, &mesh, hz, finding);
  twin_machine_check (finding,
                      mesh.snr >= MESH_CLEAR ? TWIN_CHECK_PASSED
                                             : TWIN_CHECK_FAILED,
                      "Is the mesh loaded? Its line stands %.0f dB over the "
                      "floor, 20 are needed for a ratio",
                      10 * log10 (MAX (mesh.snr, 1)));
  twin_machine_settle (finding, TWIN_ANSWER_NAMED);
}
