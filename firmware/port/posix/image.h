/* SPDX-License-Identifier: Apache-2.0
 *
 * image.h - images of the host: what a slot's image stands for
 *
 * The host cannot run another program in its own process, so an image of a
 * host's class says how the program behaves: a text, described in
 * firmware/README.md, under the vendor's signature like any image.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include "boot.h"

enum
{
  IMAGE_HEAD_MAX = 256,        /* bytes of the text */
  IMAGE_WATCHDOG_US = 8000000, /* how long a board bears a hung program */
};

typedef struct
{
  bool     from_slot; /* otherwise the program the board was made with */
  bool     hangs;     /* at hangs_us, and never steps again */
  bool     deaf;      /* reaches no broker */
  double   clock;     /* its seconds a real second */
  uint64_t hangs_us;
  uint8_t  digest[32]; /* of the image */
} image_traits;

/* Decide which program starts, as the board's bootloader does, and read what
 * it is like. An image that is no program of the host hangs at once. */
void image_boot (hal *h, const boot_identity *id, image_traits *out);

#endif
