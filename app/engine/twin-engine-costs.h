/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-costs.h - what maintenance costs here, when it may be done, and
 * the best date that follows
 *
 * Plain data; any thread.
 */
#pragma once

#include "twin-maintenance-date.h"
#include "twin-rul.h"
#include "twin-whatif.h"

G_BEGIN_DECLS

/* What a failure costs, in planned stops, where nobody gave prices. */
#define TWIN_ENGINE_FAILURE_RATIO 5.0

typedef struct
{
  TwinPrices prices;   /* NaN: not given */
  double     lead_s;   /* until parts and people are there */
  guint      weekdays; /* bit 0: Monday …; 0: any */
} TwinEngineCosts;

void twin_engine_costs_init (TwinEngineCosts *self);

/* Both prices of stops are given. */
gboolean twin_engine_costs_given (const TwinEngineCosts *self);
/* As given; else in planned stops, a failure costing five of them. */
TwinPrices twin_engine_costs_prices (const TwinEngineCosts *self);

/* The best date for the life in @rul (NULL: not estimated yet). @factor: what
 * all lives are multiplied by, 1 as things are. */
void twin_engine_costs_date (const TwinEngineCosts *self,
                             const TwinRul         *rul,
                             const TwinRulPrior    *prior,
                             double                 factor,
                             int64_t                now_us,
                             TwinDate              *date);

G_END_DECLS
