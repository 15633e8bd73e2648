/* SPDX-License-Identifier: Apache-2.0 */
/* Faults beyond bearings: each is named, each counter-check holds, and nothing
 * is said of a sound machine. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "recordings.h"
#include "twin-machine-diagnosis.h"
#include "vibration.h"

#define RATE 4000.0
#define SECONDS 8
#define N ((size_t) (RATE * SECONDS))
/* With -m slow, as tests/long.sh does, many more. */
#define SEEDS ((uint64_t) (g_test_slow () ? 20 : 2))
#define HEALTHY ((uint64_t) (g_test_slow () ? 600 : 40))

static TwinTransform *transform;

/* One machine's three axes, and what is known of it. */
typedef struct
{
  double          *axes[3];
  double           rate_hz;
  size_t           n;
  double           shaft_hz;
  TwinMachineFacts facts;
  SignalRng        rng;
} Machine;

static double
between (Machine *m, double lo, double hi)
{
  return lo + (hi - lo) * signal_uniform (&m->rng);
}

static double
phase (Machine *m)
{
  return 2 * G_PI * signal_uniform (&m->rng);
}

/* A line of @mm_s in x, so much of it in y and z; y a quarter turn later. */
static void
add_line (Machine *m, double hz, double mm_s, double y, double z)
{
  const double part[3] = { 1, y, z };
  double       angle = phase (m);

  for (int i = 0; i < 3; i++)
    signal_add_velocity (m->axes[i], m->n, m->rate_hz, hz, part[i] * mm_s,
                         angle + (i == 1 ? G_PI / 2 : 0));
}

static void
add_noise (Machine *m, double g)
{
  for (int i = 0; i < 3; i++)
    signal_add_noise (m->axes[i], m->n, g, &m->rng);
}

/* Noise and a few weak orders: nothing to be said of it. */
static void
machine_open_at (Machine *m,
                 uint64_t seed,
                 double   rate_hz,
                 double   synchronous_hz,
                 double   slip)
{
  *m = (Machine){ .rate_hz = rate_hz, .n = (size_t) (SECONDS * rate_hz) };
  m->facts = (TwinMachineFacts){ .group = TWIN_SEVERITY_GROUP_2,
                                 .support = TWIN_SEVERITY_SUPPORT_RIGID,
                                 .line_hz = 50,
                                 .pole_pairs = 2 };
  signal_seed (&m->rng, seed);
  for (int i = 0; i < 3; i++)
    m->axes[i] = g_new0 (double, m->n);
  m->shaft_hz =
      synchronous_hz * (1 - (slip > 0 ? slip : between (m, 0.008, 0.03)));
  add_noise (m, between (m, 0.002, 0.02) * sqrt (rate_hz / 4000));
  for (int k = 1; k <= 4; k++)
    add_line (m, k * m->shaft_hz, between (m, 0.05, 0.3) / k,
              between (m, 0.5, 1), between (m, 0.1, 0.4));
  add_line (m, 100, between (m, 0.05, 0.3), 0.8, 0.3);
}

static void
machine_open (Machine *m, uint64_t seed, double rate_hz)
{
  machine_open_at (m, seed, rate_hz, 25, 0);
}

static void
machine_close (Machine *m)
{
  for (int i = 0; i < 3; i++)
    g_free (m->axes[i]);
}

static void
diagnose_as (Machine *m, TwinSpeedSource source, TwinMachineVerdict *verdict)
{
  const TwinMachineRecord record = {
    .axes = { m->axes[0], m->axes[1], m->axes[2] },
    .n = m->n,
    .rate_hz = m->rate_hz,
  };
  const TwinShaftSpeed shaft = { m->shaft_hz, source };

  twin_machine_diagnose (transform, &record, &shaft, &m->facts, verdict);
}

static void
diagnose (Machine *m, TwinMachineVerdict *verdict)
{
  diagnose_as (m, TWIN_SPEED_TACHO, verdict);
}

static const TwinMachineFinding *
find (const TwinMachineVerdict *verdict, TwinMachineFault fault)
{
  size_t i = 0;

  while (verdict->findings[i].fault != fault)
    i++;
  return &verdict->findings[i];
}

static void
show (const TwinMachineVerdict *verdict)
{
  for (int i = 0; i < TWIN_MACHINE_FAULTS; i++)
    {
      const TwinMachineFinding *f = &verdict->findings[i];

      g_test_message ("%s: %s. %s [%s]", twin_machine_fault_name (f->fault),
                      twin_answer_name (f->answer), f->why, f->needs);
      for (size_t k = 0; k < f->n_checks; k++)
        g_test_message ("    %s: %s",
                        twin_check_outcome_name (f->checks[k].outcome),
                        f->checks[k].text);
    }
}

/* @fault is named and nothing else is. */
static void
expect (Machine *m, TwinMachineFault fault, const char *what)
{
  TwinMachineVerdict verdict;

  diagnose (m, &verdict);
  for (int i = 0; i < TWIN_MACHINE_FAULTS; i++)
    {
      const TwinMachineFinding *f = &verdict.findings[i];

      if ((f->answer == TWIN_ANSWER_NAMED) != (f->fault == fault))
        {
          show (&verdict);
          g_error ("%s: %s is %s", what, twin_machine_fault_name (f->fault),
                   twin_answer_name (f->answer));
        }
    }
}

static void
expect_answer (Machine         *m,
               TwinMachineFault fault,
               TwinAnswer       answer,
               const char      *what)
{
  TwinMachineVerdict verdict;

  diagnose (m, &verdict);
  if (find (&verdict, fault)->answer != answer)
    {
      show (&verdict);
      g_error ("%s: %s should be %s", what, twin_machine_fault_name (fault),
               twin_answer_name (answer));
    }
}

/* --- each is named
 * -------------------------------------------------------------- */

static void
add_unbalance (Machine *m)
{
  add_line (m, m->shaft_hz, between (m, 3.5, 9), between (m, 0.6, 1.1),
            between (m, 0.05, 0.3));
}

static void
add_misalignment (Machine *m)
{
  add_line (m, m->shaft_hz, between (m, 1.5, 3), 0.8, 0.9);
  add_line (m, 2 * m->shaft_hz, between (m, 2.4, 4), 0.8, 1.2);
}

static void
add_looseness (Machine *m)
{
  for (int i = 1; i <= 20; i++)
    add_line (m, m->shaft_hz * i / 2,
              between (m, 0.5, 0.9) * (i < 6 ? 1 : 6.0 / i), 0.8, 0.4);
}

static void
add_electrical (Machine *m)
{
  add_line (m, 100, between (m, 3.2, 6), 0.8, 0.3);
}

static void
add_rotor (Machine *m)
{
  double pass = 2 * m->facts.pole_pairs *
                (m->facts.line_hz / m->facts.pole_pairs - m->shaft_hz);

  add_line (m, m->shaft_hz, 1.2, 0.8, 0.1);
  for (int k = 1; k <= 2; k++)
    {
      add_line (m, m->shaft_hz - k * pass, 0.35 / k, 0.8, 0.1);
      add_line (m, m->shaft_hz + k * pass, 0.3 / k, 0.8, 0.1);
      add_line (m, 100 - k * pass, 0.12 / k, 0.8, 0.1);
      add_line (m, 100 + k * pass, 0.12 / k, 0.8, 0.1);
    }
}

static void
add_belt (Machine *m)
{
  double hz;

  m->facts.pulley_mm = between (m, 110, 160);
  /* Not at a third of the shaft, where every third multiple is hidden. */
  m->facts.belt_mm = m->facts.pulley_mm * between (m, 7.5, 8.8);
  m->facts.belt_ratio = between (m, 0.55, 0.75);
  hz = G_PI * m->facts.pulley_mm / m->facts.belt_mm * m->shaft_hz;
  for (int k = 1; k <= 4; k++)
    add_line (m, k * hz, between (m, 0.6, 1), 0.7, 0.4);
}

static void
add_blades (Machine *m)
{
  m->facts.blades = 5 + (int) between (m, 0, 3);
  m->facts.kind = TWIN_MACHINE_KIND_PUMP;
  add_line (m, m->facts.blades * m->shaft_hz, between (m, 3.2, 6), 0.8, 0.5);
}

static void
add_gear (Machine *m)
{
  double mesh;

  m->facts.teeth = 21 + (int) between (m, 0, 6);
  m->facts.other_teeth = 57;
  mesh = m->facts.teeth * m->shaft_hz;
  add_line (m, mesh, 0.5, 0.9, 0.5);
  for (int k = 1; k <= 3; k++)
    {
      add_line (m, mesh - k * m->shaft_hz, 0.2 / k + 0.03, 0.9, 0.5);
      add_line (m, mesh + k * m->shaft_hz, 0.24 / k, 0.9, 0.5);
    }
}

static const struct
{
  const char      *name;
  TwinMachineFault fault;
  void (*add) (Machine *m);
} faults[] = {
  { "unbalance", TWIN_MACHINE_UNBALANCE, add_unbalance },
  { "misalignment", TWIN_MACHINE_MISALIGNMENT, add_misalignment },
  { "looseness", TWIN_MACHINE_LOOSENESS, add_looseness },
  { "electrical", TWIN_MACHINE_ELECTRICAL, add_electrical },
  { "rotor", TWIN_MACHINE_ELECTRICAL, add_rotor },
  { "belt", TWIN_MACHINE_BELT, add_belt },
  { "blade", TWIN_MACHINE_BLADE_PASS, add_blades },
  { "gear", TWIN_MACHINE_GEAR_MESH, add_gear },
};

static void
test_named (gconstpointer data)
{
  const size_t which = GPOINTER_TO_SIZE (data);

  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    {
      g_autofree char *what = g_strdup_printf ("%s, seed %" G_GUINT64_FORMAT,
                                               faults[which].name, seed);
      Machine          m;

      machine_open (&m, 100 * which + seed, RATE);
      faults[which].add (&m);
      expect (&m, faults[which].fault, what);
      machine_close (&m);
    }
}

/* --- what needs more than one record ------------------------------------- */

static void
test_bent_shaft (void)
{
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    {
      Machine            m;
      double            *far;
      TwinMachineVerdict verdict;
      TwinMachineRecord  record;
      TwinShaftSpeed     shaft;
      double             angle;

      machine_open (&m, 900 + seed, RATE);
      angle = phase (&m);
      far = g_new0 (double, m.n);
      signal_add_noise (far, m.n, 0.005, &m.rng);
      signal_add_velocity (m.axes[0], m.n, RATE, m.shaft_hz, 2, 0);
      signal_add_velocity (m.axes[1], m.n, RATE, m.shaft_hz, 2, G_PI / 2);
      signal_add_velocity (m.axes[2], m.n, RATE, m.shaft_hz, 4, angle);

      /* From one end it is a suspicion … */
      expect_answer (&m, TWIN_MACHINE_BENT_SHAFT, TWIN_ANSWER_SUSPECTED,
                     "one end");
      expect_answer (&m, TWIN_MACHINE_UNBALANCE, TWIN_ANSWER_NONE, "one end");

      /* … and the other end, swinging against it, makes it sure. */
      record = (TwinMachineRecord){ .axes = { m.axes[0], m.axes[1], m.axes[2] },
                                    .far_axial = far,
                                    .n = m.n,
                                    .rate_hz = RATE };
      shaft = (TwinShaftSpeed){ m.shaft_hz, TWIN_SPEED_TACHO };
      signal_add_velocity (far, m.n, RATE, m.shaft_hz, 3, angle + G_PI);
      twin_machine_diagnose (transform, &record, &shaft, &m.facts, &verdict);
      g_assert_cmpint (verdict.findings[0].fault, ==, TWIN_MACHINE_BENT_SHAFT);
      g_assert_cmpint (verdict.findings[0].answer, ==, TWIN_ANSWER_NAMED);

      /* Both ends alike: not bent. */
      signal_add_velocity (far, m.n, RATE, m.shaft_hz, 6, angle);
      twin_machine_diagnose (transform, &record, &shaft, &m.facts, &verdict);
      g_assert_cmpint (find (&verdict, TWIN_MACHINE_BENT_SHAFT)->answer, ==,
                       TWIN_ANSWER_NONE);
      g_free (far);
      machine_close (&m);
    }
}

/* A mode at the shaft's speed makes an unbalance a suspicion, and with a run at
 * another speed the resonance is named. */
static void
test_resonance (void)
{
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    {
      Machine            m;
      TwinMachineVerdict verdict;
      TwinMachineLevels  slower;

      machine_open (&m, 1000 + seed, RATE);
      for (int i = 0; i < 3; i++)
        signal_add_resonance (m.axes[i], m.n, RATE, m.shaft_hz * 1.02, 0.06,
                              0.01, &m.rng);
      add_line (&m, m.shaft_hz, 6, 0.9, 0.1);
      expect_answer (&m, TWIN_MACHINE_UNBALANCE, TWIN_ANSWER_SUSPECTED,
                     "on a mode");
      expect_answer (&m, TWIN_MACHINE_RESONANCE, TWIN_ANSWER_SUSPECTED,
                     "on a mode");

      diagnose (&m, &verdict);
      slower = verdict.levels;
      slower.shaft_hz *= 0.9;
      for (int i = 0; i < 3; i++)
        slower.order_mm_s[i][0] /= 4;
      m.facts.other_speed = &slower;
      expect_answer (&m, TWIN_MACHINE_RESONANCE, TWIN_ANSWER_NAMED,
                     "on a mode, and a fourth at 0.9 of the speed");
      expect_answer (&m, TWIN_MACHINE_UNBALANCE, TWIN_ANSWER_SUSPECTED,
                     "on a mode, and a fourth at 0.9 of the speed");
      machine_close (&m);

      /* An unbalance far from any mode grows with the cube of speed. */
      machine_open (&m, 1100 + seed, RATE);
      add_unbalance (&m);
      diagnose (&m, &verdict);
      slower = verdict.levels;
      slower.shaft_hz *= 0.9;
      for (int i = 0; i < 3; i++)
        slower.order_mm_s[i][0] *= 0.9 * 0.9 * 0.9;
      m.facts.other_speed = &slower;
      expect (&m, TWIN_MACHINE_UNBALANCE, "far from a mode");
      machine_close (&m);
    }
}

static void
test_cavitation (void)
{
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    {
      Machine            m;
      TwinMachineVerdict verdict;
      TwinMachineLevels  usual;
      SignalFault        strikes = { .element = TWIN_ELEMENT_OUTER,
                                     .carrier_hz = 3500,
                                     .damping = 0.03,
                                     .rms = 0.3 };
      TwinBearingOrders  orders;

      machine_open (&m, 1200 + seed, 12000);
      m.facts.kind = TWIN_MACHINE_KIND_PUMP;
      expect_answer (&m, TWIN_MACHINE_CAVITATION, TWIN_ANSWER_NOT_ASSIGNABLE,
                     "no usual level");
      diagnose (&m, &verdict);
      usual = verdict.levels;
      m.facts.usual = &usual;
      expect_answer (&m, TWIN_MACHINE_CAVITATION, TWIN_ANSWER_NONE, "sound");

      for (int i = 0; i < 3; i++)
        signal_add_noise (m.axes[i], m.n, 0.12, &m.rng);
      expect_answer (&m, TWIN_MACHINE_CAVITATION, TWIN_ANSWER_SUSPECTED,
                     "roar, suction not known");
      m.facts.npsh_margin = 0.9;
      expect (&m, TWIN_MACHINE_CAVITATION, "roar and low suction");
      m.facts.npsh_margin = 2;
      expect_answer (&m, TWIN_MACHINE_CAVITATION, TWIN_ANSWER_SUSPECTED,
                     "roar, but suction is fine");
      machine_close (&m);

      /* Blows of a bearing raise the same band and are none. */
      machine_open (&m, 1200 + seed, 12000);
      m.facts.kind = TWIN_MACHINE_KIND_PUMP;
      m.facts.usual = &usual;
      m.facts.npsh_margin = 0.9;
      strikes.shaft_hz = m.shaft_hz;
      g_assert_true (twin_bearing_orders (&signal_6205, &orders, NULL));
      for (int i = 0; i < 3; i++)
        signal_add_fault (m.axes[i], m.n, m.rate_hz, &strikes, &orders, &m.rng);
      expect_answer (&m, TWIN_MACHINE_CAVITATION, TWIN_ANSWER_NONE,
                     "a bearing strikes");
      machine_close (&m);
    }
}

/* --- counter-checks ------------------------------------------------------- */

/* Two poles: 2× of the shaft and twice the mains lie side by side. */
static void
test_two_pole (void)
{
  static const struct
  {
    double     slip_hz;
    TwinAnswer electrical;
  } cases[] = { { 0.6, TWIN_ANSWER_NAMED },
                { 0.3, TWIN_ANSWER_NAMED },
                { 0.05, TWIN_ANSWER_SUSPECTED } };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (uint64_t seed = 1; seed <= SEEDS; seed++)
        {
          Machine            m;
          TwinMachineVerdict verdict;

          machine_open_at (&m, 1300 + seed, RATE, 50, cases[i].slip_hz / 50);
          m.facts.pole_pairs = 1;
          add_line (&m, m.shaft_hz, 0.5, 0.9, 0.1);
          add_line (&m, 100, 4, 0.9, 0.2);
          expect_answer (&m, TWIN_MACHINE_ELECTRICAL, cases[i].electrical,
                         "two poles");
          diagnose (&m, &verdict);
          g_assert_cmpint (find (&verdict, TWIN_MACHINE_MISALIGNMENT)->answer,
                           <, TWIN_ANSWER_NAMED);
          if (cases[i].electrical == TWIN_ANSWER_SUSPECTED)
            g_assert_nonnull (
                strstr (find (&verdict, TWIN_MACHINE_ELECTRICAL)->needs,
                        "record of"));
          machine_close (&m);

          /* And a true 2× is not the mains' when they can be told apart. */
          machine_open_at (&m, 1350 + seed, RATE, 50, cases[i].slip_hz / 50);
          m.facts.pole_pairs = 1;
          add_misalignment (&m);
          expect_answer (&m, TWIN_MACHINE_MISALIGNMENT, cases[i].electrical,
                         "two poles, misaligned");
          machine_close (&m);
        }
    }
}

/* A bearing's comb with side bands, strong and in the power spectrum itself,
 * is no looseness; nor is a belt's or another shaft's. */
static void
test_not_looseness (void)
{
  const double tones[] = { 3.5848, 5.4152, 4.7134, 0.3983 };

  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    {
      Machine m;

      machine_open (&m, 1400 + seed, RATE);
      m.facts.bearings = &signal_6205;
      m.facts.n_bearings = 1;
      for (size_t i = 0; i < G_N_ELEMENTS (tones); i++)
        {
          for (int k = 1; k <= 6; k++)
            {
              double hz = k * tones[i] * m.shaft_hz * 0.99;

              add_line (&m, hz, 0.9, 0.8, 0.4);
              if (i == 1)
                {
                  add_line (&m, hz - m.shaft_hz, 0.5, 0.8, 0.4);
                  add_line (&m, hz + m.shaft_hz, 0.5, 0.8, 0.4);
                }
            }
        }
      for (int k = 1; k <= 8; k++)
        add_line (&m, k * m.shaft_hz, 0.4, 0.8, 0.4);
      expect_answer (&m, TWIN_MACHINE_LOOSENESS, TWIN_ANSWER_NONE, "bearing");
      machine_close (&m);

      /* The driven shaft turns half as fast and is unbalanced and worn. */
      machine_open (&m, 1450 + seed, RATE);
      m.facts.belt_ratio = 0.5;
      add_looseness (&m);
      expect_answer (&m, TWIN_MACHINE_LOOSENESS, TWIN_ANSWER_NONE,
                     "half as fast a shaft");
      machine_close (&m);
    }
}

/* Only one radial direction: what cannot be ruled out leaves a suspicion, and
 * the finding says what to measure. */
static void
test_one_axis (void)
{
  Machine            m;
  TwinMachineVerdict verdict;
  TwinMachineRecord  record;
  TwinShaftSpeed     shaft;

  machine_open (&m, 1500, RATE);
  add_unbalance (&m);
  record =
      (TwinMachineRecord){ .axes = { m.axes[0] }, .n = m.n, .rate_hz = RATE };
  shaft = (TwinShaftSpeed){ m.shaft_hz, TWIN_SPEED_TACHO };
  twin_machine_diagnose (transform, &record, &shaft, &m.facts, &verdict);
  g_assert_cmpint (find (&verdict, TWIN_MACHINE_UNBALANCE)->answer, ==,
                   TWIN_ANSWER_SUSPECTED);
  g_assert_nonnull (
      strstr (find (&verdict, TWIN_MACHINE_UNBALANCE)->needs, "axial"));
  g_assert_cmpint (find (&verdict, TWIN_MACHINE_BENT_SHAFT)->answer, ==,
                   TWIN_ANSWER_NOT_ASSIGNABLE);
  g_assert_null (twin_machine_verdict_named (&verdict));

  /* A copy of an axis is no second one. */
  record.axes[2] = m.axes[0];
  twin_machine_diagnose (transform, &record, &shaft, &m.facts, &verdict);
  g_assert_true (verdict.quality & TWIN_SIGNAL_COPY);
  /* Nor is one that comes some samples late or early. */
  record.n = m.n - 5;
  for (int i = 0; i < 2; i++)
    {
      record.axes[0] = m.axes[0] + (i == 0 ? 5 : 0);
      record.axes[2] = m.axes[0] + (i == 0 ? 0 : 5);
      twin_machine_diagnose (transform, &record, &shaft, &m.facts, &verdict);
      g_assert_true (verdict.quality & TWIN_SIGNAL_COPY);
    }
  g_assert_cmpint (find (&verdict, TWIN_MACHINE_BENT_SHAFT)->answer, ==,
                   TWIN_ANSWER_NOT_ASSIGNABLE);
  machine_close (&m);
}

/* Without group and support, only what no class allows is named. */
static void
test_undeclared (void)
{
  static const struct
  {
    double     mm_s;
    TwinAnswer answer;
  } cases[] = { { 2, TWIN_ANSWER_NONE },
                { 4.5, TWIN_ANSWER_SUSPECTED },
                { 9, TWIN_ANSWER_NAMED } };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Machine m;

      machine_open (&m, 1600, RATE);
      m.facts.group = TWIN_SEVERITY_GROUP_UNDECLARED;
      add_line (&m, m.shaft_hz, cases[i].mm_s, 0.9, 0.1);
      expect_answer (&m, TWIN_MACHINE_UNBALANCE, cases[i].answer,
                     "not declared");
      machine_close (&m);
    }
}

/* A change by more than a quarter of B/C counts, within zone B as well. */
static void
test_change (void)
{
  Machine            m;
  TwinMachineVerdict verdict;
  TwinMachineLevels  usual;

  machine_open (&m, 1700, RATE);
  add_line (&m, m.shaft_hz, 1, 0.9, 0.1);
  diagnose (&m, &verdict);
  usual = verdict.levels;
  machine_close (&m);

  machine_open (&m, 1700, RATE);
  add_line (&m, m.shaft_hz, 2.2, 0.9, 0.1);
  expect_answer (&m, TWIN_MACHINE_UNBALANCE, TWIN_ANSWER_NONE, "zone B");
  m.facts.usual = &usual;
  expect (&m, TWIN_MACHINE_UNBALANCE, "zone B, but it was half as much");
  machine_close (&m);
}

/* A swinging load, or a line that noise makes, is no unbalance. */
static void
test_unsteady (void)
{
  Machine m;

  machine_open (&m, 1800, RATE);
  add_unbalance (&m);
  for (int i = 0; i < 3; i++)
    {
      for (size_t k = 0; k < m.n; k++)
        m.axes[i][k] *= 0.3 + (double) k / (double) m.n;
    }
  expect_answer (&m, TWIN_MACHINE_UNBALANCE, TWIN_ANSWER_SUSPECTED, "unsteady");
  machine_close (&m);
}

static void
test_bad_data (void)
{
  TwinMachineVerdict verdict;
  TwinMachineRecord  record = { .rate_hz = RATE };
  TwinShaftSpeed     shaft = { 25, TWIN_SPEED_TACHO };
  TwinMachineFacts   nothing = { 0 };
  Machine            m;

  /* None at all, no rate, absurd speeds. */
  twin_machine_diagnose (transform, &record, &shaft, &nothing, &verdict);
  g_assert_cmpint (verdict.findings[0].answer, ==, TWIN_ANSWER_NOT_ASSIGNABLE);

  machine_open (&m, 1900, RATE);
  add_unbalance (&m);
  record = (TwinMachineRecord){ .axes = { m.axes[0], m.axes[1], m.axes[2] },
                                .n = m.n };
  for (int i = 0; i < 3; i++)
    {
      const double rates[] = { 0, -1, NAN };

      record.rate_hz = rates[i];
      twin_machine_diagnose (transform, &record, &shaft, &m.facts, &verdict);
      g_assert_cmpint (verdict.findings[0].answer, ==,
                       TWIN_ANSWER_NOT_ASSIGNABLE);
    }
  record.rate_hz = RATE;
  for (int i = 0; i < 5; i++)
    {
      const double speeds[] = { 0, -5, NAN, INFINITY, 3000 };

      shaft.hz = speeds[i];
      twin_machine_diagnose (transform, &record, &shaft, &m.facts, &verdict);
      g_assert_null (twin_machine_verdict_named (&verdict));
      g_assert_cmpint (find (&verdict, TWIN_MACHINE_UNBALANCE)->answer, ==,
                       TWIN_ANSWER_NOT_ASSIGNABLE);
    }

  /* Clipped: a suspicion at best, and it says so. */
  for (int i = 0; i < 3; i++)
    {
      for (size_t k = 0; k < m.n; k++)
        m.axes[i][k] = CLAMP (m.axes[i][k], -0.04, 0.04);
    }
  diagnose (&m, &verdict);
  g_assert_true (verdict.quality & TWIN_SIGNAL_CLIPPED);
  g_assert_null (twin_machine_verdict_named (&verdict));

  /* One dead axis leaves the others. */
  machine_close (&m);
  machine_open (&m, 1901, RATE);
  add_unbalance (&m);
  m.axes[1][77] = NAN;
  diagnose (&m, &verdict);
  g_assert_true (verdict.quality & TWIN_SIGNAL_NOT_FINITE);
  g_assert_cmpint (verdict.findings[0].fault, ==, TWIN_MACHINE_UNBALANCE);

  /* Short. */
  m.n = (size_t) (1.5 * RATE);
  diagnose (&m, &verdict);
  g_assert_cmpint (verdict.findings[0].answer, ==, TWIN_ANSWER_NOT_ASSIGNABLE);
  m.n = N;
  machine_close (&m);
}

/* A nameplate that is 2 % off is put right; orders are those of the lines. */
static void
test_nameplate (void)
{
  Machine            m;
  TwinMachineVerdict verdict;
  double             true_hz;

  machine_open (&m, 2000, RATE);
  add_misalignment (&m);
  true_hz = m.shaft_hz;
  m.shaft_hz = 25.0 * 0.999;
  diagnose_as (&m, TWIN_SPEED_NAMEPLATE, &verdict);
  g_assert_cmpfloat_with_epsilon (verdict.shaft_hz, true_hz, 0.01);
  g_assert_cmpint (verdict.findings[0].fault, ==, TWIN_MACHINE_MISALIGNMENT);
  g_assert_cmpint (verdict.findings[0].answer, ==, TWIN_ANSWER_NAMED);
  machine_close (&m);
}

/* --- sound machines ------------------------------------------------------- */

/* Everything a sound machine may show: orders up to zone B, twice the mains,
 * a loaded gear with weak side bands, blades, a belt, a bearing that hums, a
 * mode anywhere. */
static void
open_sound (Machine *m, uint64_t seed)
{
  const double line_hz = seed % 3 == 0 ? 60 : 50;
  const int    pole_pairs = 1 + (int) (seed % 3);
  double       total, mesh;

  machine_open_at (m, seed, seed % 6 == 0 ? 12000 : RATE, line_hz / pole_pairs,
                   0);
  m->facts.kind = (TwinMachineKind) (seed % 6);
  m->facts.line_hz = line_hz;
  m->facts.pole_pairs = pole_pairs;
  if (seed % 4 == 0)
    m->facts.group = TWIN_SEVERITY_GROUP_UNDECLARED;
  m->facts.blades = 3 + (int) (seed % 9);
  m->facts.teeth = 17 + (int) (seed % 11);
  m->facts.other_teeth = 41;
  m->facts.pulley_mm = 125;
  m->facts.belt_mm = 1250 + (double) (seed % 100);
  m->facts.belt_ratio = 0.7;
  m->facts.bearings = &signal_6205;
  m->facts.n_bearings = 1;

  total = between (m, 0.3, 2.2);
  for (int k = 1; k <= 10; k++)
    add_line (m, k * m->shaft_hz,
              k == 1 ? total : total * between (m, 0, 0.8) / k,
              between (m, 0.3, 1.3), between (m, 0.1, 0.9));
  add_line (m, 2 * m->facts.line_hz, between (m, 0, 1), 0.9, 0.3);
  add_line (m, m->facts.blades * m->shaft_hz, between (m, 0, 1), 0.9, 0.6);
  mesh = m->facts.teeth * m->shaft_hz;
  total = between (m, 0.05, 0.6);
  add_line (m, mesh, total, 0.9, 0.5);
  for (int k = 1; k <= 3; k++)
    {
      add_line (m, mesh - k * m->shaft_hz, total * between (m, 0, 0.12), 1, 1);
      add_line (m, mesh + k * m->shaft_hz, total * between (m, 0, 0.12), 1, 1);
    }
  add_line (m, G_PI * 125 / m->facts.belt_mm * m->shaft_hz, between (m, 0, 0.2),
            0.8, 0.4);
  add_line (m, 3.5848 * 0.99 * m->shaft_hz, between (m, 0, 0.2), 0.8, 0.4);
  for (int i = 0; i < 3; i++)
    signal_add_resonance (m->axes[i], m->n, m->rate_hz,
                          between (m, 15, 0.4 * m->rate_hz),
                          between (m, 0.01, 0.08), between (m, 0, 0.03),
                          &m->rng);
}

static void
test_sound (void)
{
  double largest = 0;

  for (uint64_t seed = 1; seed <= HEALTHY; seed++)
    {
      Machine            m;
      TwinMachineVerdict verdict;

      open_sound (&m, 10000 + seed);
      diagnose_as (&m, seed % 2 ? TWIN_SPEED_TACHO : TWIN_SPEED_NAMEPLATE,
                   &verdict);
      if (verdict.findings[0].answer >= TWIN_ANSWER_SUSPECTED)
        {
          show (&verdict);
          g_error ("seed %" G_GUINT64_FORMAT ": sound, but %s", seed,
                   twin_machine_fault_name (verdict.findings[0].fault));
        }
      for (int i = 0; i < 3; i++)
        {
          g_assert_true (isfinite (verdict.levels.velocity_mm_s[i]));
          largest = MAX (largest, verdict.levels.velocity_mm_s[i]);
        }
      machine_close (&m);
    }

  g_test_message ("%d sound machines to %.1f mm/s: none accused", (int) HEALTHY,
                  largest);
}

/* A real rig, with sound and with damaged bearings: nothing else is wrong with
 * it, as far as one radial direction tells. */
static void
test_rig (void)
{
  g_autoptr (GPtrArray) all = recordings_load ();
  double largest = 0;

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const Recording        *recording = g_ptr_array_index (all, i);
      const TwinMachineFacts  facts = { .kind = TWIN_MACHINE_KIND_MOTOR,
                                        .line_hz = 60,
                                        .pole_pairs = 2,
                                        .bearings = &signal_6205,
                                        .n_bearings = 1 };
      const TwinMachineRecord record = { .axes = { recording->samples },
                                         .n = recording->n,
                                         .rate_hz = recording->rate_hz };
      const TwinShaftSpeed    shaft = { recording->rpm / 60,
                                        TWIN_SPEED_NAMEPLATE };
      TwinMachineVerdict      verdict;

      twin_machine_diagnose (transform, &record, &shaft, &facts, &verdict);
      largest = MAX (largest, verdict.levels.velocity_mm_s[0]);
      if (verdict.findings[0].answer >= TWIN_ANSWER_SUSPECTED)
        {
          show (&verdict);
          g_error ("%s: %s", recording->file,
                   twin_machine_fault_name (verdict.findings[0].fault));
        }
    }

  if (all != NULL)
    g_test_message ("%u channels to %.2f mm/s: none accused", all->len,
                    largest);
}

static void
test_speed (void)
{
  Machine            m;
  TwinMachineVerdict verdict;
  gint64             begin;

  machine_open (&m, 1, RATE);
  diagnose (&m, &verdict);
  begin = g_get_monotonic_time ();
  for (int i = 0; i < 10; i++)
    diagnose (&m, &verdict);
  g_test_message ("8 s of three axes at 4 kHz: %.1f ms",
                  (double) (g_get_monotonic_time () - begin) / 1e4);
  machine_close (&m);
}

static void
test_live_rule (void)
{
  TwinMachineLiveRule rule = { 0 };
  TwinMachineVerdict  sound = { 0 }, ill = { 0 };

  for (int i = 0; i < TWIN_MACHINE_FAULTS; i++)
    sound.findings[i].fault = ill.findings[i].fault = (TwinMachineFault) i;
  ill.findings[TWIN_MACHINE_BELT].answer = TWIN_ANSWER_NAMED;
  ill.findings[TWIN_MACHINE_UNBALANCE].answer = TWIN_ANSWER_SUSPECTED;

  g_assert_cmpuint (twin_machine_live_rule_push (&rule, &ill), ==, 0);
  g_assert_cmpuint (twin_machine_live_rule_push (&rule, &sound), ==, 0);
  g_assert_cmpuint (twin_machine_live_rule_push (&rule, &ill), ==, 0);
  g_assert_cmpuint (twin_machine_live_rule_push (&rule, &ill), ==,
                    1u << TWIN_MACHINE_BELT);
  g_assert_cmpint (twin_machine_live_rule_agree (&rule, TWIN_MACHINE_BELT), ==,
                   3);
  g_assert_cmpint (twin_machine_live_rule_agree (&rule, TWIN_MACHINE_UNBALANCE),
                   ==, 0);
  for (int i = 0; i < 3; i++)
    twin_machine_live_rule_push (&rule, &sound);
  g_assert_cmpint (twin_machine_live_rule_agree (&rule, TWIN_MACHINE_BELT), <,
                   3);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  transform = twin_transform_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path =
          g_strconcat ("/machine/named/", faults[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_named);
    }
  g_test_add_func ("/machine/named/bent-shaft", test_bent_shaft);
  g_test_add_func ("/machine/named/resonance", test_resonance);
  g_test_add_func ("/machine/named/cavitation", test_cavitation);
  g_test_add_func ("/machine/not/two-pole", test_two_pole);
  g_test_add_func ("/machine/not/looseness", test_not_looseness);
  g_test_add_func ("/machine/not/unsteady", test_unsteady);
  g_test_add_func ("/machine/one-axis", test_one_axis);
  g_test_add_func ("/machine/undeclared", test_undeclared);
  g_test_add_func ("/machine/change", test_change);
  g_test_add_func ("/machine/nameplate", test_nameplate);
  g_test_add_func ("/machine/bad-data", test_bad_data);
  g_test_add_func ("/machine/sound", test_sound);
  g_test_add_func ("/machine/rig", test_rig);
  if (g_test_slow ())
    g_test_add_func ("/machine/speed", test_speed);
  g_test_add_func ("/machine/live-rule", test_live_rule);
  result = g_test_run ();
  twin_transform_free (transform);
  return result;
}
