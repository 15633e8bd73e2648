/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-fleet.h - fleets' histories and models in files */
#pragma once

#include "twin-ctl-sheet.h"
#include "twin-fleet-model.h"

G_BEGIN_DECLS

/* What the command line says of a file of histories. */
typedef struct
{
  char *unit, *time; /* names of columns */
  char *features;    /* "a,b", or NULL: every other column of numbers */
  char *columns;     /* names of a plain table's columns, or NULL */
} TwinCtlFleetOptions;

void twin_ctl_fleet_options_clear (TwinCtlFleetOptions *self);

typedef struct
{
  TwinFleetTable *table;
  char          **units;    /* table->n_units names, in order of appearance */
  char          **features; /* table->n_columns names, then NULL */
} TwinCtlFleet;

void twin_ctl_fleet_clear (TwinCtlFleet *self);

/* Rows are sorted by time within a unit. FALSE with a sentence. */
gboolean twin_ctl_fleet_read (const char                *path,
                              const TwinCtlFleetOptions *options,
                              TwinCtlFleet              *fleet,
                              GError                   **error);

/* The model as JSON; the names of columns come from the options. */
JsonNode *twin_ctl_fleet_model_to_json (const TwinFleetModel      *model,
                                        const TwinCtlFleetOptions *options,
                                        const char *const         *features);

/* NULL with a sentence that names what is wrong: no number is believed that
 * training could not have written. @options gets what the model was trained
 * with (@features joined by commas, @columns). */
TwinFleetModel *twin_ctl_fleet_model_from_json (JsonNode            *node,
                                                TwinCtlFleetOptions *options,
                                                GError             **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwinCtlFleet, twin_ctl_fleet_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwinCtlFleetOptions,
                                  twin_ctl_fleet_options_clear)

G_END_DECLS
