/* SPDX-License-Identifier: Apache-2.0
 *
 * boot-sha256.h - SHA-256 (FIPS 180-4) of bytes that come piece by piece
 */
#ifndef BOOT_SHA256_H
#define BOOT_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct
{
  uint32_t state[8];
  uint64_t length; /* bytes so far */
  uint8_t  block[64];
} boot_sha256;

void boot_sha256_begin (boot_sha256 *s);
void boot_sha256_add (boot_sha256 *s, const void *data, size_t n);
void boot_sha256_end (boot_sha256 *s, uint8_t digest[32]);

#endif
