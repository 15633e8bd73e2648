/* SPDX-License-Identifier: Apache-2.0
 *
 * max31865.c - Maxim MAX31865, the Pt100 converter
 */
#include "max31865.h"

#include <math.h>

enum
{
  REG_CONFIG = 0x00,
  REG_RTD_MSB = 0x01,
  WRITE = 0x80,
  CONFIG_BIAS = 0x80,
  CONFIG_AUTO = 0x40,
  CONFIG_3WIRE = 0x10,
  CONFIG_CLEAR = 0x02,
  CONFIG_50HZ = 0x01,
};

static const double reference_ohm = 400.0;

hal_status
max31865_start (max31865 *m, hal *board, unsigned device)
{
  uint8_t tx[2] = { WRITE | REG_CONFIG, CONFIG_BIAS | CONFIG_AUTO |
                                            CONFIG_3WIRE | CONFIG_CLEAR |
                                            CONFIG_50HZ };
  uint8_t rx[2];

  m->board = board;
  m->device = device;
  return hal_spi_transfer (board, device, tx, rx, sizeof tx);
}

double
max31865_celsius (double ohm)
{
  static const double a = 3.9083e-3, b = -5.775e-7, c = -4.183e-12;
  double              r = ohm / 100.0;
  double              t = (-a + sqrt (a * a - 4.0 * b * (1.0 - r))) / (2.0 * b);

  /* Below 0 °C the third term is needed: two Newton steps from above. */
  for (int i = 0; i < 2 && t < 0; i++)
    {
      double f = 1.0 + a * t + b * t * t + c * (t - 100.0) * t * t * t - r;
      double d = a + 2.0 * b * t + c * (4.0 * t - 300.0) * t * t;

      t -= f / d;
    }
  return t;
}

hal_status
max31865_read (max31865 *m, float *celsius)
{
  uint8_t    tx[3] = { REG_RTD_MSB }, rx[3];
  hal_status status = hal_spi_transfer (m->board, m->device, tx, rx, sizeof tx);
  unsigned   code;

  if (status != HAL_OK)
    return status;

  code = (unsigned) rx[1] << 7 | rx[2] >> 1;
  if ((rx[2] & 1) || code < 0x0100 || code > 0x7f00)
    return HAL_ERR_IO; /* fault bit, shorted or open */

  *celsius = (float) max31865_celsius (code * reference_ohm / 32768.0);
  return HAL_OK;
}
