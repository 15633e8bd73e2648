/* SPDX-License-Identifier: Apache-2.0
 *
 * sensors.h - the simulated sensors that a node's configuration names
 */
#ifndef SENSORS_H
#define SENSORS_H

#include "node-config.h"
#include "sim.h"

/* Fit to @s what @c says is there, recordings apart. @wide is for an
 * accelerometer of wide band and outlives @s. */
void sensors_fit (sim *s, sim_iis3dwb *wide, const node_config *c);

#endif
