/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-decommission.c - a node leaves
 *
 * The signed command wipes its keys and makes it clear what the broker keeps
 * of it; afterwards its machine is served by nobody until a person commissions
 * a node again. A node that is offline leaves when it comes: that is kept in
 * the store. What the broker still shows of it is cleared at once.
 */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

#include "twin-store-changes.h"
#include "twin-store-twins.h"

#define LEAVING_SETTING "leaving/"
#define SERVES_SETTING "serves/"

/* A command that was not answered is sent again after so long. */
#define AGAIN_US (60 * TWIN_US_PER_S)

#define WAITS "It leaves when it comes online."
#define UNDER_WAY "It was told to wipe its keys."

static void
set_leaving (TwinEngine *self, TwinEngineNode *node, const char *text)
{
  if (g_strcmp0 (node->leaving, text) == 0)
    return;

  g_free (node->leaving);
  node->leaving = g_strdup (text);
  twin_engine_node_changed (self, node);
}

/* @value: who asked; "": nobody. */
static void
keep_leaving (TwinEngine *self, TwinEngineNode *node, const char *value)
{
  g_autofree char *key = g_strconcat (LEAVING_SETTING, node->name, NULL);
  g_autoptr (GError) error = NULL;

  if (twin_engine_batch_open (self) &&
      !twin_store_set_setting (self->store, key, value, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
  self->flush = TRUE;
}

void
twin_engine_decommission_load (TwinEngine *self, TwinEngineNode *node)
{
  g_autofree char *key = g_strconcat (LEAVING_SETTING, node->name, NULL);
  g_autofree char *who =
      twin_store_reader_get_setting (self->reader, key, NULL);
  g_autofree char *serves = NULL;

  if (who != NULL && who[0] != '\0')
    {
      node->leaving = g_strdup (WAITS);
      node->leaving_who = g_steal_pointer (&who);
      twin_desired_forget (self->desired, node->name);
    }

  g_free (key);
  key = g_strconcat (SERVES_SETTING, node->name, NULL);
  serves = twin_store_reader_get_setting (self->reader, key, NULL);
  node->left = node->birth_json == NULL && g_strcmp0 (serves, "{}") == 0;
}

/* --- the broker
 * -------------------------------------------------------------------- */

/* What it keeps of the node. Where its rules do not let us, the node clears
 * its own topics when it carries the command out. */
static void
clear_retained (TwinEngine *self, TwinEngineNode *node)
{
  static const TwinChannel channels[] = { TWIN_CHANNEL_BIRTH,
                                          TWIN_CHANNEL_STATUS,
                                          TWIN_CHANNEL_REPORTED,
                                          TWIN_CHANNEL_DESIRED };
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  for (size_t i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autofree char *topic =
          twin_topic_format (self->plant, node->name, channels[i]);
      g_autoptr (GError) error = NULL;

      if (!twin_engine_link_publish (topic, nothing, 1, TRUE, self, &error))
        g_debug ("%s", error->message);
    }
}

/* --- the end
 * ----------------------------------------------------------------------- */

/* The machine it speaks for; also when its birth is gone already. */
static TwinEnginePlace *
machine_of (TwinEngine *self, const TwinEngineNode *node)
{
  for (guint i = 0; i < self->machines->len; i++)
    {
      const TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);

      if (g_strcmp0 (machine->place->node, node->name) == 0)
        return machine->place;
    }

  return NULL;
}

static gboolean
store_end (TwinEngine     *self,
           TwinEngineNode *node,
           const char     *machine,
           const char     *who,
           GError        **error)
{
  const TwinTwin *twin =
      machine != NULL ? twin_graph_lookup (self->graph, machine) : NULL;
  g_autofree char *serves = g_strconcat (SERVES_SETTING, node->name, NULL);
  g_autofree char *leaving = g_strconcat (LEAVING_SETTING, node->name, NULL);
  g_autofree char *text =
      g_strdup_printf ("Node %s decommissioned", node->name);
  g_autoptr (TwinTwin) after = NULL;

  /* It serves nothing until somebody says otherwise, whatever it claims. */
  if (!twin_store_set_setting (self->store, serves, "{}", error) ||
      !twin_store_set_setting (self->store, leaving, "", error))
    return FALSE;

  if (twin == NULL || twin->lifecycle != TWIN_LIFECYCLE_IN_SERVICE)
    return TRUE;

  after = twin_twin_copy (twin);
  after->lifecycle = TWIN_LIFECYCLE_COMMISSIONED;
  return twin_store_begin_change (self->store, who, "decommission", text,
                                  twin_clock_utc_us (), error) &&
         twin_store_save_twin (self->store, after, NULL, error);
}

static void
forget_node (TwinEngine *self, TwinEngineNode *node)
{
  GHashTableIter   iter;
  TwinEnginePlace *place;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &place))
    {
      if (g_strcmp0 (place->node, node->name) != 0)
        continue;

      g_clear_pointer (&place->node, g_free);
      twin_engine_place_changed (self, place);
      twin_engine_place_touch (place);
    }

  twin_desired_forget (self->desired, node->name);
  node->has_key = node->enrolled = node->enrolling = FALSE;
  node->said_online = node->online = FALSE;
  g_free (node->trust);
  node->trust = g_strdup ("none");
  g_clear_pointer (&node->birth, twin_birth_free);
  g_clear_pointer (&node->birth_json, g_free);
  g_clear_pointer (&node->reported_json, g_free);
  g_clear_pointer (&node->leaving_who, g_free);
  set_leaving (self, node, NULL);
  node->leaving_until_us = 0;
  node->left = TRUE;
  node->machine = NULL;
  node->dirty_row = TRUE;
  twin_engine_node_changed (self, node);
}

static void
finish_asks (TwinEngine      *self,
             TwinEngineNode  *node,
             TwinRequestStage stage,
             const char      *text)
{
  for (guint i = 0; i < self->waiting->len;)
    {
      TwinEngineAsk *ask = g_ptr_array_index (self->waiting, i);

      if (ask->kind != TWIN_ENGINE_ASK_DECOMMISSION ||
          g_strcmp0 (ask->subject, node->name) != 0)
        {
          i++;
          continue;
        }

      twin_engine_ask_progress (self, ask, stage, text, NULL);
      g_ptr_array_remove_index (self->waiting, i);
    }
}

static void
complete (TwinEngine *self, TwinEngineNode *node, const char *who)
{
  g_autoptr (GError) error = NULL;
  TwinEnginePlace *place = machine_of (self, node);
  g_autofree char *machine = place != NULL ? g_strdup (place->id) : NULL;

  twin_engine_batch_commit (self);
  if (!twin_store_begin (self->store, &error) ||
      !store_end (self, node, machine, who, &error) ||
      !twin_store_commit (self->store, &error))
    {
      twin_store_rollback (self->store);
      finish_asks (self, node, TWIN_REQUEST_FAILED, error->message);
      return;
    }

  clear_retained (self, node);
  if (machine != NULL)
    twin_engine_alarms_finding (self, machine, TWIN_ENGINE_CONDITION_STALE,
                                FALSE, NAN, NULL, NULL);
  forget_node (self, node);
  twin_engine_graph_refresh (self);
  twin_engine_node_bind (self, node);
  twin_engine_node_store (self, node);
  twin_engine_log (self, "edit", machine, who,
                   "Node %s was decommissioned; its keys are wiped.",
                   node->name);
  finish_asks (self, node, TWIN_REQUEST_DONE,
               "Decommissioned: its keys are wiped and the broker keeps "
               "nothing of it.");
}

/* --- on the way
 * -------------------------------------------------------------------- */

static void
send (TwinEngine *self, TwinEngineNode *node)
{
  const TwinCommandRequest request = { .node = node->name,
                                       .command = "decommission",
                                       .who = node->leaving_who };
  g_autoptr (GError) error = NULL;

  node->leaving_until_us = twin_clock_monotonic_us () + AGAIN_US;
  if (twin_commands_send (self->commands, &request, NULL, &error))
    set_leaving (self, node, UNDER_WAY);
  else
    set_leaving (self, node, error->message);
}

void
twin_engine_decommission_command (TwinEngine             *self,
                                  TwinEngineNode         *node,
                                  const TwinCommandState *state)
{
  g_autofree char *text = NULL;

  if (g_strcmp0 (state->command, "decommission") != 0)
    return;

  if (state->status == TWIN_COMMAND_DONE)
    {
      g_autofree char *who = g_strdup (state->who);

      complete (self, node, who);
    }
  else if (state->status == TWIN_COMMAND_REJECTED && node->leaving != NULL)
    {
      text = g_strdup_printf ("The node refused to leave: %s",
                              state->message != NULL ? state->message
                                                     : state->reason);
      keep_leaving (self, node, "");
      set_leaving (self, node, NULL);
      g_clear_pointer (&node->leaving_who, g_free);
      finish_asks (self, node, TWIN_REQUEST_FAILED, text);
    }
}

void
twin_engine_decommission_tick (TwinEngine *self, TwinEngineNode *node)
{
  if (node->leaving == NULL || !node->online || node->birth == NULL ||
      twin_clock_monotonic_us () < node->leaving_until_us)
    return;

  send (self, node);
}

static void
wait_for_node (TwinEngine *self, TwinEngineNode *node, TwinEngineAsk *ask)
{
  if (node->online)
    twin_engine_ask_progress (self, ask, TWIN_REQUEST_SENT,
                              "Signed and sent; the node has not answered yet.",
                              NULL);
  else
    twin_engine_ask_progress (self, ask, TWIN_REQUEST_SENT,
                              "The node is offline: what the broker keeps of "
                              "it is cleared; its keys are wiped when it "
                              "comes.",
                              NULL);
}

void
twin_engine_decommission_do (TwinEngine *self, TwinEngineAsk *ask)
{
  TwinEngineNode  *node = ask->subject != NULL
                              ? g_hash_table_lookup (self->nodes, ask->subject)
                              : NULL;
  g_autofree char *text = NULL;

  if (node == NULL)
    {
      text = g_strdup_printf ("There is no node “%s”.",
                              ask->subject != NULL ? ask->subject : "");
      twin_engine_ask_progress (self, ask, TWIN_REQUEST_FAILED, text, NULL);
      twin_engine_ask_free (ask);
      return;
    }

  /* Told before it is done: it may be answered within the call. */
  g_ptr_array_add (self->waiting, ask);
  ask->until_us = INT64_MAX;
  if (!node->enrolled)
    {
      /* It never took our key, so it has none of ours to wipe. */
      complete (self, node, ask->who);
      return;
    }

  g_free (node->leaving_who);
  node->leaving_who = g_strdup (ask->who);
  keep_leaving (self, node, ask->who);
  wait_for_node (self, node, ask);
  if (node->online)
    {
      send (self, node);
      return;
    }

  set_leaving (self, node, WAITS);
  twin_desired_forget (self->desired, node->name);
  clear_retained (self, node);
  twin_engine_log (self, "edit",
                   node->machine != NULL ? node->machine->id : NULL, ask->who,
                   "Node %s is to be decommissioned when it comes.",
                   node->name);
}
