/* SPDX-License-Identifier: Apache-2.0
 *
 * iis3dwb.c - ST IIS3DWB, one axis or three, 16 bit, 26.667 kHz
 */
#include "iis3dwb.h"

#include <string.h>

#include "accel-private.h"

enum
{
  PIECE_WORDS = 64, /* of the FIFO in one transfer */
  WATERMARK = 128,  /* 4.8 ms */
};

static hal_status
read_registers (accel_device *a, uint8_t from, uint8_t *out, size_t n)
{
  uint8_t    tx[1 + PIECE_WORDS * IIS3DWB_WORD_BYTES] = { 0 }, rx[sizeof tx];
  hal_status status;

  tx[0] = (uint8_t) (0x80 | from);
  status = hal_spi_transfer (a->board, a->device, tx, rx, 1 + n);
  if (status == HAL_OK)
    memcpy (out, rx + 1, n);
  return status;
}

static hal_status
write_register (accel_device *a, uint8_t at, uint8_t value)
{
  uint8_t tx[2] = { at, value }, rx[2];

  return hal_spi_transfer (a->board, a->device, tx, rx, sizeof tx);
}

void
iis3dwb_init (accel_device *a,
              hal          *board,
              unsigned      device,
              double        range_g,
              unsigned      axes)
{
  unsigned step = range_g <= 2 ? 0 : range_g <= 4 ? 1 : range_g <= 8 ? 2 : 3;
  static const uint8_t code[] = { 0, 2, 3, 1 };

  memset (a, 0, sizeof *a);
  a->board = board;
  a->device = device;
  a->kind = ACCEL_IIS3DWB;
  a->axes = axes == 1 ? 1 : 3;
  a->range = code[step];
  a->g_per_lsb = 0.000061 * (1 << step); /* data sheet, table 3 */
}

hal_status
iis3dwb_start (accel_device *a)
{
  const uint8_t setup[][2] = {
    { IIS3DWB_CTRL3_C, IIS3DWB_RESET },
    { IIS3DWB_CTRL3_C, IIS3DWB_BLOCK_UPDATE | IIS3DWB_INCREMENT },
    { IIS3DWB_CTRL6_C, a->axes == 1 ? IIS3DWB_ONLY_X : 0 },
    { IIS3DWB_FIFO_CTRL1, WATERMARK },
    { IIS3DWB_FIFO_CTRL3, IIS3DWB_BATCH_26K7 },
    { IIS3DWB_FIFO_CTRL4, IIS3DWB_MODE_CONTINUOUS },
    { IIS3DWB_INT1_CTRL, IIS3DWB_INT1_WATERMARK },
    { IIS3DWB_CTRL1_XL,
      (uint8_t) (IIS3DWB_ON | a->range << IIS3DWB_RANGE_SHIFT) },
  };
  uint8_t    id;
  hal_status status = read_registers (a, IIS3DWB_WHO_AM_I, &id, 1);

  if (status == HAL_OK && id != IIS3DWB_ID)
    status = HAL_ERR_IO;
  for (size_t i = 0; i < sizeof setup / sizeof setup[0] && status == HAL_OK;
       i++)
    status = write_register (a, setup[i][0], setup[i][1]);
  return status;
}

hal_status
iis3dwb_stop (accel_device *a)
{
  hal_status status = write_register (a, IIS3DWB_CTRL1_XL, 0);

  /* Bypass empties the FIFO: nothing old is left for the next start. */
  if (status == HAL_OK)
    status = write_register (a, IIS3DWB_FIFO_CTRL4, IIS3DWB_MODE_BYPASS);
  return status;
}

static int16_t
value_at (const uint8_t *low)
{
  return (int16_t) (low[0] | low[1] << 8);
}

hal_status
iis3dwb_read (accel_device *a, int16_t *out, uint32_t room, uint32_t *frames)
{
  uint8_t    head[2], data[PIECE_WORDS * IIS3DWB_WORD_BYTES];
  hal_status status = read_registers (a, IIS3DWB_FIFO_STATUS1, head, 2);
  uint32_t   words, n = 0;

  *frames = 0;
  if (status != HAL_OK)
    return status;
  words = head[0] | (uint32_t) (head[1] & 3) << 8;
  if (words > IIS3DWB_FIFO_WORDS)
    return HAL_ERR_IO; /* nobody holds the line */

  words = words < room ? words : room;
  while (words > 0)
    {
      uint32_t piece = words < PIECE_WORDS ? words : PIECE_WORDS;

      status = read_registers (a, IIS3DWB_FIFO_TAG, data,
                               piece * IIS3DWB_WORD_BYTES);
      if (status != HAL_OK)
        return status;
      for (const uint8_t *w = data; w < data + piece * IIS3DWB_WORD_BYTES;
           w += IIS3DWB_WORD_BYTES)
        if (w[0] >> 3 == IIS3DWB_TAG_ACCEL)
          for (unsigned axis = 0; axis < a->axes; axis++)
            out[n++] = value_at (w + 1 + 2 * axis);
      words -= piece;
    }

  *frames = n / a->axes;
  return head[1] & IIS3DWB_OVERRUN ? HAL_ERR_OVERRUN : HAL_OK;
}

hal_status
iis3dwb_force (accel_device *a, bool on)
{
  return write_register (a, IIS3DWB_CTRL5_C, on ? IIS3DWB_TEST_POSITIVE : 0);
}
