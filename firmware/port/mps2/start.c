/* SPDX-License-Identifier: Apache-2.0
 *
 * start.c - from reset to main, and what happens on a fault
 */
#include "start.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "mps2.h"

enum
{
  RECORD_MAGIC = 0x54574e52,
  PAINT = 0xa5a5a5a5,
  /* MPU attributes: normal memory, write-back. */
  MPU_NORMAL = 1 << 17 | 1 << 16,
  MPU_NO_ACCESS = 0 << 24,
  MPU_READ_WRITE = 3 << 24,
  MPU_READ_ONLY = 6 << 24,
  MPU_NO_EXECUTE = 1 << 28,
  MPU_ON = 1,
  STACK_GUARD_BITS = 8, /* 256 bytes */
  FAULT_STACK_WORDS = 256,
};

/* Of the linker script. */
extern uint8_t  start_data_from[], start_data[], start_data_end[];
extern uint8_t  start_bss[], start_bss_end[];
extern uint8_t  start_sim_bss[], start_sim_bss_end[];
extern uint32_t start_stack[], start_stack_top[];
extern uint8_t  start_guard_bits[]; /* its address is the number */

int main (void);

_Noreturn void start_reset_handler (void);
void           start_fault_handler (void);
void           start_nmi_handler (void);
void           start_ignore (void);

static struct
{
  uint32_t     magic;
  start_record record;
} left __attribute__ ((section (".noinit.record")));

/* The handler's own: the program's may be what failed. */
uint32_t start_fault_stack[FAULT_STACK_WORDS]
    __attribute__ ((section (".noinit"), aligned (8)));

start_record
start_take_record (void)
{
  start_record record = { .reason = START_POWER };

  if (left.magic == RECORD_MAGIC)
    record = left.record;
  /* Whoever resets us without saying so presses a button. */
  left.magic = RECORD_MAGIC;
  left.record = (start_record){ .reason = START_RESET };
  return record;
}

static _Noreturn void
reset_with (const start_record *record)
{
  left.magic = RECORD_MAGIC;
  left.record = *record;
  mps2_barrier ();
  SCB_AIRCR = SCB_AIRCR_RESET;
  mps2_barrier ();
  for (;;)
    ;
}

void
start_reset (start_reason reason)
{
  const start_record record = { .reason = reason };

  reset_with (&record);
}

__attribute__ ((weak)) void
start_fault_hook (const start_record *record)
{
}

__attribute__ ((weak)) void
start_watchdog_hook (void)
{
}

void
start_ignore (void)
{
}

void timer0_interrupt (void) __attribute__ ((weak, alias ("start_ignore")));
void timer1_interrupt (void) __attribute__ ((weak, alias ("start_ignore")));
void dual_timer_interrupt (void) __attribute__ ((weak, alias ("start_ignore")));
void ethernet_interrupt (void) __attribute__ ((weak, alias ("start_ignore")));

/* @frame is where the core stacked r0 to r3, r12, lr, pc and xpsr. After an
 * overflow of the stack there is no frame worth reading. */
static __attribute__ ((used)) _Noreturn void
tell_fault (const uint32_t *frame)
{
  start_record record = { .reason = START_FAULT, .fault_status = SCB_CFSR };
  bool         stacked = (record.fault_status & (1u << 4 | 1u << 12)) == 0;

  if (stacked)
    record.fault_pc = frame[6];
  if (record.fault_status & (1u << 7))
    record.fault_address = SCB_MMFAR;
  else if (record.fault_status & (1u << 15))
    record.fault_address = SCB_BFAR;

  start_fault_hook (&record);
  reset_with (&record);
}

__attribute__ ((naked)) void
start_fault_handler (void)
{
  __asm__ volatile("mrs r0, msp\n"
                   "movw r1, #:lower16:start_fault_stack\n"
                   "movt r1, #:upper16:start_fault_stack\n"
                   "add r1, #%c0\n"
                   "mov sp, r1\n"
                   "b tell_fault" ::"i"(sizeof start_fault_stack));
}

void
start_nmi_handler (void)
{
  start_watchdog_hook ();
  start_reset (START_WATCHDOG);
}

typedef void (*vector) (void);

__attribute__ ((section (".vectors"), used)) static const vector vectors[] = {
  (vector) (uintptr_t) start_stack_top,
  start_reset_handler,
  start_nmi_handler,
  start_fault_handler, /* hard */
  start_fault_handler, /* memory */
  start_fault_handler, /* bus */
  start_fault_handler, /* usage */
  [14] = start_ignore, /* PendSV */
  [15] = start_ignore, /* SysTick */
  [16 + MPS2_IRQ_TIMER0] = timer0_interrupt,
  [16 + MPS2_IRQ_TIMER1] = timer1_interrupt,
  [16 + MPS2_IRQ_DUAL_TIMER] = dual_timer_interrupt,
  [16 + MPS2_IRQ_ETHERNET] = ethernet_interrupt,
  [16 + MPS2_IRQ_COUNT - 1] = start_ignore,
};

static void
map (unsigned region, uintptr_t base, unsigned size_bits, uint32_t rules)
{
  MPU_RNR = region;
  MPU_RBAR = (uint32_t) base;
  MPU_RASR = rules | MPU_NORMAL | (size_bits - 1) << 1 | MPU_ON;
}

/* A higher number wins where regions overlap. */
void
start_guard_memory (void)
{
  map (0, 0, (uintptr_t) start_guard_bits, MPU_READ_ONLY);
  map (1, 0, 8, MPU_NO_ACCESS | MPU_NO_EXECUTE);
  map (2, 0x20000000u, 22, MPU_READ_WRITE | MPU_NO_EXECUTE);
  map (3, (uintptr_t) start_stack, STACK_GUARD_BITS,
       MPU_NO_ACCESS | MPU_NO_EXECUTE);
  map (4, MPS2_PSRAM, 24, MPU_READ_WRITE | MPU_NO_EXECUTE);
  SCB_SHCSR |= SCB_SHCSR_FAULTS;
  MPU_CTRL = 5; /* on; elsewhere the default map */
  mps2_barrier ();
}

static const uint32_t *
stack_floor (void)
{
  return start_stack + (1u << STACK_GUARD_BITS) / sizeof *start_stack;
}

uint32_t
start_stack_size (void)
{
  return (uint32_t) (start_stack_top - stack_floor ()) * sizeof (uint32_t);
}

uint32_t
start_stack_used (void)
{
  const uint32_t *at = stack_floor ();

  while (at < start_stack_top && *at == PAINT)
    at++;
  return (uint32_t) (start_stack_top - at) * sizeof (uint32_t);
}

static void
paint_stack (void)
{
  const uint32_t *here = __builtin_frame_address (0);

  for (uint32_t *at = start_stack; at < here - 16; at++)
    *at = PAINT;
}

void
start_run (uintptr_t image)
{
  const uint32_t *first = (const uint32_t *) image;

  mps2_interrupts_off ();
  MPU_CTRL = 0;
  SCB_VTOR = (uint32_t) image;
  mps2_barrier ();
  __asm__ volatile("msr msp, %0\n"
                   "cpsie i\n"
                   "bx %1" ::"r"(first[0]),
                   "r"(first[1])
                   : "memory");
  __builtin_unreachable ();
}

_Noreturn void
start_reset_handler (void)
{
  MPU_CTRL = 0; /* the program before may have left its own */
  SCB_CPACR |= SCB_CPACR_FPU;
  SCB_VTOR = (uint32_t) (uintptr_t) vectors;
  mps2_barrier ();

  memcpy (start_data, start_data_from, (size_t) (start_data_end - start_data));
  memset (start_bss, 0, (size_t) (start_bss_end - start_bss));
  memset (start_sim_bss, 0, (size_t) (start_sim_bss_end - start_sim_bss));
  paint_stack ();
  start_guard_memory ();
  main ();
  start_reset (START_RESET);
}
