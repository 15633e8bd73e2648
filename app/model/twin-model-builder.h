/* SPDX-License-Identifier: Apache-2.0 */
/* twin-model-builder.h - what the parts of the DTDL parser share
 *
 * Private to app/model. One builder makes one set, on one thread.
 */
#pragma once

#include "twin-json.h"
#include "twin-model-set.h"

G_BEGIN_DECLS

struct _TwinModelSet
{
  int           refs;
  GStringChunk *strings;
  GPtrArray    *blocks;     /* every struct, freed with the set */
  GPtrArray    *containers; /* GPtrArrays inside interfaces */
  GPtrArray    *tables;     /* GHashTables inside interfaces */
  GPtrArray    *interfaces; /* TwinInterface, by id when built */
  GHashTable   *by_id;      /* DTMI → TwinInterface */
};

/* Where the parser is, for messages, and what its context allows. */
typedef struct
{
  const char *file;
  const char *element;    /* DTMI of the nearest element with an id */
  int         dtdl;       /* 0: no context seen yet */
  gboolean    tenable;    /* undefined terms are kept */
  gboolean    quantities; /* QuantitativeTypes is in force */
  unsigned    group;      /* of the text */
} TwinModelPlace;

typedef struct
{
  TwinModelSet           *set;
  const TwinModelOptions *options;
  TwinModelReport        *report;
  TwinModelPlace          place;
  GString                *pointer;
  GHashTable             *schemas; /* DTMI → TwinSchema defined somewhere */
  GHashTable             *defined; /* every DTMI that is defined */
  GPtrArray              *pending; /* TwinModelReference */
  GPtrArray              *numeric; /* TwinModelNumeric */
  int                     depth;
} TwinModelBuilder;

/* A reference by DTMI, resolved when all texts are parsed. */
typedef struct
{
  TwinModelPlace        place;
  char                 *pointer;
  const char           *dtmi;
  const TwinSchema    **schema;    /* one of the two slots */
  const TwinInterface **interface; /* a component's */
} TwinModelReference;

/* A semantic type that wants a numeric schema, checked at the end. */
typedef struct
{
  TwinModelPlace           place;
  char                    *pointer;
  const char              *term;
  const TwinSchema *const *schema;
} TwinModelNumeric;

/* An element taken apart. */
typedef struct
{
  JsonObject        *object;
  const char        *id; /* given or NULL */
  const char        *type;
  const char *const *cotypes;   /* semantic types and undefined ones */
  gboolean           undefined; /* one of them is, so any key may be there */
} TwinModelElement;

/* --- twin-model-builder.c --------------------------------------------------
 */

void twin_model_builder_issue (TwinModelBuilder *self,
                               const char       *id,
                               const char       *format,
                               ...) G_GNUC_PRINTF (3, 4);
/* The length to go back to. */
gsize       twin_model_builder_push (TwinModelBuilder *self, const char *token);
gsize       twin_model_builder_push_index (TwinModelBuilder *self, guint index);
void        twin_model_builder_pop (TwinModelBuilder *self, gsize length);
const char *twin_model_builder_intern (TwinModelBuilder *self,
                                       const char       *text);
void       *twin_model_builder_alloc (TwinModelBuilder *self, gsize size);
GPtrArray  *twin_model_builder_array (TwinModelBuilder *self);

/* What @dtmi of something inside an interface is called in the tables: itself,
 * or in a group of its own a name of that group. */
const char *twin_model_builder_scope (TwinModelBuilder *self, const char *dtmi);

/* The element of an array of one, else @node itself. */
JsonNode *twin_model_single (JsonNode *node);

/* --- twin-model-context.c ----------------------------------------------------
 */

/* Reads @context of an element; the place is changed, the caller keeps the
 * old one. FALSE: the element cannot be read on. */
gboolean twin_model_read_context (TwinModelBuilder *self, JsonObject *object);

gboolean twin_dtmi_is_valid_for (const char *dtmi, int dtdl);

/* "schema" out of "dtmi:dtdl:property:schema;2", @text itself otherwise. */
const char *twin_model_term (TwinModelBuilder *self, const char *text);

/* --- twin-model-element.c ----------------------------------------------------
 */

/* @types: NULL-terminated names allowed here. Checks @id, @type, the keys and
 * the common properties. FALSE: an issue was reported. */
gboolean  twin_model_element_open (TwinModelBuilder  *self,
                                   JsonNode          *node,
                                   const char *const *types,
                                   TwinModelElement  *element);
JsonNode *twin_model_element_get (TwinModelElement *element, const char *term);
/* Whether "@type" has a semantic type. */
gboolean twin_model_element_has_quantity (const TwinModelElement *element);

/* A string, NULL when absent (an issue when @required) or wrong. */
const char *twin_model_element_text (TwinModelBuilder *self,
                                     TwinModelElement *element,
                                     const char       *term,
                                     gboolean          required);
const char *twin_model_element_name (TwinModelBuilder *self,
                                     TwinModelElement *element);
/* displayName or description in the reader's language, else English. */
const char *twin_model_element_lang (TwinModelBuilder *self,
                                     TwinModelElement *element,
                                     const char       *term);
gboolean    twin_model_element_boolean (TwinModelBuilder *self,
                                        TwinModelElement *element,
                                        const char       *term);
/* -1 when absent. */
gint64 twin_model_element_integer (TwinModelBuilder *self,
                                   TwinModelElement *element,
                                   const char       *term);
/* The value inside JSON-LD's clothes, or NULL; *@absent: an empty array. */
JsonNode *twin_model_element_literal (JsonNode *node, gboolean *absent);
/* The unit, after it was held against the semantic types. */
const char *twin_model_element_unit (TwinModelBuilder *self,
                                     TwinModelElement *element);
/* The values of a property that may be one or many; never NULL. */
GPtrArray *twin_model_element_list (TwinModelElement *element,
                                    const char       *term);
/* The id given, or @parent_id with ":@segment" before its version. */
const char *twin_model_element_id (TwinModelBuilder *self,
                                   TwinModelElement *element,
                                   const char       *parent_id,
                                   const char       *segment);

/* --- twin-schema-parse.c -----------------------------------------------------
 */

void twin_schema_parse (TwinModelBuilder  *self,
                        JsonNode          *node,
                        const char        *parent_id,
                        const char        *segment,
                        const TwinSchema **slot);
/* A Field, MapKey, MapValue or payload. */
gboolean twin_schema_parse_field (TwinModelBuilder  *self,
                                  JsonNode          *node,
                                  const char *const *types,
                                  const char        *parent_id,
                                  const char        *segment,
                                  TwinField         *field);
/* Depth and recursion of a resolved schema; reports through an issue. */
void twin_schema_check_depth (TwinModelBuilder *self, const TwinSchema *schema);

/* --- twin-interface-parse.c
 * --------------------------------------------------- */

void twin_interface_parse (TwinModelBuilder *self, JsonNode *node);
/* Extends, effective contents, components. */
void twin_interface_resolve_all (TwinModelBuilder *self);

G_END_DECLS
