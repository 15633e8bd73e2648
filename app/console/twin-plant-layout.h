/* SPDX-License-Identifier: Apache-2.0 */
/* twin-plant-layout.h - where machines stand that have no place of their own
 *
 * Machines of one line stand side by side in a row, rows one behind the other
 * in order of appearance, and a great many rows in several blocks. Pure;
 * metres; main thread.
 */
#pragma once

#include "twin-plant-view.h"

G_BEGIN_DECLS

typedef struct
{
  TwinSceneRow row; /* without its text */
  char        *name;
} TwinPlantRow;

void twin_plant_row_clear (TwinPlantRow *row);

/* Fills place and shape of @instances (@n_items of them) and returns the rows
 * (TwinPlantRow, cleared with the array; caller unrefs). */
GArray *twin_plant_layout (const TwinPlantItem *items,
                           guint                n_items,
                           TwinSceneInstance   *instances);

/* "C7" for "Compressor 7"; caller frees. */
char *twin_plant_short_label (const char *name);

G_END_DECLS
