/* SPDX-License-Identifier: Apache-2.0
 *
 * node-trip.c - the node stops its machine by itself
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

typedef struct
{
  char  name[NODE_NAME_SIZE];
  float high, delay_s;
} kept_limit;

/* Why the relay is open. */
typedef struct
{
  char     name[NODE_NAME_SIZE];
  bool     open; /* false: it was reset */
  bool     told; /* its event is in the ring */
  bool     timed;
  uint32_t epoch;
  float    value, high, delay_s;
  double   up_s, utc_s;
} kept_trip;

static bool
get_trip (const node *n, kept_trip *kept)
{
  return node_keep_get (&n->keep, KEEP_TRIPPED, kept, sizeof *kept) ==
             (int32_t) sizeof *kept &&
         kept->open;
}

/* The accelerometer whose velocity @signal is; -1: another signal. */
static int
velocity_of (const node *n, unsigned signal)
{
  for (unsigned i = 0; i < n->config.n_accels; i++)
    if (n->accels[i].edge.first_signal == signal)
      return (int) i;
  return -1;
}

/* A peak or a statistic of one second says nothing by its next second. */
static bool
can_trip (const node *n, unsigned signal)
{
  if (node_edge_accel_of (n, signal) >= 0 && velocity_of (n, signal) < 0)
    return false;
  return signal != n->hours_signal;
}

bool
node_trip_armed (const node *n)
{
  return n->mode != NODE_MODE_SERVICE && !n->trip.tripped;
}

static const char *
unit_of (const node *n, const char *name)
{
  int at = node_signal_find (n, name, strlen (name));

  return at >= 0 ? n->signals[at].unit : "/";
}

bool
node_trip_needs (const node *n, unsigned accel)
{
  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    if (n->trip.limits[i].signal == n->accels[accel].edge.first_signal)
      return true;
  return false;
}

static void
tell (node *n, kept_trip *kept)
{
  const char   *unit = unit_of (n, kept->name);
  node_evidence evidence[5] = { { "event/value", unit, kept->value },
                                { "event/limit", unit, kept->high },
                                { "event/delay", "s", kept->delay_s } };
  unsigned      count = 3;

  /* Told later than it happened: in another epoch. */
  if (kept->epoch != n->epoch)
    {
      evidence[count++] =
          (node_evidence){ "event/epoch", "/", (float) kept->epoch };
      evidence[count++] =
          (node_evidence){ "event/up", "s", (float) kept->up_s };
    }
  if (!node_event_with (n, "trip", kept->name, evidence, count))
    return;
  kept->told = true;
  node_keep_put (&n->keep, KEEP_TRIPPED, kept, sizeof *kept);
}

/* The relay first: flash may take its time, or be dead. */
static void
fire (node *n, node_trip_limit *limit)
{
  kept_trip kept;

  hal_relay_set (n->board, false);
  n->trip.tripped = true;

  memset (&kept, 0, sizeof kept);
  node_copy (kept.name, sizeof kept.name, n->signals[limit->signal].name);
  kept.open = true;
  kept.timed = node_utc_s (n, &kept.utc_s);
  kept.epoch = n->epoch;
  kept.up_s = node_up_s (n);
  kept.value = limit->value;
  kept.high = limit->high;
  kept.delay_s = limit->delay_s;
  if (node_keep_put (&n->keep, KEEP_TRIPPED, &kept, sizeof kept) != HAL_OK)
    node_log (n, HAL_LOG_ERROR, "tripped, and flash cannot remember why");
  node_log (n, HAL_LOG_ERROR, "tripped: the machine is switched off");
  tell (n, &kept);
  n->report_due = true;
}

static void
judge (node *n, node_trip_limit *limit, float value)
{
  limit->value = value;
  if (!(value > limit->high) || !node_trip_armed (n))
    limit->over_us = 0;
  else if (limit->over_us == 0)
    limit->over_us = hal_time_us (n->board);
}

/* A fresh value of @signal, or that there is none. */
void
node_trip_value (node *n, unsigned signal, float value, bool good)
{
  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    {
      node_trip_limit *limit = &n->trip.limits[i];

      if (limit->signal != signal || velocity_of (n, signal) >= 0)
        continue;
      if (good)
        judge (n, limit, value);
      else
        limit->over_us = 0;
    }
}

static void
judge_velocity (node *n, unsigned accel)
{
  const node_trip_window *w = &n->trip.windows[accel];
  float                   squares = 0;
  uint32_t                samples = 0;

  for (unsigned i = 0; i < NODE_TRIP_HOPS; i++)
    {
      squares += w->squares[i];
      samples += w->samples[i];
    }
  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    if (n->trip.limits[i].signal == n->accels[accel].edge.first_signal)
      judge (n, &n->trip.limits[i], sqrtf (squares / (float) samples));
}

/* A few milliseconds more of velocity: sum of squares over @samples. */
void
node_trip_velocity (node *n, unsigned accel, float squares, uint32_t samples)
{
  node_trip_window *w = &n->trip.windows[accel];
  uint32_t          hop =
      (uint32_t) (n->accels[accel].config.rate_hz / NODE_TRIP_HOPS_PER_S);

  w->squares[w->at] += squares;
  w->samples[w->at] = (uint16_t) (w->samples[w->at] + samples);
  if (w->samples[w->at] < hop)
    return;

  if (w->held < NODE_TRIP_HOPS)
    w->held++;
  if (w->held == NODE_TRIP_HOPS)
    judge_velocity (n, accel);
  w->at = (uint8_t) ((w->at + 1) % NODE_TRIP_HOPS);
  w->squares[w->at] = 0;
  w->samples[w->at] = 0;
}

/* Samples are missing, or the sensor stopped: nothing is known any more. */
void
node_trip_gap (node *n, unsigned accel)
{
  memset (&n->trip.windows[accel], 0, sizeof n->trip.windows[accel]);
  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    if (n->trip.limits[i].signal == n->accels[accel].edge.first_signal)
      {
        n->trip.limits[i].over_us = 0;
        n->trip.limits[i].value = 0;
      }
}

static uint64_t
due_us (const node_trip_limit *limit)
{
  return limit->over_us + (uint64_t) ((double) limit->delay_s * 1e6);
}

void
node_trip_step (node *n)
{
  uint64_t now = hal_time_us (n->board);

  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    {
      node_trip_limit *limit = &n->trip.limits[i];

      if (limit->over_us != 0 && now >= due_us (limit) && node_trip_armed (n))
        fire (n, limit);
    }
}

uint64_t
node_trip_deadline_us (const node *n)
{
  uint64_t first = 0;

  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    {
      const node_trip_limit *limit = &n->trip.limits[i];

      if (limit->over_us != 0 && node_trip_armed (n) &&
          (first == 0 || due_us (limit) < first))
        first = due_us (limit);
    }
  return first;
}

/* Limits. */

static bool
save_limits (node *n)
{
  kept_limit kept[NODE_TRIPS_MAX];

  memset (kept, 0, sizeof kept);
  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    {
      const node_trip_limit *limit = &n->trip.limits[i];

      if (limit->signal == NODE_SIGNALS_MAX)
        continue;
      node_copy (kept[i].name, sizeof kept[i].name,
                 n->signals[limit->signal].name);
      kept[i].high = limit->high;
      kept[i].delay_s = limit->delay_s;
    }
  return node_keep_put (&n->keep, KEEP_TRIP_LIMITS, kept, sizeof kept) ==
         HAL_OK;
}

static node_trip_limit *
find_limit (node *n, unsigned signal)
{
  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    if (n->trip.limits[i].signal == signal)
      return &n->trip.limits[i];
  return NULL;
}

void
node_trip_init (node *n)
{
  kept_limit kept[NODE_TRIPS_MAX];
  kept_trip  why;

  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    n->trip.limits[i].signal = NODE_SIGNALS_MAX;
  if (node_keep_get (&n->keep, KEEP_TRIP_LIMITS, kept, sizeof kept) ==
      (int32_t) sizeof kept)
    for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
      {
        int at = node_signal_find (n, kept[i].name, strlen (kept[i].name));

        if (at >= 0)
          n->trip.limits[i] = (node_trip_limit){ .signal = (uint8_t) at,
                                                 .high = kept[i].high,
                                                 .delay_s = kept[i].delay_s };
      }

  n->trip.tripped = get_trip (n, &why);
  if (n->trip.tripped)
    {
      hal_relay_set (n->board, false);
      node_log (n, HAL_LOG_WARNING, "still tripped: an engineer must reset it");
      if (!why.told)
        tell (n, &why);
    }
}

/* { name, high, ? delayS } or { name, off: true }. */
const char *
node_trip_set_act (node *n, const node_command *c)
{
  char             name[NODE_NAME_SIZE];
  node_cbor_reader at;
  double           high = 0, delay = 0;
  bool             off = false;
  int              signal;
  node_trip_limit *limit, old;

  if (!node_argument_text (c, "name", name, sizeof name))
    return "argument";
  if (node_cbor_find (&c->arguments, "off", &at))
    {
      node_cbor_item item;

      if (!node_cbor_next (&at, &item) || item.kind != NODE_CBOR_SIMPLE ||
          (item.number != 20 && item.number != 21))
        return "argument";
      off = item.number == 21;
    }
  if (!off && !node_argument_number (c, "high", &high))
    return "argument";
  node_argument_number (c, "delayS", &delay);

  signal = node_signal_find (n, name, strlen (name));
  if (signal < 0 || !can_trip (n, (unsigned) signal) || !(fabs (high) < 1e9) ||
      !(delay >= 0) || !(delay <= NODE_TRIP_DELAY_MAX_S))
    return "argument";

  limit = find_limit (n, (unsigned) signal);
  if (limit == NULL && !off)
    limit = find_limit (n, NODE_SIGNALS_MAX);
  if (limit == NULL)
    return "state"; /* none to switch off, or all places taken */

  old = *limit;
  *limit =
      (node_trip_limit){ .signal = off ? NODE_SIGNALS_MAX : (uint8_t) signal,
                         .high = (float) high,
                         .delay_s = (float) delay };
  if (!save_limits (n))
    {
      *limit = old;
      return "failed";
    }
  n->report_due = true;
  node_act_done (n, c);
  return NULL;
}

/* Close the relay again. Refused while what tripped it still holds. */
const char *
node_trip_reset_act (node *n, const node_command *c)
{
  kept_trip why;
  bool      known = get_trip (n, &why);

  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    {
      const node_trip_limit *limit = &n->trip.limits[i];

      if (limit->signal != NODE_SIGNALS_MAX && limit->value > limit->high)
        return "state";
    }

  if (known)
    {
      why.open = false;
      if (node_keep_put (&n->keep, KEEP_TRIPPED, &why, sizeof why) != HAL_OK)
        return "failed";
    }
  n->trip.tripped = false;
  hal_relay_set (n->board, true);
  node_event (n, "trip-reset", known ? why.name : "", -1);
  n->report_due = true;
  node_act_done (n, c);
  return NULL;
}

/* What is reported. */

bool
node_has_trip (const node *n)
{
  if (n->trip.tripped)
    return true;
  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    if (n->trip.limits[i].signal != NODE_SIGNALS_MAX)
      return true;
  return false;
}

static void
write_limits (const node *n, node_cbor_writer *w)
{
  const char *last = NULL;
  unsigned    count = 0;

  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    count += n->trip.limits[i].signal != NODE_SIGNALS_MAX;

  node_cbor_put_map (w, count);
  for (; count > 0; count--)
    {
      const node_trip_limit *next = NULL;

      for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
        {
          const node_trip_limit *limit = &n->trip.limits[i];
          const char            *name;

          if (limit->signal == NODE_SIGNALS_MAX)
            continue;
          name = n->signals[limit->signal].name;
          if ((last == NULL || node_name_before (last, name)) &&
              (next == NULL ||
               node_name_before (name, n->signals[next->signal].name)))
            next = limit;
        }
      last = n->signals[next->signal].name;
      node_cbor_put_text (w, last);
      node_cbor_put_map (w, 2);
      node_cbor_put_text (w, "high");
      node_cbor_put_f64 (w, (double) next->high);
      node_cbor_put_text (w, "delayS");
      node_cbor_put_f64 (w, (double) next->delay_s);
    }
}

static void
write_why (const node *n, node_cbor_writer *w, const kept_trip *why)
{
  node_cbor_put_map (w, 7 + why->timed);
  if (why->timed)
    {
      node_cbor_put_text (w, "bt");
      node_cbor_put_f64 (w, why->utc_s);
    }
  node_cbor_put_text (w, "up");
  node_cbor_put_f64 (w, why->up_s);
  node_cbor_put_text (w, "name");
  node_cbor_put_text (w, why->name);
  node_cbor_put_text (w, "unit");
  node_cbor_put_text (w, unit_of (n, why->name));
  node_cbor_put_text (w, "epoch");
  node_cbor_put_uint (w, why->epoch);
  node_cbor_put_text (w, "limit");
  node_cbor_put_f64 (w, (double) why->high);
  node_cbor_put_text (w, "value");
  node_cbor_put_f64 (w, (double) why->value);
  node_cbor_put_text (w, "delayS");
  node_cbor_put_f64 (w, (double) why->delay_s);
}

void
node_write_trip (const node *n, node_cbor_writer *w)
{
  kept_trip why;
  bool      known = get_trip (n, &why);

  node_cbor_put_map (w, 2 + known);
  node_cbor_put_text (w, "armed");
  node_cbor_put_bool (w, node_trip_armed (n));
  node_cbor_put_text (w, "limits");
  write_limits (n, w);
  if (known)
    {
      node_cbor_put_text (w, "tripped");
      write_why (n, w, &why);
    }
}
