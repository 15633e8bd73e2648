/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-rul-metrics.h"

#include <math.h>

#define TWO_SIDED_95 1.959964

double
twin_rul_phm_score (double actual, double predicted)
{
  double error = 100 * (actual - predicted) / actual;

  return exp (G_LN2 * (error <= 0 ? error / 5 : -error / 20));
}

double
twin_rul_nasa_score (double actual, double predicted)
{
  double off = predicted - actual;

  return expm1 (off < 0 ? -off / 13 : off / 10);
}

gboolean
twin_rul_alpha_holds (double actual, double predicted, double alpha)
{
  return fabs (predicted - actual) <= alpha * actual;
}

double
twin_rul_relative_accuracy (double actual, double predicted)
{
  return 1 - fabs (actual - predicted) / actual;
}

double
twin_rul_horizon (const double *time,
                  const double *predicted,
                  size_t        n,
                  double        end,
                  double        alpha)
{
  double horizon = 0;

  for (size_t i = n; i-- > 0;)
    {
      if (!(fabs (predicted[i] - (end - time[i])) <= alpha * end))
        break;
      horizon = end - time[i];
    }

  return horizon;
}

double
twin_rul_pinball (double actual, double quantile, double q)
{
  return actual >= quantile ? q * (actual - quantile)
                            : (1 - q) * (quantile - actual);
}

void
twin_rul_share_interval (double inside, double n, double *low, double *high)
{
  double z = TWO_SIDED_95 * TWO_SIDED_95;
  double middle, half;

  if (!(n > 0))
    {
      *low = 0;
      *high = 1;
      return;
    }

  middle = (inside + z / 2) / (n + z);
  half = TWO_SIDED_95 / (n + z) * sqrt (inside * (n - inside) / n + z / 4);
  *low = MAX (0, middle - half);
  *high = MIN (1, middle + half);
}
