/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-trip.c - machines that were switched off by their own node
 *
 * Told as an event, which may come late, and for as long as it lasts in what
 * the node reports. The newest word counts.
 */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

#include "twin-json.h"

#define CONDITION TWIN_ENGINE_CONDITION_TRIP

/* "… 0.0071 m/s, over its trip limit 0.0045 m/s for 2 s." */
static char *
words (TwinEngineNode *node,
       const char     *signal,
       const char     *unit,
       double          value,
       double          limit,
       double          delay_s)
{
  const char *space = unit != NULL && strcmp (unit, "/") != 0 ? " " : "";

  if (*space == '\0')
    unit = "";
  return g_strdup_printf ("Node %s switched it off: %s was %.4g%s%s, over its "
                          "trip limit %.4g%s%s for %.3g s.",
                          node->name, signal, value, space, unit, limit, space,
                          unit, delay_s);
}

/* @why NULL: it is not, or no longer, tripped. */
static void
take (TwinEngine *self, TwinEngineNode *node, const char *why, int64_t time_us)
{
  if (time_us < node->tripped_us)
    return;

  node->tripped_us = time_us;
  if ((why != NULL) != (node->tripped != NULL))
    {
      g_free (node->tripped);
      node->tripped = g_strdup (why);
    }
  if (node->machine == NULL)
    return;

  twin_engine_alarms_finding (self, node->machine->id, CONDITION,
                              node->tripped != NULL, NAN, node->tripped,
                              "Find the cause at the machine; then an engineer "
                              "resets the trip.");
  twin_engine_place_touch (node->machine);
}

static double
number (const TwinRecord *record, const char *name, const char **unit)
{
  for (size_t i = 0; i < record->n_entries; i++)
    {
      const TwinRecordEntry *entry = &record->entries[i];

      if (strcmp (entry->name, name) != 0 || entry->kind != TWIN_VALUE_NUMBER)
        continue;
      if (unit != NULL)
        *unit = entry->unit;
      return entry->number;
    }

  return NAN;
}

void
twin_engine_trip_event (TwinEngine       *self,
                        TwinEngineNode   *node,
                        const TwinRecord *record,
                        const char       *kind,
                        const char       *signal,
                        int64_t           time_us)
{
  const char      *unit = NULL;
  const double     value = number (record, "event/value", &unit);
  g_autofree char *why = NULL;

  if (strcmp (kind, "trip") == 0 && signal != NULL)
    why =
        words (node, signal, unit, value, number (record, "event/limit", NULL),
               number (record, "event/delay", NULL));
  else if (strcmp (kind, "trip-reset") != 0)
    return;
  take (self, node, why, time_us);
}

void
twin_engine_trip_reported (TwinEngine     *self,
                           TwinEngineNode *node,
                           JsonObject     *properties,
                           int64_t         time_us)
{
  JsonNode        *trip = json_object_get_member (properties, "trip");
  JsonObject      *tripped = NULL;
  g_autofree char *why = NULL;

  if (trip != NULL && JSON_NODE_HOLDS_OBJECT (trip))
    {
      trip = json_object_get_member (json_node_get_object (trip), "tripped");
      if (trip != NULL && JSON_NODE_HOLDS_OBJECT (trip))
        tripped = json_node_get_object (trip);
    }
  if (tripped != NULL)
    {
      const char *signal = twin_json_get_string (tripped, "name");

      why = words (node, signal != NULL ? signal : "a signal",
                   twin_json_get_string (tripped, "unit"),
                   json_object_get_double_member_with_default (tripped, "value",
                                                               NAN),
                   json_object_get_double_member_with_default (tripped, "limit",
                                                               NAN),
                   json_object_get_double_member_with_default (tripped,
                                                               "delayS", NAN));
    }
  take (self, node, why, time_us);
}
