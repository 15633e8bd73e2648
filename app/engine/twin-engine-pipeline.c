/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-pipeline.c - the one thread that owns twins, alarms and store */
#include "twin-engine-private.h"

/* Longest sleep: waveforms wait on a queue of their own. */
#define NAP_US (15 * 1000)

/* Messages taken in one go before anything else has its turn. */
#define BURST 512

gboolean
twin_engine_batch_open (TwinEngine *self)
{
  g_autoptr (GError) error = NULL;

  if (self->batch_open)
    return TRUE;

  if (!twin_store_batch_begin (self->batch, &error))
    {
      twin_engine_store_failed (self, g_steal_pointer (&error));
      return FALSE;
    }

  self->batch_open = TRUE;
  self->batch_since_us = twin_clock_monotonic_us ();
  return TRUE;
}

void
twin_engine_store_failed (TwinEngine *self, GError *error)
{
  /* A change of state is told once, not every retry. */
  if (!self->store_failing)
    g_warning ("%s", error->message);

  self->store_failing = TRUE;
  twin_lock_acquire (&self->lock);
  g_strlcpy (self->line.cause, error->message, sizeof self->line.cause);
  twin_lock_release (&self->lock);
  g_error_free (error);
}

/* What a failed batch brought is missing again and will be asked for. */
static void
batch_undo (TwinEngine *self)
{
  for (guint i = 0; i < self->batch_records->len; i++)
    {
      const TwinEngineSeen *seen = g_ptr_array_index (self->batch_records, i);

      twin_completeness_unsee (self->completeness, seen->node->name,
                               &seen->identity);
    }

  twin_engine_publish_drop (self);
}

static void
note_lags (TwinEngine *self)
{
  int64_t now = twin_clock_monotonic_us ();

  for (guint i = 0; i < self->batch_arrivals->len; i++)
    {
      int64_t lag = now - g_array_index (self->batch_arrivals, int64_t, i);

      if (self->stats.lags->len < 100000)
        g_array_append_val (self->stats.lags, lag);
    }
}

gboolean
twin_engine_batch_commit (TwinEngine *self)
{
  g_autoptr (GError) error = NULL;
  gboolean stored = TRUE;

  twin_engine_alarms_take (self);
  if (self->transitions->len > 0 && !twin_engine_batch_open (self))
    return FALSE;

  self->flush = FALSE;
  if (self->batch_open)
    {
      twin_engine_alarms_store (self);
      self->batch_open = FALSE;
      stored = twin_store_batch_commit (self->batch, &error);
    }

  if (stored)
    {
      note_lags (self);
      g_ptr_array_set_size (self->transitions, 0);
      self->store_failing = FALSE;
      twin_engine_publish (self);
    }
  else
    {
      twin_engine_store_failed (self, g_steal_pointer (&error));
      batch_undo (self);
    }

  g_array_set_size (self->batch_arrivals, 0);
  g_ptr_array_set_size (self->batch_records, 0);
  return stored;
}

static gboolean
batch_is_due (TwinEngine *self, int64_t now)
{
  if (self->flush)
    return TRUE;

  if (!self->batch_open)
    return twin_engine_publish_pending (self);

  return now - self->batch_since_us >= TWIN_ENGINE_BATCH_US ||
         twin_store_batch_length (self->batch) >= TWIN_ENGINE_BATCH_ROWS;
}

/* Takes at most a burst of what waits; returns how many. */
static int
take_messages (TwinEngine *self, int64_t deadline_us)
{
  TwinMessage *message;
  int          taken = 0;

  while (taken < BURST)
    {
      message = twin_queue_pop (self->records, taken == 0 ? deadline_us : 0);
      if (message == NULL)
        break;

      twin_engine_take_message (self, message);
      twin_message_free (message);
      taken++;
      if (twin_store_batch_length (self->batch) >= TWIN_ENGINE_BATCH_ROWS)
        break;
    }

  /* Blocks after records: bulk never delays telemetry. */
  for (int i = 0; i < 16; i++)
    {
      message = twin_queue_pop (self->bulk, 0);
      if (message == NULL)
        break;

      twin_engine_take_message (self, message);
      twin_message_free (message);
      taken++;
    }

  return taken;
}

/* What has outlived its tier goes, a piece at a time. */
static void
expire (TwinEngine *self, int64_t utc)
{
  g_autoptr (GError) error = NULL;
  gboolean more = FALSE;

  if (utc < self->next_expire_us || self->store_failing)
    return;

  twin_engine_batch_commit (self);
  if (!twin_store_expire (self->store, utc, &more, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
  self->next_expire_us = utc + (more ? 5 : 600) * TWIN_US_PER_S;
}

static void
second_tick (TwinEngine *self, int64_t now)
{
  int64_t utc = twin_clock_utc_us ();

  self->next_second_us += TWIN_US_PER_S;
  if (self->next_second_us <= now)
    self->next_second_us = now + TWIN_US_PER_S; /* the machine slept */

  twin_engine_nodes_tick (self, utc);
  twin_engine_silent_tick (self);
  twin_engine_tiers_tick (self, now);
  twin_engine_states_tick (self, utc);
  twin_engine_alarms_tick (self, utc);
  twin_engine_waves_tick (self, utc);
  twin_engine_thermal_tick (self, utc);
  twin_engine_damage_tick (self, utc);
  twin_engine_fleet_tick (self);
  expire (self, utc);
  twin_engine_status_second (self, now);
}

static void
turn (TwinEngine *self)
{
  int64_t now = twin_clock_monotonic_us ();
  int64_t deadline = MIN (now + NAP_US, self->next_second_us);
  int     taken;

  if (self->batch_open)
    deadline = MIN (deadline, self->batch_since_us + TWIN_ENGINE_BATCH_US);

  taken = take_messages (self, deadline);
  twin_engine_link_tick (self);
  twin_engine_take_asks (self);
  twin_engine_take_results (self);

  now = twin_clock_monotonic_us ();
  if (taken < BURST && now >= self->next_outbox_us)
    {
      self->next_outbox_us = now + 100000;
      twin_engine_outbox_poll (self, FALSE);
      twin_engine_ask_replays (self);
    }

  if (now >= self->next_second_us)
    second_tick (self, now);
  twin_engine_firmware_turn (self, now);

  if (batch_is_due (self, now))
    twin_engine_batch_commit (self);
}

/* Everything received before the link was stopped is stored. */
static void
drain (TwinEngine *self)
{
  while (take_messages (self, 0) > 0)
    twin_engine_batch_commit (self);

  twin_queue_close (self->jobs);
  for (int i = 0; i < self->n_workers; i++)
    {
      twin_thread_join (self->workers[i]);
      twin_engine_take_results (self);
    }

  twin_engine_nodes_store (self);
  twin_engine_damage_keep_all (self);
  twin_engine_batch_commit (self);
}

static void
connect_first (TwinEngine *self)
{
  g_autoptr (GError) error = NULL;

  if (self->first_link != NULL &&
      !twin_engine_link_start (self, self->first_link, self->first_broker,
                               &error))
    {
      twin_engine_log (self, "link", NULL, NULL, "%s", error->message);
      twin_lock_acquire (&self->lock);
      self->line.state[TWIN_LINE_RECORDS] = TWIN_LINE_LOST;
      g_strlcpy (self->line.cause, error->message, sizeof self->line.cause);
      twin_lock_release (&self->lock);
    }
}

void
twin_engine_pipeline_run (void *engine)
{
  TwinEngine *self = engine;

  self->next_second_us = twin_clock_monotonic_us () + TWIN_US_PER_S;
  twin_engine_publish_start (self);
  twin_engine_outbox_poll (self, TRUE);
  connect_first (self);

  while (!g_atomic_int_get (&self->stopping))
    turn (self);

  twin_engine_link_stop (self);
  drain (self);
}
