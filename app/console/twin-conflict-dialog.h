/* SPDX-License-Identifier: Apache-2.0 */
/* twin-conflict-dialog.h - somebody else was there first: mine, theirs, base
 *
 * Main thread.
 */
#pragma once

#include "twin-edit.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @etag: what to insist with; NULL: theirs stays. Called once. */
typedef void (*TwinConflictSettled) (const char *etag, gpointer data);

/* Takes @conflict. */
void twin_conflict_dialog_present (GtkWindow          *parent,
                                   TwinConflict       *conflict,
                                   TwinConflictSettled settled,
                                   gpointer            data);

G_END_DECLS
