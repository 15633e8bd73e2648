/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-faults.c - faults of a machine beyond its bearings
 *
 * A node sends each axis of an accelerometer as a record of its own. They are
 * kept until all axes of the same samples are there, and judged together; a
 * set that stays incomplete is dropped with the next one.
 */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

#include "twin-birth.h"

#define SLIP_MAX 0.06

static const struct
{
  TwinMachineFault fault;
  const char      *condition, *text, *advice;
} words[] = {
  { TWIN_MACHINE_UNBALANCE, "machine.unbalance", "Unbalance",
    "Clean the rotor and balance it; look for a lost weight or build-up." },
  { TWIN_MACHINE_MISALIGNMENT, "machine.misalignment", "Misalignment",
    "Check the coupling and align the shafts, warm." },
  { TWIN_MACHINE_BENT_SHAFT, "machine.bent-shaft", "Bent shaft",
    "Measure run-out with a dial gauge; straighten or replace the shaft." },
  { TWIN_MACHINE_LOOSENESS, "machine.looseness", "Looseness",
    "Check feet, bolts, grout and bearing seats; look for rubs." },
  { TWIN_MACHINE_RESONANCE, "machine.resonance", "Resonance",
    "Avoid this speed, or stiffen or damp the structure." },
  { TWIN_MACHINE_BELT, "machine.belt", "Belt",
    "Check the belt's tension, wear and the pulleys' alignment." },
  { TWIN_MACHINE_BLADE_PASS, "machine.blade-pass", "Blade pass",
    "Check gap, inlet flow and the operating point." },
  { TWIN_MACHINE_GEAR_MESH, "machine.gear-mesh", "Gear mesh",
    "Inspect the teeth, their contact pattern and the oil." },
  { TWIN_MACHINE_ELECTRICAL, "machine.electrical", "Electrical",
    "Check phases, air gap and rotor bars with the motor's current." },
  { TWIN_MACHINE_CAVITATION, "machine.cavitation", "Cavitation",
    "Raise suction pressure or lower the flow; check the strainer." },
};

G_STATIC_ASSERT (G_N_ELEMENTS (words) == TWIN_MACHINE_FAULTS);

/* One accelerometer; words are in the order of TwinMachineFault. */
typedef struct
{
  char               *sensor;
  TwinMachineLiveRule rule;
  guint               raised; /* bits of faults whose alarm it raised */
  double             *axes[TWIN_MACHINE_AXES];
  size_t              n;
  double              rate_hz;
  uint64_t            n0;
  uint32_t            epoch;
  guint8              ring[TWIN_RING_SIZE];
} Sensor;

typedef struct
{
  TwinMachineFacts facts;
  GPtrArray       *sensors; /* Sensor */
  gboolean         shown;   /* the machine's finding is ours */
} Faults;

static void
drop_axes (Sensor *sensor)
{
  for (int axis = 0; axis < TWIN_MACHINE_AXES; axis++)
    g_clear_pointer (&sensor->axes[axis], g_free);
}

static void
sensor_free (void *data)
{
  Sensor *sensor = data;

  drop_axes (sensor);
  g_free (sensor->sensor);
  g_free (sensor);
}

void
twin_engine_faults_free (TwinEngineMachine *machine)
{
  Faults *faults = machine->faults;

  if (faults == NULL)
    return;

  g_ptr_array_unref (faults->sensors);
  g_clear_pointer (&machine->faults, g_free);
}

static Sensor *
find_sensor (Faults *faults, const char *name)
{
  Sensor *sensor;

  for (guint i = 0; i < faults->sensors->len; i++)
    {
      sensor = g_ptr_array_index (faults->sensors, i);
      if (strcmp (sensor->sensor, name) == 0)
        return sensor;
    }

  sensor = g_new0 (Sensor, 1);
  sensor->sensor = g_strdup (name);
  g_ptr_array_add (faults->sensors, sensor);
  return sensor;
}

/* --- what is declared
 * -------------------------------------------------------- */

static void
take_number (const TwinRoles *roles,
             JsonObject      *properties,
             const char      *what,
             double          *value)
{
  double number = twin_roles_get_number (roles, properties, what);

  if (number > 0 && number < 1e6)
    *value = number;
}

/* Poles and a rated speed belong to one mains frequency alone. */
static double
mains_of (int pole_pairs, double rated_rpm)
{
  static const double mains[] = { 50, 60 };
  double              found = 0;

  for (size_t i = 0; pole_pairs > 0 && i < G_N_ELEMENTS (mains); i++)
    {
      double slip = 1 - rated_rpm / 60 * pole_pairs / mains[i];

      if (slip >= 0 && slip <= SLIP_MAX)
        found = mains[i];
    }

  return found;
}

static TwinMachineKind
kind_of (TwinShape shape)
{
  switch (shape)
    {
    case TWIN_SHAPE_COMPRESSOR:
      return TWIN_MACHINE_KIND_COMPRESSOR;
    case TWIN_SHAPE_PUMP:
      return TWIN_MACHINE_KIND_PUMP;
    case TWIN_SHAPE_MOTOR:
      return TWIN_MACHINE_KIND_MOTOR;
    case TWIN_SHAPE_NONE:
      break;
    }

  return TWIN_MACHINE_KIND_UNKNOWN;
}

void
twin_engine_faults_bind (TwinEngine *self, TwinEngineMachine *machine)
{
  g_autoptr (GPtrArray) train =
      twin_graph_list_train (self->graph, self->roles, machine->place->id);
  Faults *faults = machine->faults;
  double  poles = 0, pairs = 0, line = 0, blades = 0, teeth = 0, other = 0;
  double  pulley = 0, belt = 0, ratio = 0, npsh = 0;

  if (faults == NULL)
    {
      faults = machine->faults = g_new0 (Faults, 1);
      faults->sensors = g_ptr_array_new_with_free_func (sensor_free);
    }

  for (guint i = 0; train != NULL && i < train->len; i++)
    {
      const TwinTwin *twin = g_ptr_array_index (train, i);
      JsonObject     *properties = json_node_get_object (twin->properties);

      take_number (self->roles, properties, "poles", &poles);
      take_number (self->roles, properties, "polePairs", &pairs);
      take_number (self->roles, properties, "lineFrequency", &line);
      take_number (self->roles, properties, "blades", &blades);
      take_number (self->roles, properties, "teeth", &teeth);
      take_number (self->roles, properties, "otherTeeth", &other);
      take_number (self->roles, properties, "pulleyDiameter", &pulley);
      take_number (self->roles, properties, "beltLength", &belt);
      take_number (self->roles, properties, "beltRatio", &ratio);
      take_number (self->roles, properties, "npshMargin", &npsh);
    }

  faults->facts = (TwinMachineFacts){
    .kind = kind_of (machine->place->shape),
    .group = machine->group,
    .support = machine->support,
    .pole_pairs = (int) (pairs > 0 ? pairs : poles / 2),
    .blades = (int) blades,
    .teeth = (int) teeth,
    .other_teeth = (int) other,
    .pulley_mm = pulley,
    .belt_mm = belt,
    .belt_ratio = ratio,
    .npsh_margin = npsh,
  };
  faults->facts.line_hz =
      line > 0 ? line : mains_of (faults->facts.pole_pairs, machine->rated_rpm);
}

void
twin_engine_faults_describe (TwinEngineMachine *machine, TwinEngineJob *job)
{
  const Faults    *faults = machine->faults;
  TwinEnginePlace *line = machine->place->parent;

  if (faults != NULL)
    job->facts = faults->facts;

  for (guint i = 0; line != NULL && i < line->children->len; i++)
    {
      TwinEnginePlace *place = g_ptr_array_index (line->children, i);
      const char      *source;
      double           hz;

      if (place == machine->place || place->machine == NULL ||
          place->machine->place != place ||
          job->n_neighbours == G_N_ELEMENTS (job->neighbours_hz))
        continue;

      hz = twin_engine_machine_shaft (place->machine, &source);
      if (hz > 0)
        job->neighbours_hz[job->n_neighbours++] = hz;
    }
}

void
twin_engine_faults_define (TwinEngine *self, TwinEngineMachine *machine)
{
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const TwinAlarmDefinition definition = {
        .source = machine->place->id,
        .condition = words[i].condition,
        .machine = machine->place->id,
        .name = words[i].text,
        .advice = words[i].advice,
        .unit = "m/s",
        .kind = TWIN_ALARM_BOOLEAN,
        .priority = 3,
        .limit = NAN,
        .off_delay_us = 60 * TWIN_US_PER_S,
      };

      twin_engine_alarms_watch (self, &definition);
    }
}

/* --- gathering the axes
 * ------------------------------------------------------ */

/* How many axes the sensor's node promised. */
static int
count_promised (const TwinEngineWave *wave)
{
  int n = 0;

  for (char axis = 'x'; wave->node->birth != NULL && axis <= 'z'; axis++)
    n += twin_birth_find_sensor (wave->node->birth, wave->sensor, axis) != NULL;

  return MAX (n, 1);
}

static gboolean
is_same (const Sensor *sensor, const TwinEngineWave *wave, const TwinJoined *of)
{
  return sensor->n0 == of->n0 && sensor->n == of->n &&
         sensor->epoch == wave->last_epoch &&
         memcmp (sensor->ring, wave->last_ring, sizeof sensor->ring) == 0;
}

void
twin_engine_faults_add (TwinEngine       *self,
                        TwinEngineWave   *wave,
                        const TwinJoined *joined)
{
  TwinEngineMachine *machine = wave->place->machine;
  int                axis = wave->axis - 'x', have = 0;
  TwinEngineJob     *job;
  Sensor            *sensor;

  if (machine == NULL || machine->faults == NULL || axis < 0 ||
      axis >= TWIN_MACHINE_AXES)
    return;

  sensor = find_sensor (machine->faults, wave->sensor);
  if (!is_same (sensor, wave, joined))
    drop_axes (sensor);

  sensor->n0 = joined->n0;
  sensor->n = joined->n;
  sensor->rate_hz = joined->rate_hz;
  sensor->epoch = wave->last_epoch;
  memcpy (sensor->ring, wave->last_ring, sizeof sensor->ring);
  g_free (sensor->axes[axis]);
  sensor->axes[axis] = g_memdup2 (joined->samples, joined->n * sizeof (double));
  for (int i = 0; i < TWIN_MACHINE_AXES; i++)
    have += sensor->axes[i] != NULL;
  if (have < count_promised (wave))
    return;

  job = twin_engine_job_new (wave, TWIN_JOB_MACHINE);
  for (int i = 0; i < TWIN_MACHINE_AXES; i++)
    job->axes[i] = g_steal_pointer (&sensor->axes[i]);
  job->n = joined->n;
  job->rate_hz = joined->rate_hz;
  job->n0 = joined->n0;
  job->quality = joined->quality;
  job->t0_us = joined->t0_us;
  job->end_us = joined->end_us;
  twin_engine_job_push (self, wave, job);
}

/* --- what was found
 * ---------------------------------------------------------- */

static char *
check_text (const TwinMachineCheck *check)
{
  return g_strdup_printf ("%s: %s", twin_check_outcome_name (check->outcome),
                          check->text);
}

static void
add_item (TwinFaultsUpdate         *update,
          const TwinMachineFinding *finding,
          const Sensor             *sensor,
          guint                     believed)
{
  TwinFaultItem item = {
    .fault = g_strdup (words[finding->fault].text),
    .answer = g_strdup (twin_answer_name (finding->answer)),
    .why = g_strdup (finding->why),
    .agree = twin_machine_live_rule_agree (&sensor->rule, finding->fault),
    .confirmed = (believed & 1u << finding->fault) != 0,
    .checks = g_new0 (char *, finding->n_checks + 1),
  };

  if (finding->needs[0] != '\0')
    item.needs = g_strdup (finding->needs);
  for (size_t i = 0; i < finding->n_checks; i++)
    item.checks[i] = check_text (&finding->checks[i]);
  g_array_append_val (update->items, item);
}

static TwinFaultsUpdate *
make_update (const TwinEngineJob *job, const Sensor *sensor, guint believed)
{
  TwinFaultsUpdate         *update = twin_faults_update_new ();
  const TwinMachineVerdict *verdict = job->faults;
  char                      axes[TWIN_MACHINE_AXES + 1] = "";

  for (int i = 0, n = 0; i < TWIN_MACHINE_AXES; i++)
    {
      if (job->axes[i] != NULL)
        axes[n++] = (char) ('x' + i);
    }

  update->machine = g_strdup (job->machine);
  update->sensor = g_strdup (job->sensor);
  update->axes = g_strdup (axes);
  update->time_us =
      job->end_us != TWIN_TIME_NONE ? job->end_us : twin_clock_utc_us ();
  update->seconds = verdict->seconds;
  update->limit = g_strdup (verdict->limit);
  update->quality = twin_signal_flags_describe (verdict->quality);
  for (int i = 0; i < TWIN_MACHINE_FAULTS; i++)
    add_item (update, &verdict->findings[i], sensor, believed);
  return update;
}

/* Evidence and counter-checks, as the alarm tells them. */
static char *
dup_reason (const TwinMachineFinding *finding)
{
  GString *text = g_string_new (finding->why);

  for (size_t i = 0; i < finding->n_checks; i++)
    {
      g_autofree char *check = check_text (&finding->checks[i]);

      g_string_append_printf (text, "%s%s", i == 0 ? " Checked: " : "; ",
                              check);
    }
  if (finding->n_checks > 0)
    g_string_append_c (text, '.');

  return g_string_free (text, FALSE);
}

static void
input_alarm (TwinEngine               *self,
             TwinEngineMachine        *machine,
             Sensor                   *sensor,
             const TwinMachineFinding *finding,
             gboolean                  active)
{
  guint            bit = 1u << finding->fault;
  g_autofree char *reason = NULL;

  /* Sensors of one machine speak for the same alarm: who raised it ends it.
   * One that nobody here raised is of before a restart, and is decided about
   * when five records have been seen. */
  if (!active && !(sensor->raised & bit) &&
      sensor->rule.pushed != TWIN_LIVE_WINDOWS)
    return;

  sensor->raised = active ? sensor->raised | bit : sensor->raised & ~bit;
  reason = dup_reason (finding);
  twin_engine_alarms_finding (self, machine->place->id,
                              words[finding->fault].condition, active,
                              finding->level_mm_s / 1000, reason,
                              active ? words[finding->fault].advice : NULL);
}

/* The machine's line on top of every page, unless a bearing has it. */
static void
describe (TwinEngine               *self,
          TwinEngineMachine        *machine,
          Faults                   *faults,
          const TwinMachineVerdict *verdict,
          guint                     believed)
{
  const TwinMachineFinding *found = NULL;

  for (int i = 0; i < TWIN_MACHINE_FAULTS && found == NULL; i++)
    {
      if (believed & 1u << verdict->findings[i].fault)
        found = &verdict->findings[i];
    }

  if (machine->finding_wave != NULL)
    {
      faults->shown = FALSE;
      return;
    }
  if (found == NULL && !faults->shown)
    return;

  faults->shown = found != NULL;
  g_clear_pointer (&machine->finding, g_free);
  g_clear_pointer (&machine->advice, g_free);
  g_clear_pointer (&machine->sureness, g_free);
  g_clear_pointer (&machine->reliability, g_free);
  g_clear_pointer (&machine->reason, g_free);
  if (found == NULL)
    return;

  machine->believed = twin_machine_fault_name (found->fault);
  machine->reliability =
      twin_engine_outcomes_describe (self, machine, machine->believed);
  machine->finding = g_strdup (words[found->fault].text);
  machine->advice = g_strdup (words[found->fault].advice);
  machine->sureness = g_strdup_printf ("sure · %.1f mm/s", found->level_mm_s);
  machine->reason = g_strdup (found->why);
}

void
twin_engine_faults_result (TwinEngine *self, const TwinEngineJob *job)
{
  TwinEnginePlace *place =
      job->machine != NULL ? twin_engine_place_find (self, job->machine) : NULL;
  TwinEngineMachine *machine = place != NULL ? place->machine : NULL;
  Sensor            *sensor;
  guint              believed;

  /* The plant may have been edited while the worker was at it. */
  if (machine == NULL || machine->faults == NULL || job->faults == NULL)
    return;

  sensor = find_sensor (machine->faults, job->sensor);
  believed = twin_machine_live_rule_push (&sensor->rule, job->faults);
  for (int i = 0; i < TWIN_MACHINE_FAULTS; i++)
    {
      const TwinMachineFinding *finding = &job->faults->findings[i];

      input_alarm (self, machine, sensor, finding,
                   (believed & 1u << finding->fault) != 0);
    }

  describe (self, machine, machine->faults, job->faults, believed);
  twin_engine_place_touch (machine->place);
  g_ptr_array_add (self->out_updates,
                   twin_update_new (TWIN_UPDATE_FAULTS,
                                    make_update (job, sensor, believed)));
  self->flush = TRUE;
}
