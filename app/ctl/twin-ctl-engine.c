/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-engine.c - run, status */
#include "twin-ctl-session.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "twin-store-reader.h"

static const char *const link_words[] = { "no broker", "connecting", "up",
                                          "lost" };

static char *
format_bytes (uint64_t bytes)
{
  return g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
}

/* One line a second, for people who watch. */
static void
print_status_line (const TwinStatusUpdate *status)
{
  g_autofree char *size = format_bytes (status->store_bytes);

  fprintf (stderr,
           "link %s · %.0f msg/s · lag %.0f ms · %" PRIu64 " records · %" PRIu64
           " open gaps · %" PRIu64 " lost · %" PRIu64 " conflicts · %" PRIu64
           " bad · analysis %.0f ms · store %s\n",
           link_words[status->link], status->messages_per_s,
           isfinite (status->lag_s) ? status->lag_s * 1e3 : 0,
           status->records_stored, status->open_gaps, status->known_losses,
           status->identity_conflicts, status->bad_messages,
           isfinite (status->analysis_s) ? status->analysis_s * 1e3 : 0, size);
}

/* Waits for a signal that ends the run, at most a second. */
static gboolean
asked_to_stop (const sigset_t *signals)
{
  const struct timespec second = { 1, 0 };

  return sigtimedwait (signals, NULL, &second) > 0;
}

static int
watch (TwinCtl        *ctl,
       TwinCtlSession *session,
       const sigset_t *signals,
       int             seconds,
       gboolean        keep_trying)
{
  gboolean was_up = FALSE;

  for (int64_t second = 0; seconds == 0 || second < seconds; second++)
    {
      g_autoptr (TwinUpdate) update = NULL;

      if (asked_to_stop (signals))
        break;

      update = twin_ctl_session_ref_status (session);
      if (update == NULL)
        continue;

      if (ctl->verbose)
        print_status_line (update->status);
      was_up |= update->status->link == TWIN_LINK_UP;
      if (!was_up && !keep_trying && update->status->link == TWIN_LINK_LOST)
        return twin_ctl_fail (TWIN_CTL_ENVIRONMENT, "%s",
                              update->status->link_text != NULL
                                  ? update->status->link_text
                                  : "The broker cannot be reached");
    }

  return TWIN_CTL_DONE;
}

static int
run (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *tokens = NULL;
  int                workers = 0, seconds = 0;
  gboolean           keep_trying = FALSE;
  const GOptionEntry entries[] = {
    { "demo-tokens", 0, 0, G_OPTION_ARG_FILENAME, &tokens, NULL, NULL },
    { "workers", 0, 0, G_OPTION_ARG_INT, &workers, NULL, NULL },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, NULL, NULL },
    { "keep-trying", 0, 0, G_OPTION_ARG_NONE, &keep_trying, NULL, NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  TwinCtlSession *session;
  sigset_t        signals;
  int             status;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc > 1)
    return twin_ctl_usage ("run takes no arguments, not “%s”", argv[1]);

  /* Before any thread: none of them shall take the signal. */
  sigemptyset (&signals);
  sigaddset (&signals, SIGTERM);
  sigaddset (&signals, SIGINT);
  pthread_sigmask (SIG_BLOCK, &signals, NULL);

  session = twin_ctl_session_start (ctl, tokens, workers, &error);
  if (session == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  fprintf (stderr, "twinctl: plant %s runs on %s\n",
           twin_engine_get_plant (twin_ctl_session_get_engine (session)),
           ctl->store);
  status = watch (ctl, session, &signals, seconds, keep_trying);
  twin_ctl_session_stop (session);
  return status;
}

/* --- status ------------------------------------------------------------------
 */

static void
print_member (JsonObject *object, const char *name, JsonNode *node, void *data)
{
  g_autofree char *text =
      JSON_NODE_HOLDS_VALUE (node) &&
              json_node_get_value_type (node) == G_TYPE_STRING
          ? json_node_dup_string (node)
          : json_to_string (node, FALSE);

  twin_ctl_table_add (data, name, text);
}

static int
status (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinStoreStatus) row = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  double      age;

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc > 1)
    return twin_ctl_usage ("status takes no arguments, not “%s”", argv[1]);

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  row = twin_store_reader_get_status (reader, &error);
  root = row != NULL ? json_from_string (row->json, NULL) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return twin_ctl_fail (TWIN_CTL_ENVIRONMENT,
                          "No engine has run on %s yet; start one with "
                          "twinctl run or the console",
                          ctl->store);

  object = json_node_get_object (root);
  age = (double) (twin_clock_utc_us () - row->time_us) / 1e6;
  json_object_set_boolean_member (object, "running",
                                  twin_ctl_engine_runs (ctl));
  json_object_set_double_member (object, "ageS", age);
  json_object_set_int_member (object, "pid", row->pid);

  if (ctl->json)
    {
      twin_ctl_print_json (root, FALSE);
    }
  else
    {
      const char *const headings[] = { "what", "value", NULL };
      TwinCtlTable     *table = twin_ctl_table_new (headings);

      json_object_foreach_member (object, print_member, table);
      twin_ctl_table_print (table);
    }

  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_engine_verbs[] = {
  { "run", NULL, run,
    "[--demo-tokens FILE] [--workers N] [--seconds N] [--keep-trying]",
    "The engine without a window; SIGTERM stops it, losing nothing" },
  { "status", NULL, status, "", "What a running engine reports of itself" },
  { NULL },
};
