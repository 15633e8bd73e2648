/* SPDX-License-Identifier: Apache-2.0
 *
 * iis3dwb.h - register map of the ST IIS3DWB (data sheet rev. 9, AN5444)
 *
 * Shared by the driver and by the model of the part. Read with 0x80 | address.
 */
#ifndef IIS3DWB_H
#define IIS3DWB_H

enum
{
  IIS3DWB_FIFO_CTRL1 = 0x07, /* watermark, words */
  IIS3DWB_FIFO_CTRL2 = 0x08, /* bit 0: its ninth bit */
  IIS3DWB_FIFO_CTRL3 = 0x09,
  IIS3DWB_FIFO_CTRL4 = 0x0a,
  IIS3DWB_INT1_CTRL = 0x0d,
  IIS3DWB_WHO_AM_I = 0x0f,
  IIS3DWB_CTRL1_XL = 0x10,
  IIS3DWB_CTRL3_C = 0x12,
  IIS3DWB_CTRL5_C = 0x14,
  IIS3DWB_CTRL6_C = 0x15,
  IIS3DWB_FIFO_STATUS1 = 0x3a, /* words in the FIFO */
  IIS3DWB_FIFO_STATUS2 = 0x3b,
  IIS3DWB_FIFO_TAG = 0x78, /* seven bytes a word, as many as are clocked out */
  IIS3DWB_FIFO_LAST = 0x7e,
  IIS3DWB_REGISTERS = 0x80,

  IIS3DWB_ID = 0x7b,
  IIS3DWB_BATCH_26K7 = 0x0a, /* FIFO_CTRL3: every sample into the FIFO */
  IIS3DWB_MODE_BYPASS = 0x00,
  IIS3DWB_MODE_CONTINUOUS = 0x06,
  IIS3DWB_INT1_WATERMARK = 0x08,
  IIS3DWB_ON = 0xa0,            /* CTRL1_XL; 26.667 kHz, the only rate */
  IIS3DWB_RANGE_SHIFT = 2,      /* 0: 2 g, 1: 16 g, 2: 4 g, 3: 8 g */
  IIS3DWB_RESET = 0x01,         /* CTRL3_C */
  IIS3DWB_INCREMENT = 0x04,     /* addresses count up in a burst */
  IIS3DWB_BLOCK_UPDATE = 0x40,  /* no half of a sample */
  IIS3DWB_TEST_POSITIVE = 0x01, /* CTRL5_C */
  IIS3DWB_ONLY_X = 0x01,        /* CTRL6_C: one axis, less noise */
  IIS3DWB_OVERRUN = 0x08,       /* FIFO_STATUS2, latched until read */
  IIS3DWB_FULL = 0x20,
  IIS3DWB_TAG_ACCEL = 0x02, /* bits 7 to 3 of a word's first byte */

  IIS3DWB_FIFO_WORDS = 512, /* 19.2 ms */
  IIS3DWB_WORD_BYTES = 7,
};

#endif
