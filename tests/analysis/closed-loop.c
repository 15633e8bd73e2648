/* SPDX-License-Identifier: Apache-2.0 */
#include "closed-loop.h"

#include <math.h>
#include <string.h>

#include "accel.h"
#include "fake-board.h"

#define READ_US 4000  /* a node empties the FIFO this often */
#define SETTLE_S 0.25 /* filters of the sensor */
#define RANGE_G 8.0

static const double rates_hz[CLOSED_LOOP_SENSORS] = { 4000, 12000, 26667 };

const char *
closed_loop_sensor_name (ClosedLoopSensor sensor)
{
  static const char *const names[] = { "ADXL355 4 kHz", "12 kHz",
                                       "IIS3DWB 26.7 kHz" };

  return names[sensor];
}

static machine_params
params_of (const ClosedLoopCase *given, double burst_g, gboolean lines)
{
  const TwinBearing *bearing = given->bearing;

  return (machine_params){
    .seed = given->seed,
    .name = machine_rng_name ("closed-loop"),
    .age_scale = 1,
    .rated_speed_rpm = 60 * given->shaft_hz,
    .rated_current_a = 30,
    .idle_current_a = 10,
    .slip = 0.013,
    .load = 0.7,
    .load_swing = 0.05,
    .load_period_s = 900,
    .balls = bearing->elements,
    .ball_mm = bearing->element_mm,
    .pitch_mm = bearing->pitch_mm,
    .angle_deg = bearing->angle_deg,
    .slip_ratio = given->slip,
    .unbalance_mm_s = lines ? given->unbalance_mm_s : 0,
    .misalignment_mm_s = lines ? given->misalignment_mm_s : 0,
    .looseness_mm_s = lines ? given->looseness_mm_s : 0,
    .noise_g = given->noise_g,
    .resonance_hz = given->resonance_hz,
    .damping = given->damping,
    .burst_g = burst_g,
    .ambient_c = 20,
    .tau_s = 600,
    .k_load = 40,
    .k_speed = 6.7,
  };
}

static void
set_fault (sim *s, TwinElement fault)
{
  static const sim_fault faults[TWIN_ELEMENTS] = {
    [TWIN_ELEMENT_OUTER] = FAULT_OUTER_RACE,
    [TWIN_ELEMENT_INNER] = FAULT_INNER_RACE,
    [TWIN_ELEMENT_BALL] = FAULT_BALL,
  };

  if (fault != TWIN_ELEMENT_NONE)
    sim_fault_set (s, 0, faults[fault], 1);
}

/* Through FIFO, registers and driver; axis x. */
static void
read_sensor (const sim *s, gboolean wide, double *x, size_t skip, size_t n)
{
  hal         *h = fake_board_new (1);
  sim_iis3dwb  part;
  accel_device device;
  accel_batch  batch;

  h->sim = *s;
  if (wide)
    {
      sim_fit_iis3dwb (&h->sim, &part);
      iis3dwb_init (&device, h, HAL_SPI_ACCEL_2, RANGE_G, 1);
    }
  else
    adxl355_init (&device, h, HAL_SPI_ACCEL_0, RANGE_G);
  g_assert_cmpint (accel_start (&device), ==, HAL_OK);

  for (size_t at = 0; at < skip + n;)
    {
      h->time_us += READ_US;
      do
        {
          g_assert_cmpint (accel_read (&device, &batch), ==, HAL_OK);
          for (uint32_t i = 0; i < batch.frames && at < skip + n; i++, at++)
            {
              if (at >= skip)
                x[at - skip] =
                    batch.samples[device.axes * i] * device.g_per_lsb;
            }
        }
      while (batch.frames > 0);
    }

  fake_board_free (h);
}

/* The acceleration at the sensor's place, without a sensor. */
static void
read_place (sim *s, double rate_hz, double *x, size_t skip, size_t n)
{
  enum
  {
    PIECE = 60,
  };
  float        piece[PIECE];
  machine_view view;

  machine_view_init (&view, &s->machine, "place", 1, rate_hz, 75e-6);
  for (size_t at = 0; at < skip + n; at += PIECE)
    {
      machine_advance (&s->machine, (uint64_t) (1e6 * (double) at / rate_hz));
      machine_vibration (&s->machine, &view, piece, PIECE);
      for (size_t i = 0; i < PIECE; i++)
        {
          if (at + i >= skip && at + i < skip + n)
            x[at + i - skip] = piece[i];
        }
    }
}

/* One run; the machine's mean speed meanwhile. */
static double
run (const ClosedLoopCase *given,
     TwinElement           fault,
     double                burst_g,
     gboolean              lines,
     double               *x,
     size_t                n)
{
  machine_params params = params_of (given, burst_g, lines);
  double         rate_hz = rates_hz[given->sensor], mean = 0, turns;
  size_t         skip = (size_t) (SETTLE_S * rate_hz);
  sim            s;

  sim_init (&s, &params);
  sim_fit_adxl355 (&s);
  set_fault (&s, fault);

  if (given->sensor == CLOSED_LOOP_12K)
    read_place (&s, rate_hz, x, skip, n);
  else
    read_sensor (&s, given->sensor == CLOSED_LOOP_IIS3DWB, x, skip, n);

  for (size_t i = 0; i < n; i++)
    mean += x[i] / (double) n;
  for (size_t i = 0; i < n; i++)
    x[i] -= mean;

  sim_init (&s, &params);
  machine_advance (&s.machine, CLOSED_LOOP_SECONDS * G_USEC_PER_SEC);
  turns = s.machine.turns;
  return turns / CLOSED_LOOP_SECONDS;
}

static double
power (const double *x, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += x[i] * x[i];

  return sum / (double) n;
}

/* Burst that gives the ratio wanted: noise alone and noise with bursts of a
 * known size have the same noise, bit by bit. */
static double
find_burst (const ClosedLoopCase *given, size_t n)
{
  const double       tried_g = 0.2;
  g_autofree double *noise = g_new (double, n);
  g_autofree double *both = g_new (double, n);
  double             noise_power;

  run (given, TWIN_ELEMENT_NONE, 0, FALSE, noise, n);
  run (given, given->fault, tried_g, FALSE, both, n);
  noise_power = power (noise, n);
  for (size_t i = 0; i < n; i++)
    both[i] -= noise[i];

  return tried_g *
         sqrt (pow (10, given->snr_db / 10) * noise_power / power (both, n));
}

void
closed_loop_make (const ClosedLoopCase *given, ClosedLoopRecord *out)
{
  double burst_g = 0;

  out->rate_hz = rates_hz[given->sensor];
  out->n = (size_t) (CLOSED_LOOP_SECONDS * out->rate_hz);
  out->samples = g_new (double, out->n);
  if (given->fault != TWIN_ELEMENT_NONE)
    burst_g = find_burst (given, out->n);
  out->shaft_hz =
      run (given, given->fault, burst_g, TRUE, out->samples, out->n);
}
