/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-firmware.h - what the engine's files of firmware share
 *
 * Pipeline thread only.
 */
#pragma once

#include "twin-engine-private.h"
#include "twin-firmware.h"
#include "twin-rollout.h"
#include "twin-store-firmware.h"

G_BEGIN_DECLS

/* A campaign as it was planned, and its rollout. */
typedef struct
{
  TwinEngine  *engine; /* borrowed */
  int64_t      id;
  TwinRollout *rollout;
  TwinPackage *package; /* read when it is needed; NULL: not yet */
  char        *digest, *vendor, *class_name, *version;
  int64_t      sequence;
  char        *target, *hash, *who;
  int64_t      created_us;
  GPtrArray   *planned;     /* TwinStoreCampaignNode: all that were chosen */
  gboolean     dirty;       /* its row, or one of @dirty_nodes */
  GHashTable  *dirty_nodes; /* names, borrowed of the rollout */
} TwinEngineCampaign;

typedef struct
{
  GPtrArray  *campaigns; /* TwinEngineCampaign, oldest first */
  GHashTable *wanted;    /* node → TwinChunkGet: to be answered */
  double      budget;    /* bytes that may be sent now */
  int64_t     filled_us; /* monotonic: when it was reckoned */
  int64_t     flush_us;  /* monotonic: what changed is kept then */
} TwinEngineFirmware;

/* A campaign of what was decided, kept; NULL with an error. */
TwinEngineCampaign *twin_engine_campaign_plan (
    TwinEngine                *self,
    const TwinStoreFirmware   *package,
    const TwinCampaignPreview *preview,
    const TwinCampaignLimits  *limits,
    const char                *target,
    const char                *who,
    GError                   **error);
TwinEngineCampaign *twin_engine_campaign_find (TwinEngine *self, int64_t id);
/* An open campaign has @node and is not done with it. */
gboolean twin_engine_campaign_has (TwinEngine *self, const char *node);
/* Once: reads the package of the store. */
gboolean twin_engine_campaign_read (TwinEngineCampaign *campaign,
                                    GError            **error);
/* Its row alone: gives it its id. */
gboolean twin_engine_campaign_keep_row (TwinEngineCampaign *campaign,
                                        GError            **error);
/* Its row, and those of the nodes that changed or of all. */
gboolean twin_engine_campaign_keep (TwinEngineCampaign *campaign,
                                    gboolean            all,
                                    GError            **error);
/* Keeps and tells what changed now, not with the next round. */
void twin_engine_campaign_flush (TwinEngineCampaign *campaign);
/* Answers the nodes that wait for a piece, within the bounded rate. */
void twin_engine_chunks_serve (TwinEngine *self, int64_t now_us);

G_END_DECLS
