/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-campaign.c - firmware campaigns under way
 *
 * app/fleet decides whose turn it is. What changed is kept and told together,
 * twice a second.
 */
#include "twin-engine-firmware.h"

#include <string.h>

#define FLUSH_US (TWIN_US_PER_S / 2)

/* An image may take a day to arrive; then it is tried. */
#define RUN_S (25.0 * 3600)

enum
{
  CAMPAIGNS_MAX = 50, /* the newest are known here */
};

static TwinEngineFirmware *
firmware_of (TwinEngine *self)
{
  return self->firmware;
}

/* --- what the rollout asks ------------------------------------------------ */

static gboolean
is_online (const char *node, void *user_data)
{
  const TwinEngineCampaign *campaign = user_data;
  const TwinEngineNode     *found =
      g_hash_table_lookup (campaign->engine->nodes, node);

  return found != NULL && found->online && found->enrolled &&
         found->birth != NULL;
}

static JsonNode *
install_arguments (const char *digest)
{
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonObject *bytes = json_object_new ();

  json_object_set_string_member (bytes, "$hex", digest);
  json_object_set_object_member (object, "digest", bytes);
  json_node_take_object (node, object);
  return node;
}

static gboolean
offer (TwinRollout       *rollout,
       const TwinInstall *install,
       void              *user_data,
       GError           **error)
{
  TwinEngineCampaign *campaign = user_data;
  TwinEngine         *self = campaign->engine;
  g_autofree char    *topic =
      twin_topic_format (self->plant, install->node, TWIN_CHANNEL_MANIFEST);
  g_autoptr (JsonNode) arguments = install_arguments (campaign->digest);
  const TwinCommandRequest request = {
    .node = install->node,
    .command = "installFirmware",
    .arguments = arguments,
    .who = campaign->who,
    .run_s = RUN_S,
  };

  return twin_engine_campaign_read (campaign, error) &&
         twin_engine_link_publish (topic, campaign->package->envelope, 1, FALSE,
                                   self, error) &&
         twin_commands_send (self->commands, &request, NULL, error);
}

static void
log_install (TwinEngineCampaign *campaign, const TwinInstall *install)
{
  if (!twin_install_state_is_final (install->state))
    return;

  twin_engine_log (campaign->engine, "firmware", install->twin, campaign->who,
                   "Node %s, firmware %s: %s%s%s.", install->node,
                   campaign->version,
                   twin_install_state_to_string (install->state),
                   install->why != NULL ? ", " : "",
                   install->why != NULL ? install->why : "");
}

static void
changed (TwinRollout *rollout, const TwinInstall *install, void *user_data)
{
  TwinEngineCampaign *campaign = user_data;

  campaign->dirty = TRUE;
  if (install == NULL)
    return;

  g_hash_table_add (campaign->dirty_nodes, install->node);
  log_install (campaign, install);
}

/* --- one campaign --------------------------------------------------------- */

static void
planned_free (void *data)
{
  TwinStoreCampaignNode *row = data;

  g_free ((char *) row->node);
  g_free ((char *) row->twin);
  g_free ((char *) row->before);
  g_free ((char *) row->verdict);
  g_free ((char *) row->state);
  g_free ((char *) row->why);
  g_free (row);
}

static void
campaign_free (void *data)
{
  TwinEngineCampaign *campaign = data;

  g_clear_pointer (&campaign->rollout, twin_rollout_free);
  g_clear_pointer (&campaign->package, twin_package_free);
  g_ptr_array_unref (campaign->planned);
  g_hash_table_unref (campaign->dirty_nodes);
  g_free (campaign->digest);
  g_free (campaign->vendor);
  g_free (campaign->class_name);
  g_free (campaign->version);
  g_free (campaign->target);
  g_free (campaign->hash);
  g_free (campaign->who);
  g_free (campaign);
}

static TwinEngineCampaign *
campaign_new (TwinEngine *self, const TwinStoreFirmware *package)
{
  TwinEngineCampaign *campaign = g_new0 (TwinEngineCampaign, 1);

  campaign->engine = self;
  campaign->digest = g_strdup (package->digest);
  campaign->vendor = g_strdup (package->vendor);
  campaign->class_name = g_strdup (package->class_name);
  campaign->version = g_strdup (package->version);
  campaign->sequence = package->sequence;
  campaign->planned = g_ptr_array_new_with_free_func (planned_free);
  campaign->dirty_nodes = g_hash_table_new (g_str_hash, g_str_equal);
  return campaign;
}

gboolean
twin_engine_campaign_read (TwinEngineCampaign *campaign, GError **error)
{
  g_autoptr (TwinStoreFirmware) row = NULL;

  if (campaign->package != NULL)
    return TRUE;

  row = twin_store_reader_get_firmware (campaign->engine->reader,
                                        campaign->digest, error);
  campaign->package =
      row != NULL ? twin_package_new (row->manifest, row->image, error) : NULL;
  return campaign->package != NULL;
}

TwinEngineCampaign *
twin_engine_campaign_find (TwinEngine *self, int64_t id)
{
  const TwinEngineFirmware *firmware = firmware_of (self);

  for (guint i = 0; i < firmware->campaigns->len; i++)
    {
      TwinEngineCampaign *campaign = g_ptr_array_index (firmware->campaigns, i);

      if (campaign->id == id)
        return campaign;
    }
  return NULL;
}

static gboolean
is_under_way (const TwinEngineCampaign *campaign)
{
  return twin_rollout_is_open (campaign->rollout) &&
         twin_rollout_get (campaign->rollout)->state != TWIN_ROLLOUT_PLANNED;
}

gboolean
twin_engine_campaign_has (TwinEngine *self, const char *node)
{
  const TwinEngineFirmware *firmware = firmware_of (self);

  for (guint i = 0; i < firmware->campaigns->len; i++)
    {
      const TwinEngineCampaign *campaign =
          g_ptr_array_index (firmware->campaigns, i);
      const TwinInstall *install = twin_rollout_find (campaign->rollout, node);

      if (is_under_way (campaign) && install != NULL &&
          !twin_install_state_is_final (install->state))
        return TRUE;
    }
  return FALSE;
}

/* --- feeding the rollouts ------------------------------------------------- */

void
twin_engine_firmware_command (TwinEngine *self, const TwinCommandState *state)
{
  const TwinEngineFirmware *firmware = firmware_of (self);

  if (g_strcmp0 (state->command, "installFirmware") != 0)
    return;

  for (guint i = 0; i < firmware->campaigns->len; i++)
    {
      TwinEngineCampaign *campaign = g_ptr_array_index (firmware->campaigns, i);

      if (is_under_way (campaign))
        twin_rollout_command (campaign->rollout, state);
    }
}

void
twin_engine_firmware_reported (TwinEngine     *self,
                               TwinEngineNode *node,
                               JsonNode       *properties,
                               int64_t         made_us)
{
  const TwinEngineFirmware *firmware = firmware_of (self);
  JsonNode                 *member =
      json_object_get_member (json_node_get_object (properties), "firmware");

  if (member == NULL || !JSON_NODE_HOLDS_OBJECT (member))
    return;

  for (guint i = 0; i < firmware->campaigns->len; i++)
    {
      TwinEngineCampaign *campaign = g_ptr_array_index (firmware->campaigns, i);

      twin_rollout_reported (campaign->rollout, node->name,
                             json_node_get_object (member), made_us);
    }
}

void
twin_engine_firmware_tick (TwinEngine *self)
{
  const TwinEngineFirmware *firmware = firmware_of (self);

  for (guint i = 0; i < firmware->campaigns->len; i++)
    {
      TwinEngineCampaign *campaign = g_ptr_array_index (firmware->campaigns, i);

      if (is_under_way (campaign))
        twin_rollout_tick (campaign->rollout);
    }
}

void
twin_engine_firmware_turn (TwinEngine *self, int64_t monotonic_us)
{
  TwinEngineFirmware *firmware = firmware_of (self);

  if (g_hash_table_size (firmware->wanted) > 0)
    twin_engine_chunks_serve (self, monotonic_us);

  if (monotonic_us < firmware->flush_us)
    return;

  firmware->flush_us = monotonic_us + FLUSH_US;
  for (guint i = 0; i < firmware->campaigns->len; i++)
    {
      TwinEngineCampaign *campaign = g_ptr_array_index (firmware->campaigns, i);

      if (campaign->dirty)
        twin_engine_campaign_flush (campaign);
    }
}

/* --- planning and loading ------------------------------------------------- */

/* What is in becomes an install. */
static void
add_planned (TwinEngineCampaign    *campaign,
             GPtrArray             *installs,
             TwinStoreCampaignNode *row)
{
  TwinInstall *install;

  g_ptr_array_add (campaign->planned, row);
  if (row->wave < 0)
    return;

  install = g_new0 (TwinInstall, 1);
  install->node = (char *) row->node;
  install->twin = (char *) row->twin;
  install->before = (char *) row->before;
  install->why = (char *) row->why;
  install->wave = (int) row->wave;
  install->offset = (uint32_t) row->offset;
  install->attempts = (unsigned) row->attempts;
  install->accepted = row->accepted;
  install->changed_us = row->changed_us;
  twin_install_state_from_string (row->state, &install->state);
  g_ptr_array_add (installs, install);
}

static void
make_rollout (TwinEngineCampaign *campaign, const TwinRolloutView *view)
{
  const TwinRolloutHooks hooks = { is_online, offer, changed, campaign };

  campaign->rollout = twin_rollout_new (view, NULL, &hooks);
}

static TwinStoreCampaignNode *
row_of_target (const TwinTarget *target)
{
  TwinStoreCampaignNode *row = g_new0 (TwinStoreCampaignNode, 1);

  row->node = g_strdup (target->node);
  row->twin = g_strdup (target->twin);
  row->before = g_strdup (target->before);
  row->verdict = g_strdup (twin_target_verdict_to_string (target->verdict));
  row->wave = target->wave;
  row->changed_us = TWIN_TIME_NONE;
  if (target->verdict == TWIN_TARGET_IN)
    row->state = g_strdup (twin_install_state_to_string (TWIN_INSTALL_WAITING));
  else
    row->why = g_strdup (target->why);
  return row;
}

TwinEngineCampaign *
twin_engine_campaign_plan (TwinEngine                *self,
                           const TwinStoreFirmware   *package,
                           const TwinCampaignPreview *preview,
                           const TwinCampaignLimits  *limits,
                           const char                *target,
                           const char                *who,
                           GError                   **error)
{
  TwinEngineFirmware *firmware = firmware_of (self);
  TwinEngineCampaign *campaign = campaign_new (self, package);
  g_autoptr (GPtrArray) installs = g_ptr_array_new_with_free_func (g_free);
  TwinRolloutView view = { .size = (uint32_t) package->size,
                           .limits = *limits,
                           .state = TWIN_ROLLOUT_PLANNED,
                           .installs = installs,
                           .started_us = TWIN_TIME_NONE,
                           .changed_us = twin_clock_utc_us () };

  twin_hex_parse (package->digest, view.digest, sizeof view.digest);
  campaign->target = g_strdup (target);
  campaign->who = g_strdup (who);
  campaign->hash = twin_hex_format (preview->hash, sizeof preview->hash);
  campaign->created_us = view.changed_us;
  for (size_t i = 0; i < preview->n_targets; i++)
    add_planned (campaign, installs, row_of_target (&preview->targets[i]));
  make_rollout (campaign, &view);

  /* The id is the row's; the rollout learns it by being made again. */
  if (!twin_engine_batch_open (self) ||
      !twin_engine_campaign_keep_row (campaign, error))
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_KEEP,
                             "The plan could not be kept");
      campaign_free (campaign);
      return NULL;
    }
  view.id = campaign->id;
  twin_rollout_free (campaign->rollout);
  make_rollout (campaign, &view);
  if (!twin_engine_campaign_keep (campaign, TRUE, error))
    {
      campaign_free (campaign);
      return NULL;
    }

  g_ptr_array_add (firmware->campaigns, campaign);
  campaign->dirty = TRUE;
  return campaign;
}

static gboolean
load_nodes (TwinEngine         *self,
            TwinEngineCampaign *campaign,
            GPtrArray          *installs,
            GError            **error)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_campaign_nodes (self->reader, campaign->id, error);

  if (rows == NULL)
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreCampaignNode *row = g_ptr_array_index (rows, i);
      TwinStoreCampaignNode       *copy = g_memdup2 (row, sizeof *row);

      copy->node = g_strdup (row->node);
      copy->twin = g_strdup (row->twin);
      copy->before = g_strdup (row->before);
      copy->verdict = g_strdup (row->verdict);
      copy->state = g_strdup (row->state);
      copy->why = g_strdup (row->why);
      add_planned (campaign, installs, copy);
    }
  return TRUE;
}

static gboolean
load (TwinEngine *self, const TwinStoreCampaign *row, GError **error)
{
  TwinEngineFirmware *firmware = firmware_of (self);
  g_autoptr (TwinStoreFirmware) package =
      twin_store_reader_get_firmware (self->reader, row->digest, error);
  g_autoptr (GPtrArray) installs = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonNode) limits = json_from_string (row->limits, NULL);
  TwinRolloutView     view = { .id = row->id,
                               .why = (char *) row->why,
                               .installs = installs,
                               .started_us = row->started_us,
                               .changed_us = row->changed_us };
  TwinEngineCampaign *campaign;

  if (package == NULL)
    return FALSE;

  campaign = campaign_new (self, package);
  campaign->id = row->id;
  campaign->target = g_strdup (row->target);
  campaign->hash = g_strdup (row->hash);
  campaign->who = g_strdup (row->who);
  campaign->created_us = row->created_us;
  view.size = (uint32_t) package->size;
  twin_hex_parse (package->digest, view.digest, sizeof view.digest);
  if (!twin_campaign_limits_from_json (limits, &view.limits, error) ||
      !twin_rollout_state_from_string (row->state, &view.state) ||
      !load_nodes (self, campaign, installs, error))
    {
      campaign_free (campaign);
      return FALSE;
    }

  make_rollout (campaign, &view);
  g_ptr_array_insert (firmware->campaigns, 0, campaign);
  return TRUE;
}

gboolean
twin_engine_firmware_open (TwinEngine *self, GError **error)
{
  TwinEngineFirmware *firmware = g_new0 (TwinEngineFirmware, 1);
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_campaigns (self->reader, error);

  self->firmware = firmware;
  firmware->campaigns = g_ptr_array_new_with_free_func (campaign_free);
  firmware->wanted =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  firmware->filled_us = twin_clock_monotonic_us ();
  for (guint i = 0; rows != NULL && i < MIN (rows->len, CAMPAIGNS_MAX); i++)
    {
      const TwinStoreCampaign *row = g_ptr_array_index (rows, i);
      g_autoptr (GError) spoilt = NULL;

      if (!load (self, row, &spoilt))
        g_warning ("Campaign %" G_GINT64_FORMAT " cannot be read: %s", row->id,
                   spoilt != NULL ? spoilt->message : "its row is spoilt");
    }
  return rows != NULL;
}

void
twin_engine_firmware_close (TwinEngine *self)
{
  TwinEngineFirmware *firmware = firmware_of (self);

  if (firmware == NULL)
    return;

  g_ptr_array_unref (firmware->campaigns);
  g_hash_table_unref (firmware->wanted);
  g_free (firmware);
  self->firmware = NULL;
}
