/* SPDX-License-Identifier: Apache-2.0 */
/* twin-alarm-metrics.h - how well the alarm system serves its operator
 *
 * Figures of IEC 62682:2014 clause 16 (monitoring and assessment): the rate
 * against 1 annunciated alarm in 10 min, floods (10 or more in 10 min, over
 * when fewer than 5 came in 10 min), standing alarms, time to acknowledge.
 *
 * Thread: that of the table.
 */
#pragma once

#include "twin-alarm-table.h"

G_BEGIN_DECLS

enum
{
  TWIN_ALARM_FLOOD_BEGINS = 10,
  TWIN_ALARM_FLOOD_ENDS = 5,
  TWIN_ALARM_N_SLOTS = 144, /* of 10 min: a day */
};

#define TWIN_ALARM_WINDOW_US (600 * TWIN_US_PER_S)

typedef struct
{
  unsigned last_10_min;               /* raised in the last 10 min */
  unsigned slots[TWIN_ALARM_N_SLOTS]; /* oldest first, last one ends now */
  double   mean_24_h;                 /* per 10 min */
  unsigned active[5];                 /* by priority; [0] all */
  unsigned unacknowledged;            /* RETURNED included */
  unsigned standing;                  /* active for more than 24 h */
  unsigned shelved, suppressed, out_of_service;
  int64_t  next_unshelve_us; /* TWIN_TIME_NONE: none */
  int64_t  median_ack_us;    /* over 24 h; -1: none */
  int64_t  slowest_ack_us;
} TwinAlarmMetrics;

/* An annunciation from before a restart, read back from the journal.
 * @ack_us: how long its acknowledgement took, -1: none. */
void twin_alarm_table_restore_raise (TwinAlarmTable *self,
                                     int64_t         time_us,
                                     int64_t         ack_us);

void twin_alarm_table_get_metrics (TwinAlarmTable   *self,
                                   int64_t           now_us,
                                   TwinAlarmMetrics *metrics);

/* A flood: folded on screen under the alarm that came first. */
typedef struct
{
  uint64_t    id; /* what TwinAlarmRow.flood says */
  int64_t     began_us;
  int64_t     ended_us; /* TWIN_TIME_NONE: still going on */
  unsigned    count;    /* alarms raised in it, the first included */
  unsigned    active;   /* of them still active */
  const char *first_source, *first_condition, *first_name; /* first out */
} TwinAlarmFlood;

/* The newest flood of the last 24 h; FALSE when there was none. Strings
 * belong to the table. */
gboolean twin_alarm_table_get_flood (TwinAlarmTable *self,
                                     int64_t         now_us,
                                     TwinAlarmFlood *flood);

G_END_DECLS
