/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-graph.c - the plant's twins as the pipeline needs them
 *
 * Loaded from the store, and loaded again when an editor changed it. Signals
 * and what machines have learnt survive that by the twin's id.
 */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

static void
signal_free (void *data)
{
  TwinEngineSignal *signal = data;

  g_free (signal->v.path);
  g_free (signal->v.unit);
  g_free (signal->v.text);
  g_free (signal->label);
  g_clear_pointer (&signal->alarms, g_ptr_array_unref);
  g_free (signal);
}

TwinEnginePlace *
twin_engine_place_new (const char *id)
{
  TwinEnginePlace *place = g_new0 (TwinEnginePlace, 1);

  place->id = g_strdup (id);
  place->name = g_strdup (id);
  place->children = g_ptr_array_new ();
  place->signals =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, signal_free);
  place->dirty = TRUE;
  return place;
}

void
twin_engine_place_free (void *data)
{
  TwinEnginePlace *place = data;

  twin_engine_place_free_shown (place);
  g_ptr_array_unref (place->children);
  g_hash_table_unref (place->signals);
  g_free (place->id);
  g_free (place->name);
  g_free (place->model);
  g_free (place->lifecycle);
  g_free (place->node);
  g_free (place);
}

TwinEnginePlace *
twin_engine_place_find (TwinEngine *self, const char *id)
{
  return g_hash_table_lookup (self->places, id);
}

/* No alarms, no commands; its history stays. */
gboolean
twin_engine_place_is_retired (const TwinEnginePlace *place)
{
  TwinLifecycle state;

  return place->lifecycle != NULL &&
         twin_lifecycle_from_string (place->lifecycle, &state) &&
         (state == TWIN_LIFECYCLE_RETIRED || state == TWIN_LIFECYCLE_ARCHIVED);
}

/* --- signals
 * -------------------------------------------------------------------- */

static gboolean
is_statistic (const char *path)
{
  static const char *const suffixes[] = { ".min", ".max", ".std", ".n" };

  for (size_t i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      if (g_str_has_suffix (path, suffixes[i]))
        return TRUE;
    }

  return FALSE;
}

/* What the model says of the path: label, or that it does not know it. */
void
twin_engine_signal_declare (TwinEngine *self, TwinEngineSignal *signal)
{
  const TwinInterface *interface = NULL;

  if (signal->place->model != NULL)
    interface = twin_model_set_lookup (self->models, signal->place->model);

  signal->v.content = interface != NULL
                          ? twin_interface_find_path (interface, signal->v.path)
                          : NULL;
  signal->v.undeclared = signal->v.content == NULL && !signal->derived;
  g_free (signal->label);
  signal->label = g_strdup (signal->v.content != NULL
                                ? twin_content_get_label (signal->v.content)
                                : signal->v.path);
  signal->hidden = signal->place->hidden || is_statistic (signal->v.path);
}

TwinEngineSignal *
twin_engine_place_signal (TwinEngine      *self,
                          TwinEnginePlace *place,
                          const char      *path,
                          const char      *unit)
{
  TwinEngineSignal *signal = g_hash_table_lookup (place->signals, path);

  if (signal != NULL)
    return signal;

  signal = g_new0 (TwinEngineSignal, 1);
  signal->v.path = g_strdup (path);
  signal->v.unit = g_strdup (unit != NULL ? unit : "");
  signal->v.value = NAN;
  signal->v.source_us = signal->v.arrival_us = TWIN_TIME_NONE;
  signal->v.max_silence_s = TWIN_MAX_SILENCE_S;
  signal->limit_high = signal->limit_low = NAN;
  signal->role = -1;
  signal->stale = TRUE;
  signal->place = place;
  twin_engine_signal_declare (self, signal);
  g_hash_table_insert (place->signals, signal->v.path, signal);
  return signal;
}

/* --- loading
 * --------------------------------------------------------------------- */

static TwinModelSet *
load_models (TwinEngine *self, GError **error)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_models (self->reader, error);
  g_autofree TwinModelSource *sources = NULL;

  if (rows == NULL)
    return NULL;

  if (rows->len == 0)
    return twin_model_set_new_empty ();

  sources = g_new0 (TwinModelSource, rows->len);
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (rows, i);

      sources[i] = (TwinModelSource){ row->dtmi, row->json, -1 };
    }

  return twin_model_set_new_checked (sources, rows->len, error);
}

static gboolean
load_graph (TwinEngine *self, TwinGraph *graph, GError **error)
{
  g_autoptr (GPtrArray) twins =
      twin_store_reader_list_twins (self->reader, error);
  g_autoptr (GPtrArray) relationships = NULL;

  if (twins == NULL)
    return FALSE;

  for (guint i = 0; i < twins->len; i++)
    {
      const TwinStoreTwin *row = g_ptr_array_index (twins, i);
      TwinTwin            *twin =
          twin_twin_from_props (row->id, row->model, row->lifecycle, row->etag,
                                row->props, error);

      if (twin == NULL)
        return FALSE;
      twin_graph_put (graph, twin);
    }

  relationships =
      twin_store_reader_list_relationships (self->reader, NULL, error);
  if (relationships == NULL)
    return FALSE;

  for (guint i = 0; i < relationships->len; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (relationships, i);
      TwinRelationship            *relationship =
          twin_relationship_from_props (row->source, row->id, row->name,
                                        row->target, row->etag, row->props,
                                        error);

      if (relationship == NULL ||
          !twin_graph_relate (graph, relationship, error))
        return FALSE;
    }

  return TRUE;
}

static TwinKind
kind_of (TwinSort sort)
{
  switch (sort)
    {
    case TWIN_SORT_PLANT:
      return TWIN_KIND_PLANT;
    case TWIN_SORT_AREA:
    case TWIN_SORT_OTHER:
      return TWIN_KIND_AREA;
    case TWIN_SORT_MACHINE:
      return TWIN_KIND_MACHINE;
    case TWIN_SORT_PART:
      return TWIN_KIND_PART;
    case TWIN_SORT_SENSOR:
      return TWIN_KIND_SENSOR;
    }

  g_return_val_if_reached (TWIN_KIND_AREA);
}

static TwinShape
shape_of (const char *word)
{
  static const char *const words[] = { [TWIN_SHAPE_COMPRESSOR] = "compressor",
                                       [TWIN_SHAPE_PUMP] = "pump",
                                       [TWIN_SHAPE_MOTOR] = "motor" };

  for (size_t i = TWIN_SHAPE_COMPRESSOR; i < G_N_ELEMENTS (words); i++)
    {
      if (g_strcmp0 (word, words[i]) == 0)
        return (TwinShape) i;
    }

  return TWIN_SHAPE_NONE;
}

static TwinEnginePlace *
take_place (TwinEngine *self, GHashTable *old, const TwinTwin *twin)
{
  TwinEnginePlace *place = NULL;
  GHashTableIter   iter;
  void            *signal;
  void            *key;
  void            *value;

  if (g_hash_table_steal_extended (old, twin->id, &key, &value))
    place = value;
  else
    place = twin_engine_place_new (twin->id);

  g_free (place->name);
  g_free (place->model);
  g_free (place->lifecycle);
  place->name =
      g_strdup (twin->display_name != NULL ? twin->display_name : twin->id);
  place->model = g_strdup (twin->model);
  place->lifecycle = g_strdup (twin_lifecycle_to_string (twin->lifecycle));
  place->kind =
      kind_of (twin_roles_sort (self->roles, self->models, twin->model));
  place->shape =
      shape_of (twin_roles_shape (self->roles, self->models, twin->model));
  place->parent = NULL;
  place->hidden = FALSE;
  place->dirty = TRUE;
  g_ptr_array_set_size (place->children, 0);

  g_hash_table_iter_init (&iter, place->signals);
  while (g_hash_table_iter_next (&iter, NULL, &signal))
    twin_engine_signal_declare (self, signal);

  g_hash_table_insert (self->places, place->id, place);
  return place;
}

static void
make_places (TwinEngine *self, GHashTable *old)
{
  g_autoptr (GPtrArray) twins = twin_graph_list (self->graph);

  for (guint i = 0; i < twins->len; i++)
    take_place (self, old, g_ptr_array_index (twins, i));

  for (guint i = 0; i < twins->len; i++)
    {
      const TwinTwin  *twin = g_ptr_array_index (twins, i);
      TwinEnginePlace *place = twin_engine_place_find (self, twin->id);
      const char      *parent =
          twin_graph_get_parent (self->graph, self->roles, twin->id);

      if (parent != NULL)
        place->parent = twin_engine_place_find (self, parent);
      if (place->parent != NULL)
        g_ptr_array_add (place->parent->children, place);
      else
        g_ptr_array_add (self->roots, place);
    }
}

/* Parts belong to the machine above them. */
static void
give_machine (TwinEnginePlace *place, TwinEngineMachine *machine)
{
  place->machine = machine;
  for (guint i = 0; i < place->children->len; i++)
    {
      TwinEnginePlace *child = g_ptr_array_index (place->children, i);

      if (child->kind != TWIN_KIND_MACHINE)
        give_machine (child, machine);
    }
}

static void
make_machines (TwinEngine *self, GHashTable *old)
{
  g_autoptr (GPtrArray) twins = twin_graph_list (self->graph);

  for (guint i = 0; i < twins->len; i++)
    {
      const TwinTwin    *twin = g_ptr_array_index (twins, i);
      TwinEnginePlace   *place = twin_engine_place_find (self, twin->id);
      TwinEngineMachine *machine;
      void              *key, *value;

      if (place->kind != TWIN_KIND_MACHINE)
        continue;

      if (g_hash_table_steal_extended (old, place->id, &key, &value))
        machine = value;
      else
        machine = twin_engine_machine_new ();

      machine->place = place;
      give_machine (place, machine);
      g_ptr_array_add (self->machines, machine);
    }

  for (guint i = 0; i < self->machines->len; i++)
    twin_engine_machine_bind (self, g_ptr_array_index (self->machines, i));
}

gboolean
twin_engine_graph_load (TwinEngine *self, GError **error)
{
  g_autoptr (TwinModelSet) models = load_models (self, error);
  g_autoptr (TwinGraph) graph = NULL;
  g_autoptr (GHashTable) old_places = NULL;
  g_autoptr (GHashTable) old_machines =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                             twin_engine_machine_free);

  if (models == NULL)
    return FALSE;

  graph = twin_graph_new (models);
  if (!load_graph (self, graph, error))
    return FALSE;

  twin_lock_acquire (&self->lock);
  g_clear_pointer (&self->models, twin_model_set_unref);
  self->models = g_steal_pointer (&models);
  twin_lock_release (&self->lock);
  g_clear_pointer (&self->graph, twin_graph_free);
  self->graph = g_steal_pointer (&graph);

  /* Nothing in flight may point at a place that goes. */
  g_ptr_array_set_size (self->out_values, 0);
  old_places = g_steal_pointer (&self->places);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        twin_engine_place_free);
  for (guint i = 0; i < self->machines->len; i++)
    {
      TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);

      g_hash_table_insert (old_machines, machine->place->id, machine);
    }

  g_ptr_array_set_size (self->machines, 0);
  g_ptr_array_set_size (self->roots, 0);
  make_places (self, old_places);
  make_machines (self, old_machines);
  twin_engine_nodes_rebind (self);
  self->out_plant = TRUE;
  return TRUE;
}

/* --- values as they were before a restart
 * ------------------------------------------ */

static void
take_latest (const TwinStoreLatest *latest, void *data)
{
  TwinEngine       *self = data;
  TwinEnginePlace  *place = twin_engine_place_find (self, latest->signal.twin);
  TwinEngineSignal *signal;
  int               quality = TWIN_QUALITY_GOOD;

  if (place == NULL || latest->time_us == TWIN_TIME_NONE)
    return;

  if (latest->flags & TWIN_STORE_SAMPLE_BAD)
    quality = TWIN_QUALITY_BAD;
  else if (latest->flags & TWIN_STORE_SAMPLE_UNCERTAIN)
    quality = TWIN_QUALITY_UNCERTAIN;

  signal = twin_engine_place_signal (self, place, latest->signal.path,
                                     latest->signal.unit);
  signal->row = latest->signal.id;
  signal->derived = (latest->signal.flags & TWIN_STORE_SIGNAL_DERIVED) != 0;
  twin_signal_update (&signal->v, latest->value, latest->text, quality,
                      latest->time_us, latest->time_us,
                      (latest->flags & TWIN_STORE_SAMPLE_ANCHORED) != 0);
}

gboolean
twin_engine_graph_load_values (TwinEngine *self, GError **error)
{
  return twin_store_reader_foreach_latest (self->reader, take_latest, self,
                                           error);
}

void
twin_engine_graph_reload (TwinEngine *self)
{
  g_autoptr (GError) error = NULL;

  /* What this batch holds still points at the twins as they were. */
  twin_engine_batch_commit (self);
  if (!twin_engine_graph_load (self, &error))
    {
      twin_engine_log (self, "edit", NULL, NULL,
                       "The plant as edited cannot be used, the one before "
                       "goes on: %s",
                       error->message);
      return;
    }

  twin_engine_alarms_define (self);
  self->flush = TRUE;
}

void
twin_engine_graph_clear (TwinEngine *self)
{
  for (guint i = 0; i < self->machines->len; i++)
    twin_engine_machine_free (g_ptr_array_index (self->machines, i));

  g_ptr_array_set_size (self->machines, 0);
  g_clear_pointer (&self->graph, twin_graph_free);
}

/* --- as published
 * ------------------------------------------------------------------ */

static void
add_item (TwinEnginePlace *place, GPtrArray *items)
{
  TwinStructureItem *item = g_new0 (TwinStructureItem, 1);

  item->id = g_strdup (place->id);
  item->name = g_strdup (place->name);
  item->parent = place->parent != NULL ? g_strdup (place->parent->id) : NULL;
  item->model = g_strdup (place->model);
  item->kind = place->kind;
  item->shape = place->shape;
  item->x = place->x;
  item->y = place->y;
  item->rotation = place->rotation;
  item->placed = place->placed;
  item->node = g_strdup (place->node);
  item->lifecycle = g_strdup (place->lifecycle);
  g_ptr_array_add (items, item);

  for (guint i = 0; i < place->children->len; i++)
    add_item (g_ptr_array_index (place->children, i), items);
}

GPtrArray *
twin_engine_graph_items (TwinEngine *self)
{
  GPtrArray *items = twin_update_items_new (TWIN_UPDATE_PLANT);

  for (guint i = 0; i < self->roots->len; i++)
    add_item (g_ptr_array_index (self->roots, i), items);

  return items;
}
