/* SPDX-License-Identifier: Apache-2.0
 *
 * scalar.h - whole numbers modulo the order of Ed25519's group
 *
 * 32 bytes, least significant first. The time taken does not depend on them.
 */
#ifndef SCALAR_H
#define SCALAR_H

#include <stdint.h>

/* The remainder of 64 bytes. */
void scalar_reduce (const uint8_t wide[64], uint8_t out[32]);

/* @a × @b + @c. */
void scalar_multiply_add (const uint8_t a[32],
                          const uint8_t b[32],
                          const uint8_t c[32],
                          uint8_t       out[32]);

#endif
