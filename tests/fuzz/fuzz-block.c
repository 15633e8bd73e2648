/* SPDX-License-Identifier: Apache-2.0 */
/* Waveform blocks: every sample of what is read is a finite number. */
#include "fuzz.h"

#include "twin-block.h"

#include <math.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) payload = g_bytes_new (data, size);
  g_autoptr (TwinBlock) block = twin_block_parse (payload, NULL);
  g_autoptr (GBytes) built = NULL;
  g_autoptr (TwinBlock) again = NULL;
  g_autofree float  *floats = NULL;
  g_autofree double *doubles = NULL;

  if (block == NULL)
    return 0;

  floats = g_new (float, block->n);
  doubles = g_new (double, block->n);
  twin_block_get_floats (block, floats);
  twin_block_get_doubles (block, doubles);
  for (uint32_t i = 0; i < block->n; i++)
    g_assert_true (isfinite (floats[i]) && isfinite (doubles[i]));
  g_assert_cmpuint (block->data_size, <=, TWIN_BLOCK_MAX);

  built = twin_block_build (block);
  again = twin_block_parse (built, NULL);
  g_assert_nonnull (again);
  g_assert_cmpmem (again->data, again->data_size, block->data,
                   block->data_size);
  return 0;
}
