/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-private.h - inside of a writing handle, for the store's own files
 * and its tests
 */
#pragma once

#include "twin-store-db.h"
#include "twin-store.h"

G_BEGIN_DECLS

/* The change that the open transaction makes to the graph. */
typedef struct
{
  int64_t  id; /* 0: none yet */
  int64_t  time_us;
  char    *who, *kind, *text;
  int64_t  undoes;
  gboolean used; /* something did change */
} TwinStoreOpenChange;

struct _TwinStore
{
  TwinStoreDb         sql;
  TwinStoreMode       mode;
  int                 lock_fd; /* the file beside the store */
  gboolean            in_transaction;
  unsigned            dirty_topics;   /* bits: to be bumped at commit */
  int64_t             expire_signal;  /* where twin_store_expire() goes on */
  int64_t             live_waveforms; /* of the retention */
  TwinStoreOpenChange change;
  int64_t             last_change; /* of the last commit; 0: it made none */
};

/* Joins the open transaction, or begins one: *@own tells
 * twin_store_leave(), which ends it by @ok and returns whether all went well.
 */
gboolean twin_store_enter (TwinStore *self, gboolean *own, GError **error);
gboolean twin_store_leave (TwinStore *self,
                           gboolean   own,
                           gboolean   ok,
                           GError   **error);

void twin_store_mark_topic (TwinStore *self, TwinStoreTopic topic);

/* Before every put or delete of the graph: there is a change to name in it. */
gboolean twin_store_need_change (TwinStore *self, GError **error);
/* After one that did change something. */
void twin_store_note_changed (TwinStore *self);
/* At commit: the row of the change, where something changed. */
gboolean twin_store_write_change (TwinStore *self, GError **error);
void     twin_store_change_clear (TwinStore *self);

/* 64 random bits in hex; caller frees. */
char *twin_store_new_etag (void);

int64_t twin_store_read_topic (TwinStoreDb *sql, TwinStoreTopic topic);
int64_t twin_store_read_data_version (TwinStoreDb *sql);

/* A number kept in meta; @fallback when absent. */
int64_t  twin_store_read_meta (TwinStoreDb *sql,
                               const char  *key,
                               int64_t      fallback);
gboolean twin_store_write_meta (TwinStoreDb *sql,
                                const char  *key,
                                int64_t      value,
                                GError     **error);

/* A quota, as if the disk were that small (tests). */
void twin_store_limit_pages (TwinStore *self, int64_t pages);

G_END_DECLS
