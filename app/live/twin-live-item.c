/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-live-item.h"

#include <string.h>

#include "twin-graph.h"

/* How long a confirmed finding is shown though other sensors say nothing. */
#define HELD_US (5 * 60 * TWIN_US_PER_S)

struct _TwinLiveItem
{
  GObject                  parent_instance;
  TwinUpdate              *plant_update; /* owns plant */
  const TwinStructureItem *plant;
  TwinUpdate              *state_update; /* owns state */
  const TwinStateItem     *state;
  TwinUpdate              *finding;
  TwinUpdate              *faults;
  TwinUpdate              *life;
  GHashTable              *blocks;   /* "sensor/axis" -> TwinUpdate */
  TwinLiveItem            *parent;   /* not owned: the plant keeps both */
  GListStore              *children; /* TwinLiveItem */
  GListStore              *values;   /* TwinLiveValue by path */
  GHashTable              *by_path;  /* borrowed path -> borrowed value */
  guint                    serial;
  gboolean                 values_dirty;
};

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_STATE,
  PROP_WAS,
  PROP_SERIAL,
  PROP_NEWEST_US,
  N_PROPS
};

enum
{
  BLOCK,
  FINDING,
  FAULTS,
  LIFE,
  VALUES,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TwinLiveItem, twin_live_item, G_TYPE_OBJECT)

static void
twin_live_item_finalize (GObject *object)
{
  TwinLiveItem *self = TWIN_LIVE_ITEM (object);

  g_clear_pointer (&self->plant_update, twin_update_unref);
  g_clear_pointer (&self->state_update, twin_update_unref);
  g_clear_pointer (&self->finding, twin_update_unref);
  g_clear_pointer (&self->faults, twin_update_unref);
  g_clear_pointer (&self->life, twin_update_unref);
  g_clear_pointer (&self->blocks, g_hash_table_unref);
  g_clear_pointer (&self->by_path, g_hash_table_unref);
  g_clear_object (&self->children);
  g_clear_object (&self->values);
  G_OBJECT_CLASS (twin_live_item_parent_class)->finalize (object);
}

static void
twin_live_item_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  TwinLiveItem *self = TWIN_LIVE_ITEM (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->plant->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->plant->name);
      break;
    case PROP_STATE:
      g_value_set_uint (value, twin_live_item_get_state (self));
      break;
    case PROP_WAS:
      g_value_set_uint (value, twin_live_item_get_was (self));
      break;
    case PROP_SERIAL:
      g_value_set_uint (value, self->serial);
      break;
    case PROP_NEWEST_US:
      g_value_set_int64 (value, twin_live_item_get_newest_us (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
twin_live_item_class_init (TwinLiveItemClass *class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (class);
  const GType       type = G_TYPE_FROM_CLASS (class);

  object_class->finalize = twin_live_item_finalize;
  object_class->get_property = twin_live_item_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_STATE] =
      g_param_spec_uint ("state", NULL, NULL, 0, TWIN_STATE_STALE, 0, flags);
  properties[PROP_WAS] =
      g_param_spec_uint ("was", NULL, NULL, 0, TWIN_STATE_STALE, 0, flags);
  properties[PROP_SERIAL] =
      g_param_spec_uint ("serial", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_NEWEST_US] =
      g_param_spec_int64 ("newest-us", NULL, NULL, G_MININT64, G_MAXINT64,
                          TWIN_TIME_NONE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[BLOCK] = g_signal_new ("block", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[FINDING] = g_signal_new ("finding", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[FAULTS] = g_signal_new ("faults", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[LIFE] = g_signal_new ("life", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[VALUES] = g_signal_new ("values", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
twin_live_item_init (TwinLiveItem *self)
{
  self->children = g_list_store_new (TWIN_TYPE_LIVE_ITEM);
  self->values = g_list_store_new (TWIN_TYPE_LIVE_VALUE);
  self->by_path = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->blocks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) twin_update_unref);
}

static void
replace_update (TwinUpdate **slot, TwinUpdate *update)
{
  TwinUpdate *old = *slot;

  *slot = twin_update_ref (update);
  if (old != NULL)
    twin_update_unref (old);
}

TwinLiveItem *
twin_live_item_new (TwinUpdate *update, const TwinStructureItem *item)
{
  TwinLiveItem *self = g_object_new (TWIN_TYPE_LIVE_ITEM, NULL);

  replace_update (&self->plant_update, update);
  self->plant = item;
  return self;
}

void
twin_live_item_set_plant_item (TwinLiveItem            *self,
                               TwinUpdate              *update,
                               const TwinStructureItem *item)
{
  const gboolean renamed = g_strcmp0 (self->plant->name, item->name) != 0;

  replace_update (&self->plant_update, update);
  self->plant = item;
  if (renamed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

static void
leave_parent (TwinLiveItem *self)
{
  guint position;

  if (self->parent != NULL &&
      g_list_store_find (self->parent->children, self, &position))
    g_list_store_remove (self->parent->children, position);
  self->parent = NULL;
}

void
twin_live_item_set_parent (TwinLiveItem *self, TwinLiveItem *parent)
{
  if (self->parent == parent)
    return;

  leave_parent (self);
  self->parent = parent;
  if (parent != NULL)
    twin_live_item_insert (parent->children, self);
}

static int
compare_ids (gconstpointer a, gconstpointer b, gpointer data)
{
  return twin_graph_compare_ids (twin_live_item_get_id ((TwinLiveItem *) a),
                                 twin_live_item_get_id ((TwinLiveItem *) b));
}

void
twin_live_item_insert (GListStore *list, TwinLiveItem *self)
{
  g_list_store_insert_sorted (list, self, compare_ids, NULL);
}

void
twin_live_item_drop_children (TwinLiveItem *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->children));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinLiveItem) child =
          g_list_model_get_item (G_LIST_MODEL (self->children), i);

      child->parent = NULL;
    }

  g_list_store_remove_all (self->children);
}

void
twin_live_item_set_state_item (TwinLiveItem        *self,
                               TwinUpdate          *update,
                               const TwinStateItem *item)
{
  replace_update (&self->state_update, update);
  self->state = item;
  self->serial++;

  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEWEST_US]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERIAL]);
  g_object_thaw_notify (G_OBJECT (self));
}

static int
compare_paths (gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp (twin_live_value_get_item ((gpointer) a)->path,
                 twin_live_value_get_item ((gpointer) b)->path);
}

void
twin_live_item_take_value (TwinLiveItem        *self,
                           TwinUpdate          *update,
                           const TwinValueItem *item)
{
  TwinLiveValue *value = g_hash_table_lookup (self->by_path, item->path);

  if (value == NULL)
    {
      value = twin_live_value_new (update, item);
      g_list_store_insert_sorted (self->values, value, compare_paths, NULL);
      g_hash_table_insert (self->by_path, g_strdup (item->path), value);
      g_object_unref (value);
    }
  else
    {
      twin_live_value_take (value, update, item);
    }

  self->values_dirty = TRUE;
}

static char *
block_key (const char *sensor, char axis)
{
  return g_strdup_printf ("%s %c", sensor, axis);
}

void
twin_live_item_take_block (TwinLiveItem *self, TwinUpdate *update)
{
  g_hash_table_replace (self->blocks,
                        block_key (update->block->sensor, update->block->axis),
                        twin_update_ref (update));
  g_signal_emit (self, signals[BLOCK], 0, update->block);
}

/* One sensor's silence does not cover what another one is sure of, until that
 * one has been silent for long. */
static gboolean
outweighs (const TwinFindingUpdate *held, const TwinFindingUpdate *next)
{
  return held->confirmed && !next->confirmed &&
         next->time_us - held->time_us < HELD_US &&
         (g_strcmp0 (held->sensor, next->sensor) != 0 ||
          held->axis != next->axis);
}

void
twin_live_item_take_finding (TwinLiveItem *self, TwinUpdate *update)
{
  if (self->finding != NULL &&
      outweighs (self->finding->finding, update->finding))
    return;

  replace_update (&self->finding, update);
  g_signal_emit (self, signals[FINDING], 0, update->finding);
}

/* What one accelerometer names is not taken back by another that names
 * nothing, until it has been silent for a while. */
static gboolean
faults_outweigh (const TwinFaultsUpdate *shown, const TwinFaultsUpdate *next)
{
  return g_strcmp0 (shown->sensor, next->sensor) != 0 &&
         shown->items->len > 0 && next->items->len > 0 &&
         g_array_index (shown->items, TwinFaultItem, 0).confirmed &&
         !g_array_index (next->items, TwinFaultItem, 0).confirmed &&
         next->time_us - shown->time_us < HELD_US;
}

void
twin_live_item_take_faults (TwinLiveItem *self, TwinUpdate *update)
{
  if (self->faults != NULL &&
      faults_outweigh (self->faults->faults, update->faults))
    return;

  replace_update (&self->faults, update);
  g_signal_emit (self, signals[FAULTS], 0, update->faults);
}

void
twin_live_item_take_life (TwinLiveItem *self, TwinUpdate *update)
{
  replace_update (&self->life, update);
  g_signal_emit (self, signals[LIFE], 0, update->life);
}

void
twin_live_item_end_drain (TwinLiveItem *self)
{
  if (!self->values_dirty)
    return;

  self->values_dirty = FALSE;
  g_signal_emit (self, signals[VALUES], 0);
}

const char *
twin_live_item_get_id (TwinLiveItem *self)
{
  return self->plant->id;
}

const char *
twin_live_item_get_name (TwinLiveItem *self)
{
  return self->plant->name != NULL ? self->plant->name : self->plant->id;
}

TwinKind
twin_live_item_get_kind (TwinLiveItem *self)
{
  return self->plant->kind;
}

TwinState
twin_live_item_get_state (TwinLiveItem *self)
{
  return self->state != NULL ? self->state->state : TWIN_STATE_UNKNOWN;
}

TwinState
twin_live_item_get_was (TwinLiveItem *self)
{
  return self->state != NULL ? self->state->was : TWIN_STATE_UNKNOWN;
}

int64_t
twin_live_item_get_newest_us (TwinLiveItem *self)
{
  return self->state != NULL ? self->state->newest_us : TWIN_TIME_NONE;
}

TwinLiveItem *
twin_live_item_get_parent (TwinLiveItem *self)
{
  return self->parent;
}

TwinLiveItem *
twin_live_item_get_machine (TwinLiveItem *self)
{
  for (TwinLiveItem *item = self; item != NULL; item = item->parent)
    if (item->plant->kind == TWIN_KIND_MACHINE)
      return item;

  return NULL;
}

GListModel *
twin_live_item_get_children (TwinLiveItem *self)
{
  return G_LIST_MODEL (self->children);
}

GListModel *
twin_live_item_get_values (TwinLiveItem *self)
{
  return G_LIST_MODEL (self->values);
}

TwinLiveValue *
twin_live_item_find_value (TwinLiveItem *self, const char *path)
{
  return g_hash_table_lookup (self->by_path, path);
}

const TwinStructureItem *
twin_live_item_get_plant_item (TwinLiveItem *self)
{
  return self->plant;
}

static gboolean
is_in_use (const TwinStructureItem *item)
{
  return item->lifecycle == NULL ||
         strcmp (item->lifecycle, "commissioned") == 0 ||
         strcmp (item->lifecycle, "in service") == 0;
}

gboolean
twin_live_item_counts (TwinLiveItem *self)
{
  TwinLiveItem *machine = twin_live_item_get_machine (self);

  return is_in_use (self->plant) &&
         (machine == NULL || is_in_use (machine->plant));
}

const TwinStateItem *
twin_live_item_get_state_item (TwinLiveItem *self)
{
  return self->state;
}

const TwinBlockUpdate *
twin_live_item_get_block (TwinLiveItem *self, const char *sensor, char axis)
{
  g_autofree char *key = block_key (sensor, axis);
  TwinUpdate      *update = g_hash_table_lookup (self->blocks, key);

  return update != NULL ? update->block : NULL;
}

const TwinFindingUpdate *
twin_live_item_get_finding (TwinLiveItem *self)
{
  return self->finding != NULL ? self->finding->finding : NULL;
}

const TwinFaultsUpdate *
twin_live_item_get_faults (TwinLiveItem *self)
{
  return self->faults != NULL ? self->faults->faults : NULL;
}

const TwinLifeUpdate *
twin_live_item_get_life (TwinLiveItem *self)
{
  return self->life != NULL ? self->life->life : NULL;
}

char *
twin_live_item_dup_breadcrumb (TwinLiveItem *self)
{
  GString *text = g_string_new (NULL);

  for (TwinLiveItem *item = self->parent; item != NULL; item = item->parent)
    {
      if (text->len > 0)
        g_string_prepend (text, " › ");
      g_string_prepend (text, twin_live_item_get_name (item));
    }

  return g_string_free (text, FALSE);
}
