/* SPDX-License-Identifier: Apache-2.0 */
/* twin-node-properties.h - desired beside reported, property by property
 *
 * Pure but for the translation: JSON of a node item as a person reads it,
 * {"everyS":20.0} as "everyS 20". Nesting is as deep as json-glib reads it.
 */
#pragma once

#include "twin-update.h"

G_BEGIN_DECLS

typedef struct
{
  char    *name;
  char    *desired;  /* in words; NULL: nothing is desired */
  char    *reported; /* NULL: never reported */
  gboolean differs;  /* something else is desired than reported */
} TwinNodeProperty;

/* Of TwinNodeProperty by name; never NULL. Text that is no JSON object counts
 * as nothing. Caller unrefs. */
GArray *twin_node_properties_list (const char *desired, const char *reported);

G_END_DECLS
