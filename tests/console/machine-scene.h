/* SPDX-License-Identifier: Apache-2.0 */
/* machine-scene.h - a plant with one machine, made of engine updates
 *
 * What a window would have after some minutes: structure, values, states, a
 * block, a finding, a life, alarms, a node. Everything comes from a fixed seed.
 * Main thread.
 */
#pragma once

#include "twin-live-plant.h"

/* Half past ten on 24 November 2026, UTC. */
#define SCENE_MACHINE "compressor-7"
#define SCENE_NODE "n-0107"

/* @now_us: what counts as the present. Caller unrefs. */
TwinLivePlant *machine_scene_new (int64_t now_us);

/* The same, but nothing has arrived for @age_s. */
TwinLivePlant *machine_scene_new_old (int64_t now_us, double age_s);

/* A plant whose machine has neither node nor values. */
TwinLivePlant *machine_scene_new_empty (int64_t now_us);

/* One more block, as a live stream sends them. */
void machine_scene_add_block (TwinLivePlant *plant, int64_t end_us);

/* One more value of everything. */
void machine_scene_add_values (TwinLivePlant *plant, int64_t time_us);
