/* SPDX-License-Identifier: Apache-2.0 */
/* twin-state-glyph.h - the sign of a state or an alarm, by colour and shape
 *
 * 1 diamond, 2 triangle, 3 square, 4 circle, with the digit from 13 px up. An
 * unacknowledged alarm has an outer ring. Normal is a small grey dot, stopped
 * a grey ring, stale a hatched square, unknown a dashed outline. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-update.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_GLYPH_STATE,          /* as in a tree: filled, no ring */
  TWIN_GLYPH_UNACKED,        /* filled, ring */
  TWIN_GLYPH_ACKED,          /* filled */
  TWIN_GLYPH_RETURNED,       /* hollow, ring */
  TWIN_GLYPH_SHELVED,        /* grey clock */
  TWIN_GLYPH_SUPPRESSED,     /* grey slashed square */
  TWIN_GLYPH_OUT_OF_SERVICE, /* grey crossed ring */
} TwinGlyphForm;

#define TWIN_TYPE_STATE_GLYPH (twin_state_glyph_get_type ())
G_DECLARE_FINAL_TYPE (TwinStateGlyph,
                      twin_state_glyph,
                      TWIN,
                      STATE_GLYPH,
                      GtkWidget)

/* @size: px of the square it takes. */
GtkWidget *twin_state_glyph_new (int size);

void twin_state_glyph_set_state (TwinStateGlyph *self, TwinState state);

/* @priority 1 to 4; a stale-data alarm is drawn hatched. */
void twin_state_glyph_set_alarm (TwinStateGlyph      *self,
                                 const TwinAlarmItem *alarm);
void twin_state_glyph_set_form (TwinStateGlyph *self,
                                TwinState       state,
                                TwinGlyphForm   form);

/* "critical", "high", …: how a state is spoken. Translated, static. */
const char *twin_state_get_word (TwinState state);

/* The state that an alarm priority means. */
TwinState twin_state_from_priority (int priority);

G_END_DECLS
