/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-bench.h"

#include <math.h>
#include <string.h>

#include "thermal-plant.h"
#include "twin-engine-thermal.h"

static int64_t begun_us;

static const char graph[] =
    "{\"digitalTwinsFileInfo\":{\"fileVersion\":\"1.0.0\"},"
    "\"digitalTwinsModels\":["
    "{\"@id\":\"dtmi:com:example:twin:MachinePart;1\","
    "\"@type\":\"Interface\",\"@context\":\"dtmi:dtdl:context;2\","
    "\"contents\":["
    "{\"@type\":\"Property\",\"name\":\"designation\",\"schema\":\"string\"},"
    "{\"@type\":\"Property\",\"name\":\"position\",\"schema\":\"string\"},"
    "{\"@type\":\"Property\",\"name\":\"equivalentLoad\",\"schema\":"
    "\"double\"},"
    "{\"@type\":\"Property\",\"name\":\"oilGrade\",\"schema\":\"double\"},"
    "{\"@type\":\"Property\",\"name\":\"cleanliness\",\"schema\":\"string\"},"
    "{\"@type\":[\"Telemetry\",\"Temperature\"],\"unit\":\"degreeCelsius\","
    "\"name\":\"temperature\",\"schema\":\"double\"}]},"
    "{\"@id\":\"dtmi:com:example:twin:Machine;1\","
    "\"@type\":\"Interface\",\"@context\":\"dtmi:dtdl:context;2\","
    "\"contents\":["
    "{\"@type\":[\"Property\",\"AngularVelocity\"],\"unit\":"
    "\"revolutionPerMinute\",\"name\":\"ratedSpeed\",\"schema\":\"double\"},"
    "{\"@type\":[\"Telemetry\",\"AngularVelocity\"],\"unit\":"
    "\"revolutionPerMinute\",\"name\":\"shaftSpeed\",\"schema\":\"double\"},"
    "{\"@type\":[\"Telemetry\",\"Temperature\"],\"unit\":\"degreeCelsius\","
    "\"name\":\"ambientTemperature\",\"schema\":\"double\"},"
    "{\"@type\":\"Telemetry\",\"name\":\"loadFactor\",\"schema\":\"double\"},"
    "{\"@type\":\"Relationship\",\"name\":\"hasPart\"}]}],"
    "\"digitalTwinsGraph\":{\"digitalTwins\":["
    "{\"$dtId\":\"fan\",\"$metadata\":{\"$model\":"
    "\"dtmi:com:example:twin:Machine;1\"},\"ratedSpeed\":1500},"
    "{\"$dtId\":\"fan-de\",\"$metadata\":{\"$model\":"
    "\"dtmi:com:example:twin:MachinePart;1\"},\"position\":\"driveEnd\","
    "\"designation\":\"6205-2RS JEM\",\"equivalentLoad\":2000,"
    "\"oilGrade\":100,\"cleanliness\":\"normal\"},"
    "{\"$dtId\":\"fan-nde\",\"$metadata\":{\"$model\":"
    "\"dtmi:com:example:twin:MachinePart;1\"},\"position\":\"nonDriveEnd\","
    "\"designation\":\"6203-2RS JEM\"}],"
    "\"relationships\":[{\"$relationshipId\":\"r1\",\"$sourceId\":\"fan\","
    "\"$targetId\":\"fan-de\",\"$relationshipName\":\"hasPart\"},"
    "{\"$relationshipId\":\"r2\",\"$sourceId\":\"fan\",\"$targetId\":"
    "\"fan-nde\",\"$relationshipName\":\"hasPart\"}]}}";

static gboolean
is_end (const TwinUpdate *update, const void *data)
{
  return update->kind == TWIN_UPDATE_REQUEST &&
         update->request->id == *(const uint64_t *) data &&
         update->request->stage >= TWIN_REQUEST_DONE;
}

static TwinEngineMachine *
the_machine (EngineBench *bench)
{
  g_assert_cmpuint (bench->engine->machines->len, ==, 1);
  return g_ptr_array_index (bench->engine->machines, 0);
}

static void
set (TwinEngineSignal *signal, double value)
{
  g_assert_nonnull (signal);
  signal->v.value = value;
  signal->stale = FALSE;
}

/* As the pipeline would, in a time that we make. */
static void
live (EngineBench *bench, Plant *plant, int days)
{
  TwinEngineMachine *machine = the_machine (bench);
  TwinEngineBearing *bearing = g_ptr_array_index (machine->bearings, 0);
  TwinThermalInput   in;

  for (int i = 0; i < days * PLANT_DAY; i++)
    {
      int64_t now = begun_us + plant->seconds * TWIN_US_PER_S;

      plant_step (plant, &in);
      set (machine->roles[TWIN_ROLE_AMBIENT], in.ambient_c);
      set (machine->roles[TWIN_ROLE_LOAD], in.load);
      set (machine->roles[TWIN_ROLE_SHAFT_SPEED],
           in.speed * machine->rated_rpm);
      set (bearing->temperature, in.measured_c);
      twin_engine_thermal_tick (bench->engine, now);
      twin_engine_damage_tick (bench->engine, now);
    }
}

static void
again (EngineBench *bench)
{
  twin_engine_damage_keep_all (bench->engine);
  twin_engine_batch_commit (bench->engine);
  g_clear_pointer (&bench->engine, twin_engine_free);
  engine_bench_open (bench);
}

static void
check_learnt (EngineBench *bench, const Plant *plant)
{
  TwinEngineMachine     *machine = the_machine (bench);
  TwinEngineBearing     *bearing = g_ptr_array_index (machine->bearings, 0);
  TwinEngineThermalState state;

  g_assert_true (twin_engine_thermal_state (machine, bearing->place, &state));
  g_assert_cmpstr (state.source, ==, "learnt");
  g_assert_true (state.known);
  g_assert_cmpfloat (fabs (state.model.tau_s / plant->truth.tau_s - 1), <,
                     0.05);
  g_assert_cmpfloat (fabs (state.model.k_load / plant->truth.k_load - 1), <,
                     0.05);
}

static const TwinEngineHeat *
heat_of (TwinEngineMachine *machine)
{
  return &g_array_index ((GArray *) machine->thermal, TwinEngineHeat, 0);
}

/* A machine's first three days, a restart, its cooling fails, it is repaired
 * with a new bearing. */
static void
test_life (void)
{
  EngineBench           *bench = engine_bench_new ();
  TwinEngineMachine     *machine;
  TwinEngineBearing     *bearing;
  TwinEngineThermalState state;
  TwinEngineDamageState  damage, after;
  g_autofree char       *text = NULL;
  uint64_t               id;
  Plant                  plant;
  const TwinOrder        done = { .twin = "fan",
                                  .who = "tester",
                                  .work = "Replace bearing, drive end",
                                  .state = TWIN_ORDER_DONE };

  engine_bench_start (bench);
  id = twin_engine_import (bench->engine, graph, "heat", "tester");
  {
    g_autoptr (TwinUpdate) end = engine_bench_wait (bench, is_end, &id);

    g_assert_cmpint (end->request->stage, ==, TWIN_REQUEST_DONE);
  }
  engine_bench_stop (bench);
  engine_bench_open (bench);
  begun_us = twin_clock_utc_us ();

  plant_init (&plant, 5);
  plant.truth = (TwinThermalModel){ .tau_s = 900, .k_load = 30, .k_speed = 9 };
  live (bench, &plant, 3);
  check_learnt (bench, &plant);
  machine = the_machine (bench);
  bearing = g_ptr_array_index (machine->bearings, 0);
  g_assert_null (heat_of (machine)->told);

  /* P = 2 kN at most, so the mean load lies below; 14.8 kN last some
   * (14.8/1.3)³ million turns of which three days are a few hundredths. */
  g_assert_true (twin_engine_damage_state (machine, bearing->place, &damage));
  g_assert_cmpfloat (damage.damage.index, >, 1e-4);
  g_assert_cmpfloat (damage.damage.index, <, 0.1);
  g_assert_cmpfloat (twin_damage_mean_load (&damage.damage, TWIN_ROLLING_BALL),
                     <, 2);
  g_assert_cmpfloat (damage.aiso, >, 0.1);
  text = twin_engine_damage_describe (machine);
  g_assert_nonnull (strstr (text, "Drive end: "));
  g_assert_nonnull (strstr (text, "% of its rated life used in"));
  g_assert_nonnull (
      strstr (text, "Non-drive end: not known: no load declared."));

  again (bench);
  check_learnt (bench, &plant);
  machine = the_machine (bench);
  bearing = g_ptr_array_index (machine->bearings, 0);
  g_assert_true (twin_engine_damage_state (machine, bearing->place, &after));
  g_assert_cmpfloat (fabs (after.damage.index / damage.damage.index - 1), <,
                     1e-9);

  plant.cooling = 0.6;
  live (bench, &plant, 1);
  g_assert_cmpstr (heat_of (machine)->told, ==, "thermal.cooling");
  g_assert_true (twin_engine_thermal_state (machine, bearing->place, &state));
  g_assert_cmpint (state.verdict->cause, ==, TWIN_THERMAL_COOLING);
  g_assert_cmpfloat (fabs (state.verdict->size - 0.6), <, 0.06);

  twin_engine_damage_order (bench->engine, &done);
  g_assert_true (twin_engine_damage_state (machine, bearing->place, &after));
  g_assert_cmpfloat (after.damage.index, ==, 0);
  g_assert_true (twin_engine_thermal_state (machine, bearing->place, &state));
  g_assert_cmpstr (state.source, !=, "learnt");
  again (bench);
  machine = the_machine (bench);
  bearing = g_ptr_array_index (machine->bearings, 0);
  g_assert_true (twin_engine_thermal_state (machine, bearing->place, &state));
  g_assert_cmpstr (state.source, !=, "learnt");
  g_assert_cmpfloat (fabs (state.model.tau_s / 900 - 1), <, 0.05);

  plant.cooling = 1;
  live (bench, &plant, 3);
  check_learnt (bench, &plant);
  g_assert_null (heat_of (machine)->told);
  twin_engine_batch_commit (bench->engine);
  g_clear_pointer (&bench->engine, twin_engine_free);
  engine_bench_free (bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/heat/from-first-day-to-repair", test_life);
  return g_test_run ();
}
