/* SPDX-License-Identifier: Apache-2.0
 *
 * accel-private.h - what each accelerometer driver offers to accel.c
 */
#ifndef ACCEL_PRIVATE_H
#define ACCEL_PRIVATE_H

#include "accel.h"

hal_status adxl355_start (accel_device *a);
hal_status adxl355_stop (accel_device *a);
hal_status adxl355_read (accel_device *a, int32_t *out, uint32_t *frames);
hal_status adxl355_self_test (accel_device *a);

hal_status daq16_start (accel_device *a);
hal_status daq16_stop (accel_device *a);
hal_status daq16_read (accel_device *a, int32_t *out, uint32_t *frames);

#endif
