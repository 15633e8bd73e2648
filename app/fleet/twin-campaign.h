/* SPDX-License-Identifier: Apache-2.0 */
/* twin-campaign.h - whom a firmware campaign would reach, and why
 *
 * Pure: rows in, decisions out; any thread. Starting a campaign comes later
 * and will need the preview's hash.
 */
#pragma once

#include "twin-fleet.h"

G_BEGIN_DECLS

/* What is known of a firmware image before it is offered. */
typedef struct
{
  const char        *device_class;
  const char        *version; /* "1.4.0" */
  const char        *minimum; /* oldest version it installs over, or NULL */
  const char *const *requires_features; /* NULL-terminated, or NULL */
  uint8_t            digest[TWIN_DIGEST_SIZE];
  uint64_t           size; /* bytes */
} TwinArtifact;

/* One candidate, from the engine's tables. */
typedef struct
{
  const char        *node;
  const char        *twin; /* or NULL: a node without a twin */
  const char        *serial;
  const char        *device_class; /* NULL: no birth seen */
  const char        *version;
  const char *const *features; /* NULL-terminated, or NULL */
  gboolean           matched;  /* the target query chose its twin */
  gboolean           online;
  gboolean           trusted; /* we hold its key from enrolment */
  gboolean           busy;    /* in another campaign */
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
  char             *node;
  char             *twin; /* or NULL */
  TwinTargetVerdict verdict;
  char             *why; /* a sentence, for every verdict */
} TwinTarget;

typedef struct
{
  size_t      n_targets; /* ordered by node */
  TwinTarget *targets;
  size_t      n_in;
  size_t      n_out;
  size_t      n_incompatible;
  uint8_t     hash[TWIN_DIGEST_SIZE]; /* of artifact and decisions: what was
                                       * approved is what will be started */
} TwinCampaignPreview;

TwinCampaignPreview *twin_campaign_preview (const TwinArtifact  *artifact,
                                            const TwinCandidate *candidates,
                                            size_t               n);
void                 twin_campaign_preview_free (TwinCampaignPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinCampaignPreview, twin_campaign_preview_free)

/* < 0, 0, > 0 as semantic versions ("1.10.0" after "1.9.2", "1.0.0-rc1"
 * before "1.0.0"); texts that are none compare bytewise, before all that
 * are. */
int twin_version_compare (const char *a, const char *b);

G_END_DECLS
