/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-acts.c - what was asked of the engine, carried out */
#include "twin-engine-private.h"

#include <string.h>

/* How long a node may take to report what was desired of it. */
#define REPORT_WAIT_US (30 * TWIN_US_PER_S)

void
twin_engine_ask_refuse (TwinEngine    *self,
                        TwinEngineAsk *ask,
                        const char    *format,
                        ...)
{
  g_autofree char *text = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  twin_engine_ask_progress (self, ask, TWIN_REQUEST_FAILED, text, NULL);
  twin_engine_ask_free (ask);
}

static void
done (TwinEngine *self, TwinEngineAsk *ask, const char *text)
{
  twin_engine_ask_progress (self, ask, TWIN_REQUEST_DONE, text, NULL);
  twin_engine_ask_free (ask);
}

TwinEngineNode *
twin_engine_place_get_node (TwinEngine *self, TwinEnginePlace *place)
{
  for (; place != NULL; place = place->parent)
    {
      if (place->node != NULL)
        return g_hash_table_lookup (self->nodes, place->node);
      if (place->kind == TWIN_KIND_MACHINE)
        return NULL;
    }

  return NULL;
}

static TwinEnginePlace *
place_of (TwinEngine *self, const TwinEngineAsk *ask)
{
  return ask->subject != NULL ? twin_engine_place_find (self, ask->subject)
                              : NULL;
}

static void
do_connect (TwinEngine *self, TwinEngineAsk *ask)
{
  g_autoptr (GError) error = NULL;

  if (ask->name != NULL && ask->link == NULL)
    {
      twin_engine_ask_refuse (self, ask, "%s", ask->text);
      return;
    }

  if (!twin_engine_link_start (self, ask->link, ask->name, &error))
    {
      twin_engine_ask_refuse (self, ask, "%s", error->message);
      return;
    }

  done (self, ask, ask->name != NULL ? "Connecting." : "Disconnected.");
}

static void
do_watch (TwinEngine *self, TwinEngineAsk *ask)
{
  const TwinEngineWatch watch = { .machine = ask->subject,
                                  .sensor = ask->name,
                                  .axis = ask->axis,
                                  .live = ask->live };

  if (ask->subject != NULL && ask->name != NULL)
    twin_engine_watch_set (self, &watch, ask->on);
  twin_engine_ask_free (ask);
}

/* --- commands
 * ------------------------------------------------------------------------- */

/* The command as the twin's model, or that of a whole it belongs to, declares
 * it: a machine's commands may be given at its parts. */
static const TwinContent *
find_command (TwinEngine *self, TwinEnginePlace *place, const char *name)
{
  for (; place != NULL; place = place->parent)
    {
      const TwinInterface *interface =
          twin_model_set_lookup (self->models, place->model);
      const TwinContent *command =
          interface != NULL
              ? twin_interface_find_kind (interface, TWIN_CONTENT_COMMAND, name)
              : NULL;

      if (command != NULL)
        return command;
      if (place->kind == TWIN_KIND_MACHINE)
        break;
    }

  return NULL;
}

/* What goes on the wire: the fields of an Object request as they are, any
 * other request under its name. NULL with an error when the schema refuses. */
static JsonNode *
check_arguments (const TwinContent *command, const char *text, GError **error)
{
  g_autoptr (JsonNode) root =
      twin_json_parse ("arguments",
                       text != NULL && text[0] != '\0' ? text : "{}", -1,
                       error);
  JsonObject *object;
  JsonNode   *value;

  if (root == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                           "The arguments must be a JSON object");
      return NULL;
    }

  object = json_node_get_object (root);
  if (command->request == NULL)
    {
      if (json_object_get_size (object) == 0)
        return g_steal_pointer (&root);

      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                   "%s takes no arguments", command->name);
      return NULL;
    }

  value = json_object_get_member (object, command->request->name);
  if (command->request->schema->kind == TWIN_SCHEMA_OBJECT)
    {
      if (value == NULL ||
          twin_schema_find_field (command->request->schema,
                                  command->request->name) != NULL)
        value = root;
      if (!twin_schema_validate (command->request->schema, value,
                                 command->request->name, error))
        return NULL;
      return json_node_copy (value);
    }

  if (value == NULL && !command->request->nullable)
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                   "%s needs the argument “%s”", command->name,
                   command->request->name);
      return NULL;
    }

  if (value != NULL && !twin_schema_validate (command->request->schema, value,
                                              command->request->name, error))
    return NULL;
  return g_steal_pointer (&root);
}

/* The node to act on, or NULL after a refusal that says why not. */
static TwinEngineNode *
acting_node (TwinEngine *self, TwinEngineAsk *ask, TwinEnginePlace *place)
{
  TwinEngineNode *node;

  if (place == NULL)
    {
      twin_engine_ask_refuse (self, ask, "There is no twin “%s”.",
                              ask->subject != NULL ? ask->subject : "");
      return NULL;
    }

  if (twin_engine_place_lifecycle (place) >= TWIN_LIFECYCLE_RETIRED)
    {
      twin_engine_ask_refuse (self, ask, "%s is %s; restore it first.",
                              place->name,
                              twin_lifecycle_to_string (
                                  twin_engine_place_lifecycle (place)));
      return NULL;
    }

  node = twin_engine_place_get_node (self, place);
  if (node == NULL)
    {
      twin_engine_ask_refuse (self, ask,
                              "No node serves %s; commission one, or wait "
                              "until it has "
                              "connected.",
                              place->name);
      return NULL;
    }

  if (!node->enrolled)
    {
      twin_engine_ask_refuse (self, ask,
                              "This console's key is not enrolled at node %s; "
                              "commission it "
                              "with its one-time token.",
                              node->name);
      return NULL;
    }

  return node;
}

static void
do_command (TwinEngine *self, TwinEngineAsk *ask)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) arguments = NULL;
  TwinEnginePlace   *place = place_of (self, ask);
  const TwinContent *command;
  TwinEngineNode    *node = acting_node (self, ask, place);
  TwinCommandRequest request;

  if (node == NULL)
    return;

  command = find_command (self, place, ask->name);
  if (command == NULL)
    {
      twin_engine_ask_refuse (self, ask, "The model of %s has no command “%s”.",
                              place->name, ask->name);
      return;
    }

  arguments = check_arguments (command, ask->text, &error);
  if (arguments == NULL)
    {
      twin_engine_ask_refuse (self, ask, "%s", error->message);
      return;
    }

  request = (TwinCommandRequest){
    .node = node->name,
    .command = ask->name,
    .arguments = arguments,
    .who = ask->who,
  };
  self->sending = ask;
  if (twin_commands_send (self->commands, &request, NULL, &error))
    return;

  /* Told of already when it failed after it had been announced. */
  if (self->sending == ask)
    {
      self->sending = NULL;
      twin_engine_ask_refuse (self, ask, "%s", error->message);
    }
}

static void
do_desired (TwinEngine *self, TwinEngineAsk *ask)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = NULL;
  g_autofree char        *pointer = NULL;
  TwinEngineNode         *node = acting_node (self, ask, place_of (self, ask));
  const TwinDesiredState *state;
  uint64_t                seen;

  if (node == NULL)
    return;

  value = twin_json_parse ("value", ask->text != NULL ? ask->text : "null", -1,
                           &error);
  if (value == NULL)
    {
      twin_engine_ask_refuse (self, ask, "%s", error->message);
      return;
    }

  pointer = ask->name[0] == '/' ? g_strdup (ask->name)
                                : g_strconcat ("/", ask->name, NULL);
  if (!twin_engine_properties_check (self, node, pointer,
                                     JSON_NODE_HOLDS_NULL (value) ? NULL
                                                                  : value,
                                     &error))
    {
      twin_engine_ask_refuse (self, ask, "%s", error->message);
      return;
    }

  state = twin_desired_lookup (self->desired, node->name);
  seen = ask->number >= 0 ? (uint64_t) ask->number : state->version;
  self->writer = ask->who;
  if (!twin_desired_set (self->desired, node->name, pointer,
                         JSON_NODE_HOLDS_NULL (value) ? NULL : value, seen,
                         &error))
    {
      self->writer = NULL;
      twin_engine_ask_refuse (self, ask, "%s", error->message);
      return;
    }

  self->writer = NULL;
  state = twin_desired_lookup (self->desired, node->name);
  twin_engine_log (self, "edit",
                   node->machine != NULL ? node->machine->id : NULL, ask->who,
                   "Desired %s of node %s set to %s (version %" G_GUINT64_FORMAT
                   ").",
                   pointer, node->name, ask->text, state->version);
  twin_engine_ask_progress (self, ask, TWIN_REQUEST_SENT,
                            "Signed and published; the node has not reported "
                            "it yet.",
                            NULL);
  ask->number = (gint64) state->version;
  ask->node = g_strdup (node->name);
  ask->until_us = twin_clock_monotonic_us () + REPORT_WAIT_US;
  g_ptr_array_add (self->waiting, ask);
}

/* --- alarms
 * ----------------------------------------------------------------------------
 */

static void
do_alarm (TwinEngine *self, TwinEngineAsk *ask)
{
  g_autoptr (GError) error = NULL;
  const char *slash = ask->subject != NULL ? strchr (ask->subject, '/') : NULL;
  g_autofree char      *source = NULL;
  const TwinAlarmAction action = {
    .event = ask->kind == TWIN_ENGINE_ASK_SHELVE ? TWIN_ALARM_SHELVE
                                                 : TWIN_ALARM_ACKNOWLEDGE,
    .who = ask->who,
    .note = ask->text,
    .until_us = ask->number,
  };

  if (slash == NULL)
    {
      twin_engine_ask_refuse (self, ask,
                              "“%s” names no alarm; it is twin/condition.",
                              ask->subject != NULL ? ask->subject : "");
      return;
    }

  source = g_strndup (ask->subject, (gsize) (slash - ask->subject));
  if (!twin_alarm_table_act (self->alarms, source, slash + 1, &action,
                             twin_clock_utc_us (), &error))
    {
      twin_engine_ask_refuse (self, ask, "%s", error->message);
      return;
    }

  done (self, ask,
        ask->kind == TWIN_ENGINE_ASK_SHELVE ? "Shelved." : "Acknowledged.");
}

/* --- maintenance
 * -------------------------------------------------------------------------- */

static char **
parts_of (JsonObject *object)
{
  JsonNode  *node = json_object_get_member (object, "parts");
  GPtrArray *parts;

  if (node == NULL)
    return NULL;

  if (JSON_NODE_HOLDS_VALUE (node))
    {
      g_autofree char *one = json_node_dup_string (node);

      return one != NULL && one[0] != '\0' ? g_strsplit (one, ", ", -1) : NULL;
    }

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  parts = g_ptr_array_new ();
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *part = json_array_get_element (json_node_get_array (node), i);

      if (JSON_NODE_HOLDS_VALUE (part))
        g_ptr_array_add (parts, json_node_dup_string (part));
    }

  g_ptr_array_add (parts, NULL);
  return (char **) g_ptr_array_free (parts, FALSE);
}

/* Plans the order and follows it. Owns @ask. */
static void
plan_order (TwinEngine *self, TwinEngineAsk *ask, const TwinOrder *plan)
{
  g_autoptr (GError) error = NULL;
  guint index;

  /* Followed before it is planned: the node may answer within the call. */
  ask->until_us = twin_clock_monotonic_us () + REPORT_WAIT_US;
  g_ptr_array_add (self->waiting, ask);
  if (twin_orders_plan (self->orders, plan, &error) != NULL)
    {
      if (g_ptr_array_find (self->waiting, ask, NULL))
        twin_engine_ask_progress (self, ask, TWIN_REQUEST_SENT,
                                  "The order was sent to the node.", NULL);
    }
  else if (g_ptr_array_find (self->waiting, ask, &index))
    {
      g_ptr_array_steal_index (self->waiting, index);
      twin_engine_ask_refuse (self, ask, "%s", error->message);
    }
}

static void
do_maintenance (TwinEngine *self, TwinEngineAsk *ask)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_auto (GStrv) parts = NULL;
  TwinEnginePlace   *place = place_of (self, ask);
  TwinEngineNode    *node = acting_node (self, ask, place);
  const TwinContent *command;
  JsonObject        *object;
  TwinOrder          plan = { 0 };

  if (node == NULL)
    return;

  command = find_command (self, place, "scheduleMaintenance");
  if (command == NULL)
    {
      twin_engine_ask_refuse (self, ask,
                              "The model of %s cannot schedule maintenance.",
                              place->name);
      return;
    }

  root = check_arguments (command, ask->text, &error);
  if (root == NULL)
    {
      twin_engine_ask_refuse (self, ask, "%s", error->message);
      return;
    }

  object = json_node_get_object (root);
  parts = parts_of (object);
  plan.twin = ask->subject;
  plan.node = node->name;
  plan.date = (char *) twin_json_get_string (object, "date");
  plan.work = (char *) twin_json_get_string (object, "work");
  plan.note = (char *) twin_json_get_string (object, "note");
  plan.parts = parts;
  plan.who = ask->who;
  if (plan.date != NULL && plan.work != NULL)
    plan_order (self, ask, &plan);
  else
    twin_engine_ask_refuse (self, ask, "An order needs “date” and “work”.");
}

void
twin_engine_ask_do (TwinEngine *self, TwinEngineAsk *ask)
{
  switch (ask->kind)
    {
    case TWIN_ENGINE_ASK_CONNECT:
      do_connect (self, ask);
      break;
    case TWIN_ENGINE_ASK_WATCH:
      do_watch (self, ask);
      break;
    case TWIN_ENGINE_ASK_COMMAND:
      do_command (self, ask);
      break;
    case TWIN_ENGINE_ASK_DESIRED:
      do_desired (self, ask);
      break;
    case TWIN_ENGINE_ASK_ACKNOWLEDGE:
    case TWIN_ENGINE_ASK_SHELVE:
      do_alarm (self, ask);
      break;
    case TWIN_ENGINE_ASK_MAINTENANCE:
      do_maintenance (self, ask);
      break;
    case TWIN_ENGINE_ASK_COMMISSION:
      twin_engine_commission_do (self, ask);
      break;
    case TWIN_ENGINE_ASK_IMPORT:
      twin_engine_import_do (self, ask);
      break;
    case TWIN_ENGINE_ASK_DECOMMISSION:
      twin_engine_decommission_do (self, ask);
      break;
    case TWIN_ENGINE_ASK_FIRMWARE:
      twin_engine_firmware_do (self, ask);
      break;
    case TWIN_ENGINE_ASK_OUTCOME:
      twin_engine_outcomes_do (self, ask);
      break;
    case TWIN_ENGINE_ASK_WHATIF:
      twin_engine_whatif_do (self, ask);
      break;
    case TWIN_ENGINE_N_ASKS:
      twin_engine_ask_free (ask);
      break;
    }
}
