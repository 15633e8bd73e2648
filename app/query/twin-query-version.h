/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query-version.h - versions that sort; private to app/query
 *
 * As semver.org has it, and a little more: any count of numbers ("2.3",
 * "1.2.3.4"; missing ones are 0), a "v" before them, a pre-release behind "-"
 * (older than the release), build data behind "+" (ignored).
 */
#pragma once

#include "twin-query-ast.h"

G_BEGIN_DECLS

/* Bytes that memcmp() orders as the versions are; NULL: @text is no version.
 */
GBytes *twin_version_key (const char *text);

/* The SQL function twin_version(text) on the plan's reader: the key or NULL. */
gboolean twin_version_register (const TwinPlan *plan, GError **error);

G_END_DECLS
