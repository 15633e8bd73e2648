/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-cose.h"

#include "twin-cbor-reader.h"
#include "twin-cbor-writer.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

enum
{
  TAG_MAC0 = 17,
  TAG_SIGN1 = 18,
  MAC_SIZE = 32,
};

/* { 1: -8 } EdDSA and { 1: 5 } HMAC 256/256: the only two we speak. */
static const uint8_t sign1_header[] = { 0xa1, 0x01, 0x27 };
static const uint8_t mac0_header[] = { 0xa1, 0x01, 0x05 };

/* One envelope of either kind, in pieces. */
typedef struct
{
  TwinCborItem protected_header;
  TwinCborItem kid; /* size 0 when there is none */
  TwinCborItem payload;
  TwinCborItem seal; /* signature or tag */
} Envelope;

static gboolean
fail (GError **error, TwinWireError code, const char *message)
{
  g_set_error_literal (error, TWIN_WIRE_ERROR, code, message);
  return FALSE;
}

static gboolean
read_bytes (TwinCborReader *reader, TwinCborItem *item, GError **error)
{
  if (!twin_cbor_reader_next (reader, item, error))
    return FALSE;
  return item->type == TWIN_CBOR_BYTES ||
         fail (error, TWIN_WIRE_ERROR_CONTENT,
               "An envelope's part is not a byte string");
}

static gboolean
read_unprotected (TwinCborReader *reader, Envelope *envelope, GError **error)
{
  size_t pairs;

  if (!twin_cbor_reader_map (reader, "unprotected header", &pairs, error))
    return FALSE;

  for (size_t i = 0; i < pairs; i++)
    {
      TwinCborItem key;

      if (!twin_cbor_reader_next (reader, &key, error))
        return FALSE;
      if (key.type == TWIN_CBOR_UINT && key.number == 4)
        {
          if (!read_bytes (reader, &envelope->kid, error))
            return FALSE;
        }
      else if (!twin_cbor_reader_skip (reader, error))
        {
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
open_envelope (const uint8_t *data,
               size_t         size,
               uint64_t       tag,
               Envelope      *envelope,
               GError       **error)
{
  TwinCborReader reader;
  TwinCborItem   item;

  memset (envelope, 0, sizeof *envelope);
  if (!twin_cbor_check (data, size, TRUE, error))
    return FALSE;

  twin_cbor_reader_init (&reader, data, size);
  if (!twin_cbor_reader_next (&reader, &item, error))
    return FALSE;
  if (item.type != TWIN_CBOR_TAG || item.number != tag)
    return fail (error, TWIN_WIRE_ERROR_CONTENT,
                 "Not the kind of envelope this channel carries");
  if (!twin_cbor_reader_next (&reader, &item, error))
    return FALSE;
  if (item.type != TWIN_CBOR_ARRAY || item.number != 4)
    return fail (error, TWIN_WIRE_ERROR_CONTENT,
                 "An envelope does not have its four parts");

  return read_bytes (&reader, &envelope->protected_header, error) &&
         read_unprotected (&reader, envelope, error) &&
         read_bytes (&reader, &envelope->payload, error) &&
         read_bytes (&reader, &envelope->seal, error) &&
         twin_cbor_check (envelope->payload.bytes, envelope->payload.size, TRUE,
                          error);
}

static gboolean
has_header (const Envelope *envelope, const uint8_t *header, size_t size)
{
  return envelope->protected_header.size == size &&
         memcmp (envelope->protected_header.bytes, header, size) == 0;
}

/* Sig_structure and MAC_structure of RFC 9052, 4.4 and 6.3. */
static GBytes *
to_be_sealed (const char    *context,
              const uint8_t *header,
              size_t         header_size,
              const char    *topic,
              const uint8_t *payload,
              size_t         payload_size)
{
  TwinCborWriter *writer = twin_cbor_writer_new ();

  twin_cbor_writer_array (writer, 4);
  twin_cbor_writer_text (writer, context);
  twin_cbor_writer_bytes (writer, header, header_size);
  twin_cbor_writer_bytes (writer, (const uint8_t *) topic, strlen (topic));
  twin_cbor_writer_bytes (writer, payload, payload_size);
  return twin_cbor_writer_finish (writer);
}

/* --- COSE_Sign1 ------------------------------------------------------------
 */

gboolean
twin_signed_open (const uint8_t *data,
                  size_t         size,
                  TwinSigned    *opened,
                  GError       **error)
{
  Envelope envelope;

  if (!open_envelope (data, size, TAG_SIGN1, &envelope, error))
    return FALSE;
  if (!has_header (&envelope, sign1_header, sizeof sign1_header))
    return fail (error, TWIN_WIRE_ERROR_CONTENT,
                 "The signature's algorithm is not EdDSA");
  if (envelope.kid.size != TWIN_KID_SIZE ||
      envelope.seal.size != TWIN_SIGNATURE_SIZE)
    return fail (error, TWIN_WIRE_ERROR_CONTENT,
                 "A key id or signature has the wrong length");

  memcpy (opened->kid, envelope.kid.bytes, TWIN_KID_SIZE);
  opened->payload = envelope.payload.bytes;
  opened->payload_size = envelope.payload.size;
  opened->protected_header = envelope.protected_header.bytes;
  opened->protected_size = envelope.protected_header.size;
  opened->signature = envelope.seal.bytes;
  return TRUE;
}

gboolean
twin_signed_verify (const TwinSigned *opened,
                    const char       *topic,
                    const uint8_t     public_key[TWIN_PUBLIC_KEY_SIZE],
                    GError          **error)
{
  g_autoptr (GBytes) sealed =
      to_be_sealed ("Signature1", opened->protected_header,
                    opened->protected_size, topic, opened->payload,
                    opened->payload_size);
  size_t         size;
  const uint8_t *data = g_bytes_get_data (sealed, &size);

  return twin_key_verify (public_key, data, size, opened->signature) ||
         fail (error, TWIN_WIRE_ERROR_SIGNATURE,
               "The signature is not of this key for this topic");
}

GBytes *
twin_signed_build (const TwinKey *key,
                   const char    *topic,
                   const uint8_t *payload,
                   size_t         payload_size)
{
  g_autoptr (GBytes) sealed =
      to_be_sealed ("Signature1", sign1_header, sizeof sign1_header, topic,
                    payload, payload_size);
  TwinCborWriter *writer = twin_cbor_writer_new ();
  uint8_t         signature[TWIN_SIGNATURE_SIZE];

  twin_key_sign (key, g_bytes_get_data (sealed, NULL),
                 g_bytes_get_size (sealed), signature);

  twin_cbor_writer_tag (writer, TAG_SIGN1);
  twin_cbor_writer_array (writer, 4);
  twin_cbor_writer_bytes (writer, sign1_header, sizeof sign1_header);
  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_uint (writer, 4);
  twin_cbor_writer_bytes (writer, twin_key_get_kid (key), TWIN_KID_SIZE);
  twin_cbor_writer_end_map (writer);
  twin_cbor_writer_bytes (writer, payload, payload_size);
  twin_cbor_writer_bytes (writer, signature, sizeof signature);
  return twin_cbor_writer_finish (writer);
}

/* --- COSE_Mac0 -------------------------------------------------------------
 */

static void
compute_mac (const uint8_t  token[TWIN_TOKEN_SIZE],
             const char    *topic,
             const uint8_t *payload,
             size_t         payload_size,
             uint8_t        mac[MAC_SIZE])
{
  g_autoptr (GBytes) sealed =
      to_be_sealed ("MAC0", mac0_header, sizeof mac0_header, topic, payload,
                    payload_size);
  unsigned size = MAC_SIZE;

  if (HMAC (EVP_sha256 (), token, TWIN_TOKEN_SIZE,
            g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed), mac,
            &size) == NULL)
    g_error ("This OpenSSL has no HMAC-SHA-256");
}

gboolean
twin_maced_open (const uint8_t *data,
                 size_t         size,
                 const char    *topic,
                 const uint8_t  token[TWIN_TOKEN_SIZE],
                 TwinMaced     *opened,
                 GError       **error)
{
  Envelope envelope;
  uint8_t  mac[MAC_SIZE];

  if (!open_envelope (data, size, TAG_MAC0, &envelope, error))
    return FALSE;
  if (!has_header (&envelope, mac0_header, sizeof mac0_header) ||
      envelope.seal.size != MAC_SIZE)
    return fail (error, TWIN_WIRE_ERROR_CONTENT,
                 "The message authentication code is not HMAC 256/256");

  compute_mac (token, topic, envelope.payload.bytes, envelope.payload.size,
               mac);
  if (CRYPTO_memcmp (mac, envelope.seal.bytes, MAC_SIZE) != 0)
    return fail (error, TWIN_WIRE_ERROR_SIGNATURE,
                 "The message was not made with this token for this topic");

  opened->payload = envelope.payload.bytes;
  opened->payload_size = envelope.payload.size;
  return TRUE;
}

GBytes *
twin_maced_build (const uint8_t  token[TWIN_TOKEN_SIZE],
                  const char    *topic,
                  const uint8_t *payload,
                  size_t         payload_size)
{
  TwinCborWriter *writer = twin_cbor_writer_new ();
  uint8_t         mac[MAC_SIZE];

  compute_mac (token, topic, payload, payload_size, mac);

  twin_cbor_writer_tag (writer, TAG_MAC0);
  twin_cbor_writer_array (writer, 4);
  twin_cbor_writer_bytes (writer, mac0_header, sizeof mac0_header);
  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_end_map (writer);
  twin_cbor_writer_bytes (writer, payload, payload_size);
  twin_cbor_writer_bytes (writer, mac, sizeof mac);
  return twin_cbor_writer_finish (writer);
}
