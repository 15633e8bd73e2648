/* SPDX-License-Identifier: Apache-2.0 */
/* twin-alarm-table.h - every alarm of a plant and its state machine
 *
 * Pure logic of one thread (the pipeline's); time comes in as @now_us or as
 * the source time of an input. Nothing runs by itself: call
 * twin_alarm_table_advance() when twin_alarm_table_next_due() is reached.
 *
 * Every change becomes a TwinAlarmTransition that waits until
 * twin_alarm_table_take_transitions(); none is ever dropped or merged.
 *
 * Inputs older than the newest one of the same alarm (replayed records) do
 * not move it: history is not raised again.
 */
#pragma once

#include "twin-alarm.h"

G_BEGIN_DECLS

#define TWIN_ALARM_ERROR (twin_alarm_error_quark ())
GQuark twin_alarm_error_quark (void);

typedef enum
{
  TWIN_ALARM_ERROR_NOT_FOUND,
  TWIN_ALARM_ERROR_STATE, /* nothing to acknowledge, still active, … */
  TWIN_ALARM_ERROR_ARGUMENT,
} TwinAlarmError;

typedef struct _TwinAlarmTable TwinAlarmTable;

TwinAlarmTable *twin_alarm_table_new (void);
void            twin_alarm_table_free (TwinAlarmTable *self);

/* Adds an alarm in state normal, or changes the definition of one: limits and
 * delays apply from the next input on; a changed priority or name of a
 * non-normal alarm is a CHANGE. */
void twin_alarm_table_define (TwinAlarmTable            *self,
                              const TwinAlarmDefinition *definition,
                              int64_t                    now_us);

/* Removes it; FORGET when it was not normal. Unknown ones are ignored. */
void twin_alarm_table_undefine (TwinAlarmTable *self,
                                const char     *source,
                                const char     *condition,
                                int64_t         now_us);

/* Removes the alarms of @source for which @keep (NULL: none) does not say
 * TRUE, as twin_alarm_table_undefine(); @note: why, for their transitions. */
typedef gboolean (*TwinAlarmKeepFunc) (const TwinAlarmRow *row, void *data);
void twin_alarm_table_retain (TwinAlarmTable   *self,
                              const char       *source,
                              TwinAlarmKeepFunc keep,
                              void             *data,
                              const char       *note,
                              int64_t           now_us);

/* After define, before the first input: the state before a restart. An
 * undefined one is defined from the row (a condition the engine no longer
 * watches still waits for its acknowledgement). Emits nothing. */
void twin_alarm_table_restore (TwinAlarmTable *self, const TwinAlarmRow *row);

/* --- inputs: unknown alarms are ignored (FALSE) --------------------------- */

/* HIGH and LOW. NaN (a bad value) moves nothing. */
gboolean twin_alarm_table_input_value (TwinAlarmTable *self,
                                       const char     *source,
                                       const char     *condition,
                                       double          value,
                                       int64_t         time_us);

/* BOOLEAN, with the evidence of a finding. Strings may be NULL. STALE: active
 * says so before its time is over (the node is offline). An active alarm whose
 * priority gets worse must be acknowledged again; other news of an active one
 * only change its row. */
typedef struct
{
  gboolean    active;
  double      value;    /* z, level: NaN when there is none */
  int         priority; /* 0: the definition's */
  const char *why;
  const char *advice;
} TwinAlarmFinding;

gboolean twin_alarm_table_input_finding (TwinAlarmTable         *self,
                                         const char             *source,
                                         const char             *condition,
                                         const TwinAlarmFinding *finding,
                                         int64_t                 time_us);

/* STALE: something fresh came, measured (or, better, arrived) at @time_us.
 * Before the first of these it never raises. */
gboolean twin_alarm_table_input_fresh (TwinAlarmTable *self,
                                       const char     *source,
                                       const char     *condition,
                                       int64_t         time_us);

/* The data behind an alarm are old (or fresh again): while so it neither
 * raises nor returns, and delays under way start again. */
gboolean twin_alarm_table_set_stale (TwinAlarmTable *self,
                                     const char     *source,
                                     const char     *condition,
                                     gboolean        stale,
                                     int64_t         now_us);

/* Lets delays, shelving and staleness run out. */
void twin_alarm_table_advance (TwinAlarmTable *self, int64_t now_us);

/* When advance next has something to do; G_MAXINT64: never. */
int64_t twin_alarm_table_next_due (TwinAlarmTable *self);

/* --- what people (and designs) do ----------------------------------------- */

typedef struct
{
  TwinAlarmEvent event;    /* ACKNOWLEDGE … RETURN_TO_SERVICE */
  const char    *who;      /* never NULL, but for (UN)SUPPRESS */
  const char    *note;     /* or NULL */
  int64_t        until_us; /* SHELVE: in the future, at most 7 days */
} TwinAlarmAction;

/* FALSE with a sentence when it does not apply: acknowledging what is not
 * unacknowledged, resetting what is still active, shelving without an end. */
gboolean twin_alarm_table_act (TwinAlarmTable        *self,
                               const char            *source,
                               const char            *condition,
                               const TwinAlarmAction *action,
                               int64_t                now_us,
                               GError               **error);

/* --- reading -------------------------------------------------------------- */

/* NULL when unknown; valid until the table changes. */
const TwinAlarmRow *twin_alarm_table_lookup (TwinAlarmTable *self,
                                             const char     *source,
                                             const char     *condition);

typedef void (*TwinAlarmFunc) (const TwinAlarmRow *row, void *data);
/* All of them, in the order they were defined. */
void twin_alarm_table_foreach (TwinAlarmTable *self,
                               TwinAlarmFunc   func,
                               void           *data);

/* Owned array of TwinAlarmTransition in order, NULL when there is none. */
GPtrArray *twin_alarm_table_take_transitions (TwinAlarmTable *self);

/* The worst active, annunciated alarm of @source whose condition is not
 * @except (NULL: any), or NULL. Borrowed until the table changes. */
const TwinAlarmRow *twin_alarm_table_find_worst (TwinAlarmTable *self,
                                                 const char     *source,
                                                 const char     *except);

/* Worst priority (1 is worst) of active, annunciated alarms of @source, or 0.
 * Shelved, suppressed, out of service ones do not count. */
int twin_alarm_table_worst (TwinAlarmTable *self, const char *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinAlarmTable, twin_alarm_table_free)

G_END_DECLS
