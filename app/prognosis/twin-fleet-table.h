/* SPDX-License-Identifier: Apache-2.0 */
/* twin-fleet-table.h - histories of many units, row by row */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  size_t  n_units, n_rows, n_columns;
  size_t *first; /* n_units + 1: rows of unit u are first[u] … first[u+1]-1 */
  double *time;  /* n_rows: ascending within a unit, any one unit of time */
  double *values; /* n_rows × n_columns, row by row; NaN marks a gap */
} TwinFleetTable;

/* All zero; to be filled by the caller. */
TwinFleetTable *twin_fleet_table_new (size_t n_units,
                                      size_t n_rows,
                                      size_t n_columns);
void            twin_fleet_table_free (TwinFleetTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinFleetTable, twin_fleet_table_free)

G_END_DECLS
