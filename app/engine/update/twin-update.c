/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-update.h"

#include <math.h>

static void
plant_item_free (void *data)
{
  TwinStructureItem *item = data;

  g_free (item->id);
  g_free (item->name);
  g_free (item->parent);
  g_free (item->model);
  g_free (item->node);
  g_free (item->lifecycle);
  g_free (item->etag);
  g_strfreev (item->tags);
  g_free (item->tier);
  g_free (item->ghost);
  g_free (item);
}

static void
value_item_free (void *data)
{
  TwinValueItem *item = data;

  g_free (item->twin);
  g_free (item->path);
  g_free (item->label);
  g_free (item->unit);
  g_free (item->text);
  g_free (item);
}

static void
state_item_free (void *data)
{
  TwinStateItem *item = data;

  g_free (item->twin);
  g_free (item->speed_source);
  g_free (item->mode);
  g_free (item->finding);
  g_free (item->sureness);
  g_free (item->advice);
  g_free (item->reason);
  g_free (item->reliability);
  g_free (item->rul_why);
  g_free (item->usual_why);
  g_free (item->suggested_why);
  g_free (item->maintenance);
  g_free (item);
}

static void
alarm_item_free (void *data)
{
  TwinAlarmItem *item = data;

  g_free (item->id);
  g_free (item->twin);
  g_free (item->machine);
  g_free (item->source);
  g_free (item->name);
  g_free (item->state);
  g_free (item->value_text);
  g_free (item->limit_text);
  g_free (item->why);
  g_free (item->advice);
  g_free (item->note);
  g_free (item->note_by);
  g_free (item);
}

static void
node_item_free (void *data)
{
  TwinNodeItem *item = data;

  g_free (item->name);
  g_free (item->serial);
  g_free (item->class_name);
  g_free (item->firmware);
  g_free (item->boot);
  g_free (item->twin);
  g_strfreev (item->signals);
  g_strfreev (item->facts);
  g_free (item->reported);
  g_free (item->desired);
  g_free (item->birth);
  g_free (item->leaving);
  g_free (item);
}

static void
order_item_free (void *data)
{
  TwinOrderItem *item = data;

  g_free (item->id);
  g_free (item->machine);
  g_free (item->date);
  g_free (item->work);
  g_free (item->note);
  g_free (item->state);
  g_free (item->message);
  g_free (item->who);
  g_free (item->element);
  g_free (item->verdict);
  g_free (item->found);
  g_free (item->found_note);
  g_free (item->found_who);
  g_free (item);
}

static void
log_item_free (void *data)
{
  TwinLogItem *item = data;

  g_free (item->machine);
  g_free (item->kind);
  g_free (item->who);
  g_free (item->text);
  g_free (item);
}

static void
tone_clear (void *data)
{
  g_free (((TwinTone *) data)->name);
}

static void
peak_clear (void *data)
{
  TwinPeakItem *peak = data;

  g_free (peak->name);
  g_free (peak->family);
}

static void
past_clear (void *data)
{
  g_free (((TwinPastPrediction *) data)->verdict);
}

GPtrArray *
twin_update_items_new (TwinUpdateKind kind)
{
  switch (kind)
    {
    case TWIN_UPDATE_PLANT:
    case TWIN_UPDATE_TWINS:
      return g_ptr_array_new_with_free_func (plant_item_free);
    case TWIN_UPDATE_VALUES:
      return g_ptr_array_new_with_free_func (value_item_free);
    case TWIN_UPDATE_STATES:
      return g_ptr_array_new_with_free_func (state_item_free);
    case TWIN_UPDATE_ALARMS:
      return g_ptr_array_new_with_free_func (alarm_item_free);
    case TWIN_UPDATE_NODES:
      return g_ptr_array_new_with_free_func (node_item_free);
    case TWIN_UPDATE_LOG:
      return g_ptr_array_new_with_free_func (log_item_free);
    case TWIN_UPDATE_ORDERS:
      return g_ptr_array_new_with_free_func (order_item_free);
    case TWIN_UPDATE_BLOCK:
    case TWIN_UPDATE_FINDING:
    case TWIN_UPDATE_FAULTS:
    case TWIN_UPDATE_LIFE:
    case TWIN_UPDATE_REQUEST:
    case TWIN_UPDATE_STATUS:
    case TWIN_UPDATE_CAMPAIGN:
      break;
    }

  g_return_val_if_reached (NULL);
}

static void
bearing_clear (void *data)
{
  g_free (((TwinBearingItem *) data)->designation);
}

TwinBlockUpdate *
twin_block_update_new (void)
{
  TwinBlockUpdate *block = g_new0 (TwinBlockUpdate, 1);

  block->tones = g_array_new (FALSE, TRUE, sizeof (TwinTone));
  g_array_set_clear_func (block->tones, tone_clear);
  block->peaks = g_array_new (FALSE, TRUE, sizeof (TwinPeakItem));
  g_array_set_clear_func (block->peaks, peak_clear);
  block->facts.bearings = g_array_new (FALSE, TRUE, sizeof (TwinBearingItem));
  g_array_set_clear_func (block->facts.bearings, bearing_clear);
  block->facts.neighbours_hz = g_array_new (FALSE, TRUE, sizeof (double));
  return block;
}

TwinFindingUpdate *
twin_finding_update_new (void)
{
  return g_new0 (TwinFindingUpdate, 1);
}

static void
fault_clear (void *data)
{
  TwinFaultItem *item = data;

  g_free (item->fault);
  g_free (item->answer);
  g_free (item->why);
  g_free (item->needs);
  g_strfreev (item->checks);
}

TwinFaultsUpdate *
twin_faults_update_new (void)
{
  TwinFaultsUpdate *faults = g_new0 (TwinFaultsUpdate, 1);

  faults->items = g_array_new (FALSE, TRUE, sizeof (TwinFaultItem));
  g_array_set_clear_func (faults->items, fault_clear);
  return faults;
}

static void
faults_free (TwinFaultsUpdate *faults)
{
  g_free (faults->machine);
  g_free (faults->sensor);
  g_free (faults->axes);
  g_free (faults->limit);
  g_free (faults->quality);
  g_array_unref (faults->items);
  g_free (faults);
}

TwinLifeUpdate *
twin_life_update_new (void)
{
  TwinLifeUpdate *life = g_new0 (TwinLifeUpdate, 1);

  life->times_us = g_array_new (FALSE, TRUE, sizeof (int64_t));
  life->index = g_array_new (FALSE, TRUE, sizeof (double));
  life->past = g_array_new (FALSE, TRUE, sizeof (TwinPastPrediction));
  g_array_set_clear_func (life->past, past_clear);
  life->threshold = life->threshold_sd = NAN;
  life->p05_s = life->p25_s = life->p50_s = life->p75_s = life->p95_s = NAN;
  life->lower_s = NAN;
  life->onset_us = life->suggested_us = TWIN_TIME_NONE;
  return life;
}

static void
campaign_node_item_free (void *data)
{
  TwinCampaignNodeItem *item = data;

  g_free (item->node);
  g_free (item->twin);
  g_free (item->before);
  g_free (item->verdict);
  g_free (item->state);
  g_free (item->why);
  g_free (item);
}

TwinCampaignUpdate *
twin_campaign_update_new (void)
{
  TwinCampaignUpdate *campaign = g_new0 (TwinCampaignUpdate, 1);

  campaign->nodes = g_ptr_array_new_with_free_func (campaign_node_item_free);
  return campaign;
}

static void
campaign_free (TwinCampaignUpdate *campaign)
{
  g_free (campaign->digest);
  g_free (campaign->vendor);
  g_free (campaign->class_name);
  g_free (campaign->version);
  g_free (campaign->target);
  g_free (campaign->limits);
  g_free (campaign->hash);
  g_free (campaign->state);
  g_free (campaign->why);
  g_free (campaign->who);
  g_ptr_array_unref (campaign->nodes);
  g_free (campaign);
}

static void
block_free (TwinBlockUpdate *block)
{
  g_free (block->twin);
  g_free (block->sensor);
  g_free (block->samples);
  g_free (block->spectrum);
  g_free (block->envelope);
  g_free (block->zone);
  g_free (block->speed_source);
  g_array_unref (block->tones);
  g_array_unref (block->peaks);
  g_array_unref (block->facts.bearings);
  g_array_unref (block->facts.neighbours_hz);
  g_free (block);
}

static void
finding_free (TwinFindingUpdate *finding)
{
  g_free (finding->machine);
  g_free (finding->twin);
  g_free (finding->sensor);
  g_free (finding->verdict);
  g_free (finding->suspected);
  g_free (finding->why);
  g_free (finding->quality);
  g_free (finding->reliability);
  g_free (finding->neighbours);
  g_clear_pointer (&finding->bands, g_array_unref);
  g_free (finding);
}

static void
life_free (TwinLifeUpdate *life)
{
  g_free (life->machine);
  g_array_unref (life->times_us);
  g_array_unref (life->index);
  g_array_unref (life->past);
  g_free (life->damage);
  g_free (life->calibration);
  g_free (life->why);
  g_free (life);
}

static void
request_free (TwinRequestUpdate *request)
{
  g_free (request->text);
  g_free (request->detail);
  g_free (request);
}

static void
status_free (TwinStatusUpdate *status)
{
  g_free (status->broker);
  g_free (status->link_text);
  g_free (status->oldest_value_twin);
  g_free (status->plant);
  g_free (status);
}

static void
payload_free (TwinUpdate *self)
{
  switch (self->kind)
    {
    case TWIN_UPDATE_PLANT:
    case TWIN_UPDATE_TWINS:
    case TWIN_UPDATE_VALUES:
    case TWIN_UPDATE_STATES:
    case TWIN_UPDATE_ALARMS:
    case TWIN_UPDATE_NODES:
    case TWIN_UPDATE_LOG:
    case TWIN_UPDATE_ORDERS:
      g_ptr_array_unref (self->items);
      break;
    case TWIN_UPDATE_BLOCK:
      block_free (self->block);
      break;
    case TWIN_UPDATE_FINDING:
      finding_free (self->finding);
      break;
    case TWIN_UPDATE_FAULTS:
      faults_free (self->faults);
      break;
    case TWIN_UPDATE_LIFE:
      life_free (self->life);
      break;
    case TWIN_UPDATE_REQUEST:
      request_free (self->request);
      break;
    case TWIN_UPDATE_STATUS:
      status_free (self->status);
      break;
    case TWIN_UPDATE_CAMPAIGN:
      campaign_free (self->campaign);
      break;
    }
}

TwinUpdate *
twin_update_new (TwinUpdateKind kind, void *payload)
{
  TwinUpdate *self = g_new0 (TwinUpdate, 1);

  self->refs = 1;
  self->kind = kind;
  self->posted_us = twin_clock_utc_us ();
  self->items = payload; /* every member of the union is one pointer */
  return self;
}

TwinUpdate *
twin_update_ref (TwinUpdate *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

void
twin_update_unref (TwinUpdate *self)
{
  if (!g_atomic_int_dec_and_test (&self->refs))
    return;

  payload_free (self);
  g_free (self);
}
