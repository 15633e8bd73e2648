/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-bench.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "twin-cbor-json.h"
#include "twin-cose.h"

#define PLANT "works"

#define SENSOR(axis)                                                           \
  "{\"name\":\"de/acceleration\",\"axis\":\"" axis "\",\"unit\":\"g\","        \
  "\"rate\":4000,\"range\":[-8,8],\"maxSilenceS\":60}"

static const char graph[] =
    "{\"digitalTwinsFileInfo\":{\"fileVersion\":\"1.0.0\"},"
    "\"digitalTwinsModels\":["
    "{\"@id\":\"dtmi:com:example:twin:MachinePart;1\","
    "\"@type\":\"Interface\",\"@context\":\"dtmi:dtdl:context;2\","
    "\"contents\":[{\"@type\":\"Property\",\"name\":\"designation\","
    "\"schema\":\"string\"},{\"@type\":\"Telemetry\",\"name\":"
    "\"temperature\",\"schema\":\"double\"}]},"
    "{\"@id\":\"dtmi:com:example:twin:Machine;1\","
    "\"@type\":\"Interface\",\"@context\":\"dtmi:dtdl:context;2\","
    "\"contents\":[{\"@type\":\"Property\",\"name\":\"ratedCurrent\","
    "\"schema\":\"double\"},"
    "{\"@type\":\"Property\",\"name\":\"isoGroup\",\"schema\":\"string\"},"
    "{\"@type\":\"Property\",\"name\":\"support\",\"schema\":\"string\"},"
    "{\"@type\":\"Property\",\"name\":\"poles\",\"schema\":\"integer\"},"
    "{\"@type\":[\"Property\",\"AngularVelocity\"],\"name\":\"ratedSpeed\","
    "\"unit\":\"revolutionPerMinute\",\"schema\":\"double\"},"
    "{\"@type\":[\"Telemetry\",\"Current\"],\"unit\":\"ampere\","
    "\"name\":\"current\",\"schema\":\"double\"},"
    "{\"@type\":\"Relationship\",\"name\":\"hasPart\"},"
    "{\"@type\":\"Command\",\"name\":\"identify\",\"request\":{\"name\":"
    "\"seconds\",\"schema\":\"integer\"}}]}],"
    "\"digitalTwinsGraph\":{\"digitalTwins\":["
    "{\"$dtId\":\"fan\",\"$metadata\":{\"$model\":"
    "\"dtmi:com:example:twin:Machine;1\"},\"ratedCurrent\":10,"
    "\"isoGroup\":\"2\",\"support\":\"rigid\",\"poles\":4,\"ratedSpeed\":1475},"
    "{\"$dtId\":\"fan-de\",\"$metadata\":{\"$model\":"
    "\"dtmi:com:example:twin:MachinePart;1\"},"
    "\"designation\":\"6205-2RS JEM\"}],"
    "\"relationships\":[{\"$relationshipId\":\"r1\",\"$sourceId\":\"fan\","
    "\"$targetId\":\"fan-de\",\"$relationshipName\":\"hasPart\"}]}}";

static void
sink (TwinUpdate *update, void *data)
{
  EngineBench *self = data;

  twin_lock_acquire (&self->lock);
  g_ptr_array_add (self->updates, update);
  twin_cond_broadcast (&self->came);
  twin_lock_release (&self->lock);
}

void
engine_bench_open (EngineBench *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data =
      g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"), "data", NULL);
  const TwinEngineConfig config = {
    .store_path = self->store,
    .plant = PLANT,
    .key_dir = self->folder,
    .operator_name = "tester",
    .data_dir = data,
    .workers = 1,
  };

  self->engine = twin_engine_new (&config, &error);
  g_assert_no_error (error);
  twin_engine_set_sink (self->engine, sink, self);
}

EngineBench *
engine_bench_new (void)
{
  EngineBench *self = g_new0 (EngineBench, 1);

  self->folder = g_dir_make_tmp ("twin-engine-XXXXXX", NULL);
  self->store = g_build_filename (self->folder, "plant.db", NULL);
  memset (self->ring, 7, sizeof self->ring);
  twin_lock_init (&self->lock);
  twin_cond_init (&self->came);
  self->updates =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_update_unref);
  return self;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }

  g_rmdir (folder);
}

void
engine_bench_free (EngineBench *self)
{
  engine_bench_stop (self);
  remove_folder (self->folder);
  g_ptr_array_unref (self->updates);
  twin_cond_clear (&self->came);
  twin_lock_clear (&self->lock);
  g_free (self->folder);
  g_free (self->store);
  g_free (self);
}

void
engine_bench_start (EngineBench *self)
{
  engine_bench_open (self);
  twin_engine_start (self->engine);
}

void
engine_bench_stop (EngineBench *self)
{
  if (self->engine == NULL)
    return;

  twin_engine_stop (self->engine);
  g_clear_pointer (&self->engine, twin_engine_free);
}

static gboolean
is_request_end (const TwinUpdate *update, const void *data)
{
  return update->kind == TWIN_UPDATE_REQUEST &&
         update->request->id == *(const uint64_t *) data &&
         (update->request->stage == TWIN_REQUEST_DONE ||
          update->request->stage == TWIN_REQUEST_FAILED);
}

void
engine_bench_import (EngineBench *self)
{
  uint64_t id = twin_engine_import (self->engine, graph, "bench", "tester");
  g_autoptr (TwinUpdate) end = engine_bench_wait (self, is_request_end, &id);

  g_assert_nonnull (end);
  g_assert_cmpstr (end->request->text, ==,
                   "2 models, 2 twins, 1 relationships imported from bench.");
  g_assert_cmpint (end->request->stage, ==, TWIN_REQUEST_DONE);
}

void
engine_bench_feed (EngineBench *self, const char *topic, GBytes *payload)
{
  TwinMessage *message = g_new0 (TwinMessage, 1);
  gsize        size;
  const void  *data = g_bytes_get_data (payload, &size);

  message->topic = g_strdup (topic);
  /* A copy: the thread sanitizer does not see GLib count references. */
  message->payload = g_bytes_new (data, size);
  message->arrival_utc_us = twin_clock_utc_us ();
  message->arrival_monotonic_us = twin_clock_monotonic_us ();
  g_assert_true (twin_queue_push (self->engine->records, message));
}

void
engine_bench_record (EngineBench *self,
                     const char  *node,
                     uint64_t     seq,
                     const char  *name,
                     double       value,
                     int64_t      time_us)
{
  TwinRecordEntry entry = { .name = name,
                            .unit = "A",
                            .kind = TWIN_VALUE_NUMBER,
                            .number = value,
                            .time_us = time_us };
  TwinRecord      record = {
         .up = 5, .time_us = time_us, .n_entries = 1, .entries = &entry
  };
  g_autoptr (GBytes) payload = NULL;
  g_autofree char *topic =
      twin_topic_format (PLANT, node, TWIN_CHANNEL_TELEMETRY);

  memcpy (record.identity.ring, self->ring, sizeof self->ring);
  record.identity.epoch = 1;
  record.identity.seq = seq;
  payload = twin_record_build (&record);
  engine_bench_feed (self, topic, payload);
}

void
engine_bench_birth (EngineBench *self, const char *node, const char *twin)
{
  static const uint8_t seed[32] = { 9 };
  g_autoptr (TwinKey) key = twin_key_new_from_seed (seed);
  g_autofree char *public =
      twin_hex_format (twin_key_get_public (key), TWIN_PUBLIC_KEY_SIZE);
  g_autofree char *ring = twin_hex_format (self->ring, sizeof self->ring);
  g_autofree char *topic = twin_topic_format (PLANT, node, TWIN_CHANNEL_BIRTH);
  g_autofree char
      *text =
          g_strdup_printf (
              "{\"serial\":\"S-1\",\"class\":\"bench\",\"firmware\":\"1.0.0\","
              "\"build\":{\"$hex\":\"00112233\"},\"features\":[],\"boot\":"
              "\"power\","
              "\"ring\":{\"$hex\":\"%s\"},\"epoch\":1,\"up\":1.5,"
              "\"key\":{\"$hex\":\"%s\"},\"enrolled\":false,\"sensors\":"
              "[" SENSOR ("x") "," SENSOR ("y") "," SENSOR (
                  "z") "],"
                       "\"limits\":{},\"serves\":[{\"prefix\":\"\",\"twin\":\"%"
                       "s\","
                       "\"model\":\"dtmi:com:example:twin:Machine;1\"},{"
                       "\"prefix\":\"de/\","
                       "\"twin\":\"%s-de\",\"model\":"
                       "\"dtmi:com:example:twin:MachinePart;1\"}]}",
              ring, public, twin, twin);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  g_autoptr (TwinCborWriter) writer = twin_cbor_writer_new ();
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (GBytes) message = NULL;
  gsize          size;
  const uint8_t *data;

  g_assert_true (twin_cbor_writer_json (writer, root, 8, NULL));
  payload = twin_cbor_writer_finish (g_steal_pointer (&writer));
  data = g_bytes_get_data (payload, &size);
  message = twin_signed_build (key, topic, data, size);
  engine_bench_feed (self, topic, message);
}

TwinUpdate *
engine_bench_wait (EngineBench *self,
                   gboolean (*wanted) (const TwinUpdate *update,
                                       const void       *data),
                   const void *data)
{
  int64_t     end = twin_clock_monotonic_us () + 10 * TWIN_US_PER_S;
  TwinUpdate *found = NULL;
  guint       seen = 0;

  twin_lock_acquire (&self->lock);
  while (found == NULL && twin_clock_monotonic_us () < end)
    {
      for (; found == NULL && seen < self->updates->len; seen++)
        {
          TwinUpdate *update = g_ptr_array_index (self->updates, seen);

          if (wanted (update, data))
            found = twin_update_ref (update);
        }

      if (found == NULL)
        twin_cond_wait_until (&self->came, &self->lock, end);
    }
  twin_lock_release (&self->lock);
  return found;
}
