/* SPDX-License-Identifier: Apache-2.0
 *
 * console.h - the console's side of a test: its key, its messages, its reading
 */
#pragma once

#include "fake-board.h"
#include "twin-command.h"
#include "twin-document.h"
#include "twin-enrol.h"
#include "twin-ring.h"

#define CONSOLE_TOPIC(channel) "twin/1/northfield/n-0107/" channel

TwinKey *console_key (uint8_t fill);

/* Let @n know @key by @role, as enrolment would. */
void console_trust (node *n, const TwinKey *key, node_role role);

typedef struct
{
  const char    *command;
  const char    *arguments; /* JSON, or NULL for {} */
  const TwinKey *key;
  const char    *topic;      /* NULL: the node's own */
  int64_t        lifetime_s; /* from the node's now */
  int            epoch;      /* added to the node's own */
  uint64_t       counter;    /* 0: the next one */
  uint8_t        id;         /* all eight bytes; 0: a fresh one */
} ConsoleCommand;

/* The message; the id it has goes to @id. */
GBytes *console_command (hal                  *h,
                         node                 *n,
                         const ConsoleCommand *c,
                         uint8_t               id[8]);

/* Deliver @message on the node's @channel. */
void console_send (hal *h, node *n, const char *channel, GBytes *message);

/* The next result, its signature checked against @n's key, or NULL. */
TwinResult *console_result (hal *h, node *n);

/* "done", or "rejected:counter", or "" if there is none. Frees nothing. */
char *console_outcome (hal *h, node *n);

/* The newest reported, ring: signature checked. */
TwinReported   *console_reported (hal *h, node *n);
TwinRingReport *console_ring (hal *h, node *n);

/* A signed desired document with these properties (JSON). */
GBytes *console_desired (const TwinKey *key,
                         uint64_t       version,
                         const char    *properties);
