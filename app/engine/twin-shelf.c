/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-shelf.h"

#include "twin-store.h"

TwinStoreVendorKey *
twin_shelf_find_signer (TwinStoreReader   *reader,
                        const TwinPackage *package,
                        GError           **error)
{
  g_autofree char *kid = twin_hex_format (package->kid, TWIN_KID_SIZE);
  g_autoptr (GError) absent = NULL;
  g_autoptr (TwinStoreVendorKey) key =
      twin_store_reader_get_vendor_key (reader, kid, &absent);
  size_t size;

  if (g_error_matches (absent, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND))
    {
      g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY,
                   "Key %s, which signed it, is not trusted here; trust the "
                   "vendor’s public key first (twinctl ota trust)",
                   kid);
      return NULL;
    }
  if (key == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&absent));
      return NULL;
    }

  if (g_bytes_get_data (key->public_key, &size) == NULL ||
      size != TWIN_PUBLIC_KEY_SIZE)
    {
      g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY,
                   "Key %s is spoilt; trust it again", kid);
      return NULL;
    }
  return twin_manifest_verify (package->envelope,
                               g_bytes_get_data (key->public_key, NULL), error)
             ? g_steal_pointer (&key)
             : NULL;
}

gboolean
twin_shelf_add (const char        *store,
                const TwinPackage *package,
                const char        *who,
                GError           **error)
{
  g_autoptr (TwinStore) editor =
      twin_store_open (store, TWIN_STORE_EDITOR, error);
  g_autoptr (TwinStoreReader) reader =
      editor != NULL ? twin_store_reader_open (store, error) : NULL;
  g_autoptr (TwinStoreVendorKey) key =
      reader != NULL ? twin_shelf_find_signer (reader, package, error) : NULL;
  const TwinManifest *manifest = &package->manifest;
  g_autofree char    *digest =
      twin_hex_format (manifest->digest, TWIN_DIGEST_SIZE);
  const TwinStoreFirmware row = {
    .digest = digest,
    .vendor = manifest->vendor,
    .class_name = manifest->device_class,
    .version = manifest->version,
    .sequence = (int64_t) manifest->sequence,
    .counter = (int64_t) manifest->counter,
    .size = manifest->size,
    .kid = key != NULL ? key->kid : NULL,
    .manifest = package->envelope,
    .image = package->image,
    .who = who,
    .added_us = twin_clock_utc_us (),
  };

  return key != NULL && twin_store_add_firmware (editor, &row, error);
}

gboolean
twin_shelf_trust (const char *store,
                  const char *path,
                  const char *name,
                  const char *who,
                  GError    **error)
{
  uint8_t public_key[TWIN_PUBLIC_KEY_SIZE], id[TWIN_KID_SIZE];
  g_autoptr (TwinStore) editor = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char   *kid = NULL;
  TwinStoreVendorKey row;

  if (!twin_public_key_load (path, public_key, error))
    return FALSE;

  editor = twin_store_open (store, TWIN_STORE_EDITOR, error);
  if (editor == NULL)
    return FALSE;

  twin_kid_of (public_key, id);
  kid = twin_hex_format (id, sizeof id);
  bytes = g_bytes_new (public_key, sizeof public_key);
  row = (TwinStoreVendorKey){ .kid = kid,
                              .name = name,
                              .public_key = bytes,
                              .who = who,
                              .added_us = twin_clock_utc_us () };
  return twin_store_put_vendor_key (editor, &row, error);
}
