/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-machine-words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define HOUR_S 3600.0
#define DAY_S 86400.0

char *
twin_words_dup_date (int64_t time_us, int64_t now_us)
{
  g_autoptr (GDateTime) time = NULL;

  if (time_us == TWIN_TIME_NONE)
    return NULL;

  time = g_date_time_new_from_unix_local (time_us / TWIN_US_PER_S);
  if (time == NULL)
    return NULL;

  if (ABS (time_us - now_us) < (int64_t) (2 * DAY_S) * TWIN_US_PER_S)
    return g_date_time_format (time, _ ("%a %-d %b %H:%M"));

  if (ABS (time_us - now_us) > (int64_t) (300 * DAY_S) * TWIN_US_PER_S)
    return g_date_time_format (time, _ ("%-d %b %Y"));

  return g_date_time_format (time, _ ("%a %-d %b"));
}

typedef struct
{
  double      at_least_s;
  double      length_s;
  const char *format;
} SpanUnit;

static const SpanUnit span_units[] = {
  { 2 * DAY_S, DAY_S, N_ ("%.0f d") },
  { 2 * HOUR_S, HOUR_S, N_ ("%.0f h") },
  { 0, 60, N_ ("%.0f min") },
};

static const SpanUnit *
unit_of (double seconds)
{
  for (gsize i = 0; i + 1 < G_N_ELEMENTS (span_units); i++)
    {
      if (seconds >= span_units[i].at_least_s)
        return &span_units[i];
    }

  return &span_units[G_N_ELEMENTS (span_units) - 1];
}

char *
twin_words_dup_span (double seconds)
{
  const SpanUnit *unit = unit_of (seconds);

  if (!isfinite (seconds))
    return g_strdup ("–");

  return g_strdup_printf (_ (unit->format), seconds / unit->length_s);
}

char *
twin_words_dup_range (double from_s, double to_s)
{
  const SpanUnit  *unit = unit_of (to_s);
  g_autofree char *end = twin_words_dup_span (to_s);

  if (!isfinite (from_s) || !isfinite (to_s))
    return g_strdup ("–");

  return g_strdup_printf ("%.0f–%s", from_s / unit->length_s, end);
}

double
twin_words_failure_chance (const double quantiles_s[5], double after_s)
{
  static const double chances[] = { 0.05, 0.25, 0.50, 0.75, 0.95 };
  double              before_s = 0, before = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (chances); i++)
    {
      if (isnan (quantiles_s[i]))
        return NAN;

      if (after_s <= quantiles_s[i])
        return quantiles_s[i] > before_s
                   ? before + (chances[i] - before) *
                                  MAX (0, after_s - before_s) /
                                  (quantiles_s[i] - before_s)
                   : chances[i];

      before_s = quantiles_s[i];
      before = chances[i];
    }

  return 0.95;
}

typedef struct
{
  const char *verdict;
  const char *family;
  const char *words;
} Verdict;

static const Verdict verdicts[] = {
  { "outer", "BPFO", N_ ("Outer race") },
  { "inner", "BPFI", N_ ("Inner race") },
  { "ball", "2×BSF", N_ ("Rolling element") },
  { "cage", "FTF", N_ ("Cage") },
  { "none", NULL, N_ ("No bearing-fault signature found") },
  { "inconclusive", NULL, N_ ("Not decided") },
};

static const Verdict *
find_verdict (const char *name)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (verdicts); i++)
    {
      if (strcmp (verdicts[i].verdict, name) == 0)
        return &verdicts[i];
    }

  return NULL;
}

const char *
twin_words_family_of (const char *verdict)
{
  const Verdict *found = find_verdict (verdict);

  return found != NULL ? found->family : NULL;
}

const char *
twin_words_verdict (const char *verdict)
{
  const Verdict *found = find_verdict (verdict);

  if (found != NULL)
    return _ (found->words);

  return verdict != NULL ? verdict : _ ("Not examined yet");
}
