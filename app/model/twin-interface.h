/* SPDX-License-Identifier: Apache-2.0 */
/* twin-interface.h - a DTDL interface as an object
 *
 * Plain immutable structs owned by a TwinModelSet; see twin-schema.h.
 */
#pragma once

#include "twin-schema.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_CONTENT_TELEMETRY,
  TWIN_CONTENT_PROPERTY,
  TWIN_CONTENT_COMMAND,
  TWIN_CONTENT_COMPONENT,
  TWIN_CONTENT_RELATIONSHIP,
} TwinContentKind;

typedef struct _TwinInterface TwinInterface;

typedef struct
{
  TwinContentKind      kind;
  const TwinInterface *defined_in; /* the interface that declares it */
  const char          *name;
  const char          *id;           /* DTMI, made when the model gives none */
  const char          *display_name; /* NULL: show the name */
  const char          *description;
  const char          *comment;
  /* Terms beside the kind, "Temperature"; undefined ones as written.
   * NULL-terminated, never NULL. */
  const char *const   *semantic_types;
  const char          *unit;             /* DTDL name, "degreeCelsius" */
  const TwinSchema    *schema;           /* TELEMETRY, PROPERTY */
  gboolean             writable;         /* PROPERTY, RELATIONSHIP */
  const TwinField     *request;          /* COMMAND: NULL takes no argument */
  const TwinField     *response;         /* COMMAND: NULL answers nothing */
  const TwinInterface *component;        /* COMPONENT: NULL when unresolved */
  const char          *component_id;     /* COMPONENT: its DTMI */
  const char          *target;           /* RELATIONSHIP: DTMI; NULL: any */
  gint64               max_multiplicity; /* RELATIONSHIP: -1: any number */
  GPtrArray           *properties; /* RELATIONSHIP: TwinContent, never NULL */
} TwinContent;

struct _TwinInterface
{
  const char *id;           /* DTMI */
  const char *display_name; /* NULL: show the last segment of the id */
  const char *description;
  const char *comment;
  int         dtdl;     /* 2, 3 or 4 */
  const char *source;   /* name of the text it came from */
  const char *json;     /* the interface alone, as text; the context included */
  gboolean    nested;   /* stands inside another one, whose text has it, too */
  GPtrArray  *contents; /* TwinContent declared here, in their order */
  GPtrArray  *extends;  /* const char *: DTMIs, direct */
  GPtrArray  *effective; /* TwinContent, the inherited ones first */
  GPtrArray  *ancestors; /* const char *: DTMIs, transitive, itself first */
  GHashTable *by_name;   /* const char * → TwinContent, effective */
};

/* Own or inherited; NULL when there is none. */
const TwinContent *twin_interface_find (const TwinInterface *self,
                                        const char          *name);

/* The same, of one kind. */
const TwinContent *twin_interface_find_kind (const TwinInterface *self,
                                             TwinContentKind      kind,
                                             const char          *name);

/* A path as on the wire: "shaftSpeed", "motor/shaftSpeed" (component, then
 * telemetry or property), with or without ".min", ".max", ".std", ".n". */
const TwinContent *twin_interface_find_path (const TwinInterface *self,
                                             const char          *path);

/* What people read: displayName, else the name. */
const char *twin_content_get_label (const TwinContent *self);
const char *twin_interface_get_label (const TwinInterface *self);

gboolean twin_content_has_semantic_type (const TwinContent *self,
                                         const char        *term);

const char *twin_content_kind_to_string (TwinContentKind kind);

G_END_DECLS
