/* SPDX-License-Identifier: Apache-2.0
 *
 * accel-private.h - what each accelerometer driver offers to accel.c
 *
 * …_read: at most @room frames of what the FIFO holds, as accel_read.
 * …_force: the test force on or off.
 */
#ifndef ACCEL_PRIVATE_H
#define ACCEL_PRIVATE_H

#include "accel.h"

hal_status adxl355_start (accel_device *a);
hal_status adxl355_stop (accel_device *a);
hal_status adxl355_read (accel_device *a,
                         int16_t      *out,
                         uint32_t      room,
                         uint32_t     *frames);
hal_status adxl355_force (accel_device *a, bool on);

hal_status iis3dwb_start (accel_device *a);
hal_status iis3dwb_stop (accel_device *a);
hal_status iis3dwb_read (accel_device *a,
                         int16_t      *out,
                         uint32_t      room,
                         uint32_t     *frames);
hal_status iis3dwb_force (accel_device *a, bool on);

hal_status daq16_start (accel_device *a);
hal_status daq16_stop (accel_device *a);
hal_status daq16_read (accel_device *a,
                       int16_t      *out,
                       uint32_t      room,
                       uint32_t     *frames);

#endif
