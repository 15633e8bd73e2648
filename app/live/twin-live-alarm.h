/* SPDX-License-Identifier: Apache-2.0 */
/* twin-live-alarm.h - one alarm, node or log line as a row of a list
 *
 * Main thread only. "serial" (uint) rises with every change.
 */
#pragma once

#include <gio/gio.h>

#include "twin-update.h"

G_BEGIN_DECLS

#define TWIN_TYPE_LIVE_ALARM (twin_live_alarm_get_type ())
G_DECLARE_FINAL_TYPE (TwinLiveAlarm, twin_live_alarm, TWIN, LIVE_ALARM, GObject)

TwinLiveAlarm       *twin_live_alarm_new (TwinUpdate          *update,
                                          const TwinAlarmItem *item);
void                 twin_live_alarm_take (TwinLiveAlarm       *self,
                                           TwinUpdate          *update,
                                           const TwinAlarmItem *item);
const TwinAlarmItem *twin_live_alarm_get_item (TwinLiveAlarm *self);

/* TRUE for unacknowledged, latched and returned unacknowledged. */
gboolean twin_live_alarm_needs_ack (TwinLiveAlarm *self);

#define TWIN_TYPE_LIVE_NODE (twin_live_node_get_type ())
G_DECLARE_FINAL_TYPE (TwinLiveNode, twin_live_node, TWIN, LIVE_NODE, GObject)

TwinLiveNode *twin_live_node_new (TwinUpdate *update, const TwinNodeItem *item);
void          twin_live_node_take (TwinLiveNode       *self,
                                   TwinUpdate         *update,
                                   const TwinNodeItem *item);
const TwinNodeItem *twin_live_node_get_item (TwinLiveNode *self);

#define TWIN_TYPE_LIVE_LOG_LINE (twin_live_log_line_get_type ())
G_DECLARE_FINAL_TYPE (TwinLiveLogLine,
                      twin_live_log_line,
                      TWIN,
                      LIVE_LOG_LINE,
                      GObject)

TwinLiveLogLine   *twin_live_log_line_new (TwinUpdate        *update,
                                           const TwinLogItem *item);
const TwinLogItem *twin_live_log_line_get_item (TwinLiveLogLine *self);

G_END_DECLS
