/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fleet-scale.h - what is usual for a column, per operating setting
 *
 * Machines that switch between operating settings jump by more than wear moves
 * them. Settings are found as clusters of the rows (k-means, 1 to 8) that hold
 * most of the variance and come as often early in life as late; a cluster that
 * does not is wear, not a setting. Each column is then standardised within the
 * setting. A column that stands still in every setting is not used.
 *
 * Pure functions, any thread.
 */
#pragma once

#include "twin-fleet-table.h"

G_BEGIN_DECLS

enum
{
  TWIN_FLEET_SETTINGS_MAX = 8,
};

typedef struct
{
  size_t  n_columns, n_settings;
  double *column_mean, *column_sd; /* n_columns: over all; sd 1 if constant */
  double *centres;                 /* n_settings × n_columns, standardised */
  double *mean, *sd;               /* n_settings × n_columns; sd 0: constant */
} TwinFleetScale;

TwinFleetScale *twin_fleet_scale_new (size_t n_columns, size_t n_settings);
TwinFleetScale *twin_fleet_scale_learn (const TwinFleetTable *table);
void            twin_fleet_scale_free (TwinFleetScale *self);

/* Any setting in which the column moves. */
gboolean twin_fleet_scale_uses (const TwinFleetScale *self, size_t column);

/* @z (n_columns): @values standardised in the setting they were taken in; a
 * gap or a column that stands still there gives NaN. */
void twin_fleet_scale_apply (const TwinFleetScale *self,
                             const double         *values,
                             double               *z);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinFleetScale, twin_fleet_scale_free)

G_END_DECLS
