/* SPDX-License-Identifier: Apache-2.0
 *
 * accel.h - accelerometers behind one small face
 *
 * Samples go from the part's FIFO into one half of a buffer, in the interrupt
 * of its line where the board has one (hal_line_attach), otherwise when
 * accel_read is called; accel_read hands out the other half. So a superloop
 * that is busy for longer than the FIFO lasts loses nothing.
 */
#ifndef ACCEL_H
#define ACCEL_H

#include <stdbool.h>
#include <stdint.h>

#include "hal.h"

enum
{
  ACCEL_BATCH = 96, /* samples of all axes in a half */
};

typedef enum
{
  ACCEL_ADXL355,
  ACCEL_DAQ16,
  ACCEL_IIS3DWB,
} accel_kind;

typedef struct
{
  uint32_t n;       /* samples of all axes, whole frames */
  uint64_t read_us; /* hal_time_us when the newest was read */
  bool     overrun; /* samples were lost before the first */
  int16_t  samples[ACCEL_BATCH];
} accel_half;

typedef struct
{
  hal       *board;
  unsigned   device;
  accel_kind kind;
  unsigned   axes;
  double     g_per_lsb; /* of what accel_read returns: 16 bit; at
                           either end of them a sample is clipped */
  unsigned range;       /* private to the driver */

  accel_half          halves[2];
  unsigned            filling; /* the half that is written */
  bool                taken;   /* the other is in the caller's hands */
  volatile bool       held;    /* accel_read is at it: the line waits */
  volatile hal_status failed;  /* of the last read from the part */

  uint32_t test_at;        /* frames since a self-test began */
  float    test_sum[2][3]; /* without force, with it */
} accel_device;

/* What accel_read hands out: @frames of all axes in turn, the device's until
 * the next call. */
typedef struct
{
  const int16_t *samples;
  uint32_t       frames;
  uint64_t       read_us;
} accel_batch;

/* Analog Devices ADXL355: range 2, 4 or 8 g, 4 kHz, 20 bit. */
void adxl355_init (accel_device *a,
                   hal          *board,
                   unsigned      device,
                   double        range_g);

/* ST IIS3DWB: range 2, 4, 8 or 16 g, 26.667 kHz, 16 bit, flat to 6.3 kHz;
 * @axes 1 (x) or 3. */
void iis3dwb_init (accel_device *a,
                   hal          *board,
                   unsigned      device,
                   double        range_g,
                   unsigned      axes);

/* A one-axis 16-bit converter with a FIFO, for recordings. */
void daq16_init (accel_device *a,
                 hal          *board,
                 unsigned      device,
                 double        g_per_lsb);

/* Check the identity, configure, start; stop saves the sensor's power.
 * HAL_ERR_IO: it is another part, or none. */
hal_status accel_start (accel_device *a);
hal_status accel_stop (accel_device *a);

/* What has come since the last call, at most a half; ask again until there is
 * none. On HAL_ERR_OVERRUN samples were lost before the first; what was read
 * counts. HAL_ERR_IO: the part does not answer. */
hal_status accel_read (accel_device *a, accel_batch *out);

/* The built-in self-test: the means of 0.2 s without and 0.2 s with the test
 * force. Begin, then give every batch read to step, which is true at the end
 * with HAL_OK in *@result, or HAL_ERR_IO if the force did not move the mass as
 * it should. Those samples are not to be measured with. A part without a test
 * passes when it answers. */
hal_status accel_test_begin (accel_device *a);
bool       accel_test_step (accel_device      *a,
                            const accel_batch *batch,
                            hal_status        *result);

#endif
