/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "twin-property.h"
#include "twin-signal-value.h"

#define NOW INT64_C (1795603338000000)
#define S TWIN_US_PER_S

static TwinSignal
measured (int64_t source_us, int64_t arrival_us, double max_silence_s)
{
  TwinSignal signal = { .value = 1,
                        .source_us = source_us,
                        .arrival_us = arrival_us,
                        .max_silence_s = max_silence_s };

  return signal;
}

/* Older than 2 × maxSilenceS + 5 s, node offline, or link down. */
static void
test_stale (void)
{
  static const struct
  {
    double   age_s, max_silence_s;
    gboolean online, link, stale;
  } cases[] = {
    { 0, 60, TRUE, TRUE, FALSE },      { 125, 60, TRUE, TRUE, FALSE },
    { 125.001, 60, TRUE, TRUE, TRUE }, { 7, 1, TRUE, TRUE, FALSE },
    { 7.001, 1, TRUE, TRUE, TRUE },    { 0, 60, FALSE, TRUE, TRUE },
    { 0, 60, TRUE, FALSE, TRUE },      { 14400, 7200, TRUE, TRUE, FALSE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int64_t    when = NOW - (int64_t) (cases[i].age_s * S);
      TwinSignal signal = measured (when, when, cases[i].max_silence_s);

      g_assert_cmpint (twin_signal_is_stale (&signal, NOW, cases[i].online,
                                             cases[i].link),
                       ==, cases[i].stale);
    }
}

static void
test_never_seen_is_stale (void)
{
  TwinSignal signal = measured (TWIN_TIME_NONE, TWIN_TIME_NONE, 60);

  g_assert_true (twin_signal_is_stale (&signal, NOW, TRUE, TRUE));
  g_assert_cmpint (twin_signal_age_us (&signal, NOW), ==, INT64_MAX);
  g_assert_cmpint (twin_signal_stale_at_us (&signal), ==, TWIN_TIME_NONE);
}

/* A retained message is old news; a clock ahead does not keep it fresh. */
static void
test_which_time_counts (void)
{
  TwinSignal retained = measured (NOW - 3600 * S, NOW, 60);
  TwinSignal ahead = measured (NOW + 86400 * S, NOW - 200 * S, 60);

  g_assert_true (twin_signal_is_stale (&retained, NOW, TRUE, TRUE));
  g_assert_true (twin_signal_is_stale (&ahead, NOW, TRUE, TRUE));
  g_assert_cmpint (twin_signal_age_us (&ahead, NOW), ==, 200 * S);
}

static void
test_stale_at_agrees (void)
{
  TwinSignal signal = measured (NOW, NOW + S, 60);
  int64_t    at = twin_signal_stale_at_us (&signal);

  g_assert_cmpint (at, ==, NOW + 125 * S);
  g_assert_false (twin_signal_is_stale (&signal, at, TRUE, TRUE));
  g_assert_true (twin_signal_is_stale (&signal, at + 1, TRUE, TRUE));
}

static void
test_replay_is_no_news (void)
{
  TwinSignal signal = measured (NOW, NOW, 60);

  g_assert_false (
      twin_signal_update (&signal, 9, NULL, 0, NOW - 1, NOW + S, FALSE));
  g_assert_cmpfloat (signal.value, ==, 1);
  g_assert_true (
      twin_signal_update (&signal, 9, NULL, 0, NOW + S, NOW + S, TRUE));
  g_assert_cmpfloat (signal.value, ==, 9);
  g_assert_true (signal.anchored);
  g_assert_true (
      twin_signal_update (&signal, 3, NULL, 2, NOW + 2 * S, NOW + S, FALSE));
  g_assert_true (isnan (signal.value));
  g_assert_true (
      twin_signal_update (&signal, 3, "on", 0, NOW + 3 * S, NOW + S, FALSE));
  g_assert_cmpstr (signal.text, ==, "on");
  g_assert_true (isnan (signal.value));
  g_free (signal.text);
}

static void
test_online (void)
{
  g_assert_true (twin_node_is_online (TRUE, NOW - 120 * S, 60, NOW));
  g_assert_false (twin_node_is_online (TRUE, NOW - 120 * S - 1, 60, NOW));
  g_assert_false (twin_node_is_online (FALSE, NOW, 60, NOW));
  g_assert_false (twin_node_is_online (TRUE, TWIN_TIME_NONE, 60, NOW));
}

static void
test_property_sync (void)
{
  g_autoptr (JsonNode) one = json_node_init_int (json_node_alloc (), 1);
  g_autoptr (JsonNode) two = json_node_init_int (json_node_alloc (), 2);
  TwinProperty property = { .desired = NULL, .reported = one };

  g_assert_cmpint (twin_property_get_sync (&property), ==,
                   TWIN_PROPERTY_SETTLED);
  property.desired = two;
  property.desired_version = 5;
  property.reported_version = 4;
  g_assert_cmpint (twin_property_get_sync (&property), ==,
                   TWIN_PROPERTY_PENDING);
  property.reported_version = 5;
  g_assert_cmpint (twin_property_get_sync (&property), ==,
                   TWIN_PROPERTY_DIFFERS);
  property.refused = (char *) "out of range";
  g_assert_cmpint (twin_property_get_sync (&property), ==,
                   TWIN_PROPERTY_REFUSED);
  property.refused = NULL;
  property.reported = two;
  g_assert_cmpint (twin_property_get_sync (&property), ==,
                   TWIN_PROPERTY_SETTLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/signal/stale", test_stale);
  g_test_add_func ("/twin/signal/never-seen", test_never_seen_is_stale);
  g_test_add_func ("/twin/signal/which-time-counts", test_which_time_counts);
  g_test_add_func ("/twin/signal/stale-at", test_stale_at_agrees);
  g_test_add_func ("/twin/signal/replay-is-no-news", test_replay_is_no_news);
  g_test_add_func ("/twin/signal/node-online", test_online);
  g_test_add_func ("/twin/property/sync", test_property_sync);
  return g_test_run ();
}
