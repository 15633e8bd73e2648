/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "twin-fleet-model.h"

G_BEGIN_DECLS

/* The interval about the answer @given to a history of e^@length rows, from
 * the errors of units other than @without (SIZE_MAX: of all). */
void twin_fleet_model_interval (const TwinFleetModel *self,
                                double                given,
                                double                length,
                                size_t                without,
                                double               *p05,
                                double               *p95);

G_END_DECLS
