/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-states.c - worst state of every machine and part, rolled up */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

/* Below this share of its rated speed a shaft counts as standing still. */
#define STOPPED_SHARE 0.02
#define STOPPED_HZ 0.2

/* How states outrank each other in a roll-up, worst first. */
static int
rank (TwinState state)
{
  static const int ranks[] = {
    [TWIN_STATE_UNKNOWN] = 0, [TWIN_STATE_NORMAL] = 2,
    [TWIN_STATE_STOPPED] = 1, [TWIN_STATE_STALE] = 3,
    [TWIN_STATE_LOW] = 4,     [TWIN_STATE_MEDIUM] = 5,
    [TWIN_STATE_HIGH] = 6,    [TWIN_STATE_CRITICAL] = 7,
  };

  return ranks[state];
}

static TwinState
state_of_priority (int priority)
{
  static const TwinState states[] = { TWIN_STATE_NORMAL, TWIN_STATE_CRITICAL,
                                      TWIN_STATE_HIGH, TWIN_STATE_MEDIUM,
                                      TWIN_STATE_LOW };

  g_return_val_if_fail (priority >= 0 && priority <= 4, TWIN_STATE_NORMAL);
  return states[priority];
}

static void
state_item_free (TwinStateItem *item)
{
  if (item == NULL)
    return;

  g_free (item->twin);
  g_free (item->speed_source);
  g_free (item->mode);
  g_free (item->finding);
  g_free (item->sureness);
  g_free (item->advice);
  g_free (item->reason);
  g_free (item->reliability);
  g_free (item->rul_why);
  g_free (item->usual_why);
  g_free (item->suggested_why);
  g_free (item->maintenance);
  g_free (item);
}

void
twin_engine_place_free_shown (TwinEnginePlace *place)
{
  g_clear_pointer (&place->shown, state_item_free);
}

TwinStateItem *
twin_engine_state_item_copy (const TwinStateItem *item)
{
  TwinStateItem *copy = g_memdup2 (item, sizeof *item);

  copy->twin = g_strdup (item->twin);
  copy->speed_source = g_strdup (item->speed_source);
  copy->mode = g_strdup (item->mode);
  copy->finding = g_strdup (item->finding);
  copy->sureness = g_strdup (item->sureness);
  copy->advice = g_strdup (item->advice);
  copy->reason = g_strdup (item->reason);
  copy->reliability = g_strdup (item->reliability);
  copy->rul_why = g_strdup (item->rul_why);
  copy->usual_why = g_strdup (item->usual_why);
  copy->suggested_why = g_strdup (item->suggested_why);
  copy->maintenance = g_strdup (item->maintenance);
  return copy;
}

/* A part's newest value makes its machine and lines look again. */
void
twin_engine_place_touch (TwinEnginePlace *place)
{
  for (; place != NULL && !place->dirty; place = place->parent)
    place->dirty = TRUE;
}

/* --- shaft speed
 * ---------------------------------------------------------------- */

static double
to_hz (const TwinEngineSignal *signal)
{
  if (g_strcmp0 (signal->v.unit, "Hz") == 0)
    return signal->v.value;
  if (g_strcmp0 (signal->v.unit, "rad/s") == 0)
    return signal->v.value / (2 * G_PI);
  return signal->v.value / 60; /* 1/min */
}

/* Measured, by the node's word; else from the signal here; else what the node
 * has from the nameplate, or we. */
double
twin_engine_machine_shaft (const TwinEngineMachine *machine,
                           const char             **source)
{
  const TwinEngineSignal *told = machine->roles[TWIN_ROLE_SHAFT_SPEED];
  int64_t                 now = twin_clock_utc_us ();
  gboolean    fresh = told != NULL && !told->stale && isfinite (told->v.value);
  const char *word = fresh && told->source != NULL ? told->source : "tacho";

  if (fresh && strcmp (word, "nameplate") != 0)
    {
      *source = word;
      return to_hz (told);
    }

  if (isfinite (machine->estimated_hz) &&
      now - machine->estimated_us < 120 * TWIN_US_PER_S)
    {
      *source = "estimated";
      return machine->estimated_hz;
    }

  *source = fresh || isfinite (machine->rated_rpm) ? "nameplate" : NULL;
  return fresh ? to_hz (told) : machine->rated_rpm / 60;
}

static gboolean
stands_still (const TwinEngineMachine *machine)
{
  const TwinEngineSignal *tacho = machine->roles[TWIN_ROLE_SHAFT_SPEED];
  double                  limit = STOPPED_HZ;

  if (tacho == NULL || tacho->stale || !isfinite (tacho->v.value))
    return FALSE;

  if (isfinite (machine->rated_rpm))
    limit = STOPPED_SHARE * machine->rated_rpm / 60;
  return fabs (to_hz (tacho)) < limit;
}

/* --- one place
 * --------------------------------------------------------------------- */

typedef struct
{
  int64_t             newest_us;
  unsigned            fresh, total;
  int                 worst;  /* priority of its own alarms and those below */
  const TwinAlarmRow *cause;  /* the worst of them but for stale data */
  TwinState           rolled; /* of areas: the worst of what they contain */
} Summary;

static void
add_signals (const TwinEnginePlace *place, Summary *sum)
{
  GHashTableIter    iter;
  TwinEngineSignal *signal;

  g_hash_table_iter_init (&iter, place->signals);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &signal))
    {
      if (signal->derived || signal->hidden ||
          signal->v.arrival_us == TWIN_TIME_NONE)
        continue;

      sum->total++;
      sum->fresh += !signal->stale;
      if (signal->v.source_us != TWIN_TIME_NONE)
        sum->newest_us = MAX (sum->newest_us, signal->v.source_us);
    }
}

static void
add_alarms (TwinEngine *self, const char *source, Summary *sum)
{
  int                 priority = twin_alarm_table_worst (self->alarms, source);
  const TwinAlarmRow *cause =
      twin_alarm_table_find_worst (self->alarms, source,
                                   TWIN_ENGINE_CONDITION_STALE);

  if (priority != 0 && (sum->worst == 0 || priority < sum->worst))
    sum->worst = priority;
  if (cause != NULL &&
      (sum->cause == NULL || cause->priority < sum->cause->priority))
    sum->cause = cause;
}

static void
summarise (TwinEngine *self, TwinEnginePlace *place, Summary *sum)
{
  add_signals (place, sum);
  add_alarms (self, place->id, sum);

  for (guint i = 0; i < place->children->len; i++)
    {
      TwinEnginePlace *child = g_ptr_array_index (place->children, i);

      if (place->kind == TWIN_KIND_PLANT || place->kind == TWIN_KIND_AREA)
        {
          if (child->shown == NULL || !twin_engine_place_counts (child))
            continue;
          if (rank (child->shown->state) > rank (sum->rolled))
            sum->rolled = child->shown->state;
          sum->newest_us = MAX (sum->newest_us, child->shown->newest_us);
        }
      else
        summarise (self, child, sum);
    }
}

static void
judge (const TwinEnginePlace *place, const Summary *sum, TwinStateItem *item)
{
  gboolean area =
      place->kind == TWIN_KIND_PLANT || place->kind == TWIN_KIND_AREA;
  TwinState own = state_of_priority (sum->worst);

  item->newest_us = sum->newest_us;
  if (area)
    {
      item->state = rank (own) > rank (sum->rolled) && sum->worst != 0
                        ? own
                        : sum->rolled;
      return;
    }

  if (sum->total == 0)
    {
      item->state = sum->worst != 0 ? own : TWIN_STATE_UNKNOWN;
      return;
    }

  item->state = own;
  if (own == TWIN_STATE_NORMAL && place->machine != NULL &&
      place->machine->place == place && stands_still (place->machine))
    item->state = TWIN_STATE_STOPPED;

  if (sum->fresh == 0)
    {
      item->was =
          state_of_priority (sum->cause != NULL ? sum->cause->priority : 0);
      item->state = TWIN_STATE_STALE;
    }
}

/* Where no diagnosis speaks, the worst alarm says what, why and what to do. */
static void
say_cause (TwinStateItem *item, const TwinAlarmRow *cause)
{
  item->finding = g_strdup (cause->name);
  g_free (item->sureness);
  item->sureness = g_strdup ("measured");
  g_free (item->advice);
  item->advice = g_strdup (cause->advice);
  g_free (item->reason);
  item->reason = g_strdup (cause->why);
}

static TwinStateItem *
make_item (TwinEngine *self, TwinEnginePlace *place)
{
  TwinStateItem *item = g_new0 (TwinStateItem, 1);
  Summary        sum = { .newest_us = TWIN_TIME_NONE };

  item->twin = g_strdup (place->id);
  item->maintenance_us = item->suggested_us = TWIN_TIME_NONE;
  item->shaft_hz = NAN;
  item->rul_p05_s = item->rul_p50_s = item->rul_p95_s = NAN;
  item->rul_lower_s = item->usual_score = NAN;
  summarise (self, place, &sum);
  /* What is planned or retired is neither stale nor healthy. */
  if (!twin_engine_place_counts (place))
    {
      item->state = item->was = TWIN_STATE_UNKNOWN;
      item->newest_us = sum.newest_us;
      return item;
    }

  judge (place, &sum, item);

  if (place->machine != NULL && place->machine->place == place)
    twin_engine_machine_describe (self, place->machine, item);
  if (item->finding == NULL && sum.cause != NULL)
    say_cause (item, sum.cause);
  return item;
}

static gboolean
same_double (double a, double b)
{
  return (isnan (a) && isnan (b)) || a == b;
}

/* newest_us alone is no reason to say everything again: values say it. */
static gboolean
same_item (const TwinStateItem *a, const TwinStateItem *b)
{
  return a != NULL && a->state == b->state && a->was == b->was &&
         llabs (a->newest_us - b->newest_us) < TWIN_US_PER_S &&
         fabs (a->shaft_hz - b->shaft_hz) < 0.005 &&
         g_strcmp0 (a->speed_source, b->speed_source) == 0 &&
         g_strcmp0 (a->mode, b->mode) == 0 &&
         g_strcmp0 (a->finding, b->finding) == 0 &&
         g_strcmp0 (a->sureness, b->sureness) == 0 &&
         g_strcmp0 (a->advice, b->advice) == 0 &&
         g_strcmp0 (a->reason, b->reason) == 0 &&
         g_strcmp0 (a->reliability, b->reliability) == 0 &&
         same_double (a->rul_p05_s, b->rul_p05_s) &&
         same_double (a->rul_p50_s, b->rul_p50_s) &&
         same_double (a->rul_p95_s, b->rul_p95_s) &&
         same_double (a->rul_lower_s, b->rul_lower_s) &&
         g_strcmp0 (a->rul_why, b->rul_why) == 0 &&
         same_double (a->usual_score, b->usual_score) &&
         g_strcmp0 (a->usual_why, b->usual_why) == 0 &&
         g_strcmp0 (a->suggested_why, b->suggested_why) == 0 &&
         g_strcmp0 (a->maintenance, b->maintenance) == 0;
}

/* Children before parents: an area rolls up what its machines show. */
static void
visit (TwinEngine *self, TwinEnginePlace *place, GPtrArray *items)
{
  TwinStateItem *item;

  if (!place->dirty)
    return;

  place->dirty = FALSE;
  for (guint i = 0; i < place->children->len; i++)
    visit (self, g_ptr_array_index (place->children, i), items);

  item = make_item (self, place);
  if (same_item (place->shown, item))
    {
      state_item_free (item);
      return;
    }

  g_ptr_array_add (items, twin_engine_state_item_copy (item));
  state_item_free (place->shown);
  place->shown = item;
}

TwinUpdate *
twin_engine_states_update (TwinEngine *self)
{
  GPtrArray *items = twin_update_items_new (TWIN_UPDATE_STATES);

  for (guint i = 0; i < self->roots->len; i++)
    visit (self, g_ptr_array_index (self->roots, i), items);

  if (items->len > 0)
    return twin_update_new (TWIN_UPDATE_STATES, items);

  g_ptr_array_unref (items);
  return NULL;
}

/* --- time passes
 * ---------------------------------------------------------------------- */

int64_t
twin_engine_signal_stale_at (const TwinEngineSignal *signal)
{
  return twin_signal_stale_at_us (&signal->v);
}

gboolean
twin_engine_signal_is_stale (TwinEngine             *self,
                             const TwinEngineSignal *signal,
                             int64_t                 now_us)
{
  return twin_signal_is_stale (&signal->v, now_us,
                               signal->node == NULL || signal->node->online,
                               self->link_up);
}

void
twin_engine_states_tick (TwinEngine *self, int64_t now_us)
{
  GHashTableIter    iter, inner;
  TwinEnginePlace  *place;
  TwinEngineSignal *signal;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &place))
    {
      g_hash_table_iter_init (&inner, place->signals);
      while (g_hash_table_iter_next (&inner, NULL, (void **) &signal))
        {
          gboolean stale;

          if (signal->hidden || signal->v.arrival_us == TWIN_TIME_NONE)
            continue;

          stale = twin_engine_signal_is_stale (self, signal, now_us);
          if (stale == signal->stale)
            continue;

          signal->stale = stale;
          twin_engine_signal_changed (self, signal);
          twin_engine_place_touch (place);
          twin_engine_alarms_stale (self, signal, now_us);
        }
    }
}

/* --- for queries
 * ---------------------------------------------------------------------- */

static const char *
state_word (TwinState state)
{
  static const char *const words[] = {
    [TWIN_STATE_UNKNOWN] = "unknown", [TWIN_STATE_NORMAL] = "normal",
    [TWIN_STATE_STOPPED] = "stopped", [TWIN_STATE_LOW] = "warning",
    [TWIN_STATE_MEDIUM] = "warning",  [TWIN_STATE_HIGH] = "alarm",
    [TWIN_STATE_CRITICAL] = "alarm",  [TWIN_STATE_STALE] = "stale",
  };

  return words[state];
}

void
twin_engine_states_store (TwinEngine *self, int64_t now_us)
{
  GHashTableIter   iter;
  TwinEnginePlace *place;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &place))
    {
      g_autoptr (GError) error = NULL;
      const char *word;

      if (place->shown == NULL)
        continue;

      word = state_word (place->shown->state);
      if (word == place->stored)
        continue;

      if (!twin_engine_batch_open (self))
        return;
      if (!twin_store_put_twin_state (self->store, place->id, word, now_us,
                                      &error))
        {
          twin_engine_store_failed (self, g_steal_pointer (&error));
          return;
        }
      place->stored = word;
    }
}

void
twin_engine_states_unsure (TwinEngine *self)
{
  GHashTableIter   iter;
  TwinEnginePlace *place;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &place))
    place->stored = NULL;
}
