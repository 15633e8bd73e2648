/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-alarm.h"

#include <math.h>

#include "twin-alarm-private.h"

static const char *const state_names[TWIN_ALARM_N_STATES] = {
  [TWIN_ALARM_NORMAL] = "normal",
  [TWIN_ALARM_UNACKNOWLEDGED] = "unacknowledged",
  [TWIN_ALARM_ACKNOWLEDGED] = "acknowledged",
  [TWIN_ALARM_RETURNED] = "returned",
  [TWIN_ALARM_LATCHED] = "latched",
  [TWIN_ALARM_SHELVED] = "shelved",
  [TWIN_ALARM_SUPPRESSED] = "suppressed",
  [TWIN_ALARM_OUT_OF_SERVICE] = "out of service",
};

static const char *const event_names[TWIN_ALARM_N_EVENTS] = {
  [TWIN_ALARM_RAISE] = "raise",
  [TWIN_ALARM_RETURN] = "return",
  [TWIN_ALARM_ACKNOWLEDGE] = "acknowledge",
  [TWIN_ALARM_RESET] = "reset",
  [TWIN_ALARM_SHELVE] = "shelve",
  [TWIN_ALARM_UNSHELVE] = "unshelve",
  [TWIN_ALARM_SUPPRESS] = "suppress",
  [TWIN_ALARM_UNSUPPRESS] = "unsuppress",
  [TWIN_ALARM_REMOVE_FROM_SERVICE] = "remove from service",
  [TWIN_ALARM_RETURN_TO_SERVICE] = "return to service",
  [TWIN_ALARM_CHANGE] = "change",
  [TWIN_ALARM_FORGET] = "forget",
};

const char *
twin_alarm_state_name (TwinAlarmState state)
{
  g_return_val_if_fail ((unsigned) state < TWIN_ALARM_N_STATES, "");

  return state_names[state];
}

const char *
twin_alarm_event_name (TwinAlarmEvent event)
{
  g_return_val_if_fail ((unsigned) event < TWIN_ALARM_N_EVENTS, "");

  return event_names[event];
}

gboolean
twin_alarm_state_from_name (const char *name, TwinAlarmState *state)
{
  for (int i = 0; i < TWIN_ALARM_N_STATES; i++)
    if (g_strcmp0 (name, state_names[i]) == 0)
      {
        *state = i;
        return TRUE;
      }
  return FALSE;
}

/* --- rows own their strings inside of the library ---------------------------
 */

static const size_t text_members[] = {
  G_STRUCT_OFFSET (TwinAlarmRow, source),
  G_STRUCT_OFFSET (TwinAlarmRow, condition),
  G_STRUCT_OFFSET (TwinAlarmRow, machine),
  G_STRUCT_OFFSET (TwinAlarmRow, name),
  G_STRUCT_OFFSET (TwinAlarmRow, unit),
  G_STRUCT_OFFSET (TwinAlarmRow, why),
  G_STRUCT_OFFSET (TwinAlarmRow, advice),
  G_STRUCT_OFFSET (TwinAlarmRow, note),
  G_STRUCT_OFFSET (TwinAlarmRow, note_by),
};

void
twin_alarm_row_own (TwinAlarmRow *row)
{
  for (size_t i = 0; i < G_N_ELEMENTS (text_members); i++)
    {
      char **text = G_STRUCT_MEMBER_P (row, text_members[i]);

      *text = g_strdup (*text);
    }
}

void
twin_alarm_row_clear (TwinAlarmRow *row)
{
  for (size_t i = 0; i < G_N_ELEMENTS (text_members); i++)
    g_clear_pointer ((char **) G_STRUCT_MEMBER_P (row, text_members[i]),
                     g_free);
}

gboolean
twin_alarm_text_set (const char **member, const char *text)
{
  if (g_strcmp0 (*member, text) == 0)
    return FALSE;

  /* @text may be a part of what goes. */
  char *copy = g_strdup (text);

  g_free ((char *) *member);
  *member = copy;
  return TRUE;
}

TwinAlarmTransition *
twin_alarm_transition_ref (TwinAlarmTransition *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

void
twin_alarm_transition_unref (TwinAlarmTransition *self)
{
  if (!g_atomic_int_dec_and_test (&self->refs))
    return;

  twin_alarm_row_clear (&self->after);
  g_free ((char *) self->who);
  g_free ((char *) self->note);
  g_free (self);
}

/* --- texts
 * -------------------------------------------------------------------- */

/* SenML's unit as a person writes it. */
static const char *
display_unit (const char *unit)
{
  static const char *const units[][2] = {
    { "Cel", "°C" },   { "1/min", "rpm" }, { "m/s2", "m/s²" }, { "/", "" },
    { "%RH", "% RH" }, { "Ohm", "Ω" },     { "deg", "°" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_strcmp0 (unit, units[i][0]) == 0)
      return units[i][1];
  return unit != NULL ? unit : "";
}

static char *
format_number (double number)
{
  const double size = fabs (number);

  if (size != 0 && (size < 0.001 || size >= 1e7))
    return g_strdup_printf ("%.3g", number);
  if (size >= 1000)
    return g_strdup_printf ("%.0f", number);
  return g_strdup_printf ("%.3g", number);
}

static char *
format_age (double seconds)
{
  if (seconds < 120)
    return g_strdup_printf ("%.0f s", seconds);
  if (seconds < 7200)
    return g_strdup_printf ("%.0f min", floor (seconds / 60));
  if (seconds < 48 * 3600)
    return g_strdup_printf ("%.0f h", floor (seconds / 3600));
  return g_strdup_printf ("%.0f d", floor (seconds / 86400));
}

static char *
with_unit (const char *before, double number, const char *unit)
{
  g_autofree char *text = format_number (number);
  const char      *shown = display_unit (unit);

  return g_strdup_printf ("%s%s%s%s", before, text, *shown != '\0' ? " " : "",
                          shown);
}

char *
twin_alarm_format_value (const TwinAlarmRow *row)
{
  if (isnan (row->value))
    return NULL;
  if (row->kind == TWIN_ALARM_STALE)
    return format_age (row->value);
  return with_unit (row->kind == TWIN_ALARM_BOOLEAN && row->unit == NULL ? "z "
                                                                         : "",
                    row->value, row->unit);
}

char *
twin_alarm_format_limit (const TwinAlarmRow *row)
{
  g_autofree char *age = NULL;

  if (isnan (row->limit))
    return NULL;

  switch (row->kind)
    {
    case TWIN_ALARM_STALE:
      age = format_age (row->limit);
      return g_strconcat ("> ", age, NULL);
    case TWIN_ALARM_LOW:
      return with_unit ("≤ ", row->limit, row->unit);
    case TWIN_ALARM_HIGH:
    case TWIN_ALARM_BOOLEAN:
      return with_unit ("≥ ", row->limit, row->unit);
    }
  return NULL;
}
