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

int64_t
twin_property_age_us (const TwinProperty *self, int64_t now_us)
{
  int64_t since = self->arrival_us;

  if (since == TWIN_TIME_NONE)
    return INT64_MAX;

  if (self->source_us != TWIN_TIME_NONE)
    since = MIN (since, self->source_us);
  return MAX (now_us - since, 0);
}

gboolean
twin_property_is_stale (const TwinProperty *self,
                        int64_t             now_us,
                        gboolean            node_online,
                        gboolean            link_up)
{
  int64_t age_us = twin_property_age_us (self, now_us);

  return age_us == INT64_MAX || !node_online || !link_up ||
         (self->max_age_s > 0 &&
          (double) age_us > self->max_age_s * TWIN_US_PER_S);
}
