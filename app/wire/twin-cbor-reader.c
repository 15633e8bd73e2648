/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-cbor-reader.h"

#include <cbor.h>
#include <math.h>
#include <string.h>

/* --- libcbor's callbacks: note what was met --------------------------------
 */

static void
on_number (void *context, TwinCborType type, uint64_t number)
{
  TwinCborItem *item = context;

  item->type = type;
  item->number = number;
}

#define NUMBER_CALLBACK(name, type, cbor_type)                                 \
  static void name (void *context, type value)                                 \
  {                                                                            \
    on_number (context, cbor_type, value);                                     \
  }

NUMBER_CALLBACK (on_uint8, uint8_t, TWIN_CBOR_UINT)
NUMBER_CALLBACK (on_uint16, uint16_t, TWIN_CBOR_UINT)
NUMBER_CALLBACK (on_uint32, uint32_t, TWIN_CBOR_UINT)
NUMBER_CALLBACK (on_uint64, uint64_t, TWIN_CBOR_UINT)
NUMBER_CALLBACK (on_negint8, uint8_t, TWIN_CBOR_NEGINT)
NUMBER_CALLBACK (on_negint16, uint16_t, TWIN_CBOR_NEGINT)
NUMBER_CALLBACK (on_negint32, uint32_t, TWIN_CBOR_NEGINT)
NUMBER_CALLBACK (on_negint64, uint64_t, TWIN_CBOR_NEGINT)
NUMBER_CALLBACK (on_array, size_t, TWIN_CBOR_ARRAY)
NUMBER_CALLBACK (on_map, size_t, TWIN_CBOR_MAP)
NUMBER_CALLBACK (on_bool, bool, TWIN_CBOR_BOOL)

static void
on_null (void *context)
{
  on_number (context, TWIN_CBOR_NULL, 0);
}

static void
on_float8 (void *context, double value)
{
  TwinCborItem *item = context;

  item->type = TWIN_CBOR_FLOAT;
  item->real = value;
}

static void
on_float4 (void *context, float value)
{
  on_float8 (context, value);
}

static void
on_string (TwinCborItem *item, TwinCborType type, cbor_data data, size_t size)
{
  item->type = type;
  item->bytes = data;
  item->size = size;
}

static void
on_bytes (void *context, cbor_data data, size_t size)
{
  on_string (context, TWIN_CBOR_BYTES, data, size);
}

static void
on_text (void *context, cbor_data data, size_t size)
{
  on_string (context, TWIN_CBOR_TEXT, data, size);
}

/* What is refused before libcbor sees it never gets here. */
static void
on_never (void *context)
{
  g_assert_not_reached ();
}

static const struct cbor_callbacks callbacks = {
  .uint8 = on_uint8,
  .uint16 = on_uint16,
  .uint32 = on_uint32,
  .uint64 = on_uint64,
  .negint8 = on_negint8,
  .negint16 = on_negint16,
  .negint32 = on_negint32,
  .negint64 = on_negint64,
  .byte_string = on_bytes,
  .string = on_text,
  .array_start = on_array,
  .map_start = on_map,
  .float2 = on_float4,
  .float4 = on_float4,
  .float8 = on_float8,
  .null = on_null,
  .boolean = on_bool,
  .byte_string_start = on_never,
  .string_start = on_never,
  .indef_array_start = on_never,
  .indef_map_start = on_never,
  .undefined = on_never,
  .indef_break = on_never,
};

/* --- one item's head --- */

static gboolean G_GNUC_PRINTF (4, 5) fail (GError      **error,
                                           TwinWireError code,
                                           size_t        position,
                                           const char   *format,
                                           ...)
{
  g_autofree char *message = NULL;
  va_list          args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, TWIN_WIRE_ERROR, code, "%s (byte %zu)", message,
               position);
  return FALSE;
}

/* The head's argument as it stands, read before libcbor may believe it:
 * libcbor 0.8 adds a claimed length to its own count and can overflow. */
static gboolean
check_head (const uint8_t *data,
            size_t         left,
            size_t         position,
            uint64_t      *value,
            gboolean      *shortest,
            GError       **error)
{
  const uint8_t major = data[0] >> 5;
  const uint8_t info = data[0] & 31;
  const size_t  n_bytes = info < 24 ? 0 : (size_t) 1 << (info - 24);
  uint64_t      argument = info;

  if (info > 27)
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, position,
                 info == 31 ? "Indefinite length" : "Reserved length");
  if (n_bytes > left - 1)
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, position, "Cut off");
  if (major == 7 && (info < 20 || info == 23 || info == 24))
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, position,
                 "A simple value that is none of ours");

  for (size_t i = 0; i < n_bytes; i++)
    argument = (i == 0 ? 0 : argument << 8) | data[1 + i];
  *shortest = major == 7 || n_bytes == 0 ||
              (n_bytes == 1 ? argument >= 24 : argument >> (4 * n_bytes) != 0);

  left -= 1 + n_bytes;
  if (((major == 2 || major == 3 || major == 4) && argument > left) ||
      (major == 5 && argument > left / 2))
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, position,
                 "Claims more than there is");
  *value = argument;
  return TRUE;
}

/* Whether the item at @data is a tag; libcbor 0.8 does not read tags 6 to 20,
 * COSE's among them, so their heads are ours. */
static gboolean
take_tag (TwinCborReader *self, uint64_t number, TwinCborItem *item)
{
  const uint8_t head = self->data[self->position];

  if (head >> 5 != 6)
    return FALSE;
  item->type = TWIN_CBOR_TAG;
  item->number = number;
  self->position +=
      (head & 31) < 24 ? 1 : 1 + ((size_t) 1 << ((head & 31) - 24));
  return TRUE;
}

static gboolean
next_item (TwinCborReader *self,
           TwinCborItem   *item,
           gboolean       *shortest,
           GError        **error)
{
  const uint8_t             *data = self->data + self->position;
  const size_t               left = self->size - self->position;
  struct cbor_decoder_result result;
  uint64_t                   value = 0;

  if (left == 0)
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, self->position, "Cut off");
  if (!check_head (data, left, self->position, &value, shortest, error))
    return FALSE;

  memset (item, 0, sizeof *item);
  if (take_tag (self, value, item))
    return TRUE;

  result = cbor_stream_decode (data, left, &callbacks, item);
  if (result.status != CBOR_DECODER_FINISHED)
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, self->position, "Not CBOR");
  if (item->type == TWIN_CBOR_FLOAT && !isfinite (item->real))
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, self->position,
                 "A number that is not finite");

  self->position += result.read;
  return TRUE;
}

/* --- the whole item --- */

typedef struct
{
  TwinCborReader reader;
  gboolean       deterministic;
} Check;

/* Order of keys in deterministic encoding: by head, then by content. */
static int
compare_keys (const TwinCborItem *a, const TwinCborItem *b)
{
  if (a->type != b->type)
    return a->type < b->type ? -1 : 1;
  if (a->type != TWIN_CBOR_TEXT)
    return a->number < b->number ? -1 : a->number > b->number;
  if (a->size != b->size)
    return a->size < b->size ? -1 : 1;
  return a->size == 0 ? 0 : memcmp (a->bytes, b->bytes, a->size);
}

static gboolean
check_one (Check *self, TwinCborItem *item, GError **error)
{
  const size_t start = self->reader.position;
  gboolean     shortest;

  if (!next_item (&self->reader, item, &shortest, error))
    return FALSE;
  if (self->deterministic && !shortest)
    return fail (error, TWIN_WIRE_ERROR_FORM, start, "Not in shortest form");
  if (item->type == TWIN_CBOR_TEXT &&
      !g_utf8_validate_len ((const char *) item->bytes, item->size, NULL))
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, start, "Text is not UTF-8");
  return TRUE;
}

static gboolean check_item (Check *self, int depth, GError **error);

static gboolean
check_map (Check *self, uint64_t pairs, int depth, GError **error)
{
  TwinCborItem keys[TWIN_CBOR_UNORDERED_MAX];
  TwinCborItem last = { 0 };
  gboolean     ordered = TRUE;

  for (uint64_t i = 0; i < pairs; i++)
    {
      const size_t start = self->reader.position;
      TwinCborItem key;
      int          order;

      if (!check_one (self, &key, error))
        return FALSE;
      if (key.type != TWIN_CBOR_UINT && key.type != TWIN_CBOR_NEGINT &&
          key.type != TWIN_CBOR_TEXT)
        return fail (error, TWIN_WIRE_ERROR_SYNTAX, start,
                     "A key that is neither integer nor text");

      order = i == 0 ? -1 : compare_keys (&last, &key);
      if (order == 0)
        return fail (error, TWIN_WIRE_ERROR_FORM, start, "A key twice");
      ordered = ordered && order < 0;
      if (!ordered && self->deterministic)
        return fail (error, TWIN_WIRE_ERROR_FORM, start, "Keys out of order");
      if (!ordered && pairs > TWIN_CBOR_UNORDERED_MAX)
        return fail (error, TWIN_WIRE_ERROR_FORM, start,
                     "More than %d keys out of order", TWIN_CBOR_UNORDERED_MAX);
      for (uint64_t k = 0; !ordered && k < i; k++)
        if (compare_keys (&keys[k], &key) == 0)
          return fail (error, TWIN_WIRE_ERROR_FORM, start, "A key twice");

      last = key;
      if (i < TWIN_CBOR_UNORDERED_MAX)
        keys[i] = key;
      if (!check_item (self, depth, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_item (Check *self, int depth, GError **error)
{
  const size_t start = self->reader.position;
  TwinCborItem item;

  if (!check_one (self, &item, error))
    return FALSE;
  if (item.type != TWIN_CBOR_ARRAY && item.type != TWIN_CBOR_MAP &&
      item.type != TWIN_CBOR_TAG)
    return TRUE;
  if (depth == TWIN_CBOR_DEPTH_MAX)
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, start, "Deeper than %d",
                 TWIN_CBOR_DEPTH_MAX);

  if (item.type == TWIN_CBOR_MAP)
    return check_map (self, item.number, depth + 1, error);
  for (uint64_t i = 0; i < (item.type == TWIN_CBOR_TAG ? 1 : item.number); i++)
    if (!check_item (self, depth + 1, error))
      return FALSE;
  return TRUE;
}

gboolean
twin_cbor_check (const uint8_t *data,
                 size_t         size,
                 gboolean       deterministic,
                 GError       **error)
{
  Check self = { .deterministic = deterministic };

  twin_cbor_reader_init (&self.reader, data, size);
  if (size > TWIN_MESSAGE_MAX)
    return fail (error, TWIN_WIRE_ERROR_SIZE, size, "Larger than %d bytes",
                 TWIN_MESSAGE_MAX);
  if (!check_item (&self, 0, error))
    return FALSE;
  if (self.reader.position != size)
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, self.reader.position,
                 "Bytes after the message");
  return TRUE;
}

/* --- the cursor ------------------------------------------------------------
 */

void
twin_cbor_reader_init (TwinCborReader *self, const uint8_t *data, size_t size)
{
  *self = (TwinCborReader){ .data = data, .size = size };
}

gboolean
twin_cbor_reader_next (TwinCborReader *self, TwinCborItem *item, GError **error)
{
  gboolean shortest;

  return next_item (self, item, &shortest, error);
}

gboolean
twin_cbor_reader_peek (TwinCborReader *self, TwinCborItem *item, GError **error)
{
  TwinCborReader ahead = *self;

  return twin_cbor_reader_next (&ahead, item, error);
}

gboolean
twin_cbor_reader_skip (TwinCborReader *self, GError **error)
{
  uint64_t left = 1;

  while (left > 0)
    {
      TwinCborItem item;

      if (!twin_cbor_reader_next (self, &item, error))
        return FALSE;

      left--;
      if (item.type == TWIN_CBOR_ARRAY)
        left += item.number;
      else if (item.type == TWIN_CBOR_MAP)
        left += 2 * item.number;
      else if (item.type == TWIN_CBOR_TAG)
        left += 1;
    }

  return TRUE;
}

static gboolean
next_of (TwinCborReader *self,
         TwinCborType    type,
         const char     *what,
         const char     *kind,
         TwinCborItem   *item,
         GError        **error)
{
  const size_t start = self->position;

  if (!twin_cbor_reader_next (self, item, error))
    return FALSE;
  if (item->type != type)
    return fail (error, TWIN_WIRE_ERROR_CONTENT, start, "“%s” is not %s", what,
                 kind);
  return TRUE;
}

gboolean
twin_cbor_reader_map (TwinCborReader *self,
                      const char     *what,
                      size_t         *pairs,
                      GError        **error)
{
  TwinCborItem item;

  if (!next_of (self, TWIN_CBOR_MAP, what, "a map", &item, error))
    return FALSE;
  *pairs = item.number;
  return TRUE;
}

gboolean
twin_cbor_reader_array (TwinCborReader *self,
                        const char     *what,
                        size_t         *elements,
                        GError        **error)
{
  TwinCborItem item;

  if (!next_of (self, TWIN_CBOR_ARRAY, what, "an array", &item, error))
    return FALSE;
  *elements = item.number;
  return TRUE;
}

gboolean
twin_cbor_reader_uint (TwinCborReader *self,
                       const char     *what,
                       uint64_t        max,
                       uint64_t       *value,
                       GError        **error)
{
  const size_t start = self->position;
  TwinCborItem item;

  if (!next_of (self, TWIN_CBOR_UINT, what, "an unsigned integer", &item,
                error))
    return FALSE;
  if (item.number > max)
    return fail (error, TWIN_WIRE_ERROR_CONTENT, start, "“%s” is too large",
                 what);
  *value = item.number;
  return TRUE;
}

gboolean
twin_cbor_reader_number (TwinCborReader *self,
                         const char     *what,
                         double         *value,
                         GError        **error)
{
  const size_t start = self->position;
  TwinCborItem item;

  if (!twin_cbor_reader_next (self, &item, error))
    return FALSE;

  if (item.type == TWIN_CBOR_FLOAT)
    *value = item.real;
  else if (item.type == TWIN_CBOR_UINT)
    *value = item.number;
  else if (item.type == TWIN_CBOR_NEGINT)
    *value = -1.0 - item.number;
  else
    return fail (error, TWIN_WIRE_ERROR_CONTENT, start, "“%s” is not a number",
                 what);
  return TRUE;
}

gboolean
twin_cbor_reader_bool (TwinCborReader *self,
                       const char     *what,
                       gboolean       *value,
                       GError        **error)
{
  TwinCborItem item;

  if (!next_of (self, TWIN_CBOR_BOOL, what, "true or false", &item, error))
    return FALSE;
  *value = item.number != 0;
  return TRUE;
}

char *
twin_cbor_reader_dup_text (TwinCborReader *self,
                           const char     *what,
                           size_t          min,
                           size_t          max,
                           GError        **error)
{
  const size_t start = self->position;
  TwinCborItem item;

  if (!next_of (self, TWIN_CBOR_TEXT, what, "text", &item, error))
    return NULL;
  if (item.size < min || item.size > max)
    {
      fail (error, TWIN_WIRE_ERROR_CONTENT, start,
            "“%s” is not %zu to %zu bytes long", what, min, max);
      return NULL;
    }
  return g_strndup ((const char *) item.bytes, item.size);
}

gboolean
twin_cbor_reader_bytes (TwinCborReader *self,
                        const char     *what,
                        uint8_t        *bytes,
                        size_t          size,
                        GError        **error)
{
  const size_t start = self->position;
  TwinCborItem item;

  if (!next_of (self, TWIN_CBOR_BYTES, what, "a byte string", &item, error))
    return FALSE;
  if (item.size != size)
    return fail (error, TWIN_WIRE_ERROR_CONTENT, start,
                 "“%s” is not %zu bytes long", what, size);
  memcpy (bytes, item.bytes, size);
  return TRUE;
}

gboolean
twin_cbor_item_is_text (const TwinCborItem *item, const char *text)
{
  return item->type == TWIN_CBOR_TEXT && item->size == strlen (text) &&
         memcmp (item->bytes, text, item->size) == 0;
}
