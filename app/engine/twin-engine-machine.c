/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-machine.c - machines: their bindings, and what is said of them
 *
 * Who plays which role comes from the binding (app/model), found by semantic
 * type and unit or edited by a person; no name of a signal is known here.
 */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

#define BINDING_SETTING "binding/"

/* Where nothing says another: grease of standard bearings suffers above. */
#define BEARING_LIMIT_CEL 90.0

gboolean
twin_engine_binding_open (TwinEngine *self, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *csv = NULL;

  if (self->data_dir == NULL)
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                           "No folder was given where roles.json and "
                           "bearings.csv lie");
      return FALSE;
    }

  path = g_build_filename (self->data_dir, "roles.json", NULL);
  self->roles = twin_roles_load (path, error);
  if (self->roles == NULL)
    return FALSE;

  g_free (path);
  path = g_build_filename (self->data_dir, "bearings.csv", NULL);
  if (!g_file_get_contents (path, &csv, NULL, error))
    return FALSE;

  self->catalogue = twin_bearing_catalogue_parse (csv, path, error);
  return self->catalogue != NULL;
}

void
twin_engine_binding_close (TwinEngine *self)
{
  g_clear_pointer (&self->roles, twin_roles_unref);
  g_clear_pointer (&self->catalogue, twin_bearing_catalogue_free);
}

static void
bearing_free (void *data)
{
  TwinEngineBearing *bearing = data;

  g_free (bearing->position);
  g_free (bearing->designation);
  g_free (bearing);
}

TwinEngineMachine *
twin_engine_machine_new (void)
{
  TwinEngineMachine *machine = g_new0 (TwinEngineMachine, 1);

  machine->bearings = g_ptr_array_new_with_free_func (bearing_free);
  machine->waves = g_ptr_array_new ();
  machine->rated_rpm = machine->rated_current = NAN;
  machine->zone_c = machine->zone_d = machine->estimated_hz = NAN;
  machine->maintenance_us = machine->estimated_us = TWIN_TIME_NONE;
  return machine;
}

void
twin_engine_machine_free (void *data)
{
  TwinEngineMachine *machine = data;

  g_clear_pointer (&machine->binding, twin_binding_unref);
  g_ptr_array_unref (machine->bearings);
  twin_engine_life_free (machine);
  twin_engine_said_free (machine);
  twin_engine_thermal_free (machine);
  twin_engine_damage_free (machine);
  twin_engine_latency_free (machine);
  twin_engine_faults_free (machine);
  g_ptr_array_unref (machine->waves);
  g_free (machine->maintenance);
  g_free (machine->finding);
  g_free (machine->sureness);
  g_free (machine->advice);
  g_free (machine->reason);
  g_free (machine->reliability);
  g_free (machine);
}

const char *
twin_engine_position_text (const char *position)
{
  if (g_strcmp0 (position, "de") == 0)
    return "drive end";
  if (g_strcmp0 (position, "nde") == 0)
    return "non-drive end";
  return position != NULL && position[0] != '\0' ? position : "bearing";
}

static TwinEngineSignal *
signal_of (TwinEngine *self, const TwinBindingEntry *entry)
{
  TwinEnginePlace *place;

  if (entry == NULL)
    return NULL;

  place = twin_engine_place_find (self, entry->twin);
  if (place == NULL)
    return NULL;

  return twin_engine_place_signal (self, place, entry->path, NULL);
}

/* As declared on the twin, else by its designation in the catalogue. */
static gboolean
find_geometry (TwinEngine             *self,
               const TwinBindingEntry *entry,
               TwinBearing            *bearing)
{
  const TwinBearing *row;

  if (entry->geometry.balls > 0)
    {
      *bearing = (TwinBearing){
        .elements = entry->geometry.balls,
        .element_mm = entry->geometry.ball_mm,
        .pitch_mm = entry->geometry.pitch_mm,
        .angle_deg = entry->geometry.angle_deg,
      };
      if (entry->designation != NULL)
        g_strlcpy (bearing->designation, entry->designation,
                   sizeof bearing->designation);
      return TRUE;
    }

  row = entry->designation != NULL
            ? twin_bearing_catalogue_find (self->catalogue, entry->designation)
            : NULL;
  if (row == NULL)
    return FALSE;

  *bearing = *row;
  return TRUE;
}

static void
bind_bearing (TwinEngine             *self,
              TwinEngineMachine      *machine,
              const TwinBindingEntry *entry)
{
  TwinEnginePlace   *place = twin_engine_place_find (self, entry->twin);
  TwinEngineBearing *bearing;

  if (place == NULL)
    return;

  bearing = g_new0 (TwinEngineBearing, 1);
  bearing->place = place;
  bearing->position = g_strdup (twin_engine_position_text (entry->position));
  bearing->designation = g_strdup (entry->designation);
  bearing->known = find_geometry (self, entry, &bearing->bearing);
  bearing->temperature =
      signal_of (self,
                 twin_binding_get (machine->binding, TWIN_ROLE_TEMPERATURE,
                                   entry->position, 0));
  bearing->velocity = signal_of (self, twin_binding_get (machine->binding,
                                                         TWIN_ROLE_VELOCITY_RMS,
                                                         entry->position, 0));
  bearing->temperature_limit = BEARING_LIMIT_CEL;
  g_ptr_array_add (machine->bearings, bearing);
}

/* Boundaries of ISO 20816-3, in m/s; nothing is guessed. */
static void
bind_zone (TwinEngineMachine *machine)
{
  TwinSeverityLimits limits;

  machine->group = twin_severity_group_parse (
      twin_binding_get_text (machine->binding, TWIN_ROLE_ISO_GROUP));
  machine->support = twin_severity_support_parse (
      twin_binding_get_text (machine->binding, TWIN_ROLE_SUPPORT));
  machine->zone_c = machine->zone_d = NAN;
  if (twin_severity_limits (machine->group, machine->support, &limits))
    {
      machine->zone_c = limits.b_c / 1000;
      machine->zone_d = limits.c_d / 1000;
    }
}

static void
bind_place (TwinEngineMachine *machine)
{
  TwinPlacement placement;

  machine->place->placed =
      twin_binding_get_placement (machine->binding, &placement);
  if (!machine->place->placed)
    return;

  machine->place->x = placement.x;
  machine->place->y = placement.y;
  machine->place->rotation = placement.rotation;
}

static TwinBinding *
find_binding (TwinEngine *self, const char *machine)
{
  g_autofree char *key = g_strconcat (BINDING_SETTING, machine, NULL);
  g_autofree char *edited =
      twin_store_reader_get_setting (self->reader, key, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;
  TwinBinding *binding = NULL;

  if (edited != NULL)
    {
      root = twin_json_parse (key, edited, -1, &error);
      if (root != NULL)
        binding = twin_binding_from_json (root, &error);
      if (binding == NULL)
        g_warning ("The binding kept for %s cannot be used: %s", machine,
                   error->message);
    }

  if (binding == NULL)
    binding = twin_graph_bind (self->graph, self->roles, machine);
  return binding;
}

void
twin_engine_machine_bind (TwinEngine *self, TwinEngineMachine *machine)
{
  GPtrArray *entries;

  g_clear_pointer (&machine->binding, twin_binding_unref);
  g_ptr_array_set_size (machine->bearings, 0);
  memset (machine->roles, 0, sizeof machine->roles);
  machine->binding = find_binding (self, machine->place->id);
  g_return_if_fail (machine->binding != NULL);

  entries = twin_binding_list (machine->binding);
  for (guint i = 0; i < entries->len; i++)
    {
      const TwinBindingEntry *entry = g_ptr_array_index (entries, i);
      TwinEngineSignal       *signal;

      if (entry->role == TWIN_ROLE_BEARING)
        {
          bind_bearing (self, machine, entry);
          continue;
        }

      if (!twin_role_is_signal (entry->role) ||
          entry->role == TWIN_ROLE_ACCELERATION)
        continue;

      signal = signal_of (self, entry);
      if (signal == NULL)
        continue;

      signal->role = (int) entry->role;
      if (machine->roles[entry->role] == NULL)
        machine->roles[entry->role] = signal;
    }

  machine->rated_rpm =
      60 * twin_binding_get_number (machine->binding, TWIN_ROLE_RATED_SPEED);
  machine->rated_current =
      twin_binding_get_number (machine->binding, TWIN_ROLE_RATED_CURRENT);
  bind_place (machine);
  bind_zone (machine);
  twin_engine_thermal_bind (self, machine);
  twin_engine_faults_bind (self, machine);
}

TwinEngineBearing *
twin_engine_machine_bearing (TwinEngineMachine *machine, TwinEnginePlace *place)
{
  if (machine == NULL)
    return NULL;

  for (guint i = 0; i < machine->bearings->len; i++)
    {
      TwinEngineBearing *bearing = g_ptr_array_index (machine->bearings, i);

      if (bearing->place == place)
        return bearing;
    }

  return NULL;
}

/* --- what is said of it
 * --------------------------------------------------------- */

/* The work order as a line, "2026-12-03 Replace bearing". */
void
twin_engine_machine_order (TwinEngine *self, const TwinOrder *order)
{
  TwinEnginePlace   *place = twin_engine_place_find (self, order->twin);
  g_autofree char   *noon = g_strconcat (order->date, "T12:00:00Z", NULL);
  TwinEngineMachine *machine;

  if (place == NULL || place->machine == NULL)
    return;

  machine = place->machine;
  g_clear_pointer (&machine->maintenance, g_free);
  machine->maintenance_us = TWIN_TIME_NONE;
  if (order->state == TWIN_ORDER_PLANNED || order->state == TWIN_ORDER_REPORTED)
    {
      machine->maintenance =
          g_strdup_printf ("%s %s", order->date, order->work);
      if (!twin_clock_parse_utc (noon, &machine->maintenance_us))
        machine->maintenance_us = TWIN_TIME_NONE;
    }

  twin_engine_place_touch (place);
}

void
twin_engine_machine_reported (TwinEngine        *self,
                              TwinEngineMachine *machine,
                              JsonNode          *properties)
{
  JsonObject *object = json_node_get_object (properties);
  JsonNode   *work = json_object_get_member (object, "maintenance");

  if (machine == NULL)
    return;

  /* Also an order that another console gave. */
  if (work != NULL && JSON_NODE_HOLDS_OBJECT (work))
    {
      JsonObject     *plan = json_node_get_object (work);
      const char     *date = twin_json_get_string (plan, "date");
      const char     *what = twin_json_get_string (plan, "work");
      const TwinOrder order = { .twin = machine->place->id,
                                .date = (char *) (date != NULL ? date : ""),
                                .work = (char *) (what != NULL ? what : ""),
                                .state = TWIN_ORDER_REPORTED };

      twin_engine_machine_order (self, &order);
    }
  else if (twin_orders_find_open (self->orders, machine->place->id) == NULL)
    g_clear_pointer (&machine->maintenance, g_free);

  twin_engine_place_touch (machine->place);
}

void
twin_engine_machine_describe (TwinEngine        *self,
                              TwinEngineMachine *machine,
                              TwinStateItem     *item)
{
  const char     *source = NULL;
  double          hz = twin_engine_machine_shaft (machine, &source);
  TwinEngineNode *node;

  if (item->state != TWIN_STATE_STALE && item->state != TWIN_STATE_UNKNOWN)
    {
      item->shaft_hz = hz;
      item->speed_source = g_strdup (source);
    }

  node = machine->place->node != NULL
             ? g_hash_table_lookup (self->nodes, machine->place->node)
             : NULL;
  item->mode = g_strdup (
      node != NULL && node->tripped != NULL
          ? "tripped"
          : twin_engine_properties_text (self, machine->place, "mode"));
  if (item->mode == NULL && item->state == TWIN_STATE_STOPPED)
    item->mode = g_strdup ("stopped");
  else if (item->mode == NULL && item->state != TWIN_STATE_UNKNOWN)
    item->mode = g_strdup ("running");

  item->finding = g_strdup (machine->finding);
  item->sureness = g_strdup (machine->sureness);
  item->advice = g_strdup (machine->advice);
  item->reason = g_strdup (machine->reason);
  item->reliability = g_strdup (machine->reliability);
  item->maintenance = g_strdup (machine->maintenance);
  item->maintenance_us = machine->maintenance_us;
  twin_engine_life_describe (machine, item);
  twin_engine_baseline_describe (machine, item);
}
