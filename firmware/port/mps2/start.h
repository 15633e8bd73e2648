/* SPDX-License-Identifier: Apache-2.0
 *
 * start.h - from reset to main, and what happens on a fault
 *
 * Shared by the bootloader's image and the node's. The handlers of interrupts
 * are weak: an image defines those it uses.
 */
#ifndef START_H
#define START_H

#include <stdint.h>

typedef enum
{
  START_POWER,
  START_RESET,    /* asked for from outside, or by the program before */
  START_COMMAND,  /* the node asked for it */
  START_WATCHDOG, /* the program before had hung */
  START_FAULT,    /* it had touched what is not its own */
} start_reason;

/* What the last program left behind, then cleared; kept over a reset. */
typedef struct
{
  start_reason reason;
  uint32_t     fault_pc, fault_address, fault_status; /* of START_FAULT */
} start_record;

start_record start_take_record (void);

/* Restart the board; @reason is what start_take_record then tells. */
_Noreturn void start_reset (start_reason reason);

/* Leave this program for the one whose vectors are at @image. */
_Noreturn void start_run (uintptr_t image);

/* Done before main: map the code read only, its first bytes and the last of
 * the stack as nobody's, memory that holds no code as never to be executed. */
void start_guard_memory (void);

/* The deepest the stack has been since start, and what there is, bytes. */
uint32_t start_stack_used (void);
uint32_t start_stack_size (void);

/* Called with a record of a fault, before the reset. Weak: does nothing. */
void start_fault_hook (const start_record *record);

/* Called for the watchdog, before the reset. Weak: does nothing. */
void start_watchdog_hook (void);

/* Interrupt handlers that an image may define. */
void timer0_interrupt (void);
void timer1_interrupt (void);
void dual_timer_interrupt (void);
void ethernet_interrupt (void);

#endif
