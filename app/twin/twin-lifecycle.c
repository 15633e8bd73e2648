/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-lifecycle.h"

#include <string.h>

#include "twin-twin.h"

static const char *const words[] = { "planned", "commissioned", "in service",
                                     "retired", "archived" };

const char *
twin_lifecycle_to_string (TwinLifecycle state)
{
  return words[state];
}

gboolean
twin_lifecycle_from_string (const char *text, TwinLifecycle *state)
{
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (strcmp (words[i], text) == 0)
        {
          *state = (TwinLifecycle) i;
          return TRUE;
        }
    }

  return FALSE;
}

gboolean
twin_lifecycle_check_change (TwinLifecycle from,
                             TwinLifecycle to,
                             GError      **error)
{
  gboolean allowed =
      to == from || to == from + 1 ||
      (from == TWIN_LIFECYCLE_PLANNED && to == TWIN_LIFECYCLE_IN_SERVICE) ||
      (from == TWIN_LIFECYCLE_IN_SERVICE &&
       to == TWIN_LIFECYCLE_COMMISSIONED) ||
      (from >= TWIN_LIFECYCLE_RETIRED && to == TWIN_LIFECYCLE_IN_SERVICE);

  if (!allowed)
    g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_STATE,
                 "It is %s; it cannot become %s from there", words[from],
                 words[to]);
  return allowed;
}
