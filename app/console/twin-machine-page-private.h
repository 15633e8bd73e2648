/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-page-private.h - for the page's own tests */
#pragma once

#include "twin-machine-page.h"

G_BEGIN_DECLS

/* What set_session does with a session's plant: a page can show a plant whose
 * engine is elsewhere or gone. */
void twin_machine_page_set_plant (TwinMachinePage *self, TwinLivePlant *plant);

G_END_DECLS
