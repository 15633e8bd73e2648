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

/* Was the diagnosis that @order of @machine was given for right? Closes the
 * order at its node when it is open. */
void twin_outcome_dialog_present (GtkWindow       *parent,
                                  TwinLiveSession *session,
                                  const char      *machine,
                                  const char      *order);

/* @node NULL or "": choose one. */
void twin_commission_dialog_present (GtkWindow       *parent,
                                     TwinLiveSession *session,
                                     const char      *node);

/* Firmware campaigns: one over what @query selects is planned; NULL: over all
 * machines, or the one that is going on is shown. */
void twin_firmware_dialog_present (GtkWindow       *parent,
                                   TwinLiveSession *session,
                                   const char      *query);

/* A property of @twins (ids, at least one), by a form made from its schema.
 * @property NULL: chosen in the dialog. */
void twin_property_dialog_present (GtkWindow         *parent,
                                   TwinLiveSession   *session,
                                   const char *const *twins,
                                   const char        *property);

/* A twin as the graph has it, where no machine page shows it. */
void twin_twin_dialog_present (GtkWindow       *parent,
                               TwinLiveSession *session,
                               const char      *twin);

/* Groups of twins: members or query, tier. @group NULL or "": a new one. */
void twin_groups_dialog_present (GtkWindow       *parent,
                                 TwinLiveSession *session,
                                 const char      *group);

/* Models: what there is, what they say, import, export, delete, migrate.
 * @model: DTMI to begin with, or NULL. */
void twin_models_dialog_present (GtkWindow       *parent,
                                 TwinLiveSession *session,
                                 const char      *model);

/* What twins of @from would gain and lose in another version; applies it.
 * @twins NULL: all of that model. */
void twin_migrate_dialog_present (GtkWindow         *parent,
                                  TwinLiveSession   *session,
                                  const char        *from,
                                  const char *const *twins);

void twin_preferences_present (GtkWindow *parent);

/* Chooses files, or a folder of them, and imports their models and graph, all
 * or nothing; what was refused is a report. */
void twin_import_present (GtkWindow       *parent,
                          TwinLiveSession *session,
                          gboolean         folder);

G_END_DECLS
