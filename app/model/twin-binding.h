/* SPDX-License-Identifier: Apache-2.0 */
/* twin-binding.h - which path plays which role on one machine
 *
 * Found by semantic type and unit, then by name (twin-roles.h), over a machine
 * twin and its parts; serialised to JSON, so that commissioning can show and
 * edit it. Immutable once made, any thread.
 */
#pragma once

#include "twin-roles.h"

G_BEGIN_DECLS

/* A twin of the machine train as far as bindings need it; borrowed. */
typedef struct
{
  const char *id;         /* the machine itself comes first */
  const char *model;      /* DTMI */
  JsonObject *properties; /* or NULL: none known (commissioning) */
  const char *position;   /* "de"; NULL: by properties, then id */
} TwinBindingPart;

typedef struct
{
  double x, y, z;  /* metres on the plant floor, z up */
  double rotation; /* radians, anticlockwise from above */
} TwinPlacement;

/* Geometry of a rolling bearing; 0 where not given. */
typedef struct
{
  int    balls;
  double ball_mm, pitch_mm;
  double angle_deg;
} TwinBearingGeometry;

typedef enum
{
  TWIN_FOUND_SEMANTIC, /* by semantic type and unit */
  TWIN_FOUND_NAME,
  TWIN_FOUND_EDITED, /* a person said so */
} TwinFound;

typedef struct
{
  TwinRole    role;
  const char *position; /* "de", "nde", "motor"; "" where it says nothing */
  char        axis;     /* ACCELERATION: 'x', 'y', 'z', else 0 */
  const char *twin;     /* who has it */
  const char *path;     /* DTDL path on that twin */
  const char *unit;     /* DTDL unit as declared, or NULL */
  TwinFound   found;
  /* properties: the value as it is now, NULL when the twin has none */
  JsonNode           *value;
  const char         *designation; /* BEARING, or NULL */
  TwinBearingGeometry geometry;    /* BEARING */
} TwinBindingEntry;

typedef struct _TwinBinding TwinBinding;

/* @n_parts ≥ 1. Parts whose model is unknown contribute nothing. */
TwinBinding *twin_binding_find (const TwinRoles       *roles,
                                TwinModelSet          *models,
                                const TwinBindingPart *parts,
                                size_t                 n_parts);
TwinBinding *twin_binding_ref (TwinBinding *self);
void         twin_binding_unref (TwinBinding *self);

/* TwinBindingEntry, by role, position and axis; borrowed. */
GPtrArray *twin_binding_list (const TwinBinding *self);

/* The first entry of @role at @position (NULL: any) and @axis (0: any). */
const TwinBindingEntry *twin_binding_get (const TwinBinding *self,
                                          TwinRole           role,
                                          const char        *position,
                                          char               axis);

/* The entry whose signal is (@twin, @path), statistics' suffixes ignored. */
const TwinBindingEntry *twin_binding_find_signal (const TwinBinding *self,
                                                  const char        *twin,
                                                  const char        *path);

/* Numeric property in SI units (rated speed: Hz); NaN when not there. */
double twin_binding_get_number (const TwinBinding *self, TwinRole role);
/* Text property (support "rigid", "flexible"; isoGroup "1".."4"), or NULL. */
const char *twin_binding_get_text (const TwinBinding *self, TwinRole role);
gboolean    twin_binding_get_placement (const TwinBinding *self,
                                        TwinPlacement     *placement);

/* {"machine":…,"roles":[{"role":…,"position":…,"axis":…,"twin":…,"path":…,
 * "unit":…,"found":…,"value":…}…],"missing":["ratedSpeed",…]}. Caller unrefs.
 */
JsonNode *twin_binding_to_json (const TwinBinding *self);
/* What a person edited. Errors with JSON pointer. */
TwinBinding *twin_binding_from_json (JsonNode *node, GError **error);

/* Roles that no path plays; TwinRole values in a GArray. Caller unrefs. */
GArray *twin_binding_list_missing (const TwinBinding *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinBinding, twin_binding_unref)

G_END_DECLS
