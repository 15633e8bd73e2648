/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-changes.h - who changed what of the graph, and when
 *
 * An edit is a transaction: twin_store_begin(), twin_store_begin_change(),
 * puts and deletes of models, twins and relationships, twin_store_commit().
 * What it replaces or deletes is kept for ever as a version of the past; an
 * edit that leaves everything as it was leaves no change either.
 *
 * Tables that app/query compiles its AS OF over:
 *   change (id, time_us, who, kind, text, undoes)
 *   twin, relationship, model + updated_us, change   what is valid now
 *   twin_past, relationship_past, model_past         the same columns and
 *     ended, ended_us: the change that ended the version, and its time
 * A version is valid in [updated_us, ended_us). Change 0 (NULL in the tables)
 * stands for what was there before changes were kept.
 */
#pragma once

#include "twin-store-reader.h"

G_BEGIN_DECLS

/**
 * twin_store_begin_change:
 * @who: operator; NULL: the engine itself
 * @kind: "edit", "create", "delete", "import", "migrate", …
 * @text: what was done, a sentence for people, or NULL
 * @now_us: by the caller's clock; where that is not later than the last
 *          change's, the change gets the microsecond after it
 *
 * Names what the open transaction does to the graph: once a transaction,
 * before its first put. A put without it is a change of the engine's own.
 */
gboolean twin_store_begin_change (TwinStore  *self,
                                  const char *who,
                                  const char *kind,
                                  const char *text,
                                  int64_t     now_us,
                                  GError    **error);

/* The change of the open transaction, and after the commit that of the last
 * one; 0: it changed nothing (yet). */
int64_t twin_store_get_change (TwinStore *self);

G_END_DECLS
