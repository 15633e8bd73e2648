/* SPDX-License-Identifier: Apache-2.0
 *
 * accel.c - accelerometers behind one small face
 */
#include "accel.h"

#include "accel-private.h"

hal_status
accel_start (accel_device *a)
{
  return a->kind == ACCEL_ADXL355 ? adxl355_start (a) : daq16_start (a);
}

hal_status
accel_stop (accel_device *a)
{
  return a->kind == ACCEL_ADXL355 ? adxl355_stop (a) : daq16_stop (a);
}

hal_status
accel_read (accel_device *a, int32_t out[ACCEL_BATCH], uint32_t *frames)
{
  return a->kind == ACCEL_ADXL355 ? adxl355_read (a, out, frames)
                                  : daq16_read (a, out, frames);
}

hal_status
accel_self_test (accel_device *a)
{
  /* The converter has none of its own: that it answers is all there is. */
  return a->kind == ACCEL_ADXL355 ? adxl355_self_test (a) : daq16_start (a);
}
