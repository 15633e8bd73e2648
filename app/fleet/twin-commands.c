/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-commands.h"

#include <string.h>

enum
{
  KEPT_MAX = 1000,
};

static const double valid_default_s = 30;
static const double run_default_s = 120;
/* An answer to a command taken in the last moment is on its way. */
static const int64_t grace_us = 10 * TWIN_US_PER_S;

static const char *const statuses[] = {
  [TWIN_COMMAND_REQUESTED] = "requested", [TWIN_COMMAND_ACCEPTED] = "accepted",
  [TWIN_COMMAND_RUNNING] = "running",     [TWIN_COMMAND_DONE] = "done",
  [TWIN_COMMAND_REJECTED] = "rejected",   [TWIN_COMMAND_EXPIRED] = "expired",
  [TWIN_COMMAND_TIMEOUT] = "timeout",
};

/* One command; owns what its state points to. */
typedef struct
{
  TwinCommandState state;
  int64_t          deadline_us; /* monotonic: of the next answer */
  int64_t          run_us;
} Command;

struct _TwinCommands
{
  TwinFleetIo       io;
  TwinCommandsHooks hooks;
  uint64_t          counter;
  GHashTable       *epochs;   /* node → epoch */
  GHashTable       *commands; /* id → Command */
  GQueue            order;    /* Command, oldest first; borrowed */
  size_t            pending;
  gboolean          ticking; /* the order is being walked */
};

const char *
twin_command_status_to_string (TwinCommandStatus status)
{
  g_return_val_if_fail (status < G_N_ELEMENTS (statuses), NULL);
  return statuses[status];
}

gboolean
twin_command_status_is_final (TwinCommandStatus status)
{
  return status >= TWIN_COMMAND_DONE;
}

static guint
id_hash (gconstpointer id)
{
  guint hash;

  memcpy (&hash, id, sizeof hash);
  return hash;
}

static gboolean
id_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, TWIN_ID_SIZE) == 0;
}

static void
command_free (void *data)
{
  Command *command = data;

  g_free ((char *) command->state.node);
  g_free ((char *) command->state.command);
  g_free ((char *) command->state.who);
  g_free ((char *) command->state.reason);
  g_free ((char *) command->state.message);
  g_clear_pointer (&command->state.arguments, json_node_unref);
  g_clear_pointer (&command->state.detail, json_node_unref);
  g_free (command);
}

TwinCommands *
twin_commands_new (const TwinFleetIo       *io,
                   const TwinCommandsHooks *hooks,
                   uint64_t                 last_counter)
{
  TwinCommands *self = g_new0 (TwinCommands, 1);

  self->io = *io;
  self->hooks = *hooks;
  self->counter = last_counter;
  self->epochs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->commands =
      g_hash_table_new_full (id_hash, id_equal, NULL, command_free);
  g_queue_init (&self->order);
  return self;
}

void
twin_commands_free (TwinCommands *self)
{
  if (self == NULL)
    return;

  g_queue_clear (&self->order);
  g_hash_table_unref (self->commands);
  g_hash_table_unref (self->epochs);
  g_free (self);
}

void
twin_commands_set_epoch (TwinCommands *self, const char *node, uint32_t epoch)
{
  void *known;

  /* Called with every birth: costs nothing when it says the same. */
  if (g_hash_table_lookup_extended (self->epochs, node, NULL, &known) &&
      GPOINTER_TO_UINT (known) == epoch)
    return;
  g_hash_table_insert (self->epochs, g_strdup (node), GUINT_TO_POINTER (epoch));
}

/* --- sending --- */

static gboolean
next_counter (TwinCommands *self, uint64_t *counter, GError **error)
{
  const int64_t utc_us = twin_clock_now_utc (self->io.clock);

  *counter = MAX (self->counter + 1, utc_us > 0 ? (uint64_t) utc_us : 0);
  if (self->hooks.keep_counter != NULL &&
      !self->hooks.keep_counter (*counter, self->hooks.user_data, error))
    {
      g_prefix_error (error, "Nothing was sent, because the command’s number "
                             "could not be kept: ");
      return FALSE;
    }
  self->counter = *counter;
  return TRUE;
}

static gboolean
find_epoch (TwinCommands *self,
            const char   *node,
            uint32_t     *epoch,
            GError      **error)
{
  void *known;

  if (!g_hash_table_lookup_extended (self->epochs, node, NULL, &known))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_UNKNOWN_NODE,
                   "Cannot command %s: it has not been heard of. Wait until "
                   "it has connected once",
                   node);
      return FALSE;
    }
  *epoch = GPOINTER_TO_UINT (known);
  return TRUE;
}

static Command *
command_new (TwinCommands             *self,
             const TwinCommandRequest *request,
             const TwinCommand        *sent)
{
  Command      *command = g_new0 (Command, 1);
  const double  run_s = request->run_s > 0 ? request->run_s : run_default_s;
  const int64_t utc_us = twin_clock_now_utc (self->io.clock);

  memcpy (command->state.id, sent->id, TWIN_ID_SIZE);
  command->state.node = g_strdup (request->node);
  command->state.command = g_strdup (request->command);
  command->state.arguments =
      request->arguments != NULL ? json_node_copy (request->arguments) : NULL;
  command->state.who = g_strdup (request->who);
  command->state.counter = sent->counter;
  command->state.epoch = sent->epoch;
  command->state.requested_us = utc_us;
  command->state.not_after_us = sent->not_after_us;
  command->state.changed_us = utc_us;
  command->run_us = run_s * TWIN_US_PER_S;
  command->deadline_us = twin_clock_now_monotonic (self->io.clock) +
                         (sent->not_after_us - utc_us) + grace_us;
  return command;
}

static void
tell (TwinCommands *self, const Command *command)
{
  if (self->hooks.changed != NULL)
    self->hooks.changed (&command->state, self->hooks.user_data);
}

/* Forgets the oldest ended commands beyond what is kept. */
static void
trim (TwinCommands *self)
{
  GList *link = self->order.head;

  while (!self->ticking && g_queue_get_length (&self->order) > KEPT_MAX &&
         link != NULL)
    {
      GList   *next = link->next;
      Command *command = link->data;

      if (twin_command_status_is_final (command->state.status))
        {
          g_queue_delete_link (&self->order, link);
          g_hash_table_remove (self->commands, command->state.id);
        }
      link = next;
    }
}

gboolean
twin_commands_send (TwinCommands             *self,
                    const TwinCommandRequest *request,
                    uint8_t                  *id,
                    GError                  **error)
{
  const double valid_s =
      request->valid_s > 0 ? request->valid_s : valid_default_s;
  g_autofree char *topic = NULL;
  g_autoptr (GBytes) message = NULL;
  g_autoptr (GError) build_error = NULL;
  TwinCommand sent = { .command = request->command,
                       .arguments = request->arguments };
  Command    *command;

  if (!find_epoch (self, request->node, &sent.epoch, error) ||
      !next_counter (self, &sent.counter, error))
    return FALSE;

  twin_random_bytes (sent.id, sizeof sent.id);
  sent.not_after_us =
      twin_clock_now_utc (self->io.clock) + (int64_t) (valid_s * TWIN_US_PER_S);
  topic =
      twin_topic_format (self->io.plant, request->node, TWIN_CHANNEL_COMMAND);
  message = twin_command_build (&sent, self->io.key, topic, &build_error);
  if (message == NULL)
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                   "Cannot send “%s” to %s: %s", request->command,
                   request->node, build_error->message);
      return FALSE;
    }
  if (!self->io.publish (topic, message, 1, FALSE, self->io.user_data, error))
    return FALSE;

  command = command_new (self, request, &sent);
  g_hash_table_insert (self->commands, command->state.id, command);
  g_queue_push_tail (&self->order, command);
  self->pending++;
  if (id != NULL)
    memcpy (id, sent.id, TWIN_ID_SIZE);
  trim (self);
  tell (self, command);
  return TRUE;
}

/* --- following --- */

static void
set_message (Command *command, char *message)
{
  g_free ((char *) command->state.message);
  command->state.message = message;
}

static void
enter (TwinCommands *self, Command *command, TwinCommandStatus status)
{
  const gboolean was_final =
      twin_command_status_is_final (command->state.status);
  const gboolean is_final = twin_command_status_is_final (status);

  command->state.status = status;
  command->state.changed_us = twin_clock_now_utc (self->io.clock);
  if (!was_final && is_final)
    self->pending--;
  if (was_final && !is_final)
    self->pending++;
}

/* How far a status is; an answer never takes a command back. */
static int
rank (TwinCommandStatus status)
{
  static const int ranks[] = {
    [TWIN_COMMAND_REQUESTED] = 0, [TWIN_COMMAND_TIMEOUT] = 0,
    [TWIN_COMMAND_ACCEPTED] = 1,  [TWIN_COMMAND_RUNNING] = 2,
    [TWIN_COMMAND_DONE] = 3,      [TWIN_COMMAND_REJECTED] = 3,
    [TWIN_COMMAND_EXPIRED] = 3,
  };

  return ranks[status];
}

static TwinCommandStatus
status_of (TwinResultStatus status)
{
  static const TwinCommandStatus as[] = {
    [TWIN_RESULT_ACCEPTED] = TWIN_COMMAND_ACCEPTED,
    [TWIN_RESULT_RUNNING] = TWIN_COMMAND_RUNNING,
    [TWIN_RESULT_DONE] = TWIN_COMMAND_DONE,
    [TWIN_RESULT_REJECTED] = TWIN_COMMAND_REJECTED,
    [TWIN_RESULT_EXPIRED] = TWIN_COMMAND_EXPIRED,
  };

  return as[status];
}

static char *
describe (const Command *command)
{
  const TwinCommandState *state = &command->state;

  if (state->status == TWIN_COMMAND_REJECTED)
    return g_strdup_printf ("%s refused “%s”: %s", state->node, state->command,
                            twin_result_reason_describe (state->reason));
  if (state->status == TWIN_COMMAND_EXPIRED)
    return g_strdup_printf ("“%s” reached %s too late and was not carried "
                            "out",
                            state->command, state->node);
  return NULL;
}

static void
apply (TwinCommands *self, Command *command, const TwinResult *result)
{
  const TwinCommandStatus status = status_of (result->status);

  /* The same final answer again, or one that came late. */
  if (rank (status) < rank (command->state.status) ||
      (rank (status) == rank (command->state.status) &&
       status != TWIN_COMMAND_RUNNING))
    return;

  enter (self, command, status);
  g_free ((char *) command->state.reason);
  command->state.reason = g_strdup (result->reason);
  g_clear_pointer (&command->state.detail, json_node_unref);
  if (result->detail != NULL)
    command->state.detail = json_node_copy (result->detail);
  command->state.verified = TRUE;
  command->deadline_us =
      twin_clock_now_monotonic (self->io.clock) + command->run_us;
  set_message (command, describe (command));
  tell (self, command);
}

gboolean
twin_commands_result (TwinCommands     *self,
                      const char       *node,
                      const TwinResult *result,
                      gboolean          verified,
                      GError          **error)
{
  Command *command = result->id_size == TWIN_ID_SIZE
                         ? g_hash_table_lookup (self->commands, result->id)
                         : NULL;

  if (command == NULL)
    return TRUE;
  if (!verified || !g_str_equal (node, command->state.node))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_DENIED,
                   "An answer to “%s” is not signed by %s and was ignored",
                   command->state.command, command->state.node);
      return FALSE;
    }

  apply (self, command, result);
  return TRUE;
}

static void
time_out (TwinCommands *self, Command *command)
{
  const gboolean answered = command->state.status != TWIN_COMMAND_REQUESTED;
  const int      waited_s =
      (twin_clock_now_utc (self->io.clock) - command->state.requested_us) /
      TWIN_US_PER_S;

  enter (self, command, TWIN_COMMAND_TIMEOUT);
  set_message (command,
               answered
                   ? g_strdup_printf ("%s took “%s” but has not told its end "
                                      "within %d s",
                                      command->state.node,
                                      command->state.command, waited_s)
                   : g_strdup_printf ("%s did not answer “%s” within %d s: "
                                      "it may be offline, or not know this "
                                      "console",
                                      command->state.node,
                                      command->state.command, waited_s));
  tell (self, command);
}

void
twin_commands_tick (TwinCommands *self)
{
  const int64_t now_us = twin_clock_now_monotonic (self->io.clock);

  if (self->pending == 0)
    return;

  self->ticking = TRUE;
  for (GList *link = self->order.head; link != NULL; link = link->next)
    {
      Command *command = link->data;

      if (!twin_command_status_is_final (command->state.status) &&
          command->deadline_us <= now_us)
        time_out (self, command);
    }
  self->ticking = FALSE;
}

const TwinCommandState *
twin_commands_lookup (TwinCommands *self, const uint8_t id[TWIN_ID_SIZE])
{
  const Command *command = g_hash_table_lookup (self->commands, id);

  return command == NULL ? NULL : &command->state;
}

size_t
twin_commands_get_pending (TwinCommands *self)
{
  return self->pending;
}
