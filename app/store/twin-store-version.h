/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-version.h - rows of the graph with all their versions (inside the
 * store)
 *
 * A table of present rows has one beside it, NAME_past, with the same columns
 * and ended, ended_us. The columns "change" and "updated_us" of @row say which
 * change writes; a version that the same change made is replaced, not kept.
 */
#pragma once

#include "twin-store-table.h"

G_BEGIN_DECLS

/* Inserts @row, or replaces the one of its key when a VALUE column differs, and
 * keeps that. A new key costs one statement. *@changed: whether it did. */
gboolean twin_store_version_put (TwinStoreDb          *sql,
                                 const TwinStoreTable *table,
                                 const void           *row,
                                 gboolean             *changed,
                                 GError              **error);

/* Deletes the row of @row's key and keeps it. *@changed: whether there was
 * one. */
gboolean twin_store_version_delete (TwinStoreDb          *sql,
                                    const TwinStoreTable *table,
                                    const void           *row,
                                    gboolean             *changed,
                                    GError              **error);

G_END_DECLS
