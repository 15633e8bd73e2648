/* SPDX-License-Identifier: Apache-2.0
 *
 * uart.c - text to whoever services the board, on UART 0
 */
#include "board.h"
#include "mps2.h"

enum
{
  UART_TX_ON = 1,
  UART_TX_FULL = 1,
  UART_DIVIDER = 217, /* 115200 baud; it must be set, and 16 at least */
};

static void
put (char c)
{
  if (MPS2_UART0->divider != UART_DIVIDER)
    {
      MPS2_UART0->divider = UART_DIVIDER;
      MPS2_UART0->control = UART_TX_ON;
    }
  while (MPS2_UART0->state & UART_TX_FULL)
    ;
  MPS2_UART0->data = (uint8_t) c;
}

void
board_print (const char *text)
{
  for (; *text != '\0'; text++)
    put (*text);
}

void
board_print_number (uint64_t value)
{
  char     digits[24];
  unsigned at = sizeof digits;

  digits[--at] = '\0';
  do
    digits[--at] = (char) ('0' + value % 10);
  while ((value /= 10) > 0);
  board_print (digits + at);
}

void
board_print_hex (uint32_t value)
{
  for (unsigned i = 0; i < 8; i++, value <<= 4)
    put ("0123456789abcdef"[value >> 28]);
}

void
board_report (const char *name, uint64_t value)
{
  board_print (name);
  board_print (": ");
  board_print_number (value);
  board_print ("\n");
}
