/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-tables.h - which struct is which table (inside the store) */
#pragma once

#include "twin-store-rows.h"
#include "twin-table.h"

G_BEGIN_DECLS

extern const TwinTable twin_table_model;
extern const TwinTable twin_table_twin;
extern const TwinTable twin_table_relationship;
extern const TwinTable twin_table_node;
extern const TwinTable twin_table_waveform;
extern const TwinTable twin_table_waveform_list; /* without the data */
extern const TwinTable twin_table_diagnosis;
extern const TwinTable twin_table_health;
extern const TwinTable twin_table_prediction;
extern const TwinTable twin_table_event;
extern const TwinTable twin_table_alarm;
extern const TwinTable twin_table_transition;
extern const TwinTable twin_table_journal;
extern const TwinTable twin_table_command;
extern const TwinTable twin_table_desired;
extern const TwinTable twin_table_order;
extern const TwinTable twin_table_request;
extern const TwinTable twin_table_status;

G_END_DECLS
