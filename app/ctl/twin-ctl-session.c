/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-session.h"

#include <stdio.h>
#include <string.h>

#include "twin-engine-outbox.h"
#include "twin-lock.h"
#include "twin-store-log.h"
#include "twin-store-reader.h"

/* How often a request's row is looked at, and how long an engine of our own
 * may take to reach the broker and hear of its nodes. */
#define POLL_US 25000
#define CONNECT_US (10 * TWIN_US_PER_S)
#define SETTLE_US (600 * 1000)

/* Without --wait: until it was sent. */
#define SENT_US (5 * TWIN_US_PER_S)

struct _TwinCtlSession
{
  TwinEngine *engine;
  TwinLock    lock;
  TwinUpdate *status; /* guarded by lock */
};

static void
sink (TwinUpdate *update, void *data)
{
  TwinCtlSession *self = data;
  TwinUpdate     *old = update;

  if (update->kind == TWIN_UPDATE_STATUS)
    {
      twin_lock_acquire (&self->lock);
      old = self->status;
      self->status = update;
      twin_lock_release (&self->lock);
    }

  g_clear_pointer (&old, twin_update_unref);
}

TwinCtlSession *
twin_ctl_session_start (TwinCtl    *ctl,
                        const char *enrol_file,
                        int         workers,
                        GError    **error)
{
  const TwinEngineConfig config = {
    .store_path = ctl->store,
    .plant = ctl->plant,
    .broker = ctl->broker,
    .ca = ctl->ca,
    .cert = ctl->cert,
    .key = ctl->key,
    .password = g_getenv ("TWIN_PASSWORD"),
    .key_dir = ctl->key_dir,
    .operator_name = ctl->operator_name,
    .data_dir = ctl->data_dir,
    .enrol_file = enrol_file,
    .workers = workers,
  };
  TwinCtlSession *self;
  TwinEngine     *engine;

  /* Only the default folder is made for the user; a mistyped one is not. */
  if (!ctl->store_given)
    {
      g_autofree char *folder = g_path_get_dirname (ctl->store);

      g_mkdir_with_parents (folder, 0700);
    }

  engine = twin_engine_new (&config, error);
  if (engine == NULL)
    return NULL;

  self = g_new0 (TwinCtlSession, 1);
  self->engine = engine;
  twin_lock_init (&self->lock);
  twin_engine_set_sink (engine, sink, self);
  twin_engine_start (engine);
  return self;
}

void
twin_ctl_session_stop (TwinCtlSession *self)
{
  twin_engine_stop (self->engine);
  twin_engine_free (self->engine);
  g_clear_pointer (&self->status, twin_update_unref);
  twin_lock_clear (&self->lock);
  g_free (self);
}

TwinEngine *
twin_ctl_session_get_engine (TwinCtlSession *self)
{
  return self->engine;
}

TwinUpdate *
twin_ctl_session_ref_status (TwinCtlSession *self)
{
  TwinUpdate *status;

  twin_lock_acquire (&self->lock);
  status = self->status != NULL ? twin_update_ref (self->status) : NULL;
  twin_lock_release (&self->lock);
  return status;
}

/* --- the outbox
 * ------------------------------------------------------------------- */

/* Who holds the engine's lock is the engine: a status row outlives it. */
gboolean
twin_ctl_engine_runs (TwinCtl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStore) store =
      twin_store_open (ctl->store, TWIN_STORE_ENGINE, &error);

  return g_error_matches (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_LOCKED);
}

/* Up, and time enough for what is retained to arrive. FALSE: a sentence was
 * printed. */
static gboolean
wait_connected (TwinCtlSession *session)
{
  int64_t end = twin_clock_monotonic_us () + CONNECT_US;

  while (twin_clock_monotonic_us () < end)
    {
      g_autoptr (TwinUpdate) update = twin_ctl_session_ref_status (session);

      if (update != NULL && update->status->link == TWIN_LINK_UP)
        {
          g_usleep (SETTLE_US);
          return TRUE;
        }

      if (update != NULL && update->status->link == TWIN_LINK_LOST)
        {
          twin_ctl_fail (TWIN_CTL_ENVIRONMENT, "%s",
                         update->status->link_text != NULL
                             ? update->status->link_text
                             : "The broker cannot be reached");
          return FALSE;
        }

      g_usleep (POLL_US);
    }

  twin_ctl_fail (TWIN_CTL_ENVIRONMENT, "The broker did not answer within 10 s");
  return FALSE;
}

static gboolean
post (TwinCtl *ctl, const TwinCtlAsk *ask, int64_t *id, GError **error)
{
  g_autoptr (TwinStore) store =
      twin_store_open (ctl->store, TWIN_STORE_EDITOR, error);
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *arguments = NULL;
  JsonObject      *object = json_object_new ();
  TwinStoreRequest row = { 0 };

  if (store == NULL)
    {
      json_object_unref (object);
      return FALSE;
    }

  json_node_take_object (root, object);
  if (ask->subject != NULL)
    json_object_set_string_member (object, "subject", ask->subject);
  if (ask->name != NULL)
    json_object_set_string_member (object, "name", ask->name);
  if (ask->text != NULL)
    json_object_set_string_member (object, "text", ask->text);
  json_object_set_int_member (object, "number", ask->number);
  arguments = json_to_string (root, FALSE);
  row.kind = ask->kind;
  row.arguments = arguments;
  row.who = ctl->operator_name;
  row.time_us = twin_clock_utc_us ();
  return twin_store_post_request (store, &row, id, error);
}

static int
print_answer (TwinCtl *ctl, const TwinCtlAsk *ask, const TwinStoreRequest *row)
{
  g_autoptr (JsonNode) root =
      row->answer != NULL ? json_from_string (row->answer, NULL) : NULL;
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
                           ? json_node_get_object (root)
                           : NULL;
  JsonNode   *detail =
      object != NULL ? json_object_get_member (object, "detail") : NULL;
  const char *text =
      object != NULL
          ? json_object_get_string_member_with_default (object, "text", "")
          : "";

  if (ctl->json && ask->question && detail != NULL)
    {
      if (!JSON_NODE_HOLDS_NULL (detail))
        twin_ctl_print_json (detail, FALSE);
    }
  else if (ctl->json && root != NULL)
    twin_ctl_print_json (root, FALSE);
  else if (strcmp (row->state, "failed") != 0 && ask->print != NULL &&
           detail != NULL && JSON_NODE_HOLDS_OBJECT (detail))
    ask->print (json_node_get_object (detail));
  else if (strcmp (row->state, "failed") != 0)
    printf ("%s\n", text[0] != '\0' ? text : row->state);

  if (strcmp (row->state, "failed") == 0)
    return twin_ctl_fail (TWIN_CTL_INPUT, "%s", text);
  return TWIN_CTL_DONE;
}

static gboolean
ended (const TwinStoreRequest *row, gboolean sent_will_do)
{
  g_autoptr (JsonNode) root = NULL;
  const char *stage;

  if (strcmp (row->state, "done") == 0 || strcmp (row->state, "failed") == 0)
    return TRUE;
  if (!sent_will_do || row->answer == NULL)
    return FALSE;

  root = json_from_string (row->answer, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;

  stage =
      json_object_get_string_member_with_default (json_node_get_object (root),
                                                  "stage", "");
  return strcmp (stage, twin_outbox_stage_word (TWIN_REQUEST_QUEUED)) != 0 &&
         stage[0] != '\0';
}

static int
follow (TwinCtl          *ctl,
        const TwinCtlAsk *ask,
        TwinStoreReader  *reader,
        int64_t           id)
{
  const double wait_s = ask->wait_s;
  int64_t      end = twin_clock_monotonic_us () +
                (wait_s > 0 ? (int64_t) (wait_s * 1e6) : SENT_US);

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinStoreRequest) row =
          twin_store_reader_get_request (reader, id, &error);

      if (row == NULL)
        return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

      if (ended (row, wait_s == 0))
        return print_answer (ctl, ask, row);

      if (twin_clock_monotonic_us () > end)
        return twin_ctl_fail (TWIN_CTL_ENVIRONMENT,
                              "No answer in time; twinctl status tells "
                              "whether the engine is connected");
      g_usleep (POLL_US);
    }
}

int
twin_ctl_ask (TwinCtl *ctl, const TwinCtlAsk *ask)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  TwinCtlSession *session = NULL;
  int64_t         id;
  int             status;

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  if (!twin_ctl_engine_runs (ctl))
    {
      gboolean remote = !ask->question &&
                        strcmp (ask->kind, TWIN_OUTBOX_ACKNOWLEDGE) != 0 &&
                        strcmp (ask->kind, TWIN_OUTBOX_SHELVE) != 0 &&
                        (strcmp (ask->kind, TWIN_OUTBOX_OUTCOME) != 0 ||
                         strcmp (ask->name, "close") == 0);

      if (remote && ctl->broker == NULL)
        return twin_ctl_fail (TWIN_CTL_ENVIRONMENT,
                              "No engine runs on %s; start one, or give "
                              "--broker so that this command brings its own",
                              ctl->store);

      session = twin_ctl_session_start (ctl, NULL, 1, &error);
      if (session == NULL)
        return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

      if (remote && !wait_connected (session))
        {
          twin_ctl_session_stop (session);
          return TWIN_CTL_ENVIRONMENT;
        }
    }

  status = post (ctl, ask, &id, &error)
               ? follow (ctl, ask, reader, id)
               : twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
  if (session != NULL)
    twin_ctl_session_stop (session);
  return status;
}
