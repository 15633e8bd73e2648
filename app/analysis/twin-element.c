/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "twin-diagnosis.h"

static const char *const element_names[TWIN_ELEMENTS] = {
  "none", "inner", "outer", "ball", "cage", "inconclusive",
};

const char *
twin_element_name (TwinElement element)
{
  g_return_val_if_fail (element < TWIN_ELEMENTS, "none");

  return element_names[element];
}

gboolean
twin_element_parse (const char *name, TwinElement *element)
{
  for (int i = 0; i < TWIN_ELEMENTS; i++)
    {
      if (name != NULL && strcmp (name, element_names[i]) == 0)
        {
          *element = (TwinElement) i;
          return TRUE;
        }
    }

  return FALSE;
}

gboolean
twin_element_is_fault (TwinElement element)
{
  return element >= TWIN_ELEMENT_INNER && element <= TWIN_ELEMENT_CAGE;
}

const char *
twin_speed_source_name (TwinSpeedSource source)
{
  switch (source)
    {
    case TWIN_SPEED_NAMEPLATE:
      return "nameplate";
    case TWIN_SPEED_ESTIMATED:
      return "estimated";
    case TWIN_SPEED_TACHO:
      return "tacho";
    }

  g_return_val_if_reached ("nameplate");
}

TwinElement
twin_live_rule_push (TwinLiveRule *self,
                     TwinElement   verdict,
                     int          *agree,
                     int          *windows)
{
  int         counts[TWIN_ELEMENTS] = { 0 };
  TwinElement best = TWIN_ELEMENT_INNER;
  unsigned    held;

  self->last[self->pushed++ % TWIN_LIVE_WINDOWS] = verdict;
  held = MIN (self->pushed, TWIN_LIVE_WINDOWS);

  for (unsigned i = 0; i < held; i++)
    counts[self->last[i]]++;

  for (TwinElement e = TWIN_ELEMENT_INNER; e <= TWIN_ELEMENT_CAGE; e++)
    {
      if (counts[e] > counts[best])
        best = e;
    }

  if (agree != NULL)
    *agree = counts[best];
  if (windows != NULL)
    *windows = (int) held;

  return counts[best] >= TWIN_LIVE_AGREE ? best : TWIN_ELEMENT_NONE;
}
