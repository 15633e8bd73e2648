/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-nodes.c - who talks on the wire, and whether it is believed
 *
 * What a node signs is verified with the key that `enrolled` brought. Before
 * that only the key its own birth claims is there: good enough to see that a
 * message is whole, never to believe who sent it.
 */
#include "twin-engine-private.h"

#include <string.h>

#include "twin-cose.h"

TwinEngineNode *
twin_engine_node_get (TwinEngine *self, const char *name)
{
  TwinEngineNode *node = g_hash_table_lookup (self->nodes, name);

  if (node != NULL)
    return node;

  node = g_new0 (TwinEngineNode, 1);
  node->name = g_strdup (name);
  node->trust = g_strdup ("none");
  node->epoch = -1;
  node->last_arrival_us = node->last_touch_us = TWIN_TIME_NONE;
  node->longest_silence_s = TWIN_MAX_SILENCE_S;
  node->signals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  node->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  node->waves = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       twin_engine_wave_free);
  g_hash_table_insert (self->nodes, node->name, node);
  return node;
}

void
twin_engine_node_free (void *data)
{
  TwinEngineNode *node = data;

  g_clear_pointer (&node->birth, twin_birth_free);
  g_free (node->birth_json);
  g_free (node->reported_json);
  g_free (node->trust);
  g_free (node->leaving);
  g_free (node->leaving_who);
  g_free (node->claim_text);
  g_free (node->claim_told);
  g_hash_table_unref (node->signals);
  g_clear_pointer (&node->sources, g_hash_table_unref);
  g_hash_table_unref (node->seen);
  g_hash_table_unref (node->waves);
  g_clear_pointer (&node->said, g_hash_table_unref);
  g_free (node->tripped);
  g_clear_pointer (&node->serves, g_array_unref);
  g_free (node->name);
  g_free (node);
}

void
twin_engine_node_changed (TwinEngine *self, TwinEngineNode *node)
{
  node->changed = TRUE;
  self->out_nodes = TRUE;
}

/* --- what arrives
 * ------------------------------------------------------------- */

void
twin_engine_node_heard (TwinEngine     *self,
                        TwinEngineNode *node,
                        int64_t         arrival_us)
{
  twin_completeness_heard (self->completeness, node->name);
  if (node->last_arrival_us == TWIN_TIME_NONE ||
      arrival_us > node->last_arrival_us)
    node->last_arrival_us = arrival_us;

  if (!node->online)
    twin_engine_node_check_online (self, node, arrival_us);
}

/* The payload when the signature fits the key to be believed, or, of a node
 * whose key is not known, the key it claims. */
static gboolean
open_signed (TwinEngine        *self,
             TwinEngineNode    *node,
             const TwinMessage *message,
             const uint8_t     *claimed,
             TwinSigned        *opened,
             GError           **error)
{
  gsize          size;
  const uint8_t *data = g_bytes_get_data (message->payload, &size);
  const uint8_t *key = node->has_key ? node->key : claimed;

  if (!twin_signed_open (data, size, opened, error))
    return FALSE;

  if (key == NULL)
    {
      g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_SIGNATURE,
                   "%s has not said who it is", node->name);
      return FALSE;
    }

  return twin_signed_verify (opened, message->topic, key, error);
}

static gboolean
open_known (TwinEngine        *self,
            TwinEngineNode    *node,
            const TwinMessage *message,
            TwinSigned        *opened,
            GError           **error)
{
  const uint8_t *claimed = node->birth != NULL ? node->birth->key : NULL;

  return open_signed (self, node, message, claimed, opened, error);
}

static void
bad_message (TwinEngine *self, const TwinMessage *message, GError *error)
{
  self->stats.bad++;
  g_debug ("%s: %s", message->topic, error->message);
  g_error_free (error);
}

static void
take_removed (TwinEngine *self, TwinEngineNode *node)
{
  if (node->birth == NULL && node->birth_json == NULL)
    return;

  twin_completeness_removed (self->completeness, node->name);
  g_clear_pointer (&node->birth, twin_birth_free);
  g_clear_pointer (&node->birth_json, g_free);
  node->said_online = node->online = FALSE;
  node->dirty_row = TRUE;
  twin_engine_node_changed (self, node);
  if (node->leaving == NULL)
    twin_engine_log (self, "link",
                     node->machine != NULL ? node->machine->id : NULL, NULL,
                     "Node %s was decommissioned.", node->name);
  /* Who claimed its machine may have it now. */
  twin_engine_nodes_rebind (self);
}

/* Somebody else speaks as @node: the first one goes on being believed. */
static void
claim (TwinEngine *self, TwinEngineNode *node, const char *text)
{
  if (g_strcmp0 (node->claim_text, text) == 0)
    return;

  g_free (node->claim_text);
  node->claim_text = g_strdup (text);
  twin_engine_node_changed (self, node);
  twin_engine_log (self, "link",
                   node->machine != NULL ? node->machine->id : NULL, NULL, "%s",
                   text);
}

static void
adopt_birth (TwinEngine *self, TwinEngineNode *node, TwinBirth *birth)
{
  gboolean new_epoch = node->epoch != birth->epoch ||
                       memcmp (node->ring, birth->ring, sizeof node->ring) != 0;

  g_clear_pointer (&node->birth, twin_birth_free);
  node->birth = birth;
  g_free (node->birth_json);
  node->birth_json = twin_engine_birth_to_json (birth);
  memcpy (node->ring, birth->ring, sizeof node->ring);
  node->epoch = birth->epoch;

  node->silence_s = 0;
  node->longest_silence_s = 1;
  for (size_t i = 0; i < birth->n_sensors; i++)
    {
      if (birth->sensors[i].axis == 0)
        node->longest_silence_s =
            MAX (node->longest_silence_s, birth->sensors[i].max_silence_s);
    }

  node->left = FALSE;
  twin_commands_set_epoch (self->commands, node->name, birth->epoch);
  twin_engine_node_bind (self, node);
  node->dirty_row = TRUE;
  twin_engine_node_changed (self, node);

  if (new_epoch)
    twin_engine_log (self, "event",
                     node->machine != NULL ? node->machine->id : NULL, NULL,
                     "Node %s started (%s), firmware %s.", node->name,
                     birth->boot, birth->firmware);
}

void
twin_engine_take_birth (TwinEngine        *self,
                        TwinEngineNode    *node,
                        const TwinMessage *message)
{
  g_autoptr (TwinBirth) birth = NULL;
  g_autoptr (GError) error = NULL;
  gsize          size;
  const uint8_t *data = g_bytes_get_data (message->payload, &size);
  TwinSigned     opened;

  if (size == 0)
    {
      take_removed (self, node);
      return;
    }

  if (!twin_signed_open (data, size, &opened, &error))
    {
      bad_message (self, message, g_steal_pointer (&error));
      return;
    }

  birth = twin_birth_parse (opened.payload, opened.payload_size, &error);
  if (birth == NULL)
    {
      bad_message (self, message, g_steal_pointer (&error));
      return;
    }

  if (!twin_signed_verify (&opened, message->topic,
                           node->has_key ? node->key : birth->key, &error))
    {
      g_autofree char *text =
          g_strdup_printf ("Somebody else claims to be node %s (serial %s); "
                           "its birth is not "
                           "signed with the key enrolled and is ignored.",
                           node->name, birth->serial);

      if (node->has_key)
        claim (self, node, text);
      bad_message (self, message, g_steal_pointer (&error));
      return;
    }

  if (!message->retained)
    twin_engine_node_heard (self, node, message->arrival_utc_us);
  g_clear_pointer (&node->claim_text, g_free);
  adopt_birth (self, node, g_steal_pointer (&birth));
  twin_engine_node_enrol (self, node);
}

void
twin_engine_take_status (TwinEngine        *self,
                         TwinEngineNode    *node,
                         const TwinMessage *message)
{
  gsize       size;
  const char *data = g_bytes_get_data (message->payload, &size);
  gboolean    online = size == 6 && memcmp (data, "online", 6) == 0;

  if (!online &&
      !(size == 0 || (size == 7 && memcmp (data, "offline", 7) == 0)))
    {
      self->stats.bad++;
      return;
    }

  node->said_online = online;
  node->dirty_row = TRUE;
  /* A retained `online` can outlive node and broker. */
  if (!message->retained && online)
    twin_engine_node_heard (self, node, message->arrival_utc_us);
  twin_engine_node_check_online (self, node, message->arrival_utc_us);
}

void
twin_engine_take_ring (TwinEngine        *self,
                       TwinEngineNode    *node,
                       const TwinMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinRingReport) report = NULL;
  TwinSigned opened;
  uint64_t   lost;

  if (!open_known (self, node, message, &opened, &error) ||
      (report = twin_ring_report_parse (opened.payload, opened.payload_size,
                                        &error)) == NULL)
    {
      bad_message (self, message, g_steal_pointer (&error));
      return;
    }

  node->held = 0;
  for (size_t i = 0; i < report->n_held; i++)
    node->held += report->held[i].last - report->held[i].first + 1;

  lost = twin_completeness_report (self->completeness, node->name, report);
  if (lost > 0 && twin_engine_batch_open (self))
    twin_completeness_take_changed (self->completeness,
                                    twin_engine_store_losses, self);
  if (lost > 0)
    twin_engine_log (self, "event",
                     node->machine != NULL ? node->machine->id : NULL, NULL,
                     "%" G_GUINT64_FORMAT " records of node %s are lost: its "
                     "ring no longer holds them.",
                     lost, node->name);
  twin_engine_node_changed (self, node);
}

void
twin_engine_take_reported (TwinEngine        *self,
                           TwinEngineNode    *node,
                           const TwinMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinReported) reported = NULL;
  TwinSigned opened;

  if (g_bytes_get_size (message->payload) == 0)
    return;

  if (!open_known (self, node, message, &opened, &error) ||
      (reported = twin_reported_parse (opened.payload, opened.payload_size,
                                       &error)) == NULL)
    {
      bad_message (self, message, g_steal_pointer (&error));
      return;
    }

  g_free (node->reported_json);
  node->reported_json = json_to_string (reported->properties, FALSE);
  node->reported_version = reported->version;
  twin_engine_node_settings (self, node,
                             json_node_get_object (reported->properties));
  twin_engine_sources_reported (node,
                                json_node_get_object (reported->properties));
  node->dirty_row = TRUE;
  twin_engine_node_changed (self, node);
  twin_engine_properties_reported (self, node, reported->properties,
                                   reported->time_us, message->arrival_utc_us);

  twin_engine_trip_reported (self, node,
                             json_node_get_object (reported->properties),
                             reported->time_us != TWIN_TIME_NONE
                                 ? reported->time_us
                                 : message->arrival_utc_us);

  /* Only what the enrolled key signed acts on orders and documents. */
  if (node->has_key)
    {
      twin_desired_reported (self->desired, node->name, reported);
      twin_orders_reported (self->orders, node->name, reported);
      twin_engine_firmware_reported (self, node, reported->properties,
                                     message->retained ? reported->time_us
                                                       : INT64_MAX);
    }

  if (node->machine != NULL)
    twin_engine_machine_reported (self, node->machine->machine,
                                  reported->properties);
}

void
twin_engine_take_result (TwinEngine        *self,
                         TwinEngineNode    *node,
                         const TwinMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinResult) result = NULL;
  TwinSigned opened;

  if (!open_known (self, node, message, &opened, &error) ||
      (result = twin_result_parse (opened.payload, opened.payload_size,
                                   &error)) == NULL ||
      !twin_commands_result (self->commands, node->name, result, node->has_key,
                             &error))
    bad_message (self, message, g_steal_pointer (&error));
}

/* --- time passes
 * ---------------------------------------------------------------- */

/* Gaps open and close without a word of the node. */
static void
check_gaps (TwinEngine *self, TwinEngineNode *node)
{
  TwinCompletenessStats stats;

  if (!twin_completeness_get_stats (self->completeness, node->name, &stats) ||
      stats.open == node->shown_open)
    return;

  node->shown_open = stats.open;
  twin_engine_node_changed (self, node);
}

/* Online: its status says so, and something arrived lately. */
void
twin_engine_node_check_online (TwinEngine     *self,
                               TwinEngineNode *node,
                               int64_t         now_us)
{
  int64_t  limit = 2 * (int64_t) node->longest_silence_s * TWIN_US_PER_S;
  gboolean online = node->said_online && self->link_up &&
                    node->last_arrival_us != TWIN_TIME_NONE &&
                    now_us - node->last_arrival_us <= limit;

  if (online == node->online)
    return;

  node->online = online;
  twin_engine_node_changed (self, node);
  if (node->machine != NULL)
    twin_engine_place_touch (node->machine);

  /* When our own link is down that is what is said, not this for each node. */
  if (self->link_up)
    twin_engine_log (self, "link",
                     node->machine != NULL ? node->machine->id : NULL, NULL,
                     online ? "Node %s is online." : "Node %s is offline.",
                     node->name);
}

/* Heard of since its row was last written, that half a minute ago or never. */
static gboolean
touch_due (const TwinEngineNode *node)
{
  if (node->last_arrival_us == TWIN_TIME_NONE)
    return FALSE;

  return node->last_touch_us == TWIN_TIME_NONE ||
         node->last_arrival_us - node->last_touch_us > 30 * TWIN_US_PER_S;
}

void
twin_engine_nodes_tick (TwinEngine *self, int64_t now_us)
{
  GHashTableIter  iter;
  TwinEngineNode *node;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    {
      twin_engine_node_check_online (self, node, now_us);
      check_gaps (self, node);
      twin_engine_decommission_tick (self, node);
      if (node->dirty_row || touch_due (node))
        twin_engine_node_store (self, node);
    }
}

void
twin_engine_ask_replays (TwinEngine *self)
{
  g_autoptr (GPtrArray) asks = NULL;

  if (!self->link_up)
    return;

  asks = twin_completeness_take_asks (self->completeness);
  for (guint i = 0; asks != NULL && i < asks->len; i++)
    {
      const TwinAsk   *ask = g_ptr_array_index (asks, i);
      g_autofree char *topic =
          twin_topic_format (self->plant, ask->node, TWIN_CHANNEL_REPLAY);
      g_autoptr (GBytes) payload =
          twin_replay_build (ask->id, ask->spans, ask->n_spans, ask->rate);
      g_autoptr (GError) error = NULL;

      /* What is not sent now becomes due again. */
      if (!twin_engine_link_publish (topic, payload, 1, FALSE, self, &error))
        g_debug ("%s", error->message);
    }
}
