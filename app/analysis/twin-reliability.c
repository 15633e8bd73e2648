/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-reliability.h"

#include <math.h>
#include <string.h>

#include "twin-distribution.h"
#include "twin-machine-diagnosis.h"

static const char *const names[] = {
  [TWIN_OUTCOME_CONFIRMED] = "confirmed",
  [TWIN_OUTCOME_FALSE] = "false",
  [TWIN_OUTCOME_UNKNOWN] = "unknown",
};

const char *
twin_outcome_verdict_name (TwinOutcomeVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (names), NULL);

  return names[verdict];
}

gboolean
twin_outcome_verdict_parse (const char *name, TwinOutcomeVerdict *verdict)
{
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_strcmp0 (name, names[i]) == 0)
        {
          *verdict = (TwinOutcomeVerdict) i;
          return TRUE;
        }
    }

  return FALSE;
}

gboolean
twin_outcome_fault_is_known (const char *fault)
{
  TwinElement      element;
  TwinMachineFault machine_fault;

  return (twin_element_parse (fault, &element) &&
          twin_element_is_fault (element)) ||
         twin_machine_fault_parse (fault, &machine_fault);
}

/* --- the journal ------------------------------------------------------------
 */

gboolean
twin_outcome_counts (const TwinOutcome *journal, size_t n, size_t i)
{
  /* Who takes back is younger: ids ascend, so this ends. */
  for (size_t k = i + 1; k < n; k++)
    {
      if (journal[k].undoes == journal[i].id &&
          twin_outcome_counts (journal, n, k))
        return FALSE;
    }

  return TRUE;
}

static void
count (const TwinOutcome *journal,
       size_t             n,
       const char        *fault,
       const char        *class_name,
       TwinReliability   *out)
{
  for (size_t i = 0; i < n; i++)
    {
      const TwinOutcome *outcome = &journal[i];
      gboolean here = g_strcmp0 (outcome->class_name, class_name) == 0;

      if (outcome->undoes != 0 || g_strcmp0 (outcome->fault, fault) != 0 ||
          !twin_outcome_counts (journal, n, i))
        continue;

      if (outcome->verdict == TWIN_OUTCOME_CONFIRMED)
        *(here ? &out->right : &out->others_right) += 1;
      else if (outcome->verdict == TWIN_OUTCOME_FALSE)
        *(here ? &out->wrong : &out->others_wrong) += 1;
      else
        out->unclear += here;
    }
}

/* --- from counts to a share -------------------------------------------------
 */

void
twin_reliability_measured (const char *fault, unsigned *right, unsigned *wrong)
{
  *right = *wrong = 0;
  if (g_strcmp0 (fault, "outer") == 0)
    *right = 44 + 7;
  else if (g_strcmp0 (fault, "inner") == 0)
    *right = 20 + 5;
  else if (g_strcmp0 (fault, "ball") == 0)
    *right = 5;
}

/* Jeffreys' half a case each way keeps five of five from meaning "always";
 * with nothing measured, one in two. */
static double
measured_mean (const char *fault)
{
  unsigned right, wrong;

  twin_reliability_measured (fault, &right, &wrong);
  if (right > 0)
    wrong += 1; /* the sound bearing that was given a name */
  return (right + 0.5) / (right + wrong + 1.0);
}

static double
beta_quantile (double p, double a, double b)
{
  double lo = 0, hi = 1;

  for (int i = 0; i < 60; i++)
    {
      double middle = (lo + hi) / 2;

      if (twin_beta_i (a, b, middle) < p)
        lo = middle;
      else
        hi = middle;
    }

  return (lo + hi) / 2;
}

void
twin_reliability_compute (const TwinOutcome *journal,
                          size_t             n,
                          const char        *fault,
                          const char        *class_name,
                          double             weight,
                          TwinReliability   *out)
{
  double a, b;

  g_return_if_fail (weight > 0);

  *out = (TwinReliability){ 0 };
  count (journal, n, fault, class_name, out);
  out->prior = (weight * measured_mean (fault) + out->others_right) /
               (weight + out->others_right + out->others_wrong);
  a = weight * out->prior + out->right;
  b = weight * (1 - out->prior) + out->wrong;
  out->mean = a / (a + b);
  out->p05 = beta_quantile (0.05, a, b);
  out->p95 = beta_quantile (0.95, a, b);
}

static double
log_odds (double p)
{
  return log (p / (1 - p));
}

double
twin_reliability_shift (const TwinReliability *self, const char *fault)
{
  const double threshold = 4.0;
  double       moved = log_odds (self->mean) - log_odds (measured_mean (fault));

  return CLAMP (moved / threshold, -TWIN_RELIABILITY_SHIFT_MAX,
                TWIN_RELIABILITY_SHIFT_MAX);
}

/* Nothing is a hundred in a hundred, and rounding does not make it so. */
static double
percent (double share)
{
  return CLAMP (round (100 * share), 1, 99);
}

char *
twin_reliability_format (const TwinReliability *self)
{
  return g_strdup_printf ("%.0f %% (%.0f–%.0f %%)", percent (self->mean),
                          percent (self->p05), percent (self->p95));
}

char *
twin_reliability_describe (const TwinReliability *self, const char *fault)
{
  unsigned n = self->right + self->wrong, right, wrong;
  unsigned others = self->others_right + self->others_wrong;

  if (n > 0)
    return g_strdup_printf ("right in %u of %u %s here, %.0f–%.0f %%",
                            self->right, n, n == 1 ? "case" : "cases",
                            percent (self->p05), percent (self->p95));
  if (others > 0)
    return g_strdup_printf ("not checked on such machines yet; right in %u of "
                            "%u %s on others, %.0f–%.0f %%",
                            self->others_right, others,
                            others == 1 ? "case" : "cases", percent (self->p05),
                            percent (self->p95));

  twin_reliability_measured (fault, &right, &wrong);
  if (right == 0)
    return g_strdup ("never checked, neither here nor on test rigs");
  return g_strdup_printf ("not checked here yet; on test rigs %u of %u were "
                          "right",
                          right, right + wrong);
}
