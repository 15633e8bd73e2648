/* SPDX-License-Identifier: Apache-2.0 */
/* twin-shelf.h - firmware packages and vendors' keys, into the store
 *
 * Beside a running engine, as any edit. A package is only taken when a key
 * that somebody trusted here signed it; a node does not rely on that. Any
 * thread.
 */
#pragma once

#include "twin-firmware.h"
#include "twin-store-firmware.h"

G_BEGIN_DECLS

/* The trusted key that signed @package; NULL with a sentence that says what to
 * do. Caller frees. */
TwinStoreVendorKey *twin_shelf_find_signer (TwinStoreReader   *reader,
                                            const TwinPackage *package,
                                            GError           **error);

/* Keeps @package. FALSE when nobody trusted signed it. */
gboolean twin_shelf_add (const char        *store,
                         const TwinPackage *package,
                         const char        *who,
                         GError           **error);

/* Trusts the public key in the file @path, of the vendor @name. */
gboolean twin_shelf_trust (const char *store,
                           const char *path,
                           const char *name,
                           const char *who,
                           GError    **error);

G_END_DECLS
