/* SPDX-License-Identifier: Apache-2.0
 *
 * sim-private.h - between the parts of the simulated board
 */
#ifndef SIM_PRIVATE_H
#define SIM_PRIVATE_H

#include "sim.h"

enum
{
  SIM_BATCH = 64,
};

/* An oscillator @part of nominal rate off by up to ±500 ppm. */
void sim_clock_init (sim_clock            *c,
                     const machine_params *p,
                     const char           *name,
                     double                nominal_hz);

/* Samples due until @now_us, at most SIM_BATCH; older ones than 100 ms are lost
 * without being made: *@lost. */
uint32_t sim_clock_due (sim_clock *c,
                        const sim *s,
                        uint64_t   now_us,
                        bool      *lost);

/* The whole number below @x, which is held between @low and @high first. */
static inline int32_t
sim_round_down (float x, int32_t low, int32_t high)
{
  int32_t whole;

  if (x >= (float) high)
    return high;
  if (x <= (float) low)
    return low;
  whole = (int32_t) x;
  return (float) whole > x ? whole - 1 : whole;
}

/* The analogue end of an accelerometer: its faults, then its offset. */
float sim_analogue (const sim *s, float g, float offset_g);

void       sim_adxl355_fill (sim *s, uint64_t now_us);
hal_status sim_adxl355_transfer (sim           *s,
                                 uint64_t       now_us,
                                 const uint8_t *tx,
                                 uint8_t       *rx,
                                 size_t         n);
void       sim_iis3dwb_fill (sim *s, uint64_t now_us);
hal_status sim_iis3dwb_transfer (sim           *s,
                                 uint64_t       now_us,
                                 const uint8_t *tx,
                                 uint8_t       *rx,
                                 size_t         n);
hal_status sim_daq16_transfer (sim           *s,
                               uint64_t       now_us,
                               const uint8_t *tx,
                               uint8_t       *rx,
                               size_t         n);
hal_status sim_rtd_transfer (sim           *s,
                             uint64_t       now_us,
                             unsigned       index,
                             const uint8_t *tx,
                             uint8_t       *rx,
                             size_t         n);

#endif
