/* SPDX-License-Identifier: Apache-2.0 */
/* twin-risk-card.h - one risk as a sentence: what, how soon, what to do, how
 * sure
 *
 * Main thread only. Old never looks live: a stale card is hatched, grey, and
 * says what the state was.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-item.h"

G_BEGIN_DECLS

#define TWIN_TYPE_RISK_CARD (twin_risk_card_get_type ())
G_DECLARE_FINAL_TYPE (TwinRiskCard, twin_risk_card, TWIN, RISK_CARD, GtkWidget)

GtkWidget *twin_risk_card_new (void);

/* @live: the link is up; @first: also shows the buttons. */
void twin_risk_card_set (TwinRiskCard *self,
                         TwinLiveItem *machine,
                         gboolean      live,
                         gboolean      first);

G_END_DECLS
