/* SPDX-License-Identifier: Apache-2.0 */
/* twin-whatif-case.c - heat, film and life of one side of a comparison */
#include "twin-whatif-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COLDEST_C -60
#define KAPPA_MIN 0.1
#define KAPPA_MAX 4.0
#define LN_KAPPA_MIN -2.3025850929940457
#define LN_KAPPA_SPAN 3.6888794541139363

/* What starved and too much grease do: engineering estimates. */
#define STARVED_RISE 0.3
#define STARVED_FILM (2.0 / 3)
#define TOO_MUCH_RISE 1.2

/* C/P where nobody has said what the bearing carries: the middle of what
 * industrial machines are designed for. Only the film's share uses it. */
#define USUAL_C_OVER_P 10.0

#define EXPONENT_SD 0.3
#define WEIBULL_SLOPE 1.5

static double
bearing_load_kn (const TwinWhatifState *state, double load)
{
  const double rated = state->load_kn > 0
                           ? state->load_kn
                           : state->bearing.dynamic_kn / USUAL_C_OVER_P;

  return rated * load;
}

void
twin_whatif_film_init (TwinWhatifFilm *film, const TwinWhatifState *state)
{
  memset (film, 0, sizeof *film);
  film->known = state->bearing.dynamic_kn > 0 && state->bearing.static_kn > 0 &&
                state->bearing.pitch_mm > 0 && state->rated_rpm > 0 &&
                isfinite (twin_oil_viscosity (&state->oil, 40));
  if (!film->known)
    return;

  for (int i = 0; i < TWIN_WHATIF_CELSIUS; i++)
    film->ln_viscosity[i] =
        log (twin_oil_viscosity (&state->oil, COLDEST_C + i));

  for (int i = 0; i < TWIN_WHATIF_SPEEDS; i++)
    {
      const double rpm = state->rated_rpm * state->speed * (50 + i) / 100.0;

      film->ln_reference[i] =
          log (twin_lubrication_reference (rpm, state->bearing.pitch_mm));
      film->ln_multiple[i] = log ((50 + i) / 100.0);
    }
}

/* @table of @n values at 0, 1, 2 …; held beyond its ends. */
static double
interpolate (const double *table, int n, double at)
{
  const double held = CLAMP (at, 0, n - 1);
  const int    i = MIN ((int) held, n - 2);

  return table[i] + (held - i) * (table[i + 1] - table[i]);
}

static void
fill_aiso (TwinWhatifCase *self)
{
  const TwinWhatifState *state = self->state;
  const double           limit =
      twin_rated_life_fatigue_limit (state->rolling, state->bearing.static_kn,
                                     state->bearing.pitch_mm);
  const double ratio = self->ec * limit / bearing_load_kn (state, self->load);

  self->has_film = self->film->known && self->load > 0 && isfinite (ratio);
  for (int i = 0; self->has_film && i < TWIN_WHATIF_KAPPAS; i++)
    {
      const double share = (double) i / (TWIN_WHATIF_KAPPAS - 1);
      const double kappa = KAPPA_MIN * pow (KAPPA_MAX / KAPPA_MIN, share);

      self->ln_aiso[i] =
          log (twin_rated_life_aiso (state->rolling, kappa, ratio));
    }
}

static double
share_used (const TwinWhatifCase *self, double age_h)
{
  const TwinWhatifParticle middle = { .gain = 1 };
  const double             steady = twin_whatif_case_steady (self, &middle, 0);

  return age_h / twin_grease_life_h (self->state->grease_life_h, steady);
}

void
twin_whatif_case_init (TwinWhatifCase           *self,
                       const TwinWhatifState    *state,
                       const TwinWhatifFilm     *film,
                       const TwinWhatifScenario *scenario)
{
  TwinWhatifScenario same;

  twin_whatif_scenario_init (&same);
  if (scenario == NULL)
    scenario = &same;

  *self = (TwinWhatifCase){
    .state = state,
    .film = film,
    .load = state->load * scenario->load,
    .speed = state->speed * scenario->speed,
    .multiple = scenario->speed,
    .ambient_c =
        isnan (scenario->ambient_c) ? state->ambient_c : scenario->ambient_c,
    .kappa = scenario->kappa,
    .ec = isnan (scenario->ec) ? state->ec : scenario->ec,
    .grease = scenario->grease >= 0 ? scenario->grease : (int) state->grease,
  };
  self->rise_k = (state->thermal.k_load * self->load + state->thermal.k_speed) *
                 self->speed * state->rise_factor;
  self->ln_load = log (scenario->load);
  self->ln_multiple = log (scenario->speed);
  fill_aiso (self);
  if (film->known)
    self->ln_reference = interpolate (film->ln_reference, TWIN_WHATIF_SPEEDS,
                                      100 * self->multiple - 50);
  self->grease_used = share_used (self, isnan (scenario->grease_age_h)
                                            ? state->grease_age_h
                                            : scenario->grease_age_h);
}

void
twin_whatif_case_regrease (TwinWhatifCase *self)
{
  self->grease = TWIN_GREASE_NORMAL;
  self->grease_used = isnan (self->grease_used) ? NAN : 0;
}

double
twin_whatif_case_hunger (const TwinWhatifCase *self, double used)
{
  if (self->grease == TWIN_GREASE_STARVED)
    return 1;
  return isnan (used) ? 0 : CLAMP (used - 1, 0, 1);
}

static double
grease_rise (const TwinWhatifCase *self, double hunger)
{
  if (self->grease == TWIN_GREASE_TOO_MUCH)
    return fmax (TOO_MUCH_RISE, 1 + STARVED_RISE * hunger);
  return 1 + STARVED_RISE * hunger;
}

static double
steady_at (const TwinWhatifCase     *self,
           const TwinWhatifParticle *particle,
           double                    rise_k,
           double                    hunger)
{
  /* Without a model the bearing stays as warm as it is. */
  if (!self->state->has_thermal)
    return self->state->temperature_c;

  return self->ambient_c +
         rise_k * grease_rise (self, hunger) * particle->gain +
         particle->offset_k;
}

double
twin_whatif_case_steady (const TwinWhatifCase     *self,
                         const TwinWhatifParticle *particle,
                         double                    hunger)
{
  return steady_at (self, particle, self->rise_k, hunger);
}

/* What hunger leaves of the film. */
static double
ln_film (double hunger)
{
  return hunger > 0 ? log (1 - STARVED_FILM * hunger) : 0;
}

static double
ln_kappa_at (const TwinWhatifFilm *film, double celsius, double ln_ref)
{
  return interpolate (film->ln_viscosity, TWIN_WHATIF_CELSIUS,
                      celsius - COLDEST_C) -
         ln_ref;
}

static double
ln_kappa (const TwinWhatifCase *self, double celsius, double hunger)
{
  if (!isnan (self->kappa))
    return log (self->kappa);

  return ln_kappa_at (self->film, celsius, self->ln_reference) +
         ln_film (hunger);
}

static double
ln_aiso_at (const TwinWhatifCase *self, double ln_k)
{
  return interpolate (self->ln_aiso, TWIN_WHATIF_KAPPAS,
                      (ln_k - LN_KAPPA_MIN) *
                          ((TWIN_WHATIF_KAPPAS - 1) / LN_KAPPA_SPAN));
}

static gboolean
has_kappa (const TwinWhatifCase *self, double celsius)
{
  return !isnan (self->kappa) || (self->film->known && !isnan (celsius));
}

double
twin_whatif_case_kappa (const TwinWhatifCase *self,
                        double                celsius,
                        double                hunger)
{
  return has_kappa (self, celsius) ? exp (ln_kappa (self, celsius, hunger))
                                   : NAN;
}

double
twin_whatif_case_ln_aiso (const TwinWhatifCase *self,
                          double                celsius,
                          double                hunger)
{
  if (!self->has_film || !has_kappa (self, celsius))
    return 0;

  return ln_aiso_at (self, ln_kappa (self, celsius, hunger));
}

double
twin_whatif_case_ln_life (const TwinWhatifCase     *self,
                          const TwinWhatifParticle *particle,
                          double                    celsius,
                          double                    hunger)
{
  return -particle->exponent * self->ln_load - self->ln_multiple +
         twin_whatif_case_ln_aiso (self, celsius, hunger);
}

/* Film and turns at @i of the speeds, the load left out. */
static double
ln_turns (const TwinWhatifCase     *self,
          const TwinWhatifParticle *particle,
          int                       i,
          double                    hunger,
          double                    film)
{
  const double rise_k = self->rise_k * (50 + i) / (100 * self->multiple);
  const double celsius = steady_at (self, particle, rise_k, hunger);

  return ln_aiso_at (self, ln_kappa_at (self->film, celsius,
                                        self->film->ln_reference[i]) +
                               film) -
         self->film->ln_multiple[i];
}

double
twin_whatif_case_ln_fair (const TwinWhatifCase     *self,
                          const TwinWhatifParticle *particle,
                          double                    hunger)
{
  const double at =
      CLAMP (100 * self->multiple - 50, 0, TWIN_WHATIF_SPEEDS - 1);
  const double celsius = twin_whatif_case_steady (self, particle, hunger);
  const double film = ln_film (hunger);
  double       below, here;
  int          i = 0;

  if (!self->has_film || !isnan (self->kappa) || isnan (celsius))
    return twin_whatif_case_ln_life (self, particle, celsius, hunger);

  here = below = ln_turns (self, particle, 0, hunger, film);
  while (i < at)
    {
      below = here;
      here = fmin (here, ln_turns (self, particle, ++i, hunger, film));
    }

  return here + (i - at) * (below - here) - particle->exponent * self->ln_load;
}

double
twin_whatif_ln_rated_h (const TwinWhatifState *state)
{
  const double p = state->load_kn * state->load;
  const double rpm = state->rated_rpm * state->speed;

  return log (
      twin_rated_life_l10h (state->rolling, state->bearing.dynamic_kn, p, rpm));
}

double
twin_whatif_new_life (const TwinWhatifCase     *self,
                      const TwinWhatifParticle *particle,
                      double                    ln_baseline)
{
  const TwinWhatifState *state = self->state;
  const double           ln_fair =
      twin_whatif_case_ln_fair (self, particle,
                                twin_whatif_case_hunger (self, 0));
  double z, life_s;

  if (state->ln_life_sd > 0)
    {
      /* Logistic for normal: good to 0.02 in the level, and in closed form. */
      z = log (particle->level / (1 - particle->level)) / 1.702;
      return exp (state->ln_life_mean + state->ln_life_sd * z + ln_fair -
                  ln_baseline);
    }

  life_s = 3600 * exp (twin_whatif_ln_rated_h (state) + ln_fair) *
           twin_rated_life_spread (1 - particle->level, WEIBULL_SLOPE);
  return isnan (life_s) ? INFINITY : life_s;
}

/* --- particles ---------------------------------------------------------------
 */

/* Standard normal at @q, within 5e-4 (Abramowitz and Stegun 26.2.23): the exact
 * quantile would cost more than all the rest of a closed form. */
static double
normal_at (double q)
{
  const double t = sqrt (-2 * log (fmin (q, 1 - q)));
  const double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                           (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));

  return q < 0.5 ? -z : z;
}

static double
life_at (const TwinWhatifState *state, double level)
{
  const double at = level * TWIN_RUL_SAMPLES - 0.5;

  if (state->basis == TWIN_RUL_FROM_NOTHING)
    return NAN;
  return interpolate (state->rul_s, TWIN_RUL_SAMPLES, at);
}

/* Evenly spread over the lives, and by the generalised golden ratio over the
 * rest (Roberts 2018): smoother than draws, and the same every time. */
void
twin_whatif_particles_init (TwinWhatifParticle    *particles,
                            int                    n,
                            const TwinWhatifState *state)
{
  static const double steps[] = { 0.8566748838545029, 0.7338918566271260,
                                  0.6287067210378087, 0.5385972572236101 };
  const double        nominal = twin_rated_life_exponent (state->rolling);

  for (int i = 0; i < n; i++)
    {
      double at[G_N_ELEMENTS (steps)], whole;

      for (size_t k = 0; k < G_N_ELEMENTS (steps); k++)
        at[k] = CLAMP (modf (0.5 + (i + 1) * steps[k], &whole), 1e-6, 1 - 1e-6);

      particles[i] = (TwinWhatifParticle){
        .life_s = life_at (state, (i + 0.5) / n),
        .exponent = fmax (nominal + EXPONENT_SD * normal_at (at[0]), 0.5),
        .gain = fmax (1 + state->thermal_share * normal_at (at[1]), 0.1),
        .offset_k = state->residual_sd_k * normal_at (at[2]),
        .level = at[3],
      };
    }
}

/* --- ranges ------------------------------------------------------------------
 */

/* The @k-th smallest comes to its place, smaller ones before it (Hoare). */
static double
smallest (double *values, int n, int k)
{
  int lo = 0, hi = n - 1;

  while (lo < hi)
    {
      const double pivot = values[lo + (hi - lo) / 2];
      int          i = lo, j = hi;

      while (i <= j)
        {
          while (values[i] < pivot)
            i++;
          while (values[j] > pivot)
            j--;
          if (i <= j)
            {
              const double swap = values[i];

              values[i++] = values[j];
              values[j--] = swap;
            }
        }

      if (k <= j)
        hi = j;
      else if (k >= i)
        lo = i;
      else
        break;
    }

  return values[k];
}

/* Mean of the order statistics about @k: smoother than one of them. */
static double
about (double *values, int n, int k)
{
  const int room = MIN (n / 64, MIN (k, n - 1 - k));
  double    sum = 0;

  smallest (values, n, k + room);
  smallest (values, k + room + 1, k - room);
  for (int i = k - room; i <= k + room; i++)
    sum += values[i];

  return isfinite (sum) ? sum / (2 * room + 1) : NAN;
}

TwinRange
twin_whatif_range (double *values, int n)
{
  for (int i = 0; i < n; i++)
    if (isnan (values[i]))
      return (TwinRange){ NAN, NAN, NAN };

  return (TwinRange){ about (values, n, n / 20), about (values, n, n / 2),
                      about (values, n, n - 1 - n / 20) };
}
