/* SPDX-License-Identifier: Apache-2.0 */
/* The console's side of the wire against the real firmware (host port) over a
 * real broker: everything it sends is read and verified, an enrolled key
 * commands it, and through a line that drops a third of all records, with the
 * nodes killed in between, every record arrives.
 *
 * Two nodes, n-0107 and n-0201, of the demo's plant. Waits on the queue, with
 * a deadline for each thing waited for.
 */
#include "twin-birth.h"
#include "twin-block.h"
#include "twin-commands.h"
#include "twin-completeness.h"
#include "twin-cose.h"
#include "twin-desired.h"
#include "twin-enrolment.h"
#include "twin-link.h"
#include "twin-record.h"

#include "broker.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define PLANT "northfield"
#define NODE "n-0107"

typedef struct
{
  Broker            broker;
  GPid              nodes;
  char             *state; /* the nodes' folder */
  TwinQueue        *queue;
  TwinLink         *link;
  TwinKey          *key;
  TwinFleetIo       io;
  TwinCommands     *commands;
  TwinDesired      *desired;
  TwinEnrolment    *enrolment;
  TwinCompleteness *book;
  gboolean          has_node_key;
  uint8_t           node_key[TWIN_PUBLIC_KEY_SIZE];
  gboolean          connected;
  double            loss;   /* of records, made here */
  GHashTable       *stored; /* identities, as text */
  GHashTable       *born;   /* node and epoch, as text */
  unsigned          n_records, n_blocks, n_births, n_reports, n_dropped;
  TwinCommandStatus status;
  char             *reason;
  TwinDesiredSync   sync;
} Console;

/* --- the console, small --- */

static gboolean
publish (const char *topic,
         GBytes     *payload,
         int         qos,
         gboolean    retain,
         void       *data,
         GError    **error)
{
  return twin_link_publish (((Console *) data)->link, topic, payload, qos,
                            retain, error);
}

static void
on_state (TwinLine line, TwinLineState state, const char *cause, void *data)
{
  twin_queue_wake (((Console *) data)->queue);
}

static void
on_enrolment (const char         *node,
              TwinEnrolmentStatus status,
              const uint8_t      *node_key,
              const char         *message,
              void               *data)
{
  Console *c = data;

  g_assert_cmpint (status, !=, TWIN_ENROLMENT_FAILED);
  if (node_key == NULL)
    return;
  memcpy (c->node_key, node_key, sizeof c->node_key);
  c->has_node_key = TRUE;
}

static void
on_command (const TwinCommandState *state, void *data)
{
  Console *c = data;

  c->status = state->status;
  g_free (c->reason);
  c->reason = g_strdup (state->reason);
}

static void
on_desired (const TwinDesiredState *state, void *data)
{
  ((Console *) data)->sync = state->sync;
}

/* Opens and, once there is a key to trust, verifies. */
static TwinSigned
open_signed (Console *c, const TwinMessage *message, const TwinTopic *topic)
{
  g_autoptr (GError) error = NULL;
  TwinSigned opened = { 0 };

  twin_signed_open (g_bytes_get_data (message->payload, NULL),
                    g_bytes_get_size (message->payload), &opened, &error);
  g_assert_no_error (error);
  if (c->has_node_key && g_str_equal (topic->node, NODE))
    twin_signed_verify (&opened, message->topic, c->node_key, &error);
  g_assert_no_error (error);
  return opened;
}

static void
on_birth (Console *c, const TwinMessage *message, const TwinTopic *topic)
{
  TwinSigned opened = open_signed (c, message, topic);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinBirth) birth =
      twin_birth_parse (opened.payload, opened.payload_size, &error);
  g_autofree char *name = NULL;
  const char      *path;

  g_assert_no_error (error);
  /* It is signed by the key it names, whoever that is. */
  twin_signed_verify (&opened, message->topic, birth->key, &error);
  g_assert_no_error (error);
  g_assert_nonnull (twin_birth_find_twin (birth, "de/temperature", &path));
  g_assert_nonnull (twin_birth_find_sensor (birth, "de/acceleration", 'x'));
  twin_commands_set_epoch (c->commands, topic->node, birth->epoch);
  twin_completeness_heard (c->book, topic->node);
  name = g_strdup_printf ("%s/%u", topic->node, birth->epoch);
  if (g_hash_table_add (c->born, g_steal_pointer (&name)))
    c->n_births++;
}

static void
on_record (Console *c, const TwinMessage *message, const TwinTopic *topic)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinRecord) record =
      twin_record_parse (g_bytes_get_data (message->payload, NULL),
                         g_bytes_get_size (message->payload), &error);
  g_autofree char *identity = NULL;
  TwinSeen         seen;

  g_assert_no_error (error);
  if (g_test_rand_double () < c->loss)
    {
      c->n_dropped++;
      return;
    }

  c->n_records++;
  seen = twin_completeness_record (c->book, topic->node, &record->identity);
  g_assert_cmpint (seen, !=, TWIN_SEEN_REFUSED);
  identity = g_strdup_printf ("%s/%u/%" G_GUINT64_FORMAT, topic->node,
                              record->identity.epoch, record->identity.seq);
  if (seen == TWIN_SEEN_DUPLICATE)
    g_assert_true (g_bytes_equal (g_hash_table_lookup (c->stored, identity),
                                  message->payload));
  else
    g_assert_true (g_hash_table_insert (c->stored, g_steal_pointer (&identity),
                                        g_bytes_ref (message->payload)));
}

static void
on_message (Console *c, const TwinMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinRingReport) report = NULL;
  g_autoptr (TwinReported) reported = NULL;
  g_autoptr (TwinResult) result = NULL;
  g_autoptr (TwinBlock) block = NULL;
  TwinSigned opened;
  TwinTopic  topic;

  twin_topic_parse (message->topic, &topic, &error);
  g_assert_no_error (error);

  switch (topic.channel)
    {
    case TWIN_CHANNEL_BIRTH:
      on_birth (c, message, &topic);
      break;
    case TWIN_CHANNEL_TELEMETRY:
    case TWIN_CHANNEL_EVENT:
      on_record (c, message, &topic);
      break;
    case TWIN_CHANNEL_WAVEFORM:
      block = twin_block_parse (message->payload, &error);
      c->n_blocks++;
      break;
    case TWIN_CHANNEL_RING:
      opened = open_signed (c, message, &topic);
      report =
          twin_ring_report_parse (opened.payload, opened.payload_size, &error);
      if (report != NULL)
        twin_completeness_report (c->book, topic.node, report);
      c->n_reports++;
      break;
    case TWIN_CHANNEL_REPORTED:
      opened = open_signed (c, message, &topic);
      reported =
          twin_reported_parse (opened.payload, opened.payload_size, &error);
      if (reported != NULL)
        twin_desired_reported (c->desired, topic.node, reported);
      break;
    case TWIN_CHANNEL_RESULT:
      opened = open_signed (c, message, &topic);
      result = twin_result_parse (opened.payload, opened.payload_size, &error);
      if (result != NULL)
        twin_commands_result (c->commands, topic.node, result, c->has_node_key,
                              NULL);
      break;
    case TWIN_CHANNEL_ENROLLED:
      twin_enrolment_message (c->enrolment, topic.node,
                              g_bytes_get_data (message->payload, NULL),
                              g_bytes_get_size (message->payload), &error);
      break;
    case TWIN_CHANNEL_DESIRED:
      twin_desired_message (c->desired, topic.node, message->payload, &error);
      break;
    default:
      break;
    }
  g_assert_no_error (error);
}

static void
ask (Console *c)
{
  g_autoptr (GPtrArray) asks = twin_completeness_take_asks (c->book);

  for (guint i = 0; asks != NULL && i < asks->len; i++)
    {
      const TwinAsk   *one = g_ptr_array_index (asks, i);
      g_autofree char *topic =
          twin_topic_format (PLANT, one->node, TWIN_CHANNEL_REPLAY);
      g_autoptr (GBytes) payload =
          twin_replay_build (one->id, one->spans, one->n_spans, one->rate);

      twin_link_publish (c->link, topic, payload, 1, FALSE, NULL);
    }
}

/* What a pipeline does, until @done or the deadline. */
static void
run_until (Console *c, gboolean (*done) (Console *c), int seconds)
{
  const int64_t deadline = twin_clock_monotonic_us () + seconds * TWIN_US_PER_S;

  while (!done (c))
    {
      TwinMessage *message =
          twin_queue_pop (c->queue,
                          twin_clock_monotonic_us () + TWIN_US_PER_S / 10);
      TwinLineStats stats;

      g_assert_cmpint (twin_clock_monotonic_us (), <, deadline);
      if (message != NULL)
        on_message (c, message);
      twin_message_free (message);

      twin_link_get_stats (c->link, TWIN_LINE_RECORDS, &stats);
      if (!c->connected && stats.state == TWIN_LINE_CONNECTED)
        {
          c->connected = TRUE;
          twin_completeness_connected (c->book);
          twin_desired_connected (c->desired);
        }
      ask (c);
      twin_enrolment_tick (c->enrolment);
      twin_commands_tick (c->commands);
      twin_desired_tick (c->desired);
    }
}

/* --- nodes
 * ---------------------------------------------------------------------------
 */

static void
start_nodes (Console *c)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TWIN_BUILD_ROOT"),
                        "firmware/port/posix/twin-node", NULL);
  g_autofree char *plant = g_build_filename (c->state, "plant.json", NULL);
  g_autofree char *url =
      g_strdup_printf ("mqtt://127.0.0.1:%u", c->broker.port);
  char *argv[] = { program, (char *) "--fleet", plant,    (char *) "--broker",
                   url,     (char *) "--state", c->state, NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_async (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                 broker_die_with_us, NULL, &c->nodes, &error);
  g_assert_no_error (error);
}

static void
kill_nodes (Console *c)
{
  kill (c->nodes, SIGKILL);
  waitpid (c->nodes, NULL, 0);
  g_spawn_close_pid (c->nodes);
  c->nodes = 0;
}

/* The demo's plant with two nodes only. Returns the token of NODE. */
static char *
write_plant (Console *c)
{
  g_autofree char *from = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                            "data/demo/plant.json", NULL);
  g_autofree char *to = g_build_filename (c->state, "plant.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *nodes;
  char      *token = NULL;

  json_parser_load_from_file (parser, from, &error);
  g_assert_no_error (error);
  nodes = json_object_get_array_member (json_node_get_object (
                                            json_parser_get_root (parser)),
                                        "nodes");
  for (guint i = json_array_get_length (nodes); i > 0; i--)
    {
      JsonObject *node = json_array_get_object_element (nodes, i - 1);
      const char *name = json_object_get_string_member (node, "node");

      if (g_str_equal (name, NODE))
        token = g_strdup (json_object_get_string_member (node, "token"));
      else if (!g_str_equal (name, "n-0201"))
        json_array_remove_element (nodes, i - 1);
    }
  json_generator_set_root (generator, json_parser_get_root (parser));
  json_generator_to_file (generator, to, &error);
  g_assert_no_error (error);
  return token;
}

static void
remove_folder (const char *path)
{
  GDir       *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (path);
}

static void
console_start (Console *c)
{
  const TwinCommandsHooks  command_hooks = { NULL, on_command, c };
  const TwinDesiredHooks   desired_hooks = { .changed = on_desired,
                                             .user_data = c };
  const TwinEnrolmentHooks enrolment_hooks = { on_enrolment, c };
  g_autofree char *url = g_strdup_printf ("127.0.0.1:%u", c->broker.port);
  g_autoptr (TwinLinkOptions) options =
      twin_link_options_parse (url, PLANT, NULL);
  g_autoptr (GError) error = NULL;

  options->install = g_strdup ("test");
  c->queue = twin_queue_new (20000, twin_message_free);
  c->key = twin_key_generate ();
  c->io = (TwinFleetIo){ PLANT, c->key, NULL, publish, c };
  c->commands = twin_commands_new (&c->io, &command_hooks, 0);
  c->desired = twin_desired_new (&c->io, &desired_hooks);
  c->enrolment = twin_enrolment_new (&c->io, &enrolment_hooks);
  c->book = twin_completeness_new (NULL);
  c->born = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  c->stored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                     (GDestroyNotify) g_bytes_unref);
  c->link = twin_link_new (options, c->queue, c->queue, on_state, c, &error);
  g_assert_no_error (error);
  twin_link_start (c->link);
}

static void
console_stop (Console *c)
{
  twin_link_free (c->link);
  twin_enrolment_free (c->enrolment);
  twin_desired_free (c->desired);
  twin_commands_free (c->commands);
  twin_completeness_free (c->book);
  twin_queue_free (c->queue);
  twin_key_unref (c->key);
  g_hash_table_unref (c->stored);
  g_hash_table_unref (c->born);
  g_free (c->reason);
}

/* --- what is waited for --- */

static gboolean
both_were_born (Console *c)
{
  return c->n_births >= 2 && c->n_reports >= 2;
}

static gboolean
is_enrolled (Console *c)
{
  return c->has_node_key;
}

static gboolean
command_ended (Console *c)
{
  return twin_command_status_is_final (c->status);
}

static gboolean
is_applied (Console *c)
{
  return c->sync == TWIN_DESIRED_APPLIED || c->sync == TWIN_DESIRED_REFUSED;
}

static gboolean
dropped_enough (Console *c)
{
  return c->n_dropped >= 4 && c->n_blocks >= 2;
}

static gboolean
was_reborn (Console *c)
{
  return c->n_births >= 4;
}

static gboolean
nothing_is_open (Console *c)
{
  TwinCompletenessStats stats;

  twin_completeness_get_stats (c->book, NULL, &stats);
  return stats.open == 0;
}

static void
command (Console *c, const char *name, const char *arguments)
{
  g_autoptr (JsonNode) node = json_from_string (arguments, NULL);
  const TwinCommandRequest request = {
    .node = NODE, .command = name, .arguments = node, .who = "test"
  };
  g_autoptr (GError) error = NULL;

  c->status = TWIN_COMMAND_REQUESTED;
  twin_commands_send (c->commands, &request, NULL, &error);
  g_assert_no_error (error);
  run_until (c, command_ended, 20);
}

static void
check_acting (Console *c, const char *token)
{
  g_autoptr (JsonNode) one = json_from_string ("1", NULL);
  g_autoptr (GError) error = NULL;

  twin_enrolment_begin (c->enrolment, NODE, token, TWIN_KEY_ROLE_MAINTAINER,
                        "Test", &error);
  g_assert_no_error (error);
  run_until (c, is_enrolled, 20);

  command (c, "identify", "{\"seconds\":1}");
  g_assert_cmpint (c->status, ==, TWIN_COMMAND_DONE);
  command (c, "setMode", "{\"mode\":\"service\"}"); /* an engineer's */
  g_assert_cmpint (c->status, ==, TWIN_COMMAND_REJECTED);
  g_assert_cmpstr (c->reason, ==, "role");
  command (c, "makeCoffee", "{}");
  g_assert_cmpint (c->status, ==, TWIN_COMMAND_REJECTED);
  g_assert_cmpstr (c->reason, ==, "unknown-command");

  twin_desired_set (c->desired, NODE, "/summaryPeriodS", one, 0, &error);
  g_assert_no_error (error);
  run_until (c, is_applied, 20);
  g_assert_cmpint (c->sync, ==, TWIN_DESIRED_APPLIED);
}

static void
test_node (void)
{
  Console               c = { 0 };
  g_autofree char      *token = NULL;
  TwinCompletenessStats stats;

  if (!broker_new (&c.broker, NULL))
    {
      g_test_skip ("mosquitto is not installed");
      return;
    }
  broker_start (&c.broker);
  c.state = g_dir_make_tmp ("twin-node-XXXXXX", NULL);
  token = write_plant (&c);
  console_start (&c);
  start_nodes (&c);

  run_until (&c, both_were_born, 30);
  check_acting (&c, token);

  c.loss = 1 / 3.0;
  run_until (&c, dropped_enough, 60);
  kill_nodes (&c);
  start_nodes (&c);
  run_until (&c, was_reborn, 30);
  c.loss = 0;
  run_until (&c, nothing_is_open, 60);

  twin_completeness_get_stats (c.book, NULL, &stats);
  g_assert_cmpuint (stats.received, ==, g_hash_table_size (c.stored));
  g_assert_cmpuint (stats.lost[0] + stats.lost[1] + stats.lost[2], ==, 0);
  g_test_message ("%u records, %u dropped here, %u blocks, %u reports, "
                  "%" G_GUINT64_FORMAT " replays asked for",
                  c.n_records, c.n_dropped, c.n_blocks, c.n_reports,
                  stats.asked);

  kill_nodes (&c);
  console_stop (&c);
  broker_clear (&c.broker);
  remove_folder (c.state);
  g_free (c.state);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/node/real-firmware", test_node);
  return g_test_run ();
}
