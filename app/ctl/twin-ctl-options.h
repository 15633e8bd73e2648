/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-options.h - the common options and the verb of a command line */
#pragma once

#include "twin-ctl.h"

G_BEGIN_DECLS

/* Takes the common options out of @argv wherever they stand before "--",
 * fills the rest of @ctl with its defaults. FALSE: a sentence was printed. */
gboolean twin_ctl_options_take (TwinCtl *ctl, GPtrArray *argv);
void     twin_ctl_options_clear (TwinCtl *ctl);

/* Finds the verb among @tables (NULL-terminated) and removes its words from
 * @argv, so that argv[0] is its last word. Options may stand before it. NULL:
 * a sentence was printed. */
const TwinCtlVerb *twin_ctl_options_find_verb (const TwinCtlVerb *const *tables,
                                               GPtrArray                *argv);

G_END_DECLS
