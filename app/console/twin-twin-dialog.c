/* SPDX-License-Identifier: Apache-2.0 */
/* A twin that no machine page shows: an area, a retired machine, anything. */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>

#include "twin-dialog.h"
#include "twin-twin-view.h"

static void
on_tick (TwinLivePlant *plant, gpointer view)
{
  twin_twin_view_refresh (view);
}

void
twin_twin_dialog_present (GtkWindow       *parent,
                          TwinLiveSession *session,
                          const char      *twin)
{
  GtkWidget *view = twin_twin_view_new ();
  AdwWindow *window =
      twin_dialog_new (parent, _ ("Twin"), twin, 960, 640, view, NULL, NULL);

  g_signal_connect_object (twin_live_session_get_plant (session), "tick",
                           G_CALLBACK (on_tick), view, 0);
  twin_twin_view_set_twin (TWIN_TWIN_VIEW (view), session, twin);
  gtk_window_present (GTK_WINDOW (window));
}
