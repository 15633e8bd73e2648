/* SPDX-License-Identifier: Apache-2.0 */
/* twin-beacon.h - the plant's signed time, every 30 s
 *
 * One thread; see twin-fleet.h for the callbacks.
 */
#pragma once

#include "twin-fleet.h"

G_BEGIN_DECLS

typedef struct _TwinBeacon TwinBeacon;

TwinBeacon *twin_beacon_new (const TwinFleetIo *io);
void        twin_beacon_free (TwinBeacon *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinBeacon, twin_beacon_free)

/* Publishes when 30 s went by since the last, or at once after
 * twin_beacon_connected(). A publish that fails is tried at the next tick.
 * Call about once a second. */
void twin_beacon_tick (TwinBeacon *self);
void twin_beacon_connected (TwinBeacon *self);

G_END_DECLS
