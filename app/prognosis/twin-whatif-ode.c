/* SPDX-License-Identifier: Apache-2.0 */
/* twin-whatif-ode.c - temperature, grease, damage and wear over the horizon
 *
 *   T' = (T∞(g) - T)/τ     exact over a step with T∞ held
 *   g' = 1 / Lg(T)         grease used; over 1 it starves
 *   D' = 1 / L(T, g)       Miner
 *   R' = the rate of wear over the baseline's: the life is over when R is the
 *        life that is left as things are
 *
 * rates at the temperature of the step's middle. Steps begin with 60 s and
 * grow with the time since the last change: the transient is over after some
 * hours, and grease takes weeks.
 */
#include "twin-whatif-private.h"

#include <math.h>

#define FIRST_STEP_S 60.0
#define GROWTH 0.15
#define LEAST_STEPS 64

typedef struct
{
  double t_c, used, damage, wear;
  double ln_baseline;    /* of the rate that the life left is counted at */
  double fair;           /* ln: what the speed is not credited, ≤ 0 */
  double over_s;         /* when the life was over; NaN: not yet */
  double worn_h;         /* when D came to 1; NaN: not yet */
  double damage_of_wear; /* rate of D over that of R */
  double wear_rate, damage_rate;
  double limit_s; /* R at which it is over */
} State;

typedef struct
{
  const TwinWhatifParticle *particles;
  const TwinWhatifScenario *scenario;
  State                    *states;
  int                       n;
  double                    ln_rated_h;
  TwinWhatifCase            now; /* changes with the work */
} Run;

static double
unfair (const TwinWhatifCase     *self,
        const TwinWhatifParticle *particle,
        double                    used)
{
  const double hunger = twin_whatif_case_hunger (self, used);
  const double celsius = twin_whatif_case_steady (self, particle, hunger);

  return twin_whatif_case_ln_fair (self, particle, hunger) -
         twin_whatif_case_ln_life (self, particle, celsius, hunger);
}

/* What the case as it is now makes of a particle. */
static void
take_case (const Run *run, int i)
{
  State *state = &run->states[i];

  state->used = run->now.grease_used;
  state->fair = unfair (&run->now, &run->particles[i], state->used);
  state->damage_of_wear =
      exp (state->fair - state->ln_baseline - run->ln_rated_h) / 3600;
}

static void
begin (Run *run, const TwinWhatifCase *baseline, TwinWhatifOutcome *outcome)
{
  const double measured = baseline->state->temperature_c;
  const double hunger =
      twin_whatif_case_hunger (baseline, baseline->grease_used);

  for (int i = 0; i < run->n; i++)
    {
      const TwinWhatifParticle *particle = &run->particles[i];

      run->states[i] = (State){
        .t_c = isnan (measured)
                   ? twin_whatif_case_steady (baseline, particle, hunger)
                   : measured,
        .damage = baseline->state->damage,
        .ln_baseline = twin_whatif_case_ln_fair (baseline, particle, hunger),
        .over_s = NAN,
        .worn_h = NAN,
        .limit_s = particle->life_s,
      };
      take_case (run, i);
      outcome->factor[i] =
          exp (twin_whatif_case_ln_fair (
                   &run->now, particle,
                   twin_whatif_case_hunger (&run->now, run->now.grease_used)) -
               run->states[i].ln_baseline);
    }
}

static void
step_one (const Run *run, int i, double at_s, double step_s, double half)
{
  const TwinWhatifCase     *now = &run->now;
  const TwinWhatifParticle *particle = &run->particles[i];
  State                    *state = &run->states[i];
  const double              hunger = twin_whatif_case_hunger (now, state->used);
  double                    middle_c = state->t_c, ln_life, rate;

  if (now->state->has_thermal)
    {
      const double steady = twin_whatif_case_steady (now, particle, hunger);

      middle_c = steady + (state->t_c - steady) * half;
      state->t_c = steady + (state->t_c - steady) * half * half;
    }

  ln_life = twin_whatif_case_ln_life (now, particle, middle_c, hunger);
  rate = exp (state->ln_baseline - ln_life - state->fair);
  if (isnan (state->over_s) && state->wear + rate * step_s >= state->limit_s)
    state->over_s = at_s + (state->limit_s - state->wear) / rate;
  state->wear += rate * step_s;
  state->wear_rate = rate;

  rate *= state->damage_of_wear;
  if (isnan (state->worn_h) && state->damage + rate * step_s >= 1)
    state->worn_h = (at_s + (1 - state->damage) / rate) / 3600;
  state->damage += rate * step_s;
  state->damage_rate = rate;

  if (!isnan (state->used))
    state->used += step_s / 3600 /
                   twin_grease_life_h (now->state->grease_life_h, middle_c);
}

/* Steps all from @from_s to @to_s; @since_s: the last change. */
static void
advance (const Run *run, double from_s, double to_s, double since_s)
{
  const double most = run->scenario->horizon_s / LEAST_STEPS;
  double       at_s = from_s, half;

  while (at_s < to_s)
    {
      double step_s = fmax (FIRST_STEP_S, GROWTH * (at_s - since_s));

      step_s = fmin (fmin (step_s, fmax (most, FIRST_STEP_S)), to_s - at_s);
      half = exp (-step_s / 2 / run->now.state->thermal.tau_s);
      for (int i = 0; i < run->n; i++)
        step_one (run, i, at_s, step_s, half);
      at_s = to_s - at_s - step_s < 1e-6 ? to_s : at_s + step_s;
    }
}

/* The work at @at_s. What had failed by then is not undone. */
static void
do_work (Run *run)
{
  const gboolean replace = run->scenario->work == TWIN_WORK_REPLACE;

  twin_whatif_case_regrease (&run->now);
  for (int i = 0; i < run->n; i++)
    {
      const TwinWhatifParticle *particle = &run->particles[i];
      State                    *state = &run->states[i];

      take_case (run, i);
      if (replace && isnan (state->over_s) && !isnan (state->limit_s))
        {
          /* A life in seconds as things are now, from here on. */
          const double life_s =
              twin_whatif_new_life (&run->now, particle, state->ln_baseline);
          const double ln_fair =
              twin_whatif_case_ln_fair (&run->now, particle,
                                        twin_whatif_case_hunger (&run->now,
                                                                 state->used));

          state->limit_s =
              state->wear + life_s * exp (state->ln_baseline - ln_fair);
        }
      if (replace && isnan (state->worn_h))
        state->damage = 0;
    }
}

static void
take_point (const Run *run, double *scratch, int k, TwinWhatifSide *out)
{
  for (int i = 0; i < run->n; i++)
    scratch[i] = run->states[i].t_c;
  out->t_c[k] = twin_whatif_range (scratch, run->n);
  for (int i = 0; i < run->n; i++)
    scratch[i] = run->states[i].damage;
  out->d[k] = twin_whatif_range (scratch, run->n);
}

static void
take_temperatures (const Run *run, TwinWhatifOutcome *outcome)
{
  for (int i = 0; i < run->n; i++)
    outcome->temperature_c[i] = run->states[i].t_c;
}

/* Beyond the horizon it goes on as it did last. */
static void
finish (const Run *run, TwinWhatifOutcome *outcome)
{
  const double horizon_s = run->scenario->horizon_s;

  for (int i = 0; i < run->n; i++)
    {
      const State *state = &run->states[i];

      outcome->rul_s[i] =
          isnan (state->over_s)
              ? horizon_s + (state->limit_s - state->wear) / state->wear_rate
              : state->over_s;
      outcome->fatigue_h[i] =
          isnan (state->worn_h)
              ? (horizon_s + (1 - state->damage) / state->damage_rate) / 3600
              : state->worn_h;
    }
}

void
twin_whatif_ode (const TwinWhatifCase     *self,
                 const TwinWhatifCase     *baseline,
                 const TwinWhatifScenario *scenario,
                 const TwinWhatifParticle *particles,
                 TwinWhatifOutcome        *outcome,
                 TwinWhatifSide           *out)
{
  g_autofree State  *states = g_new (State, outcome->n);
  g_autofree double *scratch = g_new (double, outcome->n);
  Run                run = { .particles = particles,
                             .scenario = scenario,
                             .states = states,
                             .n = outcome->n,
                             .ln_rated_h = twin_whatif_ln_rated_h (self->state),
                             .now = *self };
  const double       work_s =
      scenario->work == TWIN_WORK_NONE ? INFINITY : scenario->work_s;
  double   at_s = 0, since_s = 0;
  gboolean worked = FALSE;

  begin (&run, baseline, outcome);
  for (int k = 0; k < TWIN_WHATIF_POINTS; k++)
    {
      const double to_s = scenario->horizon_s * k / (TWIN_WHATIF_POINTS - 1);

      if (!worked && work_s <= to_s)
        {
          advance (&run, at_s, work_s, since_s);
          take_temperatures (&run, outcome);
          do_work (&run);
          worked = TRUE;
          at_s = since_s = work_s;
        }

      advance (&run, at_s, to_s, since_s);
      at_s = to_s;
      out->at_s[k] = to_s;
      take_point (&run, scratch, k, out);
    }

  if (!worked)
    take_temperatures (&run, outcome);
  finish (&run, outcome);
}
