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

typedef struct
{
  char     *path;             /* "summaryPeriodS", "motor/mode" */
  JsonNode *desired;          /* NULL: nothing is wanted */
  JsonNode *reported;         /* NULL: nothing was ever reported */
  uint64_t  desired_version;  /* of the document that holds it */
  uint64_t  reported_version; /* desired version the node had applied then */
  int64_t   source_us;        /* of the reported value, or NONE */
  int64_t   arrival_us;
  double    confidence; /* 0..1: 1 signed by a trusted node, 0.5 not verified */
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

G_END_DECLS
