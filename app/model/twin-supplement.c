/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-supplement.h"

#include <string.h>

#include "twin-quantity.h"

/* --- extensions --------------------------------------------------------------
 */

#define EXTENSION(name, n, from, to)                                           \
  {                                                                            \
    name, "dtmi:dtdl:extension:" name ";" #n,                                  \
        "dtmi:dtdl:extension:" name ":v" #n ":", "", n, from, to               \
  }

static const TwinExtension extensions[] = {
  EXTENSION ("annotation", 1, 3, 3),
  EXTENSION ("annotation", 2, 3, 4),
  EXTENSION ("historization", 1, 3, 3),
  EXTENSION ("historization", 2, 3, 4),
  EXTENSION ("mqtt", 1, 3, 3),
  EXTENSION ("mqtt", 2, 3, 4),
  EXTENSION ("mqtt", 3, 3, 4),
  EXTENSION ("mqtt", 4, 3, 4),
  EXTENSION ("overriding", 1, 3, 3),
  EXTENSION ("overriding", 2, 3, 4),
  EXTENSION ("quantitativeTypes", 1, 3, 3),
  EXTENSION ("quantitativeTypes", 2, 4, 4),
  EXTENSION ("quantitativeTypes", 3, 4, 4),
  EXTENSION ("requirement", 1, 3, 4),
  EXTENSION ("requirement", 2, 3, 4),
  { "iotcentral", "dtmi:iotcentral:context;2", "dtmi:iotcentral:", ";2", 2, 2,
    2 },
  { "iotoperations", "dtmi:iotoperations:context;4",
    "dtmi:iotoperations:", ";4", 4, 4, 4 },
};

static const TwinExtension built_in = {
  "quantitativeTypes", "dtmi:dtdl:context;2", "dtmi:standard:", ";2", 0, 2, 2
};

const TwinExtension *
twin_extension_built_in (void)
{
  return &built_in;
}

const TwinExtension *
twin_extension_find (const char *context, guint *index)
{
  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    {
      if (strcmp (extensions[i].context, context) == 0)
        {
          *index = i;
          return &extensions[i];
        }
    }

  return NULL;
}

const TwinExtension *
twin_extension_nth (guint index)
{
  return index < G_N_ELEMENTS (extensions) ? &extensions[index] : NULL;
}

gboolean
twin_extension_is_known (const char *context)
{
  size_t length = strcspn (context, ";");

  for (size_t i = 0; i < G_N_ELEMENTS (extensions); i++)
    {
      if (strncmp (extensions[i].context, context, length) == 0 &&
          extensions[i].context[length] == ';')
        return TRUE;
    }

  return FALSE;
}

/* --- supplements -------------------------------------------------------------
 */

#define C(name) TWIN_CLASS (name)
#define V(what) .from = 2, .to = 4, .kind = TWIN_VALUE_##what, .max = 1
#define NEEDED .min = 1
#define VALUED                                                                 \
  (C (TELEMETRY) | C (PROPERTY) | C (FIELD) | C (MAP_VALUE) |                  \
   C (COMMAND_REQUEST) | C (COMMAND_RESPONSE))
#define TOPIC(term)                                                            \
  {                                                                            \
    term, V (STRING), .pattern = TWIN_PATTERN_TOPIC                            \
  }
#define LABEL(term)                                                            \
  {                                                                            \
    term, V (STRING), .pattern = TWIN_PATTERN_LABEL                            \
  }
#define NUMERIC_SCHEMA                                                         \
  {                                                                            \
    .property = "schema", .classes = TWIN_CLASSES_NUMERIC                      \
  }
/* A field of an Object of one of @parents, the only one of its type. */
#define FIELD_OF(parents)                                                      \
  {                                                                            \
    .property = "fields", .cotypes = parents, .inverse = TRUE, .single = TRUE  \
  }

static const TwinSupplement supplements[] = {
  { "ValueAnnotation", "annotation", 1, 2,
    .classes = C (PROPERTY) | C (TELEMETRY),
    .properties = { { "annotates", V (STRING), NEEDED } },
    .annotates = "annotates" },

  { "Historized", "historization", 1, 2,
    .classes = C (PROPERTY) | C (TELEMETRY) },

  { "Override", "overriding", 1, 2, .classes = C (PROPERTY),
    .needs = "ValueAnnotation", .bars = "Initialized",
    .properties = { { "overrides", V (TERM), NEEDED } },
    .overrides = "overrides" },

  { "Required", "requirement", 1, 1, .classes = C (FIELD) },
  { "Required", "requirement", 2, 2, .classes = C (FIELD) | C (PROPERTY) },

  { "Mqtt", "mqtt", 1, 1, .classes = C (INTERFACE),
    .properties = { { "payloadFormat", V (STRING), NEEDED },
                    TOPIC ("telemetryTopic"),
                    TOPIC ("commandTopic") } },
  { "Mqtt", "mqtt", 2, 3, .classes = C (INTERFACE),
    .properties = { { "payloadFormat", V (STRING), NEEDED },
                    TOPIC ("telemetryTopic"),
                    TOPIC ("commandTopic"),
                    LABEL ("telemServiceGroupId"),
                    LABEL ("cmdServiceGroupId") } },
  { "Mqtt", "mqtt", 4, 4, .classes = C (INTERFACE),
    .properties = { { "payloadFormat", V (STRING), NEEDED },
                    TOPIC ("telemetryTopic"),
                    TOPIC ("commandTopic"),
                    TOPIC ("propertyTopic"),
                    LABEL ("telemServiceGroupId"),
                    LABEL ("cmdServiceGroupId") } },
  { "Idempotent", "mqtt", 1, 4, .classes = C (COMMAND) },
  { "Cacheable", "mqtt", 1, 4, .classes = C (COMMAND), .needs = "Idempotent",
    .properties = { { "ttl", V (DURATION), NEEDED } } },
  { "Indexed", "mqtt", 1, 3,
    .classes = C (TELEMETRY) | C (FIELD) | C (ENUM_VALUE),
    .properties = { { "index", V (INTEGER), NEEDED, .bounded = TRUE, .low = 1,
                      .high = G_MAXINT64, .flags = TWIN_PROPERTY_UNIQUE } } },
  { "Indexed", "mqtt", 4, 4,
    .classes = C (TELEMETRY) | C (FIELD) | C (ENUM_VALUE) | C (PROPERTY),
    .properties = { { "index", V (INTEGER), NEEDED, .bounded = TRUE, .low = 1,
                      .high = G_MAXINT64, .flags = TWIN_PROPERTY_UNIQUE } } },
  { "Transparent", "mqtt", 2, 4,
    .classes = C (COMMAND_REQUEST) | C (COMMAND_RESPONSE),
    .rules = { { .property = "schema", .classes = C (OBJECT) } } },
  { "Error", "mqtt", 3, 4, .classes = C (OBJECT) },
  { "ErrorMessage", "mqtt", 3, 4, .classes = C (FIELD),
    .rules = { FIELD_OF (" Error "),
               { .property = "schema", .classes = C (STRING) } } },
  { "Result", "mqtt", 3, 3, .classes = C (OBJECT),
    .rules = { { .property = "fields",
                 .cotypes = " NormalResult ErrorResult " } } },
  { "Result", "mqtt", 4, 4, .classes = C (OBJECT),
    .rules = { { .property = "fields",
                 .cotypes =
                     " NormalResult ErrorResult ErrorCode ErrorInfo " } } },
  { "NormalResult", "mqtt", 3, 4, .classes = C (FIELD), .bars = "Required",
    .rules = { FIELD_OF (" Result ") } },
  { "ErrorResult", "mqtt", 3, 4, .classes = C (FIELD), .bars = "Required",
    .rules = { FIELD_OF (" Result "),
               { .property = "schema", .cotypes = " Error " } } },
  { "ErrorCode", "mqtt", 4, 4, .classes = C (FIELD),
    .rules = { FIELD_OF (" Result Error "),
               { .property = "schema", .classes = C (ENUM) } } },
  { "ErrorInfo", "mqtt", 4, 4, .classes = C (FIELD),
    .rules = { { .property = "fields",
                 .cotypes = " Result Error ",
                 .inverse = TRUE,
                 .single = TRUE,
                 .beside = "ErrorCode" },
               { .property = "schema", .classes = C (OBJECT) } } },
  { "PropertyResult", "mqtt", 4, 4, .classes = C (OBJECT),
    .rules = { { .property = "fields",
                 .cotypes = " PropertyValue ReadError WriteError " } } },
  { "PropertyValue", "mqtt", 4, 4, .classes = C (FIELD), .bars = "Required",
    .rules = { FIELD_OF (" PropertyResult ") } },
  { "ReadError", "mqtt", 4, 4, .classes = C (FIELD), .bars = "Required",
    .rules = { FIELD_OF (" PropertyResult "),
               { .property = "schema", .cotypes = " Error " } } },
  { "WriteError", "mqtt", 4, 4, .classes = C (FIELD), .bars = "Required",
    .rules = { FIELD_OF (" PropertyResult "),
               { .property = "schema", .cotypes = " Error " } } },
  { "Fragmented", "mqtt", 4, 4, .classes = C (PROPERTY),
    .either = "PropertyValue",
    .rules = { { .property = "schema", .classes = C (MAP) } } },
  { "Indirect", "mqtt", 4, 4, .classes = C (FIELD), .bars = "Required" },

  { "AccelerationVector", "iotcentral", 2, 2,
    .classes = C (PROPERTY) | C (TELEMETRY),
    .properties = { { "unit", V (OBJECT), .range = C (UNIT) } },
    .rules = { { .property = "schema", .only = " vector " } } },
  { "VelocityVector", "iotcentral", 2, 2,
    .classes = C (PROPERTY) | C (TELEMETRY),
    .properties = { { "unit", V (OBJECT), .range = C (UNIT) } },
    .rules = { { .property = "schema", .only = " vector " } } },
  { "Location", "iotcentral", 2, 2, .classes = C (PROPERTY) | C (TELEMETRY),
    .rules = { { .property = "schema",
                 .only = " point multiPoint lineString multiLineString "
                         "polygon multiPolygon geopoint " } } },
  { "State", "iotcentral", 2, 2, .classes = C (PROPERTY) | C (TELEMETRY),
    .rules = { { .property = "schema", .classes = C (ENUM) } } },
  { "Event", "iotcentral", 2, 2, .classes = C (PROPERTY) | C (TELEMETRY),
    .rules = { { .property = "schema",
                 .classes = TWIN_CLASSES_NUMERIC | C (STRING) } } },

  { "Composite", "iotoperations", 4, 4, .classes = C (INTERFACE),
    .bars = "Event",
    .properties = { { "ontology", V (STRING), NEEDED, .most = 128 } } },
  { "Event", "iotoperations", 4, 4, .classes = C (INTERFACE) },
  { "Congruence", "iotoperations", 4, 4,
    .classes = TWIN_CLASSES_COMPLEX | C (INTERFACE),
    .properties = { { "typeRef", V (STRING), NEEDED, .most = 128 } } },
  { "Detail", "iotoperations", 4, 4, .classes = C (OBJECT) },
  { "Subject", "iotoperations", 4, 4, .classes = C (FIELD),
    .rules = { FIELD_OF (" Detail ") } },
  { "GroupMember", "iotoperations", 4, 4, .classes = C (COMMAND),
    .properties = { { "group", V (STRING), NEEDED, .most = 128,
                      .pattern = TWIN_PATTERN_NAME } } },
  { "HasCapability", "iotoperations", 4, 4, .classes = C (RELATIONSHIP),
    .bars = "HasComponent" },
  { "HasComponent", "iotoperations", 4, 4, .classes = C (RELATIONSHIP) },
  { "Limited", "iotoperations", 4, 4, .classes = VALUED,
    .properties = { { "minimum", V (NUMERIC), .flags = TWIN_PROPERTY_INSTANCE },
                    { "maximum", V (NUMERIC),
                      .flags = TWIN_PROPERTY_INSTANCE } },
    .rules = { NUMERIC_SCHEMA } },
  { "Precise", "iotoperations", 4, 4, .classes = VALUED,
    .properties = { { "decimalPlaces", V (INTEGER), NEEDED } },
    .rules = { NUMERIC_SCHEMA } },
  { "ScaledStatically", "iotoperations", 4, 4, .classes = VALUED,
    .properties = { { "scaleFactor", V (NUMERIC), NEEDED,
                      .flags = TWIN_PROPERTY_INSTANCE } },
    .rules = { NUMERIC_SCHEMA } },
  { "Qualified", "iotoperations", 4, 4,
    .classes = C (COMMAND) | C (COMPONENT) | C (FIELD) | C (PROPERTY) |
               C (RELATIONSHIP) | C (TELEMETRY),
    .properties = { { "namespace", V (STRING), NEEDED, .most = 128 } } },
};

/* Every semantic type has the same shape; its units are its own. */
static const TwinSupplement quantity = {
  "",
  "quantitativeTypes",
  1,
  3,
  VALUED,
  .properties = { { "unit", V (OBJECT), NEEDED,
                    .range = C (ENUM_VALUE) | C (UNIT) } },
  .rules = { NUMERIC_SCHEMA },
};
static const TwinSupplement quantity_v2 = {
  "",
  "quantitativeTypes",
  0,
  0,
  C (TELEMETRY) | C (PROPERTY),
  .properties = { { "unit", V (OBJECT), NEEDED,
                    .range = C (ENUM_VALUE) | C (UNIT) } },
  .rules = { NUMERIC_SCHEMA },
};

/* --- finding -----------------------------------------------------------------
 */

/* The bare word of a DTMI of @extension in @group ("class", "unit", …; its
 * types have none in most extensions), or NULL. */
static const char *
bare_word (const TwinExtension *extension,
           const char          *group,
           const char          *dtmi,
           char                *buffer,
           size_t               size)
{
  size_t length = strlen (extension->types);
  size_t tail = strlen (extension->tail);
  size_t rest;

  if (strncmp (dtmi, extension->types, length) != 0)
    return NULL;
  dtmi += length;

  length = strlen (group);
  if (strncmp (dtmi, group, length) != 0)
    return NULL;
  dtmi += length;

  rest = strlen (dtmi);
  if (rest <= tail || rest - tail >= size ||
      strcmp (dtmi + rest - tail, extension->tail) != 0)
    return NULL;

  memcpy (buffer, dtmi, rest - tail);
  buffer[rest - tail] = '\0';
  return strpbrk (buffer, ":;") == NULL ? buffer : NULL;
}

static gboolean
has_groups (const TwinExtension *extension)
{
  return strcmp (extension->name, "quantitativeTypes") == 0 ||
         *extension->tail != '\0';
}

static gboolean
find_term (const char *term, const TwinExtension *extension, TwinCotype *cotype)
{
  cotype->extension = extension;
  cotype->unit_type = NULL;

  if (strcmp (extension->name, "quantitativeTypes") == 0)
    {
      cotype->term =
          twin_quantity_find (term, extension->version, &cotype->unit_type);
      cotype->supplement = extension->version == 0 ? &quantity_v2 : &quantity;
      return cotype->term != NULL;
    }

  for (size_t i = 0; i < G_N_ELEMENTS (supplements); i++)
    {
      const TwinSupplement *one = &supplements[i];

      if (strcmp (one->extension, extension->name) == 0 &&
          extension->version >= one->from && extension->version <= one->to &&
          strcmp (one->term, term) == 0)
        {
          cotype->supplement = one;
          cotype->term = one->term;
          return TRUE;
        }
    }

  return FALSE;
}

/* By DTMI in @extension. */
static gboolean
find_dtmi (const char *dtmi, const TwinExtension *extension, TwinCotype *cotype)
{
  char        buffer[64];
  const char *term =
      bare_word (extension, has_groups (extension) ? "class:" : "", dtmi,
                 buffer, sizeof buffer);

  return term != NULL && find_term (term, extension, cotype);
}

gboolean
twin_cotype_find (const char          *text,
                  const TwinExtension *extension,
                  TwinCotype          *cotype)
{
  if (extension != NULL)
    return find_term (text, extension, cotype);

  if (find_dtmi (text, &built_in, cotype))
    return TRUE;
  for (size_t i = 0; i < G_N_ELEMENTS (extensions); i++)
    {
      if (find_dtmi (text, &extensions[i], cotype))
        return TRUE;
    }

  return FALSE;
}

/* The DTMI of a property: with the type's where the extension has no groups,
 * and in DTDL v2 with the language's own. */
static const char *
bare_property (const TwinCotype *self, const char *key, char *buffer, size_t n)
{
  static const TwinExtension v2 = { "", "", "dtmi:dtdl:", ";2", 2, 2, 2 };
  char                       group[48];

  if (strncmp (key, "dtmi:", 5) != 0)
    return key;
  if (self->extension->to == 2)
    return bare_word (&v2, "property:", key, buffer, n);
  if (has_groups (self->extension))
    return bare_word (self->extension, "property:", key, buffer, n);

  g_snprintf (group, sizeof group, "%s:", self->term);
  return bare_word (self->extension, group, key, buffer, n);
}

const TwinProperty *
twin_cotype_property (const TwinCotype *self, const char *key)
{
  char buffer[64];

  key = bare_property (self, key, buffer, sizeof buffer);
  for (size_t i = 0;
       key != NULL && i < G_N_ELEMENTS (self->supplement->properties) &&
       self->supplement->properties[i].name != NULL;
       i++)
    {
      if (strcmp (self->supplement->properties[i].name, key) == 0)
        return &self->supplement->properties[i];
    }

  return NULL;
}

static gboolean
find_unit (const char *word, const TwinExtension *extension, TwinUnitTerm *unit)
{
  unit->extension = extension;
  unit->term =
      twin_quantity_find_unit (word, extension->version, &unit->family);
  return unit->term != NULL;
}

static gboolean
find_unit_dtmi (const char          *dtmi,
                const TwinExtension *extension,
                TwinUnitTerm        *unit)
{
  char        buffer[64];
  const char *family = extension->version == 0 ? "class:" : "enum:";
  const char *word;

  word = bare_word (extension, "unit:", dtmi, buffer, sizeof buffer);
  if (word != NULL && find_unit (word, extension, unit) && !unit->family)
    return TRUE;

  word = bare_word (extension, family, dtmi, buffer, sizeof buffer);
  return word != NULL && find_unit (word, extension, unit) && unit->family;
}

gboolean
twin_unit_term_find (const char          *text,
                     const TwinExtension *extension,
                     TwinUnitTerm        *unit)
{
  if (extension != NULL)
    return strcmp (extension->name, "quantitativeTypes") == 0 &&
           find_unit (text, extension, unit);

  if (find_unit_dtmi (text, &built_in, unit))
    return TRUE;
  for (size_t i = 0; i < G_N_ELEMENTS (extensions); i++)
    {
      if (strcmp (extensions[i].name, "quantitativeTypes") == 0 &&
          find_unit_dtmi (text, &extensions[i], unit))
        return TRUE;
    }

  return FALSE;
}

gboolean
twin_extension_has_term (const TwinExtension *self, const char *text)
{
  TwinCotype   cotype;
  TwinUnitTerm unit;

  if (find_term (text, self, &cotype) ||
      twin_unit_term_find (text, self, &unit))
    return TRUE;
  if (strcmp (self->name, "quantitativeTypes") == 0)
    return strcmp (text, "unit") == 0;

  for (size_t i = 0; i < G_N_ELEMENTS (supplements); i++)
    {
      const TwinSupplement *one = &supplements[i];

      for (size_t k = 0; strcmp (one->extension, self->name) == 0 &&
                         k < G_N_ELEMENTS (one->properties) &&
                         one->properties[k].name != NULL;
           k++)
        {
          if (strcmp (one->properties[k].name, text) == 0)
            return TRUE;
        }
    }

  return FALSE;
}
