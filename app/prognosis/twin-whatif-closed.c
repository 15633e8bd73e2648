/* SPDX-License-Identifier: Apache-2.0 */
/* twin-whatif-closed.c - the steady state, by formulas */
#include "twin-whatif-private.h"

#include <math.h>

/* Time constants after which nothing of a transient is left to show. */
#define SETTLED 12

typedef struct
{
  const TwinWhatifCase     *self;
  const TwinWhatifScenario *scenario;
  TwinWhatifCase            after; /* once the work is done */
  double                    hunger, hunger_after;
  double                    ln_rated_h;
} Side;

/* What one particle comes to in the steady state. */
typedef struct
{
  double from_c, steady_c, after_c;
  double life_h, life_after_h; /* rated */
} Course;

static double
remaining_life (const Side               *side,
                const TwinWhatifParticle *particle,
                double                    ln_baseline,
                double                    factor)
{
  const TwinWhatifScenario *scenario = side->scenario;
  const double              life_s = particle->life_s * factor;
  double                    after;

  if (scenario->work == TWIN_WORK_NONE || !(life_s > scenario->work_s))
    return life_s;

  if (scenario->work == TWIN_WORK_REPLACE)
    return scenario->work_s +
           twin_whatif_new_life (&side->after, particle, ln_baseline);

  after = exp (
      twin_whatif_case_ln_fair (&side->after, particle, side->hunger_after) -
      ln_baseline);
  return scenario->work_s +
         (1 - scenario->work_s / life_s) * particle->life_s * after;
}

static double
remaining_fatigue (const Side *side, const Course *course)
{
  const TwinWhatifScenario *scenario = side->scenario;
  const double              left = 1 - side->self->state->damage;
  const double              left_h = fmax (left, 0) * course->life_h;
  const double              work_h = scenario->work_s / 3600;

  if (scenario->work == TWIN_WORK_NONE || !(left_h > work_h))
    return left_h;
  if (scenario->work == TWIN_WORK_REPLACE)
    return work_h + course->life_after_h;

  return work_h + (left - work_h / course->life_h) * course->life_after_h;
}

static Course
course_of (const Side               *side,
           const TwinWhatifCase     *baseline,
           const TwinWhatifParticle *particle)
{
  const TwinWhatifCase *self = side->self;
  const double          measured = self->state->temperature_c;
  Course                course;

  course.steady_c = twin_whatif_case_steady (self, particle, side->hunger);
  course.after_c =
      twin_whatif_case_steady (&side->after, particle, side->hunger_after);
  course.from_c =
      isnan (measured)
          ? twin_whatif_case_steady (
                baseline, particle,
                twin_whatif_case_hunger (baseline, baseline->grease_used))
          : measured;
  course.life_h = exp (
      side->ln_rated_h +
      twin_whatif_case_ln_life (self, particle, course.steady_c, side->hunger));
  course.life_after_h =
      exp (side->ln_rated_h + twin_whatif_case_ln_life (&side->after, particle,
                                                        course.after_c,
                                                        side->hunger_after));
  return course;
}

static double
temperature_at (const Side *side, const Course *course, double s)
{
  const double   tau_s = side->self->state->thermal.tau_s;
  const double   work_s = side->scenario->work_s;
  const gboolean worked = side->scenario->work != TWIN_WORK_NONE && s > work_s;
  const double   before = worked ? work_s : s;
  double         celsius = course->steady_c +
                   (course->from_c - course->steady_c) * exp (-before / tau_s);

  if (!side->self->state->has_thermal)
    return course->from_c;
  if (worked)
    celsius = course->after_c +
              (celsius - course->after_c) * exp ((work_s - s) / tau_s);
  return celsius;
}

/* Sorted by rate, particles stay sorted by damage. */
static TwinRange
damage_at (const Side      *side,
           const TwinRange *life,
           const TwinRange *after,
           double           s)
{
  const double   damage = side->self->state->damage;
  const double   h = s / 3600, work_h = side->scenario->work_s / 3600;
  const gboolean worked = side->scenario->work != TWIN_WORK_NONE && h > work_h;
  const gboolean anew = worked && side->scenario->work == TWIN_WORK_REPLACE;
  const double   before_h = anew ? 0 : worked ? work_h : h;
  const double   after_h = worked ? h - work_h : 0;
  const double   from = anew ? 0 : damage;

  return (TwinRange){ from + before_h / life->p95 + after_h / after->p95,
                      from + before_h / life->p50 + after_h / after->p50,
                      from + before_h / life->p05 + after_h / after->p05 };
}

static TwinRange
range_of (const Course *courses, size_t offset, double *scratch, int n)
{
  for (int i = 0; i < n; i++)
    scratch[i] = G_STRUCT_MEMBER (double, &courses[i], offset);

  return twin_whatif_range (scratch, n);
}

static void
fill_course (const Side     *side,
             const Course   *courses,
             double         *scratch,
             int             n,
             TwinWhatifSide *out)
{
#define RANGE(member)                                                          \
  range_of (courses, G_STRUCT_OFFSET (Course, member), scratch, n)
  const TwinRange life = RANGE (life_h), life_after = RANGE (life_after_h);
  const TwinRange steady = RANGE (steady_c), steady_after = RANGE (after_c);
#undef RANGE
  const double settled_s = SETTLED * side->self->state->thermal.tau_s;

  for (int k = 0; k < TWIN_WHATIF_POINTS; k++)
    {
      const double s = side->scenario->horizon_s * k / (TWIN_WHATIF_POINTS - 1);
      const gboolean worked =
          side->scenario->work != TWIN_WORK_NONE && s > side->scenario->work_s;
      const double since_s = worked ? s - side->scenario->work_s : s;

      out->at_s[k] = s;
      out->d[k] = damage_at (side, &life, &life_after, s);
      out->t_c[k] = worked ? steady_after : steady;
      if (since_s > settled_s)
        continue;

      for (int i = 0; i < n; i++)
        scratch[i] = temperature_at (side, &courses[i], s);
      out->t_c[k] = twin_whatif_range (scratch, n);
    }
}

void
twin_whatif_closed (const TwinWhatifCase     *self,
                    const TwinWhatifCase     *baseline,
                    const TwinWhatifScenario *scenario,
                    const TwinWhatifParticle *particles,
                    TwinWhatifOutcome        *outcome,
                    TwinWhatifSide           *out)
{
  Side         side = { .self = self, .scenario = scenario, .after = *self };
  const double hunger_before =
      twin_whatif_case_hunger (baseline, baseline->grease_used);
  g_autofree Course *courses = g_new (Course, outcome->n);
  g_autofree double *scratch = g_new (double, outcome->n);

  twin_whatif_case_regrease (&side.after);
  side.hunger = twin_whatif_case_hunger (self, self->grease_used);
  side.hunger_after =
      twin_whatif_case_hunger (&side.after, side.after.grease_used);
  side.ln_rated_h = twin_whatif_ln_rated_h (self->state);

  for (int i = 0; i < outcome->n; i++)
    {
      const TwinWhatifParticle *particle = &particles[i];
      const double              ln_baseline =
          twin_whatif_case_ln_fair (baseline, particle, hunger_before);

      courses[i] = course_of (&side, baseline, particle);
      outcome->factor[i] = exp (
          twin_whatif_case_ln_fair (self, particle, side.hunger) - ln_baseline);
      outcome->temperature_c[i] = courses[i].steady_c;
      outcome->fatigue_h[i] = remaining_fatigue (&side, &courses[i]);
      outcome->rul_s[i] =
          remaining_life (&side, particle, ln_baseline, outcome->factor[i]);
    }

  fill_course (&side, courses, scratch, outcome->n, out);
}
