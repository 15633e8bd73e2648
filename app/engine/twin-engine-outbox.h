/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-outbox.h - words of the outbox, shared with twinctl
 *
 * A request's arguments are { subject, name, text, number }: the twin or
 * alarm; the command or property; the JSON, note or value; the version seen or
 * the time until. Its answer is { stage, text, detail }.
 */
#pragma once

#include "twin-update.h"

G_BEGIN_DECLS

#define TWIN_OUTBOX_COMMAND "command"
#define TWIN_OUTBOX_DESIRED "desired"
#define TWIN_OUTBOX_ACKNOWLEDGE "acknowledge"
#define TWIN_OUTBOX_SHELVE "shelve"
#define TWIN_OUTBOX_MAINTENANCE "maintenance"
#define TWIN_OUTBOX_DECOMMISSION "decommission" /* subject: the node */
/* name: what, of twin_engine_firmware(); subject: the campaign */
#define TWIN_OUTBOX_FIRMWARE "firmware"
/* name: "add", "close" (subject: the machine, text: JSON of
 * twin_engine_outcome()) or "undo" (subject: the outcome) */
#define TWIN_OUTBOX_OUTCOME "outcome"
/* text: the question of twin_engine_whatif() */
#define TWIN_OUTBOX_WHATIF "whatif"

/* "queued", "sent", "accepted", "running", "done", "verified", "failed". */
const char *twin_outbox_stage_word (TwinRequestStage stage);

G_END_DECLS
