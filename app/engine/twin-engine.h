/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine.h - the one pipeline, used by the console and twinctl
 *
 * Network threads copy messages into a bounded queue; the pipeline thread
 * decodes, checks sequence, applies to twins, runs alarms and commits batches;
 * workers analyse blocks. The engine owns its store's engine lock.
 *
 * Unless a function says otherwise it may be called from any thread and
 * returns at once; what comes of it arrives at the sink as updates.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "twin-model-set.h"
#include "twin-roles.h"
#include "twin-update.h"

G_BEGIN_DECLS

typedef struct _TwinEngine TwinEngine;

typedef struct
{
  const char *store_path; /* created when absent; its folder must exist */
  const char *plant;      /* wire name; NULL: the store's */
  const char *broker;     /* mqtt://[user@]host:port, mqtts://…; NULL: none */
  const char *ca, *cert, *key; /* TLS files or NULL */
  const char *password;        /* or NULL */
  const char *key_dir;         /* where the operator's signing key lies */
  const char *operator_name;   /* who acts, for the audit */
  const char *data_dir;        /* bearings.csv, roles.json */
  const char *enrol_file;      /* JSON: one-time tokens by node, or NULL */
  int         workers;         /* 0: one less than the cores, at least 1 */
} TwinEngineConfig;

/* Called on the pipeline thread or a worker; must not block. Takes ownership
 * of @update. */
typedef void (*TwinUpdateSink) (TwinUpdate *update, void *data);

/* Opens the store (migrating it), takes the engine lock, loads twins. */
TwinEngine *twin_engine_new (const TwinEngineConfig *config, GError **error);

/* Before start. The first updates after start are the whole present state:
 * PLANT, NODES, VALUES, STATES, ALARMS, LIFE, the newest LOG, STATUS. */
void twin_engine_set_sink (TwinEngine *self, TwinUpdateSink sink, void *data);

void twin_engine_start (TwinEngine *self);

/* Drains, commits and closes; blocks until done. Nothing received is lost. */
void twin_engine_stop (TwinEngine *self);
void twin_engine_free (TwinEngine *self);

/* The store's models as they are now. Caller unrefs. */
TwinModelSet *twin_engine_ref_models (TwinEngine *self);

/* How roles are found: immutable; caller unrefs. */
TwinRoles *twin_engine_ref_roles (TwinEngine *self);

/* Path of the store, for read-only connections in workers of the caller. */
const char *twin_engine_get_store_path (TwinEngine *self);
const char *twin_engine_get_plant (TwinEngine *self);

/* --- requests: each returns an id; REQUEST updates carry it ------------- */

/* Leaves the present broker, if any, and connects to another; NULL: none. */
uint64_t twin_engine_connect (TwinEngine             *self,
                              const TwinEngineConfig *link_part);

/* Full BLOCK updates of @sensor ("de/acceleration") of the node that serves
 * @machine are posted only while watched. @live: ask the node for continuous
 * blocks (a liveStream that ends by itself and is renewed while watched). */
uint64_t twin_engine_watch (TwinEngine *self,
                            const char *machine,
                            const char *sensor,
                            char        axis,
                            gboolean    on,
                            gboolean    live);

/* @arguments: JSON object text, validated against the command's DTDL request
 * schema; refused with a reason before anything is sent. */
uint64_t twin_engine_command (TwinEngine *self,
                              const char *twin,
                              const char *command,
                              const char *arguments,
                              const char *who);

/* Sets one desired property of the node that serves @twin. @if_version: the
 * version the writer saw, or -1. */
uint64_t twin_engine_set_desired (TwinEngine *self,
                                  const char *twin,
                                  const char *property,
                                  const char *json_value,
                                  int64_t     if_version,
                                  const char *who);

uint64_t twin_engine_acknowledge (TwinEngine *self,
                                  const char *alarm_id,
                                  const char *note,
                                  const char *who);

/* @until_us: when it comes back by itself. */
uint64_t twin_engine_shelve (TwinEngine *self,
                             const char *alarm_id,
                             int64_t     until_us,
                             const char *note,
                             const char *who);

/* Sends scheduleMaintenance and keeps a work order that follows it.
 * @date: "2026-12-03". */
uint64_t twin_engine_schedule_maintenance (TwinEngine *self,
                                           const char *machine,
                                           const char *arguments,
                                           const char *who);

/* Whether a diagnosis was right. @what:
 *   add    for @subject, a machine: { verdict: "confirmed" | "false" |
 *          "unknown", ? order, ? element (as diagnosed), ? found, ? note };
 *          without order the newest that has no outcome, without element what
 *          was confirmed last before that order was closed
 *   close  the same, and closes the machine's open order at its node first;
 *          without verdict no outcome is kept
 *   undo   takes the outcome of number @subject back
 *   relearn  forgets what is usual for @subject, a machine, so that it is
 *          learnt anew; close does that too
 * The answer's detail is { outcome, element, before, after: { right, wrong,
 * mean, p05, p95 } }. ORDERS updates tell what came of it. */
uint64_t twin_engine_outcome (TwinEngine *self,
                              const char *what,
                              const char *subject,
                              const char *arguments,
                              const char *who);

typedef struct
{
  const char *node;
  const char *twin;         /* existing id, or a new one */
  const char *display_name; /* of a new twin */
  const char *model;        /* DTMI of a new twin */
  const char *parent;       /* line or area of a new twin */
  const char *binding;      /* JSON of roles as edited, or NULL: as found */
  const char *bearing; /* designation of the drive end's bearing, or NULL */
  const char *token;   /* one-time, 32 hex digits; NULL: bind only */
} TwinCommission;

/* Creates or chooses the twin, binds the node, enrols the operator's key with
 * the token; DONE once the node proved it knows the token. */
uint64_t twin_engine_commission (TwinEngine           *self,
                                 const TwinCommission *what,
                                 const char           *who);

/* Takes @node out of service: its keys are wiped and its retained topics
 * cleared. Its machine goes back to commissioned. While it is offline the
 * request stays SENT, survives restarts and is carried out when the node
 * comes. */
uint64_t twin_engine_decommission (TwinEngine *self,
                                   const char *node,
                                   const char *who);

/* Firmware campaigns. @what and its arguments, a JSON text or NULL:
 *   preview, plan   { digest, twins: [id…], ? target, ? limits }: whom the
 *                   package of the store with that digest would reach. The
 *                   answer's detail is { hash, in, out, incompatible, limits,
 *                   targets: [{ node, twin, name, before, verdict, wave, why }]
 *                   }, of a plan, which is kept, also { campaign }
 *   start           { ? hash }: refused when the hash is another, or who is in
 *                   is no longer what was planned
 *   pause, resume, abort, retry
 * @campaign: 0 for preview and plan. CAMPAIGN updates tell how it goes. */
uint64_t twin_engine_firmware (TwinEngine *self,
                               const char *what,
                               int64_t     campaign,
                               const char *arguments,
                               const char *who);

/* How @machine would fare otherwise. @question, a JSON object: { "set": { NAME:
 * number or text … }, "horizon": seconds, "accuracy", "budget" (ms), "signal",
 * "refine", "keep" }; the names are refused with all of them listed. DONE
 * carries the answer as its detail; with "refine" RUNNING did so before, from
 * a cheaper level. */
uint64_t twin_engine_whatif (TwinEngine *self,
                             const char *machine,
                             const char *question,
                             const char *who);

/* Imports DTDL models and a graph from JSON text, all or nothing. */
uint64_t twin_engine_import (TwinEngine *self,
                             const char *json,
                             const char *origin,
                             const char *who);

/* The roles found for @twin as its model and parts stand (JSON for the
 * commission dialog): any thread; reads the store. Caller frees. */
char *twin_engine_describe_binding (TwinEngine *self,
                                    const char *node,
                                    const char *model,
                                    GError    **error);

G_END_DECLS
