/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-refresh.c - the plant's graph, loaded and kept as it is edited
 *
 * At start all of it is read; later only what changed since the last change of
 * the journal that is known. Both go one way: what was touched is taken anew,
 * the rest stays. Signals and what machines have learnt survive by the twin's
 * id; of what is hidden or gone they wait among the ghosts, so that restoring
 * it loses nothing.
 */
#include "twin-engine-private.h"

#include <string.h>

#include "twin-store-delta.h"
#include "twin-store-models.h"
#include "twin-store-twins.h"

/* Beyond so many twins the whole structure is told anew. */
#define TELL_ALL 4000

/* Deeper than any plant: a circle of parts ends here. */
#define LEVELS_MAX 64

typedef struct
{
  GPtrArray  *twins;         /* TwinTwin to put */
  GPtrArray  *relationships; /* TwinRelationship to put */
  GHashTable *touched;       /* char *: twins to take anew */
  GHashTable *machines;      /* char *: machines to bind anew */
  GPtrArray  *buried;        /* TwinEnginePlace nobody needs any more */
  GPtrArray  *dropped;       /* TwinEngineMachine likewise */
  gboolean    all;           /* every twin is touched */
} Refresh;

static void
refresh_init (Refresh *self)
{
  self->twins =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_twin_free);
  self->relationships =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_relationship_free);
  self->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->machines =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->buried = g_ptr_array_new_with_free_func (twin_engine_place_free);
  self->dropped = g_ptr_array_new_with_free_func (twin_engine_machine_free);
  self->all = FALSE;
}

static void
refresh_clear (Refresh *self)
{
  g_ptr_array_unref (self->twins);
  g_ptr_array_unref (self->relationships);
  g_hash_table_unref (self->touched);
  g_hash_table_unref (self->machines);
  g_ptr_array_unref (self->dropped);
  g_ptr_array_unref (self->buried);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Refresh, refresh_clear)

static void
touch (Refresh *refresh, const char *id)
{
  if (!g_hash_table_contains (refresh->touched, id))
    g_hash_table_add (refresh->touched, g_strdup (id));
}

static void
touch_machine (Refresh *refresh, const TwinEngineMachine *machine)
{
  if (machine != NULL &&
      !g_hash_table_contains (refresh->machines, machine->place->id))
    g_hash_table_add (refresh->machines, g_strdup (machine->place->id));
}

/* --- models
 * ---------------------------------------------------------------------- */

/* Whether some model that twins may have is another one now: new models alone
 * concern no twin there is. */
static gboolean
replaces_models (TwinEngine *self, const TwinStoreDelta *delta)
{
  if (delta->gone_models->len > 0)
    return TRUE;

  for (guint i = 0; i < delta->models->len; i++)
    {
      const TwinStoreModel *row = g_ptr_array_index (delta->models, i);

      if (twin_model_set_lookup (self->models, row->dtmi) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
take_models (TwinEngine *self, TwinModelSet *models)
{
  TwinModelSet *old;

  if (self->graph == NULL)
    self->graph = twin_graph_new (models);
  else
    twin_graph_set_models (self->graph, models);

  twin_lock_acquire (&self->lock);
  old = self->models;
  self->models = twin_model_set_ref (models);
  twin_lock_release (&self->lock);
  g_clear_pointer (&old, twin_model_set_unref);
}

/* --- rows to values: may fail, and then nothing has changed
 * ---------------------- */

static gboolean
read_delta (Refresh *refresh, const TwinStoreDelta *delta, GError **error)
{
  for (guint i = 0; i < delta->twins->len; i++)
    {
      TwinTwin *twin =
          twin_store_twin_from_row (g_ptr_array_index (delta->twins, i), error);

      if (twin == NULL)
        return FALSE;
      g_ptr_array_add (refresh->twins, twin);
    }

  for (guint i = 0; i < delta->relationships->len; i++)
    {
      const TwinStoreRelationship *row =
          g_ptr_array_index (delta->relationships, i);
      TwinRelationship *one =
          twin_relationship_from_props (row->source, row->id, row->name,
                                        row->target, row->etag, row->props,
                                        error);

      if (one == NULL)
        return FALSE;
      g_ptr_array_add (refresh->relationships, one);
    }

  return TRUE;
}

/* --- the graph
 * ------------------------------------------------------------------ */

static const TwinRelationship *
find_relationship (TwinEngine *self, const char *source, const char *id)
{
  GPtrArray *outgoing = twin_graph_outgoing (self->graph, source);

  for (guint i = 0; i < outgoing->len; i++)
    {
      const TwinRelationship *one = g_ptr_array_index (outgoing, i);

      if (strcmp (one->id, id) == 0)
        return one;
    }

  return NULL;
}

static void
unrelate (TwinEngine *self,
          Refresh    *refresh,
          const char *source,
          const char *id)
{
  const TwinRelationship *old = find_relationship (self, source, id);

  if (old == NULL)
    return;

  touch (refresh, old->source);
  touch (refresh, old->target);
  twin_graph_unrelate (self->graph, source, id, NULL);
}

static void
put_relationships (TwinEngine *self, Refresh *refresh)
{
  g_autoptr (GPtrArray) all = g_steal_pointer (&refresh->relationships);

  refresh->relationships =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_relationship_free);
  g_ptr_array_set_free_func (all, NULL);
  for (guint i = 0; i < all->len; i++)
    {
      TwinRelationship *one = g_ptr_array_index (all, i);
      g_autoptr (GError) error = NULL;

      if (!refresh->all)
        {
          unrelate (self, refresh, one->source, one->id);
          touch (refresh, one->source);
          touch (refresh, one->target);
        }

      if (!twin_graph_relate (self->graph, one, &error))
        g_warning ("A relationship of the store was left out: %s",
                   error->message);
    }
}

static void
drop_twin (TwinEngine *self, Refresh *refresh, const char *id)
{
  GPtrArray *outgoing = twin_graph_outgoing (self->graph, id);
  GPtrArray *incoming = twin_graph_incoming (self->graph, id);

  touch (refresh, id);
  while (outgoing->len > 0)
    {
      const TwinRelationship *one = g_ptr_array_index (outgoing, 0);

      unrelate (self, refresh, one->source, one->id);
    }

  while (incoming->len > 0)
    {
      const TwinRelationship *one = g_ptr_array_index (incoming, 0);

      unrelate (self, refresh, one->source, one->id);
    }

  twin_graph_remove (self->graph, id, NULL);
}

static void
edit_graph (TwinEngine *self, Refresh *refresh, const TwinStoreDelta *delta)
{
  for (guint i = 0; i < delta->gone_relationships->len; i++)
    {
      const TwinStoreRelationship *row =
          g_ptr_array_index (delta->gone_relationships, i);

      unrelate (self, refresh, row->source, row->id);
    }

  for (guint i = 0; i < refresh->twins->len; i++)
    {
      TwinTwin *twin = g_ptr_array_index (refresh->twins, i);

      touch (refresh, twin->id);
      twin_graph_put (self->graph, twin);
    }

  g_ptr_array_set_free_func (refresh->twins, NULL);
  g_ptr_array_set_size (refresh->twins, 0);
  put_relationships (self, refresh);
  for (guint i = 0; i < delta->gone_twins->len; i++)
    drop_twin (self, refresh, g_ptr_array_index (delta->gone_twins, i));
}

/* --- what is shown
 * -------------------------------------------------------------- */

/* There, and neither archived itself nor part of something archived. */
static gboolean
is_visible (TwinEngine *self, const char *id)
{
  for (int level = 0; id != NULL && level < LEVELS_MAX; level++)
    {
      const TwinTwin *twin = twin_graph_lookup (self->graph, id);

      if (twin == NULL || twin->lifecycle == TWIN_LIFECYCLE_ARCHIVED)
        return FALSE;

      id = twin_graph_get_parent (self->graph, self->roles, id);
    }

  return TRUE;
}

/* What comes into sight or leaves it takes along all below it. */
static void
touch_below (TwinEngine *self, Refresh *refresh)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  void          *id;

  g_hash_table_iter_init (&iter, refresh->touched);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      TwinEnginePlace *place = twin_engine_place_find (self, id);

      if ((place != NULL) != is_visible (self, id))
        g_ptr_array_add (ids, g_strdup (id));
    }

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GPtrArray) train =
          twin_graph_list_train (self->graph, self->roles,
                                 g_ptr_array_index (ids, i));

      for (guint k = 0; k < train->len; k++)
        touch (refresh, ((TwinTwin *) g_ptr_array_index (train, k))->id);
    }
}

static void
leave_parent (TwinEngine *self, TwinEnginePlace *place)
{
  if (place->attached)
    g_ptr_array_remove (place->parent != NULL ? place->parent->children
                                              : self->roots,
                        place);
  twin_engine_place_touch (place->parent);
  place->parent = NULL;
  place->attached = FALSE;
}

/* By id, numbers in their order; what comes in order costs nothing. */
static void
insert_sorted (GPtrArray *list, TwinEnginePlace *place)
{
  guint low = 0, high = list->len;

  if (high > 0 &&
      twin_graph_compare_ids (((TwinEnginePlace *) g_ptr_array_index (list,
                                                                      high - 1))
                                  ->id,
                              place->id) < 0)
    low = high;

  while (low < high)
    {
      guint            middle = (low + high) / 2;
      TwinEnginePlace *other = g_ptr_array_index (list, middle);

      if (twin_graph_compare_ids (other->id, place->id) < 0)
        low = middle + 1;
      else
        high = middle;
    }

  g_ptr_array_insert (list, (int) low, place);
}

static void
attach (TwinEngine *self, TwinEnginePlace *place, TwinEnginePlace *parent)
{
  place->parent = parent;
  place->attached = TRUE;
  insert_sorted (parent != NULL ? parent->children : self->roots, place);
  place->dirty = FALSE;
  twin_engine_place_touch (place);
}

/* Takes @place out of sight. What it knows waits for it to come back. */
static void
hide_place (TwinEngine *self, Refresh *refresh, TwinEnginePlace *place)
{
  const TwinTwin *twin = twin_graph_lookup (self->graph, place->id);

  twin_engine_alarms_forget (self, place->id,
                             twin != NULL ? "The twin was archived."
                                          : "The twin was deleted.");
  leave_parent (self, place);
  while (place->children->len > 0)
    {
      TwinEnginePlace *child = g_ptr_array_index (place->children, 0);

      leave_parent (self, child);
      attach (self, child, NULL);
    }

  place->hidden = TRUE;
  place->machine = NULL;
  twin_engine_place_free_shown (place);
  g_hash_table_steal (self->places, place->id);
  if (g_hash_table_size (place->signals) > 0 &&
      !g_hash_table_contains (self->ghosts, place->id))
    {
      twin_engine_place_declare (self, place);
      g_hash_table_insert (self->ghosts, place->id, place);
    }
  else
    g_ptr_array_add (refresh->buried, place);
}

static TwinEnginePlace *
show_place (TwinEngine *self, const char *id)
{
  TwinEnginePlace *place = NULL;
  void            *key, *value;

  if (g_hash_table_steal_extended (self->ghosts, id, &key, &value))
    place = value;
  else
    place = twin_engine_place_new (id);

  place->hidden = FALSE;
  g_hash_table_insert (self->places, place->id, place);
  return place;
}

static void
take_place (TwinEngine *self, const TwinTwin *twin)
{
  TwinEnginePlace *place = twin_engine_place_find (self, twin->id);

  if (place == NULL)
    place = show_place (self, twin->id);

  twin_engine_place_take (self, place, twin);
}

static void
join_parent (TwinEngine *self, TwinEnginePlace *place)
{
  const char *id = twin_graph_get_parent (self->graph, self->roles, place->id);
  TwinEnginePlace *parent =
      id != NULL ? twin_engine_place_find (self, id) : NULL;

  /* A circle of parts has no top; it is cut here. */
  for (const TwinEnginePlace *up = parent; up != NULL; up = up->parent)
    {
      if (up == place)
        parent = NULL;
      if (parent == NULL)
        break;
    }

  attach (self, place, parent);
}

static void
clear_structure (TwinEngine *self)
{
  GHashTableIter   iter;
  TwinEnginePlace *place;

  g_ptr_array_set_size (self->roots, 0);
  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &place))
    {
      place->parent = NULL;
      place->attached = FALSE;
      g_ptr_array_set_size (place->children, 0);
    }
}

static int
compare_ids (const void *a, const void *b)
{
  return twin_graph_compare_ids (*(char *const *) a, *(char *const *) b);
}

/* The ids touched in order, borrowed. Caller unrefs. */
static GPtrArray *
list_touched (const Refresh *refresh)
{
  GPtrArray *ids = g_ptr_array_sized_new (g_hash_table_size (refresh->touched));
  GHashTableIter iter;
  void          *id;

  g_hash_table_iter_init (&iter, refresh->touched);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (ids, id);

  g_ptr_array_sort (ids, compare_ids);
  return ids;
}

/* --- machines
 * ------------------------------------------------------------------- */

static void
drop_machine (TwinEngine *self, Refresh *refresh, TwinEngineMachine *machine)
{
  g_ptr_array_remove (self->machines, machine);
  g_ptr_array_add (refresh->dropped, machine);
}

static TwinEngineMachine *
own_machine (const TwinEnginePlace *place)
{
  return place->machine != NULL && place->machine->place == place
             ? place->machine
             : NULL;
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

static TwinEngineMachine *
machine_above (const TwinEnginePlace *place)
{
  for (; place != NULL; place = place->parent)
    {
      if (place->kind == TWIN_KIND_MACHINE)
        return own_machine (place);
    }

  return NULL;
}

static void
settle_machines (TwinEngine *self, Refresh *refresh, GPtrArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    {
      TwinEnginePlace *place =
          twin_engine_place_find (self, g_ptr_array_index (ids, i));
      TwinEngineMachine *machine;

      if (place == NULL || place->kind != TWIN_KIND_MACHINE ||
          own_machine (place) != NULL)
        continue;

      machine = twin_engine_machine_new ();
      machine->place = place;
      place->machine = machine;
      g_ptr_array_add (self->machines, machine);
      /* At start the lives of all are loaded together. */
      if (g_atomic_int_get (&self->started))
        twin_engine_life_load_machine (self, machine);
    }

  for (guint i = 0; i < ids->len; i++)
    {
      TwinEnginePlace *place =
          twin_engine_place_find (self, g_ptr_array_index (ids, i));

      if (place == NULL)
        continue;

      give_machine (place, machine_above (place));
      touch_machine (refresh, place->machine);
    }
}

/* The machines as they were before: they lose or change a part. */
static void
note_machines (TwinEngine *self, Refresh *refresh, GPtrArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    {
      TwinEnginePlace *place =
          twin_engine_place_find (self, g_ptr_array_index (ids, i));

      if (place != NULL)
        touch_machine (refresh, place->machine);
    }
}

/* The life cycle of a machine is its parts', too. */
static void
dirty_train (TwinEnginePlace *place)
{
  place->dirty = TRUE;
  for (guint i = 0; i < place->children->len; i++)
    {
      TwinEnginePlace *child = g_ptr_array_index (place->children, i);

      if (child->machine == place->machine)
        dirty_train (child);
    }
}

static void
bind_machines (TwinEngine *self, Refresh *refresh)
{
  GHashTableIter iter;
  void          *id;

  g_hash_table_iter_init (&iter, refresh->machines);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      TwinEnginePlace   *place = twin_engine_place_find (self, id);
      TwinEngineMachine *machine = place != NULL ? own_machine (place) : NULL;

      if (machine == NULL)
        continue;

      twin_engine_machine_bind (self, machine);
      twin_engine_place_touch (place);
      dirty_train (place);
      twin_engine_place_changed (self, place);
    }
}

/* --- all of it
 * ------------------------------------------------------------------ */

static void
make_places (TwinEngine *self, Refresh *refresh, GPtrArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    {
      const char        *id = g_ptr_array_index (ids, i);
      TwinEnginePlace   *place = twin_engine_place_find (self, id);
      TwinEngineMachine *machine = place != NULL ? own_machine (place) : NULL;

      if (is_visible (self, id))
        {
          take_place (self, twin_graph_lookup (self->graph, id));
          place = twin_engine_place_find (self, id);
          if (machine != NULL && place->kind != TWIN_KIND_MACHINE)
            drop_machine (self, refresh, machine);
          continue;
        }

      if (machine != NULL)
        drop_machine (self, refresh, machine);
      if (place != NULL)
        hide_place (self, refresh, place);
    }
}

/* Moves places under their parents; all leave before one arrives, so that two
 * may change roles. */
static void
place_all (TwinEngine *self, Refresh *refresh, GPtrArray *ids)
{
  g_autoptr (GPtrArray) moving = g_ptr_array_new ();

  for (guint i = 0; i < ids->len; i++)
    {
      TwinEnginePlace *place =
          twin_engine_place_find (self, g_ptr_array_index (ids, i));
      const char *parent;

      if (place == NULL)
        continue;

      parent = twin_graph_get_parent (self->graph, self->roles, place->id);
      if (refresh->all || !place->attached ||
          g_strcmp0 (place->parent != NULL ? place->parent->id : NULL,
                     parent) != 0)
        g_ptr_array_add (moving, place);
    }

  if (refresh->all)
    clear_structure (self);
  for (guint i = 0; i < moving->len; i++)
    leave_parent (self, g_ptr_array_index (moving, i));
  for (guint i = 0; i < moving->len; i++)
    join_parent (self, g_ptr_array_index (moving, i));
}

static void
touch_all (TwinEngine *self, Refresh *refresh)
{
  g_autoptr (GPtrArray) twins = twin_graph_list (self->graph);
  GHashTableIter   iter;
  TwinEnginePlace *place;

  for (guint i = 0; i < twins->len; i++)
    touch (refresh, ((TwinTwin *) g_ptr_array_index (twins, i))->id);

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &place))
    touch (refresh, place->id);
}

static void
apply (TwinEngine *self, Refresh *refresh)
{
  g_autoptr (GPtrArray) ids = NULL;

  if (refresh->all)
    touch_all (self, refresh);
  else
    touch_below (self, refresh);

  ids = list_touched (refresh);
  note_machines (self, refresh, ids);
  make_places (self, refresh, ids);
  place_all (self, refresh, ids);
  settle_machines (self, refresh, ids);
  bind_machines (self, refresh);
  twin_engine_nodes_rebind_some (self, refresh->touched, refresh->machines);
  if (ids->len > TELL_ALL)
    self->out_plant = TRUE;
  for (guint i = 0; i < ids->len && !self->out_plant; i++)
    twin_engine_twin_changed (self, g_ptr_array_index (ids, i));
}

static gboolean
load (TwinEngine *self, int64_t since, Refresh *refresh, GError **error)
{
  g_autoptr (TwinStoreDelta) delta = NULL;
  g_autoptr (TwinModelSet) models = NULL;

  delta = twin_store_reader_load_delta (self->reader, since, error);
  if (delta == NULL)
    return FALSE;

  if (self->models == NULL || delta->models->len > 0 ||
      delta->gone_models->len > 0)
    {
      models = twin_store_reader_load_models (self->reader, error);
      if (models == NULL)
        return FALSE;
    }

  if (!read_delta (refresh, delta, error))
    return FALSE;

  refresh->all = since < 0 || (models != NULL && replaces_models (self, delta));
  if (models != NULL)
    take_models (self, models);
  /* Nothing in flight may point at a place that goes. */
  g_ptr_array_set_size (self->out_values, 0);
  edit_graph (self, refresh, delta);
  apply (self, refresh);
  self->change = delta->change;
  return TRUE;
}

gboolean
twin_engine_graph_load (TwinEngine *self, GError **error)
{
  g_auto (Refresh) refresh = { 0 };

  refresh_init (&refresh);
  return load (self, -1, &refresh, error);
}

/* Alarms of what was edited: watched anew, or closed with their reason. */
static void
settle_alarms (TwinEngine *self, const Refresh *refresh)
{
  GHashTableIter iter;
  void          *id;

  g_hash_table_iter_init (&iter, (GHashTable *) refresh->machines);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      TwinEnginePlace *place = twin_engine_place_find (self, id);

      if (place != NULL && own_machine (place) != NULL)
        twin_engine_alarms_define_machine (self, place->machine);
    }
}

void
twin_engine_graph_refresh (TwinEngine *self)
{
  g_auto (Refresh) refresh = { 0 };
  g_autoptr (GError) error = NULL;
  const int64_t since = self->change;
  int64_t       begin_us = twin_clock_monotonic_us ();

  /* What this batch holds still points at the twins as they were. */
  twin_engine_batch_commit (self);
  refresh_init (&refresh);
  if (!load (self, since, &refresh, &error))
    {
      twin_engine_log (self, "edit", NULL, NULL,
                       "The plant as edited cannot be used, the one before "
                       "goes on: %s",
                       error->message);
      return;
    }

  settle_alarms (self, &refresh);
  twin_engine_log_changes (self, since);
  self->stats.reload_s = (double) (twin_clock_monotonic_us () - begin_us) / 1e6;
  twin_engine_tiers_ask (self);
  /* Whoever edited beside us can see that it was taken. */
  twin_engine_status_post (self);
  self->flush = TRUE;
}
