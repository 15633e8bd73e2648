/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "models.h"
#include "twin-binding.h"
#include "twin-json.h"

#define P "dtmi:com:example:twin:"

static JsonNode *
json (const char *text)
{
  JsonNode *node = twin_json_parse ("t", text, -1, NULL);

  g_assert_nonnull (node);
  return node;
}

static TwinBinding *
bind_pump (TwinModelSet *models)
{
  g_autoptr (TwinRoles) roles = demo_roles ();
  g_autoptr (JsonNode) pump =
      json ("{\"ratedSpeed\":1500,\"ratedPower\":22,\"isoGroup\":\"2\","
            "\"placement\":{\"x\":4,\"y\":7.5,\"rotation\":90}}");
  g_autoptr (JsonNode) de =
      json ("{\"position\":\"driveEnd\",\"designation\":\"6205-2RS JEM\","
            "\"geometry\":{\"balls\":9,\"ballDiameter\":7.94,"
            "\"pitchDiameter\":39.04,\"contactAngle\":15}}");
  const TwinBindingPart parts[] = {
    { "p", P "Pump;1", json_node_get_object (pump), NULL },
    { "p-motor", P "MotorAssembly;1", NULL, NULL },
    { "p-de", P "BearingAssembly;1", json_node_get_object (de), NULL },
  };

  return twin_binding_find (roles, models, parts, G_N_ELEMENTS (parts));
}

static void
test_finds (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinBinding) binding = bind_pump (models);
  const TwinBindingEntry *entry;
  TwinPlacement           placement;

  entry = twin_binding_get (binding, TWIN_ROLE_SHAFT_SPEED, NULL, 0);
  g_assert_cmpstr (entry->twin, ==, "p-motor");
  g_assert_cmpstr (entry->path, ==, "shaftSpeed");
  g_assert_cmpint (entry->found, ==, TWIN_FOUND_SEMANTIC);

  entry = twin_binding_get (binding, TWIN_ROLE_ACCELERATION, "de", 'z');
  g_assert_cmpstr (entry->twin, ==, "p-de");
  g_assert_cmpstr (entry->path, ==, "acceleration");
  g_assert_cmpstr (entry->unit, ==, "metrePerSecondSquared");

  entry = twin_binding_get (binding, TWIN_ROLE_TEMPERATURE, "de", 0);
  g_assert_cmpstr (entry->path, ==, "temperature");
  entry = twin_binding_get (binding, TWIN_ROLE_AMBIENT, NULL, 0);
  g_assert_cmpstr (entry->path, ==, "ambientTemperature");

  entry = twin_binding_get (binding, TWIN_ROLE_BEARING, "de", 0);
  g_assert_cmpstr (entry->designation, ==, "6205-2RS JEM");
  g_assert_cmpint (entry->geometry.balls, ==, 9);
  g_assert_cmpfloat_with_epsilon (entry->geometry.ball_mm, 7.94, 1e-9);
  g_assert_cmpfloat_with_epsilon (entry->geometry.angle_deg, 15, 1e-9);

  g_assert_cmpfloat (twin_binding_get_number (binding, TWIN_ROLE_RATED_SPEED),
                     ==, 25);
  g_assert_cmpfloat (twin_binding_get_number (binding, TWIN_ROLE_RATED_POWER),
                     ==, 22000);
  g_assert_true (
      isnan (twin_binding_get_number (binding, TWIN_ROLE_RATED_CURRENT)));
  g_assert_cmpstr (twin_binding_get_text (binding, TWIN_ROLE_ISO_GROUP), ==,
                   "2");
  g_assert_null (twin_binding_get_text (binding, TWIN_ROLE_SUPPORT));

  g_assert_true (twin_binding_get_placement (binding, &placement));
  g_assert_cmpfloat (placement.x, ==, 4);
  g_assert_cmpfloat (placement.y, ==, 7.5);
  g_assert_cmpfloat_with_epsilon (placement.rotation, G_PI / 2, 1e-12);
}

static void
test_signal_of_statistic (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinBinding) binding = bind_pump (models);

  g_assert_cmpint (twin_binding_find_signal (binding, "p-de", "temperature.max")
                       ->role,
                   ==, TWIN_ROLE_TEMPERATURE);
  g_assert_null (twin_binding_find_signal (binding, "p-de", "temperatures"));
  g_assert_null (twin_binding_find_signal (binding, "p", "temperature"));
}

static void
test_missing (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinBinding) binding = bind_pump (models);
  g_autoptr (GArray) missing = twin_binding_list_missing (binding);

  g_assert_cmpuint (missing->len, ==, 2);
  g_assert_cmpint (g_array_index (missing, TwinRole, 0), ==,
                   TWIN_ROLE_RATED_CURRENT);
  g_assert_cmpint (g_array_index (missing, TwinRole, 1), ==, TWIN_ROLE_SUPPORT);
}

static void
test_round_trip (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinBinding) binding = bind_pump (models);
  g_autoptr (JsonNode) node = twin_binding_to_json (binding);
  g_autofree char *text = twin_json_print (node, FALSE);
  g_autoptr (JsonNode) read = json (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinBinding) again = twin_binding_from_json (read, &error);
  g_autoptr (JsonNode) back = NULL;
  g_autofree char *same = NULL;

  g_assert_no_error (error);
  back = twin_binding_to_json (again);
  same = twin_json_print (back, FALSE);
  g_assert_cmpstr (same, ==, text);
}

static void
test_edited_is_checked (void)
{
  g_autoptr (JsonNode) node = json (
      "{\"machine\":\"p\",\"roles\":[{\"role\":\"shaftSpeed\",\"twin\":\"p\","
      "\"path\":\"rpm\"},{\"role\":\"speed\",\"twin\":\"p\",\"path\":\"x\"}]}");
  g_autoptr (GError) error = NULL;

  g_assert_null (twin_binding_from_json (node, &error));
  g_assert_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_ROLES);
  g_assert_cmpstr (error->message, ==,
                   "The binding at “/roles/1/role”: there is no such role");
}

/* Names are only the second choice, and rated values are no live ones. */
static void
test_semantics_before_names (void)
{
  static const char text[] =
      "{\"@context\":[\"dtmi:dtdl:context;3\","
      "\"dtmi:dtdl:extension:quantitativeTypes;1\"],\"@id\":\"dtmi:a:M;1\","
      "\"@type\":\"Interface\",\"contents\":["
      "{\"@type\":\"Telemetry\",\"name\":\"speed\",\"schema\":\"double\"},"
      "{\"@type\":[\"Telemetry\",\"AngularVelocity\"],\"name\":\"drehzahl\","
      "\"schema\":\"double\",\"unit\":\"radianPerSecond\"},"
      "{\"@type\":[\"Telemetry\",\"Temperature\"],\"name\":\"roomTemp\","
      "\"schema\":\"double\",\"unit\":\"kelvin\"}]}";
  TwinModelSource source = { "t", text, -1 };
  g_autoptr (TwinModelSet) models =
      twin_model_set_new_checked (&source, 1, NULL);
  g_autoptr (TwinRoles) roles = demo_roles ();
  const TwinBindingPart part = { "m", "dtmi:a:M;1", NULL, NULL };
  g_autoptr (TwinBinding) binding = twin_binding_find (roles, models, &part, 1);

  g_assert_cmpstr (twin_binding_get (binding, TWIN_ROLE_SHAFT_SPEED, NULL, 0)
                       ->path,
                   ==, "drehzahl");
  g_assert_cmpstr (twin_binding_get (binding, TWIN_ROLE_AMBIENT, NULL, 0)->path,
                   ==, "roomTemp");
  g_assert_null (twin_binding_get (binding, TWIN_ROLE_TEMPERATURE, NULL, 0));
}

static void
test_sorts (void)
{
  g_autoptr (TwinModelSet) models = demo_models ();
  g_autoptr (TwinRoles) roles = demo_roles ();

  g_assert_cmpint (twin_roles_sort (roles, models, P "Plant;1"), ==,
                   TWIN_SORT_PLANT);
  g_assert_cmpint (twin_roles_sort (roles, models, P "Line;1"), ==,
                   TWIN_SORT_AREA);
  g_assert_cmpint (twin_roles_sort (roles, models, P "Pump;1"), ==,
                   TWIN_SORT_MACHINE);
  g_assert_cmpint (twin_roles_sort (roles, models, P "CoolingSystem;1"), ==,
                   TWIN_SORT_PART);
  g_assert_cmpint (twin_roles_sort (roles, models, P "Sensor;1"), ==,
                   TWIN_SORT_SENSOR);
  g_assert_cmpint (twin_roles_sort (roles, models, "dtmi:x:Y;1"), ==,
                   TWIN_SORT_OTHER);
  g_assert_cmpstr (twin_roles_shape (roles, models, P "CompressorUnit;1"), ==,
                   "compressor");
  g_assert_cmpstr (twin_roles_shape (roles, models, P "Motor;1"), ==, "motor");
  g_assert_null (twin_roles_shape (roles, models, P "Line;1"));
}

static void
test_units (void)
{
  static const struct
  {
    const char *unit;
    double      value, si;
  } cases[] = {
    { "1/min", 1482, 24.7 },
    { "revolutionPerMinute", 60, 1 },
    { "gForce", 2, 19.6133 },
    { "degreeFahrenheit", 212, 100 },
    { "kelvin", 273.15, 0 },
    { "kilowatt", 45, 45000 },
    { "radianPerSecond", 2 * G_PI, 1 },
    { "mm/s", 4.5, 0.0045 },
  };
  double factor, offset;

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (twin_unit_to_si (cases[i].unit, &factor, &offset));
      g_assert_cmpfloat_with_epsilon ((cases[i].value + offset) * factor,
                                      cases[i].si, 1e-9);
    }
  g_assert_false (twin_unit_to_si ("furlong", &factor, &offset));
}

static TwinBinding *
bind_one (const char *contents)
{
  g_autofree char *text =
      g_strdup_printf ("{\"@context\":[\"dtmi:dtdl:context;3\","
                       "\"dtmi:dtdl:extension:quantitativeTypes;1\"],\"@id\":"
                       "\"dtmi:a:M;1\","
                       "\"@type\":\"Interface\",\"contents\":[%s]}",
                       contents);
  TwinModelSource source = { "t", text, -1, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinModelSet) models =
      twin_model_set_new_checked (&source, 1, &error);
  g_autoptr (TwinRoles) roles = demo_roles ();
  const TwinBindingPart part = { .id = "m", .model = "dtmi:a:M;1" };

  g_assert_no_error (error);
  return twin_binding_find (roles, models, &part, 1);
}

#define NUMBER(kind, type, unit, name)                                         \
  "{\"@type\":[\"" kind "\",\"" type "\"],\"unit\":\"" unit                    \
  "\",\"name\":\"" name "\",\"schema\":\"double\"}"

/* An axis may be a telemetry of its own, as on most sensor boards. */
static void
test_axis_each (void)
{
  g_autoptr (TwinBinding) binding = bind_one (
      NUMBER ("Telemetry", "Acceleration", "gForce", "accelerometerX") "," NUMBER (
          "Telemetry", "Acceleration", "gForce",
          "vibration_z") "," NUMBER ("Telemetry", "Acceleration", "gForce",
                                     "accelMAX") "," NUMBER ("Telemetry",
                                                             "AngularVelocity",
                                                             "degreePerSecond",
                                                             "gyroX"));

  g_assert_cmpuint (twin_binding_list (binding)->len, ==, 2);
  g_assert_cmpstr (twin_binding_get (binding, TWIN_ROLE_ACCELERATION, NULL, 'x')
                       ->path,
                   ==, "accelerometerX");
  g_assert_cmpstr (twin_binding_get (binding, TWIN_ROLE_ACCELERATION, NULL, 'z')
                       ->path,
                   ==, "vibration_z");
}

/* A property is a signal only where no telemetry is, and never a set point. */
static void
test_property_as_signal (void)
{
  g_autoptr (TwinBinding) alone = bind_one (
      NUMBER ("Property", "Temperature", "degreeCelsius",
              "lastValue") "," NUMBER ("Property", "Temperature",
                                       "degreeCelsius", "maxTemperature"));
  g_autoptr (TwinBinding) beside =
      bind_one (NUMBER ("Property", "Temperature", "degreeCelsius",
                        "lastValue") "," NUMBER ("Telemetry", "Temperature",
                                                 "degreeCelsius", "winding"));
  g_autoptr (TwinBinding) wanted =
      bind_one ("{\"@type\":[\"Property\",\"Temperature\"],\"unit\":"
                "\"degreeCelsius\",\"name\":\"t\",\"schema\":\"double\","
                "\"writable\":true}");

  g_assert_cmpuint (twin_binding_list (alone)->len, ==, 1);
  g_assert_cmpstr (twin_binding_get (alone, TWIN_ROLE_TEMPERATURE, NULL, 0)
                       ->path,
                   ==, "lastValue");
  g_assert_cmpuint (twin_binding_list (beside)->len, ==, 1);
  g_assert_cmpstr (twin_binding_get (beside, TWIN_ROLE_TEMPERATURE, NULL, 0)
                       ->path,
                   ==, "winding");
  g_assert_cmpuint (twin_binding_list (wanted)->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/binding/finds", test_finds);
  g_test_add_func ("/model/binding/axis-by-axis", test_axis_each);
  g_test_add_func ("/model/binding/property-as-signal",
                   test_property_as_signal);
  g_test_add_func ("/model/binding/statistic", test_signal_of_statistic);
  g_test_add_func ("/model/binding/missing", test_missing);
  g_test_add_func ("/model/binding/json", test_round_trip);
  g_test_add_func ("/model/binding/edited", test_edited_is_checked);
  g_test_add_func ("/model/binding/semantics-first",
                   test_semantics_before_names);
  g_test_add_func ("/model/roles/sorts", test_sorts);
  g_test_add_func ("/model/roles/units", test_units);
  return g_test_run ();
}
