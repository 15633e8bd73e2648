/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - one node on the board: step, let the network work, sleep
 */
#include "board.h"
#include "clock.h"
#include "node.h"
#include "semihost.h"
#include "stream.h"

enum
{
  SECOND_US = 1000000,
  FAREWELL_US = 500000, /* what was sent before a restart may still go out */
};

/* What the node's own work costs, the simulation under it taken away. */
typedef struct
{
  uint64_t ticks;  /* of the running second */
  uint64_t second; /* when it began, us */
  uint64_t most;   /* of a whole second so far */
  uint64_t all;
} load;

static hal  board;
static node the_node;

static uint64_t
step (load *l)
{
  uint64_t now = hal_time_us (&board), began = clock_ticks ();
  uint64_t sim = board.sim_ticks, due, ticks;

  if (now - l->second >= SECOND_US)
    {
      l->most = l->ticks > l->most ? l->ticks : l->most;
      l->ticks = 0;
      l->second = now - now % SECOND_US;
    }

  due = node_step (&the_node);
  ticks = clock_ticks () - began - (board.sim_ticks - sim);
  l->ticks += ticks;
  l->all += ticks;
  return due;
}

static void
restart (void)
{
  uint64_t until = clock_us () + FAREWELL_US;

  while (board.has_net && !stream_drained () && clock_us () < until)
    {
      stream_poll ();
      clock_sleep_until (clock_us () + stream_idle_us ());
    }
  start_reset (START_COMMAND);
}

static void
tell (const load *l)
{
  board_report ("node time ms", hal_time_us (&board) / 1000);
  board_report ("records", the_node.ring.next_seq);
  board_report ("overruns", the_node.accels[0].overruns);
  board_report ("unacknowledged", the_node.mqtt.unacked);
  board_report ("load ticks all", l->all);
  board_report ("load ticks most in a second", l->most);
  board_report ("simulation ticks", board.sim_ticks);
  board_report ("stack size", start_stack_size ());
  board_report ("stack used", start_stack_used ());
}

/* The broker answers in the host's time: it must not be slept away. */
static bool
awaited (void)
{
  const node_mqtt *m = &the_node.mqtt;

  return !stream_drained () || m->unacked > 0 || m->ping_us != 0 ||
         m->state == NODE_MQTT_REACHING || m->state == NODE_MQTT_GREETING;
}

static void
rest (const board_wishes *w, uint64_t due)
{
  uint64_t idle = board.has_net ? clock_us () + stream_idle_us () : due;

  if (board.stepped)
    board_step_to (&board, due);
  else if (!(w->warp && awaited ()))
    clock_sleep_until (idle < due ? idle : due);
}

static void
run (const board_wishes *w)
{
  load l = { 0 };

  for (;;)
    {
      uint64_t due;

      if (board.has_net)
        stream_poll ();
      due = step (&l);
      if (board.reset)
        restart ();
      if (w->stop_us > 0 && hal_time_us (&board) >= w->stop_us)
        break;
      rest (w, due);
    }
  tell (&l);
}

static _Noreturn void
give_up (const char *what, const char *why)
{
  board_print ("error: ");
  board_print (what);
  board_print (why);
  board_print ("\n");
  semihost_exit (BOARD_EXIT_UNFIT);
}

/* The page is needed no longer than this: the node has its own copy. */
static __attribute__ ((noinline)) void
become_node (const board_wishes *w)
{
  factory     page;
  const char *why = board_start (&board, &page, w);

  if (why != NULL)
    give_up ("the factory page: ", why);
  page.node.firmware = NODE_FIRMWARE_VERSION;
  if (node_init (&the_node, &board, &page.node) != HAL_OK)
    give_up ("the data flash cannot be used", "");
}

int
main (void)
{
  board_wishes wishes;
  const char  *why = board_read_wishes (&wishes);

  if (why != NULL)
    give_up ("not a word this image knows: ", why);
  become_node (&wishes);
  hal_log (&board, HAL_LOG_INFO, "twin-node " NODE_FIRMWARE_VERSION);
  run (&wishes);
  semihost_exit (0);
}
