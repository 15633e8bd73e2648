/* SPDX-License-Identifier: Apache-2.0
 *
 * acs723.c - Allegro ACS723, the Hall-effect current sensor, behind the ADC
 */
#include "acs723.h"

#include <math.h>

enum
{
  WINDOW = HAL_ADC_RATE_HZ / 50 * 5,
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
  s->ampere_per_lsb = supply_v / (1 << HAL_ADC_BITS) / volt_per_a * ratio;
}

hal_status
acs723_read_rms (acs723 *s, float *ampere)
{
  uint16_t   codes[WINDOW];
  double     sum = 0, square = 0;
  hal_status status = hal_adc_read (s->board, s->channel, codes, WINDOW);

  if (status != HAL_OK)
    return status;

  for (unsigned i = 0; i < WINDOW; i++)
    {
      double code = codes[i];

      sum += code;
      square += code * code;
    }

  /* About the mean: that takes the sensor's zero at half supply out. */
  square = square / WINDOW - sum / WINDOW * (sum / WINDOW);
  *ampere = (float) (sqrt (square > 0 ? square : 0) * s->ampere_per_lsb);
  return HAL_OK;
}
