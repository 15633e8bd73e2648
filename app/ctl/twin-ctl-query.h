/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-query.h - the rows of a query as a table for people */
#pragma once

#include "twin-ctl.h"
#include "twin-store-reader.h"

G_BEGIN_DECLS

/* @rows: JsonNodes that hold objects. A heading has its unit when every model
 * of the store that knows the name agrees on it. Prints to stdout. */
void twin_ctl_print_rows (GPtrArray *rows, TwinStoreReader *reader);

G_END_DECLS
