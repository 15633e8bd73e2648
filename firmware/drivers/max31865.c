/* SPDX-License-Identifier: Apache-2.0
 *
 * max31865.c - Maxim MAX31865, the Pt100 converter
 */
#include "max31865.h"

#include <math.h>
#include <string.h>

enum
{
  RUN = MAX31865_BIAS | MAX31865_AUTO | MAX31865_3WIRE | MAX31865_50HZ,
  LOWEST = 0x0600,  /* of 15 bits: 19 Ω, -200 °C */
  HIGHEST = 0x7d00, /* 391 Ω, 850 °C */
  EVERY = 10,
  ONLY_DETECTED = MAX31865_REFIN_HIGH | MAX31865_REFIN_LOW | MAX31865_RTDIN_LOW,
};

static const float reference_ohm = 400.0f;

static hal_status
configure (max31865 *m, uint8_t value)
{
  uint8_t tx[2] = { MAX31865_WRITE | MAX31865_CONFIG, value }, rx[2];

  return hal_spi_transfer (m->board, m->device, tx, rx, sizeof tx);
}

hal_status
max31865_start (max31865 *m, hal *board, unsigned device)
{
  const uint8_t limits[5] = { MAX31865_WRITE | MAX31865_HIGH,
                              (HIGHEST << 1) >> 8, (uint8_t) (HIGHEST << 1),
                              (LOWEST << 1) >> 8, (uint8_t) (LOWEST << 1) };
  uint8_t       tx[5] = { MAX31865_HIGH }, rx[5];
  hal_status    status;

  memset (m, 0, sizeof *m);
  m->board = board;
  m->device = device;
  status = hal_spi_transfer (board, device, limits, rx, sizeof limits);
  if (status == HAL_OK)
    status = hal_spi_transfer (board, device, tx, rx, sizeof tx);
  if (status == HAL_OK && memcmp (limits + 1, rx + 1, 4) != 0)
    status = HAL_ERR_IO;
  return status == HAL_OK ? configure (m, RUN | MAX31865_CLEAR) : status;
}

float
max31865_celsius (float ohm)
{
  static const float a = 3.9083e-3f, b = -5.775e-7f, c = -4.183e-12f;
  float r = ohm / 100.0f, root = sqrtf (a * a - 4.0f * b * (1.0f - r));
  float t = 2.0f * (r - 1.0f) / (a + root);

  /* Below 0 °C the third term is needed: two Newton steps from above. */
  for (int i = 0; i < 2 && t < 0; i++)
    {
      float f = 1.0f - r + a * t + b * t * t + c * (t - 100.0f) * t * t * t;
      float d = a + 2.0f * b * t + c * (4.0f * t - 300.0f) * t * t;

      t -= f / d;
    }
  return t;
}

void
max31865_detect (max31865 *m)
{
  m->reads = EVERY - 1;
}

const char *
max31865_fault (const max31865 *m)
{
  if (m->faults & MAX31865_VOLTAGE)
    return "over-voltage";
  if (m->faults & (MAX31865_TOO_HIGH | MAX31865_REFIN_HIGH))
    return "open";
  if (m->faults & MAX31865_TOO_LOW)
    return "short";
  /* A force lead without the rest: the element itself still answers. */
  return m->faults & (MAX31865_REFIN_LOW | MAX31865_RTDIN_LOW) ? "open" : NULL;
}

hal_status
max31865_read (max31865 *m, float *celsius)
{
  uint8_t    tx[8] = { MAX31865_RTD }, rx[8];
  hal_status status = hal_spi_transfer (m->board, m->device, tx, rx, sizeof tx);
  unsigned   code;

  if (status != HAL_OK)
    return status;
  code = (unsigned) rx[1] << 7 | rx[2] >> 1;
  m->reads++;

  if (m->detecting)
    {
      m->faults = rx[7];
      m->detecting = false;
      status = configure (m, RUN | MAX31865_CLEAR);
    }
  else
    {
      /* What only a cycle can tell stays until the next one. */
      m->faults &= ONLY_DETECTED;
      m->faults |= rx[2] & 1 ? rx[7] : 0;
      if (m->faults == 0 && code > LOWEST && code < HIGHEST)
        m->celsius = max31865_celsius ((float) code * reference_ohm / 32768.0f);
      if (m->faults != 0 || m->reads % EVERY == 0)
        {
          m->detecting = true;
          status = configure (m, (RUN & ~MAX31865_AUTO) | MAX31865_DETECT);
        }
    }

  *celsius = m->celsius;
  if (status != HAL_OK)
    return status;
  return m->faults == 0 && code > LOWEST && code < HIGHEST ? HAL_OK
                                                           : HAL_ERR_IO;
}
