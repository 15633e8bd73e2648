/* SPDX-License-Identifier: Apache-2.0 */
/* What a query asks of telemetry, history and state. */
#include "twin-query-function.h"

#include "twin-clock.h"
#include "twin-store-functions.h"

const TwinQueryFunction twin_query_live_functions[] = {
  { NULL },
};

gboolean
twin_query_live_setup (const TwinPlan *plan, GError **error)
{
  const TwinStoreMoment moment = { plan->now_us, plan->as_of_us };

  return twin_store_reader_set_moment (plan->reader, &moment, error);
}

void
twin_query_live_begin (const TwinQuery *query, TwinPlan *plan)
{
}

gboolean
twin_query_live_add_signal (const TwinQuery *query,
                            TwinPlan        *plan,
                            const TwinPath  *path)
{
  return FALSE;
}
