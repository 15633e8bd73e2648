/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-batch.h - telemetry into the store, exactly once
 *
 * Used by the pipeline thread only: begin, append, commit within 250 ms or
 * 10,000 rows. A record and its samples belong into one batch, so that after
 * kill -9 either both are there or neither. Other writes (events, alarms,
 * features, journal…) made through the same TwinStore between begin and
 * commit are part of the same transaction.
 *
 * After a failed commit everything since begin is undone, in the file and in
 * this object; the caller may append the same again (a full disk that has
 * room again) or drop it (the records are then asked for again).
 */
#pragma once

#include "twin-store-rows.h"
#include "twin-store.h"

G_BEGIN_DECLS

typedef struct _TwinStoreBatch TwinStoreBatch;

typedef enum
{
  TWIN_STORE_RECORD_ERROR = -1,
  TWIN_STORE_RECORD_NEW,
  TWIN_STORE_RECORD_DUPLICATE, /* same identity, same bytes: ignore it */
  TWIN_STORE_RECORD_CONFLICT,  /* same identity, other bytes: kept aside */
} TwinStoreRecordResult;

typedef struct
{
  const char *node;
  uint8_t     ring[8];
  uint32_t    epoch;
  uint64_t    seq;     /* below 2^63; above: ERROR */
  const char *channel; /* "telemetry", "event" */
  const void *bytes;   /* the payload as it came */
  size_t      n_bytes;
  int64_t     source_us; /* TWIN_TIME_NONE without time */
  int64_t     arrival_us;
} TwinStoreRecord;

enum
{
  TWIN_STORE_SAMPLE_UNCERTAIN = 1,
  TWIN_STORE_SAMPLE_BAD = 2,      /* no value: pass NaN */
  TWIN_STORE_SAMPLE_ANCHORED = 4, /* its time was given by the console */
};

/* @store must be open as ENGINE and outlive the batch. Loads signals and
 * received ranges. */
TwinStoreBatch *twin_store_batch_new (TwinStore *store, GError **error);
void            twin_store_batch_free (TwinStoreBatch *self);

gboolean twin_store_batch_begin (TwinStoreBatch *self, GError **error);

/* On NEW append its samples and events, otherwise nothing. */
TwinStoreRecordResult twin_store_batch_record (TwinStoreBatch        *self,
                                               const TwinStoreRecord *record,
                                               GError               **error);

/* A range the ring no longer holds. Numbers already received stay received;
 * telling the same loss again changes nothing. */
gboolean twin_store_batch_loss (TwinStoreBatch       *self,
                                const TwinStoreRange *range,
                                GError              **error);

/* Finds or makes the signal (twin, path). The id stays valid as long as the
 * store exists, also when this batch fails. Unit, node and flags of a known
 * signal are brought up to date. Also allowed outside begin and commit. */
uint32_t twin_store_batch_signal (TwinStoreBatch        *self,
                                  const TwinStoreSignal *signal);

/* In any order of time. Several samples of one signal at one instant are all
 * kept. Errors wait for commit. */
void twin_store_batch_sample (TwinStoreBatch *self,
                              uint32_t        signal,
                              int64_t         time_us,
                              double          value,
                              unsigned        flags);

/* A string value. */
void twin_store_batch_text (TwinStoreBatch *self,
                            uint32_t        signal,
                            int64_t         time_us,
                            const char     *text);

/* Records, samples and texts since begin. */
size_t twin_store_batch_length (TwinStoreBatch *self);

gboolean twin_store_batch_commit (TwinStoreBatch *self, GError **error);
void     twin_store_batch_rollback (TwinStoreBatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreBatch, twin_store_batch_free)

G_END_DECLS
