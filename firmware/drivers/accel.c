/* SPDX-License-Identifier: Apache-2.0
 *
 * accel.c - accelerometers behind one small face
 */
#include "accel.h"

#include <stdatomic.h>
#include <string.h>

#include "accel-private.h"

/* Frames of a mean and of settling before; how far the force must move the
 * mass, g. Data sheets. */
typedef struct
{
  uint32_t mean, settle;
  float    low[3], high;
} test_plan;

static const test_plan plan_adxl355 = { 800, 40, { 0.1f, 0.1f, 0.5f }, 3.0f };
static const test_plan plan_iis3dwb = { 5333,
                                        2667,
                                        { 0.8f, 0.8f, 0.8f },
                                        3.2f };

static hal_status
read_part (accel_device *a, int16_t *out, uint32_t room, uint32_t *frames)
{
  switch (a->kind)
    {
    case ACCEL_ADXL355:
      return adxl355_read (a, out, room, frames);
    case ACCEL_IIS3DWB:
      return iis3dwb_read (a, out, room, frames);
    case ACCEL_DAQ16:
      break;
    }
  return daq16_read (a, out, room, frames);
}

/* From the FIFO into the half that fills, or into the other once it is full
 * and that one was taken. What fits nowhere stays in the FIFO. */
static void
fill (accel_device *a)
{
  accel_half *h = &a->halves[a->filling];
  uint32_t    room = (ACCEL_BATCH - h->n) / a->axes, frames = 0;
  hal_status  status;

  if (room * a->axes < ACCEL_BATCH / 4 && a->halves[!a->filling].n == 0)
    {
      a->filling = !a->filling;
      h = &a->halves[a->filling];
      room = ACCEL_BATCH / a->axes;
    }
  if (room == 0)
    return;

  status = read_part (a, h->samples + h->n, room, &frames);
  a->failed = status == HAL_ERR_OVERRUN ? HAL_OK : status;
  if (a->failed != HAL_OK)
    return;
  /* A half is of one piece: what came before the hole is given up. */
  if (status == HAL_ERR_OVERRUN)
    {
      h->overrun = true;
      for (uint32_t i = 0; h->n > 0 && i < frames * a->axes; i++)
        h->samples[i] = h->samples[h->n + i];
      h->n = 0;
    }
  h->n += frames * a->axes;
  h->read_us = hal_time_us (a->board);
}

static void
on_line (void *context)
{
  accel_device *a = context;

  if (!a->held)
    fill (a);
}

hal_status
accel_start (accel_device *a)
{
  hal_status status = a->kind == ACCEL_ADXL355   ? adxl355_start (a)
                      : a->kind == ACCEL_IIS3DWB ? iis3dwb_start (a)
                                                 : daq16_start (a);

  a->filling = 0;
  a->taken = false;
  a->failed = HAL_OK;
  for (unsigned i = 0; i < 2; i++)
    {
      a->halves[i].n = 0;
      a->halves[i].overrun = false;
    }
  if (status == HAL_OK)
    hal_line_attach (a->board, a->device, on_line, a); /* or polled */
  return status;
}

hal_status
accel_stop (accel_device *a)
{
  hal_line_attach (a->board, a->device, NULL, NULL);
  return a->kind == ACCEL_ADXL355   ? adxl355_stop (a)
         : a->kind == ACCEL_IIS3DWB ? iis3dwb_stop (a)
                                    : daq16_stop (a);
}

/* From here on the line's interrupt keeps away, or again comes in. */
static void
hold (accel_device *a, bool held)
{
  atomic_signal_fence (memory_order_seq_cst);
  a->held = held;
  atomic_signal_fence (memory_order_seq_cst);
}

/* The half handed out last is free now. A full one that waits is the older. */
hal_status
accel_read (accel_device *a, accel_batch *out)
{
  accel_half *h;

  hold (a, true);
  if (a->taken)
    {
      a->halves[!a->filling].n = 0;
      a->halves[!a->filling].overrun = false;
    }
  if (a->halves[!a->filling].n == 0)
    fill (a);
  if (a->halves[!a->filling].n == 0)
    a->filling = !a->filling;
  h = &a->halves[!a->filling];
  a->taken = h->n > 0; /* an empty one may fill again at once */
  *out = (accel_batch){ h->samples, h->n / a->axes, h->read_us };
  hold (a, false);

  if (h->n > 0)
    return h->overrun ? HAL_ERR_OVERRUN : HAL_OK;
  return a->failed;
}

static hal_status
force (accel_device *a, bool on)
{
  return a->kind == ACCEL_ADXL355   ? adxl355_force (a, on)
         : a->kind == ACCEL_IIS3DWB ? iis3dwb_force (a, on)
                                    : HAL_OK;
}

hal_status
accel_test_begin (accel_device *a)
{
  a->test_at = 0;
  memset (a->test_sum, 0, sizeof a->test_sum);
  return force (a, false);
}

static hal_status
judge (const accel_device *a, const test_plan *plan)
{
  for (unsigned axis = 0; axis < a->axes; axis++)
    {
      float moved = (a->test_sum[1][axis] - a->test_sum[0][axis]) *
                    (float) a->g_per_lsb / (float) plan->mean;

      if (!(moved >= plan->low[axis]) || !(moved <= plan->high))
        return HAL_ERR_IO;
    }
  return HAL_OK;
}

bool
accel_test_step (accel_device *a, const accel_batch *batch, hal_status *result)
{
  const test_plan *plan =
      a->kind == ACCEL_ADXL355 ? &plan_adxl355 : &plan_iis3dwb;
  uint32_t on = plan->mean, from = on + plan->settle, to = from + plan->mean;

  *result = HAL_OK;
  if (a->kind == ACCEL_DAQ16)
    return true;

  for (uint32_t i = 0; i < batch->frames && a->test_at < to; i++, a->test_at++)
    {
      if (a->test_at == on)
        *result = force (a, true);
      if (a->test_at < on || a->test_at >= from)
        for (unsigned axis = 0; axis < a->axes; axis++)
          a->test_sum[a->test_at >= from][axis] +=
              (float) batch->samples[i * a->axes + axis];
    }
  if (a->test_at < to)
    return *result != HAL_OK;

  *result = judge (a, plan);
  if (force (a, false) != HAL_OK)
    *result = HAL_ERR_IO;
  return true;
}
