/* SPDX-License-Identifier: Apache-2.0
 *
 * lines.c - the interrupt lines of the simulated sensors
 *
 * Nothing pulls them, so a timer looks every 2 ms, while a line is attached,
 * and calls from its interrupt. Not while the simulation is at work below: the
 * next look comes soon enough for a FIFO of 8 ms. On the stepped clock there
 * is no time between two steps, and no lines.
 */
#include "board.h"
#include "mps2.h"

enum
{
  LINES = 3,
  LOOK_US = 2000,
  TIMER_ON =
      1 << 7 | 1 << 6 | 1 << 5 | 1 << 1, /* periodic, interrupt, 32 bit */
};

typedef struct
{
  unsigned               device;
  volatile hal_line_func serve; /* NULL: free */
  void                  *context;
} line;

static struct
{
  hal *board;
  line lines[LINES];
} attached;

void
dual_timer_interrupt (void)
{
  hal *h = attached.board;

  MPS2_DUAL_TIMER->clear = 1;
  if (h->in_sim)
    return;
  for (unsigned i = 0; i < LINES; i++)
    {
      const line *l = &attached.lines[i];

      if (l->serve != NULL && sim_line (h->sim, hal_time_us (h), l->device))
        l->serve (l->context);
    }
}

static line *
find (unsigned device)
{
  line *free = NULL;

  for (unsigned i = 0; i < LINES; i++)
    if (attached.lines[i].serve == NULL)
      free = &attached.lines[i];
    else if (attached.lines[i].device == device)
      return &attached.lines[i];
  return free;
}

static void
look_or_not (void)
{
  bool any = false;

  for (unsigned i = 0; i < LINES; i++)
    any = any || attached.lines[i].serve != NULL;
  MPS2_DUAL_TIMER->load = LOOK_US * MPS2_TICKS_US;
  MPS2_DUAL_TIMER->control = any ? TIMER_ON : 0;
  NVIC_ISER = 1u << MPS2_IRQ_DUAL_TIMER;
}

hal_status
hal_line_attach (hal *h, unsigned device, hal_line_func serve, void *context)
{
  line *l = find (device);

  if (h->stepped || h->sim == NULL || l == NULL)
    return HAL_ERR_ARGUMENT;

  mps2_interrupts_off ();
  attached.board = h;
  l->device = device;
  l->context = context;
  l->serve = serve;
  look_or_not ();
  mps2_interrupts_on ();
  return HAL_OK;
}
