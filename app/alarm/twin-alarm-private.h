/* SPDX-License-Identifier: Apache-2.0 */
/* twin-alarm-private.h - inside of the alarm library */
#pragma once

#include "twin-alarm-metrics.h"

G_BEGIN_DECLS

/* Copies every string of @row that is borrowed so far. */
void twin_alarm_row_own (TwinAlarmRow *row);
void twin_alarm_row_clear (TwinAlarmRow *row);

/* Replaces an owned string; TRUE when it was another one. */
gboolean twin_alarm_text_set (const char **member, const char *text);

/* An alarm, its definition and what it waits for. */
typedef struct
{
  TwinAlarmRow row;    /* owns its strings */
  char        *advice; /* the definition's, when no finding says better */
  int          priority;
  double       deadband;
  int64_t      on_delay_us, off_delay_us;
  gboolean     latching;

  TwinAlarmState base; /* NORMAL to LATCHED: what shows when nothing hides it */
  gboolean       shelved, suppressed, out_of_service;
  gboolean       latched; /* was raised, not reset since */

  gboolean demand;    /* what the newest input says, delays aside */
  int64_t  demand_us; /* since when */
  int64_t  input_us;  /* newest input; TWIN_TIME_NONE: none */
} TwinAlarm;

/* One annunciation, for the figures. */
typedef struct
{
  int64_t    time_us;
  int64_t    ack_us; /* how long it took; -1: not acknowledged */
  uint64_t   flood;  /* 0: none */
  TwinAlarm *alarm;  /* NULL: not known any more */
} TwinAlarmRaise;

typedef struct
{
  uint64_t id;
  int64_t  began_us, ended_us;
  unsigned count;
  char    *first_source, *first_condition, *first_name;
} TwinAlarmFloodGroup;

struct _TwinAlarmTable
{
  GHashTable *alarms;    /* "source\x1fcondition" -> TwinAlarm; owns */
  GHashTable *by_source; /* source -> GPtrArray of TwinAlarm */
  GPtrArray  *order;     /* TwinAlarm, as defined */
  GPtrArray  *transitions;
  GArray     *raises; /* TwinAlarmRaise of the last 24 h, by time */
  GPtrArray  *floods; /* TwinAlarmFloodGroup of the last 24 h, oldest first */
  uint64_t    n_floods;
};

/* --- the state machine ------------------------------------------------------
 */

/* Who did it, when and why; NULL members: the system, silently. */
typedef struct
{
  TwinAlarmEvent event;
  int64_t        time_us;
  const char    *who, *note;
} TwinAlarmCause;

/* The condition began or ended; delays are over. */
void twin_alarm_machine_raise (TwinAlarmTable *self,
                               TwinAlarm      *alarm,
                               int64_t         time_us);
void twin_alarm_machine_return (TwinAlarmTable *self,
                                TwinAlarm      *alarm,
                                int64_t         time_us);
/* Its priority changed; a worse one has to be seen anew. */
void twin_alarm_machine_escalate (TwinAlarmTable *self,
                                  TwinAlarm      *alarm,
                                  int             priority,
                                  int64_t         time_us);
/* The shelf life is over. */
void twin_alarm_machine_unshelve (TwinAlarmTable *self,
                                  TwinAlarm      *alarm,
                                  int64_t         time_us);
/* What a person, or a design, does; notes the transition. */
gboolean twin_alarm_machine_act (TwinAlarmTable        *self,
                                 TwinAlarm             *alarm,
                                 const TwinAlarmAction *action,
                                 int64_t                now_us,
                                 GError               **error);
/* Notes a transition out of @from into what the alarm is now. */
void twin_alarm_machine_note (TwinAlarmTable       *self,
                              TwinAlarm            *alarm,
                              TwinAlarmState        from,
                              const TwinAlarmCause *cause);

/* State to be shown, from base and what hides it. */
TwinAlarmState twin_alarm_machine_state (const TwinAlarm *alarm);

/* --- the figures
 * -------------------------------------------------------------- */

void twin_alarm_metrics_raised (TwinAlarmTable *self,
                                TwinAlarm      *alarm,
                                int64_t         time_us);
void twin_alarm_metrics_acknowledged (TwinAlarmTable *self,
                                      TwinAlarm      *alarm,
                                      int64_t         time_us);
void twin_alarm_metrics_forget (TwinAlarmTable *self, TwinAlarm *alarm);
/* Ends a flood that has run dry, forgets what is older than a day. */
void    twin_alarm_metrics_advance (TwinAlarmTable *self, int64_t now_us);
int64_t twin_alarm_metrics_next_due (TwinAlarmTable *self);
void    twin_alarm_metrics_free_flood (void *group);

G_END_DECLS
