/* SPDX-License-Identifier: Apache-2.0
 *
 * max31865.h - Maxim MAX31865, the Pt100 converter (data sheet rev. 3)
 *
 * The register map is shared by the driver and by the model of the part.
 */
#ifndef MAX31865_H
#define MAX31865_H

#include <stdbool.h>

#include "hal.h"

enum
{
  MAX31865_CONFIG = 0,
  MAX31865_RTD = 1, /* two bytes, bit 0 of the second: a fault is latched */
  MAX31865_HIGH = 3,
  MAX31865_LOW = 5,
  MAX31865_FAULT = 7,
  MAX31865_WRITE = 0x80,

  MAX31865_BIAS = 0x80, /* of the configuration */
  MAX31865_AUTO = 0x40,
  MAX31865_3WIRE = 0x10,
  MAX31865_DETECT_MASK = 0x0c,
  MAX31865_DETECT = 0x04, /* fault detection with automatic delay */
  MAX31865_CLEAR = 0x02,
  MAX31865_50HZ = 0x01,

  MAX31865_TOO_HIGH = 0x80, /* of the fault status */
  MAX31865_TOO_LOW = 0x40,
  MAX31865_REFIN_HIGH = 0x20, /* REFIN- > 0.85 V_BIAS: element open */
  MAX31865_REFIN_LOW = 0x10,  /* REFIN- < 0.85 V_BIAS, FORCE- open */
  MAX31865_RTDIN_LOW = 0x08,  /* RTDIN- < 0.85 V_BIAS, FORCE- open */
  MAX31865_VOLTAGE = 0x04,    /* an input beyond the supply */
};

typedef struct
{
  hal     *board;
  unsigned device;
  unsigned reads;     /* since start */
  bool     detecting; /* a fault-detection cycle runs */
  uint8_t  faults;    /* MAX31865_TOO_HIGH and so on, of the last read */
  float    celsius;   /* newest good value */
} max31865;

/* Continuous conversion, three wires, 50 Hz filter, limits just outside what a
 * Pt100 can be. HAL_ERR_IO: nobody keeps what is written. */
hal_status max31865_start (max31865 *m, hal *board, unsigned device);

/* Newest conversion in °C; to be called once a second. Every tenth call, and
 * after a fault, a fault-detection cycle follows, during which the value stays
 * as it was. HAL_ERR_IO: nobody answers, or @faults tells why not. */
hal_status max31865_read (max31865 *m, float *celsius);

/* Let a fault-detection cycle follow the next read, whatever its turn. */
void max31865_detect (max31865 *m);

/* "open", "short", "over-voltage"; NULL when nothing is wrong. */
const char *max31865_fault (const max31865 *m);

/* °C of a Pt100 of @ohm by IEC 60751 (Callendar and Van Dusen). */
float max31865_celsius (float ohm);

#endif
