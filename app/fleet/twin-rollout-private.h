/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rollout-private.h - what the parts of a rollout share
 *
 * twin-rollout-words: names; twin-rollout-node: what a node says;
 * twin-rollout-turns: whose turn it is; twin-rollout: what a person does.
 */
#pragma once

#include "twin-rollout.h"

/* A node that took the offer begins within; else it is told again. */
#define BEGIN_US (120 * TWIN_US_PER_S)
/* One that cannot take it now is told again after. */
#define AGAIN_US (10 * TWIN_US_PER_S)
/* One that is online and fetches asks for something within. */
#define STALL_US (600 * TWIN_US_PER_S)

struct _TwinRollout
{
  TwinRolloutView  view;
  const TwinClock *clock;
  TwinRolloutHooks hooks;
  GHashTable      *by_node; /* node → TwinInstall, borrowed */
};

void twin_rollout_tell (TwinRollout *self, const TwinInstall *install);
/* Takes @why. */
void twin_rollout_enter (TwinRollout *self, TwinRolloutState state, char *why);
/* Takes @why; @wait_us: how long it may stay so, 0: for ever. */
void twin_rollout_move (TwinRollout     *self,
                        TwinInstall     *install,
                        TwinInstallState state,
                        int64_t          wait_us,
                        char            *why);
/* It did not take it this time. Takes @why. */
void twin_rollout_turn_again (TwinRollout *self,
                              TwinInstall *install,
                              char        *why);
/* NULL: not of this campaign. */
TwinInstall *twin_rollout_lookup (TwinRollout *self, const char *node);

gboolean twin_install_state_has_failed (TwinInstallState state);
