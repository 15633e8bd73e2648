/* SPDX-License-Identifier: Apache-2.0
 *
 * clock.h - the board's time, and sleep until a time comes
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* Begin at 0. */
void clock_start (void);

/* Ticks of 1/25 us since clock_start. */
uint64_t clock_ticks (void);

uint64_t clock_us (void);

/* Sleep until @us of clock_us; an interrupt ends it early, and so does a
 * clock_wake() since the last sleep. */
void clock_sleep_until (uint64_t us);

/* For interrupt handlers: there is work. */
void clock_wake (void);

#endif
