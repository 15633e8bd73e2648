/* SPDX-License-Identifier: Apache-2.0
 *
 * board.c - hal.h on the host: clock, sensors, flash file, log
 */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flash-map.h"

uint64_t
board_machine_us (const hal *h)
{
  return h->sim_at_0 + (h->image.clock == 1 ? h->time_us
                                            : (uint64_t) ((double) h->time_us /
                                                          h->image.clock));
}

uint64_t
hal_time_us (hal *h)
{
  return h->time_us;
}

bool
hal_rtc_read (hal *h, int64_t *utc_us)
{
  if (!h->has_rtc)
    return false;
  *utc_us = h->utc_at_0 + (int64_t) h->time_us;
  return true;
}

/* The host's clock is not the node's to set. */
hal_status
hal_rtc_write (hal *h, int64_t utc_us)
{
  return HAL_ERR_ARGUMENT;
}

hal_status
hal_spi_transfer (hal           *h,
                  unsigned       device,
                  const uint8_t *tx,
                  uint8_t       *rx,
                  size_t         n)
{
  return sim_spi (h->sim, board_machine_us (h), device, tx, rx, n);
}

/* The simulated parts pull no line here: the node polls. */
hal_status
hal_line_attach (hal *h, unsigned device, hal_line_func serve, void *context)
{
  return HAL_ERR_ARGUMENT;
}

hal_status
hal_adc_read (hal *h, unsigned channel, uint16_t *codes, size_t n)
{
  return sim_adc (h->sim, board_machine_us (h), channel, codes, n);
}

/* The timer counts on over a reset; edges before this boot are its start. */
hal_status
hal_tacho_read (hal *h, hal_tacho *out)
{
  return sim_tacho (h->sim, board_machine_us (h), h->sim_at_0, out);
}

void
hal_led_set (hal *h, bool on)
{
  if (h->led != on)
    hal_log (h, HAL_LOG_INFO, on ? "indicator on" : "indicator off");
  h->led = on;
}

/* Flash that was never written is a hole of the file: reading it through the
 * host's cache would fill that with zeros. */
static bool
in_hole (hal *h, uint32_t at, size_t n)
{
  off_t data;

  if (at >= h->hole_from && at + n <= h->hole_to)
    return true;
  data = lseek (h->flash_fd, at, SEEK_DATA);
  if (data < 0 && errno != ENXIO)
    return false;
  if (data >= 0 && (uint64_t) data < at + n)
    return false;
  h->hole_from = at;
  h->hole_to = data < 0 ? h->flash.size + CODE_SIZE : (uint32_t) data;
  return at + n <= h->hole_to;
}

/* Not through a map: a full or failing disk is then an error of this one
 * call, which the node can live with, not a signal. */
static bool
load_cells (void *context, uint32_t at, uint8_t *cells, size_t n)
{
  hal    *h = context;
  ssize_t got;

  if (in_hole (h, at, n))
    {
      memset (cells, 0, n);
      return true;
    }

  do
    got = pread (h->flash_fd, cells, n, at);
  while (got < 0 && errno == EINTR);
  return got == (ssize_t) n;
}

static bool
store_cells (void *context, uint32_t at, const uint8_t *cells, size_t n)
{
  hal    *h = context;
  ssize_t put;

  if (at < h->hole_to && at + n > h->hole_from)
    h->hole_from = h->hole_to = 0;
  do
    put = pwrite (h->flash_fd, cells, n, at);
  while (put < 0 && errno == EINTR);
  return put == (ssize_t) n;
}

static bool
load_code_cells (void *context, uint32_t at, uint8_t *cells, size_t n)
{
  const hal *h = context;

  return load_cells (context, h->flash.size + at, cells, n);
}

static bool
store_code_cells (void *context, uint32_t at, const uint8_t *cells, size_t n)
{
  const hal *h = context;

  return store_cells (context, h->flash.size + at, cells, n);
}

static const nor_flash_medium flash_file = { load_cells, store_cells };
static const nor_flash_medium code_file = { load_code_cells, store_code_cells };

int
board_open_flash (hal *h, const char *path, uint32_t size)
{
  struct stat info;
  int         fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), error;

  if (fd < 0)
    return -1;

  /* Another node process on the same flash would ruin it. */
  if (lockf (fd, F_TLOCK, 0) != 0 || fstat (fd, &info) != 0)
    goto fail;
  if (info.st_size > (off_t) size + CODE_SIZE)
    size = (uint32_t) ((info.st_size - CODE_SIZE) &
                       ~(off_t) (HAL_FLASH_SECTOR - 1));
  if (info.st_size < (off_t) size + CODE_SIZE &&
      ftruncate (fd, (off_t) size + CODE_SIZE) != 0)
    goto fail;

  h->flash = (nor_flash){ .medium = &flash_file, .context = h, .size = size };
  h->code =
      (nor_flash){ .medium = &code_file, .context = h, .size = CODE_SIZE };
  h->flash_fd = fd;
  h->hole_from = h->hole_to = 0;
  return 0;

fail:
  error = errno;
  close (fd);
  errno = error;
  return -1;
}

void
board_close (hal *h)
{
  hal_net_close (h);
  if (h->flash.medium == NULL)
    return;
  close (h->flash_fd);
  h->flash.medium = NULL;
}

hal_status
hal_random (hal *h, uint8_t *out, size_t n)
{
  return getrandom (out, n, 0) == (ssize_t) n ? HAL_OK : HAL_ERR_IO;
}

/* One thread hosts all nodes, so nothing bites here; whoever runs the board
 * may compare. */
void
hal_watchdog_kick (hal *h)
{
  h->kicked_us = h->time_us;
}

void
hal_relay_set (hal *h, bool closed)
{
  if (h->sim->machine.stopped == closed)
    hal_log (h, HAL_LOG_WARNING,
             closed ? "relay closed: the machine may run"
                    : "relay open: the machine stops");
  sim_relay (h->sim, h->sim_at_0 + h->time_us, closed);
}

void
hal_reset (hal *h)
{
  h->reset = true;
}

const char *
hal_boot_reason (hal *h)
{
  return h->boot_reason;
}

void
hal_log (hal *h, hal_log_level level, const char *text)
{
  static const char *const names[] = { "error", "warning", "info" };

  if (level < HAL_LOG_INFO || h->verbose)
    fprintf (stderr, "%s: %s: %s\n", h->name, names[level], text);
}

void
board_hash_program (uint8_t hash[32])
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  FILE       *self = fopen ("/proc/self/exe", "rb");
  uint8_t     chunk[65536];
  size_t      got;

  EVP_DigestInit_ex (context, EVP_sha256 (), NULL);
  while (self != NULL && (got = fread (chunk, 1, sizeof chunk, self)) > 0)
    EVP_DigestUpdate (context, chunk, got);
  EVP_DigestFinal_ex (context, hash, NULL);
  EVP_MD_CTX_free (context);
  if (self != NULL)
    fclose (self);
}

void
hal_build (hal *h, uint8_t *out, size_t n)
{
  memcpy (out, h->image.from_slot ? h->image.digest : h->build, n);
}
