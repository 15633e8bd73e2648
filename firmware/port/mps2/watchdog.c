/* SPDX-License-Identifier: Apache-2.0
 *
 * watchdog.c - what restarts a program that hangs
 *
 * The first expiry interrupts past any mask (start.c then resets the board);
 * the second resets without asking.
 */
#include "hal.h"
#include "mps2.h"

enum
{
  WATCHDOG_NMI_AND_RESET = 3,
};

void
hal_watchdog_kick (hal *h)
{
  MPS2_WATCHDOG_LOCK = MPS2_WATCHDOG_KEY;
  if (MPS2_WATCHDOG->control != WATCHDOG_NMI_AND_RESET)
    {
      MPS2_WATCHDOG->load = HAL_WATCHDOG_S * MPS2_CLOCK_HZ;
      MPS2_WATCHDOG->control = WATCHDOG_NMI_AND_RESET;
    }
  MPS2_WATCHDOG->clear = 1;
  MPS2_WATCHDOG_LOCK = 0;
}
