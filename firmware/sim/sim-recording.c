/* SPDX-License-Identifier: Apache-2.0
 *
 * sim-recording.c - model of the converter that plays a recording
 */
#include "sim-private.h"

#include <string.h>

void
sim_fit_recording (sim           *s,
                   sim_daq16     *part,
                   const int16_t *samples,
                   size_t         n,
                   double         rate_hz)
{
  memset (part, 0, sizeof *part);
  part->samples = samples;
  part->n = n;
  part->rate_hz = rate_hz;
  s->daq16 = part;
}

static void
daq16_fill (sim_daq16 *d, uint64_t now_us)
{
  double step_us = 1e6 / d->rate_hz;

  if (!d->running)
    return;

  while (d->next_us <= (double) now_us)
    {
      if (d->level == DAQ16_FIFO_SIZE)
        {
          d->overrun = true;
          d->head = (d->head + 1) % DAQ16_FIFO_SIZE;
          d->level--;
        }
      d->fifo[(d->head + d->level++) % DAQ16_FIFO_SIZE] =
          (uint16_t) d->samples[d->at];
      d->at = (d->at + 1) % d->n;
      d->next_us += step_us;
    }
}

static uint8_t
daq16_read (sim_daq16 *d, unsigned reg)
{
  uint8_t value = 0;

  switch (reg)
    {
    case DAQ16_ID:
      return DAQ16_ID_VALUE;
    case DAQ16_CONTROL:
      return d->running;
    case DAQ16_STATUS:
      value = d->overrun;
      d->overrun = false;
      return value;
    case DAQ16_LEVEL:
      return (uint8_t) (d->level >> 8);
    case DAQ16_LEVEL + 1:
      return (uint8_t) d->level;
    default:
      return 0;
    }
}

hal_status
sim_daq16_transfer (sim           *s,
                    uint64_t       now_us,
                    const uint8_t *tx,
                    uint8_t       *rx,
                    size_t         n)
{
  sim_daq16 *d = s->daq16;
  unsigned   reg = tx[0] & 0x7f;

  daq16_fill (d, now_us);
  memset (rx, 0, n);
  if (!(tx[0] & 0x80))
    {
      if (reg == DAQ16_CONTROL && n > 1)
        {
          if (!d->running && (tx[1] & 1))
            d->next_us = (double) now_us;
          d->running = tx[1] & 1;
        }
      return HAL_OK;
    }

  for (size_t i = 1; i < n; i++)
    {
      if (reg < DAQ16_DATA)
        rx[i] = daq16_read (d, reg++);
      else if (d->level > 0)
        {
          uint16_t sample = d->fifo[d->head];
          bool     low = i % 2 == 0; /* a burst begins at DAQ16_DATA */

          rx[i] = low ? (uint8_t) sample : (uint8_t) (sample >> 8);
          if (low)
            {
              d->head = (d->head + 1) % DAQ16_FIFO_SIZE;
              d->level--;
            }
        }
    }
  return HAL_OK;
}
