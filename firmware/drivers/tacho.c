/* SPDX-License-Identifier: Apache-2.0
 *
 * tacho.c - shaft speed from a key-phasor
 */
#include "tacho.h"

#include <string.h>

enum
{
  STANDS_US = 2000000,
  PERIODS = HAL_TACHO_EDGES - 1,
};

void
tacho_init (tacho *t, hal *board)
{
  memset (t, 0, sizeof *t);
  t->board = board;
}

/* The middle one of the periods between the edges: single wrong pulses do not
 * reach it. */
static uint32_t
middle_period (const hal_tacho *h)
{
  uint32_t sorted[PERIODS] = { 0 }, n = 0;

  for (uint32_t i = 1; i < h->n; i++)
    {
      uint32_t period = (uint32_t) (h->edge_us[i] - h->edge_us[i - 1]), k = n++;

      for (; k > 0 && sorted[k - 1] > period; k--)
        sorted[k] = sorted[k - 1];
      sorted[k] = period;
    }
  return sorted[n / 2];
}

/* The newest edge that lies a whole period, or two, behind another and is not
 * the echo of one; 0: there is none. */
static uint32_t
good_edge (const hal_tacho *h, float period)
{
  for (uint32_t i = h->n - 1; i > 0; i--)
    {
      float gap = (float) (h->edge_us[i] - h->edge_us[i - 1]) / period;

      if ((gap > 0.85f && gap < 1.15f) || (gap > 1.85f && gap < 2.15f))
        return i;
    }
  return 0;
}

static void
judge (tacho *t, uint32_t counted, uint32_t turned)
{
  uint32_t wrong = counted > turned ? counted - turned : turned - counted;

  if (counted < turned)
    t->missing += wrong;
  else
    t->doubled += wrong;
  t->doubtful = wrong * 20 > turned;
}

tacho_state
tacho_read (tacho *t, float *rpm)
{
  uint64_t  now = hal_time_us (t->board);
  hal_tacho h;
  float     period, apart;
  uint32_t  at, pulses, turned;
  bool      known = t->known;

  if (hal_tacho_read (t->board, &h) != HAL_OK)
    return TACHO_NONE;

  if (h.n == 0 ? now > STANDS_US : h.edge_us[h.n - 1] + STANDS_US < now)
    {
      t->known = t->doubtful = false;
      *rpm = 0;
      return TACHO_STANDS;
    }
  if (h.n < 4)
    return TACHO_UNSURE;

  period = (float) middle_period (&h);
  at = good_edge (&h, period);
  if (at == 0 || period <= 0)
    return TACHO_UNSURE;

  pulses = h.pulses - (h.n - 1 - at);
  apart = (float) (h.edge_us[at] - t->edge_us);
  turned = (uint32_t) (apart / period + 0.5f);
  if (known && turned > 0 && h.edge_us[at] > t->edge_us)
    {
      judge (t, pulses - t->pulses, turned);
      period = apart / (float) turned;
    }
  t->known = true;
  t->edge_us = h.edge_us[at];
  t->pulses = pulses;
  t->period_us = period;
  *rpm = 60e6f / period;
  return TACHO_TURNS;
}
