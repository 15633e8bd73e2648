/* SPDX-License-Identifier: Apache-2.0 */
/* twin-commands.h - sending commands and following them to their end
 *
 * One thread. See twin-fleet.h for the callbacks.
 */
#pragma once

#include "twin-command.h"
#include "twin-fleet.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_COMMAND_REQUESTED, /* sent; no answer yet */
  TWIN_COMMAND_ACCEPTED,
  TWIN_COMMAND_RUNNING,
  TWIN_COMMAND_DONE,
  TWIN_COMMAND_REJECTED,
  TWIN_COMMAND_EXPIRED,
  TWIN_COMMAND_TIMEOUT, /* no answer, or no end, in time; a late answer still
                         * counts */
} TwinCommandStatus;

/* "requested" … "timeout". */
const char *twin_command_status_to_string (TwinCommandStatus status);
/* DONE, REJECTED, EXPIRED, TIMEOUT. */
gboolean twin_command_status_is_final (TwinCommandStatus status);

/* How one command stands. Borrowed; valid until the next call. */
typedef struct
{
  uint8_t           id[TWIN_ID_SIZE];
  const char       *node;
  const char       *command;
  JsonNode         *arguments; /* or NULL */
  const char       *who;       /* operator, for the journal */
  uint64_t          counter;
  uint32_t          epoch;
  int64_t           requested_us; /* UTC, as all times here */
  int64_t           not_after_us;
  int64_t           changed_us;
  TwinCommandStatus status;
  const char       *reason;   /* the node's word ("role"), or NULL */
  const char       *message;  /* a sentence for the operator, or NULL */
  JsonNode         *detail;   /* or NULL */
  gboolean          verified; /* the last answer was signed by the node's key */
} TwinCommandState;

typedef struct
{
  /* Keeps the counter before a command leaves; FALSE: nothing is sent. */
  gboolean (*keep_counter) (uint64_t counter, void *user_data, GError **error);
  /* After every change, REQUESTED included: journal, screen. */
  void (*changed) (const TwinCommandState *state, void *user_data);
  void *user_data;
} TwinCommandsHooks;

typedef struct _TwinCommands TwinCommands;

/* @io and @hooks are copied. @last_counter: as kept, 0 at first. */
TwinCommands *twin_commands_new (const TwinFleetIo       *io,
                                 const TwinCommandsHooks *hooks,
                                 uint64_t                 last_counter);
void          twin_commands_free (TwinCommands *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinCommands, twin_commands_free)

/* From a birth or record whose epoch is believed: the node's current epoch.
 * A node whose epoch is not known cannot be commanded. */
void twin_commands_set_epoch (TwinCommands *self,
                              const char   *node,
                              uint32_t      epoch);

typedef struct
{
  const char *node;
  const char *command;
  JsonNode   *arguments; /* an object, or NULL */
  const char *who;
  double      valid_s; /* the node may start it for so long; 0: 30 s */
  double      run_s;   /* it may take so long once accepted; 0: 120 s */
} TwinCommandRequest;

/* Signs and sends. @id (may be NULL) names it from now on. Fails with
 * UNKNOWN_NODE, ARGUMENT, KEEP, or publish's own error. */
gboolean twin_commands_send (TwinCommands             *self,
                             const TwinCommandRequest *request,
                             uint8_t                  *id,
                             GError                  **error);

/* A result arrived. @verified: signed by the key the console trusts for
 * @node. One that is not verified never changes a state (a broker could have
 * made it): counted, FALSE with DENIED. Unknown ids (another console's) are
 * TRUE and ignored. */
gboolean twin_commands_result (TwinCommands     *self,
                               const char       *node,
                               const TwinResult *result,
                               gboolean          verified,
                               GError          **error);

/* Ends what is overdue. Call about once a second. */
void twin_commands_tick (TwinCommands *self);

/* NULL when not known (the last 1,000 are kept). */
const TwinCommandState *twin_commands_lookup (TwinCommands *self,
                                              const uint8_t id[TWIN_ID_SIZE]);

/* Commands without an end yet. */
size_t twin_commands_get_pending (TwinCommands *self);

G_END_DECLS
