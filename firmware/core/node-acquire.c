/* SPDX-License-Identifier: Apache-2.0
 *
 * node-acquire.c - reading the sensors: FIFO by FIFO, second by second
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  DRAIN_US = 4000, /* half of the ADXL355's FIFO at 4 kHz */
  BATCHES_MAX = 8, /* in one go: a part that babbles does not hold us up */
  RATE_FIRST_US = 4000000,
  RATE_WINDOW_US = 60000000,
};

static void
init_accel (node *n, unsigned index)
{
  node_accel              *a = &n->accels[index];
  const node_accel_config *c = &n->config.accels[index];

  a->config = *c;
  switch (c->kind)
    {
    case NODE_ACCEL_ADXL355:
      adxl355_init (&a->driver, n->board, c->device, c->range_g);
      break;
    case NODE_ACCEL_IIS3DWB:
      iis3dwb_init (&a->driver, n->board, c->device, c->range_g, c->axes);
      break;
    case NODE_ACCEL_DAQ16:
      daq16_init (&a->driver, n->board, c->device, c->g_per_lsb);
      break;
    }
  a->axes = a->driver.axes;
  a->rate_hz = c->rate_hz;
  node_join (a->sensor, sizeof a->sensor, c->prefix,
             c->name != NULL ? c->name : "acceleration");
  node_edge_init (n, index);
}

/* Samples that went by since the last one was read. */
static uint64_t
missed (const node_accel *a, uint64_t now)
{
  return (uint64_t) ((double) (now - a->read_us) / 1e6 * a->rate_hz);
}

static void
start_accel (node *n, node_accel *a)
{
  uint64_t now = hal_time_us (n->board);
  bool     ok = accel_start (&a->driver) == HAL_OK &&
            (a->tested || accel_test_begin (&a->driver) == HAL_OK);

  /* The sample number goes on over the time the sensor slept. */
  node_wave_gap (a, a->read_us > 0 ? missed (a, now) : 0);
  a->running = ok;
  a->failed = !ok;
  a->read_us = a->base_us = now;
  a->base_count = a->samples.count;
  a->same = 0;
  node_edge_gap (n, a);
  node_trip_gap (n, (unsigned) (a - n->accels));
  node_sensors_gap (n, a);
  n->next_drain_us = now + DRAIN_US;
}

void
node_acquire_init (node *n)
{
  const node_config *c = &n->config;
  uint64_t           now = hal_time_us (n->board);

  node_sensors_init (n);
  for (unsigned i = 0; i < c->n_accels; i++)
    init_accel (n, i);
  node_edge_ready (n);

  n->next_second_us = now + 1000000 + (uint64_t) (fmod (c->phase_s, 1.0) * 1e6);
  /* One block at once, then each node of a plant in its own moment. */
  n->duty_until_us = now + (uint64_t) (n->config.duty_block_s * 1e6);
  n->next_duty_us = n->duty_until_us;
  if (n->config.duty_every_s > 0)
    n->next_duty_us +=
        (uint64_t) (fmod (c->phase_s, n->config.duty_every_s) * 1e6);
  for (unsigned i = 0; i < c->n_accels; i++)
    start_accel (n, &n->accels[i]);
}

/* The sensor's own oscillator against the board's clock. */
static void
measure_rate (node_accel *a, uint64_t now)
{
  uint64_t span = now - a->base_us;

  if (span >= RATE_FIRST_US)
    a->rate_hz =
        (double) (a->samples.count - a->base_count) * 1e6 / (double) span;
  if (span >= RATE_WINDOW_US)
    {
      /* A window is good for some 6 ppm: FIFOs are read whole samples. */
      float ppm = (float) ((a->rate_hz / a->config.rate_hz - 1.0) * 1e6);

      a->drift_ppm += a->has_drift ? (ppm - a->drift_ppm) / 8 : ppm;
      a->has_drift = true;
      a->base_us = now;
      a->base_count = a->samples.count;
    }
}

/* @batch came after a hole; its own samples are still to be counted. */
static void
overrun (node *n, node_accel *a, const accel_batch *batch)
{
  uint64_t now = batch->read_us, lost = missed (a, now);

  a->overruns++;
  node_wave_gap (a, lost > batch->frames ? lost - batch->frames : 0);
  node_sensors_gap (n, a);
  a->base_us = now;
  a->base_count = a->samples.count;
  node_edge_gap (n, a);
  node_trip_gap (n, (unsigned) (a - n->accels));
  a->quality |= BLOCK_OVERRUN;
}

/* Samples under the test force are not of the machine; true: these were. */
static bool
self_test (node *n, node_accel *a, const accel_batch *batch)
{
  hal_status result;

  if (a->tested)
    return false;
  if (accel_test_step (&a->driver, batch, &result))
    {
      a->tested = true;
      a->unfit = result != HAL_OK;
    }
  node_wave_gap (a, batch->frames);
  a->base_us = a->read_us = batch->read_us;
  a->base_count = a->samples.count;
  node_edge_gap (n, a);
  return true;
}

static void
take_batch (node *n, node_accel *a, const accel_batch *batch)
{
  if (self_test (n, a, batch))
    return;
  node_sensors_samples (n, a, batch);
  a->read_us = batch->read_us;
  if (a->base_count == a->samples.count)
    a->base_us = a->read_us; /* the first batch only sets the mark */
  else
    measure_rate (a, a->read_us);
  node_wave_samples (n, a, batch->samples, batch->frames);
  node_edge_samples (n, a, batch->samples, batch->frames);
}

static void
drain (node *n, node_accel *a)
{
  accel_batch batch;
  hal_status  status;
  unsigned    left = BATCHES_MAX;

  do
    {
      status = accel_read (&a->driver, &batch);
      if (status == HAL_ERR_OVERRUN)
        overrun (n, a, &batch);
      a->failed = status != HAL_OK && status != HAL_ERR_OVERRUN;
      if (batch.frames > 0)
        take_batch (n, a, &batch);
    }
  while (batch.frames > 0 && --left > 0);
}

void
node_acquire_drain (node *n)
{
  uint64_t now = hal_time_us (n->board);
  bool     any = false;

  for (unsigned i = 0; i < n->config.n_accels; i++)
    if (n->accels[i].running)
      {
        any = true;
        drain (n, &n->accels[i]);
      }
  n->next_drain_us = any ? now + DRAIN_US : 0;
}

/* Duty: the accelerometers sleep between blocks. */

static bool
duty_rest (const node *n, const node_accel *a, uint64_t now)
{
  if (n->update.state == NODE_UPDATE_TRIAL)
    return false; /* rates are measured */
  if (n->mode == NODE_MODE_STANDBY)
    return true;
  return n->properties.duty && now >= n->duty_until_us &&
         !node_trip_needs (n, (unsigned) (a - n->accels)) &&
         !node_wave_wanted ((node *) n, a);
}

void
node_acquire_duty (node *n)
{
  uint64_t now = hal_time_us (n->board);

  if (n->properties.duty && now >= n->next_duty_us)
    {
      n->duty_until_us = now + (uint64_t) (n->properties.duty_block_s * 1e6);
      n->next_duty_us = now + (uint64_t) (n->properties.duty_every_s * 1e6);
    }

  for (unsigned i = 0; i < n->config.n_accels; i++)
    {
      node_accel *a = &n->accels[i];
      bool        rest = duty_rest (n, a, now);

      if (rest && a->running)
        {
          accel_stop (&a->driver);
          a->running = false;
          node_trip_gap (n, i);
        }
      else if (!rest && !a->running && !a->failed)
        start_accel (n, a);
    }
}

void
node_acquire_test (node *n, unsigned index)
{
  node_accel *a = &n->accels[index];

  a->tested = false;
  if (a->running)
    accel_test_begin (&a->driver);
}

void
node_acquire_second (node *n)
{
  for (unsigned i = 0; i < n->config.n_accels; i++)
    if (!node_edge_second (n, &n->accels[i]) && n->accels[i].failed)
      start_accel (n, &n->accels[i]);
  node_sensors_second (n);
}
