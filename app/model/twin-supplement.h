/* SPDX-License-Identifier: Apache-2.0 */
/* twin-supplement.h - what extensions add to DTDL, as tables
 *
 * Private to app/model. A supplement is a type that stands beside an element's
 * class in "@type": where it may stand, which properties it brings, what it
 * wants of its element, its parent and its siblings. Pure, any thread.
 */
#pragma once

#include "twin-metamodel.h"

G_BEGIN_DECLS

/* One version of one extension. */
typedef struct
{
  const char *name;    /* "annotation" */
  const char *context; /* "dtmi:dtdl:extension:annotation;2" */
  const char *types;   /* what the DTMIs of its types begin with */
  const char *tail;    /* and end with: ";2" or nothing */
  int         version;
  int         from, to; /* DTDL versions of the elements that may have them */
} TwinExtension;

/* A demand on the elements that a property leads to, or comes from. */
typedef struct
{
  const char *property; /* NULL: no rule */
  TwinClasses classes;  /* of these classes, */
  const char *cotypes;  /* or with one of these types, between blanks, */
  const char *only;     /* or one of these elements of the language */
  gboolean    inverse;  /* it is the parent that must be so */
  gboolean    single;   /* no sibling may have the same type */
  const char *beside;   /* a sibling must have this type; NULL: none */
} TwinSupplementRule;

typedef struct
{
  const char        *term;
  const char        *extension;
  int                from, to; /* versions of the extension */
  TwinClasses        classes;  /* it may stand beside */
  const char        *needs;    /* another type that must be there */
  const char        *bars;     /* another type that must not */
  const char        *either;   /* or beside this type, on any class */
  TwinProperty       properties[6];
  TwinSupplementRule rules[2];
  const char        *annotates; /* property that names a sibling */
  const char        *overrides; /* property that names a sibling's property */
} TwinSupplement;

/* A type in "@type" that is none of the classes. */
typedef struct
{
  const TwinSupplement *supplement;
  const TwinExtension  *extension;
  const char           *term;
  const char           *unit_type; /* of a semantic type, else NULL */
} TwinCotype;

/* @context is the specifier; *@index is what twin_extension_nth wants. */
const TwinExtension *twin_extension_find (const char *context, guint *index);
const TwinExtension *twin_extension_nth (guint index);
/* Whether some version of it is known. */
gboolean twin_extension_is_known (const char *context);
/* What is built into DTDL v2: semantic types and units. */
const TwinExtension *twin_extension_built_in (void);

/* The type that @text is: a term of @extension, or a DTMI when @extension is
 * NULL. FALSE: none. */
gboolean twin_cotype_find (const char          *text,
                           const TwinExtension *extension,
                           TwinCotype          *cotype);
/* The property that @key is, by term or DTMI; NULL: it brings none such. */
const TwinProperty *twin_cotype_property (const TwinCotype *self,
                                          const char       *key);

/* A unit or a family of units ("TemperatureUnit") of @extension that @text
 * names as a term, or as a DTMI of any when @extension is NULL. */
typedef struct
{
  const TwinExtension *extension;
  const char          *term;   /* a constant */
  gboolean             family; /* from v3 on an Enum, in v2 a class */
} TwinUnitTerm;

gboolean twin_unit_term_find (const char          *text,
                              const TwinExtension *extension,
                              TwinUnitTerm        *unit);

/* Whether @text is a property that @extension brings. */
gboolean twin_extension_has_term (const TwinExtension *self, const char *text);

G_END_DECLS
