/* SPDX-License-Identifier: Apache-2.0 */
/* twin-live-item.h - a plant, line, machine, part or sensor as a window sees it
 *
 * Main thread only. Fields come straight from the engine's updates; what a
 * getter returns is borrowed and valid until the next turn of the main loop.
 *
 * Properties: "id", "name" (string), "state", "was" (TwinState), "serial"
 * (uint, rises with every change of the state item), "newest-us" (int64).
 *
 * Signals:
 *   "block" (TwinBlockUpdate*)     a block of a watched sensor below a machine
 *   "finding" (TwinFindingUpdate*) a diagnosis of this machine
 *   "faults" (TwinFaultsUpdate*)   faults beyond bearings were looked for
 *   "life" (TwinLifeUpdate*)       health index and remaining life changed
 *   "values"                       some of its values changed (once a drain)
 */
#pragma once

#include <gio/gio.h>

#include "twin-live-value.h"
#include "twin-update.h"

G_BEGIN_DECLS

#define TWIN_TYPE_LIVE_ITEM (twin_live_item_get_type ())
G_DECLARE_FINAL_TYPE (TwinLiveItem, twin_live_item, TWIN, LIVE_ITEM, GObject)

const char   *twin_live_item_get_id (TwinLiveItem *self);
const char   *twin_live_item_get_name (TwinLiveItem *self);
TwinKind      twin_live_item_get_kind (TwinLiveItem *self);
TwinState     twin_live_item_get_state (TwinLiveItem *self);
TwinState     twin_live_item_get_was (TwinLiveItem *self);
int64_t       twin_live_item_get_newest_us (TwinLiveItem *self);
TwinLiveItem *twin_live_item_get_parent (TwinLiveItem *self); /* or NULL */

/* The machine it is or belongs to, or NULL above machines. */
TwinLiveItem *twin_live_item_get_machine (TwinLiveItem *self);

/* Children: TwinLiveItem. Values: TwinLiveValue, sorted by path. */
GListModel *twin_live_item_get_children (TwinLiveItem *self);
GListModel *twin_live_item_get_values (TwinLiveItem *self);

/* The value at DTDL @path ("temperature"), or NULL. */
TwinLiveValue *twin_live_item_find_value (TwinLiveItem *self, const char *path);

/* Never NULL. */
const TwinStructureItem *twin_live_item_get_plant_item (TwinLiveItem *self);

/* In the figures of the fleet, in risks, alarms and commands: commissioned or
 * in service, as its machine is. */
gboolean twin_live_item_counts (TwinLiveItem *self);

/* NULL before anything was said of it. */
const TwinStateItem *twin_live_item_get_state_item (TwinLiveItem *self);

/* Newest of each, or NULL. A block is kept by wire sensor name and axis. */
const TwinBlockUpdate *twin_live_item_get_block (TwinLiveItem *self,
                                                 const char   *sensor,
                                                 char          axis);
/* The newest; a confirmed one stays for five minutes when other sensors of the
 * machine find nothing. */
const TwinFindingUpdate *twin_live_item_get_finding (TwinLiveItem *self);
/* Of the accelerometer that was judged last. */
const TwinFaultsUpdate *twin_live_item_get_faults (TwinLiveItem *self);
const TwinLifeUpdate    *twin_live_item_get_life (TwinLiveItem *self);

/* "Northfield Works › Line 1 · Compressed air"; caller frees. */
char *twin_live_item_dup_breadcrumb (TwinLiveItem *self);

/* --- for twin-live-plant.c ---------------------------------------------- */
TwinLiveItem *twin_live_item_new (TwinUpdate              *update,
                                  const TwinStructureItem *item);
void          twin_live_item_set_plant_item (TwinLiveItem            *self,
                                             TwinUpdate              *update,
                                             const TwinStructureItem *item);
void twin_live_item_set_parent (TwinLiveItem *self, TwinLiveItem *parent);
void twin_live_item_drop_children (TwinLiveItem *self);
/* Where its id belongs: "pump-2" before "pump-10". */
void twin_live_item_insert (GListStore *list, TwinLiveItem *self);
void twin_live_item_set_state_item (TwinLiveItem        *self,
                                    TwinUpdate          *update,
                                    const TwinStateItem *item);
void twin_live_item_take_value (TwinLiveItem        *self,
                                TwinUpdate          *update,
                                const TwinValueItem *item);
void twin_live_item_take_block (TwinLiveItem *self, TwinUpdate *update);
void twin_live_item_take_finding (TwinLiveItem *self, TwinUpdate *update);
void twin_live_item_take_faults (TwinLiveItem *self, TwinUpdate *update);
void twin_live_item_take_life (TwinLiveItem *self, TwinUpdate *update);
void twin_live_item_end_drain (TwinLiveItem *self);

G_END_DECLS
