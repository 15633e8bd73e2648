/* SPDX-License-Identifier: Apache-2.0 */
/* twin-live-plant.h - everything a window shows, kept up to date
 *
 * Main thread only; twin_live_plant_apply() is the one way in.
 *
 * Properties: "name" (string).
 * Signals, each at most once a drain of the inbox:
 *   "structure"  items came or went
 *   "states"     some state, finding or remaining life changed
 *   "alarms"     some alarm changed
 *   "nodes"      some node changed
 *   "campaigns"  some firmware campaign is new or went on
 *   "orders"     some maintenance order changed, or its outcome
 *   "status"     twin_live_plant_get_status() is new
 *   "tick"       a second passed: ages and staleness move on
 */
#pragma once

#include <gio/gio.h>

#include "twin-live-alarm.h"
#include "twin-live-item.h"

G_BEGIN_DECLS

#define TWIN_TYPE_LIVE_PLANT (twin_live_plant_get_type ())
G_DECLARE_FINAL_TYPE (TwinLivePlant, twin_live_plant, TWIN, LIVE_PLANT, GObject)

TwinLivePlant *twin_live_plant_new (void);

/* Roots and machines: TwinLiveItem; alarms: TwinLiveAlarm (all that are not
 * normal), nodes: TwinLiveNode, log: TwinLiveLogLine, newest first, at most
 * 500. */
GListModel *twin_live_plant_get_roots (TwinLivePlant *self);
GListModel *twin_live_plant_get_machines (TwinLivePlant *self);
GListModel *twin_live_plant_get_alarms (TwinLivePlant *self);
GListModel *twin_live_plant_get_nodes (TwinLivePlant *self);
GListModel *twin_live_plant_get_log (TwinLivePlant *self);

TwinLiveItem *twin_live_plant_find (TwinLivePlant *self, const char *id);
TwinLiveNode *twin_live_plant_find_node (TwinLivePlant *self, const char *name);

/* Firmware campaigns, newest first: const TwinCampaignUpdate *, each valid
 * until the next "campaigns". Caller unrefs the array. */
GPtrArray *twin_live_plant_list_campaigns (TwinLivePlant *self);
/* NULL: there is none of that number. */
const TwinCampaignUpdate *twin_live_plant_find_campaign (TwinLivePlant *self,
                                                         int64_t        id);

/* Maintenance orders of @machine, newest first: const TwinOrderItem *, each
 * valid until the next "orders". NULL: none. */
const GPtrArray *twin_live_plant_list_orders (TwinLivePlant *self,
                                              const char    *machine);

/* NULL before the first. */
const TwinStatusUpdate *twin_live_plant_get_status (TwinLivePlant *self);

/* TRUE when the link is up and the engine spoke within 5 s: else nothing on
 * screen may look live. */
gboolean twin_live_plant_is_live (TwinLivePlant *self, int64_t now_us);

/* Active alarms by priority 1..4 in @counts[1..4]; @counts[0]: those that
 * need an acknowledgement. */
void twin_live_plant_count_alarms (TwinLivePlant *self, guint counts[5]);

/* Machines by state; planned and retired ones do not count. */
void twin_live_plant_count_machines (TwinLivePlant *self,
                                     guint counts[TWIN_STATE_STALE + 1]);

/* Applies a burst of updates (borrowed), then emits what changed. */
void twin_live_plant_apply (TwinLivePlant *self, GPtrArray *updates);

/* From the engine to this thread, so far; a frame more to the screen. */
void twin_live_plant_get_delay (TwinLivePlant *self,
                                double        *p50_s,
                                double        *p99_s);

G_END_DECLS
