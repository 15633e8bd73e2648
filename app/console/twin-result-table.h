/* SPDX-License-Identifier: Apache-2.0 */
/* twin-result-table.h - a query's rows on screen: sorted, chosen, many at once
 *
 * Main thread. A row that stands for something of the plant begins with the
 * glyph of its state. A new result with the same rows only changes what
 * differs; else the selection follows the twins.
 *
 * Signals: "activated" (twin id), "selection-changed" (), "columns-changed" ().
 */
#pragma once

#include "twin-live-plant.h"
#include "twin-answer.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_RESULT_TABLE (twin_result_table_get_type ())
G_DECLARE_FINAL_TYPE (TwinResultTable,
                      twin_result_table,
                      TWIN,
                      RESULT_TABLE,
                      GtkWidget)

GtkWidget *twin_result_table_new (void);
void twin_result_table_set_plant (TwinResultTable *self, TwinLivePlant *plant);

/* Takes @result; NULL clears. @same: the answer of the same question again. */
void twin_result_table_take (TwinResultTable *self,
                             TwinAnswer      *result,
                             gboolean         same);

/* TwinAnswerColumn, borrowed; NULL without a result. */
GPtrArray *twin_result_table_get_columns (TwinResultTable *self);
void       twin_result_table_show_column (TwinResultTable *self,
                                          guint            column,
                                          gboolean         shown);

/* Ids of the twins that are selected, each once; never NULL; caller frees. */
GStrv twin_result_table_dup_selected (TwinResultTable *self);

/* What is shown, as CSV in its order: the selected rows, or all when none is.
 * Caller frees. */
char *twin_result_table_dup_csv (TwinResultTable *self);

G_END_DECLS
