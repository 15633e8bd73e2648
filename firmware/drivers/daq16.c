/* SPDX-License-Identifier: Apache-2.0
 *
 * daq16.c - a one-axis 16-bit converter with a FIFO
 */
#include "daq16.h"

#include <string.h>

#include "accel-private.h"

static hal_status
read_bytes (accel_device *a, uint8_t from, uint8_t *out, size_t n)
{
  uint8_t    tx[1 + ACCEL_BATCH * 2] = { 0 }, rx[sizeof tx];
  hal_status status;

  tx[0] = (uint8_t) (0x80 | from);
  status = hal_spi_transfer (a->board, a->device, tx, rx, 1 + n);
  if (status == HAL_OK)
    memcpy (out, rx + 1, n);
  return status;
}

static hal_status
control (accel_device *a, uint8_t value)
{
  uint8_t tx[2] = { DAQ16_CONTROL, value }, rx[2];

  return hal_spi_transfer (a->board, a->device, tx, rx, sizeof tx);
}

void
daq16_init (accel_device *a, hal *board, unsigned device, double g_per_lsb)
{
  memset (a, 0, sizeof *a);
  a->board = board;
  a->device = device;
  a->kind = ACCEL_DAQ16;
  a->axes = 1;
  a->g_per_lsb = g_per_lsb;
}

hal_status
daq16_start (accel_device *a)
{
  uint8_t    id;
  hal_status status = read_bytes (a, DAQ16_ID, &id, 1);

  if (status == HAL_OK && id != DAQ16_ID_VALUE)
    status = HAL_ERR_IO;
  return status == HAL_OK ? control (a, 1) : status;
}

hal_status
daq16_stop (accel_device *a)
{
  return control (a, 0);
}

hal_status
daq16_read (accel_device *a, int16_t *out, uint32_t room, uint32_t *frames)
{
  uint8_t    head[3], data[ACCEL_BATCH * 2];
  uint32_t   level;
  hal_status status = read_bytes (a, DAQ16_STATUS, head, sizeof head);

  *frames = 0;
  if (status != HAL_OK)
    return status;

  level = (uint32_t) head[1] << 8 | head[2];
  if (level > DAQ16_FIFO_SIZE)
    return HAL_ERR_IO; /* nobody holds the line */
  if (level > room)
    level = room;
  if (level > 0)
    status = read_bytes (a, DAQ16_DATA, data, level * 2);
  if (status != HAL_OK)
    return status;

  for (uint32_t i = 0; i < level; i++)
    out[i] = (int16_t) (data[i * 2] << 8 | data[i * 2 + 1]);
  *frames = level;
  return (head[0] & 1) ? HAL_ERR_OVERRUN : HAL_OK;
}
