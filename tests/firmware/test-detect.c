/* SPDX-License-Identifier: Apache-2.0
 *
 * The edge analysis inside a node: bands and tones as desired, events with
 * their evidence, the raw capture around a trigger.
 */
#include <math.h>
#include <string.h>

#include "console.h"
#include "node-private.h"
#include "twin-birth.h"
#include "twin-block.h"
#include "twin-cose.h"
#include "twin-record.h"

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

static const TwinRecordEntry *
find (const TwinRecord *r, const char *name)
{
  for (size_t i = 0; i < r->n_entries; i++)
    if (g_str_equal (r->entries[i].name, name))
      return &r->entries[i];
  return NULL;
}

static double
number (const TwinRecord *r, const char *name)
{
  const TwinRecordEntry *entry = find (r, name);

  if (entry == NULL)
    g_error ("no “%s” in the record", name);
  g_assert_cmpint (entry->kind, ==, TWIN_VALUE_NUMBER);
  return entry->number;
}

/* The newest telemetry that has @name, or NULL; the rest is forgotten. */
static TwinRecord *
newest (hal *h, const char *name)
{
  TwinRecord  *found = NULL;
  FakeMessage *m;

  while ((m = fake_board_take (h, "telemetry")) != NULL)
    {
      TwinRecord *r = parse_record (m);

      if (find (r, name) != NULL)
        {
          g_clear_pointer (&found, twin_record_free);
          found = r;
        }
      else
        twin_record_free (r);
      fake_message_free (m);
    }
  return found;
}

static bool
born_with (hal *h, const char *sensor)
{
  g_autoptr (FakeMessage) m = NULL;
  FakeMessage *next;
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinBirth) birth = NULL;
  TwinSigned in;
  gsize      size;

  while ((next = fake_board_take (h, "birth")) != NULL)
    {
      g_clear_pointer (&m, fake_message_free);
      m = next;
    }
  g_assert_nonnull (m);
  g_assert_true (twin_signed_open (g_bytes_get_data (m->payload, &size),
                                   g_bytes_get_size (m->payload), &in, &error));
  birth = twin_birth_parse (in.payload, in.payload_size, &error);
  g_assert_no_error (error);
  return twin_birth_find_sensor (birth, sensor, 0) != NULL;
}

static TwinReported *
set_desired (hal *h, node *n, GBytes *message)
{
  fake_board_forget (h);
  console_send (h, n, "desired", message);
  fake_board_run (h, n, 3.1);
  g_bytes_unref (message);
  return console_reported (h, n);
}

/* Two bands of their own: levels of exactly these add up to the whole; then
 * other ones, then impossible ones. */
static void
test_bands (void)
{
  hal     *h = fake_board_new (1);
  node    *n = fake_board_start (h);
  TwinKey *key = console_key (7);
  g_autoptr (TwinRecord) usual = NULL;
  g_autoptr (TwinRecord) own = NULL;
  g_autoptr (TwinReported) taken = NULL;
  g_autoptr (TwinReported) refused = NULL;
  JsonArray *bands;

  console_trust (n, key, NODE_ROLE_OPERATOR);
  fake_board_run (h, n, 4);
  g_assert_true (born_with (h, "de/bandRMS2"));
  usual = newest (h, "de/bandRMS2");
  g_assert_nonnull (usual);
  g_assert_null (find (usual, "de/bandRMS3")); /* over the sensor's range */
  g_assert_null (find (usual, "de/envelopeBpfo"));
  /* 10 to 100 and 100 to 1000 Hz are what there is. */
  g_assert_cmpfloat_with_epsilon (hypot (number (usual, "de/bandRMS1"),
                                         number (usual, "de/bandRMS2")),
                                  number (usual, "de/accelerationRMS"),
                                  0.05 * number (usual, "de/accelerationRMS"));

  taken =
      set_desired (h, n,
                   console_desired (key, 1,
                                    "{\"bands\":[[20,40],[500,900],[40,60]]}"));
  g_assert_cmpuint (taken->n_refused, ==, 0);
  bands =
      json_object_get_array_member (json_node_get_object (taken->properties),
                                    "bands");
  g_assert_cmpuint (json_array_get_length (bands), ==, 3);
  g_assert_cmpfloat (json_array_get_double_element (
                         json_array_get_array_element (bands, 1), 1),
                     ==, 900);
  own = newest (h, "de/bandRMS3");
  g_assert_nonnull (own);
  g_assert_true (born_with (h, "de/bandRMS3"));
  /* 1X of 0.6 mm/s within what the bearing's machine has. */
  g_assert_cmpfloat (number (own, "de/bandRMS1"), >, 0.05);
  g_assert_cmpfloat (number (own, "de/bandRMS1"), >,
                     2 * number (own, "de/bandRMS3") / 3);

  refused = set_desired (h, n,
                         console_desired (key, 2,
                                          "{\"bands\":[[10,100],[900,1500]]}"));
  g_assert_cmpuint (refused->n_refused, ==, 1);
  g_assert_cmpstr (refused->refused[0].path, ==, "bands");
  g_assert_cmpstr (refused->refused[0].reason, ==, "out of range");
  g_assert_cmpuint (n->edge.n_bands, ==, 2); /* as if it were not there */
  twin_key_unref (key);
  g_free (n);
  fake_board_free (h);
}

static void
break_race (hal *h)
{
  h->sim.machine.p.burst_g = 1;
  machine_fault (&h->sim.machine, FAULT_OUTER_RACE, 0.7);
}

/* Tones appear as signals while they are desired; a fault of the outer race
 * stands in its own one. */
static void
test_tones (void)
{
  hal     *h = fake_board_new (1);
  node    *n = fake_board_start (h);
  TwinKey *key = console_key (7);
  g_autoptr (TwinReported) taken = NULL;
  g_autoptr (TwinReported) refused = NULL;
  g_autoptr (TwinReported) gone = NULL;
  g_autoptr (TwinRecord) healthy = NULL;
  g_autoptr (TwinRecord) faulty = NULL;
  JsonObject *tones;

  console_trust (n, key, NODE_ROLE_OPERATOR);
  fake_board_run (h, n, 3);
  taken =
      set_desired (h, n,
                   console_desired (key, 1,
                                    "{\"tones\":{\"bpfo\":3.5848,\"bpfi\":5."
                                    "4152,"
                                    "\"bsf\":2.3567,\"band\":[400,1000]}}"));
  g_assert_cmpuint (taken->n_refused, ==, 0);
  tones =
      json_object_get_object_member (json_node_get_object (taken->properties),
                                     "tones");
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (tones, "bpfo"),
                                  3.5848, 1e-6);
  g_assert_cmpfloat (json_array_get_double_element (
                         json_object_get_array_member (tones, "band"), 0),
                     ==, 400);
  g_assert_true (born_with (h, "de/envelopeBpfi"));
  healthy = newest (h, "de/envelopeBpfo");
  g_assert_nonnull (healthy);
  g_assert_null (find (healthy, "de/envelopeFtf")); /* none was given */

  break_race (h);
  fake_board_run (h, n, 6);
  faulty = newest (h, "de/envelopeBpfo");
  g_assert_cmpfloat (number (faulty, "de/envelopeBpfo"), >,
                     10 * number (healthy, "de/envelopeBpfo"));
  g_assert_cmpfloat (number (faulty, "de/envelopeBpfo"), >,
                     2 * number (faulty, "de/envelopeBpfi"));

  refused = set_desired (h, n,
                         console_desired (key, 2,
                                          "{\"tones\":{\"bpfo\":3.6,\"band\":["
                                          "400,5000]}}"));
  g_assert_cmpstr (refused->refused[0].path, ==, "tones");
  g_assert_cmpstr (refused->refused[0].reason, ==, "out of range");
  gone = set_desired (h, n, console_desired (key, 3, "{}"));
  g_assert_false (
      json_object_has_member (json_node_get_object (gone->properties),
                              "tones"));
  g_assert_false (born_with (h, "de/envelopeBpfo"));
  twin_key_unref (key);
  g_free (n);
  fake_board_free (h);
}

/* With the wide-band accelerometer beside the other: each band comes from the
 * one that can measure it, the envelope from the faster, whose carriers the
 * other does not see; the scalars stay the first one's. */
static void
test_two (void)
{
  hal         *h = fake_board_new (1);
  sim_iis3dwb *wide = g_new0 (sim_iis3dwb, 1);
  node        *n = g_new0 (node, 1);
  node_config  config = fake_board_config ();
  TwinKey     *key = console_key (7);
  g_autoptr (TwinReported) taken = NULL;
  g_autoptr (TwinRecord) healthy = NULL;
  g_autoptr (TwinRecord) faulty = NULL;
  JsonArray *bands;

  config.accels[1] = (node_accel_config){ .kind = NODE_ACCEL_IIS3DWB,
                                          .device = HAL_SPI_ACCEL_2,
                                          .prefix = "de/",
                                          .name = "fastAcceleration",
                                          .rate_hz = 26667,
                                          .range_g = 8,
                                          .axes = 1 };
  config.n_accels = 2;
  config.every_s = 0;
  h->sim.machine.p.resonance_hz = 3000;
  sim_fit_iis3dwb (&h->sim, wide);
  g_assert_cmpint (node_init (n, h, &config), ==, HAL_OK);
  console_trust (n, key, NODE_ROLE_OPERATOR);
  fake_board_run (h, n, 3);
  taken =
      set_desired (h, n,
                   console_desired (key, 1, "{\"tones\":{\"bpfo\":3.5848}}"));
  g_assert_cmpuint (taken->n_refused, ==, 0);
  bands =
      json_object_get_array_member (json_node_get_object (taken->properties),
                                    "bands");
  g_assert_cmpuint (json_array_get_length (bands), ==, 3);
  g_assert_cmpfloat (json_array_get_double_element (
                         json_array_get_array_element (bands, 2), 1),
                     ==, 6300);
  g_assert_cmpuint (n->accels[0].edge.band.n, ==, 2);
  g_assert_cmpuint (n->accels[1].edge.band.n, ==, 1);
  g_assert_cmpuint (n->edge.accel, ==, 1);
  healthy = newest (h, "de/envelopeBpfo");
  g_assert_nonnull (healthy);
  g_assert_cmpfloat (number (healthy, "de/bandRMS3"), >, 0);

  break_race (h);
  fake_board_run (h, n, 5);
  faulty = newest (h, "de/envelopeBpfo");
  g_assert_cmpfloat (number (faulty, "de/envelopeBpfo"), >,
                     5 * number (healthy, "de/envelopeBpfo"));
  g_assert_cmpfloat (number (faulty, "de/bandRMS3"), >,
                     3 * number (healthy, "de/bandRMS3"));
  g_test_message ("BPFO %.3f to %.3f, band 3 %.3f to %.3f, band 2 %.3f to %.3f",
                  number (healthy, "de/envelopeBpfo"),
                  number (faulty, "de/envelopeBpfo"),
                  number (healthy, "de/bandRMS3"),
                  number (faulty, "de/bandRMS3"),
                  number (healthy, "de/bandRMS2"),
                  number (faulty, "de/bandRMS2"));

  /* News of the envelope takes the raw signal of the same sensor. */
  fake_board_forget (h);
  g_assert_cmpuint (node_detect_trigger (n, n->edge.first_tone), >, 0);
  {
    double       up = (double) h->time_us / 1e6, first = 0, last = 0;
    FakeMessage *m;

    fake_board_run (h, n, 3);
    while ((m = fake_board_take (h, "waveform")) != NULL)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (TwinBlock) b = twin_block_parse (m->payload, &error);

        g_assert_no_error (error);
        g_assert_cmpstr (b->sensor, ==, "de/fastAcceleration");
        first = first == 0 ? b->up : first;
        last = b->up + b->n / 26667.0;
        fake_message_free (m);
      }
    g_test_message ("%.3f s before, %.3f s after", up - first, last - up);
    g_assert_cmpfloat (up - first, >=, 0.25);
    g_assert_cmpfloat (last - up, >=, 0.25);
  }
  twin_key_unref (key);
  g_free (n);
  fake_board_free (h);
  g_free (wide);
}

/* A node that knows its healthy machine, and no block of the schedule. */
static node *
learnt (hal *h)
{
  static node_config config;
  node              *n = g_new0 (node, 1);

  config = fake_board_config ();
  config.every_s = 0;
  g_assert_cmpint (node_init (n, h, &config), ==, HAL_OK);
  fake_board_run (h, n, NODE_WATCH_LEARN + NODE_DETECT_SETTLE_S + 40);
  for (FakeMessage *m; (m = fake_board_take (h, "event")) != NULL;)
    {
      g_autoptr (TwinRecord) r = parse_record (m);

      g_assert_cmpstr (r->entries[0].string, ==, "boot");
      fake_message_free (m);
    }
  g_assert_cmpuint (fake_board_count (h, "waveform"), ==, 0);
  fake_board_forget (h);
  return n;
}

/* The next event that is @kind, those before it passed over. */
static TwinRecord *
next_event (hal *h, const char *kind)
{
  for (FakeMessage *m; (m = fake_board_take (h, "event")) != NULL;)
    {
      TwinRecord *r = parse_record (m);

      fake_message_free (m);
      if (g_str_equal (r->entries[0].string, kind))
        return r;
      twin_record_free (r);
    }
  return NULL;
}

/* A fault breaks out: a step, then z-scores, each with the evidence it stands
 * on; maintenance is confirmed: the fault is what is usual from then on. */
static void
test_events (void)
{
  hal  *h = fake_board_new (3);
  node *n = learnt (h);
  g_autoptr (TwinRecord) step = NULL;
  g_autoptr (TwinRecord) score = NULL;

  break_race (h);
  fake_board_run (h, n, 20);
  step = next_event (h, "step");
  g_assert_nonnull (step);
  g_assert_true (g_str_has_prefix (find (step, "event/name")->string, "de/"));
  g_assert_cmpfloat (number (step, "event/value"), >,
                     1.15 * number (step, "event/mean"));
  g_assert_cmpfloat (number (step, "event/z"), >, 8);

  fake_board_run (h, n, 60);
  score = next_event (h, "z-score");
  g_assert_nonnull (score);
  g_assert_cmpfloat (number (score, "event/z"), >, 6);
  g_assert_cmpfloat_with_epsilon (number (score, "event/z"),
                                  (number (score, "event/value") -
                                   number (score, "event/mean")) /
                                      number (score, "event/std"),
                                  1e-3 * number (score, "event/z"));

  node_detect_reset (n);
  fake_board_forget (h);
  fake_board_run (h, n, NODE_WATCH_LEARN + 60);
  g_assert_cmpuint (fake_board_count (h, "event"), ==, 0);
  g_free (n);
  fake_board_free (h);
}

/* What is usual survives a restart: a fault of the meantime is told a minute
 * and a half after, without learning anew. Confirmed maintenance survives, too.
 */
static void
test_restart (void)
{
  hal  *h = fake_board_new (3);
  node *n = learnt (h);
  float mean;

  fake_board_run (h, n, 300);
  mean = n->detect.watches[n->accels[0].edge.first_signal].mean;
  break_race (h);
  for (unsigned reset = 0; reset < 2; reset++)
    {
      fake_board_power_cycle (h);
      g_free (n);
      n = fake_board_start (h);
      g_assert_cmpfloat_with_epsilon (n->detect
                                          .watches[n->accels[0]
                                                       .edge.first_signal]
                                          .mean,
                                      reset ? 0 : mean, 0.02 * mean);
      fake_board_run (h, n, NODE_DETECT_SETTLE_S + NODE_WATCH_HOLD + 20);
      g_autoptr (TwinRecord) score = next_event (h, "z-score");
      g_assert_cmpint (score != NULL, ==, !reset);
      node_detect_reset (n);
      fake_board_forget (h);
    }
  g_free (n);
  fake_board_free (h);
}

/* A healthy machine's day, its load and weather moving, a block a minute as a
 * battery's node does it; everything else every second: nothing unusual. */
static void
test_day (void)
{
  hal     *h = fake_board_new (3);
  node    *n = fake_board_start (h);
  TwinKey *key = console_key (7);
  g_autoptr (TwinReported) taken = NULL;

  console_trust (n, key, NODE_ROLE_OPERATOR);
  fake_board_run (h, n, 2);
  taken = set_desired (
      h, n,
      console_desired (key, 1,
                       "{\"acquisition\":{\"mode\":\"duty\",\"blockS\":1,"
                       "\"everyS\":60},\"summaryPeriodS\":60,"
                       "\"schedule\":{\"captureS\":0,\"everyS\":0},"
                       "\"tones\":{\"bpfo\":3.5848,\"bpfi\":5.4152}}"));
  g_assert_cmpuint (taken->n_refused, ==, 0);
  for (unsigned hour = 0; hour < 24; hour++)
    {
      fake_board_run (h, n, 3600);
      for (FakeMessage *m; (m = fake_board_take (h, "event")) != NULL;)
        {
          g_autoptr (TwinRecord) r = parse_record (m);

          g_test_message ("hour %u: %s of %s", hour, r->entries[0].string,
                          r->entries[1].string);
          g_assert_cmpstr (r->entries[0].string, !=, "z-score");
          g_assert_cmpstr (r->entries[0].string, !=, "step");
          fake_message_free (m);
        }
      fake_board_forget (h);
    }
  g_assert_cmpuint (n->detect.watches[n->edge.first_tone].n, >, 1300);
  g_assert_cmpuint (n->detect.watches[n->rtd_signal[0]].n, >, 20000);
  twin_key_unref (key);
  g_free (n);
  fake_board_free (h);
}

/* The machine stops and starts: nobody is told, whatever falls and rises. */
static void
test_stops (void)
{
  hal  *h = fake_board_new (3);
  node *n = learnt (h);

  machine_stop (&h->sim.machine, true);
  fake_board_run (h, n, 180);
  g_assert_cmpfloat (n->last_speed, ==, 0);
  machine_stop (&h->sim.machine, false);
  fake_board_run (h, n, 300);
  g_assert_cmpfloat (n->last_speed, >, 1000);
  for (FakeMessage *m; (m = fake_board_take (h, "event")) != NULL;)
    {
      g_autoptr (TwinRecord) r = parse_record (m);

      g_test_message ("%s of %s", r->entries[0].string, r->entries[1].string);
      g_assert_cmpstr (r->entries[0].string, !=, "z-score");
      g_assert_cmpstr (r->entries[0].string, !=, "step");
      fake_message_free (m);
    }
  g_free (n);
  fake_board_free (h);
}

typedef struct
{
  uint64_t   first, next; /* sample numbers */
  unsigned   blocks;
  bool       last;
  double     up; /* of the first sample */
  GPtrArray *payloads;
} axis_record;

static void
collect (hal *h, axis_record out[3], double capture)
{
  for (FakeMessage *m; (m = fake_board_take (h, "waveform")) != NULL;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinBlock) b = twin_block_parse (m->payload, &error);
      axis_record *a;

      g_assert_no_error (error);
      g_assert_cmpint (m->qos, ==, 1);
      g_assert_true (b->has_capture);
      g_assert_cmpfloat ((double) b->capture, ==, capture);
      a = &out[b->axis - 'x'];
      if (a->blocks++ == 0)
        {
          a->first = b->n0;
          a->up = b->up;
          a->payloads =
              g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
        }
      else
        g_assert_cmpuint (b->n0, ==, a->next);
      a->next = b->n0 + b->n;
      a->last = b->last;
      g_ptr_array_add (a->payloads, g_bytes_ref (m->payload));
      fake_message_free (m);
    }
}

/* The step takes a capture: from a second before it to one after, every axis,
 * as one record, sent once and kept for being asked again as the same bytes.
 * The second news within ten minutes takes none. */
static void
test_trigger (void)
{
  static const uint8_t id[8] = "trigger!";
  hal                 *h = fake_board_new (3);
  node                *n = learnt (h);
  axis_record          sent[3] = { 0 }, again[3] = { 0 };
  uint64_t             wanted[] = { 0, 1 };
  double               capture;
  g_autoptr (TwinRecord) step = NULL;
  g_autoptr (GBytes) ask = NULL;
  const TwinRecordEntry *entry;

  break_race (h);
  while ((step = next_event (h, "step")) == NULL)
    fake_board_run (h, n, 1);
  entry = find (step, "event/capture");
  g_assert_nonnull (entry);
  capture = entry->number;

  fake_board_run (h, n, 10);
  collect (h, sent, capture);
  for (unsigned axis = 0; axis < 3; axis++)
    {
      double before = step->up - sent[axis].up;
      double after =
          (double) (sent[axis].next - sent[axis].first) / 4000 - before;

      g_test_message ("axis %u: %.3f s before, %.3f s after, %u blocks", axis,
                      before, after, sent[axis].blocks);
      g_assert_true (sent[axis].last);
      g_assert_cmpfloat (before, >=, 0.99);
      g_assert_cmpfloat (after, >=, 0.99);
    }

  ask = twin_replay_build_blocks (id, (uint64_t) capture, wanted, 2);
  console_send (h, n, "replay", ask);
  fake_board_run (h, n, 2);
  collect (h, again, capture);
  g_assert_true (
      g_bytes_equal (again[0].payloads->pdata[0], sent[0].payloads->pdata[0]));

  fake_board_run (h, n, 60);
  {
    g_autoptr (TwinRecord) later = next_event (h, "z-score");

    g_assert_nonnull (later);
    g_assert_null (find (later, "event/capture"));
  }
  g_assert_cmpuint (fake_board_count (h, "waveform"), ==, 0);

  for (unsigned axis = 0; axis < 3; axis++)
    {
      g_clear_pointer (&sent[axis].payloads, g_ptr_array_unref);
      g_clear_pointer (&again[axis].payloads, g_ptr_array_unref);
    }
  g_free (n);
  fake_board_free (h);
}

/* An edge limit takes the raw signal, too, and says its number. */
static void
test_limit (void)
{
  hal  *h = fake_board_new (3);
  node *n = fake_board_start (h);
  g_autoptr (TwinRecord) limit = NULL;
  node_signal *s;

  fake_board_run (h, n, 5);
  s = &n->signals[n->accels[0].edge.first_signal + 1];
  s->limited = true;
  s->limit = (double) s->value / 2;
  s->limit_delay_s = 2;
  fake_board_run (h, n, 5);
  limit = next_event (h, "limit");
  g_assert_nonnull (limit);
  g_assert_cmpstr (find (limit, "event/name")->string, ==,
                   "de/accelerationRMS");
  g_assert_cmpfloat (number (limit, "event/value"), >,
                     number (limit, "event/limit"));
  g_assert_cmpuint ((guint) number (limit, "event/capture"), ==,
                    n->last_capture);
  g_free (n);
  fake_board_free (h);
}

/* Far from any broker the same happens, and is all there afterwards. */
static void
test_alone (void)
{
  hal     *h = fake_board_new (3);
  node    *n = learnt (h);
  TwinSpan all = { 1, 0, TWIN_SEQ_NEWEST };
  g_autoptr (GBytes) ask =
      twin_replay_build ((const uint8_t *) "all-all-", &all, 1, 1000);
  g_autoptr (TwinRecord) step = NULL;

  h->reachable = h->open = false;
  fake_board_run (h, n, 5);
  break_race (h);
  fake_board_run (h, n, 40);
  h->reachable = true;
  fake_board_run (h, n, 60);
  console_send (h, n, "replay", ask);
  fake_board_run (h, n, 5);
  step = next_event (h, "step");
  g_assert_nonnull (step);
  g_assert_nonnull (find (step, "event/capture"));
  g_assert_cmpuint (fake_board_count (h, "waveform"), >, 0);
  g_free (n);
  fake_board_free (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/detect/bands", test_bands);
  g_test_add_func ("/firmware/detect/tones", test_tones);
  g_test_add_func ("/firmware/detect/two-accelerometers", test_two);
  g_test_add_func ("/firmware/detect/events", test_events);
  g_test_add_func ("/firmware/detect/restart", test_restart);
  g_test_add_func ("/firmware/detect/day", test_day);
  g_test_add_func ("/firmware/detect/stops", test_stops);
  g_test_add_func ("/firmware/trigger/capture", test_trigger);
  g_test_add_func ("/firmware/trigger/limit", test_limit);
  g_test_add_func ("/firmware/trigger/alone", test_alone);
  return g_test_run ();
}
