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

/**
 * twin_lifecycle_check_change:
 *
 *   planned → commissioned, in service
 *   commissioned → in service, retired
 *   in service → commissioned (its node was taken away), retired
 *   retired → commissioned, in service (restored), archived
 *   archived → retired, commissioned, in service (restored)
 *
 * and every state to itself. Nothing else of a twin changes with it: its
 * relationships, properties, tags and groups stay, so that what is restored is
 * what was retired. The error (TWIN_TWIN_ERROR_STATE) names both states and
 * says where it may go instead.
 */
gboolean twin_lifecycle_check_change (TwinLifecycle from,
                                      TwinLifecycle to,
                                      GError      **error);

/* Deleting is the end of every state, and can be undone. One thing must not
 * happen by mistake: that the twin of a machine that is talking goes. So
 * @served (a node serves it) demands that it was retired before. */
gboolean twin_lifecycle_check_delete (TwinLifecycle from,
                                      gboolean      served,
                                      GError      **error);

G_END_DECLS
