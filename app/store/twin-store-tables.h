/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-tables.h - which struct is which table (inside the store) */
#pragma once

#include "twin-store-rows.h"
#include "twin-store-table.h"

G_BEGIN_DECLS

extern const TwinStoreTable twin_store_table_model;
extern const TwinStoreTable twin_store_table_twin;
extern const TwinStoreTable twin_store_table_relationship;
extern const TwinStoreTable twin_store_table_change;
extern const TwinStoreTable twin_store_table_group;
extern const TwinStoreTable twin_store_table_saved_query;
extern const TwinStoreTable twin_store_table_node;
extern const TwinStoreTable twin_store_table_waveform;
extern const TwinStoreTable
    twin_store_table_waveform_list; /* without the data */
extern const TwinStoreTable twin_store_table_diagnosis;
extern const TwinStoreTable twin_store_table_health;
extern const TwinStoreTable twin_store_table_prediction;
extern const TwinStoreTable twin_store_table_event;
extern const TwinStoreTable twin_store_table_alarm;
extern const TwinStoreTable twin_store_table_transition;
extern const TwinStoreTable twin_store_table_journal;
extern const TwinStoreTable twin_store_table_command;
extern const TwinStoreTable twin_store_table_desired;
extern const TwinStoreTable twin_store_table_order;
extern const TwinStoreTable twin_store_table_outcome;
extern const TwinStoreTable twin_store_table_request;
extern const TwinStoreTable twin_store_table_status;

/* One row into one table, as a transaction of its own or part of one. @id (may
 * be NULL) takes the key it was given. */
gboolean twin_store_put_row (TwinStore            *self,
                             const TwinStoreTable *table,
                             const void           *row,
                             int64_t              *id,
                             GError              **error);

G_END_DECLS
