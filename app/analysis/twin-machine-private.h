/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-private.h - between the rules of a machine's diagnosis */
#pragma once

#include "twin-line-view.h"
#include "twin-machine-diagnosis.h"

G_BEGIN_DECLS

enum
{
  CASE_FAR = TWIN_MACHINE_AXES, /* the view of the far axial one */
  CASE_VIEWS,
};

/* One record, measured; the rules only read it. */
typedef struct
{
  const TwinMachineRecord *record;
  const TwinMachineFacts  *facts;
  TwinTransform           *transform;
  TwinLineView             views[CASE_VIEWS]; /* n 0: axis not there */
  size_t                   n; /* samples that were transformed */
  double                   shaft_hz;
  const char              *no_shaft; /* why shaft_hz is NaN */
  double                   df_hz, top_hz;
  double                   named_mm_s, suspected_mm_s;
  gboolean                 declared;  /* group and support */
  double                   unsteady;  /* of 1×, over the record; NaN */
  double                   coherence; /* of 1× between radial axes; NaN */
  TwinMachineLevels       *levels;
} TwinMachineCase;

#define CASE_AMPLITUDE_STEADY 0.15
#define CASE_COHERENT 0.9

static inline gboolean
twin_machine_case_has (const TwinMachineCase *c, int axis)
{
  return c->views[axis].n > 0;
}

double twin_machine_velocity (double rms_g, double hz);

/* A line of @axis; it is put into @finding under @label unless that is NULL. */
TwinMachineLine twin_machine_case_line (const TwinMachineCase *c,
                                        int                    axis,
                                        double                 hz,
                                        TwinMachineFinding    *finding,
                                        const char            *label);

void twin_machine_check (TwinMachineFinding *finding,
                         TwinCheckOutcome    outcome,
                         const char         *format,
                         ...) G_GNUC_PRINTF (3, 4);
void twin_machine_why (TwinMachineFinding *finding, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
void twin_machine_needs (TwinMachineFinding *finding, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

/* Which of the CASE_VIEWS axes can be used; the quality of all together. */
void twin_machine_case_open (const TwinMachineCase *c,
                             const TwinShaftSpeed  *shaft,
                             gboolean              *usable,
                             TwinMachineVerdict    *out);
/* Speed, lines and levels of the axes that are @usable. */
void twin_machine_case_measure (TwinMachineCase      *c,
                                const gboolean       *usable,
                                const TwinShaftSpeed *shaft,
                                TwinMachineVerdict   *out);

/* What velocities are held against, and a sentence of it. */
void twin_machine_case_limits (TwinMachineCase *c, char *text, size_t size);

/* How far @level goes: to be named, suspected or neither. @usual: that of the
 * machine when sound, 0 for a family that a sound one does not have, NaN when
 * not known. Sets level and limit of @finding. */
TwinAnswer twin_machine_case_gate (const TwinMachineCase *c,
                                   double                 level,
                                   double                 usual,
                                   TwinMachineFinding    *finding);

/* The answer that the gate allows, less what the checks take from it: one not
 * done, or failed, leaves a suspicion. */
void twin_machine_settle (TwinMachineFinding *finding, TwinAnswer gate);

/* Resonance as a counter-check of the line at @hz in @axis. */
void twin_machine_check_mode (const TwinMachineCase *c,
                              int                    axis,
                              double                 hz,
                              TwinMachineFinding    *finding);

/* Whether @a and @b stand three lines apart or more. */
gboolean twin_machine_case_resolves (const TwinMachineCase *c,
                                     double                 a,
                                     double                 b);

/* Side bands present around @carrier_hz, of @pairs pairs; @sum (may be NULL)
 * of their r.m.s. amplitudes. */
int twin_machine_case_sides (const TwinMachineCase *c,
                             int                    axis,
                             double                 carrier_hz,
                             double                 spacing_hz,
                             int                    pairs,
                             double                *sum);

/* Share of wrong spacings (0.7 to 1.4 of the right one) with as many side
 * bands (or, @carrier_hz 0, multiples up to @pairs). */
double twin_machine_case_chance (const TwinMachineCase *c,
                                 int                    axis,
                                 double                 carrier_hz,
                                 double                 spacing_hz,
                                 int                    pairs,
                                 int                    found);

/* Multiples 1 … @n of @hz that are present, those at whole or half orders of
 * the shaft or of @other_hz (0: none) left out; @level: together, mm/s. */
int twin_machine_case_multiples (const TwinMachineCase *c,
                                 int                    axis,
                                 double                 hz,
                                 int                    n,
                                 double                 other_hz,
                                 double                *level_mm_s);

/* The radial axis with the largest @values; -1: none is there. */
int twin_machine_case_radial (const TwinMachineCase *c,
                              const double           values[TWIN_MACHINE_AXES]);

double twin_machine_case_usual (const TwinMachineCase *c,
                                const double          *of_usual);

/* Speed of the other shaft, by gear or belt; 0: not known. */
double twin_machine_other_shaft (const TwinMachineFacts *facts,
                                 double                  shaft_hz);
double twin_machine_belt_hz (const TwinMachineFacts *facts, double shaft_hz);

/* The rules; each fills all of its finding but the fault. */
typedef void (*TwinMachineRule) (const TwinMachineCase *c,
                                 TwinMachineFinding    *finding);

void twin_machine_rule_unbalance (const TwinMachineCase *,
                                  TwinMachineFinding *);
void twin_machine_rule_misalignment (const TwinMachineCase *,
                                     TwinMachineFinding *);
void twin_machine_rule_bent_shaft (const TwinMachineCase *,
                                   TwinMachineFinding *);
void twin_machine_rule_looseness (const TwinMachineCase *,
                                  TwinMachineFinding *);
void twin_machine_rule_resonance (const TwinMachineCase *,
                                  TwinMachineFinding *);
void twin_machine_rule_belt (const TwinMachineCase *, TwinMachineFinding *);
void twin_machine_rule_blade_pass (const TwinMachineCase *,
                                   TwinMachineFinding *);
void twin_machine_rule_gear_mesh (const TwinMachineCase *,
                                  TwinMachineFinding *);
void twin_machine_rule_electrical (const TwinMachineCase *,
                                   TwinMachineFinding *);
void twin_machine_rule_cavitation (const TwinMachineCase *,
                                   TwinMachineFinding *);

G_END_DECLS
