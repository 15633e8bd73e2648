/* SPDX-License-Identifier: Apache-2.0
 *
 * board.h - one node's board on the host: struct hal of this port
 *
 * A board has its own clock, which the fleet moves in small steps up to the
 * host's: so a FIFO of a few milliseconds does not overflow because the host
 * was busy, while sample clocks and stamps stay those of real time.
 */
#ifndef BOARD_H
#define BOARD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "hal.h"
#include "image.h"
#include "nor-flash.h"
#include "sim.h"

enum
{
  BOARD_ADDRESSES_MAX = 8,
};

typedef struct
{
  struct sockaddr_storage address;
  socklen_t               length;
} board_address;

/* All a broker's name stands for: an attempt takes one after the other. */
typedef struct
{
  board_address      addresses[BOARD_ADDRESSES_MAX];
  unsigned           n_addresses;
  char              *name; /* as it was given: what its certificate must say */
  struct ssl_ctx_st *tls;  /* NULL: not encrypted */
} board_broker;

struct hal
{
  char           name[65];
  uint64_t       time_us;  /* of this boot */
  int64_t        utc_at_0; /* UTC at time 0 of this boot, microseconds */
  bool           has_rtc;
  uint64_t       sim_at_0; /* machine's time at time 0 of this boot */
  sim           *sim;
  nor_flash      flash; /* data flash, at the start of the file */
  nor_flash      code;  /* code flash, behind it */
  int            flash_fd;
  uint32_t       hole_from, hole_to; /* of the file, known not to be written */
  const char    *boot_reason;
  bool           reset; /* asked for */
  bool           led;
  uint64_t       kicked_us; /* newest hal_watchdog_kick; 0: not started */
  bool           verbose;
  const uint8_t *build; /* 32 bytes: hash of the program */
  image_traits   image; /* which program the boot chose */

  const board_broker *broker;
  unsigned            address; /* the one that is tried first */
  unsigned            tried;   /* addresses of this attempt */
  bool                cut;     /* the link is broken on purpose */
  int                 fd;      /* -1: none */
  unsigned            sockets; /* opened so far */
  bool                polled;  /* somebody says when there is more to read: */
  bool                readable;
  struct ssl_st      *ssl;    /* NULL: not encrypted, or not that far */
  const char         *reason; /* hal_net_reason */
  hal_net_state       net;
};

/* The machine's time, by which its sensors go on, at the board's now. */
uint64_t board_machine_us (const hal *h);

/* Open the flash file, made if it is not there, with @size bytes of data flash
 * or what it has already; -1 and errno on failure. */
int board_open_flash (hal *h, const char *path, uint32_t size);

void board_close (hal *h);

/* SHA-256 of the running program. */
void board_hash_program (uint8_t hash[32]);

/* The stream goes on when the socket can be written to. */
bool board_net_waits (const hal *h);

/* Cut or mend the link: a cut connection ends without a farewell. */
void board_cut_link (hal *h, bool cut);

#endif
