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

/* The middle one of the periods between @n edges: single wrong pulses do not
 * reach it. */
static uint32_t
middle_period (const uint64_t *edge_us, uint32_t n)
{
  uint32_t sorted[PERIODS] = { 0 }, count = 0;

  for (uint32_t i = 1; i < n; i++)
    {
      uint32_t period = (uint32_t) (edge_us[i] - edge_us[i - 1]), k = count++;

      for (; k > 0 && sorted[k - 1] > period; k--)
        sorted[k] = sorted[k - 1];
      sorted[k] = period;
    }
  return sorted[count / 2];
}

/* Take out the edges that follow another within half of the middle period;
 * returns how many are left. */
static uint32_t
without_echoes (uint64_t *edge_us, uint32_t n)
{
  uint32_t half = middle_period (edge_us, n) / 2, left = 1;

  for (uint32_t i = 1; i < n; i++)
    if (edge_us[i] - edge_us[left - 1] >= half)
      edge_us[left++] = edge_us[i];
  return left;
}

/* The newest edge that lies a whole period, or two, behind another; 0: there
 * is none. */
static uint32_t
good_edge (const uint64_t *edge_us, uint32_t n, float period)
{
  for (uint32_t i = n - 1; i > 0; i--)
    {
      float gap = (float) (edge_us[i] - edge_us[i - 1]) / period;

      if ((gap > 0.85f && gap < 1.15f) || (gap > 1.85f && gap < 2.15f))
        return i;
    }
  return 0;
}

/* How many edges came after @edge_us. */
static uint32_t
later (const hal_tacho *h, uint64_t edge_us)
{
  uint32_t n = 0;

  while (n < h->n && h->edge_us[h->n - 1 - n] > edge_us)
    n++;
  return n;
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
  uint64_t  edge_us[HAL_TACHO_EDGES];
  float     period, apart;
  uint32_t  at, n, pulses, turned;
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

  memcpy (edge_us, h.edge_us, sizeof edge_us);
  n = without_echoes (edge_us, h.n);
  if (n < 3)
    return TACHO_UNSURE;
  period = (float) middle_period (edge_us, n);
  at = good_edge (edge_us, n, period);
  if (at == 0)
    return TACHO_UNSURE;

  pulses = h.pulses - later (&h, edge_us[at]);
  apart = (float) (edge_us[at] - t->edge_us);
  turned = (uint32_t) (apart / period + 0.5f);
  if (known && turned > 0 && edge_us[at] > t->edge_us)
    {
      judge (t, pulses - t->pulses, turned);
      period = apart / (float) turned;
    }
  t->known = true;
  t->edge_us = edge_us[at];
  t->pulses = pulses;
  t->period_us = period;
  *rpm = 60e6f / period;
  return TACHO_TURNS;
}
