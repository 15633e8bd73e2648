/* SPDX-License-Identifier: Apache-2.0 */
/* What a query asks of telemetry, history and state. */
#include "twin-query-function.h"

const TwinQueryFunction twin_query_live_functions[] = {
  { NULL },
};

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
