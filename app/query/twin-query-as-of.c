/* SPDX-License-Identifier: Apache-2.0 */
/* AS OF 'time': the whole question at a time that is over.
 *
 * The tables "twin" and "relationship" of the SELECT are then the versions
 * valid at that time, those of models too; signals, ages, states and
 * predictions are those known up to it. What a group is, is as it is now; who
 * is in it by its query, as of then.
 */
#include <string.h>

#include "twin-clock.h"
#include "twin-query-function.h"

/* --- the time ------------------------------------------------------------ */

typedef struct
{
  const char *text;
  size_t      at;
} Reader;

/* @n digits, as a number up to @most; FALSE: self->at is where it is wrong. */
static gboolean
read_digits (Reader *self, int n, int least, int most, int *number)
{
  const size_t begin = self->at;

  *number = 0;
  for (int i = 0; i < n; i++, self->at++)
    {
      if (!g_ascii_isdigit (self->text[self->at]))
        return FALSE;
      *number = *number * 10 + (self->text[self->at] - '0');
    }
  if (*number >= least && *number <= most)
    return TRUE;

  self->at = begin;
  return FALSE;
}

static gboolean
read_sign (Reader *self, char sign)
{
  if (self->text[self->at] != sign)
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
read_date (Reader *self, int date[3])
{
  static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  if (!read_digits (self, 4, 1970, 9999, &date[0]) || !read_sign (self, '-') ||
      !read_digits (self, 2, 1, 12, &date[1]) || !read_sign (self, '-'))
    return FALSE;
  return read_digits (self, 2, 1,
                      date[1] == 2 && !g_date_is_leap_year (date[0])
                          ? 28
                          : days[date[1] - 1],
                      &date[2]);
}

/* "hh:mm", "hh:mm:ss", "hh:mm:ss.ffffff" in µs. */
static gboolean
read_clock (Reader *self, gint64 *us)
{
  int    hour, minute, second = 0;
  gint64 unit = TWIN_US_PER_S;

  if (!read_digits (self, 2, 0, 23, &hour) || !read_sign (self, ':') ||
      !read_digits (self, 2, 0, 59, &minute))
    return FALSE;
  if (read_sign (self, ':') && !read_digits (self, 2, 0, 59, &second))
    return FALSE;

  *us = ((gint64) hour * 3600 + minute * 60 + second) * TWIN_US_PER_S;
  if (!read_sign (self, '.'))
    return TRUE;
  if (!g_ascii_isdigit (self->text[self->at]))
    return FALSE;
  for (; g_ascii_isdigit (self->text[self->at]); self->at++)
    {
      unit /= 10;
      *us += unit * (self->text[self->at] - '0');
    }
  return TRUE;
}

/* "Z", "+hh:mm" or "-hhmm" in µs east of UTC. */
static gboolean
read_zone (Reader *self, gint64 *us)
{
  const gboolean west = self->text[self->at] == '-';
  int            hour, minute;

  *us = 0;
  if (read_sign (self, 'Z') || read_sign (self, 'z'))
    return TRUE;
  if (!west && self->text[self->at] != '+')
    return FALSE;
  self->at++;
  if (!read_digits (self, 2, 0, 14, &hour))
    return FALSE;
  read_sign (self, ':');
  if (!read_digits (self, 2, 0, 59, &minute))
    return FALSE;
  *us = ((gint64) hour * 60 + minute) * 60 * TWIN_US_PER_S * (west ? -1 : 1);
  return TRUE;
}

/* FALSE: @reader->at is the first character that does not fit. */
static gboolean
read_time (Reader *reader, gint64 *us)
{
  g_autoptr (GDateTime) day = NULL;
  int    date[3];
  gint64 clock = 0, zone = 0;

  if (!read_date (reader, date))
    return FALSE;
  if (reader->text[reader->at] != '\0')
    {
      if (reader->text[reader->at] != 'T' && reader->text[reader->at] != 't' &&
          reader->text[reader->at] != ' ')
        return FALSE;
      reader->at++;
      if (!read_clock (reader, &clock) || !read_zone (reader, &zone) ||
          reader->text[reader->at] != '\0')
        return FALSE;
    }

  day = g_date_time_new_utc (date[0], date[1], date[2], 0, 0, 0);
  *us = g_date_time_to_unix (day) * TWIN_US_PER_S + clock - zone;
  return TRUE;
}

static gboolean
settle_time (const TwinQuery *query, TwinPlan *plan)
{
  const TwinExpr *time = twin_plan_settle (plan, query->as_of);
  Reader          reader = { time->text, 0 };
  size_t          offset = query->as_of->offset;

  if (time->kind != TWIN_EXPR_STRING)
    {
      twin_plan_fail (plan, offset, TWIN_QUERY_ERROR_PARAMETER,
                      "AS OF needs a time in quotes, such as "
                      "'2026-05-01T10:00Z'");
      return FALSE;
    }
  if (read_time (&reader, &plan->as_of_us))
    return TRUE;

  /* A parameter has no such place in the text. */
  if (query->as_of->kind == TWIN_EXPR_STRING)
    offset += 1 + reader.at;
  twin_plan_fail (plan, offset, TWIN_QUERY_ERROR_SYNTAX,
                  "“%s” is no time: write '2026-05-01', '2026-05-01T10:00Z' "
                  "or '2026-05-01T12:00:30.5+02:00'",
                  time->text);
  return FALSE;
}

/* --- the tables ---------------------------------------------------------- */

/* "name AS NOT MATERIALIZED (current UNION ALL past)": the name hides that of
 * the table for the whole SELECT, subselects too. */
static void
append_table (TwinPlan *plan, const char *name, const char *columns)
{
  g_string_append_printf (plan->sql,
                          "%s AS NOT MATERIALIZED (SELECT %s FROM main.%s "
                          "WHERE updated_us <= ",
                          name, columns, name);
  twin_plan_bind_integer (plan, plan->as_of_us);
  g_string_append_printf (plan->sql,
                          " UNION ALL SELECT %s FROM main.%s_past WHERE "
                          "ended_us > ",
                          columns, name);
  twin_plan_bind_integer (plan, plan->as_of_us);
  g_string_append (plan->sql, " AND updated_us <= ");
  twin_plan_bind_integer (plan, plan->as_of_us);
  g_string_append_c (plan->sql, ')');
}

void
twin_query_live_begin (const TwinQuery *query, TwinPlan *plan)
{
  if (query->within != NULL && query->as_of != NULL)
    {
      twin_plan_fail (plan, query->as_of->offset, TWIN_QUERY_ERROR_NAME,
                      "the query of a group cannot ask AS OF");
      return;
    }
  if (query->within != NULL)
    {
      /* Inside of the SELECT that has the tables. */
      plan->as_of_us = query->within_us;
      return;
    }
  if (query->as_of == NULL || !settle_time (query, plan))
    return;

  plan->now_us = plan->as_of_us;
  g_string_append (plan->sql, "WITH ");
  append_table (plan, "twin",
                "id, model, display_name, lifecycle, props, etag, created_us, "
                "updated_us, tags");
  g_string_append (plan->sql, ", ");
  append_table (plan, "relationship",
                "source, id, name, target, props, etag, updated_us");
  g_string_append_c (plan->sql, ' ');
}
