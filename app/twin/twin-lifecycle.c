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

/* Where each state may go, as bits of TwinLifecycle. */
#define TO(state) (1u << TWIN_LIFECYCLE_##state)
static const unsigned allowed[] = {
  [TWIN_LIFECYCLE_PLANNED] = TO (COMMISSIONED) | TO (IN_SERVICE),
  [TWIN_LIFECYCLE_COMMISSIONED] = TO (IN_SERVICE) | TO (RETIRED),
  [TWIN_LIFECYCLE_IN_SERVICE] = TO (COMMISSIONED) | TO (RETIRED),
  [TWIN_LIFECYCLE_RETIRED] =
      TO (COMMISSIONED) | TO (IN_SERVICE) | TO (ARCHIVED),
  [TWIN_LIFECYCLE_ARCHIVED] =
      TO (COMMISSIONED) | TO (IN_SERVICE) | TO (RETIRED),
};

static char *
list_allowed (TwinLifecycle from)
{
  GString *out = g_string_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (allowed[from] & (1u << i))
        g_string_append_printf (out, "%s%s", out->len > 0 ? " or " : "",
                                words[i]);
    }

  return g_string_free (out, FALSE);
}

gboolean
twin_lifecycle_check_change (TwinLifecycle from,
                             TwinLifecycle to,
                             GError      **error)
{
  g_autofree char *instead = NULL;

  if (to == from || (allowed[from] & (1u << to)))
    return TRUE;

  instead = list_allowed (from);
  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_STATE,
               "It is %s and cannot become %s; it may become %s", words[from],
               words[to], instead);
  return FALSE;
}

gboolean
twin_lifecycle_check_delete (TwinLifecycle from,
                             gboolean      served,
                             GError      **error)
{
  if (!served || from == TWIN_LIFECYCLE_RETIRED ||
      from == TWIN_LIFECYCLE_ARCHIVED)
    return TRUE;

  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_STATE,
               "It is %s and a node serves it, so it cannot be deleted; retire "
               "it first",
               words[from]);
  return FALSE;
}
