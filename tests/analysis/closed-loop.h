/* SPDX-License-Identifier: Apache-2.0 */
/* closed-loop.h - records of the firmware's simulated machine and sensors
 *
 * The machine of firmware/sim with one fault at a given ratio of power to the
 * noise, felt through a sensor as a node reads it. The ratio is of the whole
 * band the sensor delivers, lines of the shaft left out of both.
 */
#pragma once

#include <glib.h>

#include "twin-diagnosis.h"

typedef enum
{
  CLOSED_LOOP_ADXL355, /* 4 kHz, through its registers and the node's driver */
  CLOSED_LOOP_12K,     /* 12 kHz, the acceleration itself */
  CLOSED_LOOP_IIS3DWB, /* 26.7 kHz, through registers and driver */
  CLOSED_LOOP_SENSORS,
} ClosedLoopSensor;

typedef struct
{
  ClosedLoopSensor   sensor;
  TwinElement        fault; /* TWIN_ELEMENT_NONE: sound */
  double             snr_db;
  double             shaft_hz; /* rated */
  double             slip;     /* tones lie this much low: 0.02 is 2 % */
  double             noise_g;  /* of the machine, r.m.s. in 2 kHz */
  double             unbalance_mm_s, misalignment_mm_s, looseness_mm_s;
  double             resonance_hz, damping;
  const TwinBearing *bearing;
  guint64            seed;
} ClosedLoopCase;

typedef struct
{
  double *samples; /* g, without mean; free with g_free */
  size_t  n;
  double  rate_hz;
  double  shaft_hz; /* mean over the record, as a key-phasor tells it */
} ClosedLoopRecord;

#define CLOSED_LOOP_SECONDS 8

const char *closed_loop_sensor_name (ClosedLoopSensor sensor);

void closed_loop_make (const ClosedLoopCase *given, ClosedLoopRecord *out);
