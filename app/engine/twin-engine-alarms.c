/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-alarms.c - which conditions are watched, and what came of them
 *
 * Limits come from bindings, nameplates and zones, never from a signal's name.
 */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

/* IEC 62682 leaves delays and deadbands to the site; these are ours. */
#define ON_DELAY_US (5 * TWIN_US_PER_S)
#define OFF_DELAY_US (10 * TWIN_US_PER_S)

/* A finding is gone when three windows in a row no longer carry it. */
#define FINDING_OFF_US (60 * TWIN_US_PER_S)

static char *
alarm_id (const char *source, const char *condition)
{
  return g_strconcat (source, "/", condition, NULL);
}

static TwinEnginePlace *
machine_of (TwinEngine *self, const TwinAlarmRow *row)
{
  TwinEnginePlace *place =
      twin_engine_place_find (self, row->machine != NULL ? row->machine
                                                         : row->source);

  if (place != NULL && place->machine != NULL)
    return place->machine->place;
  return place;
}

static TwinAlarmItem *
item_of (TwinEngine *self, const TwinAlarmRow *row)
{
  TwinAlarmItem   *item = g_new0 (TwinAlarmItem, 1);
  TwinEnginePlace *machine = machine_of (self, row);

  item->id = alarm_id (row->source, row->condition);
  item->twin = g_strdup (row->source);
  item->machine = g_strdup (machine != NULL ? machine->id : row->machine);
  item->source = g_strdup (machine != NULL ? machine->name : row->source);
  item->name = g_strdup (row->name);
  item->priority = row->priority;
  item->state = g_strdup (twin_alarm_state_name (row->state));
  item->active = row->active;
  item->stale_kind = strcmp (row->condition, TWIN_ENGINE_CONDITION_STALE) == 0;
  item->value = row->value;
  item->value_text = twin_alarm_format_value (row);
  item->limit_text = twin_alarm_format_limit (row);
  item->since_us = row->since_us;
  item->changed_us = row->changed_us;
  item->why = g_strdup (row->why);
  item->advice = g_strdup (row->advice);
  item->note = g_strdup (row->note);
  item->note_by = g_strdup (row->note_by);
  return item;
}

static void
publish_row (const TwinAlarmRow *row, void *data)
{
  TwinEngine *self = data;

  if (row->state != TWIN_ALARM_NORMAL)
    g_ptr_array_add (self->out_alarms, item_of (self, row));
}

void
twin_engine_alarms_publish_all (TwinEngine *self)
{
  twin_alarm_table_foreach (self->alarms, publish_row, self);
}

static void
log_transition (TwinEngine *self, const TwinAlarmTransition *change)
{
  const TwinAlarmRow *row = &change->after;
  TwinEnginePlace    *machine = machine_of (self, row);
  TwinLogItem        *item;

  /* The journal of alarms is the table of transitions itself. */
  item = g_new0 (TwinLogItem, 1);
  item->time_us = change->time_us;
  item->kind = g_strdup ("alarm");
  item->machine = g_strdup (machine != NULL ? machine->id : row->machine);
  item->who = g_strdup (change->who);
  item->text = g_strdup_printf ("%s: %s%s%s", row->name,
                                twin_alarm_event_name (change->event),
                                change->note != NULL ? ", " : "",
                                change->note != NULL ? change->note : "");
  g_ptr_array_add (self->out_log, item);
}

void
twin_engine_alarms_take (TwinEngine *self)
{
  g_autoptr (GPtrArray) changes =
      twin_alarm_table_take_transitions (self->alarms);

  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      TwinAlarmTransition *change = g_ptr_array_index (changes, i);
      TwinEnginePlace     *place =
          twin_engine_place_find (self, change->after.source);

      g_ptr_array_add (self->transitions, twin_alarm_transition_ref (change));
      g_ptr_array_add (self->out_alarms, item_of (self, &change->after));
      log_transition (self, change);
      if (place != NULL)
        twin_engine_place_touch (place);
    }
}

/* --- what is watched
 * ---------------------------------------------------------------- */

void
twin_engine_alarms_watch (TwinEngine                *self,
                          const TwinAlarmDefinition *definition)
{
  twin_alarm_table_define (self->alarms, definition, twin_clock_utc_us ());
  g_hash_table_add (self->watched,
                    alarm_id (definition->source, definition->condition));
}

static void
watch (TwinEngine                *self,
       TwinEngineSignal          *signal,
       const TwinAlarmDefinition *definition)
{
  twin_engine_alarms_watch (self, definition);
  if (signal->alarms == NULL)
    signal->alarms = g_ptr_array_new_with_free_func (g_free);
  if (!g_ptr_array_find_with_equal_func (signal->alarms, definition->condition,
                                         g_str_equal, NULL))
    g_ptr_array_add (signal->alarms, g_strdup (definition->condition));

  if (definition->kind == TWIN_ALARM_HIGH &&
      !(signal->limit_high <= definition->limit))
    signal->limit_high = definition->limit;
}

static void
define_overload (TwinEngine *self, TwinEngineMachine *machine)
{
  TwinEngineSignal *current = machine->roles[TWIN_ROLE_CURRENT];

  if (current == NULL || !(machine->rated_current > 0))
    return;

  watch (self, current,
         &(TwinAlarmDefinition){
             .source = current->place->id,
             .condition = "current.high",
             .machine = machine->place->id,
             .name = "Motor overloaded",
             .advice = "Reduce the load; look for a blocked or rubbing rotor.",
             .unit = "A",
             .kind = TWIN_ALARM_HIGH,
             .priority = 2,
             .limit = machine->rated_current * 1.1,
             .deadband = machine->rated_current * 0.03,
             .on_delay_us = ON_DELAY_US,
             .off_delay_us = OFF_DELAY_US,
         });
}

static void
define_temperature (TwinEngine              *self,
                    TwinEngineMachine       *machine,
                    const TwinEngineBearing *bearing)
{
  g_autofree char *name =
      g_strdup_printf ("Bearing temperature, %s", bearing->position);

  if (bearing->temperature == NULL)
    return;

  watch (self, bearing->temperature,
         &(TwinAlarmDefinition){
             .source = bearing->temperature->place->id,
             .condition = "temperature.high",
             .machine = machine->place->id,
             .name = name,
             .advice = "Check lubrication and cooling of the bearing.",
             .unit = "Cel",
             .kind = TWIN_ALARM_HIGH,
             .priority = 2,
             .limit = bearing->temperature_limit,
             .deadband = 2,
             .on_delay_us = ON_DELAY_US,
             .off_delay_us = OFF_DELAY_US,
         });
}

/* Zone boundaries of ISO 20816-3 in m/s; nothing while group or support of
 * the machine are not declared: they are never guessed. */
static void
define_zones (TwinEngine              *self,
              TwinEngineMachine       *machine,
              const TwinEngineBearing *bearing)
{
  g_autofree char *zone_c =
      g_strdup_printf ("Vibration in zone C, %s", bearing->position);
  g_autofree char *zone_d =
      g_strdup_printf ("Vibration in zone D, %s", bearing->position);

  if (bearing->velocity == NULL || !(machine->zone_c > 0))
    return;

  watch (self, bearing->velocity,
         &(TwinAlarmDefinition){
             .source = bearing->velocity->place->id,
             .condition = "velocity.zone-c",
             .machine = machine->place->id,
             .name = zone_c,
             .advice = "Plan to look for the cause; not for long operation.",
             .unit = "m/s",
             .kind = TWIN_ALARM_HIGH,
             .priority = 3,
             .limit = machine->zone_c,
             .deadband = machine->zone_c * 0.1,
             .on_delay_us = ON_DELAY_US,
             .off_delay_us = OFF_DELAY_US,
         });
  watch (self, bearing->velocity,
         &(TwinAlarmDefinition){
             .source = bearing->velocity->place->id,
             .condition = "velocity.zone-d",
             .machine = machine->place->id,
             .name = zone_d,
             .advice = "Stop the machine soon: damage is likely.",
             .unit = "m/s",
             .kind = TWIN_ALARM_HIGH,
             .priority = 1,
             .limit = machine->zone_d,
             .deadband = machine->zone_d * 0.1,
             .on_delay_us = ON_DELAY_US,
             .off_delay_us = OFF_DELAY_US,
         });
}

static void
define_boolean (TwinEngine        *self,
                TwinEngineMachine *machine,
                const char        *source,
                const char        *condition,
                const char        *name,
                int                priority,
                int64_t            off_delay_us)
{
  const TwinAlarmDefinition definition = {
    .source = source,
    .condition = condition,
    .machine = machine->place->id,
    .name = name,
    .kind = TWIN_ALARM_BOOLEAN,
    .priority = priority,
    .limit = NAN, /* true or false: nothing to compare with */
    .off_delay_us = off_delay_us,
  };

  twin_engine_alarms_watch (self, &definition);
}

static void
define_findings (TwinEngine              *self,
                 TwinEngineMachine       *machine,
                 const TwinEngineBearing *bearing)
{
  static const struct
  {
    const char *condition, *what;
    int         priority;
  } elements[] = {
    { "bearing.outer", "Outer-race wear", 2 },
    { "bearing.inner", "Inner-race wear", 2 },
    { "bearing.ball", "Rolling-element wear", 2 },
    { "bearing.cage", "Cage damage", 2 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      g_autofree char *name =
          g_strdup_printf ("%s, %s", elements[i].what, bearing->position);

      define_boolean (self, machine, bearing->place->id, elements[i].condition,
                      name, elements[i].priority, FINDING_OFF_US);
    }
}

static void
define_machine (TwinEngine *self, TwinEngineMachine *machine)
{
  const char *id = machine->place->id;

  if (!twin_engine_place_counts (machine->place))
    return;

  define_boolean (self, machine, id, TWIN_ENGINE_CONDITION_STALE,
                  "No fresh data", 3, 0);
  define_boolean (self, machine, id, TWIN_ENGINE_CONDITION_UNUSUAL,
                  "Unusual, by its own node", 3, 0);
  define_boolean (self, machine, id, TWIN_ENGINE_CONDITION_TRIP,
                  "Tripped, switched off by its node", 1, 0);
  define_boolean (self, machine, id, TWIN_ENGINE_CONDITION_BASELINE,
                  "Unlike what is usual", 3, FINDING_OFF_US);
  define_boolean (self, machine, id, "identity.conflict",
                  "One record, two contents", 2, 0);
  define_boolean (self, machine, id, "identity.claim",
                  "Two nodes claim this machine", 2, 0);
  define_overload (self, machine);
  twin_engine_thermal_define (self, machine);
  if (machine->tier == TWIN_TIER_FULL)
    twin_engine_faults_define (self, machine);

  for (guint i = 0; i < machine->bearings->len; i++)
    {
      const TwinEngineBearing *bearing =
          g_ptr_array_index (machine->bearings, i);

      if (!twin_engine_place_counts (bearing->place))
        continue;

      define_temperature (self, machine, bearing);
      define_zones (self, machine, bearing);
      if (machine->tier == TWIN_TIER_FULL)
        define_findings (self, machine, bearing);
    }
}

static gboolean
is_watched (const TwinAlarmRow *row, void *data)
{
  TwinEngine      *self = data;
  g_autofree char *id = alarm_id (row->source, row->condition);

  return g_hash_table_contains (self->watched, id);
}

static void
clear_signals (TwinEnginePlace *place)
{
  GHashTableIter    iter;
  TwinEngineSignal *signal;

  g_hash_table_iter_init (&iter, place->signals);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &signal))
    {
      g_clear_pointer (&signal->alarms, g_ptr_array_unref);
      signal->limit_high = signal->limit_low = NAN;
    }
}

/* @place and the parts of the same machine below it. */
static void
for_train (TwinEngine      *self,
           TwinEnginePlace *place,
           void (*func) (TwinEngine *self, TwinEnginePlace *place))
{
  func (self, place);
  for (guint i = 0; i < place->children->len; i++)
    {
      TwinEnginePlace *child = g_ptr_array_index (place->children, i);

      if (child->machine == place->machine)
        for_train (self, child, func);
    }
}

static void
clear_place (TwinEngine *self, TwinEnginePlace *place)
{
  clear_signals (place);
}

const char *
twin_engine_alarms_why_closed (const TwinEnginePlace *place)
{
  switch (twin_engine_place_lifecycle (place))
    {
    case TWIN_LIFECYCLE_PLANNED:
      return "The machine is only planned.";
    case TWIN_LIFECYCLE_RETIRED:
    case TWIN_LIFECYCLE_ARCHIVED:
      return "The machine was retired.";
    case TWIN_LIFECYCLE_COMMISSIONED:
    case TWIN_LIFECYCLE_IN_SERVICE:
      break;
    }

  if (place->machine != NULL && place->machine->tier == TWIN_TIER_THRESHOLDS)
    return "Its group asks for thresholds only.";
  return "It is no longer watched since the machine was edited.";
}

static void
retain_place (TwinEngine *self, TwinEnginePlace *place)
{
  twin_alarm_table_retain (self->alarms, place->id, is_watched, self,
                           twin_engine_alarms_why_closed (place),
                           twin_clock_utc_us ());
}

void
twin_engine_alarms_define_machine (TwinEngine *self, TwinEngineMachine *machine)
{
  g_hash_table_remove_all (self->watched);
  for_train (self, machine->place, clear_place);
  define_machine (self, machine);
  for_train (self, machine->place, retain_place);
}

void
twin_engine_alarms_define (TwinEngine *self)
{
  g_hash_table_remove_all (self->watched);
  for (guint i = 0; i < self->machines->len; i++)
    define_machine (self, g_ptr_array_index (self->machines, i));
}

void
twin_engine_alarms_forget (TwinEngine *self,
                           const char *source,
                           const char *why)
{
  TwinEnginePlace *place = twin_engine_place_find (self, source);

  if (place != NULL)
    clear_signals (place);
  twin_alarm_table_retain (self->alarms, source, NULL, NULL, why,
                           twin_clock_utc_us ());
}

/* --- inputs
 * ----------------------------------------------------------------------------
 */

void
twin_engine_alarms_value (TwinEngine *self, TwinEngineSignal *signal)
{
  for (guint i = 0; signal->alarms != NULL && i < signal->alarms->len; i++)
    twin_alarm_table_input_value (self->alarms, signal->place->id,
                                  g_ptr_array_index (signal->alarms, i),
                                  signal->v.quality == TWIN_QUALITY_BAD
                                      ? NAN
                                      : signal->v.value,
                                  signal->v.source_us);
}

void
twin_engine_alarms_stale (TwinEngine       *self,
                          TwinEngineSignal *signal,
                          int64_t           now_us)
{
  for (guint i = 0; signal->alarms != NULL && i < signal->alarms->len; i++)
    twin_alarm_table_set_stale (self->alarms, signal->place->id,
                                g_ptr_array_index (signal->alarms, i),
                                signal->stale, now_us);
}

void
twin_engine_alarms_finding (TwinEngine *self,
                            const char *source,
                            const char *condition,
                            gboolean    active,
                            double      value,
                            const char *why,
                            const char *advice)
{
  const TwinAlarmFinding finding = {
    .active = active,
    .value = value,
    .why = why,
    .advice = advice,
  };

  twin_alarm_table_input_finding (self->alarms, source, condition, &finding,
                                  twin_clock_utc_us ());
}

void
twin_engine_alarms_conflict (TwinEngine         *self,
                             TwinEngineNode     *node,
                             const TwinIdentity *identity)
{
  g_autofree char *why =
      g_strdup_printf ("Record %" G_GUINT64_FORMAT
                       " of epoch %u came from node %s with two "
                       "contents; both are kept.",
                       identity->seq, identity->epoch, node->name);

  twin_engine_log (self, "event",
                   node->machine != NULL ? node->machine->id : NULL, NULL, "%s",
                   why);
  if (node->machine != NULL)
    twin_engine_alarms_finding (self, node->machine->id, "identity.conflict",
                                TRUE, NAN, why,
                                "See whether two devices use one identity, and "
                                "enrol one anew.");
}

/* A machine whose node fell silent. When our own link is down it is that which
 * is said, not this for every machine. */
static void
check_silence (TwinEngine *self, TwinEngineMachine *machine)
{
  TwinEngineNode *node =
      machine->place->node != NULL
          ? g_hash_table_lookup (self->nodes, machine->place->node)
          : NULL;
  g_autofree char *why = NULL;

  if (node == NULL || !self->link_up || node->last_arrival_us == TWIN_TIME_NONE)
    return;

  if (!node->online)
    why = g_strdup_printf ("Node %s %s.", node->name,
                           node->said_online ? "has sent nothing for too long"
                                             : "went offline");
  twin_engine_alarms_finding (
      self, machine->place->id, TWIN_ENGINE_CONDITION_STALE, !node->online, NAN,
      why, "Check power and network of the node; nothing shown here is live.");
}

static void
check_claim (TwinEngine *self, TwinEngineNode *node)
{
  TwinEnginePlace *machine =
      node->claimed != NULL ? node->claimed : node->machine;

  if (node->claim_text != NULL && machine != NULL)
    {
      twin_engine_alarms_finding (self, machine->id, "identity.claim", TRUE,
                                  NAN, node->claim_text,
                                  "Find out which device stands at the "
                                  "machine; decommission the "
                                  "other.");
      g_free (node->claim_told);
      node->claim_told = g_strdup (machine->id);
    }
  else if (node->claim_told != NULL)
    {
      twin_engine_alarms_finding (self, node->claim_told, "identity.claim",
                                  FALSE, NAN, NULL, NULL);
      g_clear_pointer (&node->claim_told, g_free);
    }
}

static void
check_claims (TwinEngine *self)
{
  GHashTableIter  iter;
  TwinEngineNode *node;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    check_claim (self, node);
}

void
twin_engine_alarms_tick (TwinEngine *self, int64_t now_us)
{
  /* Just started or connected, nothing has had the time to arrive. */
  if (self->link_up && now_us - self->line_up_us > 15 * TWIN_US_PER_S)
    {
      for (guint i = 0; i < self->machines->len; i++)
        check_silence (self, g_ptr_array_index (self->machines, i));
    }

  check_claims (self);
  twin_alarm_table_advance (self->alarms, now_us);
}
