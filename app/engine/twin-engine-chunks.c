/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-chunks.c - pieces of images, as nodes ask for them
 *
 * They leave on the line of waveforms, at a bounded rate, and only of images
 * that a running campaign has told that node to fetch.
 */
#include "twin-engine-firmware.h"

/* Of all chunks together: half a megabyte in a second, a tenth of it at once.
 */
#define RATE 524288.0
#define BURST 65536.0

void
twin_engine_take_chunk_get (TwinEngine        *self,
                            TwinEngineNode    *node,
                            const TwinMessage *message)
{
  TwinEngineFirmware *firmware = self->firmware;
  g_autoptr (GError) error = NULL;
  TwinChunkGet   get;
  gsize          size;
  const uint8_t *data = g_bytes_get_data (message->payload, &size);

  if (!twin_chunk_get_parse (data, size, &get, &error))
    {
      self->stats.bad++;
      g_debug ("%s: %s", message->topic, error->message);
      return;
    }

  for (guint i = 0; i < firmware->campaigns->len; i++)
    {
      TwinEngineCampaign *campaign = g_ptr_array_index (firmware->campaigns, i);

      /* A node waits for one piece at a time: the newest counts. */
      if (twin_rollout_chunk (campaign->rollout, node->name, get.digest,
                              get.offset))
        g_hash_table_insert (firmware->wanted, g_strdup (node->name),
                             g_memdup2 (&get, sizeof get));
    }
}

static void
send_chunk (TwinEngine *self, const char *node, const TwinChunkGet *get)
{
  TwinEngineFirmware *firmware = self->firmware;
  g_autofree char    *topic =
      twin_topic_format (self->plant, node, TWIN_CHANNEL_CHUNK_DATA);

  for (guint i = 0; i < firmware->campaigns->len; i++)
    {
      TwinEngineCampaign *campaign = g_ptr_array_index (firmware->campaigns, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) payload = NULL;

      /* It may have been paused since it was asked for. */
      if (!twin_rollout_chunk (campaign->rollout, node, get->digest,
                               get->offset) ||
          !twin_engine_campaign_read (campaign, NULL))
        continue;

      payload = twin_chunk_data_build (get, campaign->package->image);
      if (payload == NULL)
        return;
      firmware->budget -= (double) g_bytes_get_size (payload);
      /* What is not sent now is asked for again. */
      if (!twin_engine_link_publish_bulk (self, topic, payload, &error))
        g_debug ("%s", error->message);
      return;
    }
}

void
twin_engine_chunks_serve (TwinEngine *self, int64_t now_us)
{
  TwinEngineFirmware *firmware = self->firmware;
  GHashTableIter      iter;
  char               *node;
  TwinChunkGet       *get;

  firmware->budget =
      MIN (BURST, firmware->budget +
                      RATE * (double) (now_us - firmware->filled_us) / 1e6);
  firmware->filled_us = now_us;

  g_hash_table_iter_init (&iter, firmware->wanted);
  while (firmware->budget > 0 &&
         g_hash_table_iter_next (&iter, (void **) &node, (void **) &get))
    {
      send_chunk (self, node, get);
      g_hash_table_iter_remove (&iter);
    }
}
