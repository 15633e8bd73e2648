/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-bearing-sim.h"

#include <math.h>
#include <string.h>

#include "twin-random.h"

#define G0 9.80665
#define SETTLE_S 0.5
#define ELEMENTS_MAX 40
#define TAPS 65 /* of the low-pass before the samples are thinned */

/* Elements slip: a little slower on the whole, and each passage by about one
 * per cent of its period, which adds up. */
#define SLIP 0.005
#define JITTER 0.01

enum
{
  XS,
  YS,
  XP,
  YP,
  DOFS,
};

typedef struct
{
  double q[DOFS], v[DOFS];
} Motion;

typedef struct
{
  const TwinBearingSim *sim;
  int                   elements;
  double                cage_hz;
  double                slip_rad;  /* of the cage, wandering */
  double                defect_at; /* angle, rad */
  double                sine[ELEMENTS_MAX], cosine[ELEMENTS_MAX];
  double                dent[ELEMENTS_MAX]; /* metres, at each element */
} World;

void
twin_bearing_sim_default (TwinBearingSim *self)
{
  *self = (TwinBearingSim){
    .bearing = { .designation = "6205",
                 .elements = 9,
                 .element_mm = 7.94,
                 .pitch_mm = 39.04 },
    .shaft_hz = 30,
    .load_n = 400,
    .fault = TWIN_ELEMENT_NONE,
    .depth_um = 20,
    .half_width_deg = 2.5,
    .noise_g = 0.002,
    .m_shaft_kg = 1.26,
    .m_pedestal_kg = 12.6,
    .k_pedestal = 1.51e7,
    .c_shaft = 1376,
    .c_pedestal = 2210,
    .k_contact = 8.75e9,
    .clearance_um = 3,
  };
}

/* Half a cosine over the dent's width. */
static double
dent_at (const TwinBearingSim *sim, double from_defect)
{
  const double half = sim->half_width_deg * G_PI / 180;
  const double off = fabs (remainder (from_defect, 2 * G_PI));

  return off < half ? sim->depth_um * 1e-6 * cos (off / half * G_PI / 2) : 0;
}

/* Where the elements are at @time, and how deep under each the race is. */
static void
place (World *world, double time)
{
  const TwinBearingSim *sim = world->sim;
  const gboolean        inner = sim->fault == TWIN_ELEMENT_INNER;
  const gboolean        damaged = inner || sim->fault == TWIN_ELEMENT_OUTER;
  const double          defect =
      inner ? 2 * G_PI * sim->shaft_hz * time : world->defect_at;
  const double cage =
      2 * G_PI * world->cage_hz * (1 - SLIP) * time + world->slip_rad;

  for (int j = 0; j < world->elements; j++)
    {
      const double angle = cage + 2 * G_PI * j / world->elements;

      world->sine[j] = sin (angle);
      world->cosine[j] = cos (angle);
      world->dent[j] = damaged ? dent_at (sim, angle - defect) : 0;
    }
}

static void
accelerate (const World *world, const Motion *at, double a[DOFS])
{
  const TwinBearingSim *sim = world->sim;
  const double          x = at->q[XS] - at->q[XP], y = at->q[YS] - at->q[YP];
  double                fx = 0, fy = 0;

  for (int j = 0; j < world->elements; j++)
    {
      const double squeeze = x * world->cosine[j] + y * world->sine[j] -
                             sim->clearance_um * 1e-6 - world->dent[j];

      if (squeeze > 0)
        {
          const double force = sim->k_contact * squeeze * sqrt (squeeze);

          fx += force * world->cosine[j];
          fy += force * world->sine[j];
        }
    }

  fx += sim->c_shaft * (at->v[XS] - at->v[XP]);
  fy += sim->c_shaft * (at->v[YS] - at->v[YP]);
  a[XS] = -fx / sim->m_shaft_kg;
  a[YS] = (-fy - sim->load_n) / sim->m_shaft_kg;
  a[XP] = (fx - sim->k_pedestal * at->q[XP] - sim->c_pedestal * at->v[XP]) /
          sim->m_pedestal_kg;
  a[YP] = (fy - sim->k_pedestal * at->q[YP] - sim->c_pedestal * at->v[YP]) /
          sim->m_pedestal_kg;
}

/* @to = @from + @h × the derivatives @v, @a. */
static void
move (const Motion *from,
      const double *v,
      const double *a,
      double        h,
      Motion       *to)
{
  for (int i = 0; i < DOFS; i++)
    {
      to->q[i] = from->q[i] + h * v[i];
      to->v[i] = from->v[i] + h * a[i];
    }
}

static void
step (World *world, Motion *motion, double time, double h)
{
  Motion second, third, fourth;
  double a[4][DOFS];

  /* The place at @time is that of the last step's end. */
  accelerate (world, motion, a[0]);
  move (motion, motion->v, a[0], h / 2, &second);
  place (world, time + h / 2);
  accelerate (world, &second, a[1]);
  move (motion, second.v, a[1], h / 2, &third);
  accelerate (world, &third, a[2]);
  move (motion, third.v, a[2], h, &fourth);
  place (world, time + h);
  accelerate (world, &fourth, a[3]);

  for (int i = 0; i < DOFS; i++)
    {
      motion->q[i] +=
          h / 6 *
          (motion->v[i] + 2 * second.v[i] + 2 * third.v[i] + fourth.v[i]);
      motion->v[i] += h / 6 * (a[0][i] + 2 * a[1][i] + 2 * a[2][i] + a[3][i]);
    }
}

/* Windowed sinc, cut at 0.4 of the thinned rate; the sum is 1. */
static void
low_pass (int decimation, double taps[TAPS])
{
  const double cut = 0.4 / decimation;
  double       sum = 0;

  for (int i = 0; i < TAPS; i++)
    {
      const double t = i - (TAPS - 1) / 2.0;
      const double hann = 0.5 - 0.5 * cos (2 * G_PI * (i + 1) / (TAPS + 1));

      taps[i] =
          hann * (t == 0 ? 2 * cut : sin (2 * G_PI * cut * t) / (G_PI * t));
      sum += taps[i];
    }

  for (int i = 0; i < TAPS; i++)
    taps[i] /= sum;
}

static double
filtered (const double *ring, size_t newest, const double taps[TAPS])
{
  double sum = 0;

  for (int i = 0; i < TAPS; i++)
    sum += taps[i] * ring[(newest + TAPS - (size_t) i) % TAPS];

  return sum;
}

static gboolean
world_init (World *world, const TwinBearingSim *sim)
{
  TwinBearingOrders orders;

  if (!(sim->shaft_hz > 0) || !(sim->load_n > 0) || sim->bearing.elements < 3 ||
      sim->bearing.elements > ELEMENTS_MAX ||
      !twin_bearing_orders (&sim->bearing, &orders, NULL))
    return FALSE;

  *world = (World){ .sim = sim,
                    .elements = sim->bearing.elements,
                    .cage_hz = orders.ftf * sim->shaft_hz,
                    .defect_at = -G_PI / 2 }; /* where the load presses */
  place (world, 0);
  return TRUE;
}

gboolean
twin_bearing_sim_run (const TwinBearingSim *self,
                      int                   decimation,
                      double               *samples_g,
                      size_t                n)
{
  const double h = 1 / TWIN_BEARING_SIM_RATE_HZ;
  const size_t settle = (size_t) (SETTLE_S / h);
  const size_t total = settle + n * (size_t) decimation;
  Motion       motion = { 0 };
  World        world;
  TwinRandom   random;
  double       taps[TAPS], ring[TAPS] = { 0 }, wander, a[DOFS];

  g_return_val_if_fail (decimation >= 1 && decimation <= 4, FALSE);

  if (!world_init (&world, self))
    return FALSE;

  twin_random_init (&random, 1);
  low_pass (decimation, taps);
  wander = JITTER * 2 * G_PI / world.elements *
           sqrt (h * world.cage_hz * world.elements);
  for (size_t i = 0; i < total; i++)
    {
      step (&world, &motion, (double) i * h, h);
      world.slip_rad += wander * twin_random_normal (&random);
      accelerate (&world, &motion, a);
      ring[i % TAPS] = a[YP] / G0;
      if (i < settle || (i - settle) % (size_t) decimation != 0)
        continue;

      samples_g[(i - settle) / (size_t) decimation] =
          (decimation > 1 ? filtered (ring, i % TAPS, taps) : ring[i % TAPS]) +
          self->noise_g * twin_random_normal (&random);
    }

  return TRUE;
}
