/* SPDX-License-Identifier: Apache-2.0 */
/* twin-binding-private.h - shared by finding and reading bindings */
#pragma once

#include "twin-binding.h"

G_BEGIN_DECLS

struct _TwinBinding
{
  int           refs;
  GStringChunk *strings;
  const char   *machine;
  GPtrArray    *entries; /* TwinBindingEntry */
};

TwinBinding *twin_binding_new_empty (const char *machine);
void         twin_binding_entry_free (void *entry);
const char  *twin_binding_intern (TwinBinding *self, const char *text);
void         twin_binding_sort (TwinBinding *self);

/* Value, designation, geometry and a placement in metres and radians, as the
 * part's properties have them. */
void twin_binding_read_value (TwinBinding           *self,
                              const TwinRoles       *roles,
                              const TwinBindingPart *part,
                              const TwinContent     *content,
                              TwinBindingEntry      *entry);

G_END_DECLS
