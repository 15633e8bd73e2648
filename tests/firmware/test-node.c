/* SPDX-License-Identifier: Apache-2.0
 *
 * A node as the plant sees it: records, replay, blocks, enrolment, desired
 * state, time; read by the console's own codecs.
 */
#include <math.h>
#include <string.h>

#include "console.h"
#include "node-private.h"
#include "node-private.h"
#include "twin-birth.h"
#include "twin-block.h"
#include "twin-clock.h"
#include "twin-cose.h"
#include "twin-record.h"

static const uint8_t ask_id[8] = "ask-ask-";

static TwinRecord *
parse_record (const FakeMessage *m)
{
  g_autoptr (GError) error = NULL;
  gsize          size;
  const uint8_t *data = g_bytes_get_data (m->payload, &size);
  TwinRecord    *r = twin_record_parse (data, size, &error);

  g_assert_no_error (error);
  return r;
}

static double
value_of (const TwinRecord *r, const char *name)
{
  for (size_t i = 0; i < r->n_entries; i++)
    if (g_str_equal (r->entries[i].name, name))
      return r->entries[i].number;
  g_test_message ("no “%s” in the record", name);
  g_assert_not_reached ();
}

static void
ask (hal *h, node *n, const TwinSpan *spans, size_t count, uint32_t rate)
{
  g_autoptr (GBytes) message = twin_replay_build (ask_id, spans, count, rate);

  console_send (h, n, "replay", message);
}

static void
test_birth (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);
  g_autoptr (FakeMessage) m = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinBirth) birth = NULL;
  TwinSigned     in;
  gsize          size;
  const uint8_t *data;
  const char    *path;

  fake_board_run (h, n, 0.1);
  m = fake_board_take (h, "birth");
  data = g_bytes_get_data (m->payload, &size);
  g_assert_true (twin_signed_open (data, size, &in, &error));
  g_assert_true (twin_signed_verify (&in, m->topic, n->key, &error));
  birth = twin_birth_parse (in.payload, in.payload_size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (birth->epoch, ==, 1);
  g_assert_false (birth->enrolled);
  g_assert_nonnull (twin_birth_find_sensor (birth, "de/temperature", 0));
  g_assert_cmpstr (twin_birth_find_twin (birth, "de/kurtosis", &path)->twin, ==,
                   "compressor-7-de");
  fake_board_free (h);
}

/* On a board the time goes on between two looks at the clock. */
static void
test_running_clock (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);

  h->tick_us = 3;
  h->opening_us = 5000;
  fake_board_run (h, n, 5);
  g_assert_cmpuint (fake_board_count (h, "birth"), ==, 1);
  g_assert_cmpuint (fake_board_count (h, "telemetry"), >=, 4);
  g_assert_cmpuint (h->logged[HAL_LOG_WARNING], ==, 0);
  fake_board_free (h);
}

/* Every second a record whose numbers follow each other, whose time is right,
 * and whose values are those of the machine. */
static void
test_telemetry (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);
  FakeMessage     *m;
  uint64_t         seq = 1; /* 0 is the boot event */
  unsigned         count = 0;

  fake_board_run (h, n, 20);
  while ((m = fake_board_take (h, "telemetry")) != NULL)
    {
      g_autoptr (TwinRecord) r = parse_record (m);

      g_assert_cmpuint (r->identity.seq, ==, seq++);
      g_assert_cmpuint (r->identity.epoch, ==, 1);
      g_assert_cmpmem (r->identity.ring, 8, n->ring.id, 8);
      g_assert_cmpint (llabs (r->time_us - h->utc_at_0 -
                              (int64_t) (r->up * 1e6)),
                       <=, 1);
      if (count++ > 2)
        {
          double current = machine_current_a (&h->sim.machine);

          g_assert_cmpfloat_with_epsilon (value_of (r, "motor/shaftSpeed"),
                                          h->sim.machine.speed_rps * 60, 2);
          g_assert_cmpfloat_with_epsilon (value_of (r, "motor/current"),
                                          current, 0.03 * current);
          g_assert_cmpfloat_with_epsilon (value_of (r, "de/temperature"),
                                          h->sim.machine.de_c, 1);
          g_assert_cmpfloat_with_epsilon (value_of (r, "runningHours"), 1234,
                                          1);
          /* 1 mm/s of unbalance and a little noise. */
          g_assert_cmpfloat_with_epsilon (value_of (r, "de/vibrationRMS"), 1e-3,
                                          0.1e-3);
        }
      fake_message_free (m);
    }
  g_assert_cmpuint (count, ==, 20);
  fake_board_free (h);
}

static void
test_blocks (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);
  FakeMessage     *m;
  uint64_t         next[3] = { 0 };
  unsigned         count[3] = { 0 };

  fake_board_run (h, n, 6);
  while ((m = fake_board_take (h, "waveform")) != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinBlock) b = twin_block_parse (m->payload, &error);
      g_autofree double *x = NULL;
      unsigned           axis;
      double             mean = 0;

      g_assert_no_error (error);
      axis = (unsigned) (b->axis - 'x');
      g_assert_cmpint (m->qos, ==, 0);
      g_assert_cmpstr (b->sensor, ==, "de/acceleration");
      g_assert_cmpuint (b->n, ==, 2000);
      if (count[axis]++ > 0)
        g_assert_cmpuint (b->n0, ==, next[axis]);
      next[axis] = b->n0 + b->n;
      g_assert_cmpint (b->last, ==, count[axis] == 4);
      g_assert_cmpfloat_with_epsilon (b->rate_hz, h->sim.adxl355.clock.rate_hz, 5);
      x = g_new (double, b->n);
      twin_block_get_doubles (b, x);
      for (guint i = 0; i < b->n; i++)
        mean += x[i] / b->n;
      /* y points up. */
      g_assert_cmpfloat_with_epsilon (mean, axis == 1 ? 9.80665 : 0, 0.4);
      fake_message_free (m);
    }
  for (unsigned axis = 0; axis < 3; axis++)
    g_assert_cmpuint (count[axis], ==, 4);
  fake_board_free (h);
}

/* What is measured while the broker is away is all there afterwards: the same
 * bytes, events first, at the rate asked for, what is new in between. */
static void
test_replay (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);
  TwinSpan         all = { 1, 0, TWIN_SEQ_NEWEST };
  g_autoptr (TwinRingReport) ring = NULL;
  FakeMessage *m;
  uint64_t     expected = 1;
  unsigned     fresh = 0;
  g_autoptr (FakeMessage) boot = NULL;
  g_autoptr (TwinRecord) boot_record = NULL;

  h->reachable = false;
  fake_board_run (h, n, 100);
  h->reachable = true;
  fake_board_run (h, n, 6);
  g_assert_cmpint (n->mqtt.state, ==, NODE_MQTT_ONLINE);
  fake_board_forget (h); /* no backlog by itself: only the new ones */

  ask (h, n, &all, 1, 0);
  ring = console_ring (h, n);
  g_assert_true (ring->has_id);
  g_assert_cmpmem (ring->id, 8, ask_id, 8);
  g_assert_cmpuint (ring->n_held, ==, 1);
  g_assert_cmpuint (ring->held[0].first, ==, 0);
  g_assert_cmpuint (ring->n_lost, ==, 0);

  fake_board_run (h, n, 1.0);
  boot = fake_board_take (h, "event");
  g_assert_nonnull (boot);
  boot_record = parse_record (boot);
  g_assert_cmpuint (boot_record->identity.seq, ==, 0);
  g_assert_cmpstr (boot_record->entries[0].string, ==, "boot");
  /* 50 a second, the boot event among them, and one that is new. */
  g_assert_cmpuint (fake_board_count (h, "telemetry"), >=, 48);
  g_assert_cmpuint (fake_board_count (h, "telemetry"), <=, 52);

  fake_board_run (h, n, 2.0);
  while ((m = fake_board_take (h, "telemetry")) != NULL)
    {
      g_autoptr (TwinRecord) r = parse_record (m);

      if (r->identity.seq > ring->held[0].last)
        fresh++;
      else
        g_assert_cmpuint (r->identity.seq, ==, expected++);
      fake_message_free (m);
    }
  g_assert_cmpuint (expected, ==, ring->held[0].last + 1);
  g_assert_cmpuint (fresh, ==, 3);
  fake_board_free (h);
}

static void
test_replay_exact (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);
  TwinSpan         few = { 1, 2, 4 }, none = { 9, 0, TWIN_SEQ_NEWEST };
  g_autoptr (GPtrArray) first =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fake_message_free);
  FakeMessage *m;

  fake_board_run (h, n, 5.5);
  while ((m = fake_board_take (h, "telemetry")) != NULL)
    g_ptr_array_add (first, m);
  ask (h, n, &few, 1, 100);
  fake_board_run (h, n, 0.2);
  for (unsigned i = 1; i <= 3; i++)
    {
      const FakeMessage *was = first->pdata[i];
      g_autoptr (FakeMessage) again = fake_board_take (h, "telemetry");

      g_assert_nonnull (again);
      g_assert_true (g_bytes_equal (again->payload, was->payload));
      g_assert_cmpstr (again->topic, ==, was->topic);
    }
  g_assert_cmpuint (fake_board_count (h, "telemetry"), ==, 0);

  /* What is not there is not sent, and answered all the same. */
  fake_board_forget (h);
  ask (h, n, &none, 1, 0);
  fake_board_run (h, n, 0.2);
  g_assert_cmpuint (fake_board_count (h, "ring"), ==, 1);
  g_assert_cmpuint (fake_board_count (h, "telemetry"), ==, 0);
  fake_board_free (h);
}

/* The ring of the test board holds some 1,400 records: the rest is a known
 * loss, also of epochs gone by. */
static void
test_overwritten (void)
{
  hal     *h = fake_board_new (1);
  node    *n = fake_board_start (h);
  TwinSpan all = { 1, 0, TWIN_SEQ_NEWEST };
  g_autoptr (TwinRingReport) ring = NULL;

  fake_board_run (h, n, 300);
  fake_board_power_cycle (h);
  g_free (n);
  n = fake_board_start (h);
  for (unsigned i = 0; i < 20; i++)
    {
      fake_board_run (h, n, 100);
      fake_board_forget (h);
    }
  g_assert_cmpuint (n->epoch, ==, 2);
  ask (h, n, &all, 1, 0);
  ring = console_ring (h, n);
  g_assert_cmpuint (ring->n_held, ==, 1);
  g_assert_cmpuint (ring->held[0].epoch, ==, 2);
  g_assert_cmpuint (ring->n_lost, ==, 2);
  g_assert_cmpuint (ring->lost[0].span.epoch, ==, 1);
  g_assert_cmpuint (ring->lost[0].span.first, ==, 0);
  g_assert_cmpuint (ring->lost[0].span.last, ==, 300);
  g_assert_cmpint (ring->lost[0].cause, ==, TWIN_LOSS_OVERWRITTEN);
  g_assert_cmpuint (ring->lost[1].span.first, ==, 0);
  g_assert_cmpuint (ring->lost[1].span.last + 1, ==, ring->held[0].first);
  g_free (n);
  fake_board_free (h);
}

/* Cut the power at every 193rd flash step of a running node: what was
 * published is held, under numbers without holes. */
static void
test_power_cuts (void)
{
  for (uint64_t cut = 1; cut < 6000; cut += 193)
    {
      hal         *h = fake_board_new (1);
      node        *n = g_new0 (node, 1);
      node_config  config = fake_board_config ();
      FakeMessage *m;
      int64_t      newest = -1;
      uint64_t     last;
      uint32_t     epoch = 0;

      h->flash.cut_at = cut;
      h->flash.tear = (uint32_t) cut;
      if (node_init (n, h, &config) == HAL_OK)
        {
          fake_board_run (h, n, 60);
          epoch = n->epoch;
        }
      while ((m = fake_board_take (h, "telemetry")) != NULL)
        {
          g_autoptr (TwinRecord) r = parse_record (m);

          newest = (int64_t) r->identity.seq;
          fake_message_free (m);
        }

      fake_board_power_cycle (h);
      g_free (n);
      n = fake_board_start (h);
      g_assert_cmpuint (n->epoch, >, epoch);
      if (newest >= 0)
        {
          g_assert_true (node_ring_last (&n->ring, epoch, &last));
          g_assert_cmpint ((int64_t) last, >=, newest);
          g_assert_cmpuint (n->ring.extents[0].first, ==, 0);
        }
      g_free (n);
      fake_board_free (h);
    }
}

static void
test_enrol (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);
  node_config      config = fake_board_config ();
  TwinKey         *key = console_key (7), *late = console_key (8);
  TwinEnrol        e = { .role = TWIN_KEY_ROLE_ENGINEER, .name = "Ada" };
  TwinEnrolled     answer;
  uint8_t          kept[128];
  g_autoptr (GBytes) message = NULL;
  g_autoptr (GBytes) second = NULL;
  g_autoptr (FakeMessage) m = NULL;
  g_autoptr (GError) error = NULL;
  gsize          size;
  const uint8_t *data;

  fake_board_run (h, n, 0.5);
  fake_board_forget (h);
  memcpy (e.key, twin_key_get_public (key), 32);
  memset (e.nonce, 5, sizeof e.nonce);
  message = twin_enrol_build (&e, config.token, CONSOLE_TOPIC ("enrol"));
  console_send (h, n, "enrol", message);

  m = fake_board_take (h, "enrolled");
  data = g_bytes_get_data (m->payload, &size);
  g_assert_true (
      twin_enrolled_open (data, size, m->topic, config.token, &answer, &error));
  g_assert_cmpmem (answer.key, 32, n->key, 32);
  g_assert_cmpmem (answer.nonce, 16, e.nonce, 16);
  g_assert_cmpmem (answer.kid, 8, twin_key_get_kid (key), 8);
  fake_board_run (h, n, 0.1);
  g_assert_cmpuint (fake_board_count (h, "birth"), ==, 1);

  /* The token is burnt: for another key, though not for a lost answer. */
  fake_board_forget (h);
  memcpy (e.key, twin_key_get_public (late), 32);
  second = twin_enrol_build (&e, config.token, CONSOLE_TOPIC ("enrol"));
  console_send (h, n, "enrol", second);
  g_assert_cmpuint (fake_board_count (h, "enrolled"), ==, 0);
  g_assert_cmpint (node_keep_get (&n->secrets, SECRET_ENROLLED, kept, sizeof kept),
                   >, 0);
  console_send (h, n, "enrol", message);
  g_assert_cmpuint (fake_board_count (h, "enrolled"), ==, 1);

  twin_key_unref (key);
  twin_key_unref (late);
  fake_board_free (h);
}

/* Power cut at every step of an enrolment: sending it again always ends with
 * the key enrolled and the answer out. */
static void
test_enrol_cuts (void)
{
  node_config config = fake_board_config ();
  TwinKey    *key = console_key (7);
  TwinEnrol   e = { .role = TWIN_KEY_ROLE_ENGINEER, .name = "Ada" };
  g_autoptr (GBytes) message = NULL;
  bool failed = true;

  memcpy (e.key, twin_key_get_public (key), 32);
  message = twin_enrol_build (&e, config.token, CONSOLE_TOPIC ("enrol"));
  for (uint64_t cut = 1; failed; cut++)
    {
      hal  *h = fake_board_new (1);
      node *n = fake_board_start (h);

      fake_board_run (h, n, 0.5);
      h->flash.cut_at = h->flash.steps + cut;
      console_send (h, n, "enrol", message);
      failed = h->flash.dead;
      fake_board_power_cycle (h);
      g_free (n);
      n = fake_board_start (h);
      fake_board_run (h, n, 0.5);
      fake_board_forget (h);
      console_send (h, n, "enrol", message);
      g_assert_cmpuint (fake_board_count (h, "enrolled"), ==, 1);
      g_assert_cmpuint (n->keys[0].role, ==, NODE_ROLE_ENGINEER);
      g_free (n);
      fake_board_free (h);
    }
  twin_key_unref (key);
}

static TwinReported *
set_desired (hal *h, node *n, GBytes *message)
{
  fake_board_forget (h);
  console_send (h, n, "desired", message);
  fake_board_run (h, n, 1.1);
  g_bytes_unref (message);
  return console_reported (h, n);
}

static void
test_desired (void)
{
  hal     *h = fake_board_new (1);
  node    *n = fake_board_start (h);
  TwinKey *key = console_key (7), *stranger = console_key (8);
  g_autoptr (TwinReported) first = NULL;
  g_autoptr (TwinReported) partly = NULL;
  g_autoptr (TwinReported) older = NULL;
  g_autoptr (TwinReported) forged = NULL;
  JsonObject *p;

  console_trust (n, key, NODE_ROLE_OPERATOR);
  fake_board_run (h, n, 1);
  first = set_desired (
      h, n,
      console_desired (key, 5,
                       "{\"summaryPeriodS\":5,\"schedule\":{\"captureS\":1,"
                       "\"everyS\":60},\"deadbands\":{\"de/temperature\":2}}"));
  g_assert_cmpuint (first->version, ==, 5);
  g_assert_true (first->has_digest);
  g_assert_cmpuint (first->n_refused, ==, 0);
  p = json_node_get_object (first->properties);
  g_assert_cmpint (json_object_get_int_member (p, "summaryPeriodS"), ==, 5);
  g_assert_cmpuint (n->properties.summary_period_s, ==, 5);

  partly =
      set_desired (h, n,
                   console_desired (key, 6,
                                    "{\"summaryPeriodS\":0,\"colour\":\"red\","
                                    "\"maxSilenceS\":30,"
                                    "\"deadbands\":{\"de/nothing\":1}}"));
  g_assert_cmpuint (partly->version, ==, 6);
  g_assert_cmpuint (partly->n_refused, ==, 3);
  g_assert_cmpuint (n->properties.max_silence_s, ==, 30);
  g_assert_cmpuint (n->properties.summary_period_s, ==, 1);

  older = set_desired (h, n, console_desired (key, 4, "{}"));
  g_assert_cmpuint (older->version, ==, 6);
  g_assert_cmpstr (older->refused[0].path, ==, "");
  g_assert_cmpstr (older->refused[0].reason, ==, "version");

  forged =
      set_desired (h, n,
                   console_desired (stranger, 7, "{\"summaryPeriodS\":60}"));
  g_assert_cmpuint (forged->version, ==, 6);
  g_assert_cmpstr (forged->refused[0].reason, ==, "unknown-key");
  g_assert_cmpuint (n->properties.summary_period_s, ==, 1);

  /* It is persisted: also over a power cut. */
  fake_board_power_cycle (h);
  g_free (n);
  n = fake_board_start (h);
  g_assert_cmpuint (n->desired_version, ==, 6);
  g_assert_cmpuint (n->properties.max_silence_s, ==, 30);
  g_assert_cmpuint (n->n_refused, ==, 3);

  g_free (n);
  twin_key_unref (key);
  twin_key_unref (stranger);
  fake_board_free (h);
}

static void
test_live_stream (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);
  TwinKey         *key = console_key (7);
  g_autofree char *properties = NULL;
  g_autoptr (TwinReported) r = NULL;
  unsigned     live = 0;
  FakeMessage *m;

  console_trust (n, key, NODE_ROLE_ENGINEER);
  fake_board_run (h, n, 1);
  properties = g_strdup_printf ("{\"schedule\":{\"captureS\":0,\"everyS\":0},"
                                "\"liveStream\":{\"sensor\":\"de/"
                                "acceleration\",\"axis\":\"z\","
                                "\"untilS\":%.1f}}",
                                (double) h->utc_at_0 / 1e6 + 6.5);
  r = set_desired (h, n, console_desired (key, 1, properties));
  g_assert_cmpuint (r->n_refused, ==, 0);
  fake_board_run (h, n, 15);
  while ((m = fake_board_take (h, "waveform")) != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinBlock) b = twin_block_parse (m->payload, &error);

      g_assert_no_error (error);
      g_assert_cmpint (b->axis, ==, 'z');
      g_assert_cmpint (b->why, ==, TWIN_WHY_LIVE);
      g_assert_false (b->has_capture);
      live++;
      fake_message_free (m);
    }
  g_assert_cmpuint (live, >=, 9);
  g_assert_cmpuint (live, <=, 11);
  g_assert_false (n->properties.live);
  twin_key_unref (key);
  fake_board_free (h);
}

/* With deadbands a steady machine is nearly silent, yet never longer than
 * maxSilenceS. */
static void
test_deadbands (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);

  fake_board_run (h, n, 5);
  for (unsigned i = 0; i < n->n_signals; i++)
    n->signals[i].deadband = 1e6;
  n->properties.max_silence_s = 20;
  fake_board_forget (h);
  fake_board_run (h, n, 60);
  g_assert_cmpuint (fake_board_count (h, "telemetry"), ==, 3);
  fake_board_free (h);
}

static void
test_duty (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);
  TwinKey         *key = console_key (7);
  g_autoptr (TwinReported) r = NULL;
  unsigned asleep = 0;

  console_trust (n, key, NODE_ROLE_ENGINEER);
  fake_board_run (h, n, 1);
  r = set_desired (h, n,
                   console_desired (key, 1,
                                    "{\"acquisition\":{\"mode\":\"duty\","
                                    "\"blockS\":2,\"everyS\":10},"
                                    "\"schedule\":{\"captureS\":0,"
                                    "\"everyS\":0}}"));
  g_assert_cmpuint (r->n_refused, ==, 0);
  for (unsigned i = 0; i < 100; i++)
    {
      fake_board_run (h, n, 0.5);
      asleep += !n->accels[0].running;
    }
  g_assert_cmpuint (asleep, >, 70);
  g_assert_cmpuint (asleep, <, 85);
  twin_key_unref (key);
  fake_board_free (h);
}

static void
beacon (hal *h, node *n, const TwinKey *key, int64_t ahead_us)
{
  int64_t now;
  g_autoptr (GBytes) message = NULL;

  g_assert_true (node_utc_us (n, &now));
  message = twin_time_build (now + ahead_us, key, "twin/1/northfield/@time");
  fake_board_deliver (h, n, "twin/1/northfield/@time",
                      g_bytes_get_data (message, NULL),
                      g_bytes_get_size (message));
}

/* Forward at once up to ten minutes, further only by two that agree; back
 * never, only slower. */
static void
test_clock (void)
{
  hal             *h = fake_board_new (1);
  g_autofree node *n = fake_board_start (h);
  TwinKey         *key = console_key (7);
  int64_t          before, after, last;

  console_trust (n, key, NODE_ROLE_OPERATOR);
  fake_board_run (h, n, 1);

  node_utc_us (n, &before);
  beacon (h, n, key, 5 * 1000000);
  node_utc_us (n, &after);
  g_assert_cmpint (after - before, ==, 5 * 1000000);

  beacon (h, n, key, 3600 * G_GINT64_CONSTANT (1000000));
  node_utc_us (n, &before);
  g_assert_cmpint (before, ==, after);
  fake_board_run (h, n, 30);
  beacon (h, n, key, 3600 * G_GINT64_CONSTANT (1000000));
  node_utc_us (n, &after);
  g_assert_cmpint (after - before, ==, 3630 * G_GINT64_CONSTANT (1000000));

  beacon (h, n, key, -1000000);
  last = after;
  for (unsigned i = 0; i < 300; i++)
    {
      fake_board_run (h, n, 1);
      node_utc_us (n, &after);
      g_assert_cmpint (after, >, last);
      last = after;
    }
  g_assert_cmpint (n->time.owed_us, ==, 0);
  twin_key_unref (key);
  fake_board_free (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/node/birth", test_birth);
  g_test_add_func ("/firmware/node/running-clock", test_running_clock);
  g_test_add_func ("/firmware/node/telemetry", test_telemetry);
  g_test_add_func ("/firmware/node/blocks", test_blocks);
  g_test_add_func ("/firmware/node/replay", test_replay);
  g_test_add_func ("/firmware/node/replay-exact", test_replay_exact);
  g_test_add_func ("/firmware/node/overwritten", test_overwritten);
  g_test_add_func ("/firmware/node/power-cuts", test_power_cuts);
  g_test_add_func ("/firmware/node/enrol", test_enrol);
  g_test_add_func ("/firmware/node/enrol-cuts", test_enrol_cuts);
  g_test_add_func ("/firmware/node/desired", test_desired);
  g_test_add_func ("/firmware/node/live-stream", test_live_stream);
  g_test_add_func ("/firmware/node/deadbands", test_deadbands);
  g_test_add_func ("/firmware/node/duty", test_duty);
  g_test_add_func ("/firmware/node/clock", test_clock);
  return g_test_run ();
}
