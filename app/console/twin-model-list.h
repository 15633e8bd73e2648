/* SPDX-License-Identifier: Apache-2.0 */
/* twin-model-list.h - models in the order of what extends what
 *
 * Pure, any thread.
 */
#pragma once

#include "twin-edit.h"
#include "twin-model-set.h"

G_BEGIN_DECLS

/* A place of a model in the tree. */
typedef struct
{
  const TwinModelItem *item; /* borrowed */
  guint                depth;
} TwinModelPlace;

/* Each of @items (TwinModelItem) once, behind the first model it extends that
 * is there, by name; @needle, casefolded or NULL, keeps those that have it in
 * name or DTMI, and what they extend. Cycles end. Of TwinModelPlace; caller
 * unrefs. */
GArray *twin_model_list_order (GPtrArray    *items,
                               TwinModelSet *models,
                               const char   *needle);

G_END_DECLS
