/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "twin-bearing-sim.h"
#include "twin-diagnosis.h"
#include "twin-whatif.h"

#define DAY_S 86400.0

/* A 6205 at rated load and speed, 40 days to live in the middle. */
static void
make_state (TwinWhatifState *state)
{
  twin_whatif_state_init (state);
  state->load = 0.8;
  state->speed = 1;
  state->ambient_c = 22;
  state->rated_rpm = 1480;
  state->has_thermal = TRUE;
  state->bearing = (TwinBearing){ .designation = "6205",
                                  .elements = 9,
                                  .element_mm = 7.94,
                                  .pitch_mm = 39.04,
                                  .dynamic_kn = 14.8,
                                  .static_kn = 7.8 };
  state->load_kn = 1.5;
  state->damage = 0.2;
  state->grease_age_h = 2000;
  state->basis = TWIN_RUL_FROM_TREND;
  for (int i = 0; i < TWIN_RUL_SAMPLES; i++)
    state->rul_s[i] = 40 * DAY_S * pow (4, 2 * twin_rul_sample_level (i) - 1);
  state->lower_s = state->rul_s[TWIN_RUL_SAMPLES / 20];
  state->rated_kw = 45;
}

static void
make_scenario (TwinWhatifScenario *scenario)
{
  twin_whatif_scenario_init (scenario);
  scenario->prices = (TwinPrices){ 2000, 12000, 0.2 };
}

static TwinWhatifAnswer *
ask (const TwinWhatifState    *state,
     const TwinWhatifScenario *scenario,
     TwinWhatifLevel           level)
{
  TwinWhatifAnswer *answer = g_new (TwinWhatifAnswer, 1);
  GError           *error = NULL;

  twin_whatif_answer (state, scenario, level, answer, &error);
  g_assert_no_error (error);
  return answer;
}

static gboolean
near (double value, double wanted, double tolerance)
{
  return fabs (value - wanted) <= tolerance * fabs (wanted);
}

static void
assert_nothing (TwinRange range)
{
  g_assert_cmpfloat (range.p05, ==, 0);
  g_assert_cmpfloat (range.p50, ==, 0);
  g_assert_cmpfloat (range.p95, ==, 0);
}

static void
test_same_is_no_difference (void)
{
  TwinWhatifState    state;
  TwinWhatifScenario scenario;

  make_state (&state);
  make_scenario (&scenario);
  for (TwinWhatifLevel level = TWIN_WHATIF_CLOSED; level <= TWIN_WHATIF_ODE;
       level++)
    {
      g_autofree TwinWhatifAnswer *answer = ask (&state, &scenario, level);

      assert_nothing (answer->difference.temperature_k);
      assert_nothing (answer->difference.fatigue_h);
      assert_nothing (answer->difference.rul_s);
      assert_nothing (answer->difference.cost);
      g_assert_cmpfloat (answer->difference.cost_mean, ==, 0);
      g_assert_cmpfloat (answer->difference.chance, ==, 0);
      g_assert_cmpmem (&answer->baseline, sizeof answer->baseline,
                       &answer->scenario, sizeof answer->scenario);
    }
}

/* The baseline is the twin: its remaining life comes out as it went in. */
static void
test_baseline_is_the_present (void)
{
  TwinWhatifState    state;
  TwinWhatifScenario scenario;

  make_state (&state);
  make_scenario (&scenario);
  for (TwinWhatifLevel level = TWIN_WHATIF_CLOSED; level <= TWIN_WHATIF_ODE;
       level++)
    {
      g_autofree TwinWhatifAnswer *answer = ask (&state, &scenario, level);
      const TwinRange             *rul = &answer->baseline.rul_s;

      g_assert_true (near (rul->p50, 40 * DAY_S, 0.02));
      g_assert_true (near (rul->p05, 40 * DAY_S * pow (4, -0.9), 0.03));
      g_assert_true (near (rul->p95, 40 * DAY_S * pow (4, 0.9), 0.03));
      g_assert_cmpfloat (answer->baseline.life_factor, ==,
                         level == TWIN_WHATIF_CLOSED
                             ? 1
                             : answer->baseline.life_factor);
    }
}

/* --- monotone
 * ------------------------------------------------------------------------ */

typedef struct
{
  double least, most;
  size_t offset; /* of the double in the scenario */
} Knob;

static const Knob knobs[] = {
  { 0.5, 1.5, G_STRUCT_OFFSET (TwinWhatifScenario, load) },
  { 0.5, 1.2, G_STRUCT_OFFSET (TwinWhatifScenario, speed) },
  { -20, 50, G_STRUCT_OFFSET (TwinWhatifScenario, ambient_c) },
};

static void
assert_monotone (const TwinWhatifState *state,
                 const Knob            *knob,
                 TwinWhatifLevel        level,
                 int                    steps)
{
  g_autofree TwinWhatifAnswer *before = NULL;

  for (int i = 0; i <= steps; i++)
    {
      TwinWhatifScenario           scenario;
      g_autofree TwinWhatifAnswer *answer = NULL;

      make_scenario (&scenario);
      G_STRUCT_MEMBER (double, &scenario, knob->offset) =
          knob->least + (knob->most - knob->least) * i / steps;
      answer = ask (state, &scenario, level);
      if (before != NULL)
        {
          /* Quantiles of sums of exponentials: to rounding. */
          const double room = 1 + 1e-9;

          g_assert_cmpfloat (answer->scenario.rul_s.p05, <=,
                             before->scenario.rul_s.p05 * room);
          g_assert_cmpfloat (answer->scenario.rul_s.p50, <=,
                             before->scenario.rul_s.p50 * room);
          g_assert_cmpfloat (answer->scenario.rul_s.p95, <=,
                             before->scenario.rul_s.p95 * room);
          g_assert_cmpfloat (answer->scenario.temperature_c.p50, >=,
                             before->scenario.temperature_c.p50 - 1e-9);
          g_assert_cmpfloat (answer->scenario.chance, >=,
                             before->scenario.chance);
        }

      g_free (before);
      before = g_steal_pointer (&answer);
    }
}

static void
test_monotone (void)
{
  /* A slow, thinly lubricated one is where more speed would buy more film. */
  static const double speeds[] = { 1480, 2950, 300, 60 };

  for (size_t s = 0; s < G_N_ELEMENTS (speeds); s++)
    {
      TwinWhatifState state;

      make_state (&state);
      state.rated_rpm = speeds[s];
      for (size_t k = 0; k < G_N_ELEMENTS (knobs); k++)
        {
          assert_monotone (&state, &knobs[k], TWIN_WHATIF_CLOSED, 47);
          if (s % 2 == 0)
            assert_monotone (&state, &knobs[k], TWIN_WHATIF_ODE, 5);
        }
    }
}

/* --- coupling
 * ------------------------------------------------------------------------ */

static void
test_warmer_is_thinner_is_shorter (void)
{
  TwinWhatifState              state;
  TwinWhatifScenario           scenario;
  g_autofree TwinWhatifAnswer *answer = NULL;
  const TwinWhatifSide        *now, *then;

  make_state (&state);
  make_scenario (&scenario);
  scenario.ambient_c = 42;
  answer = ask (&state, &scenario, TWIN_WHATIF_CLOSED);
  now = &answer->baseline;
  then = &answer->scenario;

  g_assert_true (near (answer->difference.temperature_k.p50, 20, 1e-9));
  g_assert_cmpfloat (then->kappa, <, 0.7 * now->kappa);
  g_assert_cmpfloat (then->aiso, <, now->aiso);
  g_assert_cmpfloat (then->rated_h, <, now->rated_h);
  g_assert_true (
      near (then->rated_h / now->rated_h, then->aiso / now->aiso, 1e-3));
  g_assert_true (near (then->life_factor, then->aiso / now->aiso, 0.02));
}

/* The formulas of the design, by hand. */
static void
test_closed_form (void)
{
  TwinWhatifState              state;
  TwinWhatifScenario           scenario;
  g_autofree TwinWhatifAnswer *answer = NULL;
  double                       steady, kappa, aiso, cu, l10h;

  make_state (&state);
  make_scenario (&scenario);
  scenario.load = 1.25;
  scenario.speed = 1.1;
  scenario.ambient_c = 30;
  answer = ask (&state, &scenario, TWIN_WHATIF_CLOSED);

  steady = 30 + (40 * 1.0 + 6.7) * 1.1;
  kappa = twin_lubrication_kappa (&state.oil, steady, 1628, 39.04);
  cu = twin_rated_life_fatigue_limit (TWIN_ROLLING_BALL, 7.8, 39.04);
  aiso = twin_rated_life_aiso (TWIN_ROLLING_BALL, kappa, 0.55 * cu / 1.5);
  l10h = twin_rated_life_l10h (TWIN_ROLLING_BALL, 14.8, 1.5, 1628);
  g_assert_true (near (answer->scenario.temperature_c.p50, steady, 0.002));
  g_assert_true (near (answer->scenario.kappa, kappa, 1e-3));
  g_assert_true (near (answer->scenario.aiso, aiso, 2e-3));
  g_assert_true (near (answer->scenario.rated_h, aiso * l10h, 3e-3));
  g_assert_true (
      near (answer->scenario.fatigue_h.p50, 0.8 * aiso * l10h, 0.03));
  g_assert_true (near (answer->scenario.life_factor,
                       pow (1.25, -3) / 1.1 * aiso / answer->baseline.aiso,
                       0.03));
  g_assert_true (near (answer->scenario.cost_mean - answer->baseline.cost_mean,
                       answer->difference.cost_mean, 1e-9));
}

static void
test_kappa_given (void)
{
  TwinWhatifState    state;
  TwinWhatifScenario scenario;

  make_state (&state);
  make_scenario (&scenario);
  scenario.kappa = 0.3;
  {
    g_autofree TwinWhatifAnswer *answer =
        ask (&state, &scenario, TWIN_WHATIF_CLOSED);

    g_assert_true (near (answer->scenario.kappa, 0.3, 1e-9));
    g_assert_cmpfloat (answer->scenario.life_factor, <, 0.5);
  }

  scenario.kappa = NAN;
  scenario.grease = TWIN_GREASE_STARVED;
  {
    g_autofree TwinWhatifAnswer *answer =
        ask (&state, &scenario, TWIN_WHATIF_CLOSED);

    g_assert_true (near (answer->difference.temperature_k.p50,
                         0.3 * (40 * 0.8 + 6.7), 0.01));
    g_assert_cmpfloat (answer->scenario.life_factor, <, 1);
  }
}

/* --- levels
 * -------------------------------------------------------------------------- */

static void
assert_agree (const TwinWhatifSide *closed, const TwinWhatifSide *ode)
{
  g_assert_cmpfloat (fabs (ode->temperature_c.p05 - closed->temperature_c.p05),
                     <, 1);
  g_assert_cmpfloat (fabs (ode->temperature_c.p50 - closed->temperature_c.p50),
                     <, 1);
  g_assert_cmpfloat (fabs (ode->temperature_c.p95 - closed->temperature_c.p95),
                     <, 1);
  g_assert_true (near (ode->rul_s.p05, closed->rul_s.p05, 0.05));
  g_assert_true (near (ode->rul_s.p50, closed->rul_s.p50, 0.05));
  g_assert_true (near (ode->rul_s.p95, closed->rul_s.p95, 0.05));
  g_assert_true (near (ode->fatigue_h.p50, closed->fatigue_h.p50, 0.05));
  g_assert_cmpfloat (fabs (ode->chance - closed->chance), <, 0.03);
}

static void
test_levels_agree (void)
{
  static const struct
  {
    double load, speed, ambient_c;
  } cases[] = { { 1, 1, NAN },     { 1.5, 1.2, 50 }, { 0.5, 0.5, -20 },
                { 1.2, 0.8, 30 },  { 0.7, 1.1, 0 },  { 1, 1.2, 40 },
                { 1.5, 0.5, NAN }, { 0.5, 1.2, NAN } };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwinWhatifState              state;
      TwinWhatifScenario           scenario;
      g_autofree TwinWhatifAnswer *closed = NULL, *ode = NULL;

      make_state (&state);
      make_scenario (&scenario);
      /* Constant: grease that runs out, and a warm-up that is long against
       * the life, are for the ODE alone to see. */
      state.grease_age_h = NAN;
      for (int k = 0; k < TWIN_RUL_SAMPLES; k++)
        state.rul_s[k] *= 10;
      scenario.load = cases[i].load;
      scenario.speed = cases[i].speed;
      scenario.ambient_c = cases[i].ambient_c;
      closed = ask (&state, &scenario, TWIN_WHATIF_CLOSED);
      ode = ask (&state, &scenario, TWIN_WHATIF_ODE);
      assert_agree (&closed->baseline, &ode->baseline);
      assert_agree (&closed->scenario, &ode->scenario);
    }
}

/* One second's steps by Euler of a warm-up, against the exact long ones. */
static void
test_ode_warms_up (void)
{
  TwinWhatifState              state;
  TwinWhatifScenario           scenario;
  g_autofree TwinWhatifAnswer *answer = NULL;
  double                       celsius = 22;

  make_state (&state);
  make_scenario (&scenario);
  state.thermal_share = state.residual_sd_k = 0;
  state.grease_age_h = NAN;
  state.temperature_c = celsius;
  scenario.horizon_s = 3600;
  answer = ask (&state, &scenario, TWIN_WHATIF_ODE);
  for (int s = 1, k = 1; s <= 3600; s++)
    {
      celsius += (22 + 40 * 0.8 + 6.7 - celsius) / 600;
      if (s >= answer->scenario.at_s[k] - 0.5)
        {
          g_assert_cmpfloat (fabs (answer->scenario.t_c[k].p50 - celsius), <,
                             0.05);
          k++;
        }
    }
}

/* Grease that is used up within the horizon: only the ODE sees it coming. */
static void
test_ode_sees_grease_age (void)
{
  TwinWhatifState              state;
  TwinWhatifScenario           scenario;
  g_autofree TwinWhatifAnswer *closed = NULL, *ode = NULL, *fresh = NULL;

  make_state (&state);
  make_scenario (&scenario);
  state.grease_life_h = 4000;
  state.grease_age_h = 3500;
  scenario.horizon_s = 365 * DAY_S;
  closed = ask (&state, &scenario, TWIN_WHATIF_CLOSED);
  ode = ask (&state, &scenario, TWIN_WHATIF_ODE);
  g_assert_cmpfloat (ode->baseline.t_c[TWIN_WHATIF_POINTS - 1].p50, >,
                     closed->baseline.temperature_c.p50 + 5);
  g_assert_cmpfloat (ode->baseline.rul_s.p95, <, closed->baseline.rul_s.p95);

  scenario.work = TWIN_WORK_REGREASE;
  scenario.work_s = 10 * DAY_S;
  fresh = ask (&state, &scenario, TWIN_WHATIF_ODE);
  g_assert_cmpfloat (fresh->difference.rul_s.p95, >, 0);
  g_assert_cmpfloat (fresh->difference.rul_s.p05, >=, 0);
}

/* --- work and costs
 * ------------------------------------------------------------------ */

static void
test_replacement (void)
{
  TwinWhatifState    state;
  TwinWhatifScenario scenario;

  make_state (&state);
  make_scenario (&scenario);
  scenario.work = TWIN_WORK_REPLACE;
  scenario.work_s = 15 * DAY_S;
  for (TwinWhatifLevel level = TWIN_WHATIF_CLOSED; level <= TWIN_WHATIF_ODE;
       level++)
    {
      g_autofree TwinWhatifAnswer *answer = ask (&state, &scenario, level);
      /* ln-uniform over 10 … 160 days: ln 1.5 / ln 16 have failed by 15. */
      const double before = log (1.5) / log (16);
      const double by_90 = log (9) / log (16);

      g_assert_cmpfloat (fabs (answer->scenario.chance - before), <, 0.006);
      g_assert_cmpfloat (fabs (answer->baseline.chance - by_90), <, 0.006);
      /* The new bearing's rated life is years: it does not fail here. */
      g_assert_true (
          near (answer->scenario.cost_mean - 45 * 0.8 * 90 * 24 * 0.2,
                12000 * before + 2000 * (1 - before), 0.02));
      g_assert_true (
          near (answer->baseline.cost_mean - 45 * 0.8 * 90 * 24 * 0.2,
                12000 * by_90, 0.02));
      g_assert_cmpfloat (answer->scenario.rul_s.p95, >, 365 * DAY_S);
    }
}

/* The stated 5 to 95 % hold: independent draws of the same quantities fall
 * inside nine times in ten. */
static void
test_intervals_hold (void)
{
  TwinWhatifState              state;
  TwinWhatifScenario           scenario;
  g_autofree TwinWhatifAnswer *answer = NULL;
  g_autoptr (GRand) draws = g_rand_new_with_seed (4);
  int    t_in = 0, rul_in = 0, trials = 4000;
  double base_aiso;

  make_state (&state);
  make_scenario (&scenario);
  scenario.load = 1.3;
  scenario.ambient_c = 35;
  answer = ask (&state, &scenario, TWIN_WHATIF_ODE);
  base_aiso = answer->baseline.aiso;
  for (int i = 0; i < trials; i++)
    {
      double z[3], gain, steady, kappa, aiso, life, power;

      for (int k = 0; k < 3; k++)
        z[k] = sqrt (-2 * log (1 - g_rand_double (draws))) *
               cos (2 * G_PI * g_rand_double (draws));
      gain = 1 + 0.05 * z[0];
      steady = 35 + (40 * 0.8 * 1.3 + 6.7) * gain + 0.5 * z[1];
      kappa = twin_lubrication_kappa (&state.oil, steady, 1480, 39.04);
      aiso = twin_rated_life_aiso (
          TWIN_ROLLING_BALL, kappa,
          0.55 * twin_rated_life_fatigue_limit (TWIN_ROLLING_BALL, 7.8, 39.04) /
              (1.5 * 0.8 * 1.3));
      power = pow (1.3, -(3 + 0.3 * z[2]));
      life = 40 * DAY_S * pow (4, 2 * g_rand_double (draws) - 1) * power *
             aiso / base_aiso;
      t_in += steady >= answer->scenario.temperature_c.p05 &&
              steady <= answer->scenario.temperature_c.p95;
      rul_in += life >= answer->scenario.rul_s.p05 &&
                life <= answer->scenario.rul_s.p95;
    }

  g_assert_cmpfloat (fabs ((double) t_in / trials - 0.9), <, 0.02);
  g_assert_cmpfloat (fabs ((double) rul_in / trials - 0.9), <, 0.02);
}

/* --- what is not known, and what is refused
 * ------------------------------------- */

static void
test_without_trend (void)
{
  TwinWhatifState              state;
  TwinWhatifScenario           scenario;
  g_autofree TwinWhatifAnswer *answer = NULL;

  make_state (&state);
  make_scenario (&scenario);
  state.basis = TWIN_RUL_FROM_NOTHING;
  state.lower_s = 10 * DAY_S;
  scenario.load = 1.2;
  answer = ask (&state, &scenario, TWIN_WHATIF_CLOSED);
  g_assert_true (isnan (answer->scenario.rul_s.p50));
  g_assert_true (isnan (answer->scenario.chance));
  g_assert_true (isnan (answer->scenario.cost_mean));
  g_assert_true (near (answer->baseline.lower_s, 10 * DAY_S, 1e-9));
  g_assert_cmpfloat (answer->scenario.lower_s, <, 7 * DAY_S);
  g_assert_nonnull (strstr (answer->notes, "not estimable"));
}

static void
test_without_thermal (void)
{
  TwinWhatifState              state;
  TwinWhatifScenario           scenario;
  g_autofree TwinWhatifAnswer *answer = NULL;

  make_state (&state);
  make_scenario (&scenario);
  state.has_thermal = FALSE;
  scenario.ambient_c = 45;
  scenario.load = 1.2;
  answer = ask (&state, &scenario, TWIN_WHATIF_ODE);
  g_assert_true (isnan (answer->scenario.temperature_c.p50));
  g_assert_true (isnan (answer->scenario.kappa));
  g_assert_true (near (answer->scenario.rul_s.p50 / answer->baseline.rul_s.p50,
                       pow (1.2, -3), 0.02));
  g_assert_nonnull (strstr (answer->notes, "no thermal model yet"));
}

static void
test_refusals (void)
{
  const struct
  {
    double      load, speed, ambient, rated_rpm, load_kn;
    int         code;
    const char *word;
  } cases[] = {
    { 1.6, 1, NAN, 1480, 1.5, TWIN_WHATIF_ERROR_RANGE, "load" },
    { 1, 0.4, NAN, 1480, 1.5, TWIN_WHATIF_ERROR_RANGE, "speed" },
    { 1, 1, 51, 1480, 1.5, TWIN_WHATIF_ERROR_RANGE, "ambient" },
    { NAN, 1, NAN, 1480, 1.5, TWIN_WHATIF_ERROR_RANGE, "load" },
    { 1.5, 1, NAN, 1480, 7, TWIN_WHATIF_ERROR_LIMIT, "C0" },
    { 1, 1, NAN, NAN, 1.5, TWIN_WHATIF_ERROR_UNKNOWN, "rated speed" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwinWhatifState    state;
      TwinWhatifScenario scenario;
      TwinWhatifAnswer   answer;
      g_autoptr (GError) error = NULL;

      make_state (&state);
      make_scenario (&scenario);
      state.rated_rpm = cases[i].rated_rpm;
      state.load_kn = cases[i].load_kn;
      scenario.load = cases[i].load;
      scenario.speed = cases[i].speed;
      scenario.ambient_c = cases[i].ambient;
      g_assert_false (twin_whatif_answer (&state, &scenario, TWIN_WHATIF_CLOSED,
                                          &answer, &error));
      g_assert_error (error, TWIN_WHATIF_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].word));
    }
}

static void
test_refuses_overspeed (void)
{
  TwinWhatifState    state;
  TwinWhatifScenario scenario;
  g_autoptr (GError) error = NULL;

  make_state (&state);
  make_scenario (&scenario);
  state.speed = 1.1;
  scenario.speed = 1.15;
  g_assert_false (twin_whatif_check (&state, &scenario, &error));
  g_assert_error (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "1/min"));

  state.load = 0;
  g_clear_error (&error);
  g_assert_false (twin_whatif_check (&state, &scenario, &error));
  g_assert_error (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_UNKNOWN);
}

/* --- which level
 * ------------------------------------------------------------------- */

static void
test_choice (void)
{
  TwinWhatifTimes  times;
  TwinWhatifChoice choice;
  TwinWhatifWish   wish = { NAN, NAN, FALSE };

  twin_whatif_times_init (&times);
  twin_whatif_choose (&times, &wish, &choice);
  g_assert_cmpint (choice.level, ==, TWIN_WHATIF_CLOSED);
  g_assert_true (choice.accuracy_met);

  wish.accuracy = 0.1;
  twin_whatif_choose (&times, &wish, &choice);
  g_assert_cmpint (choice.level, ==, TWIN_WHATIF_ODE);

  /* Slower than the budget, and then not: EWMA 0.2, times 1.5. */
  wish.budget_ms = 30;
  twin_whatif_choose (&times, &wish, &choice);
  g_assert_cmpint (choice.level, ==, TWIN_WHATIF_CLOSED);
  g_assert_false (choice.accuracy_met);
  g_assert_nonnull (strstr (choice.reason, "accuracy not met"));
  for (int i = 0; i < 20; i++)
    twin_whatif_times_add (&times, TWIN_WHATIF_ODE, 10);
  g_assert_true (near (twin_whatif_times_estimate (&times, TWIN_WHATIF_ODE),
                       1.5 * (10 + 30 * pow (0.8, 20)), 1e-9));
  twin_whatif_choose (&times, &wish, &choice);
  g_assert_cmpint (choice.level, ==, TWIN_WHATIF_ODE);
  g_assert_true (choice.accuracy_met);

  wish = (TwinWhatifWish){ 0.3, NAN, TRUE };
  twin_whatif_choose (&times, &wish, &choice);
  g_assert_cmpint (choice.level, ==, TWIN_WHATIF_SIGNAL);

  wish = (TwinWhatifWish){ 0.01, NAN, FALSE };
  twin_whatif_choose (&times, &wish, &choice);
  g_assert_cmpint (choice.level, ==, TWIN_WHATIF_CLOSED);
  g_assert_false (choice.accuracy_met);
}

/* --- the signal
 * ----------------------------------------------------------------------- */

static void
test_signal (gconstpointer data)
{
  const TwinElement            fault = (TwinElement) GPOINTER_TO_INT (data);
  TwinWhatifState              state;
  TwinWhatifScenario           scenario;
  g_autofree TwinWhatifAnswer *answer = NULL;

  make_state (&state);
  make_scenario (&scenario);
  scenario.fault = fault;
  answer = ask (&state, &scenario, TWIN_WHATIF_SIGNAL);
  g_assert_true (answer->has_signal);
  g_test_message ("%s: verdict %s, z %.1f, margin %.1f, kurtosis %.1f, "
                  "%.4f g r.m.s.",
                  twin_element_name (fault),
                  twin_element_name ((TwinElement) answer->signal.verdict),
                  answer->signal.z, answer->signal.margin,
                  answer->signal.kurtosis, answer->signal.rms_g);
  g_assert_cmpint (answer->signal.verdict, ==, fault);
  g_assert_true (isfinite (answer->scenario.rul_s.p50));
}

/* Not held against a clock: only told. */
static void
test_cost (void)
{
  TwinWhatifState    state;
  TwinWhatifScenario scenario;

  make_state (&state);
  make_scenario (&scenario);
  scenario.work = TWIN_WORK_REPLACE;
  scenario.work_s = 30 * DAY_S;
  for (TwinWhatifLevel level = TWIN_WHATIF_CLOSED; level < TWIN_WHATIF_LEVELS;
       level++)
    {
      const int n = level == TWIN_WHATIF_CLOSED ? 20
                    : level == TWIN_WHATIF_ODE  ? 4
                                                : 1;

      const clock_t start = clock ();

      for (int i = 0; i < n; i++)
        g_free (ask (&state, &scenario, level));
      g_test_message ("%s: %.2f ms of processor",
                      twin_whatif_level_name (level),
                      (double) (clock () - start) * 1e3 / CLOCKS_PER_SEC / n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prognosis/whatif/same-is-no-difference",
                   test_same_is_no_difference);
  g_test_add_func ("/prognosis/whatif/baseline-is-the-present",
                   test_baseline_is_the_present);
  g_test_add_func ("/prognosis/whatif/monotone", test_monotone);
  g_test_add_func ("/prognosis/whatif/warmer-is-thinner-is-shorter",
                   test_warmer_is_thinner_is_shorter);
  g_test_add_func ("/prognosis/whatif/closed-form", test_closed_form);
  g_test_add_func ("/prognosis/whatif/kappa-given", test_kappa_given);
  g_test_add_func ("/prognosis/whatif/levels-agree", test_levels_agree);
  g_test_add_func ("/prognosis/whatif/ode-warms-up", test_ode_warms_up);
  g_test_add_func ("/prognosis/whatif/ode-sees-grease-age",
                   test_ode_sees_grease_age);
  g_test_add_func ("/prognosis/whatif/replacement", test_replacement);
  g_test_add_func ("/prognosis/whatif/intervals-hold", test_intervals_hold);
  g_test_add_func ("/prognosis/whatif/without-trend", test_without_trend);
  g_test_add_func ("/prognosis/whatif/without-thermal", test_without_thermal);
  g_test_add_func ("/prognosis/whatif/refusals", test_refusals);
  g_test_add_func ("/prognosis/whatif/refuses-overspeed",
                   test_refuses_overspeed);
  g_test_add_func ("/prognosis/whatif/choice", test_choice);
  g_test_add_data_func ("/prognosis/whatif/signal-outer",
                        GINT_TO_POINTER (TWIN_ELEMENT_OUTER), test_signal);
  g_test_add_data_func ("/prognosis/whatif/signal-inner",
                        GINT_TO_POINTER (TWIN_ELEMENT_INNER), test_signal);
  g_test_add_data_func ("/prognosis/whatif/signal-sound",
                        GINT_TO_POINTER (TWIN_ELEMENT_NONE), test_signal);
  g_test_add_func ("/prognosis/whatif/cost", test_cost);
  return g_test_run ();
}
