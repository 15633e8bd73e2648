/* SPDX-License-Identifier: Apache-2.0
 *
 * Which commands a node runs, which it refuses, and why.
 */
#include <string.h>

#include "console.h"
#include "node-private.h"

static TwinKey *operator_key, *maintainer_key, *engineer_key, *stranger_key;

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
  console_trust (b->n, operator_key, NODE_ROLE_OPERATOR);
  console_trust (b->n, maintainer_key, NODE_ROLE_MAINTAINER);
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
send (Bench *b, GBytes *message)
{
  console_send (b->h, b->n, "command", message);
  g_bytes_unref (message);
  return console_outcome (b->h, b->n);
}

static char *
ask (Bench *b, const ConsoleCommand *c)
{
  return send (b, console_command (b->h, b->n, c, NULL));
}

static void
test_refusals (void)
{
  const struct
  {
    const char    *what;
    ConsoleCommand c;
    const char    *outcome;
  } rows[] = {
    { "genuine",
      { "identify", "{\"seconds\":5}", operator_key, .lifetime_s = 30 },
      "done" },
    { "for another node",
      { "identify", "{\"seconds\":5}", operator_key,
        "twin/1/northfield/n-0108/command", 30 },
      "rejected:signature" },
    { "for another plant",
      { "identify", "{\"seconds\":5}", operator_key,
        "twin/1/southfield/n-0107/command", 30 },
      "rejected:signature" },
    { "signed as something else",
      { "identify", "{\"seconds\":5}", operator_key, CONSOLE_TOPIC ("desired"),
        30 },
      "rejected:signature" },
    { "by a key nobody enrolled",
      { "identify", "{\"seconds\":5}", stranger_key, .lifetime_s = 30 },
      "rejected:unknown-key" },
    { "expired",
      { "reboot", NULL, maintainer_key, .lifetime_s = -1 },
      "expired:expired" },
    { "of an earlier epoch",
      { "reboot", NULL, maintainer_key, .lifetime_s = 30, .epoch = -1 },
      "rejected:epoch" },
    { "of a later epoch",
      { "reboot", NULL, maintainer_key, .lifetime_s = 30, .epoch = 1 },
      "rejected:epoch" },
    { "an old counter",
      { "identify", "{\"seconds\":5}", operator_key, .lifetime_s = 30,
        .counter = 1 },
      "rejected:counter" },
    { "nothing we know",
      { "explode", NULL, engineer_key, .lifetime_s = 30 },
      "rejected:unknown-command" },
    { "an operator reboots",
      { "reboot", NULL, operator_key, .lifetime_s = 30 },
      "rejected:role" },
    { "an operator sets a limit",
      { "setLimit", "{\"name\":\"de/temperature\",\"high\":80}", operator_key,
        .lifetime_s = 30 },
      "rejected:role" },
    { "a maintainer sets the mode",
      { "setMode", "{\"mode\":\"service\"}", maintainer_key, .lifetime_s = 30 },
      "rejected:role" },
    { "an engineer does as an operator may",
      { "identify", "{\"seconds\":1}", engineer_key, .lifetime_s = 30 },
      "done" },
    { "no argument",
      { "identify", NULL, operator_key, .lifetime_s = 30 },
      "rejected:argument" },
    { "an argument out of range",
      { "identify", "{\"seconds\":-1}", operator_key, .lifetime_s = 30 },
      "rejected:argument" },
    { "a mode there is not",
      { "setMode", "{\"mode\":\"party\"}", engineer_key, .lifetime_s = 30 },
      "rejected:argument" },
    { "a sensor there is not",
      { "captureWaveform",
        "{\"sensor\":\"xx/acceleration\",\"axis\":\"x\",\"seconds\":1}",
        operator_key, .lifetime_s = 30 },
      "rejected:argument" },
    { "longer than can be kept",
      { "captureWaveform",
        "{\"sensor\":\"de/acceleration\",\"axis\":\"x\",\"seconds\":9}",
        operator_key, .lifetime_s = 30 },
      "rejected:argument" },
    { "the last engineer",
      { "revokeKey", "{\"kid\":{\"$hex\":\"\"}}", engineer_key,
        .lifetime_s = 30 },
      "rejected:argument" },
  };
  Bench b;

  bench_up (&b);
  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *outcome = NULL;

      g_test_message ("%s", rows[i].what);
      fake_board_run (b.h, b.n, 1); /* past the limit on refusals */
      outcome = ask (&b, &rows[i].c);
      g_assert_cmpstr (outcome, ==, rows[i].outcome);
      g_assert_false (b.h->reset);
    }
  bench_down (&b);
}

/* QoS 1 may deliver twice: answered again, never run again. */
static void
test_twice (void)
{
  ConsoleCommand c = { "confirmMaintenance", "{\"work\":\"greased\"}",
                       maintainer_key, .lifetime_s = 30 };
  Bench          b;
  g_autoptr (GBytes) message = NULL;
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  bench_up (&b);
  message = console_command (b.h, b.n, &c, NULL);
  console_send (b.h, b.n, "command", message);
  first = console_outcome (b.h, b.n);
  g_assert_cmpstr (first, ==, "done");
  g_assert_cmpfloat (b.n->running_s, ==, 0);

  b.n->running_s = 77;
  console_send (b.h, b.n, "command", message);
  second = console_outcome (b.h, b.n);
  g_assert_cmpstr (second, ==, "done");
  g_assert_cmpfloat (b.n->running_s, ==, 77);

  /* Also long after it expired. */
  fake_board_run (b.h, b.n, 60);
  fake_board_forget (b.h);
  console_send (b.h, b.n, "command", message);
  third = console_outcome (b.h, b.n);
  g_assert_cmpstr (third, ==, "done");
  g_assert_cmpfloat (b.n->running_s, <, 77 + 61);
  bench_down (&b);
}

/* A recorded command is no good for another node that knows the same key. */
static void
test_replayed_elsewhere (void)
{
  ConsoleCommand c = { "reboot", NULL, maintainer_key, .lifetime_s = 3600 };
  Bench          a, b;
  g_autoptr (GBytes) message = NULL;
  g_autofree char *outcome = NULL;

  bench_up (&a);
  bench_up (&b);
  message = console_command (a.h, a.n, &c, NULL);
  g_strlcpy (b.n->prefix, "twin/1/northfield/n-0108/", sizeof b.n->prefix);
  fake_board_deliver (b.h, b.n, "twin/1/northfield/n-0108/command",
                      g_bytes_get_data (message, NULL),
                      g_bytes_get_size (message));
  outcome = console_outcome (b.h, b.n);
  g_assert_cmpstr (outcome, ==, "rejected:signature");
  fake_board_run (b.h, b.n, 2);
  g_assert_false (b.h->reset);
  bench_down (&a);
  bench_down (&b);
}

/* Every bit of a good command, one after the other, is altered: refused. */
static void
test_altered (void)
{
  ConsoleCommand c = { "reboot", NULL, maintainer_key, .lifetime_s = 3600 };
  Bench          b;
  g_autoptr (GBytes) message = NULL;
  gsize          size;
  const uint8_t *data;

  bench_up (&b);
  message = console_command (b.h, b.n, &c, NULL);
  data = g_bytes_get_data (message, &size);
  for (gsize bit = 0; bit < size * 8; bit++)
    {
      g_autofree uint8_t *copy = g_memdup2 (data, size);
      g_autoptr (TwinResult) r = NULL;

      copy[bit / 8] ^= (uint8_t) (1u << bit % 8);
      b.n->refusals = 0;
      fake_board_deliver (b.h, b.n, CONSOLE_TOPIC ("command"), copy, size);
      r = console_result (b.h, b.n);
      g_assert_nonnull (r);
      g_assert_cmpint (r->status, ==, TWIN_RESULT_REJECTED);
      g_assert_cmpuint (b.n->reset_at_us, ==, 0);
    }
  for (gsize n = 0; n < size; n++)
    {
      b.n->refusals = 0;
      fake_board_deliver (b.h, b.n, CONSOLE_TOPIC ("command"), data, n);
      g_assert_cmpuint (b.n->reset_at_us, ==, 0);
    }
  bench_down (&b);
}

/* A flood of forgeries brings at most ten answers a second. */
static void
test_flood (void)
{
  static const uint8_t junk[40] = { 0xd2 };
  Bench                b;

  bench_up (&b);
  for (unsigned i = 0; i < 100; i++)
    fake_board_deliver (b.h, b.n, CONSOLE_TOPIC ("command"), junk, sizeof junk);
  g_assert_cmpuint (fake_board_count (b.h, "result"), ==, 10);
  fake_board_run (b.h, b.n, 1.1);
  fake_board_forget (b.h);
  fake_board_deliver (b.h, b.n, CONSOLE_TOPIC ("command"), junk, sizeof junk);
  g_assert_cmpuint (fake_board_count (b.h, "result"), ==, 1);
  bench_down (&b);
}

static void
test_no_time (void)
{
  ConsoleCommand   reboot = { "reboot", NULL, maintainer_key,
                              .lifetime_s = 3600 };
  ConsoleCommand   identify = { "identify", "{\"seconds\":3}", operator_key,
                                .lifetime_s = 3600 };
  Bench            b;
  g_autofree char *first = NULL, *second = NULL;

  bench_up (&b);
  b.n->time.known = false;
  first = ask (&b, &reboot);
  g_assert_cmpstr (first, ==, "rejected:no-time");
  second = ask (&b, &identify);
  g_assert_cmpstr (second, ==, "done");
  g_assert_true (b.h->led);
  fake_board_run (b.h, b.n, 3.1);
  g_assert_false (b.h->led);
  bench_down (&b);
}

/* Counter and results are in flash: power cut or not, an old command stays
 * old and a known one known. */
static void
test_survives_power (void)
{
  ConsoleCommand c = { "identify", "{\"seconds\":3}", operator_key,
                       .lifetime_s = 3600, .counter = 5000 };
  ConsoleCommand old = { "identify", "{\"seconds\":3}", operator_key,
                         .lifetime_s = 3600, .counter = 5000 };
  Bench          b;
  g_autoptr (GBytes) message = NULL;
  g_autofree char *first = NULL, *again = NULL, *older = NULL;

  bench_up (&b);
  message = console_command (b.h, b.n, &c, NULL);
  console_send (b.h, b.n, "command", message);
  first = console_outcome (b.h, b.n);
  g_assert_cmpstr (first, ==, "done");

  fake_board_power_cycle (b.h);
  g_free (b.n);
  b.n = fake_board_start (b.h);
  fake_board_run (b.h, b.n, 1);
  fake_board_forget (b.h);
  g_assert_cmpuint (b.n->epoch, ==, 2);
  console_send (b.h, b.n, "command", message);
  again = console_outcome (b.h, b.n);
  g_assert_cmpstr (again, ==, "done");
  older = ask (&b, &old);
  g_assert_cmpstr (older, ==, "rejected:counter");
  bench_down (&b);
}

/* The effect never comes before the counter: with the power cut at every
 * flash step, a command that had an effect is known after. */
static void
test_power_cut_within (void)
{
  ConsoleCommand c = { "setMode", "{\"mode\":\"service\"}", engineer_key,
                       .lifetime_s = 3600, .counter = 5000 };

  for (uint64_t cut = 1;; cut++)
    {
      Bench b;
      g_autoptr (GBytes) message = NULL;
      g_autofree char *again = NULL;
      bool             failed;

      bench_up (&b);
      message = console_command (b.h, b.n, &c, NULL);
      b.h->flash.cut_at = b.h->flash.steps + cut;
      console_send (b.h, b.n, "command", message);
      failed = b.h->flash.dead;

      fake_board_power_cycle (b.h);
      g_free (b.n);
      b.n = fake_board_start (b.h);
      if (b.n->mode == NODE_MODE_SERVICE)
        g_assert_cmpuint (b.n->counters[2], ==, 5000);
      fake_board_run (b.h, b.n, 1);
      fake_board_forget (b.h);
      console_send (b.h, b.n, "command", message);
      again = console_outcome (b.h, b.n);
      /* Of the former epoch: known, or too old; run again, never. */
      g_assert_true (g_str_equal (again, "done") ||
                     g_str_equal (again, "rejected:epoch"));
      bench_down (&b);
      if (!failed)
        break;
    }
}

static void
test_two_people (void)
{
  ConsoleCommand c = { "setMode", "{\"mode\":\"service\"}", engineer_key,
                       .lifetime_s = 30 };
  Bench          b;
  TwinKey       *second = console_key (9);
  g_autoptr (GError) error = NULL;
  g_autofree char *good = NULL, *weak = NULL;

  bench_up (&b);
  console_trust (b.n, second, NODE_ROLE_ENGINEER);
  {
    g_autoptr (GBytes) first = console_command (b.h, b.n, &c, NULL);

    good =
        send (&b, twin_command_countersign (first, "Second", second,
                                            CONSOLE_TOPIC ("command"), &error));
    g_assert_no_error (error);
  }
  g_assert_cmpstr (good, ==, "done");
  {
    g_autoptr (GBytes) first = console_command (b.h, b.n, &c, NULL);

    weak =
        send (&b, twin_command_countersign (first, "Op", operator_key,
                                            CONSOLE_TOPIC ("command"), &error));
    g_assert_no_error (error);
  }
  g_assert_cmpstr (weak, ==, "rejected:role");
  twin_key_unref (second);
  bench_down (&b);
}

static void
test_maintenance (void)
{
  ConsoleCommand plan = {
    "scheduleMaintenance",
    "{\"date\":\"2026-12-01\",\"work\":\"Replace bearing\","
    "\"note\":\"spare 6205\"}",
    maintainer_key, .lifetime_s = 30
  };
  ConsoleCommand   confirm = { "confirmMaintenance",
                               "{\"work\":\"Replace bearing\"}", maintainer_key,
                               .lifetime_s = 30 };
  Bench            b;
  g_autofree char *first = NULL, *second = NULL;
  JsonObject      *properties, *maintenance;

  bench_up (&b);
  first = ask (&b, &plan);
  g_assert_cmpstr (first, ==, "done");
  fake_board_run (b.h, b.n, 0.1);
  {
    g_autoptr (TwinReported) r = console_reported (b.h, b.n);

    properties = json_node_get_object (r->properties);
    maintenance = json_object_get_object_member (properties, "maintenance");
    g_assert_cmpstr (json_object_get_string_member (maintenance, "work"), ==,
                     "Replace bearing");
    g_assert_cmpstr (json_object_get_string_member (maintenance, "date"), ==,
                     "2026-12-01");
    g_assert_cmpstr (json_object_get_string_member (maintenance, "by"), ==,
                     "tester");
  }

  second = ask (&b, &confirm);
  g_assert_cmpstr (second, ==, "done");
  fake_board_run (b.h, b.n, 0.1);
  {
    g_autoptr (TwinReported) r = console_reported (b.h, b.n);

    properties = json_node_get_object (r->properties);
    g_assert_false (json_object_has_member (properties, "maintenance"));
  }
  bench_down (&b);
}

static void
test_capture (void)
{
  ConsoleCommand c = {
    "captureWaveform",
    "{\"sensor\":\"de/acceleration\",\"axis\":\"y\",\"seconds\":3}",
    operator_key, .lifetime_s = 30
  };
  static const uint8_t id[8] = "capture?";
  Bench                b;
  g_autofree char     *running = NULL, *busy = NULL, *done = NULL;
  g_autoptr (GPtrArray) first =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fake_message_free);
  FakeMessage *m;
  uint64_t     wanted[2] = { 0, 4 };

  bench_up (&b);
  running = ask (&b, &c);
  g_assert_cmpstr (running, ==, "running");
  busy = ask (&b, &c);
  g_assert_cmpstr (busy, ==, "rejected:busy");
  fake_board_run (b.h, b.n, 4.5);
  done = console_outcome (b.h, b.n);
  g_assert_cmpstr (done, ==, "done");

  while ((m = fake_board_take (b.h, "waveform")) != NULL)
    if (m->qos == 1)
      g_ptr_array_add (first, m);
    else
      fake_message_free (m);
  g_assert_cmpuint (first->len, ==, 6);

  /* Two of them again, byte for byte. */
  {
    g_autoptr (GBytes) ask_again =
        twin_replay_build_blocks (id, b.n->capture.block.capture, wanted, 2);

    console_send (b.h, b.n, "replay", ask_again);
  }
  fake_board_run (b.h, b.n, 0.2);
  for (unsigned i = 0; i < 2; i++)
    {
      FakeMessage *again;

      do
        again = fake_board_take (b.h, "waveform");
      while (again != NULL && again->qos == 0);
      g_assert_nonnull (again);
      m = first->pdata[wanted[i]];
      g_assert_true (g_bytes_equal (again->payload, m->payload));
      fake_message_free (again);
    }
  bench_down (&b);
}

static void
test_keys (void)
{
  TwinKey         *fresh = console_key (21);
  g_autofree char *hex = NULL, *enrol = NULL, *revoke = NULL;
  Bench            b;

  bench_up (&b);
  {
    GString *text = g_string_new ("{\"role\":\"operator\",\"name\":\"New\","
                                  "\"key\":{\"$hex\":\"");

    for (unsigned i = 0; i < 32; i++)
      g_string_append_printf (text, "%02x", twin_key_get_public (fresh)[i]);
    g_string_append (text, "\"}}");
    enrol = g_string_free (text, FALSE);
  }
  {
    ConsoleCommand   c = { "enrolKey", enrol, engineer_key, .lifetime_s = 30 };
    ConsoleCommand   use = { "identify", "{\"seconds\":2}", fresh,
                             .lifetime_s = 30 };
    g_autofree char *done = ask (&b, &c);
    g_autofree char *used = ask (&b, &use);

    g_assert_cmpstr (done, ==, "done");
    g_assert_cmpstr (used, ==, "done");
  }
  {
    GString *text = g_string_new ("{\"kid\":{\"$hex\":\"");

    for (unsigned i = 0; i < 8; i++)
      g_string_append_printf (text, "%02x", twin_key_get_kid (fresh)[i]);
    g_string_append (text, "\"}}");
    revoke = g_string_free (text, FALSE);
  }
  {
    ConsoleCommand c = { "revokeKey", revoke, engineer_key, .lifetime_s = 30 };
    ConsoleCommand use = { "identify", "{\"seconds\":2}", fresh,
                           .lifetime_s = 30 };
    g_autofree char *done = ask (&b, &c);
    g_autofree char *used = ask (&b, &use);

    g_assert_cmpstr (done, ==, "done");
    g_assert_cmpstr (used, ==, "rejected:unknown-key");
  }
  twin_key_unref (fresh);
  bench_down (&b);
}

static void
test_limit (void)
{
  ConsoleCommand   c = { "setLimit", "{\"name\":\"motor/current\",\"high\":5}",
                         engineer_key, .lifetime_s = 30 };
  Bench            b;
  g_autofree char *done = NULL;

  bench_up (&b);
  done = ask (&b, &c);
  g_assert_cmpstr (done, ==, "done");
  fake_board_run (b.h, b.n, 3);
  g_assert_cmpuint (fake_board_count (b.h, "event"), ==, 1); /* the edge */
  bench_down (&b);
}

static void
test_decommission (void)
{
  ConsoleCommand   c = { "decommission", NULL, engineer_key, .lifetime_s = 30 };
  Bench            b;
  uint8_t          kept[128];
  g_autofree char *done = NULL;
  g_autoptr (FakeMessage) birth = NULL;
  g_autoptr (FakeMessage) status = NULL;

  bench_up (&b);
  done = ask (&b, &c);
  g_assert_cmpstr (done, ==, "done");
  birth = fake_board_take (b.h, "birth");
  g_assert_nonnull (birth);
  g_assert_cmpuint (g_bytes_get_size (birth->payload), ==, 0);
  g_assert_true (birth->retain);
  status = fake_board_take (b.h, "status");
  g_assert_cmpuint (g_bytes_get_size (status->payload), ==, 0);
  fake_board_run (b.h, b.n, 0.4);
  g_assert_true (b.h->reset);
  g_assert_cmpuint (fake_board_count (b.h, "status"), ==, 0);
  fake_board_power_cycle (b.h);
  g_free (b.n);
  b.n = fake_board_start (b.h);
  g_assert_cmpint (node_keep_get (&b.n->secrets, SECRET_KEYS, kept, sizeof kept),
                   ==, -1);
  bench_down (&b);
}

int
main (int argc, char **argv)
{
  int rc;

  g_test_init (&argc, &argv, NULL);
  operator_key = console_key (1);
  maintainer_key = console_key (2);
  engineer_key = console_key (3);
  stranger_key = console_key (4);
  g_test_add_func ("/firmware/command/refusals", test_refusals);
  g_test_add_func ("/firmware/command/twice", test_twice);
  g_test_add_func ("/firmware/command/replayed-elsewhere",
                   test_replayed_elsewhere);
  g_test_add_func ("/firmware/command/altered", test_altered);
  g_test_add_func ("/firmware/command/flood", test_flood);
  g_test_add_func ("/firmware/command/no-time", test_no_time);
  g_test_add_func ("/firmware/command/survives-power", test_survives_power);
  g_test_add_func ("/firmware/command/power-cut-within", test_power_cut_within);
  g_test_add_func ("/firmware/command/two-people", test_two_people);
  g_test_add_func ("/firmware/command/maintenance", test_maintenance);
  g_test_add_func ("/firmware/command/capture", test_capture);
  g_test_add_func ("/firmware/command/keys", test_keys);
  g_test_add_func ("/firmware/command/limit", test_limit);
  g_test_add_func ("/firmware/command/decommission", test_decommission);
  rc = g_test_run ();
  twin_key_unref (operator_key);
  twin_key_unref (maintainer_key);
  twin_key_unref (engineer_key);
  twin_key_unref (stranger_key);
  return rc;
}
