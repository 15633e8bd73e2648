/* SPDX-License-Identifier: Apache-2.0
 *
 * injection.c - faults that begin at a given time
 */
#include "injection.h"

#include <math.h>
#include <string.h>

#include "plant.h"

static void
injection_free (void *data)
{
  injection *i = data;

  g_free (i->node);
  g_free (i);
}

static gboolean
complain (GError **error, const char *spec, const char *why, const char *what)
{
  g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
               "--fault %s: %s “%s”; write [NODE/]NAME[:SEVERITY]@SECONDS",
               spec, why, what);
  return FALSE;
}

static gboolean
number (const char *text, double low, double high, double *value)
{
  char *end;

  *value = g_ascii_strtod (text, &end);
  return *text != '\0' && *end == '\0' && *value >= low && *value <= high;
}

static gboolean
parse (injection *i, const char *spec, GError **error)
{
  g_autofree char *text = g_strdup (spec);
  char *at = strrchr (text, '@'), *name = text, *slash = strchr (text, '/');
  char *colon;

  if (at == NULL)
    return complain (error, spec, "no time after @ in", spec);
  *at++ = '\0';
  if (!number (at, 0, 1e9, &i->at_s))
    return complain (error, spec, "not a time in seconds:", at);
  if (slash != NULL)
    {
      *slash = '\0';
      i->node = g_strdup (text);
      name = slash + 1;
    }
  colon = strchr (name, ':');
  if (colon != NULL)
    *colon++ = '\0';
  if (!sim_fault_find (name, &i->fault))
    return complain (error, spec, "no such fault (see --list-faults):", name);
  i->severity = sim_fault_describe (i->fault)->severity;
  if (colon != NULL && !number (colon, 0, 1, &i->severity))
    return complain (error, spec, "not a severity from 0 to 1:", colon);
  return TRUE;
}

static int
by_time (const void *a, const void *b)
{
  const injection *const *x = a, *const *y = b;

  return ((*x)->at_s > (*y)->at_s) - ((*x)->at_s < (*y)->at_s);
}

GPtrArray *
injections_parse (char *const *specs, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (injection_free);

  for (; specs != NULL && *specs != NULL; specs++)
    {
      injection *i = g_new0 (injection, 1);

      g_ptr_array_add (list, i);
      if (!parse (i, *specs, error))
        return NULL;
    }
  g_ptr_array_sort (list, by_time);
  return g_steal_pointer (&list);
}

void
injections_list (void)
{
  for (unsigned i = 0; i < FAULTS; i++)
    {
      const sim_fault_info *info = sim_fault_describe ((sim_fault) i);

      g_print ("%-14s %4.2g  %s\n", info->name, info->severity, info->effect);
    }
}
