/* SPDX-License-Identifier: Apache-2.0
 *
 * adxl355.h - register map of the Analog Devices ADXL355 (data sheet rev. D)
 *
 * Shared by the driver and by the model of the part.
 */
#ifndef ADXL355_H
#define ADXL355_H

enum
{
  ADXL355_DEVID_AD = 0x00,
  ADXL355_DEVID_MST = 0x01,
  ADXL355_PARTID = 0x02,
  ADXL355_STATUS = 0x04,
  ADXL355_FIFO_ENTRIES = 0x05,
  ADXL355_XDATA3 = 0x08,
  ADXL355_FIFO_DATA = 0x11,
  ADXL355_FILTER = 0x28,
  ADXL355_FIFO_SAMPLES = 0x29, /* watermark, entries */
  ADXL355_INT_MAP = 0x2a,
  ADXL355_RANGE = 0x2c,
  ADXL355_POWER_CTL = 0x2d,
  ADXL355_SELF_TEST = 0x2e,
  ADXL355_RESET = 0x2f,

  ADXL355_STATUS_READY = 0x01,
  ADXL355_STATUS_FIFO_FULL = 0x02,
  ADXL355_STATUS_FIFO_OVR = 0x04,
  ADXL355_POWER_STANDBY = 0x01,
  ADXL355_INT_FULL_1 = 0x02, /* the watermark raises INT1 */
  ADXL355_TEST_ENABLE = 0x01,
  ADXL355_TEST_FORCE = 0x02,
  ADXL355_RESET_CODE = 0x52,
  ADXL355_FIFO_SIZE = 96,    /* entries: 32 xyz triples, 8 ms at 4 kHz */
  ADXL355_FIFO_EMPTY = 0x02, /* in an entry's last byte */
  ADXL355_FIFO_X = 0x01,
};

#endif
