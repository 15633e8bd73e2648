/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-tab.h - what the pages of one machine have in common
 *
 * A tab is told its context once, and what has changed in it while it is
 * shown; when it comes to be shown it is told that everything has. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-session.h"
#include "twin-sensor-list.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_MACHINE_CHANGE_MACHINE = 1 << 0, /* another machine, session or part */
  TWIN_MACHINE_CHANGE_STATE = 1 << 1,
  TWIN_MACHINE_CHANGE_VALUES = 1 << 2,
  TWIN_MACHINE_CHANGE_SENSOR = 1 << 3, /* another sensor is chosen */
  TWIN_MACHINE_CHANGE_BLOCK = 1 << 4,  /* a new block of it */
  TWIN_MACHINE_CHANGE_FINDING = 1 << 5,
  TWIN_MACHINE_CHANGE_LIFE = 1 << 6,
  TWIN_MACHINE_CHANGE_ALARMS = 1 << 7,
  TWIN_MACHINE_CHANGE_NODE = 1 << 8,
  TWIN_MACHINE_CHANGE_LOG = 1 << 9,
  TWIN_MACHINE_CHANGE_TICK = 1 << 10, /* a second passed */
  TWIN_MACHINE_CHANGE_ALL = (1 << 11) - 1,
} TwinMachineChange;

/* Owned by the machine page, the same as long as the tab lives; members
 * change. All but @machine and @sensors may be NULL while the tab is shown. */
typedef struct
{
  TwinLiveSession *session;
  TwinLivePlant   *plant;
  TwinLiveItem    *machine;
  TwinLiveItem    *part; /* that was opened: the machine or something below */
  TwinSensorList  *sensors;
  gboolean         live; /* FALSE: nothing may look live */
  int64_t          now_us;
} TwinMachineContext;

#define TWIN_TYPE_MACHINE_TAB (twin_machine_tab_get_type ())
G_DECLARE_INTERFACE (TwinMachineTab,
                     twin_machine_tab,
                     TWIN,
                     MACHINE_TAB,
                     GtkWidget)

struct _TwinMachineTabInterface
{
  GTypeInterface parent_iface;

  void (*set_context) (TwinMachineTab *self, const TwinMachineContext *context);
  void (*refresh) (TwinMachineTab *self, TwinMachineChange changes);
};

void twin_machine_tab_set_context (TwinMachineTab           *self,
                                   const TwinMachineContext *context);
void twin_machine_tab_refresh (TwinMachineTab *self, TwinMachineChange changes);

/* The newest block of the chosen sensor; NULL when there is none. Borrowed
 * until the next turn of the main loop. */
const TwinBlockUpdate *twin_machine_context_get_block (
    const TwinMachineContext *self);

/* TRUE when @block is too old to be taken for the present. */
gboolean twin_machine_context_is_old (const TwinMachineContext *self,
                                      const TwinBlockUpdate    *block);

/* The node that serves the machine, or NULL; borrowed likewise. */
const TwinNodeItem *twin_machine_context_get_node (
    const TwinMachineContext *self);

/* Age as "14 min old"; caller frees. */
char *twin_machine_context_dup_age (const TwinMachineContext *self,
                                    int64_t                   time_us);

G_END_DECLS
