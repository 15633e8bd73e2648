/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-live-plant.h"

#include <string.h>

#include "twin-clock.h"
#include "twin-meter.h"

enum
{
  LOG_LINES = 500,
  /* STATUS comes once a second; five missed mean that the engine hangs. */
  ENGINE_SILENCE_US = 5 * TWIN_US_PER_S,
};

struct _TwinLivePlant
{
  GObject     parent_instance;
  TwinMeter  *delay;    /* from the engine to here */
  GHashTable *items;    /* id -> TwinLiveItem */
  GListStore *roots;    /* TwinLiveItem */
  GListStore *machines; /* TwinLiveItem */
  GListStore *alarms;   /* TwinLiveAlarm */
  GHashTable *alarms_by_id;
  GListStore *nodes; /* TwinLiveNode */
  GHashTable *nodes_by_name;
  GListStore *log;       /* TwinLiveLogLine */
  GPtrArray  *campaigns; /* TwinUpdate, newest campaign first */
  GHashTable *orders;    /* machine → TwinUpdate: all of it */
  GHashTable *touched;   /* set of TwinLiveItem with new values this drain */
  TwinUpdate *status;
  char       *name;
  guint       tick;
};

enum
{
  STRUCTURE,
  STATES,
  ALARMS,
  NODES,
  STATUS,
  TICK,
  CAMPAIGNS,
  ORDERS,
  N_SIGNALS
};

enum
{
  PROP_NAME = 1,
  N_PROPS
};

static guint       signals[N_SIGNALS];
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TwinLivePlant, twin_live_plant, G_TYPE_OBJECT)

static void
twin_live_plant_dispose (GObject *object)
{
  TwinLivePlant *self = TWIN_LIVE_PLANT (object);

  g_clear_pointer (&self->delay, twin_meter_free);
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->roots);
  g_clear_object (&self->machines);
  g_clear_object (&self->alarms);
  g_clear_object (&self->nodes);
  g_clear_object (&self->log);
  g_clear_pointer (&self->campaigns, g_ptr_array_unref);
  g_clear_pointer (&self->orders, g_hash_table_unref);
  g_clear_pointer (&self->touched, g_hash_table_unref);
  g_clear_pointer (&self->items, g_hash_table_unref);
  g_clear_pointer (&self->alarms_by_id, g_hash_table_unref);
  g_clear_pointer (&self->nodes_by_name, g_hash_table_unref);
  g_clear_pointer (&self->status, twin_update_unref);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (twin_live_plant_parent_class)->dispose (object);
}

static void
twin_live_plant_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (id == PROP_NAME)
    g_value_set_string (value, TWIN_LIVE_PLANT (object)->name);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
twin_live_plant_class_init (TwinLivePlantClass *class)
{
  static const char *names[N_SIGNALS] = { "structure", "states", "alarms",
                                          "nodes",     "status", "tick",
                                          "campaigns", "orders" };
  GObjectClass      *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = twin_live_plant_dispose;
  object_class->get_property = twin_live_plant_get_property;
  properties[PROP_NAME] =
      g_param_spec_string ("name", NULL, NULL, NULL,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] =
        g_signal_new (names[i], G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                      NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static gboolean
on_tick (void *data)
{
  g_signal_emit (data, signals[TICK], 0);
  return G_SOURCE_CONTINUE;
}

static void
twin_live_plant_init (TwinLivePlant *self)
{
  self->delay = twin_meter_new ();
  self->items =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->roots = g_list_store_new (TWIN_TYPE_LIVE_ITEM);
  self->machines = g_list_store_new (TWIN_TYPE_LIVE_ITEM);
  self->alarms = g_list_store_new (TWIN_TYPE_LIVE_ALARM);
  self->alarms_by_id =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->nodes = g_list_store_new (TWIN_TYPE_LIVE_NODE);
  self->nodes_by_name =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->log = g_list_store_new (TWIN_TYPE_LIVE_LOG_LINE);
  self->campaigns =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_update_unref);
  self->orders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) twin_update_unref);
  self->touched = g_hash_table_new (NULL, NULL);
  self->tick = g_timeout_add_seconds (1, on_tick, self);
}

TwinLivePlant *
twin_live_plant_new (void)
{
  return g_object_new (TWIN_TYPE_LIVE_PLANT, NULL);
}

static void
remove_from (GListStore *store, gpointer object)
{
  guint position;

  if (g_list_store_find (store, object, &position))
    g_list_store_remove (store, position);
}

/* Takes @item out of every list; whoever owns it in @items drops it then. */
static void
drop_item (TwinLivePlant *self, TwinLiveItem *item)
{
  /* What it held is placed anew, or dropped, by an item of its own. */
  twin_live_item_drop_children (item);
  twin_live_item_set_parent (item, NULL);
  remove_from (self->roots, item);
  remove_from (self->machines, item);
  g_hash_table_remove (self->touched, item);
}

/* Items that the new structure no longer has. */
static void
drop_absent (TwinLivePlant *self, GHashTable *present)
{
  GHashTableIter iter;
  gpointer       id, item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &id, &item))
    {
      if (g_hash_table_contains (present, id))
        continue;

      drop_item (self, item);
      g_hash_table_iter_remove (&iter);
    }
}

static void
place_item (TwinLivePlant           *self,
            TwinLiveItem            *item,
            const TwinStructureItem *data)
{
  TwinLiveItem *parent = data->parent != NULL
                             ? g_hash_table_lookup (self->items, data->parent)
                             : NULL;
  guint         at;

  twin_live_item_set_parent (item, parent);

  if (parent == NULL && !g_list_store_find (self->roots, item, &at))
    twin_live_item_insert (self->roots, item);
  if (parent != NULL)
    remove_from (self->roots, item);
  if (data->kind == TWIN_KIND_MACHINE &&
      !g_list_store_find (self->machines, item, &at))
    twin_live_item_insert (self->machines, item);
}

/* Parts before machines before areas, and roots last of all: whoever shows an
 * item asks for its children at once and must find them. */
static void
place_items (TwinLivePlant *self, GPtrArray *items)
{
  for (int kind = TWIN_KIND_SENSOR; kind >= TWIN_KIND_PLANT; kind--)
    for (guint i = 0; i < items->len; i++)
      {
        const TwinStructureItem *data = items->pdata[i];

        if ((int) data->kind == kind && !data->gone)
          place_item (self, g_hash_table_lookup (self->items, data->id), data);
      }
}

static void
take_item (TwinLivePlant           *self,
           TwinUpdate              *update,
           const TwinStructureItem *data)
{
  TwinLiveItem *item = g_hash_table_lookup (self->items, data->id);

  if (item == NULL)
    g_hash_table_insert (self->items, g_strdup (data->id),
                         twin_live_item_new (update, data));
  else
    twin_live_item_set_plant_item (item, update, data);

  if (data->kind == TWIN_KIND_PLANT && g_strcmp0 (self->name, data->name) != 0)
    {
      g_free (self->name);
      self->name = g_strdup (data->name);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
    }
}

static void
apply_plant (TwinLivePlant *self, TwinUpdate *update)
{
  g_autoptr (GHashTable) present = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinStructureItem *data = update->items->pdata[i];

      g_hash_table_add (present, data->id);
      take_item (self, update, data);
    }

  drop_absent (self, present);
  place_items (self, update->items);
}

static void
apply_twins (TwinLivePlant *self, TwinUpdate *update)
{
  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinStructureItem *data = update->items->pdata[i];
      TwinLiveItem            *item;

      if (!data->gone)
        {
          take_item (self, update, data);
          continue;
        }

      item = g_hash_table_lookup (self->items, data->id);
      if (item != NULL)
        {
          drop_item (self, item);
          g_hash_table_remove (self->items, data->id);
        }
    }

  place_items (self, update->items);
}

static void
apply_values (TwinLivePlant *self, TwinUpdate *update)
{
  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinValueItem *data = update->items->pdata[i];
      TwinLiveItem        *item = g_hash_table_lookup (self->items, data->twin);
      TwinLiveItem        *machine;

      if (item == NULL)
        continue;

      twin_live_item_take_value (item, update, data);
      g_hash_table_add (self->touched, item);
      machine = twin_live_item_get_machine (item);
      if (machine != NULL)
        g_hash_table_add (self->touched, machine);
    }
}

static void
apply_states (TwinLivePlant *self, TwinUpdate *update)
{
  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinStateItem *data = update->items->pdata[i];
      TwinLiveItem        *item = g_hash_table_lookup (self->items, data->twin);

      if (item != NULL)
        twin_live_item_set_state_item (item, update, data);
    }
}

static void
apply_alarms (TwinLivePlant *self, TwinUpdate *update)
{
  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinAlarmItem *data = update->items->pdata[i];
      TwinLiveAlarm *alarm = g_hash_table_lookup (self->alarms_by_id, data->id);

      if (strcmp (data->state, "normal") == 0)
        {
          if (alarm != NULL)
            remove_from (self->alarms, alarm);
          g_hash_table_remove (self->alarms_by_id, data->id);
        }
      else if (alarm != NULL)
        {
          guint position;

          twin_live_alarm_take (alarm, update, data);
          if (g_list_store_find (self->alarms, alarm, &position))
            g_list_model_items_changed (G_LIST_MODEL (self->alarms), position,
                                        1, 1);
        }
      else
        {
          alarm = twin_live_alarm_new (update, data);
          g_hash_table_insert (self->alarms_by_id, g_strdup (data->id), alarm);
          g_list_store_append (self->alarms, alarm);
        }
    }
}

static void
apply_nodes (TwinLivePlant *self, TwinUpdate *update)
{
  for (guint i = 0; i < update->items->len; i++)
    {
      const TwinNodeItem *data = update->items->pdata[i];
      TwinLiveNode       *node =
          g_hash_table_lookup (self->nodes_by_name, data->name);

      if (data->gone)
        {
          if (node != NULL)
            remove_from (self->nodes, node);
          g_hash_table_remove (self->nodes_by_name, data->name);
          continue;
        }

      if (node != NULL)
        {
          twin_live_node_take (node, update, data);
          continue;
        }

      node = twin_live_node_new (update, data);
      g_hash_table_insert (self->nodes_by_name, g_strdup (data->name), node);
      g_list_store_append (self->nodes, node);
    }
}

static void
apply_log (TwinLivePlant *self, TwinUpdate *update)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  guint n;

  /* The update is oldest first, the list newest first. */
  for (guint i = update->items->len; i > 0; i--)
    g_ptr_array_add (lines,
                     twin_live_log_line_new (update,
                                             update->items->pdata[i - 1]));
  g_list_store_splice (self->log, 0, 0, lines->pdata, lines->len);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->log));
  if (n > LOG_LINES)
    g_list_store_splice (self->log, LOG_LINES, n - LOG_LINES, NULL, 0);
}

static guint
find_campaign (TwinLivePlant *self, int64_t id)
{
  guint at = 0;

  while (at < self->campaigns->len &&
         ((TwinUpdate *) self->campaigns->pdata[at])->campaign->id > id)
    at++;
  return at;
}

static gboolean
is_campaign (TwinLivePlant *self, guint at, int64_t id)
{
  return at < self->campaigns->len &&
         ((TwinUpdate *) self->campaigns->pdata[at])->campaign->id == id;
}

static void
apply_campaign (TwinLivePlant *self, TwinUpdate *update)
{
  const guint at = find_campaign (self, update->campaign->id);

  if (is_campaign (self, at, update->campaign->id))
    g_ptr_array_remove_index (self->campaigns, at);
  g_ptr_array_insert (self->campaigns, (int) at, twin_update_ref (update));
}

/* The engine tells all orders of one machine together. */
static void
apply_orders (TwinLivePlant *self, TwinUpdate *update)
{
  if (update->items->len > 0)
    g_hash_table_replace (self->orders,
                          g_strdup (((TwinOrderItem *) update->items->pdata[0])
                                        ->machine),
                          twin_update_ref (update));
}

static void
apply_one (TwinLivePlant *self, TwinUpdate *update, gboolean changed[N_SIGNALS])
{
  TwinLiveItem *item = NULL;

  twin_meter_note (self->delay, "update",
                   twin_clock_utc_us () - update->posted_us);
  switch (update->kind)
    {
    case TWIN_UPDATE_PLANT:
      apply_plant (self, update);
      changed[STRUCTURE] = TRUE;
      break;
    case TWIN_UPDATE_TWINS:
      apply_twins (self, update);
      changed[STRUCTURE] = TRUE;
      break;
    case TWIN_UPDATE_VALUES:
      apply_values (self, update);
      break;
    case TWIN_UPDATE_STATES:
      apply_states (self, update);
      changed[STATES] = TRUE;
      break;
    case TWIN_UPDATE_ALARMS:
      apply_alarms (self, update);
      changed[ALARMS] = TRUE;
      break;
    case TWIN_UPDATE_NODES:
      apply_nodes (self, update);
      changed[NODES] = TRUE;
      break;
    case TWIN_UPDATE_LOG:
      apply_log (self, update);
      break;
    case TWIN_UPDATE_STATUS:
      g_clear_pointer (&self->status, twin_update_unref);
      self->status = twin_update_ref (update);
      changed[STATUS] = TRUE;
      break;
    case TWIN_UPDATE_BLOCK:
      item = g_hash_table_lookup (self->items, update->block->twin);
      if (item != NULL && twin_live_item_get_machine (item) != NULL)
        twin_live_item_take_block (twin_live_item_get_machine (item), update);
      break;
    case TWIN_UPDATE_FINDING:
      item = g_hash_table_lookup (self->items, update->finding->machine);
      if (item != NULL)
        twin_live_item_take_finding (item, update);
      break;
    case TWIN_UPDATE_FAULTS:
      item = g_hash_table_lookup (self->items, update->faults->machine);
      if (item != NULL)
        twin_live_item_take_faults (item, update);
      break;
    case TWIN_UPDATE_LIFE:
      item = g_hash_table_lookup (self->items, update->life->machine);
      if (item != NULL)
        twin_live_item_take_life (item, update);
      break;
    case TWIN_UPDATE_CAMPAIGN:
      apply_campaign (self, update);
      changed[CAMPAIGNS] = TRUE;
      break;
    case TWIN_UPDATE_ORDERS:
      apply_orders (self, update);
      changed[ORDERS] = TRUE;
      break;
    case TWIN_UPDATE_REQUEST:
      break; /* the session's */
    }
}

void
twin_live_plant_apply (TwinLivePlant *self, GPtrArray *updates)
{
  gboolean       changed[N_SIGNALS] = { FALSE };
  GHashTableIter iter;
  gpointer       item;

  for (guint i = 0; i < updates->len; i++)
    apply_one (self, updates->pdata[i], changed);

  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    twin_live_item_end_drain (item);
  g_hash_table_remove_all (self->touched);

  for (int i = 0; i < N_SIGNALS; i++)
    if (changed[i])
      g_signal_emit (self, signals[i], 0);
}

GListModel *
twin_live_plant_get_roots (TwinLivePlant *self)
{
  return G_LIST_MODEL (self->roots);
}

GListModel *
twin_live_plant_get_machines (TwinLivePlant *self)
{
  return G_LIST_MODEL (self->machines);
}

GListModel *
twin_live_plant_get_alarms (TwinLivePlant *self)
{
  return G_LIST_MODEL (self->alarms);
}

GListModel *
twin_live_plant_get_nodes (TwinLivePlant *self)
{
  return G_LIST_MODEL (self->nodes);
}

GListModel *
twin_live_plant_get_log (TwinLivePlant *self)
{
  return G_LIST_MODEL (self->log);
}

TwinLiveItem *
twin_live_plant_find (TwinLivePlant *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->items, id) : NULL;
}

TwinLiveNode *
twin_live_plant_find_node (TwinLivePlant *self, const char *name)
{
  return name != NULL ? g_hash_table_lookup (self->nodes_by_name, name) : NULL;
}

GPtrArray *
twin_live_plant_list_campaigns (TwinLivePlant *self)
{
  GPtrArray *campaigns = g_ptr_array_new ();

  for (guint i = 0; i < self->campaigns->len; i++)
    g_ptr_array_add (campaigns,
                     ((TwinUpdate *) self->campaigns->pdata[i])->campaign);
  return campaigns;
}

const GPtrArray *
twin_live_plant_list_orders (TwinLivePlant *self, const char *machine)
{
  TwinUpdate *update = g_hash_table_lookup (self->orders, machine);

  return update != NULL ? update->items : NULL;
}

const TwinCampaignUpdate *
twin_live_plant_find_campaign (TwinLivePlant *self, int64_t id)
{
  const guint at = find_campaign (self, id);

  return is_campaign (self, at, id)
             ? ((TwinUpdate *) self->campaigns->pdata[at])->campaign
             : NULL;
}

const TwinStatusUpdate *
twin_live_plant_get_status (TwinLivePlant *self)
{
  return self->status != NULL ? self->status->status : NULL;
}

gboolean
twin_live_plant_is_live (TwinLivePlant *self, int64_t now_us)
{
  return self->status != NULL && self->status->status->link == TWIN_LINK_UP &&
         now_us - self->status->posted_us < ENGINE_SILENCE_US;
}

void
twin_live_plant_count_alarms (TwinLivePlant *self, guint counts[5])
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->alarms));

  memset (counts, 0, 5 * sizeof *counts);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinLiveAlarm) alarm =
          g_list_model_get_item (G_LIST_MODEL (self->alarms), i);
      const TwinAlarmItem *item = twin_live_alarm_get_item (alarm);

      if (twin_live_alarm_needs_ack (alarm))
        counts[0]++;
      if (item->active && item->priority >= 1 && item->priority <= 4)
        counts[item->priority]++;
    }
}

void
twin_live_plant_count_machines (TwinLivePlant *self,
                                guint          counts[TWIN_STATE_STALE + 1])
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->machines));

  memset (counts, 0, (TWIN_STATE_STALE + 1) * sizeof *counts);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinLiveItem) item =
          g_list_model_get_item (G_LIST_MODEL (self->machines), i);

      if (twin_live_item_counts (item))
        counts[twin_live_item_get_state (item)]++;
    }
}

void
twin_live_plant_get_delay (TwinLivePlant *self, double *p50_s, double *p99_s)
{
  TwinMeterFigures figures;

  g_return_if_fail (TWIN_IS_LIVE_PLANT (self));

  twin_meter_read (self->delay, &figures);
  *p50_s = figures.count > 0 ? twin_clock_seconds_from_us (figures.p50_us) : 0;
  *p99_s = figures.count > 0 ? twin_clock_seconds_from_us (figures.p99_us) : 0;
}
