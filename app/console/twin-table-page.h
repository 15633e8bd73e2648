/* SPDX-License-Identifier: Apache-2.0 */
/* twin-table-page.h - level 2: ask for twins, see them as a table, act on many
 *
 * Main thread. What is asked is asked again while the page shows, as often as
 * costs a hundredth of the time, so that the table follows the plant.
 */
#pragma once

#include "twin-live-graph.h"

#include "twin-meter.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_TABLE_PAGE (twin_table_page_get_type ())
G_DECLARE_FINAL_TYPE (TwinTablePage,
                      twin_table_page,
                      TWIN,
                      TABLE_PAGE,
                      GtkWidget)

GtkWidget *twin_table_page_new (void);
void       twin_table_page_set_session (TwinTablePage   *self,
                                        TwinLiveSession *session);

/* Borrowed; gets how long its callbacks took. */
void twin_table_page_set_meter (TwinTablePage *self, TwinMeter *meter);

/* Asks @text: a query, or words to look for. */
void twin_table_page_ask (TwinTablePage *self, const char *text);
void twin_table_page_focus_entry (TwinTablePage *self);

G_END_DECLS
