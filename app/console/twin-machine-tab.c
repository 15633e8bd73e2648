/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-machine-tab.h"

#include <glib/gi18n.h>

/* Nodes capture every 20 s unless told otherwise; three missed are old. */
#define BLOCK_OLD_US (60 * TWIN_US_PER_S)

G_DEFINE_INTERFACE (TwinMachineTab, twin_machine_tab, GTK_TYPE_WIDGET)

static void
twin_machine_tab_default_init (TwinMachineTabInterface *iface)
{
}

void
twin_machine_tab_set_context (TwinMachineTab           *self,
                              const TwinMachineContext *context)
{
  g_return_if_fail (TWIN_IS_MACHINE_TAB (self));

  TWIN_MACHINE_TAB_GET_IFACE (self)->set_context (self, context);
}

void
twin_machine_tab_refresh (TwinMachineTab *self, TwinMachineChange changes)
{
  g_return_if_fail (TWIN_IS_MACHINE_TAB (self));

  TWIN_MACHINE_TAB_GET_IFACE (self)->refresh (self, changes);
}

const TwinBlockUpdate *
twin_machine_context_get_block (const TwinMachineContext *self)
{
  const char *sensor;
  char        axis;

  if (self->machine == NULL ||
      !twin_sensor_list_get (self->sensors, &sensor, &axis))
    return NULL;

  return twin_live_item_get_block (self->machine, sensor, axis);
}

gboolean
twin_machine_context_is_old (const TwinMachineContext *self,
                             const TwinBlockUpdate    *block)
{
  return !self->live || self->now_us - block->end_us > BLOCK_OLD_US ||
         twin_live_item_get_state (self->machine) == TWIN_STATE_STALE;
}

const TwinNodeItem *
twin_machine_context_get_node (const TwinMachineContext *self)
{
  const TwinStructureItem *item;
  TwinLiveNode            *node;

  if (self->machine == NULL || self->plant == NULL)
    return NULL;

  item = twin_live_item_get_plant_item (self->machine);
  if (item->node == NULL)
    return NULL;

  node = twin_live_plant_find_node (self->plant, item->node);
  return node != NULL ? twin_live_node_get_item (node) : NULL;
}

char *
twin_machine_context_dup_age (const TwinMachineContext *self, int64_t time_us)
{
  g_autofree char *age = twin_live_dup_age (time_us, self->now_us);

  return g_strdup_printf (_ ("%s old"), age);
}
