/* SPDX-License-Identifier: Apache-2.0
 *
 * semihost.c - Arm's semihosting calls, version 2
 */
#include "semihost.h"

enum
{
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_READ = 0x06,
  SYS_TIME = 0x11,
  SYS_GET_CMDLINE = 0x15,
  SYS_EXIT_EXTENDED = 0x20,
  OPEN_READ_BINARY = 1,
  APPLICATION_EXIT = 0x20026,
};

static int32_t
call (uint32_t operation, const void *block)
{
  register uint32_t    r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = block;

  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return (int32_t) r0;
}

bool
semihost_command_line (char *out, size_t size)
{
  const uintptr_t block[2] = { (uintptr_t) out, size };

  return call (SYS_GET_CMDLINE, block) == 0;
}

uint32_t
semihost_time (void)
{
  return (uint32_t) call (SYS_TIME, NULL);
}

bool
semihost_random (uint8_t *out, size_t n)
{
  static const char path[] = "/dev/urandom";
  const uintptr_t   opening[3] = { (uintptr_t) path, OPEN_READ_BINARY,
                                   sizeof path - 1 };
  int32_t           file = call (SYS_OPEN, opening);
  uintptr_t         reading[3] = { (uintptr_t) file, (uintptr_t) out, n };
  bool              ok;

  if (file < 0)
    return false;
  ok = call (SYS_READ, reading) == 0; /* bytes not read */
  call (SYS_CLOSE, reading);
  return ok;
}

void
semihost_exit (uint32_t code)
{
  const uint32_t block[2] = { APPLICATION_EXIT, code };

  for (;;)
    call (SYS_EXIT_EXTENDED, block);
}
