/* SPDX-License-Identifier: Apache-2.0
 *
 * board.h - struct hal of the Cortex-M4F board that QEMU emulates
 *
 * The sensors are the simulated machine's, linked in, so that a run repeats.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "factory.h"
#include "hal.h"
#include "nor-flash.h"
#include "sim.h"
#include "start.h"

enum
{
  BOARD_EXIT_FAULT = 70, /* of the emulator, with fault=exit */
  BOARD_EXIT_UNFIT = 78, /* nothing to run: the log says why */
};

/* The file behind the PSRAM: code flash, then data flash. Their cells are
 * complemented, so that a file of zeros is erased flash. */
enum
{
  BOARD_PSRAM_CODE = 0,
  BOARD_PSRAM_DATA = 1024 * 1024,
};

struct hal
{
  bool     stepped; /* time moves only by board_step_to */
  uint64_t step_us;
  int64_t  utc_at_0; /* UTC at time 0 of this boot, microseconds */
  bool     has_rtc;

  sim          *sim;       /* NULL: no machine is under the sensors */
  uint64_t      sim_ticks; /* of the clock, spent in it */
  volatile bool in_sim;    /* it is at work: no interrupt may call it */
  nor_flash     flash;     /* data flash */
  nor_flash     code;

  start_record boot;
  bool         reset; /* asked for */
  bool         led;

  bool     has_net;
  uint8_t  broker[4];
  uint16_t broker_port;

  const char *tls_name; /* of the broker; NULL: it is spoken to in clear */
  const void *tls_ca;   /* its authority, X.509 in DER */
  size_t      tls_ca_n;
  bool        told_utc; /* without a clock of its own: utc_at_0 is told */
};

/* What a test asks for on the emulator's command line, over the page. */
typedef struct
{
  bool     stepped;    /* clock=stepped */
  bool     no_net;     /* net=none */
  bool     no_rtc;     /* rtc=none */
  bool     warp;       /* clock=warp: the emulator skips what is slept */
  bool     quit;       /* fault=exit: end the emulator instead of a reset */
  uint64_t stop_us;    /* stop=SECONDS of node time, 0: run on */
  bool     broker_set; /* broker=A.B.C.D:PORT */
  uint8_t  broker[4];
  uint16_t broker_port;
} board_wishes;

/* NULL, or the word of the command line that was not understood. */
const char *board_read_wishes (board_wishes *w);

/* Flash, clock, then the factory page into @f. NULL, or why the board cannot
 * be a node. */
const char *board_start (hal *h, factory *f, const board_wishes *w);

/* Move the stepped clock to @us. */
void board_step_to (hal *h, uint64_t us);

/* "name: value" on the log. */
void board_report (const char *name, uint64_t value);

/* UART 0: a whole text, waiting until it is out. */
void board_print (const char *text);
void board_print_number (uint64_t value);
void board_print_hex (uint32_t value);

#endif
