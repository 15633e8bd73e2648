/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-fleet-model.c - a trained model as JSON, and back */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "twin-ctl-fleet.h"
#include "twin-json-members.h"

#define FORMAT "twin-fleet-model"
#define VERSION 1
#define COLUMNS_MAX 4096
#define WINDOW_MAX 2000000

/* Every number of a model, in and out by one walk: so what is written is what
 * is read. */
typedef struct
{
  JsonBuilder *out;
  JsonObject  *in;    /* or NULL: writing */
  GError     **error; /* set: the rest is passed over */
  gboolean     failed;
} Walk;

G_GNUC_PRINTF (2, 3)
static void
fail (Walk *walk, const char *format, ...)
{
  va_list arguments;

  if (walk->failed)
    return;

  walk->failed = TRUE;
  va_start (arguments, format);
  if (walk->error != NULL)
    *walk->error = g_error_new_valist (G_FILE_ERROR, G_FILE_ERROR_INVAL, format,
                                       arguments);
  va_end (arguments);
}

static gboolean
take_number (Walk       *walk,
             JsonNode   *node,
             const char *name,
             double      lo,
             double      hi,
             double     *value)
{
  double read = node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                        (json_node_get_value_type (node) == G_TYPE_INT64 ||
                         json_node_get_value_type (node) == G_TYPE_DOUBLE)
                    ? json_node_get_double (node)
                    : NAN;

  if (!(read >= lo && read <= hi))
    {
      fail (walk, "/%s: no number from %g to %g", name, lo, hi);
      return FALSE;
    }

  *value = read;
  return TRUE;
}

static void
number (Walk *walk, const char *name, double lo, double hi, double *value)
{
  if (walk->in == NULL)
    {
      json_builder_set_member_name (walk->out, name);
      json_builder_add_double_value (walk->out, *value);
    }
  else if (!walk->failed)
    {
      take_number (walk, json_object_get_member (walk->in, name), name, lo, hi,
                   value);
    }
}

static void
numbers (Walk       *walk,
         const char *name,
         double      lo,
         double      hi,
         size_t      n,
         double     *values)
{
  JsonNode  *node;
  JsonArray *array;

  if (walk->in == NULL)
    {
      json_builder_set_member_name (walk->out, name);
      json_builder_begin_array (walk->out);
      for (size_t i = 0; i < n; i++)
        json_builder_add_double_value (walk->out, values[i]);
      json_builder_end_array (walk->out);
      return;
    }
  if (walk->failed)
    return;

  node = json_object_get_member (walk->in, name);
  array = node != NULL && JSON_NODE_HOLDS_ARRAY (node)
              ? json_node_get_array (node)
              : NULL;
  if (array == NULL || json_array_get_length (array) != n)
    {
      fail (walk, "/%s: no array of %zu numbers", name, n);
      return;
    }

  for (size_t i = 0; i < n; i++)
    if (!take_number (walk, json_array_get_element (array, (guint) i), name, lo,
                      hi, &values[i]))
      return;
}

static void
ascending (Walk *walk, const char *name, const double *values, size_t n)
{
  for (size_t i = 1; i < n && walk->in != NULL && !walk->failed; i++)
    if (values[i] < values[i - 1])
      fail (walk, "/%s: not ascending", name);
}

#define ANY -1e300, 1e300
#define POSITIVE 1e-300, 1e300
#define NOT_NEGATIVE 0, 1e300

static void
walk_scale (Walk *walk, TwinFleetScale *scale)
{
  size_t n = scale->n_columns, all = n * scale->n_settings;

  numbers (walk, "column_mean", ANY, n, scale->column_mean);
  numbers (walk, "column_sd", POSITIVE, n, scale->column_sd);
  numbers (walk, "centres", ANY, all, scale->centres);
  numbers (walk, "mean", ANY, all, scale->mean);
  numbers (walk, "sd", NOT_NEGATIVE, all, scale->sd);
}

static void
walk_spec (Walk *walk, TwinFleetSpec *spec)
{
  double window[TWIN_FLEET_WINDOWS];

  for (int w = 0; w < TWIN_FLEET_WINDOWS; w++)
    window[w] = spec->window[w];
  number (walk, "step", POSITIVE, &spec->step);
  number (walk, "life", POSITIVE, &spec->life);
  numbers (walk, "windows", 2, WINDOW_MAX, TWIN_FLEET_WINDOWS, window);
  ascending (walk, "windows", window, TWIN_FLEET_WINDOWS);
  for (int w = 0; w < TWIN_FLEET_WINDOWS && !walk->failed; w++)
    spec->window[w] = (unsigned) window[w];
}

static void
walk_model (Walk *walk, TwinFleetModel *model)
{
  TwinFleetKernel   *kernel = model->kernel;
  size_t             d = kernel->d;
  g_autofree double *unit = g_new0 (double, model->n_errors);
  double             near = (double) model->n_near;

  for (size_t i = 0; i < model->n_errors; i++)
    unit[i] = (double) model->unit[i];
  walk_spec (walk, &model->spec);
  number (walk, "cap", POSITIVE, &model->cap);
  number (walk, "lambda", NOT_NEGATIVE, &model->lambda);
  number (walk, "rmse", NOT_NEGATIVE, &model->rmse);
  number (walk, "coverage", 0, 1, &model->coverage);
  number (walk, "n_near", 1, TWIN_FLEET_ERRORS, &near);
  model->n_near = (size_t) near;
  number (walk, "gamma", POSITIVE, &kernel->gamma);
  number (walk, "offset", ANY, &kernel->offset);
  number (walk, "distance_most", NOT_NEGATIVE, &model->distance_most);
  numbers (walk, "lo", ANY, model->scale->n_columns, model->lo);
  numbers (walk, "hi", ANY, model->scale->n_columns, model->hi);
  numbers (walk, "feature_mean", ANY, d, model->feature_mean);
  numbers (walk, "feature_weight", NOT_NEGATIVE, d, model->feature_weight);
  numbers (walk, "landmarks", ANY, d * kernel->n_landmarks, kernel->landmarks);
  numbers (walk, "weights", ANY, kernel->n_landmarks, kernel->weights);
  numbers (walk, "lives", NOT_NEGATIVE, model->n_lives, model->lives);
  ascending (walk, "lives", model->lives, model->n_lives);
  numbers (walk, "given", NOT_NEGATIVE, model->n_errors, model->given);
  numbers (walk, "length", 0, 50, model->n_errors, model->length);
  numbers (walk, "came", NOT_NEGATIVE, model->n_errors, model->came);
  numbers (walk, "of_unit", 0, 1e9, model->n_errors, unit);
  for (size_t i = 0; i < model->n_errors; i++)
    model->unit[i] = (size_t) unit[i];
}

/* --- out --------------------------------------------------------------------
 */

static void
add_count (JsonBuilder *json, const char *name, size_t count)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, (gint64) count);
}

JsonNode *
twin_ctl_fleet_model_to_json (const TwinFleetModel      *model,
                              const TwinCtlFleetOptions *options,
                              const char *const         *features)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  Walk walk = { .out = json };

  json_builder_begin_object (json);
  twin_json_add_text (json, "format", FORMAT);
  add_count (json, "version", VERSION);
  twin_json_add_text (json, "unit", options->unit);
  twin_json_add_text (json, "time", options->time);
  if (options->columns != NULL)
    twin_json_add_text (json, "columns", options->columns);
  json_builder_set_member_name (json, "features");
  json_builder_begin_array (json);
  for (size_t i = 0; features[i] != NULL; i++)
    json_builder_add_string_value (json, features[i]);
  json_builder_end_array (json);
  add_count (json, "n_settings", model->scale->n_settings);
  add_count (json, "n_landmarks", model->kernel->n_landmarks);
  add_count (json, "n_lives", model->n_lives);
  add_count (json, "n_errors", model->n_errors);
  walk_scale (&walk, model->scale);
  /* Writing, the walk only reads. */
  walk_model (&walk, (TwinFleetModel *) model);
  json_builder_end_object (json);
  return json_builder_get_root (json);
}

/* --- in ---------------------------------------------------------------------
 */

static const char *
take_text (Walk *walk, const char *name)
{
  JsonNode *node = json_object_get_member (walk->in, name);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);

  fail (walk, "/%s: no text", name);
  return NULL;
}

static size_t
take_count (Walk *walk, const char *name, double lo, double hi)
{
  double value = lo;

  number (walk, name, lo, hi, &value);
  return (size_t) value;
}

static size_t
take_features (Walk *walk, TwinCtlFleetOptions *options)
{
  JsonNode  *node = json_object_get_member (walk->in, "features");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node)
                         ? json_node_get_array (node)
                         : NULL;
  guint      n = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr (GString) joined = g_string_new (NULL);

  if (n == 0 || n > COLUMNS_MAX)
    {
      fail (walk, "/features: no array of 1 to %d names", COLUMNS_MAX);
      return 0;
    }

  for (guint i = 0; i < n; i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (item) ||
          json_node_get_value_type (item) != G_TYPE_STRING)
        {
          fail (walk, "/features/%u: no text", i);
          return 0;
        }
      g_string_append_printf (joined, "%s%s", i > 0 ? "," : "",
                              json_node_get_string (item));
    }

  options->features = g_string_free (g_steal_pointer (&joined), FALSE);
  return n;
}

static void
take_options (Walk *walk, TwinCtlFleetOptions *options)
{
  const char *format = take_text (walk, "format");

  if (!walk->failed && strcmp (format, FORMAT) != 0)
    fail (walk, "/format: this is no model of twinctl prognosis train");
  take_count (walk, "version", VERSION, VERSION);
  options->unit = g_strdup (take_text (walk, "unit"));
  options->time = g_strdup (take_text (walk, "time"));
  if (json_object_has_member (walk->in, "columns"))
    options->columns = g_strdup (take_text (walk, "columns"));
}

TwinFleetModel *
twin_ctl_fleet_model_from_json (JsonNode            *node,
                                TwinCtlFleetOptions *options,
                                GError             **error)
{
  Walk   walk = { .error = error };
  size_t columns, settings, landmarks, lives, errors;
  g_autoptr (TwinFleetModel) model = NULL;
  g_autoptr (TwinFleetScale) scale = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      fail (&walk, "this is no model of twinctl prognosis train");
      return NULL;
    }

  walk.in = json_node_get_object (node);
  take_options (&walk, options);
  columns = walk.failed ? 0 : take_features (&walk, options);
  settings = take_count (&walk, "n_settings", 1, TWIN_FLEET_SETTINGS_MAX);
  landmarks = take_count (&walk, "n_landmarks", 1, TWIN_FLEET_LANDMARKS);
  lives = take_count (&walk, "n_lives", TWIN_FLEET_UNITS_LEAST, 1e6);
  errors = take_count (&walk, "n_errors", 1, TWIN_FLEET_ERRORS);
  if (walk.failed)
    return NULL;

  scale = twin_fleet_scale_new (columns, settings);
  walk_scale (&walk, scale);
  if (walk.failed)
    return NULL;

  model =
      twin_fleet_model_new (g_steal_pointer (&scale), landmarks, lives, errors);
  walk_model (&walk, model);
  return walk.failed ? NULL : g_steal_pointer (&model);
}
