/* SPDX-License-Identifier: Apache-2.0 */
/* twin-property.h - a property's desired and reported value
 *
 * Owned by a TwinGraph's twin; its thread only.
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdint.h>

#include "twin-clock.h"

G_BEGIN_DECLS

/* What a report is worth. */
#define TWIN_CONFIDENCE_SIGNED 1.0   /* by a node key that is trusted */
#define TWIN_CONFIDENCE_UNSIGNED 0.5 /* nobody vouches for it */

typedef struct
{
  char     *path;             /* "summaryPeriodS", "motor/mode" */
  JsonNode *desired;          /* NULL: nothing is wanted */
  JsonNode *reported;         /* NULL: nothing was ever reported */
  uint64_t  desired_version;  /* of the document that holds it; 0: none */
  uint64_t  reported_version; /* desired version the node had applied then */
  int64_t   source_us;        /* when it was so, by the node; or NONE */
  int64_t   arrival_us;       /* NONE: never reported */
  double    max_age_s;  /* how long a report is good for; 0: until the next */
  double    confidence; /* 0..1 of the reported value, TWIN_CONFIDENCE_… */
  char     *refused;    /* why the node refused the desired value, or NULL */
} TwinProperty;

typedef enum
{
  TWIN_PROPERTY_SETTLED, /* reported is what is desired, or nothing is */
  TWIN_PROPERTY_PENDING, /* the node has not applied that version yet */
  TWIN_PROPERTY_REFUSED,
  TWIN_PROPERTY_DIFFERS, /* applied, yet another value is reported */
} TwinPropertySync;

TwinPropertySync twin_property_get_sync (const TwinProperty *self);
const char      *twin_property_sync_to_string (TwinPropertySync sync);

/* Age of the reported value in µs at @now_us, by source time as far as that is
 * not after the arrival. INT64_MAX: never reported. */
int64_t twin_property_age_us (const TwinProperty *self, int64_t now_us);

/* Never reported, node or link down, or older than max_age_s. A node says a
 * property once when it changes, so without a limit it stays good as long as
 * the node is there. */
gboolean twin_property_is_stale (const TwinProperty *self,
                                 int64_t             now_us,
                                 gboolean            node_online,
                                 gboolean            link_up);

G_END_DECLS
