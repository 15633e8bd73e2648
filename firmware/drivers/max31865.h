/* SPDX-License-Identifier: Apache-2.0
 *
 * max31865.h - Maxim MAX31865, the Pt100 converter
 */
#ifndef MAX31865_H
#define MAX31865_H

#include "hal.h"

typedef struct
{
  hal     *board;
  unsigned device;
} max31865;

/* Continuous conversion, three wires, 50 Hz filter. */
hal_status max31865_start (max31865 *m, hal *board, unsigned device);

/* Newest conversion in °C; HAL_ERR_IO on a broken or shorted sensor. */
hal_status max31865_read (max31865 *m, float *celsius);

/* °C of a Pt100 of @ohm by IEC 60751 (Callendar and Van Dusen). */
double max31865_celsius (double ohm);

#endif
