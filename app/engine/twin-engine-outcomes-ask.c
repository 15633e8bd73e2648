/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-outcomes-ask.c - outcomes told, taken back, orders closed */
#include "twin-engine-outcomes-private.h"

#include <string.h>

/* How long a node may take to clear an order that was closed. */
#define CLOSE_WAIT_US (30 * TWIN_US_PER_S)
/* Bytes of what was found, and of its note: a line of the log, no report. */
#define TEXT_MAX 1000

/* --- entries of the journal -------------------------------------------------
 */

/* Numbers of before and after, for who asked. Caller frees. */
static char *
detail_json (int64_t                id,
             const char            *element,
             const TwinReliability *before,
             const TwinReliability *after)
{
  const TwinReliability *both[] = { before, after };
  const char *const      names[] = { "before", "after" };
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "outcome");
  json_builder_add_int_value (json, id);
  json_builder_set_member_name (json, "element");
  json_builder_add_string_value (json, element);
  for (int i = 0; i < 2; i++)
    {
      json_builder_set_member_name (json, names[i]);
      json_builder_begin_object (json);
      json_builder_set_member_name (json, "right");
      json_builder_add_int_value (json, both[i]->right);
      json_builder_set_member_name (json, "wrong");
      json_builder_add_int_value (json, both[i]->wrong);
      json_builder_set_member_name (json, "mean");
      json_builder_add_double_value (json, both[i]->mean);
      json_builder_set_member_name (json, "p05");
      json_builder_add_double_value (json, both[i]->p05);
      json_builder_set_member_name (json, "p95");
      json_builder_add_double_value (json, both[i]->p95);
      json_builder_end_object (json);
    }
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

/* What is shown of findings of that kind is no longer so. */
static void
touch_findings (TwinEngine *self, const char *fault)
{
  for (guint i = 0; i < self->machines->len; i++)
    {
      TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);

      if (machine->finding == NULL || g_strcmp0 (machine->believed, fault) != 0)
        continue;

      g_free (machine->reliability);
      machine->reliability =
          twin_engine_outcomes_describe (self, machine, fault);
      twin_engine_place_touch (machine->place);
    }
}

/* Adds @row to the journal, says in the log what it changed (@said: whose
 * outcome it is), and keeps both before anybody hears of it. Returns the
 * answer's detail; NULL: nothing was kept. Caller frees. */
static char *
keep (TwinEngine             *self,
      const TwinStoreOutcome *row,
      const TwinStoreOutcome *about,
      const char             *said,
      GError                **error)
{
  TwinReliability before, after;
  int64_t         id = 0;
  g_autoptr (GArray) journal = NULL;

  twin_engine_outcomes_compute (self, about->element, about->class_name,
                                &before);

  /* Kept alone: what came before is committed, and this is or is not. */
  twin_engine_batch_commit (self);
  if (!twin_engine_batch_open (self) ||
      !twin_store_add_outcome (self->store, row, &id, error))
    return NULL;

  journal = g_array_copy (((TwinEngineOutcomes *) self->outcomes)->journal);
  {
    TwinOutcome next = { .id = id,
                         .undoes = row->undoes,
                         .fault = about->element,
                         .class_name = about->class_name };

    twin_outcome_verdict_parse (row->verdict, &next.verdict);
    g_array_append_val (journal, next);
  }
  twin_reliability_compute ((const TwinOutcome *) (void *) journal->data,
                            journal->len, about->element, about->class_name,
                            TWIN_RELIABILITY_WEIGHT, &after);
  {
    g_autofree char *from = twin_reliability_format (&before);
    g_autofree char *to = twin_reliability_format (&after);

    twin_engine_log (self, "maintenance", about->machine, row->who,
                     "%s Reliability of “%s” on such machines: %s → %s.", said,
                     about->element, from, to);
  }
  if (!twin_engine_batch_commit (self) ||
      !twin_engine_outcomes_reload (self, error))
    return NULL;

  touch_findings (self, about->element);
  twin_engine_outcomes_publish (self, about->machine);
  return detail_json (id, about->element, &before, &after);
}

static void
answer_kept (TwinEngine    *self,
             TwinEngineAsk *ask,
             char          *detail,
             const GError  *error)
{
  g_autofree char *owned = detail;

  if (owned == NULL)
    twin_engine_ask_refuse (self, ask, "The outcome could not be kept%s%s.",
                            error != NULL ? ": " : "",
                            error != NULL ? error->message : "");
  else
    {
      twin_engine_ask_progress (self, ask, TWIN_REQUEST_DONE,
                                "The outcome is in the log.", owned);
      twin_engine_ask_free (ask);
    }
}

/* --- adding -----------------------------------------------------------------
 */

/* Of the machine asked for: the order named, else the newest that has no
 * outcome yet; its place in @orders, or -1. */
static int
find_order (TwinEngine *self, const GPtrArray *orders, const char *id)
{
  for (guint i = 0; i < orders->len; i++)
    {
      const TwinOrder *order = g_ptr_array_index (orders, i);

      if (id != NULL
              ? strcmp (order->id, id) == 0
              : twin_engine_outcomes_find (self->outcomes, order->id) == NULL &&
                    order->state != TWIN_ORDER_REFUSED)
        return (int) i;
    }

  return -1;
}

static gboolean
is_long (const char *text)
{
  return text != NULL && strlen (text) > TEXT_MAX;
}

/* Fills @row from what was asked; strings of @object and @ask. FALSE: refused,
 * @ask is gone. */
static gboolean
read_outcome (TwinEngine       *self,
              TwinEngineAsk    *ask,
              JsonObject       *object,
              const GPtrArray  *orders,
              TwinStoreOutcome *row)
{
  const char        *wanted = twin_json_get_string (object, "order");
  int                at = find_order (self, orders, wanted);
  TwinOutcomeVerdict verdict;

  row->verdict = twin_json_get_string (object, "verdict");
  row->element = twin_json_get_string (object, "element");
  row->found = twin_json_get_string (object, "found");
  row->note = twin_json_get_string (object, "note");
  row->machine = ask->subject;
  row->who = ask->who;
  row->time_us = twin_clock_utc_us ();
  if (!twin_outcome_verdict_parse (row->verdict, &verdict))
    twin_engine_ask_refuse (self, ask,
                            "An outcome is confirmed, false or unknown.");
  else if (is_long (row->found) || is_long (row->note))
    twin_engine_ask_refuse (self, ask,
                            "What was found and its note take %d bytes each.",
                            TEXT_MAX);
  else if (wanted != NULL && at < 0)
    twin_engine_ask_refuse (self, ask, "%s has no maintenance order %s.",
                            ask->subject, wanted);
  else if (at >= 0 && wanted != NULL &&
           twin_engine_outcomes_find (self->outcomes, wanted) != NULL)
    twin_engine_ask_refuse (self, ask,
                            "Order %s has an outcome already; undo it to give "
                            "another.",
                            wanted);
  else if (row->element != NULL && !twin_outcome_fault_is_known (row->element))
    twin_engine_ask_refuse (self, ask,
                            "“%s” is no fault that is diagnosed: inner, outer, "
                            "ball, cage, "
                            "unbalance …",
                            row->element);
  else
    {
      if (at >= 0)
        row->order = ((TwinOrder *) orders->pdata[at])->id;
      if (row->element == NULL)
        row->element =
            at >= 0 ? twin_engine_outcomes_diagnosed (self, orders, (guint) at)
                    : twin_engine_outcomes_confirmed (
                          self, ask->subject,
                          twin_engine_outcomes_done_us (orders, 0), G_MAXINT64);
      if (row->element != NULL)
        return TRUE;
      twin_engine_ask_refuse (self, ask,
                              "Nothing was diagnosed at %s before; say which "
                              "fault was.",
                              ask->subject);
    }

  return FALSE;
}

static char *
say (const TwinStoreOutcome *row)
{
  return g_strdup_printf ("Diagnosis “%s”: %s%s%s%s%s.", row->element,
                          row->verdict, row->found != NULL ? ", found: " : "",
                          row->found != NULL ? row->found : "",
                          row->note != NULL && row->note[0] != '\0' ? ", " : "",
                          row->note != NULL ? row->note : "");
}

static TwinEngineMachine *
machine_of (TwinEngine *self, TwinEngineAsk *ask)
{
  TwinEnginePlace *place =
      ask->subject != NULL ? twin_engine_place_find (self, ask->subject) : NULL;

  if (place != NULL && place->machine != NULL && place->machine->place == place)
    return place->machine;

  twin_engine_ask_refuse (self, ask, "There is no machine “%s”.",
                          ask->subject != NULL ? ask->subject : "");
  return NULL;
}

/* Closes the machine's open order at its node. FALSE: refused. */
static gboolean
close_order (TwinEngine *self, TwinEngineAsk *ask, JsonObject *object)
{
  g_autoptr (GError) error = NULL;
  const TwinOrder *open = twin_orders_find_open (self->orders, ask->subject);
  const char      *wanted = twin_json_get_string (object, "order");
  g_autofree char *id = open != NULL ? g_strdup (open->id) : NULL;

  if (id == NULL || (wanted != NULL && strcmp (wanted, id) != 0))
    {
      twin_engine_ask_refuse (self, ask,
                              "%s has no such open maintenance order.",
                              ask->subject);
      return FALSE;
    }

  if (!twin_orders_close (self->orders, id, ask->who,
                          twin_json_get_string (object, "note"), &error))
    {
      twin_engine_ask_refuse (self, ask, "%s", error->message);
      return FALSE;
    }

  return TRUE;
}

/* Follows the node until it clears the order; @detail is kept for then. */
static void
wait_closed (TwinEngine *self, TwinEngineAsk *ask, char *detail)
{
  ask->until_us = twin_clock_monotonic_us () + CLOSE_WAIT_US;
  ask->detail = detail;
  g_ptr_array_add (self->waiting, ask);
  twin_engine_ask_progress (self, ask, TWIN_REQUEST_SENT,
                            "The order is being closed at the node.", detail);
}

static void
relearn (TwinEngine        *self,
         TwinEngineMachine *machine,
         const char        *who,
         const char        *why)
{
  twin_engine_baseline_relearn (self, machine, who, why);
  twin_engine_thermal_relearn (self, machine);
}

/* Without maintenance: what is usual has changed for another reason. */
static void
do_relearn (TwinEngine *self, TwinEngineAsk *ask)
{
  TwinEngineMachine *machine = machine_of (self, ask);

  if (machine == NULL)
    return;

  relearn (self, machine, ask->who, "by command");
  twin_engine_ask_progress (self, ask, TWIN_REQUEST_DONE,
                            "What is usual is learnt anew.", NULL);
  twin_engine_ask_free (ask);
}

static void
do_add (TwinEngine *self, TwinEngineAsk *ask, gboolean closing)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root =
      twin_json_parse ("outcome", ask->text != NULL ? ask->text : "", -1,
                       &error);
  g_autoptr (GPtrArray) orders = NULL;
  g_autofree char   *class_name = NULL, *said = NULL, *detail = NULL;
  TwinEngineMachine *machine;
  TwinStoreOutcome   row = { 0 };
  JsonObject        *object;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      twin_engine_ask_refuse (self, ask, "%s",
                              error != NULL ? error->message
                                            : "An outcome is a JSON object.");
      return;
    }

  object = json_node_get_object (root);
  machine = machine_of (self, ask);
  if (machine == NULL)
    return;

  orders = twin_orders_list (self->orders, ask->subject);
  if (json_object_has_member (object, "verdict") || !closing)
    {
      if (!read_outcome (self, ask, object, orders, &row))
        return;
      row.class_name = class_name = twin_engine_outcomes_class (machine);
      said = say (&row);
    }

  if (closing && !close_order (self, ask, object))
    return;
  if (said != NULL)
    detail = keep (self, &row, &row, said, &error);
  if (closing && (said == NULL || detail != NULL))
    relearn (self, machine, ask->who, "maintenance was done");
  if (closing && (said == NULL || detail != NULL))
    wait_closed (self, ask, g_steal_pointer (&detail));
  else
    answer_kept (self, ask, g_steal_pointer (&detail), error);
}

/* --- taking back ------------------------------------------------------------
 */

static void
do_undo (TwinEngine *self, TwinEngineAsk *ask)
{
  g_autoptr (GError) error = NULL;
  TwinEngineOutcomes *outcomes = self->outcomes;
  gint64              id = 0;
  guint               at = 0;

  if (ask->subject == NULL ||
      !g_ascii_string_to_signed (ask->subject, 10, 1, G_MAXINT64, &id, NULL))
    {
      twin_engine_ask_refuse (self, ask, "“%s” is no outcome's number.",
                              ask->subject != NULL ? ask->subject : "");
      return;
    }

  while (at < outcomes->rows->len &&
         ((TwinStoreOutcome *) outcomes->rows->pdata[at])->id != id)
    at++;

  if (at == outcomes->rows->len ||
      ((TwinStoreOutcome *) outcomes->rows->pdata[at])->undoes != 0)
    twin_engine_ask_refuse (self, ask, "There is no outcome %s.", ask->subject);
  else if (!twin_engine_outcomes_counts (outcomes, at))
    twin_engine_ask_refuse (self, ask, "Outcome %s is taken back already.",
                            ask->subject);
  else
    {
      g_autoptr (GPtrArray) rows = g_ptr_array_ref (outcomes->rows);
      const TwinStoreOutcome *about = g_ptr_array_index (rows, at);
      const TwinStoreOutcome  row = { .time_us = twin_clock_utc_us (),
                                      .who = ask->who,
                                      .undoes = id };
      g_autofree char        *said =
          g_strdup_printf ("Outcome “%s: %s” of %s taken back.", about->element,
                           about->verdict,
                           about->who != NULL ? about->who : "somebody");

      answer_kept (self, ask, keep (self, &row, about, said, &error), error);
    }
}

void
twin_engine_outcomes_do (TwinEngine *self, TwinEngineAsk *ask)
{
  if (g_strcmp0 (ask->name, "undo") == 0)
    do_undo (self, ask);
  else if (g_strcmp0 (ask->name, "add") == 0 ||
           g_strcmp0 (ask->name, "close") == 0)
    do_add (self, ask, strcmp (ask->name, "close") == 0);
  else if (g_strcmp0 (ask->name, "relearn") == 0)
    do_relearn (self, ask);
  else
    twin_engine_ask_refuse (self, ask,
                            "“%s” is not add, close, undo or relearn.",
                            ask->name != NULL ? ask->name : "");
}

void
twin_engine_outcomes_order (TwinEngine *self, const TwinOrder *order)
{
  twin_engine_outcomes_publish (self, order->twin);
  for (guint i = 0; i < self->waiting->len; i++)
    {
      TwinEngineAsk *ask = g_ptr_array_index (self->waiting, i);

      if (ask->kind != TWIN_ENGINE_ASK_OUTCOME ||
          g_strcmp0 (ask->subject, order->twin) != 0)
        continue;

      if (order->state == TWIN_ORDER_DONE)
        twin_engine_ask_progress (self, ask, TWIN_REQUEST_VERIFIED,
                                  "The node cleared the order.", ask->detail);
      else if (order->message != NULL)
        twin_engine_ask_progress (self, ask, TWIN_REQUEST_FAILED,
                                  order->message, NULL);
      else
        continue;

      g_ptr_array_remove_index (self->waiting, i);
      return;
    }
}
