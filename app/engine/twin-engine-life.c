/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-life.c - health index of a machine, and how long it lasts
 *
 * The index is ln (level / baseline) of the carrier level that wear raises,
 * the worst of the machine's sensors. The estimate is a worker's job.
 */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

enum
{
  HISTORY_MAX = 4000, /* index values kept in memory */
  ALIKE_LEAST = 3,    /* machines whose level stands for a damaged one's */
  HEALTHY_LEAST = 8,  /* values a baseline needs */
};

/* An estimate costs a worker some milliseconds; wear is slow. */
#define ESTIMATE_EVERY_US (15 * TWIN_US_PER_S)

/* How often a prediction is kept for "was it right?". */
#define KEEP_EVERY_US (600 * TWIN_US_PER_S)

typedef struct
{
  GArray      *times, *index; /* int64_t, double */
  TwinRul      rul;
  TwinDate     date; /* the best for maintenance */
  TwinRulPrior prior;
  gboolean     known, asked, kept_estimable;
  char         kept_why[192];
  int64_t      asked_us, kept_us, made_us;
} Life;

static Life *
life_of (TwinEngineMachine *machine)
{
  Life *life = machine->life;

  if (life != NULL)
    return life;

  life = g_new0 (Life, 1);
  life->times = g_array_new (FALSE, FALSE, sizeof (int64_t));
  life->index = g_array_new (FALSE, FALSE, sizeof (double));
  life->asked_us = life->kept_us = INT64_MIN / 2;
  twin_rul_prior_default (&life->prior);
  machine->life = life;
  return life;
}

void
twin_engine_life_free (TwinEngineMachine *machine)
{
  Life *life = machine->life;

  if (life == NULL)
    return;

  g_array_unref (life->times);
  g_array_unref (life->index);
  g_clear_pointer (&machine->life, g_free);
}

static void
append (Life *life, int64_t time_us, double index)
{
  if (life->times->len >= HISTORY_MAX)
    {
      /* The older half is thinned: a trend of months needs no seconds. */
      guint kept = 0;

      for (guint i = 0; i < life->times->len;
           i += i < life->times->len / 2 ? 2 : 1)
        {
          g_array_index (life->times, int64_t, kept) =
              g_array_index (life->times, int64_t, i);
          g_array_index (life->index, double, kept) =
              g_array_index (life->index, double, i);
          kept++;
        }

      g_array_set_size (life->times, kept);
      g_array_set_size (life->index, kept);
    }

  g_array_append_val (life->times, time_us);
  g_array_append_val (life->index, index);
}

void
twin_engine_life_load_machine (TwinEngine *self, TwinEngineMachine *machine)
{
  const TwinStoreSpan span = { .subject = machine->place->id,
                               .limit = HISTORY_MAX / 2 };
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_health (self->reader, &span, NULL);
  int64_t kept_us = twin_engine_said_load (self, machine);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreHealth *row = g_ptr_array_index (rows, i);

      append (life_of (machine), row->time_us, row->index);
    }

  if (kept_us != TWIN_TIME_NONE)
    life_of (machine)->kept_us = kept_us;
}

void
twin_engine_life_load (TwinEngine *self)
{
  for (guint m = 0; m < self->machines->len; m++)
    twin_engine_life_load_machine (self, g_ptr_array_index (self->machines, m));
}

/* --- the index
 * ------------------------------------------------------------------------ */

static double
worst_excess (TwinEngineMachine *machine)
{
  double worst = NAN;

  for (guint i = 0; i < machine->waves->len; i++)
    {
      const TwinEngineWave *wave = g_ptr_array_index (machine->waves, i);

      if (!(worst >= wave->excess))
        worst = wave->excess;
    }

  return worst;
}

static void
store_health (TwinEngine     *self,
              TwinEngineWave *wave,
              int64_t         time_us,
              double          index)
{
  g_autoptr (GError) error = NULL;
  const TwinStoreHealth row = {
    .machine = wave->place->machine->place->id,
    .time_us = time_us,
    .index = index,
    .driver = wave->sensor,
  };

  if (twin_engine_batch_open (self) &&
      !twin_store_add_health (self->store, &row, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
}

/* The rated life of the bearing that has least of it left, and as its age what
 * its load has used of it. */
static void
take_rating (const TwinEngineMachine *machine, TwinRulPrior *prior)
{
  double least = INFINITY;

  for (guint i = 0; i < machine->waves->len; i++)
    {
      const TwinEngineWave *wave = g_ptr_array_index (machine->waves, i);
      TwinEngineDamageState state;
      double                life_s, left_s;

      if (!twin_engine_damage_state (machine, wave->place, &state) ||
          !(state.life_h > 0) || !isfinite (state.life_h))
        continue;

      life_s = state.life_h * 3600;
      left_s = (1 - state.damage.index) * life_s;
      if (left_s >= least)
        continue;

      least = left_s;
      prior->life_l10_s = life_s;
      prior->age_s = state.damage.index * life_s;
    }
}

static void
ask_estimate (TwinEngine *self, TwinEngineMachine *machine)
{
  Life                   *life = life_of (machine);
  const TwinEngineSignal *hours = machine->roles[TWIN_ROLE_RUNNING_HOURS];
  TwinEngineJob          *job = g_new0 (TwinEngineJob, 1);

  job->kind = TWIN_JOB_LIFE;
  job->machine = g_strdup (machine->place->id);
  job->n = life->times->len;
  job->times_us = g_memdup2 (life->times->data, job->n * sizeof (int64_t));
  job->index = g_memdup2 (life->index->data, job->n * sizeof (double));
  job->prior = life->prior;
  job->costs = self->costs;
  if (hours != NULL && isfinite (hours->v.value))
    job->prior.age_s = hours->v.value * 3600;
  take_rating (machine, &job->prior);
  job->now_us = MAX (twin_clock_utc_us (),
                     g_array_index (life->times, int64_t, job->n - 1));

  life->asked = twin_queue_push (self->jobs, job);
  life->asked_us = job->now_us;
  if (!life->asked)
    twin_engine_job_free (job);
}

/* --- the usual level
 * ------------------------------------------------------------ */

static char *
usual_key (const TwinEngineWave *wave)
{
  return g_strdup_printf ("usual/%s/%s/%c", wave->place->id, wave->sensor,
                          wave->axis);
}

/* The same sensor at the same kind of bearing of the same kind of machine,
 * with a healthy level of its own. */
static gboolean
is_alike (const TwinEngineWave *wave, const TwinEngineWave *other)
{
  const TwinEngineMachine *a = wave->place->machine;
  const TwinEngineMachine *b = other->place->machine;

  return b != NULL && a != b && other->axis == wave->axis &&
         strcmp (other->sensor, wave->sensor) == 0 && other->bearing != NULL &&
         g_strcmp0 (other->bearing->designation, wave->bearing->designation) ==
             0 &&
         g_strcmp0 (a->place->model, b->place->model) == 0 &&
         twin_baseline_is_ready (&other->healthy);
}

static double
fleet_level (TwinEngine *self, const TwinEngineWave *wave)
{
  g_autoptr (GArray) levels = g_array_new (FALSE, FALSE, sizeof (double));
  GHashTableIter  iter, inner;
  TwinEngineNode *node;
  TwinEngineWave *other;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    {
      g_hash_table_iter_init (&inner, node->waves);
      while (g_hash_table_iter_next (&inner, NULL, (void **) &other))
        {
          double level;

          if (!is_alike (wave, other))
            continue;

          level = twin_baseline_usual (&other->healthy);
          g_array_append_val (levels, level);
        }
    }

  if (levels->len < ALIKE_LEAST)
    return NAN;
  return twin_scalars_median ((double *) (void *) levels->data, levels->len);
}

/* Its own level while nothing was found. A machine that was damaged when
 * watching began has none: then that of machines alike, and only without those
 * the level it was first seen with. Once settled it stays. */
static void
settle_usual (TwinEngine *self, TwinEngineWave *wave)
{
  g_autofree char *key = NULL;
  char             number[G_ASCII_DTOSTR_BUF_SIZE];
  double           level = NAN;

  if (wave->usual > 0 || !twin_baseline_is_ready (&wave->first))
    return;

  if (twin_baseline_is_ready (&wave->healthy))
    level = twin_baseline_usual (&wave->healthy);
  else if (wave->healthy.n == 0)
    level = fleet_level (self, wave);
  if (!isfinite (level) && wave->first.n >= 2 * HEALTHY_LEAST)
    level = twin_baseline_usual (&wave->first);
  if (!(level > 0))
    return;

  wave->usual = level;
  key = usual_key (wave);
  g_ascii_formatd (number, sizeof number, "%.6g", level);
  if (twin_engine_batch_open (self))
    twin_store_set_setting (self->store, key, number, NULL);
}

void
twin_engine_life_load_usual (TwinEngine *self, TwinEngineWave *wave)
{
  g_autofree char *key = usual_key (wave);
  g_autofree char *text =
      twin_store_reader_get_setting (self->reader, key, NULL);

  wave->usual = text != NULL ? g_ascii_strtod (text, NULL) : 0;
}

void
twin_engine_life_reset_usual (TwinEngine *self, TwinEngineWave *wave)
{
  g_autofree char *key = usual_key (wave);

  wave->usual = 0;
  wave->excess = NAN;
  if (twin_engine_batch_open (self))
    twin_store_set_setting (self->store, key, "", NULL);
}

void
twin_engine_life_level (TwinEngine     *self,
                        TwinEngineWave *wave,
                        int64_t         time_us,
                        double          level)
{
  TwinEngineMachine *machine = wave->place->machine;
  Life              *life = life_of (machine);
  double             index;

  if (!g_ptr_array_find (machine->waves, wave, NULL))
    g_ptr_array_add (machine->waves, wave);

  settle_usual (self, wave);
  wave->excess = wave->usual > 0 ? log (level / wave->usual) : NAN;
  /* The first sensor sets the pace, the worst one the value. */
  if (g_ptr_array_index (machine->waves, 0) != wave)
    return;

  index = worst_excess (machine);
  if (!isfinite (index) ||
      (life->times->len > 0 &&
       time_us <= g_array_index (life->times, int64_t, life->times->len - 1)))
    return;

  append (life, time_us, index);
  store_health (self, wave, time_us, index);
  if (!life->asked && twin_clock_utc_us () - life->asked_us > ESTIMATE_EVERY_US)
    ask_estimate (self, machine);
}

/* --- the estimate
 * ------------------------------------------------------------------------ */

/* When maintenance is best done; NONE: no date, or no stop pays. */
static int64_t
suggested_us (const Life *life)
{
  return isfinite (life->date.at_s)
             ? life->made_us + twin_clock_us_from_seconds (life->date.at_s)
             : TWIN_TIME_NONE;
}

static TwinLifeUpdate *
make_update (TwinEngine *self, TwinEngineMachine *machine)
{
  Life           *life = life_of (machine);
  TwinLifeUpdate *update = twin_life_update_new ();

  update->machine = g_strdup (machine->place->id);
  g_array_append_vals (update->times_us, life->times->data, life->times->len);
  g_array_append_vals (update->index, life->index->data, life->index->len);
  update->threshold = life->prior.threshold;
  update->threshold_sd = life->prior.threshold_sd;
  update->now_us = life->made_us;
  update->why = g_strdup (life->known ? life->rul.why
                                      : "No baseline has been learnt yet.");
  if (life->known)
    {
      update->p05_s = life->rul.p05_s;
      update->p25_s = life->rul.p25_s;
      update->p50_s = life->rul.p50_s;
      update->p75_s = life->rul.p75_s;
      update->p95_s = life->rul.p95_s;
      update->lower_s = life->rul.lower_bound_s;
      update->onset_us = life->rul.onset_us;
      update->suggested_us = suggested_us (life);
    }

  update->damage = twin_engine_damage_describe (machine);

  twin_engine_said_tell (machine, life->made_us, update->past);
  update->calibration = twin_engine_said_calibration (self, life->made_us);
  return update;
}

void
twin_engine_life_post (TwinEngine *self, TwinEngineMachine *machine)
{
  Life *life = life_of (machine);

  if (!life->known)
    life->made_us = twin_clock_utc_us ();
  g_ptr_array_add (self->out_updates,
                   twin_update_new (TWIN_UPDATE_LIFE,
                                    make_update (self, machine)));
}

/* That there is an estimate, or another reason why not, is told at once. */
static gboolean
is_news (const Life *life)
{
  return life->made_us - life->kept_us >= KEEP_EVERY_US ||
         life->rul.estimable != life->kept_estimable ||
         (!life->rul.estimable && strcmp (life->rul.why, life->kept_why) != 0);
}

static void
keep_prediction (TwinEngine *self, TwinEngineMachine *machine)
{
  Life *life = life_of (machine);
  g_autoptr (GError) error = NULL;
  const TwinStorePrediction row = {
    .machine = machine->place->id,
    .time_us = life->made_us,
    .p05_s = life->rul.p05_s,
    .p25_s = life->rul.p25_s,
    .p50_s = life->rul.p50_s,
    .p75_s = life->rul.p75_s,
    .p95_s = life->rul.p95_s,
    .lower_s = life->rul.lower_bound_s,
    .threshold = life->prior.threshold,
    .threshold_sd = life->prior.threshold_sd,
    .onset_us = life->rul.onset_us,
    .why = life->rul.why,
  };

  if (!is_news (life) || !twin_engine_batch_open (self))
    return;

  if (!twin_store_add_prediction (self->store, &row, &error))
    {
      twin_engine_store_failed (self, g_steal_pointer (&error));
      return;
    }

  life->kept_us = life->made_us;
  life->kept_estimable = life->rul.estimable;
  g_strlcpy (life->kept_why, life->rul.why, sizeof life->kept_why);
  twin_engine_said_add (machine, life->made_us, &life->rul);
}

void
twin_engine_life_result (TwinEngine *self, const TwinEngineJob *job)
{
  TwinEnginePlace *place = twin_engine_place_find (self, job->machine);
  Life            *life;

  if (place == NULL || place->machine == NULL ||
      !twin_engine_place_counts (place))
    return;

  life = life_of (place->machine);
  life->asked = FALSE;
  life->rul = job->rul;
  life->date = job->date;
  life->known = TRUE;
  life->made_us = job->now_us;
  twin_engine_said_look (place->machine,
                         (const int64_t *) (void *) life->times->data,
                         (const double *) (void *) life->index->data,
                         life->times->len, life->prior.threshold);
  keep_prediction (self, place->machine);
  twin_engine_place_touch (place);
  twin_engine_life_post (self, place->machine);
}

void
twin_engine_life_publish_all (TwinEngine *self)
{
  for (guint i = 0; i < self->machines->len; i++)
    {
      TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);
      Life              *life = life_of (machine);

      life->made_us = twin_clock_utc_us ();
      if (life->times->len > 0)
        twin_rul_estimate ((const int64_t *) (void *) life->times->data,
                           (const double *) (void *) life->index->data,
                           life->times->len, life->made_us, &life->prior,
                           &life->rul);
      life->known = life->times->len > 0;
      twin_engine_costs_date (&self->costs, life->known ? &life->rul : NULL,
                              &life->prior, 1, life->made_us, &life->date);
      twin_engine_life_post (self, machine);
    }
}

const TwinRul *
twin_engine_life_get (TwinEngineMachine *machine, TwinRulPrior *prior)
{
  const TwinEngineSignal *hours = machine->roles[TWIN_ROLE_RUNNING_HOURS];
  Life                   *life = life_of (machine);

  *prior = life->prior;
  if (hours != NULL && isfinite (hours->v.value))
    prior->age_s = hours->v.value * 3600;
  take_rating (machine, prior);
  return life->known ? &life->rul : NULL;
}

void
twin_engine_life_describe (TwinEngineMachine *machine, TwinStateItem *item)
{
  Life *life = life_of (machine);

  if (!life->known)
    {
      item->rul_why = g_strdup ("Not estimable yet: no baseline has been "
                                "learnt.");
      return;
    }

  item->rul_p05_s = life->rul.p05_s;
  item->rul_p50_s = life->rul.p50_s;
  item->rul_p95_s = life->rul.p95_s;
  item->rul_lower_s = life->rul.lower_bound_s;
  item->rul_why = g_strdup (life->rul.why);
  item->suggested_us = suggested_us (life);
  item->suggested_why = g_strdup (life->date.why);
}
