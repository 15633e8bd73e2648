/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-group.h - who is in a group now */
#pragma once

#include "twin-store-groups.h"

G_BEGIN_DECLS

/* The ids of @group as they are now; char * that the array frees. */
GPtrArray *twin_ctl_group_members (TwinStoreReader      *reader,
                                   const TwinStoreGroup *group,
                                   GError              **error);

G_END_DECLS
