/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-history.h - reading samples, their tiers and waveforms
 *
 * Thread: that of the reader.
 */
#pragma once

#include "twin-store-reader.h"

G_BEGIN_DECLS

/* One step of history, or one sample (then min = mean = max, count = 1).
 * Bad samples (no value) are in no statistics. */
typedef struct
{
  int64_t  time_us; /* begin of the step, a multiple of it; or the sample's */
  double   min, mean, max;
  uint32_t count;
  uint32_t flags; /* TWIN_STORE_SAMPLE_…, of any sample in it; tiers: 0 */
} TwinStorePoint;

typedef enum
{
  TWIN_STORE_GAP_LOST,    /* known loss: the ring no longer holds it */
  TWIN_STORE_GAP_OPEN,    /* missing, asked for, may still come */
  TWIN_STORE_GAP_SILENCE, /* nothing arrived for longer than the limit */
  TWIN_STORE_GAP_BAD,     /* the sensor said that its value is bad */
} TwinStoreGapCause;

typedef struct
{
  int64_t           from_us, to_us; /* between the samples beside the gap */
  TwinStoreGapCause cause;
  const char       *detail; /* "overwritten", …; static text or NULL */
} TwinStoreGap;

typedef struct
{
  const char *twin, *path;
  int64_t     from_us, to_us; /* half-open; widened to whole steps */
  /* 0: samples as they came. Otherwise bins of this width; whole minutes and
   * hours come from their tiers, and so does what outlived the samples (then
   * in bins no finer than that tier). */
  int64_t step_us;
  int64_t silence_us; /* longer without a sample is a gap; 0: do not judge */
  size_t  limit;      /* most points; 0: 5,000,000 */
} TwinStoreHistoryQuery;

typedef struct
{
  char    *unit;
  GArray  *points; /* TwinStorePoint, by time */
  GArray  *gaps;   /* TwinStoreGap, by time; a line is never drawn across one */
  gboolean truncated; /* the limit cut it off at the late end */
} TwinStoreHistory;

/* NOT_FOUND when (twin, path) has never been seen. */
TwinStoreHistory *twin_store_reader_get_history (
    TwinStoreReader             *self,
    const TwinStoreHistoryQuery *query,
    GError                     **error);
void twin_store_history_free (TwinStoreHistory *history);

/* TwinStoreSignal, by twin and path; @twin NULL: all. */
GPtrArray *twin_store_reader_list_signals (TwinStoreReader *self,
                                           const char      *twin,
                                           GError         **error);

/* The newest sample (or text) of a signal. */
typedef struct
{
  TwinStoreSignal signal;
  int64_t         time_us; /* TWIN_TIME_NONE: no sample at all */
  double          value;   /* NaN for a text */
  uint32_t        flags;
  const char     *text; /* or NULL */
} TwinStoreLatest;

/* Every signal with its newest value, for start-up. */
typedef void (*TwinStoreLatestFunc) (const TwinStoreLatest *latest, void *data);
gboolean twin_store_reader_foreach_latest (TwinStoreReader    *self,
                                           TwinStoreLatestFunc func,
                                           void               *data,
                                           GError            **error);

/* Texts of a signal: GArray of TwinStoreText by time. Caller unrefs. */
typedef struct
{
  int64_t time_us;
  char   *text; /* freed with the array */
} TwinStoreText;
GArray *twin_store_reader_get_texts (TwinStoreReader             *self,
                                     const TwinStoreHistoryQuery *query,
                                     GError                     **error);

/* TwinStoreWaveform without data, newest first; span's subject: twin, machine
 * or node. @sensor, @axis NULL: all. */
GPtrArray         *twin_store_reader_list_waveforms (TwinStoreReader     *self,
                                                     const TwinStoreSpan *span,
                                                     const char          *sensor,
                                                     const char          *axis,
                                                     GError             **error);
TwinStoreWaveform *twin_store_reader_get_waveform (TwinStoreReader *self,
                                                   int64_t          id,
                                                   GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreHistory, twin_store_history_free)

G_END_DECLS
