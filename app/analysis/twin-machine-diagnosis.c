/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-machine-diagnosis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "twin-machine-private.h"

#define SECONDS_MIN 2.0
#define SECONDS_MAX 16.0
#define TOP 0.45 /* of the rate: above that filters take over */

static const struct
{
  const char     *name;
  TwinMachineRule rule;
  gboolean        by_shaft; /* says nothing without the shaft's speed */
} rules[TWIN_MACHINE_FAULTS] = {
  [TWIN_MACHINE_UNBALANCE] = { "unbalance", twin_machine_rule_unbalance, TRUE },
  [TWIN_MACHINE_MISALIGNMENT] = { "misalignment",
                                  twin_machine_rule_misalignment, TRUE },
  [TWIN_MACHINE_BENT_SHAFT] = { "bent shaft", twin_machine_rule_bent_shaft,
                                TRUE },
  [TWIN_MACHINE_LOOSENESS] = { "looseness", twin_machine_rule_looseness, TRUE },
  [TWIN_MACHINE_RESONANCE] = { "resonance", twin_machine_rule_resonance, TRUE },
  [TWIN_MACHINE_BELT] = { "belt", twin_machine_rule_belt, TRUE },
  [TWIN_MACHINE_BLADE_PASS] = { "blade pass", twin_machine_rule_blade_pass,
                                TRUE },
  [TWIN_MACHINE_GEAR_MESH] = { "gear mesh", twin_machine_rule_gear_mesh, TRUE },
  [TWIN_MACHINE_ELECTRICAL] = { "electrical", twin_machine_rule_electrical,
                                FALSE },
  [TWIN_MACHINE_CAVITATION] = { "cavitation", twin_machine_rule_cavitation,
                                FALSE },
};

static const char *const answers[] = { "none", "not assignable", "suspected",
                                       "named" };
static const char *const outcomes[] = { "passed", "failed", "not done" };
static const char *const kinds[] = { "unknown", "motor",      "pump",
                                     "fan",     "compressor", "gearbox" };

const char *
twin_machine_fault_name (TwinMachineFault fault)
{
  return rules[fault].name;
}

gboolean
twin_machine_fault_parse (const char *name, TwinMachineFault *fault)
{
  for (int i = 0; i < TWIN_MACHINE_FAULTS; i++)
    {
      if (g_strcmp0 (name, rules[i].name) == 0)
        {
          *fault = (TwinMachineFault) i;
          return TRUE;
        }
    }

  return FALSE;
}

const char *
twin_answer_name (TwinAnswer answer)
{
  return answers[answer];
}

const char *
twin_check_outcome_name (TwinCheckOutcome outcome)
{
  return outcomes[outcome];
}

gboolean
twin_machine_kind_parse (const char *name, TwinMachineKind *kind)
{
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_strcmp0 (name, kinds[i]) == 0)
        {
          *kind = (TwinMachineKind) i;
          return TRUE;
        }
    }

  return FALSE;
}

static void
clear_levels (TwinMachineLevels *levels)
{
  for (int i = 0; i < TWIN_MACHINE_AXES; i++)
    {
      levels->velocity_mm_s[i] = levels->noise_g[i] = NAN;
      levels->belt_mm_s[i] = levels->blade_mm_s[i] = NAN;
      levels->twice_line_mm_s[i] = levels->halves_mm_s[i] = NAN;
      for (int k = 0; k < 3; k++)
        levels->order_mm_s[i][k] = 0;
    }
}

/* --- the answer --------------------------------------------------------------
 */

/* What is wrong with the data leaves a suspicion at best. The mains' lines
 * hide what lies beside them, but are what an electrical fault is seen by. */
static void
downgrade (TwinMachineFinding *finding, guint quality)
{
  guint            bad = quality & (TWIN_SIGNAL_CLIPPED | TWIN_SIGNAL_BURST |
                         TWIN_SIGNAL_DROPOUT | TWIN_SIGNAL_MAINS);
  g_autofree char *words = NULL;

  if (finding->fault == TWIN_MACHINE_ELECTRICAL)
    bad &= ~(guint) TWIN_SIGNAL_MAINS;
  if (bad == 0 || finding->answer != TWIN_ANSWER_NAMED)
    return;

  words = twin_signal_flags_describe (bad);
  finding->answer = TWIN_ANSWER_SUSPECTED;
  twin_machine_check (finding, TWIN_CHECK_FAILED,
                      "Are the data sound? The record has: %s", words);
  twin_machine_needs (finding, "a record without: %s", words);
}

static void
judge (const TwinMachineCase *c, const char *unfit, TwinMachineVerdict *out)
{
  for (int i = 0; i < TWIN_MACHINE_FAULTS; i++)
    {
      TwinMachineFinding *finding = &out->findings[i];

      *finding = (TwinMachineFinding){ .fault = (TwinMachineFault) i,
                                       .level_mm_s = NAN,
                                       .limit_mm_s = NAN };
      if (unfit != NULL || (rules[i].by_shaft && isnan (c->shaft_hz)))
        {
          finding->answer = TWIN_ANSWER_NOT_ASSIGNABLE;
          twin_machine_why (finding, "%s", unfit != NULL ? unfit : c->no_shaft);
          continue;
        }

      rules[i].rule (c, finding);
      downgrade (finding, out->quality);
    }
}

static double
weight (const TwinMachineFinding *finding)
{
  double over = finding->level_mm_s / finding->limit_mm_s;

  return isfinite (over) ? over : 0;
}

static int
by_answer (const void *a, const void *b)
{
  const TwinMachineFinding *x = a, *y = b;
  double                    wx = weight (x), wy = weight (y);

  if (x->answer != y->answer)
    return (int) y->answer - (int) x->answer;
  if (x->answer >= TWIN_ANSWER_SUSPECTED && wx != wy)
    return wx < wy ? 1 : -1;
  return (int) x->fault - (int) y->fault;
}

static const char *
find_unfit (const TwinMachineCase    *c,
            const gboolean           *usable,
            const TwinMachineVerdict *out)
{
  if (c->n < 16 || out->seconds < SECONDS_MIN)
    return "The record is shorter than two seconds.";
  if (!usable[0] && !usable[1] && !usable[2])
    return out->quality & TWIN_SIGNAL_STUCK
               ? "The sensor is stuck: it repeats the same value."
               : "No axis has samples that can be used.";
  if (out->quality & TWIN_SIGNAL_RATE)
    return "The sample rate given is not the true one: no frequency can be "
           "trusted.";
  return NULL;
}

void
twin_machine_diagnose (TwinTransform           *transform,
                       const TwinMachineRecord *record,
                       const TwinShaftSpeed    *shaft,
                       const TwinMachineFacts  *facts,
                       TwinMachineVerdict      *out)
{
  TwinMachineCase c = { .record = record,
                        .facts = facts,
                        .transform = transform,
                        .shaft_hz = NAN,
                        .levels = &out->levels };
  gboolean        usable[CASE_VIEWS] = { FALSE };
  const char     *unfit;

  memset (out, 0, sizeof *out);
  clear_levels (&out->levels);
  if (record->rate_hz > 0 && record->rate_hz < 1e9)
    c.n = twin_transform_trim (
        (size_t) MIN ((double) record->n, SECONDS_MAX * record->rate_hz));
  out->seconds = c.n > 0 ? (double) c.n / record->rate_hz : 0;
  out->shaft_hz = out->levels.shaft_hz = NAN;
  twin_machine_case_limits (&c, out->limit, sizeof out->limit);
  if (c.n >= 16)
    {
      out->df_hz = c.df_hz = record->rate_hz / (double) c.n;
      c.top_hz = TOP * record->rate_hz;
      twin_machine_case_open (&c, shaft, usable, out);
    }

  unfit = find_unfit (&c, usable, out);
  if (unfit == NULL)
    twin_machine_case_measure (&c, usable, shaft, out);

  judge (&c, unfit, out);
  qsort (out->findings, TWIN_MACHINE_FAULTS, sizeof out->findings[0],
         by_answer);
  for (int view = 0; view < CASE_VIEWS; view++)
    twin_line_view_clear (&c.views[view]);
}

const TwinMachineFinding *
twin_machine_verdict_named (const TwinMachineVerdict *self)
{
  return self->findings[0].answer == TWIN_ANSWER_NAMED ? &self->findings[0]
                                                       : NULL;
}

/* --- the live rule -----------------------------------------------------------
 */

int
twin_machine_live_rule_agree (const TwinMachineLiveRule *self,
                              TwinMachineFault           fault)
{
  guint bits = self->named[fault] & ((1u << TWIN_LIVE_WINDOWS) - 1);
  int   n = 0;

  for (; bits != 0; bits &= bits - 1)
    n++;
  return n;
}

guint
twin_machine_live_rule_push (TwinMachineLiveRule      *self,
                             const TwinMachineVerdict *verdict)
{
  guint believed = 0;

  self->pushed++;
  for (int i = 0; i < TWIN_MACHINE_FAULTS; i++)
    {
      const TwinMachineFinding *finding = &verdict->findings[i];
      TwinMachineFault          fault = finding->fault;

      self->named[fault] = (guint8) (self->named[fault] << 1 |
                                     (finding->answer == TWIN_ANSWER_NAMED));
      if (twin_machine_live_rule_agree (self, fault) >= TWIN_LIVE_AGREE)
        believed |= 1u << fault;
    }

  return believed;
}
