/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-metamodel.h"

#include <string.h>

/* --- classes -----------------------------------------------------------------
 */

static const struct
{
  const char *name;
  int         from, to;
  int         implied_from, implied_to; /* versions without @type */
} classes[] = {
  [TWIN_CLASS_ARRAY] = { "Array", 2, 4, 0, 0 },
  [TWIN_CLASS_COMMAND] = { "Command", 2, 4, 0, 0 },
  [TWIN_CLASS_COMMAND_PAYLOAD] = { "CommandPayload", 2, 2, 2, 2 },
  [TWIN_CLASS_COMMAND_REQUEST] = { "CommandRequest", 3, 4, 3, 4 },
  [TWIN_CLASS_COMMAND_RESPONSE] = { "CommandResponse", 3, 4, 3, 4 },
  [TWIN_CLASS_COMPONENT] = { "Component", 2, 4, 0, 0 },
  [TWIN_CLASS_ENUM] = { "Enum", 2, 4, 0, 0 },
  [TWIN_CLASS_ENUM_VALUE] = { "EnumValue", 2, 4, 2, 4 },
  [TWIN_CLASS_FIELD] = { "Field", 2, 4, 2, 4 },
  [TWIN_CLASS_INTERFACE] = { "Interface", 2, 4, 0, 0 },
  [TWIN_CLASS_MAP] = { "Map", 2, 4, 0, 0 },
  [TWIN_CLASS_MAP_KEY] = { "MapKey", 2, 4, 2, 4 },
  [TWIN_CLASS_MAP_VALUE] = { "MapValue", 2, 4, 2, 4 },
  [TWIN_CLASS_OBJECT] = { "Object", 2, 4, 0, 0 },
  [TWIN_CLASS_PROPERTY] = { "Property", 2, 4, 0, 0 },
  [TWIN_CLASS_RELATIONSHIP] = { "Relationship", 2, 4, 0, 0 },
  [TWIN_CLASS_TELEMETRY] = { "Telemetry", 2, 4, 0, 0 },
  [TWIN_CLASS_BOOLEAN] = { "Boolean", 2, 4, 0, 0 },
  [TWIN_CLASS_BYTE] = { "Byte", 4, 4, 0, 0 },
  [TWIN_CLASS_BYTES] = { "Bytes", 4, 4, 0, 0 },
  [TWIN_CLASS_COMMAND_TYPE] = { "CommandType", 2, 4, 0, 0 },
  [TWIN_CLASS_DATE] = { "Date", 2, 4, 0, 0 },
  [TWIN_CLASS_DATE_TIME] = { "DateTime", 2, 4, 0, 0 },
  [TWIN_CLASS_DECIMAL] = { "Decimal", 4, 4, 0, 0 },
  [TWIN_CLASS_DOUBLE] = { "Double", 2, 4, 0, 0 },
  [TWIN_CLASS_DURATION] = { "Duration", 2, 4, 0, 0 },
  [TWIN_CLASS_FLOAT] = { "Float", 2, 4, 0, 0 },
  [TWIN_CLASS_INTEGER] = { "Integer", 2, 4, 0, 0 },
  [TWIN_CLASS_LONG] = { "Long", 2, 4, 0, 0 },
  [TWIN_CLASS_SHORT] = { "Short", 4, 4, 0, 0 },
  [TWIN_CLASS_STRING] = { "String", 2, 4, 0, 0 },
  [TWIN_CLASS_TIME] = { "Time", 2, 4, 0, 0 },
  [TWIN_CLASS_UNIT] = { "Unit", 2, 2, 0, 0 },
  [TWIN_CLASS_UNSIGNED_BYTE] = { "UnsignedByte", 4, 4, 0, 0 },
  [TWIN_CLASS_UNSIGNED_INTEGER] = { "UnsignedInteger", 4, 4, 0, 0 },
  [TWIN_CLASS_UNSIGNED_LONG] = { "UnsignedLong", 4, 4, 0, 0 },
  [TWIN_CLASS_UNSIGNED_SHORT] = { "UnsignedShort", 4, 4, 0, 0 },
  [TWIN_CLASS_UUID] = { "Uuid", 4, 4, 0, 0 },
  [TWIN_CLASS_ABSTRACT] = { "an abstract class", 0, 0, 0, 0 },
};

/* Classes that only group others. */
static const struct
{
  const char *name;
  int         from;
} abstracts[] = {
  { "CommandPayload", 3 },
  { "ComplexSchema", 2 },
  { "Content", 2 },
  { "Entity", 2 },
  { "LatentType", 3 },
  { "NamedEntity", 2 },
  { "NamedLatentType", 3 },
  { "NumericSchema", 2 },
  { "PrimitiveSchema", 2 },
  { "Schema", 2 },
  { "SchemaField", 2 },
  { "TemporalSchema", 2 },
  { "Unit", 3 },
  { "UnitAttribute", 2 },
};

/* The bare term of @text where it is @prefix, term, ";@dtdl"; else @text, or
 * NULL when it is some other DTMI. */
static const char *
bare_term (const char *text,
           const char *prefix,
           int         dtdl,
           char       *buffer,
           size_t      size)
{
  size_t length;

  if (strncmp (text, "dtmi:", 5) != 0)
    return text;

  length = strlen (prefix);
  if (strncmp (text, prefix, length) != 0)
    return NULL;

  text += length;
  length = strcspn (text, ";");
  if (length >= size || text[length] != ';' || text[length + 1] != '0' + dtdl ||
      text[length + 2] != '\0')
    return NULL;

  memcpy (buffer, text, length);
  buffer[length] = '\0';
  return buffer;
}

const char *
twin_class_name (TwinClass class)
{
  return class < TWIN_CLASS_NONE ? classes[class].name : "nothing";
}

TwinClass
twin_class_find (const char *term, int dtdl)
{
  char buffer[64];

  term = bare_term (term, "dtmi:dtdl:class:", dtdl, buffer, sizeof buffer);
  for (size_t i = 0; term != NULL && i < G_N_ELEMENTS (classes); i++)
    {
      if (classes[i].name[0] == term[0] && dtdl >= classes[i].from &&
          dtdl <= classes[i].to && strcmp (classes[i].name, term) == 0)
        return (TwinClass) i;
    }

  for (size_t i = 0; term != NULL && i < G_N_ELEMENTS (abstracts); i++)
    {
      if (dtdl >= abstracts[i].from && strcmp (abstracts[i].name, term) == 0)
        return TWIN_CLASS_ABSTRACT;
    }

  return TWIN_CLASS_NONE;
}

gboolean
twin_class_is_implied (TwinClass class, int dtdl)
{
  return dtdl >= classes[class].implied_from &&
         dtdl <= classes[class].implied_to;
}

char *
twin_classes_to_string (TwinClasses set, int dtdl)
{
  GString *text = g_string_new (NULL);
  guint    n = 0, at = 0;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    n += (set >> i & 1) && classes[i].from <= dtdl && classes[i].to >= dtdl;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      if (!(set >> i & 1) || classes[i].from > dtdl || classes[i].to < dtdl)
        continue;
      if (at > 0)
        g_string_append (text, at + 1 == n ? " or " : ", ");
      g_string_append (text, classes[i].name);
      at++;
    }

  return g_string_free (text, FALSE);
}

/* --- properties --------------------------------------------------------------
 */

#define C(name) TWIN_CLASS (name)
#define EVERY ((TwinClasses) -1)
#define NAMED                                                                  \
  (TWIN_CLASSES_CONTENT | TWIN_CLASSES_FIELD | C (ENUM_VALUE) | C (MAP_KEY))
#define V(kind) TWIN_VALUE_##kind
#define ONE .min = 1, .max = 1
#define ID TWIN_PROPERTY_NEEDS_ID
#define OLD TWIN_PROPERTY_OLDER
#define SEG TWIN_PROPERTY_SEGMENT
#define UNI TWIN_PROPERTY_UNIQUE

static const TwinProperty properties[] = {
  { "comment", EVERY, 2, 4, V (STRING), .max = 1, .most = 512 },
  { "description", EVERY, 2, 4, V (LANG), .most = 512 },
  { "displayName", EVERY, 2, 2, V (LANG), .most = 64 },
  { "displayName", EVERY, 3, 4, V (LANG), .most = 512 },
  { "name", NAMED, 2, 2, V (STRING), ONE, .most = 64,
    .pattern = TWIN_PATTERN_NAME },
  { "name", NAMED, 3, 4, V (STRING), ONE, .most = 512,
    .pattern = TWIN_PATTERN_NAME },

  { "contents", C (INTERFACE), 2, 2, V (OBJECT), TWIN_CLASSES_CONTENT,
    .max = 300, .flags = OLD | SEG | UNI },
  { "contents", C (INTERFACE), 3, 4, V (OBJECT), TWIN_CLASSES_CONTENT,
    .flags = OLD | SEG | UNI },
  { "extends", C (INTERFACE), 2, 2, V (OBJECT), C (INTERFACE), .max = 2,
    .flags = ID | OLD },
  { "extends", C (INTERFACE), 3, 4, V (OBJECT), C (INTERFACE),
    .flags = ID | OLD },
  { "schemas", C (INTERFACE), 2, 4, V (OBJECT), TWIN_CLASSES_COMPLEX,
    .flags = ID },

  { "schema", C (TELEMETRY) | C (PROPERTY) | TWIN_CLASSES_FIELD, 2, 4,
    V (OBJECT), TWIN_CLASSES_SCHEMA, ONE, .flags = OLD },
  { "schema", C (COMPONENT), 2, 4, V (OBJECT), C (INTERFACE), ONE,
    .flags = ID | OLD },
  { "schema", C (MAP_KEY), 2, 4, V (OBJECT), C (STRING), ONE, .flags = ID | OLD,
    .only = " string " },
  { "writable", C (PROPERTY) | C (RELATIONSHIP), 2, 4, V (BOOLEAN), .max = 1 },
  { "request", C (COMMAND), 2, 2, V (OBJECT), C (COMMAND_PAYLOAD), .max = 1 },
  { "request", C (COMMAND), 3, 4, V (OBJECT), C (COMMAND_REQUEST), .max = 1 },
  { "response", C (COMMAND), 2, 2, V (OBJECT), C (COMMAND_PAYLOAD), .max = 1 },
  { "response", C (COMMAND), 3, 4, V (OBJECT), C (COMMAND_RESPONSE), .max = 1 },
  { "commandType", C (COMMAND), 2, 4, V (OBJECT), C (COMMAND_TYPE), .max = 1,
    .flags = ID, .only = " asynchronous synchronous " },
  { "target", C (RELATIONSHIP), 2, 4, V (DTMI), .max = 1 },
  { "minMultiplicity", C (RELATIONSHIP), 2, 4, V (INTEGER), .max = 1,
    .bounded = TRUE },
  { "maxMultiplicity", C (RELATIONSHIP), 2, 2, V (INTEGER), .max = 1,
    .bounded = TRUE, .low = 1, .high = 500 },
  { "maxMultiplicity", C (RELATIONSHIP), 3, 4, V (INTEGER), .max = 1,
    .bounded = TRUE, .low = 1, .high = G_MAXINT64 },
  { "properties", C (RELATIONSHIP), 2, 2, V (OBJECT), C (PROPERTY), .max = 300,
    .flags = OLD | SEG | UNI },
  { "properties", C (RELATIONSHIP), 3, 4, V (OBJECT), C (PROPERTY),
    .flags = OLD | SEG | UNI },
  { "nullable", TWIN_CLASSES_PAYLOAD, 4, 4, V (BOOLEAN), .max = 1 },

  { "elementSchema", C (ARRAY), 2, 4, V (OBJECT), TWIN_CLASSES_SCHEMA, ONE,
    .flags = OLD },
  { "fields", C (OBJECT), 2, 2, V (OBJECT), C (FIELD), .min = 1, .max = 30,
    .flags = SEG | UNI },
  { "fields", C (OBJECT), 3, 4, V (OBJECT), C (FIELD), .flags = SEG | UNI },
  { "enumValues", C (ENUM), 2, 2, V (OBJECT), C (ENUM_VALUE), .min = 1,
    .max = 100, .flags = SEG | UNI },
  { "enumValues", C (ENUM), 3, 4, V (OBJECT), C (ENUM_VALUE),
    .flags = SEG | UNI },
  { "valueSchema", C (ENUM), 2, 4, V (OBJECT), TWIN_CLASSES_PRIMITIVE, ONE,
    .flags = ID | OLD, .only = " integer string " },
  { "enumValue", C (ENUM_VALUE), 2, 4, V (LITERAL), ONE },
  { "mapKey", C (MAP), 2, 4, V (OBJECT), C (MAP_KEY), ONE },
  { "mapValue", C (MAP), 2, 4, V (OBJECT), C (MAP_VALUE), ONE },
};

static gboolean
applies (const TwinProperty *property, TwinClass class, int dtdl)
{
  return dtdl >= property->from && dtdl <= property->to &&
         (property->classes >> class & 1);
}

const TwinProperty *
twin_property_of (const char *term, TwinClass class, int dtdl)
{
  for (size_t i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      if (properties[i].name[0] == term[0] &&
          strcmp (properties[i].name, term) == 0 &&
          applies (&properties[i], class, dtdl))
        return &properties[i];
    }

  return NULL;
}

const TwinProperty *
twin_property_find (const char *key, TwinClass class, int dtdl)
{
  char buffer[64];

  key = bare_term (key, "dtmi:dtdl:property:", dtdl, buffer, sizeof buffer);
  return key != NULL ? twin_property_of (key, class, dtdl) : NULL;
}

const TwinProperty *
twin_property_nth (TwinClass class, int dtdl, guint *index)
{
  while (*index < G_N_ELEMENTS (properties))
    {
      const TwinProperty *property = &properties[(*index)++];

      if (applies (property, class, dtdl))
        return property;
    }

  return NULL;
}

gboolean
twin_metamodel_has_term (const char *term, int dtdl)
{
  int version = dtdl;

  if (twin_standard_find (term, &version) != NULL ||
      twin_class_find (term, dtdl) != TWIN_CLASS_NONE ||
      strcmp (term, "languageMajorVersion") == 0)
    return TRUE;

  for (size_t i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      if (strcmp (properties[i].name, term) == 0)
        return dtdl >= properties[i].from;
    }

  return FALSE;
}

/* --- the language's own elements ---------------------------------------------
 */

#define SCHEMA "dtmi:dtdl:instance:Schema:"
#define SHAPE "dtmi:standard:schema:geospatial:"

/* Kind and "id", which is the DTMI that the newest version gives it. */
#define PRIMITIVE(what, term, from, to)                                        \
  {                                                                            \
    term, SCHEMA, from, to, TWIN_CLASS_##what, FALSE,                          \
    {                                                                          \
      .kind = TWIN_SCHEMA_##what, .id = SCHEMA term ";2", .name = term         \
    }                                                                          \
  }
#define GEO(term)                                                              \
  {                                                                            \
    term, SHAPE, 2, 4, TWIN_CLASS_OBJECT, FALSE,                               \
    {                                                                          \
      .kind = TWIN_SCHEMA_GEO, .id = SHAPE term ";2", .name = term             \
    }                                                                          \
  }
#define COMMAND_TYPE(term)                                                     \
  {                                                                            \
    term, "dtmi:dtdl:instance:CommandType:", 2, 4, TWIN_CLASS_COMMAND_TYPE,    \
        FALSE,                                                                 \
    {                                                                          \
      .kind = TWIN_SCHEMA_STRING                                               \
    }                                                                          \
  }

static const TwinSchema  real = { .kind = TWIN_SCHEMA_DOUBLE,
                                  .id = SCHEMA "double;2",
                                  .name = "double" };
static const char *const no_types[] = { NULL };

#define PART(name, schema)                                                     \
  {                                                                            \
    name, "", NULL, NULL, NULL, no_types, NULL, &schema, FALSE                 \
  }

static TwinField vector_fields[] = { PART ("x", real), PART ("y", real),
                                     PART ("z", real) };
static TwinField place_fields[] = { PART ("lon", real), PART ("lat", real),
                                    PART ("alt", real) };

static const TwinStandard standards[] = {
  PRIMITIVE (BOOLEAN, "boolean", 2, 4),
  PRIMITIVE (BYTE, "byte", 4, 4),
  PRIMITIVE (BYTES, "bytes", 4, 4),
  PRIMITIVE (DATE, "date", 2, 4),
  PRIMITIVE (DATE_TIME, "dateTime", 2, 4),
  PRIMITIVE (DECIMAL, "decimal", 4, 4),
  PRIMITIVE (DOUBLE, "double", 2, 4),
  PRIMITIVE (DURATION, "duration", 2, 4),
  PRIMITIVE (FLOAT, "float", 2, 4),
  PRIMITIVE (INTEGER, "integer", 2, 4),
  PRIMITIVE (LONG, "long", 2, 4),
  PRIMITIVE (SHORT, "short", 4, 4),
  PRIMITIVE (STRING, "string", 2, 4),
  PRIMITIVE (TIME, "time", 2, 4),
  PRIMITIVE (UNSIGNED_BYTE, "unsignedByte", 4, 4),
  PRIMITIVE (UNSIGNED_INTEGER, "unsignedInteger", 4, 4),
  PRIMITIVE (UNSIGNED_LONG, "unsignedLong", 4, 4),
  PRIMITIVE (UNSIGNED_SHORT, "unsignedShort", 4, 4),
  PRIMITIVE (UUID, "uuid", 4, 4),
  GEO ("point"),
  GEO ("lineString"),
  GEO ("polygon"),
  GEO ("multiPoint"),
  GEO ("multiLineString"),
  GEO ("multiPolygon"),
  { "scaledDecimal",
    "dtmi:standard:schema:",
    4,
    4,
    TWIN_CLASS_OBJECT,
    FALSE,
    { .kind = TWIN_SCHEMA_SCALED_DECIMAL,
      .id = "dtmi:standard:schema:scaledDecimal;4",
      .name = "scaledDecimal" } },
  COMMAND_TYPE ("asynchronous"),
  COMMAND_TYPE ("synchronous"),
  { "vector",
    "dtmi:iotcentral:schema:",
    2,
    2,
    TWIN_CLASS_OBJECT,
    TRUE,
    { .kind = TWIN_SCHEMA_OBJECT,
      .id = "dtmi:iotcentral:schema:vector;2",
      .name = "vector",
      .n_fields = 3,
      .fields = vector_fields } },
  { "geopoint",
    "dtmi:iotcentral:schema:",
    2,
    2,
    TWIN_CLASS_OBJECT,
    TRUE,
    { .kind = TWIN_SCHEMA_OBJECT,
      .id = "dtmi:iotcentral:schema:geopoint;2",
      .name = "geopoint",
      .n_fields = 3,
      .fields = place_fields } },
};

const TwinStandard *
twin_standard_find (const char *text, int *dtdl)
{
  gboolean    dtmi = strncmp (text, "dtmi:", 5) == 0;
  const char *mark = dtmi ? strchr (text, ';') : NULL;
  int         version = *dtdl;

  if (dtmi)
    {
      if (mark == NULL || mark[1] < '2' || mark[1] > '4' || mark[2] != '\0')
        return NULL;
      version = mark[1] - '0';
    }

  for (size_t i = 0; i < G_N_ELEMENTS (standards); i++)
    {
      const TwinStandard *one = &standards[i];
      const char         *term = text;
      size_t length = dtmi ? (size_t) (mark - text) : strlen (text);

      if (version < one->from || version > one->to)
        continue;
      if (dtmi)
        {
          size_t path = strlen (one->path);

          if (strncmp (text, one->path, path) != 0)
            continue;
          term += path;
          length -= path;
        }
      if (strncmp (one->term, term, length) == 0 && one->term[length] == '\0')
        {
          *dtdl = version;
          return one;
        }
    }

  return NULL;
}

/* --- limits ------------------------------------------------------------------
 */

static const TwinLimits limits[] = {
  { NULL, 2, 2, 2048, 128, 512, 64, 512, 5, 10, G_MAXUINT, G_MAXUINT },
  { NULL, 3, 3, 2048, 128, 512, 512, 512, 5, 10, 1024, 100000 },
  { NULL, 4, 4, 2048, 128, 512, 512, 512, 8, 12, 1024, 100000 },
  { "dtmi:dtdl:limits:aio;1", 4, 4, 512, 256, 2048, 512, 512, 12, 12, 1024,
    100000 },
  { "dtmi:dtdl:limits:onvif;1", 4, 4, 512, 256, 4096, 512, 512, 24, 12, 1024,
    100000 },
};

const TwinLimits *
twin_limits_find (const char *context, int dtdl)
{
  for (size_t i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      if (g_strcmp0 (limits[i].context, context) == 0 &&
          dtdl >= limits[i].from && dtdl <= limits[i].to)
        return &limits[i];
    }

  return NULL;
}
