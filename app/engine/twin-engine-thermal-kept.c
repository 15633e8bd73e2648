/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-thermal-kept.c - where a thermal twin's parameters come from */
#include "twin-engine-thermal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-scalars.h"

#define ALIKE_LEAST 3
#define KNOWN 0.1 /* of K_load: learnt, no guess */

static char *
key_of (const TwinEngineHeat *heat)
{
  return g_strdup_printf ("thermal/%s", heat->signal->place->id);
}

static JsonNode *
declared (TwinEngine *self, const TwinEnginePlace *place, const char *pointer)
{
  const TwinTwin *twin = twin_graph_lookup (self->graph, place->id);

  return twin != NULL ? twin_twin_get (twin, pointer) : NULL;
}

double
twin_engine_place_number (TwinEngine            *self,
                          const TwinEnginePlace *place,
                          const char            *pointer)
{
  JsonNode *node = declared (self, place, pointer);
  GType     type = node != NULL && JSON_NODE_HOLDS_VALUE (node)
                       ? json_node_get_value_type (node)
                       : G_TYPE_NONE;

  return type == G_TYPE_DOUBLE || type == G_TYPE_INT64
             ? json_node_get_double (node)
             : NAN;
}

const char *
twin_engine_place_text (TwinEngine            *self,
                        const TwinEnginePlace *place,
                        const char            *pointer)
{
  JsonNode *node = declared (self, place, pointer);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* "τ K_load K_speed, their deviations, drift reference (0 0: none), worn from
 * hour"; a text that is something else is no model. */
static gboolean
read_kept (TwinEngineHeat *heat, const char *text)
{
  TwinThermalModel m = { 0 };
  double           numbers[9];

  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      char *end;

      numbers[i] = g_ascii_strtod (text, &end);
      if (end == text)
        return FALSE;
      text = end;
    }

  if (!twin_thermal_model_declared (&m, numbers[0], numbers[1], numbers[2]))
    return FALSE;
  for (int i = 0; i < TWIN_THERMAL_RUN_IN; i++)
    m.sd[i] = fmax (numbers[3 + i], 0);
  heat->thermal.model = m;
  /* After maintenance it is kept loosened, as a first guess. */
  heat->source = m.sd[TWIN_THERMAL_LOAD] < KNOWN * m.k_load
                     ? TWIN_ENGINE_HEAT_LEARNT
                     : TWIN_ENGINE_HEAT_ALIKE;
  if (numbers[7] > 0 && isfinite (numbers[6]))
    twin_drift_restore (&heat->drift, numbers[6], numbers[7]);
  heat->worn_from_h = numbers[8];
  return TRUE;
}

void
twin_engine_heat_load (TwinEngine *self, TwinEngineHeat *heat)
{
  const TwinEnginePlace *place = heat->signal->place;
  g_autofree char       *key = key_of (heat);
  g_autofree char       *kept =
      twin_store_reader_get_setting (self->reader, key, NULL);
  TwinThermalModel model;

  twin_thermal_model_default (&model);
  heat->source = TWIN_ENGINE_HEAT_DEFAULT;
  heat->worn_from_h = NAN;
  if (twin_thermal_model_declared (
          &model,
          twin_engine_place_number (self, place, "/thermalModel/timeConstant"),
          twin_engine_place_number (self, place,
                                    "/thermalModel/riseAtRatedLoad"),
          twin_engine_place_number (self, place,
                                    "/thermalModel/riseAtRatedSpeed")))
    heat->source = TWIN_ENGINE_HEAT_DECLARED;
  twin_thermal_init (&heat->thermal, &model);
  if (kept != NULL && !read_kept (heat, kept))
    g_warning ("The thermal model kept for %s cannot be used: “%s”", place->id,
               kept);
}

void
twin_engine_heat_keep (TwinEngine *self, const TwinEngineHeat *heat)
{
  const TwinThermalModel *m = &heat->thermal.model;
  gboolean                ready = twin_drift_is_ready (&heat->drift);
  const double            numbers[] = {
               m->tau_s,
               m->k_load,
               m->k_speed,
               m->sd[TWIN_THERMAL_TAU],
               m->sd[TWIN_THERMAL_LOAD],
               m->sd[TWIN_THERMAL_SPEED],
    ready ? heat->drift.mean : 0,
    ready ? heat->drift.sd : 0,
               heat->worn_from_h,
  };
  g_autofree char *key = key_of (heat);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (!twin_engine_batch_open (self))
    return;

  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (number, sizeof number, "%.6g", numbers[i]);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", number);
    }
  if (!twin_store_set_setting (self->store, key, text->str, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
}

/* --- machines alike ---------------------------------------------------------
 */

static void
collect (const TwinEngineMachine *machine,
         const TwinEngineHeat    *like,
         GArray                  *found[TWIN_THERMAL_RUN_IN])
{
  GArray *heats = machine->thermal;

  for (guint i = 0; heats != NULL && i < heats->len; i++)
    {
      const TwinEngineHeat   *heat = &g_array_index (heats, TwinEngineHeat, i);
      const TwinThermalModel *m = &heat->thermal.model;

      if (heat->source != TWIN_ENGINE_HEAT_LEARNT || heat->thermal.alert ||
          g_strcmp0 (heat->position, like->position) != 0)
        continue;

      g_array_append_val (found[TWIN_THERMAL_TAU], m->tau_s);
      g_array_append_val (found[TWIN_THERMAL_LOAD], m->k_load);
      g_array_append_val (found[TWIN_THERMAL_SPEED], m->k_speed);
    }
}

gboolean
twin_engine_heat_alike (TwinEngine           *self,
                        const TwinEngineHeat *heat,
                        TwinThermalModel     *model)
{
  const TwinEngineMachine *own = heat->signal->place->machine;
  GArray                  *found[TWIN_THERMAL_RUN_IN];
  double                   median[TWIN_THERMAL_RUN_IN];
  gboolean                 enough;

  for (int k = 0; k < TWIN_THERMAL_RUN_IN; k++)
    found[k] = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < self->machines->len; i++)
    {
      const TwinEngineMachine *other = g_ptr_array_index (self->machines, i);

      if (other != own &&
          g_strcmp0 (other->place->model, own->place->model) == 0)
        collect (other, heat, found);
    }

  enough = found[0]->len >= ALIKE_LEAST;
  for (int k = 0; k < TWIN_THERMAL_RUN_IN; k++)
    {
      if (enough)
        median[k] = twin_scalars_median ((double *) (void *) found[k]->data,
                                         found[k]->len);
      g_array_unref (found[k]);
    }

  enough = enough &&
           twin_thermal_model_declared (model, median[0], median[1], median[2]);
  if (enough)
    twin_thermal_model_loosen (model);
  return enough;
}
