/* SPDX-License-Identifier: Apache-2.0 */
/* twin-model-view.h - what a model says: head, bases, contents with units
 *
 * Main thread.
 */
#pragma once

#include "twin-model-set.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Puts the description of @dtmi into @box, in place of what is there.
 * @models: NULL or without it: says that it is not resolved. */
void twin_model_view_fill (GtkBox *box, TwinModelSet *models, const char *dtmi);

G_END_DECLS
