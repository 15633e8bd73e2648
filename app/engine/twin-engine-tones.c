/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-tones.c - which tones a node looks for in its envelope
 *
 * A node that measures envelope levels (feature "envelope" of its birth) is
 * told the orders of the bearing at its fastest accelerometer, so that it
 * watches them by itself, with nobody connected. What somebody else set, or
 * took away, stays as it is; ours follows the bearing that is fitted.
 */
#include "twin-engine-private.h"

#include <string.h>

#define SETTING "tones/" /* and the node's name: what we set last */

static const TwinBirthSensor *
fastest (const TwinBirth *birth)
{
  const TwinBirthSensor *best = NULL;

  for (size_t i = 0; i < birth->n_sensors; i++)
    if (birth->sensors[i].axis != 0 &&
        (best == NULL || birth->sensors[i].rate_hz > best->rate_hz))
      best = &birth->sensors[i];
  return best;
}

/* As a desired value; NULL: the bearing there is not known. Caller frees. */
static char *
dup_tones (TwinEngine *self, TwinEngineNode *node, TwinEngineMachine *machine)
{
  const TwinBirthSensor *sensor = fastest (node->birth);
  const char            *path;
  TwinEnginePlace       *place =
      sensor != NULL ? twin_engine_node_place (self, node, sensor->name, &path)
                           : NULL;
  const TwinEngineBearing *bearing =
      place != NULL ? twin_engine_machine_bearing (machine, place) : NULL;
  TwinBearingOrders orders;
  char              bpfi[16], bpfo[16], bsf[16], ftf[16];

  if (bearing == NULL || !bearing->known ||
      !twin_bearing_orders (&bearing->bearing, &orders, NULL))
    return NULL;

  return g_strdup_printf ("{\"bpfi\":%s,\"bpfo\":%s,\"bsf\":%s,\"ftf\":%s}",
                          g_ascii_formatd (bpfi, sizeof bpfi, "%.4f",
                                           orders.bpfi),
                          g_ascii_formatd (bpfo, sizeof bpfo, "%.4f",
                                           orders.bpfo),
                          g_ascii_formatd (bsf, sizeof bsf, "%.4f", orders.bsf),
                          g_ascii_formatd (ftf, sizeof ftf, "%.4f",
                                           orders.ftf));
}

/* Whether @tones go to @node now: nothing is desired of it yet, or what is
 * there is what we set, @kept, and the bearing another. */
static gboolean
are_due (TwinEngine     *self,
         TwinEngineNode *node,
         const char     *tones,
         const char     *kept)
{
  JsonNode *all = twin_desired_lookup (self->desired, node->name)->properties;
  JsonNode *stands =
      all != NULL ? json_object_get_member (json_node_get_object (all), "tones")
                  : NULL;
  g_autoptr (JsonNode) ours =
      kept != NULL ? json_from_string (kept, NULL) : NULL;

  if (all == NULL)
    return TRUE;
  if (stands == NULL || ours == NULL)
    return stands == NULL && ours == NULL;
  return g_strcmp0 (tones, kept) != 0 && json_node_equal (stands, ours);
}

void
twin_engine_tones_settle (TwinEngine *self, TwinEngineMachine *machine)
{
  TwinEngineNode *node =
      machine->place->node != NULL
          ? g_hash_table_lookup (self->nodes, machine->place->node)
          : NULL;
  g_autofree char *key = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *tones = NULL;
  g_autoptr (GError) error = NULL;

  if (node == NULL || !node->enrolled || node->leaving != NULL ||
      node->machine != machine->place || node->birth == NULL ||
      !g_strv_contains ((const char *const *) node->birth->features,
                        "envelope"))
    return;

  tones = dup_tones (self, node, machine);
  key = g_strconcat (SETTING, node->name, NULL);
  kept = twin_store_reader_get_setting (self->reader, key, NULL);
  if (tones == NULL || !are_due (self, node, tones, kept))
    return;

  /* Kept only once it is desired: what failed is tried again. */
  if (twin_engine_properties_want (self, node, "/tones", tones) &&
      twin_engine_batch_open (self) &&
      !twin_store_set_setting (self->store, key, tones, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
}
