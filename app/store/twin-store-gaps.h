/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-gaps.h - where a history is not whole (inside the store) */
#pragma once

#include "twin-store-history.h"

G_BEGIN_DECLS

/* Appends what records @node lacks between @from_us and @to_us. */
gboolean twin_store_gaps_of_node (TwinStoreReader *self,
                                  const char      *node,
                                  int64_t          from_us,
                                  int64_t          to_us,
                                  GArray          *gaps,
                                  GError         **error);

/* Appends where points lie further apart than @query allows. @width_us: of a
 * point. */
void twin_store_gaps_of_silence (const TwinStoreHistoryQuery *query,
                                 const GArray                *points,
                                 int64_t                      width_us,
                                 GArray                      *gaps);

/* By time; a silence that a lack of records explains is left out. */
void twin_store_gaps_tidy (GArray *gaps);

G_END_DECLS
