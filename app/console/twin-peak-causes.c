/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-peak-causes.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bearing tones slip by up to 2 %, shaft and mains do not. */
#define SLIP 0.02
#define LINES_OFF 1.5
/* A line stands out at four times the median of its neighbours. */
#define STANDS_OUT 4.0
/* Further than this a multiple is not even mentioned as ruled out. */
#define MENTION_LINES 12.0

enum
{
  NEIGHBOURS = 40,
  MAX_MULTIPLE = 12,
};

static void
cause_clear (gpointer data)
{
  TwinPeakCause *cause = data;

  g_free (cause->title);
  g_free (cause->evidence);
  g_free (cause->family);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
median_around (const TwinBlockUpdate *block, size_t line)
{
  double values[2 * NEIGHBOURS + 1];
  size_t first = line > NEIGHBOURS ? line - NEIGHBOURS : 0;
  size_t last = MIN (line + NEIGHBOURS, block->n_lines - 1);
  size_t n = 0;

  for (size_t i = first; i <= last; i++)
    values[n++] = block->spectrum[i];

  qsort (values, n, sizeof values[0], compare_doubles);
  return values[n / 2];
}

/* Highest line within @reach lines of @hz, relative to its neighbourhood. */
static double
prominence (const TwinBlockUpdate *block, double hz, double reach)
{
  double position = hz / block->df_hz;
  double highest = 0, floor_of;
  size_t first, last;

  if (position + reach >= (double) block->n_lines || position < 1)
    return 0;

  first = (size_t) MAX (1.0, ceil (position - reach));
  last = (size_t) floor (position + reach);
  for (size_t i = first; i <= last && i < block->n_lines; i++)
    highest = MAX (highest, block->spectrum[i]);

  floor_of = median_around (block, (size_t) round (position));
  return floor_of > 0 ? highest / floor_of : 0;
}

/* What the peak itself says about where the tone really is: its frequency by
 * the multiple it is, so that slip is followed and not guessed. */
static guint
count_multiples (const TwinBlockUpdate *block, double f0_hz)
{
  guint n = 0;

  for (guint k = 1; k <= TWIN_PEAK_CAUSES_MULTIPLES; k++)
    n += prominence (block, k * f0_hz, LINES_OFF) >= STANDS_OUT ? 1 : 0;

  return n;
}

static const char *
describe_family (const char *family)
{
  static const struct
  {
    const char *family, *words;
  } names[] = {
    { "BPFO", N_ ("Outer-race defect") },
    { "BPFI", N_ ("Inner-race defect") },
    { "2×BSF", N_ ("Rolling-element defect") },
    { "FTF", N_ ("Cage") },
    { "Shaft", N_ ("Shaft: unbalance, misalignment, looseness") },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (strcmp (names[i].family, family) == 0)
        return _ (names[i].words);
    }

  return family;
}

static void
add_tone (GArray                *causes,
          const TwinBlockUpdate *block,
          const char            *family,
          double                 tone_hz,
          double                 hz)
{
  const gboolean slips = strcmp (family, "Shaft") != 0;
  const guint    k = (guint) MAX (1.0, round (hz / tone_hz));
  const double   off_hz = fabs (hz - k * tone_hz);
  const double   reach_hz =
      MAX (LINES_OFF * block->df_hz, slips ? SLIP * k * tone_hz : 0);
  TwinPeakCause cause = { 0 };
  guint         multiples;

  if (k > MAX_MULTIPLE || off_hz > reach_hz)
    return;

  multiples = count_multiples (block, hz / k);
  cause.title = g_strdup (describe_family (family));
  cause.evidence =
      g_strdup_printf (_ ("%u× %s, %.1f %% off; %u of %u multiples stand out"),
                       k, family, 100 * off_hz / (k * tone_hz), multiples,
                       TWIN_PEAK_CAUSES_MULTIPLES);
  cause.family = g_strdup (family);
  cause.score =
      (1 - 0.5 * off_hz / reach_hz) * multiples / TWIN_PEAK_CAUSES_MULTIPLES;
  g_array_append_val (causes, cause);
}

/* The mains couple in at twice their frequency and its multiples, exactly. */
static void
add_mains (GArray                *causes,
           const TwinBlockUpdate *block,
           double                 mains_hz,
           double                 hz)
{
  const guint   k = (guint) MAX (1.0, round (hz / mains_hz));
  const double  lines = fabs (hz - k * mains_hz) / block->df_hz;
  TwinPeakCause cause = { 0 };

  if (lines > MENTION_LINES)
    return;

  cause.title =
      g_strdup_printf (_ ("Artefact: mains %u× %.0f Hz"), k, mains_hz);
  cause.ruled_out = lines > LINES_OFF;
  if (cause.ruled_out)
    cause.evidence =
        g_strdup_printf (_ ("%.1f Hz is %.0f lines away"), k * mains_hz, lines);
  else
    cause.evidence = g_strdup (_ ("Exactly on a multiple of the mains"));
  cause.score = cause.ruled_out ? 0.03 : k % 2 == 0 ? 0.6 : 0.3;
  g_array_append_val (causes, cause);
}

static int
compare_causes (gconstpointer a, gconstpointer b)
{
  const TwinPeakCause *x = a, *y = b;

  if (x->ruled_out != y->ruled_out)
    return x->ruled_out ? 1 : -1;

  return x->score > y->score ? -1 : x->score < y->score;
}

GArray *
twin_peak_causes_find (const TwinBlockUpdate *block, double hz, double mains_hz)
{
  GArray *causes = g_array_new (FALSE, FALSE, sizeof (TwinPeakCause));

  g_array_set_clear_func (causes, cause_clear);
  if (block == NULL || block->n_lines < 3 || !(block->df_hz > 0) || !(hz > 0))
    return causes;

  for (guint i = 0; block->tones != NULL && i < block->tones->len; i++)
    {
      const TwinTone *tone = &g_array_index (block->tones, TwinTone, i);

      if (tone->name != NULL && tone->hz > 0)
        add_tone (causes, block, tone->name, tone->hz, hz);
    }

  if (mains_hz > 0)
    add_mains (causes, block, mains_hz, hz);

  g_array_sort (causes, compare_causes);
  return causes;
}
