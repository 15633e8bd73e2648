/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-schema.h - the tables and the steps that lead to them
 *
 * Steps only go forward: step n leads from user_version n to n + 1. A step
 * that has been released is never edited.
 */
#pragma once

#include "twin-store-db.h"

G_BEGIN_DECLS

enum
{
  TWIN_SCHEMA_APPLICATION_ID = 0x5457494e, /* "TWIN" */
};

/* The version of the file as it is: 0 for an empty one. -1 with an error for
 * what is no store of ours, or one of a newer version. */
int twin_store_schema_read_version (TwinStoreDb *sql, GError **error);

/* Runs the steps up to @version inside one transaction of its own. */
gboolean twin_store_schema_migrate (TwinStoreDb *sql,
                                    int          version,
                                    GError     **error);

G_END_DECLS
