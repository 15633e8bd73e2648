/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-said.c - what was predicted of a machine, and what became of it
 *
 * A life ends when the index passes the threshold that was predicted, or is cut
 * by an order that was done.
 */
#include "twin-engine-private.h"

#include <math.h>

#include "twin-rul-record.h"

enum
{
  SAID_MAX = 4000, /* predictions kept in memory */
};

/* The page tells what was said so long ago. */
static const int64_t ages_s[] = { 90 * 86400, 30 * 86400, 7 * 86400, 86400,
                                  6 * 3600,   3600,       600,       0 };

typedef struct
{
  GArray *said;   /* TwinRulSaid, oldest first */
  GArray *firsts; /* TwinRulSaid: the first interval of each life */
  GArray *ends;   /* TwinRulEnd */
} TwinEngineSaid;

static TwinEngineSaid *
said_of (TwinEngineMachine *machine)
{
  TwinEngineSaid *self = machine->said;

  if (self != NULL)
    return self;

  self = machine->said = g_new0 (TwinEngineSaid, 1);
  self->said = g_array_new (FALSE, FALSE, sizeof (TwinRulSaid));
  self->firsts = g_array_new (FALSE, FALSE, sizeof (TwinRulSaid));
  self->ends = g_array_new (FALSE, FALSE, sizeof (TwinRulEnd));
  return self;
}

void
twin_engine_said_free (TwinEngineMachine *machine)
{
  TwinEngineSaid *self = machine->said;

  if (self == NULL)
    return;

  g_array_unref (self->said);
  g_array_unref (self->firsts);
  g_array_unref (self->ends);
  g_clear_pointer (&machine->said, g_free);
}

/* --- ends --------------------------------------------------------------------
 */

static const TwinRulEnd *
last_end (const TwinEngineSaid *self)
{
  return self->ends->len > 0
             ? &g_array_index (self->ends, TwinRulEnd, self->ends->len - 1)
             : NULL;
}

static void
add_end (TwinEngineSaid *self, int64_t time_us, TwinRulFate fate)
{
  const TwinRulEnd *last = last_end (self);
  const TwinRulEnd  end = { time_us, fate };

  if (last == NULL || last->time_us < time_us)
    g_array_append_val (self->ends, end);
}

/* A life ends once: the next one begins with maintenance. */
void
twin_engine_said_look (TwinEngineMachine *machine,
                       const int64_t     *times_us,
                       const double      *index,
                       size_t             n,
                       double             threshold)
{
  TwinEngineSaid   *self = said_of (machine);
  const TwinRulEnd *last = last_end (self);
  int64_t           end_us;

  if (last != NULL && last->fate == TWIN_RUL_ENDED)
    return;

  end_us = twin_rul_find_end (times_us, index, n,
                              last != NULL ? last->time_us : INT64_MIN + 1,
                              threshold);
  if (end_us != TWIN_TIME_NONE)
    add_end (self, end_us, TWIN_RUL_ENDED);
}

void
twin_engine_said_order (TwinEngine *self, const TwinOrder *order)
{
  TwinEnginePlace *place = twin_engine_place_find (self, order->twin);

  if (order->state == TWIN_ORDER_DONE && place != NULL &&
      place->machine != NULL)
    add_end (said_of (place->machine), twin_clock_utc_us (),
             TWIN_RUL_MAINTAINED);
}

/* --- what was said -----------------------------------------------------------
 */

static void
add_first (TwinEngineSaid *self, const TwinRulSaid *said)
{
  const TwinRulEnd  *end = last_end (self);
  const TwinRulSaid *first =
      self->firsts->len > 0
          ? &g_array_index (self->firsts, TwinRulSaid, self->firsts->len - 1)
          : NULL;

  if (isfinite (said->p05_s) && (end == NULL || end->fate != TWIN_RUL_ENDED) &&
      (first == NULL || (end != NULL && end->time_us > first->made_us)))
    g_array_append_vals (self->firsts, said, 1);
}

static void
add_said (TwinEngineSaid *self, const TwinRulSaid *said)
{
  if (self->said->len >= SAID_MAX)
    {
      /* The older half is thinned. */
      guint kept = 0;

      for (guint i = 0; i < self->said->len;
           i += i < self->said->len / 2 ? 2 : 1)
        g_array_index (self->said, TwinRulSaid, kept++) =
            g_array_index (self->said, TwinRulSaid, i);
      g_array_set_size (self->said, kept);
    }

  g_array_append_vals (self->said, said, 1);
  add_first (self, said);
}

void
twin_engine_said_add (TwinEngineMachine *machine,
                      int64_t            made_us,
                      const TwinRul     *rul)
{
  const TwinRulSaid said = { made_us,           rul->p05_s, rul->p25_s,
                             rul->p50_s,        rul->p75_s, rul->p95_s,
                             rul->lower_bound_s };

  add_said (said_of (machine), &said);
}

static void
load_ends (TwinEngine *engine, TwinEngineMachine *machine)
{
  g_autoptr (GPtrArray) orders =
      twin_store_reader_list_orders (engine->reader, machine->place->id, NULL);

  /* They come newest first. */
  for (guint i = orders != NULL ? orders->len : 0; i-- > 0;)
    {
      const TwinStoreOrder *order = g_ptr_array_index (orders, i);

      if (g_strcmp0 (order->state, "done") == 0 && order->closed_us > 0)
        add_end (said_of (machine), order->closed_us, TWIN_RUL_MAINTAINED);
    }
}

int64_t
twin_engine_said_load (TwinEngine *engine, TwinEngineMachine *machine)
{
  const TwinStoreSpan span = { .subject = machine->place->id,
                               .limit = SAID_MAX / 2 };
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_predictions (engine->reader, &span, NULL);
  TwinEngineSaid *self = said_of (machine);
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (TwinRulCase));

  load_ends (engine, machine);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStorePrediction *row = g_ptr_array_index (rows, i);
      const TwinRulSaid          said = { row->time_us, row->p05_s, row->p25_s,
                                          row->p50_s,   row->p75_s, row->p95_s,
                                          row->lower_s };

      g_array_append_val (self->said, said);
    }

  twin_rul_cases ((const TwinRulSaid *) (void *) self->said->data,
                  self->said->len,
                  (const TwinRulEnd *) (void *) self->ends->data,
                  self->ends->len, 0, cases);
  for (guint i = 0; i < cases->len; i++)
    g_array_append_val (self->firsts,
                        g_array_index (cases, TwinRulCase, i).said);

  return self->said->len > 0
             ? g_array_index (self->said, TwinRulSaid, self->said->len - 1)
                   .made_us
             : TWIN_TIME_NONE;
}

/* --- telling
 * ------------------------------------------------------------------
 */

static void
tell_one (const TwinEngineSaid *self,
          const TwinRulSaid    *said,
          int64_t               now_us,
          GArray               *past)
{
  const TwinRulEnd *ends = (const TwinRulEnd *) (void *) self->ends->data;
  const size_t      n = self->ends->len;
  double            lasted_s;
  TwinRulFate fate = twin_rul_fate (said->made_us, ends, n, now_us, &lasted_s);
  TwinRulVerdict     verdict = twin_rul_is_over (said->made_us, ends, n)
                                   ? TWIN_RUL_VERDICT_NONE
                                   : twin_rul_judge (said, fate, lasted_s);
  TwinPastPrediction item = {
    said->made_us, said->p05_s,   said->p50_s,
    said->p95_s,   said->lower_s, g_strdup (twin_rul_verdict_name (verdict)),
  };

  g_array_append_val (past, item);
}

void
twin_engine_said_tell (TwinEngineMachine *machine, int64_t now_us, GArray *past)
{
  TwinEngineSaid *self = said_of (machine);
  guint           next = 0;

  /* Of each age the newest that is so old; none twice. */
  for (gsize a = 0; a < G_N_ELEMENTS (ages_s); a++)
    {
      guint found = next;

      while (found < self->said->len &&
             g_array_index (self->said, TwinRulSaid, found).made_us <=
                 now_us - ages_s[a] * TWIN_US_PER_S)
        found++;
      if (found > next)
        tell_one (self, &g_array_index (self->said, TwinRulSaid, found - 1),
                  now_us, past);
      next = found;
    }
}

/* How the intervals of all machines held; NULL: none was stated. */
char *
twin_engine_said_calibration (TwinEngine *engine, int64_t now_us)
{
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (TwinRulCase));
  TwinRulCalibration held;

  for (guint m = 0; m < engine->machines->len; m++)
    {
      TwinEngineMachine    *machine = g_ptr_array_index (engine->machines, m);
      const TwinEngineSaid *self = said_of (machine);

      twin_rul_cases ((const TwinRulSaid *) (void *) self->firsts->data,
                      self->firsts->len,
                      (const TwinRulEnd *) (void *) self->ends->data,
                      self->ends->len, now_us, cases);
    }

  twin_rul_calibrate ((const TwinRulCase *) (void *) cases->data, cases->len,
                      &held);
  return held.n > 0 ? twin_rul_calibration_text (&held) : NULL;
}
