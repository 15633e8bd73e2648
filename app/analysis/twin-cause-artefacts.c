/* SPDX-License-Identifier: Apache-2.0 */
/* twin-cause-artefacts.c - lines that no machine makes */
#include "twin-cause-private.h"

#include <math.h>

#define MAINS_SPREAD 0.001
#define PRIOR_MAINS 0.15
#define PRIOR_LEAKAGE 0.5
#define PRIOR_ALIAS 0.05
#define PRIOR_CLIPPING 0.5
#define PRIOR_WRONG_SPEED 0.05
#define ALIAS_SPREAD 0.0002 /* the orders say the speed that exactly */
#define LEAKAGE_LINES 60
#define LEAKAGE_DB 3.0
#define LEAKAGE_RANGE_DB 60.0
#define SPEED_REACH 0.15
#define SPEED_NEAR 0.004

static TwinCauseCandidate
candidate_new (TwinCauseKind kind, double expected_hz)
{
  TwinCauseCandidate candidate = { 0 };

  candidate.cause.kind = kind;
  candidate.cause.expected_hz = expected_hz;
  return candidate;
}

/* --- mains -------------------------------------------------------------------
 */

/* Picked up by cables: the mains themselves and their odd multiples, exactly.
 */
static void
try_mains (TwinCauseSearch *search, double line)
{
  int                nearest = (int) MAX (1, round (search->hz / line));
  TwinCauseCandidate c = candidate_new (TWIN_CAUSE_MAINS, nearest * line);

  if (nearest > 20)
    return;

  g_snprintf (c.cause.title, sizeof c.cause.title,
              "Mains picked up: %d× %.0f Hz", nearest, line);
  g_snprintf (c.cause.family, sizeof c.cause.family, "Mains %.0f", line);
  c.prior = PRIOR_MAINS * twin_cause_order_prior ((nearest + 1) / 2, 0) *
            (nearest % 2 == 0 ? 0.3 : 1);
  c.sigma_hz = c.reach_hz = MAINS_SPREAD * nearest * line;
  c.simple = nearest <= 10;
  twin_cause_expect (search, &c, line, 0.9, "%.0f Hz", line);
  twin_cause_expect (search, &c, 3 * line, 0.6, "%.0f Hz", 3 * line);
  twin_cause_expect (search, &c, 5 * line, 0.5, "%.0f Hz", 5 * line);
  twin_cause_consider (search, &c);
}

/* --- leakage -----------------------------------------------------------------
 */

/* The largest that a neighbour's skirt can be at the peak: which one it is. */
static size_t
find_neighbour (const TwinCauseSearch *search, double *left)
{
  const TwinLineView *view = &search->view;
  size_t              k = (size_t) lround (search->hz / search->df_hz);
  size_t              found = 0;

  *left = 0;
  for (size_t i = k > LEAKAGE_LINES ? k - LEAKAGE_LINES : 2;
       i <= MIN (k + LEAKAGE_LINES, view->n - 2); i++)
    {
      double d = fabs ((double) i - (double) k), skirt;

      if (d < 2 || view->power[i] < view->power[i - 1] ||
          view->power[i] < view->power[i + 1] ||
          view->power[i] <= 4 * view->power[k])
        continue;

      skirt = sqrt (view->power[i]) *
              MAX (fabs (twin_window_response (view->window, d + 0.4)),
                   fabs (twin_window_response (view->window, d - 0.4)));
      if (skirt > *left)
        {
          *left = skirt;
          found = i;
        }
    }

  return found;
}

static void
try_leakage (TwinCauseSearch *search)
{
  double             left, over_db, from;
  size_t             neighbour = find_neighbour (search, &left);
  TwinCauseCandidate c = candidate_new (TWIN_CAUSE_LEAKAGE, search->hz);

  if (neighbour == 0)
    return;

  /* A skirt may be lower than its envelope, never higher. */
  over_db = 20 * log10 (search->amplitude / left);
  if (over_db > 4 * LEAKAGE_DB)
    return;

  from = (double) neighbour * search->df_hz;
  g_snprintf (c.cause.title, sizeof c.cause.title,
              "Leakage of the line at %.1f Hz", from);
  c.prior = PRIOR_LEAKAGE;
  c.sigma_hz = fabs (search->hz - from);
  c.extra = log (LEAKAGE_RANGE_DB / (LEAKAGE_DB * sqrt (2 * G_PI)));
  if (over_db > 0)
    c.extra -= over_db * over_db / (2 * LEAKAGE_DB * LEAKAGE_DB);
  g_snprintf (c.cause.why, sizeof c.cause.why,
              "The %s window leaves %.2g of the line %.0f lines away here; the "
              "peak is %.2g (%+.1f dB). A longer record or another window "
              "moves it.",
              twin_window_name (search->view.window), left,
              fabs (search->hz - from) / search->df_hz, search->amplitude,
              over_db);
  twin_cause_consider (search, &c);
}

/* --- alias -------------------------------------------------------------------
 */

static double
fold (double hz, double rate_hz)
{
  return fabs (hz - round (hz / rate_hz) * rate_hz);
}

static void
try_alias_of (TwinCauseSearch *search, const char *of, double f0, int multiples)
{
  double rate = search->query->rate_hz;

  for (int k = 1; k <= multiples; k++)
    {
      double             hz = k * f0;
      TwinCauseCandidate c;

      if (hz <= rate / 2)
        continue;
      c = candidate_new (TWIN_CAUSE_ALIAS, fold (hz, rate));
      g_snprintf (c.cause.title, sizeof c.cause.title,
                  "Alias of %d× %s at %.0f Hz, over half the rate", k, of, hz);
      c.prior = PRIOR_ALIAS * twin_cause_order_prior (k, 0);
      c.sigma_hz = ALIAS_SPREAD * hz;
      for (int i = 1; i < k && i <= 3; i++)
        twin_cause_expect (search, &c, i * f0, 0.8, "%d× %s", i, of);
      twin_cause_consider (search, &c);
    }
}

/* The strongest line of all but the peak; 0: it is the peak. */
static double
strongest (const TwinCauseSearch *search)
{
  const TwinLineView *view = &search->view;
  size_t              best = 3;
  TwinLine            line;

  for (size_t k = 3; k + 3 < view->n; k++)
    {
      if (view->power[k] > view->power[best])
        best = k;
    }

  line = twin_line_view_read (view, (double) best * search->df_hz, 0);
  return line.present && fabs (line.hz - search->hz) > 3 * search->df_hz
             ? line.hz
             : 0;
}

static void
try_alias (TwinCauseSearch *search)
{
  const TwinMachineFacts *facts = search->query->facts;
  double                  shaft = search->shaft_hz, first = strongest (search);

  if (!(search->query->rate_hz > 0))
    return;

  if (shaft > 0 && facts->teeth > 4)
    try_alias_of (search, "mesh", facts->teeth * shaft, 6);
  if (shaft > 0 && facts->blades > 1)
    try_alias_of (search, "blade", facts->blades * shaft, 12);
  if (first > 0)
    try_alias_of (search, "the strongest line", first, 9);
}

/* --- clipping ----------------------------------------------------------------
 */

static void
try_clipping (TwinCauseSearch *search)
{
  double             first = strongest (search);
  int                k;
  TwinCauseCandidate c;

  if (search->query->clipped == 0 || !(first > 0))
    return;

  k = (int) round (search->hz / first);
  if (k < 2 || k > 15)
    return;

  c = candidate_new (TWIN_CAUSE_CLIPPING, k * first);
  g_snprintf (c.cause.title, sizeof c.cause.title,
              "Clipping of the line at %.1f Hz: its %d-fold", first, k);
  /* Cut alike above and below, it makes odd multiples. */
  c.prior = PRIOR_CLIPPING * (k % 2 ? 1 : 0.2);
  c.reach_hz = 0.001 * k * first;
  for (int i = 3; i <= 9; i += 2)
    twin_cause_expect (search, &c, i * first, 0.85, "%d×", i);
  twin_cause_consider (search, &c);
}

/* --- speed -------------------------------------------------------------------
 */

/* The peak would be a low order if the shaft turned by up to 15 % faster or
 * slower than is said, and there the other orders would be, too. */
static void
try_wrong_speed (TwinCauseSearch *search)
{
  double given = search->query->shaft.hz;

  if (isnan (search->shaft_hz))
    return;

  for (int k = 1; k <= 3; k++)
    {
      double             hz = search->hz / k, factor = hz / given;
      TwinLine           own;
      TwinCauseCandidate c;

      if (fabs (factor - 1) > SPEED_REACH ||
          fabs (hz / search->shaft_hz - 1) < SPEED_NEAR)
        continue;

      c = candidate_new (TWIN_CAUSE_WRONG_SPEED, search->hz);
      g_snprintf (c.cause.title, sizeof c.cause.title,
                  "Wrong speed: %d× if it turned at %.3f of what is said", k,
                  factor);
      c.prior = PRIOR_WRONG_SPEED * twin_cause_order_prior (k, 0);
      c.sigma_hz = SPEED_REACH * search->hz;
      for (int i = 1; i <= 5; i++)
        twin_cause_expect (search, &c, i * hz, 0.6, "%d×", i);
      own = twin_line_view_read (&search->view, search->shaft_hz, 0);
      /* Where the speed said has a line of its own, it is hardly wrong. */
      c.extra = own.present ? log (0.1) : log (2);
      twin_cause_consider (search, &c);
    }
}

void
twin_cause_try_artefacts (TwinCauseSearch *search)
{
  double line = search->query->facts->line_hz;

  if (line > 0)
    try_mains (search, line);
  else
    {
      try_mains (search, 50);
      try_mains (search, 60);
    }
  try_leakage (search);
  try_alias (search);
  try_clipping (search);
  try_wrong_speed (search);
}
