/* SPDX-License-Identifier: Apache-2.0 */
/* twin-campaign.h - whom a firmware campaign would reach, when, and why
 *
 * Pure: rows in, decisions out; any thread. twin-rollout.h carries a plan out;
 * its start needs the preview's hash.
 */
#pragma once

#include "twin-fleet.h"

G_BEGIN_DECLS

/* What is known of a firmware image before it is offered. */
typedef struct
{
  const char *device_class;
  const char *version; /* "1.4.0" */
  int64_t     sequence;
  uint8_t     digest[TWIN_DIGEST_SIZE];
  uint32_t    size; /* bytes */
} TwinArtifact;

/* How a campaign goes about it. */
typedef struct
{
  uint32_t canaries;  /* nodes tried first; 0: none */
  uint32_t groups;    /* the others, in so many parts; ≥ 1 */
  uint32_t parallel;  /* at most so many at once; ≥ 1 */
  uint32_t soak_s;    /* the canaries run so long before group 1 begins */
  uint32_t confirm_s; /* a node that has the image confirms within, or failed */
  double   go_on;     /* 0…1: so much of a group succeeded before the next */
  double   stop;      /* 0…1: a larger share of a group failed: no further */
} TwinCampaignLimits;

/* 1 canary, no soak, 1 group, 8 at once, 10 min (a node tries three times for
 * 3 min), 95 %, 5 %. */
TwinCampaignLimits twin_campaign_limits_default (void);
/* ARGUMENT, naming what is out of range. */
gboolean twin_campaign_limits_check (const TwinCampaignLimits *limits,
                                     GError                  **error);
/* As an object of numbers, by the members' names in camel case ("soakS"). */
JsonNode *twin_campaign_limits_to_json (const TwinCampaignLimits *limits);
/* Members that are not there keep their default; checked. */
gboolean twin_campaign_limits_from_json (JsonNode           *node,
                                         TwinCampaignLimits *limits,
                                         GError            **error);

/* One candidate, from the engine's tables. */
typedef struct
{
  const char *node;         /* NULL: a twin that no node serves */
  const char *twin;         /* or NULL: a node without a twin */
  const char *device_class; /* NULL: no birth seen */
  const char *version;
  int64_t     sequence; /* of what it runs; -1: not known */
  gboolean    online;
  gboolean    trusted; /* we hold its key and it holds ours */
  gboolean    busy;    /* in another campaign */
  const char *blocked; /* a sentence: why not now; NULL: nothing */
} TwinCandidate;

typedef enum
{
  TWIN_TARGET_IN,
  TWIN_TARGET_OUT,          /* not meant, or nothing to do */
  TWIN_TARGET_INCOMPATIBLE, /* meant, but the image does not fit */
} TwinTargetVerdict;

/* "in", "out", "incompatible". */
const char *twin_target_verdict_to_string (TwinTargetVerdict verdict);

typedef struct
{
  char             *node;   /* or NULL: none serves @twin */
  char             *twin;   /* or NULL */
  char             *before; /* version it runs, or NULL */
  TwinTargetVerdict verdict;
  int               wave; /* 0: canary, 1…: group; -1: not in */
  char             *why;  /* a sentence, for every verdict */
} TwinTarget;

typedef struct
{
  size_t      n_targets; /* ordered by node */
  TwinTarget *targets;
  size_t      n_in;
  size_t      n_out;
  size_t      n_incompatible;
  uint8_t     hash[TWIN_DIGEST_SIZE]; /* of artifact, limits and decisions:
                                       * what was approved is what will be
                                       * started */
} TwinCampaignPreview;

/* @candidates: those that were chosen. */
TwinCampaignPreview *twin_campaign_preview (const TwinArtifact       *artifact,
                                            const TwinCampaignLimits *limits,
                                            const TwinCandidate *candidates,
                                            size_t               n);
void                 twin_campaign_preview_free (TwinCampaignPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinCampaignPreview, twin_campaign_preview_free)

/* < 0, 0, > 0 as semantic versions ("1.10.0" after "1.9.2", "1.0.0-rc1"
 * before "1.0.0"); texts that are none compare bytewise, before all that
 * are. */
int twin_version_compare (const char *a, const char *b);

G_END_DECLS
