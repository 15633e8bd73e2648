/* SPDX-License-Identifier: Apache-2.0
 *
 * sim.h - the sensors of one machine, as a node's board sees them
 *
 * Register-level models of the ADXL355, MAX31865, ACS723 and of the 16-bit
 * converter that plays recordings. Samples are made when they are read out.
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adxl355.h"
#include "daq16.h"
#include "hal.h"
#include "machine.h"

enum
{
  SIM_ADXL355_REGISTERS = 0x30,
};

typedef struct
{
  uint8_t  registers[SIM_ADXL355_REGISTERS];
  uint8_t  fifo[ADXL355_FIFO_SIZE][3];
  uint32_t head, level; /* entries */
  bool     overrun;
  double   rate_hz; /* of its own oscillator, a little off */
  double   next_us; /* time of the next sample */
  double   offset_g[3];
  double   filter[3][4]; /* low-pass state an axis */
  int32_t  last[3];
} sim_adxl355;

typedef struct
{
  bool           running;
  const int16_t *samples; /* the recording, of the caller */
  size_t         n;
  size_t         at; /* next to play */
  double         rate_hz;
  double         next_us;
  uint16_t       fifo[DAQ16_FIFO_SIZE];
  uint32_t       head, level;
  bool           overrun;
} sim_daq16;

typedef struct
{
  bool    fitted;
  uint8_t config;
} sim_max31865;

typedef struct
{
  double supply_v;
  double volt_per_a;
  double offset_v;
  double ratio; /* of the current transformer */
} sim_acs723;

typedef struct
{
  machine      machine;
  machine_rng  rng; /* of the sensors' own noise */
  bool         has_adxl355, has_daq16;
  sim_adxl355  adxl355;
  sim_daq16    daq16;
  sim_max31865 rtds[4];
  sim_acs723   acs723;
  bool         has_tacho;
} sim;

/* @params of the machine; the sensors' tolerances come from its seed. Fit the
 * parts afterwards. */
void sim_init (sim *s, const machine_params *params);

void sim_fit_adxl355 (sim *s);

/* @samples stays the caller's and outlives @s; it is played round and round. */
void sim_fit_recording (sim           *s,
                        const int16_t *samples,
                        size_t         n,
                        double         rate_hz);

/* @index counts from HAL_SPI_RTD_0. */
void sim_fit_rtd (sim *s, unsigned index);

void sim_fit_current (sim *s, double volt_per_a, double supply_v, double ratio);

/* The board's calls, @now_us on the machine's time. */
hal_status sim_spi (sim           *s,
                    uint64_t       now_us,
                    unsigned       device,
                    const uint8_t *tx,
                    uint8_t       *rx,
                    size_t         n);
hal_status sim_adc (sim      *s,
                    uint64_t  now_us,
                    unsigned  channel,
                    uint16_t *codes,
                    size_t    n);
/* The machine's stop circuit: open, it loses its drive and coasts down. */
void sim_relay (sim *s, uint64_t now_us, bool closed);

hal_status sim_tacho (sim *s, uint64_t now_us, hal_tacho *out);

#endif
