/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-campaign-kept.c - what is kept and told of a campaign */
#include "twin-engine-firmware.h"

static TwinStoreCampaign
campaign_row (const TwinEngineCampaign *campaign, const char *limits)
{
  const TwinRolloutView *view = twin_rollout_get (campaign->rollout);

  return (TwinStoreCampaign){
    .id = campaign->id,
    .digest = campaign->digest,
    .target = campaign->target,
    .limits = limits,
    .hash = campaign->hash,
    .state = twin_rollout_state_to_string (view->state),
    .why = view->why,
    .who = campaign->who,
    .created_us = campaign->created_us,
    .started_us = view->started_us,
    .changed_us = view->changed_us,
  };
}

/* As it stands: of one that is in, by its install. */
static TwinStoreCampaignNode
node_row (const TwinEngineCampaign    *campaign,
          const TwinStoreCampaignNode *planned)
{
  TwinStoreCampaignNode row = *planned;
  const TwinInstall    *install =
      row.node != NULL ? twin_rollout_find (campaign->rollout, row.node) : NULL;

  row.campaign = campaign->id;
  if (install == NULL)
    return row;

  row.state = twin_install_state_to_string (install->state);
  row.offset = install->offset;
  row.attempts = install->attempts;
  row.accepted = install->accepted;
  row.why = install->why;
  row.changed_us = install->changed_us;
  return row;
}

gboolean
twin_engine_campaign_keep_row (TwinEngineCampaign *campaign, GError **error)
{
  g_autoptr (JsonNode) limits = twin_campaign_limits_to_json (
      &twin_rollout_get (campaign->rollout)->limits);
  g_autofree char        *text = json_to_string (limits, FALSE);
  const TwinStoreCampaign row = campaign_row (campaign, text);

  return twin_store_put_campaign (campaign->engine->store, &row, &campaign->id,
                                  error);
}

gboolean
twin_engine_campaign_keep (TwinEngineCampaign *campaign,
                           gboolean            all,
                           GError            **error)
{
  if (!twin_engine_campaign_keep_row (campaign, error))
    return FALSE;

  for (guint i = 0; i < campaign->planned->len; i++)
    {
      const TwinStoreCampaignNode *planned =
          g_ptr_array_index (campaign->planned, i);
      TwinStoreCampaignNode row;

      if (planned->node == NULL ||
          (!all &&
           !g_hash_table_contains (campaign->dirty_nodes, planned->node)))
        continue;
      row = node_row (campaign, planned);
      if (!twin_store_put_campaign_node (campaign->engine->store, &row, error))
        return FALSE;
    }
  return TRUE;
}

/* --- telling -------------------------------------------------------------- */

static TwinCampaignNodeItem *
node_item (const TwinEngineCampaign    *campaign,
           const TwinStoreCampaignNode *planned)
{
  const TwinStoreCampaignNode row = node_row (campaign, planned);
  const uint32_t              size = twin_rollout_get (campaign->rollout)->size;
  TwinCampaignNodeItem       *item = g_new0 (TwinCampaignNodeItem, 1);

  item->node = g_strdup (row.node);
  item->twin = g_strdup (row.twin);
  item->before = g_strdup (row.before);
  item->verdict = g_strdup (row.verdict);
  item->wave = (int) row.wave;
  item->state = g_strdup (row.state);
  item->share = size > 0 ? (double) row.offset / size : 0;
  item->why = g_strdup (row.why);
  item->changed_us = row.changed_us;
  return item;
}

static void
post (TwinEngine *self, const TwinEngineCampaign *campaign)
{
  const TwinRolloutView *view = twin_rollout_get (campaign->rollout);
  TwinCampaignUpdate    *update = twin_campaign_update_new ();
  g_autoptr (JsonNode) limits = twin_campaign_limits_to_json (&view->limits);

  update->id = campaign->id;
  update->digest = g_strdup (campaign->digest);
  update->vendor = g_strdup (campaign->vendor);
  update->class_name = g_strdup (campaign->class_name);
  update->version = g_strdup (campaign->version);
  update->target = g_strdup (campaign->target);
  update->limits = json_to_string (limits, FALSE);
  update->hash = g_strdup (campaign->hash);
  update->state = g_strdup (twin_rollout_state_to_string (view->state));
  update->why = g_strdup (view->why);
  update->who = g_strdup (campaign->who);
  update->created_us = campaign->created_us;
  update->started_us = view->started_us;
  update->changed_us = view->changed_us;
  for (guint i = 0; i < campaign->planned->len; i++)
    g_ptr_array_add (update->nodes,
                     node_item (campaign,
                                g_ptr_array_index (campaign->planned, i)));
  g_ptr_array_add (self->out_updates,
                   twin_update_new (TWIN_UPDATE_CAMPAIGN, update));
}

void
twin_engine_firmware_publish_all (TwinEngine *self)
{
  const TwinEngineFirmware *firmware = self->firmware;

  for (guint i = 0; i < firmware->campaigns->len; i++)
    post (self, g_ptr_array_index (firmware->campaigns, i));
}

void
twin_engine_campaign_flush (TwinEngineCampaign *campaign)
{
  TwinEngine *self = campaign->engine;
  g_autoptr (GError) error = NULL;

  if (!twin_engine_batch_open (self))
    return; /* stays dirty */

  if (!twin_engine_campaign_keep (campaign, FALSE, &error))
    {
      twin_engine_store_failed (self, g_steal_pointer (&error));
      return;
    }

  campaign->dirty = FALSE;
  g_hash_table_remove_all (campaign->dirty_nodes);
  post (self, campaign);
  self->flush = TRUE;
}
