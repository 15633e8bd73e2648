/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-fields.h"

#include "twin-clock.h"

#include <string.h>

static const int64_t time_max_us = INT64_C (7258118400) * TWIN_US_PER_S;

gboolean
twin_fields_refuse (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list          args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error_literal (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_CONTENT,
                       message);
  return FALSE;
}

gboolean
twin_fields_time (double seconds, int64_t *us)
{
  *us = twin_clock_us_from_seconds (seconds);
  return *us >= 0 && *us <= time_max_us;
}

static gboolean
read_u32 (TwinCborReader *reader,
          const char     *key,
          uint32_t       *value,
          GError        **error)
{
  uint64_t wide = 0;

  if (!twin_cbor_reader_uint (reader, key, UINT32_MAX, &wide, error))
    return FALSE;
  *value = wide;
  return TRUE;
}

static gboolean
read_time (TwinCborReader *reader, const char *key, int64_t *us, GError **error)
{
  double seconds = 0;

  if (!twin_cbor_reader_number (reader, key, &seconds, error))
    return FALSE;
  return twin_fields_time (seconds, us) ||
         twin_fields_refuse (error, "“%s” is not a time", key);
}

static gboolean
read_field (TwinCborReader  *reader,
            const TwinField *field,
            void            *target,
            GError         **error)
{
  void *at = (char *) target + field->offset;

  switch (field->kind)
    {
    case TWIN_FIELD_TEXT:
      *(char **) at = twin_cbor_reader_dup_text (reader, field->key, field->min,
                                                 field->max, error);
      return *(char **) at != NULL;
    case TWIN_FIELD_U64:
      return twin_cbor_reader_uint (reader, field->key, INT64_MAX, at, error);
    case TWIN_FIELD_U32:
      return read_u32 (reader, field->key, at, error);
    case TWIN_FIELD_NUMBER:
      return twin_cbor_reader_number (reader, field->key, at, error);
    case TWIN_FIELD_BOOL:
      return twin_cbor_reader_bool (reader, field->key, at, error);
    case TWIN_FIELD_BYTES:
      return twin_cbor_reader_bytes (reader, field->key, at, field->max, error);
    case TWIN_FIELD_TIME:
      return read_time (reader, field->key, at, error);
    case TWIN_FIELD_OTHER:
      return field->read (reader, target, error);
    }

  g_assert_not_reached ();
}

static gboolean
read_pair (TwinCborReader  *reader,
           const TwinField *fields,
           size_t           n,
           void            *target,
           uint32_t        *seen,
           GError         **error)
{
  TwinCborItem key;

  if (!twin_cbor_reader_next (reader, &key, error))
    return FALSE;

  for (size_t i = 0; i < n; i++)
    if (twin_cbor_item_is_text (&key, fields[i].key))
      {
        *seen |= UINT32_C (1) << i;
        return read_field (reader, &fields[i], target, error);
      }

  return twin_cbor_reader_skip (reader, error);
}

gboolean
twin_fields_read (TwinCborReader  *reader,
                  const char      *what,
                  const TwinField *fields,
                  size_t           n,
                  void            *target,
                  GError         **error)
{
  uint32_t seen = 0;
  size_t   pairs;

  g_return_val_if_fail (n <= 32, FALSE);

  if (!twin_cbor_reader_map (reader, what, &pairs, error))
    return FALSE;
  for (size_t i = 0; i < pairs; i++)
    if (!read_pair (reader, fields, n, target, &seen, error))
      return FALSE;

  for (size_t i = 0; i < n; i++)
    if (!fields[i].optional && (seen >> i & 1) == 0)
      return twin_fields_refuse (error, "“%s” is missing in the %s",
                                 fields[i].key, what);
  return TRUE;
}

gboolean
twin_fields_read_payload (const uint8_t   *data,
                          size_t           size,
                          const char      *what,
                          const TwinField *fields,
                          size_t           n,
                          void            *target,
                          GError         **error)
{
  TwinCborReader reader;

  if (!twin_cbor_check (data, size, TRUE, error))
    return FALSE;

  twin_cbor_reader_init (&reader, data, size);
  return twin_fields_read (&reader, what, fields, n, target, error);
}

gboolean
twin_fields_read_array (TwinCborReader  *reader,
                        const char      *what,
                        const TwinField *fields,
                        size_t           n_fields,
                        size_t           element_size,
                        void           **array,
                        size_t          *n,
                        GError         **error)
{
  size_t elements;

  if (!twin_cbor_reader_array (reader, what, &elements, error))
    return FALSE;

  /* Each element takes at least a byte that is there; still, a struct is
   * larger than a byte, so the claim is bounded once more. */
  if (elements > 4096)
    return twin_fields_refuse (error, "“%s” has more than 4096 entries", what);

  *array = g_malloc0_n (elements, element_size);
  *n = elements;
  for (size_t i = 0; i < elements; i++)
    if (!twin_fields_read (reader, what, fields, n_fields,
                           (char *) *array + i * element_size, error))
      return FALSE;
  return TRUE;
}

gboolean
twin_fields_read_axis (TwinCborReader *reader, char *axis, GError **error)
{
  TwinCborItem item;

  if (!twin_cbor_reader_next (reader, &item, error))
    return FALSE;
  if (item.type != TWIN_CBOR_TEXT || item.size != 1 ||
      memchr ("xyz", item.bytes[0], 3) == NULL)
    return twin_fields_refuse (error, "“axis” is not x, y or z");
  *axis = item.bytes[0];
  return TRUE;
}

gboolean
twin_fields_read_word (TwinCborReader    *reader,
                       const char        *what,
                       const char *const *words,
                       size_t             n,
                       unsigned          *index,
                       GError           **error)
{
  TwinCborItem item;

  if (!twin_cbor_reader_next (reader, &item, error))
    return FALSE;

  for (size_t i = 0; i < n; i++)
    if (twin_cbor_item_is_text (&item, words[i]))
      {
        *index = i;
        return TRUE;
      }
  return twin_fields_refuse (error, "“%s” is none of the words for it", what);
}
