/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-private.h - inside of a writing handle, for the store's own files
 * and its tests
 */
#pragma once

#include "twin-store-db.h"
#include "twin-store.h"

G_BEGIN_DECLS

struct _TwinStore
{
  TwinStoreDb   sql;
  TwinStoreMode mode;
  int           lock_fd; /* the file beside the store */
  gboolean      in_transaction;
  unsigned      dirty_topics;   /* bits: to be bumped at commit */
  int64_t       expire_signal;  /* where twin_store_expire() goes on */
  int64_t       live_waveforms; /* of the retention */
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
