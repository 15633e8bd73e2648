/* SPDX-License-Identifier: Apache-2.0
 *
 * node-crc.h - CRC-32 of what lies in flash
 */
#ifndef NODE_CRC_H
#define NODE_CRC_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 (IEEE 802.3) continued from @crc; begin with 0. */
uint32_t node_crc32 (uint32_t crc, const void *data, size_t n);

#endif
