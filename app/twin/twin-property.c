/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-property.h"

#include "twin-json.h"

TwinPropertySync
twin_property_get_sync (const TwinProperty *self)
{
  if (self->desired == NULL)
    return TWIN_PROPERTY_SETTLED;
  if (self->reported_version < self->desired_version)
    return TWIN_PROPERTY_PENDING;
  if (self->refused != NULL)
    return TWIN_PROPERTY_REFUSED;
  if (self->reported == NULL ||
      !twin_json_equal (self->reported, self->desired))
    return TWIN_PROPERTY_DIFFERS;

  return TWIN_PROPERTY_SETTLED;
}

const char *
twin_property_sync_to_string (TwinPropertySync sync)
{
  static const char *const words[] = { "settled", "pending", "refused",
                                       "differs" };

  return words[sync];
}
