/* SPDX-License-Identifier: Apache-2.0
 *
 * The node switches its machine off by itself: when, how soon, and that it
 * stays off until an engineer says otherwise.
 */
#include <math.h>
#include <string.h>

#include "console.h"
#include "twin-record.h"
#include "node-private.h"

enum
{
  WINDOW_US = 1000000 / NODE_TRIP_HOPS_PER_S * NODE_TRIP_HOPS,
};

static TwinKey *engineer_key, *maintainer_key;

typedef struct
{
  hal  *h;
  node *n;
} Bench;

static void
bench_up (Bench *b)
{
  b->h = fake_board_new (11);
  b->n = fake_board_start (b->h);
  console_trust (b->n, engineer_key, NODE_ROLE_ENGINEER);
  console_trust (b->n, maintainer_key, NODE_ROLE_MAINTAINER);
  fake_board_run (b->h, b->n, 2);
  fake_board_forget (b->h);
}

static void
bench_down (Bench *b)
{
  g_free (b->n);
  fake_board_free (b->h);
}

static void
reboot (Bench *b)
{
  fake_board_power_cycle (b->h);
  g_free (b->n);
  b->n = fake_board_start (b->h);
}

static char *
ask (Bench *b, const char *command, const char *arguments, TwinKey *key)
{
  ConsoleCommand c = { command, arguments, key, .lifetime_s = 60 };
  g_autoptr (GBytes) message = console_command (b->h, b->n, &c, NULL);

  fake_board_forget (b->h);
  console_send (b->h, b->n, "command", message);
  return console_outcome (b->h, b->n);
}

#define expect(b, command, arguments, key, outcome)                            \
  G_STMT_START                                                                 \
  {                                                                            \
    g_autofree char *said = ask (b, command, arguments, key);                  \
                                                                               \
    g_assert_cmpstr (said, ==, outcome);                                       \
  }                                                                            \
  G_STMT_END

/* All shaft lines as strong as @factor says, from now on. */
static void
shake (hal *h, double factor)
{
  machine *m = &h->sim.machine;

  for (unsigned axis = 0; axis < MACHINE_AXES; axis++)
    for (unsigned i = 0; i <= MACHINE_WAVE; i++)
      m->wave[axis][i] *= (float) factor;
}

static gboolean
stopped (const Bench *b)
{
  return b->h->sim.machine.stopped;
}

/* Numbers of the newest event "trip", from its pack; FALSE: there is none. */
static gboolean
trip_event (hal *h, const char *name, double *value, double *limit)
{
  FakeMessage *m;
  gboolean     found = FALSE;

  while ((m = fake_board_take (h, "event")) != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinRecord) r =
          twin_record_parse (g_bytes_get_data (m->payload, NULL),
                             g_bytes_get_size (m->payload), &error);

      g_assert_no_error (error);
      if (g_strcmp0 (r->entries[0].string, "trip") == 0)
        {
          found = TRUE;
          g_assert_cmpstr (r->entries[1].string, ==, name);
          g_assert_cmpstr (r->entries[2].name, ==, "event/value");
          g_assert_cmpstr (r->entries[3].name, ==, "event/limit");
          g_assert_cmpstr (r->entries[4].name, ==, "event/delay");
          *value = r->entries[2].number;
          *limit = r->entries[3].number;
        }
      fake_message_free (m);
    }
  return found;
}

/* From the moment the machine shakes to the relay, at many places within a
 * window: never before the delay, at most a window and 10 ms after it. */
static void
test_latency (void)
{
  double worst = 0;

  for (unsigned round = 0; round < 24; round++)
    {
      Bench    b;
      uint64_t onset;
      double   late, value = 0, limit = 0, delay = round % 3 == 0 ? 0 : 1.5;
      g_autofree char *arguments =
          g_strdup_printf ("{\"name\":\"de/vibrationRMS\",\"high\":0.0045,"
                           "\"delayS\":%g}",
                           delay);

      bench_up (&b);
      expect (&b, "setTrip", arguments, engineer_key, "done");
      fake_board_run (b.h, b.n, 2 + round * 0.0371);
      g_assert_false (stopped (&b));

      onset = b.h->time_us;
      shake (b.h, 6);
      fake_board_run (b.h, b.n, delay + 0.5);
      g_assert_true (stopped (&b));
      late = (double) (b.h->relay_at_us - onset) - delay * 1e6;
      g_assert_cmpfloat (late, >=, 0);
      g_assert_cmpfloat (late, <=, WINDOW_US + 10000);
      worst = MAX (worst, late);
      g_assert_true (trip_event (b.h, "de/vibrationRMS", &value, &limit));
      g_assert_cmpfloat_with_epsilon (limit, 0.0045, 1e-6);
      g_assert_cmpfloat (value, >, 0.0045);
      bench_down (&b);
    }
  g_test_message ("relay at most %.1f ms after the delay (window %d ms)",
                  worst / 1000, WINDOW_US / 1000);
}

/* A value barely over its limit fills the whole window before it shows. */
static void
test_latency_barely (void)
{
  Bench    b;
  uint64_t onset;
  double   value, late;

  bench_up (&b);
  shake (b.h, 5);
  fake_board_run (b.h, b.n, 4);
  value = b.n->signals[b.n->accels[0].edge.first_signal].value;
  shake (b.h, 0.2);
  fake_board_run (b.h, b.n, 4);
  {
    g_autofree char *arguments =
        g_strdup_printf ("{\"name\":\"de/"
                         "vibrationRMS\",\"high\":%.6f,\"delayS\":1}",
                         0.9 * value);

    expect (&b, "setTrip", arguments, engineer_key, "done");
  }
  onset = b.h->time_us;
  shake (b.h, 5);
  fake_board_run (b.h, b.n, 2);
  g_assert_true (stopped (&b));
  late = (double) (b.h->relay_at_us - onset) - 1e6;
  g_test_message ("10 %% above: relay %.1f ms after the delay", late / 1000);
  g_assert_cmpfloat (late, >=, 0);
  g_assert_cmpfloat (late, <=, WINDOW_US + 10000);
  bench_down (&b);
}

/* Above for less than the delay: nothing happens, however often. */
static void
test_short (void)
{
  Bench b;

  bench_up (&b);
  expect (&b, "setTrip",
          "{\"name\":\"de/vibrationRMS\",\"high\":0.0045,\"delayS\":2}",
          engineer_key, "done");
  for (unsigned i = 0; i < 5; i++)
    {
      shake (b.h, 6);
      fake_board_run (b.h, b.n, 1.6);
      shake (b.h, 1 / 6.0);
      fake_board_run (b.h, b.n, 1);
    }
  g_assert_false (stopped (&b));
  bench_down (&b);
}

/* Latched: through power loss, until an engineer resets what has passed. */
static void
test_latched (void)
{
  Bench       b;
  double      value, limit;
  JsonObject *trip, *tripped;

  bench_up (&b);
  expect (&b, "setTrip",
          "{\"name\":\"motor/current\",\"high\":15,\"delayS\":1}", engineer_key,
          "done");
  fake_board_run (b.h, b.n, 4);
  g_assert_true (stopped (&b));
  g_assert_true (trip_event (b.h, "motor/current", &value, &limit));
  g_assert_cmpfloat (limit, ==, 15);

  reboot (&b);
  fake_board_run (b.h, b.n, 3);
  g_assert_true (stopped (&b));
  g_assert_false (trip_event (b.h, "motor/current", &value, &limit));
  {
    g_autoptr (TwinReported) r = console_reported (b.h, b.n);

    trip = json_object_get_object_member (json_node_get_object (r->properties),
                                          "trip");
    g_assert_false (json_object_get_boolean_member (trip, "armed"));
    tripped = json_object_get_object_member (trip, "tripped");
    g_assert_cmpstr (json_object_get_string_member (tripped, "name"), ==,
                     "motor/current");
    g_assert_cmpfloat (json_object_get_double_member (tripped, "limit"), ==,
                       15);
    g_assert_cmpint (json_object_get_int_member (tripped, "epoch"), ==, 1);
  }

  /* A machine that stands is started by an engineer, nobody else. */
  expect (&b, "resetTrip", NULL, maintainer_key, "rejected:role");
  g_assert_true (stopped (&b));
  expect (&b, "resetTrip", NULL, engineer_key, "done");
  g_assert_false (stopped (&b));

  /* It still draws too much: off again; then without a limit it runs. */
  fake_board_run (b.h, b.n, 4);
  g_assert_true (stopped (&b));
  expect (&b, "setTrip", "{\"name\":\"motor/current\",\"off\":true}",
          engineer_key, "done");
  g_assert_true (stopped (&b));
  expect (&b, "resetTrip", NULL, engineer_key, "done");
  fake_board_run (b.h, b.n, 4);
  g_assert_false (stopped (&b));
  reboot (&b);
  fake_board_run (b.h, b.n, 4);
  g_assert_false (stopped (&b));
  bench_down (&b);
}

/* It cannot be closed while what opened it still holds. */
static void
test_still_hot (void)
{
  Bench b;

  bench_up (&b);
  expect (&b, "setTrip", "{\"name\":\"de/temperature\",\"high\":30}",
          engineer_key, "done");
  fake_board_run (b.h, b.n, 2.1);
  g_assert_true (stopped (&b));
  expect (&b, "resetTrip", NULL, engineer_key, "rejected:state");
  g_assert_true (stopped (&b));
  fake_board_run (b.h, b.n, 1800); /* it cools, standing */
  expect (&b, "resetTrip", NULL, engineer_key, "done");
  g_assert_false (stopped (&b));
  bench_down (&b);
}

/* With people at the machine, or the sensor asleep, nothing trips, and that
 * is told. */
static void
test_modes (void)
{
  Bench       b;
  JsonObject *properties, *trip;

  bench_up (&b);
  expect (&b, "setMode", "{\"mode\":\"service\"}", engineer_key, "done");
  expect (&b, "setTrip", "{\"name\":\"motor/current\",\"high\":15}",
          engineer_key, "done");
  fake_board_run (b.h, b.n, 5);
  g_assert_false (stopped (&b));
  {
    g_autoptr (TwinReported) r = console_reported (b.h, b.n);

    properties = json_node_get_object (r->properties);
    g_assert_cmpstr (json_object_get_string_member (properties, "mode"), ==,
                     "service");
    trip = json_object_get_object_member (properties, "trip");
    g_assert_false (json_object_get_boolean_member (trip, "armed"));
  }
  expect (&b, "setMode", "{\"mode\":\"running\"}", engineer_key, "done");
  fake_board_run (b.h, b.n, 2.1);
  g_assert_true (stopped (&b));
  bench_down (&b);
}

/* No desired document, whoever signed it, puts a trip to sleep: on duty the
 * accelerometer stays awake for it. */
static void
test_duty (void)
{
  Bench    b;
  uint64_t onset;
  g_autoptr (GBytes) duty = NULL;

  bench_up (&b);
  duty = console_desired (maintainer_key, 1,
                          "{\"acquisition\":{\"mode\":\"duty\",\"blockS\":1,"
                          "\"everyS\":60},\"schedule\":{\"captureS\":0,"
                          "\"everyS\":0}}");
  console_send (b.h, b.n, "desired", duty);
  fake_board_run (b.h, b.n, 5);
  g_assert_false (b.n->accels[0].running);
  expect (&b, "setTrip",
          "{\"name\":\"de/vibrationRMS\",\"high\":0.0045,\"delayS\":2}",
          engineer_key, "done");
  fake_board_run (b.h, b.n, 5);
  g_assert_true (b.n->accels[0].running);
  onset = b.h->time_us;
  shake (b.h, 6);
  fake_board_run (b.h, b.n, 3);
  g_assert_true (stopped (&b));
  g_assert_cmpuint (b.h->relay_at_us - onset, <=, 2000000 + WINDOW_US + 10000);

  expect (&b, "setTrip", "{\"name\":\"de/vibrationRMS\",\"off\":true}",
          engineer_key, "done");
  fake_board_run (b.h, b.n, 5);
  g_assert_false (b.n->accels[0].running);
  bench_down (&b);
}

static void
test_arguments (void)
{
  static const struct
  {
    const char *arguments, *outcome;
  } rows[] = {
    { "{}", "rejected:argument" },
    { "{\"name\":\"de/nothing\",\"high\":1}", "rejected:argument" },
    { "{\"name\":\"motor/current\"}", "rejected:argument" },
    { "{\"name\":\"motor/current\",\"high\":1,\"delayS\":-1}",
      "rejected:argument" },
    { "{\"name\":\"motor/current\",\"high\":1,\"delayS\":3601}",
      "rejected:argument" },
    { "{\"name\":\"de/kurtosis\",\"high\":9}", "rejected:argument" },
    { "{\"name\":\"runningHours\",\"high\":9}", "rejected:argument" },
    { "{\"name\":\"motor/current\",\"off\":false}", "rejected:argument" },
    { "{\"name\":\"motor/current\",\"off\":true}", "rejected:state" },
    { "{\"name\":\"motor/current\",\"high\":1e3,\"delayS\":3600}", "done" },
    { "{\"name\":\"de/temperature\",\"high\":200}", "done" },
    { "{\"name\":\"ambientTemperature\",\"high\":200}", "done" },
    { "{\"name\":\"motor/shaftSpeed\",\"high\":4000}", "done" },
    { "{\"name\":\"motor/loadFactor\",\"high\":40}", "rejected:state" },
    { "{\"name\":\"motor/shaftSpeed\",\"off\":true}", "done" },
    { "{\"name\":\"motor/loadFactor\",\"high\":40}", "done" },
  };
  Bench b;

  bench_up (&b);
  expect (&b, "setTrip", "{\"name\":\"motor/current\",\"high\":1}",
          maintainer_key, "rejected:role");
  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      expect (&b, "setTrip", rows[i].arguments, engineer_key, rows[i].outcome);
      fake_board_run (b.h, b.n, 0.2); /* ten refusals a second are answered */
    }
  bench_down (&b);
}

/* The power fails at every step of flash that a trip takes: the machine is
 * off before the first, and it never starts again by itself. */
static void
test_power_cut (void)
{
  for (uint64_t cut = 1;; cut++)
    {
      Bench    b;
      double   value, limit;
      gboolean failed;

      bench_up (&b);
      expect (&b, "setTrip",
              "{\"name\":\"motor/current\",\"high\":15,\"delayS\":0}",
              engineer_key, "done");
      fake_board_forget (b.h);
      b.h->flash.cut_at = b.h->flash.steps + cut;
      fake_board_run (b.h, b.n, 1.01);
      failed = b.h->flash.dead;
      g_assert_true (stopped (&b));

      reboot (&b);
      fake_board_run (b.h, b.n, 3);
      g_assert_true (stopped (&b));
      if (b.n->trip.tripped)
        {
          /* Told in this life or in the one before. */
          uint64_t last = 0;

          g_assert_true (trip_event (b.h, "motor/current", &value, &limit) ||
                         node_ring_last (&b.n->ring, 1, &last));
        }
      expect (&b, "resetTrip", NULL, engineer_key, "done");
      g_assert_false (stopped (&b));
      bench_down (&b);
      if (!failed)
        {
          g_test_message ("%u cuts", (unsigned) cut);
          break;
        }
    }
}

/* Three days without a broker: it goes on detecting and acts, and tells when
 * it is asked for what was missed. */
static void
test_days_alone (void)
{
  static const uint8_t id[8] = "replay!!";
  Bench                b;
  node_config          config = fake_board_config ();
  double               value, limit;
  uint64_t             onset;

  config.n_accels = 0; /* seconds, not samples: days pass quickly */
  b.h = fake_board_new (11);
  b.n = g_new0 (node, 1);
  g_assert_cmpint (node_init (b.n, b.h, &config), ==, HAL_OK);
  console_trust (b.n, engineer_key, NODE_ROLE_ENGINEER);
  fake_board_run (b.h, b.n, 2);
  expect (&b, "setTrip",
          "{\"name\":\"de/temperature\",\"high\":90,\"delayS\":60}",
          engineer_key, "done");
  b.n->properties.summary_period_s = 60;

  b.h->reachable = false;
  fake_board_run (b.h, b.n, 3 * 86400);
  g_assert_false (stopped (&b));
  onset = b.h->time_us;
  b.h->sim.machine.de_seen_c = b.h->sim.machine.de_c = 150;
  fake_board_run (b.h, b.n, 70);
  g_assert_true (stopped (&b));
  g_assert_cmpuint (b.h->relay_at_us - onset, >=, 60000000);
  g_assert_cmpuint (b.h->relay_at_us - onset, <=, 61010000);
  fake_board_run (b.h, b.n, 3600);
  fake_board_forget (b.h);

  b.h->reachable = true;
  fake_board_run (b.h, b.n, 90);
  {
    const TwinSpan span = { 1, b.n->ring.next_seq - 200, TWIN_SEQ_NEWEST };
    g_autoptr (GBytes) replay = twin_replay_build (id, &span, 1, 0);

    console_send (b.h, b.n, "replay", replay);
  }
  fake_board_run (b.h, b.n, 10);
  g_assert_true (trip_event (b.h, "de/temperature", &value, &limit));
  g_assert_cmpfloat (limit, ==, 90);
  g_assert_cmpfloat (value, >, 90);
  bench_down (&b);
}

int
main (int argc, char **argv)
{
  int rc;

  g_test_init (&argc, &argv, NULL);
  engineer_key = console_key (3);
  maintainer_key = console_key (2);
  g_test_add_func ("/firmware/trip/latency", test_latency);
  g_test_add_func ("/firmware/trip/latency-barely", test_latency_barely);
  g_test_add_func ("/firmware/trip/short", test_short);
  g_test_add_func ("/firmware/trip/latched", test_latched);
  g_test_add_func ("/firmware/trip/still-hot", test_still_hot);
  g_test_add_func ("/firmware/trip/modes", test_modes);
  g_test_add_func ("/firmware/trip/duty", test_duty);
  g_test_add_func ("/firmware/trip/arguments", test_arguments);
  g_test_add_func ("/firmware/trip/power-cut", test_power_cut);
  g_test_add_func ("/firmware/trip/days-alone", test_days_alone);
  rc = g_test_run ();
  twin_key_unref (engineer_key);
  twin_key_unref (maintainer_key);
  return rc;
}
