/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fleet.h - what everything that acts on nodes shares
 *
 * The folder is pure logic: it publishes, keeps and tells through the
 * callbacks of TwinFleetIo, and knows neither MQTT nor SQL. Everything in it
 * belongs to one thread (the pipeline's); callbacks are called on it, from
 * within the call that caused them.
 */
#pragma once

#include "twin-clock.h"
#include "twin-key.h"
#include "twin-topic.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define TWIN_FLEET_ERROR (twin_fleet_error_quark ())
GQuark twin_fleet_error_quark (void);

typedef enum
{
  TWIN_FLEET_ERROR_UNKNOWN_NODE, /* never seen, or its epoch is not known */
  TWIN_FLEET_ERROR_CONFLICT,     /* somebody else wrote in between */
  TWIN_FLEET_ERROR_ARGUMENT,     /* cannot be said on the wire */
  TWIN_FLEET_ERROR_STATE,  /* not possible now, e.g. an order closed twice */
  TWIN_FLEET_ERROR_KEEP,   /* the counter or document could not be kept:
                            * nothing was sent */
  TWIN_FLEET_ERROR_DENIED, /* an answer that does not verify */
} TwinFleetError;

typedef struct
{
  const char      *plant; /* topic name; outlives its users */
  const TwinKey   *key;   /* of this installation; outlives its users */
  const TwinClock *clock; /* NULL: the real one */

  /* Sends; FALSE and @error when it cannot now. */
  gboolean (*publish) (const char *topic,
                       GBytes     *payload,
                       int         qos,
                       gboolean    retain,
                       void       *user_data,
                       GError    **error);
  void *user_data;
} TwinFleetIo;

G_END_DECLS
