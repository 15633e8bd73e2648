/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-graph.h - what the verbs on models, graphs and twins share */
#pragma once

#include "twin-ctl.h"
#include "twin-model-set.h"
#include "twin-store-graph.h"
#include "twin-store-reader.h"
#include "twin-twin.h"

G_BEGIN_DECLS

/* Prints the error; returns INPUT when the question was at fault, else
 * ENVIRONMENT. */
int twin_ctl_fail_store (const GError *error);

/* Creates the store's folder when the default store is meant. */
TwinStore *twin_ctl_open_store (TwinCtl *ctl, GError **error);

G_END_DECLS
