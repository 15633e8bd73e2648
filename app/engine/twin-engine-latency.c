/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-latency.c - how old what a machine's spectrum shows is, by stage
 *
 * From the moment that a vibration stands for, the middle of its block, to the
 * finished spectrum: the sensor's filter, half the block, the way to us, the
 * wait for a worker, the computation. Sensor to arrival is as good as the two
 * clocks agree.
 */
#include "twin-engine-thermal.h"
#include "twin-json-members.h"

#include <math.h>
#include <string.h>

enum
{
  KEPT = 128, /* blocks */
  FEW = 8,
  TOLD_MOST = 10, /* machines, the slowest, in the status */
};

#define TELL_US (60 * TWIN_US_PER_S)
#define LOST_US (60 * TWIN_US_PER_S) /* older: replayed, not live */
#define BUDGET_S 2.0                 /* property latencyBudget overrides it */

/* Of the digital filter of an accelerometer that decimates (ADXL355: 2.52
 * samples at 4 kHz; data sheet, from memory). */
#define FILTER_SAMPLES 2.52

typedef enum
{
  TRANSFER,
  WAITING,
  COMPUTE,
  ALL,
  STAGES,
} Stage;

typedef struct
{
  float    seconds[STAGES][KEPT];
  unsigned n, next;
  double   filter_s, block_s;             /* of the last one */
  double   budget_s, quantile[STAGES][3]; /* 50, 95, 99 %; as told last */
  int64_t  told_us;                       /* 0: not yet */
} Latency;

static int
compare (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static void
measure (Latency *self)
{
  static const double levels[] = { 0.5, 0.95, 0.99 };

  for (int stage = 0; stage < STAGES; stage++)
    {
      float sorted[KEPT];

      memcpy (sorted, self->seconds[stage], self->n * sizeof *sorted);
      qsort (sorted, self->n, sizeof *sorted, compare);
      for (int i = 0; i < 3; i++)
        self->quantile[stage][i] =
            sorted[(unsigned) ceil (levels[i] * self->n) - 1];
    }
}

void
twin_engine_latency_free (TwinEngineMachine *machine)
{
  g_clear_pointer (&machine->latency, g_free);
}

static double
clamped_s (int64_t from_us, int64_t to_us)
{
  return fmax (twin_clock_seconds_from_us (to_us - from_us), 0);
}

void
twin_engine_latency_note (TwinEngine *self, const TwinEngineJob *job)
{
  /* A node that serves no twin sends blocks too. */
  TwinEnginePlace *place =
      job->machine != NULL ? twin_engine_place_find (self, job->machine) : NULL;
  TwinEngineMachine *machine = place != NULL ? place->machine : NULL;
  TwinEngineNode    *node = g_hash_table_lookup (self->nodes, job->node);
  Latency           *latency;
  double             budget;

  if (machine == NULL || job->end_us == TWIN_TIME_NONE ||
      job->done_us - job->end_us > LOST_US || job->done_us < job->end_us)
    return;

  if (machine->latency == NULL)
    machine->latency = g_new0 (Latency, 1);
  latency = machine->latency;
  latency->filter_s = FILTER_SAMPLES / job->rate_hz;
  latency->block_s = (double) job->n / job->rate_hz / 2;
  latency->seconds[TRANSFER][latency->next] =
      (float) clamped_s (job->end_us, job->arrival_us);
  latency->seconds[WAITING][latency->next] =
      (float) clamped_s (job->arrival_us, job->begun_us);
  latency->seconds[COMPUTE][latency->next] =
      (float) clamped_s (job->begun_us, job->done_us);
  latency->seconds[ALL][latency->next] =
      (float) (latency->filter_s + latency->block_s +
               clamped_s (job->end_us, job->done_us));
  latency->next = (latency->next + 1) % KEPT;
  latency->n = MIN (latency->n + 1, KEPT);
  if (latency->n < FEW || job->done_us - latency->told_us < TELL_US)
    return;

  latency->told_us = job->done_us;
  budget = twin_engine_place_number (self, place, "/latencyBudget");
  latency->budget_s = budget > 0 ? budget : BUDGET_S;
  measure (latency);
  if (node != NULL)
    twin_engine_node_changed (self, node);
}

static void
add_fact (GPtrArray *facts, const char *name, char *value)
{
  g_ptr_array_add (facts, g_strdup (name));
  g_ptr_array_add (facts, value);
}

static char *
dup_quantiles (const double *q)
{
  return g_strdup_printf ("%.3g / %.3g / %.3g ms", q[0] * 1e3, q[1] * 1e3,
                          q[2] * 1e3);
}

void
twin_engine_latency_describe (const TwinEngineMachine *machine,
                              GPtrArray               *facts)
{
  const Latency   *latency = machine->latency;
  g_autofree char *all = NULL;

  if (latency == NULL || latency->told_us == 0)
    return;

  all = dup_quantiles (latency->quantile[ALL]);
  add_fact (facts, "Latency, 50 / 95 / 99 %",
            g_strdup_printf ("%s, %s budget of %.1f s", all,
                             latency->quantile[ALL][2] <= latency->budget_s
                                 ? "within the"
                                 : "OVER the",
                             latency->budget_s));
  add_fact (facts, "· sensor's filter",
            g_strdup_printf ("%.1f ms", latency->filter_s * 1e3));
  add_fact (facts, "· half a block",
            g_strdup_printf ("%.0f ms", latency->block_s * 1e3));
  add_fact (facts, "· transfer", dup_quantiles (latency->quantile[TRANSFER]));
  add_fact (facts, "· queue", dup_quantiles (latency->quantile[WAITING]));
  add_fact (facts, "· computing", dup_quantiles (latency->quantile[COMPUTE]));
}

/* --- for twinctl status -----------------------------------------------------
 */

static void
add_stage (JsonBuilder *json, const char *name, const double *q)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_array (json);
  for (int i = 0; i < 3; i++)
    json_builder_add_double_value (json, q[i]);
  json_builder_end_array (json);
}

static void
add_machine (JsonBuilder *json, const TwinEngineMachine *machine)
{
  const Latency *latency = machine->latency;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "machine");
  json_builder_add_string_value (json, machine->place->id);
  twin_json_add_number (json, "budgetS", latency->budget_s);
  twin_json_add_number (json, "filterS", latency->filter_s);
  twin_json_add_number (json, "blockS", latency->block_s);
  add_stage (json, "transferS", latency->quantile[TRANSFER]);
  add_stage (json, "queueS", latency->quantile[WAITING]);
  add_stage (json, "computeS", latency->quantile[COMPUTE]);
  add_stage (json, "allS", latency->quantile[ALL]);
  json_builder_end_object (json);
}

void
twin_engine_latency_add (TwinEngine *self, JsonBuilder *json)
{
  const TwinEngineMachine *slowest[TOLD_MOST];
  int                      n = 0;

  for (guint i = 0; i < self->machines->len; i++)
    {
      const TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);
      const Latency           *latency = machine->latency;
      int                      at = n;

      if (latency == NULL || latency->told_us == 0)
        continue;

      while (at > 0 &&
             ((const Latency *) slowest[at - 1]->latency)->quantile[ALL][2] <
                 latency->quantile[ALL][2])
        at--;
      if (at == TOLD_MOST)
        continue;
      n = MIN (n + 1, TOLD_MOST);
      memmove (slowest + at + 1, slowest + at,
               (size_t) (n - 1 - at) * sizeof *slowest);
      slowest[at] = machine;
    }

  json_builder_set_member_name (json, "latency");
  json_builder_begin_array (json);
  for (int i = 0; i < n; i++)
    add_machine (json, slowest[i]);
  json_builder_end_array (json);
}
