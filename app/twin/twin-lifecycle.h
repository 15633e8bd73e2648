/* SPDX-License-Identifier: Apache-2.0 */
/* twin-lifecycle.h - where in its life a twin is; pure, any thread */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TWIN_LIFECYCLE_PLANNED,
  TWIN_LIFECYCLE_COMMISSIONED, /* a node is bound, not yet in service */
  TWIN_LIFECYCLE_IN_SERVICE,   /* the default of an imported twin */
  TWIN_LIFECYCLE_RETIRED,      /* no alarms, no commands; history stays */
  TWIN_LIFECYCLE_ARCHIVED,     /* hidden everywhere but in history */
} TwinLifecycle;

/* "planned", "commissioned", "in service", "retired", "archived". */
const char *twin_lifecycle_to_string (TwinLifecycle state);
gboolean    twin_lifecycle_from_string (const char *text, TwinLifecycle *state);

/* planned → commissioned → in service → retired → archived; retired and
 * archived may be restored to in service, in service may go back to
 * commissioned (decommissioning). Sets an error that names both states. */
gboolean twin_lifecycle_check_change (TwinLifecycle from,
                                      TwinLifecycle to,
                                      GError      **error);

G_END_DECLS
