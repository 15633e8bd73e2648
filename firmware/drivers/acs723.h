/* SPDX-License-Identifier: Apache-2.0
 *
 * acs723.h - Allegro ACS723, the Hall-effect current sensor, behind the ADC
 */
#ifndef ACS723_H
#define ACS723_H

#include "hal.h"

typedef struct
{
  hal     *board;
  unsigned channel;
  float    ampere_per_lsb; /* of the primary current, transformer included */
} acs723;

void acs723_init (acs723  *s,
                  hal     *board,
                  unsigned channel,
                  double   volt_per_a,
                  double   supply_v,
                  double   ratio);

/* r.m.s. of the alternating current over 0.1 s, whole line cycles of 50 and of
 * 60 Hz, A. HAL_ERR_IO: its zero is nowhere near half of the supply. */
hal_status acs723_read_rms (acs723 *s, float *ampere);

#endif
