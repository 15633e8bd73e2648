/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-memory-text.h"

#include <string.h>

gssize
twin_memory_text_read (void *data, char *buffer, gsize size, GError **error)
{
  TwinMemoryText *self = data;
  gsize           n = MIN (size, self->left);

  memcpy (buffer, self->text, n);
  self->text += n;
  self->left -= n;
  return (gssize) n;
}
