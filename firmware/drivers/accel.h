/* SPDX-License-Identifier: Apache-2.0
 *
 * accel.h - accelerometers behind one small face
 */
#ifndef ACCEL_H
#define ACCEL_H

#include <stdbool.h>
#include <stdint.h>

#include "hal.h"

enum
{
  ACCEL_BATCH = 256, /* samples of all axes that one read returns at most */
};

typedef enum
{
  ACCEL_ADXL355,
  ACCEL_DAQ16,
} accel_kind;

typedef struct
{
  hal       *board;
  unsigned   device;
  accel_kind kind;
  unsigned   axes;
  double     g_per_lsb; /* of the values accel_read returns */
  int32_t    clip;      /* values at or beyond ±clip are clipped */
  unsigned   range;     /* private to the driver */
  unsigned   phase;     /* axis expected next from the FIFO */
} accel_device;

/* Analog Devices ADXL355: range 2, 4 or 8 g, 4 kHz, 20 bit. */
void adxl355_init (accel_device *a,
                   hal          *board,
                   unsigned      device,
                   double        range_g);

/* A one-axis 16-bit converter with a FIFO, for recordings. */
void daq16_init (accel_device *a,
                 hal          *board,
                 unsigned      device,
                 double        g_per_lsb);

/* Check the identity, configure, start; stop saves the sensor's power. */
hal_status accel_start (accel_device *a);
hal_status accel_stop (accel_device *a);

/* Read what the FIFO holds, whole frames, axes in turn, *@frames of them. On
 * HAL_ERR_OVERRUN samples were lost before the first; what was read counts. */
hal_status accel_read (accel_device *a,
                       int32_t       out[ACCEL_BATCH],
                       uint32_t     *frames);

/* The built-in self-test; takes the sensor out of measurement for the call. */
hal_status accel_self_test (accel_device *a);

#endif
