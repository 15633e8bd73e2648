/* SPDX-License-Identifier: Apache-2.0 */
/* twin-life-words.h - the steps of a twin's life, as a person takes them
 *
 * States are the words of the store: "planned" … "archived". Pure but for the
 * translation.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "Retire": what leads to @state. */
const char *twin_life_words_get_verb (const char *state);

/* What it means that a twin becomes @state, as a sentence. */
const char *twin_life_words_get_consequence (const char *state);

/* States that a person may take a twin of @state to, NULL-terminated; empty
 * for an unknown one. Commissioning has its own dialog and is none of them. */
const char *const *twin_life_words_list_next (const char *state);

/* The state for people. */
const char *twin_life_words_get_label (const char *state);

G_END_DECLS
