/* SPDX-License-Identifier: Apache-2.0
 *
 * sha512.h - SHA-512 (FIPS 180-4) in a kilobyte of code, for Ed25519
 */
#ifndef SHA512_H
#define SHA512_H

#include <stddef.h>
#include <stdint.h>

typedef struct
{
  uint64_t state[8];
  uint64_t length; /* bytes so far */
  uint8_t  block[128];
} sha512;

void sha512_begin (sha512 *s);
void sha512_add (sha512 *s, const void *data, size_t n);

/* @s is wiped. */
void sha512_end (sha512 *s, uint8_t digest[64]);

#endif
