/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rollout.h - a firmware campaign carried out, wave after wave
 *
 * Canaries first; when they are confirmed and have run their time, one group
 * after the other. Too many failures of a wave stop it: no further node is
 * told, nobody gets more of the image. One thread; see twin-fleet.h for the
 * callbacks.
 */
#pragma once

#include "twin-campaign.h"
#include "twin-commands.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_INSTALL_WAITING,     /* its turn has not come, or is coming again */
  TWIN_INSTALL_OFFLINE,     /* its turn has come, the node is away */
  TWIN_INSTALL_OFFERED,     /* told to; it has not begun */
  TWIN_INSTALL_DOWNLOADING, /* @offset bytes of the image are there */
  TWIN_INSTALL_VERIFIED,    /* has the whole image, restarts into it */
  TWIN_INSTALL_TRIAL,       /* runs it, not for good yet */
  TWIN_INSTALL_CONFIRMED,
  TWIN_INSTALL_REVERTED, /* went back to what it ran before; @why */
  TWIN_INSTALL_REFUSED,  /* will not have it; @why */
  TWIN_INSTALL_FAILED,   /* did not answer, stalled, never came back; @why */
} TwinInstallState;

/* "waiting" … "failed". */
const char *twin_install_state_to_string (TwinInstallState state);
gboolean    twin_install_state_from_string (const char       *text,
                                            TwinInstallState *state);
/* CONFIRMED and what follows it. */
gboolean twin_install_state_is_final (TwinInstallState state);

typedef struct
{
  char            *node;
  char            *twin;   /* or NULL */
  char            *before; /* version it ran when it was planned, or NULL */
  int              wave;   /* 0: canary */
  TwinInstallState state;
  uint32_t         offset;
  unsigned         attempts; /* how often it was told */
  char            *why;      /* a sentence, or NULL */
  gboolean         accepted; /* it failed, and a person went on all the same */
  int64_t          changed_us;
  /*< private >*/
  int64_t  deadline_us; /* monotonic */
  gboolean answered;    /* it took the command of this attempt */
} TwinInstall;

typedef enum
{
  TWIN_ROLLOUT_PLANNED,
  TWIN_ROLLOUT_RUNNING,
  TWIN_ROLLOUT_PAUSED,  /* by a person */
  TWIN_ROLLOUT_STOPPED, /* by itself: too many failures; @why */
  TWIN_ROLLOUT_ABORTED,
  TWIN_ROLLOUT_DONE, /* every node has an end */
} TwinRolloutState;

/* "planned" … "done". */
const char *twin_rollout_state_to_string (TwinRolloutState state);
gboolean    twin_rollout_state_from_string (const char       *text,
                                            TwinRolloutState *state);

/* Whole of what is kept and shown; written by the functions below alone. */
typedef struct
{
  int64_t            id; /* of the store */
  uint8_t            digest[TWIN_DIGEST_SIZE];
  uint32_t           size; /* bytes of the image */
  TwinCampaignLimits limits;
  TwinRolloutState   state;
  char              *why;      /* where it stands, a sentence */
  GPtrArray         *installs; /* TwinInstall, those that are in */
  int64_t            started_us, changed_us; /* UTC; TWIN_TIME_NONE */
} TwinRolloutView;

typedef struct _TwinRollout TwinRollout;

typedef struct
{
  gboolean (*online) (const char *node, void *user_data);
  /* Publishes the manifest and sends installFirmware; FALSE: not now. */
  gboolean (*offer) (TwinRollout       *rollout,
                     const TwinInstall *install,
                     void              *user_data,
                     GError           **error);
  /* After every change; @install NULL: of the campaign itself. */
  void (*changed) (TwinRollout       *rollout,
                   const TwinInstall *install,
                   void              *user_data);
  void *user_data;
} TwinRolloutHooks;

/* As planned or as kept; @clock NULL: the real one. An install that was being
 * offered when it was kept is offered again. */
TwinRollout *twin_rollout_new (const TwinRolloutView  *kept,
                               const TwinClock        *clock,
                               const TwinRolloutHooks *hooks);
void         twin_rollout_free (TwinRollout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinRollout, twin_rollout_free)

const TwinRolloutView *twin_rollout_get (const TwinRollout *self);
/* NULL: it is not in. Borrowed. */
const TwinInstall *twin_rollout_find (const TwinRollout *self,
                                      const char        *node);
/* Neither done nor aborted: its nodes are busy. */
gboolean twin_rollout_is_open (const TwinRollout *self);

/* Each fails with STATE, saying what the campaign is instead. */
gboolean twin_rollout_start (TwinRollout *self, GError **error);
gboolean twin_rollout_pause (TwinRollout *self, GError **error);
/* Also of a stopped one: goes on although nodes failed. */
gboolean twin_rollout_resume (TwinRollout *self, GError **error);
/* Nodes that have the whole image already go their way. */
gboolean twin_rollout_abort (TwinRollout *self, GError **error);
/* Those that failed get another turn. */
gboolean twin_rollout_retry (TwinRollout *self, GError **error);

/* Feed: every change of an installFirmware sent for it… */
void twin_rollout_command (TwinRollout *self, const TwinCommandState *state);
/* …the verified reported property `firmware` of @node, an object, and when it
 * was made (UTC; INT64_MAX: just now; TWIN_TIME_NONE: unknown): what was said
 * before it was told does not fail an install… */
void twin_rollout_reported (TwinRollout *self,
                            const char  *node,
                            JsonObject  *firmware,
                            int64_t      made_us);
/* …and requests for chunks: FALSE when none is to be sent now. */
gboolean twin_rollout_chunk (TwinRollout  *self,
                             const char   *node,
                             const uint8_t digest[TWIN_DIGEST_SIZE],
                             uint32_t      offset);

/* Tells whose turn it is, ends what is overdue. About once a second. */
void twin_rollout_tick (TwinRollout *self);

/* What a node's word for not taking or not keeping an image means: "the image
 * is for another class". */
const char *twin_firmware_reason_describe (const char *reason);

G_END_DECLS
