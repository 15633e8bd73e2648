/* SPDX-License-Identifier: Apache-2.0
 *
 * arch/cc.h - what lwIP asks about this compiler and board
 */
#ifndef ARCH_CC_H
#define ARCH_CC_H

#include <stdint.h>

#ifndef BYTE_ORDER
#define BYTE_ORDER LITTLE_ENDIAN
#endif

/* Of net-lwip.c: a linear generator seeded at the start, for port numbers. */
uint32_t stream_random (void);
#define LWIP_RAND() stream_random ()

#endif
