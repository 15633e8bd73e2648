/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-enrol.h"

#include "twin-cbor-writer.h"
#include "twin-clock.h"
#include "twin-cose.h"
#include "twin-fields.h"

static const char *const roles[] = {
  [TWIN_KEY_ROLE_OPERATOR] = "operator",
  [TWIN_KEY_ROLE_MAINTAINER] = "maintainer",
  [TWIN_KEY_ROLE_ENGINEER] = "engineer",
};

const char *
twin_key_role_to_string (TwinKeyRole role)
{
  g_return_val_if_fail (role < G_N_ELEMENTS (roles), NULL);
  return roles[role];
}

gboolean
twin_key_role_from_string (const char *text, TwinKeyRole *role)
{
  for (size_t i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_str_equal (text, roles[i]))
      {
        *role = i;
        return TRUE;
      }
  return FALSE;
}

GBytes *
twin_enrol_build (const TwinEnrol *enrol,
                  const uint8_t    token[TWIN_TOKEN_SIZE],
                  const char      *topic)
{
  TwinCborWriter *writer = twin_cbor_writer_new ();
  g_autoptr (GBytes) payload = NULL;

  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_bytes (writer, "key", enrol->key, TWIN_PUBLIC_KEY_SIZE);
  twin_cbor_writer_put_text (writer, "role",
                             twin_key_role_to_string (enrol->role));
  twin_cbor_writer_put_text (writer, "name", enrol->name);
  twin_cbor_writer_put_bytes (writer, "nonce", enrol->nonce, TWIN_NONCE_SIZE);
  twin_cbor_writer_end_map (writer);

  payload = twin_cbor_writer_finish (writer);
  return twin_maced_build (token, topic, g_bytes_get_data (payload, NULL),
                           g_bytes_get_size (payload));
}

static const TwinField fields[] = {
  { .key = "key",
    .kind = TWIN_FIELD_BYTES,
    .offset = offsetof (TwinEnrolled, key),
    .max = TWIN_PUBLIC_KEY_SIZE },
  { .key = "nonce",
    .kind = TWIN_FIELD_BYTES,
    .offset = offsetof (TwinEnrolled, nonce),
    .max = TWIN_NONCE_SIZE },
  { .key = "kid",
    .kind = TWIN_FIELD_BYTES,
    .offset = offsetof (TwinEnrolled, kid),
    .max = TWIN_KID_SIZE },
};

gboolean
twin_enrolled_open (const uint8_t *data,
                    size_t         size,
                    const char    *topic,
                    const uint8_t  token[TWIN_TOKEN_SIZE],
                    TwinEnrolled  *enrolled,
                    GError       **error)
{
  TwinMaced opened;

  return twin_maced_open (data, size, topic, token, &opened, error) &&
         twin_fields_read_payload (opened.payload, opened.payload_size,
                                   "answer to the enrolment", fields,
                                   G_N_ELEMENTS (fields), enrolled, error);
}

GBytes *
twin_time_build (int64_t utc_us, const TwinKey *key, const char *topic)
{
  TwinCborWriter *writer = twin_cbor_writer_new ();
  g_autoptr (GBytes) payload = NULL;

  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_float64 (writer, "utc",
                                twin_clock_seconds_from_us (utc_us));
  twin_cbor_writer_end_map (writer);

  payload = twin_cbor_writer_finish (writer);
  return twin_signed_build (key, topic, g_bytes_get_data (payload, NULL),
                            g_bytes_get_size (payload));
}
