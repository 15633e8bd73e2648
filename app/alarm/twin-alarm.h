/* SPDX-License-Identifier: Apache-2.0 */
/* twin-alarm.h - words and values of the alarm system (IEC 62682)
 *
 * Plain values, no I/O. Times are microseconds since 1970 UTC,
 * TWIN_TIME_NONE where unknown; unknown numbers are NaN.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "twin-clock.h"

G_BEGIN_DECLS

/* IEC 62682:2014 clause 5.3, alarm states. */
typedef enum
{
  TWIN_ALARM_NORMAL,
  TWIN_ALARM_UNACKNOWLEDGED, /* active, nobody has seen it */
  TWIN_ALARM_ACKNOWLEDGED,   /* active, seen */
  TWIN_ALARM_RETURNED,       /* no longer active, never acknowledged */
  TWIN_ALARM_LATCHED,        /* no longer active, stays until reset */
  TWIN_ALARM_SHELVED,        /* put aside by a person, for a time */
  TWIN_ALARM_SUPPRESSED,     /* by design: the machine's mode explains it */
  TWIN_ALARM_OUT_OF_SERVICE, /* removed for maintenance, until put back */
  TWIN_ALARM_N_STATES,
} TwinAlarmState;

typedef enum
{
  TWIN_ALARM_RAISE,
  TWIN_ALARM_RETURN,
  TWIN_ALARM_ACKNOWLEDGE,
  TWIN_ALARM_RESET, /* ends a latched alarm */
  TWIN_ALARM_SHELVE,
  TWIN_ALARM_UNSHELVE, /* by a person, or its time is over */
  TWIN_ALARM_SUPPRESS,
  TWIN_ALARM_UNSUPPRESS,
  TWIN_ALARM_REMOVE_FROM_SERVICE,
  TWIN_ALARM_RETURN_TO_SERVICE,
  TWIN_ALARM_CHANGE, /* active with a new priority, text or finding */
  TWIN_ALARM_FORGET, /* its definition was removed */
  TWIN_ALARM_N_EVENTS,
} TwinAlarmEvent;

/* Words for stores, logs and screens: "unacknowledged", "out of service";
 * "raise", "return to service". */
const char *twin_alarm_state_name (TwinAlarmState state);
const char *twin_alarm_event_name (TwinAlarmEvent event);
gboolean twin_alarm_state_from_name (const char *name, TwinAlarmState *state);

typedef enum
{
  TWIN_ALARM_HIGH,    /* value ≥ limit */
  TWIN_ALARM_LOW,     /* value ≤ limit */
  TWIN_ALARM_BOOLEAN, /* told to be active or not, also findings */
  TWIN_ALARM_STALE,   /* nothing fresh for @limit seconds */
} TwinAlarmKind;

/* What can go wrong at one place; (source, condition) names it. */
typedef struct
{
  const char   *source;    /* twin id */
  const char   *condition; /* "temperature.high", "bearing.outer", "stale" */
  const char   *machine;   /* twin id of the machine it belongs to, or NULL */
  const char   *name;      /* "Bearing temperature, drive end" */
  const char   *advice;    /* what to do; a finding may say it better */
  const char   *unit;      /* SenML unit or NULL */
  TwinAlarmKind kind;
  int           priority;     /* 1 critical … 4 low */
  double        limit;        /* HIGH, LOW in @unit; STALE in s */
  double        deadband;     /* returns at limit ∓ this; ≥ 0, in @unit */
  int64_t       on_delay_us;  /* must hold this long to raise */
  int64_t       off_delay_us; /* must be gone this long to return */
  gboolean      latching;     /* stays until reset */
} TwinAlarmDefinition;

/* An alarm as it stands. */
typedef struct
{
  const char    *source, *condition, *machine;
  const char    *name;
  const char    *unit;
  TwinAlarmKind  kind;
  TwinAlarmState state;
  int            priority;
  gboolean       active;       /* the condition holds, whatever the state */
  gboolean       acknowledged; /* since it was raised last */
  gboolean       stale; /* its data are old: neither raises nor returns */
  double         value; /* newest input; at a return the last one */
  double         peak;  /* furthest beyond the limit since raised */
  double         limit;
  int64_t        since_us;         /* condition began; while normal: ended */
  int64_t        changed_us;       /* state changed last */
  int64_t        shelved_until_us; /* TWIN_TIME_NONE unless shelved */
  uint64_t       flood;            /* group it was raised in, 0: none */
  const char    *why;              /* evidence, a sentence; may be NULL */
  const char    *advice;           /* what to do; may be NULL */
  const char    *note;             /* newest note, and who left it */
  const char    *note_by;
} TwinAlarmRow;

/* One change, finished and immutable, reference counted; any thread. */
typedef struct
{
  /*< private >*/
  int refs;
  /*< public >*/
  TwinAlarmEvent event;
  TwinAlarmState from, to;
  int64_t        time_us; /* when it happened */
  const char    *who;     /* NULL: the system */
  const char    *note;    /* or NULL */
  TwinAlarmRow   after;   /* the alarm behind the change */
} TwinAlarmTransition;

TwinAlarmTransition *twin_alarm_transition_ref (TwinAlarmTransition *self);
void                 twin_alarm_transition_unref (TwinAlarmTransition *self);

/* "94.2 °C", "z 8.4", "14 min"; caller frees. NULL when there is no value. */
char *twin_alarm_format_value (const TwinAlarmRow *row);
/* "> 90 °C", "≥ 4", "> 30 s"; NULL when there is no limit. */
char *twin_alarm_format_limit (const TwinAlarmRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinAlarmTransition, twin_alarm_transition_unref)

G_END_DECLS
