/* SPDX-License-Identifier: Apache-2.0 */
/* The node's CBOR reader beside the console's: both must take and refuse the
 * same bytes, and what is taken can be walked without reading beyond it. */
#include "fuzz.h"

#include <glib.h>

#include "node-cbor.h"
#include "twin-cbor-reader.h"

/* Every item, and that every look-up of its keys finds what was walked. */
static void
walk (const uint8_t *data, size_t size)
{
  node_cbor_reader r, value;
  node_cbor_item   item;
  uint64_t         number;
  double           real;
  char             text[16];

  node_cbor_open (&r, data, size);
  while (r.at < size)
    g_assert_true (node_cbor_next (&r, &item));
  g_assert_false (node_cbor_next (&r, &item));

  node_cbor_open (&r, data, size);
  value = r;
  g_assert_true (node_cbor_skip (&value));
  g_assert_cmpuint (value.at, ==, size);
  node_cbor_find (&r, "id", &value);
  node_cbor_find_int (&r, -3, &value);
  node_cbor_get_uint (&r, &number);
  node_cbor_get_f64 (&r, &real);
  node_cbor_copy_text (&r, text, sizeof text);
  g_assert_cmpuint (r.at, <=, size);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  node_cbor_reader r;
  node_cbor_item   item;
  gboolean         ours;

  if (size > 8192)
    return 0;

  ours = node_cbor_valid (data, size);
  g_assert_true (ours == twin_cbor_check (data, size, TRUE, NULL));
  if (ours)
    walk (data, size);

  /* Also unchecked bytes end somewhere. */
  node_cbor_open (&r, data, size);
  while (node_cbor_next (&r, &item))
    g_assert_cmpuint (r.at, <=, size);
  return 0;
}
