/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-node-item.c - a node as people see it */
#include "twin-engine-private.h"

static void
put_text (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

static void
put_serves (JsonBuilder *json, const TwinBirth *birth)
{
  json_builder_set_member_name (json, "serves");
  json_builder_begin_array (json);
  for (size_t i = 0; i < birth->n_serves; i++)
    {
      json_builder_begin_object (json);
      put_text (json, "prefix", birth->serves[i].prefix);
      put_text (json, "twin", birth->serves[i].twin);
      put_text (json, "model", birth->serves[i].model);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
put_sensors (JsonBuilder *json, const TwinBirth *birth)
{
  json_builder_set_member_name (json, "sensors");
  json_builder_begin_array (json);
  for (size_t i = 0; i < birth->n_sensors; i++)
    {
      const TwinBirthSensor *sensor = &birth->sensors[i];
      const char             axis[2] = { sensor->axis, '\0' };

      json_builder_begin_object (json);
      put_text (json, "name", sensor->name);
      put_text (json, "axis", axis);
      put_text (json, "unit", sensor->unit);
      json_builder_set_member_name (json, "rateHz");
      json_builder_add_double_value (json, sensor->rate_hz);
      json_builder_set_member_name (json, "maxSilenceS");
      json_builder_add_int_value (json, sensor->max_silence_s);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

char *
twin_engine_birth_to_json (const TwinBirth *birth)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *build = twin_hex_format (birth->build, birth->build_size);
  g_autofree char *ring = twin_hex_format (birth->ring, sizeof birth->ring);

  json_builder_begin_object (json);
  put_text (json, "serial", birth->serial);
  put_text (json, "class", birth->device_class);
  put_text (json, "firmware", birth->firmware);
  put_text (json, "build", build);
  put_text (json, "boot", birth->boot);
  put_text (json, "ring", ring);
  json_builder_set_member_name (json, "epoch");
  json_builder_add_int_value (json, birth->epoch);
  json_builder_set_member_name (json, "features");
  json_builder_begin_array (json);
  for (char **feature = birth->features; *feature != NULL; feature++)
    json_builder_add_string_value (json, *feature);
  json_builder_end_array (json);
  put_serves (json, birth);
  put_sensors (json, birth);
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

static GStrv
dup_facts (const TwinEngineNode *node)
{
  GPtrArray *facts = g_ptr_array_new ();

  if (node->machine != NULL && node->machine->machine != NULL)
    {
      twin_engine_latency_describe (node->machine->machine, facts);
      twin_engine_thermal_describe (node->machine->machine, facts);
    }
  g_ptr_array_add (facts, NULL);
  return (GStrv) g_ptr_array_free (facts, FALSE);
}

TwinNodeItem *
twin_engine_node_item (TwinEngine *self, TwinEngineNode *node)
{
  TwinNodeItem           *item = g_new0 (TwinNodeItem, 1);
  const TwinDesiredState *desired =
      twin_desired_lookup (self->desired, node->name);
  TwinCompletenessStats stats;
  const TwinBirth      *birth = node->birth;

  item->name = g_strdup (node->name);
  if (birth != NULL)
    {
      item->serial = g_strdup (birth->serial);
      item->class_name = g_strdup (birth->device_class);
      item->firmware = g_strdup (birth->firmware);
      item->boot = g_strdup (birth->boot);
    }
  item->twin = node->machine != NULL ? g_strdup (node->machine->id) : NULL;
  item->online = node->online;
  item->leaving = g_strdup (node->leaving);
  item->gone = node->left;
  item->trusted = node->has_key;
  item->enrolled = node->enrolled;
  item->last_us = node->last_arrival_us;
  item->signals = twin_engine_node_signal_names (node);
  item->held_records = node->held;
  item->reported = g_strdup (node->reported_json);
  item->reported_version = node->reported_version;
  item->birth = g_strdup (node->birth_json);
  item->desired_version = desired->version;
  if (desired->properties != NULL)
    item->desired = json_to_string (desired->properties, FALSE);

  item->facts = dup_facts (node);
  if (twin_completeness_get_stats (self->completeness, node->name, &stats))
    {
      item->open_gaps = stats.open;
      item->known_losses = stats.lost[TWIN_LOSS_OVERWRITTEN] +
                           stats.lost[TWIN_LOSS_ERASED] +
                           stats.lost[TWIN_LOSS_CORRUPT];
    }

  return item;
}
