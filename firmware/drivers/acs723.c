/* SPDX-License-Identifier: Apache-2.0
 *
 * acs723.c - Allegro ACS723, the Hall-effect current sensor, behind the ADC
 */
#include "acs723.h"

#include <math.h>

enum
{
  WINDOW = HAL_ADC_RATE_HZ / 10, /* 5 cycles at 50 Hz, 6 at 60 Hz */
  HALF = 1 << (HAL_ADC_BITS - 1),
  OFF = HALF / 4, /* a sensor's zero is within 1 % */
};

void
acs723_init (acs723  *s,
             hal     *board,
             unsigned channel,
             double   volt_per_a,
             double   supply_v,
             double   ratio)
{
  s->board = board;
  s->channel = channel;
  s->ampere_per_lsb =
      (float) (supply_v / (1 << HAL_ADC_BITS) / volt_per_a * ratio);
}

hal_status
acs723_read_rms (acs723 *s, float *ampere)
{
  uint16_t   codes[WINDOW];
  uint32_t   sum = 0, square = 0; /* below 200 × 4095² < 2³² */
  uint64_t   spread;
  hal_status status = hal_adc_read (s->board, s->channel, codes, WINDOW);

  if (status != HAL_OK)
    return status;

  for (unsigned i = 0; i < WINDOW; i++)
    {
      sum += codes[i];
      square += (uint32_t) codes[i] * codes[i];
    }

  /* Zero lies at half of the supply, whatever that is. */
  if (sum < WINDOW * (HALF - OFF) || sum > WINDOW * (HALF + OFF))
    return HAL_ERR_IO;

  /* About the mean of whole line cycles: the zero's offset is out. */
  spread = (uint64_t) WINDOW * square - (uint64_t) sum * sum;
  *ampere = sqrtf ((float) spread) / WINDOW * s->ampere_per_lsb;
  return HAL_OK;
}
