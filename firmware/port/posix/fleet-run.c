/* SPDX-License-Identifier: Apache-2.0
 *
 * fleet-run.c - the clocks and sockets of many nodes in one loop
 *
 * A node is looked at when it is due or its socket has something; nodes that
 * rest cost nothing. Its clock then goes up to the host's, deadline by
 * deadline. Looks fall on a grid, so that nodes which drain a FIFO every few
 * milliseconds do it several times a look.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "text-console.h"
#include "fleet-private.h"
#include "injection.h"

enum
{
  GRID_US = 20000,
  LEAP_US = 10000000, /* the host slept: what lies between is not made up */
  HOUSEKEEPING_US = 60000000,
  POWER_BACK_US = 1000000,
  LOSS_CYCLE_S = 20, /* of a link that loses packets */
  EVENTS = 64,       /* taken at a time */
};

/* The link of a node whose plan or whose fault says so breaks, and mends, by
 * itself. */
static void
plan_link (fleet_member *m)
{
  const plant_node *p = m->plan;
  double            t = (double) board_machine_us (&m->board) / 1e6;
  double            loss = m->sim.machine.level[FAULT_PACKET_LOSS];
  bool              away = p->offline_after_s > 0 && t >= p->offline_after_s &&
              t < p->offline_after_s + p->offline_for_s;

  board_cut_link (&m->board,
                  away || fmod (t, LOSS_CYCLE_S) / LOSS_CYCLE_S < loss);
}

/* Faults whose time has come; the machine's time of the next. */
static double
begin_faults (const fleet *f, fleet_member *m)
{
  uint64_t now = board_machine_us (&m->board);

  for (; m->next_fault < f->faults->len; m->next_fault++)
    {
      const injection *i = f->faults->pdata[m->next_fault];

      if ((double) now < i->at_s * 1e6)
        return i->at_s * 1e6;
      if (i->node == NULL || strcmp (i->node, m->plan->config.node) == 0)
        sim_fault_set (&m->sim, now, i->fault, i->severity);
    }
  return INFINITY;
}

static void
start (fleet_member *m, const char *reason)
{
  g_autoptr (GError) error = NULL;

  if (!fleet_start_node (m, reason, &error))
    g_printerr ("%s\n", error->message);
}

/* A hung program runs no further; the watchdog starts the board anew. */
static bool
hung (fleet_member *m, uint64_t target)
{
  const image_traits *image = &m->board.image;

  if (!image->hangs || m->board.time_us < image->hangs_us)
    return false;
  hal_net_close (&m->board);
  m->board.time_us = target;
  if (target >= image->hangs_us + IMAGE_WATCHDOG_US)
    start (m, "watchdog");
  return true;
}

/* Without power nothing happens until it is back. */
static bool
dark (fleet_member *m, uint64_t now)
{
  nor_flash *data = &m->board.flash, *code = &m->board.code;

  if (m->power_us == 0)
    {
      if (!data->dead && !code->dead)
        return false;
      g_printerr ("%s: the power is cut, after %" G_GUINT64_FORMAT
                  " flash steps\n",
                  m->board.name, data->steps + code->steps);
      hal_net_close (&m->board);
      m->power_us = now + POWER_BACK_US;
    }

  if (now < m->power_us)
    return true;
  m->power_us = 0;
  data->dead = code->dead = false;
  data->cut_at = code->cut_at = 0;
  start (m, "power");
  return false;
}

static void
housekeeping (fleet_member *m, uint64_t now)
{
  if (now < m->keep_due_us)
    return;
  fleet_save_age (m);
  m->keep_due_us = now + HOUSEKEEPING_US;
}

/* Bring one node's clock to the host's; returns when to look again. */
static uint64_t
catch_up (const fleet *f, fleet_member *m, uint64_t now, bool urgent)
{
  uint64_t target;
  double   fault_us, due_us;

  if (dark (m, now))
    return m->power_us;

  target = (uint64_t) ((double) (now - m->started_us) * f->time_scale);
  if ((double) target > (double) m->board.time_us + LEAP_US * f->time_scale)
    m->board.time_us = target - GRID_US;

  fault_us = begin_faults (f, m) - (double) m->board.sim_at_0;
  plan_link (m);
  if (hung (m, target))
    return now + GRID_US;

  while (m->due_us <= target && !m->board.flash.dead)
    {
      if (m->due_us > m->board.time_us)
        m->board.time_us = m->due_us;
      m->due_us = node_step (&m->node);
      urgent = false;
    }
  if (target > m->board.time_us)
    m->board.time_us = target;
  if (urgent)
    m->due_us = node_step (&m->node);

  if (m->board.reset)
    start (m, "command");
  housekeeping (m, now);
  due_us = fmin ((double) m->due_us, fault_us);
  return m->started_us + (uint64_t) (due_us / f->time_scale);
}

/* Listen to the socket the board has now. */
static void
watch (int poller, fleet_member *m)
{
  uint32_t           events = EPOLLIN;
  struct epoll_event event = { .data.ptr = m };

  if (m->board.fd < 0)
    return;
  if (board_net_waits (&m->board))
    events |= EPOLLOUT;
  if (m->watched == m->board.sockets && m->events == events)
    return;

  event.events = events;
  epoll_ctl (poller,
             m->watched == m->board.sockets ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
             m->board.fd, &event);
  m->watched = m->board.sockets;
  m->events = events;
}

static void
look (const fleet *f, agenda *a, int poller, fleet_member *m, bool urgent)
{
  uint64_t now = fleet_host_us ();
  uint64_t due = catch_up (f, m, now, urgent);

  /* A closed socket has left the poller by itself. */
  watch (poller, m);
  due = due > now ? due : now + 1;
  agenda_move (a, &m->wake, (due + GRID_US - 1) / GRID_US * GRID_US);
}

/* What was typed, line by line, until there is no more just now. */
static void
take_input (fleet *f)
{
  g_autoptr (GString) out = g_string_new (NULL);
  GIOStatus status;

  do
    {
      g_autofree char *line = NULL;

      status = g_io_channel_read_line (f->input, &line, NULL, NULL, NULL);
      if (status == G_IO_STATUS_NORMAL)
        console_line (f, line, out);
    }
  while (status == G_IO_STATUS_NORMAL);
  fputs (out->str, stdout);
  fflush (stdout);
  if (status != G_IO_STATUS_AGAIN)
    g_clear_pointer (&f->input, g_io_channel_unref);
}

/* A file cannot be waited for: it is read at once. */
static void
open_input (fleet *f, int poller)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };

  if (f->input != NULL &&
      epoll_ctl (poller, EPOLL_CTL_ADD, STDIN_FILENO, &event) != 0)
    take_input (f);
}

static void
take_events (fleet             *f,
             agenda            *a,
             int                poller,
             struct epoll_event events[],
             int                count)
{
  for (int i = 0; i < count; i++)
    if (events[i].data.ptr != NULL)
      {
        fleet_member *m = events[i].data.ptr;

        m->board.readable = true;
        look (f, a, poller, m, true);
      }
    else if (f->input != NULL)
      take_input (f);
    else
      epoll_ctl (poller, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
}

void
fleet_run (fleet *f, const volatile int *stop)
{
  agenda a;
  int    poller = epoll_create1 (EPOLL_CLOEXEC);

  agenda_init (&a, f->members->len);
  for (guint i = 0; i < f->members->len; i++)
    {
      fleet_member *m = f->members->pdata[i];

      m->wake.due_us = m->started_us;
      /* Not all of them in one moment. */
      m->keep_due_us = m->started_us + HOUSEKEEPING_US +
                       (uint64_t) HOUSEKEEPING_US * i / f->members->len;
      agenda_add (&a, &m->wake);
    }

  open_input (f, poller);
  while (!*stop)
    {
      struct epoll_event events[EVENTS];
      uint64_t           now = fleet_host_us ();
      uint64_t           due = agenda_first (&a)->due_us;
      int wait = due > now ? (int) ((due - now + 999) / 1000) : 0;
      int ready = epoll_wait (poller, events, EVENTS, wait);

      take_events (f, &a, poller, events, ready);
      now = fleet_host_us ();
      while (agenda_first (&a)->due_us <= now && !*stop)
        look (f, &a, poller, (fleet_member *) agenda_first (&a), false);
    }

  for (guint i = 0; i < f->members->len; i++)
    {
      fleet_member *m = f->members->pdata[i];

      if (!m->board.flash.dead && m->power_us == 0)
        node_stop (&m->node);
    }
  agenda_clear (&a);
  close (poller);
}
