/* SPDX-License-Identifier: Apache-2.0
 *
 * How a node tells that its sensors are well, or not, and where its shaft
 * speed comes from.
 */
#include <math.h>
#include <string.h>

#include "console.h"
#include "node-private.h"
#include "twin-block.h"
#include "twin-record.h"

typedef struct
{
  hal        *h;
  node       *n;
  node_config config;
  GString    *events; /* "sensor-fault de/temperature open;…" since last */
  JsonNode   *reported;
  sim_iis3dwb wide;
} Bench;

static void
bench_up (Bench *b, gboolean pulses)
{
  memset (b, 0, sizeof *b);
  b->h = fake_board_new (3);
  b->h->sim.tacho.fitted = pulses;
  b->n = fake_board_start (b->h);
  b->events = g_string_new (NULL);
}

static void
bench_down (Bench *b)
{
  g_clear_pointer (&b->reported, json_node_unref);
  g_string_free (b->events, TRUE);
  g_free (b->n);
  fake_board_free (b->h);
}

static void
read_events (Bench *b)
{
  FakeMessage *m;

  g_string_truncate (b->events, 0);
  while ((m = fake_board_take (b->h, "event")) != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinRecord) r =
          twin_record_parse (g_bytes_get_data (m->payload, NULL),
                             g_bytes_get_size (m->payload), &error);

      g_assert_no_error (error);
      for (size_t i = 0; i < r->n_entries; i++)
        if (r->entries[i].kind == TWIN_VALUE_STRING)
          g_string_append_printf (b->events, "%s%s", i > 0 ? " " : "",
                                  r->entries[i].string);
      g_string_append_c (b->events, ';');
      fake_message_free (m);
    }
}

static void
run (Bench *b, double seconds)
{
  fake_board_run (b->h, b->n, seconds);
  read_events (b);
}

static void
inject (Bench *b, sim_fault fault, double severity)
{
  sim_fault_set (&b->h->sim, b->h->time_us, fault, severity);
}

/* What is reported of @sensor; the newest there is. */
static JsonObject *
sensor (Bench *b, const char *name)
{
  g_autoptr (TwinReported) r = console_reported (b->h, b->n);
  JsonObject *sensors;

  if (r != NULL)
    {
      g_clear_pointer (&b->reported, json_node_unref);
      b->reported = json_node_copy (r->properties);
    }
  g_assert_nonnull (b->reported);
  sensors = json_object_get_object_member (json_node_get_object (b->reported),
                                           "sensors");
  g_assert_nonnull (sensors);
  return json_object_get_object_member (sensors, name);
}

static void
expect_fault (Bench *b, const char *name, const char *fault)
{
  JsonArray *list = json_object_get_array_member (sensor (b, name), "faults");

  g_assert_cmpuint (json_array_get_length (list), ==, fault != NULL);
  if (fault != NULL)
    g_assert_cmpstr (json_array_get_string_element (list, 0), ==, fault);
}

static const node_signal *
signal_of (Bench *b, const char *name)
{
  int at = node_signal_find (b->n, name, strlen (name));

  g_assert_cmpint (at, >=, 0);
  return &b->n->signals[at];
}

static void
test_well (void)
{
  static const char *const names[] = { "de/acceleration", "de/temperature",
                                       "ambientTemperature", "motor/current",
                                       "motor/shaftSpeed" };
  Bench                    b;

  bench_up (&b, TRUE);
  run (&b, 5);
  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    expect_fault (&b, names[i], NULL);
  g_assert_cmpstr (json_object_get_string_member (sensor (&b,
                                                          "motor/shaftSpeed"),
                                                  "source"),
                   ==, "tacho");
  g_assert_cmpint (json_object_get_int_member (sensor (&b, "de/acceleration"),
                                               "overruns"),
                   ==, 0);
  g_assert_cmpstr (b.events->str, ==, "");
  bench_down (&b);
}

/* A fault is one event with its name, bad values, and a report; its end is
 * one event. */
static void
test_faults (void)
{
  static const struct
  {
    sim_fault   fault;
    const char *sensor, *name, *signal;
    int         quality; /* of the signal meanwhile */
    double      heal_s;
  } rows[] = {
    { FAULT_RTD_OPEN, "de/temperature", "open", "de/temperature",
      NODE_QUALITY_BAD, 4 },
    { FAULT_RTD_SHORT, "de/temperature", "short", "de/temperature",
      NODE_QUALITY_BAD, 4 },
    { FAULT_RTD_VOLTAGE, "de/temperature", "over-voltage", "de/temperature",
      NODE_QUALITY_BAD, 4 },
    { FAULT_DROPOUT, "de/acceleration", "absent", "de/vibrationRMS",
      NODE_QUALITY_BAD, 4 },
    { FAULT_STUCK, "de/acceleration", "stuck", "de/vibrationRMS",
      NODE_QUALITY_BAD, 4 },
    { FAULT_CLIPPING, "de/acceleration", "clipped", "de/vibrationRMS",
      NODE_QUALITY_UNCERTAIN, 14 },
    { FAULT_TACHO_DOUBLE, "motor/shaftSpeed", "pulses", "motor/shaftSpeed",
      NODE_QUALITY_GOOD, 3 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Bench            b;
      g_autofree char *come =
          g_strdup_printf ("sensor-fault %s %s;", rows[i].sensor, rows[i].name);
      g_autofree char *gone =
          g_strdup_printf ("sensor-restored %s;", rows[i].sensor);

      bench_up (&b, TRUE);
      run (&b, 5);
      inject (&b, rows[i].fault, 1);
      run (&b, 3.5);
      g_assert_cmpstr (b.events->str, ==, come);
      expect_fault (&b, rows[i].sensor, rows[i].name);
      g_assert_cmpint (signal_of (&b, rows[i].signal)->quality, ==,
                       rows[i].quality);
      inject (&b, rows[i].fault, 0);
      run (&b, rows[i].heal_s);
      g_assert_cmpstr (b.events->str, ==, gone);
      expect_fault (&b, rows[i].sensor, NULL);
      g_assert_cmpint (signal_of (&b, rows[i].signal)->quality, ==,
                       NODE_QUALITY_GOOD);
      bench_down (&b);
    }
}

/* A part whose mass does not move is found at boot. */
static void
test_self_test (void)
{
  Bench b;

  bench_up (&b, TRUE);
  inject (&b, FAULT_STUCK, 1);
  run (&b, 4);
  g_assert_true (g_str_has_prefix (b.events->str,
                                   "sensor-fault de/acceleration "
                                   "self-test;"));
  bench_down (&b);
}

static double
truth_rpm (const Bench *b)
{
  return b->h->sim.machine.speed_rps * 60;
}

/* Without a key-phasor: from the shaft's own line, within its uncertainty
 * (three times it), which is small; told with q = 1. */
static void
test_estimate (void)
{
  Bench  b;
  double worst = 0, by = 0;

  bench_up (&b, FALSE);
  run (&b, 10);
  for (unsigned i = 0; i < 20; i++)
    {
      const node_signal *s;
      double             before = truth_rpm (&b), off;

      run (&b, 1);
      s = signal_of (&b, "motor/shaftSpeed");
      g_assert_cmpint (s->quality, ==, NODE_QUALITY_UNCERTAIN);
      by = (double) b.n->sensors.uncertainty;
      off = fabs ((double) s->value - before);
      worst = fmax (worst, off);
      g_assert_cmpfloat (off, <, fmax (3 * by, 2e-4 * before));
    }
  g_test_message ("1X: off by %.3f 1/min at most, uncertainty %.3f", worst, by);
  g_assert_cmpfloat (worst, <, 1.5); /* 0.1 % */
  g_assert_cmpstr (json_object_get_string_member (sensor (&b,
                                                          "motor/shaftSpeed"),
                                                  "source"),
                   ==, "estimated");

  /* The line goes: the slip is left, and says that it knows less. */
  memset (b.h->sim.machine.wave, 0, sizeof b.h->sim.machine.wave);
  run (&b, 20);
  g_assert_cmpfloat_with_epsilon (b.n->last_speed, truth_rpm (&b), 10);
  g_assert_cmpfloat (b.n->sensors.uncertainty, >, 5);

  /* The machine is switched off: no current, no turns. */
  hal_relay_set (b.h, false);
  run (&b, 3);
  g_assert_cmpfloat (b.n->last_speed, ==, 0);
  bench_down (&b);
}

/* A key-phasor that dies on a machine that turns is found out; on one that
 * was switched off it is believed. */
static void
test_tacho_dies (void)
{
  Bench b;

  bench_up (&b, TRUE);
  run (&b, 5);
  inject (&b, FAULT_TACHO_DEAD, 1);
  run (&b, 12);
  g_assert_nonnull (
      strstr (b.events->str, "sensor-fault motor/shaftSpeed pulses;"));
  g_assert_nonnull (
      strstr (b.events->str, "speed-source motor/shaftSpeed estimated;"));
  g_assert_cmpfloat_with_epsilon (b.n->last_speed, truth_rpm (&b), 3);
  expect_fault (&b, "motor/shaftSpeed", "pulses");

  hal_relay_set (b.h, false);
  run (&b, 4);
  g_assert_cmpfloat (b.n->last_speed, ==, 0);
  g_assert_nonnull (
      strstr (b.events->str, "speed-source motor/shaftSpeed tacho;"));
  bench_down (&b);
}

/* A step that takes 30 ms: without a line samples are lost, counted, told, and
 * their numbers go on by time; with one nothing is lost. */
static void
test_overrun (void)
{
  for (unsigned lines = 0; lines < 2; lines++)
    {
      Bench             b;
      const node_accel *a;
      double            expected;

      memset (&b, 0, sizeof b);
      b.h = fake_board_new (3);
      b.h->has_lines = lines == 1;
      b.n = fake_board_start (b.h);
      b.events = g_string_new (NULL);
      a = &b.n->accels[0];
      run (&b, 10);
      for (unsigned i = 0; i < 10; i++)
        {
          fake_board_stall (b.h, lines ? 0.02 : 0.03);
          run (&b, 1);
        }
      expected = (double) b.h->time_us / 1e6 * b.h->sim.adxl355.clock.rate_hz;
      g_test_message ("%s: %u overruns, sample %.0f of %.0f",
                      lines ? "line" : "polled", a->overruns,
                      (double) a->samples.count, expected);
      g_assert_cmpuint (a->overruns, ==, lines ? 0 : 10);
      g_assert_cmpfloat_with_epsilon ((double) a->samples.count, expected,
                                      lines ? 20 : 60);
      run (&b, 61); /* told once a minute */
      g_assert_cmpint (json_object_get_int_member (sensor (&b,
                                                           "de/acceleration"),
                                                   "overruns"),
                       ==, lines ? 0 : 10);
      bench_down (&b);
    }
}

/* The sample clock's own error is measured to a few ppm. */
static void
test_drift (void)
{
  Bench  b;
  double truth;

  bench_up (&b, TRUE);
  truth = (b.h->sim.adxl355.clock.rate_hz / 4000 - 1) * 1e6;
  run (&b, 600);
  g_test_message ("sample clock %.1f ppm, measured %.1f", truth,
                  (double) b.n->accels[0].drift_ppm);
  g_assert_cmpfloat_with_epsilon (b.n->accels[0].drift_ppm, truth, 5);
  g_assert_cmpfloat_with_epsilon (
      json_object_get_double_member (sensor (&b, "de/acceleration"), "ppm"),
      truth, 15);
  bench_down (&b);
}

/* Beacons by a clock that the node's runs 80 ppm ahead of, 10 ms uneven. */
static void
test_clock (void)
{
  Bench       b;
  JsonObject *clock;

  bench_up (&b, TRUE);
  run (&b, 1);
  for (unsigned i = 0; i <= 120; i++)
    {
      double true_s = 30.0 * i + (i % 3) * 0.005;

      b.h->time_us = 2000000 + (uint64_t) (30.0 * i * 1.00008 * 1e6);
      node_sensors_beacon (b.n, 1795219200000000 + (int64_t) (true_s * 1e6));
    }
  g_assert_true (b.n->sensors.clock.known);
  g_test_message ("%.2f ± %.2f ppm", (double) b.n->sensors.clock.ppm,
                  (double) b.n->sensors.clock.uncertainty);
  g_assert_cmpfloat_with_epsilon (b.n->sensors.clock.ppm, 80,
                                  (double) b.n->sensors.clock.uncertainty);
  g_assert_cmpfloat (b.n->sensors.clock.uncertainty, <, 6);
  run (&b, 2);
  sensor (&b, "motor/current");
  clock = json_object_get_object_member (json_node_get_object (b.reported),
                                         "clock");
  g_assert_nonnull (clock);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (clock, "ppm"),
                                  80, 6);
  bench_down (&b);
}

/* An IIS3DWB beside the ADXL355: well, and its blocks, of its own rate, join
 * without a hole. */
static void
test_wide (void)
{
  Bench        b;
  node_config  c = fake_board_config ();
  FakeMessage *m;
  uint64_t     next = 0;
  unsigned     blocks = 0;

  memset (&b, 0, sizeof b);
  b.h = fake_board_new (3);
  sim_fit_iis3dwb (&b.h->sim, &b.wide);
  c.accels[c.n_accels++] = (node_accel_config){ .kind = NODE_ACCEL_IIS3DWB,
                                                .device = HAL_SPI_ACCEL_2,
                                                .prefix = "de/",
                                                .name = "fastAcceleration",
                                                .rate_hz = 26667,
                                                .range_g = 16,
                                                .axes = 1 };
  b.n = g_new0 (node, 1);
  b.events = g_string_new (NULL);
  g_assert_cmpint (node_init (b.n, b.h, &c), ==, HAL_OK);
  run (&b, 8);
  while ((m = fake_board_take (b.h, "waveform")) != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinBlock) block = twin_block_parse (m->payload, &error);

      g_assert_no_error (error);
      if (g_str_equal (block->sensor, "de/fastAcceleration"))
        {
          g_assert_cmpint (block->axis, ==, 'x');
          g_assert_cmpfloat_with_epsilon (block->rate_hz, b.wide.clock.rate_hz,
                                          20);
          if (blocks++ > 0)
            g_assert_cmpuint (block->n0, ==, next);
          next = block->n0 + block->n;
        }
      fake_message_free (m);
    }
  g_test_message ("%u blocks of the wide one", blocks);
  g_assert_cmpuint (blocks, >, 1);
  g_assert_cmpuint (b.n->accels[1].overruns, ==, 0);
  expect_fault (&b, "de/fastAcceleration", NULL);
  bench_down (&b);
}

/* Parts that answer anything at all, and then right again: no hang, no crash,
 * and everything is well afterwards. */
static void
test_babble (void)
{
  Bench b;

  bench_up (&b, TRUE);
  run (&b, 3);
  b.h->babble = g_rand_new_with_seed (7);
  run (&b, 20);
  g_clear_pointer (&b.h->babble, g_rand_free);
  run (&b, 20);
  expect_fault (&b, "de/acceleration", NULL);
  expect_fault (&b, "de/temperature", NULL);
  expect_fault (&b, "ambientTemperature", NULL);
  g_assert_cmpint (signal_of (&b, "de/vibrationRMS")->quality, ==,
                   NODE_QUALITY_GOOD);
  bench_down (&b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/health/well", test_well);
  g_test_add_func ("/firmware/health/faults", test_faults);
  g_test_add_func ("/firmware/health/self-test", test_self_test);
  g_test_add_func ("/firmware/health/estimate", test_estimate);
  g_test_add_func ("/firmware/health/tacho-dies", test_tacho_dies);
  g_test_add_func ("/firmware/health/overrun", test_overrun);
  g_test_add_func ("/firmware/health/drift", test_drift);
  g_test_add_func ("/firmware/health/clock", test_clock);
  g_test_add_func ("/firmware/health/wide", test_wide);
  g_test_add_func ("/firmware/health/babble", test_babble);
  return g_test_run ();
}
