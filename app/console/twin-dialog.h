/* SPDX-License-Identifier: Apache-2.0 */
/* twin-dialog.h - what all dialogs share: window, header, rows
 *
 * Main thread only.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A modal window with a header bar, a Close button and Escape; @content fills
 * it. Not yet presented. @state is freed with the window. */
AdwWindow *twin_dialog_new (GtkWindow     *parent,
                            const char    *title,
                            const char    *subtitle,
                            int            width,
                            int            height,
                            GtkWidget     *content,
                            void          *state,
                            GDestroyNotify free_state);

void twin_dialog_set_subtitle (AdwWindow *dialog, const char *subtitle);

/* Adds @button at the end of the header. */
void twin_dialog_pack_end (AdwWindow *dialog, GtkWidget *button);

/* A row: title, dim note (or NULL), and a widget, which gets the title as its
 * accessible label. */
GtkWidget *twin_dialog_row (const char *title,
                            const char *note,
                            GtkWidget  *widget);

/* A vertical box with the dialogs' margins. */
GtkWidget *twin_dialog_body_new (void);

/* A heading and a card below it, appended to @body; returns the card. */
GtkWidget *twin_dialog_group (GtkWidget *body, const char *title);

/* A dim, wrapped, left-aligned text. */
GtkWidget *twin_dialog_note (const char *text);

/* An initially hidden line for errors. */
GtkWidget *twin_dialog_error_new (void);

/* Shows @message, or hides the line for NULL. */
void twin_dialog_error_set (GtkWidget *error, const char *message);

G_END_DECLS
