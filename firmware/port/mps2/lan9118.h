/* SPDX-License-Identifier: Apache-2.0
 *
 * lan9118.h - the board's Ethernet controller
 *
 * Frames go in and out in pieces of any size, one frame at a time. An arrival
 * wakes the board; nothing is taken from the chip in the interrupt.
 */
#ifndef LAN9118_H
#define LAN9118_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum
{
  LAN9118_FRAME_MAX = 1514,
};

/* Set up the chip and read the address it was given. False: it is not there. */
bool lan9118_start (uint8_t address[6]);

/* Bytes of the next frame received, 0: none. The frame must then be read to
 * its end, by lan9118_get and lan9118_get_end. */
size_t lan9118_get_begin (void);
void   lan9118_get (uint8_t *out, size_t n);
void   lan9118_get_end (void);

/* False: the chip has no room now. Otherwise all @n bytes must follow. */
bool lan9118_put_begin (size_t n);
void lan9118_put (const uint8_t *data, size_t n);
void lan9118_put_end (void);

/* Let the next arrival interrupt again; call when the chip is drained. */
void lan9118_arm (void);

#endif
