/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-firmware.h"

#include "twin-cbor-writer.h"
#include "twin-cose.h"
#include "twin-fields.h"

#include <string.h>

/* --- manifests ------------------------------------------------------------ */

static gboolean
check_text (const char *what, const char *text, GError **error)
{
  const size_t size = text != NULL ? strlen (text) : 0;

  return (size >= 1 && size <= TWIN_TEXT_MAX &&
          g_utf8_validate (text, (gssize) size, NULL)) ||
         twin_fields_refuse (error, "The %s is not 1 to 64 bytes of text",
                             what);
}

static gboolean
check_numbers (const TwinManifest *manifest, GError **error)
{
  if (manifest->size < 1 || manifest->size > TWIN_IMAGE_MAX)
    return twin_fields_refuse (error, "An image has 1 to %d bytes, not %u",
                               TWIN_IMAGE_MAX, manifest->size);
  if (manifest->sequence < 1 || manifest->sequence > INT64_MAX)
    return twin_fields_refuse (error, "“sequence” is not 1 or more");
  return manifest->counter <= INT64_MAX ||
         twin_fields_refuse (error, "“counter” is too large");
}

static gboolean
check_envelope (size_t size, GError **error)
{
  if (size <= TWIN_MANIFEST_MAX)
    return TRUE;

  g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_SIZE,
               "A manifest has at most %d bytes, not %zu", TWIN_MANIFEST_MAX,
               size);
  return FALSE;
}

void
twin_manifest_clear (TwinManifest *manifest)
{
  g_clear_pointer (&manifest->vendor, g_free);
  g_clear_pointer (&manifest->device_class, g_free);
  g_clear_pointer (&manifest->version, g_free);
}

GBytes *
twin_manifest_build (const TwinManifest *manifest,
                     const TwinKey      *vendor_key,
                     GError            **error)
{
  TwinCborWriter *writer;
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (GBytes) envelope = NULL;

  if (!check_text ("vendor", manifest->vendor, error) ||
      !check_text ("device class", manifest->device_class, error) ||
      !check_text ("version", manifest->version, error) ||
      !check_numbers (manifest, error))
    return NULL;

  writer = twin_cbor_writer_new ();
  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_text (writer, "vendor", manifest->vendor);
  twin_cbor_writer_put_text (writer, "class", manifest->device_class);
  twin_cbor_writer_put_uint (writer, "sequence", manifest->sequence);
  twin_cbor_writer_put_text (writer, "version", manifest->version);
  twin_cbor_writer_put_uint (writer, "size", manifest->size);
  twin_cbor_writer_put_bytes (writer, "digest", manifest->digest,
                              TWIN_DIGEST_SIZE);
  twin_cbor_writer_put_uint (writer, "counter", manifest->counter);
  twin_cbor_writer_end_map (writer);
  payload = twin_cbor_writer_finish (writer);
  envelope = twin_signed_build (vendor_key, TWIN_MANIFEST_AAD,
                                g_bytes_get_data (payload, NULL),
                                g_bytes_get_size (payload));
  return check_envelope (g_bytes_get_size (envelope), error)
             ? g_steal_pointer (&envelope)
             : NULL;
}

static const TwinField manifest_fields[] = {
  { .key = "vendor",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinManifest, vendor),
    .min = 1,
    .max = TWIN_TEXT_MAX },
  { .key = "class",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinManifest, device_class),
    .min = 1,
    .max = TWIN_TEXT_MAX },
  { .key = "sequence",
    .kind = TWIN_FIELD_U64,
    .offset = offsetof (TwinManifest, sequence) },
  { .key = "version",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinManifest, version),
    .min = 1,
    .max = TWIN_TEXT_MAX },
  { .key = "size",
    .kind = TWIN_FIELD_U32,
    .offset = offsetof (TwinManifest, size) },
  { .key = "digest",
    .kind = TWIN_FIELD_BYTES,
    .offset = offsetof (TwinManifest, digest),
    .max = TWIN_DIGEST_SIZE },
  { .key = "counter",
    .kind = TWIN_FIELD_U64,
    .offset = offsetof (TwinManifest, counter) },
};

static gboolean
open_envelope (GBytes *envelope, TwinSigned *opened, GError **error)
{
  size_t         size;
  const uint8_t *data = g_bytes_get_data (envelope, &size);

  return check_envelope (size, error) &&
         twin_signed_open (data, size, opened, error);
}

gboolean
twin_manifest_open (GBytes       *envelope,
                    TwinManifest *manifest,
                    uint8_t       kid[TWIN_KID_SIZE],
                    GError      **error)
{
  g_auto (TwinManifest) read = { 0 };
  TwinSigned opened;

  if (!open_envelope (envelope, &opened, error) ||
      !twin_fields_read_payload (opened.payload, opened.payload_size,
                                 "manifest", manifest_fields,
                                 G_N_ELEMENTS (manifest_fields), &read,
                                 error) ||
      !check_numbers (&read, error))
    return FALSE;

  *manifest = read;
  memset (&read, 0, sizeof read);
  memcpy (kid, opened.kid, TWIN_KID_SIZE);
  return TRUE;
}

gboolean
twin_manifest_verify (GBytes       *envelope,
                      const uint8_t public_key[TWIN_PUBLIC_KEY_SIZE],
                      GError      **error)
{
  TwinSigned opened;

  return open_envelope (envelope, &opened, error) &&
         twin_signed_verify (&opened, TWIN_MANIFEST_AAD, public_key, error);
}

/* --- chunks --------------------------------------------------------------- */

static const TwinField get_fields[] = {
  { .key = "digest",
    .kind = TWIN_FIELD_BYTES,
    .offset = offsetof (TwinChunkGet, digest),
    .max = TWIN_DIGEST_SIZE },
  { .key = "offset",
    .kind = TWIN_FIELD_U32,
    .offset = offsetof (TwinChunkGet, offset) },
  { .key = "length",
    .kind = TWIN_FIELD_U32,
    .offset = offsetof (TwinChunkGet, length) },
};

gboolean
twin_chunk_get_parse (const uint8_t *data,
                      size_t         size,
                      TwinChunkGet  *get,
                      GError       **error)
{
  memset (get, 0, sizeof *get);
  if (!twin_fields_read_payload (data, size, "request for a chunk", get_fields,
                                 G_N_ELEMENTS (get_fields), get, error))
    return FALSE;

  return (get->offset < TWIN_IMAGE_MAX && get->length >= 1 &&
          get->length <= TWIN_CHUNK_MAX) ||
         twin_fields_refuse (error, "A chunk has 1 to %d bytes of an image",
                             TWIN_CHUNK_MAX);
}

GBytes *
twin_chunk_data_build (const TwinChunkGet *get, GBytes *image)
{
  size_t          size;
  const uint8_t  *data = g_bytes_get_data (image, &size);
  TwinCborWriter *writer;

  if (get->offset >= size)
    return NULL;

  writer = twin_cbor_writer_new ();
  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_bytes (writer, "digest", get->digest, TWIN_DIGEST_SIZE);
  twin_cbor_writer_put_uint (writer, "offset", get->offset);
  twin_cbor_writer_put_bytes (writer, "bytes", data + get->offset,
                              MIN (get->length, size - get->offset));
  twin_cbor_writer_end_map (writer);
  return twin_cbor_writer_finish (writer);
}
