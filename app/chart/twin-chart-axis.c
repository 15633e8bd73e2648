/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-chart-axis.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

TwinChartAxis
twin_chart_axis (TwinChartScale scale, double min, double max)
{
  return (TwinChartAxis){ scale, min, max, 1.0 };
}

gboolean
twin_chart_axis_is_valid (const TwinChartAxis *axis)
{
  if (!isfinite (axis->min) || !isfinite (axis->max) || axis->max <= axis->min)
    return FALSE;

  if (!(axis->factor > 0) || !isfinite (axis->factor))
    return FALSE;

  return axis->scale != TWIN_CHART_SCALE_LOG || axis->min > 0;
}

double
twin_chart_axis_fraction (const TwinChartAxis *axis, double value)
{
  if (axis->scale == TWIN_CHART_SCALE_LOG)
    {
      if (!(value > 0))
        return NAN;

      return log (value / axis->min) / log (axis->max / axis->min);
    }

  return (value - axis->min) / (axis->max - axis->min);
}

double
twin_chart_axis_value (const TwinChartAxis *axis, double fraction)
{
  if (axis->scale == TWIN_CHART_SCALE_LOG)
    return axis->min * pow (axis->max / axis->min, fraction);

  return axis->min + fraction * (axis->max - axis->min);
}

/* 1, 2, 2.5 or 5 × 10ⁿ, the smallest not below @raw. */
static double
nice_step (double raw)
{
  static const double mantissas[] = { 1.0, 2.0, 2.5, 5.0, 10.0 };
  double              decade = pow (10.0, floor (log10 (raw)));

  for (gsize i = 0; i < G_N_ELEMENTS (mantissas); i++)
    {
      if (mantissas[i] * decade >= raw * (1.0 - 1e-9))
        return mantissas[i] * decade;
    }

  return 10.0 * decade;
}

/* How many decimals show every multiple of @step. */
static int
step_decimals (double step)
{
  int decimals = 0;

  while (decimals < 9 && fabs (step - round (step)) > step * 1e-6)
    {
      step *= 10.0;
      decimals++;
    }

  return decimals;
}

/* A typographic minus, as everything else on the screen is set. */
static void
put_minus (char *text, gsize size)
{
  gsize length = strlen (text);

  if (text[0] != '-' || length + 3 > size)
    return;

  memmove (text + 3, text + 1, length);
  memcpy (text, "\342\210\222", 3);
}

static void
format_number (char *text, gsize size, double value, double step)
{
  if (step < 1e-5 || fabs (value) >= 1e7)
    g_snprintf (text, size, "%.3g", value);
  else
    g_snprintf (text, size, "%'.*f", step_decimals (step), value);

  put_minus (text, size);
}

static gsize
linear_ticks (const TwinChartAxis *axis,
              gsize                wanted,
              TwinChartTick       *ticks,
              gsize                n_ticks)
{
  double min = axis->min * axis->factor;
  double max = axis->max * axis->factor;
  double step = nice_step ((max - min) / (double) wanted);
  double slack = step * 1e-6;
  gsize  n = 0;

  for (double k = ceil ((min - slack) / step); n < n_ticks; k += 1.0)
    {
      double value = k * step;

      if (value > max + slack)
        break;

      if (fabs (value) < slack)
        value = 0;

      ticks[n].value = value / axis->factor;
      ticks[n].major = TRUE;
      format_number (ticks[n].label, sizeof ticks[n].label, value, step);
      n++;
    }

  return n;
}

static void
format_decade (char *text, gsize size, int exponent)
{
  static const char *const digits[] = {
    "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹",
  };
  int magnitude = ABS (exponent);

  if (exponent >= -4 && exponent <= 4)
    {
      g_snprintf (text, size, "%'.*f", MAX (0, -exponent),
                  pow (10.0, exponent));
      return;
    }

  g_snprintf (text, size, "10%s%s%s", exponent < 0 ? "⁻" : "",
              magnitude >= 10 ? digits[magnitude / 10 % 10] : "",
              digits[magnitude % 10]);
}

static gsize
log_ticks (const TwinChartAxis *axis,
           gsize                wanted,
           TwinChartTick       *ticks,
           gsize                n_ticks)
{
  double min = axis->min * axis->factor;
  double max = axis->max * axis->factor;
  int    first = (int) floor (log10 (min) + 1e-9);
  int    last = (int) floor (log10 (max) + 1e-9);
  int    every = MAX (1, (int) ceil ((last - first + 1) / (double) wanted));
  /* Less than two decades would leave a single label. */
  gboolean dense = last - first < 2;
  gsize    n = 0;

  for (int e = first; e <= last; e++)
    {
      for (int m = 1; m < 10 && n < n_ticks; m++)
        {
          double         value = m * pow (10.0, e);
          TwinChartTick *tick = &ticks[n];

          if (value < min * (1 - 1e-9) || value > max * (1 + 1e-9))
            continue;

          if (m > 1 && every > 1)
            continue;

          tick->value = value / axis->factor;
          tick->major =
              m == 1 ? (e - first) % every == 0 : dense && (m == 2 || m == 5);
          tick->label[0] = '\0';
          if (tick->major && m == 1)
            format_decade (tick->label, sizeof tick->label, e);
          else if (tick->major)
            format_number (tick->label, sizeof tick->label, value, value);
          n++;
        }
    }

  return n;
}

/* Time -------------------------------------------------------------------- */

typedef enum
{
  UNIT_SECOND,
  UNIT_DAY,
  UNIT_MONTH,
  UNIT_YEAR,
} TimeUnit;

typedef struct
{
  TimeUnit unit;
  int      count;
  double   seconds; /* about */
} TimeStep;

#define DAY_S 86400.0

static const TimeStep time_steps[] = {
  { UNIT_SECOND, 1, 1 },
  { UNIT_SECOND, 2, 2 },
  { UNIT_SECOND, 5, 5 },
  { UNIT_SECOND, 10, 10 },
  { UNIT_SECOND, 15, 15 },
  { UNIT_SECOND, 30, 30 },
  { UNIT_SECOND, 60, 60 },
  { UNIT_SECOND, 120, 120 },
  { UNIT_SECOND, 300, 300 },
  { UNIT_SECOND, 600, 600 },
  { UNIT_SECOND, 900, 900 },
  { UNIT_SECOND, 1800, 1800 },
  { UNIT_SECOND, 3600, 3600 },
  { UNIT_SECOND, 7200, 7200 },
  { UNIT_SECOND, 10800, 10800 },
  { UNIT_SECOND, 21600, 21600 },
  { UNIT_SECOND, 43200, 43200 },
  { UNIT_DAY, 1, DAY_S },
  { UNIT_DAY, 2, 2 * DAY_S },
  { UNIT_DAY, 5, 5 * DAY_S },
  { UNIT_DAY, 7, 7 * DAY_S },
  { UNIT_DAY, 14, 14 * DAY_S },
  { UNIT_MONTH, 1, 30.4 * DAY_S },
  { UNIT_MONTH, 2, 61 * DAY_S },
  { UNIT_MONTH, 3, 91 * DAY_S },
  { UNIT_MONTH, 6, 183 * DAY_S },
  { UNIT_YEAR, 1, 365.25 * DAY_S },
  { UNIT_YEAR, 2, 2 * 365.25 * DAY_S },
  { UNIT_YEAR, 5, 5 * 365.25 * DAY_S },
  { UNIT_YEAR, 10, 10 * 365.25 * DAY_S },
  { UNIT_YEAR, 20, 20 * 365.25 * DAY_S },
  { UNIT_YEAR, 50, 50 * 365.25 * DAY_S },
};

static const TimeStep *
choose_step (double span, gsize wanted)
{
  for (gsize i = 0; i < G_N_ELEMENTS (time_steps); i++)
    {
      if (time_steps[i].seconds * (double) wanted >= span)
        return &time_steps[i];
    }

  return &time_steps[G_N_ELEMENTS (time_steps) - 1];
}

/* The last multiple of @step in local time at or before @start. */
static GDateTime *
first_tick (GDateTime *start, const TimeStep *step)
{
  int year, month, day;

  g_date_time_get_ymd (start, &year, &month, &day);

  if (step->unit == UNIT_SECOND)
    {
      int since_midnight = g_date_time_get_hour (start) * 3600 +
                           g_date_time_get_minute (start) * 60 +
                           g_date_time_get_second (start);
      g_autoptr (GDateTime) whole =
          g_date_time_add (start,
                           -(GTimeSpan) g_date_time_get_microsecond (start));

      return g_date_time_add_seconds (whole,
                                      -(double) (since_midnight % step->count));
    }

  if (step->unit == UNIT_DAY)
    {
      g_autoptr (GDateTime) midnight =
          g_date_time_new_local (year, month, day, 0, 0, 0);
      GDate *date = g_date_new_dmy ((GDateDay) day, month, (GDateYear) year);
      int past = (int) ((g_date_get_julian (date) - 1) % (guint) step->count);

      g_date_free (date);
      return g_date_time_add_days (midnight, -past);
    }

  if (step->unit == UNIT_MONTH)
    return g_date_time_new_local (year,
                                  1 + (month - 1) / step->count * step->count,
                                  1, 0, 0, 0);

  return g_date_time_new_local (MAX (1, year - year % step->count), 1, 1, 0, 0,
                                0);
}

static GDateTime *
next_tick (GDateTime *tick, const TimeStep *step)
{
  switch (step->unit)
    {
    case UNIT_SECOND:
      return g_date_time_add_seconds (tick, step->count);
    case UNIT_DAY:
      return g_date_time_add_days (tick, step->count);
    case UNIT_MONTH:
      return g_date_time_add_months (tick, step->count);
    case UNIT_YEAR:
    default:
      return g_date_time_add_years (tick, step->count);
    }
}

static void
format_time (TwinChartTick *tick, GDateTime *time, const TimeStep *step)
{
  gboolean midnight = g_date_time_get_hour (time) == 0 &&
                      g_date_time_get_minute (time) == 0 &&
                      g_date_time_get_second (time) == 0;
  const char      *format;
  g_autofree char *text = NULL;

  if (step->unit == UNIT_SECOND && !midnight)
    format = step->count < 60 ? "%H:%M:%S" : "%H:%M";
  else if (step->unit == UNIT_SECOND || step->unit == UNIT_DAY)
    /* Translators: a day on a time axis, "24 Nov". */
    format = _ ("%-d %b");
  else if (step->unit == UNIT_MONTH && g_date_time_get_month (time) != 1)
    format = "%b";
  else
    format = "%Y";

  text = g_date_time_format (time, format);
  g_strlcpy (tick->label, text != NULL ? text : "", sizeof tick->label);
}

static gsize
time_ticks (const TwinChartAxis *axis,
            gsize                wanted,
            TwinChartTick       *ticks,
            gsize                n_ticks)
{
  const TimeStep *step = choose_step (axis->max - axis->min, wanted);
  g_autoptr (GDateTime) utc =
      g_date_time_new_from_unix_utc ((gint64) floor (axis->min));
  g_autoptr (GDateTime) start = utc ? g_date_time_to_local (utc) : NULL;
  g_autoptr (GDateTime) tick = start ? first_tick (start, step) : NULL;
  gsize n = 0;

  /* The bound is generous: one tick may lie before the axis, few behind. */
  for (gsize i = 0; i < 4 * wanted + 8 && tick != NULL && n < n_ticks; i++)
    {
      double     value = (double) g_date_time_to_unix (tick);
      GDateTime *following;

      if (value > axis->max)
        break;

      if (value >= axis->min)
        {
          ticks[n].value = value;
          ticks[n].major = TRUE;
          format_time (&ticks[n], tick, step);
          n++;
        }

      following = next_tick (tick, step);
      g_date_time_unref (tick);
      tick = following;
    }

  return n;
}

gsize
twin_chart_axis_ticks (const TwinChartAxis *axis,
                       gsize                wanted,
                       TwinChartTick       *ticks,
                       gsize                n_ticks)
{
  g_return_val_if_fail (ticks != NULL, 0);

  if (!twin_chart_axis_is_valid (axis))
    return 0;

  wanted = MAX (2, wanted);

  switch (axis->scale)
    {
    case TWIN_CHART_SCALE_LOG:
      return log_ticks (axis, wanted, ticks, n_ticks);
    case TWIN_CHART_SCALE_TIME:
      return time_ticks (axis, wanted, ticks, n_ticks);
    case TWIN_CHART_SCALE_LINEAR:
    default:
      return linear_ticks (axis, wanted, ticks, n_ticks);
    }
}

void
twin_chart_axis_nice (double *min, double *max, gsize wanted)
{
  double step;

  if (!(*max > *min))
    {
      double half = *max != 0 ? fabs (*max) * 0.1 : 1.0;

      *min -= half;
      *max += half;
    }

  step = nice_step ((*max - *min) / (double) MAX (2, wanted));
  *min = floor (*min / step + 1e-9) * step;
  *max = ceil (*max / step - 1e-9) * step;
}

/* Moves the view [min, max] inside @full. */
static void
place (TwinChartAxis *axis, const TwinChartAxis *full, double min, double max)
{
  double span = max - min;

  if (span >= full->max - full->min)
    {
      min = full->min;
      max = full->max;
    }
  else if (min < full->min)
    {
      min = full->min;
      max = min + span;
    }
  else if (max > full->max)
    {
      max = full->max;
      min = max - span;
    }

  axis->min = min;
  axis->max = max;
}

void
twin_chart_axis_zoom (TwinChartAxis       *axis,
                      const TwinChartAxis *full,
                      double               fraction,
                      double               factor,
                      double               min_span)
{
  double span = axis->max - axis->min;
  double about = axis->min + fraction * span;
  double wanted = MAX (span * factor, min_span);

  place (axis, full, about - fraction * wanted,
         about + (1.0 - fraction) * wanted);
}

void
twin_chart_axis_pan (TwinChartAxis *axis, const TwinChartAxis *full, double by)
{
  double shift = by * (axis->max - axis->min);

  place (axis, full, axis->min + shift, axis->max + shift);
}

char *
twin_chart_format (double value, int digits)
{
  char text[64];
  int  decimals;

  if (isnan (value))
    return g_strdup ("—");

  if (!isfinite (value))
    return g_strdup (value > 0 ? "∞" : "−∞");

  if (value == 0)
    return g_strdup ("0");

  decimals = digits - 1 - (int) floor (log10 (fabs (value)));

  if (fabs (value) < 1e-5 || fabs (value) >= 1e9)
    g_snprintf (text, sizeof text, "%.*e", MAX (0, digits - 1), value);
  else
    g_snprintf (text, sizeof text, "%'.*f", CLAMP (decimals, 0, 9), value);

  put_minus (text, sizeof text);
  return g_strdup (text);
}

char *
twin_chart_format_age (double seconds)
{
  if (!isfinite (seconds))
    return g_strdup ("—");

  if (seconds < 10)
    return g_strdup_printf (_ ("%.1f s"), MAX (0, seconds));

  if (seconds < 90)
    return g_strdup_printf (_ ("%.0f s"), seconds);

  if (seconds < 90 * 60)
    return g_strdup_printf (_ ("%.0f min"), seconds / 60);

  if (seconds < 36 * 3600)
    return g_strdup_printf (_ ("%.0f h"), seconds / 3600);

  return g_strdup_printf (_ ("%.0f d"), seconds / DAY_S);
}
