/* SPDX-License-Identifier: Apache-2.0
 *
 * node-update.h - the update agent: offer, fetch, trial, confirm or revert
 *
 * PROTOCOL.md says what it does, boot.h what it leaves to the bootloader. How
 * far a fetch came is read back from the slot after a restart; that one was
 * authorised, and by which command, is kept until its outcome is told.
 */
#ifndef NODE_UPDATE_H
#define NODE_UPDATE_H

#include "boot-sha256.h"
#include "boot.h"
#include "node-config.h"
#include "node-mqtt.h"

enum
{
  /* Bytes asked for at once: what fits a packet, at most 4096. */
  NODE_UPDATE_CHUNK = NODE_MQTT_RX_SIZE >= 4096 + 256
                          ? 4096
                          : (NODE_MQTT_RX_SIZE - 256) / 256 * 256,
};

typedef enum
{
  NODE_UPDATE_IDLE,
  NODE_UPDATE_OFFERED,
  NODE_UPDATE_DOWNLOADING,
  NODE_UPDATE_VERIFIED,
  NODE_UPDATE_PENDING,
  NODE_UPDATE_TRIAL,
  NODE_UPDATE_CONFIRMED,
  NODE_UPDATE_REVERTED,
  NODE_UPDATE_REFUSED,
} node_update_state;

/* One accelerometer's rate, measured between overruns. */
typedef struct
{
  uint64_t us; /* of its newest mark; 0: not begun */
  uint64_t count;
  uint32_t overruns;
  uint32_t sum_us, sum_count;
} node_update_clock;

typedef struct
{
  bool              usable; /* has code flash and knows its vendor */
  node_update_state state;
  boot_reason       reason;
  boot_meta         meta;
  boot_manifest     running; /* version "" without a slot */
  boot_manifest     subject; /* of the image the state is about */
  bool              has_subject;
  uint8_t           offer[BOOT_MANIFEST_MAX];
  uint32_t          offer_n;
  uint64_t          due_us;     /* of the next step; 0: an event wakes it */
  uint64_t          told_us;    /* when progress was reported */
  uint64_t          refused_us; /* when a manifest was refused */
  bool              untold;     /* state to be told as an event */
  bool              unfinished; /* its outcome is owed to a command */

  /* The fetch. */
  unsigned    slot;
  uint32_t    erased;               /* bytes of the slot */
  bool        headed;               /* the manifest is in it */
  uint32_t    offset;               /* bytes of the image taken */
  uint8_t     tail[HAL_FLASH_WORD]; /* of these, those not yet programmed */
  bool        asked;
  uint64_t    asked_us, heard_us;
  uint32_t    patience_s;
  boot_sha256 sha;
  uint32_t    hashed;

  /* The trial. */
  uint32_t          sensors; /* those that must be alive, one bit each */
  node_update_clock clock[NODE_ACCELS_MAX];
} node_update;

/* Whose images the node of @c takes; points into @c. */
boot_identity node_config_identity (const node_config *c);

#endif
