/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fleet-feature.h - what a history looks like at one of its rows
 *
 * Of every used column: its mean over three windows and its slope over the two
 * longer ones, all standardised by TwinFleetScale; and the age. Windows are
 * spans of time, so missing rows do no harm; early in life they hold what there
 * is, and the slope is shrunk towards 0 accordingly.
 *
 * Pure functions, any thread.
 */
#pragma once

#include "twin-fleet-scale.h"

G_BEGIN_DECLS

enum
{
  TWIN_FLEET_WINDOWS = 3,
};

typedef struct
{
  double   step;                       /* usual time from row to row, > 0 */
  double   life;                       /* median life, the unit of age */
  unsigned window[TWIN_FLEET_WINDOWS]; /* ascending, in steps, at least 2 */
} TwinFleetSpec;

/* How many numbers a row gives. */
size_t twin_fleet_feature_count (const TwinFleetScale *scale);

/**
 * twin_fleet_features:
 * @time: @n rows of one unit, ascending
 * @values: @n × n_columns
 * @from, @stride: rows @from, @from + @stride … < @n are wanted
 * @out: so many times twin_fleet_feature_count(); column by column: the three
 *   means, the two slopes; last the age
 */
void twin_fleet_features (const TwinFleetScale *scale,
                          const TwinFleetSpec  *spec,
                          const double         *time,
                          const double         *values,
                          size_t                n,
                          size_t                from,
                          size_t                stride,
                          double               *out);

G_END_DECLS
