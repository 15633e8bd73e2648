/* SPDX-License-Identifier: Apache-2.0
 *
 * lan9118.c - the board's Ethernet controller, by its data sheet
 *
 * The emulated chip's receive FIFO holds some 10 KB and then drops: the TCP
 * window must stay below. Fast-forward and end alignment are not used.
 */
#include "lan9118.h"

#include "clock.h"
#include "mps2.h"
#include "start.h"

enum
{
  RX_DATA = 0x00,
  TX_DATA = 0x20,
  RX_STATUS = 0x40,
  TX_STATUS = 0x48,
  IRQ_CFG = 0x54,
  INT_STS = 0x58,
  INT_EN = 0x5c,
  BYTE_TEST = 0x64,
  FIFO_INT = 0x68,
  TX_CFG = 0x70,
  HW_CFG = 0x74,
  RX_FIFO_INF = 0x7c,
  TX_FIFO_INF = 0x80,
  MAC_CSR_CMD = 0xa4,
  MAC_CSR_DATA = 0xa8,

  IRQ_PUSH_PULL_HIGH = 0x111, /* and enabled */
  INT_RX_STATUS = 1 << 3,     /* a frame waits */
  TX_ON = 2,
  TX_FIRST_AND_LAST = 0x3000,
  RX_ERROR = 1 << 15,
  CRC_SIZE = 4,

  MAC_CR = 1,
  MAC_ADDRESS_HIGH = 2,
  MAC_ADDRESS_LOW = 3,
  MAC_READ = 1 << 30,
  MAC_FULL_DUPLEX = 1 << 20,
  MAC_TX_ON = 1 << 3,
  MAC_RX_ON = 1 << 2,

  TRIES = 100000,
};

static const uint32_t byte_test = 0x87654321;
static const uint32_t mac_busy = 1u << 31;

/* The word being taken apart or put together. */
static struct
{
  uint32_t word;
  unsigned bytes; /* of it, left or gathered */
  size_t   words; /* of the frame, still in the chip */
} rx, tx;

static volatile uint32_t *
chip (unsigned offset)
{
  return &MPS2_REGISTER (MPS2_LAN9118 + offset);
}

static bool
mac_ready (void)
{
  for (unsigned i = 0; i < TRIES; i++)
    if ((*chip (MAC_CSR_CMD) & mac_busy) == 0)
      return true;
  return false;
}

static uint32_t
mac_read (unsigned index)
{
  *chip (MAC_CSR_CMD) = mac_busy | MAC_READ | index;
  return mac_ready () ? *chip (MAC_CSR_DATA) : 0;
}

static void
mac_write (unsigned index, uint32_t value)
{
  *chip (MAC_CSR_DATA) = value;
  *chip (MAC_CSR_CMD) = mac_busy | index;
  mac_ready ();
}

void
ethernet_interrupt (void)
{
  *chip (INT_EN) = 0;
  clock_wake ();
}

bool
lan9118_start (uint8_t address[6])
{
  uint32_t low, high;

  if (*chip (BYTE_TEST) != byte_test)
    return false;

  *chip (HW_CFG) = 1; /* soft reset */
  for (unsigned i = 0; i < TRIES && (*chip (HW_CFG) & 1); i++)
    ;
  *chip (IRQ_CFG) = IRQ_PUSH_PULL_HIGH;
  *chip (FIFO_INT) = 0; /* one frame is enough */
  *chip (TX_CFG) = TX_ON;

  low = mac_read (MAC_ADDRESS_LOW);
  high = mac_read (MAC_ADDRESS_HIGH);
  for (unsigned i = 0; i < 4; i++)
    address[i] = (uint8_t) (low >> (8 * i));
  address[4] = (uint8_t) high;
  address[5] = (uint8_t) (high >> 8);

  mac_write (MAC_CR, MAC_FULL_DUPLEX | MAC_TX_ON | MAC_RX_ON);
  NVIC_ISER = 1u << MPS2_IRQ_ETHERNET;
  return true;
}

size_t
lan9118_get_begin (void)
{
  while ((*chip (RX_FIFO_INF) >> 16 & 0xff) > 0)
    {
      uint32_t status = *chip (RX_STATUS);
      size_t   n = status >> 16 & 0x3fff;

      rx.words = (n + 3) / 4;
      rx.bytes = 0;
      if (!(status & RX_ERROR) && n > CRC_SIZE)
        return n - CRC_SIZE;
      lan9118_get_end ();
    }
  return 0;
}

void
lan9118_get (uint8_t *out, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      if (rx.bytes == 0)
        {
          rx.word = rx.words > 0 ? *chip (RX_DATA) : 0;
          rx.words -= rx.words > 0;
          rx.bytes = 4;
        }
      out[i] = (uint8_t) rx.word;
      rx.word >>= 8;
      rx.bytes--;
    }
}

void
lan9118_get_end (void)
{
  for (; rx.words > 0; rx.words--)
    (void) *chip (RX_DATA);
}

bool
lan9118_put_begin (size_t n)
{
  while ((*chip (TX_FIFO_INF) >> 16 & 0xff) > 0)
    (void) *chip (TX_STATUS);
  if ((*chip (TX_FIFO_INF) & 0xffff) < n + 16)
    return false;

  *chip (TX_DATA) = TX_FIRST_AND_LAST | (uint32_t) n;
  *chip (TX_DATA) = (uint32_t) n;
  tx.word = 0;
  tx.bytes = 0;
  return true;
}

void
lan9118_put (const uint8_t *data, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      tx.word |= (uint32_t) data[i] << (8 * tx.bytes);
      if (++tx.bytes == 4)
        lan9118_put_end ();
    }
}

/* What is gathered of a word goes out, padded. */
void
lan9118_put_end (void)
{
  if (tx.bytes == 0)
    return;
  *chip (TX_DATA) = tx.word;
  tx.word = 0;
  tx.bytes = 0;
}

void
lan9118_arm (void)
{
  *chip (INT_STS) = UINT32_MAX;
  *chip (INT_EN) = INT_RX_STATUS;
}
