/* SPDX-License-Identifier: Apache-2.0
 *
 * shims.c - the few helpers that libsodium's ref10 code and KissFFT expect
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "utils.h"

void  *board_no_memory (size_t n);
double board_cos (double x);
double board_sin (double x);
double board_sqrt (double x);

/* KissFFT allocates for lengths that a node never asks for. */
void *
board_no_memory (size_t n)
{
  return NULL;
}

double
board_cos (double x)
{
  return (double) cosf ((float) x);
}

double
board_sin (double x)
{
  return (double) sinf ((float) x);
}

double
board_sqrt (double x)
{
  return (double) sqrtf ((float) x);
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
