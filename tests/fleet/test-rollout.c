/* SPDX-License-Identifier: Apache-2.0 */
/* A campaign's nodes are played by the test; only it moves the clock. */
#include "fleet-fixture.h"

#include "twin-rollout.h"

enum
{
  SIZE = 100000,
};

typedef struct
{
  Fleet        fleet;
  GHashTable  *online; /* names */
  GPtrArray   *offered;
  gboolean     cannot; /* offers fail */
  TwinRollout *rollout;
  guint        changes;
} Test;

static gboolean
is_online (const char *node, void *data)
{
  return g_hash_table_contains (((Test *) data)->online, node);
}

static gboolean
offer (TwinRollout       *rollout,
       const TwinInstall *install,
       void              *data,
       GError           **error)
{
  Test *test = data;

  if (test->cannot)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                           "Not connected");
      return FALSE;
    }
  g_ptr_array_add (test->offered, g_strdup (install->node));
  return TRUE;
}

static void
changed (TwinRollout *rollout, const TwinInstall *install, void *data)
{
  ((Test *) data)->changes++;
}

static TwinCampaignLimits
limits_of (uint32_t canaries, uint32_t groups)
{
  TwinCampaignLimits limits = twin_campaign_limits_default ();

  limits.canaries = canaries;
  limits.groups = groups;
  return limits;
}

/* Nodes n-0, n-1, … with these waves, all online. */
static void
set_up (Test                     *test,
        const TwinCampaignLimits *limits,
        const int                *waves,
        size_t                    n)
{
  g_autoptr (GPtrArray) installs = g_ptr_array_new_with_free_func (g_free);
  TwinRolloutView  view = { .id = 3,
                            .digest = { 7 },
                            .size = SIZE,
                            .limits = *limits,
                            .installs = installs };
  TwinRolloutHooks hooks = { is_online, offer, changed, test };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  memset (test, 0, sizeof *test);
  fleet_set_up (&test->fleet);
  test->online = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  test->offered = g_ptr_array_new_with_free_func (g_free);
  for (size_t i = 0; i < n; i++)
    {
      TwinInstall *install = g_new0 (TwinInstall, 1);
      char        *name = g_strdup_printf ("n-%zu", i);

      g_ptr_array_add (names, name);
      g_hash_table_add (test->online, g_strdup (name));
      install->node = name;
      install->wave = waves[i];
      g_ptr_array_add (installs, install);
    }
  test->rollout = twin_rollout_new (&view, &test->fleet.clock, &hooks);
}

static void
tear_down (Test *test)
{
  twin_rollout_free (test->rollout);
  g_hash_table_unref (test->online);
  g_ptr_array_unref (test->offered);
  fleet_tear_down (&test->fleet);
}

static void
start (Test *test)
{
  g_autoptr (GError) error = NULL;

  twin_rollout_start (test->rollout, &error);
  g_assert_no_error (error);
}

/* "n-0 n-1": who was told since the last call. */
static void
assert_offered (Test *test, const char *names)
{
  g_autofree char *found = NULL;

  g_ptr_array_add (test->offered, NULL);
  found = g_strjoinv (" ", (char **) test->offered->pdata);
  g_ptr_array_set_size (test->offered, 0);
  g_assert_cmpstr (found, ==, names);
}

static void
assert_install (Test *test, const char *node, TwinInstallState state)
{
  g_assert_cmpstr (twin_install_state_to_string (
                       twin_rollout_find (test->rollout, node)->state),
                   ==, twin_install_state_to_string (state));
}

static void
assert_state (Test *test, TwinRolloutState state)
{
  g_assert_cmpstr (twin_rollout_state_to_string (
                       twin_rollout_get (test->rollout)->state),
                   ==, twin_rollout_state_to_string (state));
}

static const char *
why (Test *test)
{
  return twin_rollout_get (test->rollout)->why;
}

static void
say_of (Test       *test,
        const char *node,
        const char *state,
        const char *reason,
        int         digest,
        gboolean    retained)
{
  g_autofree char *text =
      g_strdup_printf ("{\"state\":\"%s\",\"digest\":{\"$hex\":\"%02x%062d\"},"
                       "\"offset\":5000%s%s%s}",
                       state, digest, 0, reason != NULL ? ",\"reason\":\"" : "",
                       reason != NULL ? reason : "",
                       reason != NULL ? "\"" : "");
  g_autoptr (JsonNode) node_said = json (text);

  twin_rollout_reported (test->rollout, node, json_node_get_object (node_said),
                         retained ? test->fleet.utc_us - 1 : INT64_MAX);
}

static void
say (Test *test, const char *node, const char *state, const char *reason)
{
  say_of (test, node, state, reason, 7, FALSE);
}

static void
answer (Test             *test,
        const char       *node,
        TwinCommandStatus status,
        const char       *reason,
        const char       *detail)
{
  g_autoptr (JsonNode) said = detail != NULL ? json (detail) : NULL;
  const TwinCommandState state = { .node = node,
                                   .command = "installFirmware",
                                   .status = status,
                                   .reason = reason,
                                   .message = "The node said no",
                                   .detail = said };

  twin_rollout_command (test->rollout, &state);
}

static gboolean
ask (Test *test, const char *node, uint32_t offset)
{
  static const uint8_t digest[TWIN_DIGEST_SIZE] = { 7 };

  return twin_rollout_chunk (test->rollout, node, digest, offset);
}

static void
pass (Test *test, double seconds)
{
  fleet_pass (&test->fleet, seconds);
  twin_rollout_tick (test->rollout);
}

/* --- tests ---------------------------------------------------------------- */

/* One node through every state; a canary first, then a group of two. */
static void
test_waves (void)
{
  static const int         waves[] = { 1, 0, 1 };
  const TwinCampaignLimits limits = limits_of (1, 1);
  static const uint8_t     other[TWIN_DIGEST_SIZE] = { 8 };
  Test                     test;

  set_up (&test, &limits, waves, 3);
  pass (&test, 60);
  assert_offered (&test, "");
  start (&test);
  assert_offered (&test, "n-1");
  g_assert_cmpstr (why (&test), ==, "At the canaries: 0 of 1 confirmed");

  answer (&test, "n-1", TWIN_COMMAND_RUNNING, NULL, NULL);
  assert_install (&test, "n-1", TWIN_INSTALL_OFFERED);
  g_assert_false (ask (&test, "n-0", 0));
  g_assert_false (twin_rollout_chunk (test.rollout, "n-1", other, 0));
  g_assert_false (ask (&test, "n-1", SIZE));
  g_assert_true (ask (&test, "n-1", 4096));
  assert_install (&test, "n-1", TWIN_INSTALL_DOWNLOADING);
  g_assert_cmpuint (twin_rollout_find (test.rollout, "n-1")->offset, ==, 4096);
  say (&test, "n-1", "verified", NULL);
  assert_install (&test, "n-1", TWIN_INSTALL_VERIFIED);
  g_assert_false (ask (&test, "n-1", 8192));
  say (&test, "n-1", "downloading", NULL);
  assert_install (&test, "n-1", TWIN_INSTALL_VERIFIED);
  say (&test, "n-1", "trial", NULL);
  assert_install (&test, "n-1", TWIN_INSTALL_TRIAL);
  assert_offered (&test, "");
  say (&test, "n-1", "confirmed", NULL);
  assert_install (&test, "n-1", TWIN_INSTALL_CONFIRMED);
  assert_offered (&test, "n-0 n-2");
  answer (&test, "n-0", TWIN_COMMAND_DONE, NULL, NULL);
  say (&test, "n-2", "confirmed", NULL);
  assert_state (&test, TWIN_ROLLOUT_DONE);
  g_assert_cmpstr (why (&test), ==, "3 confirmed");
  g_assert_false (twin_rollout_is_open (test.rollout));
  tear_down (&test);
}

static void
test_soak_and_parallel (void)
{
  static const int   waves[] = { 0, 1, 1, 1 };
  TwinCampaignLimits limits = limits_of (1, 1);
  Test               test;

  limits.soak_s = 3600;
  limits.parallel = 2;
  set_up (&test, &limits, waves, 4);
  start (&test);
  assert_offered (&test, "n-0");
  say (&test, "n-0", "confirmed", NULL);
  pass (&test, 3599);
  assert_offered (&test, "");
  g_assert_true (g_str_has_prefix (why (&test), "The canaries are confirmed"));
  pass (&test, 1);
  assert_offered (&test, "n-1 n-2");
  say (&test, "n-2", "confirmed", NULL);
  assert_offered (&test, "n-3");
  tear_down (&test);
}

/* Of a group of four one may fail, not two. */
static void
test_stops (void)
{
  static const int   waves[] = { 1, 1, 1, 1, 2 };
  TwinCampaignLimits limits = limits_of (0, 2);
  g_autoptr (GError) error = NULL;
  Test test;

  limits.stop = 0.25;
  limits.go_on = 0.5;
  limits.parallel = 3;
  set_up (&test, &limits, waves, 5);
  start (&test);
  assert_offered (&test, "n-0 n-1 n-2");
  say (&test, "n-0", "refused", "class");
  assert_install (&test, "n-0", TWIN_INSTALL_REFUSED);
  g_assert_cmpstr (twin_rollout_find (test.rollout, "n-0")->why, ==,
                   "The image is for another class of node");
  assert_state (&test, TWIN_ROLLOUT_RUNNING);
  assert_offered (&test, "n-3");
  g_assert_true (ask (&test, "n-2", 0));
  answer (&test, "n-1", TWIN_COMMAND_REJECTED, "failed",
          "{\"state\":\"reverted\",\"reason\":\"clock\"}");
  assert_install (&test, "n-1", TWIN_INSTALL_REVERTED);
  g_assert_cmpstr (twin_rollout_find (test.rollout, "n-1")->why, ==,
                   "The image samples at a wrong rate");
  assert_state (&test, TWIN_ROLLOUT_STOPPED);
  g_assert_cmpstr (why (&test), ==, "2 of 4 of group 1 failed, more than 25 %");
  g_assert_false (ask (&test, "n-2", 4096));
  pass (&test, 60);
  assert_offered (&test, "");

  /* A person goes on: these failures count no more, the next one does. */
  twin_rollout_resume (test.rollout, &error);
  g_assert_no_error (error);
  assert_state (&test, TWIN_ROLLOUT_RUNNING);
  g_assert_true (ask (&test, "n-2", 4096));
  say (&test, "n-2", "confirmed", NULL);
  say (&test, "n-3", "reverted", "broker");
  assert_state (&test, TWIN_ROLLOUT_STOPPED);
  assert_offered (&test, "");

  /* Another turn for the three that failed. */
  twin_rollout_retry (test.rollout, &error);
  g_assert_no_error (error);
  assert_offered (&test, "n-0 n-1 n-3");
  say_of (&test, "n-0", "refused", "class", 7, TRUE);
  assert_install (&test, "n-0", TWIN_INSTALL_OFFERED);
  for (int i = 0; i < 4; i++)
    {
      const char *names[] = { "n-0", "n-1", "n-3", "n-4" };

      say (&test, names[i], "confirmed", NULL);
    }
  assert_state (&test, TWIN_ROLLOUT_DONE);
  tear_down (&test);
}

/* One that is away does not hold up a group, but does the canaries; its turn
 * comes when it is back. */
static void
test_offline (void)
{
  static const int         waves[] = { 0, 1, 2 };
  const TwinCampaignLimits limits = limits_of (1, 2);
  Test                     test;

  set_up (&test, &limits, waves, 3);
  g_hash_table_remove_all (test.online);
  start (&test);
  assert_offered (&test, "");
  assert_install (&test, "n-0", TWIN_INSTALL_OFFLINE);
  assert_install (&test, "n-1", TWIN_INSTALL_WAITING);
  g_assert_cmpstr (why (&test), ==,
                   "Waiting for the canaries: 0 of 1 confirmed, 1 offline");

  g_hash_table_add (test.online, g_strdup ("n-0"));
  g_hash_table_add (test.online, g_strdup ("n-2"));
  pass (&test, 1);
  assert_offered (&test, "n-0");
  say (&test, "n-0", "confirmed", NULL);
  assert_install (&test, "n-1", TWIN_INSTALL_OFFLINE);
  pass (&test, 1);
  assert_offered (&test, "n-2");
  say (&test, "n-2", "confirmed", NULL);
  assert_state (&test, TWIN_ROLLOUT_RUNNING);
  g_hash_table_add (test.online, g_strdup ("n-1"));
  pass (&test, 1);
  assert_offered (&test, "n-1");
  say (&test, "n-1", "confirmed", NULL);
  assert_state (&test, TWIN_ROLLOUT_DONE);
  tear_down (&test);
}

/* Silence, refusals that pass, stalls and nodes that never come back. */
static void
test_time_outs (void)
{
  static const int   waves[] = { 1, 1, 1 };
  TwinCampaignLimits limits = limits_of (0, 1);
  Test               test;

  limits.stop = 1;
  limits.go_on = 0;
  set_up (&test, &limits, waves, 3);
  test.cannot = TRUE;
  start (&test);
  assert_install (&test, "n-0", TWIN_INSTALL_WAITING);
  g_assert_cmpuint (twin_rollout_find (test.rollout, "n-0")->attempts, ==, 0);
  test.cannot = FALSE;
  pass (&test, 10);
  assert_offered (&test, "n-0 n-1 n-2");

  for (int i = 0; i < 2; i++)
    {
      answer (&test, "n-0", TWIN_COMMAND_TIMEOUT, NULL, NULL);
      assert_install (&test, "n-0", TWIN_INSTALL_WAITING);
      pass (&test, 9);
      assert_offered (&test, "");
      pass (&test, 1);
      assert_offered (&test, "n-0");
    }
  answer (&test, "n-0", TWIN_COMMAND_REJECTED, "busy", NULL);
  assert_install (&test, "n-0", TWIN_INSTALL_FAILED);

  ask (&test, "n-1", 50000);
  g_hash_table_remove (test.online, "n-1");
  pass (&test, 3600);
  assert_install (&test, "n-1", TWIN_INSTALL_DOWNLOADING);
  g_hash_table_add (test.online, g_strdup ("n-1"));
  pass (&test, 601);
  assert_install (&test, "n-1", TWIN_INSTALL_FAILED);
  g_assert_cmpstr (twin_rollout_find (test.rollout, "n-1")->why, ==,
                   "It stopped asking for the image at 50 %");

  g_ptr_array_set_size (test.offered, 0);
  say (&test, "n-2", "verified", NULL);
  pass (&test, limits.confirm_s + 1);
  assert_install (&test, "n-2", TWIN_INSTALL_FAILED);
  assert_state (&test, TWIN_ROLLOUT_DONE);
  /* Late, but true. */
  say (&test, "n-2", "confirmed", NULL);
  assert_install (&test, "n-2", TWIN_INSTALL_CONFIRMED);
  tear_down (&test);
}

static void
test_persons (void)
{
  static const int   waves[] = { 1, 1 };
  TwinCampaignLimits limits = limits_of (0, 1);
  g_autoptr (GError) error = NULL;
  Test test;

  limits.parallel = 1;
  set_up (&test, &limits, waves, 2);
  g_assert_false (twin_rollout_pause (test.rollout, &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE);
  g_assert_cmpstr (error->message, ==,
                   "Campaign 3 is planned: it cannot be paused");
  g_clear_error (&error);
  start (&test);
  assert_offered (&test, "n-0");
  g_assert_false (twin_rollout_start (test.rollout, NULL));
  g_assert_false (twin_rollout_retry (test.rollout, NULL));

  ask (&test, "n-0", 0);
  g_assert_true (twin_rollout_pause (test.rollout, &error));
  g_assert_false (ask (&test, "n-0", 4096));
  pass (&test, 3600);
  assert_install (&test, "n-0", TWIN_INSTALL_DOWNLOADING);
  g_assert_true (twin_rollout_resume (test.rollout, &error));
  g_assert_true (ask (&test, "n-0", 4096));
  g_assert_true (twin_rollout_abort (test.rollout, &error));
  assert_install (&test, "n-0", TWIN_INSTALL_FAILED);
  assert_install (&test, "n-1", TWIN_INSTALL_WAITING);
  pass (&test, 3600);
  assert_offered (&test, "");
  g_assert_false (twin_rollout_abort (test.rollout, NULL));
  tear_down (&test);
}

/* A console that was away offers again what it was offering and goes on with
 * the rest. */
static void
test_restart (void)
{
  static const int         waves[] = { 1, 1, 1 };
  const TwinCampaignLimits limits = limits_of (0, 1);
  TwinRolloutHooks         hooks;
  TwinRollout             *again;
  Test                     test;

  set_up (&test, &limits, waves, 3);
  start (&test);
  ask (&test, "n-1", 8192);
  say (&test, "n-2", "trial", NULL);
  hooks = (TwinRolloutHooks){ is_online, offer, changed, &test };
  again = twin_rollout_new (twin_rollout_get (test.rollout), &test.fleet.clock,
                            &hooks);
  twin_rollout_free (test.rollout);
  test.rollout = again;
  assert_offered (&test, "n-0 n-1 n-2");

  pass (&test, 1);
  assert_offered (&test, "n-0");
  /* It had heard it, and is at it: it has no offer to carry out. */
  answer (&test, "n-0", TWIN_COMMAND_REJECTED, "state", NULL);
  g_assert_true (ask (&test, "n-0", 4096));
  assert_install (&test, "n-0", TWIN_INSTALL_DOWNLOADING);
  g_assert_true (ask (&test, "n-1", 8192));
  say_of (&test, "n-2", "confirmed", NULL, 7, TRUE);
  assert_install (&test, "n-2", TWIN_INSTALL_CONFIRMED);
  tear_down (&test);
}

/* Reports of another image, and ones that make no sense, change nothing. */
static void
test_foreign_reports (void)
{
  static const int         waves[] = { 1 };
  static const char *const texts[] = {
    "{}",
    "{\"state\":1}",
    "{\"state\":\"confirmed\"}",
    "{\"state\":\"confirmed\",\"digest\":\"07\"}",
    "{\"state\":\"confirmed\",\"digest\":{\"$hex\":\"07\"}}",
  };
  const TwinCampaignLimits limits = limits_of (0, 1);
  Test                     test;

  set_up (&test, &limits, waves, 1);
  start (&test);
  say_of (&test, "n-0", "confirmed", NULL, 8, FALSE);
  say (&test, "n-9", "confirmed", NULL);
  say (&test, "n-0", "dancing", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = json (texts[i]);

      twin_rollout_reported (test.rollout, "n-0", json_node_get_object (node),
                             INT64_MAX);
    }
  assert_install (&test, "n-0", TWIN_INSTALL_OFFERED);

  /* It could not believe the manifest, so it had no offer to carry out. */
  answer (&test, "n-0", TWIN_COMMAND_REJECTED, "state", NULL);
  assert_install (&test, "n-0", TWIN_INSTALL_WAITING);
  {
    g_autoptr (JsonNode) unnamed =
        json ("{\"state\":\"refused\",\"reason\":\"signature\"}");

    twin_rollout_reported (test.rollout, "n-0", json_node_get_object (unnamed),
                           INT64_MAX);
  }
  g_assert_cmpstr (twin_rollout_find (test.rollout, "n-0")->why, ==,
                   "The manifest’s signature does not hold");
  say (&test, "n-0", "refused", NULL);
  g_assert_cmpstr (twin_rollout_find (test.rollout, "n-0")->why, ==,
                   "It gave no reason");
  tear_down (&test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fleet/rollout/waves", test_waves);
  g_test_add_func ("/fleet/rollout/soak-and-parallel", test_soak_and_parallel);
  g_test_add_func ("/fleet/rollout/stops", test_stops);
  g_test_add_func ("/fleet/rollout/offline", test_offline);
  g_test_add_func ("/fleet/rollout/time-outs", test_time_outs);
  g_test_add_func ("/fleet/rollout/persons", test_persons);
  g_test_add_func ("/fleet/rollout/restart", test_restart);
  g_test_add_func ("/fleet/rollout/foreign-reports", test_foreign_reports);
  return g_test_run ();
}
