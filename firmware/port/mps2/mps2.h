/* SPDX-License-Identifier: Apache-2.0
 *
 * mps2.h - the registers used of QEMU's mps2-an386 and of its Cortex-M4F
 *
 * Names and offsets follow Arm's manuals (Armv7-M ARM, CMSDK TRM) and the
 * LAN9118 data sheet. There is no cycle counter: timer 0 tells the time.
 */
#ifndef MPS2_H
#define MPS2_H

#include <stdint.h>

#define MPS2_REGISTER(address) (*(volatile uint32_t *) (address))

enum
{
  MPS2_CLOCK_HZ = 25000000,
  MPS2_TICKS_US = MPS2_CLOCK_HZ / 1000000,
};

enum
{
  MPS2_IRQ_TIMER0 = 8,
  MPS2_IRQ_TIMER1 = 9,
  MPS2_IRQ_DUAL_TIMER = 10,
  MPS2_IRQ_ETHERNET = 13,
  MPS2_IRQ_COUNT = 32,
};

/* CMSDK timer: counts down. Writing RELOAD loads VALUE too: RELOAD first. */
typedef struct
{
  volatile uint32_t control; /* 1: on, 8: interrupt */
  volatile uint32_t value;
  volatile uint32_t reload;
  volatile uint32_t interrupt; /* read: pending; write 1: clear */
} mps2_timer;

#define MPS2_TIMER0 ((mps2_timer *) 0x40000000u)
#define MPS2_TIMER1 ((mps2_timer *) 0x40001000u)

typedef struct
{
  volatile uint32_t load;
  volatile uint32_t value;
  volatile uint32_t control;
  volatile uint32_t clear;
} mps2_dual_timer;

#define MPS2_DUAL_TIMER ((mps2_dual_timer *) 0x40002000u)

typedef struct
{
  volatile uint32_t data;
  volatile uint32_t state; /* 1: transmit buffer full */
  volatile uint32_t control;
  volatile uint32_t interrupt;
  volatile uint32_t divider;
} mps2_uart;

#define MPS2_UART0 ((mps2_uart *) 0x40004000u)

/* CMSDK watchdog: NMI at the first expiry, reset at the second. */
typedef struct
{
  volatile uint32_t load;
  volatile uint32_t value;
  volatile uint32_t control; /* 1: NMI, 2: reset */
  volatile uint32_t clear;
} mps2_watchdog;

#define MPS2_WATCHDOG ((mps2_watchdog *) 0x40008000u)
#define MPS2_WATCHDOG_LOCK MPS2_REGISTER (0x40008c00u)

enum
{
  MPS2_WATCHDOG_KEY = 0x1acce551,
};

#define MPS2_LAN9118 0x40200000u

/* File-backed memory: the board's flash parts. */
#define MPS2_PSRAM 0x21000000u

enum
{
  MPS2_PSRAM_SIZE = 16 * 1024 * 1024,
};

/* Cortex-M4F system registers. */
#define SCB_ICSR MPS2_REGISTER (0xe000ed04u)
#define SCB_VTOR MPS2_REGISTER (0xe000ed08u)
#define SCB_AIRCR MPS2_REGISTER (0xe000ed0cu)
#define SCB_SHCSR MPS2_REGISTER (0xe000ed24u)
#define SCB_CFSR MPS2_REGISTER (0xe000ed28u)
#define SCB_HFSR MPS2_REGISTER (0xe000ed2cu)
#define SCB_MMFAR MPS2_REGISTER (0xe000ed34u)
#define SCB_BFAR MPS2_REGISTER (0xe000ed38u)
#define SCB_CPACR MPS2_REGISTER (0xe000ed88u)
#define MPU_CTRL MPS2_REGISTER (0xe000ed94u)
#define MPU_RNR MPS2_REGISTER (0xe000ed98u)
#define MPU_RBAR MPS2_REGISTER (0xe000ed9cu)
#define MPU_RASR MPS2_REGISTER (0xe000eda0u)
#define NVIC_ISER MPS2_REGISTER (0xe000e100u)

enum
{
  SCB_AIRCR_RESET = 0x05fa0004,
  SCB_SHCSR_FAULTS = 7 << 16, /* memory, bus and usage have own handlers */
  SCB_CPACR_FPU = 0xf << 20,
};

static inline void
mps2_barrier (void)
{
  __asm__ volatile("dsb\n isb" ::: "memory");
}

static inline void
mps2_interrupts_off (void)
{
  __asm__ volatile("cpsid i" ::: "memory");
}

static inline void
mps2_interrupts_on (void)
{
  __asm__ volatile("cpsie i" ::: "memory");
}

/* Returns once an interrupt is pending, also one that is masked. */
static inline void
mps2_wait (void)
{
  __asm__ volatile("dsb\n wfi" ::: "memory");
}

#endif
