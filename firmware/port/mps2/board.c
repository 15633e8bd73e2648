/* SPDX-License-Identifier: Apache-2.0
 *
 * board.c - hal.h on QEMU's mps2-an386: clock, sensors, flash, log
 */
#include "board.h"

#include <string.h>

#include "clock.h"
#include "flash-map.h"
#include "mps2.h"
#include "semihost.h"
#include "sensors.h"
#include "stream.h"

/* Of the linker script. */
extern const uint8_t start_image_end[];
extern const uint8_t start_image[];

static bool quit_on_fault;

/* Time. */

uint64_t
hal_time_us (hal *h)
{
  return h->stepped ? h->step_us : clock_us ();
}

void
board_step_to (hal *h, uint64_t us)
{
  if (us > h->step_us)
    h->step_us = us;
}

bool
hal_rtc_read (hal *h, int64_t *utc_us)
{
  if (!h->has_rtc)
    return false;
  *utc_us = h->utc_at_0 + (int64_t) hal_time_us (h);
  return true;
}

/* The host's clock is not the node's to set; without one, TLS knows the time
 * from now on. */
hal_status
hal_rtc_write (hal *h, int64_t utc_us)
{
  if (!h->has_rtc)
    {
      h->utc_at_0 = utc_us - (int64_t) hal_time_us (h);
      h->told_utc = true;
    }
  return HAL_ERR_ARGUMENT;
}

/* Sensors. What the simulation costs is told apart from the node's work. */

static uint64_t
enter_sim (hal *h)
{
  h->in_sim = true;
  return clock_ticks ();
}

static void
leave_sim (hal *h, uint64_t began)
{
  h->sim_ticks += clock_ticks () - began;
  h->in_sim = false;
}

hal_status
hal_spi_transfer (hal           *h,
                  unsigned       device,
                  const uint8_t *tx,
                  uint8_t       *rx,
                  size_t         n)
{
  uint64_t   began = enter_sim (h);
  hal_status status = HAL_ERR_ARGUMENT;

  if (h->sim != NULL)
    status = sim_spi (h->sim, hal_time_us (h), device, tx, rx, n);
  leave_sim (h, began);
  return status;
}

hal_status
hal_adc_read (hal *h, unsigned channel, uint16_t *codes, size_t n)
{
  uint64_t   began = enter_sim (h);
  hal_status status = HAL_ERR_ARGUMENT;

  if (h->sim != NULL)
    status = sim_adc (h->sim, hal_time_us (h), channel, codes, n);
  leave_sim (h, began);
  return status;
}

hal_status
hal_tacho_read (hal *h, hal_tacho *out)
{
  uint64_t   began = enter_sim (h);
  hal_status status = HAL_ERR_ARGUMENT;

  if (h->sim != NULL)
    status = sim_tacho (h->sim, hal_time_us (h), 0, out);
  leave_sim (h, began);
  return status;
}

void
hal_led_set (hal *h, bool on)
{
  if (h->led != on)
    hal_log (h, HAL_LOG_INFO, on ? "indicator on" : "indicator off");
  h->led = on;
}

/* The rest. */

void
hal_relay_set (hal *h, bool closed)
{
  uint64_t began;

  if (h->sim == NULL)
    return;
  if (h->sim->machine.stopped == closed)
    hal_log (h, HAL_LOG_WARNING,
             closed ? "relay closed: the machine may run"
                    : "relay open: the machine stops");
  began = enter_sim (h);
  sim_relay (h->sim, hal_time_us (h), closed);
  leave_sim (h, began);
}

hal_status
hal_random (hal *h, uint8_t *out, size_t n)
{
  return semihost_random (out, n) ? HAL_OK : HAL_ERR_IO;
}

void
hal_reset (hal *h)
{
  h->reset = true;
}

const char *
hal_boot_reason (hal *h)
{
  switch (h->boot.reason)
    {
    case START_POWER:
      return "power";
    case START_COMMAND:
      return "command";
    case START_WATCHDOG:
      return "watchdog";
    case START_RESET:
    case START_FAULT:
      break;
    }
  return "reset";
}

void
hal_log (hal *h, hal_log_level level, const char *text)
{
  static const char *const names[] = { "error: ", "warning: ", "info: " };

  board_print (names[level]);
  board_print (text);
  board_print ("\n");
}

void
hal_build (hal *h, uint8_t *out, size_t n)
{
  uint8_t hash[32];

  hal_sha256 (start_image, (size_t) (start_image_end - start_image), hash);
  memcpy (out, hash, n);
}

/* Faults and the watchdog. */

static void
tell_fault (const char *what, const start_record *record)
{
  board_print (what);
  board_print (" at ");
  board_print_hex (record->fault_pc);
  board_print (", address ");
  board_print_hex (record->fault_address);
  board_print (", status ");
  board_print_hex (record->fault_status);
  board_print ("\n");
}

void
start_fault_hook (const start_record *record)
{
  tell_fault ("error: fault", record);
  if (quit_on_fault)
    semihost_exit (BOARD_EXIT_FAULT);
}

void
start_watchdog_hook (void)
{
  board_print ("error: the watchdog ends a program that hangs\n");
}

/* Start. */

static void
open_flash (hal *h)
{
  uint8_t *psram = (uint8_t *) MPS2_PSRAM;

  h->code = (nor_flash){ .cells = psram + BOARD_PSRAM_CODE, .size = CODE_SIZE };
  h->flash = (nor_flash){ .cells = psram + BOARD_PSRAM_DATA,
                          .size = MPS2_PSRAM_SIZE - BOARD_PSRAM_DATA };
}

static const char *
open_machine (hal *h, const factory *f)
{
  static sim_iis3dwb    wide __attribute__ ((section (".simbss")));
  static sim            the_sim __attribute__ ((section (".simbss")));
  static machine_params params __attribute__ ((section (".simbss")));

  if (f->machine == NULL)
    return NULL;
  if (f->machine_n != sizeof params)
    return "its machine does not fit this firmware: write it anew with "
           "twin-node --factory";
  memcpy (&params, f->machine, sizeof params);
  h->sim = &the_sim;
  sim_init (h->sim, &params);
  sensors_fit (h->sim, &wide, &f->node);
  return NULL;
}

static void
open_net (hal *h, const factory *f, const board_wishes *w)
{
  uint32_t random = 0;

  memcpy (h->broker, w->broker_set ? w->broker : f->net.broker, 4);
  h->broker_port = w->broker_set ? w->broker_port : (uint16_t) f->net.port;
  h->tls_name = f->net.tls_name;
  h->tls_ca = f->ca;
  h->tls_ca_n = f->ca_n;
  if (w->no_net || w->stepped)
    return;
  hal_random (h, (uint8_t *) &random, sizeof random);
  h->has_net = stream_start (&f->net, random);
  if (!h->has_net)
    hal_log (h, HAL_LOG_ERROR, "no Ethernet controller answers");
}

const char *
board_start (hal *h, factory *f, const board_wishes *w)
{
  static uint8_t page[FACTORY_PAGE_SIZE] __attribute__ ((section (".simbss")));
  static char    text[FACTORY_TEXT_SIZE];
  const char    *why;

  memset (h, 0, sizeof *h);
  clock_start ();
  quit_on_fault = w->quit;
  h->boot = start_take_record ();
  if (h->boot.reason == START_FAULT)
    tell_fault ("error: the start before ended in a fault", &h->boot);

  h->stepped = w->stepped;
  h->has_rtc = !w->no_rtc;
  h->utc_at_0 = (int64_t) semihost_time () * 1000000;
  open_flash (h);
  nor_flash_read (&h->code, CODE_FACTORY, page, sizeof page);
  why = factory_read (f, page, text);
  if (why == NULL)
    why = open_machine (h, f);
  if (why != NULL)
    return why;

  if (f->flash_size < h->flash.size)
    h->flash.size = f->flash_size;
  open_net (h, f, w);
  return NULL;
}
