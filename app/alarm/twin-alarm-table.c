/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-alarm-table.h"

#include <math.h>

#include "twin-alarm-private.h"

GQuark
twin_alarm_error_quark (void)
{
  return g_quark_from_static_string ("twin-alarm-error-quark");
}

static void
alarm_free (void *data)
{
  TwinAlarm *alarm = data;

  twin_alarm_row_clear (&alarm->row);
  g_free (alarm->advice);
  g_free (alarm);
}

static void
unref_transition (void *transition)
{
  twin_alarm_transition_unref (transition);
}

static void
unref_array (void *array)
{
  g_ptr_array_unref (array);
}

static GPtrArray *
new_transitions (void)
{
  return g_ptr_array_new_with_free_func (unref_transition);
}

TwinAlarmTable *
twin_alarm_table_new (void)
{
  TwinAlarmTable *self = g_new0 (TwinAlarmTable, 1);

  self->alarms =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, alarm_free);
  self->by_source =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_array);
  self->order = g_ptr_array_new ();
  self->transitions = new_transitions ();
  self->raises = g_array_new (FALSE, FALSE, sizeof (TwinAlarmRaise));
  self->floods = g_ptr_array_new_with_free_func (twin_alarm_metrics_free_flood);
  return self;
}

void
twin_alarm_table_free (TwinAlarmTable *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->order);
  g_hash_table_unref (self->by_source);
  g_hash_table_unref (self->alarms);
  g_ptr_array_unref (self->transitions);
  g_array_unref (self->raises);
  g_ptr_array_unref (self->floods);
  g_free (self);
}

static char *
make_key (const char *source, const char *condition)
{
  return g_strconcat (source, "\x1f", condition, NULL);
}

static TwinAlarm *
find (TwinAlarmTable *self, const char *source, const char *condition)
{
  g_autofree char *key = make_key (source, condition);

  return g_hash_table_lookup (self->alarms, key);
}

static TwinAlarm *
add (TwinAlarmTable *self, const char *source, const char *condition)
{
  TwinAlarm *alarm = g_new0 (TwinAlarm, 1);
  GPtrArray *siblings = g_hash_table_lookup (self->by_source, source);

  alarm->row.source = g_strdup (source);
  alarm->row.condition = g_strdup (condition);
  alarm->row.value = alarm->row.peak = NAN;
  alarm->row.since_us = alarm->row.changed_us = TWIN_TIME_NONE;
  alarm->row.shelved_until_us = TWIN_TIME_NONE;
  alarm->demand_us = alarm->input_us = TWIN_TIME_NONE;

  if (siblings == NULL)
    {
      siblings = g_ptr_array_new ();
      g_hash_table_insert (self->by_source, g_strdup (source), siblings);
    }
  g_ptr_array_add (siblings, alarm);
  g_ptr_array_add (self->order, alarm);
  g_hash_table_insert (self->alarms, make_key (source, condition), alarm);
  return alarm;
}

void
twin_alarm_table_define (TwinAlarmTable            *self,
                         const TwinAlarmDefinition *definition,
                         int64_t                    now_us)
{
  TwinAlarm *alarm;
  gboolean   renamed;

  g_return_if_fail (definition->source != NULL);
  g_return_if_fail (definition->condition != NULL && definition->name != NULL);
  g_return_if_fail (definition->priority >= 1 && definition->priority <= 4);

  alarm = find (self, definition->source, definition->condition);
  if (alarm == NULL)
    {
      alarm = add (self, definition->source, definition->condition);
      alarm->row.priority = definition->priority;
    }

  alarm->row.kind = definition->kind;
  alarm->row.limit = definition->limit;
  alarm->deadband = MAX (definition->deadband, 0);
  alarm->on_delay_us = MAX (definition->on_delay_us, 0);
  alarm->off_delay_us = MAX (definition->off_delay_us, 0);
  alarm->latching = definition->latching;
  alarm->priority = definition->priority;
  g_free (alarm->advice);
  alarm->advice = g_strdup (definition->advice);
  twin_alarm_text_set (&alarm->row.machine, definition->machine);
  twin_alarm_text_set (&alarm->row.unit, definition->unit);
  if (alarm->row.advice == NULL || alarm->row.state == TWIN_ALARM_NORMAL)
    twin_alarm_text_set (&alarm->row.advice, definition->advice);
  renamed = twin_alarm_text_set (&alarm->row.name, definition->name);

  if (alarm->row.state == TWIN_ALARM_NORMAL)
    alarm->row.priority = definition->priority;
  else if (renamed || alarm->row.priority != definition->priority)
    twin_alarm_machine_escalate (self, alarm, definition->priority, now_us);
}

static void
forget (TwinAlarmTable *self,
        TwinAlarm      *alarm,
        const char     *note,
        int64_t         now_us)
{
  const TwinAlarmCause cause = { TWIN_ALARM_FORGET, now_us, NULL, note };
  g_autofree char     *key = make_key (alarm->row.source, alarm->row.condition);

  if (alarm->row.state != TWIN_ALARM_NORMAL)
    {
      const TwinAlarmState from = alarm->row.state;

      alarm->shelved = alarm->suppressed = alarm->out_of_service = FALSE;
      alarm->base = TWIN_ALARM_NORMAL;
      alarm->row.active = FALSE;
      twin_alarm_machine_note (self, alarm, from, &cause);
    }

  twin_alarm_metrics_forget (self, alarm);
  g_ptr_array_remove (g_hash_table_lookup (self->by_source, alarm->row.source),
                      alarm);
  g_ptr_array_remove (self->order, alarm);
  g_hash_table_remove (self->alarms, key);
}

void
twin_alarm_table_undefine (TwinAlarmTable *self,
                           const char     *source,
                           const char     *condition,
                           int64_t         now_us)
{
  TwinAlarm *alarm = find (self, source, condition);

  if (alarm != NULL)
    forget (self, alarm, NULL, now_us);
}

void
twin_alarm_table_retain (TwinAlarmTable   *self,
                         const char       *source,
                         TwinAlarmKeepFunc keep,
                         void             *data,
                         const char       *note,
                         int64_t           now_us)
{
  GPtrArray *siblings = g_hash_table_lookup (self->by_source, source);

  for (guint i = siblings != NULL ? siblings->len : 0; i > 0; i--)
    {
      TwinAlarm *alarm = g_ptr_array_index (siblings, i - 1);

      if (keep == NULL || !keep (&alarm->row, data))
        forget (self, alarm, note, now_us);
    }
}

void
twin_alarm_table_restore (TwinAlarmTable *self, const TwinAlarmRow *row)
{
  TwinAlarm *alarm = find (self, row->source, row->condition);

  if (alarm == NULL)
    {
      const TwinAlarmDefinition definition = {
        .source = row->source,
        .condition = row->condition,
        .machine = row->machine,
        .name = row->name != NULL ? row->name : row->condition,
        .advice = row->advice,
        .unit = row->unit,
        .kind = row->kind,
        .priority = CLAMP (row->priority, 1, 4),
        .limit = row->limit,
        .latching = row->state == TWIN_ALARM_LATCHED,
      };

      twin_alarm_table_define (self, &definition, row->changed_us);
      alarm = find (self, row->source, row->condition);
    }

  alarm->shelved = row->state == TWIN_ALARM_SHELVED;
  alarm->suppressed = row->state == TWIN_ALARM_SUPPRESSED;
  alarm->out_of_service = row->state == TWIN_ALARM_OUT_OF_SERVICE;
  alarm->base = row->state <= TWIN_ALARM_LATCHED ? row->state
                : row->active                    ? TWIN_ALARM_UNACKNOWLEDGED
                                                 : TWIN_ALARM_NORMAL;
  alarm->latched =
      row->state == TWIN_ALARM_LATCHED || (row->active && alarm->latching);
  alarm->demand = row->active;
  alarm->demand_us = row->since_us;

  alarm->row.state = row->state;
  alarm->row.active = row->active;
  alarm->row.acknowledged = row->acknowledged;
  alarm->row.priority = CLAMP (row->priority, 1, 4);
  alarm->row.value = row->value;
  alarm->row.peak = row->peak;
  alarm->row.since_us = row->since_us;
  alarm->row.changed_us = row->changed_us;
  alarm->row.shelved_until_us = row->shelved_until_us;
  twin_alarm_text_set (&alarm->row.why, row->why);
  if (row->advice != NULL)
    twin_alarm_text_set (&alarm->row.advice, row->advice);
  twin_alarm_text_set (&alarm->row.note, row->note);
  twin_alarm_text_set (&alarm->row.note_by, row->note_by);
}

/* --- conditions and delays
 * ---------------------------------------------------- */

static void
say_why (TwinAlarm *alarm, const char *format, double number)
{
  TwinAlarmRow     shown = alarm->row;
  g_autofree char *value = NULL;
  g_autofree char *text = NULL;

  shown.value = number;
  value = twin_alarm_format_value (&shown);
  if (value == NULL)
    return;
  text = g_strdup_printf (format, value);
  twin_alarm_text_set (&alarm->row.why, text);
}

static void
raise_alarm (TwinAlarmTable *self, TwinAlarm *alarm, int64_t time_us)
{
  alarm->row.peak = alarm->row.value;
  switch (alarm->row.kind)
    {
    case TWIN_ALARM_HIGH:
      say_why (alarm, "Reached %s.", alarm->row.limit);
      break;
    case TWIN_ALARM_LOW:
      say_why (alarm, "Fell to %s.", alarm->row.limit);
      break;
    case TWIN_ALARM_STALE:
      say_why (alarm, "Nothing fresh for %s.", alarm->row.value);
      break;
    case TWIN_ALARM_BOOLEAN:
      break;
    }
  twin_alarm_machine_raise (self, alarm, time_us);
}

static void
return_alarm (TwinAlarmTable *self, TwinAlarm *alarm, int64_t time_us)
{
  if (alarm->row.kind == TWIN_ALARM_HIGH)
    say_why (alarm, "Peak %s.", alarm->row.peak);
  else if (alarm->row.kind == TWIN_ALARM_LOW)
    say_why (alarm, "Lowest %s.", alarm->row.peak);
  else if (alarm->row.kind == TWIN_ALARM_STALE)
    say_why (alarm, "Silent for up to %s.", alarm->row.peak);
  twin_alarm_machine_return (self, alarm, time_us);
  alarm->row.priority = alarm->row.state == TWIN_ALARM_NORMAL
                            ? alarm->priority
                            : alarm->row.priority;
}

/* When the demand that stands takes effect; G_MAXINT64: never. */
static int64_t
due (const TwinAlarm *alarm)
{
  if (alarm->row.stale || alarm->demand == alarm->row.active ||
      alarm->demand_us == TWIN_TIME_NONE)
    return G_MAXINT64;
  return alarm->demand_us +
         (alarm->demand ? alarm->on_delay_us : alarm->off_delay_us);
}

/* When silence becomes a demand; G_MAXINT64: it is one, or cannot. */
static int64_t
silence_due (const TwinAlarm *alarm)
{
  if (alarm->row.kind != TWIN_ALARM_STALE || alarm->demand ||
      alarm->input_us == TWIN_TIME_NONE || isnan (alarm->row.limit))
    return G_MAXINT64;
  return alarm->input_us +
         (int64_t) (CLAMP (alarm->row.limit, 0, 1e9) * TWIN_US_PER_S);
}

static void
demand (TwinAlarm *alarm, gboolean on, int64_t time_us)
{
  if (alarm->demand == on && alarm->demand_us != TWIN_TIME_NONE)
    return;
  alarm->demand = on;
  alarm->demand_us = time_us;
}

static void
run (TwinAlarmTable *self, TwinAlarm *alarm, int64_t now_us)
{
  int64_t at;

  if (alarm->shelved && alarm->row.shelved_until_us <= now_us)
    twin_alarm_machine_unshelve (self, alarm, alarm->row.shelved_until_us);

  at = silence_due (alarm);
  if (at <= now_us)
    demand (alarm, TRUE, at);
  if (alarm->row.kind == TWIN_ALARM_STALE && alarm->demand &&
      alarm->input_us != TWIN_TIME_NONE)
    {
      alarm->row.value = (double) (now_us - alarm->input_us) / TWIN_US_PER_S;
      if (alarm->row.active)
        alarm->row.peak = MAX (alarm->row.peak, alarm->row.value);
    }

  at = due (alarm);
  if (at > now_us)
    return;
  if (alarm->demand)
    raise_alarm (self, alarm, at);
  else
    return_alarm (self, alarm, at);
}

/* Known, of this kind and news? Then time runs up to the input first, so that
 * what a delay lets happen does not depend on when it is looked at. */
static TwinAlarm *
accept (TwinAlarmTable *self,
        const char     *source,
        const char     *condition,
        int64_t         time_us)
{
  TwinAlarm *alarm = find (self, source, condition);

  if (alarm == NULL || time_us == TWIN_TIME_NONE ||
      (alarm->input_us != TWIN_TIME_NONE && time_us < alarm->input_us))
    return NULL;

  run (self, alarm, time_us);
  return alarm;
}

static void
note_peak (TwinAlarm *alarm, double value)
{
  const gboolean low = alarm->row.kind == TWIN_ALARM_LOW;

  if (!alarm->row.active || isnan (value))
    return;
  if (isnan (alarm->row.peak) ||
      (low ? value < alarm->row.peak : value > alarm->row.peak))
    alarm->row.peak = value;
}

/* Beyond the limit; while active until it is back by more than the deadband. */
static gboolean
is_beyond (const TwinAlarm *alarm, double value)
{
  const double over = alarm->row.kind == TWIN_ALARM_LOW
                          ? alarm->row.limit - value
                          : value - alarm->row.limit;

  if (alarm->row.active && alarm->deadband > 0)
    return over > -alarm->deadband;
  return over >= 0;
}

gboolean
twin_alarm_table_input_value (TwinAlarmTable *self,
                              const char     *source,
                              const char     *condition,
                              double          value,
                              int64_t         time_us)
{
  TwinAlarm *alarm;

  if (isnan (value))
    return FALSE;
  alarm = accept (self, source, condition, time_us);
  if (alarm == NULL ||
      (alarm->row.kind != TWIN_ALARM_HIGH && alarm->row.kind != TWIN_ALARM_LOW))
    return FALSE;

  alarm->input_us = time_us;
  alarm->row.value = value;
  note_peak (alarm, value);
  demand (alarm, is_beyond (alarm, value), time_us);
  run (self, alarm, time_us);
  return TRUE;
}

gboolean
twin_alarm_table_input_finding (TwinAlarmTable         *self,
                                const char             *source,
                                const char             *condition,
                                const TwinAlarmFinding *finding,
                                int64_t                 time_us)
{
  TwinAlarm *alarm = accept (self, source, condition, time_us);
  int        priority;

  if (alarm == NULL || (alarm->row.kind != TWIN_ALARM_BOOLEAN &&
                        alarm->row.kind != TWIN_ALARM_STALE))
    return FALSE;

  if (alarm->row.kind == TWIN_ALARM_STALE)
    {
      /* The age goes on from the newest fresh value. */
      if (finding->active && alarm->input_us == TWIN_TIME_NONE)
        alarm->input_us = time_us;
    }
  else
    {
      alarm->input_us = time_us;
      alarm->row.value = finding->value;
      note_peak (alarm, finding->value);
    }

  if (finding->active)
    {
      priority = finding->priority >= 1 && finding->priority <= 4
                     ? finding->priority
                     : alarm->priority;
      twin_alarm_text_set (&alarm->row.why, finding->why);
      twin_alarm_text_set (&alarm->row.advice, finding->advice != NULL
                                                   ? finding->advice
                                                   : alarm->advice);
      if (!alarm->row.active)
        alarm->row.priority = priority;
      else if (priority != alarm->row.priority)
        twin_alarm_machine_escalate (self, alarm, priority, time_us);
    }
  demand (alarm, finding->active, time_us);
  run (self, alarm, time_us);
  return TRUE;
}

gboolean
twin_alarm_table_input_fresh (TwinAlarmTable *self,
                              const char     *source,
                              const char     *condition,
                              int64_t         time_us)
{
  TwinAlarm *alarm = accept (self, source, condition, time_us);

  if (alarm == NULL || alarm->row.kind != TWIN_ALARM_STALE)
    return FALSE;

  alarm->input_us = time_us;
  demand (alarm, FALSE, time_us);
  run (self, alarm, time_us);
  if (!alarm->row.active)
    alarm->row.value = NAN;
  return TRUE;
}

gboolean
twin_alarm_table_set_stale (TwinAlarmTable *self,
                            const char     *source,
                            const char     *condition,
                            gboolean        stale,
                            int64_t         now_us)
{
  TwinAlarm *alarm = find (self, source, condition);

  if (alarm == NULL)
    return FALSE;
  if (alarm->row.stale == stale)
    return TRUE;

  if (stale)
    run (self, alarm, now_us);
  alarm->row.stale = stale;
  if (alarm->demand != alarm->row.active)
    alarm->demand_us = now_us;
  return TRUE;
}

void
twin_alarm_table_advance (TwinAlarmTable *self, int64_t now_us)
{
  for (guint i = 0; i < self->order->len; i++)
    run (self, g_ptr_array_index (self->order, i), now_us);
  twin_alarm_metrics_advance (self, now_us);
}

int64_t
twin_alarm_table_next_due (TwinAlarmTable *self)
{
  int64_t next = twin_alarm_metrics_next_due (self);

  for (guint i = 0; i < self->order->len; i++)
    {
      const TwinAlarm *alarm = g_ptr_array_index (self->order, i);

      next = MIN (next, MIN (due (alarm), silence_due (alarm)));
      if (alarm->shelved)
        next = MIN (next, alarm->row.shelved_until_us);
    }
  return next;
}

/* --- acting and reading
 * -------------------------------------------------------- */

gboolean
twin_alarm_table_act (TwinAlarmTable        *self,
                      const char            *source,
                      const char            *condition,
                      const TwinAlarmAction *action,
                      int64_t                now_us,
                      GError               **error)
{
  TwinAlarm *alarm = find (self, source, condition);

  if (alarm == NULL)
    {
      g_set_error (error, TWIN_ALARM_ERROR, TWIN_ALARM_ERROR_NOT_FOUND,
                   "%s has no alarm “%s”", source, condition);
      return FALSE;
    }

  run (self, alarm, now_us);
  return twin_alarm_machine_act (self, alarm, action, now_us, error);
}

const TwinAlarmRow *
twin_alarm_table_lookup (TwinAlarmTable *self,
                         const char     *source,
                         const char     *condition)
{
  const TwinAlarm *alarm = find (self, source, condition);

  return alarm != NULL ? &alarm->row : NULL;
}

void
twin_alarm_table_foreach (TwinAlarmTable *self, TwinAlarmFunc func, void *data)
{
  for (guint i = 0; i < self->order->len; i++)
    func (&((const TwinAlarm *) g_ptr_array_index (self->order, i))->row, data);
}

GPtrArray *
twin_alarm_table_take_transitions (TwinAlarmTable *self)
{
  GPtrArray *taken = self->transitions;

  if (taken->len == 0)
    return NULL;
  self->transitions = new_transitions ();
  return taken;
}

const TwinAlarmRow *
twin_alarm_table_find_worst (TwinAlarmTable *self,
                             const char     *source,
                             const char     *except)
{
  const GPtrArray    *alarms = g_hash_table_lookup (self->by_source, source);
  const TwinAlarmRow *worst = NULL;

  for (guint i = 0; alarms != NULL && i < alarms->len; i++)
    {
      const TwinAlarm *alarm = g_ptr_array_index (alarms, i);

      if (alarm->row.state != TWIN_ALARM_UNACKNOWLEDGED &&
          alarm->row.state != TWIN_ALARM_ACKNOWLEDGED)
        continue;
      if (except != NULL && strcmp (alarm->row.condition, except) == 0)
        continue;
      if (worst == NULL || alarm->row.priority < worst->priority)
        worst = &alarm->row;
    }
  return worst;
}

int
twin_alarm_table_worst (TwinAlarmTable *self, const char *source)
{
  const TwinAlarmRow *worst = twin_alarm_table_find_worst (self, source, NULL);

  return worst != NULL ? worst->priority : 0;
}
