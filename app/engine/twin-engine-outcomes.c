/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-outcomes.c - whether diagnoses were right, and what follows
 *
 * The journal of the store is kept in memory as it stands there; reliability
 * is worked out from it anew each time, so nothing is learnt that a line of
 * the log does not tell and an undo does not take back.
 */
#include "twin-engine-outcomes-private.h"

#include <string.h>

#include "twin-machine-diagnosis.h"

/* Changes of alarms looked through for what was diagnosed. */
#define TRANSITIONS 500

/* --- the journal ------------------------------------------------------------
 */

static void
take_rows (TwinEngineOutcomes *self, GPtrArray *rows)
{
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  self->rows = rows;
  g_array_set_size (self->journal, 0);
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreOutcome *row = g_ptr_array_index (rows, i);
      TwinOutcome             outcome = { .id = row->id,
                                          .undoes = row->undoes,
                                          .fault = row->element,
                                          .class_name = row->class_name };

      if (!twin_outcome_verdict_parse (row->verdict, &outcome.verdict))
        outcome.verdict = TWIN_OUTCOME_UNKNOWN;
      g_array_append_val (self->journal, outcome);
    }
}

gboolean
twin_engine_outcomes_reload (TwinEngine *self, GError **error)
{
  GPtrArray *rows = twin_store_reader_list_outcomes (self->reader, error);

  if (rows == NULL)
    return FALSE;

  take_rows (self->outcomes, rows);
  return TRUE;
}

gboolean
twin_engine_outcomes_open (TwinEngine *self, GError **error)
{
  TwinEngineOutcomes *outcomes = g_new0 (TwinEngineOutcomes, 1);

  outcomes->journal = g_array_new (FALSE, FALSE, sizeof (TwinOutcome));
  self->outcomes = outcomes;
  return twin_engine_outcomes_reload (self, error);
}

void
twin_engine_outcomes_close (TwinEngine *self)
{
  TwinEngineOutcomes *outcomes = self->outcomes;

  if (outcomes == NULL)
    return;

  g_clear_pointer (&outcomes->rows, g_ptr_array_unref);
  g_array_unref (outcomes->journal);
  g_clear_pointer (&self->outcomes, g_free);
}

gboolean
twin_engine_outcomes_counts (const TwinEngineOutcomes *self, guint i)
{
  return twin_outcome_counts ((const TwinOutcome *) (void *)
                                  self->journal->data,
                              self->journal->len, i);
}

char *
twin_engine_outcomes_class (const TwinEngineMachine *machine)
{
  const char *model = machine->place->model;

  return model != NULL ? g_strndup (model, strcspn (model, ";")) : NULL;
}

void
twin_engine_outcomes_compute (TwinEngine      *self,
                              const char      *fault,
                              const char      *class_name,
                              TwinReliability *out)
{
  const GArray *journal = ((TwinEngineOutcomes *) self->outcomes)->journal;

  twin_reliability_compute ((const TwinOutcome *) (void *) journal->data,
                            journal->len, fault, class_name,
                            TWIN_RELIABILITY_WEIGHT, out);
}

char *
twin_engine_outcomes_describe (TwinEngine              *self,
                               const TwinEngineMachine *machine,
                               const char              *fault)
{
  g_autofree char *class_name = twin_engine_outcomes_class (machine);
  TwinReliability  reliability;

  if (!twin_outcome_fault_is_known (fault))
    return NULL;

  twin_engine_outcomes_compute (self, fault, class_name, &reliability);
  return twin_reliability_describe (&reliability, fault);
}

void
twin_engine_outcomes_experience (TwinEngine              *self,
                                 const TwinEngineMachine *machine,
                                 double                  *experience)
{
  g_autofree char *class_name = twin_engine_outcomes_class (machine);
  TwinReliability  reliability;

  for (int e = TWIN_ELEMENT_INNER; e <= TWIN_ELEMENT_CAGE; e++)
    {
      const char *fault = twin_element_name ((TwinElement) e);

      twin_engine_outcomes_compute (self, fault, class_name, &reliability);
      experience[e] = twin_reliability_shift (&reliability, fault);
    }
}

/* --- orders and what was diagnosed ------------------------------------------
 */

int64_t
twin_engine_outcomes_done_us (const GPtrArray *orders, guint at)
{
  for (; at < orders->len; at++)
    {
      const TwinOrder *order = g_ptr_array_index (orders, at);

      if (order->state == TWIN_ORDER_DONE)
        return order->changed_us;
    }

  return 0;
}

/* The fault that an alarm's condition is of, "machine.bent-shaft"; static, or
 * NULL. */
static const char *
fault_of (const char *condition)
{
  g_autofree char *name = NULL;
  TwinMachineFault fault;

  if (condition == NULL || !g_str_has_prefix (condition, "machine."))
    return NULL;

  name = g_strdelimit (g_strdup (condition + strlen ("machine.")), "-", ' ');
  return twin_machine_fault_parse (name, &fault)
             ? twin_machine_fault_name (fault)
             : NULL;
}

/* The fault of the whole machine that raised an alarm last in between. */
static const char *
raised_in (TwinEngine *self, const TwinStoreSpan *span, int64_t *time_us)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_transitions (self->reader, span, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreAlarmTransition *row = g_ptr_array_index (rows, i);
      const char                     *fault = fault_of (row->condition);

      if (fault != NULL && g_strcmp0 (row->event, "raise") == 0)
        {
          *time_us = row->time_us;
          return fault;
        }
    }

  return NULL;
}

const char *
twin_engine_outcomes_confirmed (TwinEngine *self,
                                const char *machine,
                                int64_t     from_us,
                                int64_t     to_us)
{
  const TwinStoreSpan span = {
    .subject = machine, .from_us = from_us, .to_us = to_us, .limit = TRANSITIONS
  };
  g_autoptr (GPtrArray) rows =
      twin_store_reader_find_confirmed (self->reader, machine, from_us, to_us,
                                        NULL);
  int64_t                   raised_us = 0;
  const char               *raised = raised_in (self, &span, &raised_us);
  const TwinStoreDiagnosis *row =
      rows != NULL && rows->len > 0 ? g_ptr_array_index (rows, 0) : NULL;
  TwinElement element;

  if (row == NULL || (raised != NULL && raised_us > row->time_us))
    return raised;

  return twin_element_parse (row->verdict, &element)
             ? twin_element_name (element)
             : NULL;
}

const char *
twin_engine_outcomes_diagnosed (TwinEngine      *self,
                                const GPtrArray *orders,
                                guint            at)
{
  const TwinOrder *order = g_ptr_array_index (orders, at);

  return twin_engine_outcomes_confirmed (self, order->twin,
                                         twin_engine_outcomes_done_us (orders,
                                                                       at + 1),
                                         order->state == TWIN_ORDER_DONE
                                             ? order->changed_us
                                             : G_MAXINT64);
}

const TwinStoreOutcome *
twin_engine_outcomes_find (const TwinEngineOutcomes *self, const char *order)
{
  for (guint i = self->rows->len; i > 0; i--)
    {
      const TwinStoreOutcome *row = g_ptr_array_index (self->rows, i - 1);

      if (row->undoes == 0 && g_strcmp0 (row->order, order) == 0 &&
          twin_engine_outcomes_counts (self, i - 1))
        return row;
    }

  return NULL;
}

static TwinOrderItem *
order_item (TwinEngine *self, const GPtrArray *orders, guint at)
{
  const TwinOrder        *order = g_ptr_array_index (orders, at);
  const TwinStoreOutcome *outcome =
      twin_engine_outcomes_find (self->outcomes, order->id);
  TwinOrderItem *item = g_new0 (TwinOrderItem, 1);

  item->id = g_strdup (order->id);
  item->machine = g_strdup (order->twin);
  item->date = g_strdup (order->date);
  item->work = g_strdup (order->work);
  item->note = g_strdup (order->note);
  item->state = g_strdup (twin_order_state_to_string (order->state));
  item->message = g_strdup (order->message);
  item->who = g_strdup (order->who);
  item->created_us = order->created_us;
  item->closed_us =
      order->state == TWIN_ORDER_DONE ? order->changed_us : TWIN_TIME_NONE;
  if (outcome != NULL)
    {
      item->outcome = outcome->id;
      item->verdict = g_strdup (outcome->verdict);
      item->found = g_strdup (outcome->found);
      item->found_note = g_strdup (outcome->note);
      item->found_who = g_strdup (outcome->who);
      item->element = g_strdup (outcome->element);
    }
  else
    item->element =
        g_strdup (twin_engine_outcomes_diagnosed (self, orders, at));
  return item;
}

void
twin_engine_outcomes_publish (TwinEngine *self, const char *machine)
{
  g_autoptr (GPtrArray) orders = twin_orders_list (self->orders, machine);
  GPtrArray *items;

  if (orders->len == 0)
    return;

  items = twin_update_items_new (TWIN_UPDATE_ORDERS);
  for (guint i = 0; i < orders->len; i++)
    g_ptr_array_add (items, order_item (self, orders, i));
  g_ptr_array_add (self->out_updates,
                   twin_update_new (TWIN_UPDATE_ORDERS, items));
}

void
twin_engine_outcomes_publish_all (TwinEngine *self)
{
  for (guint i = 0; i < self->machines->len; i++)
    {
      const TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);

      twin_engine_outcomes_publish (self, machine->place->id);
    }
}
