/* SPDX-License-Identifier: Apache-2.0 */
/* twin-dialogs.h - the console's dialogs, each one function that presents it
 *
 * Main thread only. Each dialog is transient for @parent, keeps a reference to
 * @session while open, and frees itself when closed.
 */
#pragma once

#include <adwaita.h>

#include "twin-live-session.h"

G_BEGIN_DECLS

/* Broker address, user, TLS files; saved in GSettings on connect.
 * @session NULL: opens a plant with that broker through app.connect. */
void twin_connect_dialog_present (GtkWindow *parent, TwinLiveSession *session);

/* A form made from the DTDL request schema of @command of @twin; hold to
 * confirm; the result row follows the request. */
void twin_command_dialog_present (GtkWindow       *parent,
                                  TwinLiveSession *session,
                                  const char      *twin,
                                  const char      *command);

/* Date suggested from remaining life, work, note; sends scheduleMaintenance
 * and keeps a work order. */
void twin_schedule_dialog_present (GtkWindow       *parent,
                                   TwinLiveSession *session,
                                   const char      *machine);

/* @node NULL or "": choose one. */
void twin_commission_dialog_present (GtkWindow       *parent,
                                     TwinLiveSession *session,
                                     const char      *node);

/* Evaluates a target query and lists who is in and why. */
void twin_firmware_dialog_present (GtkWindow *parent, TwinLiveSession *session);

void twin_preferences_present (GtkWindow *parent);

/* Chooses a file and imports its models or graph, all or nothing. */
void twin_import_present (GtkWindow *parent, TwinLiveSession *session);

G_END_DECLS
