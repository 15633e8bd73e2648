/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-commands.h"

#include "fleet-fixture.h"

typedef struct
{
  Fleet         fleet;
  TwinCommands *commands;
  uint64_t      kept;
  gboolean      disk_full;
  GString      *log; /* statuses told, one word each */
} Fixture;

static gboolean
keep_counter (uint64_t counter, void *data, GError **error)
{
  Fixture *f = data;

  if (f->disk_full)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
      return FALSE;
    }
  f->kept = counter;
  return TRUE;
}

static void
on_changed (const TwinCommandState *state, void *data)
{
  Fixture *f = data;

  g_string_append_printf (f->log, "%s ",
                          twin_command_status_to_string (state->status));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  const TwinCommandsHooks hooks = { keep_counter, on_changed, f };

  fleet_set_up (&f->fleet);
  f->log = g_string_new (NULL);
  f->commands = twin_commands_new (&f->fleet.io, &hooks, 0);
  twin_commands_set_epoch (f->commands, NODE, 3);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  twin_commands_free (f->commands);
  g_string_free (f->log, TRUE);
  fleet_tear_down (&f->fleet);
}

static void
send (Fixture *f, uint8_t id[TWIN_ID_SIZE])
{
  g_autoptr (JsonNode) arguments = json ("{\"seconds\":10}");
  const TwinCommandRequest request = {
    NODE, "identify", arguments, "anna", 0, 0
  };
  g_autoptr (GError) error = NULL;

  twin_commands_send (f->commands, &request, id, &error);
  g_assert_no_error (error);
}

static gboolean
answer (Fixture         *f,
        const uint8_t    id[TWIN_ID_SIZE],
        TwinResultStatus status,
        const char      *reason,
        gboolean         verified)
{
  TwinResult result = { .id_size = TWIN_ID_SIZE,
                        .status = status,
                        .reason = (char *) reason };

  memcpy (result.id, id, TWIN_ID_SIZE);
  return twin_commands_result (f->commands, NODE, &result, verified, NULL);
}

static void
test_what_is_sent (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) node = NULL;
  const Published *published;
  JsonObject      *object;
  uint8_t          id[TWIN_ID_SIZE];

  send (f, id);
  published = fleet_take (&f->fleet, TWIN_CHANNEL_COMMAND);
  g_assert_cmpint (published->qos, ==, 1);
  g_assert_false (published->retain);
  node = fleet_read (published, f->fleet.key);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "command"), ==,
                   "identify");
  g_assert_cmpint (json_object_get_int_member (object, "epoch"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (object, "counter"), ==,
                   f->fleet.utc_us);
  g_assert_cmpuint (f->kept, ==, f->fleet.utc_us);
  g_assert_cmpfloat (json_object_get_double_member (object, "notAfter"), ==,
                     f->fleet.utc_us / 1e6 + 30);
  g_assert_cmpint (json_object_get_int_member (
                       json_object_get_object_member (object, "arguments"),
                       "seconds"),
                   ==, 10);
  g_assert_cmpuint (twin_commands_get_pending (f->commands), ==, 1);
}

/* Two commands in one microsecond, and after the clock went back. */
static void
test_counter_always_rises (Fixture *f, gconstpointer data)
{
  uint64_t first;

  send (f, NULL);
  first = f->kept;
  send (f, NULL);
  g_assert_cmpuint (f->kept, ==, first + 1);
  f->fleet.utc_us -= 3600 * TWIN_US_PER_S;
  send (f, NULL);
  g_assert_cmpuint (f->kept, ==, first + 2);
  f->fleet.utc_us += 7200 * TWIN_US_PER_S;
  send (f, NULL);
  g_assert_cmpuint (f->kept, ==, f->fleet.utc_us);
}

static void
test_counter_goes_on_after_a_restart (Fixture *f, gconstpointer data)
{
  const TwinCommandsHooks hooks = { keep_counter, NULL, f };
  const uint64_t          last = f->fleet.utc_us + 5000;

  twin_commands_free (f->commands);
  f->commands = twin_commands_new (&f->fleet.io, &hooks, last);
  twin_commands_set_epoch (f->commands, NODE, 3);
  send (f, NULL);
  g_assert_cmpuint (f->kept, ==, last + 1);
}

static void
test_runs_to_its_end (Fixture *f, gconstpointer data)
{
  uint8_t id[TWIN_ID_SIZE];

  send (f, id);
  g_assert_true (answer (f, id, TWIN_RESULT_ACCEPTED, NULL, TRUE));
  g_assert_true (answer (f, id, TWIN_RESULT_RUNNING, NULL, TRUE));
  g_assert_true (answer (f, id, TWIN_RESULT_DONE, NULL, TRUE));
  /* At least once means perhaps twice, and in any order. */
  g_assert_true (answer (f, id, TWIN_RESULT_DONE, NULL, TRUE));
  g_assert_true (answer (f, id, TWIN_RESULT_ACCEPTED, NULL, TRUE));
  g_assert_true (answer (f, id, TWIN_RESULT_REJECTED, "counter", TRUE));
  g_assert_cmpstr (f->log->str, ==, "requested accepted running done ");
  g_assert_cmpuint (twin_commands_get_pending (f->commands), ==, 0);
  fleet_pass (&f->fleet, 1000);
  twin_commands_tick (f->commands);
  g_assert_cmpstr (f->log->str, ==, "requested accepted running done ");
}

static void
test_refused_with_a_reason (Fixture *f, gconstpointer data)
{
  const TwinCommandState *state;
  uint8_t                 id[TWIN_ID_SIZE];

  send (f, id);
  answer (f, id, TWIN_RESULT_REJECTED, "role", TRUE);
  state = twin_commands_lookup (f->commands, id);
  g_assert_cmpint (state->status, ==, TWIN_COMMAND_REJECTED);
  g_assert_cmpstr (state->reason, ==, "role");
  g_assert_cmpstr (state->message, ==,
                   "n-0107 refused “identify”: this key’s role does not "
                   "allow it");
}

/* Whoever holds the broker cannot claim a result. */
static void
test_forged_answers_change_nothing (Fixture *f, gconstpointer data)
{
  TwinResult other = { .id_size = TWIN_ID_SIZE, .status = TWIN_RESULT_DONE };
  g_autoptr (GError) error = NULL;
  uint8_t id[TWIN_ID_SIZE];

  send (f, id);
  g_assert_false (answer (f, id, TWIN_RESULT_DONE, NULL, FALSE));
  memcpy (other.id, id, TWIN_ID_SIZE);
  g_assert_false (
      twin_commands_result (f->commands, "n-0108", &other, TRUE, &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_DENIED);
  g_assert_cmpstr (f->log->str, ==, "requested ");

  other.id[0] ^= 1; /* another console's: none of our business */
  g_assert_true (twin_commands_result (f->commands, NODE, &other, FALSE, NULL));
  other.id_size = 0;
  g_assert_true (twin_commands_result (f->commands, NODE, &other, FALSE, NULL));
}

static void
test_no_answer_times_out (Fixture *f, gconstpointer data)
{
  const TwinCommandState *state;
  uint8_t                 id[TWIN_ID_SIZE];

  send (f, id);
  fleet_pass (&f->fleet, 39);
  twin_commands_tick (f->commands);
  g_assert_cmpstr (f->log->str, ==, "requested ");
  fleet_pass (&f->fleet, 2);
  twin_commands_tick (f->commands);
  g_assert_cmpstr (f->log->str, ==, "requested timeout ");
  state = twin_commands_lookup (f->commands, id);
  g_assert_nonnull (strstr (state->message, "did not answer “identify” within "
                                            "41 s"));
  g_assert_cmpuint (twin_commands_get_pending (f->commands), ==, 0);

  /* It had only been slow. */
  answer (f, id, TWIN_RESULT_DONE, NULL, TRUE);
  g_assert_cmpstr (f->log->str, ==, "requested timeout done ");
  g_assert_cmpuint (twin_commands_get_pending (f->commands), ==, 0);
}

static void
test_no_end_times_out (Fixture *f, gconstpointer data)
{
  uint8_t id[TWIN_ID_SIZE];

  send (f, id);
  answer (f, id, TWIN_RESULT_ACCEPTED, NULL, TRUE);
  fleet_pass (&f->fleet, 119);
  twin_commands_tick (f->commands);
  answer (f, id, TWIN_RESULT_RUNNING, NULL, TRUE);
  fleet_pass (&f->fleet, 119);
  twin_commands_tick (f->commands);
  g_assert_cmpstr (f->log->str, ==, "requested accepted running ");
  fleet_pass (&f->fleet, 2);
  twin_commands_tick (f->commands);
  g_assert_cmpstr (f->log->str, ==, "requested accepted running timeout ");
}

static void
test_cannot_be_sent (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) list = json ("[]");
  TwinCommandRequest request = { .node = "n-0199", .command = "identify" };
  g_autoptr (GError) error = NULL;

  g_assert_false (twin_commands_send (f->commands, &request, NULL, &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_UNKNOWN_NODE);
  g_clear_error (&error);

  request.node = NODE;
  request.arguments = list;
  g_assert_false (twin_commands_send (f->commands, &request, NULL, &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT);
  g_clear_error (&error);

  request.arguments = NULL;
  f->fleet.offline = TRUE;
  g_assert_false (twin_commands_send (f->commands, &request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_clear_error (&error);

  f->fleet.offline = FALSE;
  f->disk_full = TRUE;
  g_assert_false (twin_commands_send (f->commands, &request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);

  fleet_assert_silent (&f->fleet);
  g_assert_cmpstr (f->log->str, ==, "");
  g_assert_cmpuint (twin_commands_get_pending (f->commands), ==, 0);
}

/* Ended ones are forgotten in time, those under way never. */
static void
test_memory_is_bounded (Fixture *f, gconstpointer data)
{
  uint8_t first[TWIN_ID_SIZE], second[TWIN_ID_SIZE], id[TWIN_ID_SIZE];

  send (f, first);
  send (f, second);
  answer (f, second, TWIN_RESULT_DONE, NULL, TRUE);
  for (int i = 0; i < 1100; i++)
    {
      send (f, id);
      answer (f, id, TWIN_RESULT_DONE, NULL, TRUE);
    }
  g_assert_nonnull (twin_commands_lookup (f->commands, first));
  g_assert_null (twin_commands_lookup (f->commands, second));
  g_assert_nonnull (twin_commands_lookup (f->commands, id));
}

#define ADD(path, function)                                                    \
  g_test_add ("/fleet/commands/" path, Fixture, NULL, set_up, function,        \
              tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("what-is-sent", test_what_is_sent);
  ADD ("counter-always-rises", test_counter_always_rises);
  ADD ("counter-goes-on-after-a-restart", test_counter_goes_on_after_a_restart);
  ADD ("runs-to-its-end", test_runs_to_its_end);
  ADD ("refused-with-a-reason", test_refused_with_a_reason);
  ADD ("forged-answers-change-nothing", test_forged_answers_change_nothing);
  ADD ("no-answer-times-out", test_no_answer_times_out);
  ADD ("no-end-times-out", test_no_end_times_out);
  ADD ("cannot-be-sent", test_cannot_be_sent);
  ADD ("memory-is-bounded", test_memory_is_bounded);
  return g_test_run ();
}
