/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware packages, manifests, and requests for chunks. What is read is whole
 * and signed by nobody we know; what is read is written again as it was. */
#include "fuzz.h"

#include "twin-firmware.h"

static void
read_get (const uint8_t *data, size_t size)
{
  static const uint8_t bytes[5000] = { 0 };
  g_autoptr (GBytes) image = g_bytes_new_static (bytes, sizeof bytes);
  g_autoptr (GBytes) chunk = NULL;
  TwinChunkGet get;

  if (!twin_chunk_get_parse (data, size, &get, NULL))
    return;
  chunk = twin_chunk_data_build (&get, image);
  g_assert_true ((chunk != NULL) == (get.offset < sizeof bytes));
  g_assert_true (chunk == NULL || g_bytes_get_size (chunk) < 4200);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const uint8_t key[TWIN_PUBLIC_KEY_SIZE] = { 1 };
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (TwinPackage) package = twin_package_parse (bytes, NULL);
  g_auto (TwinManifest) manifest = { 0 };
  uint8_t kid[TWIN_KID_SIZE];

  read_get (data, size);
  twin_manifest_open (bytes, &manifest, kid, NULL);
  g_assert_false (twin_manifest_verify (bytes, key, NULL));
  if (package != NULL)
    {
      g_autoptr (GBytes) again = twin_package_build (package);

      g_assert_true (g_bytes_equal (again, bytes));
      g_assert_cmpuint (g_bytes_get_size (package->image), ==,
                        package->manifest.size);
    }
  return 0;
}
