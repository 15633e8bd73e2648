/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands that take their time or change how the node works: running then
 * done, modes, calibration, whose keys.
 */
#include <math.h>
#include <string.h>

#include "console.h"
#include "node-private.h"
#include "twin-record.h"

static TwinKey *engineer_key;

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
  fake_board_run (b->h, b->n, 2);
  fake_board_forget (b->h);
}

static void
bench_down (Bench *b)
{
  g_free (b->n);
  fake_board_free (b->h);
}

static char *
ask (Bench *b, const char *command, const char *arguments)
{
  ConsoleCommand c = { command, arguments, engineer_key, .lifetime_s = 60 };
  g_autoptr (GBytes) message = console_command (b->h, b->n, &c, NULL);

  fake_board_run (b->h, b->n, 0.2); /* ten refusals a second are answered */
  fake_board_forget (b->h);
  console_send (b->h, b->n, "command", message);
  return console_outcome (b->h, b->n);
}

#define expect(b, command, arguments, outcome)                                 \
  G_STMT_START                                                                 \
  {                                                                            \
    g_autofree char *said = ask (b, command, arguments);                       \
                                                                               \
    g_assert_cmpstr (said, ==, outcome);                                       \
  }                                                                            \
  G_STMT_END

static JsonObject *
reported (Bench *b, TwinReported **keep)
{
  *keep = console_reported (b->h, b->n);
  g_assert_nonnull (*keep);
  return json_node_get_object ((*keep)->properties);
}

static double
value_of (Bench *b, const char *name)
{
  int at = node_signal_find (b->n, name, strlen (name));

  g_assert_cmpint (at, >=, 0);
  return b->n->signals[at].value;
}

/* Telemetry records since the last look, and how many of their entries are of
 * the accelerometer. */
static unsigned
count_records (Bench *b, unsigned *vibration)
{
  FakeMessage *m;
  unsigned     count = 0;

  *vibration = 0;
  while ((m = fake_board_take (b->h, "telemetry")) != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinRecord) r =
          twin_record_parse (g_bytes_get_data (m->payload, NULL),
                             g_bytes_get_size (m->payload), &error);

      g_assert_no_error (error);
      for (size_t i = 0; i < r->n_entries; i++)
        *vibration += strcmp (r->entries[i].name, "de/vibrationRMS") == 0;
      count++;
      fake_message_free (m);
    }
  return count;
}

static void
test_self_test (void)
{
  ConsoleCommand c = { "selfTest", NULL, NULL, .lifetime_s = 60 };
  Bench          b;
  g_autoptr (GBytes) message = NULL;
  g_autofree char *again = NULL;

  bench_up (&b);
  c.key = engineer_key;
  message = console_command (b.h, b.n, &c, NULL);
  console_send (b.h, b.n, "command", message);
  {
    g_autoptr (TwinResult) running = console_result (b.h, b.n);

    g_assert_cmpint (running->status, ==, TWIN_RESULT_RUNNING);
  }
  /* While it runs a repeat is told that it runs, another one that it waits. */
  console_send (b.h, b.n, "command", message);
  again = console_outcome (b.h, b.n);
  g_assert_cmpstr (again, ==, "running");
  {
    ConsoleCommand second = { "calibrate",
                              "{\"name\":\"de/temperature\",\"scale\":1}",
                              engineer_key, .lifetime_s = 60 };
    g_autoptr (GBytes) other = console_command (b.h, b.n, &second, NULL);
    g_autofree char *said = NULL;

    console_send (b.h, b.n, "command", other);
    said = console_outcome (b.h, b.n);
    g_assert_cmpstr (said, ==, "rejected:busy");
  }

  fake_board_run (b.h, b.n, 3);
  {
    g_autoptr (TwinResult) done = console_result (b.h, b.n);
    JsonObject *detail;

    g_assert_nonnull (done);
    g_assert_cmpint (done->status, ==, TWIN_RESULT_DONE);
    detail = json_node_get_object (done->detail);
    g_assert_true (json_object_get_boolean_member (detail, "de/temperature"));
    g_assert_true (json_object_has_member (detail, "de/acceleration"));
  }
  bench_down (&b);
}

/* Standby: the accelerometer off, a record a minute, no vibration in it; also
 * after a restart; and back. */
static void
test_standby (void)
{
  Bench        b;
  unsigned     vibration;
  FakeMessage *m;

  bench_up (&b);
  expect (&b, "setMode", "{\"mode\":\"standby\"}", "done");
  fake_board_run (b.h, b.n, 1.1);
  fake_board_forget (b.h);
  fake_board_run (b.h, b.n, 300);
  g_assert_false (b.n->accels[0].running);
  g_assert_cmpuint (count_records (&b, &vibration), ==, 5);
  g_assert_cmpuint (vibration, ==, 0);
  m = fake_board_take (b.h, "waveform");
  g_assert_null (m);
  expect (&b, "captureWaveform",
          "{\"sensor\":\"de/acceleration\",\"axis\":\"x\",\"seconds\":1}",
          "rejected:state");

  fake_board_power_cycle (b.h);
  g_free (b.n);
  b.n = fake_board_start (b.h);
  fake_board_run (b.h, b.n, 10);
  g_assert_cmpint (b.n->mode, ==, NODE_MODE_STANDBY);
  g_assert_false (b.n->accels[0].running);

  expect (&b, "setMode", "{\"mode\":\"running\"}", "done");
  fake_board_forget (b.h);
  fake_board_run (b.h, b.n, 10);
  g_assert_true (b.n->accels[0].running);
  g_assert_cmpuint (count_records (&b, &vibration), >=, 9);
  g_assert_cmpuint (vibration, >=, 8);
  bench_down (&b);
}

/* Service: the limit is exceeded, and nobody is told until it ends. */
static void
test_service (void)
{
  Bench b;

  bench_up (&b);
  expect (&b, "setLimit", "{\"name\":\"motor/current\",\"high\":5}", "done");
  expect (&b, "setMode", "{\"mode\":\"service\"}", "done");
  fake_board_forget (b.h);
  fake_board_run (b.h, b.n, 10);
  g_assert_cmpuint (fake_board_count (b.h, "event"), ==, 0);
  {
    g_autoptr (TwinReported) r = NULL;

    expect (&b, "setMode", "{\"mode\":\"service\"}", "done");
    fake_board_run (b.h, b.n, 0.1);
    g_assert_cmpstr (json_object_get_string_member (reported (&b, &r), "mode"),
                     ==, "service");
  }
  expect (&b, "setMode", "{\"mode\":\"running\"}", "done");
  fake_board_forget (b.h);
  fake_board_run (b.h, b.n, 2.1);
  g_assert_cmpuint (fake_board_count (b.h, "event"), ==, 1);
  expect (&b, "setMode", "{\"mode\":\"asleep\"}", "rejected:argument");
  bench_down (&b);
}

/* Scale and offset of a temperature and of the current, the scale alone of an
 * accelerometer; kept, reported, and within bounds. */
static void
test_calibrate (void)
{
  static const struct
  {
    const char *arguments, *outcome;
  } rows[] = {
    { "{\"name\":\"de/temperature\",\"scale\":1.3}", "rejected:argument" },
    { "{\"name\":\"de/temperature\",\"scale\":0.7}", "rejected:argument" },
    { "{\"name\":\"de/temperature\",\"scale\":1,\"offset\":13}",
      "rejected:argument" },
    { "{\"name\":\"de/temperature\"}", "rejected:argument" },
    { "{\"name\":\"de/kurtosis\",\"scale\":1}", "rejected:argument" },
    { "{\"name\":\"motor/loadFactor\",\"scale\":1}", "rejected:argument" },
    { "{\"name\":\"de/acceleration\",\"scale\":1.01,\"offset\":0.1}",
      "rejected:argument" },
  };
  Bench       b;
  double      celsius, current, scale = 0;
  JsonObject *all, *one;

  bench_up (&b);
  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    expect (&b, "calibrate", rows[i].arguments, rows[i].outcome);

  celsius = value_of (&b, "de/temperature");
  current = value_of (&b, "motor/current");
  expect (&b, "calibrate",
          "{\"name\":\"de/temperature\",\"scale\":1,\"offset\":-2.5}",
          "running");
  fake_board_run (b.h, b.n, 3.1);
  {
    g_autoptr (TwinResult) done = console_result (b.h, b.n);

    g_assert_cmpint (done->status, ==, TWIN_RESULT_DONE);
    g_assert_cmpfloat_with_epsilon (
        json_object_get_double_member (json_node_get_object (done->detail),
                                       "value"),
        celsius - 2.5, 0.2);
  }
  expect (&b, "calibrate", "{\"name\":\"motor/current\",\"scale\":1.1}",
          "running");
  fake_board_run (b.h, b.n, 3.1);
  expect (&b, "calibrate", "{\"name\":\"de/acceleration\",\"scale\":0.9}",
          "running");
  scale = b.n->accels[0].driver.g_per_lsb;
  fake_board_run (b.h, b.n, 3.1);
  g_assert_cmpfloat_with_epsilon (value_of (&b, "de/temperature"),
                                  celsius - 2.5, 0.3);
  g_assert_cmpfloat_with_epsilon (value_of (&b, "motor/current"), 1.1 * current,
                                  0.05 * current);
  g_assert_cmpfloat_with_epsilon (b.n->accels[0].driver.g_per_lsb, 0.9 * scale,
                                  1e-6 * scale);

  fake_board_power_cycle (b.h);
  g_free (b.n);
  b.n = fake_board_start (b.h);
  fake_board_run (b.h, b.n, 3);
  g_assert_cmpfloat_with_epsilon (value_of (&b, "de/temperature"),
                                  celsius - 2.5, 0.3);
  g_assert_cmpfloat_with_epsilon (b.n->accels[0].driver.g_per_lsb, 0.9 * scale,
                                  1e-6 * scale);
  {
    g_autoptr (TwinReported) r = NULL;

    all = json_object_get_object_member (reported (&b, &r), "calibration");
    g_assert_cmpuint (json_object_get_size (all), ==, 3);
    one = json_object_get_object_member (all, "de/temperature");
    g_assert_cmpfloat (json_object_get_double_member (one, "offset"), ==, -2.5);
  }
  bench_down (&b);
}

/* The offset is found against a reference; a reference that no sensor can be
 * that far from is not believed. */
static void
test_calibrate_to (void)
{
  Bench            b;
  double           celsius;
  g_autofree char *arguments = NULL, *far = NULL, *failed = NULL;

  bench_up (&b);
  celsius = value_of (&b, "de/temperature");
  arguments =
      g_strdup_printf ("{\"name\":\"de/"
                       "temperature\",\"reference\":%.3f,\"seconds\":20}",
                       celsius + 1.75);
  expect (&b, "calibrateTo", arguments, "running");
  fake_board_run (b.h, b.n, 10);
  g_assert_cmpfloat_with_epsilon (value_of (&b, "de/temperature"), celsius,
                                  0.3);
  fake_board_run (b.h, b.n, 12);
  g_assert_cmpfloat_with_epsilon (value_of (&b, "de/temperature"),
                                  celsius + 1.75, 0.3);

  far = g_strdup_printf ("{\"name\":\"de/"
                         "temperature\",\"reference\":%.3f,\"seconds\":2}",
                         celsius + 40);
  expect (&b, "calibrateTo", far, "running");
  fake_board_run (b.h, b.n, 3);
  failed = console_outcome (b.h, b.n);
  g_assert_cmpstr (failed, ==, "rejected:argument");
  g_assert_cmpfloat_with_epsilon (value_of (&b, "de/temperature"),
                                  celsius + 1.75, 0.3);
  expect (&b, "calibrateTo", "{\"name\":\"de/acceleration\",\"reference\":1}",
          "rejected:argument");
  bench_down (&b);
}

static char *
hex (const uint8_t *bytes, unsigned n)
{
  GString *text = g_string_new (NULL);

  for (unsigned i = 0; i < n; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

/* Keys as a dialog has them, in digits; the last engineer stays one. */
static void
test_keys (void)
{
  TwinKey         *other = console_key (21);
  g_autofree char *key = hex (twin_key_get_public (other), 32);
  g_autofree char *kid = hex (twin_key_get_kid (other), 8);
  g_autofree char *own = hex (twin_key_get_public (engineer_key), 32);
  g_autofree char *own_kid = hex (twin_key_get_kid (engineer_key), 8);
  g_autofree char *demote =
      g_strdup_printf ("{\"key\":\"%s\",\"role\":\"operator\",\"name\":\"Me\"}",
                       own);
  g_autofree char *leave = g_strdup_printf ("{\"kid\":\"%s\"}", own_kid);
  g_autofree char *enrol = g_strdup_printf (
      "{\"key\":\"%s\",\"role\":\"engineer\",\"name\":\"Other\"}", key);
  g_autofree char *revoke = g_strdup_printf ("{\"kid\":\"%s\"}", kid);
  g_autofree char *odd = g_strdup_printf (
      "{\"key\":\"%.63sG\",\"role\":\"engineer\",\"name\":\"Other\"}", key);
  Bench b;

  bench_up (&b);
  expect (&b, "enrolKey", demote, "rejected:state");
  expect (&b, "revokeKey", leave, "rejected:state");
  expect (&b, "enrolKey", odd, "rejected:argument");
  expect (&b, "enrolKey", enrol, "done");
  g_assert_cmpint (node_key_find (b.n, twin_key_get_kid (other)), >=, 0);
  expect (&b, "revokeKey", revoke, "done");
  g_assert_cmpint (node_key_find (b.n, twin_key_get_kid (other)), ==, -1);
  expect (&b, "enrolKey", enrol, "done");
  expect (&b, "enrolKey", demote, "done");
  expect (&b, "revokeKey", leave, "rejected:role");
  twin_key_unref (other);
  bench_down (&b);
}

/* The table that both `reported` and `desired` go by: in the order of the
 * encoding, each name once. */
static void
test_property_order (void)
{
  const node_property *last = NULL, *p;

  for (unsigned i = 0; (p = node_property_at (i)) != NULL; i++)
    {
      if (last != NULL)
        g_assert_true (node_name_before (last->name, p->name));
      g_assert_true (node_property_find (p->name) == p);
      g_assert_nonnull (p->write);
      last = p;
    }
  g_assert_nonnull (last);
}

/* What only a command may set, what cannot be, what nobody knows: refused one
 * by one, with the reason; the rest of the document counts. */
static void
test_desired_refusals (void)
{
  static const struct
  {
    const char *properties, *path, *reason;
  } rows[] = {
    { "{\"mode\":\"service\",\"summaryPeriodS\":7}", "mode",
      "only by command" },
    { "{\"trip\":{\"limits\":{}},\"summaryPeriodS\":7}", "trip",
      "only by command" },
    { "{\"limits\":{\"motor/current\":1},\"summaryPeriodS\":7}", "limits",
      "only by command" },
    { "{\"calibration\":{},\"summaryPeriodS\":7}", "calibration",
      "only by command" },
    { "{\"relay\":false,\"summaryPeriodS\":7}", "relay", "unknown property" },
    { "{\"maxSilenceS\":5,\"summaryPeriodS\":7}", "maxSilenceS",
      "shorter than summaryPeriodS" },
    { "{\"maxSilenceS\":7201,\"summaryPeriodS\":7}", "maxSilenceS",
      "out of range" },
    { "{\"schedule\":{\"captureS\":9,\"everyS\":8},\"summaryPeriodS\":7}",
      "schedule", "out of range" },
    { "{\"acquisition\":{\"mode\":\"never\"},\"summaryPeriodS\":7}",
      "acquisition", "unknown mode" },
    { "{\"deadbands\":{\"no/such\":1},\"summaryPeriodS\":7}", "no/such",
      "unknown signal" },
    { "{\"liveStream\":{\"sensor\":\"x\",\"axis\":\"x\",\"untilS\":1},"
      "\"summaryPeriodS\":7}",
      "liveStream", "unknown sensor" },
  };
  Bench b;

  bench_up (&b);
  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) message =
          console_desired (engineer_key, i + 1, rows[i].properties);
      g_autoptr (TwinReported) r = NULL;

      fake_board_forget (b.h);
      console_send (b.h, b.n, "desired", message);
      fake_board_run (b.h, b.n, 0.2);
      reported (&b, &r);
      g_assert_cmpuint (r->version, ==, i + 1);
      g_assert_cmpuint (r->n_refused, ==, 1);
      g_assert_cmpstr (r->refused[0].path, ==, rows[i].path);
      g_assert_cmpstr (r->refused[0].reason, ==, rows[i].reason);
      g_assert_cmpuint (b.n->properties.summary_period_s, ==, 7);
    }
  bench_down (&b);
}

static char *
load (const char *path)
{
  g_autofree char *file =
      g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"), path, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (file, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* The protocol's table of commands says the roles that the node asks for. */
static void
test_roles_as_written (void)
{
  static const char *const roles[] = { "", "operator", "maintainer",
                                       "engineer" };
  g_autofree char         *text = load ("firmware/PROTOCOL.md");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  unsigned rows = 0;

  for (unsigned i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], " | ", 3);
      g_auto (GStrv) names = NULL;

      if (!g_str_has_prefix (lines[i], "| `") || g_strv_length (cells) < 3 ||
          !g_strv_contains (roles + 1, cells[1]))
        continue;
      names = g_strsplit (cells[0] + 2, " / ", -1);
      for (unsigned k = 0; names[k] != NULL; k++)
        {
          g_autofree char *name =
              g_strndup (names[k] + 1, strlen (names[k]) - 2);

          g_assert_cmpstr (roles[node_act_role (name)], ==, cells[1]);
          rows++;
        }
    }
  g_assert_cmpuint (rows, >=, 16);
}

/* Every command that the demo's machine declares is one of the node's. */
static void
test_declared_commands (void)
{
  g_autofree char *text = load ("data/demo/models/Machine.json");
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonArray *contents =
      json_object_get_array_member (json_node_get_object (root), "contents");
  unsigned rows = 0;

  for (guint i = 0; i < json_array_get_length (contents); i++)
    {
      JsonObject *one = json_array_get_object_element (contents, i);
      JsonNode   *type = json_object_get_member (one, "@type");

      if (!JSON_NODE_HOLDS_VALUE (type) ||
          strcmp (json_node_get_string (type), "Command") != 0)
        continue;
      g_assert_cmpint (node_act_role (
                           json_object_get_string_member (one, "name")),
                       !=, NODE_ROLE_NONE);
      rows++;
    }
  g_assert_cmpuint (rows, >=, 14);
}

int
main (int argc, char **argv)
{
  int rc;

  g_test_init (&argc, &argv, NULL);
  engineer_key = console_key (3);
  g_test_add_func ("/firmware/act/self-test", test_self_test);
  g_test_add_func ("/firmware/act/standby", test_standby);
  g_test_add_func ("/firmware/act/service", test_service);
  g_test_add_func ("/firmware/act/calibrate", test_calibrate);
  g_test_add_func ("/firmware/act/calibrate-to", test_calibrate_to);
  g_test_add_func ("/firmware/act/keys", test_keys);
  g_test_add_func ("/firmware/act/property-order", test_property_order);
  g_test_add_func ("/firmware/act/desired-refusals", test_desired_refusals);
  g_test_add_func ("/firmware/act/roles-as-written", test_roles_as_written);
  g_test_add_func ("/firmware/act/declared-commands", test_declared_commands);
  rc = g_test_run ();
  twin_key_unref (engineer_key);
  return rc;
}
