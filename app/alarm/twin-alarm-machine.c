/* SPDX-License-Identifier: Apache-2.0 */
/* The states of IEC 62682:2014 clause 5.3. Base states follow the condition
 * and the operator; shelving, suppression by design and removal from service
 * hide them, the strongest is shown. What was hidden starts anew: an alarm
 * that is active when nothing hides it any more has to be seen again. */
#include <math.h>

#include "twin-alarm-private.h"

#define LONGEST_SHELF_US (INT64_C (7) * 86400 * TWIN_US_PER_S)

TwinAlarmState
twin_alarm_machine_state (const TwinAlarm *alarm)
{
  if (alarm->out_of_service)
    return TWIN_ALARM_OUT_OF_SERVICE;
  if (alarm->suppressed)
    return TWIN_ALARM_SUPPRESSED;
  if (alarm->shelved)
    return TWIN_ALARM_SHELVED;
  return alarm->base;
}

static gboolean
is_hidden (const TwinAlarm *alarm)
{
  return alarm->out_of_service || alarm->suppressed || alarm->shelved;
}

void
twin_alarm_machine_note (TwinAlarmTable       *self,
                         TwinAlarm            *alarm,
                         TwinAlarmState        from,
                         const TwinAlarmCause *cause)
{
  TwinAlarmTransition *transition;

  alarm->row.state = twin_alarm_machine_state (alarm);
  if (alarm->row.state != from)
    alarm->row.changed_us = cause->time_us;
  if (!alarm->shelved)
    alarm->row.shelved_until_us = TWIN_TIME_NONE;
  if (cause->note != NULL)
    {
      twin_alarm_text_set (&alarm->row.note, cause->note);
      twin_alarm_text_set (&alarm->row.note_by, cause->who);
    }

  transition = g_new0 (TwinAlarmTransition, 1);
  transition->refs = 1;
  transition->event = cause->event;
  transition->from = from;
  transition->to = alarm->row.state;
  transition->time_us = cause->time_us;
  transition->who = g_strdup (cause->who);
  transition->note = g_strdup (cause->note);
  transition->after = alarm->row;
  twin_alarm_row_own (&transition->after);
  g_ptr_array_add (self->transitions, transition);
}

static void
set_base (TwinAlarm *alarm, TwinAlarmState base)
{
  alarm->base = base;
  alarm->row.acknowledged =
      base == TWIN_ALARM_ACKNOWLEDGED ||
      (base == TWIN_ALARM_LATCHED && alarm->row.acknowledged);
}

/* Towards the operator: counted, and to be acknowledged. */
static void
annunciate (TwinAlarmTable *self, TwinAlarm *alarm, int64_t time_us)
{
  set_base (alarm, TWIN_ALARM_UNACKNOWLEDGED);
  twin_alarm_metrics_raised (self, alarm, time_us);
}

void
twin_alarm_machine_raise (TwinAlarmTable *self,
                          TwinAlarm      *alarm,
                          int64_t         time_us)
{
  const TwinAlarmCause cause = { .event = TWIN_ALARM_RAISE, time_us };
  const TwinAlarmState from = alarm->row.state;

  alarm->row.active = TRUE;
  alarm->row.since_us = time_us;
  alarm->latched = alarm->latching;
  if (!is_hidden (alarm))
    annunciate (self, alarm, time_us);
  twin_alarm_machine_note (self, alarm, from, &cause);
}

void
twin_alarm_machine_return (TwinAlarmTable *self,
                           TwinAlarm      *alarm,
                           int64_t         time_us)
{
  const TwinAlarmCause cause = { .event = TWIN_ALARM_RETURN, time_us };
  const TwinAlarmState from = alarm->row.state;

  alarm->row.active = FALSE;
  alarm->row.since_us = time_us;
  if (alarm->latched)
    set_base (alarm, TWIN_ALARM_LATCHED);
  else if (alarm->base == TWIN_ALARM_UNACKNOWLEDGED)
    set_base (alarm, TWIN_ALARM_RETURNED);
  else
    set_base (alarm, TWIN_ALARM_NORMAL);
  twin_alarm_machine_note (self, alarm, from, &cause);
}

void
twin_alarm_machine_escalate (TwinAlarmTable *self,
                             TwinAlarm      *alarm,
                             int             priority,
                             int64_t         time_us)
{
  const TwinAlarmCause cause = { .event = TWIN_ALARM_CHANGE, time_us };
  const TwinAlarmState from = alarm->row.state;
  const gboolean       worse = priority < alarm->row.priority;

  alarm->row.priority = priority;
  if (from == TWIN_ALARM_NORMAL)
    return;
  if (worse && alarm->base == TWIN_ALARM_ACKNOWLEDGED && !is_hidden (alarm))
    annunciate (self, alarm, time_us);
  twin_alarm_machine_note (self, alarm, from, &cause);
}

/* Something that hid the alarm is gone; shows it again when it was the last. */
static void
reveal (TwinAlarmTable *self, TwinAlarm *alarm, int64_t time_us)
{
  if (is_hidden (alarm))
    return;

  if (alarm->row.active)
    annunciate (self, alarm, time_us);
  else if (alarm->latched)
    {
      alarm->row.acknowledged = FALSE;
      set_base (alarm, TWIN_ALARM_LATCHED);
    }
  else
    set_base (alarm, TWIN_ALARM_NORMAL);
}

void
twin_alarm_machine_unshelve (TwinAlarmTable *self,
                             TwinAlarm      *alarm,
                             int64_t         time_us)
{
  const TwinAlarmCause cause = { .event = TWIN_ALARM_UNSHELVE, time_us };
  const TwinAlarmState from = alarm->row.state;

  alarm->shelved = FALSE;
  reveal (self, alarm, time_us);
  twin_alarm_machine_note (self, alarm, from, &cause);
}

/* --- what people do
 * ----------------------------------------------------------- */

static gboolean
refuse (const TwinAlarm *alarm, const char *text, GError **error)
{
  g_set_error (error, TWIN_ALARM_ERROR, TWIN_ALARM_ERROR_STATE, "“%s” of %s %s",
               alarm->row.name, alarm->row.source, text);
  return FALSE;
}

static gboolean
acknowledge (TwinAlarmTable        *self,
             TwinAlarm             *alarm,
             const TwinAlarmAction *action,
             int64_t                now_us,
             GError               **error)
{
  if (is_hidden (alarm))
    return refuse (alarm,
                   "is shelved or suppressed; there is nothing to acknowledge",
                   error);

  switch (alarm->base)
    {
    case TWIN_ALARM_UNACKNOWLEDGED:
      set_base (alarm, TWIN_ALARM_ACKNOWLEDGED);
      break;
    case TWIN_ALARM_RETURNED:
      set_base (alarm, TWIN_ALARM_NORMAL);
      break;
    case TWIN_ALARM_LATCHED:
      if (alarm->row.acknowledged)
        return refuse (alarm, "is acknowledged already; reset it", error);
      alarm->row.acknowledged = TRUE;
      break;
    case TWIN_ALARM_ACKNOWLEDGED:
      return refuse (alarm, "is acknowledged already", error);
    default:
      return refuse (alarm, "is not in alarm", error);
    }
  twin_alarm_metrics_acknowledged (self, alarm, now_us);
  return TRUE;
}

static gboolean
reset (TwinAlarmTable        *self,
       TwinAlarm             *alarm,
       const TwinAlarmAction *action,
       int64_t                now_us,
       GError               **error)
{
  if (is_hidden (alarm) || alarm->base != TWIN_ALARM_LATCHED)
    return refuse (alarm,
                   alarm->row.active ? "is still active; it cannot be reset"
                                     : "is not latched",
                   error);

  alarm->latched = FALSE;
  set_base (alarm,
            alarm->row.acknowledged ? TWIN_ALARM_NORMAL : TWIN_ALARM_RETURNED);
  return TRUE;
}

static gboolean
shelve (TwinAlarmTable        *self,
        TwinAlarm             *alarm,
        const TwinAlarmAction *action,
        int64_t                now_us,
        GError               **error)
{
  if (alarm->suppressed || alarm->out_of_service)
    return refuse (alarm, "is not shown at present; it needs no shelving",
                   error);
  if (action->until_us <= now_us ||
      action->until_us - now_us > LONGEST_SHELF_US)
    {
      g_set_error (error, TWIN_ALARM_ERROR, TWIN_ALARM_ERROR_ARGUMENT,
                   "“%s” of %s can be shelved for up to 7 days; choose when "
                   "it comes back",
                   alarm->row.name, alarm->row.source);
      return FALSE;
    }

  alarm->shelved = TRUE;
  alarm->row.shelved_until_us = action->until_us;
  return TRUE;
}

static gboolean
unshelve (TwinAlarmTable        *self,
          TwinAlarm             *alarm,
          const TwinAlarmAction *action,
          int64_t                now_us,
          GError               **error)
{
  if (!alarm->shelved)
    return refuse (alarm, "is not shelved", error);

  alarm->shelved = FALSE;
  reveal (self, alarm, now_us);
  return TRUE;
}

static gboolean
suppress (TwinAlarmTable        *self,
          TwinAlarm             *alarm,
          const TwinAlarmAction *action,
          int64_t                now_us,
          GError               **error)
{
  if (alarm->suppressed)
    return refuse (alarm, "is suppressed already", error);

  alarm->suppressed = TRUE;
  return TRUE;
}

static gboolean
unsuppress (TwinAlarmTable        *self,
            TwinAlarm             *alarm,
            const TwinAlarmAction *action,
            int64_t                now_us,
            GError               **error)
{
  if (!alarm->suppressed)
    return refuse (alarm, "is not suppressed", error);

  alarm->suppressed = FALSE;
  reveal (self, alarm, now_us);
  return TRUE;
}

static gboolean
remove_from_service (TwinAlarmTable        *self,
                     TwinAlarm             *alarm,
                     const TwinAlarmAction *action,
                     int64_t                now_us,
                     GError               **error)
{
  if (alarm->out_of_service)
    return refuse (alarm, "is out of service already", error);

  alarm->out_of_service = TRUE;
  return TRUE;
}

static gboolean
return_to_service (TwinAlarmTable        *self,
                   TwinAlarm             *alarm,
                   const TwinAlarmAction *action,
                   int64_t                now_us,
                   GError               **error)
{
  if (!alarm->out_of_service)
    return refuse (alarm, "is in service", error);

  alarm->out_of_service = FALSE;
  reveal (self, alarm, now_us);
  return TRUE;
}

typedef gboolean (*TwinAlarmActFunc) (TwinAlarmTable        *self,
                                      TwinAlarm             *alarm,
                                      const TwinAlarmAction *action,
                                      int64_t                now_us,
                                      GError               **error);

static const TwinAlarmActFunc actions[TWIN_ALARM_N_EVENTS] = {
  [TWIN_ALARM_ACKNOWLEDGE] = acknowledge,
  [TWIN_ALARM_RESET] = reset,
  [TWIN_ALARM_SHELVE] = shelve,
  [TWIN_ALARM_UNSHELVE] = unshelve,
  [TWIN_ALARM_SUPPRESS] = suppress,
  [TWIN_ALARM_UNSUPPRESS] = unsuppress,
  [TWIN_ALARM_REMOVE_FROM_SERVICE] = remove_from_service,
  [TWIN_ALARM_RETURN_TO_SERVICE] = return_to_service,
};

gboolean
twin_alarm_machine_act (TwinAlarmTable        *self,
                        TwinAlarm             *alarm,
                        const TwinAlarmAction *action,
                        int64_t                now_us,
                        GError               **error)
{
  const TwinAlarmCause cause = { action->event, now_us, action->who,
                                 action->note };
  const TwinAlarmState from = alarm->row.state;
  const gboolean       design = action->event == TWIN_ALARM_SUPPRESS ||
                          action->event == TWIN_ALARM_UNSUPPRESS;

  if ((unsigned) action->event >= TWIN_ALARM_N_EVENTS ||
      actions[action->event] == NULL || (action->who == NULL && !design))
    {
      g_set_error (error, TWIN_ALARM_ERROR, TWIN_ALARM_ERROR_ARGUMENT,
                   "“%s” of %s: nobody can do that to an alarm",
                   alarm->row.name, alarm->row.source);
      return FALSE;
    }

  if (!actions[action->event](self, alarm, action, now_us, error))
    return FALSE;
  twin_alarm_machine_note (self, alarm, from, &cause);
  return TRUE;
}
