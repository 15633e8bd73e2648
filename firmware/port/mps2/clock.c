/* SPDX-License-Identifier: Apache-2.0
 *
 * clock.c - timer 0 counts and wraps every 172 s; timer 1 ends a sleep
 */
#include "clock.h"

#include <stdbool.h>

#include "mps2.h"
#include "start.h"

enum
{
  TIMER_ON = 1,
  TIMER_INTERRUPT = 8,
};

static volatile uint32_t wraps;
static volatile bool     woken;

void
timer0_interrupt (void)
{
  MPS2_TIMER0->interrupt = 1;
  wraps++;
}

void
timer1_interrupt (void)
{
  MPS2_TIMER1->control = 0;
  MPS2_TIMER1->interrupt = 1;
}

void
clock_start (void)
{
  MPS2_TIMER0->control = 0;
  MPS2_TIMER0->interrupt = 1;
  MPS2_TIMER0->reload = UINT32_MAX;
  MPS2_TIMER0->value = UINT32_MAX;
  MPS2_TIMER1->control = 0;
  MPS2_TIMER1->interrupt = 1;
  wraps = 0;
  NVIC_ISER = 1u << MPS2_IRQ_TIMER0 | 1u << MPS2_IRQ_TIMER1;
  MPS2_TIMER0->control = TIMER_ON | TIMER_INTERRUPT;
}

/* A wrap whose interrupt is still waiting is seen by its pending bit, unless
 * the value was read before it. Called with interrupts on or off. */
uint64_t
clock_ticks (void)
{
  uint32_t before, value, pending;

  do
    {
      before = wraps;
      value = MPS2_TIMER0->value;
      pending = MPS2_TIMER0->interrupt & 1;
    }
  while (before != wraps);

  if (pending && value > UINT32_MAX / 2)
    before++;
  return (uint64_t) before << 32 | (UINT32_MAX - value);
}

uint64_t
clock_us (void)
{
  return clock_ticks () / MPS2_TICKS_US;
}

void
clock_wake (void)
{
  woken = true;
}

void
clock_sleep_until (uint64_t us)
{
  uint64_t now, ticks;

  mps2_interrupts_off ();
  now = clock_us ();
  if (us > now && !woken)
    {
      ticks = (us - now) * MPS2_TICKS_US;
      if (ticks > UINT32_MAX)
        ticks = UINT32_MAX;
      MPS2_TIMER1->reload = (uint32_t) ticks;
      MPS2_TIMER1->value = (uint32_t) ticks;
      MPS2_TIMER1->control = TIMER_ON | TIMER_INTERRUPT;
      mps2_wait ();
      MPS2_TIMER1->control = 0;
    }
  woken = false;
  mps2_interrupts_on (); /* what is pending is handled now */
  mps2_barrier ();
}
