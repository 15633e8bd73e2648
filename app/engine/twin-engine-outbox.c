/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-outbox.c - what twinctl asks of a running engine
 *
 * Rows of the store: { kind, arguments, who }, answered in the row. The words
 * are those of twin_engine_ask_from_json(), for twinctl too.
 */
#include "twin-engine-outbox.h"

#include <string.h>

#include "twin-engine-private.h"

/* How long whoever asks waits for an engine to come up. */
#define FRESH_US (10 * TWIN_US_PER_S)

static const char *const kind_words[TWIN_ENGINE_N_ASKS] = {
  [TWIN_ENGINE_ASK_COMMAND] = TWIN_OUTBOX_COMMAND,
  [TWIN_ENGINE_ASK_DESIRED] = TWIN_OUTBOX_DESIRED,
  [TWIN_ENGINE_ASK_ACKNOWLEDGE] = TWIN_OUTBOX_ACKNOWLEDGE,
  [TWIN_ENGINE_ASK_SHELVE] = TWIN_OUTBOX_SHELVE,
  [TWIN_ENGINE_ASK_MAINTENANCE] = TWIN_OUTBOX_MAINTENANCE,
  [TWIN_ENGINE_ASK_DECOMMISSION] = TWIN_OUTBOX_DECOMMISSION,
  [TWIN_ENGINE_ASK_FIRMWARE] = TWIN_OUTBOX_FIRMWARE,
  [TWIN_ENGINE_ASK_OUTCOME] = TWIN_OUTBOX_OUTCOME,
  [TWIN_ENGINE_ASK_WHATIF] = TWIN_OUTBOX_WHATIF,
};

static const char *const stage_words[] = { "queued",  "sent", "accepted",
                                           "running", "done", "verified",
                                           "failed" };

const char *
twin_outbox_stage_word (TwinRequestStage stage)
{
  return stage_words[stage];
}

static char *
dup_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;

  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);

  return json_to_string (node, FALSE);
}

static TwinEngineAsk *
ask_from_row (const TwinStoreRequest *row)
{
  g_autoptr (JsonNode) root = NULL;
  TwinEngineAsk *ask = NULL;
  JsonObject    *object;

  root =
      json_from_string (row->arguments != NULL ? row->arguments : "{}", NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;

  object = json_node_get_object (root);
  for (int kind = 0; kind < TWIN_ENGINE_N_ASKS; kind++)
    {
      if (g_strcmp0 (row->kind, kind_words[kind]) != 0)
        continue;

      ask = g_new0 (TwinEngineAsk, 1);
      ask->kind = (TwinEngineAskKind) kind;
      ask->outbox = row->id;
      ask->who = g_strdup (row->who);
      ask->subject = dup_member (object, "subject");
      ask->name = dup_member (object, "name");
      ask->text = dup_member (object, "text");
      ask->number =
          json_object_get_int_member_with_default (object, "number", -1);
    }

  return ask;
}

static void
answer_row (TwinEngine      *self,
            int64_t          row,
            TwinRequestStage stage,
            const char      *text,
            const char      *detail)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *answer = NULL;
  const char      *state = "running";

  if (stage == TWIN_REQUEST_DONE || stage == TWIN_REQUEST_VERIFIED)
    state = "done";
  else if (stage == TWIN_REQUEST_FAILED)
    state = "failed";

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "stage");
  json_builder_add_string_value (json, stage_words[stage]);
  json_builder_set_member_name (json, "text");
  json_builder_add_string_value (json, text != NULL ? text : "");
  json_builder_set_member_name (json, "detail");
  json_builder_add_value (json, detail != NULL
                                    ? json_from_string (detail, NULL)
                                    : json_node_new (JSON_NODE_NULL));
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  answer = json_to_string (root, FALSE);

  if (twin_engine_batch_open (self) &&
      !twin_store_answer_request (self->store, row, state, answer,
                                  twin_clock_utc_us (), &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
  self->flush = TRUE;
}

void
twin_engine_outbox_answer (TwinEngine          *self,
                           const TwinEngineAsk *ask,
                           TwinRequestStage     stage,
                           const char          *text,
                           const char          *detail)
{
  answer_row (self, ask->outbox, stage, text, detail);
}

/* Of before this engine: what was taken may have been sent already, and a
 * command is never sent twice; what was asked long ago nobody waits for. What
 * came while this engine started is its to do. */
static gboolean
is_of_before (const TwinStoreRequest *row, gboolean again)
{
  return again && (g_strcmp0 (row->state, "new") != 0 ||
                   twin_clock_utc_us () - row->time_us > FRESH_US);
}

static void
take_rows (TwinEngine *self, gboolean again)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      twin_store_take_requests (self->store, again, &error);

  if (rows == NULL)
    {
      twin_engine_store_failed (self, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreRequest *row = g_ptr_array_index (rows, i);
      TwinEngineAsk          *ask = ask_from_row (row);
      gboolean                before = is_of_before (row, again);

      if (ask == NULL || before)
        answer_row (self, row->id, TWIN_REQUEST_FAILED,
                    ask == NULL ? "The engine does not know this request."
                                : "The engine was stopped while it was at "
                                  "it; look before asking again.",
                    NULL);

      if (ask != NULL && before)
        twin_engine_ask_free (ask);
      else if (ask != NULL)
        twin_engine_ask_do (self, ask);
    }
}

void
twin_engine_outbox_poll (TwinEngine *self, gboolean again)
{
  int64_t version = twin_store_data_version (self->store);
  int64_t topics[TWIN_STORE_N_TOPICS];

  if (version == self->data_version && !again)
    return;

  self->data_version = version;
  for (int i = 0; i < TWIN_STORE_N_TOPICS; i++)
    topics[i] = twin_store_topic_version (self->store, (TwinStoreTopic) i);

  if (topics[TWIN_STORE_TOPIC_REQUESTS] !=
          self->topics[TWIN_STORE_TOPIC_REQUESTS] ||
      again)
    take_rows (self, again);

  /* At start an editor may have come between loading and here. */
  if (topics[TWIN_STORE_TOPIC_GRAPH] != self->topics[TWIN_STORE_TOPIC_GRAPH])
    twin_engine_graph_refresh (self);

  /* As they were before anything was read: what came meanwhile is looked at
   * next time. */
  memcpy (self->topics, topics, sizeof topics);
}
