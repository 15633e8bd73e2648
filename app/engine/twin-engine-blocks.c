/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-blocks.c - waveform blocks, on their way to the workers */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

#include "twin-block.h"

/* A diagnosis is made of so much at best, and of no less than that. */
#define JOIN_S 8.0
#define JOIN_LEAST_S 4.0

/* What a hostile node can make us keep. */
#define WAVES_MAX 64

/* Asked of a node while somebody watches, and renewed before it ends. */
#define LIVE_S 60
#define RENEW_S 20

void
twin_engine_wave_free (void *data)
{
  TwinEngineWave *wave = data;

  twin_join_free (wave->join);
  twin_states_free (wave->states);
  g_free (wave->sensor);
  g_free (wave->unit);
  if (wave->levels != NULL)
    g_string_free (wave->levels, TRUE);
  g_free (wave);
}

static void
bind_wave (TwinEngine *self, TwinEngineWave *wave)
{
  const char *path;

  wave->place = twin_engine_node_place (self, wave->node, wave->sensor, &path);
  wave->bearing =
      twin_engine_machine_bearing (wave->place->machine, wave->place);
}

static void apply_watch (TwinEngine *self, TwinEngineWave *wave);

TwinEngineWave *
twin_engine_wave_get (TwinEngine     *self,
                      TwinEngineNode *node,
                      const char     *sensor,
                      char            axis)
{
  g_autofree char *key = g_strdup_printf ("%s/%c", sensor, axis);
  TwinEngineWave  *wave = g_hash_table_lookup (node->waves, key);

  if (wave != NULL)
    return wave;

  wave = g_new0 (TwinEngineWave, 1);
  wave->node = node;
  wave->sensor = g_strdup (sensor);
  wave->axis = axis;
  wave->join = twin_join_new (JOIN_S, JOIN_LEAST_S);
  wave->excess = NAN;
  twin_baseline_init (&wave->healthy, TRUE);
  twin_baseline_init (&wave->first, TRUE);
  bind_wave (self, wave);
  twin_engine_wave_load (self, wave);
  g_hash_table_insert (node->waves, g_steal_pointer (&key), wave);
  apply_watch (self, wave);
  return wave;
}

void
twin_engine_waves_rebind (TwinEngine *self, TwinEngineNode *node)
{
  GHashTableIter  iter;
  TwinEngineWave *wave;

  g_hash_table_iter_init (&iter, node->waves);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &wave))
    {
      bind_wave (self, wave);
      apply_watch (self, wave);
    }
}

/* Full scale of the sensor in g, 0 when its birth does not say. */
static double
full_scale (const TwinEngineWave *wave)
{
  const TwinBirthSensor *sensor = NULL;

  if (wave->node->birth != NULL)
    sensor =
        twin_birth_find_sensor (wave->node->birth, wave->sensor, wave->axis);
  if (sensor == NULL || !(sensor->high > 0))
    return 0;
  return strcmp (sensor->unit, "m/s2") == 0
             ? sensor->high / TWIN_STANDARD_GRAVITY
             : sensor->high;
}

static TwinSpeedSource
source_of (const char *word)
{
  if (g_strcmp0 (word, "tacho") == 0)
    return TWIN_SPEED_TACHO;
  if (g_strcmp0 (word, "estimated") == 0)
    return TWIN_SPEED_ESTIMATED;
  return TWIN_SPEED_NAMEPLATE;
}

static void
add_bearings (const TwinEngineWave *wave, TwinEngineJob *job)
{
  TwinEngineMachine *machine = wave->place->machine;

  if (wave->bearing != NULL && wave->bearing->known)
    {
      job->has_bearing = TRUE;
      job->bearing = wave->bearing->bearing;
    }

  for (guint i = 0; machine != NULL && i < machine->bearings->len; i++)
    {
      const TwinEngineBearing *other = g_ptr_array_index (machine->bearings, i);

      if (other != wave->bearing && other->known &&
          job->n_others < TWIN_JOB_OTHERS_MAX)
        job->others[job->n_others++] = other->bearing;
    }
}

TwinEngineJob *
twin_engine_job_new (TwinEngineWave *wave, TwinJobKind kind)
{
  TwinEngineMachine *machine = wave->place->machine;
  TwinEngineJob     *job = g_new0 (TwinEngineJob, 1);
  const char        *source = NULL;

  job->kind = kind;
  job->twin = g_strdup (wave->place->id);
  job->node = g_strdup (wave->node->name);
  job->sensor = g_strdup (wave->sensor);
  job->axis = wave->axis;
  job->blocks = wave->blocks;
  job->dropped = wave->dropped;
  job->watched = wave->watched;
  job->band = wave->band;
  job->full_scale_g = full_scale (wave);
  add_bearings (wave, job);
  if (machine != NULL)
    {
      job->machine = g_strdup (machine->place->id);
      job->shaft.hz = twin_engine_machine_shaft (machine, &source);
      job->shaft.source = source_of (source);
      if (!isfinite (job->shaft.hz))
        job->shaft.hz = 0;
      job->group = machine->group;
      job->support = machine->support;
      if (kind == TWIN_JOB_MACHINE || wave->watched)
        twin_engine_faults_describe (machine, job);
    }

  if (twin_baseline_is_ready (&wave->healthy))
    job->baseline_level_g = twin_baseline_usual (&wave->healthy);
  return job;
}

void
twin_engine_job_push (TwinEngine     *self,
                      TwinEngineWave *wave,
                      TwinEngineJob  *job)
{
  if (twin_queue_push (self->jobs, job))
    return;

  if (job->kind == TWIN_JOB_BLOCK)
    {
      wave->dropped++;
      self->stats.dropped_blocks++;
    }
  twin_engine_job_free (job);
}

static void
push_block (TwinEngine      *self,
            TwinEngineWave  *wave,
            const TwinBlock *block,
            const double    *samples,
            int64_t          t0_us,
            int64_t          arrival_us)
{
  TwinEngineJob *job = twin_engine_job_new (wave, TWIN_JOB_BLOCK);

  job->samples = g_memdup2 (samples, block->n * sizeof (double));
  job->n = block->n;
  job->rate_hz = block->rate_hz;
  job->quality = block->quality;
  job->t0_us = t0_us;
  job->end_us = TWIN_TIME_NONE;
  if (t0_us != TWIN_TIME_NONE)
    job->end_us =
        t0_us + llround ((double) (block->n - 1) / block->rate_hz * 1e6);
  job->arrival_us = arrival_us;
  twin_engine_job_push (self, wave, job);
}

static void
push_joined (TwinEngine *self, TwinEngineWave *wave, TwinJoined *joined)
{
  TwinEngineJob *job;

  twin_engine_faults_add (self, wave, joined);

  /* Without a bearing there is nothing to be judged. */
  if (wave->bearing == NULL || !wave->bearing->known)
    {
      twin_joined_free (joined);
      return;
    }

  job = twin_engine_job_new (wave, TWIN_JOB_DIAGNOSE);
  if (wave->place->machine != NULL)
    twin_engine_outcomes_experience (self, wave->place->machine,
                                     job->experience);
  job->samples = g_steal_pointer (&joined->samples);
  job->n = joined->n;
  job->rate_hz = joined->rate_hz;
  job->n0 = joined->n0;
  job->quality = joined->quality;
  job->t0_us = joined->t0_us;
  job->end_us = joined->end_us;
  twin_joined_free (joined);
  twin_engine_job_push (self, wave, job);
}

/* QoS 1 may deliver twice. */
static gboolean
is_repeated (const TwinEngineWave *wave, const TwinBlock *block)
{
  return wave->blocks > 0 && wave->last_epoch == block->epoch &&
         memcmp (wave->last_ring, block->ring, sizeof wave->last_ring) == 0 &&
         block->n0 <= wave->last_n0;
}

static double *
to_g (const TwinBlock *block)
{
  double *samples = g_new (double, block->n);

  twin_block_get_doubles (block, samples);
  if (strcmp (block->unit, "m/s2") == 0)
    {
      for (uint32_t i = 0; i < block->n; i++)
        samples[i] /= TWIN_STANDARD_GRAVITY;
    }

  return samples;
}

static int64_t
block_time (TwinEngineNode *node, const TwinBlock *block)
{
  if (block->t0_us != TWIN_TIME_NONE)
    return block->t0_us;
  if (node->anchor.epoch == block->epoch && node->has_anchor &&
      memcmp (node->anchor.ring, block->ring, TWIN_RING_SIZE) == 0)
    return node->anchor_us + llround (block->up * 1e6);
  return TWIN_TIME_NONE;
}

/* Of machines in service whose tier asks for it. */
static gboolean
is_diagnosed (const TwinEngineWave *wave)
{
  return wave->place->machine == NULL ||
         (wave->place->machine->tier == TWIN_TIER_FULL &&
          twin_engine_place_counts (wave->place));
}

void
twin_engine_take_block (TwinEngine        *self,
                        TwinEngineNode    *node,
                        const TwinMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinBlock) block = twin_block_parse (message->payload, &error);
  g_autofree double *samples = NULL;
  TwinEngineWave    *wave;
  TwinJoinBlock      part;
  TwinJoined        *ready[2];
  guint              n_ready;
  gboolean           diagnosed;
  int64_t            t0;

  if (block == NULL)
    {
      self->stats.bad++;
      g_debug ("%s: %s", message->topic, error->message);
      return;
    }

  if (g_hash_table_size (node->waves) >= WAVES_MAX)
    {
      self->stats.bad++;
      return;
    }

  wave = twin_engine_wave_get (self, node, block->sensor, block->axis);
  if (is_repeated (wave, block))
    return;

  wave->blocks++;
  wave->last_n0 = block->n0;
  wave->last_epoch = block->epoch;
  memcpy (wave->last_ring, block->ring, sizeof wave->last_ring);
  wave->scale = block->type == TWIN_SAMPLES_I16 ? block->scale : 0;
  wave->offset = block->offset;
  wave->why = twin_block_why_to_string (block->why);
  g_free (wave->unit);
  wave->unit = g_strdup (block->unit);

  diagnosed = is_diagnosed (wave);
  if (!diagnosed && !wave->watched)
    return;

  samples = to_g (block);
  t0 = block_time (node, block);
  push_block (self, wave, block, samples, t0, message->arrival_utc_us);
  if (!diagnosed)
    return;

  part = (TwinJoinBlock){
    .epoch = block->epoch,
    .capture = block->has_capture ? (gint64) block->capture : -1,
    .last = block->last,
    .n0 = block->n0,
    .rate_hz = block->rate_hz,
    .quality = block->quality,
    .samples = samples,
    .n = block->n,
    .t0_us = t0,
  };
  memcpy (part.ring, block->ring, sizeof part.ring);
  n_ready = twin_join_add (wave->join, &part, ready);
  for (guint i = 0; i < n_ready; i++)
    push_joined (self, wave, ready[i]);
}

/* --- watching
 * ---------------------------------------------------------------------- */

static JsonNode *
live_stream (const TwinEngineWave *wave, int64_t until_us)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  const char axis[2] = { wave->axis, '\0' };

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "sensor");
  json_builder_add_string_value (json, wave->sensor);
  json_builder_set_member_name (json, "axis");
  json_builder_add_string_value (json, axis);
  json_builder_set_member_name (json, "untilS");
  json_builder_add_int_value (json, until_us / TWIN_US_PER_S);
  json_builder_end_object (json);
  return json_builder_get_root (json);
}

static void
renew_live (TwinEngine *self, TwinEngineWave *wave, int64_t now_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = NULL;
  const TwinDesiredState *state;

  if (!wave->node->enrolled || !wave->node->online ||
      wave->live_until_us - now_us > RENEW_S * TWIN_US_PER_S)
    return;

  wave->live_until_us = now_us + LIVE_S * TWIN_US_PER_S;
  state = twin_desired_lookup (self->desired, wave->node->name);
  value = live_stream (wave, wave->live_until_us);
  if (!twin_desired_set (self->desired, wave->node->name, "/liveStream", value,
                         state->version, &error))
    g_debug ("%s", error->message);
}

void
twin_engine_watch_free (void *data)
{
  TwinEngineWatch *watch = data;

  g_free (watch->machine);
  g_free (watch->sensor);
  g_free (watch);
}

static char *
watch_key (const char *machine, const char *sensor, char axis)
{
  return g_strdup_printf ("%s/%s/%c", machine, sensor, axis);
}

/* Whether somebody watches @wave, as it is bound now. */
static void
apply_watch (TwinEngine *self, TwinEngineWave *wave)
{
  TwinEngineMachine *machine = wave->place->machine;
  g_autofree char   *key = NULL;
  TwinEngineWatch   *watch = NULL;

  if (machine != NULL)
    {
      key = watch_key (machine->place->id, wave->sensor, wave->axis);
      watch = g_hash_table_lookup (self->watches, key);
    }

  wave->watched = watch != NULL;
  wave->live = watch != NULL && watch->live;
  if (wave->live)
    renew_live (self, wave, twin_clock_utc_us ());
}

void
twin_engine_watch_set (TwinEngine            *self,
                       const TwinEngineWatch *wanted,
                       gboolean               on)
{
  char *key = watch_key (wanted->machine, wanted->sensor, wanted->axis);
  TwinEnginePlace *place = twin_engine_place_find (self, wanted->machine);
  TwinEngineNode  *node = place != NULL && place->node != NULL
                              ? g_hash_table_lookup (self->nodes, place->node)
                              : NULL;
  TwinEngineWatch *watch;

  if (on)
    {
      watch = g_memdup2 (wanted, sizeof *wanted);
      watch->machine = g_strdup (wanted->machine);
      watch->sensor = g_strdup (wanted->sensor);
      g_hash_table_replace (self->watches, key, watch);
    }
  else
    {
      g_hash_table_remove (self->watches, key);
      g_free (key);
    }

  if (node != NULL)
    apply_watch (self, twin_engine_wave_get (self, node, wanted->sensor,
                                             wanted->axis));
}

void
twin_engine_waves_tick (TwinEngine *self, int64_t now_us)
{
  GHashTableIter  iter, inner;
  TwinEngineNode *node;
  TwinEngineWave *wave;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    {
      g_hash_table_iter_init (&inner, node->waves);
      while (g_hash_table_iter_next (&inner, NULL, (void **) &wave))
        {
          if (wave->live)
            renew_live (self, wave, now_us);
        }
    }
}
