/* SPDX-License-Identifier: Apache-2.0
 *
 * adxl355.c - Analog Devices ADXL355, three axes, 20 bit, 4 kHz
 */
#include "adxl355.h"

#include <string.h>

#include "accel-private.h"

enum
{
  WATERMARK = 48, /* entries: half of the FIFO, 4 ms */
};

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
  a->g_per_lsb = 16.0 / (256000 >> (a->range - 1));
}

/* 20 bit rounded to 16: a sixth of its noise. */
static int16_t
value_of (const uint8_t entry[3])
{
  uint32_t raw = (uint32_t) entry[0] << 24 | (uint32_t) entry[1] << 16 |
                 (uint32_t) (entry[2] & 0xf0) << 8;
  int32_t value = (int32_t) raw >> 12; /* two's complement, left-justified */

  return value > 524279 ? INT16_MAX : (int16_t) ((value + 8) >> 4);
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

  status = write_register (a, ADXL355_RESET, ADXL355_RESET_CODE);
  if (status == HAL_OK)
    status = write_register (a, ADXL355_FILTER, 0); /* 4 kHz, no high-pass */
  if (status == HAL_OK)
    status = write_register (a, ADXL355_RANGE, (uint8_t) a->range);
  if (status == HAL_OK)
    status = write_register (a, ADXL355_FIFO_SAMPLES, WATERMARK);
  if (status == HAL_OK)
    status = write_register (a, ADXL355_INT_MAP, ADXL355_INT_FULL_1);
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
adxl355_read (accel_device *a, int16_t *out, uint32_t room, uint32_t *frames)
{
  uint8_t    head[2], data[ADXL355_FIFO_SIZE * 3];
  hal_status status;
  uint32_t   entries, n = 0;

  *frames = 0;
  status = read_registers (a, ADXL355_STATUS, head, sizeof head);
  if (status != HAL_OK)
    return status;
  if (head[1] > ADXL355_FIFO_SIZE)
    return HAL_ERR_IO; /* nobody holds the line */

  entries = head[1] - head[1] % 3;
  if (entries > room * 3)
    entries = room * 3;
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

hal_status
adxl355_force (accel_device *a, bool on)
{
  return write_register (a, ADXL355_SELF_TEST,
                         on ? ADXL355_TEST_ENABLE | ADXL355_TEST_FORCE : 0);
}
