/* SPDX-License-Identifier: Apache-2.0
 *
 * sim.h - the sensors of one machine, as a node's board sees them
 *
 * Register-level models of the ADXL355, IIS3DWB, MAX31865, ACS723, of a
 * key-phasor and of the 16-bit converter that plays recordings. Samples are
 * made when they are read out; the same seed and the same calls give the same
 * bits on every board.
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adxl355.h"
#include "daq16.h"
#include "hal.h"
#include "iis3dwb.h"
#include "machine.h"

enum
{
  SIM_ADXL355_REGISTERS = 0x30,
  SIM_RTDS = 4,
  SIM_MAX31865_REGISTERS = 8,
};

/* The sample clock of an accelerometer. */
typedef struct
{
  double      rate_hz; /* of its own oscillator, a little off */
  double      next_us; /* time of the next sample */
  machine_rng rng;     /* of its jitter */
} sim_clock;

typedef struct
{
  uint8_t      registers[SIM_ADXL355_REGISTERS];
  uint8_t      fifo[ADXL355_FIFO_SIZE][3];
  uint32_t     head, level; /* entries */
  bool         overrun;
  sim_clock    clock;
  machine_view view;
  float        offset_g[3];
  float        filter[3][4]; /* low-pass state an axis */
  int32_t      last[3];
} sim_adxl355;

typedef struct
{
  uint8_t      registers[IIS3DWB_REGISTERS];
  int16_t      fifo[IIS3DWB_FIFO_WORDS][3];
  uint32_t     head, level; /* words */
  uint8_t      counter;     /* of the tag */
  bool         overrun;
  sim_clock    clock;
  machine_view view;
  float        offset_g[3];
  float        filter[3][2][2]; /* anti-alias state: axis, section */
  int16_t      last[3];
} sim_iis3dwb;

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
  bool        fitted;
  uint8_t     registers[SIM_MAX31865_REGISTERS];
  uint64_t    converted_us; /* when the newest conversion was done */
  machine_rng rng;
} sim_max31865;

typedef struct
{
  double      supply_v;   /* what it and the converter live on */
  double      volt_per_a; /* at 5 V */
  double      offset_v;
  double      ratio; /* of the current transformer; 0: not fitted */
  machine_rng rng;
} sim_acs723;

typedef struct
{
  bool     fitted;
  uint64_t next_turn;
  uint32_t pulses;
  uint32_t n;
  uint64_t edge_us[HAL_TACHO_EDGES];
} sim_tacho_part;

typedef struct
{
  machine        machine;
  bool           has_adxl355;
  sim_adxl355    adxl355;
  sim_iis3dwb   *iis3dwb; /* of the caller, or NULL */
  sim_daq16     *daq16;   /* of the caller, or NULL */
  sim_max31865   rtds[SIM_RTDS];
  sim_acs723     acs723;
  sim_tacho_part tacho;
} sim;

/* @params of the machine; the sensors' tolerances and noise come from its seed
 * and name. Fit the parts but the key-phasor afterwards. */
void sim_init (sim *s, const machine_params *params);

void sim_fit_adxl355 (sim *s);

/* At HAL_SPI_ACCEL_2. @part is the caller's and outlives @s, as below. */
void sim_fit_iis3dwb (sim *s, sim_iis3dwb *part);

/* At HAL_SPI_ACCEL_0. @samples is played round and round. */
void sim_fit_recording (sim           *s,
                        sim_daq16     *part,
                        const int16_t *samples,
                        size_t         n,
                        double         rate_hz);

/* @index counts from HAL_SPI_RTD_0. */
void sim_fit_rtd (sim *s, unsigned index);

/* The part's @volt_per_a is that of 5 V. @supply_v need not be 5 V: sensor and
 * converter follow it alike. */
void sim_fit_current (sim *s, double volt_per_a, double supply_v, double ratio);

/* Set a fault's severity, 0 to 1, from now on; 0 ends it. */
void sim_fault_set (sim *s, uint64_t now_us, sim_fault fault, double severity);

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

/* Edges since @start_us, the boot, and counted from there. */
hal_status sim_tacho (sim       *s,
                      uint64_t   now_us,
                      uint64_t   start_us,
                      hal_tacho *out);

/* True while the FIFO of @device is at its watermark and drives its line. */
bool sim_line (sim *s, uint64_t now_us, unsigned device);

/* The relay in the machine's stop circuit: open, it coasts down. */
void sim_relay (sim *s, uint64_t now_us, bool closed);

#endif
