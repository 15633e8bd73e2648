/* SPDX-License-Identifier: Apache-2.0 */
/* twin-model-builder.h - what the parts of the DTDL parser share
 *
 * Private to app/model. Four passes, each in files of its own: the texts are
 * read into elements (context, element, literal), references are resolved,
 * the elements are checked as a whole (check, constraint), and what is valid
 * is built into interfaces and schemas (build). One builder makes one set, on
 * one thread.
 */
#pragma once

#include "twin-json.h"
#include "twin-metamodel.h"
#include "twin-model-set.h"
#include "twin-supplement.h"

G_BEGIN_DECLS

/* Memory that is freed as a whole; what it gives is zeroed. */
typedef struct
{
  GSList *blocks;
  char   *at, *end;
} TwinArena;

void *twin_arena_alloc (TwinArena *self, gsize size);
void  twin_arena_clear (TwinArena *self);

struct _TwinModelSet
{
  int           refs;
  GStringChunk *strings;
  TwinArena     arena;      /* every struct */
  GPtrArray    *containers; /* GPtrArrays inside interfaces */
  GPtrArray    *tables;     /* GHashTables inside interfaces */
  GPtrArray    *interfaces; /* TwinInterface, by id when built */
  GHashTable   *by_id;      /* DTMI → TwinInterface */
};

typedef struct _TwinElement TwinElement;
typedef struct _TwinLink    TwinLink;

/* One value of a property that holds elements. */
struct _TwinLink
{
  TwinLink           *next;
  TwinElement        *owner;
  const TwinProperty *property;
  const char         *key;      /* as in the text */
  int                 index;    /* -1: not in an array */
  const char         *dtmi;     /* as written, when it is a reference */
  TwinElement        *element;  /* inside, or what @dtmi refers to */
  const TwinStandard *standard; /* or one of the language's own */
  TwinUnitTerm        unit;     /* or a unit, when its term is not NULL */
  int                 dtdl;     /* version of @standard or @unit */
};

/* An element of the texts. */
struct _TwinElement
{
  TwinElement *next; /* in the order they end */
  TwinClass class;
  int                dtdl;
  const TwinLimits  *limits;
  guint32            extensions; /* in force, by their index */
  const char        *id;         /* given, or made of the parent's */
  gboolean           named;      /* it is given */
  const char        *name;
  JsonObject        *object;
  JsonNode          *node;
  JsonNode          *alone; /* with the context where it stood */
  const char        *file;
  unsigned           group; /* of the text */
  int                root;  /* index among a text's, -1: the only one */
  TwinElement       *parent;
  const TwinLink    *via;       /* that holds it, in the parent */
  TwinElement       *partition; /* the Interface around it */
  const char *const *types;     /* beside the class, NULL-terminated */
  const TwinCotype  *cotypes;   /* those of them that are known */
  guint              n_cotypes;
  gboolean           undefined; /* one is not, so any key may be there */
  gboolean           dtmi_keys; /* some keys are DTMIs of terms */
  TwinLink          *links, *last;
  void              *built; /* TwinInterface, TwinContent, TwinSchema, … */
  /* Of twin-model-check.c: */
  int       depth;       /* of schemas or extends; -1: under way */
  guint     inside;      /* elements inside a schema */
  gboolean  holds_array; /* it, or a schema inside */
  TwinLink *cursor;      /* extends that are still to be walked */
  gboolean  walked;
  gboolean  spoilt; /* its chain is too long or a ring */
};

/* Where the parser is, for messages, and what its context allows. */
typedef struct
{
  const char       *file;
  const char       *element; /* DTMI of the nearest element with an id */
  int               dtdl;    /* 0: no context seen yet */
  const TwinLimits *limits;
  unsigned          group;      /* of the text */
  gboolean          tenable;    /* undefined terms are kept */
  guint32           extensions; /* in force, by their index */
} TwinModelPlace;

typedef struct
{
  TwinModelSet           *set;
  const TwinModelOptions *options;
  TwinModelReport        *report;
  TwinArena               arena; /* elements and links */
  TwinModelPlace          place;
  GString                *pointer;
  GHashTable             *by_id; /* DTMI → TwinElement */
  TwinElement            *elements, *last;
  int                     root;
  guint                   inherited;   /* entries in lists of the interfaces */
  gboolean                overfull;    /* said so */
  gboolean                annotations; /* some element is one */
  GPtrArray              *none;        /* properties of what has none */
} TwinModelBuilder;

#define TWIN_LINKS(element, link)                                              \
  for (TwinLink *link = (element)->links; (link) != NULL; (link) = (link)->next)

/* --- twin-model-builder.c --------------------------------------------------
 */

void twin_model_builder_issue (TwinModelBuilder *self,
                               const char       *id,
                               const char       *format,
                               ...) G_GNUC_PRINTF (3, 4);
/* The same about @element, or one of its keys, after it was read; @index: in
 * the array of @key, -1 for none. */
void twin_model_element_issue (TwinModelBuilder  *self,
                               const TwinElement *element,
                               const char        *key,
                               int                index,
                               const char        *id,
                               const char        *format,
                               ...) G_GNUC_PRINTF (6, 7);
/* The length to go back to. */
gsize       twin_model_builder_push (TwinModelBuilder *self, const char *token);
gsize       twin_model_builder_push_index (TwinModelBuilder *self, guint index);
void        twin_model_builder_pop (TwinModelBuilder *self, gsize length);
const char *twin_model_builder_intern (TwinModelBuilder *self,
                                       const char       *text);
/* Memory of the set. */
void      *twin_model_builder_alloc (TwinModelBuilder *self, gsize size);
GPtrArray *twin_model_builder_array (TwinModelBuilder *self);

/* What @dtmi of something inside an interface is called in by_id: itself, or in
 * a group of its own a name of that group. */
const char *twin_model_builder_scope (TwinModelBuilder *self,
                                      const char       *dtmi,
                                      unsigned          group);

/* The string that @node is, else NULL. */
const char *twin_model_string (JsonNode *node);

/* --- twin-model-context.c ----------------------------------------------------
 */

/* Reads @context of an element; the place is changed, the caller keeps the
 * old one. FALSE: the element cannot be read on. */
gboolean twin_model_read_context (TwinModelBuilder *self, JsonObject *object);

gboolean twin_dtmi_is_valid_for (const char *dtmi, int dtdl);

/* --- twin-model-element.c ----------------------------------------------------
 */

/* An element at the top of a text. */
void twin_model_read_root (TwinModelBuilder *self, JsonNode *node);
/* One value of a property, to which it is linked. */
void twin_model_read_value (TwinModelBuilder   *self,
                            TwinElement        *owner,
                            const TwinProperty *property,
                            const char         *key,
                            int                 index,
                            JsonNode           *node);

/* The value of a property of the class, by term or DTMI, or NULL. */
JsonNode *twin_element_get (const TwinElement *self, const char *term);
/* The first link of that property, or NULL. */
const TwinLink *twin_element_link (const TwinElement *self, const char *term);
/* Whether one of its types beside the class is @term. */
gboolean twin_element_has_type (const TwinElement *self, const char *term);

/* --- twin-model-type.c -------------------------------------------------------
 */

/* Class and cotypes out of "@type"; @in: the property that holds it, NULL at
 * the top. FALSE: the class cannot be here. */
gboolean twin_model_read_types (TwinModelBuilder   *self,
                                TwinElement        *element,
                                const TwinProperty *in);
/* What it means that a key belongs to no type: an issue, or it is kept. */
void twin_model_refuse_key (TwinModelBuilder  *self,
                            const TwinElement *element,
                            const char        *key);
/* Cotypes against each other and against the properties that are there. */
void twin_model_check_cotypes (TwinModelBuilder *self, TwinElement *element);

/* --- twin-model-literal.c ----------------------------------------------------
 */

/* Checks a literal of any kind. FALSE: an issue, or there is none. */
gboolean twin_model_read_literal (TwinModelBuilder   *self,
                                  TwinElement        *element,
                                  const TwinProperty *property,
                                  JsonNode           *node);
/* The value inside JSON-LD's clothes, or NULL; nothing is reported. */
JsonNode *twin_model_undress (JsonNode *node);
/* displayName or description in the reader's language, else English. */
const char *twin_model_best_language (JsonNode *node);

/* --- twin-model-resolve.c ----------------------------------------------------
 */

/* Finds what references refer to, and holds it against the property. */
void twin_model_resolve (TwinModelBuilder *self);

/* --- twin-model-check.c ------------------------------------------------------
 */

/* Names, depth, recursion, inheritance of all elements. */
void twin_model_check (TwinModelBuilder *self);

/* --- twin-model-constraint.c -------------------------------------------------
 */

/* What the element's cotypes want of it. */
void twin_model_check_constraints (TwinModelBuilder *self,
                                   TwinElement      *element);
/* Annotations against what they annotate, in an interface as a whole. */
void twin_model_check_annotations (TwinModelBuilder *self,
                                   TwinElement      *interface);

/* --- twin-model-locate.c -----------------------------------------------------
 */

/* Line and column of every issue that has a pointer. */
void twin_model_report_locate (TwinModelReport       *report,
                               const TwinModelSource *sources,
                               size_t                 n_sources);

/* --- twin-model-profile.c ----------------------------------------------------
 */

/* What Azure Digital Twins wants beyond the language. */
void twin_model_check_adt (TwinModelBuilder *self);

/* --- twin-model-build.c ------------------------------------------------------
 */

/* Interfaces and schemas of all elements, which are valid. */
void twin_model_build (TwinModelBuilder *self);
/* The schema that the link leads to, or NULL. */
const TwinSchema *twin_model_build_schema (TwinModelBuilder *self,
                                           const TwinLink   *link);

G_END_DECLS
