/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-status.c - what the engine reports of itself once a second */
#include "twin-engine-private.h"
#include "twin-json-members.h"

#include <math.h>
#include <unistd.h>

/* Names of ghosts in a status; their number is told whole. */
#define MISSING_TOLD 20

static int
compare_int64 (const void *a, const void *b)
{
  int64_t x = *(const int64_t *) a;
  int64_t y = *(const int64_t *) b;

  return (x > y) - (x < y);
}

/* The median in seconds, @otherwise when there is none. Empties @values. */
static double
take_median (GArray *values, double otherwise)
{
  double median = otherwise;

  if (values->len > 0)
    {
      g_array_sort (values, compare_int64);
      median = (double) g_array_index (values, int64_t, values->len / 2) / 1e6;
    }

  g_array_set_size (values, 0);
  return median;
}

static TwinLinkState
link_state (TwinLineState records)
{
  switch (records)
    {
    case TWIN_LINE_STOPPED:
      return TWIN_LINK_NONE;
    case TWIN_LINE_CONNECTING:
      return TWIN_LINK_CONNECTING;
    case TWIN_LINE_CONNECTED:
      return TWIN_LINK_UP;
    case TWIN_LINE_LOST:
      return TWIN_LINK_LOST;
    }

  g_return_val_if_reached (TWIN_LINK_NONE);
}

static void
fill_link (TwinEngine *self, TwinStatusUpdate *status)
{
  twin_lock_acquire (&self->lock);
  status->link = self->broker == NULL
                     ? TWIN_LINK_NONE
                     : link_state (self->line.state[TWIN_LINE_RECORDS]);
  status->broker = g_strdup (self->broker);
  if (self->line.cause[0] != '\0' &&
      (status->link != TWIN_LINK_UP || self->store_failing))
    status->link_text = g_strdup (self->line.cause);
  status->link_since_us = self->line.since_us;
  status->next_try_us = TWIN_TIME_NONE;
  twin_lock_release (&self->lock);
}

static void
fill_completeness (TwinEngine *self, TwinStatusUpdate *status)
{
  TwinCompletenessStats all;
  GHashTableIter        iter;
  TwinEngineNode       *node;

  if (!twin_completeness_get_stats (self->completeness, NULL, &all))
    return;

  status->records_stored = all.received;
  status->duplicates = all.duplicates;
  status->open_gaps = all.open;
  status->known_losses = all.lost[TWIN_LOSS_OVERWRITTEN] +
                         all.lost[TWIN_LOSS_ERASED] +
                         all.lost[TWIN_LOSS_CORRUPT];

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    {
      TwinCompletenessStats one;

      if (node->online &&
          twin_completeness_get_stats (self->completeness, node->name, &one) &&
          one.open > 0)
        status->replaying_nodes++;
    }
}

static void
fill_oldest (TwinEngine *self, TwinStatusUpdate *status)
{
  status->oldest_value_us = TWIN_TIME_NONE;

  for (guint i = 0; i < self->machines->len; i++)
    {
      const TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);
      const TwinStateItem     *shown = machine->place->shown;

      if (shown == NULL || shown->newest_us == TWIN_TIME_NONE ||
          !twin_engine_place_counts (machine->place))
        continue;

      if (status->oldest_value_us == TWIN_TIME_NONE ||
          shown->newest_us < status->oldest_value_us)
        {
          status->oldest_value_us = shown->newest_us;
          g_free (status->oldest_value_twin);
          status->oldest_value_twin = g_strdup (machine->place->id);
        }
    }
}

/* Nodes that talk and have no twin. */
static unsigned
count_ghosts (TwinEngine *self)
{
  GHashTableIter  iter;
  TwinEngineNode *node;
  unsigned        n = 0;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    n += twin_engine_node_is_ghost (node);

  return n;
}

static TwinStatusUpdate *
make_status (TwinEngine *self)
{
  TwinStatusUpdate *status = g_new0 (TwinStatusUpdate, 1);
  TwinLineStats     records, waves;

  fill_link (self, status);
  fill_completeness (self, status);
  fill_oldest (self, status);
  status->plant = g_strdup (self->plant);
  status->messages_per_s = self->stats.messages_per_s;
  status->lag_s = self->stats.lag_s;
  status->broker_ms = NAN;
  status->identity_conflicts = self->stats.conflicts;
  status->bad_messages = self->stats.bad;
  status->dropped_blocks = self->stats.dropped_blocks;
  status->workers = self->n_workers;
  status->workers_busy = g_atomic_int_get (&self->busy);
  status->analysis_s = self->stats.analysis_s;
  status->store_bytes = twin_store_size (self->store);
  status->silent_twins = twin_engine_silent_count (self);
  status->ghosts = count_ghosts (self);
  status->reload_s = self->stats.reload_s;

  if (self->link != NULL)
    {
      twin_link_get_stats (self->link, TWIN_LINE_RECORDS, &records);
      twin_link_get_stats (self->link, TWIN_LINE_WAVEFORMS, &waves);
      status->dropped_messages = records.dropped;
      status->next_try_us = records.next_try_us;
      if (records.round_trip_us >= 0)
        status->broker_ms = (double) records.round_trip_us / 1000;
      status->dropped_blocks += waves.dropped;
    }

  return status;
}

static const char *const link_words[] = { "none", "connecting", "up", "lost" };

static void
add_uint (JsonBuilder *json, const char *name, uint64_t value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, (int64_t) value);
}

static void
count_alarm (const TwinAlarmRow *row, void *data)
{
  unsigned *counts = data; /* active by priority; [0] unacknowledged */

  if (row->state == TWIN_ALARM_UNACKNOWLEDGED ||
      row->state == TWIN_ALARM_RETURNED)
    counts[0]++;
  if (row->active && row->priority >= 1 && row->priority <= 4)
    counts[row->priority]++;
}

static void
add_alarms (TwinEngine *self, JsonBuilder *json)
{
  unsigned counts[5] = { 0 };

  twin_alarm_table_foreach (self->alarms, count_alarm, counts);
  json_builder_set_member_name (json, "alarms");
  json_builder_begin_object (json);
  add_uint (json, "unacknowledged", counts[0]);
  add_uint (json, "critical", counts[1]);
  add_uint (json, "high", counts[2]);
  add_uint (json, "medium", counts[3]);
  add_uint (json, "low", counts[4]);
  json_builder_end_object (json);
}

static void
add_nodes (TwinEngine *self, JsonBuilder *json)
{
  GHashTableIter  iter;
  TwinEngineNode *node;
  unsigned        online = 0, trusted = 0;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    {
      online += node->online;
      trusted += node->has_key;
    }

  add_uint (json, "nodes", g_hash_table_size (self->nodes));
  add_uint (json, "nodesOnline", online);
  add_uint (json, "nodesTrusted", trusted);
}

/* Names of what misses its other half, the first of them. */
static void
add_missing (TwinEngine *self, JsonBuilder *json)
{
  GHashTableIter  iter;
  TwinEngineNode *node;
  unsigned        told = 0;

  json_builder_set_member_name (json, "ghostNodes");
  json_builder_begin_array (json);
  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    {
      if (twin_engine_node_is_ghost (node) && told++ < MISSING_TOLD)
        json_builder_add_string_value (json, node->name);
    }
  json_builder_end_array (json);

  told = 0;
  json_builder_set_member_name (json, "silent");
  json_builder_begin_object (json);
  for (guint i = 0; i < self->machines->len; i++)
    {
      const TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);

      if (machine->place->ghost != NULL && told++ < MISSING_TOLD)
        twin_json_add_text (json, machine->place->id, machine->place->ghost);
    }
  json_builder_end_object (json);
}

static void
add_machines (TwinEngine *self, JsonBuilder *json)
{
  unsigned counts[TWIN_LIFECYCLE_ARCHIVED + 1] = { 0 };
  unsigned thresholds = 0;

  for (guint i = 0; i < self->machines->len; i++)
    {
      const TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);

      counts[machine->place->lifecycle]++;
      thresholds += machine->tier == TWIN_TIER_THRESHOLDS;
    }

  /* Planned and retired ones are in no figure of the fleet. */
  add_uint (json, "machines",
            counts[TWIN_LIFECYCLE_COMMISSIONED] +
                counts[TWIN_LIFECYCLE_IN_SERVICE]);
  add_uint (json, "planned", counts[TWIN_LIFECYCLE_PLANNED]);
  add_uint (json, "retired", counts[TWIN_LIFECYCLE_RETIRED]);
  add_uint (json, "thresholdsOnly", thresholds);
}

/* For twinctl status: the same figures, as a row of the store. */
static char *
status_json (TwinEngine *self, const TwinStatusUpdate *status)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (json);
  twin_json_add_text (json, "plant", status->plant);
  twin_json_add_text (json, "broker", status->broker);
  twin_json_add_text (json, "link", link_words[status->link]);
  twin_json_add_text (json, "linkText", status->link_text);
  twin_json_add_number (json, "brokerMs", status->broker_ms);
  twin_json_add_number (json, "messagesPerS", status->messages_per_s);
  twin_json_add_number (json, "lagS", status->lag_s);
  twin_json_add_number (json, "analysisS", status->analysis_s);
  add_uint (json, "recordsStored", status->records_stored);
  add_uint (json, "duplicates", status->duplicates);
  add_uint (json, "identityConflicts", status->identity_conflicts);
  add_uint (json, "openGaps", status->open_gaps);
  add_uint (json, "knownLosses", status->known_losses);
  add_uint (json, "replayingNodes", status->replaying_nodes);
  add_uint (json, "droppedMessages", status->dropped_messages);
  add_uint (json, "droppedBlocks", status->dropped_blocks);
  add_uint (json, "badMessages", status->bad_messages);
  add_uint (json, "recordsQueued", twin_queue_length (self->records));
  add_uint (json, "jobsQueued", twin_queue_length (self->jobs));
  add_machines (self, json);
  add_uint (json, "ghosts", status->ghosts);
  add_uint (json, "silentTwins", status->silent_twins);
  add_missing (self, json);
  twin_json_add_number (json, "reloadS", status->reload_s);
  add_uint (json, "change", (uint64_t) self->change);
  add_uint (json, "twins", twin_graph_count (self->graph));
  add_uint (json, "workers", (uint64_t) status->workers);
  add_uint (json, "storeBytes", status->store_bytes);
  add_nodes (self, json);
  add_alarms (self, json);
  twin_engine_latency_add (self, json);
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

void
twin_engine_status_post (TwinEngine *self)
{
  g_autoptr (GError) error = NULL;
  TwinStatusUpdate *status = make_status (self);
  g_autofree char  *json = status_json (self, status);

  if (twin_engine_batch_open (self) &&
      !twin_store_put_status (self->store, json, twin_clock_utc_us (), &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
  else
    twin_engine_states_store (self, twin_clock_utc_us ());

  twin_engine_post (self, TWIN_UPDATE_STATUS, status);
}

void
twin_engine_status_second (TwinEngine *self, int64_t monotonic_us)
{
  TwinEngineStats *stats = &self->stats;
  double           seconds = (double) (monotonic_us - stats->second_us) / 1e6;

  stats->messages_per_s =
      (double) (stats->messages - stats->messages_before) / seconds;
  stats->messages_before = stats->messages;
  stats->second_us = monotonic_us;
  stats->lag_s = take_median (stats->lags, stats->lag_s);
  stats->analysis_s = take_median (stats->analysis, stats->analysis_s);
  twin_engine_status_post (self);
}
