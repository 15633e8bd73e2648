/* SPDX-License-Identifier: Apache-2.0 */
/* twin-memory-text.h - text in memory, read as a file: for twin_store_import()
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *text; /* borrowed; what was read is behind it */
  gsize       left;
} TwinMemoryText;

/* A TwinGraphRead; @data: a TwinMemoryText. */
gssize twin_memory_text_read (void    *data,
                              char    *buffer,
                              gsize    size,
                              GError **error);

G_END_DECLS
