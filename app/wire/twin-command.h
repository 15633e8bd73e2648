/* SPDX-License-Identifier: Apache-2.0 */
/* twin-command.h - commands to a node and their results
 *
 * Pure; any thread.
 */
#pragma once

#include "twin-key.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *command;   /* 1…64 bytes */
  JsonNode   *arguments; /* an object, or NULL for {} */
  uint8_t     id[TWIN_ID_SIZE];
  uint64_t    counter;
  uint32_t    epoch;        /* the node's current one */
  int64_t     not_after_us; /* UTC of the node */
} TwinCommand;

/* The signed message for @topic (the node's command topic). Fails (SIZE,
 * CONTENT) when the arguments cannot be said in CBOR or pass 4 KiB. */
GBytes *twin_command_build (const TwinCommand *command,
                            const TwinKey     *key,
                            const char        *topic,
                            GError           **error);

/* Two-person command: @first is a whole signed command for the same topic;
 * @key must be another key than signed it. */
GBytes *twin_command_countersign (GBytes        *first,
                                  const char    *approver,
                                  const TwinKey *key,
                                  const char    *topic,
                                  GError       **error);

typedef enum
{
  TWIN_RESULT_ACCEPTED,
  TWIN_RESULT_RUNNING,
  TWIN_RESULT_DONE,
  TWIN_RESULT_REJECTED,
  TWIN_RESULT_EXPIRED,
} TwinResultStatus;

/* "accepted" … "expired". */
const char *twin_result_status_to_string (TwinResultStatus status);

typedef struct
{
  uint8_t          id[TWIN_ID_SIZE];
  size_t           id_size; /* 0 when the node could not read it */
  TwinResultStatus status;
  char *reason;     /* as in PROTOCOL.md ("counter", "role", …) or NULL;
                     * words of later versions pass */
  JsonNode *detail; /* or NULL */
  double    up;
  int64_t   time_us; /* UTC, or TWIN_TIME_NONE */
} TwinResult;

/* @data: the payload of a TwinSigned. */
TwinResult *twin_result_parse (const uint8_t *data,
                               size_t         size,
                               GError       **error);
void        twin_result_free (TwinResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinResult, twin_result_free)

/* What a reason means to an operator: "the key’s role does not allow it". */
const char *twin_result_reason_describe (const char *reason);

G_END_DECLS
