/* SPDX-License-Identifier: Apache-2.0 */
/* twin-roles-private.h - how a role is recognised; private to app/model */
#pragma once

#include "twin-roles.h"

G_BEGIN_DECLS

/* Which schemas can play a role. */
typedef enum
{
  TWIN_ROLE_ANY,
  TWIN_ROLE_NUMBER,
  TWIN_ROLE_VECTOR, /* an Object with x, y or z, or an Array of numbers */
} TwinRoleShape;

typedef struct
{
  GStrv         semantic_types;
  GStrv         units;  /* empty: any */
  GStrv         like;   /* words of which one must be in the name; empty: any */
  GStrv         unlike; /* words that must not be in the name */
  GStrv         names;  /* by which it is found without semantics */
  TwinRoleShape shape;
  gboolean      each; /* one a position, not one a machine */
} TwinRoleRule;

/* Never NULL. */
const TwinRoleRule *twin_roles_get_rule (const TwinRoles *self, TwinRole role);

/* Synonyms of "balls", "ballDiameter", "pitchDiameter", "contactAngle",
 * "geometry", "x", "y", "z", "rotation"; never NULL. */
const char *const *twin_roles_get_names (const TwinRoles *self,
                                         const char      *what);

G_END_DECLS
