/* SPDX-License-Identifier: Apache-2.0 */
/* twin-request-row.h - how far a request got: signed, accepted, running, done,
 * verified, or why not
 *
 * Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-request.h"

G_BEGIN_DECLS

#define TWIN_TYPE_REQUEST_ROW (twin_request_row_get_type ())
G_DECLARE_FINAL_TYPE (TwinRequestRow,
                      twin_request_row,
                      TWIN,
                      REQUEST_ROW,
                      GtkWidget)

GtkWidget *twin_request_row_new (void);

/* NULL: nothing asked yet. */
void twin_request_row_set_request (TwinRequestRow  *self,
                                   TwinLiveRequest *request);

G_END_DECLS
