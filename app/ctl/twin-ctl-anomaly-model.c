/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-anomaly-model.h"
#include "twin-json-members.h"

#include <math.h>
#include <string.h>

#define FORMAT "twin-anomaly-1"

#define REFUSE(error, ...)                                                     \
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, __VA_ARGS__)

void
twin_ctl_anomaly_model_free (TwinCtlAnomalyModel *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->features);
  g_free (self);
}

static void
add_numbers (JsonBuilder  *json,
             const char   *name,
             const double *values,
             size_t        n)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_array (json);
  for (size_t i = 0; i < n; i++)
    json_builder_add_double_value (json, values[i]);
  json_builder_end_array (json);
}

static JsonNode *
to_json (const TwinCtlAnomalyModel *self)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  const TwinProcessModel *process = &self->process;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "format");
  json_builder_add_string_value (json, FORMAT);
  json_builder_set_member_name (json, "features");
  json_builder_begin_array (json);
  for (unsigned j = 0; j < process->p; j++)
    json_builder_add_string_value (json, self->features[j]);
  json_builder_end_array (json);
  twin_json_add_number (json, "horizon", process->horizon);
  twin_json_add_number (json, "effective", process->effective);
  twin_json_add_number (json, "together", process->together);
  add_numbers (json, "noise", process->noise, process->p);
  add_numbers (json, "wander", process->wander, process->p);
  add_numbers (json, "correlation", process->correlation,
               (size_t) process->p * process->p);
  json_builder_end_object (json);
  return json_builder_get_root (json);
}

gboolean
twin_ctl_anomaly_model_save (const TwinCtlAnomalyModel *self,
                             const char                *path,
                             GError                   **error)
{
  g_autoptr (JsonNode) root = to_json (self);
  g_autofree char *text = NULL;

  if (path == NULL)
    {
      twin_ctl_print_json (root, FALSE);
      return TRUE;
    }

  text = json_to_string (root, TRUE);
  return g_file_set_contents (path, text, -1, error);
}

/* --- reading ----------------------------------------------------------------
 */

static gboolean
get_number (JsonObject *object, const char *name, double *value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  *value = json_node_get_double (node);
  return isfinite (*value);
}

/* Exactly @n numbers from @least on. */
static gboolean
get_numbers (JsonObject *object,
             const char *name,
             double      least,
             double     *values,
             size_t      n)
{
  JsonNode  *node = json_object_get_member (object, name);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;

  array = json_node_get_array (node);
  if (json_array_get_length (array) != n)
    return FALSE;
  for (size_t i = 0; i < n; i++)
    {
      JsonNode *item = json_array_get_element (array, (guint) i);

      if (!JSON_NODE_HOLDS_VALUE (item))
        return FALSE;
      values[i] = json_node_get_double (item);
      if (!isfinite (values[i]) || values[i] < least)
        return FALSE;
    }

  return TRUE;
}

static gboolean
get_features (JsonObject *object, TwinCtlAnomalyModel *self)
{
  JsonNode  *node = json_object_get_member (object, "features");
  JsonArray *array;
  guint      n;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;

  array = json_node_get_array (node);
  n = json_array_get_length (array);
  if (n == 0 || n > TWIN_PROCESS_VARIABLES)
    return FALSE;

  self->process.p = n;
  self->features = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (item) ||
          json_node_get_value_type (item) != G_TYPE_STRING)
        return FALSE;
      self->features[i] = g_strdup (json_node_get_string (item));
    }

  return TRUE;
}

/* Of standardised changes: nothing outside -1 to 1, and symmetric. */
static gboolean
is_correlation (const TwinProcessModel *process)
{
  const unsigned p = process->p;

  for (unsigned j = 0; j < p; j++)
    for (unsigned k = 0; k <= j; k++)
      if (fabs (process->correlation[j * p + k]) > 1.001 ||
          fabs (process->correlation[j * p + k] -
                process->correlation[k * p + j]) > 1e-9)
        return FALSE;

  return TRUE;
}

static gboolean
from_json (JsonNode *root, TwinCtlAnomalyModel *self)
{
  TwinProcessModel *process = &self->process;
  JsonObject       *object;
  double            horizon;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;

  object = json_node_get_object (root);
  if (g_strcmp0 (json_object_get_string_member_with_default (object, "format",
                                                             NULL),
                 FORMAT) != 0 ||
      !get_features (object, self) ||
      !get_number (object, "horizon", &horizon) || horizon < 2 ||
      horizon > TWIN_PROCESS_HORIZON_MAX ||
      !get_number (object, "effective", &process->effective) ||
      process->effective < 1 ||
      !get_number (object, "together", &process->together) ||
      process->together < 1)
    return FALSE;

  process->horizon = (unsigned) horizon;
  return get_numbers (object, "noise", 0, process->noise, process->p) &&
         get_numbers (object, "wander", 0, process->wander, process->p) &&
         get_numbers (object, "correlation", -2, process->correlation,
                      (size_t) process->p * process->p) &&
         is_correlation (process);
}

TwinCtlAnomalyModel *
twin_ctl_anomaly_model_load (const char *path, GError **error)
{
  g_autoptr (TwinCtlAnomalyModel) self = g_new0 (TwinCtlAnomalyModel, 1);
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize            length;
  g_autofree char *text = twin_ctl_read (path, &length, error);

  if (text == NULL)
    return NULL;

  if (!json_parser_load_from_data (parser, text, (gssize) length, NULL) ||
      !from_json (json_parser_get_root (parser), self))
    {
      REFUSE (error,
              "%s: this is no model of “twinctl anomaly train”, or it is "
              "damaged; train it anew",
              path);
      return NULL;
    }

  return g_steal_pointer (&self);
}
