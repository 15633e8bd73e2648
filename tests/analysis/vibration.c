/* SPDX-License-Identifier: Apache-2.0 */
#include "vibration.h"

#include <math.h>
#include <string.h>

#define JITTER 0.01 /* of one interval, accumulating: a random walk */
#define SPREAD 0.1

const TwinBearing signal_6205 = {
  .designation = "6205",
  .elements = 9,
  .element_mm = 7.94,
  .pitch_mm = 39.04,
};

const TwinBearing signal_6203 = {
  .designation = "6203",
  .elements = 8,
  .element_mm = 6.746,
  .pitch_mm = 28.5,
};

void
signal_seed (SignalRng *rng, uint64_t seed)
{
  rng->state = seed * UINT64_C (0x9e3779b97f4a7c15) + 1;
  for (int i = 0; i < 8; i++)
    signal_uniform (rng);
}

double
signal_uniform (SignalRng *rng)
{
  rng->state ^= rng->state >> 12;
  rng->state ^= rng->state << 25;
  rng->state ^= rng->state >> 27;
  return ((double) ((rng->state * UINT64_C (2685821657736338717)) >> 11) +
          0.5) /
         9007199254740992.0;
}

double
signal_normal (SignalRng *rng)
{
  double radius = sqrt (-2 * log (signal_uniform (rng)));

  return radius * cos (2 * G_PI * signal_uniform (rng));
}

void
signal_add_tone (double *x,
                 size_t  n,
                 double  rate_hz,
                 double  hz,
                 double  amplitude,
                 double  phase)
{
  for (size_t i = 0; i < n; i++)
    x[i] += amplitude * cos (2 * G_PI * hz * (double) i / rate_hz + phase);
}

void
signal_add_velocity (double *x,
                     size_t  n,
                     double  rate_hz,
                     double  hz,
                     double  mm_s,
                     double  phase)
{
  signal_add_tone (x, n, rate_hz, hz,
                   G_SQRT2 * mm_s * 2 * G_PI * hz /
                       (TWIN_STANDARD_GRAVITY * 1000),
                   phase);
}

void
signal_add_noise (double *x, size_t n, double sigma, SignalRng *rng)
{
  for (size_t i = 0; i < n; i++)
    x[i] += sigma * signal_normal (rng);
}

double
signal_rms (const double *x, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += x[i] * x[i];

  return sqrt (sum / (double) n);
}

/* Adds @part scaled to @rms; frees it. */
static void
add_scaled (double *x, double *part, size_t n, double rms)
{
  double scale = rms / signal_rms (part, n);

  for (size_t i = 0; i < n; i++)
    x[i] += scale * part[i];

  g_free (part);
}

/* Rings a damped mode with the forces in @force, in place. */
static void
ring (double *force, size_t n, double rate_hz, double hz, double damping)
{
  double omega = 2 * G_PI * hz / rate_hz;
  double decay = exp (-damping * omega);
  double a1 = 2 * decay * cos (omega * sqrt (1 - damping * damping));
  double a2 = -decay * decay;
  double y1 = 0, y2 = 0;

  for (size_t i = 0; i < n; i++)
    {
      double y = force[i] + a1 * y1 + a2 * y2;

      y2 = y1;
      y1 = y;
      force[i] = y;
    }
}

void
signal_add_resonance (double    *x,
                      size_t     n,
                      double     rate_hz,
                      double     hz,
                      double     damping,
                      double     rms,
                      SignalRng *rng)
{
  double *part = g_new0 (double, n);

  signal_add_noise (part, n, 1, rng);
  ring (part, n, rate_hz, hz, damping);
  add_scaled (x, part, n, rms);
}

static double
load_zone (const SignalFault *fault, const TwinBearingOrders *orders, double t)
{
  switch (fault->element)
    {
    case TWIN_ELEMENT_INNER:
      return MAX (0, 0.35 + 0.65 * cos (2 * G_PI * fault->shaft_hz * t));
    case TWIN_ELEMENT_BALL:
      return 0.6 + 0.4 * cos (2 * G_PI * orders->ftf * fault->shaft_hz * t);
    default:
      return 1;
    }
}

void
signal_add_fault (double                  *x,
                  size_t                   n,
                  double                   rate_hz,
                  const SignalFault       *fault,
                  const TwinBearingOrders *orders,
                  SignalRng               *rng)
{
  double  order = fault->element == TWIN_ELEMENT_INNER   ? orders->bpfi
                  : fault->element == TWIN_ELEMENT_OUTER ? orders->bpfo
                                                         : 2 * orders->bsf;
  double  interval = 1 / (order * fault->shaft_hz * (1 - fault->slip));
  double *part = g_new0 (double, n);

  for (double t = interval * signal_uniform (rng); t * rate_hz < (double) n - 2;
       t += interval * (1 + JITTER * signal_normal (rng)))
    {
      double place = t * rate_hz;
      size_t i = (size_t) place;
      double blow =
          load_zone (fault, orders, t) * (1 + SPREAD * signal_normal (rng));

      /* Shared between the two samples that the blow falls between. */
      part[i] += blow * (1 - (place - (double) i));
      part[i + 1] += blow * (place - (double) i);
    }

  ring (part, n, rate_hz, fault->carrier_hz, fault->damping);
  add_scaled (x, part, n, fault->rms);
}

void
signal_add_knocks (double            *x,
                   size_t             n,
                   double             rate_hz,
                   const SignalFault *fault,
                   int                order,
                   SignalRng         *rng)
{
  double  interval = 1 / (order * fault->shaft_hz);
  double *part = g_new0 (double, n);

  /* They keep to the shaft: jitter does not accumulate. */
  for (int k = 0; (k + 1) * interval * rate_hz < (double) n; k++)
    {
      double t = (k + 0.5 + 0.003 * signal_normal (rng)) * interval;

      part[(size_t) (t * rate_hz)] += 1 + 2 * SPREAD * signal_normal (rng);
    }

  ring (part, n, rate_hz, fault->carrier_hz, fault->damping);
  add_scaled (x, part, n, fault->rms);
}
