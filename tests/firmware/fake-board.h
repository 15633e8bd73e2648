/* SPDX-License-Identifier: Apache-2.0
 *
 * fake-board.h - a board whose clock, power, broker and machine a test holds
 *
 * struct hal of the tests: flash in memory (nor-flash.h), the sensors of sim,
 * and a little broker that answers CONNECT, SUBSCRIBE and PINGREQ, acknowledges
 * and keeps what is published.
 */
#pragma once

#include <glib.h>

#include "hal.h"
#include "image.h"
#include "node.h"
#include "nor-flash.h"
#include "sim.h"

enum
{
  FAKE_FLASH_SIZE = 1024 * 1024,
};

typedef struct
{
  char   *topic;
  GBytes *payload;
  int     qos;
  bool    retain;
} FakeMessage;

struct hal
{
  uint64_t  time_us;
  uint64_t  tick_us; /* time goes on by this at each look */
  int64_t   utc_at_0;
  bool      has_rtc;
  uint64_t  sim_at_0;
  sim       sim;
  nor_flash flash;
  uint8_t  *cells;
  nor_flash code;
  uint8_t  *code_cells;
  uint32_t  random;
  bool      led;
  bool      reset;
  uint64_t  kicked_us;   /* newest hal_watchdog_kick */
  uint64_t  relay_at_us; /* when the relay was last moved */
  unsigned  logged[3];
  GString  *log; /* every line of hal_log */

  GRand *babble; /* what every part answers instead, or NULL */

  bool has_lines; /* FIFO watermarks interrupt, each millisecond at most */
  struct
  {
    hal_line_func serve;
    void         *context;
  } lines[HAL_SPI_COUNT];

  image_traits image; /* of the program that runs */

  bool        reachable; /* the broker can be connected to */
  bool        open;
  uint64_t    opening_us; /* a connection takes this long */
  uint64_t    opened_us;
  bool        mute;   /* it takes bytes but answers nothing */
  bool        stuck;  /* it takes no bytes */
  const char *reason; /* why the stream does not open, or NULL */
  GByteArray *to_node;
  GByteArray *from_node;
  GQueue     *published; /* of FakeMessage */
  GPtrArray  *subscribed;
  uint16_t    next_id;
};

/* A board with an ADXL355, three Pt100 and a current sensor on a healthy
 * machine; @seed also of its random numbers. */
hal *fake_board_new (uint32_t seed);
void fake_board_free (hal *h);

/* What a node on it is told; strings are static. */
node_config fake_board_config (void);

/* A node begun on @h; free with g_free. */
node *fake_board_start (hal *h);

/* The power went and came back: time 0, flash as it was. */
void fake_board_power_cycle (hal *h);

/* Let @seconds pass, deadline by deadline. */
void fake_board_run (hal *h, node *n, double seconds);

/* Let @seconds pass while the node does not get to run: a long computation. */
void fake_board_stall (hal *h, double seconds);

/* Deliver a publication to the node and let it act on it. */
void fake_board_deliver (hal           *h,
                         node          *n,
                         const char    *topic,
                         const uint8_t *data,
                         size_t         size);

/* The oldest publication not yet taken whose topic ends in @channel; free
 * with fake_message_free. NULL: none. */
FakeMessage *fake_board_take (hal *h, const char *channel);
unsigned     fake_board_count (hal *h, const char *channel);
void         fake_board_forget (hal *h);
void         fake_message_free (FakeMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeMessage, fake_message_free)
