/* SPDX-License-Identifier: Apache-2.0
 *
 * daq16.h - register map of a one-axis 16-bit converter with a FIFO
 *
 * The part stands for any IEPE front end; its model plays recordings.
 * Registers are read with 0x80 | address; FIFO words are big-endian.
 */
#ifndef DAQ16_H
#define DAQ16_H

enum
{
  DAQ16_ID = 0x00,
  DAQ16_CONTROL = 0x01, /* bit 0: run */
  DAQ16_STATUS = 0x02,  /* bit 0: samples were lost; cleared by reading */
  DAQ16_LEVEL = 0x03,   /* two bytes: samples in the FIFO */
  DAQ16_DATA = 0x05,    /* two bytes a sample, as many as are clocked out */

  DAQ16_ID_VALUE = 0x16,
  DAQ16_FIFO_SIZE = 2048,
};

#endif
