/* SPDX-License-Identifier: Apache-2.0
 *
 * node-update-private.h - between the parts of the update agent
 */
#ifndef NODE_UPDATE_PRIVATE_H
#define NODE_UPDATE_PRIVATE_H

#include "node-private.h"

/* An authorised installation, kept until its outcome is told. */
typedef struct
{
  uint8_t  id[8];   /* of the command */
  uint32_t sensors; /* alive before the trial, one bit each */
  uint32_t length;  /* of the envelope */
  uint8_t  envelope[BOOT_MANIFEST_MAX];
} node_update_install;

/* node-update.c */
bool node_update_kept (const node *n, node_update_install *out);
bool node_update_keep (node *n, const node_update_install *install);
void node_update_enter (node *n, node_update_state state, boot_reason reason);
hal_status node_update_mark (node       *n,
                             boot_state  state,
                             unsigned    trial,
                             boot_reason reason);
void       node_update_fail (node *n, boot_reason reason);
void       node_update_conclude (node *n);

/* node-update-fetch.c */
void node_update_fetch_begin (node *n, bool resume);
void node_update_fetch (node *n, uint64_t now);

/* node-update-trial.c */
void node_update_pend (node *n, uint64_t now);
void node_update_trial (node *n, uint64_t now);
/* One bit for each sensor that is fitted. */
uint32_t node_update_sensors (const node *n);

#endif
