/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-wire.h"

#include <openssl/rand.h>
#include <string.h>

GQuark
twin_wire_error_quark (void)
{
  return g_quark_from_static_string ("twin-wire-error-quark");
}

const char *
twin_wire_error_reason (TwinWireError code)
{
  static const char *const reasons[] = {
    [TWIN_WIRE_ERROR_TOPIC] = "topic",
    [TWIN_WIRE_ERROR_SIZE] = "size",
    [TWIN_WIRE_ERROR_SYNTAX] = "syntax",
    [TWIN_WIRE_ERROR_FORM] = "form",
    [TWIN_WIRE_ERROR_CONTENT] = "content",
    [TWIN_WIRE_ERROR_SIGNATURE] = "signature",
    [TWIN_WIRE_ERROR_KEY] = "key",
  };

  g_return_val_if_fail (code < G_N_ELEMENTS (reasons), NULL);
  return reasons[code];
}

static const char *const causes[] = {
  [TWIN_LOSS_OVERWRITTEN] = "overwritten",
  [TWIN_LOSS_ERASED] = "erased",
  [TWIN_LOSS_CORRUPT] = "corrupt",
};

const char *
twin_loss_cause_to_string (TwinLossCause cause)
{
  g_return_val_if_fail (cause < G_N_ELEMENTS (causes), NULL);
  return causes[cause];
}

gboolean
twin_loss_cause_from_string (const char *text, TwinLossCause *cause)
{
  for (size_t i = 0; i < G_N_ELEMENTS (causes); i++)
    if (g_str_equal (text, causes[i]))
      {
        *cause = i;
        return TRUE;
      }
  return FALSE;
}

char *
twin_hex_format (const uint8_t *bytes, size_t size)
{
  static const char digits[] = "0123456789abcdef";
  char             *text = g_malloc (2 * size + 1);

  for (size_t i = 0; i < size; i++)
    {
      text[2 * i] = digits[bytes[i] >> 4];
      text[2 * i + 1] = digits[bytes[i] & 15];
    }

  text[2 * size] = '\0';
  return text;
}

gboolean
twin_hex_parse (const char *text, uint8_t *bytes, size_t size)
{
  size_t n_digits = 0;

  for (; *text != '\0'; text++)
    {
      int digit = g_ascii_xdigit_value (*text);

      if (*text == '-' || *text == ' ')
        continue;
      if (digit < 0 || n_digits == 2 * size)
        return FALSE;

      if (n_digits % 2 == 0)
        bytes[n_digits / 2] = digit << 4;
      else
        bytes[n_digits / 2] |= digit;
      n_digits++;
    }

  return n_digits == 2 * size;
}

void
twin_random_bytes (uint8_t *bytes, size_t size)
{
  if (RAND_bytes (bytes, size) != 1)
    g_error ("The operating system gives no random numbers: nothing can be "
             "signed safely");
}
