/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-window.h"

#include <math.h>
#include <string.h>

#define TERMS 5

typedef struct
{
  const char *name;
  double      terms[TERMS]; /* of the cosine sum; the first is the gain */
} WindowKind;

static const WindowKind kinds[] = {
  [TWIN_WINDOW_HANN] = { "hann", { 0.5, -0.5 } },
  [TWIN_WINDOW_FLAT_TOP] = { "flat-top",
                             { 0.21557895, -0.41663158, 0.277263158,
                               -0.083578947, 0.006947368 } },
  [TWIN_WINDOW_RECTANGULAR] = { "rectangular", { 1 } },
};

double
twin_window_gain (TwinWindow window)
{
  return kinds[window].terms[0];
}

double
twin_window_enbw (TwinWindow window)
{
  const double *terms = kinds[window].terms;
  double        power = terms[0] * terms[0];

  for (int i = 1; i < TERMS; i++)
    power += terms[i] * terms[i] / 2;

  return power / (terms[0] * terms[0]);
}

double
twin_window_response (TwinWindow window, double lines)
{
  const double *terms = kinds[window].terms;
  double        sum = 0;

  /* Each cosine is a pair of lines @k beside the middle. */
  for (int k = 0; k < TERMS; k++)
    {
      for (int sign = -1; sign <= 1; sign += 2)
        {
          double d = lines + sign * k;
          double sinc = fabs (d) < 1e-9 ? 1 : sin (G_PI * d) / (G_PI * d);

          sum += terms[k] * (k % 2 ? -1 : 1) * sinc / 2;
        }
    }

  return sum / terms[0];
}

void
twin_window_fill (TwinWindow window, float *weights, size_t n)
{
  const double *terms = kinds[window].terms;

  for (size_t i = 0; i < n; i++)
    {
      double angle = 2 * G_PI * (double) i / (double) n;
      double weight = terms[0];

      for (int k = 1; k < TERMS && terms[k] != 0; k++)
        weight += terms[k] * cos (k * angle);

      weights[i] = (float) weight;
    }
}

gboolean
twin_window_parse (const char *name, TwinWindow *window)
{
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (name != NULL && strcmp (name, kinds[i].name) == 0)
        {
          *window = (TwinWindow) i;
          return TRUE;
        }
    }

  return FALSE;
}

const char *
twin_window_name (TwinWindow window)
{
  return kinds[window].name;
}
