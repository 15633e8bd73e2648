/* SPDX-License-Identifier: Apache-2.0
 *
 * shims.c - the few helpers that libsodium's ref10 code and KissFFT expect
 */
#include <stddef.h>
#include <stdint.h>

#include "utils.h"

void *board_no_memory (size_t n);

/* KissFFT allocates for lengths that a node never asks for. */
void *
board_no_memory (size_t n)
{
  return NULL;
}

void
sodium_memzero (void *const memory, const size_t n)
{
  volatile uint8_t *at = memory;

  for (size_t i = 0; i < n; i++)
    at[i] = 0;
}

int
sodium_is_zero (const unsigned char *bytes, const size_t n)
{
  uint8_t any = 0;

  for (size_t i = 0; i < n; i++)
    any |= bytes[i];
  return any == 0;
}
