/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store.h - one plant in one SQLite file
 *
 * WAL, synchronous=FULL: what a committed transaction holds survives a power
 * loss. PRAGMA user_version is the schema version; older files are migrated
 * when they are opened for writing, newer ones are refused.
 *
 * FILE-wal, FILE-shm and FILE-lock lie beside FILE and belong to it.
 *
 * A handle belongs to one thread at a time. Three ways in:
 *   ENGINE   the pipeline; holds the engine lock (a second engine is refused)
 *   EDITOR   twinctl and the like beside a running engine: short transactions
 *   readers  twin-store-reader.h, read-only connections for any other thread
 *
 * Writers use BEGIN IMMEDIATE, wait up to 5 s for each other and take turns: an
 * editor gets in after one batch of a busy engine. Every
 * function that writes joins the transaction that is open on its handle, or
 * makes one of its own. A write that fails leaves its own statement undone;
 * inside a larger transaction the caller rolls back.
 *
 * Conventions of every row: times are microseconds since 1970 UTC,
 * TWIN_TIME_NONE where unknown; a double that is not known is NaN; a string
 * that is not known is NULL; JSON is UTF-8 text.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "twin-clock.h"

G_BEGIN_DECLS

#define TWIN_STORE_ERROR (twin_store_error_quark ())
GQuark twin_store_error_quark (void);

typedef enum
{
  TWIN_STORE_ERROR_OPEN,     /* no such folder, a directory, not readable */
  TWIN_STORE_ERROR_FORMAT,   /* not a store of ours, or a newer one */
  TWIN_STORE_ERROR_CORRUPT,  /* SQLite says the file is damaged */
  TWIN_STORE_ERROR_LOCKED,   /* another engine has it, or a writer is stuck */
  TWIN_STORE_ERROR_FULL,     /* disk or quota full */
  TWIN_STORE_ERROR_READONLY, /* the file or its folder cannot be written */
  TWIN_STORE_ERROR_WRITE,    /* anything else that went wrong writing */
  TWIN_STORE_ERROR_READ,     /* anything else that went wrong reading */
  TWIN_STORE_ERROR_NOT_FOUND,
  TWIN_STORE_ERROR_CHANGED, /* etag or version is not the one expected */
  TWIN_STORE_ERROR_EXISTS,
} TwinStoreError;

typedef enum
{
  TWIN_STORE_ENGINE,
  TWIN_STORE_EDITOR,
} TwinStoreMode;

typedef struct _TwinStore TwinStore;

/* Newest schema this program knows. */
int twin_store_schema_version (void);

/**
 * twin_store_open:
 * @path: the file; created when absent, its folder is not
 * @mode: ENGINE fails with LOCKED while another engine holds the file and
 *        names that engine's process
 *
 * Returns: the handle, or NULL with an error that is a sentence for people
 */
TwinStore *twin_store_open (const char   *path,
                            TwinStoreMode mode,
                            GError      **error);

/* Closes; an open transaction is rolled back. NULL is allowed. */
void twin_store_close (TwinStore *self);

const char   *twin_store_get_path (TwinStore *self);
TwinStoreMode twin_store_get_mode (TwinStore *self);

/* Several writes as one: all or nothing. Not nested. */
gboolean twin_store_begin (TwinStore *self, GError **error);
gboolean twin_store_commit (TwinStore *self, GError **error);
void     twin_store_rollback (TwinStore *self);

/* Changes whenever another connection committed: cheap enough to poll every
 * 250 ms. Returns 0 when it cannot be read. */
int64_t twin_store_data_version (TwinStore *self);

/* Counts committed changes of one topic, own ones included: what an engine
 * compares after data_version moved, to see whether an editor touched it. */
typedef enum
{
  TWIN_STORE_TOPIC_GRAPH,    /* models, twins, relationships */
  TWIN_STORE_TOPIC_REQUESTS, /* the outbox */
  TWIN_STORE_TOPIC_SETTINGS,
  TWIN_STORE_TOPIC_DESIRED,
  TWIN_STORE_TOPIC_NODES,
  TWIN_STORE_N_TOPICS,
} TwinStoreTopic;

int64_t twin_store_topic_version (TwinStore *self, TwinStoreTopic topic);

/* Bytes of the file and its write-ahead log. */
uint64_t twin_store_size (TwinStore *self);

/* Runs SQLite's integrity_check; FALSE with what it found. May take long. */
gboolean twin_store_check (TwinStore *self, GError **error);

/* How long each tier is kept; 0: for ever (all of them). */
typedef struct
{
  int64_t samples_days;   /* default 30 */
  int64_t minutes_days;   /* one-minute roll-ups: 730 */
  int64_t hours_days;     /* one-hour roll-ups: 0 */
  int64_t live_waveforms; /* joined live records kept per sensor axis: 8 */
  int64_t digests; /* payload digests kept per node and epoch: 1,000,000 */
} TwinStoreRetention;

gboolean twin_store_get_retention (TwinStore          *self,
                                   TwinStoreRetention *retention,
                                   GError            **error);
gboolean twin_store_set_retention (TwinStore                *self,
                                   const TwinStoreRetention *retention,
                                   GError                  **error);

/* Deletes what has outlived its tier, a bounded piece a call, so that the
 * pipeline never stalls; *@more says whether to call again soon. */
gboolean twin_store_expire (TwinStore *self,
                            int64_t    now_us,
                            gboolean  *more,
                            GError   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStore, twin_store_close)

G_END_DECLS
