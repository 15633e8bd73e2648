/* SPDX-License-Identifier: Apache-2.0 */
/* twin-model-content.h - contents under construction
 *
 * Private to app/model. Interfaces know their contents by name before these
 * are filled, so that what they inherit can be checked.
 */
#pragma once

#include "twin-model-builder.h"

G_BEGIN_DECLS

/* As TwinContent lies in the set; @element is of the builder and not to be
 * followed once that is gone. */
typedef struct
{
  TwinContent  content;
  TwinElement *element;
} TwinModelContent;

static inline TwinElement *
twin_content_element (const TwinContent *self)
{
  return ((const TwinModelContent *) (const void *) self)->element;
}

/* An interface with its contents, which have name, kind and place only. */
void twin_model_shell (TwinModelBuilder *self, TwinElement *element);

G_END_DECLS
