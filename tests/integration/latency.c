/* SPDX-License-Identifier: Apache-2.0 */
/* latency.c - how long from a block's last sample to its spectrum, and from a
 * command to the node's answer
 *
 * usage: latency STORE BROKER KEYS DATA TOKENS MACHINE SENSOR BLOCKS COMMANDS
 * Prints one JSON line: medians and 95th percentiles in milliseconds. Node and
 * engine share this machine's clock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "twin-engine.h"
#include "twin-lock.h"

typedef struct
{
  TwinLock    lock;
  TwinCond    came;
  GArray     *blocks; /* int64_t µs */
  uint64_t    request;
  gboolean    answered, failed;
  char        text[200];
  gboolean    enrolled;
  const char *machine;
} Watch;

static void
look_at_nodes (Watch *self, const TwinUpdate *update)
{
  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinNodeItem *node = g_ptr_array_index (update->items, i);

      if (g_strcmp0 (node->twin, self->machine) == 0 && node->enrolled &&
          node->online)
        self->enrolled = TRUE;
    }
}

static void
sink (TwinUpdate *update, void *data)
{
  Watch  *self = data;
  int64_t latency = update->posted_us;

  twin_lock_acquire (&self->lock);
  if (update->kind == TWIN_UPDATE_BLOCK &&
      update->block->end_us != TWIN_TIME_NONE)
    {
      latency -= update->block->end_us;
      g_array_append_val (self->blocks, latency);
    }
  else if (update->kind == TWIN_UPDATE_NODES)
    look_at_nodes (self, update);
  else if (update->kind == TWIN_UPDATE_REQUEST &&
           update->request->id == self->request &&
           update->request->stage >= TWIN_REQUEST_DONE)
    {
      self->answered = TRUE;
      self->failed = update->request->stage == TWIN_REQUEST_FAILED;
      g_strlcpy (self->text, update->request->text, sizeof self->text);
    }

  twin_cond_broadcast (&self->came);
  twin_lock_release (&self->lock);
  twin_update_unref (update);
}

static int
compare (const void *a, const void *b)
{
  int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;

  return (x > y) - (x < y);
}

static double
percentile (GArray *values, double share)
{
  if (values->len == 0)
    return -1;

  g_array_sort (values, compare);
  return (double) g_array_index (values, int64_t,
                                 (guint) (share * (double) (values->len - 1) +
                                          0.5)) /
         1e3;
}

static gboolean
wait_enrolled (Watch *self)
{
  int64_t  end = twin_clock_monotonic_us () + 30 * TWIN_US_PER_S;
  gboolean enrolled;

  twin_lock_acquire (&self->lock);
  while (!self->enrolled && twin_clock_monotonic_us () < end)
    twin_cond_wait_until (&self->came, &self->lock, end);
  enrolled = self->enrolled;
  twin_lock_release (&self->lock);
  return enrolled;
}

/* An order reaches the node and comes back as what it reports. */
static gboolean
one_order (Watch *self, TwinEngine *engine)
{
  int64_t  end = twin_clock_monotonic_us () + 15 * TWIN_US_PER_S;
  gboolean done;

  twin_lock_acquire (&self->lock);
  self->answered = FALSE;
  self->request =
      twin_engine_schedule_maintenance (engine, self->machine,
                                        "{\"date\":\"2026-12-03\",\"work\":"
                                        "\"replaceBearing\","
                                        "\"note\":\"drive end\"}",
                                        "latency");
  while (!self->answered && twin_clock_monotonic_us () < end)
    twin_cond_wait_until (&self->came, &self->lock, end);
  done = self->answered && !self->failed;
  twin_lock_release (&self->lock);
  fprintf (stderr, "order: %s\n", self->text);
  return done;
}

static gboolean
one_command (Watch *self, TwinEngine *engine, GArray *trips)
{
  int64_t  begin, took;
  int64_t  end = twin_clock_monotonic_us () + 10 * TWIN_US_PER_S;
  gboolean done;

  /* Under the lock, so that the answer cannot come before its number. */
  twin_lock_acquire (&self->lock);
  begin = twin_clock_monotonic_us ();
  self->answered = FALSE;
  self->request = twin_engine_command (engine, self->machine, "identify",
                                       "{\"seconds\": 1}", "latency");
  while (!self->answered && twin_clock_monotonic_us () < end)
    twin_cond_wait_until (&self->came, &self->lock, end);
  took = twin_clock_monotonic_us () - begin;
  done = self->answered && !self->failed;
  twin_lock_release (&self->lock);

  if (!done)
    fprintf (stderr, "identify: %s\n", self->text);
  else
    g_array_append_val (trips, took);
  return done;
}

int
main (int argc, char **argv)
{
  Watch   watch = { 0 };
  GArray *trips = g_array_new (FALSE, FALSE, sizeof (int64_t));
  g_autoptr (GError) error = NULL;
  TwinEngineConfig config = { .plant = "northfield", .operator_name = "lab" };
  TwinEngine      *engine;
  int64_t          end;
  gboolean         ordered;
  guint            wanted;

  if (argc != 10)
    return 64;

  config.store_path = argv[1];
  config.broker = argv[2];
  config.key_dir = argv[3];
  config.data_dir = argv[4];
  config.enrol_file = argv[5];
  watch.machine = argv[6];
  wanted = (guint) atoi (argv[8]);
  twin_lock_init (&watch.lock);
  twin_cond_init (&watch.came);
  watch.blocks = g_array_new (FALSE, FALSE, sizeof (int64_t));

  engine = twin_engine_new (&config, &error);
  if (engine == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      return 3;
    }

  twin_engine_set_sink (engine, sink, &watch);
  twin_engine_start (engine);
  if (!wait_enrolled (&watch))
    fprintf (stderr, "%s is not enrolled\n", watch.machine);

  twin_engine_watch (engine, watch.machine, argv[7], 'x', TRUE, TRUE);
  for (int i = 0; i < atoi (argv[9]) && one_command (&watch, engine, trips);
       i++)
    g_usleep (50000);

  ordered = one_order (&watch, engine);
  end = twin_clock_monotonic_us () + (wanted + 30) * TWIN_US_PER_S;
  twin_lock_acquire (&watch.lock);
  while (watch.blocks->len < wanted && twin_clock_monotonic_us () < end)
    twin_cond_wait_until (&watch.came, &watch.lock, end);
  twin_lock_release (&watch.lock);

  twin_engine_stop (engine);
  printf ("{\"blocks\":%u,\"block_ms_p50\":%.1f,\"block_ms_p95\":%.1f,"
          "\"ordered\":%s,\"commands\":%u,\"command_ms_p50\":%.1f,\"command_ms_"
          "p95\":%.1f}\n",
          watch.blocks->len, percentile (watch.blocks, 0.5),
          percentile (watch.blocks, 0.95), ordered ? "true" : "false",
          trips->len, percentile (trips, 0.5), percentile (trips, 0.95));
  twin_engine_free (engine);
  g_array_unref (watch.blocks);
  g_array_unref (trips);
  twin_cond_clear (&watch.came);
  twin_lock_clear (&watch.lock);
  return 0;
}
