/* SPDX-License-Identifier: Apache-2.0
 *
 * node-crc.c - CRC-32 of what lies in flash
 */
#include "node-crc.h"

/* One table step per half byte: small, and fast enough for a 4 KB sector. */
uint32_t
node_crc32 (uint32_t crc, const void *data, size_t n)
{
  static const uint32_t table[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
    0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
    0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c
  };
  const uint8_t *p = data;

  crc = ~crc;
  while (n-- > 0)
    {
      crc = (crc >> 4) ^ table[(crc ^ *p) & 15];
      crc = (crc >> 4) ^ table[(crc ^ (*p >> 4)) & 15];
      p++;
    }
  return ~crc;
}
