/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-ingest.c - from a message to values of twins, exactly once */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

typedef void (*TakeFunc) (TwinEngine        *self,
                          TwinEngineNode    *node,
                          const TwinMessage *message);

static void
take_enrolled (TwinEngine        *self,
               TwinEngineNode    *node,
               const TwinMessage *message)
{
  g_autoptr (GError) error = NULL;
  gsize          size;
  const uint8_t *data = g_bytes_get_data (message->payload, &size);

  if (!twin_enrolment_message (self->enrolment, node->name, data, size, &error))
    {
      self->stats.bad++;
      g_debug ("%s: %s", message->topic, error->message);
    }
}

static void
take_desired (TwinEngine        *self,
              TwinEngineNode    *node,
              const TwinMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (!twin_desired_message (self->desired, node->name, message->payload,
                             &error))
    {
      self->stats.bad++;
      twin_engine_log (self, "link",
                       node->machine != NULL ? node->machine->id : NULL, NULL,
                       "%s", error->message);
    }
}

void
twin_engine_take_message (TwinEngine *self, TwinMessage *message)
{
  static const TakeFunc funcs[] = {
    [TWIN_CHANNEL_BIRTH] = twin_engine_take_birth,
    [TWIN_CHANNEL_STATUS] = twin_engine_take_status,
    [TWIN_CHANNEL_TELEMETRY] = twin_engine_take_record,
    [TWIN_CHANNEL_EVENT] = twin_engine_take_record,
    [TWIN_CHANNEL_RING] = twin_engine_take_ring,
    [TWIN_CHANNEL_REPORTED] = twin_engine_take_reported,
    [TWIN_CHANNEL_RESULT] = twin_engine_take_result,
    [TWIN_CHANNEL_WAVEFORM] = twin_engine_take_block,
    [TWIN_CHANNEL_ENROLLED] = take_enrolled,
    [TWIN_CHANNEL_DESIRED] = take_desired,
    [TWIN_CHANNEL_CHUNK_GET] = twin_engine_take_chunk_get,
  };
  g_autoptr (GError) error = NULL;
  TwinTopic       topic;
  TwinEngineNode *node;

  self->stats.messages++;
  if (!twin_topic_parse (message->topic, &topic, &error) ||
      strcmp (topic.plant, self->plant) != 0 ||
      topic.channel >= G_N_ELEMENTS (funcs) || funcs[topic.channel] == NULL)
    {
      self->stats.bad++;
      return;
    }

  if (g_hash_table_size (self->nodes) >= TWIN_COMPLETENESS_NODES_MAX &&
      !g_hash_table_contains (self->nodes, topic.node))
    {
      self->stats.bad++;
      return;
    }

  node = twin_engine_node_get (self, topic.node);
  node->channel = topic.channel;
  if (!message->retained && topic.channel != TWIN_CHANNEL_DESIRED &&
      topic.channel != TWIN_CHANNEL_STATUS)
    twin_engine_node_heard (self, node, message->arrival_utc_us);

  funcs[topic.channel](self, node, message);
}

/* --- time
 * --------------------------------------------------------------------- */

static char *
anchor_key (const TwinEngineNode *node, const TwinIdentity *identity)
{
  g_autofree char *ring =
      twin_hex_format (identity->ring, sizeof identity->ring);

  return g_strdup_printf ("anchor/%s/%s/%u", node->name, ring, identity->epoch);
}

static gboolean
has_anchor (const TwinEngineNode *node, const TwinIdentity *identity)
{
  return node->has_anchor && node->anchor.epoch == identity->epoch &&
         memcmp (node->anchor.ring, identity->ring, sizeof identity->ring) == 0;
}

/* UTC at up = 0 of the record's epoch: given once, by the first record with
 * both times, else by the arrival of one that was seen live. */
static int64_t
anchor_of (TwinEngine       *self,
           TwinEngineNode   *node,
           const TwinRecord *record,
           gboolean          seen_live,
           int64_t           arrival_us)
{
  g_autofree char *key = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *text = NULL;
  int64_t          up_us = llround (record->up * 1e6);
  int64_t          found;

  if (has_anchor (node, &record->identity))
    return node->anchor_us;

  key = anchor_key (node, &record->identity);
  kept = twin_store_reader_get_setting (self->reader, key, NULL);
  if (kept != NULL)
    found = g_ascii_strtoll (kept, NULL, 10);
  else if (record->time_us != TWIN_TIME_NONE)
    found = record->time_us - up_us;
  else if (seen_live)
    found = arrival_us - up_us;
  else
    return TWIN_TIME_NONE;

  if (kept == NULL)
    {
      text = g_strdup_printf ("%" G_GINT64_FORMAT, found);
      twin_store_set_setting (self->store, key, text, NULL);
    }

  node->anchor = record->identity;
  node->anchor_us = found;
  node->has_anchor = TRUE;
  return found;
}

/* --- values
 * --------------------------------------------------------------------- */

static const char *
text_of (const TwinRecordEntry *entry)
{
  if (entry->kind == TWIN_VALUE_STRING)
    return entry->string;
  if (entry->kind == TWIN_VALUE_BOOL)
    return entry->boolean ? "true" : "false";
  return NULL;
}

void
twin_engine_signal_apply (TwinEngine            *self,
                          TwinEngineSignal      *signal,
                          const TwinRecordEntry *entry,
                          int64_t                source_us,
                          int64_t                arrival_us,
                          gboolean               anchored)
{
  double value = entry->kind == TWIN_VALUE_NUMBER ? entry->number : NAN;

  /* Newest wins: history that is replayed does not turn a value back. */
  if (!twin_signal_update (&signal->v, value, text_of (entry),
                           entry->kind == TWIN_VALUE_BAD ? TWIN_QUALITY_BAD
                                                         : entry->q,
                           source_us, arrival_us, anchored))
    return;

  if (entry->unit != NULL && strcmp (signal->v.unit, entry->unit) != 0)
    {
      g_free (signal->v.unit);
      signal->v.unit = g_strdup (entry->unit);
    }

  if (signal->hidden)
    return;

  if (!signal->explained)
    twin_wander_add (&signal->wander, source_us, value);
  signal->stale =
      twin_engine_signal_is_stale (self, signal, twin_clock_utc_us ());
  twin_engine_signal_changed (self, signal);
  twin_engine_place_touch (signal->place);
  twin_engine_alarms_value (self, signal);
}

static uint32_t
row_of (TwinEngine *self, TwinEngineSignal *signal)
{
  if (signal->row == 0)
    {
      const TwinStoreSignal row = {
        .twin = signal->place->id,
        .path = signal->v.path,
        .unit = signal->v.unit,
        .node = signal->node != NULL ? signal->node->name : NULL,
        .flags = (signal->v.undeclared ? TWIN_STORE_SIGNAL_UNDECLARED : 0) |
                 (signal->derived ? TWIN_STORE_SIGNAL_DERIVED : 0),
        .max_silence_s = signal->v.max_silence_s,
      };

      signal->row = twin_store_batch_signal (self->batch, &row);
    }

  return signal->row;
}

static void
store_entry (TwinEngine            *self,
             TwinEngineSignal      *signal,
             const TwinRecordEntry *entry,
             int64_t                time_us,
             unsigned               flags)
{
  uint32_t row = row_of (self, signal);

  if (entry->q == 1)
    flags |= TWIN_STORE_SAMPLE_UNCERTAIN;

  switch (entry->kind)
    {
    case TWIN_VALUE_NUMBER:
      twin_store_batch_sample (self->batch, row, time_us, entry->number, flags);
      break;
    case TWIN_VALUE_BOOL:
      twin_store_batch_sample (self->batch, row, time_us, entry->boolean,
                               flags);
      break;
    case TWIN_VALUE_STRING:
      twin_store_batch_text (self->batch, row, time_us, entry->string);
      break;
    case TWIN_VALUE_BAD:
      twin_store_batch_sample (self->batch, row, time_us, NAN,
                               flags | TWIN_STORE_SAMPLE_BAD);
      break;
    }
}

/* --- records
 * ---------------------------------------------------------------------- */

/* Stores and applies the entries of a record that is new. */
static void
take_entries (TwinEngine        *self,
              TwinEngineNode    *node,
              const TwinRecord  *record,
              const TwinMessage *message,
              int64_t            anchor)
{
  int64_t up_us = llround (record->up * 1e6);

  for (size_t i = 0; i < record->n_entries; i++)
    {
      const TwinRecordEntry *entry = &record->entries[i];
      TwinEngineSignal      *signal;
      int64_t                time = entry->time_us;
      unsigned               flags = 0;

      if (node->channel == TWIN_CHANNEL_EVENT &&
          twin_engine_event_owns (entry->name))
        continue; /* evidence, no signal of the machine */

      signal = twin_engine_node_signal (self, node, entry->name, entry->unit);
      if (signal == NULL)
        {
          self->stats.bad++;
          continue;
        }

      if (time == TWIN_TIME_NONE)
        {
          flags = TWIN_STORE_SAMPLE_ANCHORED;
          time = anchor != TWIN_TIME_NONE ? anchor + up_us
                                          : message->arrival_utc_us;
        }

      store_entry (self, signal, entry, time, flags);
      twin_engine_signal_apply (self, signal, entry, time,
                                message->arrival_utc_us, flags != 0);
    }
}

static void
note_seen (TwinEngine *self, TwinEngineNode *node, const TwinIdentity *identity)
{
  TwinEngineSeen *seen = g_new (TwinEngineSeen, 1);

  seen->node = node;
  seen->identity = *identity;
  g_ptr_array_add (self->batch_records, seen);
}

static void
identity_conflict (TwinEngine         *self,
                   TwinEngineNode     *node,
                   const TwinIdentity *identity)
{
  self->stats.conflicts++;
  twin_engine_alarms_conflict (self, node, identity);
}

/* The record into the store. TRUE when its values are to be kept, too. */
static gboolean
store_record (TwinEngine         *self,
              TwinEngineNode     *node,
              const TwinIdentity *identity,
              const TwinMessage  *message,
              int64_t             time_us,
              TwinSeen            seen)
{
  g_autoptr (GError) error = NULL;
  gsize           size;
  const void     *bytes = g_bytes_get_data (message->payload, &size);
  TwinStoreRecord row = {
    .node = node->name,
    .epoch = identity->epoch,
    .seq = identity->seq,
    .channel = twin_channel_to_string (node->channel),
    .bytes = bytes,
    .n_bytes = size,
    .source_us = time_us,
    .arrival_us = message->arrival_utc_us,
  };

  memcpy (row.ring, identity->ring, sizeof row.ring);
  switch (twin_store_batch_record (self->batch, &row, &error))
    {
    case TWIN_STORE_RECORD_NEW:
      self->stats.records++;
      return TRUE;
    case TWIN_STORE_RECORD_DUPLICATE:
      self->stats.duplicates++;
      return FALSE;
    case TWIN_STORE_RECORD_CONFLICT:
      identity_conflict (self, node, identity);
      return FALSE;
    case TWIN_STORE_RECORD_ERROR:
      break;
    }

  if (seen == TWIN_SEEN_NEW || seen == TWIN_SEEN_RECOVERED)
    twin_completeness_unsee (self->completeness, node->name, identity);
  twin_engine_store_failed (self, g_steal_pointer (&error));
  return FALSE;
}

void
twin_engine_take_record (TwinEngine        *self,
                         TwinEngineNode    *node,
                         const TwinMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinRecord) record = NULL;
  TwinIdentity   identity;
  TwinSeen       seen;
  gboolean       newest;
  int64_t        anchor = TWIN_TIME_NONE, time = TWIN_TIME_NONE;
  gsize          size;
  const uint8_t *data = g_bytes_get_data (message->payload, &size);

  record = twin_record_parse (data, size, &error);
  if (record == NULL && !twin_record_read_identity (data, size, &identity))
    {
      self->stats.bad++;
      g_debug ("%s: %s", message->topic, error->message);
      return;
    }

  if (record != NULL)
    identity = record->identity;
  else
    self->stats.bad++;

  /* A store that cannot be written takes nothing: the record stays missing
   * and is asked for when it can. */
  if (!twin_engine_batch_open (self))
    return;

  seen = twin_completeness_record (self->completeness, node->name, &identity);
  if (seen == TWIN_SEEN_REFUSED)
    return;

  newest = twin_engine_node_is_newest (node, &identity);
  if (record != NULL)
    {
      anchor = anchor_of (self, node, record, newest, message->arrival_utc_us);
      time = record->time_us;
      if (time == TWIN_TIME_NONE && anchor != TWIN_TIME_NONE)
        time = anchor + llround (record->up * 1e6);
    }

  if (!store_record (self, node, &identity, message, time, seen))
    return;

  note_seen (self, node, &identity);
  g_array_append_val (self->batch_arrivals, message->arrival_monotonic_us);
  if (record == NULL)
    return;

  take_entries (self, node, record, message, anchor);
  if (node->channel == TWIN_CHANNEL_EVENT)
    twin_engine_take_event (self, node, record, message, time);
}
