/* SPDX-License-Identifier: Apache-2.0 */
/* twin-migration-plan.h - a migration over the twins of a store
 *
 * What twin_editor does for TWIN_EDIT_MIGRATE, and what its preview shows: the
 * twins are read, the migration is made, and written when it may be. One
 * thread at a time.
 */
#pragma once

#include "twin-migration.h"
#include "twin-store-reader.h"
#include "twin-store.h"

G_BEGIN_DECLS

typedef struct _TwinMigrationPlan TwinMigrationPlan;

/**
 * twin_migration_plan_new:
 * @models: those of the store; kept by reference
 * @to: DTMI
 * @members, @query: the twins, one of the two; the other NULL
 *
 * Reads @reader once for all of it; NULL with the error of the store, the
 * query or the migration, NOT_FOUND naming a member that there is not.
 */
TwinMigrationPlan *twin_migration_plan_new (TwinStoreReader   *reader,
                                            TwinModelSet      *models,
                                            const char        *to,
                                            const char *const *members,
                                            const char        *query,
                                            GError           **error);
void               twin_migration_plan_free (TwinMigrationPlan *self);

/* The preview, borrowed. */
TwinMigration *twin_migration_plan_get (TwinMigrationPlan *self);

/* Whether it may be written: twin_migration_check(), and, unless @if_preview
 * is NULL, that the preview still has that hash (else CHANGED). */
gboolean twin_migration_plan_check (TwinMigrationPlan *self,
                                    gboolean           drop_lost,
                                    const char        *if_preview,
                                    GError           **error);

/* Writes the twins, each on the etag it was read with. The caller has checked,
 * and has the transaction and its change open; it rolls back on FALSE. */
gboolean twin_migration_plan_write (TwinMigrationPlan *self,
                                    TwinStore         *store,
                                    GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinMigrationPlan, twin_migration_plan_free)

G_END_DECLS
