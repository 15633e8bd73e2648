/* SPDX-License-Identifier: Apache-2.0
 *
 * adxl355.c - Analog Devices ADXL355, three axes, 20 bit, 4 kHz
 */
#include "adxl355.h"

#include <string.h>

#include "accel.h"
#include "accel-private.h"

static hal_status
read_registers (accel_device *a, uint8_t from, uint8_t *out, size_t n)
{
  uint8_t    tx[1 + ADXL355_FIFO_SIZE * 3] = { 0 }, rx[sizeof tx];
  hal_status status;

  tx[0] = (uint8_t) (from << 1 | 1);
  status = hal_spi_transfer (a->board, a->device, tx, rx, 1 + n);
  if (status == HAL_OK)
    memcpy (out, rx + 1, n);
  return status;
}

static hal_status
write_register (accel_device *a, uint8_t at, uint8_t value)
{
  uint8_t tx[2] = { (uint8_t) (at << 1), value }, rx[2];

  return hal_spi_transfer (a->board, a->device, tx, rx, sizeof tx);
}

void
adxl355_init (accel_device *a, hal *board, unsigned device, double range_g)
{
  memset (a, 0, sizeof *a);
  a->board = board;
  a->device = device;
  a->kind = ACCEL_ADXL355;
  a->axes = 3;
  a->range = range_g <= 2 ? 1 : range_g <= 4 ? 2 : 3;
  a->g_per_lsb = 1.0 / (256000 >> (a->range - 1));
  a->clip = (1 << 19) - 1;
}

static int32_t
value_of (const uint8_t entry[3])
{
  uint32_t raw = (uint32_t) entry[0] << 24 | (uint32_t) entry[1] << 16 |
                 (uint32_t) (entry[2] & 0xf0) << 8;

  return (int32_t) raw >> 12; /* two's complement, left-justified */
}

hal_status
adxl355_start (accel_device *a)
{
  uint8_t    id[3];
  hal_status status = read_registers (a, ADXL355_DEVID_AD, id, sizeof id);

  if (status != HAL_OK)
    return status;
  if (id[0] != 0xad || id[1] != 0x1d || id[2] != 0xed)
    return HAL_ERR_IO;

  a->phase = 0;
  status = write_register (a, ADXL355_RESET, ADXL355_RESET_CODE);
  if (status == HAL_OK)
    status = write_register (a, ADXL355_FILTER, 0); /* 4 kHz, no high-pass */
  if (status == HAL_OK)
    status = write_register (a, ADXL355_RANGE, (uint8_t) a->range);
  if (status == HAL_OK)
    status = write_register (a, ADXL355_POWER_CTL, 0);
  return status;
}

hal_status
adxl355_stop (accel_device *a)
{
  return write_register (a, ADXL355_POWER_CTL, ADXL355_POWER_STANDBY);
}

hal_status
adxl355_read (accel_device *a, int32_t *out, uint32_t *frames)
{
  uint8_t    head[2], data[ADXL355_FIFO_SIZE * 3];
  hal_status status;
  uint32_t   entries, n = 0;

  *frames = 0;
  status = read_registers (a, ADXL355_STATUS, head, sizeof head);
  if (status != HAL_OK)
    return status;

  entries = head[1] < ADXL355_FIFO_SIZE ? head[1] : ADXL355_FIFO_SIZE;
  entries -= entries % 3;
  if (entries > 0)
    status = read_registers (a, ADXL355_FIFO_DATA, data, entries * 3);
  if (status != HAL_OK)
    return status;

  for (uint32_t i = 0; i < entries; i++)
    {
      const uint8_t *entry = data + i * 3;

      if (entry[2] & ADXL355_FIFO_EMPTY)
        break;
      if (entry[2] & ADXL355_FIFO_X)
        n -= n % 3; /* a new frame, whatever we thought */
      else if (n % 3 == 0)
        continue;
      out[n++] = value_of (entry);
    }

  *frames = n / 3;
  return (head[0] & ADXL355_STATUS_FIFO_OVR) ? HAL_ERR_OVERRUN : HAL_OK;
}

/* The electrostatic force must move z by 0.5 to 3 g and x, y by 0.1 g. */
hal_status
adxl355_self_test (accel_device *a)
{
  uint8_t    before[9], after[9];
  hal_status status = write_register (a, ADXL355_SELF_TEST, 1);

  if (status == HAL_OK)
    status = read_registers (a, ADXL355_XDATA3, before, sizeof before);
  if (status == HAL_OK)
    status = write_register (a, ADXL355_SELF_TEST, 3);
  if (status == HAL_OK)
    status = read_registers (a, ADXL355_XDATA3, after, sizeof after);
  if (status == HAL_OK)
    status = write_register (a, ADXL355_SELF_TEST, 0);
  if (status != HAL_OK)
    return status;

  for (unsigned axis = 0; axis < 3; axis++)
    {
      double moved =
          (value_of (after + axis * 3) - value_of (before + axis * 3)) *
          a->g_per_lsb;

      if (moved < (axis == 2 ? 0.5 : 0.1) || moved > 3.0)
        return HAL_ERR_IO;
    }
  return HAL_OK;
}
