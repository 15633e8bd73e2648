/* SPDX-License-Identifier: Apache-2.0 */
/* twinctl prognosis train, predict */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-ctl-fleet.h"
#include "twin-json.h"
#include "twin-json-members.h"

/* --- train -------------------------------------------------------------------
 */

static void
print_training (const TwinFleetModel *model,
                const TwinCtlFleet   *fleet,
                const char           *output)
{
  g_autoptr (GString) still = g_string_new (NULL);

  for (size_t c = 0; c < fleet->table->n_columns; c++)
    if (!twin_fleet_scale_uses (model->scale, c))
      g_string_append_printf (still, "%s%s", still->len > 0 ? ", " : "",
                              fleet->features[c]);

  printf ("%zu lives, %zu rows, %zu columns\n", fleet->table->n_units,
          fleet->table->n_rows, fleet->table->n_columns);
  if (still->len > 0)
    printf ("Not used, as they stand still: %s\n", still->str);
  if (model->scale->n_settings > 1)
    printf ("%zu operating settings, each with its own usual values\n",
            model->scale->n_settings);
  printf ("Chosen by %d folds of units: windows of %u, %u and %u rows, "
          "width %g, penalty %g\n",
          TWIN_FLEET_FOLDS, model->spec.window[0], model->spec.window[1],
          model->spec.window[2], model->kernel->gamma, model->lambda);
  printf ("Units not seen: root mean square error %.4g (lives held at %.6g), "
          "%.1f %% inside 5…95 %%\n",
          model->rmse, model->cap, 100 * model->coverage);
  printf ("Model in %s\n", output);
}

static void
print_training_json (const TwinFleetModel *model, const TwinCtlFleet *fleet)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "lives");
  json_builder_add_int_value (json, (gint64) fleet->table->n_units);
  json_builder_set_member_name (json, "rows");
  json_builder_add_int_value (json, (gint64) fleet->table->n_rows);
  json_builder_set_member_name (json, "settings");
  json_builder_add_int_value (json, (gint64) model->scale->n_settings);
  json_builder_set_member_name (json, "windows");
  json_builder_begin_array (json);
  for (int w = 0; w < TWIN_FLEET_WINDOWS; w++)
    json_builder_add_int_value (json, model->spec.window[w]);
  json_builder_end_array (json);
  json_builder_set_member_name (json, "width");
  json_builder_add_double_value (json, model->kernel->gamma);
  json_builder_set_member_name (json, "penalty");
  json_builder_add_double_value (json, model->lambda);
  json_builder_set_member_name (json, "rmse");
  json_builder_add_double_value (json, model->rmse);
  json_builder_set_member_name (json, "coverage");
  json_builder_add_double_value (json, model->coverage);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static int
write_model (const TwinFleetModel      *model,
             const TwinCtlFleetOptions *options,
             const TwinCtlFleet        *fleet,
             const char                *output)
{
  g_autoptr (JsonNode) node =
      twin_ctl_fleet_model_to_json (model, options,
                                    (const char *const *) fleet->features);
  g_autofree char *text = twin_json_print (node, FALSE);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (output, text, -1, &error))
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  return TWIN_CTL_DONE;
}

static int
train (TwinCtl *ctl, int argc, char **argv)
{
  g_auto (TwinCtlFleetOptions) options = { 0 };
  g_auto (TwinCtlFleet) fleet = { 0 };
  g_autofree char   *output = NULL;
  double             cap = 0;
  const GOptionEntry entries[] = {
    { "unit", 0, 0, G_OPTION_ARG_STRING, &options.unit, NULL, NULL },
    { "time", 0, 0, G_OPTION_ARG_STRING, &options.time, NULL, NULL },
    { "features", 0, 0, G_OPTION_ARG_STRING, &options.features, NULL, NULL },
    { "columns", 0, 0, G_OPTION_ARG_STRING, &options.columns, NULL, NULL },
    { "cap", 0, 0, G_OPTION_ARG_DOUBLE, &cap, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinFleetModel) model = NULL;
  int status;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (options.unit == NULL || options.time == NULL)
    return twin_ctl_usage ("--unit and --time must name a column each");
  if (output == NULL || argc != 2)
    return twin_ctl_usage ("prognosis train needs one FILE and -o MODEL");
  if (!isfinite (cap) || cap < 0)
    return twin_ctl_usage ("--cap must be a positive number");

  if (!twin_ctl_fleet_read (argv[1], &options, &fleet, &error))
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  model = twin_fleet_model_train (fleet.table, cap, &error);
  if (model == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  status = write_model (model, &options, &fleet, output);
  if (status != TWIN_CTL_DONE)
    return status;

  if (ctl->json)
    print_training_json (model, &fleet);
  else
    print_training (model, &fleet, output);
  return TWIN_CTL_DONE;
}

/* --- predict -----------------------------------------------------------------
 */

static void
print_answer (const char *unit, const TwinFleetAnswer *answer)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "unit");
  json_builder_add_string_value (json, unit);
  json_builder_set_member_name (json, "rul");
  if (answer->estimable)
    {
      json_builder_begin_object (json);
      twin_json_add_number (json, "p05", answer->p05);
      twin_json_add_number (json, "p50", answer->p50);
      twin_json_add_number (json, "p95", answer->p95);
      json_builder_end_object (json);
    }
  else
    {
      json_builder_add_null_value (json);
    }
  twin_json_add_number (json, "lower_bound", answer->lower_bound);
  json_builder_set_member_name (json, "why");
  json_builder_add_string_value (json, answer->why);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

/* A model's own columns, where the command line names no others. */
static TwinFleetModel *
read_model (const char *path, TwinCtlFleetOptions *options, GError **error)
{
  gsize            length;
  g_autofree char *text = twin_ctl_read (path, &length, error);
  g_autoptr (JsonNode) node = NULL;
  g_auto (TwinCtlFleetOptions) trained = { 0 };
  TwinFleetModel *model;

  if (text == NULL)
    return NULL;

  node = twin_json_parse (path, text, (gssize) length, error);
  if (node == NULL)
    return NULL;

  model = twin_ctl_fleet_model_from_json (node, &trained, error);
  if (model == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }

  if (options->unit == NULL)
    options->unit = g_steal_pointer (&trained.unit);
  if (options->time == NULL)
    options->time = g_steal_pointer (&trained.time);
  if (options->columns == NULL)
    options->columns = g_steal_pointer (&trained.columns);
  g_free (options->features);
  options->features = g_steal_pointer (&trained.features);
  return model;
}

static int
predict (TwinCtl *ctl, int argc, char **argv)
{
  g_auto (TwinCtlFleetOptions) options = { 0 };
  g_auto (TwinCtlFleet) fleet = { 0 };
  g_autofree char   *path = NULL;
  double             cap = 0;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &path, NULL, NULL },
    { "unit", 0, 0, G_OPTION_ARG_STRING, &options.unit, NULL, NULL },
    { "time", 0, 0, G_OPTION_ARG_STRING, &options.time, NULL, NULL },
    { "features", 0, 0, G_OPTION_ARG_STRING, &options.features, NULL, NULL },
    { "columns", 0, 0, G_OPTION_ARG_STRING, &options.columns, NULL, NULL },
    { "cap", 0, 0, G_OPTION_ARG_DOUBLE, &cap, NULL, NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinFleetModel) model = NULL;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (path == NULL || argc != 2)
    return twin_ctl_usage (
        "prognosis predict needs --model MODEL and one FILE");

  model = read_model (path, &options, &error);
  if (model == NULL || !twin_ctl_fleet_read (argv[1], &options, &fleet, &error))
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  for (size_t u = 0; u < fleet.table->n_units; u++)
    {
      const TwinFleetTable *table = fleet.table;
      size_t                first = table->first[u];
      TwinFleetAnswer       answer;

      twin_fleet_model_predict (model, table->time + first,
                                table->values + first * table->n_columns,
                                table->first[u + 1] - first, &answer);
      print_answer (fleet.units[u], &answer);
    }

  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_prognosis_verbs[] = {
  { "prognosis", "train", train,
    "--unit COL --time COL [--features COL,…] [--cap N] [--columns NAME,…] "
    "FILE -o MODEL",
    "Learn remaining life from run-to-failure histories" },
  { "prognosis", "predict", predict, "--model MODEL [--columns NAME,…] FILE",
    "Remaining life of units still running, one JSON line each" },
  { NULL },
};
