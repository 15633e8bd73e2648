/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-alarm-metrics.h"

#include "twin-alarm-private.h"

#define DAY_US (INT64_C (86400) * TWIN_US_PER_S)

static TwinAlarmRaise *
raise_at (const TwinAlarmTable *self, guint i)
{
  return &g_array_index (self->raises, TwinAlarmRaise, i);
}

void
twin_alarm_metrics_free_flood (void *data)
{
  TwinAlarmFloodGroup *group = data;

  g_free (group->first_source);
  g_free (group->first_condition);
  g_free (group->first_name);
  g_free (group);
}

/* Keeps them by time; nearly always the newest. */
static guint
insert_raise (TwinAlarmTable *self, const TwinAlarmRaise *raise)
{
  guint at = self->raises->len;

  while (at > 0 && raise_at (self, at - 1)->time_us > raise->time_us)
    at--;
  g_array_insert_vals (self->raises, at, raise, 1);
  return at;
}

/* Index of the first raise within ten minutes before @now_us. */
static guint
window_begin (const TwinAlarmTable *self, int64_t now_us)
{
  guint i = self->raises->len;

  while (i > 0 &&
         raise_at (self, i - 1)->time_us > now_us - TWIN_ALARM_WINDOW_US)
    i--;
  return i;
}

static TwinAlarmFloodGroup *
open_flood (TwinAlarmTable *self)
{
  TwinAlarmFloodGroup *group;

  if (self->floods->len == 0)
    return NULL;
  group = g_ptr_array_index (self->floods, self->floods->len - 1);
  return group->ended_us == TWIN_TIME_NONE ? group : NULL;
}

static void
join (TwinAlarmFloodGroup *group, TwinAlarmRaise *raise)
{
  raise->flood = group->id;
  group->count++;
  if (raise->alarm != NULL)
    raise->alarm->row.flood = group->id;
}

static void
begin_flood (TwinAlarmTable *self, guint first)
{
  TwinAlarmFloodGroup  *group = g_new0 (TwinAlarmFloodGroup, 1);
  const TwinAlarmRaise *raise = raise_at (self, first);

  group->id = ++self->n_floods;
  group->began_us = raise->time_us;
  group->ended_us = TWIN_TIME_NONE;
  if (raise->alarm != NULL)
    {
      group->first_source = g_strdup (raise->alarm->row.source);
      group->first_condition = g_strdup (raise->alarm->row.condition);
      group->first_name = g_strdup (raise->alarm->row.name);
    }
  for (guint i = first; i < self->raises->len; i++)
    join (group, raise_at (self, i));
  g_ptr_array_add (self->floods, group);
}

void
twin_alarm_metrics_raised (TwinAlarmTable *self,
                           TwinAlarm      *alarm,
                           int64_t         time_us)
{
  const TwinAlarmRaise raise = { time_us, -1, 0, alarm };
  TwinAlarmFloodGroup *group;
  guint                at, first;

  twin_alarm_metrics_advance (self, time_us);
  alarm->row.flood = 0;
  at = insert_raise (self, &raise);
  group = open_flood (self);
  if (group != NULL)
    {
      join (group, raise_at (self, at));
      return;
    }

  first = window_begin (self, time_us);
  while (first < self->raises->len && raise_at (self, first)->flood != 0)
    first++;
  if (self->raises->len - first >= TWIN_ALARM_FLOOD_BEGINS)
    begin_flood (self, first);
}

void
twin_alarm_metrics_acknowledged (TwinAlarmTable *self,
                                 TwinAlarm      *alarm,
                                 int64_t         time_us)
{
  for (guint i = self->raises->len; i > 0; i--)
    {
      TwinAlarmRaise *raise = raise_at (self, i - 1);

      if (raise->alarm == alarm)
        {
          if (raise->ack_us < 0)
            raise->ack_us = MAX (time_us - raise->time_us, 0);
          return;
        }
    }
}

void
twin_alarm_metrics_forget (TwinAlarmTable *self, TwinAlarm *alarm)
{
  for (guint i = 0; i < self->raises->len; i++)
    if (raise_at (self, i)->alarm == alarm)
      raise_at (self, i)->alarm = NULL;
}

/* When an open flood has run dry: its fifth newest raise is 10 min old. */
static int64_t
flood_due (const TwinAlarmTable *self)
{
  const guint n = self->raises->len;

  if (n < TWIN_ALARM_FLOOD_ENDS)
    return G_MININT64;
  return raise_at (self, n - TWIN_ALARM_FLOOD_ENDS)->time_us +
         TWIN_ALARM_WINDOW_US;
}

void
twin_alarm_metrics_advance (TwinAlarmTable *self, int64_t now_us)
{
  TwinAlarmFloodGroup *group = open_flood (self);
  guint                old = 0;

  if (group != NULL && flood_due (self) <= now_us)
    group->ended_us = MAX (flood_due (self), group->began_us);

  while (old < self->raises->len &&
         raise_at (self, old)->time_us <= now_us - DAY_US)
    old++;
  if (old > 0)
    g_array_remove_range (self->raises, 0, old);

  while (self->floods->len > 0)
    {
      const TwinAlarmFloodGroup *oldest = g_ptr_array_index (self->floods, 0);

      if (oldest->ended_us == TWIN_TIME_NONE ||
          oldest->ended_us > now_us - DAY_US)
        break;
      g_ptr_array_remove_index (self->floods, 0);
    }
}

int64_t
twin_alarm_metrics_next_due (TwinAlarmTable *self)
{
  return open_flood (self) != NULL ? flood_due (self) : G_MAXINT64;
}

void
twin_alarm_table_restore_raise (TwinAlarmTable *self,
                                int64_t         time_us,
                                int64_t         ack_us)
{
  const TwinAlarmRaise raise = { time_us, ack_us, 0, NULL };

  insert_raise (self, &raise);
}

/* --- reading
 * ------------------------------------------------------------------- */

static int
compare_times (const void *a, const void *b)
{
  const int64_t x = *(const int64_t *) a;
  const int64_t y = *(const int64_t *) b;

  return x < y ? -1 : x > y;
}

static void
count_raises (const TwinAlarmTable *self,
              int64_t               now_us,
              TwinAlarmMetrics     *metrics)
{
  g_autoptr (GArray) acks = g_array_new (FALSE, FALSE, sizeof (int64_t));
  unsigned total = 0;

  for (guint i = 0; i < self->raises->len; i++)
    {
      const TwinAlarmRaise *raise = raise_at (self, i);
      const int64_t         age = MAX (now_us - raise->time_us, 0);

      if (age >= DAY_US)
        continue;
      metrics->slots[TWIN_ALARM_N_SLOTS - 1 - age / TWIN_ALARM_WINDOW_US]++;
      total++;
      if (raise->ack_us >= 0)
        g_array_append_val (acks, raise->ack_us);
    }

  metrics->last_10_min = metrics->slots[TWIN_ALARM_N_SLOTS - 1];
  metrics->mean_24_h = (double) total / TWIN_ALARM_N_SLOTS;
  metrics->median_ack_us = metrics->slowest_ack_us = -1;
  if (acks->len > 0)
    {
      g_array_sort (acks, compare_times);
      metrics->median_ack_us = g_array_index (acks, int64_t, acks->len / 2);
      metrics->slowest_ack_us = g_array_index (acks, int64_t, acks->len - 1);
    }
}

static void
count_alarm (const TwinAlarm *alarm, int64_t now_us, TwinAlarmMetrics *metrics)
{
  const TwinAlarmRow *row = &alarm->row;

  switch (row->state)
    {
    case TWIN_ALARM_UNACKNOWLEDGED:
    case TWIN_ALARM_ACKNOWLEDGED:
      metrics->active[0]++;
      metrics->active[row->priority]++;
      metrics->standing += now_us - row->since_us > DAY_US;
      metrics->unacknowledged += row->state == TWIN_ALARM_UNACKNOWLEDGED;
      break;
    case TWIN_ALARM_RETURNED:
      metrics->unacknowledged++;
      break;
    case TWIN_ALARM_LATCHED:
      metrics->unacknowledged += !row->acknowledged;
      break;
    case TWIN_ALARM_SHELVED:
      metrics->shelved++;
      if (metrics->next_unshelve_us == TWIN_TIME_NONE ||
          row->shelved_until_us < metrics->next_unshelve_us)
        metrics->next_unshelve_us = row->shelved_until_us;
      break;
    case TWIN_ALARM_SUPPRESSED:
      metrics->suppressed++;
      break;
    case TWIN_ALARM_OUT_OF_SERVICE:
      metrics->out_of_service++;
      break;
    case TWIN_ALARM_NORMAL:
    case TWIN_ALARM_N_STATES:
      break;
    }
}

void
twin_alarm_table_get_metrics (TwinAlarmTable   *self,
                              int64_t           now_us,
                              TwinAlarmMetrics *metrics)
{
  *metrics = (TwinAlarmMetrics){ .next_unshelve_us = TWIN_TIME_NONE };
  count_raises (self, now_us, metrics);
  for (guint i = 0; i < self->order->len; i++)
    count_alarm (g_ptr_array_index (self->order, i), now_us, metrics);
}

gboolean
twin_alarm_table_get_flood (TwinAlarmTable *self,
                            int64_t         now_us,
                            TwinAlarmFlood *flood)
{
  const TwinAlarmFloodGroup *group;

  twin_alarm_metrics_advance (self, now_us);
  if (self->floods->len == 0)
    return FALSE;

  group = g_ptr_array_index (self->floods, self->floods->len - 1);
  *flood = (TwinAlarmFlood){ .id = group->id,
                             .began_us = group->began_us,
                             .ended_us = group->ended_us,
                             .count = group->count,
                             .first_source = group->first_source,
                             .first_condition = group->first_condition,
                             .first_name = group->first_name };
  for (guint i = 0; i < self->order->len; i++)
    {
      const TwinAlarm *alarm = g_ptr_array_index (self->order, i);

      flood->active += alarm->row.active && alarm->row.flood == group->id;
    }
  return TRUE;
}
