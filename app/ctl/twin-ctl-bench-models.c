/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-bench-plant.h"

#define DTMI "dtmi:com:example:bench:"

typedef enum
{
  PROPERTY,
  TELEMETRY,
  COMPONENT,
  RELATIONSHIP,
  COMMAND,
} Kind;

typedef struct
{
  Kind        kind;
  const char *name;
  const char *schema; /* JSON; of a component or relationship: a model's name */
  const char *quantity, *unit;
  const char *more; /* members of the content, JSON */
} Content;

typedef struct
{
  const char    *name;
  const char    *extends; /* or NULL */
  const Content *contents;
} Model;

#define ENUM3(a, b, c)                                                         \
  "{\"@type\":\"Enum\",\"valueSchema\":\"string\",\"enumValues\":["            \
  "{\"name\":\"" a "\",\"enumValue\":\"" a "\"},{\"name\":\"" b                \
  "\",\"enumValue\":\"" b "\"},{\"name\":\"" c "\",\"enumValue\":\"" c "\"}]}"

#define NUMBER "\"double\""
#define TEXT "\"string\""

static const Content asset[] = {
  { PROPERTY, "name", TEXT },
  { PROPERTY, "serialNumber", TEXT },
  { PROPERTY, "manufacturer", TEXT },
  { PROPERTY, "installed", "\"date\"" },
  { PROPERTY, "attributes",
    "{\"@type\":\"Map\",\"mapKey\":{\"name\":\"key\",\"schema\":\"string\"},"
    "\"mapValue\":{\"name\":\"value\",\"schema\":\"string\"}}",
    NULL, NULL, "\"writable\":true" },
  { RELATIONSHIP, "locatedIn", "Space" },
  { 0 },
};

static const Content space[] = {
  { PROPERTY, "floorArea", NUMBER, "Area", "squareMetre" },
  { RELATIONSHIP, "contains", NULL },
  { 0 },
};

static const Content equipment[] = {
  { PROPERTY, "ratedPower", NUMBER, "Power", "kilowatt" },
  { PROPERTY, "criticality", ENUM3 ("low", "normal", "high"), NULL, NULL,
    "\"writable\":true" },
  { PROPERTY, "health", NUMBER },
  { 0 },
};

static const Content machine[] = {
  { PROPERTY, "speed", NUMBER, "AngularVelocity", "revolutionPerMinute" },
  { PROPERTY, "runningHours", NUMBER, "TimeSpan", "hour" },
  { PROPERTY, "iso20816Group", "\"integer\"" },
  { TELEMETRY, "vibrationRMS", NUMBER, "Velocity", "metrePerSecond" },
  { COMPONENT, "controller", "Controller" },
  { COMMAND, "restart", NULL },
  { RELATIONSHIP, "hasPart", "Part" },
  { RELATIONSHIP, "feeds", "Machine", NULL, NULL,
    "\"properties\":[{\"@type\":\"Property\",\"name\":\"medium\",\"schema\":"
    "\"string\"},{\"@type\":\"Property\",\"name\":\"flowRate\",\"schema\":"
    "\"double\"}]" },
  { 0 },
};

static const Content controller[] = {
  { PROPERTY, "setPoint", NUMBER, NULL, NULL, "\"writable\":true" },
  { PROPERTY, "mode", ENUM3 ("off", "manual", "automatic"), NULL, NULL,
    "\"writable\":true" },
  { 0 },
};

static const Content pump[] = {
  { PROPERTY, "ratedHead", NUMBER, "Length", "metre" },
  { TELEMETRY, "dischargePressure", NUMBER, "Pressure", "bar" },
  { 0 },
};

static const Content screw_pump[] = {
  { PROPERTY, "screws", "\"integer\"" },
  { 0 },
};

static const Content motor[] = {
  { PROPERTY, "poles", "\"integer\"" },
  { TELEMETRY, "current", NUMBER, "Current", "ampere" },
  { 0 },
};

static const Content fan[] = {
  { PROPERTY, "blades", "\"integer\"" },
  { 0 },
};

static const Content gearbox[] = {
  { PROPERTY, "ratio", NUMBER },
  { 0 },
};

static const Content compressor[] = {
  { PROPERTY, "stages", "\"integer\"" },
  { 0 },
};

static const Content part[] = {
  { RELATIONSHIP, "hasSensor", "Sensor" },
  { RELATIONSHIP, "coupledTo", "Part" },
  { 0 },
};

static const Content bearing[] = {
  { PROPERTY, "designation", TEXT },
  { 0 },
};

static const Content sensor[] = {
  { PROPERTY, "range",
    "{\"@type\":\"Object\",\"fields\":[{\"name\":\"low\",\"schema\":"
    "\"double\"},{\"name\":\"high\",\"schema\":\"double\"}]}" },
  { PROPERTY, "reading", NUMBER },
  { PROPERTY, "calibrated", "\"dateTime\"" },
  { COMPONENT, "device", "Device" },
  { RELATIONSHIP, "monitors", "Machine", NULL, NULL,
    "\"properties\":[{\"@type\":\"Property\",\"name\":\"since\",\"schema\":"
    "\"date\"}]" },
  { 0 },
};

static const Content device[] = {
  { PROPERTY, "firmwareVersion", TEXT },
  { PROPERTY, "battery", NUMBER },
  { 0 },
};

static const Content temperature[] = {
  { TELEMETRY, "temperature", NUMBER, "Temperature", "degreeCelsius" },
  { 0 },
};

static const Content vibration[] = {
  { TELEMETRY, "acceleration", NUMBER, "Acceleration", "gForce" },
  { 0 },
};

static const Content pressure[] = {
  { TELEMETRY, "pressure", NUMBER, "Pressure", "bar" },
  { 0 },
};

static const Content current[] = {
  { TELEMETRY, "current", NUMBER, "Current", "ampere" },
  { 0 },
};

static const Content nothing[] = { { 0 } };

static const Model models[] = {
  { "Asset", NULL, asset },
  { "Space", "Asset", space },
  { "Plant", "Space", nothing },
  { "Building", "Space", nothing },
  { "Area", "Space", nothing },
  { "Equipment", "Asset", equipment },
  { "Controller", NULL, controller },
  { "Machine", "Equipment", machine },
  { "Pump", "Machine", pump },
  { "CentrifugalPump", "Pump", nothing },
  { "ScrewPump", "Pump", screw_pump },
  { "Motor", "Machine", motor },
  { "Fan", "Machine", fan },
  { "Gearbox", "Machine", gearbox },
  { "Compressor", "Machine", compressor },
  { "ScrewCompressor", "Compressor", nothing },
  { "Part", "Equipment", part },
  { "Bearing", "Part", bearing },
  { "Rotor", "Part", nothing },
  { "Coupling", "Part", nothing },
  { "Seal", "Part", nothing },
  { "Device", NULL, device },
  { "Sensor", "Asset", sensor },
  { "TemperatureSensor", "Sensor", temperature },
  { "VibrationSensor", "Sensor", vibration },
  { "PressureSensor", "Sensor", pressure },
  { "CurrentSensor", "Sensor", current },
};

const char *const twin_ctl_bench_machines[] = {
  "CentrifugalPump", "ScrewPump", "Motor", "Fan",
  "ScrewCompressor", "Gearbox",   NULL,
};

const char *const twin_ctl_bench_parts[] = {
  "Bearing", "Rotor", "Coupling", "Seal", NULL,
};

const char *const twin_ctl_bench_sensors[] = {
  "TemperatureSensor",
  "VibrationSensor",
  "PressureSensor",
  "CurrentSensor",
  NULL,
};

static void
append_content (GString *out, const Content *one)
{
  static const char *const kinds[] = { "Property", "Telemetry", "Component",
                                       "Relationship", "Command" };

  if (one->quantity != NULL)
    g_string_append_printf (out, "{\"@type\":[\"%s\",\"%s\"],\"unit\":\"%s\"",
                            kinds[one->kind], one->quantity, one->unit);
  else
    g_string_append_printf (out, "{\"@type\":\"%s\"", kinds[one->kind]);

  g_string_append_printf (out, ",\"name\":\"%s\"", one->name);
  if (one->schema != NULL && one->kind == COMPONENT)
    g_string_append_printf (out, ",\"schema\":\"" DTMI "%s;1\"", one->schema);
  else if (one->schema != NULL && one->kind == RELATIONSHIP)
    g_string_append_printf (out, ",\"target\":\"" DTMI "%s;1\"", one->schema);
  else if (one->schema != NULL)
    g_string_append_printf (out, ",\"schema\":%s", one->schema);
  if (one->more != NULL)
    g_string_append_printf (out, ",%s", one->more);
  g_string_append_c (out, '}');
}

void
twin_ctl_bench_models_append (GString *out)
{
  for (size_t i = 0; i < G_N_ELEMENTS (models); i++)
    {
      const Model *model = &models[i];

      g_string_append_printf (
          out,
          "{\"@context\":[\"dtmi:dtdl:context;3\","
          "\"dtmi:dtdl:extension:quantitativeTypes;1\"],\"@id\":\"" DTMI
          "%s;1\",\"@type\":\"Interface\",\"displayName\":\"%s\"",
          model->name, model->name);
      if (model->extends != NULL)
        g_string_append_printf (out, ",\"extends\":\"" DTMI "%s;1\"",
                                model->extends);

      g_string_append (out, ",\"contents\":[");
      for (const Content *one = model->contents; one->name != NULL; one++)
        {
          if (one != model->contents)
            g_string_append_c (out, ',');
          append_content (out, one);
        }
      g_string_append (out, "]}\n");
    }
}
