/* SPDX-License-Identifier: Apache-2.0 */
/* twin-metamodel.h - DTDL as tables: classes, properties, extensions, limits
 *
 * Private to app/model. What the language allows is data here, so that the
 * parser asks instead of knowing. Pure and immutable, any thread.
 */
#pragma once

#include <glib.h>

#include "twin-schema.h"

G_BEGIN_DECLS

/* The classes that a model may hold elements of. */
typedef enum
{
  TWIN_CLASS_ARRAY,
  TWIN_CLASS_COMMAND,
  TWIN_CLASS_COMMAND_PAYLOAD, /* v2 */
  TWIN_CLASS_COMMAND_REQUEST, /* from v3 on */
  TWIN_CLASS_COMMAND_RESPONSE,
  TWIN_CLASS_COMPONENT,
  TWIN_CLASS_ENUM,
  TWIN_CLASS_ENUM_VALUE,
  TWIN_CLASS_FIELD,
  TWIN_CLASS_INTERFACE,
  TWIN_CLASS_MAP,
  TWIN_CLASS_MAP_KEY,
  TWIN_CLASS_MAP_VALUE,
  TWIN_CLASS_OBJECT,
  TWIN_CLASS_PROPERTY,
  TWIN_CLASS_RELATIONSHIP,
  TWIN_CLASS_TELEMETRY,
  TWIN_CLASS_BOOLEAN, /* from here on the language's own elements only */
  TWIN_CLASS_BYTE,
  TWIN_CLASS_BYTES,
  TWIN_CLASS_COMMAND_TYPE,
  TWIN_CLASS_DATE,
  TWIN_CLASS_DATE_TIME,
  TWIN_CLASS_DECIMAL,
  TWIN_CLASS_DOUBLE,
  TWIN_CLASS_DURATION,
  TWIN_CLASS_FLOAT,
  TWIN_CLASS_INTEGER,
  TWIN_CLASS_LONG,
  TWIN_CLASS_SHORT,
  TWIN_CLASS_STRING,
  TWIN_CLASS_TIME,
  TWIN_CLASS_UNIT, /* v2; a unit is an EnumValue from v3 on */
  TWIN_CLASS_UNSIGNED_BYTE,
  TWIN_CLASS_UNSIGNED_INTEGER,
  TWIN_CLASS_UNSIGNED_LONG,
  TWIN_CLASS_UNSIGNED_SHORT,
  TWIN_CLASS_UUID,
  TWIN_CLASS_ABSTRACT, /* a class of which there are no elements */
  TWIN_CLASS_NONE,
} TwinClass;

/* A set of classes. */
typedef guint64 TwinClasses;
#define TWIN_CLASS(name) ((TwinClasses) 1 << TWIN_CLASS_##name)

#define TWIN_CLASSES_COMPLEX                                                   \
  (TWIN_CLASS (ARRAY) | TWIN_CLASS (ENUM) | TWIN_CLASS (MAP) |                 \
   TWIN_CLASS (OBJECT))
#define TWIN_CLASSES_NUMERIC                                                   \
  (TWIN_CLASS (BYTE) | TWIN_CLASS (DECIMAL) | TWIN_CLASS (DOUBLE) |            \
   TWIN_CLASS (FLOAT) | TWIN_CLASS (INTEGER) | TWIN_CLASS (LONG) |             \
   TWIN_CLASS (SHORT) | TWIN_CLASS (UNSIGNED_BYTE) |                           \
   TWIN_CLASS (UNSIGNED_INTEGER) | TWIN_CLASS (UNSIGNED_LONG) |                \
   TWIN_CLASS (UNSIGNED_SHORT))
#define TWIN_CLASSES_PRIMITIVE                                                 \
  (TWIN_CLASSES_NUMERIC | TWIN_CLASS (BOOLEAN) | TWIN_CLASS (BYTES) |          \
   TWIN_CLASS (DATE) | TWIN_CLASS (DATE_TIME) | TWIN_CLASS (DURATION) |        \
   TWIN_CLASS (STRING) | TWIN_CLASS (TIME) | TWIN_CLASS (UUID))
#define TWIN_CLASSES_SCHEMA (TWIN_CLASSES_COMPLEX | TWIN_CLASSES_PRIMITIVE)
#define TWIN_CLASSES_CONTENT                                                   \
  (TWIN_CLASS (COMMAND) | TWIN_CLASS (COMPONENT) | TWIN_CLASS (PROPERTY) |     \
   TWIN_CLASS (RELATIONSHIP) | TWIN_CLASS (TELEMETRY))
#define TWIN_CLASSES_PAYLOAD                                                   \
  (TWIN_CLASS (COMMAND_PAYLOAD) | TWIN_CLASS (COMMAND_REQUEST) |               \
   TWIN_CLASS (COMMAND_RESPONSE))
#define TWIN_CLASSES_FIELD                                                     \
  (TWIN_CLASS (FIELD) | TWIN_CLASS (MAP_VALUE) | TWIN_CLASSES_PAYLOAD)

/* "Interface". */
const char *twin_class_name (TwinClass class);
/* The class that @term, or its DTMI of exactly version @dtdl, names. */
TwinClass twin_class_find (const char *term, int dtdl);
/* Whether an element of the class can do without “@type” in @dtdl. */
gboolean twin_class_is_implied (TwinClass class, int dtdl);
/* "Telemetry, Property or Command": the classes of @set that @dtdl has. */
char *twin_classes_to_string (TwinClasses set, int dtdl);

/* --- properties ------------------------------------------------------------
 */

typedef enum
{
  TWIN_VALUE_STRING,
  TWIN_VALUE_LANG,
  TWIN_VALUE_BOOLEAN,
  TWIN_VALUE_INTEGER,
  TWIN_VALUE_NUMERIC,
  TWIN_VALUE_DURATION, /* ISO 8601, a string */
  TWIN_VALUE_LITERAL,  /* string, integer or boolean */
  TWIN_VALUE_DTMI,
  TWIN_VALUE_TERM,   /* the name of a property */
  TWIN_VALUE_OBJECT, /* elements, or references to them */
} TwinValueKind;

typedef enum
{
  TWIN_PATTERN_NONE,
  TWIN_PATTERN_NAME,  /* letters, digits, underscores */
  TWIN_PATTERN_TOPIC, /* MQTT labels and {tokens} between slashes */
  TWIN_PATTERN_LABEL, /* one MQTT label */
} TwinPattern;

enum
{
  TWIN_PROPERTY_NEEDS_ID = 1 << 0, /* elements inside must have an @id */
  TWIN_PROPERTY_OLDER = 1 << 1,    /* elements of older versions may be here */
  TWIN_PROPERTY_SEGMENT = 1 << 2,  /* the element's name makes its DTMI */
  TWIN_PROPERTY_UNIQUE = 1 << 3,   /* their names differ */
  TWIN_PROPERTY_INSTANCE = 1 << 4, /* the value must be one of the schema */
};

/* A property in a range of versions; what is absent is 0. */
typedef struct
{
  const char   *name;
  TwinClasses   classes; /* that have it */
  int           from, to;
  TwinValueKind kind;
  TwinClasses   range;    /* OBJECT */
  guint         min, max; /* values; max 0: any number */
  guint         most;     /* characters */
  TwinPattern   pattern;
  unsigned      flags;
  gboolean      bounded; /* INTEGER: from low to high */
  gint64        low, high;
  const char   *only; /* OBJECT: names allowed, between blanks */
} TwinProperty;

/* The property that @key, a term or a DTMI, is on an element of @class. */
const TwinProperty *twin_property_find (const char *key,
                                        TwinClass class,
                                        int dtdl);
/* The one with exactly this term. */
const TwinProperty *twin_property_of (const char *term,
                                      TwinClass class,
                                      int dtdl);
/* The @index-th property of the class, NULL after the last. */
const TwinProperty *twin_property_nth (TwinClass class, int dtdl, guint *index);
/* Whether @term is a word of the language at all. */
gboolean twin_metamodel_has_term (const char *term, int dtdl);

/* --- the language's own elements --------------------------------------------
 */

typedef struct
{
  const char *term; /* "double" */
  const char *path; /* "dtmi:dtdl:instance:Schema:": then term, ";version" */
  int         from, to;
  TwinClass class;
  gboolean   scoped; /* its term is an extension's */
  TwinSchema schema; /* kind and name; of what is no schema: unused */
} TwinStandard;

/* By term of @dtdl, or by DTMI; *@dtdl becomes the version it is of. */
const TwinStandard *twin_standard_find (const char *text, int *dtdl);

/* --- limits ------------------------------------------------------------------
 */

typedef struct
{
  const char *context; /* "dtmi:dtdl:limits:onvif;1"; NULL: the version's own */
  int         from, to;
  guint       id, interface_id; /* characters of a DTMI */
  guint       description, display_name, comment;
  int         schema_depth;
  int         extends_depth;
  guint       extends_total;
  guint       contents_total;
} TwinLimits;

/* @context: NULL or of a set of limits; NULL when there is none of that name.
 */
const TwinLimits *twin_limits_find (const char *context, int dtdl);

G_END_DECLS
