/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-block.h"

#include "twin-cbor-writer.h"
#include "twin-clock.h"
#include "twin-fields.h"

#include <math.h>
#include <string.h>

enum
{
  TAG_I16 = 77,
  TAG_I32 = 78,
  TAG_F32 = 85,
};

/* No sensor of ours is faster; keeps n ÷ rate a sane number. */
static const double rate_max_hz = 1e7;
/* A measured rate wanders: a nominal second may be a little longer. */
static const double duration_max_s = 1.01;
/* Nothing on a machine is larger in any unit; keeps float arithmetic finite. */
static const double value_max = 1e9;

static const char *const whys[] = {
  [TWIN_WHY_SCHEDULE] = "schedule",
  [TWIN_WHY_LIVE] = "live",
  [TWIN_WHY_TRIGGER] = "trigger",
  [TWIN_WHY_COMMAND] = "command",
};

size_t
twin_sample_type_size (TwinSampleType type)
{
  return type == TWIN_SAMPLES_I16 ? 2 : 4;
}

const char *
twin_block_why_to_string (TwinBlockWhy why)
{
  g_return_val_if_fail (why < G_N_ELEMENTS (whys), NULL);
  return whys[why];
}

/* --- reading ----------------------------------------------------------------
 */

static gboolean
read_axis (TwinCborReader *reader, void *target, GError **error)
{
  TwinBlock *block = target;

  return twin_fields_read_axis (reader, &block->axis, error);
}

static gboolean
read_capture (TwinCborReader *reader, void *target, GError **error)
{
  TwinBlock *block = target;

  block->has_capture = TRUE;
  return twin_cbor_reader_uint (reader, "capture", INT64_MAX, &block->capture,
                                error);
}

static gboolean
read_t0 (TwinCborReader *reader, void *target, GError **error)
{
  TwinBlock   *block = target;
  TwinCborItem item;
  double       seconds = 0;

  if (!twin_cbor_reader_peek (reader, &item, error))
    return FALSE;
  if (item.type == TWIN_CBOR_NULL)
    return twin_cbor_reader_skip (reader, error);
  if (!twin_cbor_reader_number (reader, "t0", &seconds, error))
    return FALSE;
  return twin_fields_time (seconds, &block->t0_us) ||
         twin_fields_refuse (error, "“t0” is not a time");
}

static gboolean
read_why (TwinCborReader *reader, void *target, GError **error)
{
  TwinBlock *block = target;
  unsigned   why = 0;

  if (!twin_fields_read_word (reader, "why", whys, G_N_ELEMENTS (whys), &why,
                              error))
    return FALSE;
  block->why = why;
  return TRUE;
}

static gboolean
read_data (TwinCborReader *reader, void *target, GError **error)
{
  TwinBlock   *block = target;
  TwinCborItem tag, bytes;

  if (!twin_cbor_reader_next (reader, &tag, error))
    return FALSE;

  if (tag.type == TWIN_CBOR_TAG && tag.number == TAG_I16)
    block->type = TWIN_SAMPLES_I16;
  else if (tag.type == TWIN_CBOR_TAG && tag.number == TAG_I32)
    block->type = TWIN_SAMPLES_I32;
  else if (tag.type == TWIN_CBOR_TAG && tag.number == TAG_F32)
    block->type = TWIN_SAMPLES_F32;
  else
    return twin_fields_refuse (error, "“data” is not a typed array of ours");

  if (!twin_cbor_reader_next (reader, &bytes, error))
    return FALSE;
  if (bytes.type != TWIN_CBOR_BYTES)
    return twin_fields_refuse (error, "“data” is not a typed array of ours");
  block->data = bytes.bytes;
  block->data_size = bytes.size;
  return TRUE;
}

#define FIELD(name, field_kind, member, ...)                                   \
  {                                                                            \
    .key = name, .kind = TWIN_FIELD_##field_kind,                              \
    .offset = offsetof (TwinBlock, member), __VA_ARGS__                        \
  }

static const TwinField fields[] = {
  FIELD ("sensor", TEXT, sensor, .min = 1, .max = TWIN_TEXT_MAX),
  { .key = "axis", .kind = TWIN_FIELD_OTHER, .read = read_axis },
  { .key = "capture",
    .kind = TWIN_FIELD_OTHER,
    .read = read_capture,
    .optional = TRUE },
  FIELD ("last", BOOL, last, .optional = TRUE),
  FIELD ("n0", U64, n0),
  FIELD ("n", U32, n),
  { .key = "t0", .kind = TWIN_FIELD_OTHER, .read = read_t0 },
  FIELD ("up", NUMBER, up),
  FIELD ("rate", NUMBER, rate_hz),
  FIELD ("scale", NUMBER, scale),
  FIELD ("offset", NUMBER, offset),
  FIELD ("unit", TEXT, unit, .min = 1, .max = TWIN_TEXT_MAX),
  { .key = "why", .kind = TWIN_FIELD_OTHER, .read = read_why },
  FIELD ("ring", BYTES, ring, .max = TWIN_RING_SIZE),
  FIELD ("epoch", U32, epoch),
  FIELD ("quality", U32, quality),
  { .key = "data", .kind = TWIN_FIELD_OTHER, .read = read_data },
};

static float
float_at (const uint8_t *data)
{
  uint32_t bits;
  float    value;

  memcpy (&bits, data, sizeof bits);
  bits = GUINT32_FROM_LE (bits);
  memcpy (&value, &bits, sizeof value);
  return value;
}

/* What no single field can say. */
static gboolean
check_whole (const TwinBlock *block, GError **error)
{
  if (block->n == 0 || block->n > TWIN_BLOCK_MAX ||
      block->data_size != block->n * twin_sample_type_size (block->type))
    return twin_fields_refuse (error, "“data” does not have “n” samples");
  if (block->data_size > TWIN_BLOCK_MAX)
    return twin_fields_refuse (error, "More than 64 KiB of samples");
  if (block->n0 > INT64_MAX - TWIN_BLOCK_MAX)
    return twin_fields_refuse (error, "“n0” is too large");
  if (!(block->rate_hz > 0 && block->rate_hz <= rate_max_hz))
    return twin_fields_refuse (error, "“rate” is not a sample rate");
  if ((block->n - 1) / block->rate_hz > duration_max_s)
    return twin_fields_refuse (error, "A block longer than a second");
  if (block->scale == 0 || fabs (block->scale) > value_max ||
      fabs (block->offset) > value_max)
    return twin_fields_refuse (error, "“scale” or “offset” cannot be");
  if (block->up < 0)
    return twin_fields_refuse (error, "A time since boot before the boot");

  for (uint32_t i = 0; block->type == TWIN_SAMPLES_F32 && i < block->n; i++)
    if (!(fabsf (float_at (block->data + 4 * i)) <= value_max))
      return twin_fields_refuse (error, "A sample that cannot be");
  return TRUE;
}

static gboolean
read_block (TwinBlock *block, const uint8_t *data, size_t size, GError **error)
{
  TwinCborReader reader;

  if (!twin_cbor_check (data, size, FALSE, error))
    return FALSE;

  twin_cbor_reader_init (&reader, data, size);
  return twin_fields_read (&reader, "block", fields, G_N_ELEMENTS (fields),
                           block, error) &&
         check_whole (block, error);
}

TwinBlock *
twin_block_parse (GBytes *payload, GError **error)
{
  g_autoptr (TwinBlock) block = g_new0 (TwinBlock, 1);
  size_t         size;
  const uint8_t *data = g_bytes_get_data (payload, &size);

  block->payload = g_bytes_ref (payload);
  block->t0_us = TWIN_TIME_NONE;
  return read_block (block, data, size, error) ? g_steal_pointer (&block)
                                               : NULL;
}

void
twin_block_free (TwinBlock *block)
{
  if (block == NULL)
    return;

  g_free (block->sensor);
  g_free (block->unit);
  g_clear_pointer (&block->payload, g_bytes_unref);
  g_free (block);
}

/* --- samples -----------------------------------------------------------------
 */

static double
raw_at (TwinSampleType type, const uint8_t *data, size_t i)
{
  uint16_t narrow;
  uint32_t wide;

  if (type == TWIN_SAMPLES_F32)
    return float_at (data + 4 * i);
  if (type == TWIN_SAMPLES_I16)
    {
      memcpy (&narrow, data + 2 * i, sizeof narrow);
      return (int16_t) GUINT16_FROM_LE (narrow);
    }
  memcpy (&wide, data + 4 * i, sizeof wide);
  return (int32_t) GUINT32_FROM_LE (wide);
}

void
twin_samples_to_floats (TwinSampleType type,
                        const uint8_t *data,
                        size_t         n,
                        double         scale,
                        double         offset,
                        float         *out)
{
  for (size_t i = 0; i < n; i++)
    out[i] = raw_at (type, data, i) * scale + offset;
}

void
twin_block_get_floats (const TwinBlock *block, float *out)
{
  twin_samples_to_floats (block->type, block->data, block->n, block->scale,
                          block->offset, out);
}

void
twin_block_get_doubles (const TwinBlock *block, double *out)
{
  for (uint32_t i = 0; i < block->n; i++)
    out[i] =
        raw_at (block->type, block->data, i) * block->scale + block->offset;
}

/* --- building ----------------------------------------------------------------
 */

GBytes *
twin_block_build (const TwinBlock *block)
{
  static const uint64_t tags[] = {
    [TWIN_SAMPLES_I16] = TAG_I16,
    [TWIN_SAMPLES_I32] = TAG_I32,
    [TWIN_SAMPLES_F32] = TAG_F32,
  };
  const char      axis[] = { block->axis, '\0' };
  TwinCborWriter *writer = twin_cbor_writer_new ();

  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_text (writer, "sensor", block->sensor);
  twin_cbor_writer_put_text (writer, "axis", axis);
  if (block->has_capture)
    twin_cbor_writer_put_uint (writer, "capture", block->capture);
  if (block->last)
    twin_cbor_writer_put_bool (writer, "last", TRUE);
  twin_cbor_writer_put_uint (writer, "n0", block->n0);
  twin_cbor_writer_put_uint (writer, "n", block->n);
  twin_cbor_writer_text (writer, "t0");
  if (block->t0_us == TWIN_TIME_NONE)
    twin_cbor_writer_null (writer);
  else
    twin_cbor_writer_float64 (writer,
                              twin_clock_seconds_from_us (block->t0_us));
  twin_cbor_writer_put_float64 (writer, "up", block->up);
  twin_cbor_writer_put_float64 (writer, "rate", block->rate_hz);
  twin_cbor_writer_put_float64 (writer, "scale", block->scale);
  twin_cbor_writer_put_float64 (writer, "offset", block->offset);
  twin_cbor_writer_put_text (writer, "unit", block->unit);
  twin_cbor_writer_put_text (writer, "why", whys[block->why]);
  twin_cbor_writer_put_bytes (writer, "ring", block->ring, TWIN_RING_SIZE);
  twin_cbor_writer_put_uint (writer, "epoch", block->epoch);
  twin_cbor_writer_put_uint (writer, "quality", block->quality);
  twin_cbor_writer_text (writer, "data");
  twin_cbor_writer_tag (writer, tags[block->type]);
  twin_cbor_writer_bytes (writer, block->data, block->data_size);
  twin_cbor_writer_end_map (writer);
  return twin_cbor_writer_finish (writer);
}
