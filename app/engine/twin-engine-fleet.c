/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-fleet.c - what app/fleet publishes, keeps and tells */
#include "twin-engine-private.h"

#include <string.h>

#define COUNTER_SETTING "command-counter"

/* --- commands
 * ------------------------------------------------------------------ */

/* Nothing is sent that could not be kept; says why. */
static void
keep_failed (TwinEngine *self, GError **error)
{
  g_autofree char *cause = NULL;

  twin_lock_acquire (&self->lock);
  cause = g_strdup (self->line.cause);
  twin_lock_release (&self->lock);
  g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_KEEP,
               "Nothing was sent, because it could not be kept first: %s",
               cause);
}

/* On disk before a command leaves: after a crash no counter is used twice. */
static gboolean
keep_counter (uint64_t counter, void *user_data, GError **error)
{
  TwinEngine      *self = user_data;
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, counter);

  if (!twin_engine_batch_open (self) ||
      !twin_store_set_setting (self->store, COUNTER_SETTING, text, error) ||
      !twin_engine_batch_commit (self))
    {
      if (error != NULL && *error == NULL)
        keep_failed (self, error);
      return FALSE;
    }

  return TRUE;
}

static void
store_command (TwinEngine             *self,
               const char             *id,
               const TwinCommandState *state,
               const TwinEngineAsk    *ask)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *arguments = state->arguments != NULL
                                   ? json_to_string (state->arguments, FALSE)
                                   : NULL;
  g_autofree char *detail =
      state->detail != NULL ? json_to_string (state->detail, FALSE) : NULL;
  g_autofree char *kid =
      twin_hex_format (twin_key_get_kid (self->key), TWIN_KID_SIZE);
  const TwinStoreCommand row = {
    .id = id,
    .node = state->node,
    .twin = ask != NULL ? ask->subject : NULL,
    .name = state->command,
    .arguments = arguments,
    .who = state->who,
    .kid = kid,
    .counter = (int64_t) state->counter,
    .issued_us = state->requested_us,
    .not_after_us = state->not_after_us,
    .status = twin_command_status_to_string (state->status),
    .reason = state->reason,
    .detail = detail,
    .changed_us = state->changed_us,
  };

  if (twin_engine_batch_open (self) &&
      !twin_store_put_command (self->store, &row, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
}

static TwinRequestStage
stage_of (TwinCommandStatus status)
{
  switch (status)
    {
    case TWIN_COMMAND_REQUESTED:
      return TWIN_REQUEST_SENT;
    case TWIN_COMMAND_ACCEPTED:
      return TWIN_REQUEST_ACCEPTED;
    case TWIN_COMMAND_RUNNING:
      return TWIN_REQUEST_RUNNING;
    case TWIN_COMMAND_DONE:
      return TWIN_REQUEST_DONE;
    case TWIN_COMMAND_REJECTED:
    case TWIN_COMMAND_EXPIRED:
    case TWIN_COMMAND_TIMEOUT:
      return TWIN_REQUEST_FAILED;
    }

  g_return_val_if_reached (TWIN_REQUEST_FAILED);
}

static const char *
stage_text (TwinCommandStatus status)
{
  switch (status)
    {
    case TWIN_COMMAND_REQUESTED:
      return "Signed and sent; the node has not answered yet.";
    case TWIN_COMMAND_ACCEPTED:
      return "The node accepted it.";
    case TWIN_COMMAND_RUNNING:
      return "The node is at it.";
    case TWIN_COMMAND_DONE:
      return "The node carried it out.";
    case TWIN_COMMAND_REJECTED:
      return "The node refused it.";
    case TWIN_COMMAND_EXPIRED:
      return "It came too late; the node did not carry it out.";
    case TWIN_COMMAND_TIMEOUT:
      return "The node did not answer in time.";
    }

  g_return_val_if_reached (NULL);
}

static void
command_changed (const TwinCommandState *state, void *user_data)
{
  TwinEngine      *self = user_data;
  g_autofree char *id = twin_hex_format (state->id, sizeof state->id);
  g_autofree char *detail =
      state->detail != NULL ? json_to_string (state->detail, FALSE) : NULL;
  TwinEngineAsk  *ask = g_hash_table_lookup (self->command_asks, id);
  TwinEngineNode *node = twin_engine_node_get (self, state->node);
  const char     *machine = node->machine != NULL ? node->machine->id : NULL;

  /* twin_commands_send() tells REQUESTED before its id is known here. */
  if (ask == NULL && self->sending != NULL)
    {
      ask = self->sending;
      g_hash_table_insert (self->command_asks, g_strdup (id), ask);
      self->sending = NULL;
    }

  store_command (self, id, state, ask);
  if (state->status == TWIN_COMMAND_REQUESTED)
    twin_engine_log (self, "command", machine, state->who,
                     "%s sent to node %s.", state->command, state->node);
  else if (twin_command_status_is_final (state->status))
    twin_engine_log (self, "command", machine, state->who, "%s: %s%s%s.",
                     state->command,
                     twin_command_status_to_string (state->status),
                     state->message != NULL ? ", " : "",
                     state->message != NULL ? state->message : "");

  twin_orders_command (self->orders, state);
  twin_engine_decommission_command (self, node, state);
  twin_engine_firmware_command (self, state);
  self->flush = TRUE;
  if (ask == NULL)
    return;

  twin_engine_ask_progress (self, ask, stage_of (state->status),
                            state->message != NULL ? state->message
                                                   : stage_text (state->status),
                            detail);
  /* A late answer after a timeout still counts, but nobody waits for it. */
  if (twin_command_status_is_final (state->status))
    g_hash_table_remove (self->command_asks, id);
}

/* --- desired documents
 * ------------------------------------------------------------ */

static gboolean
keep_desired (const TwinDesiredState *state, void *user_data, GError **error)
{
  TwinEngine      *self = user_data;
  g_autofree char *properties = json_to_string (state->properties, FALSE);
  g_autoptr (GBytes) digest = g_bytes_new (state->digest, sizeof state->digest);
  const TwinStoreDesired row = {
    .node = state->node,
    .version = (int64_t) state->version,
    .base = (int64_t) state->base,
    .properties = properties,
    .signed_bytes = state->message,
    .digest = digest,
    .who = self->writer != NULL ? self->writer : self->operator_name,
    .time_us = state->changed_us,
    .reported_us = TWIN_TIME_NONE,
  };

  if (!twin_engine_batch_open (self))
    {
      keep_failed (self, error);
      return FALSE;
    }

  if (!twin_store_put_desired (self->store, &row, error))
    return FALSE;

  if (!twin_engine_batch_commit (self))
    {
      keep_failed (self, error);
      return FALSE;
    }

  return TRUE;
}

static void
finish_desired (TwinEngine *self, const TwinDesiredState *state)
{
  for (guint i = 0; i < self->waiting->len;)
    {
      TwinEngineAsk *ask = g_ptr_array_index (self->waiting, i);

      if (ask->kind != TWIN_ENGINE_ASK_DESIRED ||
          g_strcmp0 (ask->node, state->node) != 0 ||
          (uint64_t) ask->number > state->version)
        {
          i++;
          continue;
        }

      if (state->sync == TWIN_DESIRED_REFUSED)
        {
          const char *reason = "the node refused it";

          for (size_t k = 0; k < state->n_refused; k++)
            reason = state->refused[k].reason;
          twin_engine_ask_progress (self, ask, TWIN_REQUEST_FAILED, reason,
                                    NULL);
        }
      else
        twin_engine_ask_progress (self, ask, TWIN_REQUEST_VERIFIED,
                                  "The node reports it as applied.", NULL);
      g_ptr_array_remove_index (self->waiting, i);
    }
}

static void
desired_changed (const TwinDesiredState *state, void *user_data)
{
  TwinEngine     *self = user_data;
  TwinEngineNode *node = twin_engine_node_get (self, state->node);

  twin_engine_node_changed (self, node);
  twin_engine_properties_desired (self, node, state);
  if (state->sync == TWIN_DESIRED_APPLIED ||
      state->sync == TWIN_DESIRED_REFUSED)
    {
      twin_engine_properties_answered (self, state);
      finish_desired (self, state);
    }
}

static void
desired_conflict (const TwinDesiredConflict *conflict, void *user_data)
{
  TwinEngine     *self = user_data;
  TwinEngineNode *node = twin_engine_node_get (self, conflict->node);

  twin_engine_log (self, "edit",
                   node->machine != NULL ? node->machine->id : NULL, NULL,
                   "The desired state of node %s was written by somebody else "
                   "in between (version %" G_GUINT64_FORMAT
                   ", seen %" G_GUINT64_FORMAT ").",
                   conflict->node, conflict->theirs_version,
                   conflict->base_version);
}

/* Keys of other consoles are not known here: what they sign is ignored. */
static gboolean
find_key (const char   *node,
          const uint8_t kid[TWIN_KID_SIZE],
          uint8_t       key[TWIN_PUBLIC_KEY_SIZE],
          void         *user_data)
{
  return FALSE;
}

/* --- enrolment
 * ----------------------------------------------------------------------- */

static void
finish_commission (TwinEngine      *self,
                   const char      *node,
                   TwinRequestStage stage,
                   const char      *text)
{
  for (guint i = 0; i < self->waiting->len;)
    {
      TwinEngineAsk *ask = g_ptr_array_index (self->waiting, i);

      if (ask->kind != TWIN_ENGINE_ASK_COMMISSION ||
          g_strcmp0 (ask->subject, node) != 0)
        {
          i++;
          continue;
        }

      twin_engine_ask_progress (self, ask, stage, text, NULL);
      g_ptr_array_remove_index (self->waiting, i);
    }
}

static void
enrolment_changed (const char         *name,
                   TwinEnrolmentStatus status,
                   const uint8_t      *node_key,
                   const char         *message,
                   void               *user_data)
{
  TwinEngine     *self = user_data;
  TwinEngineNode *node = twin_engine_node_get (self, name);
  const char     *machine = node->machine != NULL ? node->machine->id : NULL;

  if (status == TWIN_ENROLMENT_WAITING)
    return;

  node->enrolling = FALSE;
  if (status == TWIN_ENROLMENT_FAILED)
    {
      twin_engine_log (self, "edit", machine, NULL,
                       "Enrolment at node %s failed: %s", name, message);
      finish_commission (self, name, TWIN_REQUEST_FAILED, message);
      return;
    }

  memcpy (node->key, node_key, sizeof node->key);
  node->has_key = node->enrolled = TRUE;
  g_free (node->trust);
  node->trust = g_strdup ("enrolled");
  node->dirty_row = TRUE;
  self->flush = TRUE;
  twin_engine_node_changed (self, node);
  twin_engine_log (self, "edit", machine, self->operator_name,
                   "Enrolled at node %s; its key is known now.", name);
  twin_engine_nodes_store (self);
  if (node->machine != NULL && node->machine->machine != NULL)
    twin_engine_tones_settle (self, node->machine->machine);
  finish_commission (self, name, TWIN_REQUEST_DONE,
                     "The node proved that it knows the token; it is bound "
                     "and enrolled.");
}

/* A node of the demo plant whose token the plant file has. */
void
twin_engine_node_enrol (TwinEngine *self, TwinEngineNode *node)
{
  g_autoptr (GError) error = NULL;
  const char *token = g_hash_table_lookup (self->tokens, node->name);

  if (token == NULL || node->has_key || node->enrolling ||
      node->machine == NULL || node->birth == NULL || node->birth->enrolled)
    return;

  node->enrolling = twin_enrolment_begin (self->enrolment, node->name, token,
                                          TWIN_KEY_ROLE_ENGINEER,
                                          self->operator_name, &error);
  if (!node->enrolling)
    twin_engine_log (self, "edit", node->machine->id, NULL,
                     "Enrolment at node %s could not begin: %s", node->name,
                     error->message);
}

/* --- orders
 * ------------------------------------------------------------------------ */

/* JSON of @parts, or NULL; caller frees. */
static char *
parts_json (char **parts)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  if (parts == NULL)
    return NULL;

  json_builder_begin_array (json);
  for (; *parts != NULL; parts++)
    json_builder_add_string_value (json, *parts);
  json_builder_end_array (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

static gboolean
keep_order (const TwinOrder *order, void *user_data, GError **error)
{
  TwinEngine      *self = user_data;
  g_autofree char *parts = parts_json (order->parts);
  int64_t          row =
      GPOINTER_TO_SIZE (g_hash_table_lookup (self->order_rows, order->id));
  const TwinStoreOrder stored = {
    .id = row,
    .machine = order->twin,
    .node = order->node,
    .date = order->date,
    .work = order->work,
    .note = order->note,
    .parts = parts,
    .state = twin_order_state_to_string (order->state),
    .command = order->id,
    .who = order->who,
    .created_us = order->created_us,
    .closed_us =
        order->state == TWIN_ORDER_DONE ? order->changed_us : TWIN_TIME_NONE,
  };

  if (!twin_engine_batch_open (self))
    {
      keep_failed (self, error);
      return FALSE;
    }

  if (!twin_store_put_order (self->store, &stored, &row, error))
    return FALSE;

  g_hash_table_insert (self->order_rows, g_strdup (order->id),
                       GSIZE_TO_POINTER ((gsize) row));
  return TRUE;
}

static void
finish_order (TwinEngine *self, const TwinOrder *order)
{
  for (guint i = 0; i < self->waiting->len; i++)
    {
      TwinEngineAsk *ask = g_ptr_array_index (self->waiting, i);

      if (ask->kind != TWIN_ENGINE_ASK_MAINTENANCE ||
          g_strcmp0 (ask->subject, order->twin) != 0)
        continue;

      if (order->state == TWIN_ORDER_REPORTED)
        twin_engine_ask_progress (self, ask, TWIN_REQUEST_VERIFIED,
                                  "The node shows the order.", NULL);
      else if (order->state == TWIN_ORDER_REFUSED)
        twin_engine_ask_progress (self, ask, TWIN_REQUEST_FAILED,
                                  order->message, NULL);
      else
        continue;

      g_ptr_array_remove_index (self->waiting, i);
      return;
    }
}

static void
order_changed (const TwinOrder *order, void *user_data)
{
  TwinEngine *self = user_data;

  twin_engine_log (self, "maintenance", order->twin, order->who,
                   "%s on %s: %s%s%s.", order->work, order->date,
                   twin_order_state_to_string (order->state),
                   order->message != NULL ? ", " : "",
                   order->message != NULL ? order->message : "");
  twin_engine_machine_order (self, order);
  twin_engine_damage_order (self, order);
  twin_engine_said_order (self, order);
  twin_engine_outcomes_order (self, order);
  finish_order (self, order);
  self->flush = TRUE;
}

static void
load_orders (TwinEngine *self)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_orders (self->reader, NULL, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreOrder *row = g_ptr_array_index (rows, i);
      TwinOrder             order = {
                    .id = (char *) row->command,
                    .twin = (char *) row->machine,
                    .node = (char *) row->node,
                    .date = (char *) row->date,
                    .work = (char *) row->work,
                    .note = (char *) row->note,
                    .who = (char *) row->who,
                    .created_us = row->created_us,
                    .changed_us =
            row->closed_us != TWIN_TIME_NONE ? row->closed_us : row->created_us,
      };

      if (row->command == NULL || row->state == NULL)
        continue;

      for (int state = TWIN_ORDER_PLANNED; state <= TWIN_ORDER_REFUSED; state++)
        {
          if (strcmp (row->state,
                      twin_order_state_to_string ((TwinOrderState) state)) == 0)
            order.state = (TwinOrderState) state;
        }

      twin_orders_load (self->orders, &order);
      g_hash_table_insert (self->order_rows, g_strdup (row->command),
                           GSIZE_TO_POINTER ((gsize) row->id));
      twin_engine_machine_order (self, &order);
    }
}

/* --- life cycle
 * ------------------------------------------------------------------------- */

static void
load_desired (TwinEngine *self)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_nodes (self->reader, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreNode *node = g_ptr_array_index (rows, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinStoreDesired) row =
          twin_store_reader_get_desired (self->reader, node->name, NULL);

      if (row == NULL || row->signed_bytes == NULL)
        continue;

      if (!twin_desired_load (self->desired, node->name, row->signed_bytes,
                              row->time_us, &error))
        g_warning ("The desired document kept for node %s cannot be read: %s",
                   node->name, error->message);
      else if (!node->enrolled)
        twin_desired_forget (self->desired, node->name); /* it left */
      else
        twin_engine_properties_desired (self,
                                        twin_engine_node_get (self, node->name),
                                        twin_desired_lookup (self->desired,
                                                             node->name));
    }
}

gboolean
twin_engine_fleet_open (TwinEngine *self, GError **error)
{
  const TwinCommandsHooks  commands = { keep_counter, command_changed, self };
  const TwinDesiredHooks   desired = { keep_desired, desired_changed,
                                       desired_conflict, find_key, self };
  const TwinEnrolmentHooks enrolment = { enrolment_changed, self };
  const TwinOrdersHooks    orders = { keep_order, order_changed, self };
  g_autofree char         *kept =
      twin_store_reader_get_setting (self->reader, COUNTER_SETTING, NULL);

  self->io = (TwinFleetIo){
    .plant = self->plant,
    .key = self->key,
    .publish = twin_engine_link_publish,
    .user_data = self,
  };
  self->order_rows =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->commands =
      twin_commands_new (&self->io, &commands,
                         kept != NULL ? g_ascii_strtoull (kept, NULL, 10) : 0);
  self->desired = twin_desired_new (&self->io, &desired);
  self->enrolment = twin_enrolment_new (&self->io, &enrolment);
  self->orders = twin_orders_new (self->commands, NULL, &orders);
  self->beacon = twin_beacon_new (&self->io);
  load_desired (self);
  load_orders (self);
  return twin_engine_firmware_open (self, error);
}

void
twin_engine_fleet_close (TwinEngine *self)
{
  twin_engine_firmware_close (self);
  g_clear_pointer (&self->orders, twin_orders_free);
  g_clear_pointer (&self->enrolment, twin_enrolment_free);
  g_clear_pointer (&self->desired, twin_desired_free);
  g_clear_pointer (&self->commands, twin_commands_free);
  g_clear_pointer (&self->beacon, twin_beacon_free);
  g_clear_pointer (&self->order_rows, g_hash_table_unref);
}

/* Requests that wait for a node's report do not wait for ever. */
static void
expire_waiting (TwinEngine *self)
{
  int64_t now = twin_clock_monotonic_us ();

  for (guint i = 0; i < self->waiting->len;)
    {
      TwinEngineAsk *ask = g_ptr_array_index (self->waiting, i);

      if (ask->kind == TWIN_ENGINE_ASK_COMMISSION || ask->until_us > now)
        {
          i++;
          continue;
        }

      twin_engine_ask_progress (self, ask, TWIN_REQUEST_FAILED,
                                "The node has not reported it in time; it "
                                "stays asked for and is applied when the node "
                                "comes back.",
                                NULL);
      g_ptr_array_remove_index (self->waiting, i);
    }
}

void
twin_engine_fleet_tick (TwinEngine *self)
{
  twin_commands_tick (self->commands);
  twin_desired_tick (self->desired);
  twin_enrolment_tick (self->enrolment);
  if (self->link_up)
    twin_beacon_tick (self->beacon);
  twin_engine_firmware_tick (self);
  expire_waiting (self);
}
