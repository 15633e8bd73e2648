/* SPDX-License-Identifier: Apache-2.0
 *
 * semihost.h - what a test build asks of the machine that emulates the board
 *
 * The emulator lets these calls open any of the host's files: an image for a
 * real board has none of them.
 */
#ifndef SEMIHOST_H
#define SEMIHOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The command line, a word an argument; false: none. */
bool semihost_command_line (char *out, size_t size);

/* UTC of the host, seconds since 1970. */
uint32_t semihost_time (void);

/* Bytes of the host's random device; false: it has none. */
bool semihost_random (uint8_t *out, size_t n);

/* End the emulator with exit status @code. */
_Noreturn void semihost_exit (uint32_t code);

#endif
