/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-batch-private.h - for the store's own files and its tests */
#pragma once

#include "twin-store-batch.h"

G_BEGIN_DECLS

/* Between batches: moves every sample into chunks and roll-ups now, instead of
 * when its tail is long or old enough. */
gboolean twin_store_batch_seal (TwinStoreBatch *self, GError **error);

G_END_DECLS
