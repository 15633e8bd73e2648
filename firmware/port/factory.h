/* SPDX-License-Identifier: Apache-2.0
 *
 * factory.h - what a board is told when it is made: one page of its flash
 *
 * A page is a head (magic, layout, length, CRC-32 of the rest) and a CBOR
 * array. The host writes it from a plant file, the board reads it at start and
 * never changes it. A struct travels as an array: a value's place says what it
 * is, new ones are added at the end.
 */
#ifndef FACTORY_H
#define FACTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "node-config.h"

enum
{
  FACTORY_PAGE_SIZE = 4096,
  FACTORY_TEXT_SIZE = 2048, /* the board's memory for the strings */
};

/* Where the board is in its network, and who its broker is: IPv4. With a name
 * for the broker it is spoken to by TLS only, and its certificate must be for
 * that name. */
typedef struct
{
  uint8_t     address[4];
  uint8_t     mask[4];
  uint8_t     gateway[4];
  uint8_t     broker[4];
  uint32_t    port;
  const char *tls_name; /* or NULL */
} factory_net;

typedef struct
{
  factory_net net;
  node_config node;       /* strings: of the writer, or in the reader's text */
  uint32_t    flash_size; /* bytes of data flash fitted */
  const void *machine;    /* the simulated one as it lies in memory, or NULL */
  size_t      machine_n;
  const void *ca; /* who may sign the broker's certificate, X.509 in DER */
  size_t      ca_n;
} factory;

/* Bytes of the page put into @page; 0: it does not fit. */
size_t factory_write (const factory *f, uint8_t page[FACTORY_PAGE_SIZE]);

/* NULL, or why @page is not to be used. @text holds the strings, and both it
 * and @page outlive @f. */
const char *factory_read (factory      *f,
                          const uint8_t page[FACTORY_PAGE_SIZE],
                          char          text[FACTORY_TEXT_SIZE]);

#endif
