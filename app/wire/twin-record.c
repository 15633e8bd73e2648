/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-record.h"

#include "twin-cbor-writer.h"
#include "twin-clock.h"
#include "twin-fields.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum
{
  NAME_MAX_SIZE = 128,
  STRING_MAX_SIZE = 1024,
};

/* SenML's labels (RFC 8428, 6). Base value, unit and sum would change what
 * the values mean, so a record that has them is refused, not misread. */
enum
{
  BASE_SUM = -6,
  BASE_VALUE = -5,
  BASE_UNIT = -4,
  BASE_TIME = -3,
  BASE_NAME = -2,
  NAME = 0,
  UNIT = 1,
  VALUE = 2,
  STRING_VALUE = 3,
  BOOL_VALUE = 4,
  TIME = 6,
};

/* 1970 to 2200. */
static const int64_t time_max_us = INT64_C (7258118400) * TWIN_US_PER_S;

/* One entry as it lies in the bytes. */
typedef struct
{
  TwinCborItem    base_name, name, unit, string; /* size 0: absent */
  gboolean        has_base_time, has_time, has_name;
  double          base_time, time;
  int             n_values;
  TwinRecordEntry value; /* kind, number, boolean */
  uint64_t        q;
  unsigned        identity; /* bits of what was there */
  TwinIdentity    id;
  double          up;
} Entry;

enum
{
  HAS_RING = 1,
  HAS_EPOCH = 2,
  HAS_SEQ = 4,
  HAS_UP = 8,
  HAS_ALL = 15,
};

static gboolean
read_text (TwinCborReader *reader,
           TwinCborItem   *item,
           size_t          max,
           GError        **error)
{
  if (!twin_cbor_reader_next (reader, item, error))
    return FALSE;
  return (item->type == TWIN_CBOR_TEXT && item->size <= max) ||
         twin_fields_refuse (error, "A name, unit or text value is none");
}

static gboolean
read_number_value (TwinCborReader *reader, Entry *entry, GError **error)
{
  entry->n_values++;
  entry->value.kind = TWIN_VALUE_NUMBER;
  return twin_cbor_reader_number (reader, "v", &entry->value.number, error);
}

static gboolean
read_string_value (TwinCborReader *reader, Entry *entry, GError **error)
{
  entry->n_values++;
  entry->value.kind = TWIN_VALUE_STRING;
  return read_text (reader, &entry->string, STRING_MAX_SIZE, error);
}

static gboolean
read_bool_value (TwinCborReader *reader, Entry *entry, GError **error)
{
  entry->n_values++;
  entry->value.kind = TWIN_VALUE_BOOL;
  return twin_cbor_reader_bool (reader, "vb", &entry->value.boolean, error);
}

static gboolean
read_labelled (TwinCborReader *reader,
               int64_t         label,
               Entry          *entry,
               GError        **error)
{
  switch (label)
    {
    case BASE_NAME:
      return read_text (reader, &entry->base_name, NAME_MAX_SIZE, error);
    case BASE_TIME:
      entry->has_base_time = TRUE;
      return twin_cbor_reader_number (reader, "bt", &entry->base_time, error);
    case NAME:
      entry->has_name = TRUE;
      return read_text (reader, &entry->name, NAME_MAX_SIZE, error);
    case UNIT:
      return read_text (reader, &entry->unit, TWIN_TEXT_MAX, error);
    case VALUE:
      return read_number_value (reader, entry, error);
    case STRING_VALUE:
      return read_string_value (reader, entry, error);
    case BOOL_VALUE:
      return read_bool_value (reader, entry, error);
    case TIME:
      entry->has_time = TRUE;
      return twin_cbor_reader_number (reader, "t", &entry->time, error);
    case BASE_UNIT:
    case BASE_VALUE:
    case BASE_SUM:
      return twin_fields_refuse (error,
                                 "Base unit, value and sum are not ours");
    default:
      return twin_cbor_reader_skip (reader, error);
    }
}

static gboolean
note (Entry *entry, unsigned what)
{
  entry->identity |= what;
  return TRUE;
}

/* The text labels of our own. */
static gboolean
read_own (TwinCborReader     *reader,
          const TwinCborItem *key,
          Entry              *entry,
          GError            **error)
{
  uint64_t value;

  if (twin_cbor_item_is_text (key, "ring"))
    {
      return twin_cbor_reader_bytes (reader, "ring", entry->id.ring,
                                     TWIN_RING_SIZE, error) &&
             note (entry, HAS_RING);
    }
  if (twin_cbor_item_is_text (key, "epoch"))
    {
      if (!twin_cbor_reader_uint (reader, "epoch", UINT32_MAX, &value, error))
        return FALSE;
      entry->id.epoch = value;
      return note (entry, HAS_EPOCH);
    }
  if (twin_cbor_item_is_text (key, "seq"))
    {
      return twin_cbor_reader_uint (reader, "seq", TWIN_SEQ_MAX, &entry->id.seq,
                                    error) &&
             note (entry, HAS_SEQ);
    }
  if (twin_cbor_item_is_text (key, "up"))
    {
      return twin_cbor_reader_number (reader, "up", &entry->up, error) &&
             note (entry, HAS_UP);
    }
  if (twin_cbor_item_is_text (key, "q"))
    return twin_cbor_reader_uint (reader, "q", TWIN_RECORD_BAD, &entry->q,
                                  error);
  return twin_cbor_reader_skip (reader, error);
}

static gboolean
read_entry (TwinCborReader *reader, Entry *entry, GError **error)
{
  size_t pairs;

  memset (entry, 0, sizeof *entry);
  if (!twin_cbor_reader_map (reader, "entry", &pairs, error))
    return FALSE;

  for (size_t i = 0; i < pairs; i++)
    {
      TwinCborItem key;
      gboolean     good;

      if (!twin_cbor_reader_next (reader, &key, error))
        return FALSE;
      if (key.type == TWIN_CBOR_TEXT)
        good = read_own (reader, &key, entry, error);
      else if (key.number > 63)
        good = twin_cbor_reader_skip (reader, error);
      else
        good = read_labelled (reader,
                              key.type == TWIN_CBOR_UINT
                                  ? (int64_t) key.number
                                  : -1 - (int64_t) key.number,
                              entry, error);
      if (!good)
        return FALSE;
    }

  return TRUE;
}

/* --- an entry's meaning -----------------------------------------------------
 */

/* SenML's characters: RFC 8428, 4.5.1. */
static gboolean
is_senml_name (const char *name, size_t size)
{
  if (size < 1 || size > NAME_MAX_SIZE || !g_ascii_isalnum (name[0]))
    return FALSE;
  for (size_t i = 1; i < size; i++)
    if (!g_ascii_isalnum (name[i]) && memchr ("-:./_", name[i], 5) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
resolve_time (double seconds, int64_t *us)
{
  *us = twin_clock_us_from_seconds (seconds);
  return *us != TWIN_TIME_NONE && *us >= -time_max_us && *us <= time_max_us;
}

static gboolean
resolve_value (Entry *entry, GError **error)
{
  if (entry->n_values > 1)
    return twin_fields_refuse (error, "An entry with more than one value");

  entry->value.q = entry->q;
  if (entry->n_values == 0 || entry->q == TWIN_RECORD_BAD)
    entry->value =
        (TwinRecordEntry){ .kind = TWIN_VALUE_BAD, .q = TWIN_RECORD_BAD };
  return TRUE;
}

/* Appends @item's text and a NUL; returns where. Offsets become pointers when
 * the buffer no longer moves. */
static size_t
keep_text (GByteArray         *text,
           const TwinCborItem *before,
           const TwinCborItem *item)
{
  const size_t at = text->len;

  if (before != NULL && before->size > 0)
    g_byte_array_append (text, before->bytes, before->size);
  if (item->size > 0)
    g_byte_array_append (text, item->bytes, item->size);
  g_byte_array_append (text, (const uint8_t *) "", 1);
  return at;
}

/* What is common to the entries of a record. */
typedef struct
{
  TwinRecord  *record;
  TwinCborItem base_name;
  GByteArray  *text;
  GArray      *entries; /* TwinRecordEntry, strings as offsets + 1 */
} Build;

static gboolean
add_entry (Build *build, Entry *entry, GError **error)
{
  const int64_t base_us = build->record->time_us;
  int64_t       offset_us = 0;
  size_t        name;

  /* Only base fields: nothing is said about any signal. */
  if (!entry->has_name && entry->n_values == 0 && entry->q == 0)
    return TRUE;
  if (!resolve_value (entry, error))
    return FALSE;
  if (entry->has_time && !resolve_time (entry->time, &offset_us))
    return twin_fields_refuse (error, "A time that is none");

  name = keep_text (build->text, &build->base_name, &entry->name);
  if (!is_senml_name ((const char *) build->text->data + name,
                      build->text->len - name - 1))
    return twin_fields_refuse (error,
                               "A name with other characters than SenML's");

  entry->value.name = GSIZE_TO_POINTER (name + 1);
  if (entry->unit.size > 0)
    entry->value.unit =
        GSIZE_TO_POINTER (keep_text (build->text, NULL, &entry->unit) + 1);
  if (entry->value.kind == TWIN_VALUE_STRING)
    entry->value.string =
        GSIZE_TO_POINTER (keep_text (build->text, NULL, &entry->string) + 1);

  entry->value.time_us =
      base_us == TWIN_TIME_NONE ? TWIN_TIME_NONE : base_us + offset_us;
  if (entry->value.time_us != TWIN_TIME_NONE &&
      (entry->value.time_us < 0 || entry->value.time_us > time_max_us))
    return twin_fields_refuse (error, "A time that is none");

  g_array_append_val (build->entries, entry->value);
  return TRUE;
}

static gboolean
take_first (Build *build, const Entry *entry, GError **error)
{
  TwinRecord *record = build->record;

  if (entry->identity != HAS_ALL)
    return twin_fields_refuse (error,
                               "The first entry lacks ring, epoch, seq or up");
  if (entry->up < 0)
    return twin_fields_refuse (error, "A time since boot before the boot");

  record->identity = entry->id;
  record->up = entry->up;
  record->time_us = TWIN_TIME_NONE;
  if (entry->has_base_time &&
      (!resolve_time (entry->base_time, &record->time_us) ||
       record->time_us < 0))
    return twin_fields_refuse (error, "A base time that is none");
  build->base_name = entry->base_name;
  return TRUE;
}

static gboolean
check_later (const Entry *entry, GError **error)
{
  if (entry->identity != 0)
    return twin_fields_refuse (error, "An identity in a later entry");
  if (entry->has_base_time || entry->base_name.size > 0)
    return twin_fields_refuse (error, "A base field in a later entry");
  return TRUE;
}

static gboolean
read_entries (Build *build, TwinCborReader *reader, GError **error)
{
  size_t n;

  if (!twin_cbor_reader_array (reader, "record", &n, error))
    return FALSE;
  if (n == 0)
    return twin_fields_refuse (error, "A record without an entry");

  for (size_t i = 0; i < n; i++)
    {
      Entry entry;

      if (!read_entry (reader, &entry, error) ||
          !(i == 0 ? take_first (build, &entry, error)
                   : check_later (&entry, error)) ||
          !add_entry (build, &entry, error))
        return FALSE;
    }

  return TRUE;
}

static const char *
point (const TwinRecord *record, const char *offset)
{
  return offset == NULL ? NULL : record->text + GPOINTER_TO_SIZE (offset) - 1;
}

TwinRecord *
twin_record_parse (const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinRecord) record = NULL;
  TwinCborReader reader;
  Build          build = { 0 };
  gboolean       good;
  size_t         n;

  if (!twin_cbor_check (data, size, FALSE, error))
    return NULL;

  record = g_new0 (TwinRecord, 1);
  build.record = record;
  build.text = g_byte_array_sized_new (size + 64);
  build.entries =
      g_array_sized_new (FALSE, FALSE, sizeof (TwinRecordEntry), 16);
  twin_cbor_reader_init (&reader, data, size);
  good = read_entries (&build, &reader, error);

  record->entries =
      (TwinRecordEntry *) (void *) g_array_steal (build.entries, &n);
  record->n_entries = n;
  g_array_unref (build.entries);
  record->text = (char *) g_byte_array_free (build.text, FALSE);
  if (!good)
    return NULL;

  for (size_t i = 0; i < n; i++)
    {
      TwinRecordEntry *entry = &record->entries[i];

      entry->name = point (record, entry->name);
      entry->unit = point (record, entry->unit);
      entry->string = point (record, entry->string);
    }
  return g_steal_pointer (&record);
}

void
twin_record_free (TwinRecord *record)
{
  if (record == NULL)
    return;

  g_free (record->entries);
  g_free (record->text);
  g_free (record);
}

gboolean
twin_record_read_identity (const uint8_t *data,
                           size_t         size,
                           TwinIdentity  *identity)
{
  TwinCborReader reader;
  Entry          entry = { 0 };
  size_t         n, pairs;

  if (!twin_cbor_check (data, size, FALSE, NULL))
    return FALSE;

  twin_cbor_reader_init (&reader, data, size);
  if (!twin_cbor_reader_array (&reader, "record", &n, NULL) || n == 0 ||
      !twin_cbor_reader_map (&reader, "entry", &pairs, NULL))
    return FALSE;

  for (size_t i = 0; i < pairs; i++)
    {
      TwinCborReader value;
      TwinCborItem   key;

      if (!twin_cbor_reader_next (&reader, &key, NULL))
        return FALSE;
      value = reader;
      if (key.type == TWIN_CBOR_TEXT)
        read_own (&value, &key, &entry, NULL);
      if (!twin_cbor_reader_skip (&reader, NULL))
        return FALSE;
    }

  *identity = entry.id;
  return (entry.identity & (HAS_RING | HAS_EPOCH | HAS_SEQ)) ==
         (HAS_RING | HAS_EPOCH | HAS_SEQ);
}

/* --- building ---------------------------------------------------------------
 */

static void
write_value (TwinCborWriter *writer, const TwinRecordEntry *entry)
{
  switch (entry->kind)
    {
    case TWIN_VALUE_NUMBER:
      twin_cbor_writer_uint (writer, VALUE);
      if (fabs (entry->number) <= FLT_MAX)
        twin_cbor_writer_float32 (writer, entry->number);
      else
        twin_cbor_writer_float64 (writer, entry->number);
      break;
    case TWIN_VALUE_STRING:
      twin_cbor_writer_uint (writer, STRING_VALUE);
      twin_cbor_writer_text (writer, entry->string);
      break;
    case TWIN_VALUE_BOOL:
      twin_cbor_writer_uint (writer, BOOL_VALUE);
      twin_cbor_writer_bool (writer, entry->boolean);
      break;
    case TWIN_VALUE_BAD:
      break;
    }
}

static void
write_entry (TwinCborWriter        *writer,
             const TwinRecord      *record,
             const TwinRecordEntry *entry)
{
  const uint8_t q = entry->kind == TWIN_VALUE_BAD ? TWIN_RECORD_BAD : entry->q;

  twin_cbor_writer_uint (writer, NAME);
  twin_cbor_writer_text (writer, entry->name);
  if (entry->unit != NULL)
    {
      twin_cbor_writer_uint (writer, UNIT);
      twin_cbor_writer_text (writer, entry->unit);
    }
  write_value (writer, entry);
  if (record->time_us != TWIN_TIME_NONE && entry->time_us != TWIN_TIME_NONE &&
      entry->time_us != record->time_us)
    {
      twin_cbor_writer_uint (writer, TIME);
      twin_cbor_writer_float64 (writer, twin_clock_seconds_from_us (
                                            entry->time_us - record->time_us));
    }
  if (q != TWIN_RECORD_GOOD)
    twin_cbor_writer_put_uint (writer, "q", q);
}

GBytes *
twin_record_build (const TwinRecord *record)
{
  TwinCborWriter *writer = twin_cbor_writer_new ();

  twin_cbor_writer_array (writer, MAX (record->n_entries, 1));
  for (size_t i = 0; i < MAX (record->n_entries, 1); i++)
    {
      twin_cbor_writer_begin_map (writer);
      if (i == 0)
        {
          if (record->time_us != TWIN_TIME_NONE)
            {
              twin_cbor_writer_int (writer, BASE_TIME);
              twin_cbor_writer_float64 (writer, twin_clock_seconds_from_us (
                                                    record->time_us));
            }
          twin_cbor_writer_put_bytes (writer, "ring", record->identity.ring,
                                      TWIN_RING_SIZE);
          twin_cbor_writer_put_uint (writer, "epoch", record->identity.epoch);
          twin_cbor_writer_put_uint (writer, "seq", record->identity.seq);
          twin_cbor_writer_put_float64 (writer, "up", record->up);
        }
      if (i < record->n_entries)
        write_entry (writer, record, &record->entries[i]);
      twin_cbor_writer_end_map (writer);
    }
  return twin_cbor_writer_finish (writer);
}
