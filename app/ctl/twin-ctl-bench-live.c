/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-bench-live.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "twin-store-batch-private.h"
#include "twin-store-changes.h"
#include "twin-store-graph.h"
#include "twin-store-groups.h"
#include "twin-store-reader.h"

enum
{
  SENSORS = 3000,
  SAMPLES = 240,
  MEMBERS = 500,
  EDITED = 5000,
};

#define PAUSE_US (30 * TWIN_US_PER_S)
#define SENSOR "dtmi:com:example:bench:TemperatureSensor;1"

/* --- samples ------------------------------------------------------------- */

/* A machine's temperature: slow, with noise, the same in every run. */
static double
temperature (guint sensor, int step)
{
  return 20 + sensor % 80 + 0.01 * step + (sensor * 31 + step * 17) % 7 * 0.1;
}

static gboolean
write_samples (TwinStore *store,
               GPtrArray *sensors,
               int        from,
               int        to,
               gint64     now_us,
               GError   **error)
{
  TwinStoreBatch *batch = twin_store_batch_new (store, error);
  gboolean        good = batch != NULL;

  for (int step = from; good && step < to; step++)
    {
      const gint64 time_us = now_us - (SAMPLES - 1 - step) * PAUSE_US;

      good = twin_store_batch_begin (batch, error);
      for (guint i = 0; good && i < sensors->len; i++)
        {
          const TwinStoreSignal row = {
            .twin = g_ptr_array_index (sensors, i),
            .path = "temperature",
            .unit = "Cel",
            .max_silence_s = 60,
          };

          twin_store_batch_sample (batch, twin_store_batch_signal (batch, &row),
                                   time_us, temperature (i, step), 0);
        }
      good = good && twin_store_batch_commit (batch, error);
    }
  good = good && twin_store_batch_seal (batch, error);
  g_clear_pointer (&batch, twin_store_batch_free);
  return good;
}

/* --- tags, groups, edits ---------------------------------------------------
 */

static gboolean
write_groups (TwinStore *store, gint64 now_us, GError **error)
{
  g_autoptr (GString) members = g_string_new ("[");
  const TwinStoreGroup fast = {
    .name = "fast",
    .query = "SELECT * FROM DIGITALTWINS T WHERE"
             " IS_OF_MODEL(T, 'dtmi:com:example:bench:Machine;1')"
             " AND T.speed > 3500",
  };
  TwinStoreGroup shift = { .name = "shift" };

  for (int i = 0; i < MEMBERS; i++)
    g_string_append_printf (members, "%s\"machine-%d\"", i > 0 ? "," : "",
                            i * 3);
  g_string_append_c (members, ']');
  shift.members = members->str;
  return twin_store_put_group (store, &shift, now_us, error) &&
         twin_store_put_group (store, &fast, now_us, error);
}

/* Puts the twin again with @tags, or with another health. */
static gboolean
edit (TwinStore       *store,
      TwinStoreReader *reader,
      const char      *id,
      const char      *tags,
      GError         **error)
{
  TwinStoreTwin   *row = twin_store_reader_get_twin (reader, id, NULL);
  TwinStoreTwin    changed;
  g_autofree char *props = NULL;
  gboolean         good;

  if (row == NULL)
    return TRUE; /* a plant smaller than that */

  changed = *row;
  changed.etag = NULL;
  if (tags != NULL)
    changed.tags = tags;
  else
    {
      g_autoptr (JsonNode) node = json_from_string (row->props, error);

      if (node == NULL)
        return FALSE;
      json_object_set_double_member (json_node_get_object (node), "health", 5);
      props = json_to_string (node, FALSE);
      changed.props = props;
    }
  good = twin_store_put_twin (store, &changed, NULL, error);
  twin_store_twin_free (row);
  return good;
}

static gboolean
edit_some (TwinStore       *store,
           TwinStoreReader *reader,
           const char      *format,
           int              n,
           int              step,
           const char      *tags,
           gint64           now_us,
           GError         **error)
{
  gboolean good = twin_store_begin (store, error);

  if (!good)
    return FALSE;

  good = twin_store_begin_change (store, "bench", "edit", NULL, now_us, error);
  for (int i = 0; good && i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s-%d", format, i * step);

      good = edit (store, reader, id, tags, error);
    }
  if (good)
    return twin_store_commit (store, error);

  twin_store_rollback (store);
  return FALSE;
}

gboolean
twin_ctl_bench_live_write (const char *path, gint64 now_us, GError **error)
{
  g_autoptr (GPtrArray) sensors = g_ptr_array_new_with_free_func (g_free);
  TwinStore       *store = twin_store_open (path, TWIN_STORE_ENGINE, error);
  TwinStoreReader *reader =
      store != NULL ? twin_store_reader_open (path, error) : NULL;
  gboolean good = reader != NULL;

  if (good)
    {
      g_autoptr (GPtrArray) twins =
          twin_store_reader_list_twins (reader, error);

      good = twins != NULL;
      for (guint i = 0; good && i < twins->len && sensors->len < SENSORS; i++)
        {
          const TwinStoreTwin *twin = g_ptr_array_index (twins, i);

          if (strcmp (twin->model, SENSOR) == 0)
            g_ptr_array_add (sensors, g_strdup (twin->id));
        }
    }

  good = good && write_samples (store, sensors, 0, SAMPLES, now_us, error) &&
         write_groups (store, now_us, error) &&
         edit_some (store, reader, "machine", 2000, 5, "[\"line 7\"]", now_us,
                    error) &&
         edit_some (store, reader, "part", EDITED, 3, NULL,
                    now_us + 10 * TWIN_US_PER_S, error);
  g_clear_pointer (&reader, twin_store_reader_close);
  g_clear_pointer (&store, twin_store_close);
  return good;
}
