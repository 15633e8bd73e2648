/* SPDX-License-Identifier: Apache-2.0 */
/* twin-roles.h - how roles are found in models: data/roles.json
 *
 * The only place where names of properties and telemetry are known. Immutable
 * once read, any thread.
 */
#pragma once

#include "twin-model-set.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_ROLE_SHAFT_SPEED, /* signals */
  TWIN_ROLE_ACCELERATION,
  TWIN_ROLE_TEMPERATURE,
  TWIN_ROLE_AMBIENT,
  TWIN_ROLE_CURRENT,
  TWIN_ROLE_LOAD,
  TWIN_ROLE_VELOCITY_RMS,
  TWIN_ROLE_RUNNING_HOURS,
  TWIN_ROLE_BEARING, /* properties from here on */
  TWIN_ROLE_RATED_SPEED,
  TWIN_ROLE_RATED_CURRENT,
  TWIN_ROLE_RATED_POWER,
  TWIN_ROLE_ISO_GROUP,
  TWIN_ROLE_SUPPORT,
  TWIN_ROLE_PLACEMENT,
  TWIN_N_ROLES,
} TwinRole;

/* What a twin of a model is in the plant. */
typedef enum
{
  TWIN_SORT_OTHER,
  TWIN_SORT_PLANT,
  TWIN_SORT_AREA, /* building, line: contains machines */
  TWIN_SORT_MACHINE,
  TWIN_SORT_PART,
  TWIN_SORT_SENSOR,
} TwinSort;

typedef struct _TwinRoles TwinRoles;

/* @name: file of @text, for messages. */
TwinRoles *twin_roles_parse (const char *name,
                             const char *text,
                             GError    **error);
TwinRoles *twin_roles_load (const char *path, GError **error);
TwinRoles *twin_roles_ref (TwinRoles *self);
void       twin_roles_unref (TwinRoles *self);

/* "shaftSpeed", … as in roles.json and bindings. */
const char *twin_role_to_string (TwinRole role);
gboolean    twin_role_from_string (const char *text, TwinRole *role);
gboolean    twin_role_is_signal (TwinRole role);

/* By the nearest ancestor of @model that roles.json names; an unknown model
 * is OTHER. */
TwinSort twin_roles_sort (const TwinRoles *self,
                          TwinModelSet    *models,
                          const char      *model);

/* "compressor", "pump", "motor", or NULL: not drawn. */
const char *twin_roles_shape (const TwinRoles *self,
                              TwinModelSet    *models,
                              const char      *model);

/* Names of relationships from the whole to its parts ("contains", "hasPart",
 * "hasSensor"), NULL-terminated, borrowed. */
const char *const *twin_roles_get_part_relationships (const TwinRoles *self);

/* The position a part sits at ("de", "nde", "motor", "cooling"; "" for the
 * machine itself): its position property, else the last word of its id after
 * the machine's. Caller frees. */
char *twin_roles_position (const TwinRoles *self,
                           JsonObject      *properties,
                           const char      *machine,
                           const char      *id);

/* The number that @properties hold under one of the names that roles.json
 * gives @what ("poles", "polePairs", "lineFrequency", "blades", "teeth",
 * "otherTeeth", "pulleyDiameter", "beltLength", "beltRatio", "npshMargin"), as
 * it stands there; NaN: none. */
double twin_roles_get_number (const TwinRoles *self,
                              JsonObject      *properties,
                              const char      *what);

/* The factor from @unit (SenML, or a DTDL name) to the SI unit of the
 * quantity, temperatures to Cel by *@offset first: si = (v + offset) × factor.
 * shaftSpeed: to Hz. FALSE when @unit is not known. */
gboolean twin_unit_to_si (const char *unit, double *factor, double *offset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinRoles, twin_roles_unref)

G_END_DECLS
