/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-chunk.h"

#include <math.h>
#include <string.h>

#include "twin-store-bits.h"

/* Byte 0: form; then n, first time, times, flags, values. */
enum
{
  FORM_F64 = 1,
  FORM_F32 = 2,
};

static gboolean
fits_f32 (const TwinStoreSample *samples, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!isnan (samples[i].value) &&
        (double) (float) samples[i].value != samples[i].value)
      return FALSE;
  return TRUE;
}

static uint64_t
bits_of (double value, gboolean f32)
{
  uint64_t wide;
  uint32_t narrow;
  float    single;

  /* One NaN for all: what a NaN carries means nothing here. */
  if (isnan (value))
    value = (double) NAN;
  if (f32)
    {
      single = (float) value;
      memcpy (&narrow, &single, sizeof narrow);
      return narrow;
    }
  memcpy (&wide, &value, sizeof wide);
  return wide;
}

static double
value_of (uint64_t bits, gboolean f32)
{
  const uint32_t narrow = (uint32_t) bits;
  double         value;
  float          single;

  if (f32)
    {
      memcpy (&single, &narrow, sizeof single);
      return single;
    }
  memcpy (&value, &bits, sizeof value);
  return value;
}

/* Differences are taken modulo 2^64: any two times can be told. */
static void
put_times (GByteArray *bytes, const TwinStoreSample *samples, size_t n)
{
  uint64_t step = 0;
  size_t   same = 0;

  for (size_t i = 1; i < n; i++)
    {
      const uint64_t next =
          (uint64_t) samples[i].time_us - (uint64_t) samples[i - 1].time_us;

      if (next == step)
        {
          same++;
          if (i + 1 < n)
            continue;
        }
      if (same > 0)
        {
          twin_store_varint_put (bytes, 0);
          twin_store_varint_put (bytes, same);
          same = 0;
        }
      if (next != step)
        twin_store_varint_put_signed (bytes, (int64_t) (next - step));
      step = next;
    }
}

static gboolean
get_times (const uint8_t   *bytes,
           size_t           size,
           size_t          *at,
           TwinStoreSample *samples,
           size_t           n)
{
  uint64_t step = 0;
  size_t   i = 1;

  while (i < n)
    {
      int64_t  change;
      uint64_t repeat = 1;

      if (!twin_store_varint_get_signed (bytes, size, at, &change))
        return FALSE;
      if (change == 0 && !twin_store_varint_get (bytes, size, at, &repeat))
        return FALSE;
      if (repeat == 0 || repeat > n - i)
        return FALSE;

      step += (uint64_t) change;
      for (; repeat > 0; repeat--, i++)
        samples[i].time_us =
            (int64_t) ((uint64_t) samples[i - 1].time_us + step);
    }
  return TRUE;
}

static void
put_flags (GByteArray *bytes, const TwinStoreSample *samples, size_t n)
{
  for (size_t i = 0, begin = 0; i < n; i++)
    if (i + 1 == n || samples[i + 1].flags != samples[i].flags)
      {
        twin_store_varint_put (bytes, samples[i].flags);
        twin_store_varint_put (bytes, i + 1 - begin);
        begin = i + 1;
      }
}

static gboolean
get_flags (const uint8_t   *bytes,
           size_t           size,
           size_t          *at,
           TwinStoreSample *samples,
           size_t           n)
{
  for (size_t i = 0; i < n;)
    {
      uint64_t flags, run;

      if (!twin_store_varint_get (bytes, size, at, &flags) ||
          !twin_store_varint_get (bytes, size, at, &run) || flags > 255 ||
          run == 0 || run > n - i)
        return FALSE;
      for (; run > 0; run--, i++)
        samples[i].flags = flags;
    }
  return TRUE;
}

/* Bit 0: same as before. Then bit 0: the changed bits lie in the window used
 * last; bit 1: a new window follows (leading zeroes, length - 1). */
static void
put_values (GByteArray            *bytes,
            const TwinStoreSample *samples,
            size_t                 n,
            gboolean               f32)
{
  const unsigned     width = f32 ? 32 : 64;
  const unsigned     field = f32 ? 5 : 6;
  TwinStoreBitWriter out = { .bytes = bytes };
  uint64_t           before = 0;
  unsigned           lead = 0, length = 0;

  for (size_t i = 0; i < n; i++)
    {
      const uint64_t bits = bits_of (samples[i].value, f32);
      const uint64_t changed = bits ^ before;
      unsigned       new_lead, trail;

      before = bits;
      twin_store_bits_put (&out, changed != 0, 1);
      if (changed == 0)
        continue;

      new_lead = __builtin_clzll (changed) - (64 - width);
      trail = __builtin_ctzll (changed);
      if (length > 0 && new_lead >= lead && trail >= width - lead - length &&
          length <= width - new_lead - trail + 2 * field)
        twin_store_bits_put (&out, 0, 1);
      else
        {
          lead = new_lead;
          length = width - lead - trail;
          twin_store_bits_put (&out, 1, 1);
          twin_store_bits_put (&out, lead, field);
          twin_store_bits_put (&out, length - 1, field);
        }
      twin_store_bits_put (&out, changed >> (width - lead - length), length);
    }
  twin_store_bits_flush (&out);
}

static gboolean
get_values (const uint8_t   *bytes,
            size_t           size,
            TwinStoreSample *samples,
            size_t           n,
            gboolean         f32)
{
  const unsigned     width = f32 ? 32 : 64;
  const unsigned     field = f32 ? 5 : 6;
  TwinStoreBitReader in = { bytes, size, 0, FALSE };
  uint64_t           bits = 0;
  unsigned           lead = 0, length = 0;

  for (size_t i = 0; i < n && !in.failed; i++)
    {
      if (twin_store_bits_get (&in, 1) != 0)
        {
          if (twin_store_bits_get (&in, 1) != 0)
            {
              lead = twin_store_bits_get (&in, field);
              length = twin_store_bits_get (&in, field) + 1;
            }
          if (length == 0 || lead + length > width)
            return FALSE;
          bits ^= twin_store_bits_get (&in, length) << (width - lead - length);
        }
      samples[i].value = value_of (bits, f32);
    }
  return !in.failed;
}

GByteArray *
twin_store_chunk_encode (const TwinStoreSample *samples, size_t n)
{
  GByteArray    *bytes = g_byte_array_new ();
  const gboolean f32 = fits_f32 (samples, n);
  const uint8_t  form = f32 ? FORM_F32 : FORM_F64;

  g_assert (n >= 1 && n <= TWIN_CHUNK_MAX_SAMPLES);

  g_byte_array_append (bytes, &form, 1);
  twin_store_varint_put (bytes, n);
  twin_store_varint_put_signed (bytes, samples[0].time_us);
  put_times (bytes, samples, n);
  put_flags (bytes, samples, n);
  put_values (bytes, samples, n, f32);
  return bytes;
}

gboolean
twin_store_chunk_decode (const uint8_t *bytes,
                         size_t         size,
                         uint32_t       signal,
                         GArray        *samples)
{
  const guint      begin = samples->len;
  size_t           at = 1;
  uint64_t         n;
  int64_t          first;
  TwinStoreSample *out;

  if (size < 1 || (bytes[0] != FORM_F32 && bytes[0] != FORM_F64) ||
      !twin_store_varint_get (bytes, size, &at, &n) || n < 1 ||
      n > TWIN_CHUNK_MAX_SAMPLES ||
      !twin_store_varint_get_signed (bytes, size, &at, &first))
    return FALSE;

  g_array_set_size (samples, begin + n);
  out = &g_array_index (samples, TwinStoreSample, begin);
  for (size_t i = 0; i < n; i++)
    out[i].signal = signal;
  out[0].time_us = first;

  if (get_times (bytes, size, &at, out, n) &&
      get_flags (bytes, size, &at, out, n) &&
      get_values (bytes + at, size - at, out, n, bytes[0] == FORM_F32))
    return TRUE;

  g_array_set_size (samples, begin);
  return FALSE;
}

void
twin_store_chunk_append_raw (GByteArray *bytes, const TwinStoreSample *sample)
{
  uint8_t  raw[TWIN_CHUNK_RAW_SIZE];
  uint32_t signal = GUINT32_TO_LE (sample->signal);
  uint64_t time = GUINT64_TO_LE ((uint64_t) sample->time_us);
  uint64_t value = GUINT64_TO_LE (bits_of (sample->value, FALSE));

  memcpy (raw, &signal, 4);
  memcpy (raw + 4, &time, 8);
  memcpy (raw + 12, &value, 8);
  raw[20] = sample->flags;
  g_byte_array_append (bytes, raw, sizeof raw);
}

gboolean
twin_store_chunk_parse_raw (const uint8_t *bytes,
                            size_t         size,
                            uint32_t       only,
                            GArray        *samples)
{
  if (size % TWIN_CHUNK_RAW_SIZE != 0)
    return FALSE;

  for (; size > 0; size -= TWIN_CHUNK_RAW_SIZE, bytes += TWIN_CHUNK_RAW_SIZE)
    {
      TwinStoreSample sample;
      uint32_t        signal;
      uint64_t        time, value;

      memcpy (&signal, bytes, 4);
      sample.signal = GUINT32_FROM_LE (signal);
      if (only != 0 && sample.signal != only)
        continue;
      memcpy (&time, bytes + 4, 8);
      memcpy (&value, bytes + 12, 8);
      sample.time_us = (int64_t) GUINT64_FROM_LE (time);
      sample.value = value_of (GUINT64_FROM_LE (value), FALSE);
      sample.flags = bytes[20];
      g_array_append_val (samples, sample);
    }
  return TRUE;
}
