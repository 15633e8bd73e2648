/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors.h"

#include "twin-clock.h"

static void
set_hex (JsonObject    *object,
         const char    *member,
         const uint8_t *bytes,
         size_t         size)
{
  g_autofree char *hex = twin_hex_format (bytes, size);

  json_object_set_string_member (object, member, hex);
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  if (text == NULL)
    json_object_set_null_member (object, member);
  else
    json_object_set_string_member (object, member, text);
}

static void
set_time (JsonObject *object, const char *member, int64_t us)
{
  if (us == TWIN_TIME_NONE)
    json_object_set_null_member (object, member);
  else
    json_object_set_int_member (object, member, us);
}

static void
set_node (JsonObject *object, const char *member, JsonNode *node)
{
  json_object_set_member (object, member,
                          node == NULL ? json_node_new (JSON_NODE_NULL)
                                       : json_node_copy (node));
}

JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

static JsonObject *
dump_entry (const TwinRecordEntry *entry)
{
  static const char *const kinds[] = { "number", "string", "bool", "bad" };
  JsonObject              *object = json_object_new ();

  json_object_set_string_member (object, "name", entry->name);
  set_text (object, "unit", entry->unit);
  json_object_set_string_member (object, "kind", kinds[entry->kind]);
  if (entry->kind == TWIN_VALUE_NUMBER)
    json_object_set_double_member (object, "value", entry->number);
  else if (entry->kind == TWIN_VALUE_BOOL)
    json_object_set_boolean_member (object, "value", entry->boolean);
  else
    set_text (object, "value", entry->string);
  set_time (object, "time_us", entry->time_us);
  json_object_set_int_member (object, "q", entry->q);
  return object;
}

JsonNode *
dump_record (const TwinRecord *record)
{
  JsonObject *object = json_object_new ();
  JsonArray  *entries = json_array_new ();

  set_hex (object, "ring", record->identity.ring, TWIN_RING_SIZE);
  json_object_set_int_member (object, "epoch", record->identity.epoch);
  json_object_set_int_member (object, "seq", record->identity.seq);
  json_object_set_double_member (object, "up", record->up);
  set_time (object, "time_us", record->time_us);
  for (size_t i = 0; i < record->n_entries; i++)
    json_array_add_object_element (entries, dump_entry (&record->entries[i]));
  json_object_set_array_member (object, "entries", entries);
  return take_object (object);
}

JsonNode *
dump_block (const TwinBlock *block)
{
  static const char *const types[] = { "i16", "i32", "f32" };
  const char               axis[] = { block->axis, '\0' };
  g_autofree double       *values = g_new (double, block->n);
  JsonObject              *object = json_object_new ();
  JsonArray               *array = json_array_new ();

  json_object_set_string_member (object, "sensor", block->sensor);
  json_object_set_string_member (object, "axis", axis);
  if (block->has_capture)
    json_object_set_int_member (object, "capture", block->capture);
  else
    json_object_set_null_member (object, "capture");
  json_object_set_boolean_member (object, "last", block->last);
  json_object_set_int_member (object, "n0", block->n0);
  json_object_set_int_member (object, "n", block->n);
  set_time (object, "t0_us", block->t0_us);
  json_object_set_double_member (object, "up", block->up);
  json_object_set_double_member (object, "rate_hz", block->rate_hz);
  json_object_set_double_member (object, "scale", block->scale);
  json_object_set_double_member (object, "offset", block->offset);
  json_object_set_string_member (object, "unit", block->unit);
  json_object_set_string_member (object, "why",
                                 twin_block_why_to_string (block->why));
  set_hex (object, "ring", block->ring, TWIN_RING_SIZE);
  json_object_set_int_member (object, "epoch", block->epoch);
  json_object_set_int_member (object, "quality", block->quality);
  json_object_set_string_member (object, "type", types[block->type]);
  twin_block_get_doubles (block, values);
  for (uint32_t i = 0; i < block->n; i++)
    json_array_add_double_element (array, values[i]);
  json_object_set_array_member (object, "values", array);
  return take_object (object);
}

static JsonArray *
dump_sensors (const TwinBirth *birth)
{
  JsonArray *array = json_array_new ();

  for (size_t i = 0; i < birth->n_sensors; i++)
    {
      const TwinBirthSensor *sensor = &birth->sensors[i];
      const char             axis[] = { sensor->axis, '\0' };
      JsonObject            *object = json_object_new ();

      json_object_set_string_member (object, "name", sensor->name);
      set_text (object, "axis", sensor->axis == 0 ? NULL : axis);
      json_object_set_string_member (object, "unit", sensor->unit);
      json_object_set_double_member (object, "rate_hz", sensor->rate_hz);
      json_object_set_double_member (object, "low", sensor->low);
      json_object_set_double_member (object, "high", sensor->high);
      json_object_set_int_member (object, "maxSilenceS", sensor->max_silence_s);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
dump_serves (const TwinBirth *birth)
{
  JsonArray *array = json_array_new ();

  for (size_t i = 0; i < birth->n_serves; i++)
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "prefix", birth->serves[i].prefix);
      json_object_set_string_member (object, "twin", birth->serves[i].twin);
      json_object_set_string_member (object, "model", birth->serves[i].model);
      json_array_add_object_element (array, object);
    }
  return array;
}

JsonNode *
dump_birth (const TwinBirth *birth)
{
  JsonObject *object = json_object_new ();
  JsonObject *limits = json_object_new ();
  JsonArray  *features = json_array_new ();

  json_object_set_string_member (object, "serial", birth->serial);
  json_object_set_string_member (object, "class", birth->device_class);
  json_object_set_string_member (object, "firmware", birth->firmware);
  set_hex (object, "build", birth->build, birth->build_size);
  for (char **feature = birth->features; *feature != NULL; feature++)
    json_array_add_string_element (features, *feature);
  json_object_set_array_member (object, "features", features);
  json_object_set_string_member (object, "boot", birth->boot);
  set_hex (object, "ring", birth->ring, TWIN_RING_SIZE);
  json_object_set_int_member (object, "epoch", birth->epoch);
  json_object_set_double_member (object, "up", birth->up);
  set_hex (object, "key", birth->key, TWIN_PUBLIC_KEY_SIZE);
  set_time (object, "time_us", birth->time_us);
  json_object_set_boolean_member (object, "enrolled", birth->enrolled);
  json_object_set_array_member (object, "sensors", dump_sensors (birth));
  for (size_t i = 0; i < birth->n_limits; i++)
    json_object_set_double_member (limits, birth->limits[i].name,
                                   birth->limits[i].value);
  json_object_set_object_member (object, "limits", limits);
  json_object_set_array_member (object, "serves", dump_serves (birth));
  json_object_set_double_member (object, "virtual", birth->virtual_rate);
  return take_object (object);
}

static JsonArray *
dump_span (const TwinSpan *span)
{
  JsonArray *array = json_array_new ();

  json_array_add_int_element (array, span->epoch);
  json_array_add_int_element (array, span->first);
  json_array_add_int_element (array, span->last);
  return array;
}

JsonNode *
dump_ring (const TwinRingReport *report)
{
  JsonObject *object = json_object_new ();
  JsonArray  *held = json_array_new ();
  JsonArray  *lost = json_array_new ();

  set_hex (object, "ring", report->ring, TWIN_RING_SIZE);
  if (report->has_id)
    set_hex (object, "id", report->id, TWIN_ID_SIZE);
  else
    json_object_set_null_member (object, "id");
  for (size_t i = 0; i < report->n_held; i++)
    json_array_add_array_element (held, dump_span (&report->held[i]));
  for (size_t i = 0; i < report->n_lost; i++)
    {
      JsonArray *span = dump_span (&report->lost[i].span);

      json_array_add_string_element (span, twin_loss_cause_to_string (
                                               report->lost[i].cause));
      json_array_add_array_element (lost, span);
    }
  json_object_set_array_member (object, "held", held);
  json_object_set_array_member (object, "lost", lost);
  return take_object (object);
}

JsonNode *
dump_reported (const TwinReported *reported)
{
  JsonObject *object = json_object_new ();
  JsonArray  *refused = json_array_new ();

  json_object_set_int_member (object, "version", reported->version);
  if (reported->has_digest)
    set_hex (object, "digest", reported->digest, TWIN_DIGEST_SIZE);
  else
    json_object_set_null_member (object, "digest");
  json_object_set_int_member (object, "epoch", reported->epoch);
  json_object_set_double_member (object, "up", reported->up);
  set_time (object, "time_us", reported->time_us);
  set_node (object, "properties", reported->properties);
  for (size_t i = 0; i < reported->n_refused; i++)
    {
      JsonObject *refusal = json_object_new ();

      json_object_set_string_member (refusal, "path",
                                     reported->refused[i].path);
      json_object_set_string_member (refusal, "reason",
                                     reported->refused[i].reason);
      json_array_add_object_element (refused, refusal);
    }
  json_object_set_array_member (object, "refused", refused);
  return take_object (object);
}

JsonNode *
dump_result (const TwinResult *result)
{
  JsonObject *object = json_object_new ();

  set_hex (object, "id", result->id, result->id_size);
  json_object_set_string_member (object, "status",
                                 twin_result_status_to_string (result->status));
  set_text (object, "reason", result->reason);
  set_node (object, "detail", result->detail);
  json_object_set_double_member (object, "up", result->up);
  set_time (object, "time_us", result->time_us);
  return take_object (object);
}

JsonNode *
dump_desired (const TwinDesiredDocument *document, const TwinSigned *opened)
{
  JsonObject *object = json_object_new ();
  uint8_t     digest[TWIN_DIGEST_SIZE];

  json_object_set_int_member (object, "version", document->version);
  json_object_set_int_member (object, "base", document->base);
  set_node (object, "properties", document->properties);
  twin_digest (opened->payload, opened->payload_size, digest);
  set_hex (object, "digest", digest, sizeof digest);
  return take_object (object);
}

JsonNode *
dump_enrolled (const TwinEnrolled *enrolled)
{
  JsonObject *object = json_object_new ();

  set_hex (object, "key", enrolled->key, TWIN_PUBLIC_KEY_SIZE);
  set_hex (object, "nonce", enrolled->nonce, TWIN_NONCE_SIZE);
  set_hex (object, "kid", enrolled->kid, TWIN_KID_SIZE);
  return take_object (object);
}

/* @image: of a package; else NULL. */
JsonNode *
dump_manifest (const TwinManifest *manifest, GBytes *image)
{
  JsonObject *object = json_object_new ();

  set_text (object, "vendor", manifest->vendor);
  set_text (object, "class", manifest->device_class);
  set_text (object, "version", manifest->version);
  json_object_set_int_member (object, "sequence", (gint64) manifest->sequence);
  json_object_set_int_member (object, "counter", (gint64) manifest->counter);
  json_object_set_int_member (object, "size", manifest->size);
  set_hex (object, "digest", manifest->digest, TWIN_DIGEST_SIZE);
  if (image != NULL)
    set_hex (object, "image", g_bytes_get_data (image, NULL),
             g_bytes_get_size (image));
  return take_object (object);
}

JsonNode *
dump_chunk_get (const TwinChunkGet *get)
{
  JsonObject *object = json_object_new ();

  set_hex (object, "digest", get->digest, TWIN_DIGEST_SIZE);
  json_object_set_int_member (object, "offset", get->offset);
  json_object_set_int_member (object, "length", get->length);
  return take_object (object);
}
