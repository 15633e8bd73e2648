/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-clock.h"

#include <math.h>
#include <string.h>
#include <time.h>

static int64_t
read_clock (clockid_t id)
{
  struct timespec now;

  clock_gettime (id, &now);
  return (int64_t) now.tv_sec * TWIN_US_PER_S + now.tv_nsec / 1000;
}

int64_t
twin_clock_utc_us (void)
{
  return read_clock (CLOCK_REALTIME);
}

int64_t
twin_clock_monotonic_us (void)
{
  return read_clock (CLOCK_MONOTONIC);
}

int64_t
twin_clock_now_utc (const TwinClock *clock)
{
  if (clock != NULL && clock->utc_us != NULL)
    return clock->utc_us (clock->user_data);

  return twin_clock_utc_us ();
}

int64_t
twin_clock_now_monotonic (const TwinClock *clock)
{
  if (clock != NULL && clock->monotonic_us != NULL)
    return clock->monotonic_us (clock->user_data);

  return twin_clock_monotonic_us ();
}

int64_t
twin_clock_us_from_seconds (double seconds)
{
  if (!isfinite (seconds) || fabs (seconds) > 9.0e12)
    return TWIN_TIME_NONE;

  return llround (seconds * (double) TWIN_US_PER_S);
}

double
twin_clock_seconds_from_us (int64_t us)
{
  return (double) us / (double) TWIN_US_PER_S;
}

char *
twin_clock_format_utc (int64_t utc_us)
{
  int64_t s = utc_us / TWIN_US_PER_S;
  int64_t rest = utc_us % TWIN_US_PER_S;
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *seconds = NULL;

  if (rest < 0)
    {
      rest += TWIN_US_PER_S;
      s--;
    }

  date = g_date_time_new_from_unix_utc (s);
  if (date == NULL)
    return g_strdup ("unknown");

  seconds = g_date_time_format (date, "%Y-%m-%dT%H:%M:%S");
  return g_strdup_printf ("%s.%03dZ", seconds, (int) (rest / 1000));
}

gboolean
twin_clock_parse_utc (const char *text, int64_t *utc_us)
{
  const size_t     minutes = strlen ("2026-05-01T10:00");
  g_autofree char *whole = NULL;
  g_autoptr (GDateTime) date = NULL;

  /* GLib wants seconds, ISO 8601 does not: "2026-05-01T10:00Z". */
  if (strlen (text) > minutes && strchr ("Z+-", text[minutes]) != NULL)
    whole = g_strdup_printf ("%.*s:00%s", (int) minutes, text, text + minutes);
  date = g_date_time_new_from_iso8601 (whole != NULL ? whole : text, NULL);
  if (date == NULL)
    return FALSE;

  *utc_us = g_date_time_to_unix (date) * TWIN_US_PER_S +
            g_date_time_get_microsecond (date);
  return TRUE;
}
