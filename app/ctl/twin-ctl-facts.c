/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-facts.h"

#include <math.h>
#include <string.h>

#include "twin-ctl-verdict.h"

/* Where each list of levels lies, by its name in JSON; one number an axis. */
static const struct
{
  const char *name;
  size_t      offset;
  size_t      stride; /* in doubles, from axis to axis */
} lists[] = {
  { "velocity_mm_s", G_STRUCT_OFFSET (TwinMachineLevels, velocity_mm_s), 1 },
  { "order1_mm_s", G_STRUCT_OFFSET (TwinMachineLevels, order_mm_s), 3 },
  { "order2_mm_s",
    G_STRUCT_OFFSET (TwinMachineLevels, order_mm_s) + sizeof (double), 3 },
  { "order3_mm_s",
    G_STRUCT_OFFSET (TwinMachineLevels, order_mm_s) + 2 * sizeof (double), 3 },
  { "halves_mm_s", G_STRUCT_OFFSET (TwinMachineLevels, halves_mm_s), 1 },
  { "belt_mm_s", G_STRUCT_OFFSET (TwinMachineLevels, belt_mm_s), 1 },
  { "blade_mm_s", G_STRUCT_OFFSET (TwinMachineLevels, blade_mm_s), 1 },
  { "twice_line_mm_s", G_STRUCT_OFFSET (TwinMachineLevels, twice_line_mm_s),
    1 },
  { "noise_g", G_STRUCT_OFFSET (TwinMachineLevels, noise_g), 1 },
};

static double *
level_at (TwinMachineLevels *levels, size_t list, int axis)
{
  return (double *) (void *) ((char *) levels + lists[list].offset) +
         (size_t) axis * lists[list].stride;
}

void
twin_ctl_levels_build (JsonBuilder *builder, const TwinMachineLevels *levels)
{
  TwinMachineLevels copy = *levels;

  json_builder_begin_object (builder);
  twin_ctl_add_number (builder, "shaft_hz", levels->shaft_hz);
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      json_builder_set_member_name (builder, lists[i].name);
      json_builder_begin_object (builder);
      for (int axis = 0; axis < TWIN_MACHINE_AXES; axis++)
        {
          const char name[2] = { (char) ('x' + axis), '\0' };

          twin_ctl_add_number (builder, name, *level_at (&copy, i, axis));
        }
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static double
number_in (JsonObject *object, const char *name)
{
  JsonNode *node =
      object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) != G_TYPE_STRING
             ? json_node_get_double (node)
             : NAN;
}

static JsonObject *
object_in (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? json_node_get_object (node)
             : NULL;
}

/* What analyze machine --json wrote. */
static gboolean
read_levels (const char *path, TwinMachineLevels *levels)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonNode   *root;
  JsonObject *object;

  if (!json_parser_load_from_file (parser, path, &error))
    {
      g_printerr ("twinctl: Could not read levels of %s: %s\n", path,
                  error->message);
      return FALSE;
    }

  root = json_parser_get_root (parser);
  object = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
               ? object_in (json_node_get_object (root), "levels")
               : NULL;
  if (object == NULL)
    {
      g_printerr ("twinctl: %s has no object “levels”; it must be what "
                  "twinctl analyze machine --json wrote\n",
                  path);
      return FALSE;
    }

  levels->shaft_hz = number_in (object, "shaft_hz");
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      JsonObject *list = object_in (object, lists[i].name);

      for (int axis = 0; axis < TWIN_MACHINE_AXES; axis++)
        {
          const char name[2] = { (char) ('x' + axis), '\0' };

          *level_at (levels, i, axis) = number_in (list, name);
        }
    }
  return TRUE;
}

static int
resolve_bearings (TwinCtlFacts *self, const TwinCtl *ctl)
{
  g_autoptr (TwinBearingCatalogue) catalogue = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *path = NULL;

  if (self->bearing == NULL)
    return TWIN_CTL_DONE;
  if (g_strv_length (self->bearing) > TWIN_CTL_FACTS_BEARINGS)
    return twin_ctl_usage ("At most eight bearings can be given");

  path = g_build_filename (ctl->data_dir, "bearings.csv", NULL);
  if (!g_file_get_contents (path, &text, NULL, &error))
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
  catalogue = twin_bearing_catalogue_parse (text, path, &error);
  if (catalogue == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  for (size_t i = 0; self->bearing[i] != NULL; i++)
    {
      if (!twin_bearing_resolve (catalogue, self->bearing[i],
                                 &self->bearings[i], &error))
        return twin_ctl_fail_error (TWIN_CTL_INPUT, error);
      self->facts.n_bearings++;
    }
  self->facts.bearings = self->bearings;
  return TWIN_CTL_DONE;
}

static gboolean
is_amount (double value)
{
  return isfinite (value) && value >= 0 && value < 1e9;
}

int
twin_ctl_facts_resolve (TwinCtlFacts *self, const TwinCtl *ctl)
{
  TwinMachineFacts *facts = &self->facts;

  *facts = (TwinMachineFacts){
    .group = twin_severity_group_parse (self->group),
    .support = twin_severity_support_parse (self->support),
    .line_hz = self->mains_hz,
    .pole_pairs = self->pole_pairs,
    .blades = self->blades,
    .teeth = self->teeth,
    .other_teeth = self->other_teeth,
    .pulley_mm = self->pulley_mm,
    .belt_mm = self->belt_mm,
    .belt_ratio = self->belt_ratio,
    .npsh_margin = self->npsh_margin,
  };
  if (self->kind != NULL && !twin_machine_kind_parse (self->kind, &facts->kind))
    return twin_ctl_usage (
        "--kind must be motor, pump, fan, compressor or gearbox");
  if (self->group != NULL && facts->group == TWIN_SEVERITY_GROUP_UNDECLARED)
    return twin_ctl_usage ("--group must be 1 or 2");
  if (self->support != NULL &&
      facts->support == TWIN_SEVERITY_SUPPORT_UNDECLARED)
    return twin_ctl_usage ("--support must be rigid or flexible");
  if (!is_amount (self->rpm) || !is_amount (self->mains_hz) ||
      !is_amount (self->pulley_mm) || !is_amount (self->belt_mm) ||
      !is_amount (self->belt_ratio) || !is_amount (self->npsh_margin) ||
      !is_amount (self->pole_pairs) || !is_amount (self->blades) ||
      !is_amount (self->teeth) || !is_amount (self->other_teeth))
    return twin_ctl_usage ("Facts of the machine must not be negative");

  self->shaft =
      (TwinShaftSpeed){ self->rpm / 60,
                        self->tacho ? TWIN_SPEED_TACHO : TWIN_SPEED_NAMEPLATE };
  if (self->usual != NULL)
    {
      if (!read_levels (self->usual, &self->usual_levels))
        return TWIN_CTL_INPUT;
      facts->usual = &self->usual_levels;
    }
  if (self->other_speed != NULL)
    {
      if (!read_levels (self->other_speed, &self->other_levels))
        return TWIN_CTL_INPUT;
      facts->other_speed = &self->other_levels;
    }

  return resolve_bearings (self, ctl);
}

void
twin_ctl_facts_clear (TwinCtlFacts *self)
{
  g_free (self->kind);
  g_free (self->group);
  g_free (self->support);
  g_free (self->usual);
  g_free (self->other_speed);
  g_strfreev (self->bearing);
}
